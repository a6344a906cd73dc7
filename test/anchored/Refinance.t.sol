// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {Deployment} from "../support/Deployment.sol";

/// Found by attacking: the second arm of the gate let an insolvent account take a new loan, if it repaid another pool
/// with it, and so moved its loss to other lenders.
contract RefinanceTest is Deployment {
    /// mallory alone lends USDC; carol alone lends DAI
    function _fundPools() internal override {
        lends(mallory, usdcPool, 1_000_000e6);
        lends(carol, daiPool, 10_000_000e18);
    }

    function _swapDebt(uint256 assets) private returns (bool success) {
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.BORROW, address(0), DAI, assets * 1e12, mallory);
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), USDC, ALL, address(0));
        vm.prank(mallory);
        (success, ) = address(vault).call(abi.encodeCall(vault.batch, (accountOf(mallory), steps)));
    }

    /// WETH jumps: 100,000 of collateral, 150,000 owed to USDC, whose only lender is Mallory. She moves the debt to
    /// DAI.
    function test_F8_anInsolventAccountCannotMoveItsLossToOtherLenders() external {
        deposits(mallory, weth, 100e18);
        borrows(mallory, USDC, 150_000e6);
        passes(1 days);
        moves(weth, 1_000e8);
        assertEq(uint256(_rowOf(accountOf(mallory)).status), uint256(IVaultLens.AccountStatus.INSOLVENT));
        uint256 carols = daiPool.maxWithdraw(carol);
        (, uint256 owed) = vault.debtOf(accountOf(mallory), USDC);
        usdc.mint(mallory, 1_000e6); // the interest
        bool moved = _swapDebt(owed);
        writesOff(dave, mallory);
        uint256 lost = carols - daiPool.maxWithdraw(carol);
        assertEq(lost / 1e18, 0, moved ? "carol, who never lent to a covered account" : "");
    }

    /// the same during a call, in front of a liquidation: the leg of the liquidator is refused
    function test_F8_aDebtSwapInFrontDoesNotStopALiquidation() external {
        deposits(mallory, weth, 100e18);
        borrows(mallory, USDC, 150_000e6);
        moves(weth, 1_700e8);
        _fundKeeper();
        _swapDebt(150_000e6);
        vm.prank(dave);
        vault.liquidate(accountOf(mallory), leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
    }
}
