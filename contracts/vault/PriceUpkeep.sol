// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IPriceUpkeep} from "../interfaces/IPriceUpkeep.sol";
import {FeedReader} from "../libraries/FeedReader.sol";
import {SlowAverage} from "../libraries/SlowAverage.sol";
import {PriceFeed, SecondFeed} from "../types/PriceFeed.sol";
import {Jumps} from "./Jumps.sol";
import {RateLegs} from "./RateLegs.sol";

/// Upkeep of prices that anyone may do: the slow averages, the lines of rates, and a second look within a transaction.
abstract contract PriceUpkeep is RateLegs, Jumps, IPriceUpkeep {
    /// @inheritdoc IPriceUpkeep
    function updateSlowAverages(uint256[] calldata ids) external nonReentrant {
        for (uint256 i; i < ids.length; ++i) {
            PriceFeed word = feeds[ids[i]];
            FeedReader.Round memory round;
            Fault fault = _inspect(ids[i], word, round);
            SecondFeed second = secondFeeds[ids[i]];
            uint256 elapsedFor = block.timestamp - second.slowAt();
            if (fault != Fault.NONE) continue;
            // as often as is asked: who looks first in a second must not keep the others from it
            if (word.hasRateLeg()) _lookAtRate(ids[i]);
            if (elapsedFor == 0) continue;
            // until a jump is believed, openings go by the price before it
            (, uint256 jumpEndsAt) = _beforeJump(ids[i], 0);
            if (jumpEndsAt != 0) continue;
            uint256 answer = uint256(round.answer);
            uint256 next = SlowAverage.next(word.slowAnswer(), answer, elapsedFor);
            feeds[ids[i]] = word.withSlowAnswer(next);
            secondFeeds[ids[i]] = second.withSlowAt(block.timestamp);
            emit SlowAverageUpdated(assetOf[ids[i]], next, answer);
        }
    }

    /// @inheritdoc IPriceUpkeep
    function refreshPrices(uint256[] calldata ids) external nonReentrant {
        for (uint256 i; i < ids.length; ++i) _forgetPrice(ids[i]);
    }
}
