// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {PoolId} from "../types/PoolId.sol";

/// @notice Measuring haircuts from the rounds of price feeds: anyone may do it, nobody chooses what is seen. Rounds are
/// read one after the other; a void round (no answer above 0, no time, or not later than the one before) is passed over
/// only when a later valid one exists, and the next return goes from the last accepted price.
interface IHaircutRefresh {
    /// @notice Rounds of an asset's feed were read; the variance is annualised [wad].
    event AssetMeasured(
        address indexed asset,
        uint256 varianceWad,
        uint256 round,
        uint256 observedAt,
        uint256 returnCount
    );

    /// @notice Rounds of both feeds were read; the variance is that of the log of collateral over obligation [wad].
    /// Without returns: the obligation was read on in part, or the measure started again after a change of feeds.
    event PairMeasured(
        address indexed collateral,
        address indexed obligation,
        uint256 varianceWad,
        uint256 collateralRound,
        uint256 obligationRound,
        uint256 observedAt,
        uint256 returnCount
    );

    /// @notice The targets of a pair were computed: from which variance, and which one counted after floor and stress.
    event HaircutMeasured(
        address indexed asset,
        PoolId indexed pool,
        uint256 varianceWad,
        uint256 effectiveWad,
        uint256 initialTargetPpm,
        uint256 maintenanceTargetPpm,
        uint256 observedAt
    );

    /// @notice The feed's aggregator was replaced, and measuring goes on with the first later round of the new phase.
    event PhaseEntered(address indexed collateral, address indexed obligation, address asset, uint256 round);

    /// @notice A price moved in one round by more than eight standard deviations of an hour, or of the time between the
    /// rounds when that is longer. Until a round confirms half of the way, or until `endsAt`, accounts that are
    /// uncovered solely by it wait, and openings go by the price before it. Answers are the feed's.
    event PriceJumped(address indexed asset, uint256 round, uint256 before, uint256 answer, uint256 endsAt);

    /// @notice A round confirmed at least half of the way of a jump: its window is closed.
    event JumpConfirmed(address indexed asset, uint256 round, uint256 answer);

    /// @notice Nobody started to measure the asset: `startMeasure`.
    error AssetNotMeasured(address asset);

    /// @notice No pool of the obligation has a measured haircut for the collateral: `setPairModel`.
    error PairNotMeasured(address collateral, address obligation);

    /// @notice An asset has no variance against itself.
    error PairOfSameAsset(address asset);

    /// @notice A call reads between 1 and so many rounds.
    error RoundsOutOfRange(uint256 found, uint256 most);

    /// @notice The feed has no round after the last one read.
    error NothingToRefresh(address asset, uint256 round);

    /// @notice The next rounds are void, and no valid one follows within the rounds asked for.
    error RoundVoid(address asset, uint256 round, int256 answer, uint256 updatedAt);

    /// @notice The next round is of a time to come.
    error RoundFromFuture(address asset, uint256 round, uint256 updatedAt, uint256 nowAt);

    /// @notice The phase of the feed ended after the last round read; go on with `enterPhase`.
    error PhaseEnded(address asset, uint256 round, uint256 latestRound);

    /// @notice A later phase is entered only when the present one has ended.
    error PhaseNotEnded(address asset, uint256 round, uint256 nextRound);

    /// @notice The round is not the first valid one of a later phase after the last one read.
    error NotFirstOfPhase(address asset, uint256 round, uint256 earlierRound);

    /// @notice The feed cannot be measured: its latest round has no number, or an answer of 2^88 or more, or is not the
    /// one that the feed knows by that number, or the feed answers for the number after it.
    error RoundNotMeasurable(address asset, uint256 round, uint256 answer);

    /// @notice Reads on in the rounds of an asset's feed and moves its variance; permissionless and resumable. It sets
    /// no haircut: `refreshPair` does.
    /// @param asset A measured asset.
    /// @param maxRounds Most rounds to read.
    /// @return returnCount Returns that entered the variance, at least 1.
    function refresh(address asset, uint256 maxRounds) external returns (uint256 returnCount);

    /// @notice Reads on in the rounds of both feeds of a pair, moves the variance of the pair if it is tracked, and
    /// sets the targets of its haircuts with every pool that lends the obligation. Each round of the collateral is an
    /// observation, with the last price of the obligation at its time. After a change of either feed the first call
    /// starts the measure again, from the latest rounds.
    /// @param collateral A collateral.
    /// @param obligation The asset that pools lend.
    /// @param maxRounds Most rounds to read of either feed; 0 sets targets from what is known.
    /// @return returnCount Returns that entered the variance of the pair; 0 also when it took all rounds to read on in
    /// those of the obligation, where the next call goes on.
    function refreshPair(
        address collateral,
        address obligation,
        uint256 maxRounds
    ) external returns (uint256 returnCount);

    /// @notice Goes on in a later phase of a feed. The round given must be its first valid one after the last one read,
    /// and phases in between must have none.
    /// @dev Rounds of a phase are taken to be numbered from 1 without gaps, in the order of their times, and a phase to
    /// have ended after 16 rounds that are void.
    /// @param collateral A collateral.
    /// @param obligation The obligation of a tracked pair; zero for the asset's own measure.
    /// @param asset Whose feed it is: collateral or obligation.
    /// @param round First round to read in the later phase.
    function enterPhase(address collateral, address obligation, address asset, uint256 round) external;
}
