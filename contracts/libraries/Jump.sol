// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";
import {Variance} from "./Variance.sol";

/// What counts as a jump of a price: more in one round than its variance lets expect.
library Jump {
    /// k: a move of more standard deviations is a jump.
    uint256 internal constant DEVIATIONS = 8;
    /// Rounds that are closer together are judged as if this time had passed [s].
    uint256 internal constant SPAN_LEAST_FOR = 1 hours;
    /// A jump that no round confirms is believed after this time [s].
    uint256 internal constant WINDOW_FOR = 30 minutes;
    /// After a jump there is no other in its direction for this time: a crash is not one jump after the other [s].
    uint256 internal constant REST_FOR = 6 hours;
    uint256 private constant DEVIATIONS_SQUARED_WAD = DEVIATIONS * DEVIATIONS * MathLib.WAD;
    // |ln| of two answers below 2^128 is below it [wad]
    uint256 private constant DISTANCE_MOST_WAD = 2 ** 67;

    /// |r| > k·σ·√(max(Δ, 1 h) / YEAR), squared on both sides
    /// @param returnWad r, |r| at most 2^68 [wad]
    /// @param varianceWad σ², below 2^74 [wad]
    /// @param elapsedFor Δ, below 2^40 [s]
    function isJump(int256 returnWad, uint256 varianceWad, uint256 elapsedFor) internal pure returns (bool) {
        // safe: below 2^161 and 2^180
        unchecked {
            uint256 spanFor = elapsedFor < SPAN_LEAST_FOR ? SPAN_LEAST_FOR : elapsedFor;
            return uint256(returnWad * returnWad) * Variance.YEAR_FOR > DEVIATIONS_SQUARED_WAD * varianceWad * spanFor;
        }
    }

    /// |b − a| / min(a, b), rounded up, clipped at 2^67: at least |ln(b / a)|, without a logarithm; both from 1 and
    /// below 2^128 [wad]
    function distanceWad(uint256 left, uint256 right) internal pure returns (int256) {
        (uint256 low, uint256 high) = left < right ? (left, right) : (right, left);
        // safe: below 2^188
        unchecked {
            return int256(MathLib.min(((high - low) * MathLib.WAD + low - 1) / low, DISTANCE_MOST_WAD));
        }
    }
}
