// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IHaircutRefresh} from "../interfaces/IHaircutRefresh.sol";
import {IOracleRouter} from "../interfaces/IOracleRouter.sol";
import {FeedReader} from "../libraries/FeedReader.sol";
import {Jump} from "../libraries/Jump.sol";
import {RoundCursor} from "../libraries/RoundCursor.sol";
import {Variance} from "../libraries/Variance.sol";
import {AssetMeasure, AssetMeasureLib} from "../types/AssetMeasure.sol";
import {JumpWindow} from "../types/JumpWindow.sol";
import {PairAnswersLib, PairCursors, PairCursorsLib, PairMeasure} from "../types/PairMeasure.sol";
import {PairModel} from "../types/PairModel.sol";
import {PoolId} from "../types/PoolId.sol";
import {PriceFeed} from "../types/PriceFeed.sol";
import {Jumps} from "./Jumps.sol";
import {Measures} from "./Measures.sol";

/// Variances from consecutive rounds, and haircuts from variances.
abstract contract HaircutRefresh is Measures, Jumps, IHaircutRefresh {
    using RoundCursor for RoundCursor.Cursor;

    /// The last observation of a pair.
    struct Common {
        uint256 varianceWad; // of the pair up to it
        uint256 time; // [s]
        uint256 round; // of the collateral
        uint256 answer; // of the collateral
        uint256 owedAnswer; // of the obligation at that time
        uint256 returnCount; // returns of this call
    }

    /// What rounds say of jumps.
    struct Watch {
        uint256 id; // of the asset
        PriceFeed feed;
        JumpWindow window;
        bool isRead; // the window
    }

    uint256 private constant MOST_ROUNDS = 1_000;

    // ---- one asset ----

    /// @inheritdoc IHaircutRefresh
    function refresh(address asset, uint256 maxRounds) external nonReentrant returns (uint256 returnCount) {
        _requireSequencer();
        require(maxRounds != 0 && maxRounds <= MOST_ROUNDS, RoundsOutOfRange(maxRounds, MOST_ROUNDS));
        AssetMeasure word = assetMeasures[asset];
        require(word.isStarted(), AssetNotMeasured(asset));
        PriceFeed feed = feeds[word.id()];
        Watch memory watch = Watch(word.id(), feed, JumpWindow.wrap(0), false);
        if (feed.hasJumped()) (watch.window, watch.isRead) = (jumps[word.id()], true);
        RoundCursor.Cursor memory cursor;
        (cursor.feed, cursor.round, cursor.budget) = (feed.feed(), word.round(), maxRounds);
        (cursor.time, cursor.answer) = (word.observedAt(), word.answer());
        uint256 varianceWad;
        (varianceWad, returnCount) = _readRounds(cursor, watch, word.varianceWad());
        if (returnCount == 0) _failToAdvance(asset, cursor);
        assetMeasures[asset] = AssetMeasureLib.toAssetMeasure(
            varianceWad,
            cursor.time,
            cursor.round,
            cursor.answer,
            word.id()
        );
        emit AssetMeasured(asset, varianceWad, cursor.round, cursor.time, returnCount);
        if (watch.isRead) _keep(watch, cursor.time);
    }

    /// takes the return of every round into the variance, and watches for jumps
    function _readRounds(
        RoundCursor.Cursor memory cursor,
        Watch memory watch,
        uint256 varianceWad
    ) private returns (uint256, uint256 returnCount) {
        int256 log = Variance.logWad(cursor.answer);
        (uint256 time, uint256 answer) = (cursor.time, cursor.answer);
        while (cursor.advance()) {
            (int256 returnWad, uint256 elapsedFor) = (Variance.logWad(cursor.answer), cursor.time);
            // safe: logarithms are below 2^67, times go up
            unchecked {
                (returnWad, elapsedFor) = (returnWad - log, elapsedFor - time);
            }
            bool isJump = Jump.isJump(returnWad, varianceWad, elapsedFor);
            if (isJump || watch.isRead) _judgeRound(watch, answer, cursor, isJump);
            varianceWad = Variance.nextWad(varianceWad, returnWad, elapsedFor, Variance.TIME_CONSTANT_WAD);
            log += returnWad;
            (time, answer) = (cursor.time, cursor.answer);
            ++returnCount;
        }
        return (varianceWad, returnCount);
    }

    // ---- jumps ----

    /// a round that may end the window or open one
    function _judgeRound(Watch memory watch, uint256 before, RoundCursor.Cursor memory cursor, bool isJump) private {
        if (!watch.isRead) (watch.window, watch.isRead) = (jumps[watch.id], true);
        if (watch.window.isOpenAt(cursor.time)) {
            if (!watch.window.isConfirmedBy(cursor.answer)) return;
            watch.window = watch.window.closed();
            emit JumpConfirmed(assetOf[watch.id], cursor.round, cursor.answer);
        } else if (isJump && !watch.window.restsAt(cursor.answer > before, cursor.time)) {
            watch.window = watch.window.opened(before, cursor.answer, cursor.time);
            emit PriceJumped(assetOf[watch.id], cursor.round, before, cursor.answer, watch.window.endsAt());
        }
    }

    /// writes what changed; the flag says whether the window was open at the last round read, so that the rounds after
    /// it are judged by it, whenever they are read
    function _keep(Watch memory watch, uint256 time) private {
        if (JumpWindow.unwrap(watch.window) != JumpWindow.unwrap(jumps[watch.id])) jumps[watch.id] = watch.window;
        bool isOpen = watch.window.isOpenAt(time);
        if (isOpen != watch.feed.hasJumped()) feeds[watch.id] = watch.feed.withJumped(isOpen);
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
    ) private returns (uint256) {
        PairMeasure memory measure = pairMeasures[id][owedId];
        PairCursors word = measure.cursors;
        if (word.feedChanges() != _feedChangesOf(id, owedId)) {
            _startPair(id, owedId, word.varianceWad());
            _tellPair(collateral, obligation, pairMeasures[id][owedId].cursors, 0);
            return 0;
        }
        Common memory seen = _seenTogether(measure);
        RoundCursor.Cursor memory own;
        RoundCursor.Cursor memory owed;
        (own.feed, own.round, own.budget) = (feeds[id].feed(), seen.round, maxRounds);
        (owed.feed, owed.round, owed.budget) = (feeds[owedId].feed(), word.obligationRound(), maxRounds);
        own.time = seen.time;
        _place(owed, seen);
        _moveVariance(own, owed, seen);
        if (seen.returnCount == 0 && owed.round == word.obligationRound()) {
            if (own.round == seen.round) _failToAdvance(collateral, own);
            _failToAdvance(obligation, owed);
        }
        pairMeasures[id][owedId] = PairMeasure({
            cursors: PairCursorsLib.toPairCursors(
                seen.varianceWad,
                seen.time,
                seen.round,
                owed.round,
                word.feedChanges()
            ),
            answers: PairAnswersLib.toPairAnswers(seen.answer, seen.owedAnswer)
        });
        _tellPair(collateral, obligation, pairMeasures[id][owedId].cursors, seen.returnCount);
        return seen.returnCount;
    }

    function _tellPair(address collateral, address obligation, PairCursors word, uint256 returnCount) private {
        emit PairMeasured(
            collateral,
            obligation,
            word.varianceWad(),
            word.collateralRound(),
            word.obligationRound(),
            word.observedAt(),
            returnCount
        );
    }

    function _seenTogether(PairMeasure memory measure) private pure returns (Common memory seen) {
        seen.varianceWad = measure.cursors.varianceWad();
        (seen.round, seen.time) = (measure.cursors.collateralRound(), measure.cursors.observedAt());
        (seen.answer, seen.owedAnswer) = (measure.answers.collateralAnswer(), measure.answers.obligationAnswer());
    }

    /// where reading the obligation goes on: at the last round read, which may be later than the last observation
    function _place(RoundCursor.Cursor memory owed, Common memory seen) private view {
        FeedReader.Round memory found = FeedReader.roundAt(owed.feed, owed.round);
        // where the measure started, or a phase was entered, that round may be none; what counts comes at or after the
        // last observation
        (owed.time, owed.answer) = (seen.time - 1, seen.owedAnswer);
        if (!RoundCursor.isValid(found, owed.round, owed.time)) return;
        owed.time = found.updatedAt;
        if (found.updatedAt > seen.time) owed.answer = uint256(found.answer);
    }

    /// takes the return of every common observation into the variance, and tells the last one
    function _moveVariance(
        RoundCursor.Cursor memory own,
        RoundCursor.Cursor memory owed,
        Common memory seen
    ) private view {
        int256 log = Variance.logWad(seen.answer) - Variance.logWad(seen.owedAnswer);
        while (own.advance()) {
            if (!owed.follow(own.time)) return;
            // a price that stands still since its phase ended is not one of that time: `enterPhase` first
            if (owed.isOver && owed.time <= seen.time) return;
            int256 next = Variance.logWad(own.answer) - Variance.logWad(owed.answer);
            seen.varianceWad = Variance.nextWad(
                seen.varianceWad,
                next - log,
                own.time - seen.time,
                Variance.TIME_CONSTANT_WAD
            );
            log = next;
            (seen.round, seen.time, seen.answer, seen.owedAnswer) = (own.round, own.time, own.answer, owed.answer);
            ++seen.returnCount;
        }
    }

    /// says why there is no next round
    function _failToAdvance(address asset, RoundCursor.Cursor memory cursor) private view {
        uint256 next = cursor.round + 1;
        FeedReader.Round memory round = FeedReader.roundAt(cursor.feed, next);
        FeedReader.Round memory latest = FeedReader.latest(cursor.feed);
        require(latest.reached, IOracleRouter.FeedUnreachable(asset, cursor.feed));
        if (latest.roundId == cursor.round) revert NothingToRefresh(asset, cursor.round);
        if (latest.roundId >> 64 != cursor.round >> 64) revert PhaseEnded(asset, cursor.round, latest.roundId);
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
        else {
            // what was read after the last observation counts for the next one first
            uint256 readAt = FeedReader.roundAt(feeds[owedId].feed(), owed).updatedAt;
            require(readAt <= word.observedAt(), PhaseNotEnded(asset, owed, owed));
            owed = _beforePhase(owedId, asset, owed, word.observedAt() - 1, round);
        }
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
        bool isLater = phase > lastRound >> 64 && round <= type(uint80).max;
        require(isLater, NotFirstOfPhase(asset, round, lastRound));
        // nothing was valid in the phases between, nor before the round in its own
        for (uint256 earlier = (lastRound >> 64) + 1; earlier < phase; ++earlier)
            _requireNoneUpTo(RoundCursor.lastOf(cursor.feed, earlier), cursor.feed, asset, round, observedAt);
        bool isFound = RoundCursor.isValid(FeedReader.roundAt(cursor.feed, round), round, observedAt);
        require(isFound, NotFirstOfPhase(asset, round, round));
        _requireNoneUpTo(round - 1, cursor.feed, asset, round, observedAt);
        return round - 1;
    }

    /// no round of a phase up to this one is an observation: times in a phase go up
    function _requireNoneUpTo(
        uint256 last,
        address feed,
        address asset,
        uint256 round,
        uint256 observedAt
    ) private view {
        for (uint256 before = last; uint64(before) != 0; --before) {
            FeedReader.Round memory found = FeedReader.roundAt(feed, before);
            require(
                !RoundCursor.isValid(found, before, observedAt) && last - before < RoundCursor.LOOK_FOR,
                NotFirstOfPhase(asset, round, before)
            );
            if (found.updatedAt != 0 && found.updatedAt <= observedAt) return;
        }
    }
}
