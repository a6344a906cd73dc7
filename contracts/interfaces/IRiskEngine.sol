// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";

/// @notice The judge: reads an account once, says whether it is covered.
interface IRiskEngine {
    /// @notice After the action the account is neither covered at the initial line nor improved.
    /// @param requiredValue R at opening prices [value]
    /// @param availableValue A_I at opening prices [value]
    error InsufficientMargin(AccountId account, uint256 requiredValue, uint256 availableValue);
    /// @notice A collateral of the account gives no credit against its debts, or its seizure is paused: nothing is
    /// borrowed beside it, and an account that owes does not open it.
    error CollateralWithoutCredit(AccountId account, address asset);
    /// @notice Collateral cannot leave an account that is below its maintenance line or under a call, unless the
    /// account ends at its initial line.
    error CollateralHeldByCall(AccountId account, uint256 requiredValue, uint256 availableValue);
}
