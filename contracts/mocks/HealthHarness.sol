// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {HealthMath} from "../libraries/HealthMath.sol";
import {CollateralLine, DebtLine, Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {CallBatch} from "./CallBatch.sol";

/// The equation with a door: each function as it is, callable from outside.
contract HealthHarness is CallBatch {
    function sum(Snapshot calldata snapshot, PriceView priceView) external pure returns (Health memory health) {
        return HealthMath.sum(snapshot, priceView);
    }

    function valueDown(uint256 assets, uint256 price) external pure returns (uint256) {
        return HealthMath.valueDown(assets, price);
    }

    function valueUp(uint256 assets, uint256 price) external pure returns (uint256) {
        return HealthMath.valueUp(assets, price);
    }

    function collateralPrice(CollateralLine calldata line, PriceView priceView) external pure returns (uint256) {
        return HealthMath.collateralPrice(line, priceView);
    }

    function debtPrice(DebtLine calldata line, PriceView priceView) external pure returns (uint256) {
        return HealthMath.debtPrice(line, priceView);
    }

    function surchargeUp(Health calldata health, uint256 surchargeBps) external pure returns (uint256) {
        return HealthMath.surchargeUp(health, surchargeBps);
    }

    function isCoveredInitially(Health calldata health) external pure returns (bool) {
        return HealthMath.isCoveredInitially(health);
    }

    function isCovered(Health calldata health) external pure returns (bool) {
        return HealthMath.isCovered(health);
    }

    function nav(Health calldata health) external pure returns (int256) {
        return HealthMath.nav(health);
    }

    function cushion(Health calldata health) external pure returns (uint256) {
        return HealthMath.cushion(health);
    }

    function usedWad(Health calldata health) external pure returns (int256) {
        return HealthMath.usedWad(health);
    }

    function isBeyondCloseOut(Health calldata health, uint256 closeOutBps) external pure returns (bool) {
        return HealthMath.isBeyondCloseOut(health, closeOutBps);
    }

    function isInsolvent(Health calldata health, uint256 bonusMinBps, uint256 feeBps) external pure returns (bool) {
        return HealthMath.isInsolvent(health, bonusMinBps, feeBps);
    }

    function coverageDown(Health calldata health) external pure returns (uint256) {
        return HealthMath.coverageDown(health);
    }

    function coverageAtLeast(Health calldata left, Health calldata right) external pure returns (bool) {
        return HealthMath.coverageAtLeast(left, right);
    }
}
