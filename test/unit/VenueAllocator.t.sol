// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {FeeToken} from "../../contracts/mocks/WeirdTokens.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {SleeveStage} from "../support/SleeveStage.sol";

/// The sleeve: its doors, its venues, its fee.
contract VenueAllocatorTest is SleeveStage {
    // ---- in and out ----

    function test_deposit_countsIdleAssets_andLeavesPayTheSame() external {
        assertEq(enters(dave, 100e18), 100e18, "one share an asset");
        assertEq(sleeve.idleAssets(), 100e18, "idle");
        assertEq(leaves(dave, 40e18), 40e18, "back");
        vm.prank(dave);
        assertEq(sleeve.withdraw(60e18, mallory, dave), 60e18, "shares");
        assertEq(asset.balanceOf(mallory), 60e18, "to whom he said");
        assertEq(sleeve.totalSupply() + sleeve.totalAssets(), 0, "empty");
    }

    function test_mint_takesWhatItSays() external {
        asset.mint(address(this), 100e18);
        assertEq(sleeve.mint(30e18, dave), 30e18, "assets");
        assertEq(sleeve.balanceOf(dave), 30e18, "shares");
        assertEq(sleeve.previewMint(1e18), 1e18, "said before");
        assertEq(sleeve.maxMint(dave), sleeve.previewDeposit(sleeve.maxDeposit(dave)), "most");
        assertEq(sleeve.convertToShares(1e18), 1e18, "one for one");
    }

    function test_seed_makesTheFirstSharesOnly() external {
        asset.mint(address(this), 2e12);
        asset.approve(address(sleeve), 2e12);
        uint256 shares = sleeve.seed(1e12, dave);
        assertEq(sleeve.balanceOf(dave), shares, "shares");
        assertEq(sleeve.idleAssets(), 1e12, "idle");
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.SleeveInUse.selector, shares));
        sleeve.seed(1e12, dave);
        vm.prank(dave);
        assertEq(sleeve.redeem(shares, dave, dave), 1e12, "it pays what was paid");
        vm.prank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        sleeve.seed(1, mallory);
    }

    function test_deposit_revertsWith_DepositorNotVault() external {
        asset.mint(mallory, 1e18);
        vm.startPrank(mallory);
        asset.approve(address(sleeve), ALL);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.DepositorNotVault.selector, mallory));
        sleeve.deposit(1e18, mallory);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.DepositorNotVault.selector, mallory));
        sleeve.mint(1e18, mallory);
    }

    function test_deposit_revertsWith_ZeroSleeveMove() external {
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.ZeroSleeveMove.selector, 0, 0));
        sleeve.deposit(0, dave);
        enters(dave, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.ZeroSleeveMove.selector, 0, 0));
        leaves(dave, 0);
    }

    function test_deposit_revertsWith_SleeveShortfall() external {
        FeeToken fee = new FeeToken(1_00);
        IVenueAllocator other = _sleeve(fee);
        fee.mint(address(this), 100e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.SleeveShortfall.selector, 99e18, 100e18));
        other.deposit(100e18, dave);
    }

    function test_redeem_needsAnAllowance() external {
        enters(dave, 10e18);
        vm.prank(mallory);
        vm.expectRevert();
        sleeve.redeem(1e18, mallory, dave);
        vm.prank(dave);
        sleeve.approve(mallory, 1e18);
        vm.prank(mallory);
        assertEq(sleeve.redeem(1e18, mallory, dave), 1e18, "as allowed");
        assertEq(sleeve.allowance(dave, mallory), 0, "used");
    }

    function test_shares_haveEighteenDecimals_whateverTheAsset() external {
        assertEq(sleeve.decimals(), 18, "of 18");
        MockToken usdc = new MockToken("USDC", "USDC", 6);
        IVenueAllocator other = _sleeve(usdc);
        assertEq(other.decimals(), 18, "of 6");
        usdc.mint(address(this), 5e6);
        assertEq(other.deposit(5e6, dave), 5e18, "one share a dollar");
        assertEq(other.convertToAssets(1e18), 1e6, "and back");
    }

    // ---- venues ----

    function test_setVenue_listsAtMostFour_ofTheAsset() external {
        sleeve.setVenue(address(new MockYieldVault(asset, 0)), _venueTerms(1, 1));
        sleeve.setVenue(address(new MockYieldVault(asset, 0)), _venueTerms(1, 1));
        MockYieldVault fifth = new MockYieldVault(asset, 0);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.TooManyVenues.selector, 4));
        sleeve.setVenue(address(fifth), _venueTerms(1, 1));
        sleeve.dropVenue(address(bad));
        assertEq(_venue(0).venue, address(good), "the order stays");
        assertEq(sleeve.venues().length, 3, "three");
        MockToken other = new MockToken("other", "O", 18);
        MockYieldVault foreign = new MockYieldVault(other, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IVenueAllocator.VenueOfAnotherAsset.selector, address(foreign), address(other))
        );
        sleeve.setVenue(address(foreign), _venueTerms(1, 1));
        vm.expectRevert(
            abi.encodeWithSelector(IVenueAllocator.VenueOfAnotherAsset.selector, address(sleeve), address(asset))
        );
        sleeve.setVenue(address(sleeve), _venueTerms(1, 1));
    }

    function test_setVenue_boundsItsTerms() external {
        _expectTerm("capAssets", 1 << 96, 0, (1 << 96) - 1);
        sleeve.setVenue(address(good), _venueTerms(1 << 96, 1));
        _expectTerm("capBps", 100_01, 0, 100_00);
        sleeve.setVenue(address(good), _venueTerms(1, 100_01));
        _expectTerm("growthPpm", 0, 1, 5_000);
        sleeve.setVenue(address(good), IVenueAllocator.VenueTerms(1, 1, 0));
        _expectTerm("growthPpm", 5_001, 1, 5_000);
        sleeve.setVenue(address(good), IVenueAllocator.VenueTerms(1, 1, 5_001));
        _expectTerm("bufferBps", 100_01, 0, 100_00);
        sleeve.setRules(_sleeveRules(100_01, 0));
        _expectTerm("feeBps", 30_01, 0, 30_00);
        sleeve.setRules(_sleeveRules(0, 30_01));
        _expectTerm("feeBps", 1, 0, 0);
        sleeve.setRules(IVenueAllocator.SleeveRules(0, 1, address(0)));
    }

    function _expectTerm(bytes32 name, uint256 found, uint256 low, uint256 high) private {
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.SleeveTermOutOfBounds.selector, name, found, low, high));
    }

    function test_restrictedFunctions_refuseStrangers() external {
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory);
        vm.startPrank(mallory);
        vm.expectRevert(refusal);
        sleeve.allocate(address(good), 1);
        vm.expectRevert(refusal);
        sleeve.recall(address(good), 1);
        vm.expectRevert(refusal);
        sleeve.setVenue(address(good), _venueTerms(1, 1));
        vm.expectRevert(refusal);
        sleeve.cutVenue(address(good));
        vm.expectRevert(refusal);
        sleeve.dropVenue(address(good));
        vm.expectRevert(refusal);
        sleeve.setRules(_sleeveRules(0, 0));
        vm.expectRevert(refusal);
        sleeve.skim(address(asset), mallory);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.CallerNotSleeve.selector, mallory));
        sleeve.pullFrom(address(good), 1, true, mallory);
    }

    function test_allocate_movesIdleAssets_andBooksWhatMoved() external {
        enters(dave, 100e18);
        assertEq(sleeve.allocate(address(good), 60e18), 60e18, "shares");
        IVenueAllocator.VenueView memory venue = _venue(1);
        assertEq(venue.shares, 60e18, "counted");
        assertEq(venue.recordedAssets, 60e18, "recorded");
        assertEq(sleeve.idleAssets(), 40e18, "idle");
        assertEq(sleeve.totalAssets(), 100e18, "the same in sum");
        assertEq(asset.allowance(address(sleeve), address(good)), 0, "no allowance is left");
        _requireSound();
    }

    function test_allocate_zero_changesNothing() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 60e18);
        assertEq(sleeve.allocate(address(good), 0) + sleeve.recall(address(good), 0), 0, "nothing");
        assertEq(_venue(1).recordedAssets, 60e18, "recorded");
        assertEq(sleeve.idleAssets(), 40e18, "idle");
    }

    function test_allocate_revertsWith_BufferTooSmall() external {
        enters(dave, 100e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.BufferTooSmall.selector, 10e18 - 1, 10e18));
        sleeve.allocate(address(good), 90e18 + 1);
        sleeve.allocate(address(good), 90e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.BufferTooSmall.selector, 0, 10e18));
        sleeve.allocate(address(good), 11e18);
    }

    function test_allocate_revertsWith_VenueCapExceeded() external {
        enters(dave, 100e18);
        sleeve.setVenue(address(good), _venueTerms(50e18, 100_00));
        vm.expectRevert(
            abi.encodeWithSelector(IVenueAllocator.VenueCapExceeded.selector, address(good), 50e18 + 1, 50e18)
        );
        sleeve.allocate(address(good), 50e18 + 1);
        sleeve.setVenue(address(good), _venueTerms(1_000e18, 30_00));
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueCapExceeded.selector, address(good), 31e18, 30e18));
        sleeve.allocate(address(good), 31e18);
        sleeve.allocate(address(good), 30e18);
    }

    function test_allocate_revertsWith_VenueNotListed() external {
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueNotListed.selector, mallory));
        sleeve.allocate(mallory, 1);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueNotListed.selector, mallory));
        sleeve.recall(mallory, 1);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueNotListed.selector, mallory));
        sleeve.refill(mallory);
    }

    function test_allocate_revertsWith_AllocationLosesValue() external {
        enters(dave, 100e18);
        // with another in the venue the missing shares are his gain
        asset.mint(mallory, 50e18);
        vm.startPrank(mallory);
        asset.approve(address(bad), ALL);
        bad.deposit(50e18, mallory);
        vm.stopPrank();
        bad.setFashion(HostileYieldVault.Fashion.IN_GIVES_HALF);
        vm.expectPartialRevert(IVenueAllocator.AllocationLosesValue.selector);
        sleeve.allocate(address(bad), 50e18);
        bad.setFashion(HostileYieldVault.Fashion.IN_TAKES_HALF);
        vm.expectRevert(
            abi.encodeWithSelector(IVenueAllocator.AllocationLosesValue.selector, address(bad), 25e18, 25e18)
        );
        sleeve.allocate(address(bad), 50e18);
    }

    function test_recall_takesBack_asFarAsTheVenuePays() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 80e18);
        assertEq(sleeve.recall(address(bad), 30e18), 30e18, "what was asked for");
        bad.setLiquidity(20e18);
        assertEq(sleeve.recall(address(bad), ALL), 20e18, "what it pays");
        assertEq(_venue(0).recordedAssets, 30e18, "the rest");
        bad.setLiquidity(0);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueRefused.selector, address(bad), 0, 0));
        sleeve.recall(address(bad), ALL);
        _requireSound();
    }

    /// a venue whose view is broken pays out, and what is left of it is not forgotten
    function test_recall_fromASilentVenue_forgetsNothing() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 80e18);
        bad.setFashion(HostileYieldVault.Fashion.VIEW_REVERTS);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueSilent.selector, address(bad)));
        sleeve.allocate(address(bad), 5e18);
        assertEq(sleeve.recall(address(bad), 30e18), 30e18, "it pays");
        assertEq(_venue(0).recordedAssets, 50e18, "the rest");
        assertEq(sleeve.maxDeposit(address(this)), 0, "and nobody comes in");
        bad.setFashion(HostileYieldVault.Fashion.WELL);
        assertEq(sleeve.totalAssets(), 100e18, "as before");
    }

    function test_recall_countsALossAtOnce() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 80e18);
        bad.setFashion(HostileYieldVault.Fashion.OUT_PAYS_HALF);
        assertEq(sleeve.recall(address(bad), 40e18), 20e18, "half of it");
        assertEq(sleeve.totalAssets(), 80e18, "twenty are gone");
        _requireSound();
    }

    function test_refill_byAnyone_upToTheBuffer() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 90e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.NothingToRefill.selector, address(good), 10e18, 10e18));
        sleeve.refill(address(good));
        leaves(dave, 10e18);
        assertEq(sleeve.idleAssets(), 0, "used up");
        vm.prank(mallory);
        assertEq(sleeve.refill(address(good)), 9e18, "a tenth of ninety");
        assertEq(sleeve.idleAssets(), 9e18, "idle");
    }

    function test_cutVenue_letsAnyoneTakeOutAll() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 60e18);
        sleeve.cutVenue(address(good));
        vm.expectPartialRevert(IVenueAllocator.VenueCapExceeded.selector);
        sleeve.allocate(address(good), 1e18);
        assertEq(sleeve.maxWithdraw(dave), 40e18, "what it says is not counted on");
        vm.prank(mallory);
        assertEq(sleeve.refill(address(good)), 60e18, "all");
        assertEq(_venue(1).shares, 0, "nothing left");
        sleeve.dropVenue(address(good));
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueNotListed.selector, address(good)));
        sleeve.cutVenue(address(good));
    }

    function test_dropVenue_onlyWhatIsWorthNothing_andComesBack() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 60e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueInUse.selector, address(bad), 60e18, 60e18));
        sleeve.dropVenue(address(bad));
        bad.setFashion(HostileYieldVault.Fashion.VIEW_REVERTS);
        sleeve.dropVenue(address(bad));
        assertEq(sleeve.totalAssets(), 40e18, "without it");
        enters(dave, 10e18);
        // its shares stay counted: nobody skims them
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.NothingToSkim.selector, address(bad)));
        sleeve.skim(address(bad), treasury);
        bad.setFashion(HostileYieldVault.Fashion.WELL);
        sleeve.setVenue(address(bad), _venueTerms(1_000e18, 100_00));
        assertEq(sleeve.totalAssets(), 110e18, "it answers again");
    }

    function test_skim_sendsOnlyWhatIsNotCounted() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 50e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.NothingToSkim.selector, address(asset)));
        sleeve.skim(address(asset), treasury);
        asset.mint(address(sleeve), 7e18);
        assertEq(sleeve.totalAssets(), 100e18, "a donation counts nothing");
        assertEq(sleeve.skim(address(asset), treasury), 7e18, "skimmed");
        asset.mint(mallory, 5e18);
        vm.startPrank(mallory);
        asset.approve(address(good), ALL);
        good.deposit(5e18, address(sleeve));
        vm.stopPrank();
        assertEq(sleeve.totalAssets(), 100e18, "nor do shares of a venue");
        assertEq(sleeve.skim(address(good), treasury), 5e18, "skimmed too");
        assertEq(sleeve.totalAssets(), 100e18, "and accounting stays");
    }

    // ---- leaving through venues ----

    function test_redeem_pullsFromVenuesInOrder() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 45e18);
        sleeve.allocate(address(good), 45e18);
        assertEq(leaves(dave, 60e18), 60e18, "ten idle, 45, and five");
        assertEq(_venue(0).shares, 0, "first");
        assertEq(_venue(1).recordedAssets, 40e18, "second");
        _requireSound();
    }

    function test_redeem_revertsWith_SleeveIlliquid() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 90e18);
        bad.setLiquidity(20e18);
        assertEq(sleeve.maxRedeem(dave), 30e18, "idle and what it pays");
        assertEq(sleeve.maxWithdraw(dave), 30e18, "the same in assets");
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.SleeveIlliquid.selector, 30e18, 50e18));
        leaves(dave, 50e18);
        assertEq(leaves(dave, sleeve.maxRedeem(dave)), 30e18, "what is there");
    }

    function test_maxRedeem_ofNothing() external view {
        assertEq(sleeve.maxRedeem(dave), 0, "no shares");
    }
}
