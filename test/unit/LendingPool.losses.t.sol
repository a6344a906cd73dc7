// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {BrokenFund} from "../../contracts/mocks/BrokenFund.sol";
import {FundDeployment} from "../support/FundDeployment.sol";

/// Losses of a pool
/// ├── go to the fee reserve, to what is set aside, to the stake, to lenders, in this order
/// ├── given a fund that fails in any way, they go on to lenders and stop nothing
/// ├── given too little gas to ask the fund, the call fails
/// ├── given a flagged loss
/// │   ├── who leaves pays their part, of pool and fund; who comes pays the full price
/// │   ├── who stays loses nothing by it
/// │   └── the fund stays
/// └── the fund's share of fees
///     ├── goes to the fund, as far as there is cash
///     └── given no fund or no stakers, joins the fee reserve
contract LendingPoolLossesTest is FundDeployment {
    // ---- the waterfall ----

    function test_loss_goesToTheFundFirst() external {
        stakes(erin, 60_000e6);
        _alicePledgesAndBorrows();
        uint256 before = usdcPool.totalAssets();
        _aliceIsInsolvent();
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.LossAbsorbed(50_000e6, 0, 0, 50_000e6, 0);
        _writesAliceOff();
        assertEq(usdcPool.totalAssets(), before, "lenders lose nothing");
        assertEq(fund.totalAssets(), 10_000e6, "stakers do");
        assertEq(usdcPool.totals().cashAssets, 9_850_000e6 + 100_000e6 + 50_000e6, "paid in cash");
        usdcPool.requireCash();
    }

    function test_loss_goesThroughAllLayers() external {
        stakes(erin, 10_000e6);
        _alicePledgesAndBorrows();
        passes(365 days);
        ILendingPool.Totals memory totals = usdcPool.totals();
        assertApproxEqAbs(totals.feeAssets, totals.setAsideAssets, 1, "half of the fees each");
        uint256 before = usdcPool.totalAssets();
        uint256 loss = totals.debtAssets - 100_000e6;
        uint256 rest = loss - totals.feeAssets - totals.setAsideAssets - 10_000e6;
        _aliceIsInsolvent();
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.LossAbsorbed(loss, totals.feeAssets, totals.setAsideAssets, 10_000e6, rest);
        _writesAliceOff();
        assertEq(usdcPool.totalAssets(), before - rest, "lenders bear the rest");
        totals = usdcPool.totals();
        assertEq(totals.feeAssets + totals.setAsideAssets + fund.totalAssets(), 0, "all else is used up");
        assertEq(totals.cashAssets + totals.debtAssets, usdcPool.totalAssets(), "A14");
    }

    /// the four parts are the loss, layers are used up in order, and the books agree
    function testFuzz_loss_isTheSumOfItsParts(uint256 staked, uint256 elapsedFor, uint256 lostShares) external {
        stakes(erin, bound(staked, 1, 1_000_000e6));
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 5_000_000e6);
        passes(bound(elapsedFor, 0, 365 days));
        lostShares = bound(lostShares, 1, 5_000_000e6);
        ILendingPool.Totals memory totals = usdcPool.totals();
        (uint256 lenders, uint256 stake) = (usdcPool.totalAssets(), fund.stakedAssets());
        vm.prank(address(vault));
        usdcPool.settle(0, 0, 0, lostShares);
        ILendingPool.Totals memory found = usdcPool.totals();
        uint256 loss = totals.debtAssets - found.debtAssets;
        uint256 fees = totals.feeAssets - found.feeAssets;
        uint256 fund_ = totals.setAsideAssets - found.setAsideAssets + stake - fund.stakedAssets();
        uint256 borne = lenders - usdcPool.totalAssets();
        assertEq(fees + fund_ + borne, loss, "nothing is lost on the way");
        if (fund_ != 0) assertEq(found.feeAssets, 0, "the reserve first");
        if (borne != 0) assertEq(fund.totalAssets(), 0, "the fund before lenders");
        assertEq(usdcPool.totalAssets() + found.feeAssets + found.setAsideAssets, found.cashAssets + found.debtAssets);
        usdcPool.requireCash();
    }

    function test_aBrokenFund_stopsNothing() external {
        BrokenFund broken = _breaksTheFund();
        for (uint256 way; way < 5; ++way) {
            uint256 snapshot = vm.snapshotState();
            broken.setWay(BrokenFund.Way(way));
            bool isHeard = way == uint256(BrokenFund.Way.LIES);
            uint256 before = usdcPool.totalAssets();
            _aliceIsInsolvent();
            if (!isHeard) {
                vm.expectEmit(address(usdcPool));
                emit ILendingPool.FundFailed(address(broken), 50_000e6);
            }
            _writesAliceOff();
            assertEq(usdcPool.totalAssets(), before - 50_000e6, "lenders bear it");
            usdcPool.requireCash();
            vm.revertToState(snapshot);
        }
    }

    /// a redemption while a loss is flagged, as well
    function test_aBrokenFund_insuresNothing() external {
        BrokenFund broken = _breaksTheFund();
        _flags(0, 50_000e6);
        for (uint256 way; way < 4; ++way) {
            broken.setWay(BrokenFund.Way(way));
            assertEq(usdcPool.flaggedLoss().fromLendersAssets, 50_000e6);
        }
    }

    function test_settle_revertsWith_InsufficientGas() external {
        stakes(erin, 60_000e6);
        _alicePledgesAndBorrows();
        vm.expectPartialRevert(ILendingPool.InsufficientGas.selector);
        vm.prank(address(vault));
        usdcPool.settle{gas: 330_000}(0, 0, 0, 50_000e6);
        vm.prank(address(vault));
        usdcPool.settle{gas: 400_000}(0, 0, 0, 50_000e6);
        assertEq(fund.totalAssets(), 10_000e6, "with a little more the fund pays");
    }

    // ---- flagged losses ----

    function test_flaggedLoss_saysWhoWouldBearIt() external {
        stakes(erin, 10_000e6);
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.FlaggedLossRevised(50_000e6);
        _flags(0, 50_000e6);
        ILendingPool.FlaggedLoss memory flagged = usdcPool.flaggedLoss();
        assertEq(flagged.lossAssets, 50_000e6, "loss");
        assertEq(flagged.fromFeesAssets, 0, "reserve");
        assertEq(flagged.fromFundAssets, 10_000e6, "fund");
        assertEq(flagged.fromLendersAssets, 40_000e6, "lenders");
        _flags(0, 30_000e6);
        _flags(50_000e6, 20_000e6);
        assertEq(usdcPool.flaggedLoss().lossAssets, 50_000e6, "of two accounts");
        _flags(30_000e6, 0);
        _flags(20_000e6, 0);
        assertEq(abi.encode(usdcPool.flaggedLoss()), new bytes(128), "none");
    }

    function test_flaggedLoss_neverStopsTheVault() external {
        _flags(0, 1e6);
        _flags(2e6, 0);
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "not below zero");
        _flags(0, ALL);
        assertEq(usdcPool.flaggedLoss().lossAssets, type(uint96).max, "not above its slot");
        assertEq(usdcPool.maxWithdraw(carol), 0, "all of it");
        assertEq(usdcPool.maxRedeem(carol), 0);
    }

    function test_whoLeaves_paysTheFlaggedLoss() external {
        stakes(erin, 10_000e6);
        _flags(0, 1_010_000e6);
        // 10,000,000 of lenders less the 1,000,000 that the fund would not bear
        assertEq(usdcPool.totalAssets(), 10_000_000e6, "as booked");
        assertEq(usdcPool.previewRedeem(1_000e12), 900e6, "nine tenths");
        assertEq(usdcPool.maxWithdraw(carol), 9_000_000e6);
        vm.prank(carol);
        assertEq(usdcPool.redeem(1_000e12, carol, carol), 900e6);
        vm.prank(carol);
        assertApproxEqAbs(usdcPool.withdraw(900e6, carol, carol), 1_000e12, 100, "nor less than it has to");
        assertGt(usdcPool.convertToAssets(1e12), 1e6, "those who stay keep what is left behind");
        lends(bob, usdcPool, 1_000e6);
        assertLt(usdcPool.balanceOf(bob), 1_000e12, "nobody comes at the lower price");
    }

    function test_whoLeavesTheFund_paysTheFlaggedLoss() external {
        stakes(erin, 10_000e6);
        matures(erin);
        _flags(0, 4_000e6);
        assertEq(fund.totalAssets(), 10_000e6, "as booked");
        assertEq(redeemsAll(erin), 6_000e6);
        assertEq(fund.stakedAssets(), 4_000e6, "left to bear it");
    }

    /// what is booked afterwards hits those who stay no harder than if nobody had left
    function testFuzz_leaving_costsNobody(uint256 staked, uint256 flagged, uint256 left) external {
        lends(bob, usdcPool, 1_000_000e6);
        stakes(erin, bound(staked, 1e6, 500_000e6));
        _alicePledgesAndBorrows();
        flagged = bound(flagged, 0, 150_000e6);
        uint256 snapshot = vm.snapshotState();
        vm.prank(address(vault));
        usdcPool.settle(0, 0, 0, flagged);
        uint256 expected = usdcPool.previewRedeem(usdcPool.balanceOf(bob));
        vm.revertToState(snapshot);
        _flags(0, flagged);
        uint256 before = usdcPool.convertToAssets(1e18);
        left = bound(left, 1e12, usdcPool.maxRedeem(carol));
        vm.prank(carol);
        usdcPool.redeem(left, carol, carol);
        assertGe(usdcPool.convertToAssets(1e18), before, "the price as booked never falls");
        _flags(flagged, 0);
        vm.prank(address(vault));
        usdcPool.settle(0, 0, 0, flagged);
        assertGe(usdcPool.previewRedeem(usdcPool.balanceOf(bob)), expected, "nor does what it will be");
    }

    function testFuzz_max_neverRevertsWhenUsed_whileFlagged(uint256 flagged, uint256 borrowed) external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, bound(borrowed, 100e6, 10_000_000e6));
        _flags(0, bound(flagged, 0, 11_000_000e6));
        uint256 most = usdcPool.maxRedeem(carol) / 2;
        vm.startPrank(carol);
        if (usdcPool.previewRedeem(most) != 0) {
            assertEq(usdcPool.previewRedeem(most), usdcPool.redeem(most, carol, carol), "preview");
        }
        most = usdcPool.maxWithdraw(carol);
        if (most != 0) usdcPool.withdraw(most, carol, carol);
        vm.stopPrank();
    }

    // ---- the fund's share of fees ----

    function test_payFund_sendsAndTells() external {
        stakes(erin, 1_000e6);
        uint256 setAside = _earn();
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.FundPaid(address(fund), setAside);
        assertEq(usdcPool.payFund(), setAside);
        assertEq(fund.stakedAssets(), 1_000e6 + setAside, "arrived");
        assertEq(usdcPool.totals().setAsideAssets, 0, "left");
        assertEq(usdcPool.payFund(), 0, "once");
    }

    function test_payFund_asFarAsThereIsCash() external {
        stakes(erin, 1_000e6);
        uint256 setAside = _earn();
        uint256 cash = usdcPool.totals().cashAssets;
        vm.prank(carol);
        usdcPool.withdraw(cash - 7, carol, carol);
        assertEq(usdcPool.payFund(), 7, "all there is");
        assertEq(usdcPool.totals().setAsideAssets, setAside - 7, "the rest waits");
        assertEq(usdcPool.payFund(), 0);
    }

    function test_payFund_withoutStakers_goesToTheReserve() external {
        uint256 setAside = _earn();
        uint256 before = usdcPool.totals().feeAssets;
        uint256 lenders = usdcPool.totalAssets();
        usdc.mint(erin, 1_000e6);
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.SetAsideReturned(setAside);
        vm.prank(erin);
        fund.deposit(1_000e6, erin);
        assertEq(usdcPool.totals().feeAssets, before + setAside);
        assertEq(usdcPool.totalAssets(), lenders, "not the lenders'");
        assertEq(fund.totalAssets(), 1_000e6, "not the first staker's");
    }

    /// 18 decimals: in whole share units of 1e6, the rest stays in the reserve
    function test_setAside_isInShareUnits() external {
        ILendingPool.Terms memory terms = _terms(100_000_000e18, 100e18);
        terms.fundBps = 33_33;
        daiPool.setTerms(terms);
        deposits(alice, weth, 1_000e18);
        borrows(alice, DAI, 123_456e18 + 789);
        passes(12_345);
        ILendingPool.Totals memory totals = daiPool.totals();
        assertEq(totals.setAsideAssets % 1e6, 0, "whole units");
        uint256 share = ((totals.setAsideAssets + totals.feeAssets) * 33_33) / 1e4;
        assertLe(totals.setAsideAssets, share, "rounded down");
        assertGt(totals.setAsideAssets + 1e6, share, "by less than one");
        assertEq(
            daiPool.totalAssets() + totals.feeAssets + totals.setAsideAssets,
            totals.cashAssets + totals.debtAssets
        );
    }

    function test_liquidationFees_areSharedToo() external {
        _alicePledgesAndBorrows();
        vm.prank(address(vault));
        usdcPool.repayDebt(0, 0);
        usdc.mint(address(usdcPool), 1_000e6);
        vm.prank(address(vault));
        usdcPool.settle(0, 0, 1_000e6, 0);
        assertEq(usdcPool.totals().feeAssets, 500e6);
        assertEq(usdcPool.totals().setAsideAssets, 500e6);
    }

    // ---- another fund ----

    function test_setFund_tellsOldAndNew_andReturnsWhatIsSetAside() external {
        stakes(erin, 1_000e6);
        uint256 setAside = _earn();
        uint256 before = usdcPool.totals().feeAssets;
        address next = address(_fund(address(usdcPool)));
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.FundSet(address(fund), next);
        usdcPool.setFund(next);
        assertEq(usdcPool.totals().feeAssets, before + setAside);
        assertEq(fund.totalAssets(), 1_000e6, "the old one has its stake");
        matures(erin);
        assertEq(redeemsAll(erin), 1_000e6, "and gives it back");
        usdcPool.setFund(address(0));
        assertEq(usdcPool.fund(), address(0), "none");
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 150_000e6);
        moves(weth, 1_010e8);
        writesOff(dave, bob);
    }

    function test_setFund_refusals() external {
        address other = address(_fund(address(daiPool)));
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.FundOfAnotherPool.selector, other));
        usdcPool.setFund(other);
        other = address(new BrokenFund(address(usdcPool), address(dai)));
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.FundOfAnotherPool.selector, other));
        usdcPool.setFund(other);
        _flags(0, 1);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.LossFlagged.selector, 1));
        usdcPool.setFund(address(0));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        usdcPool.setFund(address(0));
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.CallerNotVault.selector, mallory));
        vm.prank(mallory);
        usdcPool.reviseFlaggedLoss(0, 1);
    }

    function test_claimsOf_aStranger_areNone() external {
        _earn();
        _flags(0, 1e6);
        assertEq(abi.encode(usdcPool.claimsOf(mallory)), new bytes(96));
        assertGt(usdcPool.claimsOf(address(fund)).setAsideAssets, 0);
    }

    function _earn() private returns (uint256) {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 4_000_000e6);
        passes(365 days);
        return usdcPool.totals().setAsideAssets;
    }

    function _breaksTheFund() private returns (BrokenFund broken) {
        _alicePledgesAndBorrows();
        broken = new BrokenFund(address(usdcPool), address(usdc));
        usdcPool.setFund(address(broken));
    }
}
