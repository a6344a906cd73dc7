// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {LiquidationMath} from "../../../contracts/libraries/LiquidationMath.sol";
import {TestBase} from "../../support/TestBase.sol";

/// Corners of the sizing that no account of a test vault gets into.
contract LiquidationMathEdgesTest is TestBase {
    /// without cover the target is the highest
    function test_targetBps_withoutCover() external pure {
        assertEq(LiquidationMath.targetBps(1_000e18, 0, 60_00, 10, 25_00), 25_00);
    }

    /// the debt ends within a unit of the end of the top segment: the walk stops there
    function test_size_theDebtEndsWithASegment() external pure {
        LiquidationMath.Leg memory leg;
        leg.depthValue = 1_000e18;
        leg.collateralValue = 1_105e18 - 1; // the top segment is worth 105 − 1e-18
        leg.haircutPpm = 150_000;
        leg.debtValue = 100e18;
        leg.factorWad = 1e18;
        leg.cover = 90e18;
        leg.requirement = 100e18;
        leg.totalCollateralValue = leg.collateralValue;
        leg.totalDebtValue = leg.debtValue;
        (leg.coverageMostWad, leg.equityMostWad) = (type(uint256).max, type(uint256).max);
        leg.targetWad = 1.1e18;
        leg.bonusWad = 0.05e18;
        leg.rewardWad = LiquidationMath.REWARD_MOST_WAD;
        leg.bonusMinWad = 0.01e18;
        leg.maxRepaidValue = type(uint256).max;
        leg.dustValue = 100e18; // what x* would leave is dust, so all is repaid
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        assertEq(sized.repaidValue, 100e18, "all of the debt");
        assertEq(sized.seizedValue, 105e18 - 1, "all of the segment, and nothing below it");
    }

    /// a pair that loses more cover than it brings has no price that all others must match
    function test_pairReward_whereNothingIsGained_isTheMost() external pure {
        LiquidationMath.Leg memory leg = _solvent();
        (leg.haircutPpm, leg.targetWad, leg.factorWad, leg.bonusWad) = (10_000, 1e18, 1e18, 0.2e18);
        (leg.coverageMostWad, leg.equityMostWad) = (type(uint256).max, type(uint256).max);
        (uint256 bonus, , bool usable) = LiquidationMath.cappedBonus(leg, 0.99e18);
        assertTrue(usable && bonus > 0.0102e18, "more than the haircut");
        assertEq(LiquidationMath.pairRewardWad(leg), LiquidationMath.REWARD_MOST_WAD);
    }

    /// LIQ-33: what an earlier liquidation found lowers the bonus to the least at most, and blocks nothing
    function test_cappedBonus_ofAnEpisode_leavesTheLeastBonus() external pure {
        LiquidationMath.Leg memory leg = _solvent();
        (uint256 bonus, uint256 fee, bool usable) = LiquidationMath.cappedBonus(leg, 0.85e18);
        assertEq(bonus, 0.05e18, "nothing found: the whole bonus");
        assertEq(fee, 0.005e18, "and the fee");
        (leg.coverageMostWad, leg.equityMostWad) = (0, 0);
        (bonus, fee, usable) = LiquidationMath.cappedBonus(leg, 0.85e18);
        assertTrue(usable, "not blocked");
        assertEq(bonus, 0.01e18, "the least bonus");
        assertEq(fee, 0, "no fee");
        (leg.coverageMostWad, leg.equityMostWad) = (type(uint256).max, 1.03e18);
        (bonus, fee, ) = LiquidationMath.cappedBonus(leg, 0.85e18);
        assertEq(bonus, 0.03e18 - LiquidationMath.CAP_MARGIN_WAD, "what the equity was");
        assertEq(fee, 0, "the fee gives way first");
    }

    /// LIQ-36: a maximum between x* and the whole: x*, although dust is left
    function test_size_dustBeyondTheMaximum_fallsBackToTheLeast() external pure {
        LiquidationMath.Leg memory leg = _solvent();
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        assertEq(sized.repaidValue, leg.debtValue, "what x* would leave is dust, so all is repaid");
        assertLt(sized.leastValue, leg.debtValue, "more than the least");
        leg.maxRepaidValue = (sized.leastValue + leg.debtValue) / 2;
        LiquidationMath.Sized memory limited = LiquidationMath.size(leg);
        assertEq(limited.repaidValue, sized.leastValue, "no more than the least");
    }

    /// 1,000 that cover 850, against a debt of 300 beside others: x* is 250, and what it would leave is dust
    function _solvent() private pure returns (LiquidationMath.Leg memory leg) {
        leg.depthValue = 1e30;
        leg.collateralValue = 1_000e18;
        leg.haircutPpm = 150_000;
        leg.debtValue = 300e18;
        leg.factorWad = 1e18;
        leg.cover = 850e18;
        leg.requirement = 846e18;
        leg.totalCollateralValue = 1_000e18;
        leg.totalDebtValue = 846e18;
        (leg.coverageMostWad, leg.equityMostWad) = (type(uint256).max, type(uint256).max);
        leg.targetWad = 1.05e18;
        leg.bonusWad = 0.05e18;
        leg.rewardWad = LiquidationMath.REWARD_MOST_WAD;
        leg.bonusMinWad = 0.01e18;
        leg.feeWad = 0.005e18;
        leg.maxRepaidValue = type(uint256).max;
        leg.dustValue = 200e18;
    }
}
