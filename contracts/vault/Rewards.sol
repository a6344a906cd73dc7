// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IRewards} from "../interfaces/IRewards.sol";
import {IRewardsDistributor} from "../interfaces/IRewardsDistributor.sol";
import {AssetState, AssetStateLib} from "../types/AssetState.sol";
import {Recovery} from "./Recovery.sol";

/// Which distributor an asset has, and the way of reward tokens that others pay to the vault. A distributor goes only
/// when nobody holds the asset: then it was told of every change, and what it owes it can pay for ever.
abstract contract Rewards is Recovery, IRewards {
    using SafeERC20 for IERC20;

    // ---- governance ----

    /// @inheritdoc IRewards
    function setRewards(address asset, address distributor) external restricted nonReentrant {
        AssetState state = assetStates[asset];
        require(state.isListed(), IAccountLedger.AssetNotListed(asset));
        address old = rewardDistributors[asset];
        require(old == address(0) || state.total() == 0, AssetStillHeld(asset, state.total()));
        uint256 flags = state.flags() & ~AssetStateLib.HAS_REWARDS;
        if (distributor != address(0)) {
            _requireUnused(asset, distributor);
            flags |= AssetStateLib.HAS_REWARDS;
        }
        assetStates[asset] = state.withConfig(state.cap(), state.id(), flags);
        rewardDistributors[asset] = distributor;
        emit RewardsSet(asset, old, distributor);
    }

    /// one that had streams of the asset before was not told what happened since
    function _requireUnused(address asset, address distributor) private view {
        address told = IRewardsDistributor(distributor).vault();
        require(told == address(this), DistributorOfAnotherVault(distributor, told));
        uint256 streams = IRewardsDistributor(distributor).streamsOf(asset).length;
        require(streams == 0, DistributorUsed(asset, distributor, streams));
    }

    /// @inheritdoc IRewards
    function setHarvest(address token, address asset) external restricted nonReentrant {
        require(asset == address(0) || rewardDistributors[asset] != address(0), RewardsNotSet(asset));
        emit HarvestSet(token, harvestAssets[token], asset);
        harvestAssets[token] = asset;
    }

    // ---- everybody ----

    /// @inheritdoc IRewards
    function harvest(address asset, address token) external nonReentrant returns (uint256 assets) {
        require(asset != address(0) && harvestAssets[token] == asset, HarvestNotRegistered(asset, token));
        address distributor = rewardDistributors[asset];
        require(distributor != address(0), RewardsNotSet(asset));
        assets = _unowed(token);
        require(assets != 0, NothingToHarvest(token));
        emit Harvested(asset, token, assets);
        IERC20(token).forceApprove(distributor, assets);
        IRewardsDistributor(distributor).fund(asset, token, assets);
        _requireOwedLeft(token);
    }

    // ---- views ----

    /// @inheritdoc IRewards
    function rewardsOf(address asset) external view returns (address distributor, uint256 totalAssets) {
        return (rewardDistributors[asset], assetStates[asset].total());
    }

    /// @inheritdoc IRewards
    function harvestAssetOf(address token) external view returns (address asset) {
        return harvestAssets[token];
    }
}
