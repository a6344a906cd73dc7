// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {Sight} from "./World.sol";
import {Watch} from "./Watch.sol";

/// The sums that hold after every action. They fail at once, because nothing is lost when a view fails.
abstract contract Sums is Watch {
    /// A1–A5, A9, B8, D; that the views answer at all is C9
    function checkSums() external view {
        Sight memory sight = _look();
        for (uint256 c; c < 3; ++c) _checkCollateral(sight, c);
        for (uint256 p; p < 2; ++p) _checkPool(sight, p);
        for (uint256 i; i < 4; ++i) {
            if (sight.accounts[i].account.snapshot.collaterals.length != 0) continue;
            assertEq(sight.accounts[i].account.row.debtValue, 0, "B8: debt without collateral");
        }
    }

    function _checkCollateral(Sight memory sight, uint256 c) private view {
        uint256 sum;
        for (uint256 i; i < 4; ++i) sum += sight.accounts[i].holdings[c];
        (uint256 owed, uint256 held) = cast.vault.reservesOf(address(cast.collaterals[c]));
        assertEq(sum, owed, "A2: the sum of holdings is the total");
        assertGe(held, owed, "A1: custody holds what it owes");
        assertEq(held - owed, given[c], "A18: and no more than what was given");
    }

    function _checkPool(Sight memory sight, uint256 p) private view {
        ILendingPool pool = cast.pools[p];
        ILendingPool.Totals memory totals = sight.totals[p];
        uint256 shares;
        uint256 debts;
        uint256 count;
        for (uint256 i; i < 4; ++i) {
            uint256 own = sight.accounts[i].shares[p];
            uint256 owed = _owed(sight, i, p);
            shares += own;
            debts += owed;
            if (own != 0) ++count;
            assertLe(owed, totals.debtAssets + 1, "A5: nobody owes more than all");
        }
        assertEq(shares, totals.debtShares, "A3: the sum of debt shares is the pool's");
        assertGe(debts, totals.debtAssets, "A5: debts are rounded up");
        assertLe(debts, totals.debtAssets + count, "A5: by a unit each");
        assertGe(cast.cash[p].balanceOf(address(pool)), totals.cashAssets, "A1: the pool holds its cash");
        assertEq(
            sight.lendersAssets[p] + totals.feeAssets,
            totals.cashAssets + totals.debtAssets,
            "A9: cash and debt are the lenders' and the reserve's"
        );
        uint256 supply;
        for (uint256 who; who < 2; ++who) {
            supply += pool.balanceOf(cast.lenders[who]);
            assertLe(pool.maxWithdraw(cast.lenders[who]), totals.cashAssets, "D: no promise without cash");
        }
        assertEq(supply, sight.supplies[p], "A3: the sum of shares is the supply");
    }

    /// what an account owes to a pool [assets]
    function _owed(Sight memory sight, uint256 owner, uint256 p) private pure returns (uint256 owed) {
        for (uint256 j; j < sight.accounts[owner].account.snapshot.debts.length; ++j) {
            if (sight.accounts[owner].account.snapshot.debts[j].id == p)
                owed = sight.accounts[owner].account.snapshot.debts[j].assets;
        }
    }
}
