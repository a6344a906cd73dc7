// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {BrokenFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockRateProvider, MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {RateStage} from "../support/RateStage.sol";

/// Attacks with exchange rates: O08 (a rate that can be pushed), O09 (its cap), O10 (a composite of several sources).
contract RatesAttackTest is RateStage {
    /// O08: mallory holds most of an ERC-4626 token, pledges it, donates to it in the same breath, and borrows: the
    /// donation counts nothing beyond the cap
    function test_O08_aDonationThenABorrowing() external {
        MockToken asset = new MockToken("asset", "A", 18);
        MockYieldVault shares = new MockYieldVault(asset, 0);
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(new BrokenFeed(8, 1_000e8)));
        config.maxAgeFor = 7 days;
        config.rate = _vaultRate(address(shares), 18);
        asset.mint(mallory, 2_000e18);
        vm.startPrank(mallory);
        asset.approve(address(shares), ALL);
        shares.deposit(1_000e18, mallory);
        shares.approve(address(vault), ALL);
        shares.transfer(address(vault), 1e12);
        vm.stopPrank();
        vault.listAsset(address(shares), config, 50_000e18);
        vault.recover(address(shares), mallory);
        vault.setPair(address(shares), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        vm.startPrank(mallory);
        vault.deposit(accountOf(mallory), address(shares), 1_000e18);
        asset.transfer(address(shares), 1_000e18); // the rate doubles
        assertGt(shares.convertToAssets(1e18), 1.99e18, "it does");
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.borrow(accountOf(mallory), USDC, 800_001e6, mallory);
        vault.borrow(accountOf(mallory), USDC, 800_000e6, mallory);
        vm.stopPrank();
        assertEq(_rowOf(accountOf(mallory)).collateralValue, 1_000_000e18, "as before the donation");
        // a day later half a permille of it counts
        passes(1 days);
        assertEq(_rowOf(accountOf(mallory)).collateralValue, 1_000_500e18, "500 ppm");
    }

    /// O09: looks at chosen moments, often, or while the rate is far above, give nothing: growth does not compound
    function test_O09_manyLooksGiveNoMoreThanOne() external {
        provider.setRate(50e18);
        for (uint256 hour = 1; hour <= 24 * 30; ++hour) {
            waits(1 hours);
            looks();
        }
        assertEq(_counted(), 1.2e18 + 30 * DAILY_WAD, "thirty days, to the unit");
    }

    /// O09: who pushes the rate down for a moment and looks keeps nobody down
    function test_O09_aDipDoesNotStay() external {
        deposits(alice, staked, 100e18);
        borrows(alice, USDC, 190_000e6);
        for (uint256 i; i < 10; ++i) {
            waits(1 hours);
            provider.setRate(0.5e18);
            looks();
            provider.setRate(1.2e18);
        }
        assertEq(_asset().price, 2_400e18, "all of it");
        assertEq(
            uint256(_rowOf(accountOf(alice)).status),
            uint256(IVaultLens.AccountStatus.HEALTHY),
            "the account is as it was"
        );
    }

    /// O09: for years nobody looked, and the room between rate and line is large: one look takes back all but a week
    function test_O09_aLookTakesBackTheRoom() external {
        for (uint256 week; week < 52; ++week) waits(7 days);
        assertEq(_asset().rate.allowedWad, 1.2e18 + 364 * DAILY_WAD, "18 % of room");
        looks();
        provider.setRate(5e18);
        assertEq(_asset().price, (2_000e18 * (1.2e18 + 7 * DAILY_WAD)) / 1e18, "a week of it is left");
    }

    /// O09: what was not there when the leg was set does not come in by setting it again
    function test_O09_settingTheFeedAgainLiftsNoCap() external {
        provider.setRate(1.5e18);
        vault.setFeed(address(staked), _stakedConfig());
        assertEq(_asset().price, 2_400e18, "as it counted");
        IVaultConfigurator.FeedConfig memory config = _stakedConfig();
        config.rate.growthPpm = 5_000;
        vault.setFeed(address(staked), config);
        assertEq(_asset().price, 2_400e18, "also with more growth");
        waits(1 days);
        assertEq(_asset().price, 2_412e18, "from then on");
    }

    /// O10: another provider that says more is another feed that says more
    function test_O10_anotherProviderMustAgree() external {
        IVaultConfigurator.FeedConfig memory config = _stakedConfig();
        config.rate.provider = address(new MockRateProvider(1.225e18));
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.FeedChangeTooLarge.selector, staked, 2_400e18, 2_450e18, 2_00)
        );
        vault.setFeed(address(staked), config);
    }

    /// O07: a rate that jumps within its room opens nothing at once: the slow average is that of the product
    function test_O07_aRateBackUpOpensNothingAtOnce() external {
        provider.setRate(0.6e18);
        for (uint256 i; i < 30; ++i) {
            waits(10 minutes);
            looks();
        }
        deposits(mallory, staked, 100e18);
        provider.setRate(1.2e18); // within the line
        assertEq(_asset().price, 2_400e18, "counts at spot");
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), USDC, 97_000e6, mallory); // 96,000 at 1,200
    }

    /// R03: a provider that writes or calls back in a read is no provider: reads are static, and nothing it tries stays
    function test_R03_aHostileProviderChangesNothing() external {
        deposits(alice, staked, 100e18);
        provider.setFashion(MockRateProvider.Fashion.CALLS_BACK, address(vault));
        looks();
        vault.accountOf(accountOf(alice));
        assertFalse(_asset().isFresh, "called back");
        provider.setFashion(MockRateProvider.Fashion.WRITES, address(vault));
        looks();
        assertFalse(_asset().isFresh, "wrote");
        assertEq(provider.reads(), 0, "nothing was written");
        withdraws(alice, staked, ALL);
    }
}
