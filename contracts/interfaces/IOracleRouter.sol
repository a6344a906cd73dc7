// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice One price per asset, from a Chainlink-shaped feed, for some assets times an exchange rate. Prices are USD
/// WAD per 1e18 base units, so value = assets · price / 1e18 whatever the decimals. A bad answer is an error with
/// facts, or the asset counts as not fresh; it is never a default.
interface IOracleRouter {
    /// @notice The feed cannot be called, or returns less than a round.
    error FeedUnreachable(address asset, address feed);
    /// @notice The feed answers zero or less.
    error AnswerNotPositive(address asset, int256 answer);
    /// @notice The round has no time, or is answered by an earlier round.
    error RoundIncomplete(address asset, uint256 roundId, uint256 answeredInRound, uint256 updatedAt);
    /// @notice The answer claims a time that has not come.
    error AnswerFromFuture(address asset, uint256 updatedAt, uint256 currentAt);
    /// @notice The answer is older than the asset's maximum age.
    error AnswerStale(address asset, uint256 updatedAt, uint256 oldestAllowedAt);
    /// @notice The answer is outside the bounds in which it is believed.
    error AnswerOutOfBounds(address asset, uint256 answer, uint256 lowest, uint256 highest);
    /// @notice The second feed is not usable or differs by more than the allowed share.
    error FeedsDisagree(address asset, uint256 price, uint256 secondPrice, uint256 maxDeviationBps);
    /// @notice The exchange-rate provider cannot be called, returns less than a word, or zero.
    error RateUnreachable(address asset, address provider);
    /// @notice The exchange rate is more than a rate can be.
    error RateAboveMaximum(address asset, uint256 rateWad, uint256 mostWad);
    /// @notice The sequencer of this chain is down.
    error SequencerDown(uint256 sinceAt);
    /// @notice The sequencer is up again for less than the grace time.
    error SequencerInGrace(uint256 upAt, uint256 graceFor);
}
