// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {HaircutPath} from "../../../contracts/libraries/HaircutPath.sol";
import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {TestBase} from "../../support/TestBase.sol";

// initialAfter, maintenanceAfter, given a stored target
// ├── when it is poked on the way: it lags behind one move by at most one ppm, and never leads
// ├── it stays between where it was and the target, and comes nearer with time
// ├── the initial haircut jumps up at once
// └── given maintenance below initial, and so their targets: it stays so
contract HaircutPathTest is TestBase {
    uint256 private constant PPM = 1e6;
    uint256 private constant LONG = 365 days;

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
        assertApproxEqAbs(twice, once, 1, "one ppm");
        assertLe(_distance(once, target), _distance(twice, target), "a poke never hurries");
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
        assertApproxEqAbs(twice, once, 1, "one ppm");
        assertLe(_distance(once, target), _distance(twice, target), "a poke never hurries");
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
        uint256 elapsedFor
    ) external pure {
        elapsedFor = bound(elapsedFor, 0, LONG);
        uint256 initial = bound(from[0], 0, PPM);
        uint256 initialTarget = bound(target[0], 0, PPM);
        uint256 maintenance = bound(from[1], 0, initial);
        uint256 maintenanceTarget = bound(target[1], 0, initialTarget);
        assertLe(
            HaircutPath.maintenanceAfter(maintenance, maintenanceTarget, elapsedFor),
            HaircutPath.initialAfter(initial, initialTarget, elapsedFor)
        );
    }

    function test_maintenance_speeds() external pure {
        assertEq(HaircutPath.maintenanceAfter(100_000, 400_000, 1 days), 150_000, "up 5 % a day");
        assertEq(HaircutPath.maintenanceAfter(400_000, 100_000, 1 days), 390_000, "down 1 % a day");
        assertEq(HaircutPath.initialAfter(400_000, 100_000, 36 hours), 385_000, "down 1 % a day");
        assertEq(HaircutPath.initialAfter(100_000, 400_000, 0), 400_000, "up at once");
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        return MathLib.max(a, b) - MathLib.min(a, b);
    }

    function _isBetween(uint256 x, uint256 a, uint256 b) private pure returns (bool) {
        return x >= MathLib.min(a, b) && x <= MathLib.max(a, b);
    }
}
