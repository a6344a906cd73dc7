// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {Deployment} from "../support/Deployment.sol";

/// The life of an account, from deposit to write-off.
contract SmokeTest is Deployment {
    function test_lifeOfAnAccount() external {
        _alicePledgesAndBorrows();
        AccountId account = accountOf(alice);
        assertEq(usdc.balanceOf(alice), 150_000e6, "cash");
        assertEq(uint256(_rowOf(account).status), uint256(IVaultLens.AccountStatus.HEALTHY), "healthy");

        moves(weth, 1_750e8);
        assertEq(uint256(_rowOf(account).status), uint256(IVaultLens.AccountStatus.CALLABLE), "callable");
        uint256 deadline = vault.issueMarginCall(account);
        assertGt(deadline, block.timestamp, "time to cure");
        passes(deadline - block.timestamp + 1);
        assertEq(uint256(_rowOf(account).status), uint256(IVaultLens.AccountStatus.LIQUIDATABLE), "expired");
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, ALL);
        assertGt(receipt.seizedAssets, 0, "seized");
        assertEq(weth.balanceOf(dave), receipt.seizedAssets, "sent");
        IVaultLens.HealthRow memory row = _rowOf(account);
        assertGt(row.coverMaintenance, row.requirement, "covered again");

        moves(weth, 500e8);
        assertEq(uint256(_rowOf(account).status), uint256(IVaultLens.AccountStatus.INSOLVENT), "insolvent");
        uint256 before = usdcPool.totalAssets();
        (, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        assertGt(settled[0].lossAssets, 0, "loss");
        assertLt(usdcPool.totalAssets(), before, "borne");
        assertEq(_rowOf(account).debtValue, 0, "nothing owed");
        assertEq(weth.balanceOf(address(vault)), 0, "nothing kept");
    }
}
