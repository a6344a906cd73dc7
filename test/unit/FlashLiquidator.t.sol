// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {LiquidatorStage} from "../support/LiquidatorStage.sol";
import {ShortVenue} from "../support/HostileVenues.sol";
import {Vm} from "../support/Vm.sol";

/// a run with the vault's callback ├── given the caller is neither owner nor keeper, or calls back by itself, it
/// reverts ├── when a swap is malformed, unbounded, sells what the run has not brought, or brings too little, it
/// reverts ├── when the proceeds do not pay, or leave too little, it reverts └── else collateral is sold, the vault is
/// paid, the rest stays, and no allowance is left
contract FlashLiquidatorTest is LiquidatorStage {
    // ---- liquidation ----

    function test_liquidate_paysFromTheSale_andKeepsTheRest() external {
        _aliceIsLiquidatable();
        (uint256 stock, uint256 cash) = (usdc.balanceOf(address(venue)), _cashIn(usdcPool));
        vm.recordLogs();
        uint256 profit = _liquidates(dave, leg(weth, USDC, ALL), _wethSale(1_690e6, 1_000e6));
        uint256 proceeds = stock - usdc.balanceOf(address(venue));
        uint256 paid = _cashIn(usdcPool) - cash;
        assertEq(profit, proceeds - paid, "what the sale brought beyond what the vault took");
        assertEq(usdc.balanceOf(address(liquidator)), profit, "stays in the contract");
        // by hand: used 6,350 / 25,350, bonus 1 % + 5 % · 0.2505 = 2.25 %, x* = (1.1059 · 150,000 − 143,650) /
        // (1.1059 − 0.85 · 1.0275) = 95,622; of 98,252 sold 0.05 % go to the tier and 0.49 % to the depth
        assertApproxEqAbs(profit, 1_622e6, 15e6, "bonus less fee tier and impact");
        assertEq(weth.balanceOf(address(liquidator)), 0, "no collateral is left");
        assertEq(usdc.balanceOf(dave) + weth.balanceOf(dave), 0, "the keeper has nothing, before and after");
        _toldProfit(profit);
        assertEq(_rowOf(account).liquidations, 1);
    }

    function _toldProfit(uint256 profit) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        assertEq(last.topics[0], IFlashLiquidator.ProfitMade.selector);
        assertEq(last.topics[1], AccountId.unwrap(account), "account");
        assertEq(last.topics[2], bytes32(uint256(uint160(address(usdc)))), "token");
        assertEq(abi.decode(last.data, (uint256)), profit, "profit");
    }

    function test_liquidate_leavesNoAllowance() external {
        _aliceIsLiquidatable();
        _liquidates(dave, leg(weth, USDC, ALL), _wethSale(1_690e6, 0));
        _hasNoAllowances(address(vault));
        _hasNoAllowances(address(venue));
    }

    function test_liquidate_takesBackAnAllowance_thatTheVenueDidNotUse() external {
        _aliceIsLiquidatable();
        ShortVenue half = new ShortVenue(5_000, 10_000);
        usdc.mint(address(half), 1_000_000e6);
        liquidator = _liquidatorAt(address(half), dave);
        _liquidates(dave, leg(weth, USDC, ALL), _wethSale(1_750e6, 0));
        _hasNoAllowances(address(half));
        assertGt(weth.balanceOf(address(liquidator)), 0, "what was not sold is here");
    }

    function test_liquidate_twoDebtsOfTwoCollaterals() external {
        _aliceOwesTwo();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        legs[0] = _leg(weth, USDC, ALL);
        legs[1] = _leg(wbtc, DAI, ALL);
        IFlashLiquidator.Sale memory sale = _wethSale(1_710e6, 100e6);
        IFlashLiquidator.Swap[] memory swaps = new IFlashLiquidator.Swap[](2);
        swaps[0] = sale.swaps[0];
        // two pools in a row
        swaps[1] = _swap(wbtc, dai, WHOLE, 50_700e18);
        swaps[1].path = abi.encodePacked(wbtc, FEE, weth, FEE, dai);
        sale.swaps = swaps;
        uint256 profit = _liquidates(dave, legs, sale);
        assertGt(profit, 100e6, "of the first");
        assertGt(dai.balanceOf(address(liquidator)), 0, "of the second");
        assertEq(weth.balanceOf(address(liquidator)) + wbtc.balanceOf(address(liquidator)), 0, "all is sold");
        _hasNoAllowances(address(vault));
        _hasNoAllowances(address(venue));
    }

    function test_liquidate_oneCollateralSplitOverTwoDebts() external {
        _aliceOwesTwo();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        legs[0] = _leg(weth, USDC, 10_000e6);
        legs[1] = _leg(weth, DAI, 10_000e18);
        IFlashLiquidator.Sale memory sale = _wethSale(1_710e6, 100e6);
        IFlashLiquidator.Swap[] memory swaps = new IFlashLiquidator.Swap[](3);
        // a share pays the second debt, all that is left the first; of what was not seized nothing is sold
        swaps[0] = _swap(weth, dai, 50_00, 1_693e18);
        swaps[1] = sale.swaps[0];
        swaps[2] = _swap(link, usdc, WHOLE, 1);
        sale.swaps = swaps;
        assertGt(_liquidates(dave, legs, sale), 100e6);
        assertEq(weth.balanceOf(address(liquidator)), 0, "all is sold");
    }

    function test_liquidate_paysOneDebtOfTwo_withAnExactAmount() external {
        _aliceOwesTwo();
        IFlashLiquidator.Sale memory sale = _sale(_swap(weth, usdc, 0, 1_690e6 * 6), 0);
        sale.swaps[0].amountIn = 6e18;
        _liquidates(dave, leg(weth, USDC, 10_000e6), sale);
        assertLt(weth.balanceOf(address(liquidator)), 1e17, "about what the leg brought beyond 6 WETH");
    }

    // ---- write-off ----

    function test_writeOff_paysFromTheSale_andKeepsTheRest() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_400e8);
        (IFlashLiquidator.WriteOff memory order, IFlashLiquidator.Sale memory sale) = (
            _writeOffOrder(),
            _wethSale(1_400e6, 0)
        );
        vm.prank(dave);
        uint256 profit = liquidator.writeOff(order, sale);
        // the vault takes 140,000 / 1.01 = 138,614; the sale brings 140,000 · 0.9995 / 1.007 = 138,957
        assertApproxEqAbs(profit, 343e6, 5e6);
        assertEq(usdc.balanceOf(address(liquidator)), profit);
        assertEq(vault.holdingOf(account, address(weth)), 0);
        _hasNoAllowances(address(vault));
        _hasNoAllowances(address(venue));
    }

    // ---- bounds ----

    function test_liquidate_revertsWith_tooLittleReceived() external {
        _aliceIsLiquidatable();
        IFlashLiquidator.Sale memory sale = _sale(_swap(weth, usdc, WHOLE, 1_685e6), 0); // 0.3 % below the feed
        bytes memory reason = abi.encodeWithSignature("Error(string)", "Too little received");
        _failsWith(dave, address(liquidator), _liquidation(sale), reason);
    }

    function test_liquidate_revertsWith_SwapOutputBelowMinimum_whateverTheVenueSays() external {
        _aliceIsLiquidatable();
        ShortVenue short = new ShortVenue(10_000, 9_999);
        usdc.mint(address(short), 1_000_000e6);
        liquidator = _liquidatorAt(address(short), dave);
        _failsBy(dave, _liquidation(_wethSale(1_750e6, 0)), IFlashLiquidator.SwapOutputBelowMinimum.selector);
    }

    function test_liquidate_revertsWith_ProfitBelowMinimum() external {
        _aliceIsLiquidatable();
        bytes memory payload = _liquidation(_wethSale(1_690e6, 5_000e6));
        _failsBy(dave, payload, IFlashLiquidator.ProfitBelowMinimum.selector);
    }

    function test_liquidate_revertsWith_ProfitBelowMinimum_whenItsTokenGotLess() external {
        _aliceIsLiquidatable();
        IFlashLiquidator.Sale memory sale = _wethSale(1_690e6, 0);
        sale.profitToken = address(new ShrinkingBalance());
        _failsBy(dave, _liquidation(sale), IFlashLiquidator.ProfitBelowMinimum.selector);
    }

    function test_liquidate_revertsWith_InsufficientProceeds_whenNothingIsSold() external {
        _aliceIsLiquidatable();
        usdc.mint(address(liquidator), 1_000_000e6); // profit of earlier runs does not pay
        IFlashLiquidator.Sale memory sale = _wethSale(1_690e6, 0);
        sale.swaps = new IFlashLiquidator.Swap[](0);
        _failsBy(dave, _liquidation(sale), IFlashLiquidator.InsufficientProceeds.selector);
    }

    function test_liquidate_revertsWith_InsufficientProceeds_whenMoreIsSoldThanSeized() external {
        _aliceIsLiquidatable();
        weth.mint(address(liquidator), 1_000e18); // what was there before is not sold
        IFlashLiquidator.Sale memory sale = _sale(_swap(weth, usdc, 0, 1), 0);
        sale.swaps[0].amountIn = 500e18;
        _failsBy(dave, _liquidation(sale), IFlashLiquidator.InsufficientProceeds.selector);
        sale = _wethSale(1_690e6, 0);
        sale.swaps[0].shareBps = WHOLE + 1;
        _failsBy(dave, _liquidation(sale), IFlashLiquidator.InsufficientProceeds.selector);
    }

    function test_liquidate_revertsWith_SwapUnbounded() external {
        _aliceIsLiquidatable();
        bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.SwapUnbounded.selector, weth);
        IFlashLiquidator.Sale memory sale = _sale(_swap(weth, usdc, WHOLE, 0), 0);
        _failsWith(dave, address(liquidator), _liquidation(sale), reason);
        sale = _wethSale(1_690e6, 0);
        sale.swaps[0].amountIn = 0;
        _failsWith(dave, address(liquidator), _liquidation(sale), reason);
    }

    function test_liquidate_revertsWith_PathMalformed() external {
        _aliceIsLiquidatable();
        bytes[3] memory paths = [
            abi.encodePacked(weth),
            abi.encodePacked(weth, FEE, usdc, FEE),
            abi.encodePacked(weth, usdc)
        ];
        for (uint256 i; i < paths.length; ++i) {
            IFlashLiquidator.Sale memory sale = _wethSale(1_690e6, 0);
            sale.swaps[0].path = paths[i];
            bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.PathMalformed.selector, paths[i].length);
            _failsWith(dave, address(liquidator), _liquidation(sale), reason);
        }
    }

    function test_liquidate_revertsWith_CallbackMissing() external {
        _aliceIsLiquidatable();
        bytes memory nothing = abi.encode(new ILiquidation.LegReceipt[](0));
        vm.mockCall(address(vault), abi.encodePacked(vault.liquidate.selector), nothing);
        bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.CallbackMissing.selector, vault);
        _failsWith(dave, address(liquidator), _liquidation(_wethSale(1_690e6, 0)), reason);
    }

    // ---- who may what ----

    function test_runs_revertWith_CallerNotKeeper() external {
        _aliceIsLiquidatable();
        IFlashLiquidator.Loan[] memory loans = new IFlashLiquidator.Loan[](1);
        IFlashLiquidator.Liquidation memory order = _order(leg(weth, USDC, ALL));
        IFlashLiquidator.Sale memory sale = _wethSale(1_690e6, 0);
        bytes[4] memory payloads = [
            abi.encodeCall(liquidator.liquidate, (order, sale)),
            abi.encodeCall(liquidator.writeOff, (_writeOffOrder(), sale)),
            abi.encodeCall(liquidator.liquidateWithFlashLoan, (order, sale, loans)),
            abi.encodeCall(liquidator.writeOffWithFlashLoan, (_writeOffOrder(), sale, loans))
        ];
        bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.CallerNotKeeper.selector, mallory);
        for (uint256 i; i < payloads.length; ++i) _failsWith(mallory, address(liquidator), payloads[i], reason);
    }

    function test_owner_mayRunToo() external {
        _aliceIsLiquidatable();
        assertGt(_liquidates(cold, leg(weth, USDC, ALL), _wethSale(1_690e6, 0)), 0);
    }

    function test_ownersFunctions_revertWith_OwnableUnauthorizedAccount() external {
        bytes[3] memory payloads = [
            abi.encodeCall(liquidator.withdraw, (address(usdc), 0, mallory)),
            abi.encodeCall(liquidator.setKeeper, (mallory)),
            abi.encodeCall(liquidator.transferOwnership, (mallory))
        ];
        address[2] memory others = [mallory, dave];
        for (uint256 i; i < payloads.length * 2; ++i) {
            address caller = others[i % 2];
            bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller);
            _failsWith(caller, address(liquidator), payloads[i / 2], reason);
        }
    }

    function test_setKeeper_tells_andEndsTheOldOne() external {
        vm.expectEmit(address(liquidator));
        emit IFlashLiquidator.KeeperSet(dave, bob);
        vm.prank(cold);
        liquidator.setKeeper(bob);
        assertEq(liquidator.keeper(), bob);
        _aliceIsLiquidatable();
        bytes memory payload = _liquidation(_wethSale(1_690e6, 0));
        _failsBy(dave, payload, IFlashLiquidator.CallerNotKeeper.selector);
    }

    function test_ownership_movesInTwoSteps() external {
        vm.prank(cold);
        liquidator.transferOwnership(bob);
        assertEq(liquidator.owner(), cold, "until it is accepted");
        vm.prank(bob);
        liquidator.acceptOwnership();
        assertEq(liquidator.owner(), bob);
    }

    function test_withdraw_sendsAPartOrAll_andTells() external {
        usdc.mint(address(liquidator), 100e6);
        vm.expectEmit(address(liquidator));
        emit IFlashLiquidator.ProfitWithdrawn(address(usdc), bob, 30e6);
        vm.prank(cold);
        liquidator.withdraw(address(usdc), 30e6, bob);
        vm.prank(cold);
        liquidator.withdraw(address(usdc), ALL, bob);
        assertEq(usdc.balanceOf(bob), 100e6);
        assertEq(usdc.balanceOf(address(liquidator)), 0);
    }

    // ---- helpers ----

    function _liquidation(IFlashLiquidator.Sale memory sale) private view returns (bytes memory) {
        return abi.encodeCall(liquidator.liquidate, (_order(leg(weth, USDC, ALL)), sale));
    }
}

/// Says less after gas was used: as a token whose holder is robbed in between.
contract ShrinkingBalance {
    function balanceOf(address) external view returns (uint256) {
        return gasleft();
    }
}
