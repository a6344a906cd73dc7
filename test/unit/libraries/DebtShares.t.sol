// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {DebtShares} from "../../../contracts/libraries/DebtShares.sol";
import {InterestModel} from "../../../contracts/libraries/InterestModel.sol";
import {TestBase} from "../../support/TestBase.sol";

// given an index and a share unit
// ├── when assets are borrowed: the shares owe at least as much
// ├── when assets are repaid: the shares taken off owed no more
// ├── when assets are borrowed and repaid at once: nobody gains
// ├── when a repayment is split: it takes off no more shares
// └── when the index grows: the same shares owe no less
contract DebtSharesTest is TestBase {
    function testFuzz_shares_roundTripsNeverProfit(uint96 assets, uint256 index, uint256 unit) external pure {
        (index, unit) = _rate(index, unit);
        uint256 borrowed = DebtShares.toSharesUp(assets, index, unit);
        assertGe(DebtShares.toAssetsUp(borrowed, index, unit), assets, "owes at least what was lent");
        assertGe(DebtShares.toAssetsDown(borrowed, index, unit), assets, "is worth at least what was lent");
        uint256 repaid = DebtShares.toSharesDown(assets, index, unit);
        assertLe(DebtShares.toAssetsUp(repaid, index, unit), assets, "pays off at most what was paid");
        assertLe(repaid, borrowed, "a loan repaid at once leaves no gain");
        assertLe(borrowed - repaid, 1, "and at most a share");
    }

    function testFuzz_assets_roundTripsNeverProfit(uint72 shares, uint256 index, uint256 unit) external pure {
        (index, unit) = _rate(index, unit);
        uint256 owed = DebtShares.toAssetsUp(shares, index, unit);
        assertGe(DebtShares.toSharesDown(owed, index, unit), shares, "what is owed pays all of it off");
        assertLe(owed - DebtShares.toAssetsDown(shares, index, unit), 1, "the two differ by a unit");
    }

    function testFuzz_repay_splitTakesNoMore(uint96 first, uint96 second, uint256 index, uint256 unit) external pure {
        (index, unit) = _rate(index, unit);
        uint256 parts = DebtShares.toSharesDown(first, index, unit) + DebtShares.toSharesDown(second, index, unit);
        assertLe(parts, DebtShares.toSharesDown(uint256(first) + second, index, unit));
    }

    function testFuzz_assets_growWithIndex(uint72 shares, uint256 early, uint256 late, uint256 unit) external pure {
        (early, unit) = _rate(early, unit);
        late = bound(late, early, InterestModel.INDEX_MAX);
        assertLe(DebtShares.toAssetsUp(shares, early, unit), DebtShares.toAssetsUp(shares, late, unit));
    }

    function _rate(uint256 index, uint256 unit) private pure returns (uint256, uint256) {
        return (bound(index, InterestModel.INDEX_ONE, InterestModel.INDEX_MAX), 10 ** bound(unit, 0, 6));
    }
}
