// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {MeasuredHaircut} from "../../../contracts/libraries/MeasuredHaircut.sol";
import {TestBase} from "../../support/TestBase.sol";

// effectiveVarianceUp
// ├── it stays between the variance and its stress, or is the floor
// ├── it is rounded up, and known at a few places
// └── when the share is above one: it fails
// volatilityHaircutUp
// ├── it is 0 for a variance, a z or a horizon of 0, and above 0 for anything else
// ├── it is no less for a larger variance, z or horizon
// ├── while z·σ·√T is below 41: it is below 1
// └── it depends on variance times horizon only
// targetPpm
// ├── it stays between floor and cap; the cap wins
// ├── where the cap allows, it is not below the peg haircut, and not below the volatility haircut
// ├── it is what two losses in a row leave, rounded up
// └── when a haircut is above one: it fails
contract MeasuredHaircutTest is TestBase {
    uint256 private constant WAD = 1e18;
    uint256 private constant PPM = 1e6;
    uint256 private constant MOST = 10_000e18;
    uint256 private constant Z = 2.326e18;

    function effective(uint256 v, uint256 floor, uint256 stress, uint256 share) external pure returns (uint256) {
        return MeasuredHaircut.effectiveVarianceUp(v, floor, stress, share);
    }

    function target(uint256 volatility, uint256 peg, uint256 floor, uint256 cap) external pure returns (uint256) {
        return MeasuredHaircut.targetPpm(volatility, peg, floor, cap);
    }

    // ---- effectiveVarianceUp ----

    function testFuzz_effectiveVariance_staysBetween(
        uint128 varianceWad,
        uint128 floorWad,
        uint128 stressWad,
        uint256 shareWad
    ) external view {
        shareWad = bound(shareWad, 0, WAD);
        uint256 found = this.effective(varianceWad, floorWad, stressWad, shareWad);
        assertGe(found, floorWad, "the floor");
        assertGe(found, MathLib.min(varianceWad, stressWad), "the lesser");
        assertLe(found, MathLib.max(floorWad, MathLib.max(varianceWad, stressWad)), "the largest");
    }

    function test_effectiveVariance_knownValues() external view {
        assertEq(this.effective(0.64e18, 0, 4e18, 0.25e18), 1.48e18, "3/4 and 1/4");
        assertEq(this.effective(0.64e18, 2e18, 4e18, 0.25e18), 2e18, "the floor");
        assertEq(this.effective(0.64e18, 0, 4e18, 0), 0.64e18, "no stress");
        assertEq(this.effective(0.64e18, 0, 4e18, 1e18), 4e18, "all stress");
        assertEq(this.effective(1, 0, 0, 0.25e18), 1, "up");
    }

    function test_effectiveVariance_failsAboveOne() external {
        vm.expectRevert();
        this.effective(0.64e18, 0, 4e18, 1e18 + 1);
    }

    // ---- volatilityHaircutUp ----

    function testFuzz_volatilityHaircut_isMonotone(
        uint256[2] memory variances,
        uint256[2] memory zs,
        uint256[2] memory horizons
    ) external pure {
        uint256 varianceWad = bound(variances[0], 0, MOST);
        uint256 zWad = bound(zs[0], 0, 4e18);
        uint256 horizonFor = bound(horizons[0], 0, 30 days);
        uint256 found = MeasuredHaircut.volatilityHaircutUp(varianceWad, zWad, horizonFor);
        uint256 wilder = bound(variances[1], varianceWad, MOST);
        assertGe(MeasuredHaircut.volatilityHaircutUp(wilder, zWad, horizonFor), found, "variance");
        uint256 surer = bound(zs[1], zWad, 4e18);
        assertGe(MeasuredHaircut.volatilityHaircutUp(varianceWad, surer, horizonFor), found, "z");
        uint256 longer = bound(horizons[1], horizonFor, 30 days);
        assertGe(MeasuredHaircut.volatilityHaircutUp(varianceWad, zWad, longer), found, "horizon");
    }

    function testFuzz_volatilityHaircut_isMonotoneByTheWei(uint256 varianceWad, uint256 horizonFor) external pure {
        varianceWad = bound(varianceWad, 0, MOST);
        horizonFor = bound(horizonFor, 1, 30 days);
        uint256 found = MeasuredHaircut.volatilityHaircutUp(varianceWad, Z, horizonFor);
        assertGe(MeasuredHaircut.volatilityHaircutUp(varianceWad + 1, Z, horizonFor), found, "variance");
        assertGe(MeasuredHaircut.volatilityHaircutUp(varianceWad, Z + 1, horizonFor), found, "z");
        assertGe(MeasuredHaircut.volatilityHaircutUp(varianceWad, Z, horizonFor + 1), found, "horizon");
    }

    function testFuzz_volatilityHaircut_isBelowOne(uint256 varianceWad, uint256 horizonFor) external pure {
        horizonFor = bound(horizonFor, 1, 30 days);
        // (41 / 2.326)² = 310.7
        varianceWad = bound(varianceWad, 1, MathLib.min(MOST, (310e18 * 365 days) / horizonFor));
        uint256 found = MeasuredHaircut.volatilityHaircutUp(varianceWad, Z, horizonFor);
        assertLt(found, WAD, "below 1");
        assertGt(found, 0, "above 0");
    }

    function testFuzz_volatilityHaircut_isAtMostOne(uint128 varianceWad, uint64 zWad, uint40 horizonFor) external pure {
        assertLe(MeasuredHaircut.volatilityHaircutUp(varianceWad, zWad, horizonFor), WAD);
    }

    function testFuzz_volatilityHaircut_isNothingFromNothing(
        uint128 varianceWad,
        uint64 zWad,
        uint40 horizonFor
    ) external pure {
        assertEq(MeasuredHaircut.volatilityHaircutUp(0, zWad, horizonFor), 0, "variance");
        assertEq(MeasuredHaircut.volatilityHaircutUp(varianceWad, 0, horizonFor), 0, "z");
        assertEq(MeasuredHaircut.volatilityHaircutUp(varianceWad, zWad, 0), 0, "horizon");
    }

    function testFuzz_volatilityHaircut_isOfVarianceTimesHorizon(
        uint256 varianceWad,
        uint256 horizonFor
    ) external pure {
        varianceWad = bound(varianceWad, 0, MOST / 4);
        horizonFor = bound(horizonFor, 1, 10 days);
        assertEq(
            MeasuredHaircut.volatilityHaircutUp(varianceWad * 4, Z, horizonFor),
            MeasuredHaircut.volatilityHaircutUp(varianceWad, Z, horizonFor * 4)
        );
    }

    function test_volatilityHaircut_knownValues() external pure {
        // σ = 80 % a year; 1 − exp(−2.326 · 0.8 · √(5/365)) and 1 − exp(−1.645 · 0.8 · √(2/365)), by 50 digits
        _assertUp(MeasuredHaircut.volatilityHaircutUp(0.64e18, Z, 5 days), 0.195705808336394866e18, "initial");
        _assertUp(
            MeasuredHaircut.volatilityHaircutUp(0.64e18, 1.645e18, 2 days),
            0.092820270661614771e18,
            "maintenance"
        );
        assertEq(MeasuredHaircut.volatilityHaircutUp(1, 1, 1), 1, "the least there is");
        // z·σ·√T of 2.326 · 100 · √(30/365) = 66.7 leaves nothing
        assertEq(MeasuredHaircut.volatilityHaircutUp(MOST, Z, 30 days), WAD, "all of it");
    }

    // ---- targetPpm ----

    function testFuzz_target_staysWithinBounds(uint256 vol, uint256 peg, uint256 floor, uint256 cap) external view {
        (vol, peg) = (bound(vol, 0, WAD), bound(peg, 0, PPM));
        cap = bound(cap, 0, PPM);
        floor = bound(floor, 0, cap);
        uint256 found = this.target(vol, peg, floor, cap);
        assertTrue(found >= floor && found <= cap, "floor and cap");
        assertGe(found, MathLib.min(peg, cap), "the peg haircut");
        assertGe(found * 1e12, MathLib.min(vol, cap * 1e12), "the volatility haircut");
    }

    function testFuzz_target_isWhatTwoLossesLeave(uint256 vol, uint256 peg) external view {
        (vol, peg) = (bound(vol, 0, WAD), bound(peg, 0, PPM));
        // 1 − (1 − v)(1 − p) = v + p − v·p, in units of 1e-24
        uint256 exact = vol * PPM + peg * WAD - vol * peg;
        uint256 found = this.target(vol, peg, 0, PPM);
        assertGe(found * WAD, exact, "not below");
        assertLt(found * WAD, exact + WAD + PPM, "less than a ppm and a wei above");
    }

    function test_target_knownValues() external view {
        assertEq(this.target(0.2e18, 0.1e6, 0, 1e6), 0.28e6, "1 - 0.8 * 0.9");
        assertEq(this.target(0.2e18 + 1, 0.1e6, 0, 1e6), 0.28e6 + 1, "up");
        assertEq(this.target(0.2e18, 0.1e6, 0.3e6, 1e6), 0.3e6, "floor");
        assertEq(this.target(0.2e18, 0.1e6, 0, 0.25e6), 0.25e6, "cap");
        assertEq(this.target(0, 0, 0.3e6, 0.25e6), 0.25e6, "the cap wins");
        assertEq(this.target(0, 0, 0, 1e6), 0, "nothing");
        assertEq(this.target(1e18, 0, 0, 1e6), 1e6, "all of it");
    }

    function test_target_failsAboveOne() external {
        vm.expectRevert();
        this.target(1e18 + 1, 0, 0, 1e6);
        vm.expectRevert();
        this.target(0, 1e6 + 1, 0, 1e6);
    }

    /// at most five wei above: one of σ times z, one of the exponent, one of the exponential
    function _assertUp(uint256 found, uint256 expectedDown, string memory what) private pure {
        assertTrue(found > expectedDown && found <= expectedDown + 5, what);
    }
}
