// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IDelisting} from "../../contracts/interfaces/IDelisting.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {HaircutPath} from "../../contracts/libraries/HaircutPath.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {BlocklistToken} from "../../contracts/mocks/WeirdTokens.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";
import {Measuring} from "../support/Measuring.sol";

// delist
// ├── given no role, an asset that is not listed, one that is delisted: it reverts
// ├── floors, caps and targets of all its pairs are 100 %, and it tells old and new
// ├── the maintenance haircut gets there by five points a day, the initial one at once
// ├── nobody opens it, nobody tops it up without a debt that it counts for
// ├── the setters of assets and pairs do not undo it; it is not listed again
// └── the listing rule holds on the way
// returnDelisted
// ├── given an asset in service, a haircut below 100 %, no holding: it reverts
// ├── given no debt, or a debt that is covered at the initial line without it: anyone sends it to the owner
// ├── given a debt that needs it, or a margin call: it reverts
// └── given a token that refuses the owner: it reverts and nothing is lost
contract DelistingTest is Deployment {
    uint256 private constant WHOLE = 1_000_000;

    // ---- delist ----

    function test_delist_revertsWith_AccessManagedUnauthorized() external {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        vault.delist(address(weth));
    }

    function test_delist_revertsWith_AssetNotListed_DelistedAsset() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, mallory));
        vault.delist(mallory);
        vault.delist(address(weth));
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, weth));
        vault.delist(address(weth));
    }

    function test_delist_storesAndTells() external {
        IVaultConfigurator.PairConfig memory old = _pair(200_000, 150_000, 200_000_000e18, 10_00);
        // depths are kept in few digits
        old.depthValue = vault.pairOf(address(weth), USDC).depthValue;
        IVaultConfigurator.PairConfig memory next = old;
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.AssetDelisted(address(weth));
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.PairSet(address(weth), USDC, old, _whole(next));
        vault.delist(address(weth));
        for (uint8 pool; pool < 2; ++pool) {
            IVaultLens.PairView memory pair = vault.pairOf(address(weth), PoolId.wrap(pool));
            assertEq(pair.initialFloorPpm + pair.initialCapPpm, 2 * WHOLE, "initial bounds");
            assertEq(pair.maintenanceFloorPpm + pair.maintenanceCapPpm, 2 * WHOLE, "maintenance bounds");
            assertEq(pair.initialTargetPpm + pair.maintenanceTargetPpm, 2 * WHOLE, "targets");
            assertEq(pair.initialPpm, WHOLE, "new risk at once");
            assertEq(pair.maintenancePpm, 150_000, "accounts not at once");
            assertEq(pair.maxBonusBps, 10_00, "bonus");
        }
        assertTrue(vault.reserves()[2].isDelisted, "told");
        assertFalse(vault.reserves()[3].isDelisted, "of no other");
    }

    /// an unlisted pair stays one
    function test_delist_listsNoPair() external {
        vault.delist(address(dai));
        assertFalse(vault.pairOf(address(dai), USDC).isListed, "none");
    }

    /// attack: a delisting to make accounts liquidatable. Their haircut is that of the glide to the ppm
    function testFuzz_delist_movesNobodyFasterThanTheGlide(uint256 waitFor) external {
        waitFor = bound(waitFor, 0, 20 days);
        _alicePledgesAndBorrows();
        uint256 cover = _rowOf(accountOf(alice)).coverMaintenance;
        uint256 delistedAt = block.timestamp;
        vault.delist(address(weth));
        assertEq(_rowOf(accountOf(alice)).coverMaintenance, cover, "nothing at once");
        vm.warp(delistedAt + waitFor);
        uint256 ticks = block.timestamp / 216 - delistedAt / 216;
        uint256 expected = 150_000 + 125 * ticks;
        assertEq(vault.pairOf(address(weth), USDC).maintenancePpm, expected < WHOLE ? expected : WHOLE, "glides");
        assertEq(HaircutPath.TICK_FOR * (WHOLE - 150_000), 125 * 17 days, "whole after seventeen days");
    }

    /// attack: a delisting in the middle of a call. The clock goes on as it was
    function test_delist_duringACall_leavesItsClock() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_750e8);
        vault.issueMarginCall(accountOf(alice));
        IVaultLens.HealthRow memory before = _rowOf(accountOf(alice));
        vault.delist(address(weth));
        IVaultLens.HealthRow memory row = _rowOf(accountOf(alice));
        assertEq(row.deadline, before.deadline, "deadline");
        assertEq(uint256(row.status), uint256(IVaultLens.AccountStatus.CALLED), "called");
        assertEq(row.usedWad, before.usedWad, "no more used");
        // more of the same still counts: it does not cure at the initial line, but it pauses the call
        deposits(alice, weth, 20e18);
        assertEq(uint256(_rowOf(accountOf(alice)).status), uint256(IVaultLens.AccountStatus.PAUSED), "paused");
        deposits(alice, wbtc, 10e8);
        assertEq(vault.accountOf(accountOf(alice)).callState, 0, "other collateral cures");
    }

    // ---- what comes in ----

    function test_deposit_revertsWith_DelistedAsset() external {
        deposits(bob, weth, 1e18); // owes nothing
        _alicePledgesAndBorrows();
        vault.delist(address(weth));
        weth.mint(mallory, 10e18);
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, weth));
        vm.prank(mallory);
        vault.deposit(accountOf(mallory), address(weth), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, weth));
        vm.prank(mallory);
        vault.deposit(accountOf(bob), address(weth), 1e18);
        deposits(bob, wbtc, 1e8);
        borrows(bob, USDC, 1_000e6);
        vm.prank(bob);
        vault.withdraw(accountOf(bob), address(weth), ALL, bob);
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, weth));
        vm.prank(mallory);
        vault.deposit(accountOf(bob), address(weth), 1e18);
        // alice owes and holds it: anybody may help her, until it counts nothing
        vm.prank(mallory);
        vault.deposit(accountOf(alice), address(weth), 1e18);
        passes(17 days);
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, weth));
        vm.prank(mallory);
        vault.deposit(accountOf(alice), address(weth), 1e18);
    }

    function test_borrow_countsNothingOfIt() external {
        deposits(alice, weth, 100e18);
        deposits(alice, wbtc, 1e8); // 60,000 USD, 18 %
        vault.delist(address(weth));
        borrows(alice, USDC, 49_000e6);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice);
    }

    // ---- nothing undoes it ----

    function test_setPair_revertsWith_DelistedAsset() external {
        vault.delist(address(weth));
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, weth));
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        vault.delist(address(dai));
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, dai));
        vault.setPair(address(dai), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.AssetAlreadyListed.selector, weth, 2));
        vault.listAsset(address(weth), _feedConfig(address(feedOf[address(weth)])), 1e18);
    }

    function test_otherSetters_doNotUndoADelisting() external {
        vault.delist(address(weth));
        vault.setSupplyCap(address(weth), 40_000e18);
        vault.pauseAsset(address(weth), true, true);
        vault.setAssetPause(address(weth), false, false);
        vault.setFeed(address(weth), _feedConfig(address(feedOf[address(weth)])));
        vault.startMeasure(address(weth), 1e18);
        vault.startMeasure(address(usdc), 1e18);
        vault.postDepth(address(weth), USDC, 190_000_000e18);
        moves(weth, 1e3); // below what is believed
        vault.setWorthless(address(weth), true);
        vault.setWorthless(address(weth), false);
        vault.setDebtFactor(USDC, 1_050_000);
        vault.setRiskParameters(_rules());
        IVaultLens.PairView memory pair = vault.pairOf(address(weth), USDC);
        assertEq(pair.initialTargetPpm + pair.maintenanceTargetPpm, 2 * WHOLE, "targets");
        assertTrue(vault.reserves()[2].isDelisted, "delisted");
        weth.mint(mallory, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, weth));
        vm.prank(mallory);
        vault.deposit(accountOf(mallory), address(weth), 1e18);
    }

    /// s_max · (1 − (1−γ)·h_M) ≤ 1 at every moment: the setter that checks it for all pairs passes
    function testFuzz_delist_keepsTheListingRule(uint256 beforeFor, uint256 afterFor) external {
        vault.setPair(address(link), USDC, _pair(400_000, 300_000, 20_000_000e18, 12_00));
        skip(bound(beforeFor, 0, 5 days));
        vault.delist(address(link));
        skip(bound(afterFor, 0, 20 days));
        vault.setRiskParameters(_rules());
        assertGe(vault.pairOf(address(link), USDC).maintenancePpm, 220_000, "never below where it came from");
    }

    // ---- returnDelisted ----

    function test_returnDelisted_revertsWith_NotDelisted() external {
        deposits(alice, weth, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IDelisting.NotDelisted.selector, weth));
        vault.returnDelisted(accountOf(alice), address(weth));
        vm.expectRevert(abi.encodeWithSelector(IDelisting.NotDelisted.selector, mallory));
        vault.returnDelisted(accountOf(alice), mallory);
    }

    function test_returnDelisted_revertsWith_HaircutStillGliding() external {
        vault.setPair(address(weth), USDC, _pair(300_000, 250_000, 200_000_000e18, 10_00));
        passes(5 days); // 25 % in one pair, 15 % in the other
        deposits(alice, weth, 1e18);
        vault.delist(address(weth));
        passes(16 days);
        uint256 dueFor = 17 days - 16 days;
        vm.expectRevert(abi.encodeWithSelector(IDelisting.HaircutStillGliding.selector, weth, DAI, 950_000, 1_000_000));
        vault.returnDelisted(accountOf(alice), address(weth));
        passes(dueFor);
        vault.returnDelisted(accountOf(alice), address(weth));
    }

    function test_returnDelisted_sendsToTheOwner() external {
        deposits(alice, weth, 3e18);
        vault.delist(address(weth));
        passes(17 days);
        feedOf[address(weth)].push(0, uint64(block.timestamp)); // no price is asked for
        vm.expectEmit(address(vault));
        emit IAccountLedger.CollateralWithdrawn(accountOf(alice), address(weth), alice, 3e18, 0, 2);
        vm.prank(mallory);
        assertEq(vault.returnDelisted(accountOf(alice), address(weth)), 3e18, "all");
        assertEq(weth.balanceOf(alice), 3e18, "to the owner");
        assertEq(vault.owed(address(weth)), 0, "nothing is owed");
        vm.expectRevert(IAccountLedger.ZeroAssets.selector);
        vault.returnDelisted(accountOf(alice), address(weth));
    }

    function test_returnDelisted_passesTheGate_whenTheRestCovers() external {
        deposits(alice, weth, 10e18);
        deposits(alice, wbtc, 2e8);
        borrows(alice, USDC, 60_000e6);
        vault.delist(address(weth));
        passes(17 days);
        vault.returnDelisted(accountOf(alice), address(weth));
        assertEq(weth.balanceOf(alice), 10e18, "sent");
    }

    function test_returnDelisted_revertsWith_InsufficientMargin() external {
        deposits(alice, weth, 60e18);
        deposits(alice, wbtc, 1e8); // 49,200 initially, 52,200 at maintenance
        borrows(alice, USDC, 50_000e6);
        vault.delist(address(weth));
        passes(17 days);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.returnDelisted(accountOf(alice), address(weth));
        assertEq(vault.holdingOf(accountOf(alice), address(weth)), 60e18, "it stays");
        repays(alice, USDC, 2_000e6);
        vault.returnDelisted(accountOf(alice), address(weth));
    }

    function test_returnDelisted_revertsWith_CollateralHeldByCall() external {
        deposits(alice, weth, 60e18);
        deposits(alice, wbtc, 1e8);
        borrows(alice, USDC, 50_000e6);
        vault.delist(address(weth));
        passes(17 days);
        moves(wbtc, 55_000e8);
        vault.issueMarginCall(accountOf(alice));
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        vault.returnDelisted(accountOf(alice), address(weth));
    }

    /// a token that refuses its owner: nothing is lost, and the owner names another receiver
    function test_returnDelisted_toABlockedOwner() external {
        BlocklistToken blocking = new BlocklistToken(18);
        _list(address(blocking), 100e8, 100_000e18);
        _approveAll(alice);
        deposits(alice, MockToken(address(blocking)), 5e18);
        blocking.setBlocked(alice, true);
        vault.delist(address(blocking)); // in no pair: at 100 % from the start
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice));
        vault.returnDelisted(accountOf(alice), address(blocking));
        assertEq(vault.owed(address(blocking)), 5e18, "owed as before");
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(blocking), ALL, bob);
        assertEq(blocking.balanceOf(bob), 5e18, "to somebody else");
    }

    // ---- the whole way ----

    /// alice substitutes, bob is called and cures, erin is liquidated, frank has no debt: in the end nothing is owed
    function test_delisting_fromTheFirstDayToTheLast() external {
        (address erin, address frank) = (makeAddr("erin"), makeAddr("frank"));
        MockToken coin = _token("COIN", 18, 100e8, 1_000_000e18);
        vault.setPair(address(coin), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        address[4] memory owners = [alice, bob, erin, frank];
        for (uint256 i; i < 4; ++i) {
            _approveAll(owners[i]);
            deposits(owners[i], coin, 1_000e18); // 100,000 USD
            if (i < 3) borrows(owners[i], USDC, 60_000e6);
        }
        vault.delist(address(coin));
        _substitutes(alice, coin, wbtc, 2e8);
        bool wasCalled;
        for (uint256 day; day < 17; ++day) {
            passes(1 days);
            wasCalled = _answers(bob) || wasCalled;
            _pursues(erin, coin);
        }
        assertTrue(wasCalled, "bob was called");
        assertEq(_liquidationsOf(accountOf(bob)), 0, "and not liquidated");
        assertGt(_liquidationsOf(accountOf(erin)), 0, "erin was");
        (, uint256 owed) = vault.debtOf(accountOf(erin), USDC);
        assertEq(owed, 0, "and owes nothing any more");
        assertGt(vault.holdingOf(accountOf(erin), address(coin)), 300e18, "what the debt did not need is left");
        for (uint256 i = 1; i < 4; ++i) {
            vm.prank(mallory);
            vault.returnDelisted(accountOf(owners[i]), address(coin));
            assertGt(coin.balanceOf(owners[i]), 300e18, "sent home");
        }
        assertEq(vault.owed(address(coin)), 0, "nothing is owed");
        assertEq(vault.held(address(coin)), 0, "nothing is held");
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "no lender lost");
    }

    /// bob answers a call with other collateral
    function _answers(address owner) private returns (bool) {
        if (_rowOf(accountOf(owner)).status != IVaultLens.AccountStatus.CALLABLE) return false;
        vault.issueMarginCall(accountOf(owner));
        deposits(owner, weth, 50e18);
        assertEq(vault.accountOf(accountOf(owner)).callState, 0, "cured");
        return true;
    }

    /// erin never answers
    function _pursues(address owner, MockToken coin) private {
        IVaultLens.AccountStatus status = _rowOf(accountOf(owner)).status;
        assertTrue(status != IVaultLens.AccountStatus.INSOLVENT, "close-out comes before insolvency");
        if (status == IVaultLens.AccountStatus.CALLABLE) vault.issueMarginCall(accountOf(owner));
        if (status == IVaultLens.AccountStatus.CALLABLE) passes(2 hours + 1);
        if (_rowOf(accountOf(owner)).status == IVaultLens.AccountStatus.LIQUIDATABLE)
            liquidates(dave, owner, coin, USDC, ALL);
    }

    // ---- helpers ----

    function _substitutes(address owner, MockToken out, MockToken coming, uint256 inAssets) private {
        ISubstitution.Amount[] memory incoming = new ISubstitution.Amount[](1);
        ISubstitution.Amount[] memory outgoing = new ISubstitution.Amount[](1);
        incoming[0] = ISubstitution.Amount(address(coming), inAssets);
        outgoing[0] = ISubstitution.Amount(address(out), ALL);
        coming.mint(owner, inAssets);
        vm.prank(owner);
        vault.substitute(accountOf(owner), incoming, outgoing);
    }

    function _whole(
        IVaultConfigurator.PairConfig memory old
    ) private pure returns (IVaultConfigurator.PairConfig memory) {
        return
            IVaultConfigurator.PairConfig({
                initialFloorPpm: WHOLE,
                initialCapPpm: WHOLE,
                maintenanceFloorPpm: WHOLE,
                maintenanceCapPpm: WHOLE,
                initialTargetPpm: WHOLE,
                maintenanceTargetPpm: WHOLE,
                depthValue: old.depthValue,
                maxBonusBps: old.maxBonusBps
            });
    }
}

/// A pair whose haircuts are measured does not come back.
contract DelistingMeasuredTest is Measuring {
    function test_delist_thenRefresh_doesNotGlideBack() external {
        vault.delist(address(weth));
        uint256 before = vault.pairOf(address(weth), USDC).maintenancePpm;
        for (uint256 i; i < 30; ++i) wanders(weth, int256(2_000e8 + (i % 2) * 1e8)); // a calm day
        moves(usdc, 1e8);
        vault.refresh(address(weth), 100);
        vault.refresh(address(usdc), 100);
        vault.refreshPair(address(weth), address(usdc), 100);
        IVaultLens.HaircutView memory measured = vault.haircutOf(address(weth), USDC);
        assertLt(measured.maintenanceVolatilityWad, 0.5e18, "what is measured is small");
        assertEq(measured.maintenanceTargetPpm, 1_000_000, "and the target is whole");
        IVaultLens.PairView memory pair = vault.pairOf(address(weth), USDC);
        assertEq(pair.initialTargetPpm + pair.maintenanceTargetPpm, 2_000_000, "targets");
        assertEq(pair.maintenancePpm, before + 500 * 125, "thirty hours up"); // 30 hours are 500 ticks
        // a new model, or none, changes no target either
        IVaultConfigurator.PairModelConfig memory model = _model(true);
        model.isMeasured = false;
        vault.setPairModel(address(weth), USDC, model);
        skip(17 days);
        assertEq(vault.pairOf(address(weth), USDC).maintenancePpm, 1_000_000, "whole");
        deposits(alice, link, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IDelisting.NotDelisted.selector, link));
        vault.returnDelisted(accountOf(alice), address(link));
    }
}
