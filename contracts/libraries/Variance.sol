// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {MathLib} from "./MathLib.sol";

/// Annualised variance of log returns, exponentially weighted over irregular times (RiskMetrics). Prices and variances
/// are below 2^128, times below 2^40 s. Products are rounded up, against who borrows; exp and ln are right to a wei or
/// two, either way.
library Variance {
    uint256 internal constant YEAR_FOR = 365 days;
    /// τ of 16.1615 days: a weight of 0.94 after a day [s, wad].
    uint256 internal constant TIME_CONSTANT_WAD = 1_396_353.6e18;
    /// Nothing varies more than a hundredfold a year; what is stored stays below it [wad].
    uint256 internal constant VARIANCE_MOST_WAD = 1e22;

    /// ln(after / before), within 2 wei; both at least 1 and below 2^128, so |r| is below 2^67 [wad]
    function logReturnWad(uint256 before, uint256 afterwards) internal pure returns (int256) {
        return logWad(afterwards) - logWad(before);
    }

    /// ln(x), within 2 wei; at least 1 and below 2^128 [wad]
    function logWad(uint256 x) internal pure returns (int256) {
        // safe: below 2^128 · 1e18 < 2^188; the logarithm is less than 1.1 wei away, mostly below
        return FixedPointMathLib.lnWad(int256(x * MathLib.WAD));
    }

    /// λ·v + (1 − λ)·r²·YEAR/Δ with λ = exp(−Δ/τ), products rounded up, at most VARIANCE_MOST_WAD [wad]
    /// @param varianceWad v, also above the most [wad]
    /// @param returnWad r, of either sign, or the difference of two: |r| below 2^68 [wad]
    /// @param elapsedFor Δ, at least 1 s
    /// @param timeConstantWad τ, above 0 and below 2^128 [s, wad]
    /// @dev λ is within 1.1 wei: that moves the result by up to 1.1e-18·|v − r²·YEAR/Δ|.
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
        // |r| is below 2^68, so the product is below 2^161 and the moment below 2^102
        uint256 momentWad = MathLib.mulDivUp(sizeWad * sizeWad, YEAR_FOR, elapsedFor * MathLib.WAD);
        // exp of what is not above 0 is not above 1
        uint256 next =
            MathLib.mulDivUp(varianceWad, keptWad, MathLib.WAD) +
                MathLib.mulDivUp(momentWad, MathLib.WAD - keptWad, MathLib.WAD);
        return MathLib.min(next, VARIANCE_MOST_WAD);
    }

    /// (√v_c + √v_o)²: the variance of a pair whose common returns are not measured, as if the worst correlation held,
    /// rounded up; up to four times the larger [wad]
    function untrackedPairUp(uint256 collateralWad, uint256 obligationWad) internal pure returns (uint256) {
        uint256 sigma = sqrtUp(collateralWad) + sqrtUp(obligationWad);
        return MathLib.mulDivUp(sigma, sigma, MathLib.WAD);
    }

    /// √x, rounded up; x below 2^196 [wad]
    function sqrtUp(uint256 wad) internal pure returns (uint256) {
        return rootUp(wad * MathLib.WAD);
    }

    /// √x of a number without scale, rounded up
    function rootUp(uint256 square) internal pure returns (uint256 root) {
        root = FixedPointMathLib.sqrt(square);
        if (root * root < square) ++root;
    }
}
