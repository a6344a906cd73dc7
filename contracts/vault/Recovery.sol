// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IRecovery} from "../interfaces/IRecovery.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// Tokens that the vault holds and owes nobody. What accounts own is what the ledger says, never a balance read.
abstract contract Recovery is VaultStorage, IRecovery {
    using SafeERC20 for IERC20;

    /// @inheritdoc IRecovery
    function recover(address token, address receiver) external restricted nonReentrant returns (uint256 assets) {
        require(receiver != address(0) && receiver != address(this), RecoveryReceiverInvalid(receiver));
        address asset = harvestAssets[token];
        require(asset == address(0), RewardsNotRecoverable(token, asset));
        assets = _unowed(token);
        require(assets != 0, NothingToRecover(token));
        emit Recovered(token, receiver, assets);
        IERC20(token).safeTransfer(receiver, assets);
        _requireOwedLeft(token);
    }

    /// what accounts own is still there
    function _requireOwedLeft(address token) internal view {
        uint256 held = IERC20(token).balanceOf(address(this));
        uint256 owed = assetStates[token].total();
        require(held >= owed, OwedTokensTaken(token, held, owed));
    }

    /// what is held beyond what is owed [assets]
    function _unowed(address token) internal view returns (uint256) {
        uint256 held = IERC20(token).balanceOf(address(this));
        uint256 owed = assetStates[token].total();
        return held > owed ? held - owed : 0;
    }
}
