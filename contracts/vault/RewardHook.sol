// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRewardsDistributor} from "../interfaces/IRewardsDistributor.sol";
import {AccountId} from "../types/AccountId.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// Where the vault tells the distributor of an asset what an account held until now: before every change of a holding
/// or of the asset's total. The callers test the asset's flag in a word that they read anyway, so an asset without
/// rewards costs nothing else.
abstract contract RewardHook is VaultStorage {
    /// `holdingAssets` and `totalAssets` as they are before the change [assets]
    function _checkpoint(AccountId account, address asset, uint256 holdingAssets, uint256 totalAssets) internal {
        IRewardsDistributor(rewardDistributors[asset]).checkpoint(account, asset, holdingAssets, totalAssets);
    }
}
