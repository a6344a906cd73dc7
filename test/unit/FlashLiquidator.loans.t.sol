// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";

import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {MockFlashLender} from "../../contracts/mocks/MockFlashLender.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {LiquidatorStage} from "../support/LiquidatorStage.sol";

/// a run with flash loans ├── given the lender does not call back, names another initiator or sends too little, it
/// reverts ├── when loans and sales do not pay vault and lenders, it reverts └── else the vault is paid with the loans,
/// the collateral is sold, the loans go back with their fees, and no allowance is left
contract FlashLiquidatorLoansTest is LiquidatorStage {
    MockFlashLender internal lender;
    MockFlashLender internal other;

    function setUp() public override {
        super.setUp();
        lender = _newLender(9);
        other = _newLender(0);
    }

    function _newLender(uint256 feeBps) private returns (MockFlashLender made) {
        made = new MockFlashLender(feeBps);
        usdc.mint(address(made), 1_000_000e6);
        dai.mint(address(made), 1_000_000e18);
    }

    // ---- the way through ----

    function test_liquidateWithFlashLoan_paysVaultAndLender_andKeepsTheRest() external {
        _aliceIsLiquidatable();
        uint256 stock = usdc.balanceOf(address(venue));
        uint256 cash = _cashIn(usdcPool);
        uint256 profit = _liquidatesWith(leg(weth, USDC, ALL), _wethSale(1_690e6, 500e6), _loan(usdc, 150_000e6));
        assertEq(usdc.balanceOf(address(lender)), 1_000_000e6 + 135e6, "0.09 % of 150,000");
        uint256 proceeds = stock - usdc.balanceOf(address(venue));
        assertEq(profit, proceeds - (_cashIn(usdcPool) - cash) - 135e6);
        assertEq(usdc.balanceOf(address(liquidator)), profit, "stays in the contract");
        _hasNothingLeftOver();
    }

    function test_liquidateWithFlashLoan_twoDebts_twoLendersOfOneToken() external {
        _aliceOwesTwo();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        legs[0] = _leg(weth, USDC, 20_000e6);
        legs[1] = _leg(wbtc, DAI, ALL);
        IFlashLiquidator.Loan[] memory loans = new IFlashLiquidator.Loan[](3);
        loans[0] = IFlashLiquidator.Loan(lender, address(usdc), 15_000e6);
        loans[1] = IFlashLiquidator.Loan(lender, address(dai), 90_000e18);
        loans[2] = IFlashLiquidator.Loan(other, address(usdc), 15_000e6);
        IFlashLiquidator.Sale memory sale = _wethSale(1_710e6, 50e6);
        IFlashLiquidator.Swap memory first = sale.swaps[0];
        sale.swaps = new IFlashLiquidator.Swap[](2);
        (sale.swaps[0], sale.swaps[1]) = (first, _swap(wbtc, dai, WHOLE, 50_700e18));
        assertGt(_liquidatesWith(legs, sale, loans), 50e6);
        assertEq(usdc.balanceOf(address(other)), 1_000_000e6, "without a fee");
        assertEq(dai.balanceOf(address(lender)), 1_000_000e18 + 81e18, "0.09 % of 90,000");
        _hasNothingLeftOver();
    }

    function test_writeOffWithFlashLoan_paysVaultAndLender() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_400e8);
        IFlashLiquidator.WriteOff memory order = _writeOffOrder();
        IFlashLiquidator.Sale memory sale = _wethSale(1_400e6, 0);
        IFlashLiquidator.Loan[] memory loans = _loan(usdc, 139_000e6);
        vm.prank(dave);
        uint256 profit = liquidator.writeOffWithFlashLoan(order, sale, loans);
        // 138,957 of the sale − 138,614 for the vault − 125 for the loan
        assertApproxEqAbs(profit, 218e6, 5e6);
        assertEq(vault.holdingOf(account, address(weth)), 0);
        _hasNothingLeftOver();
    }

    function test_liquidateWithFlashLoan_takesBackAnAllowance_thatTheLenderDidNotUse() external {
        _aliceIsLiquidatable();
        lender.misbehave(false, address(0), 0, true);
        _liquidatesWith(leg(weth, USDC, ALL), _wethSale(1_690e6, 500e6), _loan(usdc, 150_000e6));
        _hasNothingLeftOver();
    }

    function test_liquidateWithFlashLoan_ofThePoolThatIsRepaid() external {
        _aliceIsLiquidatable();
        uint256 assets = 150_000e6;
        IFlashLiquidator.Loan[] memory loans = _loan(usdc, assets);
        loans[0].lender = IERC3156FlashLender(address(usdcPool));
        uint256 feeAssets = loans[0].lender.flashFee(address(usdc), assets);
        (uint256 stock, uint256 cash) = (usdc.balanceOf(address(venue)), _cashIn(usdcPool));
        uint256 profit = _liquidatesWith(leg(weth, USDC, ALL), _wethSale(1_690e6, 500e6), loans);
        // by hand, as with the callback: 1,622
        assertApproxEqAbs(profit + feeAssets, 1_622e6, 15e6);
        assertEq(profit, stock - usdc.balanceOf(address(venue)) - (_cashIn(usdcPool) - cash));
        _hasNoAllowances(address(usdcPool));
        _hasNothingLeftOver();
    }

    // ---- lenders ----

    function test_liquidateWithFlashLoan_revertsWith_CallbackMissing() external {
        _aliceIsLiquidatable();
        lender.misbehave(true, address(0), 0, false);
        _refuses(150_000e6, 0, abi.encodeWithSelector(IFlashLiquidator.CallbackMissing.selector, lender));
    }

    function test_liquidateWithFlashLoan_revertsWith_InitiatorUnexpected() external {
        _aliceIsLiquidatable();
        lender.misbehave(false, mallory, 0, false);
        _refuses(150_000e6, 0, abi.encodeWithSelector(IFlashLiquidator.InitiatorUnexpected.selector, mallory));
    }

    function test_liquidateWithFlashLoan_revertsWith_LoanUnexpected_whenTheLenderSendsLess() external {
        _aliceIsLiquidatable();
        usdc.mint(address(liquidator), 1_000e6); // what was there before does not stand in for it
        lender.misbehave(false, address(0), 1, false);
        bytes4 selector = IFlashLiquidator.LoanUnexpected.selector;
        _refuses(150_000e6, 0, abi.encodeWithSelector(selector, usdc, 150_000e6 - 1, 150_000e6));
    }

    // ---- amounts ----

    function test_liquidateWithFlashLoan_revertsWith_ERC20InsufficientAllowance_whenTheLoanIsTooSmall() external {
        _aliceIsLiquidatable();
        usdc.mint(address(liquidator), 1_000_000e6); // profit of earlier runs does not pay
        _failsBy(dave, _payload(1_000e6, 0), bytes4(keccak256("ERC20InsufficientAllowance(address,uint256,uint256)")));
    }

    function test_liquidateWithFlashLoan_revertsWith_InsufficientProceeds_whenTheFeeIsAboveTheBonus() external {
        _aliceIsLiquidatable();
        lender = _newLender(5_00);
        usdc.mint(address(liquidator), 1_000_000e6); // profit of earlier runs does not pay
        _failsBy(dave, _payload(150_000e6, 0), IFlashLiquidator.InsufficientProceeds.selector);
    }

    function test_liquidateWithFlashLoan_revertsWith_ProfitBelowMinimum() external {
        _aliceIsLiquidatable();
        _failsBy(dave, _payload(150_000e6, 5_000e6), IFlashLiquidator.ProfitBelowMinimum.selector);
    }

    // ---- helpers ----

    function _loan(MockToken token, uint256 assets) private view returns (IFlashLiquidator.Loan[] memory loans) {
        loans = new IFlashLiquidator.Loan[](1);
        loans[0] = IFlashLiquidator.Loan(IERC3156FlashLender(address(lender)), address(token), assets);
    }

    function _liquidatesWith(
        ILiquidation.Leg[] memory legs,
        IFlashLiquidator.Sale memory sale,
        IFlashLiquidator.Loan[] memory loans
    ) private returns (uint256) {
        IFlashLiquidator.Liquidation memory order = _order(legs);
        vm.prank(dave);
        return liquidator.liquidateWithFlashLoan(order, sale, loans);
    }

    function _payload(uint256 loanAssets, uint256 minimumProfit) private view returns (bytes memory) {
        IFlashLiquidator.Liquidation memory order = _order(leg(weth, USDC, ALL));
        IFlashLiquidator.Sale memory sale = _wethSale(1_690e6, minimumProfit);
        return abi.encodeCall(liquidator.liquidateWithFlashLoan, (order, sale, _loan(usdc, loanAssets)));
    }

    function _refuses(uint256 loanAssets, uint256 minimumProfit, bytes memory reason) private {
        _failsWith(dave, address(liquidator), _payload(loanAssets, minimumProfit), reason);
    }

    function _hasNothingLeftOver() private view {
        address[4] memory spenders = [address(vault), address(venue), address(lender), address(other)];
        for (uint256 i; i < spenders.length; ++i) _hasNoAllowances(spenders[i]);
        assertEq(weth.balanceOf(address(liquidator)) + wbtc.balanceOf(address(liquidator)), 0, "all is sold");
    }
}
