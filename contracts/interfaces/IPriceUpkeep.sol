// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice What anyone may do for the prices of the vault.
interface IPriceUpkeep {
    /// @notice The slow average of an asset's answer moved.
    event SlowAverageUpdated(address indexed asset, uint256 slowAnswer, uint256 spotAnswer);

    /// @notice The line above which an exchange rate does not count moved, or the highest rate that counted did.
    /// @param asset The asset whose price goes through the rate.
    /// @param lineWad The rate allowed at `movedAt`; from then on it rises by `growthWadPerDay` [wad]
    /// @param highestWad The highest rate that counted when somebody looked [wad]
    /// @param growthWadPerDay Fixed when the leg is set [wad per day]
    /// @param movedAt When the line had that height [s]
    event RateLineMoved(
        address indexed asset,
        uint256 lineWad,
        uint256 highestWad,
        uint256 growthWadPerDay,
        uint256 movedAt
    );

    /// @notice Moves the slow averages of assets towards spot; permissionless. An asset without a fresh price is passed
    /// over. Of an asset with a rate leg it also lowers the line to a week's growth above the highest rate that
    /// counted, if it is higher.
    /// @param ids Ids of the assets.
    function updateSlowAverages(uint256[] calldata ids) external;

    /// @notice Reads feeds again in this transaction, after a pull update.
    /// @param ids Ids of the assets.
    function refreshPrices(uint256[] calldata ids) external;
}
