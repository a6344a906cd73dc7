// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {BrokenFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockRateProvider} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "./Deployment.sol";

/// A staked token whose price goes through a rate: the underlying at 2,000 USD, the rate 1.2, a growth of at most 500
/// ppm (0.0006) a day.
abstract contract RateStage is Deployment {
    uint256 internal constant STAKED = 5;
    uint256 internal constant GROWTH_PPM = 500;
    uint256 internal constant DAILY_WAD = 0.0006e18;

    MockToken internal staked;
    BrokenFeed internal feed;
    MockRateProvider internal provider;

    function setUp() public virtual override {
        super.setUp();
        staked = new MockToken("staked", "STK", 18);
        feed = new BrokenFeed(8, 2_000e8);
        provider = new MockRateProvider(1.2e18);
        _sendProbe(address(staked));
        vault.listAsset(address(staked), _stakedConfig(), 50_000e18);
        vault.setPair(address(staked), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        tokens.push(address(staked));
        feedOf[address(staked)] = feedOf[address(weth)]; // not moved by the helpers of time
        _approveAll(alice);
        _approveAll(mallory);
    }

    function _stakedConfig() internal view returns (IVaultConfigurator.FeedConfig memory config) {
        config = _feedConfig(address(feed));
        config.maxAgeFor = 7 days;
        config.rate = _rateConfig(address(provider));
    }

    function _rateConfig(address from) internal pure returns (IVaultConfigurator.RateConfig memory) {
        return
            IVaultConfigurator.RateConfig({
                provider: from,
                selector: MockRateProvider.getRate.selector,
                decimals: 18,
                growthPpm: GROWTH_PPM
            });
    }

    /// of an ERC-4626 token
    function _vaultRate(address from, uint256 decimals) internal pure returns (IVaultConfigurator.RateConfig memory) {
        return
            IVaultConfigurator.RateConfig({
                provider: from,
                selector: IERC4626.convertToAssets.selector,
                decimals: decimals,
                growthPpm: GROWTH_PPM
            });
    }

    /// lets time pass; the underlying repeats its answer
    function waits(uint256 elapsedFor) internal {
        passes(elapsedFor);
        feed.setRound(2, feed.answer(), block.timestamp, 2);
    }

    /// whoever passes by looks at the rate
    function looks() internal {
        uint256[] memory ids = new uint256[](1);
        ids[0] = STAKED;
        vm.prank(mallory);
        vault.updateSlowAverages(ids);
    }

    function _asset() internal view returns (IVaultLens.AssetView memory) {
        return vault.assets()[STAKED];
    }

    /// what counts of the rate now
    function _counted() internal view returns (uint256) {
        IVaultLens.RateView memory rate = _asset().rate;
        return rate.rateWad < rate.allowedWad ? rate.rateWad : rate.allowedWad;
    }
}
