// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ICollateralVault} from "../../contracts/interfaces/ICollateralVault.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// In one transaction: has the vault look at a stale price, brings the fresh one, liquidates.
contract StaleCacheAttacker {
    function attack(
        ICollateralVault vault,
        AccountId account,
        MockToken weth,
        MockAggregator feed,
        int192 freshAnswer,
        ILiquidation.Leg[] calldata legs
    ) external {
        weth.approve(address(vault), type(uint256).max);
        vault.deposit(account, address(weth), 1);
        feed.push(freshAnswer, uint64(block.timestamp));
        vault.liquidate(account, legs, 0, block.timestamp, address(this), "");
    }
}

/// Found by reading: a stale price was cached like a fresh one, and the check for freshness read the feed again. An
/// account that was covered at its fresh price could be liquidated at the stale one.
contract StalePriceCacheTest is Deployment {
    function test_liquidate_revertsWith_NotLiquidatable_whenAFreshPriceFollowsAStaleOne() external {
        _alicePledgesAndBorrows();
        AccountId account = accountOf(alice);
        moves(weth, 1_700e8);
        vault.issueMarginCall(account);
        StaleCacheAttacker attacker = new StaleCacheAttacker();
        weth.mint(address(attacker), 1e18);
        skip(1 hours + 1);
        moves(weth, 1_700e8); // the cash stays silent: its price is stale, its slow average is a dollar
        vm.expectPartialRevert(ILiquidationRun.NotLiquidatable.selector);
        attacker.attack(vault, account, weth, feedOf[address(usdc)], 0.96e8, leg(weth, USDC, ALL));
    }
}
