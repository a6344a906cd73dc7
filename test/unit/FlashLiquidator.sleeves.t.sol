// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {MockFlashLender} from "../../contracts/mocks/MockFlashLender.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {SleeveSaleStage} from "../support/SleeveSaleStage.sol";

/// a run that takes shares of a sleeve ├── given the sleeve pays, shares become its asset, which is sold ├── given it
/// pays a part or nothing, the rest stays and the run goes on if its proceeds pay ├── when a redemption is unbounded or
/// brings too little, it reverts └── shares of the pool that is repaid need no sale
contract FlashLiquidatorSleevesTest is SleeveSaleStage {
    // ---- a sleeve of WETH ----

    function test_liquidate_redeemsShares_andSellsWhatComes() external {
        _aliceIsLiquidatableWithShares();
        _allocates(address(good));
        (uint256 stock, uint256 cash) = (usdc.balanceOf(address(venue)), _cashIn(usdcPool));
        uint256 profit = _liquidates(dave, _shareLeg(ALL), _sleeveSale(ALL, 500e6));
        uint256 proceeds = stock - usdc.balanceOf(address(venue));
        assertEq(profit, proceeds - (_cashIn(usdcPool) - cash), "what the sale brought beyond what the vault took");
        // by hand: used 7,040 / 19,040, target 1 + 25 % · …, bonus 1 % + 5 % · 0.37 = 2.85 % of some 40,000 USDC, less
        // 0.05 % for the tier and 0.2 % for the depth
        assertGt(profit, 800e6, "the bonus");
        assertEq(weth.balanceOf(address(liquidator)), 0, "all is sold");
        assertEq(sleeve.balanceOf(address(liquidator)), 0, "all is redeemed");
        _hasNoAllowances(address(vault));
        _hasNoAllowances(address(venue));
        assertEq(sleeve.allowance(address(liquidator), address(vault)), 0);
    }

    function test_liquidate_redeemsPlainAndReused_asOneSale() external {
        _aliceIsLiquidatableWithShares();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        legs[0] = _leg(weth, USDC, 10_000e6);
        legs[1] = _leg(_asToken(address(sleeve)), USDC, 10_000e6);
        assertGt(_liquidates(dave, legs, _sleeveSale(ALL, 100e6)), 100e6);
        assertEq(weth.balanceOf(address(liquidator)), 0, "both are sold");
    }

    /// it redeems at most what the caller says, and what is left stays with the owner
    function test_liquidate_redeemsAtMostWhatTheCallerSays() external {
        _aliceIsLiquidatableWithShares();
        uint256 snapshot = vm.snapshotState();
        uint256 held = holdingOf(alice, address(sleeve));
        _liquidates(dave, _shareLeg(20_000e6), _sleeveSale(ALL, 1));
        uint256 seized = held - holdingOf(alice, address(sleeve));
        vm.revertToState(snapshot);
        _liquidates(dave, _shareLeg(20_000e6), _sleeveSale((seized * 99) / 100, 1));
        assertApproxEqAbs(sleeve.balanceOf(address(liquidator)), seized / 100, 2, "a hundredth stays");
        uint256 left = sleeve.balanceOf(address(liquidator));
        vm.prank(cold);
        liquidator.withdraw(address(sleeve), ALL, cold);
        assertEq(sleeve.balanceOf(cold), left, "the owner's");
    }

    /// what the sleeve pays is all that is redeemed
    function test_liquidate_revertsWith_InsufficientProceeds_whenTheSleevePaysAPart() external {
        _aliceIsLiquidatableWithShares();
        _allocates(address(bad));
        bad.setLiquidity(1e18);
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (_order(_shareLeg(20_000e6)), _sleeveSale(ALL, 0)));
        _failsBy(dave, payload, IFlashLiquidator.InsufficientProceeds.selector);
        // 5 WETH are idle and 1 is paid: enough for a leg of 5,000 USDC
        assertGt(_liquidates(dave, _shareLeg(5_000e6), _sleeveSale(ALL, 50e6)), 50e6);
    }

    /// a sleeve that pays nothing keeps nobody from the rest
    function test_liquidate_goesOn_whenTheSleevePaysNothing() external {
        _aliceIsLiquidatableWithShares();
        _sleeveIsDry();
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (_order(_shareLeg(20_000e6)), _sleeveSale(ALL, 0)));
        _failsBy(dave, payload, IFlashLiquidator.InsufficientProceeds.selector);
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        legs[0] = _leg(weth, USDC, 20_000e6);
        legs[1] = _leg(_asToken(address(sleeve)), USDC, 200e6);
        assertGt(_liquidates(dave, legs, _sleeveSale(ALL, 100e6)), 100e6);
        assertGt(sleeve.balanceOf(address(liquidator)), 0, "shares wait for their owner");
    }

    /// nobody is asked of whom the run has no shares
    function test_liquidate_callsNoSleeve_ofWhichItBroughtNothing() external {
        _aliceIsLiquidatable();
        IFlashLiquidator.Sale memory sale = _wethSale(1_690e6, 1_000e6);
        sale.redemptions = new IFlashLiquidator.Redemption[](2);
        sale.redemptions[0] = _redemption(address(sleeve), ALL, 1);
        sale.redemptions[1] = sale.redemptions[0];
        sale.redemptions[1].mostShares = 0;
        vm.mockCallRevert(address(sleeve), abi.encodePacked(sleeve.maxRedeem.selector), "asked");
        assertGt(_liquidates(dave, leg(weth, USDC, ALL), sale), 1_000e6);
    }

    function test_liquidate_revertsWith_RedemptionUnbounded() external {
        _aliceIsLiquidatableWithShares();
        bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.RedemptionUnbounded.selector, sleeve);
        IFlashLiquidator.Sale memory sale = _sleeveSale(ALL, 0);
        sale.redemptions[0].minimumOut = 0;
        _failsWith(dave, address(liquidator), _liquidation(sale), reason);
        sale = _sleeveSale(ALL, 0);
        sale.redemptions[0].quotedShares = 0;
        _failsWith(dave, address(liquidator), _liquidation(sale), reason);
    }

    function test_liquidate_revertsWith_RedemptionBelowMinimum() external {
        _aliceIsLiquidatableWithShares();
        IFlashLiquidator.Sale memory sale = _sleeveSale(ALL, 0);
        sale.redemptions[0].minimumOut = 1.001e18;
        _failsBy(dave, _liquidation(sale), IFlashLiquidator.RedemptionBelowMinimum.selector);
    }

    function test_liquidateWithFlashLoan_redeemsShares() external {
        _aliceIsLiquidatableWithShares();
        (IFlashLiquidator.Liquidation memory order, IFlashLiquidator.Sale memory sale) = (
            _order(_shareLeg(20_000e6)),
            _sleeveSale(ALL, 100e6)
        );
        IFlashLiquidator.Loan[] memory loans = _loan(21_000e6);
        vm.prank(dave);
        assertGt(liquidator.liquidateWithFlashLoan(order, sale, loans), 100e6);
        assertEq(sleeve.balanceOf(address(liquidator)) + weth.balanceOf(address(liquidator)), 0, "all is sold");
    }

    function test_writeOff_redeemsShares_withAndWithoutALoan() external {
        _aliceReuses();
        moves(weth, 950e8);
        IFlashLiquidator.WriteOff memory order = _writeOffOrder();
        IFlashLiquidator.Sale memory sale = _sleeveSale(ALL, 0);
        sale.swaps[0].minimumOut = 940e6;
        IFlashLiquidator.Loan[] memory loans = _loan(100_000e6);
        uint256 snapshot = vm.snapshotState();
        vm.prank(dave);
        // the vault takes 95,000 / 1.01 = 94,059; the sale brings 95,000 · 0.9995 / 1.0048 = 94,500
        assertApproxEqAbs(liquidator.writeOff(order, sale), 441e6, 15e6);
        vm.revertToState(snapshot);
        vm.prank(dave);
        assertApproxEqAbs(liquidator.writeOffWithFlashLoan(order, sale, loans), 441e6, 15e6);
        assertEq(holdingOf(alice, address(sleeve)), 0, "all is taken");
    }

    // ---- shares of the pool that is repaid ----

    function test_liquidate_sharesOfTheRepaidPool_needNoSale() external {
        _aliceOwesWithPoolShares();
        uint256 profit = _liquidates(dave, _poolLeg(ALL), _poolSale(ALL));
        assertGt(profit, 0, "the bonus, without a venue");
        assertEq(usdc.balanceOf(address(liquidator)), profit);
        assertEq(usdcPool.balanceOf(address(liquidator)), 0, "all is redeemed");
        _hasNoAllowances(address(vault));
        usdcPool.requireCash();
    }

    /// what is repaid is cash of the book before it is there: the caller limits what is redeemed to what was there
    function test_liquidate_poolWithLittleCash_paysAsFarAsItHas() external {
        _aliceOwesWithPoolShares();
        _poolHasOnly(8_000e6);
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (_order(_poolLeg(ALL)), _poolSale(ALL)));
        vm.prank(dave);
        (bool success, ) = address(liquidator).call(payload);
        assertFalse(success, "more than there is");
        uint256 most = usdcPool.maxRedeem(address(vault));
        assertGt(_liquidates(dave, _poolLeg(7_000e6), _poolSale(most)), 0, "and what there is");
        usdcPool.requireCash();
    }

    /// with a loan of somebody else the repayment itself is what the pool pays with
    function test_liquidateWithFlashLoan_sharesOfAPoolWithoutCash() external {
        _aliceOwesWithPoolShares();
        _poolHasOnly(0);
        IFlashLiquidator.Loan[] memory loans = _loan(50_000e6);
        IFlashLiquidator.Liquidation memory order = _order(_poolLeg(20_000e6));
        IFlashLiquidator.Sale memory sale = _poolSale(ALL);
        vm.prank(dave);
        uint256 profit = liquidator.liquidateWithFlashLoan(order, sale, loans);
        assertEq(usdcPool.balanceOf(address(liquidator)) > 0, profit == 0, "the bonus in cash, or in shares");
        usdcPool.requireCash();
    }

    /// a pool that lends the cash of the run is locked: it pays no shares out, and the rest of the run goes on
    function test_liquidateWithFlashLoan_ofThePoolItself_keepsItsShares() external {
        _aliceOwesWithPoolShares();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        (legs[0], legs[1]) = (_leg(weth, USDC, 20_000e6), _leg(_asToken(address(usdcPool)), USDC, 100e6));
        IFlashLiquidator.Sale memory sale = _wethSale(1_330e6, 0);
        sale.redemptions = _poolSale(ALL).redemptions;
        IFlashLiquidator.Loan[] memory loans = new IFlashLiquidator.Loan[](1);
        loans[0] = IFlashLiquidator.Loan(usdcPool, address(usdc), 21_000e6);
        vm.prank(dave);
        liquidator.liquidateWithFlashLoan(_order(legs), sale, loans);
        assertGt(usdcPool.balanceOf(address(liquidator)), 0, "shares stay");
        usdcPool.requireCash();
    }

    // ---- helpers ----

    function _asToken(address shares) private pure returns (MockToken) {
        return MockToken(shares);
    }

    function _shareLeg(uint256 most) private view returns (ILiquidation.Leg[] memory) {
        return leg(_asToken(address(sleeve)), USDC, most);
    }

    function _poolLeg(uint256 most) private view returns (ILiquidation.Leg[] memory) {
        return leg(_asToken(address(usdcPool)), USDC, most);
    }

    function _poolSale(uint256 mostShares) private view returns (IFlashLiquidator.Sale memory sale) {
        sale.redemptions = new IFlashLiquidator.Redemption[](1);
        sale.redemptions[0] = _redemption(address(usdcPool), mostShares, 0.999e6);
        sale.profitToken = address(usdc);
    }

    /// 30,000 USDC posted in the pool and 60 WETH, against 100,000 USDC of the same pool at 1,330 USD for a WETH
    function _aliceOwesWithPoolShares() private {
        vault.setPair(address(usdc), USDC, _pair(30_000, 20_000, 200_000_000e18, 1_00));
        vault.setSupplyCap(address(usdc), 10_000_000e6);
        _sendShares(usdcPool, usdc, 1);
        vault.listAsset(address(usdcPool), _sleeveConfig(address(usdcPool), usdc), 10_000_000e12);
        vault.setPair(address(usdcPool), USDC, _pair(100_000, 80_000, 200_000_000e18, 3_00));
        vault.setSleeve(address(usdc), address(usdcPool), IReuse.SleeveTerms(false, 0, 0));
        deposits(alice, usdc, 30_000e6);
        deposits(alice, weth, 60e18);
        borrows(alice, USDC, 100_000e6);
        vm.prank(alice);
        vault.setReuse(account, address(usdcPool), 100_00);
        moves(weth, 1_330e8);
    }

    /// bob borrows the rest of its cash
    function _poolHasOnly(uint256 assets) private {
        deposits(bob, weth, 20_000e18);
        borrows(bob, USDC, usdcPool.totals().cashAssets - assets);
    }

    function _loan(uint256 assets) private returns (IFlashLiquidator.Loan[] memory loans) {
        MockFlashLender lender = new MockFlashLender(0);
        usdc.mint(address(lender), assets);
        loans = new IFlashLiquidator.Loan[](1);
        loans[0] = IFlashLiquidator.Loan(lender, address(usdc), assets);
    }

    function _liquidation(IFlashLiquidator.Sale memory sale) private view returns (bytes memory) {
        return abi.encodeCall(liquidator.liquidate, (_order(_shareLeg(20_000e6)), sale));
    }
}
