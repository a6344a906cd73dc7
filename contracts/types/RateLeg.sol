// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RateCap} from "../libraries/RateCap.sol";

/// Whom to ask for an exchange rate, and how:
/// provider 160 | selector 32 | share decimals 8 | rate decimals 8 | growth 16 [ppm per day] | free 32.
type RateSource is uint256;

/// How much of it may count:
/// line 72 [wad] | highest 72 [wad] | growth 64 [wad per day] | moved at 40 | free 8.
type RateLine is uint256;

/// The exchange-rate leg of an asset's price; read only when the flag in its `PriceFeed` says so.
struct RateLeg {
    RateSource source;
    RateLine line;
}

using RateSourceLib for RateSource global;
using RateLineLib for RateLine global;

/// Reads and makes a `RateSource`.
library RateSourceLib {
    uint256 private constant SAME_BITS = 208;

    function provider(RateSource word) internal pure returns (address) {
        return address(uint160(RateSource.unwrap(word)));
    }

    function selector(RateSource word) internal pure returns (bytes4) {
        return bytes4(uint32(RateSource.unwrap(word) >> 160));
    }

    /// What `convertToAssets` is asked for; a function without arguments does not read it [shares]
    function shareUnit(RateSource word) internal pure returns (uint256) {
        // safe: share decimals are ≤ 18
        unchecked {
            return 10 ** uint256(uint8(RateSource.unwrap(word) >> 192));
        }
    }

    function decimals(RateSource word) internal pure returns (uint256) {
        return uint8(RateSource.unwrap(word) >> 200);
    }

    /// As it was set: a share of the first rate.
    function growthPpm(RateSource word) internal pure returns (uint256) {
        return uint16(RateSource.unwrap(word) >> 208);
    }

    /// Whether both ask the same question; their growth may differ.
    function isSame(RateSource word, RateSource other) internal pure returns (bool) {
        return (RateSource.unwrap(word) ^ RateSource.unwrap(other)) << (256 - SAME_BITS) == 0;
    }

    /// decimals ≤ 18, `newGrowthPpm` < 2^16.
    function toRateSource(
        address newProvider,
        bytes4 newSelector,
        uint256 shareDecimals,
        uint256 newDecimals,
        uint256 newGrowthPpm
    ) internal pure returns (RateSource) {
        return
            RateSource.wrap(
                uint160(newProvider) |
                    (uint256(uint32(newSelector)) << 160) |
                    (shareDecimals << 192) |
                    (newDecimals << 200) |
                    (newGrowthPpm << 208)
            );
    }
}

/// Reads and makes a `RateLine`.
library RateLineLib {
    uint256 private constant HIGHEST_MASK = uint256(type(uint72).max) << 72;

    /// The rate that was allowed at `movedAt`.
    function lineWad(RateLine word) internal pure returns (uint256) {
        return uint72(RateLine.unwrap(word));
    }

    /// The highest rate that counted when somebody looked.
    function highestWad(RateLine word) internal pure returns (uint256) {
        return uint72(RateLine.unwrap(word) >> 72);
    }

    function growthWadPerDay(RateLine word) internal pure returns (uint256) {
        return uint64(RateLine.unwrap(word) >> 144);
    }

    function movedAt(RateLine word) internal pure returns (uint256) {
        return uint40(RateLine.unwrap(word) >> 208);
    }

    /// The rate that is allowed at a time from `movedAt` on.
    function allowedAt(RateLine word, uint256 time) internal pure returns (uint256) {
        // safe: a line was never moved later than now
        unchecked {
            return RateCap.allowedDown(lineWad(word), growthWadPerDay(word), time - movedAt(word));
        }
    }

    function withHighest(RateLine word, uint256 newHighestWad) internal pure returns (RateLine) {
        return RateLine.wrap((RateLine.unwrap(word) & ~HIGHEST_MASK) | (newHighestWad << 72));
    }

    /// safe: rates that count are ≤ 100e18 < 2^67, growth is ≤ half a percent of that, so a line is below 2^72 and a
    /// growth below 2^64.
    function toRateLine(
        uint256 newLineWad,
        uint256 newHighestWad,
        uint256 newGrowthWadPerDay,
        uint256 newMovedAt
    ) internal pure returns (RateLine) {
        return RateLine.wrap(newLineWad | (newHighestWad << 72) | (newGrowthWadPerDay << 144) | (newMovedAt << 208));
    }
}
