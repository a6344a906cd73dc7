// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "../support/Deployment.sol";

/// Found by attacking: each failed on the code as it was.
contract AttackerFindingsTest is Deployment {
    /// a liquidator who names no number of liquidations is not stopped by a small one in front
    function test_F3_aTinyLiquidationInFrontDoesNotStopALiquidation() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_700e8);
        _fundKeeper();
        uint256 expected = _liquidationsOf(accountOf(alice));
        usdc.mint(alice, 200e6);
        vm.prank(alice); // the owner herself, through any address
        vault.liquidate(accountOf(alice), leg(weth, USDC, 100e6), expected, block.timestamp, alice, "");
        vm.prank(dave); // sent before, lands after
        vault.liquidate(accountOf(alice), leg(weth, USDC, ALL), ALL, block.timestamp, dave, "");
    }

    /// a second feed's answer that cannot be multiplied is a disagreement
    function test_F4_aSecondFeedOfHugeAnswersMakesNoReadFail() external {
        MockToken coin = new MockToken("COIN", "COIN", 0);
        MockAggregator first = new MockAggregator(18);
        MockAggregator second = new MockAggregator(0);
        first.push(1e18, uint64(block.timestamp));
        second.push(1, uint64(block.timestamp));
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(first));
        (config.lowestAnswer, config.highestAnswer) = (1e17, 13e17);
        (config.secondFeed, config.secondMaxAgeFor, config.maxDeviationBps) = (address(second), 1 hours, 100);
        _sendProbe(address(coin));
        vault.listAsset(address(coin), config, 1000);
        second.push(int192(uint192(type(uint128).max)), uint64(block.timestamp));
        assertFalse(vault.assets()[5].isFresh);
    }

    /// shares that are worth less than a unit are not promised
    function test_F5_maxRedeemIsUsableInFull() external {
        vm.prank(carol);
        usdcPool.transfer(mallory, 1);
        assertEq(usdcPool.maxRedeem(mallory), 0);
    }

    /// nothing is borrowed on a collateral that nobody could take
    function test_F6_nobodyBorrowsOnACollateralThatCannotBeSeized() external {
        vault.setAssetPause(address(weth), false, true);
        deposits(mallory, weth, 100e18);
        vm.expectRevert(abi.encodeWithSelector(IRiskEngine.CollateralWithoutCredit.selector, accountOf(mallory), weth));
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), USDC, 160_000e6, mallory);
    }
}
