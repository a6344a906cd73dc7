// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// Reads a feed or a rate that may be broken or hostile: bounded gas, as many words copied as are used, never a revert.
/// Who leaves it too little gas has a 63rd of that left afterwards: too little to make use of the missing answer.
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
        bytes4 selector = IAggregatorV3.latestRoundData.selector;
        // safe: writes to scratch space and to five words that are allocated here
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(0x40, add(words, 0xa0))
            mstore(0x00, selector)
            let success := staticcall(GAS_MAX, feed, 0x00, 0x04, words, 0xa0)
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
