// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ICollateralVault} from "../../contracts/interfaces/ICollateralVault.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {CollateralLine, DebtLine} from "../../contracts/types/Snapshot.sol";
import {TestBase} from "../support/TestBase.sol";

/// Who and what takes part in a campaign.
struct Cast {
    ICollateralVault vault;
    ILendingPool[2] pools;
    MockToken[2] cash;
    MockToken[3] collaterals;
    MockAggregator[5] feeds; // of cash, then of collaterals
    address[4] owners;
    address[2] lenders;
    address keeper;
    address stranger;
}

/// What was seen of one account.
struct Seen {
    IVaultLens.AccountView account;
    uint256[3] holdings; // [assets]
    uint256[2] shares; // [debt shares]
}

/// What was seen of everything at one moment.
struct Sight {
    Seen[4] accounts;
    uint256[2] lendersAssets; // totalAssets of the pools
    uint256[2] supplies; // totalSupply of the pools
    ILendingPool.Totals[2] totals;
}

/// The cast of a campaign and how it is looked at. What is found to be wrong is remembered, because a handler that
/// reverts takes its finding with it.
abstract contract World is TestBase {
    Cast internal cast;
    /// What the vault was sent without a deposit, of each collateral [assets].
    uint256[3] internal given;
    /// The first promise that was found broken; empty when all held.
    string public violation;

    constructor(Cast memory newCast) {
        cast = newCast;
    }

    function _accountOf(uint256 owner) internal view returns (AccountId) {
        return toAccountId(cast.owners[owner % 4], 0);
    }

    function _look() internal view returns (Sight memory sight) {
        for (uint256 i; i < 4; ++i) {
            Seen memory seen = sight.accounts[i];
            seen.account = cast.vault.accountOf(_accountOf(i));
            CollateralLine[] memory held = seen.account.snapshot.collaterals;
            // cash was listed first: the ids of collaterals begin at 2
            for (uint256 k; k < held.length; ++k) seen.holdings[held[k].id - 2] = held[k].assets;
            DebtLine[] memory owed = seen.account.snapshot.debts;
            for (uint256 k; k < owed.length; ++k) seen.shares[owed[k].id] = owed[k].shares;
        }
        for (uint256 p; p < 2; ++p) {
            sight.totals[p] = cast.pools[p].totals();
            sight.lendersAssets[p] = cast.pools[p].totalAssets();
            sight.supplies[p] = cast.pools[p].totalSupply();
        }
    }

    /// remembers the first broken promise
    function _promise(bool holds, string memory what) internal {
        if (!holds && bytes(violation).length == 0) violation = what;
    }

    function _isCovered(Seen memory seen) internal pure returns (bool) {
        return seen.account.row.coverMaintenance >= seen.account.row.requirement;
    }

    function _nav(Seen memory seen) internal pure returns (int256) {
        return int256(seen.account.row.collateralValue) - int256(seen.account.row.debtValue);
    }
}
