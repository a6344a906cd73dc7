// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {ISubstitution} from "./ISubstitution.sol";

/// @notice What a caller of `substituteBySwap` implements. The vault's lock is held during the call.
interface ISubstitutionCallback {
    /// @notice What goes out has been sent to the caller; the vault pulls what comes in from it right after.
    /// @dev Warning: the ledger already has both sides, and the vault's views of accounts and of prices revert.
    /// @param account The account.
    /// @param incoming What the vault pulls: it must be here, and allowed to the vault.
    /// @param outgoing What was sent, with exact amounts.
    /// @param data What the caller passed.
    function onSubstitution(
        AccountId account,
        ISubstitution.Amount[] calldata incoming,
        ISubstitution.Amount[] calldata outgoing,
        bytes calldata data
    ) external;
}
