// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICollateralVault} from "../../contracts/interfaces/ICollateralVault.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

/// A liquidator with its own cash that looks and acts in one transaction, so that nothing comes in between.
contract PromptLiquidator {
    ICollateralVault private immutable vault;

    constructor(ICollateralVault liquidatedVault) {
        vault = liquidatedVault;
    }

    function approve(address token) external {
        IERC20(token).approve(address(vault), type(uint256).max);
    }

    /// writes off whatever is there
    function writeOff(AccountId account) external {
        IVaultLens.AccountView memory found = vault.accountOf(account);
        uint256[] memory most = new uint256[](found.snapshot.debts.length);
        for (uint256 j; j < most.length; ++j) most[j] = type(uint256).max;
        uint256[] memory least = new uint256[](found.snapshot.collaterals.length);
        vault.writeOff(account, found.row.liquidations, most, least, block.timestamp, address(this), "");
    }
}
