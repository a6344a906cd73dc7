// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {MeasuredHaircut} from "../libraries/MeasuredHaircut.sol";
import {Variance} from "../libraries/Variance.sol";
import {CallBatch} from "./CallBatch.sol";

/// The arithmetic of measured haircuts with a door: each function as it is, and those of solady that it stands on.
contract HaircutHarness is CallBatch {
    // ---- FixedPointMathLib ----

    function expWad(int256 wad) external pure returns (int256) {
        return FixedPointMathLib.expWad(wad);
    }

    function lnWad(int256 wad) external pure returns (int256) {
        return FixedPointMathLib.lnWad(wad);
    }

    function sqrt(uint256 x) external pure returns (uint256) {
        return FixedPointMathLib.sqrt(x);
    }

    // ---- Variance ----

    function logWad(uint256 x) external pure returns (int256) {
        return Variance.logWad(x);
    }

    function logReturnWad(uint256 before, uint256 afterwards) external pure returns (int256) {
        return Variance.logReturnWad(before, afterwards);
    }

    function nextWad(
        uint256 varianceWad,
        int256 returnWad,
        uint256 elapsedFor,
        uint256 timeConstantWad
    ) external pure returns (uint256) {
        return Variance.nextWad(varianceWad, returnWad, elapsedFor, timeConstantWad);
    }

    function untrackedPairUp(uint256 collateralWad, uint256 obligationWad) external pure returns (uint256) {
        return Variance.untrackedPairUp(collateralWad, obligationWad);
    }

    function sqrtUp(uint256 wad) external pure returns (uint256) {
        return Variance.sqrtUp(wad);
    }

    function rootUp(uint256 square) external pure returns (uint256) {
        return Variance.rootUp(square);
    }

    // ---- MeasuredHaircut ----

    function effectiveVarianceUp(
        uint256 varianceWad,
        uint256 floorWad,
        uint256 stressWad,
        uint256 stressShareWad
    ) external pure returns (uint256) {
        return MeasuredHaircut.effectiveVarianceUp(varianceWad, floorWad, stressWad, stressShareWad);
    }

    function volatilityHaircutUp(
        uint256 varianceWad,
        uint256 zWad,
        uint256 horizonFor
    ) external pure returns (uint256) {
        return MeasuredHaircut.volatilityHaircutUp(varianceWad, zWad, horizonFor);
    }

    function targetPpm(
        uint256 volatilityHaircutWad,
        uint256 pegHaircutPpm,
        uint256 floorPpm,
        uint256 capPpm
    ) external pure returns (uint256) {
        return MeasuredHaircut.targetPpm(volatilityHaircutWad, pegHaircutPpm, floorPpm, capPpm);
    }
}
