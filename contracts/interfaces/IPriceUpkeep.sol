// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice What anyone may do for the prices of the vault.
interface IPriceUpkeep {
    /// @notice The slow average of an asset's answer moved.
    event SlowAverageUpdated(address indexed asset, uint256 slowAnswer, uint256 spotAnswer);

    /// @notice Moves the slow averages of assets towards spot; permissionless. An asset without a fresh price is passed
    /// over.
    /// @param ids Ids of the assets.
    function updateSlowAverages(uint256[] calldata ids) external;

    /// @notice Reads feeds again in this transaction, after a pull update.
    /// @param ids Ids of the assets.
    function refreshPrices(uint256[] calldata ids) external;
}
