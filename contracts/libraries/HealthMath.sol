// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CollateralLine, DebtLine, Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {MathLib} from "./MathLib.sol";
import {SizeBrackets} from "./SizeBrackets.sol";

/// The equation: a snapshot of an account → whether it is covered. C and A are rounded down, D and R up.
library HealthMath {
    /// NAV / Q when the cushion is 0 and the account owes more than it has [wad].
    int256 internal constant USED_MAX_WAD = type(int128).max;

    /// Σ over the lines, at one view of prices
    function sum(Snapshot memory snapshot, PriceView priceView) internal pure returns (Health memory health) {
        sumInto(snapshot, health, priceView);
    }

    /// the same into sums that are there, and zero
    function sumInto(Snapshot memory snapshot, Health memory health, PriceView priceView) internal pure {
        for (uint256 i; i < snapshot.collaterals.length; ++i) addCollateral(health, snapshot.collaterals[i], priceView);
        for (uint256 j; j < snapshot.debts.length; ++j) addDebt(health, snapshot.debts[j], priceView);
    }

    /// adds what a collateral is worth and covers to the sums; nothing of it is below 0
    function addCollateral(Health memory health, CollateralLine memory line, PriceView priceView) internal pure {
        uint256 price = collateralPrice(line, priceView);
        uint256 value = valueDown(line.assets, price);
        health.collateralValue += value;
        health.coverInitial += SizeBrackets.shareOfCreditDown(
            value,
            valueDown(line.totalAssets, price),
            line.depthValue,
            line.haircutInitialPpm
        );
        if (priceView != PriceView.OPENING)
            health.coverMaintenance += SizeBrackets.creditDown(value, line.depthValue, line.haircutMaintenancePpm);
    }

    /// adds what a debt is and requires to the sums
    function addDebt(Health memory health, DebtLine memory line, PriceView priceView) internal pure {
        uint256 value = valueUp(line.assets, debtPrice(line, priceView));
        health.debtValue += value;
        health.requirement += MathLib.mulDivUp(value, line.factorPpm, MathLib.PPM);
    }

    /// price · assets / 1e18, rounded down
    function valueDown(uint256 assets, uint256 price) internal pure returns (uint256) {
        return MathLib.mulDivDown(assets, price, MathLib.WAD);
    }

    /// price · assets / 1e18, rounded up
    function valueUp(uint256 assets, uint256 price) internal pure returns (uint256) {
        return MathLib.mulDivUp(assets, price, MathLib.WAD);
    }

    /// the price at which a collateral counts
    function collateralPrice(CollateralLine memory line, PriceView priceView) internal pure returns (uint256) {
        if (!line.isFresh) return priceView == PriceView.PROTOCOL ? line.price : 0;
        return priceView == PriceView.OPENING ? MathLib.min(line.price, line.slowPrice) : line.price;
    }

    /// the price at which a debt counts
    function debtPrice(DebtLine memory line, PriceView priceView) internal pure returns (uint256) {
        return priceView == PriceView.OPENING ? MathLib.max(line.price, line.slowPrice) : line.price;
    }

    /// E_I ≥ 0
    function isCoveredInitially(Health memory health) internal pure returns (bool) {
        return health.coverInitial >= health.requirement;
    }

    /// what a tier asks for beyond the initial margin: bps · Q_I, with Q_I = Σ (C − credit_I) + Σ (b − 1)·D, rounded up
    /// [value]
    function surchargeUp(Health memory health, uint256 surchargeBps) internal pure returns (uint256) {
        uint256 margin =
            health.collateralValue - health.coverInitial + MathLib.zeroFloorSub(health.requirement, health.debtValue);
        return MathLib.mulDivUp(margin, surchargeBps, MathLib.BPS);
    }

    /// E_M ≥ 0
    function isCovered(Health memory health) internal pure returns (bool) {
        return health.coverMaintenance >= health.requirement;
    }

    /// NAV = Σ C − Σ D [value]
    function nav(Health memory health) internal pure returns (int256) {
        // safe: values are below 2^170
        return int256(health.collateralValue) - int256(health.debtValue);
    }

    /// Q_M = Σ (C − credit) + Σ (b − 1)·D [value]
    function cushion(Health memory health) internal pure returns (uint256) {
        return
            health.collateralValue -
            health.coverMaintenance +
            MathLib.zeroFloorSub(health.requirement, health.debtValue);
    }

    /// used = 1 − NAV / Q_M; the quotient is rounded towards 0 [wad]
    function usedWad(Health memory health) internal pure returns (int256) {
        uint256 q = cushion(health);
        int256 value = nav(health);
        if (q == 0) return value < 0 ? USED_MAX_WAD : int256(0);
        int256 wad = int256(MathLib.WAD);
        // safe: |NAV| · 1e18 is below 2^230
        return wad - (value * wad) / int256(q);
    }

    /// NAV < (1 − γ) · Q_M, without division
    function isBeyondCloseOut(Health memory health, uint256 closeOutBps) internal pure returns (bool) {
        if (isCovered(health)) return false;
        int256 left = nav(health) * int256(MathLib.BPS);
        return left < int256(cushion(health) * (MathLib.BPS - closeOutBps));
    }

    /// E_M < 0 and Σ C < (1 + β_min + φ) · Σ D
    function isInsolvent(Health memory health, uint256 bonusMinBps, uint256 feeBps) internal pure returns (bool) {
        if (isCovered(health)) return false;
        return health.collateralValue * MathLib.BPS < health.debtValue * (MathLib.BPS + bonusMinBps + feeBps);
    }

    /// A_M / R, rounded down, the maximum when nothing is owed [wad]
    function coverageDown(Health memory health) internal pure returns (uint256) {
        if (health.requirement == 0) return type(uint256).max;
        return MathLib.mulDivDown(health.coverMaintenance, MathLib.WAD, health.requirement);
    }

    /// whether A_M / R of `left` is at least that of `right`, without division
    function coverageAtLeast(Health memory left, Health memory right) internal pure returns (bool) {
        return
            MathLib.productAtLeast(left.coverMaintenance, right.requirement, right.coverMaintenance, left.requirement);
    }
}
