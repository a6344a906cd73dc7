// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMarginCallEvents, IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// clearMarginCall, and what deposits and repayments do to a call (B15)
/// ├── given no call, or a debt without a fresh price, or nothing changed, it reverts
/// ├── given the account is covered at maintenance, the clock rests with what was left
/// ├── given it is covered initially, the call is gone
/// └── a top-up cures, rests, or changes nothing, by the same rule; a rested call does not get its time back
contract CollateralVaultClearMarginCallTest is Deployment {
    AccountId internal account;
    uint256 internal deadline;

    function setUp() public override {
        super.setUp();
        _alicePledgesAndBorrows();
        account = accountOf(alice);
        moves(weth, 1_750e8);
        deadline = vault.issueMarginCall(account);
    }

    function test_clearMarginCall_revertsWith_NoCall() external {
        vm.expectRevert(abi.encodeWithSelector(IMarginCalls.NoCall.selector, accountOf(bob)));
        vault.clearMarginCall(accountOf(bob));
    }

    function test_clearMarginCall_revertsWith_CallUnchanged() external {
        vm.expectRevert(abi.encodeWithSelector(IMarginCalls.CallUnchanged.selector, account, 150_000e18, 148_750e18));
        vault.clearMarginCall(account);
    }

    function test_clearMarginCall_revertsWith_AnswerStale() external {
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        moves(weth, 2_000e8);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, usdc, pushedAt, block.timestamp - 1 hours)
        );
        vault.clearMarginCall(account);
    }

    /// CALL-13: while the debt has no fresh price a deposit that would cure is taken and changes nothing about the
    /// call; once it has one, anybody's look cures
    function test_aTopUp_leavesTheCallAsItIs_whileTheDebtIsStale() external {
        _silencesTheDebt();
        deposits(alice, weth, 50e18);
        _isAsItWas();
        assertEq(vault.holdingOf(account, address(weth)), 150e18, "and it is taken");
        moves(usdc, 1e8);
        vault.clearMarginCall(account);
        assertEq(vault.accountOf(account).callState, 0, "cured");
    }

    /// CALL-13: the same with a repayment
    function test_aRepayment_leavesTheCallAsItIs_whileTheDebtIsStale() external {
        _silencesTheDebt();
        repays(alice, USDC, 100_000e6);
        _isAsItWas();
        moves(usdc, 1e8);
        vault.clearMarginCall(account);
        assertEq(vault.accountOf(account).callState, 0, "cured");
    }

    /// CALL-13: a call that rests does not resume while the debt has no fresh price
    function test_aRestingCall_staysAtRest_whileTheDebtIsStale() external {
        moves(weth, 1_800e8);
        vault.clearMarginCall(account);
        uint256 leftFor = vault.accountOf(account).callLeftFor;
        skip(1 hours + 1);
        moves(weth, 1_700e8);
        deposits(alice, weth, 1);
        repays(alice, USDC, 1);
        assertEq(vault.accountOf(account).callState, 2, "rests");
        assertEq(vault.accountOf(account).callLeftFor, leftFor, "with what was left");
    }

    /// CALL-13: without any debt there is nothing to wait for
    function test_repayingAll_curesACall_whileTheDebtIsStale() external {
        _silencesTheDebt();
        repays(alice, USDC, ALL);
        assertEq(vault.accountOf(account).callState, 0, "cured");
    }

    function _silencesTheDebt() private {
        skip(1 hours + 1);
        moves(weth, 1_750e8);
    }

    function _isAsItWas() private view {
        assertEq(vault.accountOf(account).callState, 1, "called");
        assertEq(_rowOf(account).deadline, deadline, "the clock runs");
    }

    function test_clearMarginCall_pauses() external {
        skip(1_000);
        moves(weth, 1_800e8);
        vm.expectEmit(address(vault));
        emit IMarginCallEvents.MarginCallPaused(account, deadline - block.timestamp, 4);
        vault.clearMarginCall(account);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.callState, 2, "paused");
        assertEq(found.callLeftFor, deadline - block.timestamp, "left");
        assertEq(found.row.deadline, 0, "no deadline");
        assertEq(uint256(found.row.status), uint256(IVaultLens.AccountStatus.PAUSED), "status");
        vm.expectPartialRevert(IMarginCalls.CallUnchanged.selector);
        vault.clearMarginCall(account);
    }

    function test_clearMarginCall_resumesWhenThePriceFallsAgain() external {
        moves(weth, 1_800e8);
        vault.clearMarginCall(account);
        moves(weth, 1_750e8);
        assertEq(uint256(_rowOf(account).status), uint256(IVaultLens.AccountStatus.CALLABLE), "not running");
        vault.clearMarginCall(account);
        assertEq(vault.accountOf(account).callState, 1, "runs again");
    }

    function test_clearMarginCall_cures() external {
        moves(weth, 1_875e8);
        vm.expectEmit(address(vault));
        emit IMarginCallEvents.MarginCallCured(account, 4);
        vm.prank(mallory);
        vault.clearMarginCall(account);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.callState, 0, "healthy");
        assertEq(found.callAmountValue, 0, "no amount");
        assertEq(uint256(found.row.status), uint256(IVaultLens.AccountStatus.HEALTHY), "status");
    }

    /// while a debt has no price the call stays as it is, whatever comes in
    function test_aTopUp_withoutAPriceOfTheDebt_changesNoCall() external {
        skip(1 hours + 1);
        moves(weth, 1_750e8);
        deposits(alice, weth, 50e18);
        assertEq(vault.accountOf(account).callState, 1, "called");
        moves(usdc, 1e8);
        vault.clearMarginCall(account);
        assertEq(vault.accountOf(account).callState, 0, "cured when there is one");
    }

    /// B15: a speck neither cures nor stops the clock
    function test_aSpeck_changesNothing() external {
        deposits(alice, weth, 1);
        repays(alice, USDC, 1);
        assertEq(vault.accountOf(account).callState, 1, "called");
        assertEq(_rowOf(account).deadline, deadline, "same deadline");
    }

    function test_aTopUpToTheInitialLine_cures() external {
        deposits(alice, weth, 7.142857142857142857e18); // · 1,750 · 0.8 = 10,000
        assertEq(vault.accountOf(account).callState, 2, "a unit is missing");
        deposits(alice, weth, 1);
        assertEq(vault.accountOf(account).callState, 0, "cured");
    }

    function test_aTopUpToTheMaintenanceLine_onlyPauses() external {
        deposits(alice, weth, 1e18);
        assertEq(vault.accountOf(account).callState, 2);
    }

    /// a call that expired while it rested is due at once when it goes on
    function test_anExpiredCallThatRested_isDueAtOnce() external {
        passes(deadline - block.timestamp + 1);
        moves(weth, 1_800e8);
        vault.clearMarginCall(account);
        assertEq(vault.accountOf(account).callLeftFor, 0, "nothing left");
        passes(1 hours);
        moves(weth, 1_750e8);
        assertEq(vault.issueMarginCall(account), block.timestamp, "due now");
        skip(1);
        assertEq(uint256(_rowOf(account).status), uint256(IVaultLens.AccountStatus.LIQUIDATABLE), "and liquidatable");
    }

    /// X13: hovering around the line uses up the time to cure
    function test_hovering_usesUpTheTime() external {
        uint256 used;
        for (uint256 i; i < 8; ++i) {
            passes(600);
            used += 600;
            moves(weth, 1_800e8);
            vault.clearMarginCall(account);
            passes(600);
            moves(weth, 1_750e8);
            vault.clearMarginCall(account);
            assertEq(_rowOf(account).deadline - block.timestamp, 5_485 - used, "left");
        }
    }

    function testFuzz_onlyTheInitialLineCures(uint256 added, uint256 repaid) external {
        added = bound(added, 0, 20e18);
        repaid = bound(repaid, 0, 30_000e6);
        if (added != 0) deposits(alice, weth, added);
        if (repaid != 0) repays(alice, USDC, repaid);
        uint256 collateral = vault.holdingOf(account, address(weth)) * 1_750;
        (, uint256 owed) = vault.debtOf(account, USDC);
        uint256 state = vault.accountOf(account).callState;
        if ((collateral * 80) / 100 >= owed * 1e12) assertEq(state, 0, "cured");
        else if ((collateral * 85) / 100 >= owed * 1e12) assertEq(state, 2, "rests");
        else assertEq(_rowOf(account).deadline, deadline, "runs to the same end");
    }
}
