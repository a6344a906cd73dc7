// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// withdraw
/// ├── when the caller may not, the receiver is zero, or an operator without SEND sends elsewhere
/// │   └── it reverts
/// ├── when the account holds less, or nothing is asked for
/// │   └── it reverts
/// ├── given the account owes nothing
/// │   └── it pays, whatever the prices are
/// └── given the account owes
///     ├── when it ends below its initial line
///     │   ├── given it is healthy, it reverts with InsufficientMargin
///     │   ├── given it is below maintenance or under a call, it reverts with CollateralHeldByCall
///     │   └── given a price is not fresh, it reverts with the reason
///     └── when it ends at its initial line, it pays
contract CollateralVaultWithdrawTest is Deployment {
    function test_withdraw_revertsWith_NotPermitted() external {
        AccountId account = accountOf(alice);
        deposits(alice, weth, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 2));
        vm.prank(mallory);
        vault.withdraw(account, address(weth), 1, mallory);
    }

    function test_withdraw_revertsWith_ZeroReceiver() external {
        deposits(alice, weth, 1e18);
        vm.expectRevert(IAccountLedger.ZeroReceiver.selector);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 1, address(0));
    }

    function test_withdraw_revertsWith_ReceiverNotOwner() external {
        AccountId account = accountOf(alice);
        deposits(alice, weth, 1e18);
        vm.prank(alice);
        vault.setOperator(account, bob, 2, block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.ReceiverNotOwner.selector, account, bob, bob));
        vm.prank(bob);
        vault.withdraw(account, address(weth), 1, bob);
        vm.prank(bob);
        vault.withdraw(account, address(weth), 1, alice);
        vm.prank(alice);
        vault.setOperator(account, bob, 2 + 8, block.timestamp + 1 days);
        vm.prank(bob);
        vault.withdraw(account, address(weth), 1, bob);
        assertEq(weth.balanceOf(bob), 1);
    }

    function test_withdraw_revertsWith_InsufficientCollateral() external {
        AccountId account = accountOf(alice);
        deposits(alice, weth, 1e18);
        vm.expectRevert(
            abi.encodeWithSelector(IAccountLedger.InsufficientCollateral.selector, account, weth, 1e18, 1e18 + 1)
        );
        vm.prank(alice);
        vault.withdraw(account, address(weth), 1e18 + 1, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IAccountLedger.InsufficientCollateral.selector, account, address(this), 0, 1)
        );
        vm.prank(alice);
        vault.withdraw(account, address(this), 1, alice);
    }

    function test_withdraw_revertsWith_ZeroAssets() external {
        deposits(alice, weth, 1e18);
        vm.expectRevert(IAccountLedger.ZeroAssets.selector);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 0, alice);
        vm.expectRevert(IAccountLedger.ZeroAssets.selector);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(wbtc), ALL, alice);
    }

    function test_withdraw_paysAll_withoutPrices_whenNothingIsOwed() external {
        AccountId account = accountOf(alice);
        deposits(alice, weth, 5e18);
        moves(weth, -1);
        skip(30 days);
        vm.expectEmit(address(vault));
        emit IAccountLedger.CollateralWithdrawn(account, address(weth), bob, 5e18, 0, 2);
        vm.prank(alice);
        uint256 assets = vault.withdraw(account, address(weth), ALL, bob);
        assertEq(assets, 5e18, "returned");
        assertEq(weth.balanceOf(bob), 5e18, "sent");
        (uint256 owed, uint256 held) = vault.reservesOf(address(weth));
        assertEq(owed + held, 0, "nothing left");
    }

    function test_withdraw_endsExactlyAtTheInitialLine() external {
        _alicePledgesAndBorrows(); // 93.75 WETH · 2,000 · 0.8 = 150,000
        withdraws(alice, weth, 6.25e18);
        assertEq(weth.balanceOf(alice), 6.25e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskEngine.InsufficientMargin.selector,
                accountOf(alice),
                150_000e18,
                150_000e18 - 1600
            )
        );
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 1, alice);
    }

    function test_withdraw_revertsWith_CollateralHeldByCall_belowMaintenance() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_750e8); // A_I = 99 · 1,750 · 0.8
        vm.expectRevert(
            abi.encodeWithSelector(IRiskEngine.CollateralHeldByCall.selector, accountOf(alice), 150_000e18, 138_600e18)
        );
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 1e18, alice);
    }

    function test_withdraw_revertsWith_CollateralHeldByCall_underACallThatRests() external {
        _alicePledgesAndBorrows();
        deposits(alice, wbtc, 1e3);
        moves(weth, 1_750e8);
        vault.issueMarginCall(accountOf(alice));
        moves(weth, 1_800e8); // covered at maintenance, not initially
        vault.clearMarginCall(accountOf(alice));
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(wbtc), 1e3, alice);
    }

    function test_withdraw_revertsWith_InsufficientMargin_atStaleCollateral_withTheReason() external {
        _alicePledgesAndBorrows();
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        feedOf[address(usdc)].push(1e8, uint64(block.timestamp));
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, weth, pushedAt, block.timestamp - 1 hours)
        );
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 1e18, alice);
    }

    function test_withdraw_revertsWith_AnswerStale_ofTheDebt() external {
        _alicePledgesAndBorrows();
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        feedOf[address(weth)].push(2_000e8, uint64(block.timestamp));
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, usdc, pushedAt, block.timestamp - 1 hours)
        );
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 1, alice);
    }

    /// at the initial line spot alone does not open: the slow average still says 2,000
    function test_withdraw_usesTheLowerOfSpotAndSlowAverage() external {
        _alicePledgesAndBorrows();
        moves(weth, 3_000e8);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 10e18, alice);
        settles();
        withdraws(alice, weth, 10e18);
    }

    function testFuzz_withdraw_leavesTheAccountAtItsInitialLine(uint256 owed, uint256 asked) external {
        owed = bound(owed, 100e6, 160_000e6);
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, owed);
        asked = bound(asked, 1, 100e18);
        vm.prank(alice);
        (bool success, ) = address(vault).call(
            abi.encodeCall(vault.withdraw, (accountOf(alice), address(weth), asked, alice))
        );
        assertEq(success, (100e18 - asked) * 1_600 >= owed * 1e12, "the gate");
        if (success) assertGe(_rowOf(accountOf(alice)).coverInitial, _rowOf(accountOf(alice)).requirement, "line");
    }
}
