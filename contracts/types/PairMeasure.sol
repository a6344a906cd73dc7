// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";
import {AssetMeasureLib} from "./AssetMeasure.sol";

/// How far the rounds of a pair were read, first slot: variance 40 [compact wad] | observed at 40 [s] | round of the
/// collateral 80 | round of the obligation 80 | feed changes of the collateral 8 | of the obligation 8. 0 before it was
/// started.
type PairCursors is uint256;

/// Second slot: answers at the last common observation, collateral 88 | obligation 88 | 80 free.
type PairAnswers is uint256;

/// What was measured of a pair on common observations.
struct PairMeasure {
    PairCursors cursors;
    PairAnswers answers;
}

using PairCursorsLib for PairCursors global;
using PairAnswersLib for PairAnswers global;

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
