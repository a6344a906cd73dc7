// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "../libraries/MathLib.sol";

/// What the first liquidation of an episode found, in one slot. Kept only while a liquidation stops before the account
/// is covered: coverage 64 [wad] | Σ C / Σ D 64 [wad] | most bonus 64 [wad] | found at 32 [s] |
/// reward 32 [parts in 1e8].
type Episode is uint256;

using EpisodeLib for Episode global;

/// Reads and makes an `Episode`.
library EpisodeLib {
    /// Prices move: what was found counts for so long, and no bonus stays low for ever.
    uint256 internal constant COUNTS_FOR = 1 hours;

    /// A_M / R, rounded down; below 1, as the account was uncovered [wad].
    function coverageWad(Episode episode) internal pure returns (uint256) {
        return uint64(Episode.unwrap(episode));
    }

    /// Σ C / Σ D, rounded down, at most 18.4 [wad].
    function equityWad(Episode episode) internal pure returns (uint256) {
        return uint64(Episode.unwrap(episode) >> 64);
    }

    /// The most that any pair could earn: β, or no limit but 18.4 where the shape asked for more [wad].
    function bonusMostWad(Episode episode) internal pure returns (uint256) {
        return uint64(Episode.unwrap(episode) >> 128);
    }

    function foundAt(Episode episode) internal pure returns (uint256) {
        return uint32(Episode.unwrap(episode) >> 192);
    }

    /// κ, rounded down, at most 42.9 [wad].
    function rewardWad(Episode episode) internal pure returns (uint256) {
        return (Episode.unwrap(episode) >> 224) * 1e10;
    }

    /// Whether what was found still counts.
    function counts(Episode episode, uint256 nowAt) internal pure returns (bool) {
        return Episode.unwrap(episode) != 0 && nowAt < foundAt(episode) + COUNTS_FOR;
    }

    /// What does not fit is clipped.
    function toEpisode(
        uint256 coverage,
        uint256 equity,
        uint256 bonusMost,
        uint256 reward,
        uint256 nowAt
    ) internal pure returns (Episode) {
        return
            Episode.wrap(
                MathLib.min(coverage, type(uint64).max) |
                    (MathLib.min(equity, type(uint64).max) << 64) |
                    (MathLib.min(bonusMost, type(uint64).max) << 128) |
                    (nowAt << 192) |
                    (MathLib.min(reward / 1e10, type(uint32).max) << 224)
            );
    }
}
