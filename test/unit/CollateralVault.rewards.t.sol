// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IRecovery} from "../../contracts/interfaces/IRecovery.sol";
import {IRewards} from "../../contracts/interfaces/IRewards.sol";
import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {FeeToken} from "../../contracts/mocks/WeirdTokens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {RewardStage} from "../support/RewardStage.sol";

// rewards of the vault
// ├── whatever changes a holding tells the distributor first: deposit, withdraw, batch, substitute, liquidate, writeOff
// ├── setRewards: a distributor of this vault that was never used; another only while nobody holds the asset
// ├── setHarvest and harvest: what is held beyond what is owed goes to the holders of the registered asset
// └── recover: not what is harvested
contract CollateralVaultRewardsTest is RewardStage {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
    }

    // ---- whatever changes a holding ----

    function test_checkpoint_atDepositAndWithdrawal() external {
        deposits(alice, weth, 10e18);
        deposits(bob, weth, 10e18);
        funds(weth, arb, 700e18);
        skip(1 days); // 50 : 50
        deposits(alice, weth, 20e18);
        skip(1 days); // 75 : 25
        withdraws(alice, weth, 30e18);
        skip(1 days); // 0 : 100
        assertAbout(claimable(alice, weth, arb), 125e18, "alice");
        assertAbout(claimable(bob, weth, arb), 175e18, "bob");
    }

    /// F4: what comes and goes in one batch earns nothing, and what stays earns for what it was
    function test_checkpoint_inABatch() external {
        deposits(alice, weth, 10e18);
        deposits(bob, weth, 10e18);
        funds(weth, arb, 700e18);
        skip(1 days);
        weth.mint(alice, 1_000e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](3);
        (steps[0].kind, steps[0].asset, steps[0].assets) = (IAccountLedger.StepKind.DEPOSIT, address(weth), 1_000e18);
        (steps[1].kind, steps[1].asset, steps[1].assets) = (IAccountLedger.StepKind.WITHDRAW, address(weth), 500e18);
        (steps[2].kind, steps[2].asset, steps[2].assets) = (IAccountLedger.StepKind.WITHDRAW, address(weth), ALL);
        (steps[1].receiver, steps[2].receiver) = (alice, alice);
        vm.prank(alice);
        vault.batch(account, steps);
        assertAbout(claimable(alice, weth, arb), 50e18, "alice");
        assertAbout(claimable(bob, weth, arb), 50e18, "bob");
    }

    function test_checkpoint_atSubstitution() external {
        vault.setRewards(address(link), address(distributor));
        distributor.addStream(address(link), address(arb));
        deposits(alice, weth, 10e18);
        deposits(bob, link, 1_000e18);
        funds(weth, arb, 700e18);
        funds(link, arb, 700e18);
        skip(1 days);
        link.mint(alice, 1_000e18);
        ISubstitution.Amount[] memory incoming = new ISubstitution.Amount[](1);
        ISubstitution.Amount[] memory outgoing = new ISubstitution.Amount[](1);
        (incoming[0], outgoing[0]) = (
            ISubstitution.Amount(address(link), 1_000e18),
            ISubstitution.Amount(address(weth), 10e18)
        );
        vm.prank(alice);
        vault.substitute(account, incoming, outgoing);
        skip(1 days);
        assertAbout(claimable(alice, weth, arb), 100e18, "until it left");
        assertAbout(claimable(alice, link, arb), 50e18, "since it came");
        assertAbout(claimable(bob, link, arb), 150e18, "bob");
    }

    /// what was earned until the seizure stays the owner's; the liquidator holds nothing and earns nothing
    function test_checkpoint_atLiquidation() external {
        _alicePledgesAndBorrows();
        deposits(bob, weth, 100e18);
        funds(weth, arb, 700e18);
        passes(1 days);
        moves(weth, 1_690e8);
        uint256 left = liquidates(dave, alice, weth, USDC, ALL).holdingAssets;
        assertGt(left, 0, "of a part");
        assertAbout(claimable(alice, weth, arb), 50e18, "before");
        skip(1 days);
        assertAbout(claimable(alice, weth, arb), 50e18 + (100e18 * left) / (left + 100e18), "after");
        assertEq(claimable(dave, weth, arb), 0, "dave");
        assertAbout(claims(alice, weth, arb), 50e18 + (100e18 * left) / (left + 100e18), "paid");
    }

    /// two legs on one collateral, one for each debt
    function test_checkpoint_atLiquidation_twiceOnOneLine() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 75_000e6);
        borrows(alice, DAI, 75_000e18);
        deposits(bob, weth, 100e18);
        funds(weth, arb, 700e18);
        passes(1 days);
        moves(weth, 1_690e8);
        _fundKeeper();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        (legs[0], legs[1]) = (_leg(weth, USDC, 10_000e6), _leg(weth, DAI, 10_000e18));
        vm.prank(dave);
        vault.liquidate(account, legs, 0, block.timestamp, dave, "");
        uint256 left = vault.holdingOf(account, address(weth));
        skip(1 days);
        assertAbout(claimable(alice, weth, arb), 50e18 + (100e18 * left) / (left + 100e18), "alice");
        assertAbout(claimable(bob, weth, arb), 50e18 + (100e18 * 100e18) / (left + 100e18), "bob");
    }

    function test_checkpoint_atWriteOff() external {
        _alicePledgesAndBorrows();
        deposits(bob, weth, 100e18);
        funds(weth, arb, 700e18);
        passes(1 days);
        moves(weth, 1_000e8);
        writesOff(dave, alice);
        skip(1 days);
        assertEq(vault.holdingOf(account, address(weth)), 0);
        assertAbout(claims(alice, weth, arb), 50e18, "alice");
        assertAbout(claims(bob, weth, arb), 150e18, "bob");
    }

    /// delisted collateral that anyone sends home earned until then
    function test_checkpoint_atTheReturnOfDelistedCollateral() external {
        deposits(alice, weth, 10e18);
        deposits(bob, weth, 10e18);
        distributor.setPeriod(address(weth), address(arb), 90 days);
        vault.delist(address(weth));
        funds(weth, arb, 90e18);
        skip(30 days);
        vault.returnDelisted(account, address(weth));
        skip(10 days);
        assertEq(vault.holdingOf(account, address(weth)), 0);
        assertAbout(claims(alice, weth, arb), 15e18, "alice");
        assertAbout(claims(bob, weth, arb), 25e18, "bob");
    }

    /// rewards are never cover: with a fortune of them claimable the account is liquidated all the same
    function test_rewards_areNoCover() external {
        _alicePledgesAndBorrows();
        distributor.addStream(address(weth), address(usdc));
        vm.prank(payer);
        usdc.approve(address(distributor), ALL);
        funds(weth, usdc, 1_000_000e6);
        uint256 coverBefore = vault.accountOf(account).row.coverMaintenance;
        passes(7 days);
        assertGt(claimable(alice, weth, usdc), 999_999e6, "a fortune");
        assertEq(vault.accountOf(account).row.coverMaintenance, coverBefore, "cover");
        moves(weth, 1_690e8);
        liquidates(dave, alice, weth, USDC, ALL);
        assertAbout(claims(alice, weth, usdc), 1_000_000e6, "hers");
    }

    /// collateral that was there before anybody thought of rewards earns from the first lump on
    function test_checkpoint_ofAHoldingFromBefore() external {
        deposits(alice, link, 10e18);
        vault.setRewards(address(link), address(distributor));
        deposits(bob, link, 10e18);
        skip(1 days);
        distributor.addStream(address(link), address(arb));
        funds(link, arb, 700e18);
        skip(7 days);
        assertAbout(claims(alice, link, arb), 350e18, "alice");
        assertAbout(claims(bob, link, arb), 350e18, "bob");
    }

    // ---- setRewards ----

    function test_setRewards_keepsTheOtherSettings() external {
        deposits(alice, link, 10e18);
        vault.pauseAsset(address(link), true, true);
        vm.expectEmit(address(vault));
        emit IRewards.RewardsSet(address(link), address(0), address(distributor));
        vault.setRewards(address(link), address(distributor));
        vault.setAssetPause(address(link), true, false);
        vault.setSupplyCap(address(link), 999_999e18);
        IVaultLens.AssetView memory row = vault.assets()[4];
        assertEq(row.asset, address(link));
        assertEq(row.totalAssets, 10e18, "total");
        assertEq(row.capAssets, 999_999e18, "cap");
        assertTrue(row.supplyPaused && !row.seizurePaused, "pauses");
        (address found, uint256 total) = vault.rewardsOf(address(link));
        assertEq(found, address(distributor));
        assertEq(total, 10e18);
        distributor.addStream(address(link), address(arb));
        funds(link, arb, 7e18);
        skip(7 days);
        withdraws(alice, link, ALL); // the flag outlived the other setters
        assertAbout(claims(alice, link, arb), 7e18, "told");
    }

    function test_setRewards_revertsWith_AssetNotListed() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, arb));
        vault.setRewards(address(arb), address(distributor));
    }

    function test_setRewards_revertsWith_AssetStillHeld() external {
        deposits(alice, weth, 1);
        address next = address(_newDistributor());
        vm.expectRevert(abi.encodeWithSelector(IRewards.AssetStillHeld.selector, weth, 1));
        vault.setRewards(address(weth), next);
        vm.expectRevert(abi.encodeWithSelector(IRewards.AssetStillHeld.selector, weth, 1));
        vault.setRewards(address(weth), address(0));
    }

    function test_setRewards_revertsWith_DistributorOfAnotherVault() external {
        address other = _deploy("RewardsDistributor.sol:RewardsDistributor", abi.encode(alice, address(manager)));
        vm.expectRevert(abi.encodeWithSelector(IRewards.DistributorOfAnotherVault.selector, other, alice));
        vault.setRewards(address(link), other);
    }

    function test_setRewards_revertsWith_DistributorUsed() external {
        vault.setRewards(address(weth), address(0));
        vm.expectRevert(abi.encodeWithSelector(IRewards.DistributorUsed.selector, weth, distributor, 2));
        vault.setRewards(address(weth), address(distributor));
    }

    /// what the old distributor owes it pays, and no more, whatever happens afterwards
    function test_setRewards_replaced_theOldOneStillPays() external {
        deposits(alice, weth, 10e18);
        deposits(bob, weth, 10e18);
        funds(weth, arb, 700e18);
        skip(1 days);
        withdraws(alice, weth, ALL);
        skip(1 days);
        withdraws(bob, weth, ALL);
        IRewardsDistributor old = distributor;
        distributor = _newDistributor();
        vault.setRewards(address(weth), address(distributor));
        distributor.addStream(address(weth), address(arb));
        _allow(arb);
        deposits(alice, weth, 1_000e18);
        funds(weth, arb, 70e18);
        skip(7 days);
        assertAbout(claims(alice, weth, arb), 70e18, "of the new one");
        assertAbout(old.claimable(account, address(weth), address(arb)), 50e18, "as it stood");
        assertAbout(old.claim(account, address(weth), _list(arb))[0], 50e18, "alice");
        assertAbout(old.claim(accountOf(bob), address(weth), _list(arb))[0], 150e18, "bob");
        assertEq(old.claim(account, address(weth), _list(arb))[0], 0, "once");
        assertEq(old.streamsOf(address(weth))[0].unemittedAssets, 500e18, "stands still");
        old.stopStream(address(weth), address(arb));
        assertEq(old.returnUnemitted(address(weth), address(arb), payer), 500e18);
    }

    // ---- harvest ----

    function test_harvest_sendsWhatArrives_toTheHolders() external {
        deposits(alice, weth, 10e18);
        vm.expectEmit(address(vault));
        emit IRewards.HarvestSet(address(arb), address(0), address(weth));
        vault.setHarvest(address(arb), address(weth));
        assertEq(vault.harvestAssetOf(address(arb)), address(weth));
        arb.mint(address(vault), 70e18);
        vm.expectEmit(address(vault));
        emit IRewards.Harvested(address(weth), address(arb), 70e18);
        vm.prank(mallory);
        assertEq(vault.harvest(address(weth), address(arb)), 70e18);
        assertEq(arb.balanceOf(address(vault)), 0);
        assertEq(claimable(alice, weth, arb), 0, "not at once");
        skip(7 days);
        assertAbout(claims(alice, weth, arb), 70e18, "over time");
    }

    /// A1: of a listed collateral only what is owed to nobody
    function test_harvest_ofAListedCollateral_leavesWhatIsOwed() external {
        deposits(alice, weth, 10e18);
        deposits(bob, link, 500e18);
        distributor.addStream(address(weth), address(link));
        vault.setHarvest(address(link), address(weth));
        vm.expectRevert(abi.encodeWithSelector(IRewards.NothingToHarvest.selector, link));
        vault.harvest(address(weth), address(link));
        link.mint(address(vault), 7e18);
        assertEq(vault.harvest(address(weth), address(link)), 7e18);
        assertEq(link.balanceOf(address(vault)), 500e18);
        withdraws(bob, link, ALL);
    }

    /// a token that takes more than it moves would take what accounts own
    function test_harvest_revertsWith_aTokenThatTakesMore() external {
        GreedyToken greedy = new GreedyToken();
        _list(address(greedy), 1e8, 1_000e18);
        deposits(bob, greedy, 100e18);
        distributor.addStream(address(weth), address(greedy));
        vault.setHarvest(address(greedy), address(weth));
        greedy.mint(address(vault), 7e18);
        greedy.setGreed(1e18);
        vm.expectRevert(abi.encodeWithSelector(IRecovery.OwedTokensTaken.selector, greedy, 99e18, 100e18));
        vault.harvest(address(weth), address(greedy));
    }

    function test_harvest_revertsWith_HarvestNotRegistered() external {
        arb.mint(address(vault), 7e18);
        vm.expectRevert(abi.encodeWithSelector(IRewards.HarvestNotRegistered.selector, weth, arb));
        vault.harvest(address(weth), address(arb));
        vm.expectRevert(abi.encodeWithSelector(IRewards.HarvestNotRegistered.selector, address(0), arb));
        vault.harvest(address(0), address(arb));
        vault.setHarvest(address(arb), address(weth));
        vm.expectRevert(abi.encodeWithSelector(IRewards.HarvestNotRegistered.selector, link, arb));
        vault.harvest(address(link), address(arb));
    }

    function test_harvest_revertsWith_RewardsNotSet() external {
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsNotSet.selector, link));
        vault.setHarvest(address(arb), address(link));
        vault.setHarvest(address(arb), address(weth));
        vault.setRewards(address(weth), address(0));
        arb.mint(address(vault), 7e18);
        vm.expectRevert(abi.encodeWithSelector(IRewards.RewardsNotSet.selector, weth));
        vault.harvest(address(weth), address(arb));
    }

    function test_harvest_revertsWith_StreamNotFound() external {
        vault.setHarvest(address(link), address(weth));
        link.mint(address(vault), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamNotFound.selector, weth, link));
        vault.harvest(address(weth), address(link));
    }

    /// F2: a token that takes a fee on its way
    function test_harvest_revertsWith_RewardShortfall() external {
        FeeToken fee = new FeeToken(1_00);
        distributor.addStream(address(weth), address(fee));
        vault.setHarvest(address(fee), address(weth));
        fee.mint(address(vault), 100e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.RewardShortfall.selector, fee, 99e18, 100e18));
        vault.harvest(address(weth), address(fee));
    }

    // ---- recover ----

    function test_recover_revertsWith_RewardsNotRecoverable() external {
        vault.setHarvest(address(arb), address(weth));
        arb.mint(address(vault), 7e18);
        vm.expectRevert(abi.encodeWithSelector(IRecovery.RewardsNotRecoverable.selector, arb, weth));
        vault.recover(address(arb), payer);
        vault.setHarvest(address(arb), address(0));
        assertEq(vault.recover(address(arb), payer), 7e18);
    }
}

/// Takes something on top from whoever sends.
contract GreedyToken is MockToken {
    uint256 private greed;

    constructor() MockToken("greedy", "GREEDY", 18) {}

    function setGreed(uint256 assets) external {
        greed = assets;
    }

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (from != address(0) && greed != 0) super._update(from, address(0), greed);
    }

    /// anybody may move anything: the vault's tests need no approval
    function allowance(address, address) public pure override returns (uint256) {
        return type(uint256).max;
    }
}
