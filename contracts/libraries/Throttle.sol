// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// How much of one collateral liquidations may take in a time: a level that rises with what is taken and drains at one
/// limit an hour, so that a crash is not sold into one block of a thin market.
library Throttle {
    /// In which a full level drains.
    uint256 internal constant WINDOW_FOR = 1 hours;
    /// Holdings worth no more of the depth do not move a market: they are not throttled and fill nothing [bps].
    uint256 internal constant SMALL_BPS = 100;
    /// Accounts that used more of their cushion are not throttled [wad].
    int256 internal constant LIFTED_ABOVE_WAD = 0.5e18;

    /// how full it gets: a share of the depth, rounded down, but room for dust on each half [value]
    function limitDown(uint256 depthValue, uint256 shareBps, uint256 dustValue) internal pure returns (uint256) {
        return MathLib.max(MathLib.mulDivDown(depthValue, shareBps, MathLib.BPS), 4 * dustValue);
    }

    /// whether the account's holding is large and its cushion not used up
    function applies(uint256 holdingValue, uint256 depthValue, int256 usedWad) internal pure returns (bool) {
        return usedWad <= LIFTED_ABOVE_WAD && holdingValue * MathLib.BPS > depthValue * SMALL_BPS;
    }

    /// the level after draining for a time, rounded up [value]
    function levelAfter(uint256 levelValue, uint256 limitValue, uint256 elapsedFor) internal pure returns (uint256) {
        return MathLib.zeroFloorSub(levelValue, MathLib.mulDivDown(limitValue, elapsedFor, WINDOW_FOR));
    }

    /// what may be taken from an account now: what is left of the window of all accounts, and of its own, rounded down
    /// [value]
    function roomDown(
        uint256 levelValue,
        uint256 limitValue,
        uint256 ownLevelValue,
        uint256 ownLimitValue
    ) internal pure returns (uint256) {
        return
            MathLib.min(
                MathLib.zeroFloorSub(limitValue, levelValue),
                MathLib.zeroFloorSub(ownLimitValue, ownLevelValue)
            );
    }

    /// what may be repaid so that at most `roomValue` is seized, rounded down [value]
    function repaidDown(uint256 roomValue, uint256 premiumWad) internal pure returns (uint256) {
        return MathLib.mulDivDown(roomValue, MathLib.WAD, MathLib.WAD + premiumWad);
    }
}
