// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IHaircutSchedule} from "../../contracts/interfaces/IHaircutSchedule.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {RiskParameters} from "../../contracts/types/RiskParameters.sol";
import {Deployment} from "../support/Deployment.sol";

/// listPool, setDebtFactor, setBorrowPause, setPair, setRiskParameters: bounds, listing rule, old and new
contract VaultConfiguratorRiskTest is Deployment {
    // ---- pools ----

    function test_listPool_storesAndTells() external {
        MockToken cash = _token("CASH", 6, 1e8, 0);
        ILendingPool pool = ILendingPool(
            _deploy("LendingPool.sol:LendingPool", abi.encode(cash, vault, manager, "c", "c"))
        );
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.PoolListed(address(pool), PoolId.wrap(2), address(cash));
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.DebtFactorSet(PoolId.wrap(2), 1_000_000, 1_100_000);
        assertEq(vault.listPool(address(pool), 1_100_000).toUint(), 2, "id");
        IVaultLens.PoolView memory row = vault.pools()[2];
        assertEq(row.pool, address(pool), "pool");
        assertEq(row.asset, address(cash), "asset");
        assertEq(row.factorPpm, 1_100_000, "factor");
        assertEq(row.shareUnit, 1, "unit");
        assertFalse(row.borrowPaused, "not paused");
        assertEq(vault.pools()[1].shareUnit, 1e6, "unit of 18 decimals");
    }

    function test_listPool_revertsWith_PoolAlreadyListed_PoolOfAnotherVault_AssetNotListed() external {
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.PoolAlreadyListed.selector, usdcPool, USDC));
        vault.listPool(address(usdcPool), 1_000_000);
        address foreign = _deploy("LendingPool.sol:LendingPool", abi.encode(usdc, alice, manager, "c", "c"));
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.PoolOfAnotherVault.selector, foreign, alice));
        vault.listPool(foreign, 1_000_000);
        MockToken unlisted = new MockToken("x", "x", 6);
        foreign = _deploy("LendingPool.sol:LendingPool", abi.encode(unlisted, vault, manager, "c", "c"));
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, unlisted));
        vault.listPool(foreign, 1_000_000);
    }

    function test_listPool_revertsWith_RegistryFull() external {
        for (uint256 i = 2; i < 8; ++i) {
            vault.listPool(
                _deploy("LendingPool.sol:LendingPool", abi.encode(usdc, vault, manager, "c", "c")),
                1_000_000
            );
        }
        address ninth = _deploy("LendingPool.sol:LendingPool", abi.encode(usdc, vault, manager, "c", "c"));
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.RegistryFull.selector, 8));
        vault.listPool(ninth, 1_000_000);
    }

    function test_setDebtFactor_storesAndTells() external {
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.DebtFactorSet(USDC, 1_000_000, 1_050_000);
        vault.setDebtFactor(USDC, 1_050_000);
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        assertEq(_rowOf(accountOf(alice)).requirement, 105_000e18, "b times D");
        assertEq(_rowOf(accountOf(alice)).debtValue, 100_000e18, "D");
    }

    function test_setDebtFactor_revertsWith_ParameterOutOfBounds() external {
        _expectBounds("factorPpm", 999_999, 1_000_000, 1_500_000);
        vault.setDebtFactor(USDC, 999_999);
        _expectBounds("factorPpm", 1_500_001, 1_000_000, 1_500_000);
        vault.setDebtFactor(USDC, 1_500_001);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, PoolId.wrap(2)));
        vault.setDebtFactor(PoolId.wrap(2), 1_000_000);
    }

    /// a pair that relies on a debt factor holds it
    function test_setDebtFactor_revertsWith_ListingRuleBroken() external {
        vault.setDebtFactor(USDC, 1_100_000);
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 18_00));
        vm.expectRevert(
            abi.encodeWithSelector(
                IVaultConfigurator.ListingRuleBroken.selector,
                weth,
                USDC,
                1.0428e18, // 1.185 · 0.88
                1e18
            )
        );
        vault.setDebtFactor(USDC, 1_000_000);
    }

    function test_pauseBorrow_setBorrowPause_storeAndTell() external {
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.BorrowPauseSet(DAI, false, true);
        vault.pauseBorrow(DAI);
        assertTrue(vault.pools()[1].borrowPaused, "paused");
        assertFalse(vault.pools()[0].borrowPaused, "the other is not");
        vault.setBorrowPause(DAI, false);
        assertFalse(vault.pools()[1].borrowPaused, "resumed");
    }

    // ---- pairs ----

    function test_setPair_storesAndTells() external {
        IVaultConfigurator.PairConfig memory old = _pair(200_000, 150_000, 200_000_000e18, 10_00);
        old.depthValue = vault.pairOf(address(weth), USDC).depthValue;
        IVaultConfigurator.PairConfig memory config = _pair(250_000, 160_000, 300_000_000e18, 9_00);
        vm.expectEmit(address(vault));
        emit IHaircutSchedule.HaircutTargetsSet(
            address(weth),
            USDC,
            200_000,
            150_000,
            200_000,
            150_000,
            250_000,
            160_000
        );
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.PairSet(address(weth), USDC, old, config);
        vault.setPair(address(weth), USDC, config);
        IVaultLens.PairView memory row = vault.pairOf(address(weth), USDC);
        assertTrue(row.isListed, "listed");
        assertEq(row.initialPpm, 250_000, "jumps up");
        assertEq(row.maintenancePpm, 150_000, "starts to move");
        assertEq(row.maintenanceTargetPpm, 160_000, "towards");
        assertEq(row.maxBonusBps, 9_00, "bonus");
        assertEq(row.initialCapPpm, 900_000, "cap");
        assertEq(row.maintenanceCapPpm, 800_000, "cap");
        assertEq(row.initialFloorPpm, 160_000, "floor");
        assertEq(row.maintenanceFloorPpm, 160_000, "floor");
        assertApproxEqAbs(row.depthValue, 300_000_000e18, 1e17, "depth, rounded down");
    }

    function test_pairOf_anUnlistedPair() external view {
        assertFalse(vault.pairOf(address(usdc), USDC).isListed);
        assertFalse(vault.pairOf(alice, USDC).isListed);
    }

    function test_setPair_revertsWith_ParameterOutOfBounds() external {
        IVaultConfigurator.PairConfig memory config = _pair(200_000, 150_000, 200_000_000e18, 10_00);
        config.initialCapPpm = 1_000_001;
        _refuses(config, "initialCapPpm", 1_000_001, 800_000, 1_000_000);
        config.initialCapPpm = 799_999;
        _refuses(config, "initialCapPpm", 799_999, 800_000, 1_000_000);
        config.initialCapPpm = 900_000;
        config.initialFloorPpm = 149_999;
        _refuses(config, "initialFloorPpm", 149_999, 150_000, 900_000);
        config.initialFloorPpm = 150_000;
        config.maintenanceFloorPpm = 999;
        _refuses(config, "maintenanceFloorPpm", 999, 1_000, 800_000);
        config.maintenanceFloorPpm = 150_000;
        config.initialTargetPpm = 900_001;
        _refuses(config, "initialTargetPpm", 900_001, 150_000, 900_000);
        config.initialTargetPpm = 200_000;
        config.maintenanceTargetPpm = 200_001;
        _refuses(config, "maintenanceTargetPpm", 200_001, 150_000, 200_000);
        config.maintenanceTargetPpm = 149_999;
        _refuses(config, "maintenanceTargetPpm", 149_999, 150_000, 200_000);
        config.maintenanceTargetPpm = 150_000;
        config.depthValue = 1e18 - 1;
        _refuses(config, "depthValue", 1e18 - 1, 1e18, 1e33);
        config.depthValue = 200_000_000e18;
        config.maxBonusBps = 99;
        _refuses(config, "maxBonusBps", 99, 1_00, 50_00);
        config.maxBonusBps = 50_01;
        _refuses(config, "maxBonusBps", 50_01, 1_00, 50_00);
    }

    function test_setPair_revertsWith_AssetNotListed_orPoolNotListed() external {
        IVaultConfigurator.PairConfig memory config = _pair(200_000, 150_000, 200_000_000e18, 10_00);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, alice));
        vault.setPair(alice, USDC, config);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, PoolId.wrap(2)));
        vault.setPair(address(weth), PoolId.wrap(2), config);
    }

    /// L08: h = 15 % allows 1 / 0.88 − 1 = 13.636 % for bonus and fee
    function test_setPair_revertsWith_ListingRuleBroken() external {
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 13_13));
        vm.expectRevert(
            abi.encodeWithSelector(
                IVaultConfigurator.ListingRuleBroken.selector,
                weth,
                USDC,
                1.000032e18, // 1.1364 · 0.88
                1e18
            )
        );
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 13_14));
    }

    /// the floor counts, not the target: a haircut may come down to it
    function test_setPair_revertsWith_ListingRuleBroken_atTheFloor() external {
        IVaultConfigurator.PairConfig memory config = _pair(200_000, 150_000, 200_000_000e18, 10_00);
        config.maintenanceFloorPpm = 100_000; // 1 / 0.92 − 1 = 8.7 %
        config.initialFloorPpm = 100_000;
        vm.expectPartialRevert(IVaultConfigurator.ListingRuleBroken.selector);
        vault.setPair(address(weth), USDC, config);
    }

    function test_setPair_revertsWith_CapAboveDepth() external {
        vm.expectPartialRevert(IVaultConfigurator.CapAboveDepth.selector);
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 49_999_999e18, 10_00));
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 50_000_001e18, 10_00));
    }

    // ---- haircuts in time ----

    function test_haircuts_moveAtLimitedSpeed() external {
        vault.setPair(address(weth), USDC, _pair(400_000, 300_000, 200_000_000e18, 10_00));
        IVaultLens.PairView memory row = vault.pairOf(address(weth), USDC);
        assertEq(row.initialPpm, 400_000, "up at once");
        assertEq(row.maintenancePpm, 150_000, "up slowly");
        skip(1 days);
        assertEq(vault.pairOf(address(weth), USDC).maintenancePpm, 200_000, "5 points a day");
        skip(2 days);
        assertEq(vault.pairOf(address(weth), USDC).maintenancePpm, 300_000, "there");
        vault.updateSlowAverages(new uint256[](0));
        passes(1);
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        row = vault.pairOf(address(weth), USDC);
        assertEq(row.initialPpm, 400_000, "down slowly");
        skip(1 days);
        row = vault.pairOf(address(weth), USDC);
        assertEq(row.initialPpm, 390_000, "1 point a day");
        assertEq(row.maintenancePpm, 290_000, "1 point a day");
    }

    /// X05: the path depends on stored targets and time, not on who refreshes how often
    function testFuzz_haircuts_doNotDependOnPokes(uint256 pokes, uint256 elapsedFor) external {
        pokes = bound(pokes, 1, 10);
        elapsedFor = bound(elapsedFor, pokes, 6 days);
        IVaultConfigurator.PairConfig memory config = _pair(400_000, 300_000, 200_000_000e18, 10_00);
        vault.setPair(address(weth), USDC, config);
        uint256 id = vm.snapshotState();
        skip(elapsedFor);
        uint256 atOnce = vault.pairOf(address(weth), USDC).maintenancePpm;
        vm.revertToState(id);
        vm.warp(START);
        for (uint256 i; i < pokes; ++i) {
            passes(elapsedFor / pokes);
            vault.setPair(address(weth), USDC, config);
        }
        passes(START + elapsedFor - block.timestamp);
        uint256 inSteps = vault.pairOf(address(weth), USDC).maintenancePpm;
        assertLe(inSteps, atOnce, "no faster");
        assertLe(atOnce - inSteps, pokes, "rounding: a ppm for each poke");
    }

    // ---- parameters ----

    function test_setRiskParameters_storesAndTells() external {
        RiskParameters memory rules = _rules();
        rules.closeOutBps = 25_00;
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.RiskParametersSet(_rules(), rules);
        vault.setRiskParameters(rules);
        assertEq(abi.encode(vault.riskParameters()), abi.encode(rules));
    }

    function test_setRiskParameters_revertsWith_ListingRuleBroken() external {
        RiskParameters memory rules = _rules();
        rules.closeOutBps = 50_00; // s = 1.105 · (1 − 0.5 · 0.15) = 1.022125
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.ListingRuleBroken.selector, weth, USDC, 1.022125e18, 1e18)
        );
        vault.setRiskParameters(rules);
    }

    /// the least bonus is paid also on a pair whose highest is set below it
    function test_setRiskParameters_revertsWith_ListingRuleBroken_atTheLeastBonus() external {
        vault.setPair(address(weth), USDC, _pair(40_000, 30_000, 200_000_000e18, 1_50));
        skip(60 days); // haircuts have come down to 4 % and 3 %: 2.46 % are allowed
        passes(0);
        RiskParameters memory rules = _rules();
        rules.bonusMinBps = 2_00;
        vm.expectPartialRevert(IVaultConfigurator.ListingRuleBroken.selector);
        vault.setRiskParameters(rules);
    }

    function test_setRiskParameters_revertsWith_ParameterOutOfBounds() external {
        RiskParameters memory rules = _rules();
        rules.closeOutBps = 4_99;
        _refuses(rules, "closeOutBps", 4_99, 5_00, 50_00);
        rules = _rules();
        rules.targetShareBps = 9_99;
        _refuses(rules, "targetShareBps", 9_99, 10_00, 100_00);
        rules = _rules();
        rules.targetMaxBps = 40_01;
        _refuses(rules, "targetMaxBps", 40_01, 1_00, 40_00);
        rules = _rules();
        rules.targetMinBps = 9;
        _refuses(rules, "targetMinBps", 9, 10, 25_00);
        rules = _rules();
        rules.bonusMinBps = 9;
        _refuses(rules, "bonusMinBps", 9, 10, 10_00);
        rules = _rules();
        rules.bonusPerUsedBps = 50_01;
        _refuses(rules, "bonusPerUsedBps", 50_01, 0, 50_00);
        rules = _rules();
        rules.bonusPerHourBps = 10_01;
        _refuses(rules, "bonusPerHourBps", 10_01, 0, 10_00);
        rules = _rules();
        rules.feeBps = 10_01;
        _refuses(rules, "feeBps", 10_01, 0, 10_00);
        rules = _rules();
        rules.cureMaxFor = 7 days + 1;
        _refuses(rules, "cureMaxFor", 7 days + 1, 10 minutes, 7 days);
        rules = _rules();
        rules.cureMinFor = 59;
        _refuses(rules, "cureMinFor", 59, 1 minutes, 2 hours);
        rules = _rules();
        rules.roundingValue = 0;
        _refuses(rules, "roundingValue", 0, 1, 10_000);
        rules = _rules();
        rules.minimumTransferValue = 0;
        _refuses(rules, "minimumTransferValue", 0, 1, 1_000_000);
        rules = _rules();
        rules.dustValue = 100_001;
        _refuses(rules, "dustValue", 100_001, 1, 100_000);
    }

    // ---- helpers ----

    function _expectBounds(bytes32 name, uint256 found, uint256 lowest, uint256 highest) private {
        vm.expectRevert(
            abi.encodeWithSelector(IVaultConfigurator.ParameterOutOfBounds.selector, name, found, lowest, highest)
        );
    }

    function _refuses(
        IVaultConfigurator.PairConfig memory config,
        bytes32 name,
        uint256 found,
        uint256 lowest,
        uint256 highest
    ) private {
        _expectBounds(name, found, lowest, highest);
        vault.setPair(address(weth), USDC, config);
    }

    function _refuses(
        RiskParameters memory rules,
        bytes32 name,
        uint256 found,
        uint256 lowest,
        uint256 highest
    ) private {
        _expectBounds(name, found, lowest, highest);
        vault.setRiskParameters(rules);
    }
}
