// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {MathLib} from "./MathLib.sol";
import {Variance} from "./Variance.sol";

/// From a variance to a haircut: the loss over a liquidation horizon that is exceeded with a small, stated probability.
library MeasuredHaircut {
    /// z of the initial haircut: exceeded in 1 % of the horizons, if returns are normal [wad].
    uint256 internal constant Z_INITIAL_WAD = 2.326e18;
    /// z of the maintenance haircut: exceeded in 5 % of them [wad].
    uint256 internal constant Z_MAINTENANCE_WAD = 1.645e18;
    /// θ: weight of the stress variance [wad].
    uint256 internal constant STRESS_SHARE_WAD = 0.25e18;

    /// max(floor, (1 − θ)·v + θ·stress), rounded up [wad]
    function effectiveVarianceUp(
        uint256 varianceWad,
        uint256 floorWad,
        uint256 stressWad,
        uint256 stressShareWad
    ) internal pure returns (uint256) {
        uint256 mixed = varianceWad * (MathLib.WAD - stressShareWad) + stressWad * stressShareWad;
        return MathLib.max(floorWad, MathLib.mulDivUp(mixed, 1, MathLib.WAD));
    }

    /// 1 − exp(−z·√(v·T/YEAR)), rounded up [wad]
    function volatilityHaircutUp(
        uint256 varianceWad,
        uint256 zWad,
        uint256 horizonFor
    ) internal pure returns (uint256) {
        uint256 sigma = Variance.sqrtUp(MathLib.mulDivUp(varianceWad, horizonFor, Variance.YEAR_FOR));
        // safe: variance is at most 1e22 and T below 2^40 s, so the exponent is below 2^90
        return MathLib.WAD - uint256(FixedPointMathLib.expWad(-int256(MathLib.mulDivUp(sigma, zWad, MathLib.WAD))));
    }

    /// clamp(1 − (1 − h_vol)·(1 − h_peg), floor, cap), rounded up [ppm]
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
