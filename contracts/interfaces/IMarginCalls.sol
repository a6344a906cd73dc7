// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";

/// @notice What happens to margin calls, in whichever room of the vault.
interface IMarginCallEvents {
    /// @notice Demand to restore cover.
    /// @param amountValue USD that restore the initial line, rounded up to the rounding unit [value]
    /// @param deadline Time by which to cure.
    /// @param coverageWad A_M / R when issued [wad]
    event MarginCallIssued(
        AccountId indexed account,
        uint256 amountValue,
        uint256 deadline,
        uint256 coverageWad,
        uint256 version
    );
    /// @notice The account is covered at maintenance; the clock rests with `leftFor` to go.
    event MarginCallPaused(AccountId indexed account, uint256 leftFor, uint256 version);
    /// @notice The account is below maintenance again; the clock goes on.
    event MarginCallResumed(AccountId indexed account, uint256 deadline, uint256 version);
    /// @notice The account is covered at its initial line; the call is gone.
    event MarginCallCured(AccountId indexed account, uint256 version);
    /// @notice The deadline passed uncured: the account is being liquidated, or somebody told.
    event MarginCallExpired(AccountId indexed account, uint256 deadline, uint256 version);
    /// @notice An account of the owner was liquidated or written off, or was uncovered after the deadline of its call:
    /// all accounts of the owner need more initial margin for a while. At most once a day.
    /// @param surchargeBps Beyond the initial margin of others, from now on falling [bps]
    /// @param defaults How often that happened.
    event TierRaised(address indexed owner, AccountId indexed account, uint256 surchargeBps, uint256 defaults);
}

/// @notice Margin calls: HEALTHY → CALLED → (PAUSED) → HEALTHY or, after the deadline, liquidatable.
interface IMarginCalls is IMarginCallEvents {
    /// @notice The account is covered at its maintenance line: there is nothing to call.
    error AccountCovered(AccountId account, uint256 requiredValue, uint256 availableValue);
    /// @notice The call would be too small to be worth one.
    error CallBelowMinimum(AccountId account, uint256 amountValue, uint256 leastValue);
    /// @notice The running call has an earlier or equal deadline.
    error CallRunning(AccountId account, uint256 deadline, uint256 newDeadline);
    /// @notice No call is stored for the account.
    error NoCall(AccountId account);
    /// @notice Nothing about the call would change.
    error CallUnchanged(AccountId account, uint256 requiredValue, uint256 availableValue);

    /// @notice Issues a margin call, resumes a paused one, or shortens the deadline of a running one; tells that an
    /// account is still uncovered after its deadline, once a day for an owner, where there are tiers. Permissionless.
    /// @dev Fails when the account is covered at maintenance (`AccountCovered`), a debt has no fresh price, the
    /// sequencer is down or in its grace time (`SequencerDown`, `SequencerInGrace`), the amount is too small
    /// (`CallBelowMinimum`), or the running call would not end earlier (`CallRunning`).
    /// @param account The account below its maintenance line.
    /// @return deadline Time by which to cure [unix s]
    function issueMarginCall(AccountId account) external returns (uint256 deadline);

    /// @notice Has a call looked at again after prices moved: cures it at the initial line, pauses it at maintenance,
    /// resumes a paused one below. Permissionless; not a step of a batch.
    /// @dev Fails when there is no call (`NoCall`), nothing would change (`CallUnchanged`), a debt has no fresh price,
    /// or the sequencer is down or in its grace time. Cures by deposit or repayment do not need the sequencer.
    /// @param account The account under a call.
    function clearMarginCall(AccountId account) external;
}
