// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {RecallTicket} from "../../contracts/types/Sleeve.sol";
import {Bundle} from "../support/Bundle.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Attacks on reuse: V01 to V04, S02, O08, R06, L10, and what a venue could do to those who do not use it.
contract ReuseAttackTest is ReuseStage {
    function _status(address actor) private view returns (IVaultLens.AccountStatus) {
        return _rowOf(accountOf(actor)).status;
    }

    function _assertStatus(address actor, IVaultLens.AccountStatus expected) private view {
        assertEq(uint256(_status(actor)), uint256(expected), "status");
    }

    /// V01, E5: a loss of the venue lowers the account at once, and nobody's plain collateral
    function test_V01_aLoss_isThatOfItsUsersAlone() external {
        _aliceReuses();
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 100_000e6);
        _allocates(address(bad));
        uint256 before = _rowOf(accountOf(bob)).collateralValue;
        bad.loses(45e18);
        assertEq(_rowOf(accountOf(alice)).collateralValue / 1e18, 110_000, "fifty plain, five idle");
        assertEq(_rowOf(accountOf(bob)).collateralValue, before, "bob's is as it was");
        withdraws(bob, weth, 30e18);
        _assertStatus(alice, IVaultLens.AccountStatus.LIQUIDATABLE);
        // and she gets out at no better price
        (uint256 assets, ) = reuses(alice, 0);
        assertApproxEqAbs(assets, 5e18, 10, "a tenth");
    }

    /// V02, L10: who drains the venue's liquidity for a moment makes nobody callable
    function test_V02_L10_drainedLiquidity_liquidatesNobody() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 154_000e6);
        reuses(alice, 50_00);
        _allocates(address(bad));
        IVaultLens.HealthRow memory before = _rowOf(accountOf(alice));
        bad.setLiquidity(0);
        IVaultLens.HealthRow memory present = _rowOf(accountOf(alice));
        assertEq(present.coverMaintenance, before.coverMaintenance, "what counts is worth, not what is paid now");
        assertEq(sleeve.maxWithdraw(address(vault)), 5e18, "although next to nothing is");
        vm.prank(mallory);
        vm.expectPartialRevert(bytes4(keccak256("AccountCovered(bytes32,uint256,uint256)")));
        vault.issueMarginCall(accountOf(alice));
    }

    /// V02, E6: the venue is dead; liquidation hands over shares and waits for nobody
    function test_V02_E6_liquidationHandsOverShares_whileTheVenueIsDead() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 140_000e6);
        reuses(alice, 90_00);
        _allocates(address(bad));
        bad.setFashion(HostileYieldVault.Fashion.OUT_EATS_GAS);
        moves(weth, 1_600e8);
        _fundKeeper();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](1);
        legs[0] = _leg(MockToken(address(sleeve)), USDC, ALL);
        vm.prank(dave);
        ILiquidation.LegReceipt memory receipt = vault.liquidate(accountOf(alice), legs, 0, block.timestamp, dave, "")[
            0
        ];
        assertGt(receipt.seizedAssets, 0, "seized");
        assertEq(sleeve.balanceOf(dave), receipt.seizedAssets, "shares");
        // the liquidator redeems what is idle, and the rest when the venue pays again
        uint256 shares = sleeve.balanceOf(dave);
        vm.prank(dave);
        sleeve.redeem(shares / 100, dave, dave);
        bad.setFashion(HostileYieldVault.Fashion.WELL);
        vm.startPrank(dave);
        sleeve.redeem(sleeve.balanceOf(dave), dave, dave);
        vm.stopPrank();
        assertApproxEqAbs(weth.balanceOf(dave), shares, 1, "assets in the end");
        _requireBacked();
    }

    /// E6: with a venue in any fashion the account repays, tops up, and withdraws its plain collateral
    function test_E6_aHostileVenue_stopsNobody() external {
        _aliceReuses();
        _allocates(address(bad));
        for (uint256 i = 1; i < 14; ++i) {
            bad.setFashion(HostileYieldVault.Fashion(i));
            repays(alice, USDC, 1_000e6);
            deposits(alice, weth, 1e18);
            deposits(bob, weth, 1e18);
            withdraws(bob, weth, 1e18);
        }
        bad.setFashion(HostileYieldVault.Fashion.VIEW_EATS_GAS);
        repays(alice, USDC, ALL);
        withdraws(alice, weth, ALL);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(sleeve), ALL, alice);
        assertEq(sleeve.balanceOf(alice), 50e18, "all shares");
    }

    /// V03, O08, E8: mallory reuses, donates to the venue and borrows in one transaction: it counts nothing
    function test_O08_E8_aDonationThenABorrowing() external {
        deposits(mallory, weth, 100e18);
        borrows(mallory, USDC, 100_000e6);
        reuses(mallory, 50_00);
        _allocates(address(good));
        weth.mint(address(good), 1_000e18);
        uint256 room = 155_000e18 - 100_000e18;
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        borrows(mallory, USDC, room / 1e12 + 1);
        borrows(mallory, USDC, room / 1e12);
    }

    /// S02: donations of any kind to sleeve, vault and venue change no account
    function test_S02_donations() external {
        _aliceReuses();
        _allocates(address(good));
        uint256 before = _rowOf(accountOf(alice)).collateralValue;
        weth.mint(address(sleeve), 500e18);
        weth.mint(address(vault), 500e18);
        weth.mint(mallory, 500e18);
        vm.startPrank(mallory);
        weth.approve(address(good), ALL);
        good.deposit(500e18, address(sleeve));
        vm.stopPrank();
        assertEq(_rowOf(accountOf(alice)).collateralValue, before, "the same");
        assertEq(vault.recover(address(weth), dave), 500e18, "what the vault owes nobody");
        assertEq(sleeve.skim(address(weth), dave), 500e18, "what the sleeve counts not");
        _requireBacked();
    }

    /// R06: a venue that calls the vault in mid-call: the manager's allocation finds doors open, and prices right
    function test_R06_aVenueCallsTheVault_inMidAllocation() external {
        _aliceReuses();
        bytes memory payload = abi.encodeCall(
            vault.liquidate,
            (accountOf(alice), leg(weth, USDC, ALL), 0, block.timestamp, mallory, "")
        );
        bad.setCall(address(vault), payload);
        _allocates(address(bad));
        assertTrue(bad.wasReached(), "tried");
        assertFalse(bad.hasSucceeded(), "alice is covered, in mid-call too");
        // and in the middle of a recall the vault is locked
        bad.setCall(address(vault), abi.encodeCall(vault.trimReuse, (accountOf(alice), address(sleeve))));
        reuses(alice, 0);
        assertTrue(bad.wasReached(), "tried");
        assertFalse(bad.hasSucceeded(), "locked");
        _requireBacked();
    }

    /// who deposits, borrows and consents in one transaction is as liquidatable in the next as anybody
    function test_X01_aConsentShieldsNoLaterTransaction() external {
        Bundle bundle = new Bundle();
        AccountId account = accountOf(address(bundle));
        weth.mint(address(bundle), 100e18);
        address[] memory targets = new address[](4);
        bytes[] memory payloads = new bytes[](4);
        (targets[0], payloads[0]) = (address(weth), abi.encodeCall(weth.approve, (address(vault), ALL)));
        (targets[1], payloads[1]) = (address(vault), abi.encodeCall(vault.deposit, (account, address(weth), 100e18)));
        (targets[2], payloads[2]) = (
            address(vault),
            abi.encodeCall(vault.borrow, (account, USDC, 100_000e6, address(bundle)))
        );
        (targets[3], payloads[3]) = (address(vault), abi.encodeCall(vault.setReuse, (account, address(sleeve), 50_00)));
        bundle.run(targets, payloads);
        assertEq(holdingOf(address(bundle), address(sleeve)), 50e18, "reused");
        moves(weth, 1_000e8);
        assertGt(_sharesAfterWriteOff(address(bundle)), 0, "in the next transaction it is taken");
    }

    function _sharesAfterWriteOff(address target) private returns (uint256) {
        writesOff(dave, target);
        return sleeve.balanceOf(dave);
    }

    /// under a margin call: no way in, every way back
    function test_V01_underACall_onlyBack() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 150_000e6);
        reuses(alice, 50_00);
        _allocates(address(good));
        moves(weth, 1_780e8);
        vault.issueMarginCall(accountOf(alice));
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        reuses(alice, 60_00);
        reuses(alice, 0);
        assertEq(holdingOf(alice, address(weth)), 100e18, "back");
    }

    /// the queue cannot be jumped by asking again, and a stranger's ticket is no way to another's collateral
    function test_V02_theQueue_movesNothingOutOfAnAccount() external {
        _aliceReuses();
        _malloryReuses();
        _allocates(address(bad));
        bad.setLiquidity(0);
        requestsRecall(alice, ALL);
        vm.prank(mallory);
        vm.expectPartialRevert(bytes4(keccak256("NotPermitted(bytes32,address,uint256)")));
        vault.requestRecall(accountOf(alice), address(sleeve), 0);
        requestsRecall(mallory, ALL);
        uint256 before = weth.balanceOf(mallory);
        vm.prank(mallory);
        vault.serveRecalls(address(sleeve), 10);
        assertEq(weth.balanceOf(mallory), before, "nothing to the caller");
        assertEq(holdingOf(mallory, address(weth)), 9e18, "alice is first");
        assertApproxEqAbs(holdingOf(alice, address(weth)), 55.1e18, 10, "and got what was idle");
        _requireBacked();
    }

    /// a ticket of next to nothing, asked for again before each move, stops nobody who serves first
    function test_V02_aSmallTicket_stopsNobodyWhoServes() external {
        _aliceReuses();
        _malloryReuses();
        requestsRecall(mallory, 1e6);
        passes(2 minutes);
        vm.expectRevert(abi.encodeWithSelector(IReuse.RecallsWaiting.selector, address(sleeve), 1));
        reuses(alice, 40_00);
        uint256[3] memory shares = [uint256(40_00), 45_00, 55_00];
        for (uint256 i; i < shares.length; ++i) {
            vault.serveRecalls(address(sleeve), 10);
            requestsRecall(mallory, 1e6);
            skip(1 minutes);
            requestsRecall(mallory, 2e6);
            reuses(alice, shares[i]);
        }
        assertApproxEqAbs(holdingOf(alice, address(sleeve)), 55e18, 1, "out and in");
        repays(alice, USDC, 30_000e6);
        vault.serveRecalls(address(sleeve), 10);
        requestsRecall(mallory, 1e6);
        vault.trimReuse(accountOf(alice), address(sleeve));
        assertApproxEqAbs(holdingOf(alice, address(sleeve)), 49e18, 1e14, "trimmed to 140 % of 70,000");
        _requireBacked();
    }

    /// who has waited is not put back by tickets that come and go around his
    function test_V02_whoHasWaited_isNotPutBack() external {
        _aliceReuses();
        _malloryReuses();
        requestsRecall(mallory, 1e6);
        skip(1 minutes);
        requestsRecall(alice, 10e18);
        for (uint256 i; i < 4; ++i) {
            skip(15);
            requestsRecall(mallory, 1e6 + i);
        }
        vault.serveRecalls(address(sleeve), 1);
        vm.expectPartialRevert(IReuse.RecallsWaiting.selector);
        reuses(mallory, 0);
        vault.serveRecalls(address(sleeve), 1);
        assertEq(holdingOf(alice, address(weth)), 60e18, "alice is next");
    }

    /// who lends the vault more WETH than sells well, for a moment, makes nobody's ticket void
    function test_V02_aCrowdOfAMoment_voidsNoTicket() external {
        vault.setSupplyCap(address(weth), 140_000e18); // 1.4 times the depth
        _aliceReuses();
        _allocates(address(bad));
        bad.setLiquidity(0);
        requestsRecall(alice, 20e18);
        skip(2 minutes);
        _servesInACrowd(140_000e18 - 50e18);
        (uint256 ticket, RecallTicket memory found) = vault.ticketOf(accountOf(alice), address(sleeve));
        assertEq(ticket, 1, "alice still waits");
        assertEq(found.shares, 15e18, "for the rest");
        assertEq(holdingOf(alice, address(weth)), 55e18, "what was idle");
        _requireBacked();
    }

    /// in one transaction, with assets that go back in the end
    function _servesInACrowd(uint256 assets) private {
        Bundle bundle = new Bundle();
        AccountId account = accountOf(address(bundle));
        weth.mint(address(bundle), assets);
        address[] memory targets = new address[](4);
        bytes[] memory payloads = new bytes[](4);
        (targets[0], payloads[0]) = (address(weth), abi.encodeCall(weth.approve, (address(vault), ALL)));
        (targets[1], payloads[1]) = (address(vault), abi.encodeCall(vault.deposit, (account, address(weth), assets)));
        (targets[2], payloads[2]) = (address(vault), abi.encodeCall(vault.serveRecalls, (address(sleeve), 10)));
        (targets[3], payloads[3]) = (
            address(vault),
            abi.encodeCall(vault.withdraw, (account, address(weth), assets, address(bundle)))
        );
        bundle.run(targets, payloads);
        assertEq(weth.balanceOf(address(bundle)), assets, "as before");
    }

    function _malloryReuses() private {
        deposits(mallory, weth, 10e18);
        borrows(mallory, USDC, 5_000e6);
        reuses(mallory, 10_00);
    }

    /// a split of a large holding over plain and reused counts no more than the extra haircut takes, within a depth
    function test_P_twoAssets_doNotBeatTheHaircut() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        uint256 before = _rowOf(accountOf(alice)).coverInitial;
        reuses(alice, 50_00);
        assertLt(_rowOf(accountOf(alice)).coverInitial, before, "less");
    }

    /// the guardian ends reuse at once: cuts the venue, pauses the way in; the way back stays
    function test_C5_theGuardian_onlyMakesSafer() external {
        _aliceReuses();
        _allocates(address(bad));
        sleeve.cutVenue(address(bad));
        vault.pauseAsset(address(sleeve), true, false);
        vm.prank(mallory);
        sleeve.refill(address(bad));
        assertEq(sleeve.idleAssets(), 50e18, "home");
        reuses(alice, 0);
        assertEq(holdingOf(alice, address(weth)), 100e18, "back");
    }

    /// the cap binds all capped sleeves together
    function test_P_twoSleeves_oneCap() external {
        bytes memory arguments = abi.encode(weth, vault, manager, "second", "s2");
        address second = _deploy("VenueAllocator.sol:VenueAllocator", arguments);
        _seeds(IVenueAllocator(second));
        _listSleeve(second, weth, 25_000e18);
        vault.setSleeve(address(weth), second, _sleeveTerms());
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 50_000e6);
        reuses(alice, 30_00);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IReuse.ReuseAboveDebtShare.selector, accountOf(alice), second, 74_000e18, 70_000e18)
        );
        vault.setReuse(accountOf(alice), second, 10_00);
    }
}
