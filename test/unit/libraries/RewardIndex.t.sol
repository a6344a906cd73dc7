// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RewardIndex} from "../../../contracts/libraries/RewardIndex.sol";
import {TestBase} from "../../support/TestBase.sol";

/// Emission, average of times, index and earnings: by hand, and at the edges.
contract RewardIndexTest is TestBase {
    function test_releasedDown_byHand() external pure {
        assertEq(RewardIndex.releasedDown(1_000, 0, 7 days), 0);
        assertEq(RewardIndex.releasedDown(1_000, 1 days, 7 days), 142); // 142.86
        assertEq(RewardIndex.releasedDown(1_000, 7 days, 7 days), 1_000);
        assertEq(RewardIndex.releasedDown(1_000, 8 days, 7 days), 1_000);
        assertEq(RewardIndex.releasedDown(0, 0, 0), 0);
    }

    function test_spanAfter_byHand() external pure {
        assertEq(RewardIndex.spanAfter(0, 0, 1, 7 days), 7 days);
        assertEq(RewardIndex.spanAfter(350, 3.5 days, 350, 7 days), 5.25 days);
        assertEq(RewardIndex.spanAfter(600e18, 6 days, 1, 7 days), 6 days, "a speck");
        assertEq(RewardIndex.spanAfter(1, 6 days, 600e18, 1 days), 6 days, "never sooner");
    }

    function test_indexAfterDown_byHand() external pure {
        assertEq(RewardIndex.indexAfterDown(5, 3, 2), 5 + 3 * 2 ** 111);
        assertEq(RewardIndex.indexAfterDown(0, 1, 2 ** 96), 2 ** 16, "one unit over the largest total");
        assertEq(RewardIndex.indexAfterDown(0, 1, 2 ** 113), 0, "down");
    }

    function test_accruedDown_byHand() external pure {
        assertEq(RewardIndex.accruedDown(3, 2 ** 111, 0), 1); // 1.5
        assertEq(RewardIndex.accruedDown(3, 2 ** 112, 2 ** 111), 1);
        assertEq(RewardIndex.accruedDown(3, 1, 2), 0, "an index never falls");
    }

    /// nothing fails at the largest numbers, and the index fits its 216 bits
    function test_edges() external pure {
        uint256 index = RewardIndex.indexAfterDown(0, type(uint104).max, 1);
        assertLt(index, 2 ** 216);
        assertEq(RewardIndex.accruedDown(1, index, 0), type(uint104).max);
        assertLt(RewardIndex.accruedDown(type(uint256).max, type(uint216).max, 0), 2 ** 200);
        assertEq(RewardIndex.releasedDown(type(uint104).max, 90 days, 90 days), type(uint104).max);
    }

    /// what was there is never hurried, nor slowed down beyond the period of the newest
    function testFuzz_spanAfter_isBetween(
        uint256 unemitted,
        uint256 leftFor,
        uint256 lump,
        uint256 periodFor
    ) external pure {
        unemitted = bound(unemitted, 0, type(uint104).max);
        lump = bound(lump, 1, type(uint104).max);
        (leftFor, periodFor) = (bound(leftFor, 0, 90 days), bound(periodFor, 1 days, 90 days));
        uint256 spanFor = RewardIndex.spanAfter(unemitted, leftFor, lump, periodFor);
        assertGe(spanFor, leftFor);
        assertLe(spanFor, leftFor > periodFor ? leftFor : periodFor);
    }
}
