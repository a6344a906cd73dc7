// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IFlashLiquidator} from "../interfaces/IFlashLiquidator.sol";

/// What one run has brought and not yet spent, by token: what the contract held before is not in it.
struct Purse {
    address[] tokens;
    uint256[] assets; // [assets]
    uint256 count;
}

using PurseLib for Purse global;

/// A handful of tokens, so a list is searched.
library PurseLib {
    /// an empty one for at most so many tokens
    function open(uint256 capacity) internal pure returns (Purse memory purse) {
        (purse.tokens, purse.assets) = (new address[](capacity), new uint256[](capacity));
    }

    /// 0 for a token that is not in it
    function assetsOf(Purse memory purse, address token) internal pure returns (uint256) {
        uint256 i = _place(purse, token);
        return i == purse.count ? 0 : purse.assets[i];
    }

    function put(Purse memory purse, address token, uint256 assets) internal pure {
        uint256 i = _place(purse, token);
        if (i == purse.count) {
            purse.tokens[i] = token;
            ++purse.count;
        }
        purse.assets[i] += assets;
    }

    function take(Purse memory purse, address token, uint256 assets) internal pure {
        if (assets == 0) return;
        uint256 available = purse.assetsOf(token);
        require(available >= assets, IFlashLiquidator.InsufficientProceeds(token, available, assets));
        purse.assets[_place(purse, token)] = available - assets;
    }

    function _place(Purse memory purse, address token) private pure returns (uint256 i) {
        while (i < purse.count && purse.tokens[i] != token) ++i;
    }
}
