// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {OperatorGrant, OperatorGrantLib} from "../../contracts/types/OperatorGrant.sol";
import {ConsentStage} from "../support/ConsentStage.sol";

/// setOperatorTerms
/// ├── when the caller does not own the account, or the terms are out of bounds: it reverts
/// ├── else it stores and tells them, and nothing is left of earlier ones
/// ├── given a least coverage
/// │   ├── an operator that borrows, withdraws or substitutes below it reverts, at it passes
/// │   └── the owner, deposits and repayments do not know it
/// └── given allowances
///     ├── withdrawals, borrowings and what goes out of a substitution draw them down, and stop at 0
///     ├── the maximum never ends; what is not named is 0
///     └── the owner does not know them
contract CollateralVaultSetOperatorTermsTest is ConsentStage {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        _alicePledgesAndBorrows(); // A_M 170,000, R 150,000: coverage 1.1333
    }

    // ---- setting ----

    function test_setOperatorTerms_revertsWith_NotPermitted() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 31));
        vm.prank(bob);
        vault.setOperatorTerms(account, bob, _operatorTerms(1, 0, _noAllowance()));
    }

    function test_setOperatorTerms_revertsWith_OperatorInvalid() external {
        IAuthority.OperatorTerms memory terms = _operatorTerms(32, 0, _noAllowance());
        vm.expectRevert(abi.encodeWithSelector(IAuthority.OperatorInvalid.selector, bob, 32, terms.expiresAt));
        _appoints(bob, terms);
    }

    function test_setOperatorTerms_revertsWith_LeastCoverageTooHigh() external {
        uint256 most = type(uint24).max;
        _appoints(bob, _operatorTerms(1, most, _noAllowance()));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.LeastCoverageTooHigh.selector, bob, most + 1, most));
        _appoints(bob, _operatorTerms(1, most + 1, _noAllowance()));
    }

    function test_setOperatorTerms_revertsWith_AllowancesUnsorted() external {
        IAuthority.Allowance memory one = IAuthority.Allowance(address(1), 5);
        IAuthority.Allowance[] memory list = _allowances(one, IAuthority.Allowance(address(2), 6));
        (list[0], list[1]) = (list[1], list[0]);
        vm.expectRevert(abi.encodeWithSelector(IAuthority.AllowancesUnsorted.selector, bob, address(1), address(2)));
        _appoints(bob, _operatorTerms(1, 0, list));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.AllowancesUnsorted.selector, bob, address(1), address(1)));
        _appoints(bob, _operatorTerms(1, 0, _allowances(one, one)));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.AllowancesUnsorted.selector, bob, address(0), address(0)));
        _appoints(bob, _operatorTerms(1, 0, _allowance(address(0), 1)));
    }

    function test_setOperatorTerms_storesAndTells() external {
        IAuthority.OperatorTerms memory terms = _operatorTerms(
            31,
            120_00,
            _allowances(IAuthority.Allowance(address(weth), 3e18), IAuthority.Allowance(address(usdc), ALL))
        );
        vm.expectEmit(address(vault));
        emit IAuthority.OperatorSet(account, bob, terms);
        _appoints(bob, terms);
        (uint256 rights, uint256 expiresAt) = vault.operatorOf(account, bob);
        assertEq(rights, 31);
        assertEq(expiresAt, terms.expiresAt);
        _isBounded(true, 120_00, true);
        assertEq(vault.allowanceOf(account, bob, address(weth)), 3e18);
        assertEq(vault.allowanceOf(account, bob, address(usdc)), ALL);
        assertEq(vault.allowanceOf(account, bob, address(dai)), 0, "not named");
    }

    /// new terms replace all of the old: bounds go, and come back without what was left
    function test_setOperatorTerms_leavesNothingOfEarlierTerms() external {
        _appoints(bob, _operatorTerms(31, 120_00, _allowance(address(weth), 3e18)));
        _appoints(bob, _operatorTerms(31, 0, _allowance(address(dai), 1)));
        assertEq(vault.allowanceOf(account, bob, address(weth)), 0, "the old allowance");
        _isBounded(true, 0, true);
        vm.prank(alice);
        vault.setOperator(account, bob, 31, block.timestamp + 1);
        _isBounded(true, 0, false);
        vm.prank(alice);
        vault.setOperator(account, bob, 0, 0);
        _isBounded(false, 0, false);
        _appoints(bob, _operatorTerms(31, 0, _allowance(address(link), 2)));
        assertEq(vault.allowanceOf(account, bob, address(weth)), 0, "nor after rights were taken back");
        assertEq(vault.allowanceOf(account, bob, address(dai)), 0);
        assertEq(vault.allowanceOf(account, bob, address(link)), 2);
    }

    /// without rights nothing bounds, whatever else is said
    function test_setOperatorTerms_takesBack() external {
        _appoints(bob, _operatorTerms(31, 120_00, _allowance(address(weth), 3e18)));
        vm.expectEmit(address(vault));
        emit IAuthority.OperatorSet(account, bob, IAuthority.OperatorTerms(0, 0, 0, _noAllowance()));
        _appoints(bob, IAuthority.OperatorTerms(0, 7, 7, _allowance(address(weth), 7)));
        _isBounded(false, 0, false);
        assertEq(vault.allowanceOf(account, bob, address(weth)), 0);
        (uint256 rights, uint256 expiresAt) = vault.operatorOf(account, bob);
        assertEq(rights + expiresAt, 0);
    }

    // ---- least coverage ----

    /// coverage at 170,000 / 1.10 of requirement: 154,545.45
    function test_leastCoverage_bindsABorrowing() external {
        _appoints(bob, _operatorTerms(4, 110_00, _noAllowance()));
        vm.prank(bob);
        vault.borrow(account, USDC, 4_500e6, alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuthority.CoverageBelowLeast.selector,
                account,
                bob,
                1.099999935289592042e18,
                110_00
            )
        );
        vm.prank(bob);
        vault.borrow(account, USDC, 45.463637e6, alice);
        vm.prank(bob);
        vault.borrow(account, USDC, 45e6, alice);
    }

    /// 85 % of 2,000 USD for each: 97.0588 WETH leave 1.10
    function test_leastCoverage_bindsAWithdrawal() external {
        _appoints(bob, _operatorTerms(2, 110_00, _noAllowance()));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuthority.CoverageBelowLeast.selector,
                account,
                bob,
                1.099333333333333333e18,
                110_00
            )
        );
        vm.prank(bob);
        vault.withdraw(account, address(weth), 3e18, alice);
        vm.prank(bob);
        vault.withdraw(account, address(weth), 2.94e18, alice);
    }

    /// an exchange of 30 WETH for 100,000 USD of LINK costs cover: 119,000 + 78,000 stay
    function test_leastCoverage_bindsASubstitution() external {
        link.mint(bob, 10_000e18);
        _appoints(bob, _operatorTerms(3, 131_34, _noAllowance()));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuthority.CoverageBelowLeast.selector,
                account,
                bob,
                1.313333333333333333e18,
                131_34
            )
        );
        _substitutes(bob, link, 6_666666666666666666666, weth, 30e18);
        _appoints(bob, _operatorTerms(3, 131_33, _noAllowance()));
        _substitutes(bob, link, 6_666666666666666666666, weth, 30e18);
    }

    /// on whichever arm of the gate a call passes: here the second, which lets a weak account improve
    function test_leastCoverage_bindsWhateverArmOfTheGatePasses() external {
        moves(weth, 1_850e8); // A_I 148,000 of 150,000; covered at maintenance: 157,250
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), USDC, 2_000e6, address(0));
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.BORROW, address(0), USDC, 1_000e6, alice);
        usdc.mint(bob, 2_000e6);
        _appoints(bob, _operatorTerms(4, 110_00, _noAllowance()));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuthority.CoverageBelowLeast.selector,
                account,
                bob,
                1.055369127516778523e18,
                110_00
            )
        );
        vm.prank(bob);
        vault.batch(account, steps);
        _appoints(bob, _operatorTerms(4, 105_00, _noAllowance()));
        vm.prank(bob);
        vault.batch(account, steps);
    }

    function test_leastCoverage_doesNotBindTheOwner() external {
        _appoints(alice, _operatorTerms(1, 120_00, _allowance(address(weth), 1)));
        borrows(alice, USDC, 9_000e6);
        withdraws(alice, weth, 0.01e18);
    }

    function test_leastCoverage_bindsNoDepositAndNoRepayment_andNothingWithoutDebt() external {
        _appoints(bob, _operatorTerms(31, 200_00, _noAllowance()));
        weth.mint(bob, 1e18);
        usdc.mint(bob, 200_000e6);
        vm.startPrank(bob);
        vault.deposit(account, address(weth), 1e18);
        vault.repay(account, USDC, 50_000e6);
        vault.repay(account, USDC, ALL);
        vault.withdraw(account, address(weth), ALL, alice);
        vm.stopPrank();
        assertEq(weth.balanceOf(alice), 101e18);
    }

    // ---- allowances ----

    function test_allowance_isDrawnByWithdrawals() external {
        repays(alice, USDC, ALL);
        _appoints(bob, _operatorTerms(2, 0, _allowance(address(weth), 3e18)));
        vm.expectEmit(address(vault));
        emit IAuthority.AllowanceDrawn(account, bob, address(weth), 1e18, 2e18);
        vm.startPrank(bob);
        vault.withdraw(account, address(weth), 1e18, alice);
        assertEq(vault.allowanceOf(account, bob, address(weth)), 2e18);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthority.AllowanceExceeded.selector, account, bob, address(weth), 99e18, 2e18)
        );
        vault.withdraw(account, address(weth), ALL, alice);
        vault.withdraw(account, address(weth), 2e18, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthority.AllowanceExceeded.selector, account, bob, address(weth), 1, 0)
        );
        vault.withdraw(account, address(weth), 1, alice);
        vm.stopPrank();
    }

    /// cash counts against the allowance of its token, of whichever pool
    function test_allowance_isDrawnByBorrowings() external {
        _appoints(bob, _operatorTerms(4, 0, _allowance(address(usdc), 1_000e6)));
        vm.startPrank(bob);
        vault.borrow(account, USDC, 400e6, alice);
        assertEq(vault.allowanceOf(account, bob, address(usdc)), 600e6);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthority.AllowanceExceeded.selector, account, bob, address(usdc), 601e6, 600e6)
        );
        vault.borrow(account, USDC, 601e6, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthority.AllowanceExceeded.selector, account, bob, address(dai), 100e18, 0)
        );
        vault.borrow(account, DAI, 100e18, alice);
        vm.stopPrank();
    }

    function test_allowance_isDrawnByWhatGoesOutOfASubstitution() external {
        link.mint(bob, 20_000e18);
        _appoints(bob, _operatorTerms(3, 0, _allowance(address(weth), 30e18)));
        _substitutes(bob, link, 10_000e18, weth, 30e18);
        assertEq(vault.allowanceOf(account, bob, address(weth)), 0);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthority.AllowanceExceeded.selector, account, bob, address(weth), 1e18, 0)
        );
        _substitutes(bob, link, 10_000e18, weth, 1e18);
    }

    /// steps of a batch add up, and what comes in between gives nothing back
    function test_allowance_countsEveryStepOfABatch() external {
        _appoints(bob, _operatorTerms(7, 0, _allowance(address(weth), 1.5e18)));
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](3);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(weth), USDC, 1e18, alice);
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.DEPOSIT, address(weth), USDC, 1e18, alice);
        steps[2] = steps[0];
        weth.mint(bob, 1e18);
        vm.expectRevert(
            abi.encodeWithSelector(IAuthority.AllowanceExceeded.selector, account, bob, address(weth), 1e18, 0.5e18)
        );
        vm.prank(bob);
        vault.batch(account, steps);
    }

    function test_allowance_withoutEnd_isNotDrawn() external {
        _appoints(bob, _operatorTerms(2, 0, _allowance(address(weth), ALL)));
        vm.prank(bob);
        vault.withdraw(account, address(weth), 1e18, alice);
        assertEq(vault.allowanceOf(account, bob, address(weth)), ALL);
    }

    /// whatever an operator does, no more than its allowance leaves
    function testFuzz_allowance_bindsTheSum(uint256[4] memory amounts, uint256 most) external {
        repays(alice, USDC, ALL);
        most = bound(most, 0, 50e18);
        _appoints(bob, _operatorTerms(2, 0, _allowance(address(weth), most)));
        for (uint256 i; i < 4; ++i) {
            amounts[i] = bound(amounts[i], 1, 40e18);
            vm.prank(bob);
            (bool success, ) = address(vault).call(
                abi.encodeCall(vault.withdraw, (account, address(weth), amounts[i], alice))
            );
            if (success) continue;
            assertTrue(
                weth.balanceOf(alice) + amounts[i] > most || amounts[i] > vault.holdingOf(account, address(weth)),
                "refused without reason"
            );
        }
        assertLe(weth.balanceOf(alice), most);
        assertEq(weth.balanceOf(alice) + vault.allowanceOf(account, bob, address(weth)), most);
    }

    // ---- the word ----

    function testFuzz_grant_keepsEveryField(
        uint8 rights,
        uint40 expiresAt,
        uint32 epoch,
        uint24 leastCoverageBps,
        uint32 number,
        bool isLimited
    ) external pure {
        OperatorGrant grant = OperatorGrantLib.toOperatorGrant(
            rights,
            expiresAt,
            epoch,
            leastCoverageBps,
            number,
            isLimited
        );
        assertEq(grant.rights(), rights);
        assertEq(grant.expiresAt(), expiresAt);
        assertEq(grant.epoch(), epoch);
        assertEq(grant.leastCoverageBps(), leastCoverageBps);
        assertEq(grant.number(), number);
        assertEq(grant.isLimited(), isLimited);
        assertEq(grant.allowanceKey(address(7)), (uint256(number) << 160) | 7);
    }

    // ---- helpers ----

    function _isBounded(bool isInForce, uint256 leastCoverageBps, bool isLimited) private view {
        (bool found, uint256 foundBps, bool foundLimit) = vault.boundsOf(account, bob);
        assertEq(found, isInForce, "in force");
        assertEq(foundBps, leastCoverageBps, "least coverage");
        assertEq(foundLimit, isLimited, "limited");
    }

    function _substitutes(
        address actor,
        MockToken incoming,
        uint256 inAssets,
        MockToken outgoing,
        uint256 outAssets
    ) private {
        ISubstitution.Amount[] memory in_ = new ISubstitution.Amount[](1);
        ISubstitution.Amount[] memory out = new ISubstitution.Amount[](1);
        in_[0] = ISubstitution.Amount(address(incoming), inAssets);
        out[0] = ISubstitution.Amount(address(outgoing), outAssets);
        vm.prank(actor);
        vault.substitute(account, in_, out);
    }
}
