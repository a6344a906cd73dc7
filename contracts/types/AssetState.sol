// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// What the vault keeps of one collateral asset, in one slot:
/// total 96 [assets] | cap 96 [assets] | id 8 | flags 8 | free 48 (room for the liquidation throttle).
type AssetState is uint256;

using AssetStateLib for AssetState global;

/// Reads and writes the fields of an `AssetState`.
library AssetStateLib {
    uint256 internal constant LISTED = 1;
    uint256 internal constant SUPPLY_PAUSED = 2;
    uint256 internal constant SEIZURE_PAUSED = 4;

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

    /// The same total and free bits with other configuration; `capAssets` ≤ 2^96 − 1.
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
