// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// Rounding is in the name. Products are checked: callers keep amounts ≤ 2^96, prices and values ≤ 2^165, ratios
/// ≤ 2^80; `productAtLeast` alone takes factors of any size.
library MathLib {
    uint256 internal constant WAD = 1e18;
    uint256 internal constant PPM = 1e6;
    uint256 internal constant BPS = 1e4;

    /// (x * y) / d, rounded down
    function mulDivDown(uint256 x, uint256 y, uint256 d) internal pure returns (uint256) {
        return (x * y) / d;
    }

    /// (x * y) / d, rounded up
    function mulDivUp(uint256 x, uint256 y, uint256 d) internal pure returns (uint256) {
        return (x * y + (d - 1)) / d;
    }

    /// as `mulDivUp`, where the caller says why x * y + d fits into a word
    function mulDivUpUnchecked(uint256 x, uint256 y, uint256 d) internal pure returns (uint256) {
        unchecked {
            return (x * y + (d - 1)) / d;
        }
    }

    function min(uint256 x, uint256 y) internal pure returns (uint256) {
        return x < y ? x : y;
    }

    function max(uint256 x, uint256 y) internal pure returns (uint256) {
        return x > y ? x : y;
    }

    /// x − y, or 0
    function zeroFloorSub(uint256 x, uint256 y) internal pure returns (uint256) {
        return x > y ? x - y : 0;
    }

    /// x brought into [low, high]
    function clamp(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        return min(max(x, low), high);
    }

    /// whether a * b >= c * d, in 512 bits
    function productAtLeast(uint256 a, uint256 b, uint256 c, uint256 d) internal pure returns (bool) {
        (uint256 leftHigh, uint256 leftLow) = Math.mul512(a, b);
        (uint256 rightHigh, uint256 rightLow) = Math.mul512(c, d);
        return leftHigh > rightHigh || (leftHigh == rightHigh && leftLow >= rightLow);
    }
}
