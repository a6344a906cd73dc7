// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "../support/Deployment.sol";

/// The shares of a pool as an ERC-20
/// ├── transfer and transferFrom move shares and tell
/// ├── an allowance is used up, unless it is without end
/// ├── given too few shares, no allowance or the zero address, they revert
/// └── the supply is the sum of balances
contract LendingPoolSharesTest is Deployment {
    function test_metadata() external view {
        assertEq(usdcPool.name(), "lend USDC");
        assertEq(usdcPool.symbol(), "lend USDC");
        assertEq(usdcPool.decimals(), 12);
        assertEq(daiPool.decimals(), 18, "no more than a collateral may have");
        assertEq(usdcPool.totalSupply(), 10_000_000e12);
    }

    /// six decimals more than the cash, as far as 18 allow; a share is worth what it says
    function test_decimals_areAtMost18() external {
        uint8[6] memory digits = [0, 6, 12, 13, 17, 18];
        uint8[6] memory expected = [6, 12, 18, 18, 18, 18];
        for (uint256 i; i < digits.length; ++i) {
            MockToken cash = new MockToken("cash", "C", digits[i]);
            bytes memory arguments = abi.encode(cash, vault, manager, "p", "p");
            ILendingPool pool = ILendingPool(_deploy("LendingPool.sol:LendingPool", arguments));
            pool.setTerms(_terms(1e24, 0));
            cash.mint(bob, 1e20);
            vm.startPrank(bob);
            cash.approve(address(pool), ALL);
            pool.deposit(1e20, bob);
            vm.stopPrank();
            assertEq(pool.decimals(), expected[i], "decimals");
            assertEq(pool.balanceOf(bob), 1e20 * 10 ** (expected[i] - digits[i]), "shares");
            assertEq(pool.convertToAssets(10 ** expected[i]), 10 ** digits[i], "a share for a token at first");
        }
    }

    function test_transfer_movesAndTells() external {
        vm.expectEmit(address(usdcPool));
        emit IERC20.Transfer(carol, bob, 3e12);
        vm.prank(carol);
        assertTrue(usdcPool.transfer(bob, 3e12));
        assertEq(usdcPool.balanceOf(bob), 3e12);
        assertEq(usdcPool.balanceOf(carol), 10_000_000e12 - 3e12);
        vm.prank(bob);
        usdcPool.transfer(bob, 3e12);
        assertEq(usdcPool.balanceOf(bob), 3e12, "to oneself");
    }

    function test_transferFrom_usesTheAllowance() external {
        vm.expectEmit(address(usdcPool));
        emit IERC20.Approval(carol, bob, 5e12);
        vm.prank(carol);
        assertTrue(usdcPool.approve(bob, 5e12));
        vm.prank(bob);
        assertTrue(usdcPool.transferFrom(carol, alice, 2e12));
        assertEq(usdcPool.allowance(carol, bob), 3e12, "used");
        assertEq(usdcPool.balanceOf(alice), 2e12, "moved");
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 3e12, 3e12 + 1));
        vm.prank(bob);
        usdcPool.transferFrom(carol, alice, 3e12 + 1);
        vm.prank(carol);
        usdcPool.approve(bob, ALL);
        vm.prank(bob);
        usdcPool.transferFrom(carol, alice, 2e12);
        assertEq(usdcPool.allowance(carol, bob), ALL, "without end");
    }

    function test_refusals() external {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 0, 1));
        vm.prank(bob);
        usdcPool.transfer(carol, 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(carol);
        usdcPool.transfer(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidSpender.selector, address(0)));
        vm.prank(carol);
        usdcPool.approve(address(0), 1);
        usdc.mint(bob, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(bob);
        usdcPool.deposit(1e6, address(0));
    }

    /// else anyone could tell of shares that were made, though none were
    function test_transferFrom_ofNobody_isRefused_evenOfNothing() external {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidApprover.selector, address(0)));
        vm.prank(bob);
        usdcPool.transferFrom(address(0), bob, 0);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 0, 1));
        vm.prank(bob);
        usdcPool.transferFrom(address(0), bob, 1);
    }

    function testFuzz_supply_isTheSumOfBalances(uint256 assets, uint256 moved, uint256 redeemed) external {
        assets = bound(assets, 1, 10_000_000e6);
        lends(bob, usdcPool, assets);
        uint256 shares = usdcPool.balanceOf(bob);
        assertEq(usdcPool.totalSupply(), usdcPool.balanceOf(carol) + shares, "minted");
        moved = bound(moved, 0, shares);
        vm.prank(bob);
        usdcPool.transfer(alice, moved);
        redeemed = bound(redeemed, 0, moved);
        if (usdcPool.previewRedeem(redeemed) == 0) return;
        vm.prank(alice);
        usdcPool.redeem(redeemed, alice, alice);
        assertEq(usdcPool.totalSupply(), usdcPool.balanceOf(carol) + shares - redeemed, "burnt");
        assertEq(usdcPool.balanceOf(alice), moved - redeemed);
    }
}
