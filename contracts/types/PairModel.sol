// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";

/// From which variance, how far ahead and within what a pair's haircuts are measured, in one slot:
/// floor 40 [compact wad] | stress 40 [compact wad] | horizon initial 16 [min] | horizon maintenance 16 [min] | peg
/// haircut 24 [ppm] | longest lag 16 [min] | flags 8 | highest depth 40 [compact value] | depth posted at 40 [s].
type PairModel is uint256;

using PairModelLib for PairModel global;

/// Reads and makes a `PairModel`.
library PairModelLib {
    /// Haircuts of the pair are measured.
    uint256 internal constant MEASURED = 1;
    /// By the variance of common returns; else by those of the two assets, as if the worst correlation held.
    uint256 internal constant TRACKED = 2;
    /// The variance of the pair may be below half of either asset's: one is worth a nearly fixed number of the other.
    uint256 internal constant PEGGED = 4;

    uint256 private constant BITS = 33;

    /// The least variance that counts [wad].
    function floorWad(PairModel word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PairModel.unwrap(word)), BITS);
    }

    /// The variance of a crisis: a quarter of what counts, and what a measure starts from [wad].
    function stressWad(PairModel word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PairModel.unwrap(word) >> 40), BITS);
    }

    /// T of the initial haircut [s].
    function horizonInitialFor(PairModel word) internal pure returns (uint256) {
        return uint256(uint16(PairModel.unwrap(word) >> 80)) * 1 minutes;
    }

    /// T of the maintenance haircut [s].
    function horizonMaintenanceFor(PairModel word) internal pure returns (uint256) {
        return uint256(uint16(PairModel.unwrap(word) >> 96)) * 1 minutes;
    }

    /// Taken off besides volatility, for a peg that may break [ppm].
    function pegPpm(PairModel word) internal pure returns (uint256) {
        return uint24(PairModel.unwrap(word) >> 112);
    }

    /// The initial haircut goes up when the last observation is older [s].
    function maxLagFor(PairModel word) internal pure returns (uint256) {
        return uint256(uint16(PairModel.unwrap(word) >> 136)) * 1 minutes;
    }

    function flags(PairModel word) internal pure returns (uint256) {
        return uint8(PairModel.unwrap(word) >> 152);
    }

    function isMeasured(PairModel word) internal pure returns (bool) {
        return flags(word) & MEASURED != 0;
    }

    function isTracked(PairModel word) internal pure returns (bool) {
        return flags(word) & TRACKED != 0;
    }

    function isPegged(PairModel word) internal pure returns (bool) {
        return flags(word) & PEGGED != 0;
    }

    /// What a posted depth never exceeds [value].
    function highestDepthValue(PairModel word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PairModel.unwrap(word) >> 160), BITS);
    }

    /// When the depth was last posted [s].
    function depthPostedAt(PairModel word) internal pure returns (uint256) {
        return uint40(PairModel.unwrap(word) >> 200);
    }

    function withDepthPostedAt(PairModel word, uint256 postedAt) internal pure returns (PairModel) {
        return PairModel.wrap((PairModel.unwrap(word) & type(uint200).max) | (postedAt << 200));
    }

    /// Horizons and lag in minutes, below 2^16; variances and depth below 2^128; the time of the posted depth stays.
    function withTerms(
        PairModel word,
        uint256 floor,
        uint256 stress,
        uint256 horizonInitialMinutes,
        uint256 horizonMaintenanceMinutes,
        uint256 peg,
        uint256 lagMinutes,
        uint256 newFlags,
        uint256 highestDepth
    ) internal pure returns (PairModel) {
        uint256 low = CompactFloat.encodeUp(floor, BITS) | (CompactFloat.encodeUp(stress, BITS) << 40);
        low |= (horizonInitialMinutes << 80) | (horizonMaintenanceMinutes << 96) | (peg << 112);
        low |= (lagMinutes << 136) | (newFlags << 152);
        low |= CompactFloat.encodeDown(highestDepth, BITS) << 160;
        return PairModel.wrap(((PairModel.unwrap(word) >> 200) << 200) | low);
    }
}
