// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IPriceUpkeep} from "../../contracts/interfaces/IPriceUpkeep.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {BrokenFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {NamelessToken} from "../../contracts/mocks/WeirdTokens.sol";
import {RiskParameters} from "../../contracts/types/RiskParameters.sol";
import {Deployment} from "../support/Deployment.sol";

/// listAsset, setFeed, setSupplyCap, setAssetPause: who may, bounds, old and new
contract VaultConfiguratorAssetsTest is Deployment {
    MockToken internal token;
    BrokenFeed internal feed;

    function setUp() public override {
        super.setUp();
        token = new MockToken("new", "NEW", 18);
        feed = new BrokenFeed(8, 10e8);
        _sendProbe(address(token));
    }

    /// C2: every setter, by somebody without a role
    function test_everySetter_revertsWith_AccessManagedUnauthorized() external {
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        RiskParameters memory rules = _rules();
        IVaultConfigurator.PairConfig memory pair = _pair(1, 1, 1, 1);
        bytes[] memory payloads = new bytes[](9);
        payloads[0] = abi.encodeCall(vault.listAsset, (address(token), config, 0));
        payloads[1] = abi.encodeCall(vault.setFeed, (address(weth), config));
        payloads[2] = abi.encodeCall(vault.setSupplyCap, (address(weth), 0));
        payloads[3] = abi.encodeCall(vault.setAssetPause, (address(weth), true, true));
        payloads[4] = abi.encodeCall(vault.listPool, (address(usdcPool), 1e6));
        payloads[5] = abi.encodeCall(vault.setDebtFactor, (USDC, 1e6));
        payloads[6] = abi.encodeCall(vault.setBorrowPause, (USDC, true));
        payloads[7] = abi.encodeCall(vault.setPair, (address(weth), USDC, pair));
        payloads[8] = abi.encodeCall(vault.setRiskParameters, (rules));
        for (uint256 i; i < payloads.length; ++i) {
            vm.prank(mallory);
            (bool success, bytes memory answer) = address(vault).call(payloads[i]);
            assertFalse(success, "refused");
            assertEq(
                answer,
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory),
                "by the authority"
            );
        }
    }

    // ---- listAsset ----

    function test_listAsset_storesAndTells() external {
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.AssetListed(address(token), 5, 18);
        IVaultConfigurator.FeedConfig memory none;
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.FeedSet(address(token), none, _feedConfig(address(feed)));
        vm.expectEmit(address(vault));
        emit IPriceUpkeep.SlowAverageUpdated(address(token), 10e8, 10e8);
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.SupplyCapSet(address(token), 0, 7e18);
        assertEq(vault.listAsset(address(token), _feedConfig(address(feed)), 7e18), 5, "id");
        IVaultLens.AssetView memory row = vault.assets()[5];
        assertEq(row.asset, address(token), "asset");
        assertEq(row.capAssets, 7e18, "cap");
        assertEq(row.feed, address(feed), "feed");
        assertEq(row.maxAgeFor, 1 hours, "age");
        assertEq(row.price, 10e18, "price");
        assertEq(row.slowPrice, 10e18, "slow");
        assertTrue(row.isFresh && !row.supplyPaused && !row.seizurePaused, "flags");
        assertGe(row.lowestAnswer, 1e4, "rounded up");
        assertLe(row.highestAnswer, 1_000_000e8, "rounded down");
    }

    function test_listAsset_revertsWith_AssetAlreadyListed() external {
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.AssetAlreadyListed.selector, weth, 2));
        vault.listAsset(address(weth), _feedConfig(address(feed)), 0);
    }

    function test_listAsset_revertsWith_NotAToken() external {
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.NotAToken.selector, alice));
        vault.listAsset(alice, _feedConfig(address(feed)), 0);
        NamelessToken nameless = new NamelessToken();
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.NotAToken.selector, nameless));
        vault.listAsset(address(nameless), _feedConfig(address(feed)), 0);
    }

    function test_listAsset_revertsWith_DecimalsAboveMaximum() external {
        token = new MockToken("24", "24", 24);
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.DecimalsAboveMaximum.selector, token, 24, 18));
        vault.listAsset(address(token), _feedConfig(address(feed)), 0);
    }

    function test_listAsset_revertsWith_FeedDecimalsInvalid() external {
        feed = new BrokenFeed(19, 10e8);
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.FeedDecimalsInvalid.selector, feed, 19, 18));
        vault.listAsset(address(token), _feedConfig(address(feed)), 0);
    }

    function test_listAsset_revertsWith_RegistryFull() external {
        for (uint256 i = 5; i < 24; ++i) _token("T", 18, 1e8, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.RegistryFull.selector, 24));
        vault.listAsset(address(token), _feedConfig(address(feed)), 0);
    }

    function test_listAsset_revertsWith_ParameterOutOfBounds() external {
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        config.maxAgeFor = 59;
        _refuses(config, "maxAgeFor", 59, 1 minutes, 7 days);
        config.maxAgeFor = 7 days + 1;
        _refuses(config, "maxAgeFor", 7 days + 1, 1 minutes, 7 days);
        config.maxAgeFor = 1 hours;
        config.lowestAnswer = 0;
        _refuses(config, "lowestAnswer", 0, 1, config.highestAnswer);
        config.lowestAnswer = config.highestAnswer + 1;
        _refuses(config, "lowestAnswer", config.highestAnswer + 1, 1, config.highestAnswer);
        config.lowestAnswer = 1;
        config.highestAnswer = type(uint120).max / 1e10 + 1; // exponent 36 − 18 − 8
        _refuses(config, "highestAnswer", config.highestAnswer, 1, config.highestAnswer - 1);
        config.highestAnswer = 1e12;
        config.secondFeed = address(feed);
        config.maxDeviationBps = 1_00;
        _refuses(config, "secondMaxAgeFor", 0, 1 minutes, 7 days);
        config.secondMaxAgeFor = 1 hours;
        config.maxDeviationBps = 9;
        _refuses(config, "maxDeviationBps", 9, 10, 20_00);
        config.maxDeviationBps = 20_01;
        _refuses(config, "maxDeviationBps", 20_01, 10, 20_00);
    }

    /// S10: the value of an amount does not depend on the token's decimals. A price of 2^120 is the most that is
    /// carried, so a token without decimals may be worth 1.3 USD a unit.
    function test_listAsset_prices_whateverTheDecimals() external {
        uint8[5] memory decimals = [0, 2, 6, 8, 18];
        for (uint256 i; i < decimals.length; ++i) {
            MockToken each = new MockToken("T", "T", decimals[i]);
            feed.setRound(1, 1.25e8, block.timestamp, 1);
            IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
            config.highestAnswer = 1.3e8;
            _sendProbe(address(each));
            vault.listAsset(address(each), config, 100_000 * 10 ** decimals[i]);
            tokens.push(address(each));
            _approveAll(bob);
            deposits(bob, each, 1_000 * 10 ** decimals[i]);
            assertEq(_rowOf(accountOf(bob)).collateralValue, (i + 1) * 1_250e18, "1,250 USD each");
        }
    }

    // ---- setFeed ----

    function test_setFeed_replacesAndTells() external {
        BrokenFeed next = new BrokenFeed(18, 2_039e18);
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(next));
        (config.lowestAnswer, config.highestAnswer) = (1e18, 1e24);
        IVaultConfigurator.FeedConfig memory old = _storedFeedConfig(address(weth));
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.FeedSet(address(weth), old, config);
        vault.setFeed(address(weth), config);
        assertEq(vault.assets()[2].price, 2_039e18, "price");
        assertApproxEqAbs(vault.assets()[2].slowPrice, 2_039e18, 1e12, "the slow average starts at spot");
    }

    function test_setFeed_revertsWith_FeedChangeTooLarge() external {
        BrokenFeed next = new BrokenFeed(8, 2_040.00000001e8);
        vm.expectRevert(
            abi.encodeWithSelector(
                IVaultConfigurator.FeedChangeTooLarge.selector,
                weth,
                2_000e18,
                2_040.00000001e18,
                2_00
            )
        );
        vault.setFeed(address(weth), _feedConfig(address(next)));
        next.setRound(2, 1_960e8, block.timestamp, 2);
        vault.setFeed(address(weth), _feedConfig(address(next)));
    }

    /// PRICE-13: while the old feed is silent the slow average counts, not its last answer, and half of it is the bound
    function test_setFeed_revertsWith_FeedChangeTooLarge_whileTheOldFeedIsSilent() external {
        moves(weth, 2_900e8); // never reaches the slow average, which stays at 2,000
        skip(1 hours + 1);
        BrokenFeed next = new BrokenFeed(8, 3_000.00000001e8);
        _refusesFeed(next, 3_000.00000001e18);
        next.setRound(2, 999.99999999e8, block.timestamp, 2);
        _refusesFeed(next, 999.99999999e18);
        uint256 id = vm.snapshotState();
        next.setRound(3, 3_000e8, block.timestamp, 3);
        vault.setFeed(address(weth), _feedConfig(address(next)));
        assertEq(vault.assets()[2].price, 3_000e18, "half more");
        vm.revertToState(id);
        next.setRound(3, 1_000e8, block.timestamp, 3);
        vault.setFeed(address(weth), _feedConfig(address(next)));
        assertEq(vault.assets()[2].price, 1_000e18, "half less");
        assertTrue(vault.assets()[2].isFresh, "answers");
    }

    /// PRICE-13: with the old feed in its last fresh second the narrow bound holds, one second later the wide one
    function test_setFeed_boundWidensWhenTheOldFeedFallsSilent() external {
        skip(1 hours);
        BrokenFeed next = new BrokenFeed(8, 2_100e8);
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.FeedChangeTooLarge.selector, weth, 2_000e18, 2_100e18, 2_00)
        );
        vault.setFeed(address(weth), _feedConfig(address(next)));
        skip(1);
        vault.setFeed(address(weth), _feedConfig(address(next)));
        assertEq(vault.assets()[2].price, 2_100e18, "replaced");
    }

    function _refusesFeed(BrokenFeed next, uint256 price) private {
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.FeedChangeTooLarge.selector, weth, 2_000e18, price, 50_00)
        );
        vault.setFeed(address(weth), _feedConfig(address(next)));
    }

    function test_setFeed_revertsWith_AssetNotListed() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, token));
        vault.setFeed(address(token), _feedConfig(address(feed)));
    }

    function test_setFeed_revertsWith_AnswerStale() external {
        feed.setRound(2, 2_000e8, block.timestamp - 1 hours - 1, 2);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOracleRouter.AnswerStale.selector,
                weth,
                block.timestamp - 1 hours - 1,
                block.timestamp - 1 hours
            )
        );
        vault.setFeed(address(weth), _feedConfig(address(feed)));
    }

    // ---- setSupplyCap ----

    function test_setSupplyCap_storesAndTells() external {
        deposits(alice, weth, 5e18);
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.SupplyCapSet(address(weth), 50_000e18, 1e18);
        vault.setSupplyCap(address(weth), 1e18);
        assertEq(vault.assets()[2].totalAssets, 5e18, "what is there stays");
        vm.expectPartialRevert(IAccountLedger.SupplyCapExceeded.selector);
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(weth), 1);
    }

    function test_setSupplyCap_revertsWith_CapAboveDepth() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IVaultConfigurator.CapAboveDepth.selector,
                weth,
                400_002_000e18,
                vault.pairOf(address(weth), USDC).depthValue * 2
            )
        );
        vault.setSupplyCap(address(weth), 200_001e18);
        vault.setSupplyCap(address(weth), 199_999e18);
    }

    function test_setSupplyCap_revertsWith_ParameterOutOfBounds() external {
        uint256 most = type(uint96).max;
        vm.expectRevert(
            abi.encodeWithSelector(
                IVaultConfigurator.ParameterOutOfBounds.selector,
                bytes32("capAssets"),
                most + 1,
                0,
                most
            )
        );
        vault.setSupplyCap(address(weth), most + 1);
        // 7.9e28 · 1e6 USD is more than the maths carries
        vm.expectPartialRevert(IVaultConfigurator.ParameterOutOfBounds.selector);
        vault.setSupplyCap(address(weth), most);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, token));
        vault.setSupplyCap(address(token), 1);
    }

    // ---- setAssetPause ----

    function test_setAssetPause_storesAndTells() external {
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.AssetPauseSet(address(weth), false, false, true, false);
        vault.setAssetPause(address(weth), true, false);
        IVaultLens.AssetView memory row = vault.assets()[2];
        assertTrue(row.supplyPaused && !row.seizurePaused, "supply");
        vault.setAssetPause(address(weth), false, true);
        row = vault.assets()[2];
        assertTrue(!row.supplyPaused && row.seizurePaused, "seizure");
        assertEq(row.capAssets, 50_000e18, "the cap stays");
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, token));
        vault.setAssetPause(address(token), true, true);
    }

    /// the guardian's way in: adds to what is paused, lifts nothing
    function test_pauseAsset_addsAndLiftsNothing() external {
        vault.pauseAsset(address(weth), true, false);
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.AssetPauseSet(address(weth), true, false, true, true);
        vault.pauseAsset(address(weth), false, true);
        vault.pauseAsset(address(weth), false, false);
        IVaultLens.AssetView memory row = vault.assets()[2];
        assertTrue(row.supplyPaused && row.seizurePaused, "both");
    }

    /// what the lens shows of a feed without a second one, as the setter takes it
    function _storedFeedConfig(address asset) private view returns (IVaultConfigurator.FeedConfig memory config) {
        IVaultLens.AssetView memory row = vault.assets()[2];
        assertEq(row.asset, asset);
        (config.feed, config.maxAgeFor) = (row.feed, row.maxAgeFor);
        (config.lowestAnswer, config.highestAnswer) = (row.lowestAnswer, row.highestAnswer);
    }

    function _refuses(
        IVaultConfigurator.FeedConfig memory config,
        bytes32 name,
        uint256 found,
        uint256 lowest,
        uint256 highest
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.ParameterOutOfBounds.selector, name, found, lowest, highest)
        );
        vault.listAsset(address(token), config, 0);
    }
}
