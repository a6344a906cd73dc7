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
        leg.bonusMinWad = 0.01e18;
        leg.maxRepaidValue = type(uint256).max;
        leg.dustValue = 100e18; // what x* would leave is dust, so all is repaid
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        assertEq(sized.repaidValue, 100e18, "all of the debt");
        assertEq(sized.seizedValue, 105e18 - 1, "all of the segment, and nothing below it");
    }
}
