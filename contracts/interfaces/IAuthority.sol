// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";

/// @notice Operators of an account: who they are, what they may do, and how the owner is rid of all of them at once.
interface IAuthority {
    /// Most of one token that an operator may take out.
    struct Allowance {
        address asset; // a collateral, or the cash of a pool
        uint256 assets; // `type(uint256).max` never ends [assets]
    }

    /// What an operator may do.
    struct OperatorTerms {
        uint256 rights; // sum of DEPOSIT 1, WITHDRAW 2, BORROW 4, SEND 8, REUSE 16; 0 takes all back
        uint256 expiresAt; // they are void from then on; ignored with no rights [unix s]
        uint256 leastCoverageBps; // A_M / R that the operator leaves at least when it takes risk; 0 for none [bps]
        Allowance[] allowances; // by rising address; empty for no limit, else what is not named is 0
    }

    /// @notice The rights have a bit that means nothing, or the expiry has passed.
    error OperatorInvalid(address operator, uint256 rights, uint256 expiresAt);
    /// @notice The least coverage of an operator is above what the ledger holds.
    error LeastCoverageTooHigh(address operator, uint256 leastCoverageBps, uint256 mostBps);
    /// @notice Allowances stand by rising address, each token once.
    error AllowancesUnsorted(address operator, address asset, address previousAsset);
    /// @notice The operator would take out more of the token than its allowance.
    error AllowanceExceeded(AccountId account, address operator, address asset, uint256 assets, uint256 leftAssets);
    /// @notice The operator would leave the account with less coverage than its terms ask for.
    error CoverageBelowLeast(AccountId account, address operator, uint256 coverageWad, uint256 leastCoverageBps);

    /// @notice The owner gave, changed or took back the rights of an operator: these terms replace all earlier ones.
    event OperatorSet(AccountId indexed account, address indexed operator, OperatorTerms terms);
    /// @notice An operator took a token out against its allowance; `leftAssets` is what is left of it.
    event AllowanceDrawn(
        AccountId indexed account,
        address indexed operator,
        address indexed asset,
        uint256 assets,
        uint256 leftAssets
    );
    /// @notice The owner voided all operators and all signed consents of an account that came before `epoch`.
    event LockedDown(AccountId indexed account, uint256 epoch);

    /// @notice Gives an operator rights on an account of the caller, with neither least coverage nor allowances; 0
    /// takes them back.
    /// @param account The account; the caller must own it.
    /// @param operator The operator.
    /// @param rights Sum of DEPOSIT 1, WITHDRAW 2, BORROW 4, SEND 8, REUSE 16.
    /// @param expiresAt Time from which they are void, in the future and below 2^40; ignored with no rights [unix s]
    function setOperator(AccountId account, address operator, uint256 rights, uint256 expiresAt) external;

    /// @notice Gives an operator rights on an account of the caller within bounds. Replaces all terms that it had,
    /// with what was left of its allowances.
    /// @dev Warning: an operator can act under its old terms until the new ones are in a block.
    /// @param account The account; the caller must own it.
    /// @param operator The operator.
    /// @param terms Rights, expiry, least coverage below 2^24 bps, allowances.
    function setOperatorTerms(AccountId account, address operator, OperatorTerms calldata terms) external;

    /// @notice Voids all operators and all signed consents of an account at once. The owner, debts and calls stay as
    /// they are.
    /// @param account The account; the caller must own it.
    /// @return epoch The new epoch: what was given or signed before it is void.
    function lockdown(AccountId account) external returns (uint256 epoch);

    /// @notice What bounds an operator beyond its rights and their expiry (`operatorOf`).
    /// @param account The account.
    /// @param operator The operator.
    /// @return isInForce Whether its rights have neither expired nor been voided by a lockdown.
    /// @return leastCoverageBps Coverage that it leaves at least; 0 for none [bps]
    /// @return isLimited Whether what it takes out counts against allowances.
    function boundsOf(
        AccountId account,
        address operator
    ) external view returns (bool isInForce, uint256 leastCoverageBps, bool isLimited);

    /// @notice What is left of an operator's allowance; 0 for an operator that is not limited.
    /// @param account The account.
    /// @param operator The operator.
    /// @param asset A collateral, or the cash of a pool.
    /// @return assets `type(uint256).max` for no end [assets]
    function allowanceOf(AccountId account, address operator, address asset) external view returns (uint256 assets);

    /// @notice How often the account was locked down.
    /// @param account The account.
    /// @return epoch It is part of every signed consent.
    function epochOf(AccountId account) external view returns (uint256 epoch);
}
