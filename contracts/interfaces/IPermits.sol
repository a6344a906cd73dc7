// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice A token's permit (ERC-2612) and a call of the vault in one transaction.
interface IPermits {
    /// @notice Tries a permit from the caller to the vault, then makes a call of the vault as the caller. A permit
    /// that fails, because somebody used it before or the token knows none, is ignored: then the allowance decides.
    /// The vault pulls collateral to itself and repayments to the pool, so for both it is the vault that is
    /// permitted.
    /// @dev The call is what the caller could send, with the same rights; also another `permitAndCall`. It fails with
    /// the reason of the call.
    /// @param token A listed asset.
    /// @param value What the permit allows [assets]
    /// @param deadline Of the permit [unix s]
    /// @param v Of its signature.
    /// @param r Of its signature.
    /// @param s Of its signature.
    /// @param data The call: selector and arguments.
    /// @return answer What the call returned.
    function permitAndCall(
        address token,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s,
        bytes calldata data
    ) external returns (bytes memory answer);
}
