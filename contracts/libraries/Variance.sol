// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {MathLib} from "./MathLib.sol";

/// Annualised variance of log returns, exponentially weighted over irregular times (RiskMetrics). Variances are rounded
/// up: against who borrows.
library Variance {
    uint256 internal constant YEAR_FOR = 365 days;
    /// τ of 16.1615 days: a weight of 0.94 after a day [s, wad].
    uint256 internal constant TIME_CONSTANT_WAD = 1_396_353.6e18;
    /// Nothing varies more than a hundredfold a year; keeps every product small [wad].
    uint256 internal constant VARIANCE_MOST_WAD = 1e22;

    /// ln(after / before), rounded to nearest; both positive and below 2^128 [wad]
    function logReturnWad(uint256 before, uint256 afterwards) internal pure returns (int256) {
        // safe: below 2^128 · 1e18 < 2^188; solady's logarithm is exact to one wei
        return
            FixedPointMathLib.lnWad(int256(afterwards * MathLib.WAD)) -
            FixedPointMathLib.lnWad(int256(before * MathLib.WAD));
    }

    /// λ·v + (1 − λ)·r²·YEAR/Δ with λ = exp(−Δ/τ), rounded up, at most VARIANCE_MOST_WAD; Δ at least 1 s [wad]
    function nextWad(
        uint256 varianceWad,
        int256 returnWad,
        uint256 elapsedFor,
        uint256 timeConstantWad
    ) internal pure returns (uint256) {
        // safe: Δ is below 2^40 s, so the quotient is below 2^160
        uint256 keptWad = uint256(
            FixedPointMathLib.expWad(-int256((elapsedFor * MathLib.WAD * MathLib.WAD) / timeConstantWad))
        );
        uint256 sizeWad = uint256(returnWad < 0 ? -returnWad : returnWad);
        // |r| is below 2^67: no product overflows
        uint256 momentWad = MathLib.min(
            MathLib.mulDivUp(sizeWad * sizeWad, YEAR_FOR, elapsedFor * MathLib.WAD),
            type(uint128).max
        );
        uint256 next =
            MathLib.mulDivUp(varianceWad, keptWad, MathLib.WAD) +
                MathLib.mulDivUp(momentWad, MathLib.WAD - keptWad, MathLib.WAD);
        return MathLib.min(next, VARIANCE_MOST_WAD);
    }

    /// (√v_c + √v_o)²: the variance of a pair whose common returns are not measured, as if the worst correlation held,
    /// rounded up [wad]
    function untrackedPairUp(uint256 collateralWad, uint256 obligationWad) internal pure returns (uint256) {
        uint256 sigma = sqrtUp(collateralWad) + sqrtUp(obligationWad);
        return MathLib.mulDivUp(sigma, sigma, MathLib.WAD);
    }

    /// √x, rounded up [wad]
    function sqrtUp(uint256 wad) internal pure returns (uint256 root) {
        uint256 square = wad * MathLib.WAD;
        root = FixedPointMathLib.sqrt(square);
        if (root * root < square) ++root;
    }
}
