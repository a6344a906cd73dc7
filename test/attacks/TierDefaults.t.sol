// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockUptimeFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {TierStage} from "../support/TierStage.sol";

/// Attacks that broke the first form of tiers, and a clock that specks of stale collateral did not stop
/// ├── one expired call counts once: liquidated in two steps, or woken again and again for the price of interest
/// ├── a payment in time is no default: while the feed of the debt is silent, beside a silent speck, by prices, in an
/// │   outage
/// ├── one crash is one default, in however many blocks; one years later is another
/// └── lower terms do not bring back what had fallen to nothing
contract TierDefaultsAttackTest is TierStage {
    uint256 private constant STEP_BPS = 25_00;
    uint256 private constant MOST_BPS = 60_00;
    uint256 private constant DECAY_FOR = 60 days;

    function setUp() public override {
        super.setUp();
        setsTiers(STEP_BPS, MOST_BPS, DECAY_FOR);
    }

    function _isCalledAt(int192 price) private returns (uint256 deadline) {
        moves(weth, price);
        return vault.issueMarginCall(account);
    }

    function _isLiquidated(AccountId target, uint256 most) private {
        vm.prank(dave);
        vault.liquidate(target, leg(weth, USDC, most), ALL, block.timestamp, dave, "");
    }

    /// TIER-1: a further liquidation within the day raises nothing
    function test_anExpiredCall_liquidatedInTwoSteps_isOneDefault() external {
        uint256 deadline = _isCalledAt(1_750e8);
        passes(deadline - block.timestamp + 1);
        _isLiquidated(account, 1_000e6);
        assertEq(defaultsOf(alice), 1);
        passes(1);
        _isLiquidated(account, ALL);
        assertEq(defaultsOf(alice), 1, "one call, one episode");
    }

    /// A stranger repays cents and lets interest take them back: each time the rested call resumes with nothing left,
    /// is expired a second later, and counts again
    function test_aRestedExpiredCall_countsOnce_whoeverWakesIt() external {
        uint256 deadline = _isCalledAt(1_764e8);
        passes(deadline - block.timestamp + 1);
        usdc.mint(mallory, 1_000e6);
        vm.prank(mallory);
        vault.issueMarginCall(account);
        assertEq(defaultsOf(alice), 1, "told");
        _isPaidUpToTheLine(); // what misses at maintenance, once: 60 dollars
        assertEq(vault.accountOf(account).callState, 2, "rests");
        for (uint256 i; i < 5; ++i) {
            passes(1 minutes);
            vm.prank(mallory);
            vault.issueMarginCall(account);
            passes(1);
            vm.expectPartialRevert(IMarginCalls.CallRunning.selector);
            vm.prank(mallory);
            vault.issueMarginCall(account);
            _isPaidUpToTheLine();
        }
        assertEq(defaultsOf(alice), 1, "one call");
    }

    /// TIER-2: paid in time, while nobody can judge, as the feed of the debt is silent
    function test_aPaymentInTime_whileTheDebtIsStale_isNoDefault() external {
        uint256 deadline = _isCalledAt(1_750e8);
        vm.warp(block.timestamp + 1 hours + 1);
        moves(weth, 1_750e8);
        assertLt(block.timestamp, deadline, "in time");
        repays(alice, USDC, 50_000e6); // far above the initial line
        assertEq(vault.accountOf(account).callState, 1, "not judged");
        vm.warp(deadline + 1);
        moves(usdc, 1e8);
        moves(weth, 1_750e8);
        vm.prank(mallory);
        vault.clearMarginCall(account);
        assertEq(defaultsOf(alice), 0, "she paid in time");
    }

    function _isPaidUpToTheLine() private {
        uint256 missing = (_rowOf(account).requirement - _rowOf(account).coverMaintenance) / 1e12;
        vm.prank(mallory);
        vault.repay(account, USDC, missing + 10);
    }

    function _isCalledBesideASilentSpeck() private returns (uint256 deadline) {
        deposits(alice, link, 850e18); // 12,750: 7 % of the collateral
        deadline = _isCalledAt(1_640e8);
        vm.warp(block.timestamp + 61 minutes);
        moves(usdc, 1e8);
        moves(weth, 1_640e8);
        assertLt(block.timestamp, deadline, "in time");
    }

    /// The call asks for R − A_I with the silent speck at its last good price; who pays that has answered
    function test_aCallPaidInFull_besideASilentSpeck_isAnswered() external {
        uint256 deadline = _isCalledBesideASilentSpeck();
        uint256 amount = vault.accountOf(account).callAmountValue / 1e12;
        repays(alice, USDC, amount + 100e6);
        assertGe(_rowOf(account).coverInitial, _rowOf(account).requirement, "covered at the initial line");
        vm.warp(deadline + 1);
        moves(usdc, 1e8);
        moves(weth, 1_640e8);
        moves(link, 15e8);
        vault.clearMarginCall(account);
        assertEq(defaultsOf(alice), 0, "she paid what was asked, in time");
    }

    /// and a fall after that is liquidated without any time to answer it
    function test_aCallPaidInFull_besideASilentSpeck_givesTimeForTheNext() external {
        uint256 deadline = _isCalledBesideASilentSpeck();
        uint256 amount = vault.accountOf(account).callAmountValue / 1e12;
        repays(alice, USDC, amount + 100e6);
        vm.warp(deadline + 1);
        moves(usdc, 1e8);
        moves(weth, 1_525e8); // below maintenance, far from close-out
        moves(link, 15e8);
        vm.expectRevert();
        _isLiquidated(account, ALL);
    }

    /// TIER-2: prices covered the account an hour before the deadline; whoever looks later makes it a default
    function test_aCallThatPricesAnswered_isNoDefault_whoeverLooksLate() external {
        uint256 deadline = _isCalledAt(1_750e8);
        passes(10 minutes);
        moves(weth, 2_000e8);
        passes(deadline - block.timestamp + 1);
        vm.prank(mallory);
        vault.clearMarginCall(account);
        assertEq(defaultsOf(alice), 0, "covered for an hour when the deadline passed");
    }

    /// decision 0021: one crash is one default for an owner of many accounts
    function test_oneCrash_isOneDefault_inHoweverManyBlocks() external {
        AccountId[3] memory others;
        weth.mint(alice, 300e18);
        for (uint96 i; i < 3; ++i) {
            others[i] = toAccountId(alice, i + 1);
            vm.startPrank(alice);
            vault.deposit(others[i], address(weth), 100e18);
            vault.borrow(others[i], USDC, 150_000e6, alice);
            vm.stopPrank();
        }
        moves(weth, 1_690e8);
        _isLiquidated(account, ALL);
        for (uint256 i; i < 3; ++i) {
            passes(1);
            _isLiquidated(others[i], ALL);
        }
        assertEq(defaultsOf(alice), 1, "four seconds of one crash");
    }

    /// TIER-1: covered twice over for a year, and liquidated again: a new default, though nobody touched it between
    function test_aLiquidationAYearLater_isANewDefault() external {
        moves(weth, 1_690e8);
        _isLiquidated(account, 5_000e6); // in part, so that the episode goes on
        assertEq(defaultsOf(alice), 1);
        moves(weth, 4_000e8);
        passes(365 days);
        (, uint256 owed) = vault.debtOf(account, USDC);
        uint256 held = vault.holdingOf(account, address(weth));
        moves(weth, int192(int256((owed * 100 * 1e18 * 1_127) / held / 1_000)));
        _isLiquidated(account, ALL);
        assertEq(defaultsOf(alice), 2, "another crash");
    }

    /// TIER-3: gone is gone: governance makes tiers milder, and an old surcharge is there again
    function test_milderTerms_bringNothingBack() external {
        moves(weth, 1_690e8);
        _isLiquidated(account, ALL);
        passes(DECAY_FOR);
        assertEq(surchargeOf(alice), 0, "gone");
        setsTiers(STEP_BPS, MOST_BPS, 2 * DECAY_FOR);
        assertEq(surchargeOf(alice), 0, "a longer memory remembers nothing more");
        setsTiers(STEP_BPS, STEP_BPS, DECAY_FOR);
        assertEq(surchargeOf(alice), 0, "a lower highest makes nobody worse");
    }

    /// The cure period starts again with the sequencer and ends within its grace, in which nobody may clear
    function test_aCallThatPricesAnswered_inAnOutage_isNoDefault() external {
        MockUptimeFeed uptime = new MockUptimeFeed();
        _deployVault(address(uptime), 3 hours);
        for (uint256 i; i < 3; ++i) {
            _sendProbe(tokens[i]);
            vault.listAsset(tokens[i], _feedConfig(address(feedOf[tokens[i]])), i == 2 ? 10_000e18 : 0);
        }
        usdcPool = _pool(usdc, "lend USDC", 100e6, 100_000_000e6);
        vault.setRiskParameters(_rules());
        setsTiers(STEP_BPS, MOST_BPS, DECAY_FOR);
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        _approveAll(alice);
        _approveAll(carol);
        lends(carol, usdcPool, 1_000_000e6);
        _alicePledgesAndBorrows();
        _isCalledAt(1_750e8);
        uptime.set(1, block.timestamp);
        passes(1 hours);
        moves(weth, 2_000e8);
        uptime.set(0, block.timestamp);
        passes(3 hours);
        vault.clearMarginCall(account);
        assertEq(defaultsOf(alice), 0, "nobody could clear it sooner");
    }
}
