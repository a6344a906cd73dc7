// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IHaircutRefresh} from "../../contracts/interfaces/IHaircutRefresh.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {CompactFloat} from "../../contracts/libraries/CompactFloat.sol";
import {Variance} from "../../contracts/libraries/Variance.sol";
import {Measuring} from "../support/Measuring.sol";

// refresh
// ├── each round after the last one enters the variance, one after the other
// ├── in one call or in many: the same variance
// ├── void rounds are passed over when a valid one follows; the return goes from the last accepted price
// └── given nothing to read, void rounds only, a round of a time to come, no rounds asked for, an asset that is not
//     measured: it says so, and nothing changes
// refreshPair
// ├── tracked: each round of the collateral with the obligation's price of that time
// ├── not tracked: as if the worst correlation held
// ├── the targets follow from variance, floor, stress, horizon, peg and bounds
// ├── refreshes at whatever moments do not change the path of the haircuts
// ├── the initial haircut goes up while nobody measures, and a refresh ends that
// └── given an asset with itself, a pair that is not measured: it says so
// a feed that was set again: the measure goes on from its latest round, with the variance that was
contract HaircutRefreshTest is Measuring {
    // ---- one asset ----

    function testFuzz_refresh_takesEveryRound(uint256[6] memory steps, uint256 calls) external {
        uint256 variance = _kept(STRESS);
        uint256 answer = 2_000e8;
        for (uint256 i; i < steps.length; ++i) {
            uint256 next = (answer * bound(steps[i], 5_000, 15_000)) / 10_000;
            wanders(weth, int256(next));
            int256 change = Variance.logReturnWad(answer, next);
            variance = Variance.nextWad(variance, change, 1 hours, Variance.TIME_CONSTANT_WAD);
            answer = next;
            if ((calls >> i) & 1 == 0) continue;
            vault.refresh(address(weth), 100);
            variance = _kept(variance);
        }
        if (vault.measureOf(address(weth)).round != 7) vault.refresh(address(weth), 100);
        IVaultLens.MeasureView memory found = vault.measureOf(address(weth));
        assertEq(found.varianceWad, _kept(variance), "variance");
        assertEq(found.round, 7, "round");
        assertEq(found.answer, answer, "answer");
        assertEq(found.observedAt, block.timestamp, "time");
    }

    function test_refresh_isResumable() external {
        for (uint256 i; i < 5; ++i) wanders(weth, int256(2_000e8 + i * 10e8));
        assertEq(vault.refresh(address(weth), 2), 2, "two");
        assertEq(vault.measureOf(address(weth)).round, 3, "third");
        assertEq(vault.refresh(address(weth), 2), 2, "two more");
        assertEq(vault.refresh(address(weth), 2), 1, "the last");
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.NothingToRefresh.selector, weth, 6));
        vault.refresh(address(weth), 2);
    }

    function test_refresh_passesOverVoidRounds() external {
        uint64 startedAt = uint64(block.timestamp);
        skip(3 hours);
        feedOf[address(weth)].push(-5, startedAt + 1 hours);
        feedOf[address(weth)].push(0, startedAt + 1 hours);
        feedOf[address(weth)].push(1_900e8, startedAt); // not later
        feedOf[address(weth)].push(1_900e8, 0);
        feedOf[address(weth)].push(int192(int256(uint256(2 ** 88))), startedAt + 1 hours); // too large to keep
        feedOf[address(weth)].push(2_100e8, startedAt + 2 hours);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.RoundVoid.selector, weth, 2, -5, startedAt + 1 hours));
        vault.refresh(address(weth), 5);
        assertEq(vault.refresh(address(weth), 6), 1, "one return");
        IVaultLens.MeasureView memory found = vault.measureOf(address(weth));
        int256 change = Variance.logReturnWad(2_000e8, 2_100e8);
        uint256 variance = Variance.nextWad(_kept(STRESS), change, 2 hours, Variance.TIME_CONSTANT_WAD);
        assertEq(found.varianceWad, _kept(variance), "from the last accepted price");
        assertEq(found.round, 7, "round");
    }

    function test_refresh_revertsWith_RoundFromFuture() external {
        feedOf[address(weth)].push(2_100e8, uint64(block.timestamp + 1));
        bytes4 reason = IHaircutRefresh.RoundFromFuture.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, 2, block.timestamp + 1, block.timestamp));
        vault.refresh(address(weth), 5);
        skip(1);
        assertEq(vault.refresh(address(weth), 5), 1, "when its time has come");
    }

    function test_refresh_badInput() external {
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.RoundsOutOfRange.selector, 0, 1_000));
        vault.refresh(address(weth), 0);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.RoundsOutOfRange.selector, 1_001, 1_000));
        vault.refresh(address(weth), 1_001);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.AssetNotMeasured.selector, wbtc));
        vault.refresh(address(wbtc), 1);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.RoundsOutOfRange.selector, 1_001, 1_000));
        vault.refreshPair(address(weth), address(usdc), 1_001);
    }

    // ---- a pair ----

    function test_refreshPair_tracked_seesWhatWasKnownTogether() external {
        uint256 variance = _kept(STRESS);
        skip(1 hours);
        moves(usdc, 0.95e8);
        skip(1 hours);
        moves(weth, 1_900e8); // both fell by a twentieth: the pair did not move
        skip(1 hours);
        moves(usdc, 0.96e8); // later than the collateral's round: belongs to the next
        assertEq(vault.refreshPair(address(weth), address(usdc), 10), 1, "one observation");
        int256 change = Variance.logReturnWad(2_000e8, 1_900e8) - Variance.logReturnWad(1e8, 0.95e8);
        assertTrue(change >= -1 && change <= 1, "no return");
        variance = _kept(Variance.nextWad(variance, change, 2 hours, Variance.TIME_CONSTANT_WAD));
        IVaultLens.PairMeasureView memory found = vault.pairMeasureOf(address(weth), address(usdc));
        assertEq(found.varianceWad, variance, "falls");
        assertEq(found.obligationAnswer, 0.95e8, "of that time");
        skip(1 hours);
        moves(weth, 1_950e8);
        vault.refreshPair(address(weth), address(usdc), 10);
        change = Variance.logReturnWad(1_900e8, 1_950e8) - Variance.logReturnWad(0.95e8, 0.96e8);
        variance = _kept(Variance.nextWad(variance, change, 2 hours, Variance.TIME_CONSTANT_WAD));
        found = vault.pairMeasureOf(address(weth), address(usdc));
        assertEq(found.varianceWad, variance, "the difference");
        assertEq(found.obligationRound, 3, "round of the obligation");
    }

    function testFuzz_refreshPair_inManyCallsOrOne(uint256[6] memory steps, uint256 calls) external {
        uint256 id = vm.snapshotState();
        _wanderTogether(steps, calls);
        IVaultLens.PairMeasureView memory many = vault.pairMeasureOf(address(weth), address(usdc));
        vm.revertToState(id);
        _wanderTogether(steps, 0);
        IVaultLens.PairMeasureView memory once = vault.pairMeasureOf(address(weth), address(usdc));
        assertApproxEqAbs(
            many.varianceWad,
            once.varianceWad,
            once.varianceWad / 1e8,
            "variance, but for what is cut off when it is kept"
        );
        assertEq(many.collateralRound, once.collateralRound, "collateral");
        assertEq(many.obligationRound, once.obligationRound, "obligation");
        assertEq(many.obligationAnswer, once.obligationAnswer, "answer");
    }

    function _wanderTogether(uint256[6] memory steps, uint256 calls) private {
        for (uint256 i; i < steps.length; ++i) {
            wanders(usdc, int256(bound(steps[i] >> 8, 0.9e8, 1.1e8)));
            wanders(weth, int256(bound(steps[i], 1_000e8, 3_000e8)));
            if ((calls >> i) & 1 == 1) vault.refreshPair(address(weth), address(usdc), 1);
        }
        while (vault.pairMeasureOf(address(weth), address(usdc)).collateralRound != 7)
            vault.refreshPair(address(weth), address(usdc), 100);
    }

    function test_refreshPair_untracked_takesTheWorstCorrelation() external {
        wanders(link, 16e8);
        vault.refresh(address(link), 1);
        vault.refreshPair(address(link), address(usdc), 0);
        IVaultLens.HaircutView memory found = vault.haircutOf(address(link), USDC);
        assertEq(found.collateralWad, vault.measureOf(address(link)).varianceWad, "collateral");
        assertEq(found.obligationWad, vault.measureOf(address(usdc)).varianceWad, "obligation");
        assertEq(
            found.varianceWad,
            Variance.untrackedPairUp(found.collateralWad, found.obligationWad),
            "as if one fell when the other rose"
        );
        IVaultLens.PairView memory pair = vault.pairOf(address(link), USDC);
        assertEq(pair.initialTargetPpm, found.initialTargetPpm, "initial");
        assertEq(pair.maintenanceTargetPpm, found.maintenanceTargetPpm, "maintenance");
    }

    /// 150 % a year, five and two days: 1 − exp(−2.326 · 1.5 · √(5/365)) and 1 − exp(−1.645 · 1.5 · √(2/365))
    function test_refreshPair_setsTargets() external {
        vault.refreshPair(address(weth), address(usdc), 0);
        IVaultLens.PairView memory pair = vault.pairOf(address(weth), USDC);
        assertEq(pair.initialTargetPpm, 335_259, "initial");
        assertEq(pair.maintenanceTargetPpm, 166_943, "maintenance");
        assertEq(pair.initialPpm, 335_259, "up at once");
        assertEq(pair.maintenancePpm, 150_000, "not yet");
        skip(6 hours);
        assertEq(vault.pairOf(address(weth), USDC).maintenancePpm, 162_500, "5 points a day");
        skip(6 hours);
        assertEq(vault.pairOf(address(weth), USDC).maintenancePpm, 166_943, "there");
    }

    function test_refreshPair_pegHaircutAndBounds() external {
        IVaultConfigurator.PairModelConfig memory model = _model(true);
        model.pegPpm = 500_000;
        vault.setPairModel(address(weth), USDC, model);
        vault.refreshPair(address(weth), address(usdc), 0);
        IVaultLens.PairView memory pair = vault.pairOf(address(weth), USDC);
        assertEq(pair.initialTargetPpm, 667_630, "1 - (1 - 0.335258) / 2, rounded up");
        IVaultConfigurator.PairConfig memory bounds = _wide(150_000, 80_000, 200_000_000e18);
        (bounds.initialCapPpm, bounds.maintenanceCapPpm) = (400_000, 300_000);
        vault.setPair(address(weth), USDC, bounds);
        vault.refreshPair(address(weth), address(usdc), 0);
        pair = vault.pairOf(address(weth), USDC);
        assertEq(pair.initialTargetPpm, 400_000, "cap");
        assertEq(pair.maintenanceTargetPpm, 300_000, "cap");
    }

    function test_refreshPair_halfOfTheLargerVariance_unlessPegged() external {
        // both move alike: the pair's variance dies away, those of the assets do not
        uint256 price = 2_000e8;
        for (uint256 i; i < 200; ++i) {
            price = i % 2 == 0 ? 2_100e8 : 2_000e8;
            skip(6 hours);
            feedOf[address(usdc)].push(int192(int256(price / 2_000)), uint64(block.timestamp));
            moves(weth, int192(int256(price)));
        }
        vault.refresh(address(weth), 1_000);
        vault.refresh(address(usdc), 1_000);
        vault.refreshPair(address(weth), address(usdc), 1_000);
        IVaultLens.HaircutView memory found = vault.haircutOf(address(weth), USDC);
        assertEq(found.varianceWad, found.collateralWad / 2, "half of the larger");
        IVaultConfigurator.PairModelConfig memory model = _model(true);
        model.isPegged = true;
        vault.setPairModel(address(weth), USDC, model);
        found = vault.haircutOf(address(weth), USDC);
        assertEq(found.varianceWad, vault.pairMeasureOf(address(weth), address(usdc)).varianceWad, "as measured");
        assertLt(found.varianceWad, found.collateralWad / 2, "less than half");
    }

    /// X05: the same targets, whenever and however often anyone refreshes
    function testFuzz_X05_pokesDoNotMoveThePath(uint256[8] memory pauses, uint256 pokes) external {
        vault.refreshPair(address(weth), address(usdc), 0);
        uint256 id = vm.snapshotState();
        uint256 whole;
        for (uint256 i; i < pauses.length; ++i) {
            pauses[i] = bound(pauses[i], 1, i % 2 == 0 ? 10 : 6 hours);
            whole += pauses[i];
        }
        skip(whole);
        IVaultLens.PairView memory alone = vault.pairOf(address(weth), USDC);
        vm.revertToState(id);
        for (uint256 i; i < pauses.length; ++i) {
            skip(pauses[i]);
            if ((pokes >> i) & 1 == 1) vault.refreshPair(address(weth), address(usdc), 0);
        }
        IVaultLens.PairView memory poked = vault.pairOf(address(weth), USDC);
        assertEq(poked.maintenancePpm, alone.maintenancePpm, "maintenance");
        assertEq(poked.initialPpm, alone.initialPpm, "initial");
        assertLe(poked.maintenancePpm, poked.initialPpm, "maintenance is never above initial");
    }

    function test_theInitialHaircutGoesUpWhileNobodyMeasures() external {
        vault.refreshPair(address(weth), address(usdc), 0);
        skip(26 hours);
        assertEq(vault.pairOf(address(weth), USDC).initialPpm, 335_259, "within the lag");
        skip(24 hours);
        assertEq(vault.pairOf(address(weth), USDC).initialPpm, 385_259, "5 points a day after it");
        moves(weth, 2_000e8);
        vault.refreshPair(address(weth), address(usdc), 1);
        uint256 present = vault.pairOf(address(weth), USDC).initialPpm;
        assertLe(present, 335_259, "back to its path");
        assertGe(present, 335_259 - 20_834, "which came down by a point a day");
        skip(400 days);
        assertEq(vault.pairOf(address(weth), USDC).initialPpm, 1e6, "nothing counts in the end");
    }

    function test_refreshPair_badInput() external {
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.PairOfSameAsset.selector, weth));
        vault.refreshPair(address(weth), address(weth), 1);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.PairNotMeasured.selector, weth, dai));
        vault.refreshPair(address(weth), address(dai), 1);
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.NothingToRefresh.selector, weth, 1));
        vault.refreshPair(address(weth), address(usdc), 1);
    }

    // ---- a feed that was set again ----

    function test_setFeed_startsAgainFromItsLatestRound() external {
        wanders(weth, 2_010e8);
        vault.refresh(address(weth), 1);
        uint256 variance = vault.measureOf(address(weth)).varianceWad;
        wanders(weth, 2_020e8);
        wanders(weth, 2_030e8);
        moves(usdc, 1e8);
        vault.setFeed(address(weth), _feedConfig(address(feedOf[address(weth)])));
        IVaultLens.MeasureView memory found = vault.measureOf(address(weth));
        assertEq(found.varianceWad, variance, "as it was");
        assertEq(found.round, 4, "the latest");
        assertEq(found.answer, 2_030e8, "answer");
        assertEq(vault.refreshPair(address(weth), address(usdc), 5), 0, "no return across feeds");
        assertEq(vault.pairMeasureOf(address(weth), address(usdc)).collateralRound, 4, "the pair too");
        wanders(weth, 2_040e8);
        assertEq(vault.refreshPair(address(weth), address(usdc), 5), 1, "and on");
    }

    /// what is kept of a variance: 33 bits, rounded up
    function _kept(uint256 variance) private pure returns (uint256) {
        return CompactFloat.decode(CompactFloat.encodeUp(variance, 33), 33);
    }
}
