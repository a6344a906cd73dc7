// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ICollateralVault} from "../../contracts/interfaces/ICollateralVault.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
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
    uint256[2] indexes;
    uint256[2] fees;
}

/// The cast of a campaign and how it is looked at. What is found to be wrong is remembered, because a handler that reverts takes
/// its finding with it.
abstract contract World is TestBase {
    Cast internal cast;
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
            for (uint256 c; c < 3; ++c)
                seen.holdings[c] = cast.vault.holdingOf(_accountOf(i), address(cast.collaterals[c]));
            for (uint256 p; p < 2; ++p)
                (seen.shares[p], ) = cast.vault.debtOf(_accountOf(i), PoolId.wrap(uint8(p)));
        }
        for (uint256 p; p < 2; ++p) {
            sight.lendersAssets[p] = cast.pools[p].totalAssets();
            sight.supplies[p] = cast.pools[p].totalSupply();
            sight.indexes[p] = cast.pools[p].debtIndex();
            sight.fees[p] = cast.pools[p].totals().feeAssets;
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
