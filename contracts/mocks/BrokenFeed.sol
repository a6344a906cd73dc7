// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// A feed that can be broken in every way that a feed has been, or may be, broken.
contract BrokenFeed is IAggregatorV3 {
    /// How it answers.
    enum Fashion {
        WELL,
        REVERTS,
        EATS_GAS,
        SHORT,
        HUGE
    }

    /// The feed refuses.
    error Refused();

    Fashion public fashion;
    uint8 public immutable decimals;
    uint80 public roundId = 1;
    int256 public answer;
    uint256 public startedAt;
    uint256 public updatedAt;
    uint80 public answeredInRound = 1;

    constructor(uint8 newDecimals, int256 newAnswer) {
        decimals = newDecimals;
        answer = newAnswer;
        (startedAt, updatedAt) = (block.timestamp, block.timestamp);
    }

    function setFashion(Fashion newFashion) external {
        fashion = newFashion;
    }

    function setRound(uint80 newRoundId, int256 newAnswer, uint256 newUpdatedAt, uint80 newAnsweredInRound) external {
        (roundId, answer, updatedAt, answeredInRound) = (newRoundId, newAnswer, newUpdatedAt, newAnsweredInRound);
        startedAt = newUpdatedAt;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(fashion != Fashion.REVERTS, Refused());
        if (fashion == Fashion.EATS_GAS) while (true) {}
        if (fashion == Fashion.SHORT) _answerWords(4);
        if (fashion == Fashion.HUGE) _answerWords(10_000);
        return (roundId, answer, startedAt, updatedAt, answeredInRound);
    }

    /// it keeps no earlier rounds
    function getRoundData(uint80 id) external view returns (uint80, int256, uint256, uint256, uint80) {
        require(fashion == Fashion.WELL, Refused());
        if (id != roundId) return (id, 0, 0, 0, 0);
        return (id, answer, startedAt, updatedAt, answeredInRound);
    }

    /// returns `count` words: the round, then zeros
    function _answerWords(uint256 count) private view {
        uint256[] memory words = new uint256[](count);
        (words[0], words[1], words[2], words[3]) = (roundId, uint256(answer), startedAt, updatedAt);
        if (count > 4) words[4] = answeredInRound;
        // safe: the frame ends here
        assembly ("memory-safe") {
            return(add(words, 0x20), mul(count, 0x20))
        }
    }
}

/// Uptime of a sequencer as Chainlink shows it: answer 0 is up, `startedAt` is when that began.
contract MockUptimeFeed {
    int256 private answer;
    uint256 private startedAt = 1;

    function set(int256 newAnswer, uint256 newStartedAt) external {
        (answer, startedAt) = (newAnswer, newStartedAt);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, answer, startedAt, startedAt, 1);
    }
}
