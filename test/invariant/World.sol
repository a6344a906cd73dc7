// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {ICollateralVault} from "../../contracts/interfaces/ICollateralVault.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {RecallQueue} from "../../contracts/types/Sleeve.sol";
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
    address[] assets; // all that is listed, by id
}

/// What was seen of one account.
struct Seen {
    IVaultLens.AccountView account;
    uint256[] holdings; // by id of the asset [assets]
    uint256[2] shares; // [debt shares]
}

/// What was seen of everything at one moment.
struct Sight {
    Seen[4] accounts;
    uint256[2] lendersAssets; // totalAssets of the pools
    uint256[2] supplies; // totalSupply of the pools
    ILendingPool.Totals[2] totals;
    CustodySight custody; // empty in a campaign without reuse
}

/// What was seen of sleeves, rewards and the asset that is delisted.
struct CustodySight {
    uint256 seenAt;
    uint256 sharePrice; // what 1e18 shares of the allocator count for [assets]
    uint256 supplyShares; // of the allocator [shares]
    uint256 idleAssets; // of the allocator [assets]
    RecallQueue[2] queues;
    uint256[2][4] tickets;
    uint256[3][4] claimable; // of each account from each stream [assets]
    uint256 glidePpm; // maintenance haircut of what is delisted
}

/// The cast of a campaign and how it is looked at. What is found to be wrong is remembered, because a handler that
/// reverts takes its finding with it.
abstract contract World is TestBase {
    Cast internal cast;
    /// What the vault was sent without a deposit, by id of the asset [assets].
    mapping(uint256 assetId => uint256 assets) internal given;
    /// The first promise that was found broken; empty when all held.
    string public violation;
    /// What was seen after the last action, and when.
    address private keptSight;
    uint256 private keptAt;

    constructor(Cast memory newCast) {
        cast = newCast;
    }

    function _accountOf(uint256 owner) internal view returns (AccountId) {
        return toAccountId(cast.owners[owner % 4], 0);
    }

    /// what was seen after the last action: nothing but actions and time changes it, and to look costs most of all
    function _lookBefore() internal view returns (Sight memory) {
        return
            keptSight != address(0) && keptAt == block.timestamp
                ? abi.decode(SSTORE2.read(keptSight), (Sight))
                : _look();
    }

    function _keep(Sight memory sight) internal {
        (keptSight, keptAt) = (SSTORE2.write(abi.encode(sight)), block.timestamp);
    }

    function _forget() internal {
        keptAt = 0;
    }

    function _look() internal view returns (Sight memory sight) {
        for (uint256 i; i < 4; ++i) {
            Seen memory seen = sight.accounts[i];
            seen.holdings = new uint256[](cast.assets.length);
            seen.account = cast.vault.accountOf(_accountOf(i));
            CollateralLine[] memory held = seen.account.snapshot.collaterals;
            for (uint256 k; k < held.length; ++k) seen.holdings[held[k].id] = held[k].assets;
            DebtLine[] memory owed = seen.account.snapshot.debts;
            for (uint256 k; k < owed.length; ++k) seen.shares[owed[k].id] = owed[k].shares;
        }
        for (uint256 p; p < 2; ++p) {
            sight.totals[p] = cast.pools[p].totals();
            sight.lendersAssets[p] = cast.pools[p].totalAssets();
            sight.supplies[p] = cast.pools[p].totalSupply();
        }
        _lookFurther(sight.custody);
    }

    /// what a campaign of more than accounts and pools looks at
    function _lookFurther(CustodySight memory) internal view virtual {}

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
