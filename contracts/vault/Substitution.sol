// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ISubstitution} from "../interfaces/ISubstitution.sol";
import {ISubstitutionCallback} from "../interfaces/ISubstitutionCallback.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {CallState} from "../types/MarginCall.sol";
import {Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {AccountLedger} from "./AccountLedger.sol";

/// Exchange of collateral in one step, also under a margin call: the one way in which collateral leaves an account that
/// is not healthy.
abstract contract Substitution is AccountLedger, ISubstitution {
    using HealthMath for *;

    /// The worse sides of an exchange.
    struct Exchange {
        uint256 inValue; // at the lower of spot and slow average [value]
        uint256 outValue; // at the higher [value]
        uint256 inHaircutPpm; // largest initial haircut of what comes in
        uint256 outHaircutPpm; // smallest initial haircut of what goes out
        uint256 inMaintenancePpm; // as above, maintenance
        uint256 outMaintenancePpm;
    }

    /// @inheritdoc ISubstitution
    function substitute(
        AccountId account,
        Amount[] calldata incoming,
        Amount[] calldata outgoing
    ) external nonReentrant {
        _substitute(account, incoming, outgoing, account.ownerOf(), false, msg.data[:0]);
    }

    /// @inheritdoc ISubstitution
    function substituteBySwap(
        AccountId account,
        Amount[] calldata incoming,
        Amount[] calldata outgoing,
        bytes calldata data
    ) external nonReentrant {
        _substitute(account, incoming, outgoing, msg.sender, true, data);
    }

    /// moves the ledger of both sides, judges, and commits; then tokens move
    function _substitute(
        AccountId account,
        Amount[] calldata incoming,
        Amount[] calldata outgoing,
        address receiver,
        bool isSwap,
        bytes calldata data
    ) private {
        require(incoming.length != 0 && outgoing.length != 0, EmptyExchange(incoming.length, outgoing.length));
        Position memory position = _open(account);
        uint256 debtBits = position.head.debtBits();
        Exchange memory exchange = Exchange(0, 0, 0, MathLib.PPM, 0, MathLib.PPM);
        uint256[] memory outAssets = new uint256[](outgoing.length);
        // in the ledger out before in, so that a full account can exchange
        for (uint256 i; i < outgoing.length; ++i) {
            outAssets[i] = _withdraw(position, outgoing[i].asset, outgoing[i].assets, receiver);
            if (debtBits != 0) _addOutgoing(exchange, outgoing[i].asset, outAssets[i], debtBits);
        }
        for (uint256 i; i < incoming.length; ++i) {
            _deposit(position, incoming[i].asset, incoming[i].assets);
            if (debtBits != 0) _addIncoming(account, exchange, incoming[i], debtBits);
        }
        if (debtBits != 0) _judge(position, exchange);
        _commit(position);
        // without a swap tokens come in before others go out
        if (isSwap) _callBack(account, incoming, outgoing, outAssets, data);
        for (uint256 i; i < incoming.length; ++i) _pull(incoming[i].asset, incoming[i].assets);
        if (!isSwap) {
            for (uint256 i; i < outgoing.length; ++i) _push(outgoing[i].asset, receiver, outAssets[i]);
        }
        for (uint256 i; i < incoming.length; ++i) _requireHeld(incoming[i].asset);
    }

    /// sends what goes out first: the lock is held, and without what comes in all is undone
    function _callBack(
        AccountId account,
        Amount[] calldata incoming,
        Amount[] memory sent,
        uint256[] memory outAssets,
        bytes calldata data
    ) private {
        for (uint256 i; i < sent.length; ++i) {
            sent[i].assets = outAssets[i];
            _push(sent[i].asset, msg.sender, outAssets[i]);
        }
        ISubstitutionCallback(msg.sender).onSubstitution(account, incoming, sent, data);
    }

    /// what comes in could be taken: else it would shield the account
    function _addIncoming(
        AccountId account,
        Exchange memory exchange,
        Amount calldata amount,
        uint256 debtBits
    ) private view {
        AssetState state = assetStates[amount.asset];
        bool isTakeable = !state.isSeizurePaused() && !state.isWorthless();
        require(
            isTakeable && block.timestamp >= seizableAt[state.id()],
            CollateralWithoutCredit(account, amount.asset)
        );
        (uint256 id, uint256 low, ) = _worstPrices(amount.asset);
        (uint256 initialPpm, uint256 maintenancePpm, ) = _termsOf(id, debtBits);
        exchange.inValue += HealthMath.valueDown(amount.assets, low);
        exchange.inHaircutPpm = MathLib.max(exchange.inHaircutPpm, initialPpm);
        exchange.inMaintenancePpm = MathLib.max(exchange.inMaintenancePpm, maintenancePpm);
    }

    function _addOutgoing(Exchange memory exchange, address asset, uint256 assets, uint256 debtBits) private view {
        (uint256 id, , uint256 high) = _worstPrices(asset);
        (uint256 initialPpm, uint256 maintenancePpm, ) = _termsOf(id, debtBits);
        exchange.outValue += HealthMath.valueUp(assets, high);
        exchange.outHaircutPpm = MathLib.min(exchange.outHaircutPpm, initialPpm);
        exchange.outMaintenancePpm = MathLib.min(exchange.outMaintenancePpm, maintenancePpm);
    }

    /// The prices are fresh; the second feed agrees within its deviation, or the price would not be. The lowest and the
    /// highest of spot, slow average and, while a window is open, the price before the jump
    function _worstPrices(address asset) private view returns (uint256 id, uint256 low, uint256 high) {
        id = assetStates[asset].id();
        _requireFresh(id);
        Price memory price = _priceOf(id);
        (low, high) = (MathLib.min(price.price, price.slowPrice), MathLib.max(price.price, price.slowPrice));
        if (price.hasJumped) {
            (uint256 before, uint256 endsAt) = _beforeJump(id, price.price);
            if (endsAt != 0) (low, high) = (MathLib.min(low, before), MathLib.max(high, before));
        }
    }

    /// The gate of a substitution: covered at the initial line, or worth no less at the worse prices, and no worse in
    /// E_I and coverage. An account that is not healthy takes nothing weaker for it, and beyond its close-out line it
    /// must end covered at the initial line.
    function _judge(Position memory position, Exchange memory exchange) private {
        _requireSequencer();
        Snapshot memory snapshot = _snapshot(position);
        _cachePrices(snapshot);
        _requireFreshDebts(snapshot);
        Position memory old = _open(position.account);
        Snapshot memory oldSnapshot = _snapshot(old);
        Health memory before = oldSnapshot.sum(PriceView.PROTOCOL);
        bool isHealthy = old.head.callState() == CallState.HEALTHY && before.isCovered();
        if (!isHealthy) {
            _requireNoWeaker(position.account, exchange.inHaircutPpm, exchange.outHaircutPpm);
            _requireNoWeaker(position.account, exchange.inMaintenancePpm, exchange.outMaintenancePpm);
        }
        Health memory opening = _openingOf(position, snapshot, true);
        uint256 requiredValue = _requiredValue(position.account, opening);
        if (opening.coverInitial < requiredValue) {
            require(
                !before.isBeyondCloseOut(parameters.closeOutBps) && _isNoWorse(snapshot, old, oldSnapshot, opening),
                InsufficientMargin(position.account, requiredValue, opening.coverInitial)
            );
            require(
                exchange.inValue >= exchange.outValue,
                ExchangeLosesValue(position.account, exchange.inValue, exchange.outValue)
            );
        }
        if (!_isOwner(position.account)) _requireLeastCoverage(position.account, snapshot);
        _judgeCall(position, snapshot);
        _startCoolOff(position.account);
    }

    function _requireNoWeaker(AccountId account, uint256 inPpm, uint256 outPpm) private pure {
        require(inPpm <= outPpm, WeakerCollateral(account, inPpm, outPpm));
    }

    /// neither E_I nor coverage fell
    function _isNoWorse(
        Snapshot memory snapshot,
        Position memory old,
        Snapshot memory oldSnapshot,
        Health memory opening
    ) private view returns (bool) {
        Health memory oldOpening = _openingOf(old, oldSnapshot, true);
        // safe: values are below 2^170
        int256 excess = int256(opening.coverInitial) - int256(opening.requirement);
        int256 oldExcess = int256(oldOpening.coverInitial) - int256(oldOpening.requirement);
        if (excess < oldExcess) return false;
        return snapshot.sum(PriceView.OWNER).coverageAtLeast(oldSnapshot.sum(PriceView.OWNER));
    }
}
