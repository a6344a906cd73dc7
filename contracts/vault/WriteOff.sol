// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";
import {CollateralLine, DebtLine} from "../types/Snapshot.sol";
import {LiquidationRun} from "./LiquidationRun.sol";

/// The end of an insolvent account: a liquidator pays what its collateral is worth less the least bonus and takes it;
/// the pools book what nobody pays.
abstract contract WriteOff is LiquidationRun {
    using HealthMath for *;

    /// @inheritdoc ILiquidation
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
        settled = _payAndLose(run, maxRepaidAssets);
        taken = _takeAll(run, minimumOut);
        run.position.head = run.position.head.withNextLiquidation();
        _emitWrittenOff(run, taken, settled);
        _finish(run);
        _moveTokens(run, receiver, data);
    }

    /// the liquidator pays Σ C / (1 + β_min) pro rata over the debts; the rest of each is lost
    function _payAndLose(
        Run memory run,
        uint256[] calldata maxRepaidAssets
    ) private pure returns (Settled[] memory settled) {
        DebtLine[] memory debts = run.snapshot.debts;
        require(
            maxRepaidAssets.length == debts.length,
            ListLengthMismatch("maxRepaidAssets", maxRepaidAssets.length, debts.length)
        );
        settled = new Settled[](debts.length);
        uint256 payValue = _paymentValue(run);
        for (uint256 j; j < debts.length; ++j) {
            DebtLine memory debt = debts[j];
            uint256 repaid =
                payValue == run.health.debtValue
                    ? debt.assets
                    : MathLib.mulDivUp(debt.assets, payValue, run.health.debtValue);
            uint256 shares =
                repaid >= debt.assets
                    ? debt.shares
                    : MathLib.min(DebtShares.toSharesDown(repaid, debt.index, debt.shareUnit), debt.shares);
            PoolId pool = PoolId.wrap(uint8(debt.id));
            require(repaid <= maxRepaidAssets[j], PaymentAboveMaximum(pool, repaid, maxRepaidAssets[j]));
            settled[j] = Settled({
                pool: pool,
                repaidAssets: repaid,
                lossAssets: debt.assets - repaid,
                price: debt.price
            });
            (run.flow.moves[j].repaidAssets, run.flow.moves[j].repaidShares) = (repaid, shares);
            debt.shares -= shares;
            _loseLine(run, j);
            _setDebt(run.position, debt.id, 0);
        }
    }

    function _paymentValue(Run memory run) private pure returns (uint256) {
        return
            LiquidationMath.writeOffPaymentUp(
                run.health.collateralValue,
                run.health.debtValue,
                uint256(run.rules.bonusMinBps) * 1e14
            );
    }

    /// all collateral goes out; what is worth more than the payment and the least bonus stays with the owner
    function _takeAll(Run memory run, uint256[] calldata minimumOut) private returns (Taken[] memory taken) {
        CollateralLine[] memory lines = run.snapshot.collaterals;
        require(minimumOut.length == lines.length, ListLengthMismatch("minimumOut", minimumOut.length, lines.length));
        taken = new Taken[](lines.length);
        uint256 due = MathLib.mulDivDown(_paymentValue(run), MathLib.BPS + run.rules.bonusMinBps, MathLib.BPS);
        for (uint256 i; i < lines.length; ++i) {
            CollateralLine memory line = lines[i];
            _requireSeizable(run, line);
            uint256 seized =
                due >= run.health.collateralValue
                    ? line.assets
                    : MathLib.mulDivDown(line.assets, due, run.health.collateralValue);
            require(seized >= minimumOut[i], OutputBelowMinimum(line.asset, seized, minimumOut[i]));
            _takeLine(run, i, line, seized);
            taken[i] = Taken({asset: line.asset, seizedAssets: seized, price: line.price, holdingAssets: line.assets});
        }
    }

    /// a collateral without a fresh price, or paused, is handed over only when it is worth no more than dust
    function _requireSeizable(Run memory run, CollateralLine memory line) private view {
        if (line.isFresh && !assetStates[line.asset].isSeizurePaused()) return;
        require(
            HealthMath.valueDown(line.assets, line.price) < uint256(run.rules.dustValue) * MathLib.WAD,
            CollateralNotSeizable(run.position.account, line.asset)
        );
    }
}
