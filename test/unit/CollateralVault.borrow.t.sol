// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IPositions} from "../../contracts/interfaces/IPositions.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// borrow
/// ├── when the caller may not, the receiver is zero or not the owner's, or the assets are zero
/// │   └── it reverts
/// ├── given the pool is not listed, paused, out of cash, at its cap, or the debt would be below its minimum
/// │   └── it reverts
/// ├── given the account owes four other pools
/// │   └── it reverts
/// ├── when the account ends below its initial line
/// │   └── it reverts
/// └── else it sends the cash, raises the debt, tells both
contract CollateralVaultBorrowTest is Deployment {
    function test_borrow_revertsWith_NotPermitted() external {
        deposits(alice, weth, 100e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, accountOf(alice), mallory, 4));
        vm.prank(mallory);
        vault.borrow(accountOf(alice), USDC, 1_000e6, mallory);
    }

    function test_borrow_revertsWith_ZeroReceiver() external {
        vm.expectRevert(IAccountLedger.ZeroReceiver.selector);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, address(0));
    }

    function test_borrow_revertsWith_ReceiverNotOwner() external {
        AccountId account = accountOf(alice);
        vm.prank(alice);
        vault.setOperator(account, bob, 4, block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.ReceiverNotOwner.selector, account, bob, bob));
        vm.prank(bob);
        vault.borrow(account, USDC, 1_000e6, bob);
    }

    function test_borrow_revertsWith_ZeroAssets() external {
        vm.expectRevert(IAccountLedger.ZeroAssets.selector);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 0, alice);
    }

    function test_borrow_revertsWith_PoolNotListed() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, PoolId.wrap(2)));
        vm.prank(alice);
        vault.borrow(accountOf(alice), PoolId.wrap(2), 1, alice);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, PoolId.wrap(255)));
        vm.prank(alice);
        vault.borrow(accountOf(alice), PoolId.wrap(255), 1, alice);
    }

    function test_borrow_revertsWith_BorrowPaused() external {
        vault.setBorrowPause(USDC, true);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.BorrowPaused.selector, USDC));
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice);
    }

    function test_borrow_revertsWith_DebtBelowMinimum() external {
        deposits(alice, weth, 1e18);
        vm.expectRevert(
            abi.encodeWithSelector(IAccountLedger.DebtBelowMinimum.selector, accountOf(alice), USDC, 100e6 - 1, 100e6)
        );
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 100e6 - 1, alice);
        borrows(alice, USDC, 100e6);
    }

    function test_borrow_revertsWith_InsufficientCash() external {
        deposits(alice, weth, 10_000e18);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.InsufficientCash.selector, 10_000_000e6, 10_000_000e6 + 1));
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 10_000_000e6 + 1, alice);
        borrows(alice, USDC, 10_000_000e6);
    }

    function test_borrow_revertsWith_BorrowCapExceeded() external {
        ILendingPool.Terms memory terms = _terms(100_000_000e6, 0);
        terms.borrowCapAssets = 5_000e6;
        usdcPool.setTerms(terms);
        deposits(alice, weth, 100e18);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.BorrowCapExceeded.selector, 5_000e6 + 1, 5_000e6));
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 5_000e6 + 1, alice);
        borrows(alice, USDC, 5_000e6);
    }

    function test_borrow_revertsWith_TooManyDebts() external {
        deposits(alice, weth, 1_000e18);
        borrows(alice, USDC, 100e6);
        borrows(alice, DAI, 100e18);
        for (uint8 i = 2; i < 5; ++i) {
            MockToken cash = new MockToken("cash", "CASH", 6);
            _list(address(cash), 1e8, 0);
            ILendingPool pool = _pool(cash, "pool", 1, 1e15);
            vault.setPair(address(weth), PoolId.wrap(i), _pair(200_000, 150_000, 200_000_000e18, 10_00));
            cash.mint(carol, 1_000e6);
            vm.prank(carol);
            cash.approve(address(pool), ALL);
            vm.prank(carol);
            pool.deposit(1_000e6, carol);
            if (i < 4) borrows(alice, PoolId.wrap(i), 100e6);
        }
        vm.expectRevert(abi.encodeWithSelector(IPositions.TooManyDebts.selector, accountOf(alice), 5, 4));
        vm.prank(alice);
        vault.borrow(accountOf(alice), PoolId.wrap(4), 100e6, alice);
    }

    function test_borrow_revertsWith_InsufficientMargin() external {
        deposits(alice, weth, 100e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskEngine.InsufficientMargin.selector,
                accountOf(alice),
                160_000e18 + 1e12,
                160_000e18
            )
        );
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 160_000e6 + 1, alice);
        borrows(alice, USDC, 160_000e6);
    }

    /// a collateral that the pool has no terms for covers nothing
    function test_borrow_revertsWith_CollateralWithoutCredit_againstAnUnlistedPair() external {
        MockToken other = _token("OTHER", 18, 1e8, 1e24);
        _approveAll(alice);
        deposits(alice, other, 1e22);
        vm.expectRevert(abi.encodeWithSelector(IRiskEngine.CollateralWithoutCredit.selector, accountOf(alice), other));
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 100e6, alice);
    }

    function test_borrow_revertsWith_CollateralWithoutCredit_whileSeizureIsPaused() external {
        deposits(alice, weth, 100e18);
        vault.setAssetPause(address(weth), false, true);
        vm.expectRevert(abi.encodeWithSelector(IRiskEngine.CollateralWithoutCredit.selector, accountOf(alice), weth));
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 100e6, alice);
    }

    function test_borrow_revertsWith_AnswerStale() external {
        deposits(alice, weth, 100e18);
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        feedOf[address(usdc)].push(1e8, uint64(block.timestamp));
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, weth, pushedAt, block.timestamp - 1 hours)
        );
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice);
    }

    function test_borrow_countsTheDebtAtTheHigherOfSpotAndSlowAverage() external {
        deposits(alice, weth, 100e18);
        moves(usdc, 0.9e8);
        vm.expectRevert(
            abi.encodeWithSelector(IRiskEngine.InsufficientMargin.selector, accountOf(alice), 161_000e18, 160_000e18)
        );
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 161_000e6, alice);
    }

    function test_borrow_sendsTheCashAndTells() external {
        deposits(alice, weth, 100e18);
        vm.expectEmit(address(vault));
        emit IAccountLedger.Borrowed(accountOf(alice), USDC, bob, 1_000e6, 1_000e6, 1e12, 2);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, bob);
        assertEq(usdc.balanceOf(bob), 1_000e6, "sent");
        (uint256 shares, uint256 owed) = vault.debtOf(accountOf(alice), USDC);
        assertEq(shares, 1_000e6, "shares");
        assertEq(owed, 1_000e6, "owed");
        assertEq(usdcPool.totals().debtShares, 1_000e6, "pool");
        borrows(alice, DAI, 1_000e18);
        (shares, owed) = vault.debtOf(accountOf(alice), DAI);
        assertEq(shares, 1_000e12, "shares of 1e6 wei");
        assertEq(owed, 1_000e18, "owed");
    }

    /// interest and rounding are the borrower's: the debt is never less than what was borrowed
    function testFuzz_borrow_neverOwesLess(uint256 first, uint256 elapsedFor, uint256 second) external {
        deposits(alice, weth, 10_000e18);
        first = bound(first, 100e18, 1_000_000e18);
        second = bound(second, 100e18, 1_000_000e18);
        borrows(alice, DAI, first);
        passes(bound(elapsedFor, 0, 365 days));
        (, uint256 before) = vault.debtOf(accountOf(alice), DAI);
        assertGe(before, first, "after time");
        borrows(alice, DAI, second);
        (, uint256 present) = vault.debtOf(accountOf(alice), DAI);
        assertGe(present, before + second, "after the second");
        assertLe(present, before + second + 2e9, "rounding");
    }
}
