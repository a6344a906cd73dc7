// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {HookToken} from "../../contracts/mocks/WeirdTokens.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Bundle} from "../support/Bundle.sol";
import {RewardStage} from "../support/RewardStage.sol";

/// Attacks on rewards: W01–W03, G09, R02.
contract RewardsAttackTest is RewardStage {
    AccountId private account;
    Bundle private bundle; // acts in one transaction, and owns an account

    address[] private targets;
    bytes[] private payloads;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        bundle = new Bundle();
        deposits(alice, weth, 1e18);
    }

    // ---- W01 ----

    /// a flash loan around the lump: in before it, out after it, in one transaction
    function test_W01_aFlashDepositAroundALumpEarnsNothing() external {
        weth.mint(address(bundle), 10_000e18);
        arb.mint(address(bundle), 700e18);
        AccountId own = accountOf(address(bundle));
        _push(address(weth), abi.encodeCall(weth.approve, (address(vault), ALL)));
        _push(address(arb), abi.encodeCall(arb.approve, (address(distributor), ALL)));
        _push(address(vault), abi.encodeCall(vault.deposit, (own, address(weth), 10_000e18)));
        _push(address(distributor), abi.encodeCall(distributor.fund, (address(weth), address(arb), 700e18)));
        _push(address(distributor), abi.encodeCall(distributor.claim, (own, address(weth), _list(arb))));
        _push(address(vault), abi.encodeCall(vault.withdraw, (own, address(weth), ALL, address(bundle))));
        _push(address(distributor), abi.encodeCall(distributor.claim, (own, address(weth), _list(arb))));
        bundle.run(targets, payloads);
        assertEq(arb.balanceOf(address(bundle)), 0, "F4");
        skip(7 days);
        assertAbout(claims(alice, weth, arb), 700e18, "the holder's");
    }

    /// the same around a harvest of what lies in the vault
    function test_W01_aFlashDepositAroundAHarvestEarnsNothing() external {
        vault.setHarvest(address(arb), address(weth));
        arb.mint(address(vault), 700e18);
        weth.mint(address(bundle), 10_000e18);
        AccountId own = accountOf(address(bundle));
        _push(address(weth), abi.encodeCall(weth.approve, (address(vault), ALL)));
        _push(address(vault), abi.encodeCall(vault.deposit, (own, address(weth), 10_000e18)));
        _push(address(vault), abi.encodeCall(vault.harvest, (address(weth), address(arb))));
        _push(address(vault), abi.encodeCall(vault.withdraw, (own, address(weth), ALL, address(bundle))));
        _push(address(distributor), abi.encodeCall(distributor.claim, (own, address(weth), _list(arb))));
        bundle.run(targets, payloads);
        assertEq(arb.balanceOf(address(bundle)), 0, "F4");
    }

    /// who comes for the last hour of a week gets the share of an hour
    function test_W01_aLateDepositEarnsItsTimeOnly() external {
        funds(weth, arb, 168e18);
        skip(167 hours);
        deposits(mallory, weth, 999e18);
        skip(1 hours);
        assertLe(claims(mallory, weth, arb), 0.999e18, "one hour");
        assertAbout(claims(alice, weth, arb), 167.001e18, "the rest");
    }

    // ---- W02 ----

    /// F5: the same token twice in a call, and again
    function test_W02_claimingTwiceYieldsNothing() external {
        funds(weth, arb, 700e18);
        skip(7 days);
        address[] memory twice = new address[](2);
        (twice[0], twice[1]) = (address(arb), address(arb));
        uint256[] memory claimed = distributor.claim(account, address(weth), twice);
        assertAbout(claimed[0], 700e18, "once");
        assertEq(claimed[1], 0, "twice");
        assertEq(claims(alice, weth, arb), 0, "again");
    }

    /// collateral carried from account to account of one owner earns once
    function test_W02_carriedCollateralEarnsOnce() external {
        funds(weth, arb, 700e18);
        skip(1 days);
        uint256 earned;
        withdraws(alice, weth, ALL);
        for (uint96 tag = 1; tag < 5; ++tag) {
            AccountId next = toAccountId(alice, tag);
            vm.prank(alice);
            vault.deposit(next, address(weth), 1e18);
            earned += distributor.claim(next, address(weth), _list(arb))[0];
            vm.prank(alice);
            vault.withdraw(next, address(weth), ALL, alice);
            earned += distributor.claim(next, address(weth), _list(arb))[0];
        }
        assertEq(earned, 0, "nothing twice");
        assertAbout(claims(alice, weth, arb), 100e18, "once");
    }

    /// F3: whatever others do, my share of my time is the same
    function testFuzz_F3_othersChangeNothingOfMine(uint256[6] calldata seeds) external {
        deposits(bob, weth, 1e18);
        funds(weth, arb, 700e18);
        for (uint256 i; i < seeds.length; ++i) {
            skip(1 days);
            uint256 before = claimable(alice, weth, arb) + arb.balanceOf(alice);
            uint256 what = seeds[i] % 5;
            if (what == 0) deposits(mallory, weth, bound(seeds[i], 1, 5_000e18));
            if (what == 1 && vault.holdingOf(accountOf(mallory), address(weth)) != 0) withdraws(mallory, weth, ALL);
            if (what == 2) claims(bob, weth, arb);
            if (what == 3) claims(alice, weth, arb);
            if (what == 4) funds(weth, arb, bound(seeds[i], 1, 1e18));
            assertEq(claimable(alice, weth, arb) + arb.balanceOf(alice), before, "F3");
        }
    }

    /// checkpoints at every second cost the holders no more than a unit each
    function test_W02_manyCheckpointsLoseNothing() external {
        funds(weth, op, 604_800);
        for (uint256 i; i < 50; ++i) {
            skip(1);
            deposits(mallory, weth, 1);
        }
        skip(7 days);
        uint256 paid = claims(alice, weth, op) + claims(mallory, weth, op);
        assertGe(paid + 2, 604_800, "F2 from below");
    }

    // ---- W03 ----

    /// a token that burns all gas is left out; the others are paid
    function test_W03_aTokenThatBurnsGasIsLeftOut() external {
        BurningToken burning = new BurningToken();
        _allow(burning);
        distributor.addStream(address(weth), address(burning));
        funds(weth, burning, 7e18);
        funds(weth, arb, 7e18);
        skip(7 days);
        burning.setBurning();
        assertAbout(claims(alice, weth, arb), 7e18, "arb");
        // and no checkpoint asks it anything
        withdraws(alice, weth, ALL);
        deposits(alice, weth, 1e18);
    }

    /// a token that fails does not stop the vault
    function test_W03_aTokenThatFailsStopsNoWithdrawal() external {
        distributor.addStream(address(weth), makeAddr("no contract"));
        funds(weth, arb, 7e18);
        skip(1 days);
        withdraws(alice, weth, ALL);
        assertAbout(claims(alice, weth, arb), 1e18, "arb");
    }

    // ---- R02 ----

    /// from the middle of a payment into the vault and back
    function test_R02_reenteringFromAPaymentGainsNothing() external {
        HookToken hooked = _hooked();
        bytes[3] memory tries = [
            abi.encodeCall(distributor.claim, (account, address(weth), _list(hooked))),
            abi.encodeCall(distributor.payOut, (account, address(weth), address(hooked))),
            abi.encodeCall(distributor.fund, (address(weth), address(hooked), 1))
        ];
        for (uint256 i; i < 3; ++i) {
            skip(1 days);
            hooked.setHook(address(distributor), tries[i]);
            assertAbout(claims(alice, weth, hooked), 100e18, "once");
            assertTrue(hooked.wasReached() && !hooked.hasSucceeded(), "refused");
        }
        assertApproxEqAbs(hooked.balanceOf(alice), 300e18, 6, "in sum");
    }

    /// a deposit from the middle of a payment is a deposit like any other
    function test_R02_depositingFromAPaymentGainsNothing() external {
        HookToken hooked = _hooked();
        skip(1 days);
        weth.mint(address(hooked), 1_000e18);
        vm.prank(address(hooked));
        weth.approve(address(vault), ALL);
        hooked.setHook(address(vault), abi.encodeCall(vault.deposit, (account, address(weth), 999e18)));
        assertAbout(claims(alice, weth, hooked), 100e18, "with what was held");
        assertTrue(hooked.hasSucceeded(), "deposited");
        assertEq(claims(alice, weth, hooked), 0, "nothing for what came");
    }

    /// from the middle of a deposit nobody claims: the vault is not asked in between
    function test_R02_claimingFromAVaultCallIsRefused() external {
        HookToken hooked = new HookToken(18);
        _list(address(hooked), 1e8, 1_000_000e18);
        vm.prank(alice);
        hooked.approve(address(vault), ALL);
        funds(weth, arb, 700e18);
        skip(1 days);
        hooked.setHook(address(distributor), abi.encodeCall(distributor.claim, (account, address(weth), _list(arb))));
        deposits(alice, hooked, 1e18); // minting calls the hook as well, outside of the vault
        assertTrue(hooked.wasReached());
        assertAbout(arb.balanceOf(alice), 100e18, "claimed while minting");
        hooked.mint(alice, 1e18);
        hooked.setHook(address(distributor), abi.encodeCall(distributor.claim, (account, address(weth), _list(arb))));
        vm.prank(alice);
        vault.deposit(account, address(hooked), 1e18);
        assertTrue(hooked.wasReached() && !hooked.hasSucceeded(), "refused in the middle");
    }

    /// harvesting from the middle of a vault call would count what is on its way
    function test_R02_harvestingFromAVaultCallIsRefused() external {
        HookToken hooked = new HookToken(18);
        _list(address(hooked), 1e8, 1_000_000e18);
        distributor.addStream(address(weth), address(hooked));
        vault.setHarvest(address(hooked), address(weth));
        vm.prank(bob);
        hooked.approve(address(vault), ALL);
        deposits(bob, hooked, 5e18);
        hooked.setHook(address(vault), abi.encodeCall(vault.harvest, (address(weth), address(hooked))));
        withdraws(bob, hooked, ALL);
        assertTrue(hooked.wasReached() && !hooked.hasSucceeded(), "refused");
    }

    /// compounding through a token that calls back: nothing is paid twice
    function test_R02_compoundingATokenThatCallsBack() external {
        HookToken hooked = new HookToken(18);
        _list(address(hooked), 1e8, 1_000_000e18);
        distributor.addStream(address(weth), address(hooked));
        _allow(hooked);
        vm.prank(alice);
        hooked.approve(address(vault), ALL);
        deposits(alice, hooked, 1e18);
        vm.prank(alice);
        distributor.setCompounding(account, true);
        funds(weth, hooked, 700e18);
        skip(1 days);
        hooked.setHook(
            address(distributor),
            abi.encodeCall(distributor.claim, (account, address(weth), _list(hooked)))
        );
        assertAbout(claims(alice, weth, hooked), 100e18, "once");
        assertFalse(hooked.hasSucceeded(), "refused");
        assertAbout(vault.holdingOf(account, address(hooked)), 101e18, "collateral");
    }

    /// a compounding deposit that the caller starves of gas keeps the reward
    function testFuzz_R02_starvingAClaimLosesNothing(uint256 gasMost) external {
        distributor.addStream(address(weth), address(link));
        _allow(link);
        deposits(alice, link, 1e18);
        vm.prank(alice);
        distributor.setCompounding(account, true);
        funds(weth, link, 70e18);
        skip(7 days);
        gasMost = bound(gasMost, 50_000, 600_000);
        try distributor.claim{gas: gasMost}(account, address(weth), _list(link)) {} catch {}
        uint256 kept = claimable(alice, weth, link);
        assertAbout(kept + vault.holdingOf(account, address(link)) - 1e18, 70e18, "kept or paid");
        assertEq(link.balanceOf(alice), 0, "never past the owner's choice");
    }

    // ---- G09 ----

    /// a mistake stops at once, costs only what was emitted, and the liquidation of holders goes on
    function test_G09_aStoppedStreamCostsNothingMore() external {
        _alicePledgesAndBorrows();
        funds(weth, arb, 700e18);
        passes(1 days);
        distributor.stopStream(address(weth), address(arb));
        moves(weth, 1_660e8); // 101 WETH
        liquidates(dave, alice, weth, USDC, ALL);
        skip(30 days);
        assertAbout(claims(alice, weth, arb), 100e18, "bounded");
    }

    /// a stranger opens no slot of an account with rewards
    function test_compounding_opensNoSlot() external {
        distributor.addStream(address(weth), address(link));
        _allow(link);
        funds(weth, link, 70e18);
        skip(7 days);
        vm.prank(alice);
        distributor.setCompounding(account, true);
        claims(alice, weth, link);
        assertEq(vault.holdingOf(account, address(link)), 0, "no slot");
        assertAbout(link.balanceOf(alice), 70e18, "in hand");
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, address(distributor), 1));
        vm.prank(address(distributor));
        vault.deposit(account, address(link), 1);
    }

    // ---- helpers ----

    function _hooked() private returns (HookToken hooked) {
        hooked = new HookToken(18);
        _allow(hooked);
        distributor.addStream(address(weth), address(hooked));
        funds(weth, hooked, 700e18);
    }

    function _push(address target, bytes memory payload) private {
        targets.push(target);
        payloads.push(payload);
    }
}

/// Burns all gas that a transfer gets.
contract BurningToken is MockToken {
    bool private isBurning;

    constructor() MockToken("burning", "BURN", 18) {}

    function setBurning() external {
        isBurning = true;
    }

    function _update(address from, address to, uint256 assets) internal override {
        while (isBurning) {}
        super._update(from, to, assets);
    }
}
