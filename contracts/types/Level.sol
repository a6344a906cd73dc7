// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";
import {MathLib} from "../libraries/MathLib.sol";

/// How full a throttle is, in 48 bits: value 24 [whole USD, compact, rounded up] | raised at 24 [min].
type Level is uint256;

using LevelLib for Level global;

/// Reads and makes a `Level`.
library LevelLib {
    uint256 private constant MANTISSA_BITS = 18;

    /// What it was when it was last raised [value].
    function value(Level level) internal pure returns (uint256) {
        return CompactFloat.decode(uint24(Level.unwrap(level)), MANTISSA_BITS) * MathLib.WAD;
    }

    /// Time since it was raised, in whole minutes [s]; the clock wraps after 31 years.
    function ageAt(Level level, uint256 nowAt) internal pure returns (uint256) {
        unchecked {
            // safe: a difference modulo 2^24 minutes
            return uint256(uint24(nowAt / 1 minutes - (Level.unwrap(level) >> 24))) * 1 minutes;
        }
    }

    /// `newValue` is below 2^128.
    function toLevel(uint256 newValue, uint256 nowAt) internal pure returns (Level) {
        uint256 code = CompactFloat.encodeUp(MathLib.mulDivUp(newValue, 1, MathLib.WAD), MANTISSA_BITS);
        return Level.wrap(code | (uint256(uint24(nowAt / 1 minutes)) << 24));
    }
}
