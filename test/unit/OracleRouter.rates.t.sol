// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IPriceUpkeep} from "../../contracts/interfaces/IPriceUpkeep.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {BrokenFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockRateProvider, MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Bundle} from "../support/Bundle.sol";
import {RateStage} from "../support/RateStage.sol";

/// Prices through an exchange rate
/// ├── given a rate, the price is that of the underlying times what counts of it
/// │   ├── growth counts up to the line, a fall counts at once, and so does the way back
/// │   ├── whatever the decimals of shares and assets
/// │   └── the slow average is that of the product
/// ├── given feeds of the underlying, age, bounds and the second feed judge their answer, not the product
/// ├── given a provider that is broken in any way
/// │   ├── the asset is not fresh, and no reader stops
/// │   └── who needs the price gets the reason
/// ├── when somebody looks, the line comes down to a week's growth above the highest rate that counted
/// └── the lens shows what the price is made of
contract OracleRouterRatesTest is RateStage {
    // ---- price ----

    function test_rate_multipliesTheAnswer() external view {
        IVaultLens.AssetView memory row = _asset();
        assertEq(row.price, 2_400e18, "price");
        assertApproxEqAbs(row.slowPrice, 2_400e18, 1e12, "slow");
        assertTrue(row.isFresh, "fresh");
    }

    function test_rate_isShown() external {
        waits(1 days);
        provider.setRate(1.25e18);
        IVaultLens.RateView memory rate = _asset().rate;
        assertEq(rate.provider, address(provider), "provider");
        assertTrue(rate.selector == MockRateProvider.getRate.selector, "selector");
        assertEq(rate.shareUnit, 1, "unit");
        assertEq(rate.decimals, 18, "decimals");
        assertEq(rate.growthPpm, GROWTH_PPM, "growth");
        assertEq(rate.rateWad, 1.25e18, "now");
        assertEq(rate.allowedWad, 1.2006e18, "allowed");
        assertEq(rate.lineWad, 1.2e18, "line");
        assertEq(rate.highestWad, 1.2e18, "highest");
        assertEq(rate.growthWadPerDay, DAILY_WAD, "a day");
        assertEq(rate.movedAt, START, "moved at");
        IVaultLens.RateView memory none = vault.assets()[2].rate;
        assertEq(none.provider, address(0), "WETH has none");
        assertEq(none.allowedWad + none.rateWad + none.movedAt + none.shareUnit, 0, "all zero");
    }

    function test_rate_growthCountsUpToTheLine() external {
        provider.setRate(1.3e18);
        assertEq(_asset().price, 2_400e18, "nothing at once");
        waits(12 hours);
        assertEq(_asset().price, 2_400.6e18, "half a day");
        waits(12 hours);
        assertEq(_asset().price, 2_401.2e18, "a day");
        provider.setRate(1.2005e18);
        assertEq(_asset().price, 2_401e18, "below the line");
    }

    /// a fall counts at once; a way back that is none of growth does too, also after somebody looked
    function test_rate_fallCountsAtOnce_andSoDoesTheWayBack() external {
        provider.setRate(0.3e18);
        assertEq(_asset().price, 600e18, "fall");
        waits(1 hours);
        looks();
        provider.setRate(1.2e18);
        assertEq(_asset().price, 2_400e18, "back");
    }

    /// an answer that the rate makes smaller than one unit is no price
    function test_rate_productOfNothing_isNoPrice() external {
        IVaultConfigurator.FeedConfig memory config = _stakedConfig();
        BrokenFeed small = new BrokenFeed(8, 10);
        MockToken token = new MockToken("small", "S", 18);
        (config.feed, config.lowestAnswer) = (address(small), 1);
        config.rate.provider = address(new MockRateProvider(1e18));
        _sendProbe(address(token));
        uint256 id = vault.listAsset(address(token), config, 0);
        assertEq(vault.assets()[id].price, 10e10, "ten units");
        MockRateProvider(config.rate.provider).setRate(0.09e18);
        assertFalse(vault.assets()[id].isFresh, "below one unit");
        config.rate.provider = address(new MockRateProvider(0.09e18));
        vm.expectRevert(abi.encodeWithSelector(IOracleRouter.AnswerNotPositive.selector, token, int256(0)));
        vault.setFeed(address(token), config);
    }

    /// 1,000 USD of shares are 1,000 USD, whatever the decimals of asset and shares
    function test_rate_ofAnErc4626_whateverTheDecimals() external {
        uint8[2][5] memory kinds = [[6, 0], [6, 12], [8, 0], [18, 0], [7, 3]];
        for (uint256 i; i < kinds.length; ++i) {
            (uint8 decimals, uint8 offset) = (kinds[i][0], kinds[i][1]);
            (MockToken asset, MockYieldVault shares) = _yieldVault(decimals, offset);
            IVaultConfigurator.FeedConfig memory config = _feedConfig(address(new BrokenFeed(8, 4e8)));
            config.highestAnswer = 100e8;
            config.rate = _vaultRate(address(shares), decimals);
            uint256 probe = _probeOf(shares.decimals());
            vm.prank(carol);
            shares.transfer(address(vault), probe);
            uint256 id = vault.listAsset(address(shares), config, 1_000_000 * 10 ** shares.decimals());
            vault.recover(address(shares), carol);
            // of one asset of six decimals a millionth is the smallest step of a rate
            IVaultLens.AssetView memory row = vault.assets()[id];
            uint256 value = (row.price * 10 ** shares.decimals()) / 1e18;
            assertApproxEqAbs(value, 5e18, 5e12, "1.25 of 4 USD");
            assertEq(row.rate.shareUnit, 10 ** shares.decimals(), "one share");
            asset.mint(address(shares), 1_000 * 10 ** decimals);
            assertEq(vault.assets()[id].price, row.price, "a donation counts nothing at once");
            assertGt(vault.assets()[id].rate.rateWad, 1.26e18, "though the rate shows it");
        }
    }

    /// 10,000 assets for 10,000 shares, then a quarter more: one share is worth 1.25
    function _yieldVault(uint8 decimals, uint8 offset) private returns (MockToken asset, MockYieldVault shares) {
        asset = new MockToken("asset", "A", decimals);
        shares = new MockYieldVault(asset, offset);
        uint256 assets = 10_000 * 10 ** decimals;
        asset.mint(carol, assets);
        vm.startPrank(carol);
        asset.approve(address(shares), assets);
        shares.deposit(assets, carol);
        vm.stopPrank();
        asset.mint(address(shares), assets / 4);
    }

    // ---- slow average ----

    function test_rate_slowAverageFollowsTheProduct() external {
        provider.setRate(0.6e18);
        waits(600); // a quarter of the way from 2,400 to 1,200
        vm.expectEmit(address(vault));
        emit IPriceUpkeep.SlowAverageUpdated(address(staked), 2_100e8, 1_200e8);
        looks();
        assertApproxEqAbs(_asset().slowPrice, 2_100e18, 1e12, "slow");
        provider.setFashion(MockRateProvider.Fashion.REVERTS, address(0));
        assertEq(_asset().price, _asset().slowPrice, "the last good price is that of the product");
    }

    // ---- feeds of the underlying ----

    function test_rate_boundsAreThoseOfTheUnderlying() external {
        IVaultConfigurator.FeedConfig memory config = _stakedConfig();
        config.highestAnswer = 2_100e8; // below the product of 2,400
        vault.setFeed(address(staked), config);
        assertTrue(_asset().isFresh, "2,000 is within");
        feed.setRound(3, 2_101e8, block.timestamp, 3);
        _refuses(IOracleRouter.AnswerOutOfBounds.selector);
    }

    function test_rate_ageIsThatOfTheFeed() external {
        skip(7 days + 1);
        assertFalse(_asset().isFresh, "not fresh");
        feed.setRound(3, 2_000e8, block.timestamp - 7 days - 1, 3);
        passes(0);
        _refuses(IOracleRouter.AnswerStale.selector);
        feed.setRound(3, -1, block.timestamp, 3);
        _refuses(IOracleRouter.AnswerNotPositive.selector);
    }

    function test_rate_secondFeedIsOfTheUnderlying() external {
        BrokenFeed second = new BrokenFeed(18, 2_020e18);
        IVaultConfigurator.FeedConfig memory config = _stakedConfig();
        (config.secondFeed, config.secondMaxAgeFor, config.maxDeviationBps) = (address(second), 1 hours, 1_00);
        vault.setFeed(address(staked), config);
        assertEq(_asset().price, 2_400e18, "they agree before the rate");
        second.setRound(2, 2_400e18, block.timestamp, 2);
        deposits(alice, staked, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IOracleRouter.FeedsDisagree.selector, staked, 2_000e18, 2_400e18, 1_00));
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 100e6, alice);
    }

    // ---- broken providers ----

    function test_RateUnreachable() external {
        bytes memory reason = abi.encodeWithSelector(IOracleRouter.RateUnreachable.selector, staked, provider);
        MockRateProvider.Fashion[5] memory fashions = [
            MockRateProvider.Fashion.REVERTS,
            MockRateProvider.Fashion.SHORT,
            MockRateProvider.Fashion.EATS_GAS,
            MockRateProvider.Fashion.WRITES,
            MockRateProvider.Fashion.CALLS_BACK
        ];
        deposits(alice, staked, 1e18);
        for (uint256 i; i < fashions.length; ++i) {
            provider.setFashion(fashions[i], address(vault));
            _refuses(reason);
        }
        provider.setFashion(MockRateProvider.Fashion.WELL, address(0));
        provider.setRate(0);
        _refuses(reason);
        vm.etch(address(provider), "");
        _refuses(reason);
        assertEq(_asset().price, _asset().slowPrice, "the last good price");
        assertEq(_asset().rate.rateWad, 0, "no rate");
    }

    function test_RateAboveMaximum() external {
        deposits(alice, staked, 1e18);
        provider.setRate(100e18);
        borrows(alice, USDC, 100e6); // still a rate; the line is what counts
        provider.setRate(100e18 + 1);
        _refuses(abi.encodeWithSelector(IOracleRouter.RateAboveMaximum.selector, staked, 100e18 + 1, 100e18));
        provider.setRate(2 ** 255);
        _refuses(abi.encodeWithSelector(IOracleRouter.RateAboveMaximum.selector, staked, type(uint128).max, 100e18));
        assertEq(_asset().price, _asset().slowPrice, "the last good price");
    }

    /// of a huge answer one word is copied
    function test_rate_aHugeAnswer_isRead() external {
        provider.setFashion(MockRateProvider.Fashion.HUGE, address(0));
        assertEq(_asset().price, 2_400e18, "its first word");
    }

    /// a provider that eats all gas costs at most 300,000 of it
    function test_rate_aProviderThatEatsGas_isBounded() external {
        deposits(alice, staked, 1e18);
        provider.setFashion(MockRateProvider.Fashion.EATS_GAS, address(0));
        uint256 before = gasleft();
        _rowOf(accountOf(alice));
        assertLt(before - gasleft(), 700_000, "gas");
    }

    /// whatever a provider says, readers, deposits, repayments and looks work
    function testFuzz_aBrokenProvider_stopsNoReaderNorRepayment(
        uint8 fashion,
        uint256 rate,
        uint32 elapsedFor
    ) external {
        deposits(alice, staked, 10e18);
        borrows(alice, USDC, 1_000e6);
        provider.setFashion(MockRateProvider.Fashion(fashion % 7), address(vault));
        provider.setRate(rate);
        waits(elapsedFor);
        vault.accountOf(accountOf(alice));
        vault.assets();
        looks();
        repays(alice, USDC, ALL);
        deposits(alice, staked, 1);
        withdraws(alice, staked, ALL);
    }

    // ---- lines ----

    function test_look_lowersTheLineToAWeeksGrowth() external {
        waits(10 days);
        provider.setRate(1.201e18);
        vm.expectEmit(address(vault));
        emit IPriceUpkeep.RateLineMoved(
            address(staked),
            1.201e18 + 7 * DAILY_WAD,
            1.201e18,
            DAILY_WAD,
            block.timestamp
        );
        looks();
        assertEq(_asset().rate.allowedWad, 1.2052e18, "1.201 and 7 times 0.0006, not 1.206");
        waits(1 days);
        assertEq(_asset().rate.allowedWad, 1.2058e18, "and on from there");
    }

    /// a line within a week's growth stays as it is; the highest rate is kept
    function test_look_leavesALowLine() external {
        waits(7 days);
        provider.setRate(1.2001e18);
        vm.expectEmit(address(vault));
        emit IPriceUpkeep.RateLineMoved(address(staked), 1.2e18, 1.2001e18, DAILY_WAD, START);
        looks();
        assertEq(_asset().rate.allowedWad, 1.2042e18, "as without a look");
        waits(1);
        vm.recordLogs();
        looks();
        assertEq(vm.getRecordedLogs().length, 1, "nothing new but the slow average");
    }

    function test_look_passesOverWhatIsNotFresh() external {
        waits(30 days);
        provider.setRate(0);
        looks();
        assertEq(_asset().rate.lineWad, 1.2e18, "stays");
        assertEq(_asset().rate.movedAt, START, "then");
    }

    /// a month's step is a step too many: it counts by the day
    function test_look_aStepOfAWeekCountsAtOnce() external {
        for (uint256 week = 1; week <= 5; ++week) {
            for (uint256 day; day < 7; ++day) {
                waits(1 days);
                looks();
            }
            provider.setRate(1.2e18 + week * 7 * DAILY_WAD);
            assertEq(_counted(), provider.rate(), "all of it");
        }
        for (uint256 day; day < 30; ++day) {
            waits(1 days);
            looks();
        }
        provider.setRate(provider.rate() + 30 * DAILY_WAD);
        assertEq(_counted(), provider.rate() - 23 * DAILY_WAD, "seven days of thirty");
    }

    /// whatever the rates and the looks: never above the rate, never above the first line, and looks raise nothing
    function testFuzz_rate_neverAboveTheFirstLine(uint256 seed) external {
        uint256 lastAllowed = 1.2e18;
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 elapsedFor = seed % 3 == 0 ? seed % 20 days : seed % 5 hours;
            waits(elapsedFor);
            // a few ppm around, or anything
            provider.setRate(seed & 0x10000 == 0 ? 1.2e18 + ((seed >> 20) % 0.05e18) : (seed >> 20) % 130e18);
            IVaultLens.RateView memory before = _asset().rate;
            uint256 line = 1.2e18 + (DAILY_WAD * (block.timestamp - START)) / 1 days;
            assertLe(before.allowedWad, line, "first line");
            assertLe(before.allowedWad, lastAllowed + (DAILY_WAD * elapsedFor) / 1 days + 1, "by the day");
            if (_asset().isFresh) {
                assertLe(_asset().price, (2_000e18 * _counted()) / 1e18, "what counts");
                assertLe(_counted(), provider.rate(), "the rate");
            }
            if (seed & 0x20000 == 0) looks();
            lastAllowed = _asset().rate.allowedWad;
            assertLe(lastAllowed, before.allowedWad, "a look raises nothing");
        }
    }

    /// a rate that grows within its cap counts in full, however often others look, also while they push it down, as
    /// long as somebody looks once a week at the rate as it is
    function testFuzz_rate_withinTheCapCountsInFull(uint256 seed) external {
        uint256 rate = 1.2e18;
        for (uint256 i; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 elapsedFor = 1 + (seed % 7 days);
            uint256 part = (seed >> 32) % elapsedFor;
            waits(part);
            _pushesDown(rate, seed >> 64);
            waits(elapsedFor - part);
            if (seed & 1 == 0) _pushesDown(rate, seed >> 128);
            // what accrued arrives at once
            rate +=
                (DAILY_WAD * elapsedFor) / 1 days -
                ((seed >> 192) % 2 == 0 ? 0 : (seed >> 200) % (elapsedFor * 1e9));
            provider.setRate(rate);
            assertEq(_counted(), rate, "in full");
            looks();
            assertEq(_counted(), rate, "also after a look");
        }
    }

    function _pushesDown(uint256 rate, uint256 seed) private {
        provider.setRate(1 + (seed % rate));
        looks();
        provider.setRate(rate);
    }

    // ---- one price in a transaction ----

    function test_rate_isReadOnce_andAgainAfterRefreshPrices() external {
        deposits(alice, staked, 100e18);
        borrows(alice, USDC, 190_000e6); // 192,000
        provider.setRate(1.1e18);
        vault.issueMarginCall(accountOf(alice)); // 187,000
        Bundle bundle = new Bundle();
        uint256[] memory ids = new uint256[](1);
        ids[0] = STAKED;
        address[] memory targets = new address[](4);
        bytes[] memory payloads = new bytes[](4);
        (targets[0], targets[1], targets[2], targets[3]) = (
            address(vault),
            address(provider),
            address(vault),
            address(vault)
        );
        staked.mint(address(bundle), 1);
        vm.prank(address(bundle));
        staked.approve(address(vault), 1);
        payloads[0] = abi.encodeCall(vault.deposit, (accountOf(alice), address(staked), 1));
        payloads[1] = abi.encodeCall(provider.setRate, (1.2e18));
        payloads[2] = abi.encodeCall(vault.refreshPrices, (new uint256[](0)));
        payloads[3] = abi.encodeCall(vault.clearMarginCall, (accountOf(alice)));
        vm.expectPartialRevert(bytes4(keccak256("CallUnchanged(bytes32,uint256,uint256)")));
        bundle.run(targets, payloads);
        payloads[2] = abi.encodeCall(vault.refreshPrices, (ids));
        bundle.run(targets, payloads);
        assertEq(vault.accountOf(accountOf(alice)).callState, 0, "cured at the new rate");
    }

    function _refuses(bytes4 selector) private {
        if (vault.holdingOf(accountOf(alice), address(staked)) == 0) deposits(alice, staked, 1e18);
        vm.expectPartialRevert(selector);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice);
    }

    function _refuses(bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice);
    }
}
