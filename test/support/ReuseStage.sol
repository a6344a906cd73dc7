// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {CollateralLine} from "../../contracts/types/Snapshot.sol";
import {CustodyChecks} from "./CustodyChecks.sol";
import {Deployment} from "./Deployment.sol";
import {HostileYieldVault} from "./HostileYieldVault.sol";

/// The system with a sleeve for WETH: a good venue and one that can misbehave, a buffer of a tenth. Shares have 25 %
/// and 19 % haircut where WETH has 20 % and 15 %; an account reuses at most 140 % of its debt.
abstract contract ReuseStage is Deployment {
    IVenueAllocator internal sleeve;
    MockYieldVault internal good;
    HostileYieldVault internal bad;

    function setUp() public virtual override {
        super.setUp();
        bytes memory arguments = abi.encode(weth, vault, manager, "sleeve of WETH", "sWETH");
        sleeve = IVenueAllocator(_deploy("VenueAllocator.sol:VenueAllocator", arguments));
        vm.label(address(sleeve), "sleeve");
        (good, bad) = (new MockYieldVault(weth, 0), new HostileYieldVault(weth));
        sleeve.setVenue(address(bad), IVenueAllocator.VenueTerms(1_000_000e18, 100_00, 500));
        sleeve.setVenue(address(good), IVenueAllocator.VenueTerms(1_000_000e18, 100_00, 500));
        sleeve.setRules(IVenueAllocator.SleeveRules(10_00, 0, address(0)));
        _seeds(sleeve);
        _listSleeve(address(sleeve), weth, 25_000e18);
        vault.setSleeve(address(weth), address(sleeve), _sleeveTerms());
    }

    /// lists the shares of a sleeve as a collateral, with haircuts above those of WETH
    function _listSleeve(address shares, MockToken asset, uint256 capAssets) internal {
        vault.listAsset(shares, _sleeveConfig(shares, asset), capAssets);
        // so that tests may count on balances to the unit
        uint256 probe = vault.recover(shares, address(this));
        IERC4626(shares).redeem(probe, address(this), address(this));
        vault.setPair(shares, USDC, _pair(250_000, 190_000, 200_000_000e18, 10_00));
        vault.setPair(shares, DAI, _pair(250_000, 190_000, 200_000_000e18, 10_00));
    }

    /// the first shares of an allocator, for the probe of a listing
    function _seeds(IVenueAllocator allocator) internal {
        weth.mint(address(this), 1e12);
        weth.approve(address(allocator), 1e12);
        allocator.seed(1e12, address(vault));
    }

    /// shares of a venue or a pool, for the same
    function _sendShares(IERC4626 shares, MockToken asset, uint256 assets) internal {
        asset.mint(address(this), assets);
        asset.approve(address(shares), assets);
        shares.deposit(assets, address(vault));
    }

    function _sleeveConfig(
        address shares,
        MockToken asset
    ) internal view returns (IVaultConfigurator.FeedConfig memory config) {
        config = _feedConfig(address(feedOf[address(asset)]));
        config.rate = IVaultConfigurator.RateConfig({
            provider: shares,
            selector: IERC4626.convertToAssets.selector,
            decimals: asset.decimals(),
            growthPpm: 1_000
        });
    }

    function _sleeveTerms() internal pure returns (IReuse.SleeveTerms memory) {
        return IReuse.SleeveTerms({isCapped: true, maxDebtShareBps: 140_00, toleranceBps: 5_00});
    }

    // ---- verbs ----

    function reuses(address actor, uint256 shareBps) internal returns (uint256 assets, uint256 shares) {
        vm.prank(actor);
        return vault.setReuse(accountOf(actor), address(sleeve), shareBps);
    }

    function requestsRecall(address actor, uint256 shares) internal returns (uint256 ticket) {
        vm.prank(actor);
        return vault.requestRecall(accountOf(actor), address(sleeve), shares);
    }

    /// 100 WETH, half of it reused, against 100,000 USDC
    function _aliceReuses() internal {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        reuses(alice, 50_00);
    }

    /// nine tenths of what is in the sleeve go to a venue
    function _allocates(address venue) internal {
        sleeve.allocate(venue, (sleeve.totalAssets() * 9) / 10);
    }

    function holdingOf(address actor, address asset) internal view returns (uint256) {
        CollateralLine[] memory lines = vault.accountOf(accountOf(actor)).snapshot.collaterals;
        for (uint256 i; i < lines.length; ++i) if (lines[i].asset == asset) return lines[i].assets;
        return 0;
    }

    function _assetOf(address asset) internal view returns (IVaultLens.AssetView memory found) {
        IVaultLens.AssetView[] memory list = vault.assets();
        for (uint256 i; i < list.length; ++i) if (list[i].asset == asset) return list[i];
        fail("no such asset");
    }

    /// Σ holdings = total, and the vault holds them; the sleeve is backed
    function _requireBacked() internal view {
        uint256 plain =
            holdingOf(alice, address(weth)) + holdingOf(bob, address(weth)) + holdingOf(mallory, address(weth));
        uint256 reused =
            holdingOf(alice, address(sleeve)) + holdingOf(bob, address(sleeve)) + holdingOf(mallory, address(sleeve));
        assertEq(_assetOf(address(weth)).totalAssets, plain, "plain total");
        assertEq(_assetOf(address(sleeve)).totalAssets, reused, "reused total");
        assertGe(weth.balanceOf(address(vault)), plain, "plain is held");
        assertGe(sleeve.balanceOf(address(vault)), reused, "shares are held");
        assertEq(CustodyChecks.ofSleeve(sleeve), "");
        assertEq(CustodyChecks.ofQueue(vault, address(weth), address(sleeve)), "");
    }

    /// the next call names a term outside of its bounds
    function _expectTerm(bytes32 name, uint256 found, uint256 highest) internal {
        vm.expectRevert(abi.encodeWithSelector(IReuse.ReuseTermOutOfBounds.selector, name, found, 0, highest));
    }
}
