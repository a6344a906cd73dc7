// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";

/// @notice The door of account owners: deposit and withdraw collateral, borrow and repay cash, appoint operators.
interface IAccountLedger {
    /// What a step of a batch does.
    enum StepKind {
        DEPOSIT,
        WITHDRAW,
        BORROW,
        REPAY
    }

    /// One step of a batch.
    struct Step {
        StepKind kind;
        address asset; // collateral, for DEPOSIT and WITHDRAW
        PoolId pool; // for BORROW and REPAY
        uint256 assets; // `type(uint256).max` repays or withdraws all [assets]
        address receiver; // for WITHDRAW and BORROW
    }

    /// @notice Zero assets were given.
    error ZeroAssets();
    /// @notice The receiver is the zero address.
    error ZeroReceiver();
    /// @notice The asset is not listed.
    error AssetNotListed(address asset);
    /// @notice The pool is not listed.
    error PoolNotListed(PoolId pool);
    /// @notice Deposits of the asset are paused.
    error SupplyPaused(address asset);
    /// @notice Borrowing from the pool is paused.
    error BorrowPaused(PoolId pool);
    /// @notice The deposit would lift the asset above its cap.
    error SupplyCapExceeded(address asset, uint256 totalAssets, uint256 capAssets);
    /// @notice The caller has not the right for this on the account.
    error NotPermitted(AccountId account, address caller, uint256 right);
    /// @notice An operator without the right to send chose a receiver other than the owner.
    error ReceiverNotOwner(AccountId account, address caller, address receiver);
    /// @notice The account holds less.
    error InsufficientCollateral(AccountId account, address asset, uint256 holdingAssets, uint256 requestedAssets);
    /// @notice The account owes this pool nothing.
    error NoDebt(AccountId account, PoolId pool);
    /// @notice The debt that is left would be below the pool's minimum.
    error DebtBelowMinimum(AccountId account, PoolId pool, uint256 debtAssets, uint256 minimumAssets);
    /// @notice After the transfer the contract holds less than it owes: the token takes fees, rebases, or did not pay.
    error TokenShortfall(address asset, uint256 heldAssets, uint256 owedAssets);
    /// @notice A batch without steps.
    error EmptyBatch();
    /// @notice The rights have a bit that means nothing, or the expiry has passed.
    error OperatorInvalid(address operator, uint256 rights, uint256 expiresAt);

    /// @notice Collateral came in; `holdingAssets` is the account's holding after it.
    event CollateralDeposited(
        AccountId indexed account,
        address indexed asset,
        address payer,
        uint256 assets,
        uint256 holdingAssets,
        uint256 version
    );
    /// @notice Collateral went out; `holdingAssets` is the account's holding after it.
    event CollateralWithdrawn(
        AccountId indexed account,
        address indexed asset,
        address receiver,
        uint256 assets,
        uint256 holdingAssets,
        uint256 version
    );
    /// @notice Cash was borrowed; `debtShares` is the account's debt after it, `index` the pool's.
    event Borrowed(
        AccountId indexed account,
        PoolId indexed pool,
        address receiver,
        uint256 assets,
        uint256 debtShares,
        uint256 index,
        uint256 version
    );
    /// @notice Cash was repaid; `debtShares` is the account's debt after it, `index` the pool's.
    event Repaid(
        AccountId indexed account,
        PoolId indexed pool,
        address payer,
        uint256 assets,
        uint256 debtShares,
        uint256 index,
        uint256 version
    );
    /// @notice The owner gave, changed or took back the rights of an operator.
    event OperatorSet(AccountId indexed account, address indexed operator, uint256 rights, uint256 expiresAt);

    /// @notice Pulls collateral from the caller into an account. Anyone may top up a collateral that the account
    /// already has; only the owner or an operator with DEPOSIT opens a new one. Never paused for a held collateral.
    /// @param account The account.
    /// @param asset The collateral.
    /// @param assets How much, above 0 [assets]
    function deposit(AccountId account, address asset, uint256 assets) external;

    /// @notice Sends collateral out of an account that stays covered at its initial line.
    /// @param account The account.
    /// @param asset The collateral.
    /// @param assets How much; `type(uint256).max` for all [assets]
    /// @param receiver Who gets it; the owner, unless the caller is the owner or has SEND.
    /// @return withdrawnAssets How much it was [assets]
    function withdraw(
        AccountId account,
        address asset,
        uint256 assets,
        address receiver
    ) external returns (uint256 withdrawnAssets);

    /// @notice Borrows cash from a pool on an account that stays covered at its initial line.
    /// @param account The account.
    /// @param pool The pool.
    /// @param assets How much, above 0 [assets]
    /// @param receiver Who gets it; the owner, unless the caller is the owner or has SEND.
    function borrow(AccountId account, PoolId pool, uint256 assets, address receiver) external;

    /// @notice Pulls cash from the caller to pay a debt. Anyone may; never paused, never dependent on a price.
    /// @param account The account.
    /// @param pool The pool.
    /// @param assets How much; `type(uint256).max`, or more than is owed, for all [assets]
    /// @return repaidAssets How much it was [assets]
    function repay(AccountId account, PoolId pool, uint256 assets) external returns (uint256 repaidAssets);

    /// @notice Deposits collateral and borrows cash in one call, judged once, at the end.
    /// @param account The account.
    /// @param asset The collateral.
    /// @param depositAssets How much of it, above 0 [assets]
    /// @param pool The pool.
    /// @param borrowAssets How much cash, above 0 [assets]
    /// @param receiver Who gets the cash; the owner, unless the caller is the owner or has SEND.
    function depositAndBorrow(
        AccountId account,
        address asset,
        uint256 depositAssets,
        PoolId pool,
        uint256 borrowAssets,
        address receiver
    ) external;

    /// @notice Several steps on one account, judged once, at the end. Tokens move after the judgement: first in, then
    /// out.
    /// @param account The account.
    /// @param steps The steps, in order.
    function batch(AccountId account, Step[] calldata steps) external;

    /// @notice Gives an operator rights on an account of the caller; 0 takes them back.
    /// @param account The account; the caller must own it.
    /// @param operator The operator.
    /// @param rights Sum of DEPOSIT 1, WITHDRAW 2, BORROW 4, SEND 8, REUSE 16.
    /// @param expiresAt Time from which they are void, in the future and below 2^40; ignored with no rights [unix s]
    function setOperator(AccountId account, address operator, uint256 rights, uint256 expiresAt) external;
}
