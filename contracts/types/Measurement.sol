// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";

/// How far the rounds of a feed were read, and the variance found, in one slot:
/// variance 40 [compact wad] | observed at 40 [s] | round 80 | answer 88 | id of the asset 8. 0 before it was started.
type AssetMeasure is uint256;

/// The same of a pair, first slot: variance 40 [compact wad] | observed at 40 [s] | round of the collateral 80 | round
/// of the obligation 80 | feed changes of the collateral 8 | of the obligation 8. 0 before it was started.
type PairCursors is uint256;

/// Second slot: answers at the last common observation, collateral 88 | obligation 88 | 80 free.
type PairAnswers is uint256;

/// What was measured of a pair on common observations.
struct PairMeasure {
    PairCursors cursors;
    PairAnswers answers;
}

/// From which variance, how far ahead and within what a pair's haircuts are measured, in one slot:
/// floor 40 [compact wad] | stress 40 [compact wad] | horizon initial 16 [min] | horizon maintenance 16 [min] | peg
/// haircut 24 [ppm] | longest lag 16 [min] | flags 8 | highest depth 40 [compact value] | depth posted at 40 [s].
type PairModel is uint256;

using AssetMeasureLib for AssetMeasure global;
using PairCursorsLib for PairCursors global;
using PairAnswersLib for PairAnswers global;
using PairModelLib for PairModel global;

/// Reads and makes an `AssetMeasure`.
library AssetMeasureLib {
    uint256 internal constant VARIANCE_MANTISSA_BITS = 33;

    function isStarted(AssetMeasure word) internal pure returns (bool) {
        return AssetMeasure.unwrap(word) != 0;
    }

    /// Annualised, rounded up [wad].
    function varianceWad(AssetMeasure word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(AssetMeasure.unwrap(word)), VARIANCE_MANTISSA_BITS);
    }

    /// Time of the last round read [s].
    function observedAt(AssetMeasure word) internal pure returns (uint256) {
        return uint40(AssetMeasure.unwrap(word) >> 40);
    }

    function round(AssetMeasure word) internal pure returns (uint256) {
        return uint80(AssetMeasure.unwrap(word) >> 80);
    }

    function answer(AssetMeasure word) internal pure returns (uint256) {
        return uint88(AssetMeasure.unwrap(word) >> 160);
    }

    /// Id of the asset in the registry, so that a refresh need not look it up.
    function id(AssetMeasure word) internal pure returns (uint256) {
        return AssetMeasure.unwrap(word) >> 248;
    }

    /// `variance` < 2^128, `newObservedAt` < 2^40, `lastRound` < 2^80, `lastAnswer` < 2^88.
    function toAssetMeasure(
        uint256 variance,
        uint256 newObservedAt,
        uint256 lastRound,
        uint256 lastAnswer,
        uint256 assetId
    ) internal pure returns (AssetMeasure) {
        uint256 code = CompactFloat.encodeUp(variance, VARIANCE_MANTISSA_BITS);
        uint256 low = code | (newObservedAt << 40) | (lastRound << 80);
        return AssetMeasure.wrap(low | (lastAnswer << 160) | (assetId << 248));
    }
}

/// Reads and makes `PairCursors`.
library PairCursorsLib {
    function isStarted(PairCursors word) internal pure returns (bool) {
        return PairCursors.unwrap(word) != 0;
    }

    /// Annualised, of the log of the price ratio, rounded up [wad].
    function varianceWad(PairCursors word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PairCursors.unwrap(word)), AssetMeasureLib.VARIANCE_MANTISSA_BITS);
    }

    /// Time of the last common observation [s].
    function observedAt(PairCursors word) internal pure returns (uint256) {
        return uint40(PairCursors.unwrap(word) >> 40);
    }

    function collateralRound(PairCursors word) internal pure returns (uint256) {
        return uint80(PairCursors.unwrap(word) >> 80);
    }

    function obligationRound(PairCursors word) internal pure returns (uint256) {
        return uint80(PairCursors.unwrap(word) >> 160);
    }

    /// How often the two feeds were changed when this was started, modulo 256 each.
    function feedChanges(PairCursors word) internal pure returns (uint256) {
        return PairCursors.unwrap(word) >> 240;
    }

    /// Bounds as in `toAssetMeasure`; `changes` < 2^16.
    function toPairCursors(
        uint256 variance,
        uint256 newObservedAt,
        uint256 newCollateralRound,
        uint256 newObligationRound,
        uint256 changes
    ) internal pure returns (PairCursors) {
        uint256 code = CompactFloat.encodeUp(variance, AssetMeasureLib.VARIANCE_MANTISSA_BITS);
        return
            PairCursors.wrap(
                code |
                    (newObservedAt << 40) |
                    (newCollateralRound << 80) |
                    (newObligationRound << 160) |
                    (changes << 240)
            );
    }
}

/// Reads and makes `PairAnswers`.
library PairAnswersLib {
    function collateralAnswer(PairAnswers word) internal pure returns (uint256) {
        return uint88(PairAnswers.unwrap(word));
    }

    function obligationAnswer(PairAnswers word) internal pure returns (uint256) {
        return uint88(PairAnswers.unwrap(word) >> 88);
    }

    function toPairAnswers(uint256 collateral, uint256 obligation) internal pure returns (PairAnswers) {
        return PairAnswers.wrap(collateral | (obligation << 88));
    }
}

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
