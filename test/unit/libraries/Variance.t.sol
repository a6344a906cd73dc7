// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {Variance} from "../../../contracts/libraries/Variance.sol";
import {TestBase} from "../../support/TestBase.sol";

// logReturnWad
// ├── it has known values, and is 0 where nothing moved
// ├── the way back is the way there, turned round
// └── at the ends of the domain: it is below 2^67
// nextWad
// ├── it stays between the variance and the moment, but for a wei, and is never above the most
// ├── it is no less for a larger return, of whichever sign
// ├── given that the moment is the variance: it stays, but for a wei
// ├── given one variance throughout: it does not matter whether an interval comes in one round or in two
// ├── when nothing moves: it fades to 94 % in a day
// ├── when the variance is above the most: it comes down to it
// └── when no time passed: it fails
// untrackedPairUp
// ├── it is not below the variance of the pair, whatever the correlation, and not below either one's
// └── with the worst correlation: it is the variance of the pair, up to rounding
// sqrtUp
// └── it is the least root that is not too small
contract VarianceTest is TestBase {
    uint256 private constant WAD = 1e18;
    uint256 private constant MOST = 10_000e18;
    int256 private constant LN_2 = 0.693147180559945309e18;
    uint256 private constant TAU = 1_396_353.6e18;

    function next(uint256 varianceWad, int256 returnWad, uint256 elapsedFor) external pure returns (uint256) {
        return Variance.nextWad(varianceWad, returnWad, elapsedFor, TAU);
    }

    // ---- logReturnWad ----

    function test_logReturn_knownValues() external pure {
        assertEq(Variance.logReturnWad(2_000e8, 2_000e8), 0, "nothing moved");
        _assertNear(Variance.logReturnWad(1, 2), LN_2, "ln 2");
        _assertNear(Variance.logReturnWad(2, 1), -LN_2, "ln 1/2");
        _assertNear(Variance.logReturnWad(2_000e8, 1_900e8), -0.051293294387550533e18, "ln 0.95");
    }

    function testFuzz_logReturn_turnsRound(uint128 before, uint128 afterwards) external pure {
        vm.assume(before != 0 && afterwards != 0);
        int256 there = Variance.logReturnWad(before, afterwards);
        assertEq(Variance.logReturnWad(afterwards, before), -there, "the way back");
        if (afterwards > before) assertGe(there, 0, "up");
    }

    function test_logReturn_atTheEndsOfTheDomain() external pure {
        _assertNear(Variance.logReturnWad(1, type(uint128).max), 88.722839111672999605e18, "ln 2^128");
        assertLe(Variance.logReturnWad(1, type(uint128).max), 2 ** 67, "the domain of nextWad");
    }

    // ---- nextWad ----

    function testFuzz_next_staysBetween(uint256 varianceWad, uint256 returnWad, uint40 elapsedFor) external view {
        varianceWad = bound(varianceWad, 0, type(uint128).max);
        vm.assume(elapsedFor != 0);
        returnWad = bound(returnWad, 0, 2 ** 68);
        uint256 moment = _momentDown(returnWad, elapsedFor);
        uint256 found = this.next(varianceWad, int256(returnWad), elapsedFor);
        assertGe(found, MathLib.min(MathLib.min(varianceWad, moment), MOST), "not below both");
        assertLe(found, MathLib.max(varianceWad, moment + 1) + 1, "not above both");
        assertLe(found, MOST, "the most");
    }

    function testFuzz_next_isMonotoneInTheReturn(
        uint256 varianceWad,
        uint256 small,
        uint256 more,
        uint40 elapsedFor
    ) external view {
        varianceWad = bound(varianceWad, 0, MOST);
        (small, more) = (bound(small, 0, 2 ** 67), bound(more, 0, 2 ** 67));
        vm.assume(elapsedFor != 0);
        uint256 less = this.next(varianceWad, int256(small), elapsedFor);
        assertEq(this.next(varianceWad, -int256(small), elapsedFor), less, "down as up");
        assertGe(this.next(varianceWad, int256(small + more), elapsedFor), less, "a larger return");
    }

    function testFuzz_next_staysWhereTheMomentIs(uint256 returnWad, uint40 elapsedFor) external view {
        vm.assume(elapsedFor != 0);
        // r² · YEAR/Δ reaches the most where r = 100 · √(Δ/YEAR)
        returnWad = bound(returnWad, 0, Math.sqrt(((MOST * elapsedFor) / 365 days) * WAD));
        uint256 varianceWad = MathLib.min(_momentDown(returnWad, elapsedFor) + 1, MOST);
        uint256 found = this.next(varianceWad, int256(returnWad), elapsedFor);
        assertLe(found, varianceWad + 1, "rounded up");
        assertGe(found + 1, varianceWad, "and no way down");
    }

    function testFuzz_next_splitsIntervals(
        uint256 startWad,
        uint256 levelWad,
        uint256 first,
        uint256 second
    ) external view {
        startWad = bound(startWad, 0, 100e18);
        levelWad = bound(levelWad, 0.0001e18, 100e18);
        (first, second) = (bound(first, 60, 30 days), bound(second, 60, 30 days));
        uint256 once = this.next(startWad, _returnOf(levelWad, first + second), first + second);
        uint256 twice = this.next(startWad, _returnOf(levelWad, first), first);
        twice = this.next(twice, _returnOf(levelWad, second), second);
        // a return of 1.4e-5, the least here, is given to 7e-14 of itself, its square to twice that
        assertApproxEqAbs(twice, once, MathLib.max(startWad, levelWad) / 1e12 + 10);
    }

    function test_next_knownValues() external view {
        assertApproxEqAbs(this.next(0.64e18, 0, 1 days), 0.6016e18, 1e12, "0.94 a day");
        // 0.64 · 0.94^(1/24), by 50 digits
        assertApproxEqAbs(this.next(0.64e18, 0, 1 hours), 0.638352113297527818e18, 1, "an hour");
        // (1 − 0.94^(1/24)) · 8.76; λ is within a wei, nine here
        assertApproxEqAbs(this.next(0, 0.031622776601683793e18, 1 hours), 0.022555449240087978e18, 20, "from 0");
        assertEq(this.next(0, 1, 1 hours), 1, "the least move counts");
        assertEq(this.next(1, 0, 1 hours), 1, "the least variance stays");
        assertEq(this.next(MOST, 2 ** 68, 1), MOST, "the most, however far it moved");
        assertEq(this.next(0, -(2 ** 68), 1), MOST, "at once");
        assertEq(this.next(0, 0, type(uint40).max), 0, "nothing from nothing");
        assertEq(this.next(MOST, 0, type(uint40).max), 0, "all is forgotten");
    }

    function test_next_comesDownToTheMost() external view {
        assertEq(this.next(type(uint128).max, 0, 1), MOST);
        assertEq(this.next(MOST + 1, 0, 1) < MOST, true, "one above it fades below it");
    }

    function test_next_failsWithoutTime() external {
        vm.expectRevert();
        this.next(0.64e18, 0.01e18, 0);
    }

    // ---- untrackedPairUp ----

    function testFuzz_untrackedPair_coversEveryCorrelation(
        uint256 collateralWad,
        uint256 obligationWad,
        uint256 correlation
    ) external pure {
        (collateralWad, obligationWad) = (bound(collateralWad, 0, MOST), bound(obligationWad, 0, MOST));
        int256 correlationWad = int256(bound(correlation, 0, 2e18)) - 1e18;
        int256 root = int256(Math.sqrt(collateralWad * obligationWad));
        int256 pair = int256(collateralWad + obligationWad) - (2 * correlationWad * root) / 1e18;
        uint256 found = Variance.untrackedPairUp(collateralWad, obligationWad);
        assertGe(int256(found), pair, "the pair, however it moves together");
        assertGe(found, MathLib.max(collateralWad, obligationWad), "each of the two");
    }

    function testFuzz_untrackedPair_isTheWorstCorrelation(uint256 collateralWad, uint256 obligationWad) external pure {
        (collateralWad, obligationWad) = (bound(collateralWad, 0, MOST), bound(obligationWad, 0, MOST));
        uint256 worst = collateralWad + obligationWad + 2 * Math.sqrt(collateralWad * obligationWad);
        uint256 found = Variance.untrackedPairUp(collateralWad, obligationWad);
        // each root is at most a wei high, their sum at most 200: 2 · 200 · 2 wei, and the roundings
        assertApproxEqAbs(found, worst, 804, "no more than that");
    }

    function test_untrackedPair_knownValues() external pure {
        assertEq(Variance.untrackedPairUp(0, 0), 0);
        assertEq(Variance.untrackedPairUp(0.64e18, 0), 0.64e18, "a debt that does not move");
        assertEq(Variance.untrackedPairUp(0.64e18, 0.36e18), 1.96e18, "(0.8 + 0.6) squared");
        assertEq(Variance.untrackedPairUp(MOST, MOST), 4 * MOST, "four times the most");
    }

    // ---- sqrtUp ----

    function testFuzz_sqrtUp_isTheLeastThatSuffices(uint256 wad) external pure {
        wad = bound(wad, 1, 2 ** 196 - 1);
        uint256 root = Variance.sqrtUp(wad);
        assertGe(root * root, wad * WAD, "suffices");
        assertLt((root - 1) * (root - 1), wad * WAD, "one less does not");
    }

    // ---- helpers ----

    /// r²·YEAR/Δ, rounded down
    function _momentDown(uint256 returnWad, uint256 elapsedFor) private pure returns (uint256) {
        return (returnWad * returnWad * 365 days) / (elapsedFor * WAD);
    }

    /// the return over an interval whose moment is the variance
    function _returnOf(uint256 varianceWad, uint256 elapsedFor) private pure returns (int256) {
        return int256(Math.sqrt((varianceWad * WAD * elapsedFor) / 365 days));
    }

    function _assertNear(int256 found, int256 expected, string memory what) private pure {
        assertLe(found, expected + 2, what);
        assertGe(found, expected - 2, what);
    }
}
