// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {CustodyChecks} from "./CustodyChecks.sol";
import {HostileYieldVault} from "./HostileYieldVault.sol";
import {TestBase} from "./TestBase.sol";

/// A sleeve by itself, with the test as its vault and as admin: a good venue, and one that can misbehave.
abstract contract SleeveStage is TestBase {
    uint256 internal constant ALL = type(uint256).max;
    uint256 internal constant GROWTH_PPM = 500;

    AccessManager internal manager;
    MockToken internal asset;
    IVenueAllocator internal sleeve;
    MockYieldVault internal good;
    HostileYieldVault internal bad;

    address internal dave = makeAddr("dave"); // holds shares
    address internal mallory = makeAddr("mallory"); // means harm
    address internal treasury = makeAddr("treasury"); // gets fees

    function setUp() public virtual {
        vm.warp(1_750_000_000);
        manager = new AccessManager(address(this));
        asset = new MockToken("asset", "A", 18);
        sleeve = _sleeve(asset);
        (good, bad) = (new MockYieldVault(asset, 0), new HostileYieldVault(asset));
        sleeve.setVenue(address(bad), _venueTerms(1_000_000e18, 100_00));
        sleeve.setVenue(address(good), _venueTerms(1_000_000e18, 100_00));
        sleeve.setRules(_sleeveRules(10_00, 0));
    }

    function _sleeve(MockToken token) internal returns (IVenueAllocator made) {
        bytes memory arguments = abi.encode(token, address(this), manager, "sleeve", "SLV");
        bytes memory code = bytes.concat(vm.getCode("contracts/VenueAllocator.sol:VenueAllocator"), arguments);
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(address(made) != address(0), "created");
        token.approve(address(made), ALL);
    }

    function _venueTerms(uint256 capAssets, uint256 capBps) internal pure returns (IVenueAllocator.VenueTerms memory) {
        return IVenueAllocator.VenueTerms({capAssets: capAssets, capBps: capBps, growthPpm: GROWTH_PPM});
    }

    function _sleeveRules(
        uint256 bufferBps,
        uint256 feeBps
    ) internal view returns (IVenueAllocator.SleeveRules memory) {
        return IVenueAllocator.SleeveRules({bufferBps: bufferBps, feeBps: feeBps, feeReceiver: treasury});
    }

    /// the vault puts assets in for `holder`
    function enters(address holder, uint256 assets) internal returns (uint256 shares) {
        asset.mint(address(this), assets);
        shares = sleeve.deposit(assets, holder);
    }

    function leaves(address holder, uint256 shares) internal returns (uint256 assets) {
        vm.prank(holder);
        assets = sleeve.redeem(shares, holder, holder);
    }

    /// a donation to a venue, or its income
    function earns(address venue, uint256 assets) internal {
        asset.mint(venue, assets);
    }

    function _venue(uint256 number) internal view returns (IVenueAllocator.VenueView memory) {
        return sleeve.venues()[number];
    }

    /// idle + Σ worth = total; and what is counted is there
    function _requireSound() internal view {
        assertEq(CustodyChecks.ofSleeve(sleeve), "");
    }
}
