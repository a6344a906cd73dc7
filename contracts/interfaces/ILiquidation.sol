// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";

/// @notice Repay debt of an uncovered account and take collateral at a bonus; never more than needed, never to its
/// harm.
interface ILiquidation {
    /// One pair to act on.
    struct Leg {
        address asset; // collateral to take
        PoolId pool; // debt to repay
        uint256 maxRepaidAssets; // most to repay, without the fee; more than is needed is clamped [assets]
        uint256 minimumOut; // least collateral to receive [assets]
    }

    /// What was done on one pair, and at which prices and haircuts.
    struct LegReceipt {
        address asset;
        PoolId pool;
        uint256 repaidAssets; // debt reduced [assets]
        uint256 feeAssets; // paid on top, to the fee reserve of the pool [assets]
        uint256 seizedAssets; // collateral taken [assets]
        uint256 leastValue; // x*, the least repayment that reaches the target [value]
        uint256 collateralPrice; // [USD wad per 1e18 base units]
        uint256 debtPrice; // [USD wad per 1e18 base units]
        uint256 haircutPpm; // maintenance haircut of the collateral
        uint256 holdingAssets; // collateral left [assets]
        uint256 debtShares; // debt left [debt shares]
    }

    /// What was taken of one collateral in a write-off.
    struct Taken {
        address asset;
        uint256 seizedAssets; // [assets]
        uint256 price; // [USD wad per 1e18 base units]
        uint256 holdingAssets; // left to the account [assets]
    }

    /// What happened to one debt in a write-off.
    struct Settled {
        PoolId pool;
        uint256 repaidAssets; // paid by the liquidator [assets]
        uint256 lossAssets; // not paid: borne by the pool's layers [assets]
        uint256 price; // [USD wad per 1e18 base units]
    }

    /// @notice The account is covered at its maintenance line: nothing may be taken.
    error NotLiquidatable(AccountId account, uint256 requiredValue, uint256 availableValue);
    /// @notice The account is called and still has time to cure, and has not used its cushion beyond the close-out
    /// line.
    error CureTimeLeft(AccountId account, uint256 deadline, int256 usedWad, uint256 closeOutBps);
    /// @notice The account is below maintenance but has not been called, and is not beyond the close-out line.
    error NotCalled(AccountId account, int256 usedWad, uint256 closeOutBps);
    /// @notice The account is insolvent: it must be written off.
    error AccountInsolvent(AccountId account, uint256 debtValue, uint256 collateralValue);
    /// @notice The account is not insolvent: it must be liquidated.
    error AccountSolvent(AccountId account, uint256 debtValue, uint256 collateralValue);
    /// @notice Somebody else liquidated the account first.
    error UnexpectedLiquidations(AccountId account, uint256 found, uint256 expected);
    /// @notice The deadline of the liquidator has passed.
    error DeadlinePassed(uint256 deadline, uint256 currentAt);
    /// @notice No leg was given, or more than the account can have.
    error LegsOutOfRange(uint256 found, uint256 most);
    /// @notice The account does not hold this collateral, or holds it without a fresh price, or its seizure is paused.
    error CollateralNotSeizable(AccountId account, address asset);
    /// @notice The account does not owe this pool.
    error DebtNotOwed(AccountId account, PoolId pool);
    /// @notice No leg repays anything: the maxima are zero, or no bonus is left on the pairs within its caps.
    error NothingToRepay(AccountId account);
    /// @notice A leg must repay at least the smaller of what is needed and the dust value.
    error RepaymentTooSmall(AccountId account, uint256 repaidValue, uint256 leastValue);
    /// @notice Less collateral than the liquidator asked for.
    error OutputBelowMinimum(address asset, uint256 seizedAssets, uint256 minimumOut);
    /// @notice The account's owner lowered its cover in this very transaction.
    error CoolingOff(AccountId account);
    /// @notice The number of minimum amounts is not that of the collaterals, or of maximum payments not that of the
    /// debts.
    error ListLengthMismatch(bytes32 name, uint256 found, uint256 expected);
    /// @notice The write-off would cost the liquidator more than its maximum.
    error PaymentAboveMaximum(PoolId pool, uint256 repaidAssets, uint256 maxRepaidAssets);
    /// @notice Coverage would have fallen.
    error CoverageFell(AccountId account, uint256 coverageBeforeWad, uint256 coverageAfterWad);

    /// @notice The receipt of a liquidation.
    /// @param coverageBeforeWad A_M / R before [wad]
    /// @param coverageAfterWad A_M / R after, the maximum when nothing is owed [wad]
    /// @param targetBps Target coverage, above 1 [bps]
    /// @param liquidations How often the account was liquidated, this one included, modulo 4,096.
    event Liquidated(
        AccountId indexed account,
        address indexed liquidator,
        LegReceipt[] legs,
        uint256 coverageBeforeWad,
        uint256 coverageAfterWad,
        uint256 targetBps,
        uint256 liquidations,
        uint256 version
    );

    /// @notice The receipt of a write-off.
    event WrittenOff(
        AccountId indexed account,
        address indexed liquidator,
        Taken[] taken,
        Settled[] settled,
        uint256 liquidations,
        uint256 version
    );

    /// @notice Repays debt of an account below maintenance that is beyond close-out or whose call expired, and takes
    /// collateral at a bonus. Legs act one after the other, each on the state that the one before left; amounts are
    /// maxima. Collateral goes out first, then `data`, if any, goes to `onLiquidation` of the caller, then the
    /// repayment is pulled from the caller.
    /// @param account The account.
    /// @param legs Pairs to act on, at most 32.
    /// @param expectedLiquidations The account's number of liquidations that the caller saw; `type(uint256).max` for
    /// any.
    /// @param deadline Last time at which the caller wants this.
    /// @param receiver Who gets the collateral.
    /// @param data For the callback; empty for none.
    /// @return receipts What was done, one for each leg.
    function liquidate(
        AccountId account,
        Leg[] calldata legs,
        uint256 expectedLiquidations,
        uint256 deadline,
        address receiver,
        bytes calldata data
    ) external returns (LegReceipt[] memory receipts);

    /// @notice Closes an insolvent account: the caller pays Σ C / (1 + β_min), pro rata over the debts, and takes the
    /// collateral; what stays unpaid is a loss that the pools book in this call.
    /// @param account The account.
    /// @param expectedLiquidations The account's number of liquidations that the caller saw; `type(uint256).max` for
    /// any.
    /// @dev Warning: all collateral goes or none. It fails while a collateral worth the dust value or more has no fresh
    /// price or its seizure is paused, and while one token refuses to move.
    /// @param maxRepaidAssets Most to pay for each debt, in the order of pool ids [assets]
    /// @param minimumOut Least to receive of each collateral, in the order of asset ids [assets]
    /// @param deadline Last time at which the caller wants this [unix s]
    /// @param receiver Who gets the collateral.
    /// @param data For the callback; empty for none.
    /// @return taken What went out and what stayed, one for each collateral, in the order of asset ids [assets]
    /// @return settled What was paid and what was lost, one for each debt, in the order of pool ids [assets]
    function writeOff(
        AccountId account,
        uint256 expectedLiquidations,
        uint256[] calldata maxRepaidAssets,
        uint256[] calldata minimumOut,
        uint256 deadline,
        address receiver,
        bytes calldata data
    ) external returns (Taken[] memory taken, Settled[] memory settled);
}

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
