// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";
import {LedgerSteps} from "./LedgerSteps.sol";

/// Custody and debts of accounts. Every entry point has six beats: authorise → accrue → move the ledger in
/// memory → emit → judge, once, and commit → move tokens. A refused call takes its events with it.
abstract contract AccountLedger is LedgerSteps, IAccountLedger {
    // ---- one step ----

    /// @inheritdoc IAccountLedger
    function deposit(AccountId account, address asset, uint256 assets) external nonReentrant {
        Position memory position = _open(account);
        uint256 total = _deposit(position, asset, assets);
        _close(position, TAKES_NOTHING);
        _pull(asset, assets);
        _requireHeld(asset, total);
    }

    /// @inheritdoc IAccountLedger
    function withdraw(
        AccountId account,
        address asset,
        uint256 assets,
        address receiver
    ) external nonReentrant returns (uint256 withdrawnAssets) {
        Position memory position = _open(account);
        withdrawnAssets = _withdraw(position, asset, assets, receiver);
        _close(position, TAKES_COLLATERAL);
        _push(asset, receiver, withdrawnAssets);
    }

    /// @inheritdoc IAccountLedger
    function borrow(AccountId account, PoolId pool, uint256 assets, address receiver) external nonReentrant {
        Position memory position = _open(account);
        (uint256 shares, address lendingPool) = _borrow(position, pool, assets, receiver);
        _close(position, ADDS_DEBT);
        _lend(lendingPool, assets, shares, receiver);
    }

    /// @inheritdoc IAccountLedger
    function repay(
        AccountId account,
        PoolId pool,
        uint256 assets
    ) external nonReentrant returns (uint256 repaidAssets) {
        Position memory position = _open(account);
        uint256 shares;
        address lendingPool;
        address cash;
        (repaidAssets, shares, lendingPool, cash) = _repay(position, pool, assets);
        _close(position, TAKES_NOTHING);
        _pay(lendingPool, cash, repaidAssets, shares);
    }

    // ---- several steps, judged once ----

    /// @inheritdoc IAccountLedger
    function depositAndBorrow(
        AccountId account,
        address asset,
        uint256 depositAssets,
        PoolId pool,
        uint256 borrowAssets,
        address receiver
    ) external nonReentrant {
        Position memory position = _open(account);
        uint256 total = _deposit(position, asset, depositAssets);
        (uint256 shares, address lendingPool) = _borrow(position, pool, borrowAssets, receiver);
        _close(position, ADDS_DEBT);
        _pull(asset, depositAssets);
        _requireHeld(asset, total);
        _lend(lendingPool, borrowAssets, shares, receiver);
    }

    /// @inheritdoc IAccountLedger
    function batch(AccountId account, Step[] calldata steps) external nonReentrant {
        require(steps.length != 0, EmptyBatch());
        Position memory position = _open(account);
        uint256[] memory assets = new uint256[](steps.length);
        uint256[] memory shares = new uint256[](steps.length);
        uint256 taken = TAKES_NOTHING;
        for (uint256 i; i < steps.length; ++i) {
            uint256 took;
            (assets[i], shares[i], took) = _step(position, steps[i]);
            taken |= took;
        }
        _close(position, taken);
        for (uint256 i; i < steps.length; ++i) {
            if (steps[i].kind == StepKind.DEPOSIT) _pull(steps[i].asset, assets[i]);
            if (steps[i].kind == StepKind.REPAY) {
                address lendingPool = _poolAt(steps[i].pool);
                _pay(lendingPool, IERC4626(lendingPool).asset(), assets[i], shares[i]);
            }
        }
        for (uint256 i; i < steps.length; ++i) {
            Step calldata step = steps[i];
            if (step.kind == StepKind.WITHDRAW) _push(step.asset, step.receiver, assets[i]);
            if (step.kind == StepKind.BORROW) _lend(_poolAt(step.pool), assets[i], shares[i], step.receiver);
        }
        // at the end, because the totals already know every step
        for (uint256 i; i < steps.length; ++i) if (steps[i].kind == StepKind.DEPOSIT) _requireHeld(steps[i].asset);
    }

    function _poolAt(PoolId pool) private view returns (address) {
        return poolConfigs[pool.toUint()].pool();
    }

    function _step(
        Position memory position,
        Step calldata step
    ) private returns (uint256 assets, uint256 shares, uint256 taken) {
        assets = step.assets;
        if (step.kind == StepKind.DEPOSIT) {
            _deposit(position, step.asset, assets);
        } else if (step.kind == StepKind.REPAY) {
            (assets, shares, , ) = _repay(position, step.pool, assets);
        } else if (step.kind == StepKind.BORROW) {
            (shares, ) = _borrow(position, step.pool, assets, step.receiver);
            taken = ADDS_DEBT;
        } else {
            assets = _withdraw(position, step.asset, assets, step.receiver);
            taken = TAKES_COLLATERAL;
        }
    }
}
