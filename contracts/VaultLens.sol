// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {IVaultLens} from "./interfaces/IVaultLens.sol";
import {BoundedCall} from "./libraries/BoundedCall.sol";
import {CallClock} from "./libraries/CallClock.sol";
import {DebtShares} from "./libraries/DebtShares.sol";
import {HealthMath} from "./libraries/HealthMath.sol";
import {MathLib} from "./libraries/MathLib.sol";
import {Throttle} from "./libraries/Throttle.sol";
import {AccountId} from "./types/AccountId.sol";
import {AssetState} from "./types/AssetState.sol";
import {CreditTier, TierTerms} from "./types/CreditTier.sol";
import {Episode, EpisodeLib} from "./types/Episode.sol";
import {Level} from "./types/Level.sol";
import {CallState, MarginCall} from "./types/MarginCall.sol";
import {AssetMeasure} from "./types/AssetMeasure.sol";
import {OperatorGrant} from "./types/OperatorGrant.sol";
import {PairMeasure} from "./types/PairMeasure.sol";
import {PairModel} from "./types/PairModel.sol";
import {PairBounds, PairRisk} from "./types/PairRisk.sol";
import {PoolConfig} from "./types/PoolConfig.sol";
import {PoolId} from "./types/PoolId.sol";
import {PriceFeed} from "./types/PriceFeed.sol";
import {RateLeg} from "./types/RateLeg.sol";
import {RiskParameters} from "./types/RiskParameters.sol";
import {CollateralLine, DebtLine, Health, PriceView, Snapshot} from "./types/Snapshot.sol";
import {CallStates} from "./vault/CallStates.sol";
import {Measures} from "./vault/Measures.sol";
import {OracleRouter} from "./vault/OracleRouter.sol";
import {Room} from "./vault/Room.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The room of the vault where readers come: keepers, pages, integrators. Runs in the storage of `CollateralVault` and
/// uses the judge that the gate uses. Views that read the ledger or a price revert in the middle of a call.
contract VaultLens is CallStates, Measures, Room, IVaultLens {
    using HealthMath for *;

    /// What a token may use to say a balance: one that does not answer hides no other.
    uint256 private constant BALANCE_GAS = 200_000;

    uint256 public immutable deployedAtBlock;

    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(address(0)) {
        deployedAtBlock = block.number;
    }

    // ---- accounts ----

    /// @inheritdoc IVaultLens
    function healthOf(AccountId[] calldata accounts) external view nonReentrantView returns (HealthRow[] memory rows) {
        rows = new HealthRow[](accounts.length);
        uint256[] memory indexes = new uint256[](MAX_POOLS); // accrued once for all
        Price[] memory prices = new Price[](MAX_ASSETS); // read once for all
        for (uint256 i; i < accounts.length; ++i) {
            Position memory position = _open(accounts[i]);
            position.indexes = indexes;
            Snapshot memory snapshot = _snapshotAt(position, prices);
            for (uint256 j; j < snapshot.debts.length; ++j) indexes[snapshot.debts[j].id] = snapshot.debts[j].index;
            rows[i] = _row(position, snapshot);
        }
    }

    /// as `_snapshot`, at prices that were read for another account, where they were
    function _snapshotAt(
        Position memory position,
        Price[] memory prices
    ) private view returns (Snapshot memory snapshot) {
        uint256 debtBits = position.head.debtBits();
        snapshot.debts = new DebtLine[](_count(debtBits));
        uint256 next;
        for (uint256 id; debtBits >> id != 0; ++id) {
            if (!_has(debtBits, id)) continue;
            DebtLine memory line = snapshot.debts[next++];
            _readDebt(position, line, id);
            _setDebtPrice(position, line, _priceAmong(prices, line.assetId));
        }
        uint256 collateralBits = position.head.collateralBits();
        snapshot.collaterals = new CollateralLine[](_count(collateralBits));
        next = 0;
        for (uint256 id; collateralBits >> id != 0; ++id) {
            if (!_has(collateralBits, id)) continue;
            CollateralLine memory line = snapshot.collaterals[next++];
            if (_readCollateral(position, line, id, debtBits))
                _setCollateralPrice(position, line, _priceAmong(prices, id));
        }
    }

    function _priceAmong(Price[] memory prices, uint256 id) private view returns (Price memory) {
        if (prices[id].price == 0) prices[id] = _priceOf(id);
        return prices[id];
    }

    /// @inheritdoc IVaultLens
    function accountOf(AccountId account) external view nonReentrantView returns (AccountView memory result) {
        Position memory position = _open(account);
        Snapshot memory snapshot = _snapshot(position);
        MarginCall call = calls[account];
        result.row = _row(position, snapshot);
        result.snapshot = snapshot;
        result.opening = _openingOf(position, snapshot, false);
        result.requiredValue = _requiredValue(account, result.opening);
        result.callAmountValue = call.amountValue();
        result.callState = position.head.callState();
        result.callLeftFor = call.leftFor();
        result.restoreValue = CallClock.amountUp(
            result.row.requirement,
            result.row.coverInitial,
            MathLib.max(1, uint256(parameters.roundingValue)) * MathLib.WAD
        );
        result.waitsUntil = _waitsUntil(position, snapshot, snapshot.sum(PriceView.PROTOCOL), parameters);
        result.episodeTargetBps = position.head.episodeTargetBps();
        result.episode = _episodeView(position);
        result.seizures = new SeizureView[](snapshot.collaterals.length);
        for (uint256 i; i < result.seizures.length; ++i) {
            uint256 id = snapshot.collaterals[i].id;
            AssetState state = assetStates[snapshot.collaterals[i].asset];
            result.seizures[i] = SeizureView({
                isPaused: state.isSeizurePaused(),
                seizableAt: state.isSeizureResumed() ? seizableAt[id] : 0,
                deepestValue: _deepest(id),
                levelValue: state.level().value(),
                levelAt: _raisedAt(state.level()),
                accountLevelValue: accountLevels[account][id].value(),
                accountLevelAt: _raisedAt(accountLevels[account][id]),
                maxBonusBps: new uint256[](snapshot.debts.length)
            });
            for (uint256 j; j < snapshot.debts.length; ++j)
                result.seizures[i].maxBonusBps[j] = pairs[id][snapshot.debts[j].id].maxBonusBps();
        }
    }

    /// in whole minutes
    function _raisedAt(Level level) private view returns (uint256) {
        return (block.timestamp / 1 minutes) * 1 minutes - level.ageAt(block.timestamp);
    }

    /// as a liquidation would recall it
    function _episodeView(Position memory position) private view returns (EpisodeView memory result) {
        if (position.head.episodeTargetBps() == 0) return result;
        Episode episode = episodes[position.account];
        if (!episode.counts(block.timestamp)) return result;
        result.coverageWad = episode.coverageWad();
        result.equityWad = episode.equityWad();
        result.bonusMostWad = episode.bonusMostWad();
        result.rewardWad = episode.rewardWad();
        result.countsUntil = episode.foundAt() + EpisodeLib.COUNTS_FOR;
    }

    function _row(Position memory position, Snapshot memory snapshot) private view returns (HealthRow memory row) {
        Health memory health = snapshot.sum(PriceView.PROTOCOL);
        MarginCall call = calls[position.account];
        row.account = position.account;
        row.status = _status(position, snapshot, health);
        row.collateralValue = health.collateralValue;
        row.debtValue = health.debtValue;
        row.coverInitial = health.coverInitial;
        row.coverMaintenance = health.coverMaintenance;
        row.requirement = health.requirement;
        row.usedWad = health.usedWad();
        row.deadline = position.head.callState() == CallState.CALLED ? _deadlineOf(call) : 0;
        row.liquidations = position.head.liquidations();
        row.version = position.head.version();
        row.heldAssets = position.head.collateralBits();
        for (uint256 j; j < snapshot.debts.length; ++j) row.owedAssets |= 1 << snapshot.debts[j].assetId;
    }

    function _status(
        Position memory position,
        Snapshot memory snapshot,
        Health memory health
    ) private view returns (AccountStatus) {
        uint256 state = position.head.callState();
        if (!_hasFreshDebts(snapshot)) return AccountStatus.UNPRICED;
        if (health.isCovered()) return state == CallState.HEALTHY ? AccountStatus.HEALTHY : AccountStatus.PAUSED;
        RiskParameters memory rules = parameters;
        bool isCalled = state == CallState.CALLED;
        bool isInsolvent = health.isInsolvent(rules.bonusMinBps, rules.feeBps);
        bool isDue =
            isInsolvent ||
                health.isBeyondCloseOut(rules.closeOutBps) ||
                (isCalled && block.timestamp > _deadlineOf(calls[position.account]));
        if (!isDue || _waitsUntil(position, snapshot, health, rules) != 0)
            return isCalled ? AccountStatus.CALLED : AccountStatus.CALLABLE;
        return isInsolvent ? AccountStatus.INSOLVENT : AccountStatus.LIQUIDATABLE;
    }

    /// until when liquidation and write-off wait for a jump to be confirmed; 0 when they do not
    function _waitsUntil(
        Position memory position,
        Snapshot memory snapshot,
        Health memory health,
        RiskParameters memory rules
    ) private view returns (uint256) {
        if (!_hasFreshDebts(snapshot)) return 0; // nothing can be taken
        bool isInsolvent = health.isInsolvent(rules.bonusMinBps, rules.feeBps);
        if (health.isCovered() || (!isInsolvent && health.usedWad() > Throttle.LIFTED_ABOVE_WAD)) return 0;
        (Health memory earlier, uint256 endsAt) = _beforeJumps(position, snapshot);
        if (endsAt == 0) return 0;
        bool isConfirmed = isInsolvent ? earlier.isInsolvent(rules.bonusMinBps, rules.feeBps) : !earlier.isCovered();
        return isConfirmed ? 0 : endsAt;
    }

    /// @inheritdoc IVaultLens
    function holdingOf(AccountId account, address asset) external view nonReentrantView returns (uint256) {
        AssetState state = assetStates[asset];
        return state.isListed() ? _holding(_open(account), state.id()) : 0;
    }

    /// @inheritdoc IVaultLens
    function debtOf(
        AccountId account,
        PoolId pool
    ) external view nonReentrantView returns (uint256 shares, uint256 owedAssets) {
        shares = _debt(_open(account), pool.toUint());
        if (shares == 0) return (0, 0);
        PoolConfig config = poolConfigs[pool.toUint()];
        owedAssets = DebtShares.toAssetsUp(shares, ILendingPool(config.pool()).debtIndexNow(), config.shareUnit());
    }

    /// @inheritdoc IVaultLens
    function operatorOf(AccountId account, address operator) external view returns (uint256, uint256) {
        OperatorGrant grant = operators[account][operator];
        return grant.epoch() == epochs[account] ? (grant.rights(), grant.expiresAt()) : (0, 0);
    }

    // ---- configuration ----

    /// @inheritdoc IVaultLens
    function assets() external view nonReentrantView returns (AssetView[] memory views) {
        views = new AssetView[](assetCount);
        for (uint256 id; id < views.length; ++id) {
            AssetView memory row = views[id];
            AssetState state = assetStates[assetOf[id]];
            PriceFeed feed = feeds[id];
            Price memory price = _priceOf(id);
            (row.asset, row.id) = (assetOf[id], id);
            (row.totalAssets, row.capAssets) = (state.total(), state.cap());
            (row.supplyPaused, row.seizurePaused) = (state.isSupplyPaused(), state.isSeizurePaused());
            row.isWorthless = state.isWorthless();
            (row.feed, row.maxAgeFor) = (feed.feed(), feed.maxAgeFor());
            (row.lowestAnswer, row.highestAnswer) = (feed.lowestAnswer(), feed.highestAnswer());
            row.secondFeed = secondFeeds[id].feed();
            (row.price, row.slowPrice, row.isFresh) = (price.price, price.slowPrice, price.isFresh);
            if (row.isFresh) (row.priceBeforeJump, row.jumpEndsAt) = _beforeJump(id, row.price);
            if (feed.hasRateLeg()) row.rate = _rateView(rateLegs[id]);
        }
    }

    function _rateView(RateLeg memory leg) private view returns (RateView memory) {
        return
            RateView({
                provider: leg.source.provider(),
                selector: leg.source.selector(),
                shareUnit: leg.source.shareUnit(),
                decimals: leg.source.decimals(),
                growthPpm: leg.source.growthPpm(),
                rateWad: _rateOf(leg.source),
                allowedWad: leg.line.allowedAt(block.timestamp),
                lineWad: leg.line.lineWad(),
                highestWad: leg.line.highestWad(),
                growthWadPerDay: leg.line.growthWadPerDay(),
                movedAt: leg.line.movedAt()
            });
    }

    /// @inheritdoc IVaultLens
    function pools() external view returns (PoolView[] memory views) {
        views = new PoolView[](poolCount);
        for (uint256 id; id < views.length; ++id) {
            PoolConfig config = poolConfigs[id];
            views[id] = PoolView({
                pool: config.pool(),
                id: PoolId.wrap(uint8(id)),
                assetId: config.assetId(),
                asset: assetOf[config.assetId()],
                factorPpm: config.factorPpm(),
                shareUnit: config.shareUnit(),
                borrowPaused: config.isBorrowPaused()
            });
        }
    }

    /// @inheritdoc IVaultLens
    function pairOf(address asset, PoolId pool) external view returns (PairView memory row) {
        uint256 id = assetStates[asset].id();
        PairRisk pair = pairs[id][pool.toUint()];
        PairBounds bounds = pairBounds[id][pool.toUint()];
        row.isListed = assetStates[asset].isListed() && pair.isListed();
        if (!row.isListed) return row;
        (row.initialPpm, row.maintenancePpm) = _haircutsOf(pair);
        (row.initialTargetPpm, row.maintenanceTargetPpm) = (pair.initialTargetPpm(), pair.maintenanceTargetPpm());
        (row.initialFloorPpm, row.initialCapPpm) = (bounds.initialFloorPpm(), bounds.initialCapPpm());
        (row.maintenanceFloorPpm, row.maintenanceCapPpm) = (bounds.maintenanceFloorPpm(), bounds.maintenanceCapPpm());
        (row.depthValue, row.maxBonusBps) = (pair.depthValue(), pair.maxBonusBps());
    }

    /// @inheritdoc IVaultLens
    function measureOf(address asset) external view nonReentrantView returns (MeasureView memory row) {
        AssetMeasure word = assetMeasures[asset];
        row = MeasureView(word.varianceWad(), word.round(), word.observedAt(), word.answer());
    }

    /// @inheritdoc IVaultLens
    function pairMeasureOf(
        address collateral,
        address obligation
    ) external view nonReentrantView returns (PairMeasureView memory row) {
        PairMeasure memory measure = pairMeasures[_idOf(collateral)][_idOf(obligation)];
        row.varianceWad = measure.cursors.varianceWad();
        (row.collateralRound, row.obligationRound) = (
            measure.cursors.collateralRound(),
            measure.cursors.obligationRound()
        );
        row.observedAt = measure.cursors.observedAt();
        row.collateralAnswer = measure.answers.collateralAnswer();
        row.obligationAnswer = measure.answers.obligationAnswer();
    }

    /// @inheritdoc IVaultLens
    function haircutOf(address asset, PoolId pool) external view nonReentrantView returns (HaircutView memory row) {
        uint256 id = _idOf(asset);
        if (!pairModels[id][pool.toUint()].isMeasured()) return row;
        (Measured memory found, PairModel model) = _measured(id, poolConfigs[pool.toUint()].assetId(), pool.toUint());
        PairRisk pair = pairs[id][pool.toUint()];
        row.model = _modelConfig(model);
        (row.collateralWad, row.obligationWad) = (found.collateralWad, found.obligationWad);
        (row.varianceWad, row.effectiveWad) = (found.varianceWad, found.effectiveWad);
        row.initialVolatilityWad = found.initialVolatilityWad;
        row.maintenanceVolatilityWad = found.maintenanceVolatilityWad;
        (row.initialTargetPpm, row.maintenanceTargetPpm) = (found.initialTargetPpm, found.maintenanceTargetPpm);
        (row.observedAt, row.climbsFrom, row.movedAt) = (found.observedAt, pair.climbsFrom(), pair.movedAt());
        (row.storedInitialPpm, row.storedMaintenancePpm) = (pair.initialPpm(), pair.maintenancePpm());
    }

    /// @inheritdoc IVaultLens
    function tierOf(
        address owner
    ) external view nonReentrantView returns (uint256 surchargeBps, uint256 raisedAt, uint256 defaults) {
        CreditTier tier = tiers[owner];
        return (_surchargeBps(owner), tier.raisedAt(), tier.defaults());
    }

    /// @inheritdoc IVaultLens
    function tierTerms() external view returns (TierTerms memory) {
        return termsOfTiers;
    }

    /// @inheritdoc IVaultLens
    function riskParameters() external view returns (RiskParameters memory) {
        return parameters;
    }

    /// @inheritdoc IVaultLens
    function owed(address asset) external view nonReentrantView returns (uint256) {
        return assetStates[asset].total();
    }

    /// @inheritdoc IVaultLens
    function held(address asset) external view nonReentrantView returns (uint256) {
        return IERC20(asset).balanceOf(address(this));
    }

    /// @inheritdoc IVaultLens
    function reserves() external view nonReentrantView returns (ReserveView[] memory rows) {
        rows = new ReserveView[](assetCount);
        for (uint256 id; id < rows.length; ++id) {
            address asset = assetOf[id];
            AssetState state = assetStates[asset];
            bytes memory question = abi.encodeCall(IERC20.balanceOf, (address(this)));
            uint256 balance = BoundedCall.tryRead(asset, BALANCE_GAS, question);
            rows[id] = ReserveView(asset, state.total(), balance, state.isDelisted());
        }
    }

    /// @inheritdoc IVaultLens
    function reservesOf(address asset) external view nonReentrantView returns (uint256 owedAssets, uint256 heldAssets) {
        return (assetStates[asset].total(), IERC20(asset).balanceOf(address(this)));
    }
}
