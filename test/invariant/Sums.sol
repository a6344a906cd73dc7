// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {Watch} from "./Watch.sol";
import {Sight} from "./World.sol";

/// The sums that hold after every action.
abstract contract Sums is Watch {
    /// The first sum that does not hold.
    struct Finding {
        string broken; // empty when all hold
    }

    /// A1–A5, A9, B8, D and those of custody, on a new look: the first that is broken, empty when all hold. That the
    /// views answer at all is C9
    function checkSums() external view returns (string memory) {
        return _sumsOf(_look());
    }

    function _sumsOf(Sight memory sight) internal view returns (string memory) {
        Finding memory finding;
        for (uint256 id; id < cast.assets.length; ++id) _checkCollateral(finding, sight, id);
        for (uint256 p; p < 2; ++p) _checkPool(finding, sight, p);
        for (uint256 i; i < 4; ++i) {
            bool isBare = sight.accounts[i].account.snapshot.collaterals.length == 0;
            _holds(finding, !isBare || sight.accounts[i].account.row.debtValue == 0, "B8: debt without collateral");
        }
        _checkFurther(finding, sight);
        return finding.broken;
    }

    /// what a campaign of more than accounts and pools adds
    function _checkFurther(Finding memory finding, Sight memory sight) internal view virtual {}

    function _holds(Finding memory finding, bool holds, string memory what) internal pure {
        if (!holds && bytes(finding.broken).length == 0) finding.broken = what;
    }

    function _checkCollateral(Finding memory finding, Sight memory sight, uint256 id) private view {
        uint256 sum;
        for (uint256 i; i < 4; ++i) sum += sight.accounts[i].holdings[id];
        (uint256 owed, uint256 held) = cast.vault.reservesOf(cast.assets[id]);
        _holds(finding, sum == owed, "A2: the sum of holdings is the total");
        _holds(finding, held >= owed, "A1: custody holds what it owes");
        _holds(finding, held == owed + given[id], "A18: and no more than what was given");
    }

    function _checkPool(Finding memory finding, Sight memory sight, uint256 p) private view {
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
            _holds(finding, owed <= totals.debtAssets + 1, "A5: nobody owes more than all");
        }
        _holds(finding, shares == totals.debtShares, "A3: the sum of debt shares is the pool's");
        _holds(finding, debts >= totals.debtAssets, "A5: debts are rounded up");
        _holds(finding, debts <= totals.debtAssets + count, "A5: by a unit each");
        _holds(finding, cast.cash[p].balanceOf(address(pool)) >= totals.cashAssets, "A1: the pool holds its cash");
        _holds(
            finding,
            sight.lendersAssets[p] + totals.feeAssets == totals.cashAssets + totals.debtAssets,
            "A9: cash and debt are the lenders' and the reserve's"
        );
        for (uint256 who; who < 2; ++who) {
            uint256 most = pool.maxWithdraw(cast.lenders[who]);
            _holds(finding, most <= totals.cashAssets, "D: no promise without cash");
        }
        _holds(finding, _sharesOf(address(pool)) == sight.supplies[p], "A3: the sum of shares is the supply");
    }

    /// Σ shares of a pool over all who may have some
    function _sharesOf(address shares) internal view virtual returns (uint256 sum) {
        for (uint256 who; who < 2; ++who) sum += ILendingPool(shares).balanceOf(cast.lenders[who]);
    }

    /// what an account owes to a pool [assets]
    function _owed(Sight memory sight, uint256 owner, uint256 p) private pure returns (uint256 owed) {
        for (uint256 j; j < sight.accounts[owner].account.snapshot.debts.length; ++j) {
            if (sight.accounts[owner].account.snapshot.debts[j].id == p)
                owed = sight.accounts[owner].account.snapshot.debts[j].assets;
        }
    }
}
