// SPDX-License-Identifier: MIT
pragma solidity ^0.8.10;

/// The part of a feed that the oracle asks.
interface IFeed {
    function decimals() external view returns (uint8);

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// The feed says a price that is none.
error AnswerNegative(int256 answer);

/// A Morpho oracle with the feeds of both tokens in dollars: Surety asks both feeds too.
contract FeedOracle {
    IFeed private immutable collateralFeed;
    IFeed private immutable loanFeed;
    uint256 private immutable scale;

    constructor(IFeed collateralFeed_, IFeed loanFeed_, uint256 collateralDecimals, uint256 loanDecimals) {
        collateralFeed = collateralFeed_;
        loanFeed = loanFeed_;
        scale = 10 ** (36 + loanDecimals + loanFeed_.decimals() - collateralDecimals - collateralFeed_.decimals());
    }

    /// Loan tokens for a collateral token, in base units, scaled by 1e36.
    function price() external view returns (uint256) {
        return (_answerOf(collateralFeed) * scale) / _answerOf(loanFeed);
    }

    function _answerOf(IFeed feed) private view returns (uint256) {
        (, int256 answer, , , ) = feed.latestRoundData();
        if (answer < 0) revert AnswerNegative(answer);
        return uint256(answer);
    }
}
