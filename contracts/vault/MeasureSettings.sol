// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IHaircutRefresh} from "../interfaces/IHaircutRefresh.sol";
import {IVaultConfigurator} from "../interfaces/IVaultConfigurator.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {Variance} from "../libraries/Variance.sol";
import {PairModel, PairModelLib} from "../types/PairModel.sol";
import {PairRisk} from "../types/PairRisk.sol";
import {PoolConfig} from "../types/PoolConfig.sol";
import {PoolId} from "../types/PoolId.sol";
import {ConfigurationChecks} from "./ConfigurationChecks.sol";
import {Measures} from "./Measures.sol";

/// Starts measures, sets how haircuts follow from them, and takes posted market depths.
abstract contract MeasureSettings is Measures, ConfigurationChecks, IVaultConfigurator {
    /// Largest worth of all holdings of an asset at its highest price: keeps the products of the maths below 2^256
    /// [value].
    uint256 internal constant MAX_CAP_VALUE = 1e33;
    /// What a posted depth may move in a day, as a share of the one before.
    uint256 private constant DEPTH_CHANGE_BPS = 20_00;

    /// @inheritdoc IVaultConfigurator
    function startMeasure(address asset, uint256 stressVarianceWad) external restricted nonReentrant {
        uint256 id = _idOf(asset);
        _requireWithin("stressVarianceWad", stressVarianceWad, 1, Variance.VARIANCE_MOST_WAD);
        emit MeasureStarted(asset, assetMeasures[asset].varianceWad(), stressVarianceWad);
        _startAsset(id, stressVarianceWad);
    }

    /// @inheritdoc IVaultConfigurator
    function setPairModel(
        address asset,
        PoolId pool,
        PairModelConfig calldata config
    ) external restricted nonReentrant {
        uint256 id = _idOf(asset);
        uint256 owedId = _configOf(pool).assetId();
        address obligation = assetOf[owedId];
        require(id != owedId, IHaircutRefresh.PairOfSameAsset(asset));
        PairRisk pair = pairs[id][pool.toUint()];
        require(pair.isListed(), PairNotListed(asset, pool));
        _requireWithin("stressVarianceWad", config.stressVarianceWad, 1, Variance.VARIANCE_MOST_WAD);
        _requireWithin("floorVarianceWad", config.floorVarianceWad, 0, config.stressVarianceWad);
        _requireWithin("horizonInitialFor", config.horizonInitialFor, 1 hours, 30 days);
        _requireWithin("horizonMaintenanceFor", config.horizonMaintenanceFor, 1 hours, config.horizonInitialFor);
        _requireWithin("pegPpm", config.pegPpm, 0, MathLib.PPM / 2);
        _requireWithin("maxLagFor", config.maxLagFor, 1 hours, 7 days);
        _requireWithin("highestDepthValue", config.highestDepthValue, pair.depthValue(), MAX_CAP_VALUE);
        PairModel model = pairModels[id][pool.toUint()];
        emit PairModelSet(asset, pool, _modelConfig(model), config);
        pairModels[id][pool.toUint()] = model.withTerms(
            config.floorVarianceWad,
            config.stressVarianceWad,
            config.horizonInitialFor / 1 minutes,
            config.horizonMaintenanceFor / 1 minutes,
            config.pegPpm,
            config.maxLagFor / 1 minutes,
            _modelFlags(config),
            config.highestDepthValue
        );
        if (config.isMeasured) {
            require(assetMeasures[asset].isStarted(), IHaircutRefresh.AssetNotMeasured(asset));
            require(assetMeasures[obligation].isStarted(), IHaircutRefresh.AssetNotMeasured(obligation));
        }
        bool isTracked = config.isMeasured && config.isTracked;
        if (isTracked && !pairMeasures[id][owedId].cursors.isStarted())
            _startPair(id, owedId, config.stressVarianceWad);
        // targets stay as they are until the next refresh; without measuring nothing climbs
        _storeTargets(
            id,
            pool,
            pair.initialTargetPpm(),
            pair.maintenanceTargetPpm(),
            config.isMeasured ? block.timestamp + config.maxLagFor : 0
        );
    }

    function _modelFlags(PairModelConfig calldata config) private pure returns (uint256 flags) {
        if (config.isMeasured) flags |= PairModelLib.MEASURED;
        if (config.isTracked) flags |= PairModelLib.TRACKED;
        if (config.isPegged) flags |= PairModelLib.PEGGED;
    }

    /// @inheritdoc IVaultConfigurator
    function postDepth(address asset, PoolId pool, uint256 depthValue) external restricted nonReentrant {
        uint256 id = _idOf(asset);
        _configOf(pool);
        PairRisk pair = pairs[id][pool.toUint()];
        require(pair.isListed(), PairNotListed(asset, pool));
        PairModel model = pairModels[id][pool.toUint()];
        uint256 old = pair.depthValue();
        uint256 elapsedFor = MathLib.min(block.timestamp - model.depthPostedAt(), 1 days);
        // for a part x of a day: down to old · (1 − share · x), up to old / (1 − share / (1 + share) · x), so that
        // portions move it no further than one post
        uint256 down = MathLib.mulDivDown(old, DEPTH_CHANGE_BPS * elapsedFor, MathLib.BPS * 1 days);
        uint256 wholeFor = (MathLib.BPS + DEPTH_CHANGE_BPS) * 1 days;
        uint256 up = MathLib.mulDivDown(old, DEPTH_CHANGE_BPS * elapsedFor, wholeFor - DEPTH_CHANGE_BPS * elapsedFor);
        _requireWithin("depthValue", depthValue, MathLib.max(old - down, 1e18), old + up);
        // a depth above the highest may still come down
        _requireWithin("depthValue", depthValue, 0, MathLib.max(old, model.highestDepthValue()));
        pairs[id][pool.toUint()] = pair.withMarket(depthValue, pair.maxBonusBps());
        pairModels[id][pool.toUint()] = model.withDepthPostedAt(block.timestamp);
        emit DepthPosted(asset, pool, old, depthValue);
    }

    /// a listed pool
    function _configOf(PoolId pool) internal view returns (PoolConfig config) {
        config = poolConfigs[pool.toUint()];
        require(config.isListed(), IAccountLedger.PoolNotListed(pool));
    }
}
