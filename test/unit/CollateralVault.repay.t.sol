// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IMarginCallEvents} from "../../contracts/interfaces/IMarginCalls.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// repay
/// ├── when the assets are zero, or nothing is owed to the pool
/// │   └── it reverts
/// ├── when less than the pool's minimum would be left
/// │   └── it reverts
/// ├── when as much as is owed, or more, is offered
/// │   └── it takes what is owed and closes the debt
/// └── else it takes the assets from the caller, whoever that is, whatever is paused or stale, and lowers the debt
contract CollateralVaultRepayTest is Deployment {
    function test_repay_revertsWith_ZeroAssets() external {
        vm.expectRevert(IAccountLedger.ZeroAssets.selector);
        vault.repay(accountOf(alice), USDC, 0);
    }

    function test_repay_revertsWith_NoDebt() external {
        _alicePledgesAndBorrows();
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NoDebt.selector, accountOf(alice), DAI));
        vault.repay(accountOf(alice), DAI, 1);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NoDebt.selector, accountOf(alice), PoolId.wrap(200)));
        vault.repay(accountOf(alice), PoolId.wrap(200), 1);
    }

    function test_repay_revertsWith_DebtBelowMinimum() external {
        _alicePledgesAndBorrows();
        vm.expectRevert(
            abi.encodeWithSelector(IAccountLedger.DebtBelowMinimum.selector, accountOf(alice), USDC, 100e6 - 1, 100e6)
        );
        vm.prank(alice);
        vault.repay(accountOf(alice), USDC, 150_000e6 - 100e6 + 1);
    }

    function test_repay_closesTheDebt() external {
        _alicePledgesAndBorrows();
        AccountId account = accountOf(alice);
        vm.expectEmit(address(vault));
        emit IAccountLedger.Repaid(account, USDC, alice, 150_000e6, 0, 1e12, 3);
        vm.prank(alice);
        uint256 repaid = vault.repay(account, USDC, 150_000e6 + 5);
        assertEq(repaid, 150_000e6, "no more than owed");
        assertEq(usdc.balanceOf(alice), 0, "paid");
        assertEq(usdcPool.totals().cashAssets, 10_000_000e6, "cash is back");
        assertEq(usdcPool.totals().debtShares, 0, "no debt");
        assertEq(vault.accountOf(account).snapshot.debts.length, 0, "slot closed");
        withdraws(alice, weth, ALL);
    }

    function test_repay_byAStranger_whilePausedAndStale() external {
        _alicePledgesAndBorrows();
        vault.setBorrowPause(USDC, true);
        skip(30 days);
        usdc.mint(mallory, 1_000e6);
        (, uint256 before) = vault.debtOf(accountOf(alice), USDC);
        vm.prank(mallory);
        uint256 repaid = vault.repay(accountOf(alice), USDC, 1_000e6);
        (, uint256 present) = vault.debtOf(accountOf(alice), USDC);
        assertEq(repaid, 1_000e6, "repaid");
        assertLe(present, before - 1_000e6 + 1, "lower");
        assertGe(present, before - 1_000e6, "not too low");
    }

    function test_repay_all_paysTheInterest() external {
        _alicePledgesAndBorrows();
        passes(365 days);
        (, uint256 owed) = vault.debtOf(accountOf(alice), USDC);
        assertGt(owed, 150_000e6 + 1_500e6, "a year at 1 % and more");
        repays(alice, USDC, ALL);
        (uint256 shares, ) = vault.debtOf(accountOf(alice), USDC);
        assertEq(shares, 0, "closed");
        assertEq(usdcPool.totals().cashAssets, 10_000_000e6 - 150_000e6 + owed, "interest came in");
    }

    /// a payment smaller than a debt share is a gift to the pool
    function test_repay_lessThanAShare_lowersNothing() external {
        deposits(alice, weth, 100e18);
        borrows(alice, DAI, 10_000e18);
        (uint256 before, ) = vault.debtOf(accountOf(alice), DAI);
        vm.prank(alice);
        vault.repay(accountOf(alice), DAI, 999_999);
        (uint256 present, ) = vault.debtOf(accountOf(alice), DAI);
        assertEq(present, before, "unchanged");
        assertEq(daiPool.totals().cashAssets, 10_000_000e18 - 10_000e18 + 999_999, "kept");
    }

    function test_repay_curesACall() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_750e8);
        vault.issueMarginCall(accountOf(alice));
        vm.expectEmit(address(vault));
        emit IMarginCallEvents.MarginCallCured(accountOf(alice), 5);
        vm.prank(alice);
        vault.repay(accountOf(alice), USDC, 10_000e6); // 140,000 = 100 · 1,750 · 0.8
        assertEq(vault.accountOf(accountOf(alice)).callState, 0);
    }

    function testFuzz_repay_neverForgivesAUnit(uint256 elapsedFor, uint256 part) external {
        deposits(alice, weth, 1_000e18);
        borrows(alice, USDC, 100_000e6);
        passes(bound(elapsedFor, 0, 365 days));
        (, uint256 before) = vault.debtOf(accountOf(alice), USDC);
        part = bound(part, 1, before - 101e6);
        usdc.mint(alice, part);
        uint256 gross = usdcPool.totals().cashAssets + usdcPool.totals().debtAssets;
        vm.prank(alice);
        vault.repay(accountOf(alice), USDC, part);
        (, uint256 present) = vault.debtOf(accountOf(alice), USDC);
        assertGe(present + part, before, "no unit forgiven");
        assertLe(present + part, before + 1, "no unit too many");
        assertGe(usdcPool.totals().cashAssets + usdcPool.totals().debtAssets, gross, "lenders lose nothing");
    }
}
