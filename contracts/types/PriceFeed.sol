// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";

/// How one asset is priced; the word that every price read needs:
/// feed 160 | slow average 40 [compact answer] | max age 14 [min] | is measured 1 | has jumped 1 | exponent 6 |
/// has second feed 1 | has rate leg 1 | lowest answer 16 [compact] | highest answer 16 [compact].
type PriceFeed is uint256;

/// The word that only the slow average and the second feed need:
/// second feed 160 | max deviation 16 [bps] | second max age 16 [min] | second exponent 6 |
/// feed changes 8 | free 10 | slow average updated at 40.
type SecondFeed is uint256;

using PriceFeedLib for PriceFeed global;
using SecondFeedLib for SecondFeed global;

/// Reads and makes a `PriceFeed`.
library PriceFeedLib {
    uint256 internal constant SLOW_MANTISSA_BITS = 33;
    uint256 internal constant BOUND_MANTISSA_BITS = 9;
    uint256 private constant SLOW_MASK = uint256(type(uint40).max) << 160;
    uint256 private constant MEASURED = 1 << 214;
    uint256 private constant JUMPED = 1 << 215;

    function feed(PriceFeed word) internal pure returns (address) {
        return address(uint160(PriceFeed.unwrap(word)));
    }

    /// Slow average of the answer, after the exchange rate if there is one; in the feed's own decimals.
    function slowAnswer(PriceFeed word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PriceFeed.unwrap(word) >> 160), SLOW_MANTISSA_BITS);
    }

    function withSlowAnswer(PriceFeed word, uint256 answer) internal pure returns (PriceFeed) {
        uint256 code = CompactFloat.encodeDown(answer, SLOW_MANTISSA_BITS);
        return PriceFeed.wrap((PriceFeed.unwrap(word) & ~SLOW_MASK) | (code << 160));
    }

    /// Oldest answer that counts as fresh [s].
    function maxAgeFor(PriceFeed word) internal pure returns (uint256) {
        unchecked {
            // safe: fourteen bits
            return ((PriceFeed.unwrap(word) >> 200) & 0x3fff) * 1 minutes;
        }
    }

    /// Whether refreshes read the rounds of the feed.
    function isMeasured(PriceFeed word) internal pure returns (bool) {
        return PriceFeed.unwrap(word) & MEASURED != 0;
    }

    function withMeasured(PriceFeed word) internal pure returns (PriceFeed) {
        return PriceFeed.wrap(PriceFeed.unwrap(word) | MEASURED);
    }

    /// Whether a refresh saw a jump that it has not seen confirmed.
    function hasJumped(PriceFeed word) internal pure returns (bool) {
        return PriceFeed.unwrap(word) & JUMPED != 0;
    }

    function withJumped(PriceFeed word, bool jumped) internal pure returns (PriceFeed) {
        return PriceFeed.wrap((PriceFeed.unwrap(word) & ~JUMPED) | (jumped ? JUMPED : 0));
    }

    /// price = answer · scale, the USD WAD price of 1e18 base units; scale = 10^exponent.
    function scale(PriceFeed word) internal pure returns (uint256) {
        // safe: an exponent of six bits, and 10^63 < 2^210
        unchecked {
            return 10 ** ((PriceFeed.unwrap(word) >> 216) & 0x3f);
        }
    }

    function hasSecondFeed(PriceFeed word) internal pure returns (bool) {
        return (PriceFeed.unwrap(word) >> 222) & 1 != 0;
    }

    /// Whether the answer is of an underlying token, and the price goes through an exchange rate.
    function hasRateLeg(PriceFeed word) internal pure returns (bool) {
        return (PriceFeed.unwrap(word) >> 223) & 1 != 0;
    }

    /// Whether a price is its feed's answer alone: one look at both flags.
    function isPlain(PriceFeed word) internal pure returns (bool) {
        return (PriceFeed.unwrap(word) >> 222) & 3 == 0;
    }

    /// Lowest answer that is believed.
    function lowestAnswer(PriceFeed word) internal pure returns (uint256) {
        return CompactFloat.decode(uint16(PriceFeed.unwrap(word) >> 224), BOUND_MANTISSA_BITS);
    }

    /// Highest answer that is believed.
    function highestAnswer(PriceFeed word) internal pure returns (uint256) {
        return CompactFloat.decode(uint16(PriceFeed.unwrap(word) >> 240), BOUND_MANTISSA_BITS);
    }

    /// `maxAgeMinutes` < 2^14, `newExponent` ≤ 36, answers < 2^128.
    function toPriceFeed(
        address feedAddress,
        uint256 maxAgeMinutes,
        uint256 newExponent,
        bool second,
        bool rate,
        uint256 lowest,
        uint256 highest
    ) internal pure returns (PriceFeed) {
        return
            PriceFeed.wrap(
                uint160(feedAddress) |
                    (maxAgeMinutes << 200) |
                    (newExponent << 216) |
                    (second ? uint256(1) << 222 : 0) |
                    (rate ? uint256(1) << 223 : 0) |
                    (CompactFloat.encodeUp(lowest, BOUND_MANTISSA_BITS) << 224) |
                    (CompactFloat.encodeDown(highest, BOUND_MANTISSA_BITS) << 240)
            );
    }
}

/// Reads and makes a `SecondFeed`.
library SecondFeedLib {
    function feed(SecondFeed word) internal pure returns (address) {
        return address(uint160(SecondFeed.unwrap(word)));
    }

    /// Largest difference of the two feeds, as a share of the first [bps].
    function maxDeviationBps(SecondFeed word) internal pure returns (uint256) {
        return uint16(SecondFeed.unwrap(word) >> 160);
    }

    function maxAgeFor(SecondFeed word) internal pure returns (uint256) {
        return uint256(uint16(SecondFeed.unwrap(word) >> 176)) * 1 minutes;
    }

    /// As that of a `PriceFeed`.
    function scale(SecondFeed word) internal pure returns (uint256) {
        // safe: an exponent of six bits, and 10^63 < 2^210
        unchecked {
            return 10 ** ((SecondFeed.unwrap(word) >> 192) & 0x3f);
        }
    }

    /// How often the feeds of the asset were set, modulo 256: what was measured of earlier ones does not go on.
    function changes(SecondFeed word) internal pure returns (uint256) {
        return uint8(SecondFeed.unwrap(word) >> 198);
    }

    function withChanges(SecondFeed word, uint256 number) internal pure returns (SecondFeed) {
        uint256 kept = SecondFeed.unwrap(word) & ~(uint256(type(uint8).max) << 198);
        return SecondFeed.wrap(kept | ((number & 0xff) << 198));
    }

    /// When the slow average was last moved.
    function slowAt(SecondFeed word) internal pure returns (uint256) {
        return SecondFeed.unwrap(word) >> 216;
    }

    function withSlowAt(SecondFeed word, uint256 newSlowAt) internal pure returns (SecondFeed) {
        return SecondFeed.wrap((SecondFeed.unwrap(word) & type(uint216).max) | (newSlowAt << 216));
    }

    /// `deviationBps` and `maxAgeMinutes` < 2^16, `newExponent` ≤ 36.
    function toSecondFeed(
        address feedAddress,
        uint256 deviationBps,
        uint256 maxAgeMinutes,
        uint256 newExponent
    ) internal pure returns (SecondFeed) {
        return
            SecondFeed.wrap(
                uint160(feedAddress) | (deviationBps << 160) | (maxAgeMinutes << 176) | (newExponent << 192)
            );
    }
}
