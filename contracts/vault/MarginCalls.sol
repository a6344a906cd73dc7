// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMarginCalls} from "../interfaces/IMarginCalls.sol";
import {CallClock} from "../libraries/CallClock.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {CallState, MarginCall, MarginCallLib} from "../types/MarginCall.sol";
import {RiskParameters} from "../types/RiskParameters.sol";
import {Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {CallStates} from "./CallStates.sol";

/// Where anyone issues a margin call, or has a call looked at again after prices recovered.
abstract contract MarginCalls is CallStates, IMarginCalls {
    using HealthMath for *;

    /// @inheritdoc IMarginCalls
    function issueMarginCall(AccountId account) external nonReentrant returns (uint256 deadline) {
        _requireSequencer();
        Position memory position = _open(account);
        Snapshot memory snapshot = _snapshot(position);
        _cachePrices(snapshot);
        _requireFreshDebts(snapshot);
        Health memory health = snapshot.sum(PriceView.PROTOCOL);
        require(!health.isCovered(), AccountCovered(account, health.requirement, health.coverMaintenance));
        deadline = _startClock(position, snapshot, health);
        _commit(position);
    }

    function _startClock(
        Position memory position,
        Snapshot memory snapshot,
        Health memory health
    ) private returns (uint256 deadline) {
        RiskParameters memory rules = parameters;
        MarginCall call = calls[position.account];
        uint256 state = position.head.callState();
        if (state == CallState.CALLED) {
            uint256 present = _deadlineOf(call);
            if (block.timestamp > present && _isDefault(position, snapshot)) return _expire(position, present);
        }
        if (state == CallState.PAUSED) {
            if (!_isForgiven(position.account)) return _resume(position);
            state = CallState.HEALTHY;
        }
        uint256 unitValue = uint256(rules.roundingValue) * MathLib.WAD;
        uint256 amount = CallClock.amountUp(health.requirement, health.coverInitial, unitValue);
        uint256 least = CallClock.leastAmount(uint256(rules.minimumTransferValue) * MathLib.WAD, health.debtValue);
        require(amount >= least, CallBelowMinimum(position.account, amount, least));
        uint256 cureFor = CallClock.cureFor(health.usedWad(), rules.closeOutBps, rules.cureMinFor, rules.cureMaxFor);
        deadline = block.timestamp + cureFor;
        if (state == CallState.CALLED) {
            uint256 present = _deadlineOf(call);
            require(deadline < present, CallRunning(position.account, present, deadline));
        }
        calls[position.account] = MarginCallLib.running(amount, block.timestamp, cureFor);
        position.head = position.head.withCallState(CallState.CALLED).withNextVersion();
        emit MarginCallIssued(position.account, amount, deadline, health.coverageDown(), position.head.version());
    }

    /// the owner did not answer, and the account is uncovered not solely by a jump that nothing confirmed
    function _isDefault(Position memory position, Snapshot memory snapshot) private returns (bool) {
        (Health memory earlier, uint256 endsAt) = _beforeJumps(position, snapshot);
        return (endsAt == 0 || !earlier.isCovered()) && _raiseTier(position.account);
    }

    /// nobody liquidates the account yet, and its owner does not answer: that much is told
    function _expire(Position memory position, uint256 deadline) private returns (uint256) {
        position.head = position.head.withNextVersion();
        emit MarginCallExpired(position.account, deadline, position.head.version());
        return deadline;
    }

    /// @inheritdoc IMarginCalls
    function clearMarginCall(AccountId account) external nonReentrant {
        _requireSequencer();
        Position memory position = _open(account);
        uint256 state = position.head.callState();
        require(state != CallState.HEALTHY, NoCall(account));
        Snapshot memory snapshot = _snapshot(position);
        _cachePrices(snapshot);
        _requireFreshDebts(snapshot);
        _judgeCall(position, snapshot);
        Health memory health = snapshot.sum(PriceView.PROTOCOL);
        require(
            position.head.callState() != state,
            CallUnchanged(account, health.requirement, health.coverMaintenance)
        );
        _commit(position);
    }
}
