// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";
import {ILiquidationRun} from "./ILiquidationRun.sol";

/// @notice Repay debt of an uncovered account and take collateral at a bonus; never more than needed, never to its
/// harm.
interface ILiquidation is ILiquidationRun {
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

    /// @notice The account is called and still has time to cure, and has not used its cushion beyond the close-out
    /// line.
    error CureTimeLeft(AccountId account, uint256 deadline, int256 usedWad, uint256 closeOutBps);
    /// @notice The account is below maintenance but has not been called, and is not beyond the close-out line.
    error NotCalled(AccountId account, int256 usedWad, uint256 closeOutBps);
    /// @notice The account is insolvent: it must be written off.
    error AccountInsolvent(AccountId account, uint256 debtValue, uint256 collateralValue);
    /// @notice No leg was given, or more than the account can have.
    error LegsOutOfRange(uint256 found, uint256 most);
    /// @notice The account does not hold this collateral, or holds it without a fresh price, or its seizure is paused,
    /// or was until an hour ago while no more than half of the cushion is used.
    error CollateralNotSeizable(AccountId account, address asset);
    /// @notice The account does not owe this pool.
    error DebtNotOwed(AccountId account, PoolId pool);
    /// @notice No leg repays anything: the maxima are zero, or no bonus is left on the pairs within its caps.
    error NothingToRepay(AccountId account);
    /// @notice The throttles of the collaterals leave no room for the account now; with used > 1/2 they do not apply.
    error SeizureThrottled(AccountId account);
    /// @notice A leg must repay at least the smaller of what is needed and the dust value.
    error RepaymentTooSmall(AccountId account, uint256 repaidValue, uint256 leastValue);
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
}
