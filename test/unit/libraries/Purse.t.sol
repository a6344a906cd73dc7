// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IFlashLiquidator} from "../../../contracts/interfaces/IFlashLiquidator.sol";
import {Purse, PurseLib} from "../../../contracts/periphery/Purse.sol";
import {TestBase} from "../../support/TestBase.sol";

// a purse
// ├── what was put in by token, less what was taken, is in it
// ├── given a token that was never put in: it holds nothing of it, and nothing of it may be taken
// └── given more than it holds: it says what is missing
contract PurseTest is TestBase {
    address private constant GOLD = address(1);
    address private constant SILVER = address(2);

    function testFuzz_keepsTokensApart(uint128 gold, uint128 more, uint128 silver, uint256 taken) external pure {
        Purse memory purse = PurseLib.open(2);
        purse.put(GOLD, gold);
        purse.put(SILVER, silver);
        purse.put(GOLD, more);
        taken = bound(taken, 0, uint256(gold) + more);
        purse.take(GOLD, taken);
        assertEq(purse.assetsOf(GOLD), uint256(gold) + more - taken, "gold");
        assertEq(purse.assetsOf(SILVER), silver, "silver");
    }

    function test_take_ofAnUnknownToken() external {
        Purse memory purse = PurseLib.open(1);
        purse.put(GOLD, 5);
        purse.take(SILVER, 0); // with every place taken
        assertEq(purse.assetsOf(SILVER), 0, "none");
        assertEq(purse.assetsOf(GOLD), 5, "untouched");
        vm.expectRevert(abi.encodeWithSelector(IFlashLiquidator.InsufficientProceeds.selector, SILVER, 0, 1));
        this.takes(SILVER, 1);
    }

    function test_take_revertsWith_InsufficientProceeds() external {
        vm.expectRevert(abi.encodeWithSelector(IFlashLiquidator.InsufficientProceeds.selector, GOLD, 5, 6));
        this.takes(GOLD, 6);
    }

    /// out of a purse with five of gold
    function takes(address token, uint256 assets) external pure {
        Purse memory purse = PurseLib.open(1);
        purse.put(GOLD, 5);
        purse.take(token, assets);
    }
}
