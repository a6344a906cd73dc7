// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Level} from "./Level.sol";

/// What the vault keeps of one collateral asset, in one slot:
/// total 96 [assets] | cap 96 [assets] | id 8 | flags 8 | throttle level 48.
type AssetState is uint256;

using AssetStateLib for AssetState global;

/// Reads and writes the fields of an `AssetState`.
library AssetStateLib {
    uint256 internal constant LISTED = 1;
    uint256 internal constant SUPPLY_PAUSED = 2;
    uint256 internal constant SEIZURE_PAUSED = 4;
    // seizure was resumed: `seizableAt` of the asset says since when it may be taken again
    uint256 internal constant SEIZURE_RESUMED = 8;
    // governance says that it is worth nothing: it counts 0 and goes with a write-off
    uint256 internal constant WORTHLESS = 16;
    // a distributor of rewards is told of every change of a holding
    uint256 internal constant HAS_REWARDS = 32;
    // on its way out: haircuts glide to 100 %, nothing new comes in
    uint256 internal constant DELISTED = 64;
    // shares of a sleeve: they come in by reuse alone
    uint256 internal constant SLEEVE = 128;

    uint256 private constant LEVEL_AT = 208;

    /// Sum of all accounts' holdings of the asset [assets].
    function total(AssetState state) internal pure returns (uint256) {
        return uint96(AssetState.unwrap(state));
    }

    function withTotal(AssetState state, uint256 assets) internal pure returns (AssetState) {
        return AssetState.wrap((AssetState.unwrap(state) & ~uint256(type(uint96).max)) | assets);
    }

    /// Largest total that deposits may reach [assets].
    function cap(AssetState state) internal pure returns (uint256) {
        return uint96(AssetState.unwrap(state) >> 96);
    }

    function id(AssetState state) internal pure returns (uint256) {
        return uint8(AssetState.unwrap(state) >> 192);
    }

    function flags(AssetState state) internal pure returns (uint256) {
        return uint8(AssetState.unwrap(state) >> 200);
    }

    function isListed(AssetState state) internal pure returns (bool) {
        return flags(state) & LISTED != 0;
    }

    function isSupplyPaused(AssetState state) internal pure returns (bool) {
        return flags(state) & SUPPLY_PAUSED != 0;
    }

    function isSeizurePaused(AssetState state) internal pure returns (bool) {
        return flags(state) & SEIZURE_PAUSED != 0;
    }

    function isSeizureResumed(AssetState state) internal pure returns (bool) {
        return flags(state) & SEIZURE_RESUMED != 0;
    }

    function isWorthless(AssetState state) internal pure returns (bool) {
        return flags(state) & WORTHLESS != 0;
    }

    function hasRewards(AssetState state) internal pure returns (bool) {
        return flags(state) & HAS_REWARDS != 0;
    }

    function isDelisted(AssetState state) internal pure returns (bool) {
        return flags(state) & DELISTED != 0;
    }

    function isSleeve(AssetState state) internal pure returns (bool) {
        return flags(state) & SLEEVE != 0;
    }

    /// What liquidations took of the asset lately.
    function level(AssetState state) internal pure returns (Level) {
        return Level.wrap(AssetState.unwrap(state) >> LEVEL_AT);
    }

    function withLevel(AssetState state, Level newLevel) internal pure returns (AssetState) {
        return AssetState.wrap((AssetState.unwrap(state) & type(uint208).max) | (Level.unwrap(newLevel) << LEVEL_AT));
    }

    /// The same total and throttle with other configuration; `capAssets` ≤ 2^96 − 1.
    function withConfig(
        AssetState state,
        uint256 capAssets,
        uint256 assetId,
        uint256 newFlags
    ) internal pure returns (AssetState) {
        uint256 kept = AssetState.unwrap(state) & ~(uint256(type(uint112).max) << 96);
        return AssetState.wrap(kept | (capAssets << 96) | (assetId << 192) | (newFlags << 200));
    }
}
