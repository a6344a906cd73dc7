// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Bundle} from "../support/Bundle.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks on liquidation: L01–L07, L13, L14; X10, X14. L08 stands in test/unit/VaultConfigurator.risk.t.sol.
contract LiquidationsAttackTest is Deployment {
    /// L01, B14: an owner who liquidates herself only pays the fee: what the liquidator gains is what the account
    /// loses
    function test_L01_selfLiquidationGainsNothing() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_700e8);
        uint256 before = _worth(alice, 1_700);
        uint256 expected = _liquidationsOf(accountOf(alice));
        vm.prank(alice);
        vault.liquidate(accountOf(alice), leg(weth, USDC, ALL), expected, block.timestamp, alice, "");
        assertLe(_worth(alice, 1_700), before, "no profit");
    }

    /// L01: the same asset on both sides (AlkemiEarn): still no profit
    function test_L01_theSameAssetOnBothSidesGainsNothing() external {
        vault.setSupplyCap(address(usdc), 90_000_000e6);
        vault.setPair(address(usdc), USDC, _pair(60_000, 50_000, 50_000_000e18, 2_00));
        deposits(mallory, usdc, 100_000e6);
        borrows(mallory, USDC, 94_000e6);
        skip(3_000 days); // interest carries it below its line
        passes(0);
        usdc.mint(mallory, 1_000_000e6);
        IVaultLens.HealthRow memory row = _rowOf(accountOf(mallory));
        assertLt(row.coverMaintenance, row.requirement, "below its line");
        uint256 nav = row.collateralValue > row.debtValue ? row.collateralValue - row.debtValue : 0;
        uint256 before = usdc.balanceOf(mallory) * 1e12 + nav;
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        vm.prank(mallory);
        (bool success, ) = address(vault).call(
            abi.encodeCall(vault.liquidate, (accountOf(mallory), leg(usdc, USDC, ALL), 0, block.timestamp, mallory, ""))
        );
        if (!success) {
            vm.prank(mallory);
            vault.writeOff(accountOf(mallory), 0, most, new uint256[](1), block.timestamp, mallory, "");
        }
        row = _rowOf(accountOf(mallory));
        uint256 present = usdc.balanceOf(mallory) * 1e12 + row.collateralValue - row.debtValue;
        // a write-off leaves the liquidator at most the least bonus on what is there
        assertLe(present, before + 100_000e18 / 100, "no more than the bonus of a write-off");
    }

    /// L01: nobody flashes an own account below its line and takes the bonus in the same transaction
    function test_L01_theAccountCoolsOff() external {
        Bundle bundle = new Bundle();
        AccountId account = toAccountId(address(bundle), 0);
        deposits(bob, weth, 1);
        weth.mint(address(bundle), 100e18);
        address[] memory targets = new address[](5);
        bytes[] memory payloads = new bytes[](5);
        uint256[] memory ids = new uint256[](1);
        ids[0] = 2;
        (targets[0], payloads[0]) = (address(weth), abi.encodeCall(weth.approve, (address(vault), ALL)));
        (targets[1], payloads[1]) = (
            address(vault),
            abi.encodeCall(vault.depositAndBorrow, (account, address(weth), 100e18, USDC, 160_000e6, address(bundle)))
        );
        (targets[2], payloads[2]) = (
            address(feedOf[address(weth)]),
            abi.encodeWithSignature("push(int192,uint64)", int192(1_700e8), uint64(block.timestamp))
        );
        (targets[3], payloads[3]) = (address(vault), abi.encodeCall(vault.refreshPrices, (ids)));
        (targets[4], payloads[4]) = (
            address(vault),
            abi.encodeCall(vault.liquidate, (account, leg(weth, USDC, ALL), 0, block.timestamp, address(bundle), ""))
        );
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.CoolingOff.selector, account));
        bundle.run(targets, payloads);
    }

    /// L02, X14: a speck repaid or deposited in front of a liquidation changes neither the count nor fails an amount
    function test_L02_X14_aSpeckInFrontDoesNotStopALiquidation() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_700e8);
        uint256 expected = _liquidationsOf(accountOf(alice));
        (, uint256 owed) = vault.debtOf(accountOf(alice), USDC);
        repays(alice, USDC, 1);
        deposits(alice, weth, 1);
        _fundKeeper();
        vm.prank(dave);
        ILiquidation.LegReceipt[] memory receipts = vault.liquidate(
            accountOf(alice),
            leg(weth, USDC, owed),
            expected,
            block.timestamp,
            dave,
            ""
        );
        assertGt(receipts[0].repaidAssets, 90_000e6);
    }

    /// L03: a speck does not send the bonus of an expired call back to its start
    function test_L03_theClockIsNotRestarted() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_750e8);
        passes(vault.issueMarginCall(accountOf(alice)) - block.timestamp + 2 hours);
        moves(weth, 1_750e8);
        uint256 id = vm.snapshotState();
        ILiquidation.LegReceipt memory plain = liquidates(dave, alice, weth, USDC, 50_000e6);
        vm.revertToState(id);
        deposits(alice, weth, 1);
        ILiquidation.LegReceipt memory flickered = liquidates(dave, alice, weth, USDC, 50_000e6);
        assertApproxEqAbs(flickered.seizedAssets, plain.seizedAssets, 1e6);
    }

    /// L04: nothing leaves an account that is below its line, to whichever account or receiver
    function test_L04_collateralCannotBeShuffledAway() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_750e8);
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(weth), 1, bob);
    }

    /// L05: a stranger cannot open slots to make a liquidation dear
    function test_L05_strangersOpenNoSlots() external {
        _alicePledgesAndBorrows();
        wbtc.mint(mallory, 1);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, accountOf(alice), mallory, 1));
        vm.prank(mallory);
        vault.deposit(accountOf(alice), address(wbtc), 1);
    }

    /// H3: eight collaterals and four debts are liquidated within 3 million gas
    function test_L05_theLargestAccountFitsAnyBlock() external {
        string[5] memory names = ["A", "B", "C", "D", "E"];
        MockToken[8] memory held;
        (held[0], held[1], held[2]) = (weth, wbtc, link);
        for (uint256 i; i < 5; ++i) held[i + 3] = _token(names[i], 18, 100e8, 1_000_000e18);
        for (uint8 p = 2; p < 4; ++p) {
            MockToken cash = _token("CASH", 6, 1e8, 0);
            _addPool(cash);
        }
        for (uint8 p; p < 4; ++p) {
            for (uint256 i; i < 8; ++i) {
                vault.setPair(address(held[i]), PoolId.wrap(p), _pair(200_000, 150_000, 300_000_000e18, 10_00));
            }
        }
        _approveAll(bob);
        _approveAll(dave);
        for (uint256 i; i < 8; ++i) deposits(bob, held[i], i == 1 ? 1e7 : 10e18);
        for (uint8 p; p < 4; ++p) borrows(bob, PoolId.wrap(p), p == 1 ? 5_000e18 : 5_000e6);
        moves(weth, 1_400e8);
        moves(wbtc, 30_000e8);
        _fundKeeper();
        MockToken(tokens[8]).mint(dave, 1e12);
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](32);
        for (uint256 k; k < 32; ++k) legs[k] = _leg(held[k / 4], PoolId.wrap(uint8(k % 4)), ALL);
        for (uint256 i; i < tokens.length; ++i) MockToken(tokens[i]).mint(dave, 1e24);
        uint256 before = gasleft();
        vm.prank(dave);
        vault.liquidate(accountOf(bob), legs, 0, block.timestamp, dave, "");
        uint256 used = before - gasleft();
        // code above the limit is instrumented: its gas means nothing
        if (address(vault).code.length > 24_576) return;
        assertLt(used, 3_000_000, "gas");
    }

    /// L07: a leg on a speck costs less than a unit, takes nothing, and shields nothing from the legs beside it
    function test_L07_aSpeckShieldsNothing() external {
        deposits(alice, weth, 100e18);
        deposits(alice, wbtc, 1);
        borrows(alice, DAI, 150_000e18);
        moves(weth, 1_700e8);
        _fundKeeper();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        (legs[0], legs[1]) = (_leg(wbtc, DAI, ALL), _leg(weth, DAI, ALL));
        vm.prank(dave);
        ILiquidation.LegReceipt[] memory receipts = vault.liquidate(
            accountOf(alice),
            legs,
            ALL,
            block.timestamp,
            dave,
            ""
        );
        assertEq(receipts[0].seizedAssets, 0, "less than a unit");
        assertLt(receipts[0].repaidAssets, 0.001e18, "and hardly paid for");
        assertGt(receipts[1].repaidAssets, 90_000e18, "the account is liquidated");
    }

    /// L06: the borrower is never called: one without code, or whose code fails, is liquidated all the same
    function test_L06_theBorrowerIsNeverCalled() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_700e8);
        vm.etch(alice, hex"60006000fd");
        liquidates(dave, alice, weth, USDC, ALL);
    }

    /// L07: dust in a second collateral does not keep a hopeless account alive
    function test_L07_dustDoesNotBlockAWriteOff() external {
        _alicePledgesAndBorrows();
        deposits(alice, link, 1);
        moves(weth, 1_000e8);
        writesOff(dave, alice);
        assertEq(_rowOf(accountOf(alice)).debtValue, 0);
    }

    /// L13: whatever a liquidator leaves while the account is below its line can be liquidated in full
    function testFuzz_L13_aRemainderIsLiquidatable(uint256 owed, uint256 price, uint256 part) external {
        deposits(bob, weth, 1e18);
        borrows(bob, USDC, bound(owed, 1_520e6, 1_600e6));
        moves(weth, int192(uint192(bound(price, 1_660e8, 1_690e8))));
        IVaultLens.HealthRow memory row = _rowOf(accountOf(bob));
        if (row.status != IVaultLens.AccountStatus.LIQUIDATABLE) return;
        ILiquidation.LegReceipt memory receipt = liquidates(dave, bob, weth, USDC, bound(part, 100e6, 1_700e6));
        assertTrue(receipt.debtShares == 0 || receipt.holdingAssets != 0, "no debt without collateral");
        row = _rowOf(accountOf(bob));
        if (row.status != IVaultLens.AccountStatus.LIQUIDATABLE) return;
        receipt = liquidates(dave, bob, weth, USDC, ALL);
        row = _rowOf(accountOf(bob));
        assertGe(row.coverMaintenance, row.requirement, "covered or closed");
    }

    /// L14: a debt is paid in its own cash and in nothing else. In a depeg its units cost less, and so does what they
    /// buy: what is seized is worth no more than the units, bonus and fee
    function test_L14_aDepeggedCashBuysWhatItIsWorth() external {
        deposits(alice, weth, 100e18);
        borrows(alice, DAI, 75_000e18);
        borrows(alice, USDC, 75_000e6);
        moves(dai, 0.8e8); // 60,000 + 75,000
        moves(weth, 1_530e8); // 130,050 < 135,000: 21.6 % of the cushion used
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, DAI, 30_000e18);
        uint256 paidValue = (receipt.repaidAssets * 80) / 100;
        uint256 seizedValue = receipt.seizedAssets * 1_530;
        assertEq(receipt.repaidAssets, 30_000e18, "units of DAI");
        // β = 1 % + 5 % · 0.2156, φ = 0.5 %
        assertApproxEqAbs(seizedValue, (paidValue * 1.02578e18) / 1e18, 5e18, "24,000 and a bonus");
    }

    /// L14: without the debt's own cash there is no liquidation, whatever else the liquidator has
    function test_L14_onlyTheDebtsOwnCashPays() external {
        deposits(alice, weth, 100e18);
        borrows(alice, DAI, 150_000e18);
        moves(weth, 1_700e8);
        usdc.mint(mallory, 1_000_000e6);
        vm.prank(mallory);
        (bool success, ) = address(vault).call(
            abi.encodeCall(vault.liquidate, (accountOf(alice), leg(weth, DAI, ALL), ALL, ALL, mallory, ""))
        );
        assertFalse(success, "no DAI");
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.DebtNotOwed.selector, accountOf(alice), USDC));
        vm.prank(mallory);
        vault.liquidate(accountOf(alice), leg(weth, USDC, ALL), ALL, block.timestamp, mallory, "");
    }

    /// X10: a thin haircut is not closed whole: the target is a share of the cushion
    function test_X10_aThinHaircutIsNotClosedWhole() external {
        MockToken thin = _token("THIN", 18, 1_000e8, 100_000e18);
        vault.setPair(address(thin), DAI, _pair(40_000, 30_000, 200_000_000e18, 1_00));
        _approveAll(alice);
        deposits(alice, thin, 100e18);
        borrows(alice, DAI, 96_000e18);
        moves(thin, 983e8); // 95,351 < 96,000: more than a fifth of the cushion of 2,949 is used
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, thin, DAI, ALL);
        assertLt(receipt.repaidAssets, 86_000e18, "a part");
        IVaultLens.HealthRow memory row = _rowOf(accountOf(alice));
        // 1 + 0.6 * 0.03 / 0.97 = 1.0185
        assertApproxEqAbs((row.coverMaintenance * 1e18) / row.requirement, 1.0185e18, 1e13, "target");
    }

    // ---- helpers ----

    /// everything that a person has, in USD: WETH at `price`, what is in the account, cash
    function _worth(address person, uint256 price) private view returns (uint256) {
        IVaultLens.HealthRow memory row = _rowOf(accountOf(person));
        return weth.balanceOf(person) * price + usdc.balanceOf(person) * 1e12 + row.collateralValue - row.debtValue;
    }

    function _addPool(MockToken cash) private {
        address pool = address(_pool(cash, "more", 1e6, 1e15));
        cash.mint(carol, 1e12);
        vm.prank(carol);
        cash.approve(pool, ALL);
        vm.prank(carol);
        (bool success, ) = pool.call(abi.encodeWithSignature("deposit(uint256,address)", 1e12, carol));
        assertTrue(success);
    }
}
