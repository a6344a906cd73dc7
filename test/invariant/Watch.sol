// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {CollateralLine} from "../../contracts/types/Snapshot.sol";
import {Seen, Sight, World} from "./World.sol";

/// Compares what was seen before and after one action with what such an action may do.
abstract contract Watch is World {
    /// Who acted.
    enum Actor {
        OWNER, // of the account `subject`
        STRANGER,
        LENDER,
        KEEPER, // calls and price upkeep
        LIQUIDATOR, // of the account `subject`
        UNDERTAKER, // wrote off the account `subject`
        NATURE, // prices and time
        VENUE, // the fortunes of a venue, and what a manager does with one that misbehaves
        RECALLER // moves what is reused back, of all or by the owner `subject`
    }

    function _compare(Sight memory before, Sight memory present, Actor actor, uint256 subject) internal {
        for (uint256 i; i < 4; ++i) {
            _compareHealth(before.accounts[i], present.accounts[i], actor);
            _compareClock(before.accounts[i], present.accounts[i]);
            bool isSubject = i == subject;
            if (actor == Actor.OWNER && isSubject) _compareOwn(before.accounts[i], present.accounts[i]);
            else if (actor == Actor.LIQUIDATOR && isSubject)
                _compareLiquidated(before.accounts[i], present.accounts[i]);
            else if (actor == Actor.UNDERTAKER && isSubject)
                _compareWrittenOff(before.accounts[i], present.accounts[i]);
            else if (actor == Actor.RECALLER) _compareRecalled(before.accounts[i], present.accounts[i], isSubject);
            else _compareForeign(before.accounts[i], present.accounts[i]);
        }
        for (uint256 p; p < 2; ++p) {
            _promise(present.totals[p].index >= before.totals[p].index, "A8: the index fell");
            if (actor != Actor.UNDERTAKER)
                _promise(_isWorthAsMuch(before, present, p), "A7: the share price fell without a loss");
        }
        _compareFurther(before, present, actor);
    }

    /// the price of a share, as a fraction; of cash with 18 decimals a share costs one unit at first, else a millionth
    function _isWorthAsMuch(Sight memory before, Sight memory present, uint256 p) private pure returns (bool) {
        uint256 unitShares = p == 0 ? 1e6 : 1;
        (uint256 oldAssets, uint256 oldShares) = _priceOf(before.lendersAssets[p], before.supplies[p], unitShares);
        (uint256 assets, uint256 shares) = _priceOf(present.lendersAssets[p], present.supplies[p], unitShares);
        return assets * oldShares >= oldAssets * shares;
    }

    /// the lower of two: with a million virtual shares, or with those of one unit
    function _priceOf(
        uint256 lendersAssets,
        uint256 supply,
        uint256 unitShares
    ) private pure returns (uint256 assets, uint256 shares) {
        (uint256 few, uint256 fewShares) = (lendersAssets + 1, supply + unitShares);
        (uint256 many, uint256 manyShares) = (lendersAssets + 1e6 / unitShares, supply + 1e6);
        return many * fewShares < few * manyShares ? (many, manyShares) : (few, fewShares);
    }

    /// B1: only prices, time and the losses of a venue make a covered account uncovered
    function _compareHealth(Seen memory before, Seen memory present, Actor actor) private {
        if (_mayUncover(before, actor) || !_isCovered(before)) return;
        _promise(_isCovered(present), "B1: an action made a covered account uncovered");
    }

    /// B15: the clock of a call never goes back, and only the initial line cures
    function _compareClock(Seen memory before, Seen memory present) private {
        IVaultLens.AccountView memory old = before.account;
        IVaultLens.AccountView memory now_ = present.account;
        if (old.callState == 1 && now_.callState == 1)
            _promise(now_.row.deadline <= old.row.deadline, "B15: a running deadline moved away");
        if (old.callState == 1 && now_.callState == 2) {
            uint256 left = old.row.deadline > block.timestamp ? old.row.deadline - block.timestamp : 0;
            _promise(now_.callLeftFor <= left, "B15: a pause gave time");
        }
        if (old.callState == 2 && now_.callState == 2)
            _promise(now_.callLeftFor == old.callLeftFor, "B15: the rest of a paused call changed");
        if (old.callState == 2 && now_.callState == 1 && !_hasRested(old))
            _promise(now_.row.deadline <= block.timestamp + old.callLeftFor, "B15: a resumption gave time");
        if (old.callState != 0 && now_.callState == 0)
            _promise(now_.row.coverInitial >= now_.row.requirement, "B15: cured below the initial line");
        if (old.callState == 0 && now_.callState != 0) {
            _promise(!_isCovered(present), "B15: a covered account was called");
            _promise(now_.row.deadline > block.timestamp, "B15: a call without time");
        }
    }

    function _mayUncover(Seen memory, Actor actor) internal view virtual returns (bool) {
        return actor == Actor.NATURE;
    }

    /// what a campaign of more than accounts and pools compares
    function _compareFurther(Sight memory before, Sight memory present, Actor actor) internal virtual {}

    function _compareRecalled(Seen memory before, Seen memory present, bool isOwn) internal virtual {}

    /// pauses are counted in the handler, which knows when they began
    function _hasRested(IVaultLens.AccountView memory old) internal view virtual returns (bool);

    /// B2: an owner who takes something out ends at the initial line, or gives at least as much in
    function _compareOwn(Seen memory before, Seen memory present) private {
        IVaultLens.AccountView memory now_ = present.account;
        bool takesRisk;
        for (uint256 c; c < before.holdings.length; ++c)
            takesRisk = takesRisk || present.holdings[c] < before.holdings[c];
        for (uint256 p; p < 2; ++p) takesRisk = takesRisk || present.shares[p] > before.shares[p];
        if (!takesRisk || now_.opening.coverInitial >= now_.opening.requirement) return;
        _promise(_nav(present) >= _nav(before), "B2: value left an account below its initial line");
        // the gate compares coverage without what is stale, this row has it at its last good price
        if (_hasStale(before) || _hasStale(present)) return;
        _promise(
            now_.row.coverMaintenance * before.account.row.requirement >=
                before.account.row.coverMaintenance * now_.row.requirement,
            "B2: coverage fell below the initial line"
        );
    }

    function _hasStale(Seen memory seen) internal pure returns (bool) {
        for (uint256 i; i < seen.account.snapshot.collaterals.length; ++i) {
            if (!seen.account.snapshot.collaterals[i].isFresh) return true;
        }
        return false;
    }

    /// B4, B6: a liquidation never lowers coverage, never takes more than the equity, never adds
    function _compareLiquidated(Seen memory before, Seen memory present) private {
        _promise(before.account.row.status == IVaultLens.AccountStatus.LIQUIDATABLE, "B3: was not liquidatable");
        _promise(
            present.account.row.coverMaintenance * before.account.row.requirement >=
                before.account.row.coverMaintenance * present.account.row.requirement,
            "B4: a liquidation lowered coverage"
        );
        // a leg on a speck may pay for less than a unit of it
        _promise(_nav(present) <= _nav(before) + 1e16, "B6: a liquidation gave");
        _promise(_nav(present) >= -1e13, "B6: the bonus ate more than the equity");
        _promise(present.account.row.liquidations == before.account.row.liquidations + 1, "not counted");
        _onlyLess(before, present);
    }

    /// B8: a write-off leaves no debt but with collateral that could not be taken, and then all of that; and no call
    function _compareWrittenOff(Seen memory before, Seen memory present) private {
        _promise(before.account.row.status == IVaultLens.AccountStatus.INSOLVENT, "was not insolvent");
        bool leavesDebt = present.shares[0] + present.shares[1] != 0;
        _promise(!leavesDebt || _hasUntakeable(present), "B8: a write-off left debt without what could not be taken");
        _promise(leavesDebt || present.account.callState == 0, "B8: a write-off left a call");
        _onlyLess(before, present);
    }

    /// collateral above dust whose price is not fresh, or that governance keeps from being seized
    function _hasUntakeable(Seen memory seen) private view returns (bool) {
        IVaultLens.AccountView memory account = seen.account;
        for (uint256 i; i < account.seizures.length; ++i) {
            CollateralLine memory line = account.snapshot.collaterals[i];
            bool isKept =
                !line.isFresh || account.seizures[i].isPaused || account.seizures[i].seizableAt > block.timestamp;
            if (isKept && line.assets * line.price >= 100e36) return true;
        }
        return false;
    }

    /// C1, B12: nobody else lowers collateral or raises debt
    function _compareForeign(Seen memory before, Seen memory present) private {
        for (uint256 c; c < before.holdings.length; ++c)
            _promise(present.holdings[c] >= before.holdings[c], "C1: a stranger lowered collateral");
        for (uint256 p; p < 2; ++p) _promise(present.shares[p] <= before.shares[p], "C1: a stranger raised debt");
    }

    function _onlyLess(Seen memory before, Seen memory present) private {
        for (uint256 c; c < before.holdings.length; ++c)
            _promise(present.holdings[c] <= before.holdings[c], "collateral was added");
        for (uint256 p; p < 2; ++p) _promise(present.shares[p] <= before.shares[p], "debt was added");
    }
}
