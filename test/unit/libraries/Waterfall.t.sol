// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Waterfall} from "../../../contracts/libraries/Waterfall.sol";
import {TestBase} from "../../support/TestBase.sol";

// bear, layer after layer
// ├── what is borne and what is left is the loss
// ├── no layer bears more than it has
// ├── a layer bears something only when those before it are exhausted
// └── split is three layers at once
contract WaterfallTest is TestBase {
    function testFuzz_bear_sumsToTheLoss(uint256 loss, uint256[6] memory layers) external pure {
        uint256 rest = loss;
        uint256 sum;
        bool exhausted = true;
        for (uint256 i; i < layers.length; ++i) {
            layers[i] = bound(layers[i], 0, loss);
            uint256 borne;
            (borne, rest) = Waterfall.bear(rest, layers[i]);
            assertLe(borne, layers[i], "a layer bears what it has");
            if (borne != 0) assertTrue(exhausted, "the ones before are exhausted");
            exhausted = borne == layers[i];
            sum += borne;
        }
        assertEq(sum + rest, loss, "nothing is lost on the way");
        if (rest != 0) assertTrue(exhausted, "a rest is left by an exhausted last layer");
    }

    function testFuzz_split_sumsToTheLoss(uint256 loss, uint256 feeAssets, uint256 fundAssets) external pure {
        (uint256 fees, uint256 fund, uint256 lenders) = Waterfall.split(loss, feeAssets, fundAssets);
        assertEq(fees + fund + lenders, loss, "nothing is lost on the way");
        if (fund != 0) assertEq(fees, feeAssets, "the reserve first");
        if (lenders != 0) assertEq(fund, fundAssets, "the fund before lenders");
    }
}
