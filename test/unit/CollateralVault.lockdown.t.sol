// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {IConsents} from "../../contracts/interfaces/IConsents.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {ConsentStage} from "../support/ConsentStage.sol";

/// lockdown
/// ├── when the caller does not own the account: it reverts
/// └── else all operators and outstanding consents of this account are void at once
///     ├── other accounts, the owner, debts and calls stay as they are
///     └── who is appointed or signed for afterwards has rights
contract CollateralVaultLockdownTest is ConsentStage {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        _alicePledgesAndBorrows();
    }

    function test_lockdown_revertsWith_NotPermitted() external {
        _appoints(bob, _operatorTerms(31, 0, _noAllowance()));
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 31));
        vm.prank(bob);
        vault.lockdown(account);
    }

    function test_lockdown_voidsAllOperators_andTells() external {
        _appoints(bob, _operatorTerms(31, 0, _noAllowance()));
        _appoints(carol, _operatorTerms(31, 120_00, _allowance(address(weth), ALL)));
        vm.expectEmit(address(vault));
        emit IAuthority.LockedDown(account, 1);
        vm.prank(alice);
        assertEq(vault.lockdown(account), 1);
        assertEq(vault.epochOf(account), 1);
        address[2] memory operators = [bob, carol];
        for (uint256 i; i < 2; ++i) {
            assertEq(_rightsOf(operators[i]), 0);
            (bool isInForce, , ) = vault.boundsOf(account, operators[i]);
            assertFalse(isInForce);
            vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, operators[i], 2));
            vm.prank(operators[i]);
            vault.withdraw(account, address(weth), 1, alice);
        }
    }

    function test_lockdown_voidsConsents() external {
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        vm.prank(alice);
        vault.lockdown(account);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNotSigned.selector, account, alice, 1));
        _brings(consent, signature);
        // signed again for the present epoch, it counts
        consent.epoch = 1;
        _brings(consent, _sign(aliceKey, _digestOf(consent)));
        assertEq(_rightsOf(bob), 31);
    }

    function test_lockdown_leavesEverythingElse() external {
        AccountId other = toAccountId(alice, 1);
        vm.startPrank(alice);
        vault.setOperator(other, bob, 31, block.timestamp + 1 days);
        vault.lockdown(account);
        vm.stopPrank();
        (uint256 rights, ) = vault.operatorOf(other, bob);
        assertEq(rights, 31, "another account of the owner");
        withdraws(alice, weth, 1e18);
        borrows(alice, USDC, 100e6);
        repays(alice, USDC, ALL);
    }

    /// the clock of a call runs, and cures count
    function test_lockdown_stopsNoCall() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        uint256 deadline = _rowOf(account).deadline;
        vm.prank(alice);
        vault.lockdown(account);
        assertEq(_rowOf(account).deadline, deadline, "the clock");
        usdc.mint(bob, 150_000e6);
        vm.prank(bob);
        vault.repay(account, USDC, 100_000e6);
        assertEq(vault.accountOf(account).callState, 0, "cured by a stranger");
    }

    function test_lockdown_operatorsOfAfterwardsCount() external {
        vm.startPrank(alice);
        vault.lockdown(account);
        vault.setOperator(account, bob, 2, block.timestamp + 1 days);
        vm.stopPrank();
        vm.prank(bob);
        vault.withdraw(account, address(weth), 1e18, alice);
        vm.prank(alice);
        assertEq(vault.lockdown(account), 2, "and again");
        assertEq(_rightsOf(bob), 0);
    }

    /// neither rights nor allowances of before come back with new ones
    function test_lockdown_allowancesDoNotComeBack() external {
        _appoints(bob, _operatorTerms(2, 0, _allowance(address(weth), 50e18)));
        vm.prank(alice);
        vault.lockdown(account);
        _appoints(bob, _operatorTerms(2, 0, _allowance(address(link), 1)));
        assertEq(vault.allowanceOf(account, bob, address(weth)), 0);
    }
}
