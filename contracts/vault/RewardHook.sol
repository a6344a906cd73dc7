// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRewardsDistributor} from "../interfaces/IRewardsDistributor.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// Where the vault tells the distributor of an asset what an account held until now: before every change of a holding
/// or of the asset's total. An asset without rewards costs the test of a bit in a word that is read anyway.
abstract contract RewardHook is VaultStorage {
    /// `holdingAssets` and `totalAssets` as they are before the change [assets]
    function _checkpoint(
        AccountId account,
        AssetState state,
        address asset,
        uint256 holdingAssets,
        uint256 totalAssets
    ) internal {
        if (!state.hasRewards()) return;
        IRewardsDistributor(rewardDistributors[asset]).checkpoint(account, asset, holdingAssets, totalAssets);
    }
}
