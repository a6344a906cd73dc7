// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {SmartWallet} from "../../contracts/mocks/Wallets.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Bundle} from "../support/Bundle.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Consent is no step of a batch: it moves tokens in the middle, a batch at its end. Two calls in one transaction do
/// the same
/// ├── a smart wallet opens an account, borrows and consents; recalls, repays and leaves
/// ├── a contract with the rights of an operator does it for an owner without one
/// └── each call passes its own gate; when one fails, nothing happened
contract CollateralVaultReuseWalletsTest is ReuseStage {
    uint8 private constant RIGHTS = 1 | 4 | 16; // DEPOSIT, BORROW, REUSE

    function _step(
        IAccountLedger.StepKind kind,
        uint256 assets,
        address receiver
    ) private view returns (IAccountLedger.Step memory) {
        return IAccountLedger.Step(kind, address(weth), USDC, assets, receiver);
    }

    function _opening(AccountId account, address receiver, uint256 cash) private view returns (bytes memory) {
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _step(IAccountLedger.StepKind.DEPOSIT, 100e18, address(0));
        steps[1] = _step(IAccountLedger.StepKind.BORROW, cash, receiver);
        return abi.encodeCall(vault.batch, (account, steps));
    }

    function _consent(AccountId account, uint256 shareBps) private view returns (bytes memory) {
        return abi.encodeCall(vault.setReuse, (account, address(sleeve), shareBps));
    }

    function test_aWallet_batchesAndConsents_inOneTransaction() external {
        SmartWallet wallet = new SmartWallet(alice);
        AccountId account = toAccountId(address(wallet), 0);
        weth.mint(address(wallet), 100e18);
        SmartWallet.Call[] memory calls = new SmartWallet.Call[](3);
        calls[0] = SmartWallet.Call(address(weth), abi.encodeCall(weth.approve, (address(vault), 100e18)));
        calls[1] = SmartWallet.Call(address(vault), _opening(account, address(wallet), 100_000e6));
        calls[2] = SmartWallet.Call(address(vault), _consent(account, 50_00));
        vm.prank(alice);
        wallet.execute(calls);
        assertEq(vault.holdingOf(account, address(sleeve)), 50e18, "reused");
        assertEq(vault.holdingOf(account, address(weth)), 50e18, "plain");
        assertEq(usdc.balanceOf(address(wallet)), 100_000e6, "borrowed");

        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _step(IAccountLedger.StepKind.REPAY, ALL, address(0));
        steps[1] = _step(IAccountLedger.StepKind.WITHDRAW, ALL, alice);
        calls[0] = SmartWallet.Call(address(usdc), abi.encodeCall(usdc.approve, (address(vault), 100_000e6)));
        calls[1] = SmartWallet.Call(address(vault), _consent(account, 0));
        calls[2] = SmartWallet.Call(address(vault), abi.encodeCall(vault.batch, (account, steps)));
        vm.prank(alice);
        wallet.execute(calls);
        assertEq(weth.balanceOf(alice), 100e18, "left with all");
    }

    function test_anOperator_batchesAndConsents_inOneTransaction() external {
        Bundle operator = new Bundle();
        AccountId account = accountOf(alice);
        (address[] memory targets, bytes[] memory payloads) = _operates(operator, account, 100_000e6);
        operator.run(targets, payloads);
        assertEq(holdingOf(alice, address(sleeve)), 50e18, "reused");
        assertEq(usdc.balanceOf(alice), 100_000e6, "borrowed, for the owner");
    }

    /// the consent does not pass its gate: what came before it did not happen
    function test_aConsentThatFails_undoesTheBatch() external {
        Bundle operator = new Bundle();
        AccountId account = accountOf(alice);
        (address[] memory targets, bytes[] memory payloads) = _operates(operator, account, 158_000e6);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        operator.run(targets, payloads);
        assertEq(holdingOf(alice, address(weth)), 0, "nothing was pledged");
        assertEq(usdc.balanceOf(alice), 0, "and nothing borrowed");
    }

    /// the operator brings the collateral, and what it borrows goes to the owner
    function _operates(
        Bundle operator,
        AccountId account,
        uint256 cash
    ) private returns (address[] memory targets, bytes[] memory payloads) {
        vm.prank(alice);
        vault.setOperator(account, address(operator), RIGHTS, block.timestamp + 1 hours);
        weth.mint(address(operator), 100e18);
        targets = new address[](3);
        (targets[0], targets[1], targets[2]) = (address(weth), address(vault), address(vault));
        payloads = new bytes[](3);
        payloads[0] = abi.encodeCall(weth.approve, (address(vault), 100e18));
        payloads[1] = _opening(account, alice, cash);
        payloads[2] = _consent(account, 50_00);
    }
}
