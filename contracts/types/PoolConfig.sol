// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// What the vault keeps of one lending pool, in one slot:
/// pool 160 | asset id 8 | debt factor above one 24 [ppm] | flags 8 | share unit exponent 8.
type PoolConfig is uint256;

using PoolConfigLib for PoolConfig global;

/// Reads and makes a `PoolConfig`.
library PoolConfigLib {
    uint256 internal constant BORROW_PAUSED = 1;

    function pool(PoolConfig config) internal pure returns (address) {
        return address(uint160(PoolConfig.unwrap(config)));
    }

    /// Id of the cash asset in the registry of assets.
    function assetId(PoolConfig config) internal pure returns (uint256) {
        return uint8(PoolConfig.unwrap(config) >> 160);
    }

    /// Debt factor b [ppm], at least 1_000_000.
    function factorPpm(PoolConfig config) internal pure returns (uint256) {
        return 1_000_000 + uint24(PoolConfig.unwrap(config) >> 168);
    }

    function flags(PoolConfig config) internal pure returns (uint256) {
        return uint8(PoolConfig.unwrap(config) >> 192);
    }

    function shareUnitExponent(PoolConfig config) internal pure returns (uint256) {
        return uint8(PoolConfig.unwrap(config) >> 200);
    }

    /// Size of a debt share when the index is one [assets].
    function shareUnit(PoolConfig config) internal pure returns (uint256) {
        return 10 ** shareUnitExponent(config);
    }

    function isListed(PoolConfig config) internal pure returns (bool) {
        return PoolConfig.unwrap(config) != 0;
    }

    function isBorrowPaused(PoolConfig config) internal pure returns (bool) {
        return flags(config) & BORROW_PAUSED != 0;
    }

    /// `newFactorPpm` is at least 1_000_000 and below 2_000_000.
    function toPoolConfig(
        address poolAddress,
        uint256 cashAssetId,
        uint256 newFactorPpm,
        uint256 newFlags,
        uint256 unitExponent
    ) internal pure returns (PoolConfig) {
        return
            PoolConfig.wrap(
                uint160(poolAddress) |
                    (cashAssetId << 160) |
                    ((newFactorPpm - 1_000_000) << 168) |
                    (newFlags << 192) |
                    (unitExponent << 200)
            );
    }
}
