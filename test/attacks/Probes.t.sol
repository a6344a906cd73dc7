// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {MockLiquidator} from "../../contracts/mocks/MockLiquidator.sol";
import {FundDeployment} from "../support/FundDeployment.sol";

/// Attacks on bonus, fund and flags.
contract ProbesAttackTest is FundDeployment {
    /// an owner who liquidates 100 USD of its own account first keeps the bonus of others low in a fall
    function test_anOwnerDoesNotPinTheBonus() external {
        _alicePledgesAndBorrows();
        _fundKeeper();
        moves(weth, 1_695e8);
        uint256 id = vm.snapshotState();
        moves(weth, 1_560e8);
        uint256 bonusBps = _bonus(liquidates(dave, alice, weth, USDC, ALL));
        vm.revertToState(id);
        _fundKeeper();
        usdc.mint(alice, 1_000e6);
        vm.prank(alice);
        vault.liquidate(accountOf(alice), leg(weth, USDC, 100e6), ALL, block.timestamp, alice, "");
        moves(weth, 1_560e8);
        uint256 pinnedBps = _bonus(liquidates(dave, alice, weth, USDC, ALL));
        assertGe(pinnedBps + 5, bonusBps, "bonus of the second");
    }

    function _bonus(ILiquidation.LegReceipt memory receipt) private pure returns (uint256) {
        uint256 paid = receipt.repaidAssets + receipt.feeAssets;
        return (((receipt.seizedAssets * receipt.collateralPrice) / 1e12 / 1e18) * 10_000) / paid - 10_000;
    }

    /// income before others stake does not let the first staker take from them
    function test_aTinyStakerDoesNotTakeFromTheNext() external {
        stakes(mallory, 1);
        _alicePledgesAndBorrows();
        borrows(alice, USDC, 9_000e6);
        passes(365 days);
        usdcPool.payFund();
        emit_(fund.stakedAssets());
        stakes(erin, 100_000e6);
        assertGe(fund.convertToAssets(fund.balanceOf(erin)) + 1e6, 100_000e6, "erin's stake");
        matures(mallory);
        emit_(redeemsAll(mallory));
    }

    event Found(uint256 value);

    function emit_(uint256 value) private {
        emit Found(value);
    }

    /// a lender leaves in the callback of a liquidation, before the repayment came in
    function test_aLenderLeavesInsideTheCallback() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_650e8);
        MockLiquidator liquidator = new MockLiquidator(vault);
        usdc.mint(dave, 1_000_000e6);
        vm.prank(dave);
        usdc.approve(address(liquidator), ALL);
        liquidator.setSource(dave);
        liquidator.setCall(address(usdcPool), abi.encodeCall(usdcPool.withdraw, (1e6, address(liquidator), carol)));
        vm.prank(carol);
        usdcPool.approve(address(liquidator), ALL);
        liquidator.liquidate(accountOf(alice), leg(weth, USDC, ALL), "x");
        assertTrue(liquidator.hasSucceeded(), "a lender can leave in mid-call");
        usdcPool.requireCash();
    }

    /// flag, leave, clear, come back: nobody gains
    function test_flagSandwichGainsNothing() external {
        lends(mallory, usdcPool, 1_000_000e6);
        _alicePledgesAndBorrows();
        moves(weth, 1_010e8);
        vault.flagLoss(accountOf(alice));
        uint256 shares = usdcPool.balanceOf(mallory);
        vm.prank(mallory);
        uint256 got = usdcPool.redeem(shares, mallory, mallory);
        moves(weth, 2_000e8);
        vault.flagLoss(accountOf(alice));
        vm.prank(mallory);
        uint256 again = usdcPool.deposit(got, mallory);
        assertLe(again, shares, "shares");
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "cleared");
    }

    /// the flags of many accounts add up and vanish
    function test_flagsAddUp() external {
        _alicePledgesAndBorrows();
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 140_000e6);
        moves(weth, 1_010e8);
        vault.flagLoss(accountOf(alice));
        vault.flagLoss(accountOf(bob));
        assertApproxEqAbs(usdcPool.flaggedLoss().lossAssets, 90_000e6, 10);
        writesOff(dave, alice);
        assertApproxEqAbs(usdcPool.flaggedLoss().lossAssets, 40_000e6, 10);
        repays(bob, USDC, ALL);
        vault.flagLoss(accountOf(bob));
        assertEq(usdcPool.flaggedLoss().lossAssets, 0);
    }
}
