// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice The part of Uniswap v3's `SwapRouter02` that sells an exact amount, with its own names and order of fields.
/// @dev Warning: the first `SwapRouter` has a deadline in both structs and answers to other selectors.
interface IUniswapV3SwapRouter {
    /// One pool.
    struct ExactInputSingleParams {
        address tokenIn;
        address tokenOut;
        uint24 fee; // tier of the pool, in millionths
        address recipient;
        uint256 amountIn; // 0 means all that the router holds [assets]
        uint256 amountOutMinimum; // [assets]
        uint160 sqrtPriceLimitX96; // 0: none
    }

    /// Pools in a row.
    struct ExactInputParams {
        bytes path; // token, fee (3 bytes), token, fee, token …
        address recipient;
        uint256 amountIn; // 0 means all that the router holds [assets]
        uint256 amountOutMinimum; // [assets]
    }

    /// @notice Sells an exact amount in one pool.
    /// @param params What, where, to whom, and the least to get.
    /// @return amountOut What the recipient got [assets]
    function exactInputSingle(ExactInputSingleParams calldata params) external payable returns (uint256 amountOut);

    /// @notice Sells an exact amount through pools in a row.
    /// @param params What, along which path, to whom, and the least to get.
    /// @return amountOut What the recipient got [assets]
    function exactInput(ExactInputParams calldata params) external payable returns (uint256 amountOut);
}
