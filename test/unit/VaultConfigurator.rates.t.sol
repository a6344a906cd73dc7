// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IPriceUpkeep} from "../../contracts/interfaces/IPriceUpkeep.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {BrokenFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockRateProvider, MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {RateStage} from "../support/RateStage.sol";

/// setFeed and listAsset with an exchange rate
/// ├── when a rate is added or taken away, it stores and tells; the price stays within the bound of any new feed
/// ├── when a rate is set again, its line starts at what counts of it
/// └── when provider, decimals, growth, rate or highest price are not what they must be, it refuses and changes nothing
contract VaultConfiguratorRatesTest is RateStage {
    function test_setFeed_addsARate_andTells() external {
        IVaultConfigurator.FeedConfig memory old = _wethConfig();
        IVaultConfigurator.FeedConfig memory config = _wethWithRate(1.25e18, 1_610e8);
        vm.expectEmit(address(vault));
        emit IPriceUpkeep.RateLineMoved(address(weth), 1.25e18, 1.25e18, 0.000625e18, block.timestamp);
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.FeedSet(address(weth), old, config);
        vm.expectEmit(address(vault));
        emit IPriceUpkeep.SlowAverageUpdated(address(weth), 2_012.5e8, 2_012.5e8);
        vault.setFeed(address(weth), config);
        assertEq(vault.assets()[2].price, 2_012.5e18, "1,610 times 1.25");
        assertEq(vault.assets()[2].rate.provider, config.rate.provider, "stored");
    }

    function test_setFeed_takesARateAway() external {
        IVaultConfigurator.FeedConfig memory plain = _feedConfig(address(new BrokenFeed(8, 2_410e8)));
        vault.setFeed(address(staked), plain);
        assertEq(_asset().price, 2_410e18, "without");
        assertEq(_asset().rate.provider, address(0), "gone");
        assertEq(_asset().rate.lineWad, 0, "with its line");
        provider.setRate(0);
        assertTrue(_asset().isFresh, "nobody asks it");
    }

    /// a rate alone cannot come or go: the feed beside it is of the wrong token then
    function test_setFeed_revertsWith_FeedChangeTooLarge_whenARateComesOrGoesAlone() external {
        IVaultConfigurator.FeedConfig memory config = _stakedConfig();
        delete config.rate;
        _refusesChange(address(staked), config, 2_400e18, 2_000e18);
        config = _wethWithRate(1.25e18, 2_000e8);
        _refusesChange(address(weth), config, 2_000e18, 2_500e18);
        assertEq(vault.assets()[2].rate.provider, address(0), "nothing changed");
        assertEq(_asset().price, 2_400e18, "nothing changed");
    }

    /// after a real loss the governor takes the line down
    function test_setFeed_startsTheLineAtWhatCounts() external {
        provider.setRate(0.6e18);
        vault.setFeed(address(staked), _stakedConfig());
        assertEq(_asset().rate.lineWad, 0.6e18, "down");
        provider.setRate(1.2e18);
        assertEq(_asset().price, 1_200e18, "and stays down");
        waits(1 days);
        assertEq(_asset().price, 1_200.6e18, "500 ppm of 0.6");
    }

    /// a dead provider is replaced as a dead feed is: within half of the slow average
    function test_setFeed_replacesADeadProvider() external {
        provider.setFashion(MockRateProvider.Fashion.REVERTS, address(0));
        IVaultConfigurator.FeedConfig memory config = _stakedConfig();
        vm.expectRevert(abi.encodeWithSelector(IOracleRouter.RateUnreachable.selector, staked, provider));
        vault.setFeed(address(staked), config);
        config.rate.provider = address(new MockRateProvider(1.81e18));
        vm.expectPartialRevert(IVaultConfigurator.FeedChangeTooLarge.selector);
        vault.setFeed(address(staked), config);
        config.rate.provider = address(new MockRateProvider(1.79e18));
        vault.setFeed(address(staked), config);
        assertEq(_asset().price, 3_580e18, "2,000 times 1.79");
    }

    function test_setFeed_revertsWith_RateUnreachable() external {
        address[3] memory strangers = [address(0xdead), address(weth), address(this)]; // no code, no such function
        for (uint256 i; i < strangers.length; ++i) {
            IVaultConfigurator.FeedConfig memory config = _wethConfig();
            config.rate = _rateConfig(strangers[i]);
            _refuses(config, abi.encodeWithSelector(IOracleRouter.RateUnreachable.selector, weth, strangers[i]));
        }
        IVaultConfigurator.FeedConfig memory zero = _wethWithRate(0, 2_000e8);
        _refuses(zero, abi.encodeWithSelector(IOracleRouter.RateUnreachable.selector, weth, zero.rate.provider));
    }

    function test_setFeed_revertsWith_NotAToken_whenAnErc4626IsNone() external {
        IVaultConfigurator.FeedConfig memory config = _wethConfig();
        config.rate = _vaultRate(address(0xdead), 18);
        _refuses(config, abi.encodeWithSelector(IVaultConfigurator.NotAToken.selector, address(0xdead)));
        config.rate = _vaultRate(address(weth), 18); // a token without `asset()`
        _refuses(config, abi.encodeWithSelector(IVaultConfigurator.NotAToken.selector, address(0)));
    }

    function test_setFeed_revertsWith_RateDecimalsInvalid() external {
        MockYieldVault shares = new MockYieldVault(usdc, 12);
        IVaultConfigurator.FeedConfig memory config = _wethConfig();
        config.rate = _vaultRate(address(shares), 18);
        _refuses(config, abi.encodeWithSelector(IVaultConfigurator.RateDecimalsInvalid.selector, shares, 18, 6));
        shares = new MockYieldVault(new MockToken("24", "24", 18), 6);
        config.rate = _vaultRate(address(shares), 18);
        _refuses(config, abi.encodeWithSelector(IVaultConfigurator.DecimalsAboveMaximum.selector, shares, 24, 18));
    }

    function test_setFeed_revertsWith_ParameterOutOfBounds() external {
        IVaultConfigurator.FeedConfig memory config = _wethWithRate(1e18, 2_000e8);
        config.rate.growthPpm = 9;
        _refuses(config, "growthPpm", 9, 10, 5_000);
        config.rate.growthPpm = 5_001;
        _refuses(config, "growthPpm", 5_001, 10, 5_000);
        config.rate.growthPpm = 500;
        config.rate.decimals = 5;
        _refuses(config, "rateDecimals", 5, 6, 18);
        config.rate.decimals = 19;
        _refuses(config, "rateDecimals", 19, 6, 18);
        config = _wethWithRate(1e15 - 1, 2_000e8);
        _refuses(config, "rateWad", 1e15 - 1, 1e15, 100e18);
        config = _wethWithRate(100e18 + 1, 2_000e8);
        _refuses(config, "rateWad", 100e18 + 1, 1e15, 100e18);
        config = _wethWithRate(1e18, 2_000e8);
        uint256 most = type(uint120).max / 1e10 / 100;
        config.highestAnswer = most + 1;
        _refuses(config, "highestAnswer", most + 1, 1, most);
        config = _wethConfig();
        config.rate.growthPpm = 500; // of no provider
        _refuses(config, "growthPpm", 500, 0, 0);
    }

    /// bounds are met exactly
    function test_listAsset_takesTheEdges() external {
        uint256[2] memory rates = [uint256(1e15), 100e18];
        for (uint256 i; i < rates.length; ++i) {
            MockToken token = new MockToken("edge", "E", 18);
            IVaultConfigurator.FeedConfig memory config = _wethWithRate(rates[i], 2_000e8);
            config.rate.growthPpm = i == 0 ? 10 : 5_000;
            config.highestAnswer = type(uint120).max / 1e10 / 100;
            _sendProbe(address(token));
            uint256 id = vault.listAsset(address(token), config, 0);
            assertEq(vault.assets()[id].price, 2_000 * rates[i], "priced");
            assertEq(vault.assets()[id].rate.growthWadPerDay, i == 0 ? 1e10 : 0.5e18, "a day");
        }
    }

    /// six decimals of a rate are scaled
    function test_listAsset_scalesTheDecimalsOfARate() external {
        MockToken token = new MockToken("six", "S", 18);
        IVaultConfigurator.FeedConfig memory config = _wethWithRate(1.5e6, 2_000e8);
        config.rate.decimals = 6;
        _sendProbe(address(token));
        uint256 id = vault.listAsset(address(token), config, 0);
        assertEq(vault.assets()[id].price, 3_000e18, "1.5 times");
    }

    /// the cap counts the highest rate
    function test_setSupplyCap_countsTheHighestRate() external {
        uint256 highestPrice = _asset().highestAnswer * 1e10 * 100;
        uint256 most = (1e33 * 1e18) / highestPrice;
        vm.expectPartialRevert(IVaultConfigurator.ParameterOutOfBounds.selector);
        vault.setSupplyCap(address(staked), most + 1e18);
        vm.expectPartialRevert(IVaultConfigurator.CapAboveDepth.selector); // the next rule
        vault.setSupplyCap(address(staked), most);
    }

    function _wethConfig() private view returns (IVaultConfigurator.FeedConfig memory config) {
        config = _feedConfig(address(feedOf[address(weth)]));
        (config.lowestAnswer, config.highestAnswer) = (vault.assets()[2].lowestAnswer, vault.assets()[2].highestAnswer);
    }

    function _wethWithRate(uint256 rate, int256 answer) private returns (IVaultConfigurator.FeedConfig memory config) {
        config = _wethConfig();
        config.feed = address(new BrokenFeed(8, answer));
        config.rate = _rateConfig(address(new MockRateProvider(rate)));
    }

    function _refusesChange(
        address asset,
        IVaultConfigurator.FeedConfig memory config,
        uint256 oldPrice,
        uint256 price
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.FeedChangeTooLarge.selector, asset, oldPrice, price, 2_00)
        );
        vault.setFeed(asset, config);
    }

    function _refuses(IVaultConfigurator.FeedConfig memory config, bytes memory reason) private {
        vm.expectRevert(reason);
        vault.setFeed(address(weth), config);
        assertEq(vault.assets()[2].rate.provider, address(0), "nothing changed");
        assertEq(vault.assets()[2].price, 2_000e18, "nothing changed");
    }

    function _refuses(
        IVaultConfigurator.FeedConfig memory config,
        bytes32 name,
        uint256 found,
        uint256 lowest,
        uint256 highest
    ) private {
        _refuses(
            config,
            abi.encodeWithSelector(IVaultConfigurator.ParameterOutOfBounds.selector, name, found, lowest, highest)
        );
    }
}
