// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IAuthority} from "../interfaces/IAuthority.sol";
import {IDelisting} from "../interfaces/IDelisting.sol";
import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {IReuse} from "../interfaces/IReuse.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {CallState} from "../types/MarginCall.sol";
import {PoolConfig} from "../types/PoolConfig.sol";
import {PoolId} from "../types/PoolId.sol";
import {Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {Authority} from "./Authority.sol";
import {CoolOff} from "./CoolOff.sol";
import {MarginCalls} from "./MarginCalls.sol";
import {RewardHook} from "./RewardHook.sol";

/// The steps of which the doors of account owners are made: each moves the ledger of one account in memory and emits;
/// `_close` judges once and commits; then tokens move.
abstract contract LedgerSteps is Authority, MarginCalls, CoolOff, RewardHook {
    using HealthMath for *;
    using SafeERC20 for IERC20;

    // What the steps of one call did, for the judge: bits; any of them takes risk.
    uint256 internal constant TAKES_NOTHING = 0;
    uint256 internal constant TAKES_COLLATERAL = 1; // something was withdrawn
    uint256 internal constant ADDS_DEBT = 2; // something was borrowed

    // ---- moves of the ledger ----

    /// returns the total of all accounts after it
    function _deposit(Position memory position, address asset, uint256 assets) internal returns (uint256 total) {
        require(assets != 0, IAccountLedger.ZeroAssets());
        AssetState state = assetStates[asset];
        require(state.isListed(), IAccountLedger.AssetNotListed(asset));
        require(!state.isSleeve(), IReuse.SleeveNotDepositable(asset));
        uint256 id = state.id();
        if (state.isDelisted()) _requireCure(position, id, asset);
        if (!_has(position.head.collateralBits(), id)) _authoriseOpening(position, state, asset);
        // what comes in at a price that nobody can check would shield the account
        if (position.head.debtBits() != 0) _requireFresh(id);
        // a larger number would overflow the sum below
        require(assets <= type(uint96).max, IAccountLedger.SupplyCapExceeded(asset, assets, state.cap()));
        total = state.total() + assets;
        require(total <= state.cap(), IAccountLedger.SupplyCapExceeded(asset, total, state.cap()));
        uint256 holding = _holding(position, id);
        if (state.hasRewards()) _checkpoint(position.account, asset, holding, state.total());
        holding += assets;
        assetStates[asset] = state.withTotal(total);
        _setHolding(position, id, asset, holding);
        position.head = position.head.withNextVersion();
        emit IAccountLedger.CollateralDeposited(
            position.account,
            asset,
            msg.sender,
            assets,
            holding,
            position.head.version()
        );
    }

    /// a new collateral is opened by the owner or an operator, while it is not paused, and counts for what is owed
    function _authoriseOpening(Position memory position, AssetState state, address asset) private view {
        _authorise(position.account, RIGHT_DEPOSIT);
        require(!state.isSupplyPaused(), IAccountLedger.SupplyPaused(asset));
        _requireCredit(position, state, asset);
    }

    /// a collateral counts for what is owed and can be taken: else it would shield the account
    function _requireCredit(Position memory position, AssetState state, address asset) internal view {
        uint256 debtBits = position.head.debtBits();
        (, uint256 maintenancePpm, ) = _termsOf(state.id(), debtBits);
        bool counts = maintenancePpm < MathLib.PPM && !state.isSeizurePaused() && !state.isWorthless();
        require(debtBits == 0 || counts, CollateralWithoutCredit(position.account, asset));
    }

    /// of a delisted asset only more of what is held comes in, while it still counts for what is owed
    function _requireCure(Position memory position, uint256 id, address asset) private view {
        uint256 debtBits = position.head.debtBits();
        (, uint256 maintenancePpm, ) = _termsOf(id, debtBits);
        bool counts = debtBits != 0 && maintenancePpm < MathLib.PPM;
        require(counts && _has(position.head.collateralBits(), id), IDelisting.DelistedAsset(asset));
    }

    function _withdraw(
        Position memory position,
        address asset,
        uint256 requestedAssets,
        address receiver
    ) internal returns (uint256 assets) {
        bool isOperator = _authoriseTo(position.account, RIGHT_WITHDRAW, receiver);
        assets = _release(position, asset, requestedAssets, receiver);
        if (isOperator) _drawAllowance(position.account, asset, assets);
    }

    /// takes collateral out of the ledger; who may is the business of the caller
    function _release(
        Position memory position,
        address asset,
        uint256 requestedAssets,
        address receiver
    ) internal returns (uint256 assets) {
        AssetState state = assetStates[asset];
        uint256 id = state.id();
        uint256 holding = state.isListed() ? _holding(position, id) : 0;
        assets = requestedAssets == type(uint256).max ? holding : requestedAssets;
        require(assets <= holding, IAccountLedger.InsufficientCollateral(position.account, asset, holding, assets));
        require(assets != 0, IAccountLedger.ZeroAssets());
        if (state.hasRewards()) _checkpoint(position.account, asset, holding, state.total());
        holding -= assets;
        assetStates[asset] = state.withTotal(state.total() - assets);
        _setHolding(position, id, asset, holding);
        position.head = position.head.withNextVersion();
        emit IAccountLedger.CollateralWithdrawn(
            position.account,
            asset,
            receiver,
            assets,
            holding,
            position.head.version()
        );
    }

    function _borrow(
        Position memory position,
        PoolId pool,
        uint256 assets,
        address receiver
    ) internal returns (uint256 shares, address lendingPool) {
        bool isOperator = _authoriseTo(position.account, RIGHT_BORROW, receiver);
        require(assets != 0, IAccountLedger.ZeroAssets());
        Rate memory rate = _accrue(position, pool, true);
        shares = DebtShares.toSharesUp(assets, rate.index, rate.shareUnit);
        uint256 owed = _debt(position, pool.toUint()) + shares;
        _requireMinimum(position, pool, owed, rate);
        if (isOperator) _drawAllowance(position.account, assetOf[poolConfigs[pool.toUint()].assetId()], assets);
        _setDebt(position, pool.toUint(), owed);
        position.head = position.head.withNextVersion();
        emit IAccountLedger.Borrowed(
            position.account,
            pool,
            receiver,
            assets,
            owed,
            rate.index,
            position.head.version()
        );
        return (shares, rate.lendingPool);
    }

    function _repay(
        Position memory position,
        PoolId pool,
        uint256 requestedAssets
    ) internal returns (uint256 assets, uint256 shares, address lendingPool, address cash) {
        require(requestedAssets != 0, IAccountLedger.ZeroAssets());
        shares = _debt(position, pool.toUint());
        require(shares != 0, IAccountLedger.NoDebt(position.account, pool));
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
        emit IAccountLedger.Repaid(
            position.account,
            pool,
            msg.sender,
            assets,
            left,
            rate.index,
            position.head.version()
        );
        return (assets, shares, rate.lendingPool, rate.cash);
    }

    /// What the ledger needs of a pool, accrued to now.
    struct Rate {
        uint256 index;
        uint256 minimumAssets; // least debt of one account [assets]
        uint256 shareUnit;
        address lendingPool;
        address cash; // what it lends
    }

    function _accrue(Position memory position, PoolId pool, bool isBorrowing) private returns (Rate memory rate) {
        PoolConfig config = poolConfigs[pool.toUint()];
        require(config.isListed(), IAccountLedger.PoolNotListed(pool));
        require(!isBorrowing || !config.isBorrowPaused(), IAccountLedger.BorrowPaused(pool));
        rate.lendingPool = config.pool();
        (rate.index, rate.minimumAssets, rate.cash) = ILendingPool(rate.lendingPool).accrueDebt();
        rate.shareUnit = config.shareUnit();
        _keepIndex(position, pool.toUint(), rate.index);
    }

    /// what is left of a debt is worth liquidating
    function _requireMinimum(Position memory position, PoolId pool, uint256 shares, Rate memory rate) private pure {
        uint256 owedAssets = DebtShares.toAssetsUp(shares, rate.index, rate.shareUnit);
        require(
            shares == 0 || owedAssets >= rate.minimumAssets,
            IAccountLedger.DebtBelowMinimum(position.account, pool, owedAssets, rate.minimumAssets)
        );
    }

    // ---- judgement and tokens ----

    /// judges once, on the account as it is after all steps, and commits it
    function _close(Position memory position, uint256 taken) internal {
        bool owes = position.head.debtBits() != 0;
        // a call, or a liquidation whose episode ends at the initial line
        bool isWatched = position.head.callState() != CallState.HEALTHY || position.head.episodeTargetBps() != 0;
        bool takesRisk = taken != TAKES_NOTHING;
        if ((takesRisk && owes) || isWatched) {
            bool isUsual = !isWatched && _isOwner(position.account);
            if (!isUsual || !_isPlainlyCovered(position, taken & ADDS_DEBT != 0))
                _judgeWhole(position, taken, isWatched);
            if (takesRisk) _startCoolOff(position.account);
        }
        _commit(position);
    }

    /// all lines of the account, all arms of the gate, its call
    function _judgeWhole(Position memory position, uint256 taken, bool isWatched) private {
        Snapshot memory snapshot = _snapshot(position);
        _cachePrices(snapshot);
        if (taken != TAKES_NOTHING && position.head.debtBits() != 0) {
            _gate(position, snapshot, taken & TAKES_COLLATERAL != 0, taken & ADDS_DEBT != 0);
            if (!_isOwner(position.account)) _requireLeastCoverage(position.account, snapshot);
        }
        if (isWatched) _judgeCall(position, snapshot);
    }

    /// what an operator leaves is covered as its terms ask, at the prices that call and liquidate
    function _requireLeastCoverage(AccountId account, Snapshot memory snapshot) internal view {
        uint256 leastBps = _leastCoverageBps(account);
        if (leastBps == 0) return;
        Health memory health = snapshot.sum(PriceView.PROTOCOL);
        // safe: values are below 2^170, bps below 2^24
        require(
            health.coverMaintenance * MathLib.BPS >= health.requirement * leastBps,
            IAuthority.CoverageBelowLeast(account, msg.sender, health.coverageDown(), leastBps)
        );
    }

    function _pull(address asset, uint256 assets) internal {
        IERC20(asset).safeTransferFrom(msg.sender, address(this), assets);
    }

    function _push(address asset, address receiver, uint256 assets) internal {
        IERC20(asset).safeTransfer(receiver, assets);
    }

    /// the tokens that the ledger counts are there
    function _requireHeld(address asset) internal view {
        _requireHeld(asset, assetStates[asset].total());
    }

    function _requireHeld(address asset, uint256 owed) internal view {
        uint256 held = IERC20(asset).balanceOf(address(this));
        require(held >= owed, IAccountLedger.TokenShortfall(asset, held, owed));
    }

    function _lend(address lendingPool, uint256 assets, uint256 shares, address receiver) internal {
        ILendingPool(lendingPool).disburseLoan(assets, shares, receiver);
    }

    function _pay(address lendingPool, address cash, uint256 assets, uint256 shares) internal {
        IERC20(cash).safeTransferFrom(msg.sender, lendingPool, assets);
        ILendingPool(lendingPool).repayDebt(assets, shares);
    }
}
