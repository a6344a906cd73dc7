// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";

/// @notice Limits of an account, which bound the gas of a judgement.
interface IPositions {
    /// @notice The account would hold more collaterals than allowed.
    error TooManyCollaterals(AccountId account, uint256 found, uint256 most);
    /// @notice The account would owe more pools than allowed.
    error TooManyDebts(AccountId account, uint256 found, uint256 most);
}
