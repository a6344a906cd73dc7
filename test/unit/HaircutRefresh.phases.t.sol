// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IHaircutRefresh} from "../../contracts/interfaces/IHaircutRefresh.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {CompactFloat} from "../../contracts/libraries/CompactFloat.sol";
import {Variance} from "../../contracts/libraries/Variance.sol";
import {Phases} from "../support/Phases.sol";

// enterPhase
// ├── given the aggregator behind the proxy was replaced
// │   ├── the rest of the old phase is read first, then it says that the phase ended
// │   ├── the first later round of the new phase goes on, with the return from the last accepted price
// │   ├── rounds of the new aggregator that are older than the last observation are passed over
// │   ├── void rounds before the first valid one are passed over, up to sixteen
// │   └── two phases later, when the phase between has no round
// ├── for either side of a tracked pair, apart from the assets' own
// └── given a phase that goes on, a round that is not the first, void, of an earlier phase or too far: it says so
contract HaircutRefreshPhasesTest is Phases {
    function test_enterPhase_goesOnWithTheFirstLaterRound() external {
        wanders(weth, 2_010e8);
        renews(weth);
        wanders(weth, 2_020e8);
        bytes4 reason = IHaircutRefresh.PhaseNotEnded.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(1, 1), roundOf(1, 2)));
        entersOwn(weth, roundOf(2, 1));
        assertEq(vault.refresh(address(weth), 10), 1, "the rest of the phase");
        reason = IHaircutRefresh.PhaseEnded.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(1, 2), roundOf(2, 1)));
        vault.refresh(address(weth), 10);
        uint256 variance = vault.measureOf(address(weth)).varianceWad;
        vm.expectEmit(address(vault));
        emit IHaircutRefresh.PhaseEntered(address(weth), address(0), address(weth), roundOf(2, 1));
        entersOwn(weth, roundOf(2, 1));
        IVaultLens.MeasureView memory found = vault.measureOf(address(weth));
        assertEq(found.varianceWad, variance, "entering measures nothing");
        assertEq(found.answer, 2_010e8, "still the last accepted price");
        vault.refresh(address(weth), 10);
        int256 change = Variance.logReturnWad(2_010e8, 2_020e8);
        variance = Variance.nextWad(variance, change, 1 hours, Variance.TIME_CONSTANT_WAD);
        found = vault.measureOf(address(weth));
        assertEq(found.varianceWad, CompactFloat.decode(CompactFloat.encodeUp(variance, 33), 33), "from that price");
        assertEq(found.round, roundOf(2, 1), "round");
    }

    /// a new aggregator reports for a while before it is switched to
    function test_enterPhase_passesOverOlderRounds() external {
        skip(1 hours);
        moves(weth, 2_010e8);
        vault.refresh(address(weth), 10);
        renews(weth);
        for (uint256 i; i < 40; ++i) pushes(weth, 1_990e8, 40 - i);
        skip(1 hours);
        moves(weth, 2_020e8);
        moves(weth, 2_030e8);
        bytes4 reason = IHaircutRefresh.NotFirstOfPhase.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(2, 42), roundOf(2, 41)));
        entersOwn(weth, roundOf(2, 42));
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(2, 40), roundOf(2, 40)));
        entersOwn(weth, roundOf(2, 40));
        entersOwn(weth, roundOf(2, 41));
        vault.refresh(address(weth), 1);
        assertEq(vault.measureOf(address(weth)).answer, 2_020e8, "the first later one");
    }

    function test_enterPhase_passesOverVoidRounds() external {
        renews(weth);
        skip(1 hours);
        for (uint256 i; i < 16; ++i) pushes(weth, 0, 0);
        moves(weth, 2_020e8);
        entersOwn(weth, roundOf(2, 17));
        assertEq(vault.refresh(address(weth), 1), 1, "goes on");
        renews(weth);
        skip(1 hours);
        for (uint256 i; i < 17; ++i) pushes(weth, 0, 0);
        moves(weth, 2_020e8);
        bytes4 reason = IHaircutRefresh.NotFirstOfPhase.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(3, 18), roundOf(3, 1)));
        entersOwn(weth, roundOf(3, 18));
    }

    function test_enterPhase_twoPhasesLater() external {
        renews(weth);
        renews(weth);
        wanders(weth, 2_020e8);
        entersOwn(weth, roundOf(3, 1));
        assertEq(vault.refresh(address(weth), 1), 1, "the phase between has no round");
        renews(weth);
        pushes(weth, 2_000e8, 1 hours); // nothing later
        renews(weth);
        wanders(weth, 2_030e8);
        entersOwn(weth, roundOf(5, 1));
        assertEq(vault.refresh(address(weth), 1), 1, "nor a later one");
    }

    /// a long phase between, with one valid round at its end
    function testFuzz_enterPhase_neverSkipsAReturn(uint256 olderCount, uint256 laterCount) external {
        olderCount = bound(olderCount, 0, 30);
        laterCount = bound(laterCount, 0, 3);
        skip(1 hours);
        moves(weth, 2_000e8);
        vault.refresh(address(weth), 1);
        renews(weth);
        for (uint256 i; i < olderCount; ++i) pushes(weth, 2_000e8, 30 - i);
        for (uint256 i; i < laterCount; ++i) wanders(weth, 1_900e8);
        renews(weth);
        wanders(weth, 2_030e8);
        if (laterCount != 0) {
            vm.expectPartialRevert(IHaircutRefresh.NotFirstOfPhase.selector);
            entersOwn(weth, roundOf(3, 1));
            entersOwn(weth, roundOf(2, olderCount + 1));
            assertEq(vault.refresh(address(weth), 100), laterCount, "each of them");
        }
        entersOwn(weth, roundOf(3, 1));
        assertEq(vault.refresh(address(weth), 100), 1, "and the last");
    }

    // ---- pairs ----

    function test_enterPhase_ofEitherSideOfAPair() external {
        renews(weth);
        renews(usdc);
        wanders(usdc, 0.99e8);
        wanders(weth, 1_980e8);
        bytes4 reason = IHaircutRefresh.PhaseEnded.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(1, 1), roundOf(2, 1)));
        vault.refreshPair(address(weth), address(usdc), 100);
        vm.expectEmit(address(vault));
        emit IHaircutRefresh.PhaseEntered(address(weth), address(usdc), address(weth), roundOf(2, 1));
        entersPair(weth, roundOf(2, 1));
        vm.expectRevert(abi.encodeWithSelector(reason, usdc, roundOf(1, 1), roundOf(2, 1)));
        vault.refreshPair(address(weth), address(usdc), 100);
        entersPair(usdc, roundOf(2, 1));
        assertEq(vault.refreshPair(address(weth), address(usdc), 100), 1, "both in the new phase");
        IVaultLens.PairMeasureView memory found = vault.pairMeasureOf(address(weth), address(usdc));
        assertEq(found.collateralRound, roundOf(2, 1), "collateral");
        assertEq(found.obligationRound, roundOf(2, 1), "obligation");
        assertEq(found.obligationAnswer, 0.99e8, "of that time");
        assertEq(vault.measureOf(address(weth)).round, roundOf(1, 1), "the asset's own measure is another");
    }

    function test_enterPhase_ofAPair_revertsWith_PhaseNotEnded() external {
        wanders(usdc, 0.99e8);
        renews(usdc);
        wanders(usdc, 0.98e8);
        wanders(weth, 1_980e8);
        bytes4 reason = IHaircutRefresh.PhaseNotEnded.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, usdc, roundOf(1, 1), roundOf(1, 2)));
        entersPair(usdc, roundOf(2, 1));
        assertEq(vault.refreshPair(address(weth), address(usdc), 100), 1, "with the last price of the old phase");
        // what the new phase said before that observation is older than it
        wanders(usdc, 0.97e8);
        entersPair(usdc, roundOf(2, 2));
        wanders(weth, 1_980e8);
        vault.refreshPair(address(weth), address(usdc), 100);
        assertEq(vault.pairMeasureOf(address(weth), address(usdc)).obligationAnswer, 0.97e8, "and on");
    }

    // ---- what is refused ----

    function test_enterPhase_revertsWith_NotFirstOfPhase() external {
        bytes4 reason = IHaircutRefresh.NotFirstOfPhase.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(1, 1), roundOf(1, 1)));
        entersOwn(weth, roundOf(1, 1));
        renews(weth);
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(2, 1), roundOf(2, 1)));
        entersOwn(weth, roundOf(2, 1)); // has none
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(2, 0), roundOf(2, 0)));
        entersOwn(weth, roundOf(2, 0));
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(0, 9), roundOf(1, 1)));
        entersOwn(weth, roundOf(0, 9)); // an earlier phase
        vm.expectRevert(abi.encodeWithSelector(reason, weth, type(uint256).max, roundOf(1, 1)));
        entersOwn(weth, type(uint256).max);
    }

    function test_enterPhase_badInput() external {
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.AssetNotMeasured.selector, wbtc));
        vault.enterPhase(address(wbtc), address(0), address(wbtc), 1);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.AssetNotMeasured.selector, usdc));
        vault.enterPhase(address(weth), address(0), address(usdc), 1);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.AssetNotMeasured.selector, link));
        vault.enterPhase(address(weth), address(usdc), address(link), 1);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.PairNotMeasured.selector, link, usdc));
        vault.enterPhase(address(link), address(usdc), address(link), 1);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.AssetNotMeasured.selector, alice));
        vault.enterPhase(alice, address(0), alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, alice));
        vault.enterPhase(address(weth), alice, alice, 1);
    }
}
