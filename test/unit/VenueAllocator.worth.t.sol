// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {SleeveStage} from "../support/SleeveStage.sol";

/// What a sleeve is worth, and the fee on its growth.
contract VenueAllocatorWorthTest is SleeveStage {
    // ---- worth ----

    function test_aLossCountsAtOnce_andComesBackSlowly() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 80e18);
        bad.loses(40e18);
        assertEq(sleeve.totalAssets() / 1e10, 60e8, "at once, before anybody touches it");
        sleeve.touch();
        earns(address(bad), 40e18);
        assertEq(sleeve.totalAssets() / 1e10, 60e8, "not back at once");
        skip(1 days);
        assertApproxEqAbs(sleeve.totalAssets(), 60e18 + 0.02e18, 10, "500 ppm of forty a day");
    }

    function test_aDonationCountsWithinTheLimitOfGrowth() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 80e18);
        earns(address(good), 80e18);
        assertEq(sleeve.totalAssets(), 100e18, "not within the transaction");
        skip(1 days);
        assertEq(sleeve.touch(), 100.04e18, "500 ppm of eighty");
        skip(30 days);
        assertApproxEqAbs(sleeve.totalAssets(), 100.04e18 + 0.28014e18, 1e6, "at most a week at once");
    }

    function test_growthWithinTheLimit_countsWhole_whoeverLooksWhen() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 80e18);
        for (uint256 i; i < 50; ++i) {
            earns(address(good), 80e18 / 1e6);
            skip(1 hours);
            if (i % 3 == 0) sleeve.touch();
        }
        assertApproxEqAbs(sleeve.touch(), 100e18 + (50 * 80e18) / 1e6, 100, "all of it");
    }

    function test_deposit_paysForWhatVenuesSay() external {
        enters(dave, 1_000e18);
        sleeve.allocate(address(good), 800e18);
        // 0.08 % more than counts: within what an entry may cost
        earns(address(good), 0.8e18);
        uint256 shares = enters(mallory, 100e18);
        assertApproxEqAbs(sleeve.convertToAssets(shares), 99.92e18, 0.01e18, "not cheap");
        earns(address(good), 80e18);
        asset.mint(address(this), 100e18);
        vm.expectPartialRevert(IVenueAllocator.EntryLosesValue.selector);
        sleeve.deposit(100e18, mallory);
    }

    function test_deposit_revertsWith_VenueSilent_untilItIsDropped() external {
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 80e18);
        bad.setFashion(HostileYieldVault.Fashion.VIEW_REVERTS);
        assertEq(sleeve.totalAssets(), 20e18, "counts nothing");
        assertEq(sleeve.touch(), 20e18, "also when touched");
        assertEq(sleeve.maxDeposit(address(this)), 0, "nobody comes in");
        asset.mint(address(this), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueSilent.selector, address(bad)));
        sleeve.deposit(1e18, dave);
        bad.setFashion(HostileYieldVault.Fashion.WELL);
        assertEq(sleeve.totalAssets(), 100e18, "it counts again when it answers");
        sleeve.deposit(1e18, dave);
    }

    function test_deposit_revertsWith_BufferTooSmall() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 90e18);
        leaves(dave, 10e18);
        asset.mint(address(this), 100e18);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.BufferTooSmall.selector, 1e18, 9.1e18));
        sleeve.deposit(1e18, dave);
        sleeve.refill(address(good));
        sleeve.deposit(1e18, dave);
    }

    // ---- the fee ----

    function test_fee_onGrowthOnly_inShares() external {
        sleeve.setRules(_sleeveRules(10_00, 20_00));
        enters(dave, 100e18);
        sleeve.allocate(address(good), 80e18);
        skip(7 days);
        earns(address(good), 0.1e18);
        uint256 before = sleeve.convertToAssets(100e18);
        assertApproxEqAbs(before, 100.08e18, 10, "the fee is counted before it is minted");
        assertApproxEqAbs(sleeve.touch(), 100.1e18, 10, "grown by a tenth");
        assertApproxEqAbs(sleeve.convertToAssets(sleeve.balanceOf(treasury)), 0.02e18, 10, "a fifth of it");
        assertApproxEqAbs(sleeve.convertToAssets(100e18), before, 2, "and minting changes nothing");
        uint256 shares = sleeve.balanceOf(treasury);
        sleeve.touch();
        assertEq(sleeve.balanceOf(treasury), shares, "once");
    }

    function test_fee_notOnWhatWasLostAndCameBack() external {
        sleeve.setRules(_sleeveRules(10_00, 20_00));
        enters(dave, 100e18);
        sleeve.allocate(address(bad), 80e18);
        bad.loses(0.02e18);
        sleeve.touch();
        earns(address(bad), 0.02e18);
        skip(1 days);
        sleeve.touch();
        assertEq(sleeve.balanceOf(treasury), 0, "no growth above the highest price");
        assertGe(sleeve.feePriceRay(), 1e27, "which stays");
    }

    function test_fee_ofTheOldRate_whenItChanges() external {
        enters(dave, 100e18);
        sleeve.allocate(address(good), 80e18);
        skip(1 days);
        earns(address(good), 0.01e18);
        sleeve.setRules(_sleeveRules(10_00, 30_00));
        sleeve.touch();
        assertEq(sleeve.balanceOf(treasury), 0, "growth before it was free");
        assertEq(sleeve.rules().feeBps, 30_00, "set");
        assertEq(sleeve.vault(), address(this), "the vault");
    }

    // ---- fuzz ----

    /// E1, E2, E4: whatever order of moves, the books are sound, caps hold after an allocation, nobody gains by a round
    function testFuzz_books(uint256 seed) external {
        enters(dave, 1_000e18);
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed, i)));
            uint256 assets = bound(seed >> 8, 1, 400e18);
            address venue = seed & 16 == 0 ? address(good) : address(bad);
            uint256 act = seed % 6;
            if (act == 0) {
                asset.mint(address(this), assets);
                // refused while the buffer is short
                try sleeve.deposit(assets, dave) {} catch {}
            } else if (act == 1) try sleeve.allocate(venue, assets) {} catch {}
            else if (act == 2) try sleeve.recall(venue, assets) {} catch {}
            else if (act == 3 && assets <= sleeve.maxWithdraw(dave)) {
                vm.prank(dave);
                sleeve.withdraw(assets, dave, dave);
            } else if (act == 4) skip(assets % 2 days);
            else earns(venue, assets / 1e7);
            _requireSound();
            uint256 worth = sleeve.convertToAssets(sleeve.balanceOf(dave));
            assertLe(worth, sleeve.totalAssets(), "nobody owns more than there is");
        }
        uint256 left = sleeve.balanceOf(dave);
        if (left != 0 && sleeve.maxRedeem(dave) == left) leaves(dave, left);
    }

    /// a round trip never gains, at any price
    function testFuzz_roundTrip(uint256 assets, uint256 income) external {
        assets = bound(assets, 1e6, 1_000e18);
        enters(dave, 500e18);
        sleeve.allocate(address(good), 300e18);
        earns(address(good), bound(income, 0, 0.2e18));
        skip(1 days);
        uint256 shares = enters(mallory, assets);
        assertLe(leaves(mallory, shares), assets, "no gain");
    }
}
