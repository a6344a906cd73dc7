// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IAccountLedger} from "./interfaces/IAccountLedger.sol";
import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {IDelisting} from "./interfaces/IDelisting.sol";
import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {IPriceUpkeep} from "./interfaces/IPriceUpkeep.sol";
import {IVaultConfigurator} from "./interfaces/IVaultConfigurator.sol";
import {HealthMath} from "./libraries/HealthMath.sol";
import {FeedReader} from "./libraries/FeedReader.sol";
import {MathLib} from "./libraries/MathLib.sol";
import {RateCap} from "./libraries/RateCap.sol";
import {AssetState, AssetStateLib} from "./types/AssetState.sol";
import {CreditTierLib, TierTerms} from "./types/CreditTier.sol";
import {PairBounds, PairBoundsLib, PairRisk} from "./types/PairRisk.sol";
import {PoolConfig, PoolConfigLib} from "./types/PoolConfig.sol";
import {PoolId} from "./types/PoolId.sol";
import {PriceFeed, PriceFeedLib, SecondFeed, SecondFeedLib} from "./types/PriceFeed.sol";
import {RateSource} from "./types/RateLeg.sol";
import {RiskParameters} from "./types/RiskParameters.sol";
import {MeasureSettings} from "./vault/MeasureSettings.sol";
import {OracleRouter} from "./vault/OracleRouter.sol";
import {RateLegs} from "./vault/RateLegs.sol";
import {Room} from "./vault/Room.sol";
import {TransferProbes} from "./vault/TransferProbes.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The room of the vault where governance comes. Every setter is restricted by the AccessManager, checks its bounds and
/// emits old and new. Runs in the storage of `CollateralVault`.
contract VaultConfigurator is MeasureSettings, RateLegs, TransferProbes, Room {
    uint256 private constant MAX_PRICE = type(uint120).max;
    /// A new feed agrees with the old one; with the slow average, by half, when the old one is silent: a dead feed can
    /// be replaced, and a wrong unit is still noticed.
    uint256 private constant FEED_CHANGE_BPS = 2_00;
    uint256 private constant DEAD_FEED_CHANGE_BPS = 50_00;
    /// After seizure of an asset was paused, owners have so long before it may be taken again, unless their cushion is
    /// more than half used [s].
    uint256 private constant SEIZURE_GRACE_FOR = 1 hours;
    uint256 private constant MAX_FACTOR_PPM = 1_500_000;

    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address lensRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(lensRoom) {}

    // ---- assets ----

    /// @inheritdoc IVaultConfigurator
    function listAsset(
        address asset,
        FeedConfig calldata config,
        uint256 capAssets
    ) external restricted nonReentrant returns (uint256 id) {
        AssetState state = assetStates[asset];
        require(!state.isListed(), AssetAlreadyListed(asset, state.id()));
        id = assetCount++;
        require(id < MAX_ASSETS, RegistryFull(MAX_ASSETS));
        uint256 decimals = _decimalsOf(asset);
        assetOf[id] = asset;
        assetStates[asset] = state.withConfig(0, id, AssetStateLib.LISTED);
        emit AssetListed(asset, id, decimals);
        _setFeed(id, asset, config, decimals);
        _setSupplyCap(asset, capAssets);
        // last, because it calls the token: all other checks come without it
        _probeTransfers(id, asset, decimals);
    }

    /// @inheritdoc IVaultConfigurator
    function delist(address asset) external restricted nonReentrant {
        uint256 id = _idOf(asset);
        AssetState state = assetStates[asset];
        require(!state.isDelisted(), IDelisting.DelistedAsset(asset));
        assetStates[asset] = state.withConfig(state.cap(), id, state.flags() | AssetStateLib.DELISTED);
        emit AssetDelisted(asset);
        for (uint256 number; number < poolCount; ++number) {
            PoolId pool = PoolId.wrap(uint8(number));
            if (!pairs[id][number].isListed()) continue;
            PairConfig memory old = _pairConfig(id, pool);
            // floors as well: what is measured, too, then says 100 %
            _storeTargets(id, pool, MathLib.PPM, MathLib.PPM, pairs[id][number].climbsFrom());
            pairBounds[id][number] = PairBoundsLib.toPairBounds(MathLib.PPM, MathLib.PPM, MathLib.PPM, MathLib.PPM);
            emit PairSet(asset, pool, old, _pairConfig(id, pool));
        }
    }

    /// @inheritdoc IVaultConfigurator
    function setFeed(address asset, FeedConfig calldata config) external restricted nonReentrant {
        uint256 id = _idOf(asset);
        Price memory old = _priceOf(id);
        _setFeed(id, asset, config, _decimalsOf(asset));
        _forgetPrice(id);
        (, uint256 price) = _freshPrice(id);
        uint256 distance = price > old.price ? price - old.price : old.price - price;
        uint256 mostBps = old.isFresh ? FEED_CHANGE_BPS : DEAD_FEED_CHANGE_BPS;
        require(distance * MathLib.BPS <= old.price * mostBps, FeedChangeTooLarge(asset, old.price, price, mostBps));
        _requireCapValue(asset, assetStates[asset].cap());
    }

    function _setFeed(uint256 id, address asset, FeedConfig calldata config, uint256 decimals) private {
        _requireWithin("maxAgeFor", config.maxAgeFor, 1 minutes, 7 days);
        _requireWithin("lowestAnswer", config.lowestAnswer, 1, config.highestAnswer);
        uint256 exponent = 36 - decimals - _feedDecimals(config.feed);
        bool hasSecond = config.secondFeed != address(0);
        bool hasRate = config.rate.provider != address(0);
        uint256 highest = MAX_PRICE / 10 ** exponent / _highestRate(hasRate);
        _requireWithin("highestAnswer", config.highestAnswer, 1, highest);
        FeedConfig memory old = _feedConfig(id);
        feeds[id] = PriceFeedLib.toPriceFeed(
            config.feed,
            config.maxAgeFor / 1 minutes,
            exponent,
            hasSecond,
            hasRate,
            config.lowestAnswer,
            config.highestAnswer
        );
        _setSecondFeed(id, config, decimals);
        _setRate(id, config.rate);
        (uint256 answer, ) = _freshPrice(id);
        feeds[id] = feeds[id].withSlowAnswer(answer);
        if (assetMeasures[asset].isStarted()) _restartAsset(id, asset);
        emit FeedSet(asset, old, config);
        emit IPriceUpkeep.SlowAverageUpdated(asset, answer, answer);
    }

    function _feedConfig(uint256 id) private view returns (FeedConfig memory) {
        PriceFeed word = feeds[id];
        SecondFeed second = secondFeeds[id];
        RateSource source = rateLegs[id].source;
        return
            FeedConfig({
                feed: word.feed(),
                maxAgeFor: word.maxAgeFor(),
                lowestAnswer: word.lowestAnswer(),
                highestAnswer: word.highestAnswer(),
                secondFeed: second.feed(),
                secondMaxAgeFor: second.maxAgeFor(),
                maxDeviationBps: second.maxDeviationBps(),
                rate: RateConfig({
                    provider: source.provider(),
                    selector: source.selector(),
                    decimals: source.decimals(),
                    growthPpm: source.growthPpm()
                })
            });
    }

    function _setSecondFeed(uint256 id, FeedConfig calldata config, uint256 decimals) private {
        uint256 exponent;
        if (config.secondFeed != address(0)) {
            _requireWithin("secondMaxAgeFor", config.secondMaxAgeFor, 1 minutes, 7 days);
            _requireWithin("maxDeviationBps", config.maxDeviationBps, 10, 20_00);
            exponent = 36 - decimals - _feedDecimals(config.secondFeed);
        }
        secondFeeds[id] = SecondFeedLib
            .toSecondFeed(config.secondFeed, config.maxDeviationBps, config.secondMaxAgeFor / 1 minutes, exponent)
            .withChanges(secondFeeds[id].changes() + 1)
            .withSlowAt(block.timestamp);
    }

    /// what the highest answer can be multiplied with, in whole numbers
    function _highestRate(bool hasRate) private pure returns (uint256) {
        return hasRate ? RateCap.HIGHEST_RATE / MathLib.WAD : 1;
    }

    /// answer and price of an asset, straight from its feed, or the reason why there is none
    function _freshPrice(uint256 id) private view returns (uint256 answer, uint256 price) {
        _requireFresh(id);
        PriceFeed word = feeds[id];
        FeedReader.Round memory round;
        _inspect(id, word, round);
        answer = uint256(round.answer);
        price = answer * word.scale();
    }

    /// @inheritdoc IVaultConfigurator
    function setSupplyCap(address asset, uint256 capAssets) external restricted nonReentrant {
        _idOf(asset);
        _setSupplyCap(asset, capAssets);
    }

    function _setSupplyCap(address asset, uint256 capAssets) private {
        _requireWithin("capAssets", capAssets, 0, type(uint96).max);
        _requireCapValue(asset, capAssets);
        AssetState state = assetStates[asset];
        assetStates[asset] = state.withConfig(capAssets, state.id(), state.flags());
        emit SupplyCapSet(asset, state.cap(), capAssets);
    }

    /// the cap is worth at most twice the smallest depth of the asset's pairs, and never more than the maths carries
    function _requireCapValue(address asset, uint256 capAssets) private view {
        uint256 id = assetStates[asset].id();
        PriceFeed word = feeds[id];
        _requireWithin(
            "capValue",
            HealthMath.valueDown(capAssets, word.highestAnswer() * word.scale() * _highestRate(word.hasRateLeg())),
            0,
            MAX_CAP_VALUE
        );
        uint256 capValue = HealthMath.valueDown(capAssets, _priceOf(id).price);
        for (uint256 poolId; poolId < poolCount; ++poolId) {
            PairRisk pair = pairs[id][poolId];
            uint256 most = pair.depthValue() * 2;
            require(!pair.isListed() || capValue <= most, CapAboveDepth(asset, capValue, most));
        }
    }

    /// @inheritdoc IVaultConfigurator
    function pauseAsset(address asset, bool supply, bool seizure) external restricted nonReentrant {
        AssetState state = assetStates[asset];
        _setAssetPause(asset, supply || state.isSupplyPaused(), seizure || state.isSeizurePaused());
    }

    /// @inheritdoc IVaultConfigurator
    function setAssetPause(address asset, bool supplyPaused, bool seizurePaused) external restricted nonReentrant {
        _setAssetPause(asset, supplyPaused, seizurePaused);
    }

    function _setAssetPause(address asset, bool supplyPaused, bool seizurePaused) private {
        uint256 id = _idOf(asset);
        AssetState state = assetStates[asset];
        uint256 flags = state.flags() & ~(AssetStateLib.SUPPLY_PAUSED | AssetStateLib.SEIZURE_PAUSED);
        if (supplyPaused) flags |= AssetStateLib.SUPPLY_PAUSED;
        if (seizurePaused) flags |= AssetStateLib.SEIZURE_PAUSED;
        if (state.isSeizurePaused() && !seizurePaused) {
            flags |= AssetStateLib.SEIZURE_RESUMED;
            seizableAt[id] = block.timestamp + SEIZURE_GRACE_FOR;
        }
        assetStates[asset] = state.withConfig(state.cap(), id, flags);
        emit AssetPauseSet(asset, state.isSupplyPaused(), state.isSeizurePaused(), supplyPaused, seizurePaused);
    }

    /// @inheritdoc IVaultConfigurator
    function setWorthless(address asset, bool worthless) external restricted nonReentrant {
        uint256 id = _idOf(asset);
        AssetState state = assetStates[asset];
        Price memory price = _priceOf(id);
        require(!worthless || !price.isFresh, AssetHasPrice(asset, price.price));
        uint256 flags = state.flags() & ~AssetStateLib.WORTHLESS;
        if (worthless) flags |= AssetStateLib.WORTHLESS;
        assetStates[asset] = state.withConfig(state.cap(), id, flags);
        emit WorthlessSet(asset, state.isWorthless(), worthless);
    }

    // ---- pools ----

    /// @inheritdoc IVaultConfigurator
    function listPool(address pool, uint256 factorPpm) external restricted nonReentrant returns (PoolId id) {
        uint256 number = poolCount++;
        require(number < MAX_POOLS, RegistryFull(MAX_POOLS));
        address asset = IERC4626(pool).asset();
        address lendingVault = ILendingPool(pool).vault();
        require(lendingVault == address(this), PoolOfAnotherVault(pool, lendingVault));
        require(assetStates[asset].isListed(), IAccountLedger.AssetNotListed(asset));
        for (uint256 i; i < number; ++i)
            require(poolConfigs[i].pool() != pool, PoolAlreadyListed(pool, PoolId.wrap(uint8(i))));
        id = PoolId.wrap(uint8(number));
        poolConfigs[number] = PoolConfigLib.toPoolConfig(
            pool,
            assetStates[asset].id(),
            MathLib.PPM,
            0,
            ILendingPool(pool).shareUnitExponent()
        );
        emit PoolListed(pool, id, asset);
        _setDebtFactor(id, factorPpm);
    }

    /// @inheritdoc IVaultConfigurator
    function setDebtFactor(PoolId pool, uint256 factorPpm) external restricted nonReentrant {
        _setDebtFactor(pool, factorPpm);
        for (uint256 id; id < assetCount; ++id) _requireListingRule(id, pool);
    }

    function _setDebtFactor(PoolId pool, uint256 factorPpm) private {
        PoolConfig config = _configOf(pool);
        _requireWithin("factorPpm", factorPpm, MathLib.PPM, MAX_FACTOR_PPM);
        emit DebtFactorSet(pool, config.factorPpm(), factorPpm);
        _storePool(pool, config, factorPpm, config.flags());
    }

    /// @inheritdoc IVaultConfigurator
    function pauseBorrow(PoolId pool) external restricted nonReentrant {
        _setBorrowPause(pool, true);
    }

    /// @inheritdoc IVaultConfigurator
    function setBorrowPause(PoolId pool, bool borrowPaused) external restricted nonReentrant {
        _setBorrowPause(pool, borrowPaused);
    }

    function _setBorrowPause(PoolId pool, bool borrowPaused) private {
        PoolConfig config = _configOf(pool);
        _storePool(pool, config, config.factorPpm(), borrowPaused ? PoolConfigLib.BORROW_PAUSED : 0);
        emit BorrowPauseSet(pool, config.isBorrowPaused(), borrowPaused);
    }

    function _storePool(PoolId pool, PoolConfig config, uint256 factorPpm, uint256 flags) private {
        poolConfigs[pool.toUint()] = PoolConfigLib.toPoolConfig(
            config.pool(),
            config.assetId(),
            factorPpm,
            flags,
            config.shareUnitExponent()
        );
    }

    // ---- pairs and risk ----

    /// @inheritdoc IVaultConfigurator
    function setPair(address asset, PoolId pool, PairConfig calldata config) external restricted nonReentrant {
        uint256 id = _idOf(asset);
        require(!assetStates[asset].isDelisted(), IDelisting.DelistedAsset(asset));
        _configOf(pool);
        _requireWithin("initialCapPpm", config.initialCapPpm, config.maintenanceCapPpm, MathLib.PPM);
        _requireWithin("initialFloorPpm", config.initialFloorPpm, config.maintenanceFloorPpm, config.initialCapPpm);
        _requireWithin("maintenanceFloorPpm", config.maintenanceFloorPpm, 1_000, config.maintenanceCapPpm);
        _requireWithin("initialTargetPpm", config.initialTargetPpm, config.initialFloorPpm, config.initialCapPpm);
        _requireWithin(
            "maintenanceTargetPpm",
            config.maintenanceTargetPpm,
            config.maintenanceFloorPpm,
            MathLib.min(config.maintenanceCapPpm, config.initialTargetPpm)
        );
        _requireWithin("depthValue", config.depthValue, 1e18, MAX_CAP_VALUE);
        _requireWithin("maxBonusBps", config.maxBonusBps, parameters.bonusMinBps, 50_00);
        PairConfig memory old = _pairConfig(id, pool);
        _storeTargets(
            id,
            pool,
            config.initialTargetPpm,
            config.maintenanceTargetPpm,
            pairs[id][pool.toUint()].climbsFrom()
        );
        pairs[id][pool.toUint()] = pairs[id][pool.toUint()].withMarket(config.depthValue, config.maxBonusBps);
        pairBounds[id][pool.toUint()] = PairBoundsLib.toPairBounds(
            config.initialFloorPpm,
            config.initialCapPpm,
            config.maintenanceFloorPpm,
            config.maintenanceCapPpm
        );
        emit PairSet(asset, pool, old, config);
        _requireListingRule(id, pool);
        _requireCapValue(asset, assetStates[asset].cap());
    }

    function _pairConfig(uint256 id, PoolId pool) private view returns (PairConfig memory) {
        PairRisk pair = pairs[id][pool.toUint()];
        PairBounds bounds = pairBounds[id][pool.toUint()];
        return
            PairConfig({
                initialFloorPpm: bounds.initialFloorPpm(),
                initialCapPpm: bounds.initialCapPpm(),
                maintenanceFloorPpm: bounds.maintenanceFloorPpm(),
                maintenanceCapPpm: bounds.maintenanceCapPpm(),
                initialTargetPpm: pair.initialTargetPpm(),
                maintenanceTargetPpm: pair.maintenanceTargetPpm(),
                depthValue: pair.depthValue(),
                maxBonusBps: pair.maxBonusBps()
            });
    }

    /// s_max · (1 − (1−γ)·h_M) ≤ 1 + (1−γ)·(b − 1): close-out comes before insolvency, also at the lowest haircut
    function _requireListingRule(uint256 id, PoolId pool) private view {
        PairRisk pair = pairs[id][pool.toUint()];
        if (!pair.isListed()) return;
        uint256 haircut = MathLib.min(pair.maintenancePpm(), pairBounds[id][pool.toUint()].maintenanceFloorPpm());
        uint256 keptBps = MathLib.BPS - parameters.closeOutBps;
        // the least bonus is paid also where the highest is set below it
        uint256 bonusBps = MathLib.max(pair.maxBonusBps(), parameters.bonusMinBps);
        uint256 seizeBps = MathLib.BPS + bonusBps + parameters.feeBps;
        uint256 abovePpm = poolConfigs[pool.toUint()].factorPpm() - MathLib.PPM;
        // both sides × BPS² · PPM, so that nothing is rounded
        uint256 left = seizeBps * (MathLib.BPS * MathLib.PPM - keptBps * haircut);
        uint256 right = MathLib.BPS * (MathLib.BPS * MathLib.PPM + keptBps * abovePpm);
        // shown as wads: BPS² · PPM is 1e14
        require(left <= right, ListingRuleBroken(assetOf[id], pool, left * 1e4, right * 1e4));
    }

    /// @inheritdoc IVaultConfigurator
    function setRiskParameters(RiskParameters calldata rules) external restricted nonReentrant {
        _requireWithin("closeOutBps", rules.closeOutBps, 5_00, 50_00);
        _requireWithin("targetShareBps", rules.targetShareBps, 10_00, 100_00);
        _requireWithin("targetMaxBps", rules.targetMaxBps, 1_00, 40_00);
        _requireWithin("targetMinBps", rules.targetMinBps, 10, rules.targetMaxBps);
        _requireWithin("bonusMinBps", rules.bonusMinBps, 10, 10_00);
        _requireWithin("bonusPerUsedBps", rules.bonusPerUsedBps, 0, 50_00);
        _requireWithin("bonusPerHourBps", rules.bonusPerHourBps, 0, 10_00);
        _requireWithin("feeBps", rules.feeBps, 0, 10_00);
        _requireWithin("cureMaxFor", rules.cureMaxFor, 10 minutes, 7 days);
        _requireWithin("cureMinFor", rules.cureMinFor, 1 minutes, rules.cureMaxFor);
        _requireWithin("roundingValue", rules.roundingValue, 1, 10_000);
        _requireWithin("minimumTransferValue", rules.minimumTransferValue, 1, 1_000_000);
        _requireWithin("dustValue", rules.dustValue, 1, 100_000);
        _requireWithin("throttleBps", rules.throttleBps, 1_00, 200_00);
        emit RiskParametersSet(parameters, rules);
        parameters = rules;
        for (uint256 id; id < assetCount; ++id) {
            for (uint256 pool; pool < poolCount; ++pool) _requireListingRule(id, PoolId.wrap(uint8(pool)));
        }
    }

    /// @inheritdoc IVaultConfigurator
    function setTierTerms(TierTerms calldata terms) external restricted nonReentrant {
        _requireWithin("mostBps", terms.mostBps, 0, CreditTierLib.HIGHEST_BPS);
        _requireWithin("stepBps", terms.stepBps, 0, terms.mostBps);
        _requireWithin("decayFor", terms.decayFor, terms.mostBps == 0 ? 0 : 1 days, 730 days);
        emit TierTermsSet(termsOfTiers, terms);
        termsOfTiers = terms;
    }

    // ---- checks ----

    function _feedDecimals(address feed) private view returns (uint256 decimals) {
        decimals = IAggregatorV3(feed).decimals();
        require(decimals <= MAX_DECIMALS, FeedDecimalsInvalid(feed, decimals, MAX_DECIMALS));
    }
}
