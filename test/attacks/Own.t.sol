// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Bundle} from "../support/Bundle.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks that this design invites: X01–X04, X11, X15, X17. X05 stands in test/unit/VaultConfigurator.risk.t.sol,
/// X06 in test/unit/HaircutSchedule.t.sol, X13 in test/unit/CollateralVault.clearMarginCall.t.sol, X10 and X14 in
/// Liquidations.t.sol.
contract OwnAttackTest is Deployment {
    /// X01: deposit borrowed collateral, let the call be cured, withdraw it, in one batch: the state moves once, at
    /// the end
    function test_X01_aFlashCureInABatchDoesNothing() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(accountOf(alice));
        weth.mint(alice, 50e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.DEPOSIT, address(weth), USDC, 50e18, address(0));
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(weth), USDC, 50e18, alice);
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        assertEq(_rowOf(accountOf(alice)).deadline, deadline);
    }

    /// X01: in one transaction of several calls the cure is real while the collateral is there, and it cannot leave
    /// again below the initial line
    function test_X01_aFlashCureInATransactionCannotTakeTheCollateralBack() external {
        Bundle bundle = new Bundle();
        AccountId account = toAccountId(address(bundle), 0);
        weth.mint(address(bundle), 150e18);
        vm.startPrank(address(bundle));
        weth.approve(address(vault), ALL);
        vault.depositAndBorrow(account, address(weth), 100e18, USDC, 150_000e6, address(bundle));
        vm.stopPrank();
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        address[] memory targets = new address[](2);
        bytes[] memory payloads = new bytes[](2);
        (targets[0], targets[1]) = (address(vault), address(vault));
        payloads[0] = abi.encodeCall(vault.deposit, (account, address(weth), 50e18));
        payloads[1] = abi.encodeCall(vault.withdraw, (account, address(weth), 50e18, address(bundle)));
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        bundle.run(targets, payloads);
        assertEq(vault.accountOf(account).callState, 1);
    }

    /// X02: a speck without a price stops no clock and makes no view fail
    function test_X02_aStaleSpeckStopsNothing() external {
        deposits(alice, link, 1e15);
        _alicePledgesAndBorrows();
        skip(2 hours);
        moves(weth, 1_700e8);
        moves(usdc, 1e8);
        assertEq(uint256(_rowOf(accountOf(alice)).status), uint256(IVaultLens.AccountStatus.LIQUIDATABLE));
        vault.issueMarginCall(accountOf(alice));
        liquidates(dave, alice, weth, USDC, ALL);
    }

    /// X03: an account is not insolvent because the price of a large collateral is late, and that one is never taken
    function test_X03_aLateCollateralIsNotTakenForNothing() external {
        deposits(alice, wbtc, 1e8);
        deposits(alice, weth, 10e18);
        borrows(alice, USDC, 60_000e6);
        skip(2 hours);
        moves(weth, 1_000e8);
        moves(usdc, 1e8);
        // 10,000 of WETH, and 60,000 of WBTC at its last good price: covered by 8,500 + 52,200
        assertEq(uint256(_rowOf(accountOf(alice)).status), uint256(IVaultLens.AccountStatus.HEALTHY), "covered");
        moves(weth, 700e8);
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        _fundKeeper();
        vm.expectPartialRevert(IWriteOff.AccountSolvent.selector);
        vm.prank(dave);
        vault.writeOff(accountOf(alice), 0, most, new uint256[](2), block.timestamp, dave, "");
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, accountOf(alice), wbtc));
        vm.prank(dave);
        vault.liquidate(accountOf(alice), leg(wbtc, USDC, ALL), 0, block.timestamp, dave, "");
    }

    /// X04: nothing is taken from an account that is covered at maintenance, however thin its cushion
    function testFuzz_X04_aCoveredAccountIsLeftAlone(uint256 owed, uint256 price) external {
        deposits(alice, weth, 100e18);
        owed = bound(owed, 100e6, 160_000e6);
        borrows(alice, USDC, owed);
        price = bound(price, 100e8, 2_000e8);
        moves(weth, int192(uint192(price)));
        if (price * 85 < owed * 100) return; // 100 · price / 1e8 · 0.85 < owed / 1e6
        uint256[] memory most = new uint256[](1);
        _fundKeeper();
        vm.startPrank(dave);
        vm.expectPartialRevert(ILiquidationRun.NotLiquidatable.selector);
        vault.liquidate(accountOf(alice), leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
        vm.expectPartialRevert(ILiquidationRun.NotLiquidatable.selector);
        vault.writeOff(accountOf(alice), 0, most, most, block.timestamp, dave, "");
        vm.stopPrank();
    }

    /// X11: a tiny second debt, left standing, does not enlarge what is taken for the first
    function test_X11_aTinySecondDebtDoesNotHelpTheLiquidator() external {
        _alicePledgesAndBorrows();
        borrows(alice, DAI, 100e18);
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 150_100e6);
        moves(weth, 1_700e8);
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, ALL);
        ILiquidation.LegReceipt memory single = liquidates(dave, bob, weth, USDC, ALL);
        assertApproxEqAbs(receipt.seizedAssets, single.seizedAssets, 1e12, "as from one debt of that size");
    }

    /// X15: an account that is called, rested and cured again and again pays nobody for it: not the caller, not the
    /// owner
    function test_X15_callingEarnsNothing() external {
        _alicePledgesAndBorrows();
        bytes32 before = _wealthOf(mallory);
        bytes32 ownersBefore = _wealthOf(alice);
        uint256 held = weth.balanceOf(address(vault));
        for (uint256 i; i < 5; ++i) {
            moves(weth, 1_750e8);
            vm.prank(mallory);
            vault.issueMarginCall(accountOf(alice));
            moves(weth, 1_800e8);
            vm.prank(mallory);
            vault.clearMarginCall(accountOf(alice));
            moves(weth, 2_000e8);
            vm.prank(mallory);
            vault.clearMarginCall(accountOf(alice));
        }
        assertEq(_wealthOf(mallory), before, "mallory");
        assertEq(_wealthOf(alice), ownersBefore, "alice");
        assertEq(weth.balanceOf(address(vault)), held, "the vault");
        (, uint256 owed) = vault.debtOf(accountOf(alice), USDC);
        assertEq(owed, 150_000e6, "nothing is charged either");
    }

    /// X17, known issue 19: slices over two pairs in one block. The bounds of the episode hold: together they never
    /// bring the account above its target, and cost it no more than bonus and fee of a whole cushion, nor than the
    /// share of its equity that was repaid of its debt
    function testFuzz_X17_slicesOverPairsStayWithinTheEpisode(uint256 slice, bool linkFirst) external {
        slice = bound(slice, 2_000e6, 60_000e6);
        deposits(alice, weth, 50e18);
        deposits(alice, link, 10_000e18);
        borrows(alice, USDC, 180_000e6);
        moves(link, 11e8);
        IVaultLens.HealthRow memory row = _rowOf(accountOf(alice));
        uint256 equityBefore = row.collateralValue - row.debtValue;
        uint256 debtBefore = row.debtValue;
        uint256 repaid;
        uint256 target;
        for (uint256 i; i < 60 && row.status == IVaultLens.AccountStatus.LIQUIDATABLE; ++i) {
            bool isLink = (i % 2 == 0) == linkFirst;
            repaid += liquidates(dave, alice, isLink ? link : weth, USDC, slice).repaidAssets;
            uint256 present = vault.accountOf(accountOf(alice)).episodeTargetBps;
            assertTrue(i == 0 || present <= target, "the target of the episode");
            target = present;
            row = _rowOf(accountOf(alice));
        }
        assertLe(row.coverMaintenance * 1e4, row.requirement * (1e4 + target) + 1e22, "not above the target");
        // what the account lost beyond its debt: bonus and fee
        uint256 lost = equityBefore - (row.collateralValue - row.debtValue);
        assertLe(lost, (repaid * 1e12 * (1_00 + 5_00 + 50)) / 1e4, "within bonus and fee of the whole cushion");
        assertLe(
            lost * debtBefore,
            equityBefore * (debtBefore - row.debtValue) + 1e38,
            "S-7: within its share of equity"
        );
    }

    // ---- helpers ----

    /// everything that a person has
    function _wealthOf(address person) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    person.balance,
                    usdc.balanceOf(person),
                    dai.balanceOf(person),
                    weth.balanceOf(person),
                    vault.holdingOf(accountOf(person), address(weth)),
                    usdcPool.balanceOf(person)
                )
            );
    }
}
