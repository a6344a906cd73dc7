// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {RecallQueue, RecallTicket} from "../../contracts/types/Sleeve.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Those who wait for an illiquid sleeve: `requestRecall`, `serveRecalls`.
contract CollateralVaultReuseQueueTest is ReuseStage {
    /// alice and bob with 50 shares each; ten are idle, the rest is in a venue that pays nothing out
    function _bothReuse() private {
        _aliceReuses();
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 100_000e6);
        reuses(bob, 50_00);
        _allocates(address(bad));
        bad.setLiquidity(0);
    }

    function _queue() private view returns (RecallQueue memory) {
        return vault.recallQueueOf(address(sleeve));
    }

    function test_requestRecall_keepsTheSharesPledged() external {
        _bothReuse();
        assertEq(requestsRecall(alice, 30e18), 1, "first");
        assertEq(requestsRecall(bob, ALL), 2, "second");
        (uint256 ticket, RecallTicket memory found) = vault.ticketOf(accountOf(alice), address(sleeve));
        assertEq(ticket, 1, "number");
        assertEq(found.shares, 30e18, "shares");
        assertTrue(found.account == accountOf(alice), "whose");
        assertEq(holdingOf(alice, address(sleeve)), 50e18, "still pledged");
        assertEq(_rowOf(accountOf(alice)).coverInitial, 155_000e18, "and counted");
        assertEq(_queue().issued, 2, "issued");
    }

    function test_requestRecall_revertsWith_ReuseUnchanged() external {
        vm.expectRevert(abi.encodeWithSelector(IReuse.ReuseUnchanged.selector, accountOf(alice), address(sleeve)));
        requestsRecall(alice, 1);
    }

    function test_requestRecall_zeroCancels() external {
        vm.expectRevert(abi.encodeWithSelector(IReuse.NoRecallWaiting.selector, address(sleeve)));
        requestsRecall(alice, 0);
        _bothReuse();
        requestsRecall(alice, 30e18);
        assertEq(requestsRecall(alice, 0), 0, "none");
        (uint256 ticket, RecallTicket memory found) = vault.ticketOf(accountOf(alice), address(sleeve));
        assertEq(ticket + found.shares, 0, "gone");
        assertEq(vault.serveRecalls(address(sleeve), 10), 1, "passed over");
        reuses(alice, 45_00);
    }

    function test_requestRecall_again_standsAtTheEnd() external {
        _bothReuse();
        requestsRecall(alice, 1e18);
        requestsRecall(bob, 10e18);
        assertEq(requestsRecall(alice, 5e18), 3, "at the end");
        assertEq(vault.serveRecalls(address(sleeve), 10), 2, "the old one, and bob's");
        assertEq(holdingOf(bob, address(weth)), 60e18, "bob has all that was idle");
        assertEq(holdingOf(alice, address(weth)), 50e18, "alice waits");
    }

    function test_whileSomebodyWaits_nobodyIsPaidAtOnce() external {
        _bothReuse();
        requestsRecall(alice, 30e18);
        assertEq(_queue().waitingSinceAt, block.timestamp, "since now");
        uint256 start = vm.snapshotState();
        skip(2 minutes - 1);
        reuses(bob, 49_00);
        vm.revertToState(start);
        skip(2 minutes);
        vm.expectRevert(abi.encodeWithSelector(IReuse.RecallsWaiting.selector, address(sleeve), 1));
        reuses(bob, 45_00);
        vm.expectRevert(abi.encodeWithSelector(IReuse.RecallsWaiting.selector, address(sleeve), 1));
        reuses(bob, 55_00);
        vm.expectRevert(abi.encodeWithSelector(IReuse.RecallsWaiting.selector, address(sleeve), 1));
        vault.trimReuse(accountOf(bob), address(sleeve));
    }

    function test_serveRecalls_inOrder_asFarAsTheSleevePays() external {
        _bothReuse();
        requestsRecall(alice, 30e18);
        requestsRecall(bob, ALL);
        vm.prank(mallory);
        assertEq(vault.serveRecalls(address(sleeve), 10), 0, "a part of the first");
        assertEq(holdingOf(alice, address(weth)), 60e18, "what was idle");
        (, RecallTicket memory found) = vault.ticketOf(accountOf(alice), address(sleeve));
        assertEq(found.shares, 20e18, "the rest waits");
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleevePaysNothing.selector, address(sleeve), 1));
        vault.serveRecalls(address(sleeve), 10);
        bad.setLiquidity(40e18);
        assertEq(vault.serveRecalls(address(sleeve), 10), 1, "the first, and a part of the second");
        assertEq(holdingOf(alice, address(weth)), 80e18, "alice");
        assertEq(holdingOf(bob, address(weth)), 70e18, "bob");
        bad.setLiquidity(ALL);
        assertEq(vault.serveRecalls(address(sleeve), 10), 1, "the second");
        assertEq(holdingOf(bob, address(weth)), 100e18, "all that he held");
        assertEq(_queue().served, 2, "nobody waits");
        vm.expectRevert(abi.encodeWithSelector(IReuse.NoRecallWaiting.selector, address(sleeve)));
        vault.serveRecalls(address(sleeve), 10);
        _requireBacked();
    }

    function test_serveRecalls_atMostSoMany() external {
        _bothReuse();
        requestsRecall(alice, 1e18);
        requestsRecall(bob, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleevePaysNothing.selector, address(sleeve), 1));
        vault.serveRecalls(address(sleeve), 0);
        assertEq(vault.serveRecalls(address(sleeve), 1), 1, "one");
        assertEq(holdingOf(bob, address(weth)), 50e18, "bob waits");
    }

    function test_serveRecalls_passesOverVanishedHoldings() external {
        _bothReuse();
        requestsRecall(alice, 30e18);
        requestsRecall(bob, 5e18);
        repays(alice, USDC, ALL);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(sleeve), ALL, alice);
        assertEq(vault.serveRecalls(address(sleeve), 10), 2, "both done");
        assertEq(holdingOf(bob, address(weth)), 55e18, "bob is paid");
        assertEq(holdingOf(alice, address(weth)), 50e18, "alice has hers outside");
    }

    function test_serveRecalls_passesOverWhatWouldWeaken() external {
        _bothReuse();
        requestsRecall(alice, 5e18);
        requestsRecall(bob, 5e18);
        repays(bob, USDC, ALL);
        vault.pauseAsset(address(weth), false, true);
        assertEq(vault.serveRecalls(address(sleeve), 10), 2, "both done");
        assertEq(holdingOf(alice, address(weth)), 50e18, "alice's debt keeps the shares");
        assertEq(holdingOf(bob, address(weth)), 55e18, "bob owes nothing");
    }

    function test_serveRecalls_passesOverAFullAccount() external {
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(false, 0, 0));
        deposits(alice, weth, 50e18);
        reuses(alice, 100_00);
        for (uint256 i; i < 7; ++i) {
            MockToken token = _token(string.concat("T", vm.toString(i)), 18, 1e8, 1e24);
            vm.prank(alice);
            token.approve(address(vault), ALL);
            deposits(alice, token, 1e18);
        }
        requestsRecall(alice, 10e18);
        assertEq(vault.serveRecalls(address(sleeve), 10), 1, "done");
        assertEq(holdingOf(alice, address(sleeve)), 50e18, "no slot for a part");
        requestsRecall(alice, ALL);
        assertEq(vault.serveRecalls(address(sleeve), 10), 1, "done");
        assertEq(holdingOf(alice, address(weth)), 50e18, "all of it has one");
    }

    function test_serveRecalls_passesOverDust() external {
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(false, 0, 0));
        deposits(alice, weth, 100e18);
        reuses(alice, 50_00);
        _allocates(address(bad));
        bad.loses(20e18);
        requestsRecall(alice, 1); // worth less than a unit
        assertEq(vault.serveRecalls(address(sleeve), 10), 1, "done");
        assertEq(holdingOf(alice, address(sleeve)), 50e18, "nothing moved");
    }

    /// a unit of dust in the sleeve is no payment, and voids nobody's ticket
    function test_serveRecalls_dustInTheSleeve_voidsNoTicket() external {
        _bothReuse();
        bad.loses(30e18);
        requestsRecall(alice, ALL);
        sleeve.setRules(IVenueAllocator.SleeveRules(0, 0, address(0)));
        sleeve.allocate(address(good), sleeve.idleAssets() - 1);
        sleeve.cutVenue(address(good));
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleevePaysNothing.selector, address(sleeve), 1));
        vault.serveRecalls(address(sleeve), 10);
        (uint256 ticket, ) = vault.ticketOf(accountOf(alice), address(sleeve));
        assertEq(ticket, 1, "it waits");
    }

    /// a ticket for all stays one for all when it is served in parts
    function test_serveRecalls_allInParts() external {
        _bothReuse();
        requestsRecall(alice, ALL);
        assertEq(vault.serveRecalls(address(sleeve), 10), 0, "a part");
        (, RecallTicket memory found) = vault.ticketOf(accountOf(alice), address(sleeve));
        assertEq(found.shares, ALL, "all");
        bad.setLiquidity(ALL);
        vault.serveRecalls(address(sleeve), 10);
        assertEq(holdingOf(alice, address(sleeve)), 0, "all");
    }

    /// a sleeve that says that it pays more than it does cannot be served, until the venue is cut
    function test_serveRecalls_ofALyingVenue_endsWhenItIsCut() external {
        _bothReuse();
        requestsRecall(alice, ALL);
        bad.setLiquidity(ALL);
        bad.setFashion(HostileYieldVault.Fashion.OUT_REVERTS);
        vm.expectPartialRevert(bytes4(keccak256("SleeveIlliquid(uint256,uint256)")));
        vault.serveRecalls(address(sleeve), 10);
        sleeve.cutVenue(address(bad));
        assertEq(vault.serveRecalls(address(sleeve), 10), 0, "what is idle");
        assertEq(holdingOf(alice, address(weth)), 60e18, "paid");
    }
}
