// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

import {IOracleRouter} from "../interfaces/IOracleRouter.sol";
import {FeedReader} from "../libraries/FeedReader.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {RateCap} from "../libraries/RateCap.sol";
import {PriceFeed, SecondFeed} from "../types/PriceFeed.sol";
import {RateLeg, RateSource} from "../types/RateLeg.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// One price per asset. Reading never reverts: an asset whose feed is bad in any way is "not fresh" and shows its slow
/// average as the last good price; who needs a fresh price calls `_requireFresh` and gets the reason as an error.
abstract contract OracleRouter is VaultStorage, IOracleRouter {
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.Uint256Slot;

    /// What is wrong with an answer.
    enum Fault {
        NONE,
        UNREACHABLE,
        NOT_POSITIVE,
        INCOMPLETE,
        FROM_FUTURE,
        STALE,
        OUT_OF_BOUNDS,
        DISAGREES,
        NO_RATE,
        RATE_ABOVE_MAXIMUM
    }

    /// Price of an asset; `slowPrice` is the last good one when `isFresh` is false.
    struct Price {
        uint256 price; // [USD wad per 1e18 base units]
        uint256 slowPrice; // same unit
        bool isFresh;
        bool hasJumped; // a refresh saw a jump that it has not seen confirmed
        FeedReader.Round round; // what the feed answered, while it is looked at
    }

    // first of MAX_ASSETS transient slots
    uint256 private constant PRICE_CACHE = uint256(keccak256("surety.OracleRouter.prices")) & ~uint256(0xff);
    uint256 private constant CACHE_MASK = type(uint120).max;

    // Uptime feed of the sequencer, zero on chains without one.
    address internal immutable sequencerFeed;
    // Time after the sequencer is up again in which nothing risky happens [s].
    uint256 internal immutable sequencerGraceFor;

    constructor(address feed, uint256 graceFor) {
        sequencerFeed = feed;
        sequencerGraceFor = graceFor;
    }

    /// the price of an asset, from this transaction's cache or from its feed
    function _priceOf(uint256 id) internal view returns (Price memory price) {
        _readPrice(id, price);
    }

    /// the same into a place that is there
    function _readPrice(uint256 id, Price memory price) internal view {
        uint256 cached = _cacheSlot(id).tload();
        PriceFeed word = feeds[id];
        price.hasJumped = word.hasJumped();
        if (cached != 0) {
            (price.price, price.slowPrice, price.isFresh) = (cached & CACHE_MASK, cached >> 120, true);
            return;
        }
        price.isFresh = _inspect(id, word, price.round) == Fault.NONE;
        uint256 scale = word.scale();
        unchecked {
            // safe: bounds of a feed are set so that every answer within them makes a price below 2^120
            price.slowPrice = word.slowAnswer() * scale;
            price.price = price.isFresh ? uint256(price.round.answer) * scale : price.slowPrice;
        }
    }

    /// keeps a fresh price for the rest of the transaction; one that is not fresh is looked up again, as its feed may
    /// answer by then; prices are below 2^120 by the bounds of their feeds
    function _cachePrice(uint256 id, uint256 price, uint256 slowPrice, bool isFresh) internal {
        if (isFresh) _cacheSlot(id).tstore(price | (slowPrice << 120));
    }

    function _forgetPrice(uint256 id) internal {
        _cacheSlot(id).tstore(0);
    }

    /// fails with the reason why an asset has no fresh price
    function _requireFresh(uint256 id) internal view {
        PriceFeed word = feeds[id];
        address asset = assetOf[id];
        FeedReader.Round memory round;
        Fault fault = _inspect(id, word, round);
        if (fault == Fault.NONE) return;
        if (fault == Fault.UNREACHABLE) revert FeedUnreachable(asset, word.feed());
        if (fault == Fault.NOT_POSITIVE) revert AnswerNotPositive(asset, round.answer);
        if (fault == Fault.INCOMPLETE)
            revert RoundIncomplete(asset, round.roundId, round.answeredInRound, round.updatedAt);
        if (fault == Fault.FROM_FUTURE) revert AnswerFromFuture(asset, round.updatedAt, block.timestamp);
        if (fault == Fault.STALE) revert AnswerStale(asset, round.updatedAt, block.timestamp - word.maxAgeFor());
        if (fault == Fault.OUT_OF_BOUNDS)
            revert AnswerOutOfBounds(asset, uint256(round.answer), word.lowestAnswer(), word.highestAnswer());
        RateSource source = rateLegs[id].source;
        if (fault == Fault.NO_RATE) revert RateUnreachable(asset, source.provider());
        if (fault == Fault.RATE_ABOVE_MAXIMUM) revert RateAboveMaximum(asset, _rateOf(source), RateCap.HIGHEST_RATE);
        SecondFeed second = secondFeeds[id];
        int256 secondAnswer = FeedReader.latest(second.feed()).answer;
        revert FeedsDisagree(
            asset,
            uint256(round.answer) * word.scale(),
            // clipped, so that no answer can overflow the reason
            secondAnswer > 0 ? MathLib.min(uint256(secondAnswer), type(uint128).max) * second.scale() : 0,
            second.maxDeviationBps()
        );
    }

    /// fails while the sequencer of the chain is down or up for less than the grace time
    function _requireSequencer() internal view {
        if (sequencerFeed == address(0)) return;
        (bool up, uint256 sinceAt) = _sequencer();
        require(up, SequencerDown(sinceAt));
        require(block.timestamp - sinceAt >= sequencerGraceFor, SequencerInGrace(sinceAt, sequencerGraceFor));
    }

    /// since when the sequencer is up again, or now while it is down; 0 on chains without one
    function _clocksRunSince() internal view returns (uint256) {
        if (sequencerFeed == address(0)) return 0;
        (bool up, uint256 sinceAt) = _sequencer();
        return up ? sinceAt : block.timestamp;
    }

    function _sequencer() private view returns (bool up, uint256 sinceAt) {
        (bool success, bytes memory data) = sequencerFeed.staticcall(hex"feaf968c");
        if (!success || data.length < 160) return (false, 0);
        (, int256 answer, uint256 startedAt, , ) = abi.decode(data, (uint80, int256, uint256, uint256, uint80));
        return (answer == 0 && startedAt != 0 && startedAt <= block.timestamp, startedAt);
    }

    /// reads the feed of an asset and says what is wrong with it; with a rate leg, a good answer is that after the rate
    function _inspect(uint256 id, PriceFeed word, FeedReader.Round memory round) internal view returns (Fault) {
        FeedReader.readLatest(word.feed(), round);
        Fault fault = _faultOf(round, word.maxAgeFor());
        if (fault != Fault.NONE) return fault;
        uint256 answer = uint256(round.answer);
        if (answer < word.lowestAnswer() || answer > word.highestAnswer()) return Fault.OUT_OF_BOUNDS;
        if (word.isPlain()) return Fault.NONE;
        if (word.hasSecondFeed() && !_secondAgrees(secondFeeds[id], answer * word.scale())) return Fault.DISAGREES;
        return word.hasRateLeg() ? _applyRate(rateLegs[id], round) : Fault.NONE;
    }

    /// answer · min(rate, allowed rate) / 1e18, rounded down, in the place of the answer
    function _applyRate(RateLeg storage leg, FeedReader.Round memory round) private view returns (Fault) {
        uint256 rateWad = _rateOf(leg.source);
        if (rateWad == 0) return Fault.NO_RATE;
        if (rateWad > RateCap.HIGHEST_RATE) return Fault.RATE_ABOVE_MAXIMUM;
        rateWad = MathLib.min(rateWad, leg.line.allowedAt(block.timestamp));
        // safe: an answer is below 2^120 by its bounds, a rate below 2^67
        round.answer = int256(MathLib.mulDivDown(uint256(round.answer), rateWad, MathLib.WAD));
        return round.answer == 0 ? Fault.NOT_POSITIVE : Fault.NONE;
    }

    /// the rate as its provider tells it now, not capped; 0 when it tells none
    function _rateOf(RateSource source) internal view returns (uint256) {
        uint256 answer = FeedReader.answerOf(source.provider(), source.selector(), source.shareUnit());
        return RateCap.toWad(answer, source.decimals());
    }

    function _secondAgrees(SecondFeed second, uint256 price) private view returns (bool) {
        FeedReader.Round memory round = FeedReader.latest(second.feed());
        if (_faultOf(round, second.maxAgeFor()) != Fault.NONE) return false;
        if (uint256(round.answer) > type(uint120).max) return false;
        uint256 other = uint256(round.answer) * second.scale();
        uint256 distance = price > other ? price - other : other - price;
        return distance * MathLib.BPS <= price * second.maxDeviationBps();
    }

    function _faultOf(FeedReader.Round memory round, uint256 maxAgeFor) private view returns (Fault) {
        if (!round.reached) return Fault.UNREACHABLE;
        if (round.answer <= 0) return Fault.NOT_POSITIVE;
        if (round.updatedAt == 0 || round.answeredInRound < round.roundId) return Fault.INCOMPLETE;
        if (round.updatedAt > block.timestamp) return Fault.FROM_FUTURE;
        unchecked {
            // safe: it is not from the future
            return block.timestamp - round.updatedAt > maxAgeFor ? Fault.STALE : Fault.NONE;
        }
    }

    function _cacheSlot(uint256 id) private pure returns (TransientSlot.Uint256Slot) {
        return bytes32(PRICE_CACHE + id).asUint256();
    }
}
