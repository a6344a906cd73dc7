// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {IWriteOff} from "../interfaces/IWriteOff.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";
import {CollateralLine, DebtLine, Health, PriceView} from "../types/Snapshot.sol";
import {LiquidationRun} from "./LiquidationRun.sol";

/// The end of an insolvent account: a liquidator pays what its collateral is worth less the least bonus and takes it;
/// the pools book what nobody pays. Collateral that nobody can price or take stays, with the rest of the debt.
abstract contract WriteOff is LiquidationRun, IWriteOff {
    using HealthMath for *;

    /// as a minimum output: leave this collateral, which is worth less than dust
    uint256 private constant LEAVE = type(uint256).max;

    /// What is paid, what stays, in values.
    struct Closing {
        uint256 takenValue; // Σ C of what is paid for [value]
        uint256 paidValue; // by the liquidator [value]
        bool keepsRest; // collateral stays that may pay later, and the rest of the debt with it
    }

    /// @inheritdoc IWriteOff
    function writeOff(
        AccountId account,
        uint256 expectedLiquidations,
        uint256[] calldata maxRepaidAssets,
        uint256[] calldata minimumOut,
        uint256 deadline,
        address receiver,
        bytes calldata data
    ) external nonReentrant returns (Taken[] memory taken, Settled[] memory settled) {
        Run memory run = _start(account, expectedLiquidations, deadline);
        _requireInsolvent(run);
        Closing memory closing = _closing(run, minimumOut);
        settled = _payAndLose(run, closing, maxRepaidAssets);
        taken = _takeAll(run, closing, minimumOut);
        run.position.head = run.position.head.withNextLiquidation().withNextVersion();
        emit WrittenOff(
            account,
            msg.sender,
            taken,
            settled,
            run.position.head.liquidations(),
            run.position.head.version()
        );
        _raiseTier(account);
        _finish(run);
        _reviseFlags(run);
        _moveTokens(run, receiver, data);
    }

    /// insolvent, and not solely by a jump
    function _requireInsolvent(Run memory run) private view {
        AccountId account = run.position.account;
        (uint256 bonusBps, uint256 feeBps) = (run.rules.bonusMinBps, run.rules.feeBps);
        require(
            run.health.isInsolvent(bonusBps, feeBps),
            AccountSolvent(account, run.health.debtValue, run.health.collateralValue)
        );
        (Health memory earlier, uint256 endsAt) = _beforeJumps(run.position, run.snapshot);
        require(endsAt == 0 || earlier.isInsolvent(bonusBps, feeBps), JumpUnconfirmed(account, endsAt));
    }

    function _closing(Run memory run, uint256[] calldata minimumOut) private view returns (Closing memory closing) {
        CollateralLine[] memory lines = run.snapshot.collaterals;
        require(minimumOut.length == lines.length, ListLengthMismatch("minimumOut", minimumOut.length, lines.length));
        for (uint256 i; i < lines.length; ++i) {
            uint256 value = HealthMath.valueDown(lines[i].assets, lines[i].price);
            // dust that the liquidator leaves is paid for too: else an owner would keep it at the lenders' cost
            if (value >= _dustValue(run) && !_isTaken(run, lines[i], minimumOut[i])) closing.keepsRest = true;
            else closing.takenValue += value;
        }
        closing.paidValue = LiquidationMath.writeOffPaymentUp(
            closing.takenValue,
            run.health.debtValue,
            uint256(run.rules.bonusMinBps) * 1e14
        );
        // else it could be called again and again, for nothing
        require(!closing.keepsRest || closing.takenValue >= _dustValue(run), NothingToWriteOff(run.position.account));
    }

    /// what has a fresh price and is not paused is taken; of the rest only dust, for its last good price. The
    /// liquidator may leave any dust, so that no speck of a token that does not move holds up the whole
    function _isTaken(Run memory run, CollateralLine memory line, uint256 minimumOut) private view returns (bool) {
        bool isDust = HealthMath.valueDown(line.assets, line.price) < _dustValue(run);
        if (isDust) return minimumOut != LEAVE;
        return line.isFresh && _isSeizable(line, run.usedWad);
    }

    function _dustValue(Run memory run) private pure returns (uint256) {
        return uint256(run.rules.dustValue) * MathLib.WAD;
    }

    /// the payment goes pro rata over the debts; the rest of each is lost, unless collateral stays that may pay it: an
    /// owner who could have a debt cut while he keeps the collateral would wait for the lowest price
    function _payAndLose(
        Run memory run,
        Closing memory closing,
        uint256[] calldata maxRepaidAssets
    ) private pure returns (Settled[] memory settled) {
        DebtLine[] memory debts = run.snapshot.debts;
        require(
            maxRepaidAssets.length == debts.length,
            ListLengthMismatch("maxRepaidAssets", maxRepaidAssets.length, debts.length)
        );
        settled = new Settled[](debts.length);
        for (uint256 j; j < debts.length; ++j) {
            DebtLine memory debt = debts[j];
            uint256 repaid =
                closing.paidValue == run.health.debtValue
                    ? debt.assets
                    : MathLib.min(MathLib.mulDivUp(debt.assets, closing.paidValue, run.health.debtValue), debt.assets);
            DebtMove memory move = run.flow.moves[j];
            move.repaidAssets = repaid;
            move.repaidShares =
                repaid == debt.assets
                    ? debt.shares
                    : MathLib.min(DebtShares.toSharesDown(repaid, debt.index, debt.shareUnit), debt.shares);
            uint256 keptShares = closing.keepsRest ? debt.shares - move.repaidShares : 0;
            move.lossShares = debt.shares - move.repaidShares - keptShares;
            PoolId pool = PoolId.wrap(uint8(debt.id));
            require(repaid <= maxRepaidAssets[j], PaymentAboveMaximum(pool, repaid, maxRepaidAssets[j]));
            settled[j] = Settled({
                pool: pool,
                repaidAssets: repaid,
                lossAssets: closing.keepsRest ? 0 : debt.assets - repaid,
                price: debt.price,
                debtShares: keptShares
            });
            (debt.shares, debt.assets) = (keptShares, DebtShares.toAssetsUp(keptShares, debt.index, debt.shareUnit));
            _setDebt(run.position, debt.id, keptShares);
        }
    }

    /// what is taken goes out; what is worth more than the payment and the least bonus stays with the owner
    function _takeAll(
        Run memory run,
        Closing memory closing,
        uint256[] calldata minimumOut
    ) private returns (Taken[] memory taken) {
        CollateralLine[] memory lines = run.snapshot.collaterals;
        taken = new Taken[](lines.length);
        uint256 due = MathLib.mulDivDown(closing.paidValue, MathLib.BPS + run.rules.bonusMinBps, MathLib.BPS);
        for (uint256 i; i < lines.length; ++i) {
            CollateralLine memory line = lines[i];
            uint256 seized;
            if (_isTaken(run, line, minimumOut[i])) {
                seized =
                    due >= closing.takenValue ? line.assets : MathLib.mulDivDown(line.assets, due, closing.takenValue);
                require(seized >= minimumOut[i], OutputBelowMinimum(line.asset, seized, minimumOut[i]));
                _takeLine(run, i, line, seized);
            }
            taken[i] = Taken({asset: line.asset, seizedAssets: seized, price: line.price, holdingAssets: line.assets});
        }
    }

    // ---- a loss that everybody can see ----

    /// @inheritdoc IWriteOff
    function flagLoss(AccountId account) external nonReentrant {
        Run memory run = _readAccount(account);
        bool isPriced = _hasFreshDebts(run.snapshot);
        uint256[] memory losses = new uint256[](poolCount);
        if (isPriced) _expectLosses(run, losses);
        bool changed;
        for (uint256 id; id < losses.length; ++id) {
            // a debt that is paid needs no price: its flag goes
            bool isKnown = isPriced || !_has(run.position.head.debtBits(), id);
            if (isKnown) changed = _flag(account, id, losses[id]) || changed;
        }
        if (!changed) _requireFreshDebts(run.snapshot);
        require(changed, LossUnchanged(account));
    }

    /// what a write-off would leave unpaid of each debt, if all collateral could be taken at its last good price
    function _expectLosses(Run memory run, uint256[] memory losses) private pure {
        if (!run.health.isInsolvent(run.rules.bonusMinBps, run.rules.feeBps)) return;
        uint256 paidValue = LiquidationMath.writeOffPaymentUp(
            run.health.collateralValue,
            run.health.debtValue,
            uint256(run.rules.bonusMinBps) * 1e14
        );
        for (uint256 j; j < run.snapshot.debts.length; ++j) {
            DebtLine memory debt = run.snapshot.debts[j];
            losses[debt.id] = debt.assets - MathLib.mulDivDown(debt.assets, paidValue, run.health.debtValue);
        }
    }

    /// what was flagged is now booked or paid; of debt that stays, the pools know what it will lose
    function _reviseFlags(Run memory run) private {
        run.health = run.snapshot.sum(PriceView.PROTOCOL);
        uint256[] memory losses = new uint256[](poolCount);
        _expectLosses(run, losses);
        for (uint256 j; j < run.snapshot.debts.length; ++j) {
            uint256 id = run.snapshot.debts[j].id;
            _flag(run.position.account, id, losses[id]);
        }
    }

    function _flag(AccountId account, uint256 poolId, uint256 lossAssets) private returns (bool changed) {
        uint256 old = flaggedLosses[account][poolId];
        if (old == lossAssets) return false;
        flaggedLosses[account][poolId] = lossAssets;
        ILendingPool(poolConfigs[poolId].pool()).reviseFlaggedLoss(old, lossAssets);
        emit LossFlagged(account, PoolId.wrap(uint8(poolId)), old, lossAssets);
        return true;
    }
}
