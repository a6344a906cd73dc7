// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMarginCallEvents, IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {TierTerms} from "../../contracts/types/CreditTier.sol";
import {TierStage} from "../support/TierStage.sol";

/// The tier of an owner: what a default costs, and for how long (TIER-1 to TIER-6)
/// ├── given no terms, nothing is remembered
/// ├── a default raises it: a liquidation, a write-off, an expired call of an account that is still uncovered
/// │   └── not: a call that is answered, by whom or whatever, nor a second default within a day
/// ├── it holds for all accounts of the owner, and for no other owner
/// ├── it asks for more where risk is taken, and nowhere else: not at maintenance, not for a cure, not to improve
/// └── it falls evenly, is never above the highest, and the setter has bounds
contract CreditTierTest is TierStage {
    uint256 private constant STEP_BPS = 25_00;
    uint256 private constant MOST_BPS = 60_00;
    uint256 private constant DECAY_FOR = 60 days;

    function setUp() public override {
        super.setUp();
        setsTiers(STEP_BPS, MOST_BPS, DECAY_FOR);
    }

    /// beyond close-out, so at once
    function _aliceIsLiquidated() private {
        moves(weth, 1_690e8);
        liquidates(dave, alice, weth, USDC, ALL);
    }

    /// a call that nobody answers; somebody tells, and then the price comes back
    function _aliceLetsACallExpire(int192 price) private {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        passes(deadline - block.timestamp + 1 hours);
        vault.issueMarginCall(account);
        moves(weth, price);
        vault.clearMarginCall(account);
    }

    // ---- what raises it ----

    function test_withoutTerms_nothingIsRemembered() external {
        setsTiers(0, 0, 0);
        _aliceIsLiquidated();
        (uint256 surchargeBps, uint256 raisedAt, uint256 defaults) = vault.tierOf(alice);
        assertEq(surchargeBps + raisedAt + defaults, 0);
    }

    function test_aLiquidation_raisesIt_withAnEvent() external {
        moves(weth, 1_690e8);
        _fundKeeper();
        vm.expectEmit(true, true, true, true, address(vault));
        emit IMarginCallEvents.TierRaised(alice, account, STEP_BPS, 1);
        vm.prank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
        (uint256 surchargeBps, uint256 raisedAt, uint256 defaults) = vault.tierOf(alice);
        assertEq(surchargeBps, STEP_BPS);
        assertEq(raisedAt, block.timestamp);
        assertEq(defaults, 1);
    }

    function test_aSecondLiquidationWithinADay_doesNot() external {
        moves(weth, 1_690e8);
        liquidates(dave, alice, weth, USDC, 5_000e6);
        passes(1 minutes);
        liquidates(dave, alice, weth, USDC, 5_000e6);
        assertEq(_liquidationsOf(account), 2, "liquidated twice");
        assertEq(defaultsOf(alice), 1);
        passes(1 days);
        liquidates(dave, alice, weth, USDC, 5_000e6);
        assertEq(defaultsOf(alice), 2, "and does after it");
    }

    function test_aWriteOff_raisesIt() external {
        moves(weth, 1_500e8);
        writesOff(dave, alice);
        assertEq(defaultsOf(alice), 1, "once, though the account owes nothing now");
    }

    function test_anExpiredCall_isTold_onceADay() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        passes(deadline - block.timestamp + 1);
        vm.expectEmit(true, true, true, false, address(vault));
        emit IMarginCallEvents.TierRaised(alice, account, STEP_BPS, 1);
        vm.expectEmit(true, true, true, false, address(vault));
        emit IMarginCallEvents.MarginCallExpired(account, deadline, 0);
        vm.prank(mallory);
        assertEq(vault.issueMarginCall(account), deadline, "the deadline stays");
        vm.expectPartialRevert(IMarginCalls.CallRunning.selector);
        vault.issueMarginCall(account);
        passes(1 days);
        vault.issueMarginCall(account);
        assertEq(defaultsOf(alice), 2);
    }

    function test_anExpiredCall_isNotTold_withoutTerms() external {
        setsTiers(0, 0, 0);
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        passes(deadline - block.timestamp + 1);
        vm.expectPartialRevert(IMarginCalls.CallRunning.selector);
        vault.issueMarginCall(account);
    }

    function test_aCallThatIsCoveredAgain_isNoDefault_whoeverLooksLate() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        moves(weth, 2_000e8);
        passes(deadline - block.timestamp + 1 hours);
        vm.expectPartialRevert(IMarginCalls.AccountCovered.selector);
        vault.issueMarginCall(account);
        vault.clearMarginCall(account);
        assertEq(defaultsOf(alice), 0);
    }

    function test_anExpiredCall_thatIsLiquidated_raisesIt_once() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        passes(deadline - block.timestamp + 1);
        liquidates(dave, alice, weth, USDC, ALL);
        assertEq(defaultsOf(alice), 1);
    }

    function test_aCallThatIsAnsweredInTime_doesNot() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        passes(deadline - block.timestamp);
        repays(alice, USDC, 50_000e6);
        assertEq(vault.accountOf(account).callState, 0, "cured");
        assertEq(defaultsOf(alice), 0);
    }

    function test_ofTwoAccountsWithinADay_theFirstCounts() external {
        AccountId second = toAccountId(alice, 1);
        weth.mint(alice, 100e18);
        vm.startPrank(alice);
        vault.deposit(second, address(weth), 100e18);
        vault.borrow(second, USDC, 150_000e6, alice);
        vm.stopPrank();
        moves(weth, 1_690e8);
        _fundKeeper();
        vm.startPrank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
        vm.stopPrank();
        passes(1 hours);
        vm.startPrank(dave);
        vault.liquidate(second, leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
        vm.stopPrank();
        assertEq(defaultsOf(alice), 1);
    }

    // ---- whom it binds, and where ----

    function test_everyAccountOfTheOwner_needsMore() external {
        _aliceIsLiquidated();
        moves(weth, 2_000e8);
        settles();
        AccountId second = toAccountId(alice, 1);
        weth.mint(alice, 100e18);
        vm.startPrank(alice);
        vault.deposit(second, address(weth), 100e18);
        vm.stopPrank();
        setsTiers(STEP_BPS, STEP_BPS, DECAY_FOR);
        uint256 surchargeBps = surchargeOf(alice);
        // 200,000 of collateral at 20 %: margin 40,000 and the surcharge on it; a debt is rounded up to a unit
        uint256 most = (160_000e18 - (40_000e18 * surchargeBps) / 100_00) / 1e12;
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.borrow(second, USDC, most + 1, alice);
        vm.prank(alice);
        vault.borrow(second, USDC, most - 2, alice);
        uint256 requiredValue = vault.accountOf(second).requiredValue;
        assertApproxEqAbs(requiredValue, 160_000e18, 3e12, "the page shows what the gate asks");
    }

    function test_otherOwners_needNoMore() external {
        _aliceIsLiquidated();
        moves(weth, 2_000e8);
        settles();
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 159_999e6);
        assertEq(surchargeOf(bob), 0);
    }

    function test_aWithdrawal_needsMore() external {
        _aliceLetsACallExpire(2_000e8);
        settles();
        vm.prank(alice);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.withdraw(account, address(weth), 2e18, alice);
        passes(DECAY_FOR);
        settles();
        withdraws(alice, weth, 2e18);
    }

    function test_maintenanceAndCure_askForNoMore() external {
        _aliceLetsACallExpire(2_000e8);
        assertEq(vault.accountOf(account).callState, 0, "cured at the initial line of everybody");
        moves(weth, 1_766e8);
        assertEq(uint256(_rowOf(account).status), 0, "covered at the maintenance line of everybody");
    }

    function test_whoIsNotCoveredByIt_mayStillImprove() external {
        _aliceLetsACallExpire(1_900e8);
        settles();
        assertGt(
            vault.accountOf(account).requiredValue,
            vault.accountOf(account).opening.coverInitial,
            "not covered by it"
        );
        deposits(alice, weth, 1e18);
        repays(alice, USDC, 100e6);
        vm.prank(alice);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.borrow(account, USDC, 1_000e6, alice);
    }

    // ---- how it falls ----

    function testFuzz_itFallsEvenly(uint256 elapsedFor) external {
        _aliceIsLiquidated();
        elapsedFor = bound(elapsedFor, 0, 2 * DECAY_FOR);
        vm.warp(block.timestamp + elapsedFor);
        uint256 leftFor = elapsedFor < DECAY_FOR ? DECAY_FOR - elapsedFor : 0;
        assertEq(surchargeOf(alice), (STEP_BPS * leftFor + DECAY_FOR - 1) / DECAY_FOR);
    }

    function test_itIsNeverAboveTheHighest() external {
        for (uint256 i; i < 4; ++i) {
            _aliceLetsACallExpire(2_000e8);
            passes(1 days);
        }
        assertEq(defaultsOf(alice), 4);
        assertLe(surchargeOf(alice), MOST_BPS);
        assertGt(surchargeOf(alice), MOST_BPS - STEP_BPS);
        setsTiers(5_00, 10_00, DECAY_FOR);
        assertLe(surchargeOf(alice), 10_00, "and a lower highest lowers it");
        passes(DECAY_FOR);
        assertEq(surchargeOf(alice), 0);
        setsTiers(STEP_BPS, MOST_BPS, 365 days);
        assertEq(surchargeOf(alice), 0, "and no terms bring back what is gone");
    }

    function test_setTierTerms_emitsOldAndNew() external {
        TierTerms memory old = tierTerms(STEP_BPS, MOST_BPS, DECAY_FOR);
        TierTerms memory terms = tierTerms(1_00, 2_00, 1 days);
        vm.expectEmit(true, true, true, true, address(vault));
        emit IVaultConfigurator.TierTermsSet(old, terms);
        vault.setTierTerms(terms);
        assertEq(abi.encode(vault.tierTerms()), abi.encode(terms));
    }

    function test_setTierTerms_revertsOutsideItsBounds() external {
        _refusesTerms("mostBps", tierTerms(0, 100_01, DECAY_FOR), 100_01, 0, 100_00);
        _refusesTerms("stepBps", tierTerms(11_00, 10_00, DECAY_FOR), 11_00, 0, 10_00);
        _refusesTerms("decayFor", tierTerms(1_00, 10_00, 1 days - 1), 1 days - 1, 1 days, 730 days);
        _refusesTerms("decayFor", tierTerms(0, 0, 730 days + 1), 730 days + 1, 0, 730 days);
    }

    function _refusesTerms(bytes32 name, TierTerms memory terms, uint256 found, uint256 low, uint256 high) private {
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.ParameterOutOfBounds.selector, name, found, low, high)
        );
        vault.setTierTerms(terms);
    }
}
