// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// H1: what works for one account in a state works for every account in that state
/// ├── given two accounts of the same holdings, debts and call, of different owners, ids and histories
/// └── when either does the same thing, it ends the same way: the same outcome, or the same error, or the same tokens
contract LivenessTest is Deployment {
    uint256 private constant ACTIONS = 11;

    AccountId internal first;
    AccountId internal second;
    address internal other;

    /// What is to be told apart after an action, without ids.
    struct Trace {
        bool success;
        bytes4 reason;
        IVaultLens.HealthRow row;
        uint256 holding;
        uint256 owed;
        uint256 callState;
        uint256 wethOut;
        uint256 usdcOut;
    }

    /// H1: the second owner is anybody, under any tag. Her account has a past: another collateral and another debt came
    /// first and went, an operator came and went, it was called and cured. So her words stand in other slots.
    function testFuzz_H1_whatWorksForOneWorksForAnother(
        uint256 which,
        uint256 amount,
        uint256 price,
        uint256 elapsedFor,
        uint256 ownerKey,
        uint96 tag
    ) external {
        _makeTwins(ownerKey, tag);
        moves(weth, int192(uint192(bound(price, 900e8, 2_200e8))));
        _tries(abi.encodeCall(vault.issueMarginCall, (first)), abi.encodeCall(vault.issueMarginCall, (second)));
        passes(bound(elapsedFor, 0, 3 hours));
        moves(weth, int192(uint192(bound(price / 7, 900e8, 2_200e8))));
        _fundKeeper();
        amount = bound(amount, 1, 100e18);
        which = which % ACTIONS;
        uint256 id = vm.snapshotState();
        Trace memory one = _acts(which, first, alice, amount);
        vm.revertToState(id);
        Trace memory two = _acts(which, second, other, amount);
        assertEq(abi.encode(_anonymous(one)), abi.encode(_anonymous(two)), vm.toString(which));
    }

    /// H1: by name: each action works in a state in which it is allowed, for both
    function test_H1_everyActionWorksForBoth() external {
        _makeTwins(77, 5);
        uint256[ACTIONS] memory prices = [
            uint256(2_000e8), // deposit
            2_100e8, // withdraw
            2_100e8, // borrow
            1_500e8, // repay
            1_500e8, // repay all
            2_000e8, // batch
            1_750e8, // issue
            1_700e8, // liquidate
            1_000e8, // write off
            1_000e8, // a stranger's top-up
            1_000e8 // a stranger's repayment
        ];
        _fundKeeper();
        for (uint256 which; which < ACTIONS; ++which) {
            uint256 id = vm.snapshotState();
            settlesAt(prices[which]);
            uint256 inner = vm.snapshotState();
            assertTrue(_acts(which, first, alice, 1_000e6).success, string.concat("first ", vm.toString(which)));
            vm.revertToState(inner);
            assertTrue(_acts(which, second, other, 1_000e6).success, string.concat("second ", vm.toString(which)));
            vm.revertToState(id);
        }
    }

    // ---- helpers ----

    function settlesAt(uint256 price) private {
        moves(weth, int192(uint192(price)));
        settles();
    }

    /// `first` the plain way, `second` after a life
    function _makeTwins(uint256 ownerKey, uint96 tag) private {
        other = vm.addr(bound(ownerKey, 1, type(uint128).max));
        _approveAll(other);
        first = accountOf(alice);
        second = toAccountId(other, tag);
        link.mint(other, 100e18);
        weth.mint(other, 200e18);
        dai.mint(other, 10_000e18);
        usdc.mint(other, 1_000_000e6);
        vm.startPrank(other);
        vault.deposit(second, address(link), 100e18);
        vault.borrow(second, DAI, 1_000e18, other);
        vm.stopPrank();
        moves(link, 12.5e8);
        vault.issueMarginCall(second);
        moves(link, 15e8);
        vault.clearMarginCall(second);
        vm.startPrank(other);
        vault.setOperator(second, mallory, 31, block.timestamp + 1);
        vault.setOperator(second, mallory, 0, 0);
        vault.deposit(second, address(weth), 100e18);
        vault.borrow(second, USDC, 150_000e6, other);
        vault.repay(second, DAI, ALL);
        vault.withdraw(second, address(link), ALL, other);
        vm.stopPrank();
        _alicePledgesAndBorrows();
        usdc.mint(alice, 1_000_000e6);
        weth.mint(alice, 100e18);
        weth.mint(dave, 1e18);
    }

    /// the same call for either; whether it works is seen by the test of the action that follows
    function _tries(bytes memory one, bytes memory two) private {
        (bool success, ) = address(vault).call(one);
        (bool same, ) = address(vault).call(two);
        assertTrue(success == same, "issued for both or none");
    }

    function _acts(
        uint256 which,
        AccountId account,
        address owner,
        uint256 amount
    ) private returns (Trace memory trace) {
        bytes memory payload = _payload(which, account, owner, amount);
        address caller = which >= 6 ? dave : owner;
        uint256 wethBefore = weth.balanceOf(caller);
        uint256 usdcBefore = usdc.balanceOf(caller);
        vm.prank(caller);
        bytes memory answer;
        (trace.success, answer) = address(vault).call(payload);
        if (!trace.success) trace.reason = bytes4(answer);
        trace.row = _rowOf(account);
        trace.holding = vault.holdingOf(account, address(weth));
        (, trace.owed) = vault.debtOf(account, USDC);
        trace.callState = vault.accountOf(account).callState;
        unchecked {
            // safe: a difference of two balances, compared only
            trace.wethOut = weth.balanceOf(caller) - wethBefore;
            trace.usdcOut = usdc.balanceOf(caller) - usdcBefore;
        }
    }

    function _payload(
        uint256 which,
        AccountId account,
        address owner,
        uint256 amount
    ) private view returns (bytes memory) {
        if (which == 0) return abi.encodeCall(vault.deposit, (account, address(weth), amount));
        if (which == 1) return abi.encodeCall(vault.withdraw, (account, address(weth), amount, owner));
        if (which == 2) return abi.encodeCall(vault.borrow, (account, USDC, amount, owner));
        if (which == 3) return abi.encodeCall(vault.repay, (account, USDC, amount));
        if (which == 4) return abi.encodeCall(vault.repay, (account, USDC, ALL));
        if (which == 5) return abi.encodeCall(vault.batch, (account, _steps(owner, amount)));
        if (which == 6) return abi.encodeCall(vault.issueMarginCall, (account));
        if (which == 7) return abi.encodeCall(vault.liquidate, (account, leg(weth, USDC, ALL), ALL, ALL, dave, ""));
        if (which == 9) return abi.encodeCall(vault.deposit, (account, address(weth), 1));
        if (which == 10) return abi.encodeCall(vault.repay, (account, USDC, amount));
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        return abi.encodeCall(vault.writeOff, (account, ALL, most, new uint256[](1), ALL, dave, ""));
    }

    function _steps(address owner, uint256 amount) private view returns (IAccountLedger.Step[] memory steps) {
        steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), USDC, 50_000e6, address(0));
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(weth), USDC, amount, owner);
    }

    /// what may differ: the name of the account, and how many things happened to it before
    function _anonymous(Trace memory trace) private pure returns (Trace memory) {
        trace.row.account = AccountId.wrap(0);
        trace.row.version = 0;
        return trace;
    }
}
