// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CollateralLine, DebtLine} from "../types/Snapshot.sol";
import {DebtShares} from "./DebtShares.sol";
import {HealthMath} from "./HealthMath.sol";
import {MathLib} from "./MathLib.sol";
import {SizeBrackets} from "./SizeBrackets.sol";

/// How much of one debt is repaid, and how much of one collateral taken for it, so that the account just reaches its
/// target coverage, its coverage never falls, and the bonus never eats more than its equity.
library LiquidationMath {
    /// Kept below the caps, so that rounding to token units never turns "just not worse" into "worse" [wad].
    uint256 internal constant CAP_MARGIN_WAD = 1e6;
    /// A reward of this shapes no bonus [wad].
    uint256 internal constant REWARD_MOST_WAD = 2 ** 64 - 1;

    /// One pair of collateral i and debt j, inside the sums of its account.
    struct Leg {
        uint256 collateralValue; // C_i [value]
        uint256 haircutPpm; // maintenance haircut of i
        uint256 depthValue; // market depth of i [value]
        uint256 debtValue; // D_j, rounded up [value]
        uint256 factorWad; // b_j
        uint256 cover; // A_M of the account [value]
        uint256 requirement; // R of the account [value]
        uint256 totalCollateralValue; // Σ C [value]
        uint256 totalDebtValue; // Σ D [value]
        uint256 coverageMostWad; // A_M / R at the first liquidation of the episode; the maximum for none
        uint256 equityMostWad; // Σ C / Σ D at the first liquidation of the episode; the maximum for none
        uint256 targetWad; // τ
        uint256 bonusWad; // most for the pair
        uint256 rewardWad; // κ
        uint256 bonusMinWad; // β_min
        uint256 feeWad; // φ
        uint256 maxRepaidValue; // most that the liquidator repays [value]
        uint256 dustValue; // nothing smaller is left on either side [value]
    }

    /// What a leg does.
    struct Sized {
        uint256 repaidValue; // x: debt reduced [value]
        uint256 seizedValue; // s·x [value]
        uint256 feeValue; // φ·x, paid by the liquidator on top [value]
        uint256 leastValue; // x* before dust and the liquidator's maximum [value]
    }

    /// τ = 1 + clamp(ρ · Q / A, min, max), rounded down [bps above 1]; Q / A does not move while one collateral is
    /// seized, so splitting a liquidation does not move the target
    function targetBps(
        uint256 cushion,
        uint256 cover,
        uint256 shareBps,
        uint256 minBps,
        uint256 maxBps
    ) internal pure returns (uint256) {
        if (cover == 0) return maxBps;
        return MathLib.clamp(MathLib.mulDivDown(cushion, shareBps, cover), minBps, maxBps);
    }

    /// β = max(β_min + k · used, β_min + r · hours since default), at most β_max [wad]
    function bonusWad(
        int256 usedWad,
        uint256 defaultedFor,
        uint256 minBps,
        uint256 perUsedBps,
        uint256 perHourBps,
        uint256 maxBps
    ) internal pure returns (uint256) {
        uint256 severity =
            usedWad > 0
                ? MathLib.mulDivDown(MathLib.min(uint256(usedWad), 4 * MathLib.WAD), perUsedBps, MathLib.BPS)
                : 0;
        uint256 time = MathLib.mulDivDown(MathLib.min(defaultedFor, 365 days), perHourBps * 1e14, 1 hours);
        return MathLib.min(minBps * 1e14 + MathLib.max(severity, time), maxBps * 1e14);
    }

    /// κ = β / (τ·b − w·s) with what the caps leave of β and φ, rounded down: what a pair earns, per value missing to
    /// the target, in its lowest size segment; 0 when the caps leave no bonus [wad]
    function pairRewardWad(Leg memory leg) internal pure returns (uint256) {
        uint256 weightWad = SizeBrackets.weightWad(0, leg.haircutPpm);
        (uint256 bonus, uint256 fee, bool usable) = cappedBonus(leg, weightWad);
        if (!usable) return 0;
        uint256 gap = gapWad(leg.targetWad, leg.factorWad, weightWad);
        uint256 loss = MathLib.mulDivUp(weightWad, bonus + fee, MathLib.WAD);
        if (gap <= loss) return REWARD_MOST_WAD;
        return MathLib.min(MathLib.mulDivDown(bonus, MathLib.WAD, gap - loss), REWARD_MOST_WAD);
    }

    /// κ · (τ·b − w·(1 + φ)) / (1 + κ·w), rounded down: the bonus with which a pair earns κ for each value missing to
    /// the target, whatever it must repay for that [wad]
    function shapedBonusWad(
        uint256 reward,
        uint256 pairGapWad,
        uint256 weightWad,
        uint256 feeWad
    ) internal pure returns (uint256) {
        uint256 net = MathLib.zeroFloorSub(pairGapWad, MathLib.mulDivUp(weightWad, feeWad, MathLib.WAD));
        return MathLib.mulDivDown(reward, net, MathLib.WAD + MathLib.mulDivUp(reward, weightWad, MathLib.WAD));
    }

    /// whether the collateral alone could bring the account to its target, at β_min and the weight of its lowest
    /// segment
    function suffices(Leg memory leg) internal pure returns (bool) {
        uint256 weightWad = SizeBrackets.weightWad(0, leg.haircutPpm);
        uint256 seizeWad = MathLib.WAD + leg.bonusMinWad + leg.feeWad;
        uint256 least = leastRepaymentUp(leg.cover, leg.requirement, leg.targetWad, leg.factorWad, weightWad, seizeWad);
        return MathLib.mulDivUp(least, seizeWad, MathLib.WAD) <= leg.collateralValue;
    }

    /// the largest bonus that the leg can have: that of the segment which it begins in, before the caps [wad]
    function wantedBonusWad(Leg memory leg) internal pure returns (uint256) {
        uint256 segment = SizeBrackets.topSegment(leg.collateralValue, leg.depthValue);
        return _wantedBonus(leg, SizeBrackets.weightWad(segment, leg.haircutPpm));
    }

    /// what the pair is to earn before the caps, not below β_min: its most, or what κ shapes where that is less [wad]
    function _wantedBonus(Leg memory leg, uint256 weightWad) private pure returns (uint256) {
        uint256 wanted = leg.bonusWad;
        if (leg.rewardWad < REWARD_MOST_WAD) {
            uint256 gap = gapWad(leg.targetWad, leg.factorWad, weightWad);
            wanted = MathLib.min(wanted, shapedBonusWad(leg.rewardWad, gap, weightWad, leg.feeWad));
        }
        return MathLib.max(wanted, leg.bonusMinWad);
    }

    /// τ·b − w: what one unit of repayment, paid for at par, moves the account towards its target [wad]
    function gapWad(uint256 targetWad, uint256 factorWad, uint256 weightWad) internal pure returns (uint256) {
        return MathLib.mulDivDown(targetWad, factorWad, MathLib.WAD) - weightWad;
    }

    /// s ≤ b·H/w keeps coverage from falling, s ≤ Σ C / Σ D keeps the bonus within the equity; φ gives way first, then
    /// β. What the first liquidation of the episode found caps the bonus too, but never below β_min: another pair's leg
    /// loosens no cap, and blocks none. Both are 0 and `usable` false when not even β_min is left [wad]
    function cappedBonus(
        Leg memory leg,
        uint256 weightWad
    ) internal pure returns (uint256 bonus, uint256 fee, bool usable) {
        uint256 cap = MathLib.mulDivDown(leg.totalCollateralValue, MathLib.WAD, leg.totalDebtValue);
        uint256 first = MathLib.min(leg.equityMostWad, type(uint128).max);
        if (weightWad != 0) {
            uint256 scaled = MathLib.mulDivDown(leg.cover, leg.factorWad, leg.requirement);
            cap = MathLib.min(cap, MathLib.mulDivDown(scaled, MathLib.WAD, weightWad));
            scaled = MathLib.mulDivDown(
                MathLib.min(leg.coverageMostWad, type(uint128).max),
                leg.factorWad,
                MathLib.WAD
            );
            first = MathLib.min(first, MathLib.mulDivDown(scaled, MathLib.WAD, weightWad));
        }
        uint256 least = MathLib.WAD + leg.bonusMinWad;
        cap = MathLib.zeroFloorSub(MathLib.min(cap, MathLib.max(first, least + CAP_MARGIN_WAD)), CAP_MARGIN_WAD);
        if (cap < least) return (0, 0, false);
        uint256 room = cap - MathLib.WAD;
        bonus = MathLib.min(_wantedBonus(leg, weightWad), room);
        fee = MathLib.min(leg.feeWad, room - bonus);
        usable = true;
    }

    /// x* = (τ·R − A) / (τ·b − w·s), rounded up; 0 when the target is reached [value]
    function leastRepaymentUp(
        uint256 cover,
        uint256 requirement,
        uint256 targetWad,
        uint256 factorWad,
        uint256 weightWad,
        uint256 seizeWad
    ) internal pure returns (uint256) {
        uint256 missing = MathLib.zeroFloorSub(MathLib.mulDivUp(targetWad, requirement, MathLib.WAD), cover);
        if (missing == 0) return 0;
        uint256 gain = MathLib.mulDivDown(targetWad, factorWad, MathLib.WAD);
        uint256 loss = MathLib.mulDivUp(weightWad, seizeWad, MathLib.WAD);
        return gain <= loss ? type(uint128).max : MathLib.mulDivUp(missing, MathLib.WAD, gain - loss);
    }

    /// sizes a leg: the least that reaches the target, or the whole where dust would be left, within the liquidator's
    /// maximum
    function size(Leg memory leg) internal pure returns (Sized memory sized) {
        sized = _walk(leg, false, type(uint256).max);
        uint256 least = sized.repaidValue;
        sized.leastValue = least;
        if (least == 0) return sized;
        bool leavesDust =
            _isDust(leg.debtValue - least, leg.dustValue) ||
                _isDust(leg.collateralValue - sized.seizedValue, leg.dustValue);
        if (leavesDust) sized = _walk(leg, true, type(uint256).max);
        if (sized.repaidValue > leg.maxRepaidValue) sized = _walk(leg, false, leg.maxRepaidValue);
        sized.leastValue = least;
    }

    function _isDust(uint256 value, uint256 dustValue) private pure returns (bool) {
        return value != 0 && value < dustValue;
    }

    /// repays from the top size segment of the collateral downwards, until the target (or, if `whole`, the end of the
    /// debt or of the collateral) or `maxRepaid` is reached
    function _walk(Leg memory leg, bool whole, uint256 maxRepaid) private pure returns (Sized memory sized) {
        Leg memory rest = _copy(leg);
        rest.maxRepaidValue = maxRepaid;
        for (uint256 above = SizeBrackets.SEGMENTS; above > 0; --above) {
            uint256 start = SizeBrackets.segmentStart(above - 1, leg.depthValue);
            if (rest.collateralValue <= start) continue;
            if (_takeSegment(rest, sized, above - 1, rest.collateralValue - start, whole)) break;
        }
    }

    /// repays out of one segment that holds `roomValue`; returns whether the walk is done
    function _takeSegment(
        Leg memory rest,
        Sized memory sized,
        uint256 segment,
        uint256 roomValue,
        bool whole
    ) private pure returns (bool) {
        if (rest.totalDebtValue == 0 || rest.requirement == 0) return true;
        uint256 weight = SizeBrackets.weightWad(segment, rest.haircutPpm);
        (uint256 bonus, uint256 fee, bool usable) = cappedBonus(rest, weight);
        if (!usable) return true;
        uint256 seizeWad = MathLib.WAD + bonus + fee;
        uint256 repaid =
            whole
                ? rest.debtValue
                : leastRepaymentUp(rest.cover, rest.requirement, rest.targetWad, rest.factorWad, weight, seizeWad);
        repaid = MathLib.min(repaid, MathLib.min(rest.debtValue, rest.maxRepaidValue));
        uint256 seized = MathLib.mulDivDown(repaid, seizeWad, MathLib.WAD);
        bool isLast = seized <= roomValue;
        if (!isLast) {
            seized = roomValue;
            repaid = MathLib.min(MathLib.mulDivUp(roomValue, MathLib.WAD, seizeWad), repaid);
        }
        sized.repaidValue += repaid;
        sized.seizedValue += seized;
        sized.feeValue += MathLib.mulDivUp(repaid, fee, MathLib.WAD);
        _reduce(rest, repaid, seized, weight);
        return isLast;
    }

    /// the account after repaying and seizing
    function _reduce(Leg memory rest, uint256 repaid, uint256 seized, uint256 weight) private pure {
        rest.maxRepaidValue -= repaid;
        rest.debtValue -= repaid;
        rest.totalDebtValue -= repaid;
        rest.requirement = MathLib.zeroFloorSub(
            rest.requirement,
            MathLib.mulDivDown(repaid, rest.factorWad, MathLib.WAD)
        );
        rest.collateralValue -= seized;
        rest.totalCollateralValue -= seized;
        rest.cover = MathLib.zeroFloorSub(rest.cover, MathLib.mulDivUp(seized, weight, MathLib.WAD));
    }

    function _copy(Leg memory leg) private pure returns (Leg memory copy) {
        // safe: a leg is 18 words without pointers, and the copy is as long
        assembly ("memory-safe") {
            mcopy(copy, leg, 0x240)
        }
    }

    /// what a sized leg repays in the debt's own units: assets up (paid by the liquidator), shares down (taken off the
    /// account), and by how much the debt's value really fell, rounded down
    function repayAmounts(
        Sized memory sized,
        uint256 debtValue,
        DebtLine memory line
    ) internal pure returns (uint256 repaidAssets, uint256 repaidShares, uint256 reducedValue) {
        repaidAssets = line.assets;
        if (sized.repaidValue < debtValue)
            repaidAssets = MathLib.min(MathLib.mulDivUp(sized.repaidValue, MathLib.WAD, line.price), line.assets);
        if (repaidAssets == line.assets) return (repaidAssets, line.shares, sized.repaidValue);
        repaidShares = MathLib.min(DebtShares.toSharesDown(repaidAssets, line.index, line.shareUnit), line.shares);
        uint256 left = DebtShares.toAssetsUp(line.shares - repaidShares, line.index, line.shareUnit);
        reducedValue = HealthMath.valueDown(MathLib.zeroFloorSub(line.assets, left), line.price);
    }

    /// what a sized leg takes in the collateral's own units, rounded down, never more than the debt really fell for
    function seizeAmount(
        Sized memory sized,
        uint256 collateralValue,
        uint256 reducedValue,
        CollateralLine memory line
    ) internal pure returns (uint256) {
        if (reducedValue >= sized.repaidValue && sized.seizedValue == collateralValue) return line.assets;
        uint256 value = MathLib.mulDivDown(
            sized.seizedValue,
            MathLib.min(reducedValue, sized.repaidValue),
            sized.repaidValue
        );
        return MathLib.mulDivDown(value, MathLib.WAD, line.price);
    }

    /// what a liquidator pays for the whole collateral of an insolvent account: min(Σ D, Σ C / (1 + β_min)), rounded up
    function writeOffPaymentUp(
        uint256 totalCollateralValue,
        uint256 totalDebtValue,
        uint256 bonusMinWad
    ) internal pure returns (uint256) {
        return
            MathLib.min(totalDebtValue, MathLib.mulDivUp(totalCollateralValue, MathLib.WAD, MathLib.WAD + bonusMinWad));
    }
}
