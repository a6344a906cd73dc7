// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IMarginCallEvents} from "../../contracts/interfaces/IMarginCalls.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Vm} from "../support/Vm.sol";
import {Deployment} from "../support/Deployment.sol";

/// liquidate ├── when the caller's own conditions do not hold (deadline, count, legs, minimum out), it reverts ├──
/// given the account is covered, insolvent, not called or in time, or a debt is unpriced, it reverts ├── when a leg
/// names what is not there, not fresh or paused, or repays too little, it reverts └── else it repays the least that
/// reaches the target, takes collateral for it with the bonus, books the fee, and tells why
contract CollateralVaultLiquidateTest is Deployment {
    AccountId internal account;

    function setUp() public override {
        super.setUp();
        _alicePledgesAndBorrows();
        account = accountOf(alice);
        _fundKeeper();
    }

    // ---- what the caller asks ----

    function test_liquidate_revertsWith_LegsOutOfRange() external {
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.LegsOutOfRange.selector, 0, 32));
        _try(new ILiquidation.Leg[](0));
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.LegsOutOfRange.selector, 33, 32));
        _try(new ILiquidation.Leg[](33));
    }

    function test_liquidate_revertsWith_DeadlinePassed() external {
        uint256 deadline = block.timestamp - 1;
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.DeadlinePassed.selector, deadline, block.timestamp));
        vm.prank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), 0, deadline, dave, "");
    }

    function test_liquidate_revertsWith_UnexpectedLiquidations() external {
        moves(weth, 1_700e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.UnexpectedLiquidations.selector, account, 0, 1));
        vm.prank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), 1, block.timestamp, dave, "");
    }

    function test_liquidate_revertsWith_OutputBelowMinimum() external {
        moves(weth, 1_700e8);
        ILiquidation.Leg[] memory legs = leg(weth, USDC, ALL);
        legs[0].minimumOut = 56e18;
        vm.prank(dave);
        (bool success, bytes memory answer) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, legs, 0, block.timestamp, dave, ""))
        );
        assertFalse(success);
        assertEq(bytes4(answer), ILiquidationRun.OutputBelowMinimum.selector);
        legs[0].minimumOut = 55e18;
        _try(legs);
    }

    // ---- the state of the account ----

    function test_liquidate_revertsWith_NotLiquidatable() external {
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidationRun.NotLiquidatable.selector, account, 150_000e18, 170_000e18)
        );
        _try(leg(weth, USDC, ALL));
    }

    function test_liquidate_revertsWith_NotCalled() external {
        moves(weth, 1_750e8);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidation.NotCalled.selector, account, 0.04761904761904762e18, 20_00)
        );
        _try(leg(weth, USDC, ALL));
    }

    function test_liquidate_revertsWith_CureTimeLeft_untilTheDeadline() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        vm.warp(deadline);
        moves(weth, 1_750e8);
        moves(usdc, 1e8);
        vm.prank(dave);
        (bool success, bytes memory answer) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, leg(weth, USDC, ALL), 0, block.timestamp, dave, ""))
        );
        assertFalse(success, "the last second is the owner's");
        assertEq(bytes4(answer), ILiquidation.CureTimeLeft.selector);
        skip(1);
        _try(leg(weth, USDC, ALL));
    }

    function test_liquidate_revertsWith_CureTimeLeft_withItsFacts() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidation.CureTimeLeft.selector, account, deadline, 0.04761904761904762e18, 20_00)
        );
        _try(leg(weth, USDC, ALL));
    }

    function test_liquidate_revertsWith_AccountInsolvent() external {
        moves(weth, 1_522e8);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidation.AccountInsolvent.selector, account, 150_000e18, 152_200e18)
        );
        _try(leg(weth, USDC, ALL));
    }

    function test_liquidate_revertsWith_AnswerStale_ofTheDebt() external {
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        moves(weth, 1_700e8);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, usdc, pushedAt, block.timestamp - 1 hours)
        );
        _try(leg(weth, USDC, ALL));
    }

    // ---- legs ----

    function test_liquidate_revertsWith_CollateralNotSeizable() external {
        moves(weth, 1_700e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, wbtc));
        _try(leg(wbtc, USDC, ALL));
        vault.setAssetPause(address(weth), false, true);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, weth));
        _try(leg(weth, USDC, ALL));
    }

    function test_liquidate_revertsWith_CollateralNotSeizable_whenNothingIs() external {
        deposits(alice, wbtc, 1e6);
        moves(weth, 1_650e8);
        vault.setAssetPause(address(weth), false, true);
        vault.setAssetPause(address(wbtc), false, true);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, weth));
        _try(leg(weth, USDC, ALL));
    }

    function test_liquidate_revertsWith_CollateralNotSeizable_whenStale() external {
        deposits(alice, wbtc, 1e6);
        skip(1 hours + 1);
        moves(weth, 1_690e8);
        moves(usdc, 1e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, wbtc));
        _try(leg(wbtc, USDC, ALL));
        _try(leg(weth, USDC, ALL));
    }

    /// the shape of the bonus goes by the largest and the smallest factor, in whichever order the pools stand
    function test_liquidate_debtsOfDifferentFactors() external {
        vault.setDebtFactor(USDC, 1_020_000);
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 50_000e6);
        borrows(bob, DAI, 50_000e18);
        moves(weth, 1_120e8);
        uint256 before = _rowOf(accountOf(bob)).requirement;
        vm.prank(dave);
        vault.liquidate(accountOf(bob), leg(weth, DAI, ALL), 0, block.timestamp, dave, "");
        assertEq(_liquidationsOf(accountOf(bob)), 1);
        assertLt(_rowOf(accountOf(bob)).requirement, before, "repaid");
    }

    function test_liquidate_revertsWith_DebtNotOwed() external {
        moves(weth, 1_700e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.DebtNotOwed.selector, account, DAI));
        _try(leg(weth, DAI, ALL));
    }

    function test_liquidate_revertsWith_NothingToRepay_whenTheMaximumIsZero() external {
        moves(weth, 1_700e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.NothingToRepay.selector, account));
        _try(leg(weth, USDC, 0));
    }

    /// taking the better collateral of a weak basket at a bonus would lower its coverage
    function test_liquidate_revertsWith_NothingToRepay_whenNoBonusIsLeft() external {
        deposits(bob, wbtc, 1e7); // 6,000
        deposits(bob, link, 10_000e18); // 150,000
        borrows(bob, USDC, 105_000e6);
        moves(link, 10.3e8); // 103,000: H = (5,220 + 80,340) / 105,000 = 0.815 < 0.87 · 1.01
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.NothingToRepay.selector, accountOf(bob)));
        vm.prank(dave);
        vault.liquidate(accountOf(bob), leg(wbtc, USDC, ALL), 0, block.timestamp, dave, "");
        liquidates(dave, bob, link, USDC, ALL);
    }

    function test_liquidate_revertsWith_RepaymentTooSmall() external {
        moves(weth, 1_700e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.RepaymentTooSmall.selector, account, 99e18, 100e18));
        _try(leg(weth, USDC, 99e6));
        _try(leg(weth, USDC, 100e6));
    }

    // ---- outcome ----

    /// x*, s and φ by hand: τ = 1.1058, β = 0.0207843…, see the numbers of the comment in Deployment
    function test_liquidate_repaysTheLeastThatReachesTheTarget() external {
        moves(weth, 1_700e8);
        uint256 before = usdcPool.totals().cashAssets;
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, ALL);
        assertApproxEqAbs(receipt.leastValue, 91_370.341338274074e18, 1e9, "x*");
        assertApproxEqAbs(receipt.repaidAssets, 91_370.341339e6, 1, "repaid");
        assertApproxEqAbs(receipt.seizedAssets, 55.133095814438384e18, 1e12, "seized");
        assertApproxEqAbs(receipt.feeAssets, 456.851707e6, 1, "fee");
        assertEq(receipt.collateralPrice, 1_700e18, "price");
        assertEq(receipt.debtPrice, 1e30, "price of 6 decimals");
        assertEq(receipt.haircutPpm, 150_000, "haircut");
        assertEq(receipt.holdingAssets, 100e18 - receipt.seizedAssets, "left");
        assertEq(receipt.holdingAssets, vault.holdingOf(account, address(weth)), "as the ledger says");
        assertEq(weth.balanceOf(dave), receipt.seizedAssets, "sent");
        assertEq(usdcPool.totals().cashAssets, before + receipt.repaidAssets + receipt.feeAssets, "received");
        assertEq(usdcPool.totals().feeAssets, receipt.feeAssets, "reserve");
        IVaultLens.HealthRow memory row = _rowOf(account);
        assertApproxEqAbs((row.coverMaintenance * 1e18) / row.requirement, 1.1058e18, 1e12, "target");
        assertEq(row.liquidations, 1, "count");
        assertEq(vault.accountOf(account).episodeTargetBps, 0, "the initial line is reached: the episode is over");
    }

    function test_liquidate_tells() external {
        moves(weth, 1_700e8);
        vm.recordLogs();
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, ALL);
        bytes32 topic = ILiquidation.Liquidated.selector;
        (bytes32[] memory topics, bytes memory data) = _find(topic);
        assertEq(topics[1], AccountId.unwrap(account), "account");
        assertEq(topics[2], bytes32(uint256(uint160(dave))), "liquidator");
        (
            ILiquidation.LegReceipt[] memory legs,
            uint256 coverageBefore,
            uint256 coverageAfter,
            uint256 targetBps,
            uint256 count,
            uint256 version
        ) = abi.decode(data, (ILiquidation.LegReceipt[], uint256, uint256, uint256, uint256, uint256));
        assertEq(abi.encode(legs[0]), abi.encode(receipt), "receipt");
        assertEq(coverageBefore, 0.963333333333333333e18, "before");
        assertApproxEqAbs(coverageAfter, 1.1058e18, 1e12, "after");
        assertEq(targetBps, 10_58, "target");
        assertEq(count, 1, "count");
        assertEq(version, 3, "version");
    }

    function test_liquidate_afterTheDeadline_growsGently() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        passes(deadline - block.timestamp + 3 hours);
        moves(weth, 1_750e8);
        vm.recordLogs();
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, ALL);
        _find(IMarginCallEvents.MarginCallExpired.selector);
        // β = 1 % + 3 · 1 %; the debt has grown by two hours of interest
        assertApproxEqAbs(receipt.repaidAssets, 78_694.552976e6, 40e6, "repaid");
        uint256 paid = receipt.repaidAssets * 1e12;
        assertApproxEqAbs((receipt.seizedAssets * 1_750e4) / (paid / 1e14) / 1e14, 1_0450, 1, "s = 1.045");
    }

    /// between insolvency and the full bonus the fee gives way first, then the bonus
    function test_liquidate_neverTakesMoreThanTheEquity() external {
        moves(weth, 1_530e8); // C / D = 1.02
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, ALL);
        assertEq(receipt.repaidAssets, 150_000e6, "all");
        assertEq(receipt.feeAssets, 0, "no fee");
        assertEq(
            receipt.seizedAssets,
            99999999999901960784,
            "100 * (1.02 - 1e-12) / 1.02: all but the margin of the cap"
        );
        assertEq(vault.accountOf(account).snapshot.debts.length, 0, "no debt");
    }

    function test_liquidate_clampsToTheMaximum() external {
        moves(weth, 1_700e8);
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, 10_000e6);
        assertEq(receipt.repaidAssets, 10_000e6);
        assertApproxEqAbs(receipt.seizedAssets, 6.034025375756392e18, 1e10, "1.0257843 * 10,000 / 1,700");
    }

    /// what would leave less than the dust value is paid for and taken whole
    function test_liquidate_leavesNoDust() external {
        deposits(bob, weth, 0.0875e18);
        borrows(bob, USDC, 140e6);
        moves(weth, 1_690e8);
        ILiquidation.LegReceipt memory receipt = liquidates(dave, bob, weth, USDC, ALL);
        assertLt(receipt.leastValue, 140e18, "the target needs less");
        assertEq(receipt.repaidAssets, 140e6, "but all is repaid");
        assertEq(receipt.debtShares, 0, "no debt left");
    }

    function test_liquidate_severalPairs() external {
        deposits(bob, weth, 80e18);
        deposits(bob, wbtc, 1e8);
        borrows(bob, USDC, 50_000e6);
        borrows(bob, DAI, 110_000e18);
        moves(weth, 1_550e8);
        moves(wbtc, 49_000e8);
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](3);
        legs[0] = _leg(weth, USDC, 30_000e6);
        legs[1] = _leg(wbtc, DAI, 20_000e18);
        legs[2] = _leg(weth, DAI, ALL);
        vm.prank(dave);
        ILiquidation.LegReceipt[] memory receipts = vault.liquidate(
            accountOf(bob),
            legs,
            0,
            block.timestamp,
            carol,
            ""
        );
        assertEq(receipts[0].repaidAssets, 30_000e6, "first");
        assertEq(receipts[1].repaidAssets, 20_000e18, "second");
        assertGt(receipts[2].repaidAssets, 0, "third");
        assertEq(weth.balanceOf(carol), receipts[0].seizedAssets + receipts[2].seizedAssets, "to the receiver");
        assertEq(wbtc.balanceOf(carol), receipts[1].seizedAssets, "to the receiver");
        IVaultLens.AccountView memory found = vault.accountOf(accountOf(bob));
        assertApproxEqAbs(
            (found.row.coverMaintenance * 1e18) / found.row.requirement,
            1.1012e18, // 1 + 0.6 * 24,970 / 148,030
            1e12,
            "the last leg stops at the target"
        );
    }

    function test_liquidate_pausesTheCall_andTheEpisodeKeepsItsTarget() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        moves(weth, 1_700e8);
        liquidates(dave, alice, weth, USDC, 20_000e6);
        assertEq(vault.accountOf(account).callState, 1, "below maintenance: still called");
        moves(weth, 1_660e8);
        liquidates(dave, alice, weth, USDC, ALL);
        // 1.1058 · R covers the initial line as well: A_I = A_M · 0.8 / 0.85
        assertEq(vault.accountOf(account).callState, 0, "cured");
        assertEq(vault.accountOf(account).episodeTargetBps, 0, "the episode is over");
    }

    /// an episode without a call ends when the owner restores the initial line
    function test_theEpisodeEnds_whenTheOwnerRestoresTheInitialLine() external {
        moves(weth, 1_700e8);
        liquidates(dave, alice, weth, USDC, 10_000e6);
        assertEq(vault.accountOf(account).episodeTargetBps, 10_58, "runs");
        deposits(alice, weth, 100e18);
        assertEq(vault.accountOf(account).episodeTargetBps, 0, "over");
    }

    function test_liquidate_bySplitting_isNotBetter() external {
        moves(weth, 1_750e8);
        passes(vault.issueMarginCall(account) - block.timestamp + 1);
        moves(weth, 1_650e8);
        uint256 id = vm.snapshotState();
        ILiquidation.LegReceipt memory one = liquidates(dave, alice, weth, USDC, ALL);
        uint256 profitOfOne = one.seizedAssets * 1_650 - (one.repaidAssets + one.feeAssets) * 1e12;
        vm.revertToState(id);
        uint256 profit;
        for (uint256 i; i < 100; ++i) {
            if (_rowOf(account).coverMaintenance >= _rowOf(account).requirement) break;
            ILiquidation.LegReceipt memory part = liquidates(dave, alice, weth, USDC, 5_000e6);
            profit += part.seizedAssets * 1_650 - (part.repaidAssets + part.feeAssets) * 1e12;
        }
        assertLe(profit, profitOfOne);
    }

    function test_liquidate_emitsFeeReceived() external {
        moves(weth, 1_700e8);
        vm.expectEmit(false, false, false, false, address(usdcPool));
        emit ILendingPool.FeeReceived(0);
        vm.prank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
    }

    // ---- helpers ----

    function _try(ILiquidation.Leg[] memory legs) private {
        vm.prank(dave);
        vault.liquidate(account, legs, 0, block.timestamp, dave, "");
    }

    function _find(bytes32 topic) private returns (bytes32[] memory topics, bytes memory data) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) return (logs[i].topics, logs[i].data);
        }
        fail("the event was not emitted");
    }
}
