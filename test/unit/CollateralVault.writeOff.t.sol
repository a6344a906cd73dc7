// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Vm} from "../support/Vm.sol";
import {Deployment} from "../support/Deployment.sol";

/// writeOff
/// ├── given the account is solvent or covered, or a caller's condition does not hold, it reverts
/// ├── given a collateral is not fresh or paused, and worth more than dust, it reverts
/// └── else the caller pays Σ C / (1 + β_min), takes everything, and the pools book the rest: fee reserve first
contract CollateralVaultWriteOffTest is Deployment {
    AccountId internal account;

    function setUp() public override {
        super.setUp();
        _alicePledgesAndBorrows();
        account = accountOf(alice);
        _fundKeeper();
    }

    function test_writeOff_revertsWith_NotLiquidatable() external {
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidationRun.NotLiquidatable.selector, account, 150_000e18, 170_000e18)
        );
        _try(_list(ALL), _list(0));
    }

    function test_writeOff_revertsWith_AccountSolvent() external {
        moves(weth, 1_522.5e8); // exactly (1 + 1 % + 0.5 %) · 150,000
        vm.expectRevert(abi.encodeWithSelector(IWriteOff.AccountSolvent.selector, account, 150_000e18, 152_250e18));
        _try(_list(ALL), _list(0));
        moves(weth, 1_522.49e8);
        _try(_list(ALL), _list(0));
    }

    function test_writeOff_revertsWith_ListLengthMismatch() external {
        moves(weth, 1_000e8);
        vm.expectRevert(
            abi.encodeWithSelector(IWriteOff.ListLengthMismatch.selector, bytes32("maxRepaidAssets"), 2, 1)
        );
        _try(new uint256[](2), _list(0));
        vm.expectRevert(abi.encodeWithSelector(IWriteOff.ListLengthMismatch.selector, bytes32("minimumOut"), 0, 1));
        _try(_list(ALL), new uint256[](0));
    }

    function test_writeOff_revertsWith_PaymentAboveMaximum() external {
        moves(weth, 1_010e8);
        vm.expectRevert(abi.encodeWithSelector(IWriteOff.PaymentAboveMaximum.selector, USDC, 100_000e6, 100_000e6 - 1));
        _try(_list(100_000e6 - 1), _list(0));
        _try(_list(100_000e6), _list(0));
    }

    function test_writeOff_revertsWith_OutputBelowMinimum() external {
        moves(weth, 1_010e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.OutputBelowMinimum.selector, weth, 100e18, 100e18 + 1));
        _try(_list(ALL), _list(100e18 + 1));
    }

    /// while what is left cannot be taken nothing is lost: an owner would wait for the lowest price
    function test_writeOff_waitsForPausedCollateral() external {
        moves(weth, 1_010e8);
        vault.setAssetPause(address(weth), false, true);
        vm.expectRevert(abi.encodeWithSelector(IWriteOff.NothingToWriteOff.selector, account));
        _try(_list(ALL), _list(0));
        vault.setAssetPause(address(weth), false, false);
        skip(1 hours);
        moves(weth, 1_010e8);
        moves(usdc, 1e8);
        writesOff(dave, alice);
        assertEq(vault.accountOf(account).snapshot.debts.length, 0, "and goes when it can be taken");
    }

    /// dust beside what cannot be taken: nothing happens, or it could happen again and again
    function test_writeOff_revertsWith_NothingToWriteOff_whenOnlyDustCouldBeTaken() external {
        deposits(alice, wbtc, 1e5); // 60 USD
        moves(weth, 1_010e8);
        vault.setAssetPause(address(weth), false, true);
        vm.expectRevert(abi.encodeWithSelector(IWriteOff.NothingToWriteOff.selector, account));
        _try(_list(ALL), _list2(0, 0));
    }

    /// T05, L07: a speck of a token that does not move is left to the owner
    function test_writeOff_leavesASpeckIfAsked() external {
        deposits(alice, wbtc, 1e5); // 60 USD, below the dust value
        moves(weth, 1_010e8);
        vm.prank(dave);
        (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) = vault.writeOff(
            account,
            0,
            _list(ALL),
            _list2(100e18, ALL),
            block.timestamp,
            dave,
            ""
        );
        assertEq(taken[1].seizedAssets, 0, "left");
        assertEq(settled[0].lossAssets, 49_940_594_059, "and paid for all the same: 60 / 1.01");
        assertEq(vault.accountOf(account).snapshot.debts.length, 0, "no debt");
    }

    /// only specks can be left
    function test_writeOff_revertsWith_OutputBelowMinimum_whenMoreThanASpeckIsLeft() external {
        moves(weth, 1_010e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.OutputBelowMinimum.selector, weth, 100e18, ALL));
        _try(_list(ALL), _list(ALL));
    }

    function test_writeOff_takesWhatIsDeclaredWorthless() external {
        deposits(alice, wbtc, 1e6); // 600 USD
        skip(1 hours + 1);
        moves(weth, 1_010e8);
        moves(usdc, 1e8);
        vault.setWorthless(address(wbtc), true);
        (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        assertEq(taken[1].seizedAssets, 1e6, "goes");
        assertEq(settled[0].repaidAssets, 100_000e6, "pays for the other alone");
        assertEq(vault.accountOf(account).snapshot.debts.length, 0, "no debt");
    }

    /// X02: a speck without a price is handed over
    function test_writeOff_takesAStaleSpeck() external {
        deposits(alice, wbtc, 1e5); // 60 USD, below the dust value
        skip(1 hours + 1);
        moves(weth, 1_010e8);
        moves(usdc, 1e8);
        (IWriteOff.Taken[] memory taken, ) = writesOff(dave, alice);
        assertEq(taken[1].asset, address(wbtc));
        assertEq(taken[1].seizedAssets, 1e5);
    }

    /// X03: a large one is not; it keeps the rest of the debt
    function test_X03_writeOff_leavesALargeStaleOne() external {
        deposits(alice, wbtc, 1e6); // 600 USD
        skip(1 hours + 1);
        moves(weth, 1_010e8);
        moves(usdc, 1e8);
        (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        assertEq(taken[0].seizedAssets, 100e18, "the priced one goes");
        assertEq(taken[1].seizedAssets, 0, "the other stays");
        assertEq(settled[0].repaidAssets, 100_000e6, "101,000 / 1.01 is paid");
        assertEq(settled[0].lossAssets, 0, "nothing is lost yet");
        (, uint256 owed) = vault.debtOf(account, USDC);
        assertApproxEqAbs(owed, 50_000e6, 1e6, "the rest stays, with a little interest");
        assertApproxEqAbs(
            usdcPool.flaggedLoss().lossAssets,
            owed - 594_059_405,
            2,
            "and the pool knows: less 600 / 1.01"
        );
    }

    function test_writeOff_paysForTheCollateralAndBooksTheLoss() external {
        moves(weth, 1_010e8); // 101,000 / 1.01 = 100,000 to pay, 50,000 lost
        uint256 before = usdcPool.totalAssets();
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.LossAbsorbed(50_000e6, 0, 0, 0, 50_000e6);
        _try(_list(ALL), _list(100e18));
        assertEq(usdcPool.totalAssets(), before - 50_000e6, "lenders bear exactly the loss");
        assertEq(usdcPool.totals().cashAssets, 9_850_000e6 + 100_000e6, "paid");
        assertEq(usdcPool.totals().debtShares, 0, "no debt");
        assertEq(weth.balanceOf(dave), 100e18, "taken");
        assertEq(vault.accountOf(account).snapshot.collaterals.length, 0, "no collateral");
        assertEq(_rowOf(account).liquidations, 1, "counted");
    }

    function test_writeOff_tells() external {
        moves(weth, 1_010e8);
        vm.recordLogs();
        (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool isFound;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IWriteOff.WrittenOff.selector) continue;
            isFound = true;
            assertEq(logs[i].topics[1], AccountId.unwrap(account), "account");
            assertEq(logs[i].data, abi.encode(taken, settled, 1, 3), "data");
        }
        assertTrue(isFound, "told");
        assertEq(taken[0].price, 1_010e18, "price");
        assertEq(settled[0].repaidAssets, 100_000e6, "repaid");
        assertEq(settled[0].lossAssets, 50_000e6, "lost");
    }

    /// the fee reserve bears first
    function test_writeOff_lossGoesThroughTheWaterfall() external {
        passes(365 days);
        moves(weth, 1_010e8);
        uint256 fees = usdcPool.totals().feeAssets;
        uint256 before = usdcPool.totalAssets();
        assertGt(fees, 150e6, "10 % of the interest");
        (, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        assertEq(usdcPool.totals().feeAssets, 0, "borne by the reserve");
        assertApproxEqAbs(before - usdcPool.totalAssets(), settled[0].lossAssets - fees, 2, "the rest by lenders");
    }

    /// 1.01 · D ≤ C < 1.015 · D: the debt is paid in full and the surplus stays with the owner
    function test_writeOff_leavesTheSurplusToTheOwner() external {
        moves(weth, 1_520e8);
        (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        assertEq(settled[0].repaidAssets, 150_000e6, "paid");
        assertEq(settled[0].lossAssets, 0, "no loss");
        assertApproxEqAbs(taken[0].seizedAssets, 99.671052631578947368e18, 1, "151,500 / 1,520");
        assertEq(vault.holdingOf(account, address(weth)), 100e18 - taken[0].seizedAssets, "the rest is alice's");
        withdraws(alice, weth, ALL);
    }

    function test_writeOff_clearsTheCall() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        moves(weth, 1_010e8);
        writesOff(dave, alice);
        assertEq(vault.accountOf(account).callState, 0);
    }

    /// several debts share the payment by what they are worth
    function test_writeOff_isProRataOverTheDebts() external {
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 100_000e6);
        borrows(bob, DAI, 50_000e18);
        moves(weth, 1_010e8);
        (, IWriteOff.Settled[] memory settled) = writesOff(dave, bob);
        assertApproxEqAbs(settled[0].repaidAssets, 66_666_666_667, 1, "two thirds");
        assertApproxEqAbs(settled[1].repaidAssets, 33_333.333333333333333333e18, 1e12, "one third");
        assertEq(settled[0].repaidAssets + settled[0].lossAssets, 100_000e6, "all");
        assertEq(settled[1].repaidAssets + settled[1].lossAssets, 50_000e18, "all");
    }

    /// whatever the price, the pool loses exactly what is told, and nothing is left behind (B8)
    function testFuzz_writeOff_leavesNoDebt(uint256 price, uint256 elapsedFor) external {
        passes(bound(elapsedFor, 0, 90 days));
        moves(weth, int192(uint192(bound(price, 2e4, 1_500e8))));
        uint256 gross = usdcPool.totals().cashAssets + usdcPool.totals().debtAssets;
        (, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        uint256 present = usdcPool.totals().cashAssets + usdcPool.totals().debtAssets;
        assertApproxEqAbs(gross - present, settled[0].lossAssets, 1, "loss");
        (uint256 shares, ) = vault.debtOf(account, USDC);
        assertEq(shares + usdcPool.totals().debtShares, 0, "no debt");
        IVaultLens.HealthRow memory row = _rowOf(account);
        assertEq(row.requirement, 0, "nothing required");
    }

    /// LOSS-8: the same write-off of the same pool costs the same gas with one lender and with fifty. Each is measured
    /// in a transaction of its own, from the same cold storage, so there is no noise to allow for: not one unit of gas
    function test_writeOff_takesTheSameWork_forAnyNumberOfLenders() external {
        uint256 id = vm.snapshotState();
        moves(weth, 1_010e8);
        uint256 withOne = this.gasOfWriteOff();
        assertEq(usdcPool.convertToAssets(usdcPool.balanceOf(carol)), 9_950_000e6, "one lender bears it");
        vm.revertToState(id);
        address[50] memory lenders;
        lenders[0] = carol;
        vm.prank(carol);
        usdcPool.withdraw(9_800_000e6, carol, carol);
        for (uint256 i = 1; i < 50; ++i) {
            lenders[i] = vm.addr(i + 1_000);
            vm.prank(lenders[i]);
            usdc.approve(address(usdcPool), ALL);
            lends(lenders[i], usdcPool, 200_000e6);
        }
        moves(weth, 1_010e8);
        uint256 withFifty = this.gasOfWriteOff();
        for (uint256 i; i < 50; ++i) {
            uint256 worth = usdcPool.convertToAssets(usdcPool.balanceOf(lenders[i]));
            assertEq(worth, 199_000e6, "fifty bear a fiftieth each");
        }
        assertGt(withOne, 100_000, "something was measured");
        assertEq(withFifty, withOne, "gas");
    }

    /// called by the test alone, so that the measure starts with nothing warm
    function gasOfWriteOff() external returns (uint256) {
        uint256[] memory most = _list(ALL);
        uint256[] memory least = _list(0);
        vm.prank(dave);
        uint256 before = gasleft();
        vault.writeOff(account, 0, most, least, block.timestamp, dave, "");
        return before - gasleft();
    }

    // ---- helpers ----

    function _try(uint256[] memory most, uint256[] memory least) private {
        vm.prank(dave);
        vault.writeOff(account, 0, most, least, block.timestamp, dave, "");
    }

    function _list(uint256 value) private pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = value;
    }

    function _list2(uint256 first, uint256 second) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (first, second);
    }
}
