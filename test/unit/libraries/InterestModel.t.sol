// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InterestModel} from "../../../contracts/libraries/InterestModel.sol";
import {TestBase} from "../../support/TestBase.sol";

// utilisationUp: it is between 0 and 1, and 1 when no cash is left
// yearlyRateUp: it grows with utilisation and meets itself at the kink
// indexAfterUp
// ├── it never falls, grows with rate and time, and stops at its end
// └── when it is accrued in two steps: it is no less than in one, up to what compounding adds
contract InterestModelTest is TestBase {
    uint256 private constant WAD = 1e18;

    function testFuzz_utilisation_isAShare(uint96 cash, uint96 debt) external pure {
        uint256 utilisation = InterestModel.utilisationUp(cash, debt);
        assertLe(utilisation, WAD, "not above 1");
        assertEq(utilisation == 0, debt == 0, "0 only without debt");
        assertEq(InterestModel.utilisationUp(0, uint256(debt) + 1), WAD, "no cash");
    }

    function testFuzz_rate_growsWithUtilisation(uint256 low, uint256 high, uint256[4] memory bps) external pure {
        InterestModel.Curve memory curve = _curve(bps);
        high = bound(high, 0, WAD);
        low = bound(low, 0, high);
        assertLe(InterestModel.yearlyRateUp(low, curve), InterestModel.yearlyRateUp(high, curve), "grows");
        uint256 ends = (curve.baseBps + curve.slopeBelowBps + curve.slopeAboveBps) * 1e14;
        assertEq(InterestModel.yearlyRateUp(WAD, curve), ends, "end");
        assertEq(InterestModel.yearlyRateUp(0, curve), curve.baseBps * 1e14, "beginning");
        assertEq(
            InterestModel.yearlyRateUp(curve.kinkBps * 1e14, curve),
            (curve.baseBps + curve.slopeBelowBps) * 1e14,
            "kink"
        );
    }

    function testFuzz_index_neverFalls(uint256 index, uint256[2] memory rate, uint256[2] memory time) external pure {
        index = bound(index, InterestModel.INDEX_ONE, InterestModel.INDEX_MAX);
        rate[0] = bound(rate[0], 0, 20e18);
        time[0] = bound(time[0], 0, 3650 days);
        uint256 slow = InterestModel.indexAfterUp(index, rate[0], time[0]);
        uint256 fast = InterestModel.indexAfterUp(
            index,
            bound(rate[1], rate[0], 20e18),
            bound(time[1], time[0], 3650 days)
        );
        assertGe(slow, index, "never falls");
        assertGe(fast, slow, "grows with rate and time");
        assertLe(fast, InterestModel.INDEX_MAX, "stops");
    }

    function testFuzz_index_twoStepsAreNoLess(uint256 rate, uint256 first, uint256 second) external pure {
        rate = bound(rate, 0, 5e18);
        (first, second) = (bound(first, 0, 30 days), bound(second, 0, 30 days));
        uint256 index = 2 * InterestModel.INDEX_ONE;
        uint256 once = InterestModel.indexAfterUp(index, rate, first + second);
        uint256 twice = InterestModel.indexAfterUp(InterestModel.indexAfterUp(index, rate, first), rate, second);
        assertGe(twice + 1, once, "no less, to the unit");
        // 60 days at 500 % a year: the fourth term of the series, x⁴/24 with x ≤ 0.83, is what one step leaves out
        assertLe(twice, once + once / 40 + 3, "no more than compounding adds");
    }

    function testFuzz_index_noTimeNoInterest(uint256 index, uint256 rate) external pure {
        index = bound(index, InterestModel.INDEX_ONE, InterestModel.INDEX_MAX);
        assertEq(InterestModel.indexAfterUp(index, bound(rate, 0, 20e18), 0), index);
    }

    function test_index_atKnownRates() external pure {
        // 1 + 0.1 + 0.005 + 0.000166… = 1.105166…, rounded up
        assertEq(InterestModel.indexAfterUp(1e12, 0.1e18, 365 days), 1_105_166_666_667);
        assertEq(InterestModel.indexAfterUp(2e12, 1_000e18, 365 days), InterestModel.INDEX_MAX, "the end");
    }

    function _curve(uint256[4] memory bps) private pure returns (InterestModel.Curve memory) {
        return
            InterestModel.Curve({
                baseBps: bound(bps[0], 0, 50_00),
                kinkBps: bound(bps[1], 1_00, 99_00),
                slopeBelowBps: bound(bps[2], 0, 100_00),
                slopeAboveBps: bound(bps[3], 0, 1000_00)
            });
    }
}
