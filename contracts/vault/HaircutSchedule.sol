// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IHaircutSchedule} from "../interfaces/IHaircutSchedule.sol";
import {HaircutPath} from "../libraries/HaircutPath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {PairRisk, PairRiskLib} from "../types/PairRisk.sol";
import {PoolId} from "../types/PoolId.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// Haircuts by pair, moved at limited speed towards stored targets. Where targets come from (a vote, or measured
/// volatility) is the business of whoever calls `_storeTargets`.
abstract contract HaircutSchedule is VaultStorage, IHaircutSchedule {
    /// the largest haircuts and the smallest depth of a collateral over the debts held; without debts nothing is cut
    function _termsOf(
        uint256 assetId,
        uint256 debtBits
    ) internal view returns (uint256 initialPpm, uint256 maintenancePpm, uint256 depthValue) {
        depthValue = type(uint128).max;
        for (uint256 poolId; debtBits != 0; ++poolId) {
            if (debtBits & 1 != 0) {
                PairRisk pair = pairs[assetId][poolId];
                (uint256 initial, uint256 maintenance) = _haircutsOf(pair);
                initialPpm = MathLib.max(initialPpm, initial);
                maintenancePpm = MathLib.max(maintenancePpm, maintenance);
                depthValue = MathLib.min(depthValue, pair.depthValue());
            }
            debtBits >>= 1;
        }
    }

    /// the largest depth over the pairs of a collateral: one window of its throttle for all accounts, whatever they owe
    /// [value]
    function _deepest(uint256 assetId) internal view returns (uint256 depthValue) {
        for (uint256 pool; pool < poolCount; ++pool)
            depthValue = MathLib.max(depthValue, pairs[assetId][pool].depthValue());
    }

    /// haircuts of a pair on their paths now; 100 % when it is not listed [ppm]
    function _pathOf(PairRisk pair) internal view returns (uint256 initial, uint256 maintenance) {
        if (!pair.isListed()) return (MathLib.PPM, MathLib.PPM);
        initial = pair.initialPpm();
        maintenance = pair.maintenancePpm();
        uint256 initialTarget = pair.initialTargetPpm();
        uint256 maintenanceTarget = pair.maintenanceTargetPpm();
        if (initial == initialTarget && maintenance == maintenanceTarget)
            return (MathLib.max(initial, maintenance), maintenance);
        uint256 ticks = HaircutPath.ticksBetween(pair.movedAt(), block.timestamp);
        if (initial != initialTarget) initial = HaircutPath.initialAfter(initial, initialTarget, ticks);
        if (maintenance != maintenanceTarget)
            maintenance = HaircutPath.maintenanceAfter(maintenance, maintenanceTarget, ticks);
        // both come down at one speed and the initial one jumps up, so this holds already; it is the promise that
        // counts
        initial = MathLib.max(initial, maintenance);
    }

    /// haircuts that count: the initial one goes up while nobody measures a pair that is to be measured [ppm]
    function _haircutsOf(PairRisk pair) internal view returns (uint256 initial, uint256 maintenance) {
        (initial, maintenance) = _pathOf(pair);
        uint256 from = pair.climbsFrom();
        if (from != 0 && block.timestamp > from)
            initial = HaircutPath.climbed(initial, HaircutPath.ticksBetween(from, block.timestamp));
    }

    /// moves a pair to now along its old targets, then stores new ones: nobody's refreshes change the path
    function _storeTargets(
        uint256 assetId,
        PoolId poolId,
        uint256 initialTarget,
        uint256 maintenanceTarget,
        uint256 climbsFrom
    ) internal {
        PairRisk pair = pairs[assetId][poolId.toUint()];
        (uint256 initial, uint256 maintenance) = pair.isListed() ? _pathOf(pair) : (initialTarget, maintenanceTarget);
        pairs[assetId][poolId.toUint()] = PairRiskLib
            .toPairRisk(
                MathLib.max(initial, initialTarget),
                maintenance,
                initialTarget,
                maintenanceTarget,
                block.timestamp,
                climbsFrom
            )
            .withMarket(pair.depthValue(), pair.maxBonusBps());
        emit HaircutTargetsSet(
            assetOf[assetId],
            poolId,
            initial,
            maintenance,
            pair.initialTargetPpm(),
            pair.maintenanceTargetPpm(),
            initialTarget,
            maintenanceTarget
        );
    }
}
