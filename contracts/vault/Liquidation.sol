// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {ILiquidation, ILiquidationCallback} from "../interfaces/ILiquidation.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {CallState} from "../types/MarginCall.sol";
import {PoolId} from "../types/PoolId.sol";
import {RiskParameters} from "../types/RiskParameters.sol";
import {CollateralLine, DebtLine, Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {CallStates} from "./CallStates.sol";
import {CoolOff} from "./CoolOff.sol";

/// Liquidation and write-off. The judge's snapshot is the working copy: each leg acts on the lines that the one before
/// left; then the account is committed, the receipt emitted, the pools settled, and only then tokens move.
abstract contract Liquidation is CallStates, CoolOff, ILiquidation {
    using HealthMath for *;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_LEGS = MAX_COLLATERALS * MAX_DEBTS;

    /// What tokens and pools will have to do, by line of the snapshot.
    struct Flow {
        uint256[] seizedAssets; // of each collateral line
        DebtMove[] moves; // of each debt line
    }

    /// What a pool books.
    struct DebtMove {
        uint256 repaidAssets;
        uint256 repaidShares;
        uint256 feeAssets;
        uint256 lossShares;
    }

    /// One liquidation under way.
    struct Run {
        Position position;
        Snapshot snapshot;
        Health health;
        RiskParameters rules;
        Flow flow;
        int256 usedWad; // before the first leg
        uint256 defaultedFor; // since the deadline of the call [s]
        uint256 targetBps; // above 1
        uint256 widestGapWad; // largest τ·b − w over the account's pairs
    }

    /// @inheritdoc ILiquidation
    function liquidate(
        AccountId account,
        Leg[] calldata legs,
        uint256 expectedLiquidations,
        uint256 deadline,
        address receiver,
        bytes calldata data
    ) external nonReentrant returns (LegReceipt[] memory receipts) {
        require(legs.length != 0 && legs.length <= MAX_LEGS, LegsOutOfRange(legs.length, MAX_LEGS));
        Run memory run = _start(account, expectedLiquidations, deadline);
        Health memory before = run.health;
        _authoriseLiquidation(run);
        receipts = _actOn(run, legs);
        Settled[] memory lost = _lose(run);
        require(
            run.health.coverageAtLeast(before),
            CoverageFell(account, before.coverageDown(), run.health.coverageDown())
        );
        run.position.head = run.position.head.withEpisodeTargetBps(run.targetBps).withNextLiquidation();
        _emitLiquidated(run, receipts, before);
        if (lost.length != 0) _emitWrittenOff(run, new Taken[](0), lost);
        _finish(run);
        _moveTokens(run, receiver, data);
    }

    function _emitLiquidated(Run memory run, LegReceipt[] memory receipts, Health memory before) private {
        run.position.head = run.position.head.withNextVersion();
        emit Liquidated(
            run.position.account,
            msg.sender,
            receipts,
            before.coverageDown(),
            run.health.coverageDown(),
            run.targetBps,
            run.position.head.liquidations(),
            run.position.head.version()
        );
    }

    // ---- beginning and end of both ----

    function _start(AccountId account, uint256 expected, uint256 deadline) private returns (Run memory run) {
        require(block.timestamp <= deadline, DeadlinePassed(deadline, block.timestamp));
        require(!_isCoolingOff(account), CoolingOff(account));
        _requireSequencer();
        run.position = _open(account);
        uint256 found = run.position.head.liquidations();
        require(found == expected, UnexpectedLiquidations(account, found, expected));
        _accrueDebts(run.position);
        run.snapshot = _snapshot(run.position);
        _cachePrices(run.snapshot);
        _requireFreshDebts(run.snapshot);
        run.health = run.snapshot.sum(PriceView.PROTOCOL);
        require(!run.health.isCovered(), NotLiquidatable(account, run.health.requirement, run.health.coverMaintenance));
        run.rules = parameters;
        run.flow.seizedAssets = new uint256[](run.snapshot.collaterals.length);
        run.flow.moves = new DebtMove[](run.snapshot.debts.length);
    }

    /// all pools that the account owes, accrued once: everything after reads the same index
    function _accrueDebts(Position memory position) private {
        uint256 bits = position.head.debtBits();
        for (uint256 id; bits >> id != 0; ++id) {
            if (_has(bits, id)) (position.indexes[id], ) = ILendingPool(poolConfigs[id].pool()).accrue();
        }
    }

    /// lets the call be judged, commits
    function _finish(Run memory run) private {
        // the snapshot is the account as it is now, unless a debt was closed: then other haircuts may be the largest
        bool isCurrent = _count(run.position.head.debtBits()) == run.snapshot.debts.length;
        _judgeCall(run.position, isCurrent ? run.snapshot : _snapshot(run.position));
        _commit(run.position);
    }

    /// collateral out, callback, repayment in; the pools have booked all of it before, so a callback finds no old price
    /// to use
    function _moveTokens(Run memory run, address receiver, bytes calldata data) private {
        DebtLine[] memory debts = run.snapshot.debts;
        for (uint256 j; j < debts.length; ++j) {
            DebtMove memory move = run.flow.moves[j];
            if (move.repaidAssets + move.lossShares == 0) continue;
            ILendingPool(debts[j].pool).settle(move.repaidAssets, move.repaidShares, move.feeAssets, move.lossShares);
        }
        for (uint256 i; i < run.flow.seizedAssets.length; ++i) {
            uint256 seized = run.flow.seizedAssets[i];
            if (seized != 0) IERC20(run.snapshot.collaterals[i].asset).safeTransfer(receiver, seized);
        }
        if (data.length != 0) _callBack(run, data);
        for (uint256 j; j < debts.length; ++j) {
            uint256 owed = run.flow.moves[j].repaidAssets + run.flow.moves[j].feeAssets;
            if (owed == 0) continue;
            IERC20(IERC4626(debts[j].pool).asset()).safeTransferFrom(msg.sender, debts[j].pool, owed);
            ILendingPool(debts[j].pool).requireCash();
        }
    }

    function _callBack(Run memory run, bytes calldata data) private {
        uint256 count = run.snapshot.collaterals.length;
        address[] memory assets = new address[](count);
        for (uint256 i; i < count; ++i) assets[i] = run.snapshot.collaterals[i].asset;
        count = run.snapshot.debts.length;
        PoolId[] memory pools = new PoolId[](count);
        uint256[] memory owedAssets = new uint256[](count);
        for (uint256 j; j < count; ++j) {
            pools[j] = PoolId.wrap(uint8(run.snapshot.debts[j].id));
            owedAssets[j] = run.flow.moves[j].repaidAssets + run.flow.moves[j].feeAssets;
        }
        ILiquidationCallback(msg.sender).onLiquidation(
            run.position.account,
            assets,
            run.flow.seizedAssets,
            pools,
            owedAssets,
            data
        );
    }

    // ---- liquidation ----

    /// the account is solvent, and beyond close-out or past the deadline of its call; sets bonus and target of this run
    function _authoriseLiquidation(Run memory run) private {
        AccountId account = run.position.account;
        RiskParameters memory rules = run.rules;
        Health memory health = run.health;
        require(
            !health.isInsolvent(rules.bonusMinBps, rules.feeBps),
            AccountInsolvent(account, health.debtValue, health.collateralValue)
        );
        run.usedWad = health.usedWad();
        bool isCalled = run.position.head.callState() == CallState.CALLED;
        uint256 deadline = isCalled ? calls[account].deadline() : 0;
        if (isCalled && block.timestamp > deadline) {
            run.defaultedFor = block.timestamp - deadline;
            run.position.head = run.position.head.withNextVersion();
            emit MarginCallExpired(account, deadline, run.position.head.version());
        } else if (!health.isBeyondCloseOut(rules.closeOutBps)) {
            require(isCalled, NotCalled(account, run.usedWad, rules.closeOutBps));
            revert CureTimeLeft(account, deadline, run.usedWad, rules.closeOutBps);
        }
        run.targetBps = LiquidationMath.targetBps(
            health.cushion(),
            health.coverMaintenance,
            rules.targetShareBps,
            rules.targetMinBps,
            rules.targetMaxBps
        );
        uint256 earlier = run.position.head.episodeTargetBps();
        if (earlier != 0) run.targetBps = MathLib.min(run.targetBps, earlier);
        run.widestGapWad = _widestGap(run);
    }

    /// τ · largest b − smallest w
    function _widestGap(Run memory run) private pure returns (uint256) {
        uint256 factorPpm;
        uint256 haircutPpm;
        for (uint256 j; j < run.snapshot.debts.length; ++j)
            factorPpm = MathLib.max(factorPpm, run.snapshot.debts[j].factorPpm);
        for (uint256 i; i < run.snapshot.collaterals.length; ++i)
            haircutPpm = MathLib.max(haircutPpm, run.snapshot.collaterals[i].haircutMaintenancePpm);
        return _gap(run, factorPpm, haircutPpm);
    }

    function _gap(Run memory run, uint256 factorPpm, uint256 haircutPpm) private pure returns (uint256) {
        return LiquidationMath.gapWad(_targetWad(run), factorPpm * 1e12, (MathLib.PPM - haircutPpm) * 1e12);
    }

    function _targetWad(Run memory run) private pure returns (uint256) {
        return MathLib.WAD + run.targetBps * 1e14;
    }

    function _actOn(Run memory run, Leg[] calldata legs) private returns (LegReceipt[] memory receipts) {
        receipts = new LegReceipt[](legs.length);
        bool acted;
        for (uint256 i; i < legs.length; ++i) {
            receipts[i] = _act(run, legs[i]);
            if (receipts[i].repaidAssets == 0) continue;
            acted = true;
            run.health = run.snapshot.sum(PriceView.PROTOCOL);
        }
        require(acted, NothingToRepay(run.position.account));
    }

    function _act(Run memory run, Leg calldata leg) private returns (LegReceipt memory receipt) {
        (uint256 i, CollateralLine memory collateral) = _findCollateral(run, leg.asset);
        (uint256 j, DebtLine memory debt) = _findDebt(run, leg.pool);
        LiquidationMath.Leg memory input = _describe(run, collateral, debt, leg.maxRepaidAssets);
        LiquidationMath.Sized memory sized = LiquidationMath.size(input);
        (receipt.asset, receipt.pool, receipt.leastValue) = (leg.asset, leg.pool, sized.leastValue);
        (receipt.collateralPrice, receipt.debtPrice) = (collateral.price, debt.price);
        receipt.haircutPpm = collateral.haircutMaintenancePpm;
        if (sized.repaidValue != 0) {
            uint256 least = MathLib.min(sized.leastValue, input.dustValue);
            require(sized.repaidValue >= least, RepaymentTooSmall(run.position.account, sized.repaidValue, least));
            uint256 reducedValue = _repayLine(run.flow.moves[j], debt, sized, input.debtValue, receipt);
            receipt.seizedAssets = LiquidationMath.seizeAmount(sized, input.collateralValue, reducedValue, collateral);
            _takeLine(run, i, collateral, receipt.seizedAssets);
            _setDebt(run.position, debt.id, debt.shares);
        }
        (receipt.holdingAssets, receipt.debtShares) = (collateral.assets, debt.shares);
        require(
            receipt.seizedAssets >= leg.minimumOut,
            OutputBelowMinimum(leg.asset, receipt.seizedAssets, leg.minimumOut)
        );
    }

    /// takes a repayment off a debt line; returns by how much its value fell
    function _repayLine(
        DebtMove memory move,
        DebtLine memory debt,
        LiquidationMath.Sized memory sized,
        uint256 debtValue,
        LegReceipt memory receipt
    ) private pure returns (uint256 reducedValue) {
        uint256 shares;
        (receipt.repaidAssets, shares, reducedValue) = LiquidationMath.repayAmounts(sized, debtValue, debt);
        receipt.feeAssets = MathLib.mulDivUp(sized.feeValue, MathLib.WAD, debt.price);
        move.repaidAssets += receipt.repaidAssets;
        move.repaidShares += shares;
        move.feeAssets += receipt.feeAssets;
        debt.shares -= shares;
        debt.assets = DebtShares.toAssetsUp(debt.shares, debt.index, debt.shareUnit);
    }

    /// takes collateral off a line, the account and the total
    function _takeLine(Run memory run, uint256 i, CollateralLine memory line, uint256 seizedAssets) private {
        if (seizedAssets == 0) return;
        run.flow.seizedAssets[i] += seizedAssets;
        line.assets -= seizedAssets;
        line.totalAssets -= seizedAssets;
        assetStates[line.asset] = assetStates[line.asset].withTotal(line.totalAssets);
        _setHolding(run.position, line.id, line.asset, line.assets);
    }

    /// an account without collateral keeps no debt: the rest is a loss of the pools, with a receipt of its own
    function _lose(Run memory run) private pure returns (Settled[] memory settled) {
        if (run.position.head.collateralBits() != 0 || run.position.head.debtBits() == 0) return settled;
        settled = new Settled[](run.snapshot.debts.length);
        for (uint256 j; j < settled.length; ++j) {
            DebtLine memory debt = run.snapshot.debts[j];
            settled[j] = Settled(PoolId.wrap(uint8(debt.id)), 0, debt.assets, debt.price);
            _loseLine(run, j);
        }
        run.health = run.snapshot.sum(PriceView.PROTOCOL);
    }

    function _emitWrittenOff(Run memory run, Taken[] memory taken, Settled[] memory settled) private {
        run.position.head = run.position.head.withNextVersion();
        emit WrittenOff(
            run.position.account,
            msg.sender,
            taken,
            settled,
            run.position.head.liquidations(),
            run.position.head.version()
        );
    }

    function _loseLine(Run memory run, uint256 j) private pure {
        DebtLine memory debt = run.snapshot.debts[j];
        if (debt.shares == 0) return;
        run.flow.moves[j].lossShares += debt.shares;
        (debt.shares, debt.assets) = (0, 0);
        _setDebt(run.position, debt.id, 0);
    }

    /// the pair in the words of the pure library
    function _describe(
        Run memory run,
        CollateralLine memory collateral,
        DebtLine memory debt,
        uint256 maxRepaidAssets
    ) private view returns (LiquidationMath.Leg memory input) {
        RiskParameters memory rules = run.rules;
        input.collateralValue = HealthMath.valueDown(collateral.assets, collateral.price);
        input.haircutPpm = collateral.haircutMaintenancePpm;
        input.depthValue = collateral.depthValue;
        input.debtValue = HealthMath.valueUp(debt.assets, debt.price);
        input.factorWad = debt.factorPpm * 1e12;
        input.cover = run.health.coverMaintenance;
        input.requirement = run.health.requirement;
        input.totalCollateralValue = run.health.collateralValue;
        input.totalDebtValue = run.health.debtValue;
        input.targetWad = _targetWad(run);
        input.bonusMinWad = uint256(rules.bonusMinBps) * 1e14;
        input.feeWad = uint256(rules.feeBps) * 1e14;
        input.dustValue = uint256(rules.dustValue) * MathLib.WAD;
        input.bonusWad = LiquidationMath.shapedBonusWad(
            LiquidationMath.bonusWad(
                run.usedWad,
                run.defaultedFor,
                rules.bonusMinBps,
                rules.bonusPerUsedBps,
                rules.bonusPerHourBps,
                pairs[collateral.id][debt.id].maxBonusBps()
            ),
            input.bonusMinWad,
            _gap(run, debt.factorPpm, collateral.haircutMaintenancePpm),
            run.widestGapWad
        );
        input.maxRepaidValue =
            maxRepaidAssets >= debt.assets ? input.debtValue : HealthMath.valueDown(maxRepaidAssets, debt.price);
    }

    function _findCollateral(
        Run memory run,
        address asset
    ) private view returns (uint256 i, CollateralLine memory line) {
        CollateralLine[] memory lines = run.snapshot.collaterals;
        for (; i < lines.length; ++i) {
            line = lines[i];
            if (line.asset == asset) break;
        }
        require(
            i < lines.length && line.isFresh && !assetStates[asset].isSeizurePaused(),
            CollateralNotSeizable(run.position.account, asset)
        );
    }

    function _findDebt(Run memory run, PoolId pool) private pure returns (uint256 j, DebtLine memory line) {
        DebtLine[] memory lines = run.snapshot.debts;
        for (; j < lines.length; ++j) {
            line = lines[j];
            if (line.id == pool.toUint()) return (j, line);
        }
        revert DebtNotOwed(run.position.account, pool);
    }

    // ---- write-off ----

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
        require(maxRepaidAssets.length == debts.length, ListLengthMismatch(maxRepaidAssets.length, debts.length));
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
            settled[j] = Settled(pool, repaid, debt.assets - repaid, debt.price);
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
        require(minimumOut.length == lines.length, ListLengthMismatch(minimumOut.length, lines.length));
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
            taken[i] = Taken(line.asset, seized, line.price, line.assets);
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
