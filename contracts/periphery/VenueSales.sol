// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";

import {IFlashLiquidator} from "../interfaces/IFlashLiquidator.sol";
import {IUniswapV3SwapRouter} from "../interfaces/IUniswapV3SwapRouter.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {Purse} from "./Purse.sol";

/// Sales on one venue that is fixed, of what a run has brought, with exact allowances: nothing is allowed to the venue
/// when a sale ends.
abstract contract VenueSales {
    using SafeERC20 for IERC20;

    uint256 private constant TOKEN_BYTES = 20;
    uint256 private constant HOP_BYTES = 23; // fee and token

    IUniswapV3SwapRouter public immutable venue;

    constructor(IUniswapV3SwapRouter sellingVenue) {
        venue = sellingVenue;
    }

    function _sellAll(Purse memory purse, IFlashLiquidator.Swap[] memory swaps) internal {
        for (uint256 k; k < swaps.length; ++k) _sell(purse, swaps[k]);
    }

    function _sell(Purse memory purse, IFlashLiquidator.Swap memory swap) private {
        uint256 length = swap.path.length;
        bool isPath = length >= TOKEN_BYTES + HOP_BYTES && (length - TOKEN_BYTES) % HOP_BYTES == 0;
        require(isPath, IFlashLiquidator.PathMalformed(length));
        (address tokenIn, address tokenOut) = (_tokenAt(swap.path, 0), _lastOf(swap.path));
        require(swap.amountIn != 0 && swap.minimumOut != 0, IFlashLiquidator.SwapUnbounded(tokenIn));
        uint256 amountIn =
            swap.shareBps == 0
                ? swap.amountIn
                : MathLib.mulDivDown(purse.assetsOf(tokenIn), swap.shareBps, MathLib.BPS);
        // the run has nothing of it; and 0 would mean something else to the router
        if (amountIn == 0) return;
        purse.take(tokenIn, amountIn);
        uint256 minimumOut = MathLib.mulDivUp(swap.minimumOut, amountIn, swap.amountIn);
        uint256 before = IERC20(tokenOut).balanceOf(address(this));
        _allow(tokenIn, address(venue), amountIn);
        _swap(swap.path, tokenIn, tokenOut, amountIn, minimumOut);
        _disallow(tokenIn, address(venue));
        // what came, not what the venue says; a token sold for itself brings nothing
        uint256 received = MathLib.zeroFloorSub(IERC20(tokenOut).balanceOf(address(this)), before);
        require(received >= minimumOut, IFlashLiquidator.SwapOutputBelowMinimum(tokenOut, received, minimumOut));
        purse.put(tokenOut, received);
    }

    function _swap(bytes memory path, address tokenIn, address tokenOut, uint256 amountIn, uint256 minimumOut) private {
        if (path.length != TOKEN_BYTES + HOP_BYTES) {
            venue.exactInput(IUniswapV3SwapRouter.ExactInputParams(path, address(this), amountIn, minimumOut));
            return;
        }
        venue.exactInputSingle(
            IUniswapV3SwapRouter.ExactInputSingleParams({
                tokenIn: tokenIn,
                tokenOut: tokenOut,
                fee: uint24(bytes3(Bytes.slice(path, TOKEN_BYTES, HOP_BYTES))),
                recipient: address(this),
                amountIn: amountIn,
                amountOutMinimum: minimumOut,
                sqrtPriceLimitX96: 0
            })
        );
    }

    function _tokenAt(bytes memory path, uint256 start) private pure returns (address) {
        return address(bytes20(Bytes.slice(path, start, start + TOKEN_BYTES)));
    }

    function _lastOf(bytes memory path) internal pure returns (address) {
        return _tokenAt(path, path.length - TOKEN_BYTES);
    }

    // ---- allowances ----

    /// on top of what is allowed already: two debts, or two loans, may be of one token
    function _allow(address token, address spender, uint256 assets) internal {
        uint256 allowed = IERC20(token).allowance(address(this), spender);
        IERC20(token).forceApprove(spender, allowed + assets);
    }

    function _disallow(address token, address spender) internal {
        if (IERC20(token).allowance(address(this), spender) != 0) IERC20(token).forceApprove(spender, 0);
    }
}
