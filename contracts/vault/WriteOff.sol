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
import {CollateralLine, DebtLine, PriceView} from "../types/Snapshot.sol";
import {LiquidationRun} from "./LiquidationRun.sol";

/// The end of an insolvent account: a liquidator pays what its collateral is worth less the least bonus and takes it;
/// the pools book what nobody pays. Collateral that nobody can price or take stays, with the debt that it may cover.
abstract contract WriteOff is LiquidationRun, IWriteOff {
    using HealthMath for *;

    /// as a minimum output: leave this collateral, which is worth less than dust
    uint256 private constant LEAVE = type(uint256).max;

    /// What is paid, what stays, in values.
    struct Closing {
        uint256 takenValue; // Σ C of what can be taken [value]
        uint256 keptDebtValue; // stays with collateral that cannot be taken [value]
        uint256 paidValue; // by the liquidator [value]
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
        require(
            run.health.isInsolvent(run.rules.bonusMinBps, run.rules.feeBps),
            AccountSolvent(account, run.health.debtValue, run.health.collateralValue)
        );
        run.usedWad = run.health.usedWad();
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
        _finish(run);
        _unflag(run);
        _moveTokens(run, receiver, data);
    }

    function _closing(Run memory run, uint256[] calldata minimumOut) private view returns (Closing memory closing) {
        CollateralLine[] memory lines = run.snapshot.collaterals;
        require(minimumOut.length == lines.length, ListLengthMismatch("minimumOut", minimumOut.length, lines.length));
        uint256 heldValue;
        for (uint256 i; i < lines.length; ++i) {
            uint256 value = HealthMath.valueDown(lines[i].assets, lines[i].price);
            if (_isTaken(run, lines[i], minimumOut[i])) closing.takenValue += value;
            else if (value >= _dustValue(run)) heldValue += value;
        }
        uint256 bonusMinWad = uint256(run.rules.bonusMinBps) * 1e14;
        uint256 debtValue = run.health.debtValue;
        if (heldValue != 0) {
            closing.keptDebtValue = MathLib.min(
                debtValue,
                MathLib.mulDivDown(heldValue, MathLib.WAD, MathLib.WAD + bonusMinWad)
            );
            // else it could be called again and again for the interest of a second
            require(
                MathLib.max(debtValue - closing.keptDebtValue, closing.takenValue) >= _dustValue(run),
                NothingToWriteOff(run.position.account)
            );
        }
        closing.paidValue = LiquidationMath.writeOffPaymentUp(
            closing.takenValue,
            debtValue - closing.keptDebtValue,
            bonusMinWad
        );
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

    /// the payment goes pro rata over the debts; of the rest of each, what is kept stays and all else is lost
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
            uint256 keptAssets = MathLib.mulDivDown(debt.assets, closing.keptDebtValue, run.health.debtValue);
            uint256 keptShares = DebtShares.toSharesDown(keptAssets, debt.index, debt.shareUnit);
            uint256 repaid = MathLib.min(
                MathLib.mulDivUp(debt.assets, closing.paidValue, run.health.debtValue),
                debt.assets - keptAssets
            );
            uint256 shares = MathLib.min(
                repaid >= debt.assets ? debt.shares : DebtShares.toSharesDown(repaid, debt.index, debt.shareUnit),
                debt.shares - keptShares
            );
            PoolId pool = PoolId.wrap(uint8(debt.id));
            require(repaid <= maxRepaidAssets[j], PaymentAboveMaximum(pool, repaid, maxRepaidAssets[j]));
            settled[j] = Settled({
                pool: pool,
                repaidAssets: repaid,
                lossAssets: debt.assets - keptAssets - repaid,
                price: debt.price,
                debtShares: keptShares
            });
            DebtMove memory move = run.flow.moves[j];
            (move.repaidAssets, move.repaidShares) = (repaid, shares);
            move.lossShares = debt.shares - keptShares - shares;
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
        _requireSequencer();
        Run memory run;
        run.position = _open(account);
        _accrueDebts(run.position);
        run.snapshot = _snapshot(run.position);
        _cachePrices(run.snapshot);
        _requireFreshDebts(run.snapshot);
        run.health = run.snapshot.sum(PriceView.PROTOCOL);
        run.rules = parameters;
        uint256[] memory losses = new uint256[](poolCount);
        if (run.health.isInsolvent(run.rules.bonusMinBps, run.rules.feeBps)) _expectLosses(run, losses);
        bool changed;
        for (uint256 id; id < losses.length; ++id) changed = _flag(account, id, losses[id]) || changed;
        require(changed, LossUnchanged(account));
    }

    /// what a write-off would leave unpaid of each debt, if all collateral could be taken at its last good price
    function _expectLosses(Run memory run, uint256[] memory losses) private pure {
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

    /// what was flagged is now booked, or paid
    function _unflag(Run memory run) private {
        for (uint256 j; j < run.snapshot.debts.length; ++j) _flag(run.position.account, run.snapshot.debts[j].id, 0);
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
