// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockAggregator, MockFeedProxy} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks with prices: O01, O04, O05, O07, O11. Every broken answer (O02, O03, O05), the second feed (O14) and the
/// sequencer (O06) stand in test/unit/OracleRouter.t.sol.
contract OraclesAttackTest is Deployment {
    /// O01: borrow on a price that has stopped. What raises risk fails; what lowers it works; a call waits for a
    /// debt's price
    function test_O01_aStalePriceRaisesNoRisk() external {
        _alicePledgesAndBorrows();
        skip(2 hours);
        vm.startPrank(alice);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        vault.borrow(accountOf(alice), USDC, 100e6, alice);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        vault.withdraw(accountOf(alice), address(weth), 1, alice);
        vm.stopPrank();
        assertEq(uint256(_rowOf(accountOf(alice)).status), uint256(IVaultLens.AccountStatus.UNPRICED), "says so");
        repays(alice, USDC, ALL);
        deposits(alice, weth, 1e18);
        withdraws(alice, weth, ALL);
    }

    /// O04: the aggregator sits on its minimum while the market is lower: outside our own bounds there is no price
    function test_O04_anAnswerAtTheEdgeIsNoPrice() external {
        _alicePledgesAndBorrows();
        moves(weth, 1e4 - 1);
        assertFalse(vault.assets()[2].isFresh);
        vm.expectPartialRevert(IOracleRouter.AnswerOutOfBounds.selector);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 100e6, alice);
    }

    /// O05: another aggregator behind the proxy answers in a later phase
    function test_O05_aNewPhaseIsRead() external {
        MockAggregator first = new MockAggregator(8);
        first.push(10e8, uint64(block.timestamp));
        MockFeedProxy proxy = new MockFeedProxy(first);
        MockToken token = new MockToken("t", "t", 18);
        _sendProbe(address(token));
        vault.listAsset(address(token), _feedConfig(address(proxy)), 0);
        assertEq(vault.assets()[5].price, 10e18, "first");
        MockAggregator second = new MockAggregator(8);
        second.push(11e8, uint64(block.timestamp));
        proxy.setAggregator(second);
        assertEq(vault.assets()[5].price, 11e18, "second");
    }

    /// O11: a stable token that loses its peg is worth what its feed says, on either side of the books, at once:
    /// nothing is counted at par. What was borrowed against it is called, and no more can be
    function test_O11_aDepegIsSeenAtOnce() external {
        vault.setSupplyCap(address(dai), 1_000_000e18);
        vault.setPair(address(dai), USDC, _pair(60_000, 40_000, 50_000_000e18, 2_00));
        deposits(mallory, dai, 100_000e18);
        borrows(mallory, USDC, 90_000e6);
        assertEq(_rowOf(accountOf(mallory)).collateralValue, 100_000e18, "at par");
        moves(dai, 0.93e8); // 89,280 < 90,000
        assertEq(_rowOf(accountOf(mallory)).collateralValue, 93_000e18, "below it");
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), USDC, 100e6, mallory);
        vault.issueMarginCall(accountOf(mallory));
        // as a debt above its peg it weighs more
        deposits(bob, weth, 100e18);
        borrows(bob, DAI, 150_000e18);
        moves(dai, 1.05e8);
        assertEq(_rowOf(accountOf(bob)).debtValue, 157_500e18, "dearer");
    }

    /// O11: exits stay open in a depeg: repayment counts in tokens, whatever they are worth
    function test_O11_aDepegClosesNoExit() external {
        deposits(bob, weth, 100e18);
        borrows(bob, DAI, 100_000e18);
        moves(dai, 0.5e8);
        repays(bob, DAI, ALL);
        withdraws(bob, weth, ALL);
        assertEq(weth.balanceOf(bob), 100e18, "all of it");
    }

    /// O07: a spike of one block opens nothing: the slow average is still where it was, and one look at it moves it a
    /// quarter
    function test_O07_aSpikeOpensNothing() external {
        deposits(mallory, weth, 100e18);
        passes(1 days);
        moves(weth, 20_000e8);
        uint256[] memory ids = new uint256[](1);
        ids[0] = 2;
        vm.startPrank(mallory);
        vault.updateSlowAverages(ids); // 2,000 + 18,000 / 4
        vault.updateSlowAverages(ids);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.borrow(accountOf(mallory), USDC, 520_001e6, mallory);
        vm.stopPrank();
        moves(weth, 2_000e8);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), USDC, 160_001e6, mallory);
    }

    /// a spike downwards makes nobody's debt smaller or collateral larger for opening
    function test_O07_aDipOfTheDebtOpensNothing() external {
        deposits(mallory, weth, 100e18);
        moves(usdc, 0.5e8);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), USDC, 160_001e6, mallory);
    }
}
