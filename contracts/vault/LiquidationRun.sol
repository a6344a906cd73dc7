// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {ILiquidationCallback} from "../interfaces/ILiquidationCallback.sol";
import {ILiquidationRun} from "../interfaces/ILiquidationRun.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {Throttle} from "../libraries/Throttle.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {Episode} from "../types/Episode.sol";
import {PoolId} from "../types/PoolId.sol";
import {RiskParameters} from "../types/RiskParameters.sol";
import {CollateralLine, DebtLine, Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {CallStates} from "./CallStates.sol";
import {CoolOff} from "./CoolOff.sol";
import {RewardHook} from "./RewardHook.sol";

/// What liquidation and write-off have in common: how a run begins, how a line of the account is reduced, and how it
/// ends. The judge's snapshot is the working copy; then the receipt is emitted, the call judged and the account
/// committed, the pools settled, and only then tokens move.
abstract contract LiquidationRun is CallStates, CoolOff, RewardHook, ILiquidationRun {
    using HealthMath for *;
    using SafeERC20 for IERC20;

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
        uint256 bonusWad; // β before pair, shape and caps
        uint256 bonusMostWad; // of any pair: β, or no limit where the shape asks for more
        uint256 rewardWad; // κ
        Episode episode; // zero for none
        uint256 coverageMostWad; // A_M / R at the first liquidation of the episode
        uint256 equityMostWad; // Σ C / Σ D at the first liquidation of the episode
        bool isThrottled; // the throttle of a collateral left less than a leg would have repaid
    }

    function _start(AccountId account, uint256 expected, uint256 deadline) internal returns (Run memory run) {
        require(block.timestamp <= deadline, DeadlinePassed(deadline, block.timestamp));
        require(!_isCoolingOff(account), CoolingOff(account));
        run = _readAccount(account);
        _requireFreshDebts(run.snapshot);
        uint256 found = run.position.head.liquidations();
        bool isExpected = found == expected || expected == type(uint256).max;
        require(isExpected, UnexpectedLiquidations(account, found, expected));
        require(!run.health.isCovered(), NotLiquidatable(account, run.health.requirement, run.health.coverMaintenance));
        run.usedWad = run.health.usedWad();
        run.flow.seizedAssets = new uint256[](run.snapshot.collaterals.length);
        run.flow.moves = new DebtMove[](run.snapshot.debts.length);
    }

    /// the account as it is now
    function _readAccount(AccountId account) internal returns (Run memory run) {
        _requireSequencer();
        run.position = _open(account);
        _accrueDebts(run.position);
        run.snapshot = _snapshot(run.position);
        _cachePrices(run.snapshot);
        run.health = run.snapshot.sum(PriceView.PROTOCOL);
        run.rules = parameters;
    }

    /// all pools that the account owes, accrued once: everything after reads the same index
    function _accrueDebts(Position memory position) internal {
        uint256 bits = position.head.debtBits();
        for (uint256 id; bits >> id != 0; ++id) {
            if (!_has(bits, id)) continue;
            (uint256 index, , ) = ILendingPool(poolConfigs[id].pool()).accrueDebt();
            _keepIndex(position, id, index);
        }
    }

    /// whether governance lets the collateral be taken from an account that used so much of its cushion
    function _isSeizable(CollateralLine memory line, int256 usedWad) internal view returns (bool) {
        AssetState state = assetStates[line.asset];
        if (state.isSeizurePaused()) return false;
        if (!state.isSeizureResumed() || usedWad > Throttle.LIFTED_ABOVE_WAD) return true;
        return block.timestamp >= seizableAt[line.id];
    }

    /// lets the call be judged, commits
    function _finish(Run memory run) internal {
        // the snapshot is the account as it is now, unless a debt was closed: then other haircuts may be the largest
        bool isCurrent = _count(run.position.head.debtBits()) == run.snapshot.debts.length;
        _judgeCall(run.position, isCurrent ? run.snapshot : _snapshot(run.position));
        _commit(run.position);
    }

    /// takes collateral off a line, the account and the total
    function _takeLine(Run memory run, uint256 i, CollateralLine memory line, uint256 seizedAssets) internal {
        if (seizedAssets == 0) return;
        AssetState state = assetStates[line.asset];
        if (state.hasRewards()) _checkpoint(run.position.account, line.asset, line.assets, line.totalAssets);
        run.flow.seizedAssets[i] += seizedAssets;
        line.assets -= seizedAssets;
        line.totalAssets -= seizedAssets;
        assetStates[line.asset] = state.withTotal(line.totalAssets);
        _setHolding(run.position, line.id, line.asset, line.assets);
    }

    /// collateral out, callback, repayment in; the pools have booked all of it before, so a callback finds no old price
    /// to use
    function _moveTokens(Run memory run, address receiver, bytes calldata data) internal {
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
}
