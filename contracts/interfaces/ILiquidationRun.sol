// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";

/// @notice What liquidation and write-off have in common.
interface ILiquidationRun {
    /// @notice The account is covered at its maintenance line: nothing may be taken.
    error NotLiquidatable(AccountId account, uint256 requiredValue, uint256 availableValue);
    /// @notice Somebody else liquidated the account first.
    error UnexpectedLiquidations(AccountId account, uint256 found, uint256 expected);
    /// @notice The deadline of the liquidator has passed.
    error DeadlinePassed(uint256 deadline, uint256 currentAt);
    /// @notice Less collateral than the liquidator asked for.
    error OutputBelowMinimum(address asset, uint256 seizedAssets, uint256 minimumOut);
    /// @notice The account is insolvent, or uncovered with at most half of its cushion used, solely by a price that
    /// jumped in one round: wait for a round that confirms it, or for the time that ends the window.
    error JumpUnconfirmed(AccountId account, uint256 endsAt);
    /// @notice The account's owner lowered its cover in this very transaction.
    error CoolingOff(AccountId account);
}
