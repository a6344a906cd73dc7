// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {CallState} from "../types/MarginCall.sol";
import {PoolConfig} from "../types/PoolConfig.sol";
import {PoolId} from "../types/PoolId.sol";
import {Snapshot} from "../types/Snapshot.sol";
import {CoolOff} from "./CoolOff.sol";
import {MarginCalls} from "./MarginCalls.sol";

/// Custody, debts and authority of accounts. Every entry point has six beats: authorise → accrue → move the ledger in
/// memory → emit → judge, once, and commit → move tokens. A refused call takes its events with it.
abstract contract AccountLedger is MarginCalls, CoolOff, IAccountLedger {
    using SafeERC20 for IERC20;

    uint256 internal constant RIGHT_DEPOSIT = 1;
    uint256 internal constant RIGHT_WITHDRAW = 2;
    uint256 internal constant RIGHT_BORROW = 4;
    uint256 internal constant RIGHT_SEND = 8;
    uint256 internal constant ALL_RIGHTS = 15;

    /// What the steps of one call did, for the judge.
    struct Traits {
        bool takesRisk; // something was withdrawn or borrowed
        bool takesCollateral; // something was withdrawn
        bool addsDebt; // something was borrowed
    }

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

    // ---- moves of the ledger ----

    function _deposit(Position memory position, address asset, uint256 assets) internal {
        require(assets != 0, ZeroAssets());
        AssetState state = assetStates[asset];
        require(state.isListed(), AssetNotListed(asset));
        uint256 id = state.id();
        if (!_has(position.head.collateralBits(), id)) _authoriseOpening(position, state, asset);
        // what comes in at a price that nobody can check would shield the account
        if (position.head.debtBits() != 0) _requireFresh(id);
        // a larger number would overflow the sum below
        require(assets <= type(uint96).max, SupplyCapExceeded(asset, assets, state.cap()));
        uint256 total = state.total() + assets;
        require(total <= state.cap(), SupplyCapExceeded(asset, total, state.cap()));
        uint256 holding = _holding(position, id) + assets;
        assetStates[asset] = state.withTotal(total);
        _setHolding(position, id, asset, holding);
        position.head = position.head.withNextVersion();
        emit CollateralDeposited(position.account, asset, msg.sender, assets, holding, position.head.version());
    }

    /// a new collateral is opened by the owner or an operator, while it is not paused, and counts for what is owed
    function _authoriseOpening(Position memory position, AssetState state, address asset) private view {
        _authorise(position.account, RIGHT_DEPOSIT);
        require(!state.isSupplyPaused(), SupplyPaused(asset));
        uint256 debtBits = position.head.debtBits();
        bool counts =
            _termsOf(state.id(), debtBits).maintenancePpm < MathLib.PPM &&
                !state.isSeizurePaused() &&
                !state.isWorthless();
        require(debtBits == 0 || counts, CollateralWithoutCredit(position.account, asset));
    }

    function _withdraw(
        Position memory position,
        address asset,
        uint256 requestedAssets,
        address receiver
    ) internal returns (uint256 assets) {
        _authoriseTo(position.account, RIGHT_WITHDRAW, receiver);
        AssetState state = assetStates[asset];
        uint256 id = state.id();
        uint256 holding = state.isListed() ? _holding(position, id) : 0;
        assets = requestedAssets == type(uint256).max ? holding : requestedAssets;
        require(assets <= holding, InsufficientCollateral(position.account, asset, holding, assets));
        require(assets != 0, ZeroAssets());
        holding -= assets;
        assetStates[asset] = state.withTotal(state.total() - assets);
        _setHolding(position, id, asset, holding);
        position.head = position.head.withNextVersion();
        emit CollateralWithdrawn(position.account, asset, receiver, assets, holding, position.head.version());
    }

    function _borrow(
        Position memory position,
        PoolId pool,
        uint256 assets,
        address receiver
    ) private returns (uint256 shares) {
        _authoriseTo(position.account, RIGHT_BORROW, receiver);
        require(assets != 0, ZeroAssets());
        Rate memory rate = _accrue(position, pool, true);
        shares = DebtShares.toSharesUp(assets, rate.index, rate.shareUnit);
        uint256 owed = _debt(position, pool.toUint()) + shares;
        _requireMinimum(position, pool, owed, rate);
        _setDebt(position, pool.toUint(), owed);
        position.head = position.head.withNextVersion();
        emit Borrowed(position.account, pool, receiver, assets, owed, rate.index, position.head.version());
    }

    function _repay(
        Position memory position,
        PoolId pool,
        uint256 requestedAssets
    ) private returns (uint256 assets, uint256 shares) {
        require(requestedAssets != 0, ZeroAssets());
        shares = _debt(position, pool.toUint());
        require(shares != 0, NoDebt(position.account, pool));
        Rate memory rate = _accrue(position, pool, false);
        assets = DebtShares.toAssetsUp(shares, rate.index, rate.shareUnit);
        uint256 left;
        if (requestedAssets < assets) {
            assets = requestedAssets;
            left = MathLib.zeroFloorSub(shares, DebtShares.toSharesDown(assets, rate.index, rate.shareUnit));
            shares -= left;
            _requireMinimum(position, pool, left, rate);
        }
        _setDebt(position, pool.toUint(), left);
        position.head = position.head.withNextVersion();
        emit Repaid(position.account, pool, msg.sender, assets, left, rate.index, position.head.version());
    }

    /// What the ledger needs of a pool, accrued to now.
    struct Rate {
        uint256 index;
        uint256 minimumAssets; // least debt of one account [assets]
        uint256 shareUnit;
    }

    function _accrue(Position memory position, PoolId pool, bool isBorrowing) private returns (Rate memory rate) {
        PoolConfig config = poolConfigs[pool.toUint()];
        require(config.isListed(), PoolNotListed(pool));
        require(!isBorrowing || !config.isBorrowPaused(), BorrowPaused(pool));
        (rate.index, rate.minimumAssets) = ILendingPool(config.pool()).accrue();
        rate.shareUnit = config.shareUnit();
        position.indexes[pool.toUint()] = rate.index;
    }

    /// what is left of a debt is worth liquidating
    function _requireMinimum(Position memory position, PoolId pool, uint256 shares, Rate memory rate) private pure {
        uint256 owedAssets = DebtShares.toAssetsUp(shares, rate.index, rate.shareUnit);
        require(
            shares == 0 || owedAssets >= rate.minimumAssets,
            DebtBelowMinimum(position.account, pool, owedAssets, rate.minimumAssets)
        );
    }

    // ---- judgement and tokens ----

    /// judges once, on the account as it is after all steps, and commits it
    function _close(Position memory position, Traits memory traits) private {
        bool owes = position.head.debtBits() != 0;
        // a call, or a liquidation whose episode ends at the initial line
        bool isWatched = position.head.callState() != CallState.HEALTHY || position.head.episodeTargetBps() != 0;
        if ((traits.takesRisk && owes) || isWatched) {
            Snapshot memory snapshot = _snapshot(position);
            _cachePrices(snapshot);
            if (traits.takesRisk && owes) _gate(position, snapshot, traits.takesCollateral, traits.addsDebt);
            if (isWatched) _judgeCall(position, snapshot);
            if (traits.takesRisk) _startCoolOff(position.account);
        }
        _commit(position);
    }

    function _pull(address asset, uint256 assets) internal {
        IERC20(asset).safeTransferFrom(msg.sender, address(this), assets);
    }

    function _push(address asset, address receiver, uint256 assets) internal {
        IERC20(asset).safeTransfer(receiver, assets);
    }

    /// the tokens that the ledger counts are there
    function _requireHeld(address asset) internal view {
        uint256 held = IERC20(asset).balanceOf(address(this));
        uint256 owed = assetStates[asset].total();
        require(held >= owed, TokenShortfall(asset, held, owed));
    }

    function _lend(PoolId pool, uint256 assets, uint256 shares, address receiver) private {
        ILendingPool(poolConfigs[pool.toUint()].pool()).lend(assets, shares, receiver);
    }

    function _pay(PoolId pool, uint256 assets, uint256 shares) private {
        ILendingPool lendingPool = ILendingPool(poolConfigs[pool.toUint()].pool());
        IERC20(IERC4626(address(lendingPool)).asset()).safeTransferFrom(msg.sender, address(lendingPool), assets);
        lendingPool.receiveRepayment(assets, shares);
    }

    // ---- authority ----

    /// @inheritdoc IAccountLedger
    function setOperator(AccountId account, address operator, uint256 rights, uint256 expiresAt) external nonReentrant {
        require(account.ownerOf() == msg.sender, NotPermitted(account, msg.sender, ALL_RIGHTS));
        bool isVoid = rights == 0;
        require(
            rights <= ALL_RIGHTS && (isVoid || (expiresAt > block.timestamp && expiresAt <= type(uint40).max)),
            OperatorInvalid(operator, rights, expiresAt)
        );
        operators[account][operator] = isVoid ? 0 : rights | (expiresAt << 8);
        emit OperatorSet(account, operator, rights, isVoid ? 0 : expiresAt);
    }

    /// the rights of the caller on an account
    function _rightsOn(AccountId account) private view returns (uint256) {
        if (account.ownerOf() == msg.sender) return ALL_RIGHTS;
        uint256 word = operators[account][msg.sender];
        return word >> 8 > block.timestamp ? word & ALL_RIGHTS : 0;
    }

    function _authorise(AccountId account, uint256 right) private view {
        require(_rightsOn(account) & right != 0, NotPermitted(account, msg.sender, right));
    }

    /// as above, and a receiver other than the owner needs SEND
    function _authoriseTo(AccountId account, uint256 right, address receiver) private view {
        uint256 rights = _rightsOn(account);
        require(rights & right != 0, NotPermitted(account, msg.sender, right));
        require(receiver != address(0), ZeroReceiver());
        require(
            receiver == account.ownerOf() || rights & RIGHT_SEND != 0,
            ReceiverNotOwner(account, msg.sender, receiver)
        );
    }
}
