// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MathLib} from "./MathLib.sol";

/// How a lump of rewards becomes what each unit of collateral has earned. What is emitted in a stream's life stays
/// below 2^104, a total of collateral below 2^96, times below 2^32: so an index stays below 2^216, and nothing here can
/// fail.
library RewardIndex {
    /// One reward token per base unit of collateral, as an index: one unit over a total of 2^96 still moves it by 2^16.
    uint256 internal constant SCALE = 1 << 112;

    /// lump * ranFor / spanFor, rounded down; all when nothing is left to run
    function releasedDown(uint256 lumpAssets, uint256 ranFor, uint256 spanFor) internal pure returns (uint256) {
        return ranFor >= spanFor ? lumpAssets : MathLib.mulDivDown(lumpAssets, ranFor, spanFor);
    }

    /// How long the unemitted and a new lump run together: the times weighted with the amounts. What was there before
    /// is not emitted faster, and a speck of dust does not slow it down:
    /// leftFor + lump * max(periodFor − leftFor, 0) / (unemitted + lump), rounded down
    function spanAfter(
        uint256 unemittedAssets,
        uint256 leftFor,
        uint256 lumpAssets,
        uint256 periodFor
    ) internal pure returns (uint256) {
        uint256 longerFor = MathLib.zeroFloorSub(periodFor, leftFor);
        return leftFor + MathLib.mulDivDown(lumpAssets, longerFor, unemittedAssets + lumpAssets);
    }

    /// index + emitted * SCALE / total, rounded down: what is lost stays with the distributor
    function indexAfterDown(uint256 index, uint256 emittedAssets, uint256 totalAssets) internal pure returns (uint256) {
        return index + MathLib.mulDivDown(emittedAssets, SCALE, totalAssets);
    }

    /// holding * (index − since) / SCALE, rounded down against who earns; in 512 bits; of an amount above 2^96, which
    /// no account can hold, 2^96 − 1 counts
    function accruedDown(uint256 holdingAssets, uint256 index, uint256 since) internal pure returns (uint256) {
        uint256 counted = MathLib.min(holdingAssets, type(uint96).max);
        return Math.mulDiv(counted, MathLib.zeroFloorSub(index, since), SCALE);
    }
}
