// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {TestBase} from "../../support/TestBase.sol";

contract MathLibTest is TestBase {
    function testFuzz_min_isNotAboveEither(uint256 x, uint256 y) external pure {
        uint256 least = MathLib.min(x, y);
        assertLe(least, x, "x");
        assertLe(least, y, "y");
    }
}
