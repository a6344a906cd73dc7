// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../../../contracts/libraries/CompactFloat.sol";
import {TestBase} from "../../support/TestBase.sol";

// encodeDown, encodeUp, with the mantissas that are in use
// ├── when the number is below 2^m: both are exact
// └── when it is not
//     ├── it encloses the number
//     ├── it is within one part in 2^(m−1)
//     └── larger numbers have larger codes, which fit their fields
contract CompactFloatTest is TestBase {
    uint256[2] private mantissas = [9, 33];

    function testFuzz_encode_enclosesTheNumber(uint128 number) external view {
        for (uint256 i; i < mantissas.length; ++i) {
            uint256 m = mantissas[i];
            uint256 down = CompactFloat.decode(CompactFloat.encodeDown(number, m), m);
            uint256 up = CompactFloat.decode(CompactFloat.encodeUp(number, m), m);
            assertLe(down, number, "down");
            assertGe(up, number, "up");
            assertLe((number - down) << (m - 1), number, "relative error below");
            assertLe((up - number) << (m - 1), number, "relative error above");
        }
    }

    function testFuzz_encode_isExactBelowTheMantissa(uint256 number) external view {
        for (uint256 i; i < mantissas.length; ++i) {
            uint256 m = mantissas[i];
            uint256 small = bound(number, 0, (1 << m) - 1);
            assertEq(CompactFloat.encodeDown(small, m), small, "down");
            assertEq(CompactFloat.encodeUp(small, m), small, "up");
        }
    }

    function testFuzz_encode_keepsOrderAndFits(uint128 small, uint128 large) external view {
        if (small > large) (small, large) = (large, small);
        for (uint256 i; i < mantissas.length; ++i) {
            uint256 m = mantissas[i];
            assertLe(CompactFloat.encodeDown(small, m), CompactFloat.encodeDown(large, m), "down");
            assertLe(CompactFloat.encodeUp(small, m), CompactFloat.encodeUp(large, m), "up");
            assertLt(CompactFloat.encodeUp(large, m), 1 << (m + 7), "mantissa and seven bits");
        }
    }

    function testFuzz_encode_givesBackWhatACodeMeans(uint128 number) external view {
        for (uint256 i; i < mantissas.length; ++i) {
            uint256 m = mantissas[i];
            uint256 code = CompactFloat.encodeDown(number, m);
            assertEq(CompactFloat.encodeDown(CompactFloat.decode(code, m), m), code, "down");
            assertEq(CompactFloat.encodeUp(CompactFloat.decode(code, m), m), code, "up");
        }
    }

    function test_encode_atTheEdges() external pure {
        // 2^33 is the first number that needs an exponent: mantissa 2^32, exponent 1
        assertEq(CompactFloat.encodeDown(1 << 33, 33), (uint256(1) << 33) | (uint256(1) << 32));
        assertEq(
            CompactFloat.decode(CompactFloat.encodeDown((1 << 33) + 1, 33), 33),
            1 << 33,
            "one unit is lost below"
        );
        assertEq(CompactFloat.decode(CompactFloat.encodeUp((1 << 33) + 1, 33), 33), (1 << 33) + 2, "and gained above");
        assertEq(CompactFloat.decode(CompactFloat.encodeUp(type(uint128).max, 33), 33), 1 << 128, "the largest");
    }
}
