// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";
import {IUniswapV3SwapRouter} from "../interfaces/IUniswapV3SwapRouter.sol";

/// A venue with the functions of Uniswap's `SwapRouter02` and the tokens that were sent to it. A pool is as deep as it
/// was listed, re-centred on the feeds before every swap, as arbitrage would do: y = Y · x / (X + x), X and Y worth
/// the depth each, x after the tier's fee. For local chains and tests; anyone may list.
contract MockUniswapV3Venue is IUniswapV3SwapRouter {
    using SafeERC20 for IERC20Metadata;

    uint256 private constant MILLION = 1e6;

    mapping(bytes32 key => uint256 depthValue) private depths; // [USD wad]
    mapping(address token => IAggregatorV3 feed) public feedOf;

    function setFeed(address token, IAggregatorV3 feed) external {
        feedOf[token] = feed;
    }

    /// @param depthValue What each side of the pool is worth [USD wad]
    function listPool(address tokenA, address tokenB, uint24 fee, uint256 depthValue) external {
        depths[_key(tokenA, tokenB, fee)] = depthValue;
    }

    function exactInputSingle(ExactInputSingleParams calldata params) external payable returns (uint256 amountOut) {
        _pull(params.tokenIn, params.amountIn);
        amountOut = _amountOut(params.tokenIn, params.tokenOut, params.fee, params.amountIn);
        _push(params.tokenOut, params.recipient, amountOut, params.amountOutMinimum);
    }

    function exactInput(ExactInputParams calldata params) external payable returns (uint256 amountOut) {
        bytes calldata path = params.path;
        address token = address(bytes20(path[:20]));
        _pull(token, params.amountIn);
        amountOut = params.amountIn;
        for (uint256 start = 20; start < path.length; start += 23) {
            address next = address(bytes20(path[start + 3:start + 23]));
            amountOut = _amountOut(token, next, uint24(bytes3(path[start:start + 3])), amountOut);
            token = next;
        }
        _push(token, params.recipient, amountOut, params.amountOutMinimum);
    }

    function _pull(address token, uint256 amountIn) private {
        // solhint-disable-next-line gas-custom-errors
        require(amountIn != 0, "AS"); // as Uniswap's pool says it
        IERC20Metadata(token).safeTransferFrom(msg.sender, address(this), amountIn);
    }

    function _push(address token, address recipient, uint256 amountOut, uint256 minimum) private {
        uint256 stock = IERC20Metadata(token).balanceOf(address(this));
        // solhint-disable-next-line gas-custom-errors
        require(amountOut <= stock && amountOut >= minimum, "Too little received"); // as Uniswap's router says it
        IERC20Metadata(token).safeTransfer(recipient, amountOut);
    }

    function _amountOut(
        address tokenIn,
        address tokenOut,
        uint24 fee,
        uint256 amountIn
    ) private view returns (uint256) {
        uint256 depthValue = depths[_key(tokenIn, tokenOut, fee)];
        uint256 valueIn = (amountIn * (MILLION - fee) * _price(tokenIn)) / MILLION / 1e18;
        if (depthValue == 0) return 0;
        uint256 valueOut = (depthValue * valueIn) / (depthValue + valueIn);
        return (valueOut * 1e18) / _price(tokenOut);
    }

    /// [USD wad per 1e18 base units]
    function _price(address token) private view returns (uint256) {
        IAggregatorV3 feed = feedOf[token];
        (, int256 answer, , , ) = feed.latestRoundData();
        return uint256(answer) * 10 ** (36 - feed.decimals() - IERC20Metadata(token).decimals());
    }

    function _key(address tokenA, address tokenB, uint24 fee) private pure returns (bytes32) {
        (address first, address second) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        return keccak256(abi.encode(first, second, fee));
    }
}
