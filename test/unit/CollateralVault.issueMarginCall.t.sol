// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMarginCallEvents, IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {RiskParameters} from "../../contracts/types/RiskParameters.sol";
import {Deployment} from "../support/Deployment.sol";

/// issueMarginCall
/// ├── given a debt has no fresh price, it reverts with the reason
/// ├── given the account is covered at maintenance, it reverts with AccountCovered
/// ├── given no call
/// │   ├── given the amount is below the least, it reverts with CallBelowMinimum
/// │   └── else the clock starts, the shorter the nearer to close-out
/// ├── given a running call
/// │   ├── given the account stands no worse, it reverts with CallRunning
/// │   └── else the deadline comes nearer
/// └── given a call that rests
///     ├── given it rested for less than 24 hours, the clock goes on with what was left
///     └── else a new call starts
contract CollateralVaultIssueMarginCallTest is Deployment {
    AccountId internal account;

    function setUp() public override {
        super.setUp();
        _alicePledgesAndBorrows();
        account = accountOf(alice);
    }

    function test_issueMarginCall_revertsWith_AccountCovered() external {
        vm.expectRevert(abi.encodeWithSelector(IMarginCalls.AccountCovered.selector, account, 150_000e18, 170_000e18));
        vault.issueMarginCall(account);
        moves(weth, 1_764.71e8); // 100 · 1,764.71 · 0.85 = 150,000.35
        vm.expectPartialRevert(IMarginCalls.AccountCovered.selector);
        vault.issueMarginCall(account);
        moves(weth, 1_764.7e8);
        vault.issueMarginCall(account);
    }

    function test_issueMarginCall_revertsWith_AccountCovered_ofNobody() external {
        vm.expectRevert(abi.encodeWithSelector(IMarginCalls.AccountCovered.selector, accountOf(bob), 0, 0));
        vault.issueMarginCall(accountOf(bob));
    }

    function test_issueMarginCall_revertsWith_AnswerStale() external {
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        moves(weth, 1_000e8);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, usdc, pushedAt, block.timestamp - 1 hours)
        );
        vault.issueMarginCall(account);
    }

    /// the stale collateral counts at its last good price
    function test_issueMarginCall_revertsWith_AccountCovered_whenOnlyStaleCollateralIsMissing() external {
        skip(1 hours + 1);
        moves(usdc, 1e8);
        vm.expectPartialRevert(IMarginCalls.AccountCovered.selector);
        vault.issueMarginCall(account);
    }

    function test_issueMarginCall_revertsWith_CallBelowMinimum() external {
        // initial and maintenance haircut alike, so that the amount can be small
        RiskParameters memory rules = _rules();
        rules.roundingValue = 1;
        vault.setRiskParameters(rules);
        MockToken flat = _token("FLAT", 18, 10e8, 1_000_000e18);
        _approveAll(bob);
        vault.setPair(address(flat), USDC, _pair(220_000, 220_000, 20_000_000e18, 12_00));
        deposits(bob, flat, 10_000e18);
        borrows(bob, USDC, 78_000e6); // 10,000 · 10 · 0.78
        moves(flat, 9.999e8); // 77,992.2
        vm.expectRevert(abi.encodeWithSelector(IMarginCalls.CallBelowMinimum.selector, accountOf(bob), 8e18, 100e18));
        vault.issueMarginCall(accountOf(bob));
        moves(flat, 9.98e8); // 77,844: 156 missing
        vault.issueMarginCall(accountOf(bob));
    }

    /// MTA is at most 1 % of the debt
    function test_issueMarginCall_callsSmallAccountsToo() external {
        deposits(bob, weth, 0.0625e18);
        borrows(bob, USDC, 100e6);
        moves(weth, 1_880e8); // covered: 0.0625 · 1,880 · 0.85 = 99.875 is not
        vault.issueMarginCall(accountOf(bob));
        assertEq(vault.accountOf(accountOf(bob)).callAmountValue, 10e18, "6 USD, rounded up to 10");
    }

    function test_issueMarginCall_startsTheClockAndTells() external {
        moves(weth, 1_750e8);
        uint256 deadline = block.timestamp + 5_485; // 2 h · (0.2 − 0.047619…) / 0.2
        vm.expectEmit(address(vault));
        emit IMarginCallEvents.MarginCallIssued(account, 10_000e18, deadline, 0.991666666666666666e18, 3);
        vm.prank(mallory);
        assertEq(vault.issueMarginCall(account), deadline, "returned");
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.callState, 1, "called");
        assertEq(found.callAmountValue, 10_000e18, "amount");
        assertEq(found.restoreValue, 10_000e18, "restore");
        assertEq(found.row.deadline, deadline, "deadline");
        assertEq(uint256(found.row.status), uint256(IVaultLens.AccountStatus.CALLED), "status");
    }

    function test_issueMarginCall_givesTheShortestCureBeyondCloseOut() external {
        moves(weth, 1_700e8);
        assertEq(vault.issueMarginCall(account), block.timestamp + 10 minutes);
    }

    function test_issueMarginCall_revertsWith_CallRunning() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        skip(60);
        vm.expectRevert(abi.encodeWithSelector(IMarginCalls.CallRunning.selector, account, deadline, deadline + 60));
        vault.issueMarginCall(account);
    }

    function test_issueMarginCall_shortensARunningCall() external {
        moves(weth, 1_750e8);
        uint256 first = vault.issueMarginCall(account);
        moves(weth, 1_720e8);
        uint256 second = vault.issueMarginCall(account);
        assertLt(second, first, "nearer to close-out, shorter");
        assertEq(vault.accountOf(account).callAmountValue, 12_400e18, "and larger");
    }

    function test_issueMarginCall_resumesACallThatRested() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        passes(1_000);
        moves(weth, 1_800e8);
        vault.clearMarginCall(account);
        passes(23 hours);
        moves(weth, 1_750e8);
        uint256 resumed = block.timestamp + (deadline - START - 1_000);
        vm.expectEmit(address(vault));
        emit IMarginCallEvents.MarginCallResumed(account, resumed, 5);
        assertEq(vault.issueMarginCall(account), resumed);
    }

    function test_issueMarginCall_startsAfresh_after24HoursOfRest() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        passes(1_000);
        moves(weth, 1_800e8);
        vault.clearMarginCall(account);
        passes(24 hours);
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        assertGe(deadline, block.timestamp + 5_400, "the whole time again");
    }
}
