// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FeedReader} from "../libraries/FeedReader.sol";
import {Jump} from "../libraries/Jump.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AssetMeasure} from "../types/AssetMeasure.sol";
import {PriceFeed} from "../types/PriceFeed.sol";
import {OracleRouter} from "./OracleRouter.sol";

/// Jumps of measured prices that no later round has confirmed. A refresh opens and ends windows; what no refresh has
/// seen yet counts as well, so that nobody gains by being faster than one.
abstract contract Jumps is OracleRouter {
    /// A price before is at most so many times that after: keeps sums within a word.
    uint256 private constant FALL_MOST = 256;

    /// what a fresh price of an asset was before its jump, and when the jump is believed; 0 for no jump
    function _beforeJump(uint256 id, uint256 price) internal view returns (uint256 before, uint256 endsAt) {
        PriceFeed word = feeds[id];
        if (!word.isMeasured()) return (0, 0);
        FeedReader.Round memory latest = FeedReader.latest(word.feed());
        // a price that is not fresh, or kept from before in this transaction
        if (latest.answer <= 0) return (0, 0);
        // safe: a fresh answer is below 2^128 by its bounds
        uint256 answer = uint256(latest.answer);
        if (word.hasJumped()) (before, endsAt) = jumps[id].openAt(block.timestamp);
        if (endsAt == 0) (before, endsAt) = _unseenJump(id, answer, latest.updatedAt);
        if (endsAt == 0) return (0, 0);
        // safe: a price is below 2^120, and so is 256 times an answer; rates stand as they do now
        unchecked {
            before = (price * MathLib.min(before, answer * FALL_MOST)) / answer;
        }
    }

    /// From the last round that a refresh saw to the latest, as if it were one. Whether it is one, and whether another
    /// was too short ago, is said by the refresh that anybody may call.
    function _unseenJump(
        uint256 id,
        uint256 answer,
        uint256 updatedAt
    ) private view returns (uint256 before, uint256 endsAt) {
        AssetMeasure seen = assetMeasures[assetOf[id]];
        (before, endsAt) = (seen.answer(), updatedAt + Jump.WINDOW_FOR);
        uint256 elapsedFor = MathLib.zeroFloorSub(updatedAt, seen.observedAt());
        bool counts = elapsedFor != 0 && block.timestamp < endsAt;
        if (!counts || !Jump.isJump(Jump.distanceWad(before, answer), seen.varianceWad(), elapsedFor)) endsAt = 0;
    }
}
