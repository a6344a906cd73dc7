// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// A number in few bits: code = exponent · 2^m | mantissa, number = mantissa · 2^exponent, mantissa < 2^m, exponent <
/// 128. Numbers below 2^m are exact; larger ones are exact to one part in 2^(m−1). Numbers must be below 2^128.
library CompactFloat {
    /// largest number with a code ≤ `number`
    function encodeDown(uint256 number, uint256 mantissaBits) internal pure returns (uint256) {
        if (number >> mantissaBits == 0) return number;
        uint256 exponent = Math.log2(number) + 1 - mantissaBits;
        return (exponent << mantissaBits) | (number >> exponent);
    }

    /// smallest number with a code ≥ `number`
    function encodeUp(uint256 number, uint256 mantissaBits) internal pure returns (uint256) {
        uint256 code = encodeDown(number, mantissaBits);
        if (decode(code, mantissaBits) == number) return code;
        uint256 exponent = code >> mantissaBits;
        return encodeDown(((number >> exponent) + 1) << exponent, mantissaBits);
    }

    /// the number of a code
    function decode(uint256 code, uint256 mantissaBits) internal pure returns (uint256) {
        return (code & ((1 << mantissaBits) - 1)) << (code >> mantissaBits);
    }
}
