// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Measuring} from "../support/Measuring.sol";

// whatever prices, refreshes, setters and time do, in any order
// ├── h_M ≤ h_I; h_M between the lower of floor and where it was, and the higher of cap and where it was
// ├── h_M goes up at most 125 ppm and down at most 25 ppm a tick
// └── the listing rule holds at the haircut in force
// given two pools of one cash: one measure, a target for each
// measured pairs
// ├── of several debts the largest haircut counts
// ├── a stranger's deposit moves nobody's maintenance cover
// └── sub-accounts have no more at the initial line
contract HaircutRefreshPropertiesTest is Measuring {
    uint256 private constant STEPS = 12;

    struct Step {
        uint8 act;
        uint64 seed;
        uint32 pauseFor;
    }

    /// where the haircuts of a pair were, and what bounded them
    struct Was {
        IVaultLens.PairView pair;
        uint256 time;
    }

    function testFuzz_haircuts_keepTheirPromises(Step[STEPS] memory steps) external {
        Was memory was = Was(vault.pairOf(address(weth), USDC), block.timestamp);
        for (uint256 i; i < STEPS; ++i) {
            skip(bound(steps[i].pauseFor, 1, 3 days));
            moves(weth, int192(int256(bound(steps[i].seed, 200e8, 20_000e8))));
            moves(usdc, 1e8);
            _acts(steps[i]);
            _holds(was);
            was = Was(vault.pairOf(address(weth), USDC), block.timestamp);
        }
    }

    function _acts(Step memory step) private {
        uint256 act = step.act % 6;
        if (act == 0) vault.refresh(address(weth), 100);
        // a pair that is not measured any more is not refreshed
        if (act == 1) try vault.refreshPair(address(weth), address(usdc), 100) {} catch {}
        if (act == 2) try vault.refreshPair(address(weth), address(usdc), 0) {} catch {}
        if (act == 3) {
            IVaultConfigurator.PairModelConfig memory model = _model(step.seed % 2 == 0);
            model.isMeasured = step.seed % 5 != 0;
            model.isPegged = step.seed % 3 == 0;
            model.pegPpm = step.seed % 500_001;
            model.horizonInitialFor = bound(step.seed, 2 days, 30 days);
            try vault.setPairModel(address(weth), USDC, model) {} catch {}
        }
        // what no setter would take is not tried twice
        if (act == 4) try vault.setPair(address(weth), USDC, _bounds(step.seed)) {} catch {}
        if (act == 5) skip(1 days);
        if (act == 1 || act == 3) {
            try vault.refreshPair(address(weth), address(usdc), 0) {} catch {}
        }
    }

    function _bounds(uint256 seed) private pure returns (IVaultConfigurator.PairConfig memory config) {
        config = _wide(0, 0, 200_000_000e18);
        config.maintenanceFloorPpm = bound(seed % 1e9, 20_000, 300_000);
        config.maintenanceCapPpm = bound(seed % 1e8, config.maintenanceFloorPpm, 800_000);
        config.initialFloorPpm = bound(seed % 1e7, config.maintenanceFloorPpm, 900_000);
        config.initialCapPpm = bound(seed % 1e6, config.initialFloorPpm, 1e6);
        if (config.initialCapPpm < config.maintenanceCapPpm) config.initialCapPpm = config.maintenanceCapPpm;
        config.initialTargetPpm = config.initialFloorPpm;
        config.maintenanceTargetPpm = config.maintenanceFloorPpm;
    }

    function _holds(Was memory was) private view {
        IVaultLens.PairView memory pair = vault.pairOf(address(weth), USDC);
        assertLe(pair.maintenancePpm, pair.initialPpm, "maintenance above initial");
        uint256 lowest = _min(pair.maintenanceFloorPpm, was.pair.maintenancePpm);
        assertGe(pair.maintenancePpm, _min(lowest, was.pair.maintenanceFloorPpm), "below the floor");
        uint256 highest = _max(_max(pair.maintenanceCapPpm, was.pair.maintenanceCapPpm), was.pair.maintenancePpm);
        assertLe(pair.maintenancePpm, highest, "above the cap");
        uint256 ticks = block.timestamp / 216 - was.time / 216;
        assertLe(pair.maintenancePpm, was.pair.maintenancePpm + 125 * ticks, "up too fast");
        assertGe(pair.maintenancePpm + 25 * ticks, was.pair.maintenancePpm, "down too fast");
        // s_max · (1 − (1 − γ)·h_M) ≤ 1, with s_max = 1 + 1.5 % + 0.5 % and γ = 20 %
        assertLe(1_0200 * (10_000 * 1e6 - 8_000 * pair.maintenancePpm), 10_000 * 10_000 * 1e6, "listing rule");
    }

    // ---- pools of one cash ----

    /// two pools lend USDC: one measure of the pair, two models, two targets; a third model starts nothing again
    function test_refreshPair_setsTargetsOfEveryPool() external {
        ILendingPool other = _pool(usdc, "lend USDC too", 100e6, 100_000_000e6);
        PoolId id = PoolId.wrap(2);
        assertEq(vault.pools()[2].pool, address(other), "listed");
        vault.setPair(address(weth), id, _wide(150_000, 80_000, 200_000_000e18));
        vault.refreshPair(address(weth), address(usdc), 0);
        assertEq(vault.pairOf(address(weth), id).initialTargetPpm, 150_000, "not measured");
        IVaultConfigurator.PairModelConfig memory model = _model(true);
        model.horizonInitialFor = 20 days; // twice the haircut's exponent
        model.stressVarianceWad = 9e18;
        uint256 variance = vault.pairMeasureOf(address(weth), address(usdc)).varianceWad;
        vault.setPairModel(address(weth), id, model);
        assertEq(vault.pairMeasureOf(address(weth), address(usdc)).varianceWad, variance, "goes on");
        model.stressVarianceWad = STRESS;
        vault.setPairModel(address(weth), id, model);
        vault.refreshPair(address(weth), address(usdc), 0);
        assertEq(vault.pairOf(address(weth), USDC).initialTargetPpm, 335_259, "five days");
        // 1 − (1 − 0.335258)²
        assertApproxEqAbs(vault.pairOf(address(weth), id).initialTargetPpm, 558_119, 2, "twenty days");
    }

    // ---- accounts ----

    function test_theLargestMeasuredHaircutOfTheDebtsCounts() external {
        deposits(alice, weth, 100e18);
        borrows(alice, DAI, 1_000e18); // 20 % and 15 %, not measured
        assertEq(_haircutOf(alice), 200_000, "one debt");
        vault.refreshPair(address(weth), address(usdc), 0);
        assertEq(_haircutOf(alice), 200_000, "another pair");
        borrows(alice, USDC, 1_000e6);
        assertEq(_haircutOf(alice), 335_259, "the measured one is larger");
        repays(alice, USDC, ALL);
        assertEq(_haircutOf(alice), 200_000, "one debt again");
    }

    function _haircutOf(address actor) private view returns (uint256) {
        return vault.accountOf(accountOf(actor)).snapshot.collaterals[0].haircutInitialPpm;
    }

    function testFuzz_aStrangersDepositMovesNoMaintenanceCover(uint256 assets, uint256 posted) external {
        vault.refreshPair(address(weth), address(usdc), 0);
        _alicePledgesAndBorrowsLess();
        uint256 depth = vault.pairOf(address(weth), USDC).depthValue;
        vault.postDepth(address(weth), USDC, bound(posted, (depth * 4) / 5 + 1, depth));
        IVaultLens.HealthRow memory before = _rowOf(accountOf(alice));
        deposits(mallory, weth, bound(assets, 1e18, 49_000e18));
        IVaultLens.HealthRow memory present = _rowOf(accountOf(alice));
        assertEq(present.coverMaintenance, before.coverMaintenance, "maintenance");
        assertLe(present.coverInitial, before.coverInitial, "initial may fall");
    }

    function _alicePledgesAndBorrowsLess() private {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 50_000e6);
    }

    /// X06: credit at the initial line goes by what all hold, whoever holds it in how many accounts
    function testFuzz_X06_subAccountsGainNothing(uint256 assets, uint256 count) external {
        vault.setPair(address(weth), USDC, _wide(150_000, 80_000, 60_000_000e18));
        vault.refreshPair(address(weth), address(usdc), 0);
        assets = (bound(assets, 1_000e18, 50_000e18) / 60) * 60; // in two to five equal parts
        count = bound(count, 2, 5);
        uint256 id = vm.snapshotState();
        uint256 one = _coverOf(assets, 1);
        vm.revertToState(id);
        assertLe(_coverOf(assets, count), one + count, "in parts");
    }

    function _coverOf(uint256 assets, uint256 count) private returns (uint256 cover) {
        weth.mint(bob, assets);
        usdc.mint(bob, 1e12);
        for (uint96 i; i < count; ++i) {
            AccountId account = toAccountId(bob, i);
            vm.prank(bob);
            vault.deposit(account, address(weth), assets / count);
            vm.prank(bob);
            vault.borrow(account, USDC, 100e6, bob);
        }
        for (uint96 i; i < count; ++i) cover += _rowOf(toAccountId(bob, i)).coverInitial;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
