// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {IFlashLiquidator} from "./IFlashLiquidator.sol";
import {ISubstitution} from "./ISubstitution.sol";

/// @notice Exchanges collateral of an account through a venue in one transaction, without the owner having what comes
/// in: it takes the old collateral out, sells it, pays the new one in, and sends what is left to the owner.
/// @dev Warning: it needs the rights DEPOSIT, WITHDRAW and SEND on the account, and uses them for the account's owner
/// only. It holds nothing between calls: a token that somebody sends here goes to the next owner who moves it.
interface ICollateralSwapper {
    /// What is exchanged.
    struct Order {
        AccountId account;
        ISubstitution.Amount[] outgoing; // `type(uint256).max` for all of it
        ISubstitution.Amount[] incoming; // exactly so much is pledged: the least that the swaps must bring
        uint256 maxLossBps; // of the value that goes out, at the vault's prices; 100_00: any [bps]
        uint256 deadline; // [unix s]
    }

    /// @notice Only the owner of an account may swap its collateral.
    error CallerNotAccountOwner(AccountId account, address caller);
    /// @notice What goes out has no fresh price, so a loss cannot be measured.
    error PriceMissing(address asset);
    /// @notice At the vault's prices what came in and what went to the owner is worth too little.
    error SwapLosesValue(AccountId account, uint256 outValue, uint256 inValue, uint256 leastValue);

    /// @notice Collateral was swapped. `inValue` has what went to the owner with it; both are 0 when any loss was
    /// allowed, as then no price is read.
    event CollateralSwapped(AccountId indexed account, address indexed owner, uint256 outValue, uint256 inValue);

    /// @notice Swaps collateral of an account; the vault judges the exchange as any substitution.
    /// @param order What is exchanged, and the most that may be lost.
    /// @param swaps Sales on the venue, in this order; each sells what the run has.
    function swapCollateral(Order calldata order, IFlashLiquidator.Swap[] calldata swaps) external;
}
