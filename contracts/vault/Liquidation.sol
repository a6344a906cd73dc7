// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {Throttle} from "../libraries/Throttle.sol";
import {AccountId} from "../types/AccountId.sol";
import {Episode, EpisodeLib} from "../types/Episode.sol";
import {Level, LevelLib} from "../types/Level.sol";
import {CallState} from "../types/MarginCall.sol";
import {PoolId} from "../types/PoolId.sol";
import {RiskParameters} from "../types/RiskParameters.sol";
import {CollateralLine, DebtLine, Health, PriceView} from "../types/Snapshot.sol";
import {LiquidationRun} from "./LiquidationRun.sol";

/// Repay debt of an uncovered account and take collateral at a bonus. Each leg acts on the lines that the one before
/// left, and repays no more than reaches the target.
abstract contract Liquidation is LiquidationRun, ILiquidation {
    using HealthMath for *;
    using LiquidationMath for LiquidationMath.Leg;

    uint256 private constant MAX_LEGS = MAX_COLLATERALS * MAX_DEBTS;
    // a bonus before the pair's own maximum: no pair allows so much [bps]
    uint256 private constant UNCAPPED_BPS = 100_00;

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
        // also when no collateral is left and a debt is: coverage is 0 then
        require(
            run.health.coverageAtLeast(before),
            CoverageFell(account, before.coverageDown(), run.health.coverageDown())
        );
        _rememberEpisode(run, before);
        _raiseTier(account);
        run.position.head = run.position.head.withNextLiquidation();
        _emitLiquidated(run, receipts, before);
        _finish(run);
        _moveTokens(run, receiver, data);
    }

    /// the target is kept in the head; what caps the bonus only while the account can be liquidated further
    function _rememberEpisode(Run memory run, Health memory before) private {
        run.position.head = run.position.head.withEpisodeTargetBps(run.targetBps);
        if (run.health.isCovered() || run.episode.counts(block.timestamp)) return;
        uint256 equityWad = MathLib.mulDivDown(before.collateralValue, MathLib.WAD, before.debtValue);
        episodes[run.position.account] = EpisodeLib.toEpisode(
            before.coverageDown(),
            equityWad,
            run.bonusMostWad,
            run.rewardWad,
            block.timestamp
        );
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

    /// the account is solvent, and beyond close-out or past the deadline of its call; sets bonus and target of this run
    function _authoriseLiquidation(Run memory run) private {
        AccountId account = run.position.account;
        RiskParameters memory rules = run.rules;
        Health memory health = run.health;
        require(
            !health.isInsolvent(rules.bonusMinBps, rules.feeBps),
            AccountInsolvent(account, health.debtValue, health.collateralValue)
        );
        if (run.usedWad <= Throttle.LIFTED_ABOVE_WAD) {
            (Health memory earlier, uint256 endsAt) = _beforeJumps(run.position, run.snapshot);
            require(endsAt == 0 || !earlier.isCovered(), JumpUnconfirmed(account, endsAt));
        }
        bool isCalled = run.position.head.callState() == CallState.CALLED;
        uint256 deadline = isCalled ? _deadlineOf(calls[account]) : 0;
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
        run.bonusWad = LiquidationMath.bonusWad(
            run.usedWad,
            run.defaultedFor,
            rules.bonusMinBps,
            rules.bonusPerUsedBps,
            rules.bonusPerHourBps,
            UNCAPPED_BPS
        );
        _recallEpisode(run);
    }

    /// target, bonus and caps are at most those that the first liquidation of the episode found
    function _recallEpisode(Run memory run) private view {
        run.coverageMostWad = run.health.coverageDown();
        run.equityMostWad = MathLib.mulDivDown(run.health.collateralValue, MathLib.WAD, run.health.debtValue);
        uint256 earlierBps = run.position.head.episodeTargetBps();
        if (earlierBps != 0) {
            run.targetBps = MathLib.min(run.targetBps, earlierBps);
            run.episode = episodes[run.position.account];
        }
        // a liquidation never lowers coverage: if it is lower, prices fell, and what was found says nothing any more
        if (!run.episode.counts(block.timestamp) || run.coverageMostWad < run.episode.coverageWad()) {
            run.episode = Episode.wrap(0);
            _shape(run);
            return;
        }
        run.coverageMostWad = MathLib.min(run.coverageMostWad, run.episode.coverageWad());
        run.equityMostWad = MathLib.min(run.equityMostWad, run.episode.equityWad());
        _shape(run);
        run.bonusMostWad = MathLib.min(run.bonusMostWad, run.episode.bonusMostWad());
        run.rewardWad = MathLib.min(run.rewardWad, run.episode.rewardWad());
    }

    /// κ: what each value missing to the target earns, whichever pair it is covered with. Of the collaterals that could
    /// each reach the target alone, and have room for β_min, the widest earns β, or the narrowest β_min with the debt
    /// that earns it most, whichever is more; of none, the largest
    function _shape(Run memory run) private view {
        CollateralLine[] memory lines = run.snapshot.collaterals;
        (run.bonusMostWad, run.rewardWad) = (run.bonusWad, LiquidationMath.REWARD_MOST_WAD);
        if (lines.length * run.snapshot.debts.length == 1) return; // no other pair to choose
        DebtLine memory widestDebt = _widest(run.snapshot.debts);
        LiquidationMath.Leg memory largest;
        LiquidationMath.Leg memory widest;
        CollateralLine memory narrowest;
        narrowest.haircutMaintenancePpm = type(uint256).max;
        for (uint256 i; i < lines.length; ++i) {
            if (!lines[i].isFresh || !_isSeizable(lines[i], run.usedWad)) continue;
            LiquidationMath.Leg memory leg = _describe(run, lines[i], widestDebt, type(uint256).max);
            if (leg.collateralValue > largest.collateralValue) largest = leg;
            if (!leg.suffices() || leg.pairRewardWad() == 0) continue;
            if (widest.targetWad == 0 || leg.haircutPpm > widest.haircutPpm) widest = leg;
            if (lines[i].haircutMaintenancePpm < narrowest.haircutMaintenancePpm) narrowest = lines[i];
        }
        if (largest.targetWad == 0) return;
        uint256 reward = (widest.targetWad == 0 ? largest : widest).pairRewardWad();
        for (uint256 j; narrowest.asset != address(0) && j < run.snapshot.debts.length; ++j) {
            LiquidationMath.Leg memory least = _describe(run, narrowest, run.snapshot.debts[j], type(uint256).max);
            least.bonusWad = least.bonusMinWad;
            uint256 floorWad = least.pairRewardWad();
            if (floorWad > reward) (run.bonusMostWad, reward) = (type(uint256).max, floorWad);
        }
        run.rewardWad = reward;
    }

    /// that of the largest b
    function _widest(DebtLine[] memory debts) private pure returns (DebtLine memory widest) {
        widest = debts[0];
        for (uint256 j = 1; j < debts.length; ++j) if (debts[j].factorPpm > widest.factorPpm) widest = debts[j];
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
        require(acted || !run.isThrottled, SeizureThrottled(run.position.account));
        require(acted, NothingToRepay(run.position.account));
    }

    function _act(Run memory run, Leg calldata leg) private returns (LegReceipt memory receipt) {
        (uint256 i, CollateralLine memory collateral) = _findCollateral(run, leg.asset);
        (uint256 j, DebtLine memory debt) = _findDebt(run, leg.pool);
        LiquidationMath.Leg memory input = _describe(run, collateral, debt, leg.maxRepaidAssets);
        LiquidationMath.Sized memory sized = _sizeThrottled(run, collateral, input);
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
        (input.coverageMostWad, input.equityMostWad) = (run.coverageMostWad, run.equityMostWad);
        input.targetWad = MathLib.WAD + run.targetBps * 1e14;
        input.bonusMinWad = uint256(rules.bonusMinBps) * 1e14;
        input.feeWad = uint256(rules.feeBps) * 1e14;
        input.dustValue = uint256(rules.dustValue) * MathLib.WAD;
        input.bonusWad = MathLib.min(run.bonusMostWad, pairs[collateral.id][debt.id].maxBonusBps() * 1e14);
        input.rewardWad = run.rewardWad;
        input.maxRepaidValue =
            maxRepaidAssets >= debt.assets ? input.debtValue : HealthMath.valueDown(maxRepaidAssets, debt.price);
    }

    /// sizes a leg within what the throttle of its collateral leaves, and raises the levels by what it takes
    function _sizeThrottled(
        Run memory run,
        CollateralLine memory line,
        LiquidationMath.Leg memory input
    ) private returns (LiquidationMath.Sized memory sized) {
        if (!Throttle.applies(input.collateralValue, line.depthValue, run.usedWad)) return input.size();
        uint256 limitValue = Throttle.limitDown(_deepest(line.id), run.rules.throttleBps, input.dustValue);
        uint256 ownLimitValue = Throttle.limitDown(line.depthValue, run.rules.throttleBps, input.dustValue) / 2;
        uint256 levelValue = _levelNow(assetStates[line.asset].level(), limitValue);
        uint256 accountLevelValue = _levelNow(accountLevels[run.position.account][line.id], ownLimitValue);
        uint256 roomValue = Throttle.roomDown(levelValue, limitValue, accountLevelValue, ownLimitValue);
        uint256 mostValue = Throttle.repaidDown(roomValue, input.wantedBonusWad() + input.feeWad);
        // a smaller leg would be dust
        if (mostValue < input.dustValue) mostValue = 0;
        input.maxRepaidValue = MathLib.min(input.maxRepaidValue, mostValue);
        sized = input.size();
        if (sized.leastValue != 0 && sized.repaidValue == mostValue) run.isThrottled = true;
        if (sized.seizedValue == 0) return sized;
        Level level = LevelLib.toLevel(levelValue + sized.seizedValue, block.timestamp);
        assetStates[line.asset] = assetStates[line.asset].withLevel(level);
        level = LevelLib.toLevel(accountLevelValue + sized.seizedValue, block.timestamp);
        accountLevels[run.position.account][line.id] = level;
    }

    function _levelNow(Level level, uint256 limitValue) private view returns (uint256) {
        return Throttle.levelAfter(level.value(), limitValue, level.ageAt(block.timestamp));
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
            i < lines.length && line.isFresh && _isSeizable(line, run.usedWad),
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
}
