// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// Reads a feed that may be broken or hostile: bounded gas, five words copied, never a revert.
library FeedReader {
    uint256 private constant GAS_MAX = 300_000;

    /// One round; `reached` is false when the feed cannot be called or returns less than a round.
    struct Round {
        bool reached;
        uint256 roundId;
        int256 answer;
        uint256 updatedAt;
        uint256 answeredInRound;
    }

    /// the latest round of `feed`
    function latest(address feed) internal view returns (Round memory round) {
        _ask(feed, IAggregatorV3.latestRoundData.selector, 0, 0x04, round);
    }

    /// a round of `feed` by its id; what the feed does not know is not reached, or has no time
    function roundAt(address feed, uint256 roundId) internal view returns (Round memory round) {
        _ask(feed, IAggregatorV3.getRoundData.selector, roundId, 0x24, round);
    }

    function _ask(address feed, bytes4 selector, uint256 argument, uint256 size, Round memory round) private view {
        // safe: writes to scratch space and to five words that are allocated here
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(0x40, add(words, 0xa0))
            mstore(0x00, selector)
            mstore(0x04, argument)
            let success := staticcall(GAS_MAX, feed, 0x00, size, words, 0xa0)
            // an address without code succeeds and returns nothing
            if and(success, gt(returndatasize(), 0x9f)) {
                mstore(round, 1)
                mstore(add(round, 0x20), mload(words))
                mstore(add(round, 0x40), mload(add(words, 0x20)))
                mstore(add(round, 0x60), mload(add(words, 0x60)))
                mstore(add(round, 0x80), mload(add(words, 0x80)))
            }
        }
    }
}
