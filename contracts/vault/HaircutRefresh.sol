// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IHaircutRefresh} from "../interfaces/IHaircutRefresh.sol";
import {FeedReader} from "../libraries/FeedReader.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {RoundCursor} from "../libraries/RoundCursor.sol";
import {Variance} from "../libraries/Variance.sol";
import {
    AssetMeasure,
    AssetMeasureLib,
    PairAnswersLib,
    PairCursors,
    PairCursorsLib,
    PairMeasure,
    PairModel
} from "../types/Measurement.sol";
import {PoolId} from "../types/PoolId.sol";
import {Measures} from "./Measures.sol";

/// Variances from consecutive rounds, and haircuts from variances.
abstract contract HaircutRefresh is Measures, IHaircutRefresh {
    using RoundCursor for RoundCursor.Cursor;

    uint256 private constant MOST_ROUNDS = 1_000;

    // ---- one asset ----

    /// @inheritdoc IHaircutRefresh
    function refresh(address asset, uint256 maxRounds) external nonReentrant returns (uint256 returnCount) {
        _requireSequencer();
        require(maxRounds != 0 && maxRounds <= MOST_ROUNDS, RoundsOutOfRange(maxRounds, MOST_ROUNDS));
        AssetMeasure word = assetMeasures[asset];
        require(word.isStarted(), AssetNotMeasured(asset));
        RoundCursor.Cursor memory cursor;
        (cursor.feed, cursor.round, cursor.budget) = (feeds[word.id()].feed(), word.round(), maxRounds);
        (cursor.time, cursor.answer) = (word.observedAt(), word.answer());
        uint256 varianceWad = word.varianceWad();
        (int256 log, uint256 time) = (Variance.logWad(cursor.answer), cursor.time);
        while (cursor.advance()) {
            int256 next = Variance.logWad(cursor.answer);
            varianceWad = Variance.nextWad(varianceWad, next - log, cursor.time - time, Variance.TIME_CONSTANT_WAD);
            (log, time) = (next, cursor.time);
            ++returnCount;
        }
        if (returnCount == 0) _failToAdvance(asset, cursor);
        assetMeasures[asset] = AssetMeasureLib.toAssetMeasure(
            varianceWad,
            time,
            cursor.round,
            cursor.answer,
            word.id()
        );
        emit AssetMeasured(asset, varianceWad, cursor.round, time, returnCount);
    }

    // ---- a pair ----

    /// @inheritdoc IHaircutRefresh
    function refreshPair(
        address collateral,
        address obligation,
        uint256 maxRounds
    ) external nonReentrant returns (uint256 returnCount) {
        _requireSequencer();
        require(maxRounds <= MOST_ROUNDS, RoundsOutOfRange(maxRounds, MOST_ROUNDS));
        require(collateral != obligation, PairOfSameAsset(collateral));
        (uint256 id, uint256 owedId) = (_idOf(collateral), _idOf(obligation));
        if (maxRounds != 0 && pairMeasures[id][owedId].cursors.isStarted()) {
            returnCount = _observe(id, owedId, collateral, obligation, maxRounds);
        }
        bool isMeasured;
        for (uint256 pool; pool < poolCount; ++pool) {
            if (poolConfigs[pool].assetId() != owedId || !pairModels[id][pool].isMeasured()) continue;
            _retarget(id, owedId, pool);
            isMeasured = true;
        }
        require(isMeasured, PairNotMeasured(collateral, obligation));
    }

    /// reads on, or starts again where a feed was changed
    function _observe(
        uint256 id,
        uint256 owedId,
        address collateral,
        address obligation,
        uint256 maxRounds
    ) private returns (uint256 returnCount) {
        PairMeasure memory measure = pairMeasures[id][owedId];
        PairCursors word = measure.cursors;
        if (word.feedChanges() != _feedChangesOf(id, owedId)) {
            _startPair(id, owedId, word.varianceWad());
            return 0;
        }
        RoundCursor.Cursor memory own;
        RoundCursor.Cursor memory owed;
        (own.feed, own.round) = (feeds[id].feed(), word.collateralRound());
        (owed.feed, owed.round) = (feeds[owedId].feed(), word.obligationRound());
        (own.time, own.answer, own.budget) = (word.observedAt(), measure.answers.collateralAnswer(), maxRounds);
        // every round of the obligation up to that time was seen; one of the same second may have come after
        (owed.time, owed.answer) = (own.time - 1, measure.answers.obligationAnswer());
        uint256 varianceWad;
        (varianceWad, returnCount) = _moveVariance(own, owed, word.varianceWad());
        if (returnCount == 0) _failToAdvance(collateral, own);
        pairMeasures[id][owedId] = PairMeasure({
            cursors: PairCursorsLib.toPairCursors(varianceWad, own.time, own.round, owed.round, word.feedChanges()),
            answers: PairAnswersLib.toPairAnswers(own.answer, owed.answer)
        });
        emit PairMeasured(collateral, obligation, varianceWad, own.round, owed.round, own.time, returnCount);
    }

    /// takes the return of every common observation into the variance; the cursors end at the last one
    function _moveVariance(
        RoundCursor.Cursor memory own,
        RoundCursor.Cursor memory owed,
        uint256 varianceWad
    ) private view returns (uint256 newVarianceWad, uint256 returnCount) {
        newVarianceWad = varianceWad;
        int256 log = Variance.logWad(own.answer) - Variance.logWad(owed.answer);
        uint256 time = own.time;
        while (own.advance()) {
            own.budget = MathLib.zeroFloorSub(own.budget, owed.follow(own.time));
            int256 next = Variance.logWad(own.answer) - Variance.logWad(owed.answer);
            newVarianceWad = Variance.nextWad(newVarianceWad, next - log, own.time - time, Variance.TIME_CONSTANT_WAD);
            (log, time) = (next, own.time);
            ++returnCount;
        }
    }

    /// says why there is no next round
    function _failToAdvance(address asset, RoundCursor.Cursor memory cursor) private view {
        uint256 next = cursor.round + 1;
        FeedReader.Round memory round = FeedReader.roundAt(cursor.feed, next);
        uint256 latest = FeedReader.latest(cursor.feed).roundId;
        if (latest == cursor.round) revert NothingToRefresh(asset, latest);
        if (latest >> 64 != cursor.round >> 64) revert PhaseEnded(asset, cursor.round, latest);
        if (round.updatedAt > block.timestamp) revert RoundFromFuture(asset, next, round.updatedAt, block.timestamp);
        revert RoundVoid(asset, next, round.answer, round.updatedAt);
    }

    // ---- targets ----

    /// what is measured decides the targets, within what governance allows
    function _retarget(uint256 id, uint256 owedId, uint256 pool) private {
        (Measured memory found, PairModel model) = _measured(id, owedId, pool);
        _storeTargets(
            id,
            PoolId.wrap(uint8(pool)),
            found.initialTargetPpm,
            found.maintenanceTargetPpm,
            found.observedAt + model.maxLagFor()
        );
        emit HaircutMeasured(
            assetOf[id],
            PoolId.wrap(uint8(pool)),
            found.varianceWad,
            found.effectiveWad,
            found.initialTargetPpm,
            found.maintenanceTargetPpm,
            found.observedAt
        );
    }

    // ---- phases ----

    /// @inheritdoc IHaircutRefresh
    function enterPhase(address collateral, address obligation, address asset, uint256 round) external nonReentrant {
        _requireSequencer();
        if (obligation == address(0)) {
            require(asset == collateral, AssetNotMeasured(asset));
            _enterPhase(asset, round);
        } else {
            _enterPairPhase(collateral, obligation, asset, round);
        }
        emit PhaseEntered(collateral, obligation, asset, round);
    }

    function _enterPhase(address asset, uint256 round) private {
        AssetMeasure word = assetMeasures[asset];
        require(word.isStarted(), AssetNotMeasured(asset));
        assetMeasures[asset] = AssetMeasureLib.toAssetMeasure(
            word.varianceWad(),
            word.observedAt(),
            _beforePhase(word.id(), asset, word.round(), word.observedAt(), round),
            word.answer(),
            word.id()
        );
    }

    function _enterPairPhase(address collateral, address obligation, address asset, uint256 round) private {
        (uint256 id, uint256 owedId) = (_idOf(collateral), _idOf(obligation));
        PairCursors word = pairMeasures[id][owedId].cursors;
        require(word.isStarted(), PairNotMeasured(collateral, obligation));
        require(asset == collateral || asset == obligation, AssetNotMeasured(asset));
        (uint256 own, uint256 owed) = (word.collateralRound(), word.obligationRound());
        if (asset == collateral) own = _beforePhase(id, asset, own, word.observedAt(), round);
        else owed = _beforePhase(owedId, asset, owed, word.observedAt() - 1, round);
        pairMeasures[id][owedId].cursors = PairCursorsLib.toPairCursors(
            word.varianceWad(),
            word.observedAt(),
            own,
            owed,
            word.feedChanges()
        );
    }

    /// the place before a round that is the first valid one of a later phase, while the present phase has no more
    function _beforePhase(
        uint256 id,
        address asset,
        uint256 lastRound,
        uint256 observedAt,
        uint256 round
    ) private view returns (uint256) {
        RoundCursor.Cursor memory cursor;
        (cursor.feed, cursor.round) = (feeds[id].feed(), lastRound);
        (cursor.time, cursor.budget) = (observedAt, RoundCursor.LOOK_FOR);
        if (cursor.advance()) revert PhaseNotEnded(asset, lastRound, cursor.round);
        uint256 phase = round >> 64;
        require(phase > lastRound >> 64, NotFirstOfPhase(asset, round, lastRound));
        // nothing was valid in the phases between, nor before the round in its own
        for (uint256 earlier = (lastRound >> 64) + 1; earlier < phase; ++earlier) {
            uint256 first = (earlier << 64) | 1;
            bool isVoid = !RoundCursor.isValid(FeedReader.roundAt(cursor.feed, first), first, observedAt);
            require(isVoid, NotFirstOfPhase(asset, round, first));
        }
        bool isFound = RoundCursor.isValid(FeedReader.roundAt(cursor.feed, round), round, observedAt);
        require(isFound, NotFirstOfPhase(asset, round, round));
        for (uint256 before = round - 1; uint64(before) != 0; --before) {
            FeedReader.Round memory found = FeedReader.roundAt(cursor.feed, before);
            require(
                !RoundCursor.isValid(found, before, observedAt) && round - before <= RoundCursor.LOOK_FOR,
                NotFirstOfPhase(asset, round, before)
            );
            if (found.updatedAt != 0 && found.updatedAt <= observedAt) break;
        }
        return round - 1;
    }
}
