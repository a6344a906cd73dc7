// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {SmartWallet} from "../../contracts/mocks/Wallets.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {ConsentStage} from "../support/ConsentStage.sol";

/// A contract owns an account as anybody does
/// ├── it approves, deposits and borrows in one transaction of its own
/// ├── it appoints an operator by a signature of its key (ERC-1271), who acts within its terms
/// ├── it is called, and cures
/// └── it is liquidated like others; nothing is called back on it
contract SmartWalletsTest is ConsentStage {
    SmartWallet private wallet;
    AccountId private account;

    function setUp() public override {
        super.setUp();
        wallet = new SmartWallet(alice);
        account = toAccountId(address(wallet), 0);
        weth.mint(address(wallet), 100e18);
        _opens();
    }

    function test_aWallet_opensDepositsAndBorrows_inOneTransaction() external view {
        assertEq(vault.holdingOf(account, address(weth)), 100e18);
        assertEq(usdc.balanceOf(address(wallet)), 150_000e6);
        assertEq(weth.allowance(address(wallet), address(vault)), 0, "no approval is left");
    }

    function test_aWallet_appointsAnOperator_bySignature() external {
        Consent memory consent = _consent();
        consent.account = account;
        consent.terms = _operatorTerms(4, 0, _allowance(address(usdc), 2_000e6));
        _brings(consent, _sign(aliceKey, _digestOf(consent)));
        vm.prank(bob);
        vault.borrow(account, USDC, 2_000e6, address(wallet));
        assertEq(usdc.balanceOf(address(wallet)), 152_000e6);
        // its key has no rights of its own: the wallet is the owner
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, alice, 2));
        vm.prank(alice);
        vault.withdraw(account, address(weth), 1, alice);
    }

    function test_aWallet_isCalled_andCures() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        SmartWallet.Call[] memory calls = new SmartWallet.Call[](2);
        calls[0] = SmartWallet.Call(address(usdc), abi.encodeCall(usdc.approve, (address(vault), 20_000e6)));
        calls[1] = SmartWallet.Call(address(vault), abi.encodeCall(vault.repay, (account, USDC, 20_000e6)));
        vm.prank(alice);
        wallet.execute(calls);
        assertEq(vault.accountOf(account).callState, 0, "cured");
    }

    function test_aWallet_isLiquidated_andGoesOn() external {
        moves(weth, 1_690e8);
        _fundKeeper();
        vm.prank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
        assertGt(weth.balanceOf(dave), 0, "seized");
        SmartWallet.Call[] memory calls = new SmartWallet.Call[](3);
        calls[0] = SmartWallet.Call(address(usdc), abi.encodeCall(usdc.approve, (address(vault), ALL)));
        calls[1] = SmartWallet.Call(address(vault), abi.encodeCall(vault.repay, (account, USDC, ALL)));
        calls[2] = SmartWallet.Call(
            address(vault),
            abi.encodeCall(vault.withdraw, (account, address(weth), ALL, address(wallet)))
        );
        vm.prank(alice);
        wallet.execute(calls);
        assertEq(weth.balanceOf(address(wallet)) + weth.balanceOf(dave), 100e18, "the rest is its own");
    }

    function _opens() private {
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.DEPOSIT, address(weth), USDC, 100e18, address(0));
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.BORROW, address(0), USDC, 150_000e6, address(wallet));
        SmartWallet.Call[] memory calls = new SmartWallet.Call[](2);
        calls[0] = SmartWallet.Call(address(weth), abi.encodeCall(weth.approve, (address(vault), 100e18)));
        calls[1] = SmartWallet.Call(address(vault), abi.encodeCall(vault.batch, (account, steps)));
        vm.prank(alice);
        wallet.execute(calls);
    }
}
