// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// The feed answers nobody.
error NoAccess();

/// A feed with the shape and the storage reads of a Chainlink aggregator behind its proxy: a price costs what it costs
/// on a live chain (two cold accounts, five cold slots). Anyone may push rounds. For local chains and tests.
contract MockAggregator is IAggregatorV3 {
    struct Transmission {
        int192 answer;
        uint64 updatedAt;
    }

    uint8 public immutable decimals;
    // read by every answer, as the access check of the real aggregator is
    bool private isAccessChecked;
    uint32 private latestRound;
    // apart from the flag above, as in the real layout
    uint256[7] private gap;
    uint32 private hotRound;
    mapping(uint32 round => Transmission transmission) private transmissions;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    /// Pushes a round with any answer and time, also bad ones.
    function push(int192 answer, uint64 updatedAt) external {
        hotRound += 1;
        transmissions[hotRound] = Transmission(answer, updatedAt);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(!isAccessChecked || latestRound == 0, NoAccess());
        return _round(hotRound);
    }

    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        return _round(uint32(roundId));
    }

    function _round(uint32 round) private view returns (uint80, int256, uint256, uint256, uint80) {
        Transmission memory transmission = transmissions[round];
        return (round, transmission.answer, transmission.updatedAt, transmission.updatedAt, round);
    }
}

/// The proxy in front of an aggregator, as Chainlink's `EACAggregatorProxy`: round ids carry the phase in their high
/// bits.
contract MockFeedProxy is IAggregatorV3 {
    struct Phase {
        uint16 id;
        MockAggregator aggregator;
    }

    Phase private phase;
    address private accessController;
    mapping(uint16 id => MockAggregator aggregator) private phases;

    constructor(MockAggregator aggregator) {
        phase = Phase(1, aggregator);
        phases[1] = aggregator;
    }

    /// The next phase: another aggregator answers.
    function setAggregator(MockAggregator aggregator) external {
        phase = Phase(phase.id + 1, aggregator);
        phases[phase.id] = aggregator;
    }

    function decimals() external view returns (uint8) {
        return phase.aggregator.decimals();
    }

    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        require(accessController == address(0), NoAccess());
        Phase memory current = phase;
        (roundId, answer, startedAt, updatedAt, answeredInRound) = current.aggregator.latestRoundData();
        roundId = (uint80(current.id) << 64) | roundId;
        answeredInRound = (uint80(current.id) << 64) | answeredInRound;
    }

    function getRoundData(
        uint80 id
    )
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        MockAggregator aggregator = phases[uint16(id >> 64)];
        if (address(aggregator) == address(0)) return (0, 0, 0, 0, 0);
        (roundId, answer, startedAt, updatedAt, answeredInRound) = aggregator.getRoundData(uint64(id));
        roundId = id;
        answeredInRound = id;
    }
}
