// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";

/// @notice What a liquidator that wants a callback implements. The vault's lock is held during the call.
interface ILiquidationCallback {
    /// @notice The collateral has been sent; the vault pulls what is owed from the caller right after.
    /// @param account The liquidated account.
    /// @param assets Collaterals sent.
    /// @param seizedAssets How much of each [assets].
    /// @param pools Pools to be repaid.
    /// @param owedAssets How much the vault pulls for each, fee included [assets].
    /// @param data What the liquidator passed.
    function onLiquidation(
        AccountId account,
        address[] calldata assets,
        uint256[] calldata seizedAssets,
        PoolId[] calldata pools,
        uint256[] calldata owedAssets,
        bytes calldata data
    ) external;
}
