// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FeedReader} from "./FeedReader.sol";

/// Walks over the rounds of a feed, one after the other, so that nobody chooses which prices are seen.
library RoundCursor {
    /// A larger answer is no observation: it would not fit where measures are kept.
    uint256 internal constant ANSWER_MOST = type(uint88).max;
    /// Rounds that are looked at to be sure that a phase ended, or began.
    uint256 internal constant LOOK_FOR = 16;

    /// A place in the rounds of a feed.
    struct Cursor {
        address feed;
        uint256 round; // last one accepted
        uint256 time; // of it [s]
        uint256 answer; // its answer, in the feed's own decimals
        uint256 budget; // rounds that may still be read
        uint256 last; // no round after this one is in the phase; 0 until it is needed
        FeedReader.Round found; // last one read
        bool isOver; // the phase ended, and nothing later is in it
        bool isSilent; // the feed does not tell its latest round
    }

    /// goes to the next valid round, over void ones; stays where it is when there is none within the budget
    function advance(Cursor memory cursor) internal view returns (bool) {
        for (uint256 next = cursor.round + 1; cursor.budget != 0; ++next) {
            if (cursor.last != 0 && next > cursor.last) return false;
            --cursor.budget;
            FeedReader.Round memory found = cursor.found;
            FeedReader.readRound(cursor.feed, next, found);
            if (isValid(found, next, cursor.time)) {
                (cursor.round, cursor.time, cursor.answer) = (next, found.updatedAt, uint256(found.answer));
                return true;
            }
            if (cursor.last == 0) cursor.last = _lastOfPhase(cursor);
        }
        return false;
    }

    /// goes to the last valid round up to a time; false when the budget ends before, or the feed does not answer. After
    /// the end of a phase that sets `isOver` when no later round is left in it
    function follow(Cursor memory cursor, uint256 until) internal view returns (bool isDone) {
        for (uint256 next = cursor.round + 1; ; ++next) {
            if (cursor.last != 0 && next > cursor.last) return true;
            // after the end of a phase there may be no round at all
            if (uint64(cursor.last) == type(uint64).max && next > cursor.round + LOOK_FOR) {
                cursor.isOver = true;
                return !cursor.isSilent;
            }
            if (cursor.budget == 0) return false;
            --cursor.budget;
            FeedReader.Round memory found = cursor.found;
            FeedReader.readRound(cursor.feed, next, found);
            if (isValid(found, next, cursor.time)) {
                if (found.updatedAt > until) return true;
                (cursor.round, cursor.time, cursor.answer) = (next, found.updatedAt, uint256(found.answer));
            } else if (cursor.last == 0) {
                cursor.last = _lastOfPhase(cursor);
            }
        }
    }

    /// the last round of a phase, 0 when it has none; rounds of a phase are numbered from 1 without gaps
    function lastOf(address feed, uint256 phase) internal view returns (uint256) {
        uint256 low;
        uint256 high = 1;
        while (high <= type(uint32).max && _exists(feed, (phase << 64) | high)) (low, high) = (high, high << 1);
        if (low == 0) return 0;
        while (high - low > 1) {
            uint256 middle = (low + high) >> 1;
            if (_exists(feed, (phase << 64) | middle)) low = middle;
            else high = middle;
        }
        return (phase << 64) | low;
    }

    function _exists(address feed, uint256 round) private view returns (bool) {
        FeedReader.Round memory found = FeedReader.roundAt(feed, round);
        return found.reached && found.updatedAt != 0;
    }

    /// the latest round of the feed, or, when it is of another phase or not told, the last number of this one
    function _lastOfPhase(Cursor memory cursor) private view returns (uint256) {
        FeedReader.Round memory latest = FeedReader.latest(cursor.feed);
        cursor.isSilent = !latest.reached;
        bool isSamePhase = latest.reached && latest.roundId >> 64 == cursor.round >> 64;
        return isSamePhase ? latest.roundId : (((cursor.round >> 64) + 1) << 64) - 1;
    }

    /// whether a round is an observation: an answer above 0, a time that is past and later than the one before
    function isValid(FeedReader.Round memory found, uint256 round, uint256 laterThan) internal view returns (bool) {
        return
            found.reached &&
            found.roundId == round &&
            round <= type(uint80).max &&
            found.answer > 0 &&
            uint256(found.answer) <= ANSWER_MOST &&
            found.updatedAt > laterThan &&
            found.updatedAt <= block.timestamp;
    }
}
