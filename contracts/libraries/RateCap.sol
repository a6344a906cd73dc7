// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// How fast an exchange rate may grow in what it counts. A line starts at the rate of the day when the leg is set and
/// rises by the same amount every day; what counts is the lower of rate and line. Looks lower the line to a week's
/// growth above the highest rate that counted, never raise it: no series of looks allows more than the first line, and
/// none allows less than a week's growth above what was there, however the rate was pushed down meanwhile. Rates are
/// whole underlying tokens per whole token [wad].
library RateCap {
    /// Lowest rate with which a leg may start, and highest that is a rate at all.
    uint256 internal constant LOWEST_RATE = 1e15;
    uint256 internal constant HIGHEST_RATE = 100e18;
    /// Growth of so long may come at once: many rates grow in steps.
    uint256 internal constant STEP_FOR = 7 days;

    /// answer · 10^(18 − decimals); an answer above 2^128 − 1 is clipped, so that none overflows
    function toWad(uint256 answer, uint256 decimals) internal pure returns (uint256) {
        // safe: decimals ≤ 18, 2^128 · 1e18 < 2^188
        unchecked {
            return MathLib.min(answer, type(uint128).max) * 10 ** (18 - decimals);
        }
    }

    /// rate · ppm / 1e6, rounded down [wad per day]
    function growthDown(uint256 rateWad, uint256 growthPpm) internal pure returns (uint256) {
        return MathLib.mulDivDown(rateWad, growthPpm, MathLib.PPM);
    }

    /// line + growth · Δ / day, rounded down
    function allowedDown(uint256 lineWad, uint256 growthWadPerDay, uint256 elapsedFor) internal pure returns (uint256) {
        // safe: line < 2^72, growth < 2^64, elapsed < 2^40
        unchecked {
            return lineWad + (growthWadPerDay * elapsedFor) / 1 days;
        }
    }

    /// min(allowed, highest + growth · 7 days): the line after a look; `highestWad` is the highest rate that counted
    function lineAfter(
        uint256 allowedWad,
        uint256 highestWad,
        uint256 growthWadPerDay
    ) internal pure returns (uint256) {
        return MathLib.min(allowedWad, allowedDown(highestWad, growthWadPerDay, STEP_FOR));
    }
}
