// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {SleeveStage} from "../support/SleeveStage.sol";

/// Venues that lie, fail, eat gas or call back: what is idle and what other venues hold stays within reach.
contract VenueAllocatorHostileTest is SleeveStage {
    function setUp() public override {
        super.setUp();
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 40e18);
        sleeve.allocate(address(good), 40e18);
    }

    /// V03, E8: whatever a venue says, it counts for no more than was recorded, and at once for less
    function test_V03_aVenueThatSaysTooMuch() external {
        bad.setFashion(HostileYieldVault.Fashion.SAYS_DOUBLE);
        assertEq(sleeve.totalAssets(), 100e18, "double");
        bad.setFashion(HostileYieldVault.Fashion.SAYS_HUGE);
        assertEq(sleeve.totalAssets(), 100e18, "huge");
        skip(1 days);
        assertEq(sleeve.touch(), 100.02e18, "500 ppm of forty a day");
    }

    function test_V03_aVenueThatDoesNotAnswer_countsNothing() external {
        HostileYieldVault.Fashion[3] memory fashions = [
            HostileYieldVault.Fashion.VIEW_REVERTS,
            HostileYieldVault.Fashion.VIEW_EATS_GAS,
            HostileYieldVault.Fashion.VIEW_SHORT
        ];
        for (uint256 i; i < fashions.length; ++i) {
            bad.setFashion(fashions[i]);
            assertEq(sleeve.totalAssets(), 60e18, "the rest counts");
            assertEq(sleeve.maxDeposit(address(this)), 0, "nobody comes in");
        }
        bad.setFashion(HostileYieldVault.Fashion.VIEW_LONG);
        assertEq(sleeve.totalAssets(), 100e18, "one word of a long answer is read");
    }

    /// four venues that burn what they get leave the read within what the vault gives for a rate
    function test_R06_fourGasBurners_leaveARead() external {
        for (uint256 i; i < 2; ++i) {
            HostileYieldVault other = new HostileYieldVault(asset);
            sleeve.setVenue(address(other), _venueTerms(1_000e18, 100_00));
            sleeve.allocate(address(other), 1e18);
            other.setFashion(HostileYieldVault.Fashion.VIEW_EATS_GAS);
        }
        bad.setFashion(HostileYieldVault.Fashion.VIEW_EATS_GAS);
        sleeve.touch();
        uint256 worth = sleeve.convertToAssets{gas: 300_000}(1e18);
        assertGt(worth, 0.57e18, "idle and the good venue");
    }

    /// who leaves a read too little gas gets no answer, not a lower one
    function test_R06_aStarvedRead_fails() external {
        for (uint256 gasLimit = 30_000; gasLimit < 300_000; gasLimit += 7_000) {
            (bool success, bytes memory answer) = address(sleeve).staticcall{gas: gasLimit}(
                abi.encodeCall(sleeve.totalAssets, ())
            );
            if (success) assertEq(abi.decode(answer, (uint256)), 100e18, "whole or none");
        }
        vm.expectPartialRevert(IVenueAllocator.GasForVenueTooLow.selector);
        sleeve.totalAssets{gas: 40_000}();
    }

    /// V02, E6: a venue that refuses, keeps half, pays nothing or burns gas is passed over
    function test_V02_E6_aVenueThatDoesNotPay_isPassedOver() external {
        HostileYieldVault.Fashion[4] memory fashions = [
            HostileYieldVault.Fashion.OUT_REVERTS,
            HostileYieldVault.Fashion.OUT_EATS_GAS,
            HostileYieldVault.Fashion.OUT_PAYS_HALF,
            HostileYieldVault.Fashion.OUT_PAYS_NOTHING
        ];
        for (uint256 i; i < fashions.length; ++i) {
            bad.setFashion(fashions[i]);
            assertEq(leaves(dave, i == 0 ? 30e18 : 5e18), i == 0 ? 30e18 : 5e18, "idle, then the good one");
            assertEq(_venue(0).recordedAssets, 40e18, "nothing was taken from the bad one");
        }
        bad.setFashion(HostileYieldVault.Fashion.BALANCE_EATS_GAS);
        assertEq(leaves(dave, 5e18), 5e18, "a balance that burns gas too");
        _requireSound();
    }

    /// a pull that would cost those who stay is undone
    function test_V03_refill_refusesALoss() external {
        leaves(dave, 20e18);
        bad.setFashion(HostileYieldVault.Fashion.OUT_PAYS_HALF);
        vm.expectPartialRevert(IVenueAllocator.VenueRefused.selector);
        sleeve.refill(address(bad));
        assertEq(_venue(0).recordedAssets, 40e18, "as before");
    }

    /// E5, L10: a loss is borne before anybody leaves, in the block of the loss
    function test_E5_L10_nobodyLeavesAtTheOldPrice() external {
        vm.prank(dave);
        sleeve.transfer(mallory, 50e18);
        bad.loses(20e18);
        uint256 got = leaves(mallory, 50e18);
        assertApproxEqAbs(got, 40e18, 10, "half of eighty");
        assertApproxEqAbs(sleeve.convertToAssets(50e18), 40e18, 10, "and who stays has the same");
    }

    /// V03: a venue that loses while it pays is passed over by who leaves; the manager's recall counts the loss at once
    function test_V03_aVenueThatLosesWhilePaying() external {
        bad.setCall(address(bad), abi.encodeCall(bad.loses, (10e18)));
        leaves(dave, 25e18);
        assertEq(_venue(0).worthAssets, 40e18, "undone, and the good one asked");
        assertEq(_venue(1).worthAssets, 35e18, "which paid");
        sleeve.recall(address(bad), 5e18);
        _requireSound();
        assertApproxEqAbs(sleeve.totalAssets(), 65e18, 10, "ten less than it was");
        assertApproxEqAbs(_venue(0).recordedAssets, 25e18, 10, "recorded");
    }

    /// R06: a venue in mid-call reaches no door, and reads the price of before
    function test_R06_aVenueInMidCall_reachesNoDoor() external {
        asset.mint(address(this), 10e18);
        bytes[4] memory payloads = [
            abi.encodeCall(sleeve.touch, ()),
            abi.encodeCall(sleeve.refill, (address(good))),
            abi.encodeCall(sleeve.redeem, (1, address(bad), address(bad))),
            abi.encodeCall(sleeve.pullFrom, (address(good), 1e18, true, address(bad)))
        ];
        for (uint256 i; i < payloads.length; ++i) {
            bad.setCall(address(sleeve), payloads[i]);
            sleeve.recall(address(bad), 1e18);
            assertTrue(bad.wasReached(), "tried");
            assertFalse(bad.hasSucceeded(), "refused");
            bad.setCall(address(sleeve), payloads[i]);
            sleeve.allocate(address(bad), 1e18);
            assertFalse(bad.hasSucceeded(), "on the way in too");
        }
        bad.setCall(address(sleeve), abi.encodeCall(sleeve.convertToAssets, (1e18)));
        sleeve.recall(address(bad), 10e18);
        assertTrue(bad.hasSucceeded(), "a view is open");
        assertEq(abi.decode(bad.answer(), (uint256)), 1e18, "and shows what is true before and after");
        bad.setCall(address(sleeve), abi.encodeCall(sleeve.convertToAssets, (1e18)));
        leaves(dave, 25e18);
        assertLe(abi.decode(bad.answer(), (uint256)), 1e18, "also while somebody leaves");
        _requireSound();
    }

    /// S02: with one share left a donation to a venue makes shares dear; who comes in loses nothing, or is refused
    function test_S02_theFirstShareCannotBeInflated() external {
        MockToken token = new MockToken("token", "T", 18);
        IVenueAllocator other = _sleeve(token);
        MockYieldVault venue = new MockYieldVault(token, 0);
        other.setVenue(address(venue), _venueTerms(1_000e18, 100_00));
        token.mint(address(this), 1_000e18);
        other.deposit(2, mallory);
        other.allocate(address(venue), 2);
        token.mint(address(venue), 100e18); // mallory's donation
        token.mint(address(other), 100e18); // and one to the sleeve
        vm.expectPartialRevert(IVenueAllocator.EntryLosesValue.selector);
        other.deposit(75e18, dave);
        vm.prank(mallory);
        assertLe(other.redeem(2, mallory, mallory), 2, "the donation is lost to her");
        // a manager who falls for it loses it to mallory's donation at most within the slippage
        vm.expectRevert();
        other.allocate(address(venue), 50e18);
    }

    /// V04: shares that a manager would buy dear in a venue, as somebody donated to it, are refused
    function test_V04_anAllocationAtABadPrice_isRefused() external {
        asset.mint(mallory, 40e18);
        vm.startPrank(mallory);
        asset.approve(address(bad), ALL);
        bad.deposit(40e18, mallory);
        vm.stopPrank();
        bad.setFashion(HostileYieldVault.Fashion.IN_GIVES_HALF);
        vm.expectPartialRevert(IVenueAllocator.AllocationLosesValue.selector);
        sleeve.allocate(address(bad), 5e18);
    }
}
