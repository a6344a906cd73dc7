// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {MathLib} from "./MathLib.sol";
import {Variance} from "./Variance.sol";

/// From a variance to a haircut: the loss over a liquidation horizon that is exceeded with a small, stated probability.
/// Variances are below 2^128, horizons below 2^40 s.
library MeasuredHaircut {
    /// z of the initial haircut: exceeded in 1 % of the horizons, if returns are normal [wad].
    uint256 internal constant Z_INITIAL_WAD = 2.326e18;
    /// z of the maintenance haircut: exceeded in 5 % of them [wad].
    uint256 internal constant Z_MAINTENANCE_WAD = 1.645e18;
    /// θ: weight of the stress variance [wad].
    uint256 internal constant STRESS_SHARE_WAD = 0.25e18;

    /// max(floor, (1 − θ)·v + θ·stress), rounded up; θ at most 1, or it fails [wad]
    function effectiveVarianceUp(
        uint256 varianceWad,
        uint256 floorWad,
        uint256 stressWad,
        uint256 stressShareWad
    ) internal pure returns (uint256) {
        uint256 mixed = varianceWad * (MathLib.WAD - stressShareWad) + stressWad * stressShareWad;
        return MathLib.max(floorWad, MathLib.mulDivUp(mixed, 1, MathLib.WAD));
    }

    /// 1 − exp(−z·√(v·T/YEAR)), rounded up; z below 2^64 [wad]
    /// @dev Below 1 while z·√(v·T/YEAR) is below 41.4, and exactly 1 from there on. In 30,000 tries the exponential
    /// was up to 0.012 wei too high: where σ and the exponent are exact, the haircut may be as much too low.
    function volatilityHaircutUp(
        uint256 varianceWad,
        uint256 zWad,
        uint256 horizonFor
    ) internal pure returns (uint256) {
        // scaled before it is divided, so that σ is right to a wei however small it is; safe: below 2^228
        uint256 sigma = Variance.rootUp(MathLib.mulDivUp(varianceWad * MathLib.WAD, horizonFor, Variance.YEAR_FOR));
        // safe: σ is below 2^102, so the exponent is below 2^107
        return MathLib.WAD - uint256(FixedPointMathLib.expWad(-int256(MathLib.mulDivUp(sigma, zWad, MathLib.WAD))));
    }

    /// clamp(1 − (1 − h_vol)·(1 − h_peg), floor, cap), rounded up; the cap wins over the floor [ppm]
    /// @dev Haircuts above 1 fail.
    function targetPpm(
        uint256 volatilityHaircutWad,
        uint256 pegHaircutPpm,
        uint256 floorPpm,
        uint256 capPpm
    ) internal pure returns (uint256) {
        uint256 keptWad = MathLib.mulDivDown(
            MathLib.WAD - volatilityHaircutWad,
            MathLib.PPM - pegHaircutPpm,
            MathLib.PPM
        );
        return MathLib.clamp(MathLib.mulDivUp(MathLib.WAD - keptWad, MathLib.PPM, MathLib.WAD), floorPpm, capPpm);
    }
}
