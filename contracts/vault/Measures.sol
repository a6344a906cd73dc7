// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IHaircutRefresh} from "../interfaces/IHaircutRefresh.sol";
import {IVaultConfigurator} from "../interfaces/IVaultConfigurator.sol";
import {FeedReader} from "../libraries/FeedReader.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {MeasuredHaircut} from "../libraries/MeasuredHaircut.sol";
import {RoundCursor} from "../libraries/RoundCursor.sol";
import {Variance} from "../libraries/Variance.sol";
import {AssetState} from "../types/AssetState.sol";
import {AssetMeasure, AssetMeasureLib} from "../types/AssetMeasure.sol";
import {PairAnswersLib, PairCursors, PairCursorsLib, PairMeasure} from "../types/PairMeasure.sol";
import {PairModel} from "../types/PairModel.sol";
import {PriceFeed} from "../types/PriceFeed.sol";
import {PairBounds} from "../types/PairRisk.sol";
import {HaircutSchedule} from "./HaircutSchedule.sol";
import {OracleRouter} from "./OracleRouter.sol";

/// What was measured, and which haircuts follow from it. Refreshes move it, governance starts it, views show it.
abstract contract Measures is OracleRouter, HaircutSchedule {
    /// How the targets of a pair come about, step by step.
    struct Measured {
        uint256 collateralWad; // variance of the collateral; 0 when it is not measured
        uint256 obligationWad; // of the obligation
        uint256 varianceWad; // of the pair: tracked, or of both as if the worst correlation held; after its floor
        uint256 effectiveWad; // after floor and stress
        uint256 initialVolatilityWad; // haircut for volatility alone
        uint256 maintenanceVolatilityWad;
        uint256 initialTargetPpm; // after the peg haircut and within the bounds
        uint256 maintenanceTargetPpm;
        uint256 observedAt; // of the older of the observations that count [s]
    }

    /// what the measures say of a pair now
    function _measured(
        uint256 id,
        uint256 owedId,
        uint256 pool
    ) internal view returns (Measured memory found, PairModel model) {
        model = pairModels[id][pool];
        (AssetMeasure own, AssetMeasure owed) = (assetMeasures[assetOf[id]], assetMeasures[assetOf[owedId]]);
        (found.collateralWad, found.obligationWad) = (own.varianceWad(), owed.varianceWad());
        if (model.isTracked()) {
            PairCursors cursors = pairMeasures[id][owedId].cursors;
            (found.varianceWad, found.observedAt) = (cursors.varianceWad(), cursors.observedAt());
            uint256 halfWad = MathLib.max(found.collateralWad, found.obligationWad) / 2;
            if (!model.isPegged()) found.varianceWad = MathLib.max(found.varianceWad, halfWad);
        } else {
            found.varianceWad = Variance.untrackedPairUp(found.collateralWad, found.obligationWad);
            found.observedAt = MathLib.min(own.observedAt(), owed.observedAt());
        }
        found.effectiveWad = MeasuredHaircut.effectiveVarianceUp(
            found.varianceWad,
            model.floorWad(),
            model.stressWad(),
            MeasuredHaircut.STRESS_SHARE_WAD
        );
        _target(found, model, pairBounds[id][pool]);
    }

    function _target(Measured memory found, PairModel model, PairBounds bounds) private pure {
        found.initialVolatilityWad = MeasuredHaircut.volatilityHaircutUp(
            found.effectiveWad,
            MeasuredHaircut.Z_INITIAL_WAD,
            model.horizonInitialFor()
        );
        found.maintenanceVolatilityWad = MeasuredHaircut.volatilityHaircutUp(
            found.effectiveWad,
            MeasuredHaircut.Z_MAINTENANCE_WAD,
            model.horizonMaintenanceFor()
        );
        found.initialTargetPpm = MeasuredHaircut.targetPpm(
            found.initialVolatilityWad,
            model.pegPpm(),
            bounds.initialFloorPpm(),
            bounds.initialCapPpm()
        );
        found.maintenanceTargetPpm = MathLib.min(
            found.initialTargetPpm,
            MeasuredHaircut.targetPpm(
                found.maintenanceVolatilityWad,
                model.pegPpm(),
                bounds.maintenanceFloorPpm(),
                bounds.maintenanceCapPpm()
            )
        );
    }

    /// the next return of an asset goes from its feed's latest round
    function _startAsset(uint256 id, uint256 varianceWad) internal {
        FeedReader.Round memory latest = _latestValid(id);
        assetMeasures[assetOf[id]] = AssetMeasureLib.toAssetMeasure(
            varianceWad,
            latest.updatedAt,
            latest.roundId,
            uint256(latest.answer),
            id
        );
        feeds[id] = feeds[id].withMeasured();
    }

    /// measuring goes on with a feed that was changed, from its latest round. One that cannot be measured does not hold
    /// up the change: then there is no next round, and initial haircuts go up in time
    function _restartAsset(uint256 id, address asset) internal {
        PriceFeed word = feeds[id];
        FeedReader.Round memory latest = FeedReader.latest(word.feed());
        bool isMeasurable = _isMeasurable(word.feed(), latest);
        assetMeasures[asset] = AssetMeasureLib.toAssetMeasure(
            assetMeasures[asset].varianceWad(),
            latest.updatedAt,
            isMeasurable ? latest.roundId : type(uint80).max,
            // safe: a fresh answer is positive
            MathLib.min(uint256(latest.answer), RoundCursor.ANSWER_MOST),
            id
        );
        // nothing could confirm a jump of a feed that is not refreshed
        if (isMeasurable) feeds[id] = word.withMeasured();
        // answers of the old feed say nothing of the new one's
        jumps[id] = jumps[id].closed();
    }

    /// the next common return goes from the collateral's latest round, and the obligation's
    function _startPair(uint256 id, uint256 owedId, uint256 varianceWad) internal {
        FeedReader.Round memory own = _latestValid(id);
        FeedReader.Round memory owed = _latestValid(owedId);
        pairMeasures[id][owedId] = PairMeasure({
            cursors: PairCursorsLib.toPairCursors(
                varianceWad,
                MathLib.max(own.updatedAt, owed.updatedAt),
                own.roundId,
                owed.roundId,
                _feedChangesOf(id, owedId)
            ),
            answers: PairAnswersLib.toPairAnswers(uint256(own.answer), uint256(owed.answer))
        });
    }

    function _feedChangesOf(uint256 id, uint256 owedId) internal view returns (uint256) {
        return secondFeeds[id].changes() | (secondFeeds[owedId].changes() << 8);
    }

    /// the latest round of an asset that has a fresh price
    function _latestValid(uint256 id) private view returns (FeedReader.Round memory latest) {
        _requireFresh(id);
        address feed = feeds[id].feed();
        latest = FeedReader.latest(feed);
        // safe: a fresh answer is positive
        uint256 answer = uint256(latest.answer);
        bool isMeasurable = _isMeasurable(feed, latest);
        require(isMeasurable, IHaircutRefresh.RoundNotMeasurable(assetOf[id], latest.roundId, answer));
    }

    /// whether a feed keeps its rounds: it knows the latest one by its number, and none after it. One that answers any
    /// number with its present price would let the caller choose what is seen
    function _isMeasurable(address feed, FeedReader.Round memory latest) private view returns (bool) {
        bool fits = latest.roundId != 0 && latest.roundId < type(uint80).max;
        if (!fits || uint256(latest.answer) > RoundCursor.ANSWER_MOST) return false;
        FeedReader.Round memory same = FeedReader.roundAt(feed, latest.roundId);
        FeedReader.Round memory next = FeedReader.roundAt(feed, latest.roundId + 1);
        return same.answer == latest.answer && same.updatedAt == latest.updatedAt && next.updatedAt == 0;
    }

    /// the terms of a model in the units of its setter
    function _modelConfig(PairModel model) internal pure returns (IVaultConfigurator.PairModelConfig memory) {
        return
            IVaultConfigurator.PairModelConfig({
                floorVarianceWad: model.floorWad(),
                stressVarianceWad: model.stressWad(),
                horizonInitialFor: model.horizonInitialFor(),
                horizonMaintenanceFor: model.horizonMaintenanceFor(),
                pegPpm: model.pegPpm(),
                maxLagFor: model.maxLagFor(),
                highestDepthValue: model.highestDepthValue(),
                isMeasured: model.isMeasured(),
                isTracked: model.isTracked(),
                isPegged: model.isPegged()
            });
    }

    /// the id of a listed asset
    function _idOf(address asset) internal view returns (uint256) {
        AssetState state = assetStates[asset];
        require(state.isListed(), IAccountLedger.AssetNotListed(asset));
        return state.id();
    }
}
