// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {CollateralLine, DebtLine} from "../types/Snapshot.sol";
import {CallBatch} from "./CallBatch.sol";

/// The sizes of liquidations with a door: each function as it is, callable from outside.
contract LiquidationHarness is CallBatch {
    function targetBps(
        uint256 cushion,
        uint256 cover,
        uint256 shareBps,
        uint256 minBps,
        uint256 maxBps
    ) external pure returns (uint256) {
        return LiquidationMath.targetBps(cushion, cover, shareBps, minBps, maxBps);
    }

    function bonusWad(
        int256 usedWad,
        uint256 defaultedFor,
        uint256 minBps,
        uint256 perUsedBps,
        uint256 perHourBps,
        uint256 maxBps
    ) external pure returns (uint256) {
        return LiquidationMath.bonusWad(usedWad, defaultedFor, minBps, perUsedBps, perHourBps, maxBps);
    }

    function shapedBonusWad(
        uint256 reward,
        uint256 pairGapWad,
        uint256 weightWad,
        uint256 feeWad
    ) external pure returns (uint256) {
        return LiquidationMath.shapedBonusWad(reward, pairGapWad, weightWad, feeWad);
    }

    function pairRewardWad(LiquidationMath.Leg calldata leg) external pure returns (uint256) {
        return LiquidationMath.pairRewardWad(leg);
    }

    function wantedBonusWad(LiquidationMath.Leg calldata leg) external pure returns (uint256) {
        return LiquidationMath.wantedBonusWad(leg);
    }

    function suffices(LiquidationMath.Leg calldata leg) external pure returns (bool) {
        return LiquidationMath.suffices(leg);
    }

    function gapWad(uint256 targetWad, uint256 factorWad, uint256 weightWad) external pure returns (uint256) {
        return LiquidationMath.gapWad(targetWad, factorWad, weightWad);
    }

    function cappedBonus(
        LiquidationMath.Leg calldata leg,
        uint256 weightWad
    ) external pure returns (uint256 bonus, uint256 fee, bool usable) {
        return LiquidationMath.cappedBonus(leg, weightWad);
    }

    function leastRepaymentUp(
        uint256 cover,
        uint256 requirement,
        uint256 targetWad,
        uint256 factorWad,
        uint256 weightWad,
        uint256 seizeWad
    ) external pure returns (uint256) {
        return LiquidationMath.leastRepaymentUp(cover, requirement, targetWad, factorWad, weightWad, seizeWad);
    }

    function size(LiquidationMath.Leg calldata leg) external pure returns (LiquidationMath.Sized memory sized) {
        return LiquidationMath.size(leg);
    }

    function repayAmounts(
        LiquidationMath.Sized calldata sized,
        uint256 debtValue,
        DebtLine calldata line
    ) external pure returns (uint256 repaidAssets, uint256 repaidShares, uint256 reducedValue) {
        return LiquidationMath.repayAmounts(sized, debtValue, line);
    }

    function seizeAmount(
        LiquidationMath.Sized calldata sized,
        uint256 collateralValue,
        uint256 reducedValue,
        CollateralLine calldata line
    ) external pure returns (uint256) {
        return LiquidationMath.seizeAmount(sized, collateralValue, reducedValue, line);
    }

    function writeOffPaymentUp(
        uint256 totalCollateralValue,
        uint256 totalDebtValue,
        uint256 bonusMinWad
    ) external pure returns (uint256) {
        return LiquidationMath.writeOffPaymentUp(totalCollateralValue, totalDebtValue, bonusMinWad);
    }
}
