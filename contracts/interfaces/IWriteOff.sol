// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";
import {ILiquidationRun} from "./ILiquidationRun.sol";

/// @notice The end of an insolvent account, and what the pools know of it before.
interface IWriteOff is ILiquidationRun {
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
        uint256 debtShares; // left to the account, with collateral that could not be taken [debt shares]
    }

    /// @notice The account is not insolvent: it must be liquidated.
    error AccountSolvent(AccountId account, uint256 debtValue, uint256 collateralValue);
    /// @notice The number of minimum amounts is not that of the collaterals, or of maximum payments not that of the
    /// debts.
    error ListLengthMismatch(bytes32 name, uint256 found, uint256 expected);
    /// @notice The write-off would cost the liquidator more than its maximum.
    error PaymentAboveMaximum(PoolId pool, uint256 repaidAssets, uint256 maxRepaidAssets);
    /// @notice A write-off would neither take, repay nor book anything worth the dust value.
    error NothingToWriteOff(AccountId account);
    /// @notice What the pools know of the account's loss is what it is.
    error LossUnchanged(AccountId account);

    /// @notice The receipt of a write-off.
    event WrittenOff(
        AccountId indexed account,
        address indexed liquidator,
        Taken[] taken,
        Settled[] settled,
        uint256 liquidations,
        uint256 version
    );

    /// @notice What a pool knows of the loss that an insolvent account will leave [assets]
    event LossFlagged(AccountId indexed account, PoolId indexed pool, uint256 oldLossAssets, uint256 lossAssets);

    /// @notice Closes an insolvent account: the caller pays Σ C / (1 + β_min), pro rata over the debts, and takes the
    /// collateral; what stays unpaid is a loss that the pools book in this call.
    /// @dev Collateral worth the dust value or more that has no fresh price, or whose seizure is paused, is not taken:
    /// it stays, with the rest of the debt; nothing is lost until it can be taken, and the pools are told what will be.
    /// @param account The account.
    /// @param expectedLiquidations The account's number of liquidations that the caller saw; `type(uint256).max` for
    /// any.
    /// @param maxRepaidAssets Most to pay for each debt, in the order of pool ids [assets]
    /// @param minimumOut Least to receive of each collateral, in the order of asset ids; ignored for what cannot be
    /// taken, `type(uint256).max` leaves a collateral worth less than dust to the owner, and is paid for all the same
    /// [assets]
    /// @param deadline Last time at which the caller wants this [unix s]
    /// @param receiver Who gets the collateral.
    /// @param data For the callback; empty for none.
    /// @return taken What went out and what stayed, one for each collateral, in the order of asset ids [assets]
    /// @return settled What was paid, lost and kept, one for each debt, in the order of pool ids [assets]
    function writeOff(
        AccountId account,
        uint256 expectedLiquidations,
        uint256[] calldata maxRepaidAssets,
        uint256[] calldata minimumOut,
        uint256 deadline,
        address receiver,
        bytes calldata data
    ) external returns (Taken[] memory taken, Settled[] memory settled);

    /// @notice Tells the pools what loss an insolvent account will leave, or that it will leave none any more, so that
    /// nobody redeems at a share price that is known to be wrong. Permissionless.
    /// @dev Fails when nothing would change (`LossUnchanged`), a debt has no fresh price, or the sequencer is down or
    /// in its grace time. A write-off takes the flag away.
    /// @param account The account.
    function flagLoss(AccountId account) external;
}
