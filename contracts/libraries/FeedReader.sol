// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// Reads a feed or a rate that may be broken or hostile: bounded gas, as many words copied as are used, never a revert.
/// Who leaves it too little gas has a 63rd of that left afterwards: too little to make use of the missing answer.
library FeedReader {
    uint256 private constant GAS_MAX = 300_000;

    /// One round, in the order in which feeds answer; zeros with `reached` false when the feed cannot be called or
    /// returns less than a round.
    struct Round {
        uint256 roundId;
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint256 answeredInRound;
        bool reached;
    }

    /// the latest round of `feed`
    function latest(address feed) internal view returns (Round memory round) {
        readLatest(feed, round);
    }

    /// the same into a place that is there
    function readLatest(address feed, Round memory round) internal view {
        _ask(feed, IAggregatorV3.latestRoundData.selector, 0, 0x04, round);
    }

    /// a round of `feed` by its id; what the feed does not know is not reached, or has no time
    function roundAt(address feed, uint256 roundId) internal view returns (Round memory round) {
        readRound(feed, roundId, round);
    }

    /// the same into a place that is there
    function readRound(address feed, uint256 roundId, Round memory round) internal view {
        _ask(feed, IAggregatorV3.getRoundData.selector, roundId, 0x24, round);
    }

    function _ask(address feed, bytes4 selector, uint256 argument, uint256 size, Round memory round) private view {
        // safe: writes to scratch space and to the six words of `round`
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, argument)
            let success := staticcall(GAS_MAX, feed, 0x00, size, round, 0xa0)
            // an address without code succeeds and returns nothing
            let reached := and(success, gt(returndatasize(), 0x9f))
            mstore(add(round, 0xa0), reached)
            if iszero(reached) {
                calldatacopy(round, calldatasize(), 0xa0)
            }
        }
    }

    /// the word that `provider` answers to a function of one argument or none; 0 when it cannot be called or answers
    /// less
    function answerOf(address provider, bytes4 selector, uint256 argument) internal view returns (uint256 answer) {
        // safe: writes to scratch space
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, argument)
            let success := staticcall(GAS_MAX, provider, 0x00, 0x24, 0x00, 0x20)
            if and(success, gt(returndatasize(), 0x1f)) {
                answer := mload(0x00)
            }
        }
    }
}
