// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// A slow average of a price: after a time Δ it moves by the share Δ / (Δ + T) of the distance to spot, at most a
/// quarter at once, so that one observation at a chosen moment cannot carry it.
library SlowAverage {
    /// T: time constant.
    uint256 internal constant TIME_CONSTANT_FOR = 30 minutes;

    /// slow + (spot − slow) · min(Δ / (Δ + T), 1/4), rounded towards slow
    function next(uint256 slow, uint256 spot, uint256 elapsedFor) internal pure returns (uint256) {
        // Δ / (Δ + T) ≥ 1/4  ⇔  3Δ ≥ T
        bool capped = elapsedFor * 3 >= TIME_CONSTANT_FOR;
        uint256 numerator = capped ? 1 : elapsedFor;
        uint256 denominator = capped ? 4 : elapsedFor + TIME_CONSTANT_FOR;
        if (spot >= slow) return slow + MathLib.mulDivDown(spot - slow, numerator, denominator);
        return slow - MathLib.mulDivDown(slow - spot, numerator, denominator);
    }
}
