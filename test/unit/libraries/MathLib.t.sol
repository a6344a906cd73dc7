// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {TestBase} from "../../support/TestBase.sol";

// mulDivDown, mulDivUp
// ├── when the divisor is zero: it fails
// ├── when the product is a multiple: both are exact
// └── when it is not: they differ by one
// productAtLeast
// └── when products fit 256 bits: it is the comparison of the products
contract MathLibTest is TestBase {
    function mulDivDown(uint256 x, uint256 y, uint256 d) external pure returns (uint256) {
        return MathLib.mulDivDown(x, y, d);
    }

    function mulDivUp(uint256 x, uint256 y, uint256 d) external pure returns (uint256) {
        return MathLib.mulDivUp(x, y, d);
    }

    function test_mulDiv_failsOnZeroDivisor() external {
        vm.expectRevert();
        this.mulDivDown(1, 1, 0);
        vm.expectRevert();
        this.mulDivUp(1, 1, 0);
    }

    function testFuzz_mulDiv_boundsTheQuotient(uint256 x, uint256 y, uint256 d) external pure {
        x = bound(x, 0, type(uint128).max);
        y = bound(y, 0, type(uint120).max);
        d = bound(d, 1, type(uint128).max);
        uint256 down = MathLib.mulDivDown(x, y, d);
        uint256 up = MathLib.mulDivUp(x, y, d);
        assertLe(down * d, x * y, "down is not above");
        assertGe(up * d, x * y, "up is not below");
        assertEq(up - down, (x * y) % d == 0 ? 0 : 1, "they differ by the remainder's unit");
    }

    function testFuzz_minMaxClamp_pickOneOfTheirs(uint256 x, uint256 low, uint256 high) external pure {
        assertEq(MathLib.min(x, low), x < low ? x : low, "min");
        assertEq(MathLib.max(x, low), x < low ? low : x, "max");
        assertEq(MathLib.zeroFloorSub(x, low), x < low ? 0 : x - low, "zeroFloorSub");
        if (low > high) (low, high) = (high, low);
        uint256 clamped = MathLib.clamp(x, low, high);
        assertTrue(clamped >= low && clamped <= high, "within");
        assertTrue(clamped == x || clamped == low || clamped == high, "one of the three");
    }

    function testFuzz_productAtLeast_comparesProducts(uint128 a, uint128 b, uint128 c, uint128 d) external pure {
        assertEq(MathLib.productAtLeast(a, b, c, d), uint256(a) * b >= uint256(c) * d);
    }

    function testFuzz_productAtLeast_isTotal(uint256 a, uint256 b, uint256 c, uint256 d) external pure {
        assertTrue(MathLib.productAtLeast(a, b, a, b), "equal");
        assertTrue(MathLib.productAtLeast(a, b, c, d) || MathLib.productAtLeast(c, d, a, b), "one of the two");
    }
}
