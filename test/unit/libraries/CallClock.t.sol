// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CallClock} from "../../../contracts/libraries/CallClock.sol";
import {TestBase} from "../../support/TestBase.sol";

// cureFor
// ├── it is within its bounds, the longest while nothing is used
// └── it is no longer when more is used
// amountUp
// ├── it is what is missing, rounded up to the unit
// └── when nothing is missing: it is 0
// leastAmount: it is the MTA, or 1 % of what is owed when that is less
contract CallClockTest is TestBase {
    function testFuzz_cureFor_isShorterWhenMoreIsUsed(
        uint256 low,
        uint256 high,
        uint256 closeOutBps,
        uint256 least,
        uint256 most
    ) external pure {
        closeOutBps = bound(closeOutBps, 1, 100_00);
        most = bound(most, 0, type(uint24).max);
        least = bound(least, 0, most);
        high = bound(high, 0, 10e18);
        low = bound(low, 0, high);
        uint256 long = CallClock.cureFor(int256(low), closeOutBps, least, most);
        uint256 short = CallClock.cureFor(int256(high), closeOutBps, least, most);
        assertGe(long, short, "falls");
        assertTrue(short >= least && long <= most, "within");
        assertEq(CallClock.cureFor(-int256(high), closeOutBps, least, most), most, "nothing used");
        if (high >= closeOutBps * 1e14) assertEq(short, least, "at the close-out line");
    }

    function testFuzz_amountUp_isTheNextMultiple(uint128 requirement, uint128 cover, uint256 unit) external pure {
        unit = bound(unit, 1, 10_000e18);
        uint256 missing = requirement > cover ? requirement - cover : 0;
        uint256 amount = CallClock.amountUp(requirement, cover, unit);
        assertEq(amount % unit, 0, "multiple");
        assertGe(amount, missing, "enough");
        assertLt(amount, missing + unit, "not a unit too much");
    }

    function testFuzz_leastAmount_isTheSmaller(uint128 minimum, uint128 debt) external pure {
        uint256 least = CallClock.leastAmount(minimum, debt);
        assertTrue(least == minimum || least == uint256(debt) / 100, "one of the two");
        assertTrue(least <= minimum && least <= uint256(debt) / 100, "the smaller");
    }
}
