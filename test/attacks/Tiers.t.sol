// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAggregatorV3} from "../../contracts/interfaces/IAggregatorV3.sol";
import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {CreditTier, TierTerms} from "../../contracts/types/CreditTier.sol";
import {Bundle} from "../support/Bundle.sol";
import {TierStage} from "../support/TierStage.sol";

/// A feed that answers well, and needs nearly all the gas that it is given.
contract DearFeed is IAggregatorV3 {
    uint256 private constant NEEDED_GAS = 250_000;

    // solhint-disable-next-line const-name-snakecase
    uint8 public constant decimals = 8;

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        uint256 before = gasleft();
        while (before - gasleft() < NEEDED_GAS) {}
        return (1, 10e8, block.timestamp, block.timestamp, 1);
    }

    function getRoundData(uint80) external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, 10e8, block.timestamp, block.timestamp, 1);
    }
}

/// Attacks on tiers that are repelled
/// ├── an owner does not get around the tier: by substitution, a batch, a refinancing, another account, a new call
/// │   instead of the expired one, a repayment of all
/// ├── what always works still does at the highest tier: deposit, repayment, cure, unwinding, leaving without debt
/// ├── nobody is called or liquidated sooner for a tier
/// ├── strangers' deposits and repayments raise nothing in time
/// ├── the word of a tier overflows nowhere
/// └── a liquidation with too little gas for a feed fails; it never does something else
contract TiersAttackTest is TierStage {
    uint256 private constant HIGHEST_BPS = 100_00;
    uint256 private constant DECAY_FOR = 730 days;

    function setUp() public override {
        super.setUp();
        setsTiers(HIGHEST_BPS, HIGHEST_BPS, DECAY_FOR);
    }

    function _aCallExpires() private returns (uint256 deadline) {
        moves(weth, 1_750e8);
        deadline = vault.issueMarginCall(account);
        passes(deadline - block.timestamp + 1);
    }

    /// 100 WETH at 2,000 against 150,000: covered at the initial line, not at twice the margin
    function _aliceHasTheHighestTier() private {
        _aCallExpires();
        vault.issueMarginCall(account); // tells
        moves(weth, 2_000e8);
        vault.clearMarginCall(account);
        settles();
        assertGt(surchargeOf(alice), HIGHEST_BPS - 10, "the highest");
        assertEq(vault.accountOf(account).callState, 0, "healthy");
    }

    // ---- the owner's ways around it ----

    function test_aSubstitution_takesNoValueOut() external {
        _aliceHasTheHighestTier();
        wbtc.mint(alice, 10e8);
        ISubstitution.Amount[] memory incoming = new ISubstitution.Amount[](1);
        ISubstitution.Amount[] memory outgoing = new ISubstitution.Amount[](1);
        incoming[0] = ISubstitution.Amount(address(wbtc), 3e8); // 180,000
        outgoing[0] = ISubstitution.Amount(address(weth), 95e18); // 190,000, at a wider haircut
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.substitute(account, incoming, outgoing);
        incoming[0].assets = 3.4e8;
        vm.prank(alice);
        vault.substitute(account, incoming, outgoing);
        assertEq(vault.holdingOf(account, address(wbtc)), 3.4e8, "for more than its worth");
    }

    function test_aBatch_thatEndsWithLess_isRefused() external {
        _aliceHasTheHighestTier();
        weth.mint(alice, 100e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.DEPOSIT, address(weth), USDC, 5e18, address(0));
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(weth), USDC, 5e18 + 1e12, alice);
        vm.prank(alice);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.batch(account, steps);
        // a debt in another pool instead of this one: no way to owe more
        dai.mint(alice, 100_000e18);
        usdc.mint(alice, 100_000e6);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), USDC, 50_000e6, address(0));
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.BORROW, address(0), DAI, 50_001e18, alice);
        vm.prank(alice);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.batch(account, steps);
    }

    /// collateral moved to an account without debt needs a withdrawal, and the next account knows the tier too
    function test_anotherAccount_isNoWayOut() external {
        _aliceHasTheHighestTier();
        AccountId second = toAccountId(alice, 7);
        vm.prank(alice);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.withdraw(account, address(weth), 5e18, alice);
        weth.mint(alice, 100e18);
        vm.startPrank(alice);
        vault.deposit(second, address(weth), 100e18);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.borrow(second, USDC, 121_000e6, alice);
        // nor does an operator
        vault.setOperator(second, bob, 31, block.timestamp + 1 days);
        vm.stopPrank();
        vm.prank(bob);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.borrow(second, USDC, 121_000e6, alice);
    }

    /// a new call would give an expired one a new deadline
    function test_anExpiredCall_isNotIssuedAnew() external {
        uint256 deadline = _aCallExpires();
        vm.prank(alice);
        assertEq(vault.issueMarginCall(account), deadline, "she can tell of herself");
        vm.expectPartialRevert(IMarginCalls.CallRunning.selector);
        vm.prank(alice);
        vault.issueMarginCall(account);
        assertEq(vault.accountOf(account).callState, 1);
    }

    /// repaying, leaving and opening again in one transaction
    function test_repayingAll_inOneTransaction_leavesTheDefault() external {
        Bundle bundle = new Bundle();
        AccountId own = toAccountId(address(bundle), 0);
        weth.mint(address(bundle), 100e18);
        vm.startPrank(address(bundle));
        weth.approve(address(vault), ALL);
        usdc.approve(address(vault), ALL);
        vault.depositAndBorrow(own, address(weth), 100e18, USDC, 150_000e6, address(bundle));
        vm.stopPrank();
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(own);
        passes(deadline - block.timestamp + 1);
        vault.issueMarginCall(own); // somebody tells
        usdc.mint(address(bundle), 1_000e6);
        address[] memory targets = new address[](2);
        bytes[] memory payloads = new bytes[](2);
        (targets[0], targets[1]) = (address(vault), address(vault));
        payloads[0] = abi.encodeCall(vault.repay, (own, USDC, ALL));
        payloads[1] = abi.encodeCall(vault.withdraw, (own, address(weth), ALL, address(bundle)));
        bundle.run(targets, payloads);
        assertEq(defaultsOf(address(bundle)), 1);
    }

    // ---- what must always work ----

    function test_whatAlwaysWorks_worksAtTheHighestTier() external {
        _aliceHasTheHighestTier();
        deposits(alice, weth, 1e18);
        deposits(alice, link, 10e18); // a new collateral
        repays(alice, USDC, 10e6);
        AccountId second = toAccountId(alice, 7);
        weth.mint(alice, 1e18);
        vm.startPrank(alice);
        vault.deposit(second, address(weth), 1e18);
        vault.withdraw(second, address(weth), 1e18, alice);
        vm.stopPrank();
        // a cure at the line of everybody
        moves(weth, 1_700e8);
        vault.issueMarginCall(account);
        moves(weth, 1_880e8);
        deposits(alice, weth, 1);
        assertEq(vault.accountOf(account).callState, 0, "cured");
        // all paid and all taken in one batch
        usdc.mint(alice, 200_000e6);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](3);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), USDC, ALL, address(0));
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(weth), USDC, ALL, alice);
        steps[2] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(link), USDC, ALL, alice);
        vm.prank(alice);
        vault.batch(account, steps);
        assertEq(vault.holdingOf(account, address(weth)), 0, "left");
    }

    // ---- who is called ----

    /// whatever the price, an account of a defaulter and its twin are in the same state
    function testFuzz_noTier_makesAnAccountWorse(uint256 price) external {
        _aliceHasTheHighestTier();
        (, uint256 owed) = vault.debtOf(account, USDC);
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, owed);
        moves(weth, int192(int256(bound(price, 1_000e8, 2_500e8))));
        assertEq(uint256(_rowOf(account).status), uint256(_rowOf(accountOf(bob)).status));
    }

    // ---- strangers ----

    function test_strangers_raiseNothingInTime() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        weth.mint(mallory, 10e18);
        usdc.mint(mallory, 50_000e6);
        for (uint256 i; i < 4; ++i) {
            passes(1 minutes);
            vm.startPrank(mallory);
            vault.deposit(account, address(weth), 1e18);
            vault.repay(account, USDC, 100e6);
            vm.stopPrank();
        }
        vm.prank(mallory);
        vault.repay(account, USDC, 40_000e6);
        assertEq(vault.accountOf(account).callState, 0, "cured by a stranger");
        assertEq(defaultsOf(alice), 0);
    }

    /// nobody makes an account for another owner that could be called
    function test_otherOwnersAccounts_cannotBeOpenedByAStranger() external {
        AccountId victim = toAccountId(bob, 3);
        weth.mint(mallory, 1e18);
        vm.startPrank(mallory);
        vm.expectPartialRevert(IAccountLedger.NotPermitted.selector);
        vault.deposit(victim, address(weth), 1e18);
        vm.expectPartialRevert(IAccountLedger.NotPermitted.selector);
        vault.borrow(victim, USDC, 100e6, mallory);
        vm.stopPrank();
        assertEq(defaultsOf(bob), 0);
    }

    // ---- the word ----

    /// any word, any terms, any time after: no overflow, never above the highest, and a default never lowers it
    function testFuzz_theWord_overflowsNowhere(
        uint256 word,
        uint16 step,
        uint16 most,
        uint32 decay,
        uint40 nowAt
    ) external pure {
        TierTerms memory terms = TierTerms(uint16(bound(step, 0, most)), most, decay);
        CreditTier tier = CreditTier.wrap(word << 96).raised(terms, bound(word, 1, type(uint40).max / 4));
        uint256 time = bound(nowAt, tier.raisedAt(), type(uint40).max / 2);
        uint256 before = tier.surchargeBpsAt(terms, time);
        CreditTier next = tier.raised(terms, time);
        assertLe(before, most, "within");
        assertEq(next.raisedAt(), time);
        assertEq(next.defaults(), uint32(tier.defaults() + 1));
        assertLe(CreditTier.unwrap(next), type(uint128).max, "four fields");
        if (decay == 0) return;
        assertGe(next.surchargeBpsAt(terms, time), before, "not lower");
        assertLe(next.surchargeBpsAt(terms, time), most, "within");
        assertEq(next.surchargeBpsAt(terms, time + decay), 0, "gone");
    }

    // ---- gas ----

    /// With the gas that a liquidation needs, and any less: it fails, or does the same. No feed that runs out of gas
    /// makes a fresh collateral look silent in a call that succeeds
    function testFuzz_aStarvedLiquidation_failsOrDoesTheSame(uint256 gasLimit) external {
        DearFeed feed = new DearFeed();
        MockToken speck = new MockToken("SPECK", "SPECK", 18);
        _sendProbe(address(speck));
        vault.listAsset(address(speck), _feedConfig(address(feed)), 1_000e18);
        vault.setPair(address(speck), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        speck.mint(alice, 1e18);
        vm.startPrank(alice);
        speck.approve(address(vault), ALL);
        vault.deposit(account, address(speck), 1e18);
        vm.stopPrank();
        moves(weth, 1_690e8);
        bytes memory payload = abi.encodeCall(
            vault.liquidate,
            (account, leg(weth, USDC, ALL), ALL, block.timestamp, dave, "")
        );
        uint256 id = vm.snapshotState();
        vm.prank(dave);
        (bool success, bytes memory full) = address(vault).call(payload);
        assertTrue(success, "with all gas");
        vm.revertToState(id);
        vm.prank(dave);
        bytes memory starved;
        (success, starved) = address(vault).call{gas: bound(gasLimit, 250_000, 800_000)}(payload);
        if (success) assertEq(starved, full, "the same");
    }
}
