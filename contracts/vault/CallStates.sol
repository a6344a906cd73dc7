// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMarginCallEvents} from "../interfaces/IMarginCalls.sol";
import {CallClock} from "../libraries/CallClock.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {CreditTier, TierTerms} from "../types/CreditTier.sol";
import {CallState, MarginCall, MarginCallLib} from "../types/MarginCall.sol";
import {PriceView, Snapshot} from "../types/Snapshot.sol";
import {RiskEngine} from "./RiskEngine.sol";

/// The margin call: its states and its clock. The stored state changes only here, on the account as it is at the end of
/// a call or batch, so nothing that happens inside a batch can move it.
abstract contract CallStates is RiskEngine, IMarginCallEvents {
    using HealthMath for *;

    /// A crash that takes several accounts of an owner, or one in several steps, is one default [s].
    uint256 private constant ONE_DEFAULT_FOR = 1 days;

    /// what the call says of an account that is covered at maintenance, or not: cures, pauses or resumes it
    function _judgeCall(Position memory position, Snapshot memory snapshot) internal {
        if (!_hasFreshDebts(snapshot)) return;
        uint256 state = position.head.callState();
        if (snapshot.sum(PriceView.OWNER).isCoveredInitially()) {
            if (state != CallState.HEALTHY) _cure(position);
            position.head = position.head.withEpisodeTargetBps(0);
            return;
        }
        if (state == CallState.HEALTHY) return;
        bool covered = snapshot.sum(PriceView.PROTOCOL).isCovered();
        if (covered && state == CallState.CALLED) _pause(position);
        if (!covered && state == CallState.PAUSED && !_isForgiven(position.account)) _resume(position);
    }

    /// whether a paused call rested so long that the next one starts afresh
    function _isForgiven(AccountId account) internal view returns (bool) {
        return block.timestamp - calls[account].pausedAt() >= CallClock.FORGIVEN_AFTER_FOR;
    }

    /// when the time to cure ends; nobody can act while the sequencer is down, so all of it starts again when it is up
    function _deadlineOf(MarginCall call) internal view returns (uint256 deadline) {
        return CallClock.deadlineAfter(call.deadline(), call.cureFor(), _clocksRunSince());
    }

    /// one more default of the owner; of those within a day the first counts
    function _raiseTier(AccountId account) internal returns (bool isRaised) {
        address owner = account.ownerOf();
        TierTerms memory terms = termsOfTiers;
        CreditTier tier = tiers[owner];
        if (terms.stepBps == 0 || block.timestamp < tier.raisedAt() + ONE_DEFAULT_FOR) return false;
        tiers[owner] = tier = tier.raised(terms, block.timestamp);
        emit TierRaised(owner, account, tier.surchargeBpsAt(terms, block.timestamp), tier.defaults());
        return true;
    }

    function _cure(Position memory position) private {
        calls[position.account] = MarginCall.wrap(0);
        position.head = position.head.withCallState(CallState.HEALTHY).withNextVersion();
        emit MarginCallCured(position.account, position.head.version());
    }

    function _pause(Position memory position) private {
        MarginCall call = calls[position.account];
        uint256 leftFor = MathLib.zeroFloorSub(_deadlineOf(call), block.timestamp);
        calls[position.account] = MarginCallLib.paused(call.amountValue(), leftFor, block.timestamp);
        position.head = position.head.withCallState(CallState.PAUSED).withNextVersion();
        emit MarginCallPaused(position.account, leftFor, position.head.version());
    }

    function _resume(Position memory position) internal returns (uint256 deadline) {
        MarginCall call = calls[position.account];
        uint256 leftFor = call.leftFor();
        deadline = block.timestamp + leftFor;
        calls[position.account] = MarginCallLib.running(call.amountValue(), block.timestamp, leftFor);
        position.head = position.head.withCallState(CallState.CALLED).withNextVersion();
        emit MarginCallResumed(position.account, deadline, position.head.version());
    }
}
