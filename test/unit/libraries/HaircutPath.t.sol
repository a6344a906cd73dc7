// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {HaircutPath} from "../../../contracts/libraries/HaircutPath.sol";
import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {TestBase} from "../../support/TestBase.sol";

// initialAfter, maintenanceAfter, given a stored target
// ├── when it is poked on the way, at whatever moments: it is where it would be without
// ├── it stays between where it was and the target, and comes nearer with time
// ├── the initial haircut jumps up at once
// └── given maintenance below initial, and so their targets: it stays so
contract HaircutPathTest is TestBase {
    uint256 private constant PPM = 1e6;
    uint256 private constant LONG = 146_000; // a year [ticks]

    function testFuzz_maintenance_isIndependentOfPokes(
        uint256 from,
        uint256 target,
        uint256 first,
        uint256 second
    ) external pure {
        (from, target) = (bound(from, 0, PPM), bound(target, 0, PPM));
        (first, second) = (bound(first, 0, LONG), bound(second, 0, LONG));
        uint256 once = HaircutPath.maintenanceAfter(from, target, first + second);
        uint256 twice = HaircutPath.maintenanceAfter(HaircutPath.maintenanceAfter(from, target, first), target, second);
        assertEq(twice, once, "pokes change nothing");
    }

    function testFuzz_initial_isIndependentOfPokes(
        uint256 from,
        uint256 target,
        uint256 first,
        uint256 second
    ) external pure {
        (from, target) = (bound(from, 0, PPM), bound(target, 0, PPM));
        (first, second) = (bound(first, 0, LONG), bound(second, 0, LONG));
        uint256 once = HaircutPath.initialAfter(from, target, first + second);
        uint256 twice = HaircutPath.initialAfter(HaircutPath.initialAfter(from, target, first), target, second);
        assertEq(twice, once, "pokes change nothing");
    }

    function testFuzz_path_comesNearerAndNeverPasses(
        uint256 from,
        uint256 target,
        uint256 early,
        uint256 more
    ) external pure {
        (from, target, early) = (bound(from, 0, PPM), bound(target, 0, PPM), bound(early, 0, LONG));
        uint256 late = early + bound(more, 0, LONG);
        uint256 soon = HaircutPath.maintenanceAfter(from, target, early);
        uint256 later = HaircutPath.maintenanceAfter(from, target, late);
        assertTrue(_isBetween(soon, from, target) && _isBetween(later, soon, target), "maintenance");
        soon = HaircutPath.initialAfter(from, target, early);
        later = HaircutPath.initialAfter(from, target, late);
        assertTrue(_isBetween(soon, from, target) && _isBetween(later, soon, target), "initial");
        if (from <= target) assertEq(soon, target, "jumps up");
    }

    function testFuzz_path_keepsMaintenanceBelowInitial(
        uint256[2] memory from,
        uint256[2] memory target,
        uint256 ticks
    ) external pure {
        ticks = bound(ticks, 0, LONG);
        uint256 initial = bound(from[0], 0, PPM);
        uint256 initialTarget = bound(target[0], 0, PPM);
        uint256 maintenance = bound(from[1], 0, initial);
        uint256 maintenanceTarget = bound(target[1], 0, initialTarget);
        assertLe(
            HaircutPath.maintenanceAfter(maintenance, maintenanceTarget, ticks),
            HaircutPath.initialAfter(initial, initialTarget, ticks)
        );
    }

    function test_maintenance_speeds() external pure {
        assertEq(HaircutPath.maintenanceAfter(100_000, 400_000, 400), 150_000, "up 5 % a day");
        assertEq(HaircutPath.maintenanceAfter(400_000, 100_000, 400), 390_000, "down 1 % a day");
        assertEq(HaircutPath.initialAfter(400_000, 100_000, 600), 385_000, "down 1 % a day");
        assertEq(HaircutPath.initialAfter(100_000, 400_000, 0), 400_000, "up at once");
        assertEq(HaircutPath.climbed(100_000, 400), 150_000, "up 5 % a day");
        assertEq(HaircutPath.climbed(999_999, 400), 1e6, "never above 100 %");
        assertEq(400 * HaircutPath.TICK_FOR, 1 days, "ticks of a day");
    }

    /// any moments of pokes, down to the second: the clock's ticks add up
    function testFuzz_ticksBetween_addUp(uint256 start, uint256 first, uint256 second) external pure {
        start = bound(start, 0, 2 ** 40);
        (first, second) = (bound(first, 0, 2 ** 30), bound(second, 0, 2 ** 30));
        uint256 whole = HaircutPath.ticksBetween(start, start + first + second);
        uint256 parts = HaircutPath.ticksBetween(start, start + first);
        parts += HaircutPath.ticksBetween(start + first, start + first + second);
        assertEq(parts, whole, "no poke loses a tick");
        assertApproxEqAbs(whole * HaircutPath.TICK_FOR, first + second, HaircutPath.TICK_FOR - 1, "time");
    }

    function _isBetween(uint256 x, uint256 a, uint256 b) private pure returns (bool) {
        return x >= MathLib.min(a, b) && x <= MathLib.max(a, b);
    }
}
