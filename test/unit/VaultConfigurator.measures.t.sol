// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IHaircutRefresh} from "../../contracts/interfaces/IHaircutRefresh.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Measuring} from "../support/Measuring.sol";

// startMeasure, setPairModel, postDepth and, of what is measured, setFeed: bounds, roles, old and new
// postDepth
// ├── after a day: up and down by 20 %, and not by more
// ├── whatever the portions and times: no further than a post for every day begun
// ├── never above the highest depth, nor up without one; a depth above the highest still comes down
// └── never below a dollar
// setFeed
// ├── other decimals, another feed: no return across feeds, neither of the asset nor of a pair
// └── 256 changes later a measure that nobody touched goes on as if there had been none
contract VaultConfiguratorMeasuresTest is Measuring {
    // ---- startMeasure ----

    function test_startMeasure_storesAndTells() external {
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.MeasureStarted(address(wbtc), 0, 1e18);
        vault.startMeasure(address(wbtc), 1e18);
        IVaultLens.MeasureView memory row = vault.measureOf(address(wbtc));
        assertApproxEqAbs(row.varianceWad, 1e18, 1e9, "variance, rounded up");
        assertGe(row.varianceWad, 1e18, "rounded up");
        assertEq(row.round, 1, "round");
        assertEq(row.answer, 60_000e8, "answer");
        assertEq(row.observedAt, block.timestamp, "time");
        skip(1 hours);
        moves(wbtc, 61_000e8);
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.MeasureStarted(address(wbtc), row.varianceWad, 2);
        vault.startMeasure(address(wbtc), 2);
        row = vault.measureOf(address(wbtc));
        assertEq(row.varianceWad, 2, "again");
        assertEq(row.answer, 61_000e8, "from the latest");
    }

    function test_startMeasure_badInput() external {
        _expectBounds("stressVarianceWad", 0, 1, 1e22);
        vault.startMeasure(address(wbtc), 0);
        _expectBounds("stressVarianceWad", 1e22 + 1, 1, 1e22);
        vault.startMeasure(address(wbtc), 1e22 + 1);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, alice));
        vault.startMeasure(alice, 1e18);
        skip(1 hours + 1);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        vault.startMeasure(address(wbtc), 1e18);
    }

    function test_setters_revertWith_AccessManagedUnauthorized() external {
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory);
        vm.prank(mallory);
        vm.expectRevert(reason);
        vault.startMeasure(address(weth), STRESS);
        vm.prank(mallory);
        vm.expectRevert(reason);
        vault.setPairModel(address(weth), USDC, _model(true));
        vm.prank(mallory);
        vm.expectRevert(reason);
        vault.postDepth(address(weth), USDC, 200_000_000e18);
    }

    // ---- setPairModel ----

    function test_setPairModel_storesAndTells() external {
        IVaultConfigurator.PairModelConfig memory old = vault.haircutOf(address(weth), USDC).model;
        IVaultConfigurator.PairModelConfig memory config = _model(false);
        config.pegPpm = 10_000;
        config.maxLagFor = 2 hours;
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.PairModelSet(address(weth), USDC, old, config);
        vault.setPairModel(address(weth), USDC, config);
        IVaultLens.HaircutView memory row = vault.haircutOf(address(weth), USDC);
        assertEq(row.model.pegPpm, 10_000, "peg");
        assertEq(row.model.maxLagFor, 2 hours, "lag");
        assertEq(row.model.horizonInitialFor, 5 days, "horizon");
        assertEq(row.model.horizonMaintenanceFor, 2 days, "horizon");
        assertFalse(row.model.isTracked, "not tracked");
        assertApproxEqAbs(row.model.stressVarianceWad, STRESS, 1e9, "stress");
        assertApproxEqAbs(row.model.highestDepthValue, 400_000_000e18, 1e17, "highest depth");
        assertEq(row.storedInitialPpm, 200_000, "on its way down");
        assertEq(vault.pairOf(address(weth), USDC).initialTargetPpm, 150_000, "until the next refresh");
    }

    function test_setPairModel_endsMeasuring() external {
        vault.refreshPair(address(weth), address(usdc), 0);
        skip(10 days);
        assertGt(vault.pairOf(address(weth), USDC).initialPpm, 335_259, "climbs");
        IVaultConfigurator.PairModelConfig memory config = _model(true);
        config.isMeasured = false;
        vault.setPairModel(address(weth), USDC, config);
        assertLe(vault.pairOf(address(weth), USDC).initialPpm, 335_259, "no longer");
        assertEq(vault.haircutOf(address(weth), USDC).effectiveWad, 0, "nothing measured");
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.PairNotMeasured.selector, weth, usdc));
        vault.refreshPair(address(weth), address(usdc), 0);
    }

    function test_setPairModel_revertsWith_ParameterOutOfBounds() external {
        IVaultConfigurator.PairModelConfig memory config = _model(true);
        config.stressVarianceWad = 0;
        _refuses(config, "stressVarianceWad", 0, 1, 1e22);
        config.stressVarianceWad = 1e22 + 1;
        _refuses(config, "stressVarianceWad", 1e22 + 1, 1, 1e22);
        config.stressVarianceWad = 1e18;
        config.floorVarianceWad = 1e18 + 1;
        _refuses(config, "floorVarianceWad", 1e18 + 1, 0, 1e18);
        config = _model(true);
        config.horizonInitialFor = 1 hours - 1;
        _refuses(config, "horizonInitialFor", 1 hours - 1, 1 hours, 30 days);
        config.horizonInitialFor = 30 days + 1;
        _refuses(config, "horizonInitialFor", 30 days + 1, 1 hours, 30 days);
        config.horizonInitialFor = 1 days;
        _refuses(config, "horizonMaintenanceFor", 2 days, 1 hours, 1 days);
        config.horizonMaintenanceFor = 1 hours - 1;
        _refuses(config, "horizonMaintenanceFor", 1 hours - 1, 1 hours, 1 days);
        config = _model(true);
        config.pegPpm = 500_001;
        _refuses(config, "pegPpm", 500_001, 0, 500_000);
        config.pegPpm = 0;
        config.maxLagFor = 1 hours - 1;
        _refuses(config, "maxLagFor", 1 hours - 1, 1 hours, 7 days);
        config.maxLagFor = 7 days + 1;
        _refuses(config, "maxLagFor", 7 days + 1, 1 hours, 7 days);
        config.maxLagFor = 1 hours;
        config.highestDepthValue = 1e33 + 1;
        _refuses(config, "highestDepthValue", 1e33 + 1, vault.pairOf(address(weth), USDC).depthValue, 1e33);
        config.highestDepthValue = 1e18;
        _refuses(config, "highestDepthValue", 1e18, vault.pairOf(address(weth), USDC).depthValue, 1e33);
    }

    function test_setPairModel_badInput() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, alice));
        vault.setPairModel(alice, USDC, _model(true));
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, PoolId.wrap(2)));
        vault.setPairModel(address(weth), PoolId.wrap(2), _model(true));
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.PairOfSameAsset.selector, usdc));
        vault.setPairModel(address(usdc), USDC, _model(true));
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.PairNotListed.selector, dai, USDC));
        vault.setPairModel(address(dai), USDC, _model(true));
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.AssetNotMeasured.selector, wbtc));
        vault.setPairModel(address(wbtc), USDC, _model(true));
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.AssetNotMeasured.selector, dai));
        vault.setPairModel(address(weth), DAI, _model(true));
    }

    // ---- views ----

    function test_views_ofOddInput() external {
        assertEq(vault.haircutOf(address(wbtc), USDC).effectiveWad, 0, "not measured");
        assertEq(vault.haircutOf(address(weth), PoolId.wrap(255)).effectiveWad, 0, "no such pool");
        assertEq(vault.measureOf(address(wbtc)).varianceWad, 0, "not started");
        assertEq(vault.pairMeasureOf(address(weth), address(weth)).varianceWad, 0, "itself");
        assertEq(vault.measureOf(alice).varianceWad, 0, "not listed");
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, alice));
        vault.pairMeasureOf(address(weth), alice);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, alice));
        vault.haircutOf(alice, USDC);
    }

    // ---- postDepth ----

    function test_postDepth_storesAndTells() external {
        uint256 old = vault.pairOf(address(weth), USDC).depthValue;
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.DepthPosted(address(weth), USDC, old, 220_000_000e18);
        vault.postDepth(address(weth), USDC, 220_000_000e18);
        IVaultLens.PairView memory row = vault.pairOf(address(weth), USDC);
        assertApproxEqAbs(row.depthValue, 220_000_000e18, 1e17, "depth");
        assertEq(row.maxBonusBps, 1_50, "bonus stays");
        assertEq(row.initialPpm, 200_000, "haircut stays");
    }

    function test_postDepth_movesByAFifthADay() external {
        uint256 old = vault.pairOf(address(weth), USDC).depthValue;
        _expectBounds("depthValue", (old * 4) / 5 - 1, old - old / 5, old + old / 5);
        vault.postDepth(address(weth), USDC, (old * 4) / 5 - 1);
        _expectBounds("depthValue", (old * 6) / 5 + 1, old - old / 5, old + old / 5);
        vault.postDepth(address(weth), USDC, (old * 6) / 5 + 1);
        vault.postDepth(address(weth), USDC, (old * 6) / 5);
        old = vault.pairOf(address(weth), USDC).depthValue;
        vm.expectPartialRevert(IVaultConfigurator.ParameterOutOfBounds.selector);
        vault.postDepth(address(weth), USDC, old - 1e18);
        skip(12 hours);
        vault.postDepth(address(weth), USDC, (old * 9) / 10 + 1);
    }

    function testFuzz_postDepth_portionsGainNothing(uint256[8] memory pauses, bool isUp) external {
        // the allowance of a day without a post is used up first
        uint256 first = vault.pairOf(address(weth), USDC).depthValue;
        vault.postDepth(address(weth), USDC, first);
        uint256 start = block.timestamp;
        for (uint256 i; i < pauses.length; ++i) {
            skip(bound(pauses[i], 1, 3 hours));
            vault.postDepth(address(weth), USDC, _furthest(isUp));
        }
        uint256 elapsedFor = block.timestamp - start;
        uint256 last = vault.pairOf(address(weth), USDC).depthValue;
        // a day and no more has passed
        assertLe(elapsedFor, 1 days, "time");
        if (isUp) assertLe(last * (6 days - elapsedFor), first * 6 days, "up");
        else assertGe(last * 5 days, (first - 1e18) * (5 days - elapsedFor), "down");
    }

    function _furthest(bool isUp) private returns (uint256 furthest) {
        uint256 wrong = isUp ? type(uint128).max : 0;
        try vault.postDepth(address(weth), USDC, wrong) {
            fail("anything goes");
        } catch (bytes memory reason) {
            (uint256 lowest, uint256 highest) = _boundsOf(reason);
            furthest = isUp ? highest : lowest;
        }
    }

    function _boundsOf(bytes memory reason) private pure returns (uint256 lowest, uint256 highest) {
        // selector, name, found, lowest, highest
        assembly ("memory-safe") {
            lowest := mload(add(reason, 0x64))
            highest := mload(add(reason, 0x84))
        }
    }

    function test_postDepth_neverGoesUpAboveTheHighest() external {
        IVaultConfigurator.PairModelConfig memory model = _model(true);
        uint256 old = vault.pairOf(address(weth), USDC).depthValue;
        model.highestDepthValue = old;
        vault.setPairModel(address(weth), USDC, model);
        _expectBounds("depthValue", old + 1, 0, old);
        vault.postDepth(address(weth), USDC, old + 1);
        vault.setPair(address(weth), USDC, _wide(150_000, 80_000, 400_000_000e18));
        uint256 raised = vault.pairOf(address(weth), USDC).depthValue;
        _expectBounds("depthValue", raised + 1, 0, raised);
        vault.postDepth(address(weth), USDC, raised + 1);
        vault.postDepth(address(weth), USDC, (raised * 9) / 10);
        assertLt(vault.pairOf(address(weth), USDC).depthValue, raised, "down, though still above the highest");
        uint256 other = vault.pairOf(address(wbtc), USDC).depthValue;
        _expectBounds("depthValue", other + 1, 0, other);
        vault.postDepth(address(wbtc), USDC, other + 1); // no highest was ever set
    }

    function test_postDepth_badInput() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, alice));
        vault.postDepth(alice, USDC, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, PoolId.wrap(2)));
        vault.postDepth(address(weth), PoolId.wrap(2), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.PairNotListed.selector, dai, USDC));
        vault.postDepth(address(dai), USDC, 1e18);
        vault.setSupplyCap(address(weth), 0);
        vault.setPair(address(weth), USDC, _wide(150_000, 80_000, 1e18));
        uint256 old = vault.pairOf(address(weth), USDC).depthValue; // 1e18, kept to 33 bits
        _expectBounds("depthValue", 1e18 - 1, 1e18, old + old / 5);
        vault.postDepth(address(weth), USDC, 1e18 - 1);
    }

    // ---- setFeed ----

    function test_setFeed_otherDecimals() external {
        wanders(weth, 2_010e8);
        uint256 variance = vault.measureOf(address(weth)).varianceWad;
        MockAggregator feed = _decimals18(2_010e18);
        IVaultLens.MeasureView memory row = vault.measureOf(address(weth));
        assertEq(row.answer, 2_010e18, "in its decimals");
        assertEq(row.varianceWad, variance, "no return across feeds");
        moves(usdc, 1e8);
        IVaultLens.PairMeasureView memory pair = vault.pairMeasureOf(address(weth), address(usdc));
        assertEq(vault.refreshPair(address(weth), address(usdc), 9), 0, "starts again");
        assertEq(vault.pairMeasureOf(address(weth), address(usdc)).varianceWad, pair.varianceWad, "as it was");
        skip(1 hours);
        feed.push(2_010e18, uint64(block.timestamp));
        assertEq(vault.refresh(address(weth), 9), 1, "and on");
        assertLt(vault.measureOf(address(weth)).varianceWad, variance, "nothing moved");
        assertEq(vault.refreshPair(address(weth), address(usdc), 9), 1, "and on");
        assertLt(vault.pairMeasureOf(address(weth), address(usdc)).varianceWad, pair.varianceWad, "nothing moved");
    }

    /// the counter has 8 bits: whoever changes feeds so often refreshes in between
    function test_setFeed_256Times() external {
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feedOf[address(weth)]));
        wanders(weth, 2_010e8);
        for (uint256 i; i < 255; ++i) vault.setFeed(address(weth), config);
        moves(usdc, 1e8);
        uint256 id = vm.snapshotState();
        assertEq(vault.refreshPair(address(weth), address(usdc), 9), 0, "255 changes are a change");
        vm.revertToState(id);
        vault.setFeed(address(weth), config);
        assertEq(vault.refreshPair(address(weth), address(usdc), 9), 1, "256 are none");
    }

    function _decimals18(int192 answer) private returns (MockAggregator feed) {
        feed = new MockAggregator(18);
        feed.push(answer, uint64(block.timestamp));
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        (config.lowestAnswer, config.highestAnswer) = (1e14, 1_000_000e18);
        vault.setFeed(address(weth), config);
    }

    // ---- helpers ----

    function _expectBounds(bytes32 name, uint256 found, uint256 lowest, uint256 highest) private {
        bytes4 reason = IVaultConfigurator.ParameterOutOfBounds.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, name, found, lowest, highest));
    }

    function _refuses(
        IVaultConfigurator.PairModelConfig memory config,
        bytes32 name,
        uint256 found,
        uint256 lowest,
        uint256 highest
    ) private {
        _expectBounds(name, found, lowest, highest);
        vault.setPairModel(address(weth), USDC, config);
    }
}
