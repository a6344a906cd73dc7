// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {BlocklistToken, FeeToken, RebasingToken} from "../../contracts/mocks/WeirdTokens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {RewardStage} from "../support/RewardStage.sol";

// RewardsDistributor
// ├── fund
// │   ├── given the asset is not served, or has no stream of the token: it reverts
// │   ├── given zero, too much, or a token that takes a fee: it reverts
// │   ├── given nothing is unemitted: the lump runs over the period
// │   └── given something is: both run over the average of the times, weighted with the amounts
// ├── claim
// │   ├── given time passed: it pays each account its share, to the owner, whoever calls
// │   ├── given nobody held the asset: no time ran
// │   ├── given a token that fails: it is skipped and stays claimable
// │   └── given compounding: it goes into collateral that the account holds, else to the owner
// └── checkpoint: only by the vault, whatever the numbers
contract RewardsDistributorTest is RewardStage {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        deposits(alice, weth, 30e18);
    }

    // ---- fund ----

    function test_fund_runsOverThePeriod() external {
        arb.mint(payer, 700e18);
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.RewardsFunded(address(weth), address(arb), payer, 700e18, 700e18, PERIOD_FOR);
        vm.prank(payer);
        distributor.fund(address(weth), address(arb), 700e18);
        assertEq(claimable(alice, weth, arb), 0, "at once");
        skip(1 days);
        assertAbout(claimable(alice, weth, arb), 100e18, "after a day");
        IRewardsDistributor.StreamView memory row = streamOf(weth, arb);
        assertEq(row.unemittedAssets, 600e18, "unemitted");
        assertEq(row.leftFor, 6 days, "left");
        assertEq(row.unassignedAssets, 100e18, "emitted");
        skip(6 days);
        assertAbout(claimable(alice, weth, arb), 700e18, "after a week");
        skip(100 days);
        assertAbout(claimable(alice, weth, arb), 700e18, "never more");
        (uint256 owed, uint256 held) = distributor.reservesOf(address(arb));
        assertEq(owed, 700e18);
        assertEq(held, 700e18);
    }

    /// half of the first lump runs for 3.5 days, as much again would run for 7: together 5.25
    function test_fund_averagesTheTimes() external {
        funds(weth, arb, 700e18);
        skip(3.5 days);
        funds(weth, arb, 350e18);
        IRewardsDistributor.StreamView memory row = streamOf(weth, arb);
        assertEq(row.unemittedAssets, 700e18);
        assertEq(row.leftFor, 5.25 days);
        skip(5.25 days);
        assertAbout(claimable(alice, weth, arb), 1_050e18, "all");
    }

    /// specks do not slow down what is there
    function test_fund_dustChangesNothing() external {
        funds(weth, arb, 700e18);
        skip(1 days);
        for (uint256 i; i < 5; ++i) funds(weth, arb, 1);
        assertEq(streamOf(weth, arb).leftFor, 6 days);
        skip(6 days);
        assertAbout(claimable(alice, weth, arb), 700e18 + 5, "all");
    }

    /// a shorter period does not hurry what is there
    function test_fund_afterAShorterPeriod_keepsTheTime() external {
        funds(weth, arb, 700e18);
        distributor.setPeriod(address(weth), address(arb), 1 days);
        funds(weth, arb, 700e18);
        assertEq(streamOf(weth, arb).leftFor, 7 days);
    }

    /// six decimals over the largest total that a vault can hold
    function test_fund_tinyAmountsAreNotLost() external {
        MockToken huge = new MockToken("HUGE", "HUGE", 18);
        MockAggregator feed = new MockAggregator(8);
        feed.push(1e4, uint64(block.timestamp));
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        (config.lowestAnswer, config.highestAnswer) = (1e3, 1e8);
        _sendProbe(address(huge));
        vault.listAsset(address(huge), config, type(uint96).max);
        vm.prank(bob);
        huge.approve(address(vault), ALL);
        vault.setRewards(address(huge), address(distributor));
        distributor.addStream(address(huge), address(op));
        deposits(bob, huge, type(uint96).max);
        funds(huge, op, 10);
        skip(7 days);
        assertEq(claimable(bob, huge, op), 9, "10, rounded down");
    }

    function test_fund_revertsWith_ZeroRewards() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.ZeroRewards.selector, weth, arb));
        distributor.fund(address(weth), address(arb), 0);
    }

    function test_fund_revertsWith_StreamNotFound() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamNotFound.selector, weth, link));
        distributor.fund(address(weth), address(link), 1);
    }

    function test_fund_revertsWith_AssetNotServed() external {
        withdraws(alice, weth, ALL);
        vault.setRewards(address(weth), address(0));
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.AssetNotServed.selector, weth, address(0)));
        distributor.fund(address(weth), address(arb), 1);
    }

    function test_fund_revertsWith_FundingTooLarge() external {
        uint256 most = type(uint104).max;
        funds(weth, arb, most - 5);
        skip(1 days);
        arb.mint(payer, 6);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.FundingTooLarge.selector, weth, arb, 6, 5));
        vm.prank(payer);
        distributor.fund(address(weth), address(arb), 6);
        funds(weth, arb, 5);
        skip(7 days);
        assertAbout(claimable(alice, weth, arb), most, "all of it");
        claims(alice, weth, arb);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.FundingTooLarge.selector, weth, arb, 1, 0));
        distributor.fund(address(weth), address(arb), 1);
    }

    /// F2: a fee is found out
    function test_fund_revertsWith_RewardShortfall() external {
        FeeToken fee = new FeeToken(50);
        _allow(fee);
        distributor.addStream(address(weth), address(fee));
        fee.mint(payer, 100e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.RewardShortfall.selector, fee, 99.5e18, 100e18));
        vm.prank(payer);
        distributor.fund(address(weth), address(fee), 100e18);
    }

    // ---- claim ----

    function test_claim_paysTheOwner_whoeverCalls() external {
        funds(weth, arb, 700e18);
        skip(7 days);
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.RewardClaimed(account, address(weth), address(arb), alice, 700e18 - 1);
        vm.prank(mallory);
        uint256[] memory claimed = distributor.claim(account, address(weth), _list(arb));
        assertEq(claimed[0], 700e18 - 1);
        assertEq(arb.balanceOf(alice), 700e18 - 1);
        assertEq(arb.balanceOf(mallory), 0);
    }

    /// 30 and 10 WETH, then 10 alone
    function test_claim_sharesByHoldingAndTime() external {
        deposits(bob, weth, 10e18);
        funds(weth, arb, 700e18);
        skip(1 days);
        withdraws(alice, weth, ALL);
        skip(1 days);
        assertAbout(claims(alice, weth, arb), 75e18, "alice");
        assertAbout(claims(bob, weth, arb), 125e18, "bob");
    }

    function test_claim_severalTokens() external {
        funds(weth, arb, 700e18);
        funds(weth, op, 7e6);
        skip(7 days);
        address[] memory both = new address[](2);
        (both[0], both[1]) = (address(op), address(arb));
        uint256[] memory claimed = distributor.claim(account, address(weth), both);
        assertAbout(claimed[0], 7e6, "op");
        assertAbout(claimed[1], 700e18, "arb");
    }

    /// nobody holds: nothing is emitted, and nothing lost
    function test_claim_noTimeRunsWhileNobodyHolds() external {
        funds(weth, arb, 700e18);
        skip(1 days);
        withdraws(alice, weth, ALL);
        skip(30 days);
        assertEq(streamOf(weth, arb).unemittedAssets, 600e18, "as it was");
        deposits(bob, weth, 1e18);
        skip(6 days);
        assertAbout(claimable(alice, weth, arb), 100e18, "alice");
        assertAbout(claimable(bob, weth, arb), 600e18, "bob");
    }

    function test_claim_revertsWith_StreamNotFound() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamNotFound.selector, weth, link));
        distributor.claim(account, address(weth), _list(link));
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamNotFound.selector, weth, link));
        distributor.claimable(account, address(weth), address(link));
    }

    /// F7: of two tokens one fails
    function test_claim_skipsATokenThatFails() external {
        BlocklistToken blocking = new BlocklistToken(18);
        _allow(blocking);
        distributor.addStream(address(weth), address(blocking));
        funds(weth, blocking, 70e18);
        funds(weth, arb, 700e18);
        skip(7 days);
        blocking.setBlocked(alice, true);
        address[] memory both = new address[](2);
        (both[0], both[1]) = (address(blocking), address(arb));
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.ClaimSkipped(account, address(weth), address(blocking), 70e18 - 1);
        uint256[] memory claimed = distributor.claim(account, address(weth), both);
        assertEq(claimed[0], 0, "skipped");
        assertAbout(claimed[1], 700e18, "paid");
        assertAbout(claimable(alice, weth, blocking), 70e18, "kept");
        blocking.setBlocked(alice, false);
        assertAbout(claims(alice, weth, blocking), 70e18, "later");
    }

    /// nobody is paid with what others are owed
    function test_claim_whenTokensAreMissing_waits() external {
        RebasingToken shrinking = new RebasingToken();
        _allow(shrinking);
        distributor.addStream(address(weth), address(shrinking));
        funds(weth, shrinking, 100e18);
        skip(3.5 days);
        shrinking.rebase(address(distributor), 99e18);
        assertEq(claims(alice, weth, shrinking), 0, "short");
        shrinking.mint(address(distributor), 1e18);
        assertAbout(claims(alice, weth, shrinking), 50e18, "made up for");
    }

    /// a token that two assets share is counted in sum
    function test_claim_ofASharedToken_countsInSum() external {
        vault.setRewards(address(link), address(distributor));
        distributor.addStream(address(link), address(arb));
        deposits(bob, link, 10e18);
        funds(weth, arb, 700e18);
        funds(link, arb, 70e18);
        skip(7 days);
        (uint256 owed, ) = distributor.reservesOf(address(arb));
        assertEq(owed, 770e18);
        assertAbout(claims(bob, link, arb), 70e18, "bob");
        assertAbout(claims(alice, weth, arb), 700e18, "alice");
        (owed, ) = distributor.reservesOf(address(arb));
        assertLe(owed, 4, "rounding");
        assertEq(claimable(bob, weth, arb), 0, "another asset");
    }

    // ---- compounding ----

    function test_setCompounding_revertsWith_CallerNotAccountOwner() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.CallerNotAccountOwner.selector, account, mallory));
        vm.prank(mallory);
        distributor.setCompounding(account, true);
    }

    function test_claim_compounds_intoCollateralThatTheAccountHolds() external {
        _compoundsLink();
        deposits(alice, link, 1e18);
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.RewardClaimed(account, address(weth), address(link), address(vault), 70e18 - 1);
        vm.prank(mallory);
        distributor.claim(account, address(weth), _list(link));
        assertEq(vault.holdingOf(account, address(link)), 71e18 - 1, "collateral");
        assertEq(link.balanceOf(alice), 0, "nothing in hand");
    }

    function test_claim_compounds_toTheOwnerWithoutSuchCollateral() external {
        _compoundsLink();
        claims(alice, weth, link);
        assertEq(link.balanceOf(alice), 70e18 - 1);
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.CompoundingSet(account, true, false);
        vm.prank(alice);
        distributor.setCompounding(account, false);
        assertFalse(distributor.isCompounding(account));
    }

    /// the cap is full: the reward stays claimable, and the owner can have it in hand
    function test_claim_compounds_keepsWhatTheVaultRefuses() external {
        _compoundsLink();
        deposits(alice, link, 1e18);
        vault.setSupplyCap(address(link), 1e18);
        assertEq(claims(alice, weth, link), 0, "refused");
        assertEq(claimable(alice, weth, link), 70e18 - 1, "kept");
        assertEq(link.allowance(address(distributor), address(vault)), 0, "no allowance is left");
        vm.prank(alice);
        distributor.setCompounding(account, false);
        assertEq(claims(alice, weth, link), 70e18 - 1, "in hand");
    }

    /// the asset that earns is the reward, too
    function test_claim_compounds_intoTheAssetThatEarns() external {
        distributor.addStream(address(weth), address(weth));
        vm.prank(payer);
        weth.approve(address(distributor), ALL);
        vm.prank(alice);
        distributor.setCompounding(account, true);
        funds(weth, weth, 7e18);
        skip(3.5 days);
        assertAbout(claims(alice, weth, weth), 3.5e18, "half");
        assertAbout(vault.holdingOf(account, address(weth)), 33.5e18, "collateral");
        skip(3.5 days);
        assertAbout(claims(alice, weth, weth), 3.5e18, "the other half");
    }

    function _compoundsLink() private {
        distributor.addStream(address(weth), address(link));
        vm.prank(payer);
        link.approve(address(distributor), ALL);
        vm.prank(alice);
        distributor.setCompounding(account, true);
        funds(weth, link, 70e18);
        skip(7 days);
    }

    // ---- the vault's side ----

    function test_checkpoint_revertsWith_CallerNotTheVault() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.CallerNotTheVault.selector, mallory));
        vm.prank(mallory);
        distributor.checkpoint(account, address(weth), 1e18, 1e18);
    }

    function test_payOut_revertsWith_CallerNotSelf() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.CallerNotSelf.selector, mallory));
        vm.prank(mallory);
        distributor.payOut(account, address(weth), address(arb));
    }

    /// it never fails and never gives more than was emitted, whatever the vault says; at the largest index there can be
    function testFuzz_checkpoint_neverFails(uint256[4] calldata holdings, uint256[4] calldata totals) external {
        withdraws(alice, weth, ALL);
        deposits(alice, weth, 1);
        funds(weth, arb, type(uint104).max);
        uint256 claimed;
        for (uint256 i; i < 4; ++i) {
            skip(2 days);
            vm.prank(address(vault));
            distributor.checkpoint(account, address(weth), i == 1 ? ALL : holdings[i], i == 2 ? ALL : totals[i]);
            vm.prank(address(vault));
            distributor.checkpoint(accountOf(bob), address(weth), holdings[3 - i], i == 3 ? 1 : totals[3 - i]);
            claimed += claims(alice, weth, arb) + claims(bob, weth, arb);
        }
        assertLe(claimed, type(uint104).max, "F2");
    }

    /// bounded: four streams, all slots cold, an account for the first time
    function test_checkpoint_gas() external {
        _fourStreams();
        bytes memory data = abi.encodeCall(distributor.checkpoint, (account, address(weth), 30e18, 30e18));
        vm.prank(address(vault));
        uint256 before = gasleft();
        (bool success, ) = address(distributor).call(data);
        uint256 used = before - gasleft();
        assertTrue(success);
        assertLt(used, 360_000);
    }

    function _fourStreams() private {
        MockToken third = _rewardToken("THREE", 18);
        MockToken fourth = _rewardToken("FOUR", 18);
        distributor.addStream(address(weth), address(third));
        distributor.addStream(address(weth), address(fourth));
        funds(weth, arb, 7e18);
        funds(weth, op, 7e18);
        funds(weth, third, 7e18);
        funds(weth, fourth, 7e18);
        skip(1 days);
    }
}
