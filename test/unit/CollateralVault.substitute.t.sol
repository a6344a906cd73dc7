// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IMarginCallEvents} from "../../contracts/interfaces/IMarginCalls.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "../support/Deployment.sol";

// substitute
// ├── given nothing comes in or goes out: it reverts
// ├── given a stranger: it reverts
// ├── given an operator: what goes out goes to the owner
// ├── given no debt: it exchanges anything
// ├── given a healthy account
// │   ├── that stays at its initial line: it passes, whatever the values
// │   └── below its initial line: it passes when nothing got worse, and reverts when value, E_I or coverage fell
// ├── given a margin call
// │   ├── what comes in has no larger haircuts and as much value: it passes, and cures at the initial line
// │   ├── what comes in has larger haircuts: it reverts
// │   └── a plain withdrawal beside a deposit: it still reverts
// ├── given used > γ: it passes only when it ends at the initial line
// ├── given a price that is not fresh: it reverts
// └── given a full account: it exchanges without an empty slot
contract CollateralVaultSubstituteTest is Deployment {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        // 1,000 LINK-dollars times 10: cover 0.7 · 150,000 initially, 0.78 at maintenance
        deposits(alice, link, 10_000e18); // 150,000 USD
        borrows(alice, USDC, 104_000e6);
        weth.mint(alice, 1_000e18);
        wbtc.mint(alice, 100e8);
        link.mint(alice, 100_000e18);
    }

    // ---- refused ----

    function test_substitute_revertsWith_EmptyExchange() external {
        ISubstitution.Amount[] memory none = new ISubstitution.Amount[](0);
        vm.expectRevert(abi.encodeWithSelector(ISubstitution.EmptyExchange.selector, 0, 1));
        vm.prank(alice);
        vault.substitute(account, none, _one(link, 1e18));
        vm.expectRevert(abi.encodeWithSelector(ISubstitution.EmptyExchange.selector, 1, 0));
        vm.prank(alice);
        vault.substitute(account, _one(weth, 1e18), none);
    }

    function test_substitute_revertsWith_NotPermitted() external {
        weth.mint(mallory, 10e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 2));
        vm.prank(mallory);
        vault.substitute(account, _one(weth, 10e18), _one(link, 1e18));
    }

    /// an operator never picks the receiver
    function test_substitute_byAnOperator_paysTheOwner() external {
        vm.prank(alice);
        vault.setOperator(account, bob, 3, block.timestamp + 1 days);
        weth.mint(bob, 10e18);
        vm.prank(bob);
        vault.substitute(account, _one(weth, 10e18), _one(link, 1_000e18));
        assertEq(link.balanceOf(alice), 101_000e18, "to the owner");
        assertEq(link.balanceOf(bob), 0, "nothing to the operator");
    }

    // ---- healthy ----

    function test_substitute_withoutDebt_exchangesAnything() external {
        deposits(bob, weth, 1e18);
        link.mint(bob, 1e18);
        vm.prank(bob);
        vault.substitute(accountOf(bob), _one(link, 1e18), _one(weth, ALL));
        assertEq(vault.holdingOf(accountOf(bob), address(weth)), 0);
        assertEq(weth.balanceOf(bob), 1e18);
    }

    function test_substitute_aboveTheInitialLine_passes() external {
        _substitutes(_one(weth, 70e18), _one(link, 10_000e18)); // 140,000 at 20 % covers 104,000 and a little interest
        assertEq(vault.holdingOf(account, address(link)), 0);
        assertEq(vault.holdingOf(account, address(weth)), 70e18);
        assertEq(link.balanceOf(alice), 110_000e18, "out");
    }

    /// below the initial line, above maintenance: stronger collateral of the same value
    function test_substitute_belowTheInitialLine_passesWhenNothingGetsWorse() external {
        _falls(14e8); // initially 98,000 for 104,000, maintenance 109,200
        _substitutes(_one(weth, 7.01e18), _one(link, 1_000e18)); // 14,020 for 14,000, or 14,003 at the slow price
    }

    function test_substitute_belowTheInitialLine_revertsWith_ExchangeLosesValue() external {
        _falls(14e8);
        // 13,900 at 20 % cover more than 14,000 at 30 %, but the owner takes 100 out
        vm.expectPartialRevert(ISubstitution.ExchangeLosesValue.selector);
        vm.prank(alice);
        vault.substitute(account, _one(weth, 6.95e18), _one(link, 1_000e18));
    }

    /// the slow average is 2,000, the price before the jump 1,940: 7.01 count 13,600 for 14,000
    function test_X12_substitute_inAWindow_countsThePriceBefore() external {
        _falls(14e8);
        moves(weth, 2_000e8);
        vault.startMeasure(address(weth), 0.25e18);
        skip(10 minutes);
        moves(weth, 1_940e8);
        skip(10 minutes);
        moves(weth, 2_600e8);
        vault.refresh(address(weth), 10);
        vm.expectPartialRevert(ISubstitution.ExchangeLosesValue.selector);
        vm.prank(alice);
        vault.substitute(account, _one(weth, 7.01e18), _one(link, 1_000e18));
    }

    function test_substitute_belowTheInitialLine_revertsWith_InsufficientMargin_forWeakerCollateral() external {
        deposits(alice, weth, 2e18);
        _falls(13.6e8);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.substitute(account, _one(link, 300e18), _one(weth, 2e18)); // 4,080 for 4,000, at 30 % for 20 %
    }

    // ---- called ----

    function test_substitute_underACall_cures() external {
        _isCalled();
        // 30 WETH for 4,500 LINK of 13.2: 60,000 for 59,400
        vm.expectEmit(address(vault));
        emit IMarginCallEvents.MarginCallCured(account, vault.accountOf(account).row.version + 3);
        _substitutes(_one(weth, 55e18), _one(link, 8_000e18));
        assertEq(vault.accountOf(account).callState, 0, "healthy");
    }

    function test_substitute_underACall_mayHelpWithoutCuring() external {
        _isCalled();
        uint256 before = vault.accountOf(account).row.coverMaintenance;
        _substitutes(_one(weth, 1e18), _one(link, 150e18)); // 2,000 for 1,980
        assertGt(vault.accountOf(account).row.coverMaintenance, before, "better");
        assertEq(vault.accountOf(account).callState, 1, "still called");
    }

    /// X16: nothing weaker, even for more value
    function test_X16_substitute_underACall_revertsWith_WeakerCollateral() external {
        deposits(alice, weth, 1e18);
        _falls(13e8);
        vault.issueMarginCall(account);
        vm.expectRevert(abi.encodeWithSelector(ISubstitution.WeakerCollateral.selector, account, 300_000, 200_000));
        vm.prank(alice);
        vault.substitute(account, _one(link, 90_000e18), _one(weth, 1e18));
    }

    /// the maintenance haircuts count too
    function test_substitute_underACall_revertsWith_WeakerCollateral_atMaintenance() external {
        vault.setPair(address(weth), USDC, _pair(300_000, 280_000, 200_000_000e18, 2_00));
        passes(3 days); // maintenance haircuts rise by 5 points a day
        _isCalled();
        vm.expectRevert(abi.encodeWithSelector(ISubstitution.WeakerCollateral.selector, account, 280_000, 220_000));
        vm.prank(alice);
        vault.substitute(account, _one(weth, 55e18), _one(link, 8_000e18));
    }

    /// X16: at a lagging price the worse of spot and slow average counts on both sides
    function test_X16_substitute_countsTheWorsePrice() external {
        _isCalled();
        moves(weth, 2_100e8); // the slow average still says 2,000
        vm.expectPartialRevert(ISubstitution.ExchangeLosesValue.selector);
        vm.prank(alice);
        vault.substitute(account, _one(weth, 1e18), _one(link, 155e18)); // 2,000 at the slow price, for 2,046
    }

    /// the same two moves as plain steps stay closed
    function test_substitute_isTheOnlyWayOutUnderACall() external {
        _isCalled();
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0].kind = IAccountLedger.StepKind.DEPOSIT;
        (steps[0].asset, steps[0].assets) = (address(weth), 1e18);
        steps[1].kind = IAccountLedger.StepKind.WITHDRAW;
        (steps[1].asset, steps[1].assets, steps[1].receiver) = (address(link), 150e18, alice);
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        vm.prank(alice);
        vault.batch(account, steps);
    }

    // ---- beyond close-out ----

    function test_substitute_beyondCloseOut_onlyToTheInitialLine() external {
        _falls(12.4e8); // cover 96,720 of 104,000; used 27 % of 27,280
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.substitute(account, _one(weth, 1e18), _one(link, 100e18));
        _substitutes(_one(weth, 70e18), _one(link, 10_000e18));
        assertEq(vault.accountOf(account).callState, 0, "covered at the initial line");
    }

    // ---- prices ----

    function test_substitute_revertsWith_AnswerStale() external {
        skip(1 hours + 1);
        moves(weth, 2_000e8);
        moves(usdc, 1e8);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        vm.prank(alice);
        vault.substitute(account, _one(weth, 100e18), _one(link, 1e18));
    }

    // ---- whatever is exchanged ----

    /// NAV, E_I and coverage fall only when the account ends at its initial line
    function testFuzz_substitute_neverMakesWorse(uint256 inAssets, uint256 outAssets, uint256 price) external {
        _falls(int192(uint192(bound(price, 11e8, 16e8))));
        inAssets = bound(inAssets, 1, 100e18);
        outAssets = bound(outAssets, 1, 10_000e18);
        uint256 coverBefore = vault.accountOf(account).row.coverMaintenance;
        uint256 worthBefore = vault.accountOf(account).row.collateralValue;
        vm.prank(alice);
        try vault.substitute(account, _one(weth, inAssets), _one(link, outAssets)) {} catch {
            return;
        }
        if (vault.accountOf(account).opening.coverInitial >= vault.accountOf(account).opening.requirement) return;
        assertGe(vault.accountOf(account).row.coverMaintenance, coverBefore, "cover");
        assertGe(vault.accountOf(account).row.collateralValue + 2, worthBefore, "worth");
    }

    // ---- helpers ----

    function _falls(int192 answer) private {
        moves(link, answer);
        settles();
        moves(link, answer);
    }

    /// LINK at 13.2: cover 102,960 of 104,000, used 3.6 %; the slow average stays at 15
    function _isCalled() private {
        moves(link, 13.2e8);
        vault.issueMarginCall(account);
        settles();
        moves(link, 13.2e8);
    }

    function _substitutes(ISubstitution.Amount[] memory incoming, ISubstitution.Amount[] memory outgoing) private {
        vm.prank(alice);
        vault.substitute(account, incoming, outgoing);
    }

    function _one(MockToken token, uint256 assets) private pure returns (ISubstitution.Amount[] memory amounts) {
        amounts = new ISubstitution.Amount[](1);
        amounts[0] = ISubstitution.Amount({asset: address(token), assets: assets});
    }
}
