// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {LiquidationMath} from "../../../contracts/libraries/LiquidationMath.sol";
import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {SizeBrackets} from "../../../contracts/libraries/SizeBrackets.sol";
import {TestBase} from "../../support/TestBase.sol";

// size, given an account below its maintenance line
// ├── it repays no more than the debt and the maximum, and seizes no more than the collateral
// ├── it seizes no more than the repayment with bonus and fee
// ├── bonus and fee together come out of the account's equity
// ├── coverage never falls
// ├── when nothing stops it: the account is at its target, and a little less would not do
// ├── when it would leave dust and nothing stops it: it does not
// └── when it is split into up to ten: bonus and fee are no more in sum
contract LiquidationMathSizeTest is TestBase {
    uint256 private constant WAD = 1e18;
    uint256 private constant PPM = 1e6;

    // Each segment rounds repayment up, seizure down and cover down: a unit each, four segments, and the sums.
    // Ratios have 18 decimals, so that a repayment of x may also be off by x / 1e18: a wei for each dollar.
    uint256 private constant FEW_WEI = 8;
    // 1 / (τ·b − w·s) ≤ 1 / (τ − 1): the least target here is 0.5 % above 1
    uint256 private constant GAIN_MOST = 200;

    /// Where the numbers of a leg come from.
    struct Seed {
        uint256 collateralValue;
        uint256 debtShare;
        uint256 haircutPpm;
        uint256 depthShare;
        uint256 factorPpm;
        uint256 coverage;
        uint256 otherCollateral;
        uint256 targetBps;
        uint256 bonusBps;
        uint256 feeBps;
        uint256 maxShare;
        uint256 reward;
    }

    function testFuzz_size_staysWithinItsBounds(Seed memory seed) external pure {
        LiquidationMath.Leg memory leg = _leg(seed);
        leg.dustValue = 100e18;
        leg.maxRepaidValue = (leg.debtValue * bound(seed.maxShare, 0, 120)) / 100;
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        assertLe(sized.repaidValue, leg.debtValue, "debt");
        assertLe(sized.repaidValue, leg.maxRepaidValue, "maximum");
        assertLe(sized.seizedValue, leg.collateralValue, "collateral");
        assertLe(sized.leastValue, leg.debtValue, "least");
    }

    function testFuzz_size_seizesAtMostRepaidWithBonusAndFee(Seed memory seed) external pure {
        LiquidationMath.Leg memory leg = _leg(seed);
        leg.dustValue = 100e18;
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        uint256 most = sized.repaidValue * (WAD + leg.bonusWad + leg.feeWad);
        assertLe(sized.seizedValue * WAD, most, "s up to 1 + bonus + fee");
        assertLe(sized.feeValue * WAD, sized.repaidValue * leg.feeWad + SizeBrackets.SEGMENTS * WAD, "fee");
    }

    function testFuzz_size_bonusComesOutOfEquity(Seed memory seed) external pure {
        LiquidationMath.Leg memory leg = _leg(seed);
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        if (sized.repaidValue == 0) return;
        assertGe(leg.totalCollateralValue, leg.totalDebtValue, "solvent");
        assertLe(
            sized.seizedValue,
            sized.repaidValue + (leg.totalCollateralValue - leg.totalDebtValue),
            "bonus and fee within the equity"
        );
    }

    function testFuzz_size_neverLowersCoverage(Seed memory seed) external pure {
        LiquidationMath.Leg memory leg = _leg(seed);
        leg.dustValue = 100e18;
        leg.maxRepaidValue = (leg.debtValue * bound(seed.maxShare, 0, 120)) / 100;
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        (uint256 cover, uint256 requirement) = _after(leg, sized);
        // A' / R' ≥ A / R, where A' and R' may be off by a few wei
        assertGe((cover + FEW_WEI) * leg.requirement, leg.cover * MathLib.zeroFloorSub(requirement, FEW_WEI));
    }

    function testFuzz_size_justReachesTheTarget(Seed memory seed) external pure {
        LiquidationMath.Leg memory leg = _leg(seed);
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        bool isStopped = sized.repaidValue == leg.debtValue || sized.seizedValue + FEW_WEI > leg.collateralValue;
        if (isStopped) return;
        (uint256 cover, uint256 requirement) = _after(leg, sized);
        uint256 needed = MathLib.mulDivDown(leg.targetWad, requirement, WAD);
        if (cover + FEW_WEI < needed) return _requireBlocked(leg, sized, cover, requirement);
        assertLe(cover, needed + 4 * (FEW_WEI + leg.totalCollateralValue / WAD), "and no further");
    }

    function testFuzz_size_leavesNoDust(Seed memory seed) external pure {
        LiquidationMath.Leg memory leg = _leg(seed);
        leg.dustValue = 100e18;
        LiquidationMath.Sized memory sized = LiquidationMath.size(leg);
        uint256 debtLeft = leg.debtValue - sized.repaidValue;
        uint256 collateralLeft = leg.collateralValue - sized.seizedValue;
        // where one side is used up, the other one keeps what it keeps
        if (sized.repaidValue == 0 || debtLeft == 0 || collateralLeft <= FEW_WEI) return;
        if (debtLeft >= leg.dustValue && collateralLeft >= leg.dustValue) return;
        (uint256 cover, uint256 requirement) = _after(leg, sized);
        _requireBlocked(leg, sized, cover, requirement);
    }

    function testFuzz_size_splittingPaysNoMore(Seed memory seed, uint256 parts) external pure {
        LiquidationMath.Leg memory leg = _leg(seed);
        LiquidationMath.Sized memory whole = LiquidationMath.size(leg);
        if (whole.repaidValue == 0) return;
        parts = bound(parts, 2, 10);
        uint256 step = whole.repaidValue / parts + 1;
        uint256 repaid;
        uint256 seized;
        for (uint256 i; i < parts && leg.totalDebtValue != 0; ++i) {
            leg.maxRepaidValue = step;
            LiquidationMath.Sized memory part = LiquidationMath.size(leg);
            repaid += part.repaidValue;
            seized += part.seizedValue;
            (leg.cover, leg.requirement) = _after(leg, part);
            leg.debtValue -= part.repaidValue;
            leg.totalDebtValue -= part.repaidValue;
            leg.collateralValue -= part.seizedValue;
            leg.totalCollateralValue -= part.seizedValue;
        }
        uint256 slack = parts * GAIN_MOST * (FEW_WEI + whole.repaidValue / WAD);
        // what one leg leaves below a cap that binds, the next may take: in sum never more than the cap itself
        slack += MathLib.mulDivUp(whole.repaidValue, LiquidationMath.CAP_MARGIN_WAD, WAD);
        assertLe(repaid, whole.repaidValue + slack, "repaid");
        assertLe(seized + whole.repaidValue, whole.seizedValue + repaid + slack, "bonus and fee");
    }

    /// an account whose cover is between 30 % and 100 % of its requirement
    function _leg(Seed memory seed) private pure returns (LiquidationMath.Leg memory leg) {
        leg.collateralValue = bound(seed.collateralValue, 1e15, 1e27);
        leg.haircutPpm = bound(seed.haircutPpm, 0, PPM);
        leg.depthValue = (leg.collateralValue * bound(seed.depthShare, 30, 1000)) / 100;
        leg.factorWad = bound(seed.factorPpm, PPM, 1_500_000) * 1e12;
        leg.totalCollateralValue = leg.collateralValue + bound(seed.otherCollateral, 0, 1e27);
        leg.cover = _credit(leg) + (leg.totalCollateralValue - leg.collateralValue) / 2;
        leg.requirement = (leg.cover * 100) / bound(seed.coverage, 30, 99) + 1;
        uint256 most = MathLib.mulDivDown(leg.requirement, WAD, leg.factorWad);
        leg.debtValue = (most * bound(seed.debtShare, 1, 100)) / 100;
        // other debts have the factor 1
        uint256 own = MathLib.mulDivUp(leg.debtValue, leg.factorWad, WAD);
        (leg.coverageMostWad, leg.equityMostWad) = (type(uint256).max, type(uint256).max);
        leg.totalDebtValue = leg.debtValue + MathLib.zeroFloorSub(leg.requirement, own);
        leg.targetWad = WAD + bound(seed.targetBps, 50, 4_000) * 1e14;
        leg.bonusMinWad = 1e16;
        leg.bonusWad = bound(seed.bonusBps, 100, 2_000) * 1e14;
        leg.rewardWad = seed.reward % 2 == 0 ? LiquidationMath.REWARD_MOST_WAD : bound(seed.reward, 0, 2 * WAD);
        leg.feeWad = bound(seed.feeBps, 0, 200) * 1e14;
        leg.maxRepaidValue = type(uint256).max;
    }

    function _credit(LiquidationMath.Leg memory leg) private pure returns (uint256) {
        return SizeBrackets.creditDown(leg.collateralValue, leg.depthValue, leg.haircutPpm);
    }

    /// cover and requirement, judged anew
    function _after(
        LiquidationMath.Leg memory leg,
        LiquidationMath.Sized memory sized
    ) private pure returns (uint256 cover, uint256 requirement) {
        uint256 left = leg.collateralValue - sized.seizedValue;
        cover = leg.cover - _credit(leg) + SizeBrackets.creditDown(left, leg.depthValue, leg.haircutPpm);
        uint256 before = MathLib.mulDivUp(leg.debtValue, leg.factorWad, WAD);
        uint256 debt = MathLib.mulDivUp(leg.debtValue - sized.repaidValue, leg.factorWad, WAD);
        requirement = MathLib.zeroFloorSub(leg.requirement, before - debt);
    }

    /// what remains of the pair can pay no bonus: only that stops a leg short of its end
    function _requireBlocked(
        LiquidationMath.Leg memory leg,
        LiquidationMath.Sized memory sized,
        uint256 cover,
        uint256 requirement
    ) private pure {
        uint256 left = leg.collateralValue - sized.seizedValue;
        uint256 segment = SizeBrackets.SEGMENTS - 1;
        while (segment > 0 && SizeBrackets.segmentStart(segment, leg.depthValue) + FEW_WEI >= left) --segment;
        leg.totalCollateralValue -= sized.seizedValue;
        leg.totalDebtValue -= sized.repaidValue;
        (leg.cover, leg.requirement) = (cover, requirement);
        (, , bool usable) = LiquidationMath.cappedBonus(leg, SizeBrackets.weightWad(segment, leg.haircutPpm));
        assertFalse(usable, "it stopped although it could go on");
    }
}
