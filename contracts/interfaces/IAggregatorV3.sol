// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice The part of Chainlink's `AggregatorV3Interface` that Surety reads.
interface IAggregatorV3 {
    /// @notice Decimals of the answers.
    function decimals() external view returns (uint8);

    /// @notice The latest round; a time of 0 means that it is not complete.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice An earlier round; ids of a proxy carry the phase in their high 16 bits.
    function getRoundData(
        uint80 id
    )
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
