// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice Tokens that somebody sent to the vault by mistake: what it holds beyond what it owes to accounts.
interface IRecovery {
    /// @notice The vault owes every unit of the token that it holds.
    error NothingToRecover(address token);
    /// @notice Recovered tokens go neither to nobody nor back to the vault.
    error RecoveryReceiverInvalid(address receiver);
    /// @notice The token is paid to the vault as a reward for holders of the asset: it is harvested, not recovered.
    error RewardsNotRecoverable(address token, address asset);
    /// @notice The token took more than it was asked to move: less is left than accounts own.
    error OwedTokensTaken(address token, uint256 heldAssets, uint256 owedAssets);

    /// @notice Tokens that were owed to nobody left the vault.
    event Recovered(address indexed token, address indexed receiver, uint256 assets);

    /// @notice Sends what the vault holds of a token beyond what it owes to accounts; restricted.
    /// @param token Any token, listed or not.
    /// @param receiver Who gets it.
    /// @return assets What was sent [assets].
    function recover(address token, address receiver) external returns (uint256 assets);
}
