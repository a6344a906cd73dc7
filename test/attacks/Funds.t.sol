// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FundDeployment} from "../support/FundDeployment.sol";

/// Stakers and lenders who would be gone when a loss comes: X20, L10; and S01 on an empty fund.
contract FundAttackTest is FundDeployment {
    /// X20: one who is always matured, by a request in each period, is still hit in each cooldown, and has to wait
    /// again after each window
    function test_X20_rollingRequestsBearLosses() external {
        stakes(mallory, 100_000e6);
        stakes(erin, 100_000e6);
        requests(mallory, 100_000e12);
        passes(COOLDOWN_FOR - 1);
        vm.prank(address(usdcPool));
        fund.slash(50_000e6);
        passes(1);
        assertEq(fund.maxWithdraw(mallory), 75_000e6, "hit in the cooldown");
        passes(WINDOW_FOR);
        vm.prank(address(usdcPool));
        fund.slash(50_000e6);
        assertEq(fund.maxWithdraw(mallory), 50_000e6, "hit in the window, until paid");
        passes(1);
        assertEq(fund.maxWithdraw(mallory), 0, "the window has passed");
        vm.prank(mallory);
        fund.cancelWithdrawal();
        requests(mallory, 100_000e12);
        assertEq(fund.maxWithdraw(mallory), 0, "a full cooldown again");
        assertEq(fund.requestOf(mallory).maturesAt, block.timestamp + COOLDOWN_FOR);
    }

    /// X20: the same shares cannot mature in the hands of several accounts in turn: they stay in escrow, and who gets
    /// shares starts anew
    function test_X20_staggeredAccountsDoNotShareShares() external {
        stakes(mallory, 100_000e6);
        requests(mallory, 100_000e12);
        passes(COOLDOWN_FOR);
        vm.expectPartialRevert(0xe450d38c); // ERC20InsufficientBalance
        vm.prank(mallory);
        fund.transfer(frank, 1);
        vm.startPrank(mallory);
        fund.cancelWithdrawal();
        fund.transfer(frank, 100_000e12);
        vm.stopPrank();
        requests(frank, 100_000e12);
        assertEq(fund.maxRedeem(mallory) + fund.maxRedeem(frank), 0, "nobody is matured");
    }

    /// X20: matured and ahead of the write-off, by flag or by slash, the price has borne the loss
    function test_X20_aMaturedStakerDoesNotEscapeAFlaggedLoss() external {
        stakes(mallory, 40_000e6);
        stakes(erin, 40_000e6);
        _alicePledgesAndBorrows();
        matures(mallory);
        uint256 snapshot = vm.snapshotState();
        assertGe(redeemsAll(mallory), 40_000e6, "the attack works while nothing is flagged");
        vm.revertToState(snapshot);
        _flags(0, 50_000e6);
        assertApproxEqAbs(redeemsAll(mallory), 15_000e6, 5e6, "flagged: it bears its half");
        _flags(50_000e6, 0);
        _aliceLoses();
        assertApproxEqAbs(fund.convertToAssets(fund.balanceOf(erin)), 15_000e6, 50e6, "and the other bears no more");
    }

    /// L10, X20: a lender ahead of a write-off
    function test_L10_X20_aLenderDoesNotEscapeAFlaggedLoss() external {
        lends(mallory, usdcPool, 5_000_000e6);
        _alicePledgesAndBorrows();
        uint256 shares = usdcPool.balanceOf(mallory);
        uint256 snapshot = vm.snapshotState();
        vm.prank(mallory);
        assertEq(usdcPool.redeem(shares, mallory, mallory), 5_000_000e6, "the attack works while nothing is flagged");
        vm.revertToState(snapshot);
        _flags(0, 50_000e6);
        vm.prank(mallory);
        uint256 got = usdcPool.redeem(shares, mallory, mallory);
        assertApproxEqAbs(got, 4_983_333_333_333, 2, "a third of the loss stays behind");
        _flags(50_000e6, 0);
        _aliceLoses();
        uint256 left = usdcPool.previewRedeem(usdcPool.balanceOf(carol));
        assertApproxEqAbs(left, 9_966_666_666_667, 100, "the other bears two thirds, not all");
    }

    /// X20: to come while a loss is flagged, at a price that has borne it, would be a gift: nobody can
    function test_X20_nobodyComesAtTheLowerPrice() external {
        stakes(erin, 40_000e6);
        _flags(0, 1_000_000e6);
        uint256 shares = stakes(mallory, 40_000e6);
        lends(mallory, usdcPool, 1_000_000e6);
        _flags(1_000_000e6, 0);
        assertLe(fund.convertToAssets(shares), 40_000e6, "stakers gain nothing by a false alarm");
        assertLe(usdcPool.maxWithdraw(mallory), 1_000_000e6, "nor do lenders");
    }

    /// income cannot be taken by coming in front of it and leaving behind it
    function test_X20_incomeIsNotSandwiched() external {
        stakes(erin, 40_000e6);
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 4_000_000e6);
        passes(365 days);
        stakes(mallory, 900_000e6);
        usdcPool.payFund();
        assertLe(fund.convertToAssets(fund.balanceOf(mallory)), 900_000e6, "all of it was there before");
    }

    /// S01: a first staker who inflates the price loses more than the next one
    function test_S01_theFirstStakerCannotInflate() external {
        usdc.mint(mallory, 20_000e6);
        vm.startPrank(mallory);
        fund.deposit(1, mallory);
        usdc.transfer(address(fund), 10_000e6);
        vm.stopPrank();
        stakes(erin, 19_999e6);
        assertGe(fund.convertToAssets(fund.balanceOf(erin)), 19_999e6 - 1, "a donation is not counted");
    }

    /// S01: income that came before the first staker is not at work for it
    function test_S01_incomeBeforeTheFirstStakerInflatesNothing() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 4_000_000e6);
        passes(365 days);
        assertGt(usdcPool.totals().setAsideAssets, 6_000e6, "there is some");
        stakes(mallory, 1);
        passes(1 days);
        stakes(erin, 10_000e6);
        assertGe(
            fund.convertToAssets(fund.balanceOf(erin)),
            10_000e6 - 100,
            "a day's income moves the price by little"
        );
    }
}
