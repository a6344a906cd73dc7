// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

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
        _deposit(position, asset, assets);
        _close(position, Traits({takesRisk: false, takesCollateral: false, addsDebt: false}));
        _pull(asset, assets);
        _requireHeld(asset);
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
        _close(position, Traits({takesRisk: true, takesCollateral: true, addsDebt: false}));
        _push(asset, receiver, withdrawnAssets);
    }

    /// @inheritdoc IAccountLedger
    function borrow(AccountId account, PoolId pool, uint256 assets, address receiver) external nonReentrant {
        Position memory position = _open(account);
        uint256 shares = _borrow(position, pool, assets, receiver);
        _close(position, Traits({takesRisk: true, takesCollateral: false, addsDebt: true}));
        _lend(pool, assets, shares, receiver);
    }

    /// @inheritdoc IAccountLedger
    function repay(
        AccountId account,
        PoolId pool,
        uint256 assets
    ) external nonReentrant returns (uint256 repaidAssets) {
        Position memory position = _open(account);
        uint256 shares;
        (repaidAssets, shares) = _repay(position, pool, assets);
        _close(position, Traits({takesRisk: false, takesCollateral: false, addsDebt: false}));
        _pay(pool, repaidAssets, shares);
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
        _deposit(position, asset, depositAssets);
        uint256 shares = _borrow(position, pool, borrowAssets, receiver);
        _close(position, Traits({takesRisk: true, takesCollateral: false, addsDebt: true}));
        _pull(asset, depositAssets);
        _requireHeld(asset);
        _lend(pool, borrowAssets, shares, receiver);
    }

    /// @inheritdoc IAccountLedger
    function batch(AccountId account, Step[] calldata steps) external nonReentrant {
        require(steps.length != 0, EmptyBatch());
        Position memory position = _open(account);
        uint256[] memory assets = new uint256[](steps.length);
        uint256[] memory shares = new uint256[](steps.length);
        Traits memory traits;
        for (uint256 i; i < steps.length; ++i) (assets[i], shares[i]) = _step(position, traits, steps[i]);
        _close(position, traits);
        for (uint256 i; i < steps.length; ++i) {
            if (steps[i].kind == StepKind.DEPOSIT) _pull(steps[i].asset, assets[i]);
            if (steps[i].kind == StepKind.REPAY) _pay(steps[i].pool, assets[i], shares[i]);
        }
        for (uint256 i; i < steps.length; ++i) {
            Step calldata step = steps[i];
            if (step.kind == StepKind.WITHDRAW) _push(step.asset, step.receiver, assets[i]);
            if (step.kind == StepKind.BORROW) _lend(step.pool, assets[i], shares[i], step.receiver);
        }
        // at the end, because the totals already know every step
        for (uint256 i; i < steps.length; ++i) if (steps[i].kind == StepKind.DEPOSIT) _requireHeld(steps[i].asset);
    }

    function _step(
        Position memory position,
        Traits memory traits,
        Step calldata step
    ) private returns (uint256 assets, uint256 shares) {
        assets = step.assets;
        if (step.kind == StepKind.DEPOSIT) {
            _deposit(position, step.asset, assets);
        } else if (step.kind == StepKind.REPAY) {
            (assets, shares) = _repay(position, step.pool, assets);
        } else if (step.kind == StepKind.BORROW) {
            shares = _borrow(position, step.pool, assets, step.receiver);
            (traits.takesRisk, traits.addsDebt) = (true, true);
        } else {
            assets = _withdraw(position, step.asset, assets, step.receiver);
            (traits.takesRisk, traits.takesCollateral) = (true, true);
        }
    }
}
