// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SlowAverage} from "../../../contracts/libraries/SlowAverage.sol";
import {TestBase} from "../../support/TestBase.sol";

// next
// ├── it stays between the average and spot
// ├── it moves by at most a quarter of the distance, however long the time
// └── it moves no less when more time has passed
contract SlowAverageTest is TestBase {
    function testFuzz_next_staysBetweenAndMovesAQuarter(uint120 slow, uint120 spot, uint40 elapsedFor) external pure {
        uint256 next = SlowAverage.next(slow, spot, elapsedFor);
        uint256 distance = spot > slow ? spot - slow : slow - spot;
        uint256 moved = next > slow ? next - slow : slow - next;
        assertLe(moved, distance / 4, "a quarter");
        if (spot >= slow) assertTrue(next >= slow && next <= spot, "up to spot");
        else assertTrue(next <= slow && next >= spot, "down to spot");
    }

    function testFuzz_next_movesWithTime(uint120 slow, uint120 spot, uint40 early, uint40 more) external pure {
        uint256 soon = SlowAverage.next(slow, spot, early);
        uint256 later = SlowAverage.next(slow, spot, uint256(early) + more);
        if (spot >= slow) assertGe(later, soon, "up");
        else assertLe(later, soon, "down");
    }

    function test_next_atKnownTimes() external pure {
        assertEq(SlowAverage.next(1_000e8, 2_000e8, 0), 1_000e8, "no time");
        assertEq(SlowAverage.next(1_000e8, 2_000e8, 200), 1_100e8, "200 / 2,000 of the way");
        assertEq(SlowAverage.next(1_000e8, 2_000e8, 600), 1_250e8, "a quarter from ten minutes on");
        assertEq(SlowAverage.next(2_000e8, 1_000e8, 1 days), 1_750e8, "a quarter, down");
    }
}
