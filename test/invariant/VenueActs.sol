// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {CustodyWatch} from "./CustodyWatch.sol";
import {Sight} from "./World.sol";

/// The manager of a sleeve, its venues, and what becomes of them.
abstract contract VenueActs is CustodyWatch {
    function allocate(uint256 which, uint256 part) external {
        Sight memory before = _lookBefore();
        uint256 assets = bound(part, 0, custody.allocator.idleAssets());
        bytes memory payload = abi.encodeCall(custody.allocator.allocate, (_venue(which), assets));
        if (_manages(payload)) ++custodyReached.allocations;
        _judge(before, _managerAt(which), 4);
    }

    /// by the manager, also at a loss
    function pull(uint256 which, uint256 part) external {
        Sight memory before = _lookBefore();
        uint256 assets = bound(part, 0, custody.allocator.totalAssets());
        bytes memory payload = abi.encodeCall(custody.allocator.recall, (_venue(which), assets));
        if (_manages(payload)) ++custodyReached.pulls;
        _judge(before, _managerAt(which), 4);
    }

    /// by anybody, and never at the cost of those who stay
    function refill(uint256 which) external {
        Sight memory before = _lookBefore();
        bytes memory payload =
            which % 4 == 3
                ? abi.encodeCall(custody.allocator.touch, ())
                : abi.encodeCall(custody.allocator.refill, (_venue(which)));
        vm.prank(cast.stranger);
        _manages(payload);
        _judge(before, Actor.KEEPER, 4);
    }

    /// the second venue lies, fails, burns gas, is empty, or behaves; governance cuts it, and lists it again
    function mood(uint256 kind, uint256 liquidity) external {
        Sight memory before = _lookBefore();
        HostileYieldVault bad = custody.bad;
        bad.setFashion(
            kind % 3 == 0 ? HostileYieldVault.Fashion(uint8((kind / 3) % 14)) : HostileYieldVault.Fashion.WELL
        );
        bad.setLiquidity(liquidity % 3 == 0 ? liquidity % 20e18 : type(uint256).max);
        if (kind % 16 == 1) _manages(abi.encodeCall(custody.allocator.cutVenue, (address(bad))));
        if (kind % 16 == 3) {
            IVenueAllocator.VenueTerms memory terms = IVenueAllocator.VenueTerms(1_000_000e18, 100_00, 500);
            _manages(abi.encodeCall(custody.allocator.setVenue, (address(bad), terms)));
        }
        _judge(before, Actor.VENUE, 4);
    }

    /// income, or a loss of up to a third
    function fortune(uint256 which, uint256 amount) external {
        Sight memory before = _lookBefore();
        address venue = _venue(which);
        uint256 worth = custody.allocator.totalAssets();
        if (amount % 3 == 0) {
            uint256 held = cast.collaterals[0].balanceOf(venue);
            vm.prank(venue);
            cast.collaterals[0].transfer(address(0xdead), bound(amount, 0, held / 3));
        } else {
            cast.collaterals[0].mint(venue, amount % 0.05e18);
        }
        if (custody.allocator.totalAssets() < worth) ++custodyReached.venueLosses;
        _judge(before, Actor.VENUE, 4);
    }

    function _venue(uint256 which) private view returns (address) {
        return which % 2 == 0 ? custody.good : address(custody.bad);
    }

    /// what a manager does with a venue that misbehaves is a fortune of the venue
    function _managerAt(uint256 which) private view returns (Actor) {
        bool isWell = custody.bad.fashion() == HostileYieldVault.Fashion.WELL;
        return isWell || which % 2 == 0 ? Actor.KEEPER : Actor.VENUE;
    }

    function _manages(bytes memory payload) private returns (bool success) {
        bytes memory answer;
        (success, answer) = address(custody.allocator).call{gas: CALL_GAS}(payload);
        // a venue that eats gas leaves none for a reason
        if (custody.bad.fashion() == HostileYieldVault.Fashion.WELL) _refused(success, answer);
    }
}
