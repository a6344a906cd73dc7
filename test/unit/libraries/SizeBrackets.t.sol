// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SizeBrackets} from "../../../contracts/libraries/SizeBrackets.sol";
import {TestBase} from "../../support/TestBase.sol";

// creditDown, given a depth and a haircut
// ├── it grows with the value, and is never above value · (1 − haircut)
// ├── above twice the depth it stays
// └── it is the sum of the segments by their weights
// shareOfCreditDown, given what all accounts hold
// ├── it is never above the credit that the account would get alone
// └── shares of several accounts are never above the credit of the whole
contract SizeBracketsTest is TestBase {
    uint256 private constant MOST = 1e33;
    uint256 private constant PPM = 1e6;

    function testFuzz_credit_growsWithValue(uint256 small, uint256 more, uint256 depth, uint256 haircut) external pure {
        (small, depth, haircut) = (bound(small, 0, MOST), bound(depth, 0, MOST), bound(haircut, 0, PPM));
        uint256 large = small + bound(more, 0, MOST);
        uint256 credit = SizeBrackets.creditDown(small, depth, haircut);
        assertLe(credit, (small * (PPM - haircut)) / PPM, "haircut");
        assertLe(credit, SizeBrackets.creditDown(large, depth, haircut), "grows");
        assertLe(
            SizeBrackets.creditDown(large, depth, haircut) - credit,
            large - small + 1,
            "at most as fast as value"
        );
    }

    function testFuzz_credit_fallsWithHaircut(uint256 value, uint256 depth, uint256 low, uint256 high) external pure {
        (value, depth) = (bound(value, 0, MOST), bound(depth, 0, MOST));
        high = bound(high, 0, PPM);
        low = bound(low, 0, high);
        assertGe(SizeBrackets.creditDown(value, depth, low), SizeBrackets.creditDown(value, depth, high));
    }

    function testFuzz_credit_stopsAtTwiceTheDepth(uint256 more, uint256 depth, uint256 haircut) external pure {
        (depth, haircut) = (bound(depth, 0, MOST), bound(haircut, 0, PPM));
        uint256 value = 2 * depth + bound(more, 0, MOST);
        assertEq(SizeBrackets.creditDown(value, depth, haircut), SizeBrackets.creditDown(2 * depth, depth, haircut));
    }

    function testFuzz_credit_isTheSumOfItsSegments(uint256 value, uint256 depth, uint256 haircut) external pure {
        (value, depth, haircut) = (bound(value, 0, MOST), bound(depth, 0, MOST), bound(haircut, 0, PPM));
        uint256 weighted;
        uint256 end = value;
        for (uint256 above = SizeBrackets.SEGMENTS; above > 0; --above) {
            uint256 start = SizeBrackets.segmentStart(above - 1, depth);
            if (end <= start) continue;
            weighted += (end - start) * SizeBrackets.weightWad(above - 1, haircut);
            end = start;
        }
        assertEq(SizeBrackets.creditDown(value, depth, haircut), weighted / 1e18);
    }

    function testFuzz_share_isNotAboveOwnCredit(
        uint256 value,
        uint256 others,
        uint256 depth,
        uint256 haircut
    ) external pure {
        (value, depth, haircut) = (bound(value, 0, MOST), bound(depth, 0, MOST), bound(haircut, 0, PPM));
        uint256 total = value + bound(others, 0, MOST);
        uint256 share = SizeBrackets.shareOfCreditDown(value, total, depth, haircut);
        assertLe(share, SizeBrackets.creditDown(value, depth, haircut), "sub-accounts gain nothing");
        assertLe(share, SizeBrackets.creditDown(total, depth, haircut), "part of the whole");
    }

    function testFuzz_share_ofAllIsNotAboveTheWhole(
        uint256[5] memory values,
        uint256 depth,
        uint256 haircut
    ) external pure {
        (depth, haircut) = (bound(depth, 0, MOST), bound(haircut, 0, PPM));
        uint256 total;
        for (uint256 i; i < 5; ++i) total += values[i] = bound(values[i], 0, MOST);
        uint256 shares;
        for (uint256 i; i < 5; ++i) shares += SizeBrackets.shareOfCreditDown(values[i], total, depth, haircut);
        assertLe(shares, SizeBrackets.creditDown(total, depth, haircut));
    }
}
