// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IPriceUpkeep} from "../../contracts/interfaces/IPriceUpkeep.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {BrokenFeed, MockUptimeFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Bundle} from "../support/Bundle.sol";
import {Deployment} from "../support/Deployment.sol";

/// Prices
/// ├── given a feed that is broken in any way (O01–O05)
/// │   ├── it never stops a reader, a deposit or a repayment
/// │   └── who needs the price gets the reason, with its facts
/// ├── given a second feed, it must agree (O14)
/// ├── given a sequencer, nothing risky happens while it is down or in grace (O06)
/// ├── the slow average follows spot slowly
/// └── a price is read once in a transaction, and again after refreshPrices
contract OracleRouterTest is Deployment {
    BrokenFeed internal feed;
    MockToken internal token;

    function setUp() public override {
        super.setUp();
        token = new MockToken("odd", "ODD", 18);
        feed = new BrokenFeed(8, 100e8);
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        (config.lowestAnswer, config.highestAnswer) = (50e8, 500e8);
        _sendProbe(address(token));
        vault.listAsset(address(token), config, 1_000_000e18);
        tokens.push(address(token));
        feedOf[address(token)] = feedOf[address(weth)]; // not moved by the helpers of time
        vault.setPair(address(token), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        _approveAll(alice);
        deposits(alice, token, 1_000e18);
    }

    function test_FeedUnreachable() external {
        feed.setFashion(BrokenFeed.Fashion.REVERTS);
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedUnreachable.selector, token, feed));
        feed.setFashion(BrokenFeed.Fashion.SHORT);
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedUnreachable.selector, token, feed));
        feed.setFashion(BrokenFeed.Fashion.EATS_GAS);
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedUnreachable.selector, token, feed));
        vm.etch(address(feed), "");
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedUnreachable.selector, token, feed));
    }

    /// of a huge answer five words are copied
    function test_aHugeAnswer_isRead() external {
        feed.setFashion(BrokenFeed.Fashion.HUGE);
        borrows(alice, USDC, 1_000e6);
    }

    /// a feed that eats all gas costs at most 300,000 of it
    function test_aFeedThatEatsGas_isBounded() external {
        feed.setFashion(BrokenFeed.Fashion.EATS_GAS);
        uint256 before = gasleft();
        _rowOf(accountOf(alice));
        assertLt(before - gasleft(), 700_000, "gas");
    }

    function test_AnswerNotPositive() external {
        feed.setRound(2, 0, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerNotPositive.selector, token, int256(0)));
        feed.setRound(2, -1, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerNotPositive.selector, token, int256(-1)));
        feed.setRound(2, type(int256).min, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerNotPositive.selector, token, type(int256).min));
    }

    function test_RoundIncomplete() external {
        feed.setRound(2, 100e8, 0, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.RoundIncomplete.selector, token, 2, 2, 0));
        feed.setRound(3, 100e8, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.RoundIncomplete.selector, token, 3, 2, block.timestamp));
    }

    function test_AnswerFromFuture() external {
        uint256 time = block.timestamp + 1;
        feed.setRound(2, 100e8, time, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerFromFuture.selector, token, time, time - 1));
        feed.setRound(2, 100e8, type(uint256).max, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerFromFuture.selector, token, type(uint256).max, time - 1));
    }

    function test_AnswerStale() external {
        uint256 time = block.timestamp - 1 hours;
        feed.setRound(2, 100e8, time, 2);
        borrows(alice, USDC, 100e6); // just fresh
        feed.setRound(2, 100e8, time - 1, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, token, time - 1, time));
    }

    /// bounds are kept in 9 bits of mantissa, rounded inwards: 50e8 = 298.02… · 2^24
    function test_AnswerOutOfBounds() external {
        uint256 lowest = 299 << 24;
        uint256 highest = 372 << 27;
        feed.setRound(2, int256(lowest) - 1, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerOutOfBounds.selector, token, lowest - 1, lowest, highest));
        feed.setRound(2, int256(highest) + 1, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.AnswerOutOfBounds.selector, token, highest + 1, lowest, highest));
        feed.setRound(2, type(int256).max, block.timestamp, 2);
        _refuses(
            abi.encodeWithSelector(
                IOracleRouter.AnswerOutOfBounds.selector,
                token,
                uint256(type(int256).max),
                lowest,
                highest
            )
        );
        feed.setRound(2, int256(lowest), block.timestamp, 2);
        borrows(alice, USDC, 100e6);
    }

    /// whatever a feed says, readers, deposits and repayments work
    function testFuzz_aBrokenFeed_stopsNoReaderNorRepayment(
        uint8 fashion,
        uint80 round,
        int256 answer,
        uint256 updatedAt,
        uint80 answeredIn
    ) external {
        borrows(alice, USDC, 1_000e6);
        feed.setFashion(BrokenFeed.Fashion(fashion % 5));
        feed.setRound(round, answer, updatedAt, answeredIn);
        vault.accountOf(accountOf(alice));
        vault.assets();
        repays(alice, USDC, ALL);
        deposits(alice, token, 1);
        withdraws(alice, token, ALL);
    }

    // ---- second feed ----

    function test_FeedsDisagree() external {
        BrokenFeed second = new BrokenFeed(18, 101e18);
        _addSecond(second);
        borrows(alice, USDC, 100e6);
        second.setRound(2, 101e18 + 1, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedsDisagree.selector, token, 100e18, 101e18 + 1, 1_00));
        second.setRound(2, 99e18 - 1, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedsDisagree.selector, token, 100e18, 99e18 - 1, 1_00));
        // too large to be multiplied: shown clipped
        second.setRound(2, type(int256).max, block.timestamp, 2);
        _refuses(
            abi.encodeWithSelector(
                IOracleRouter.FeedsDisagree.selector,
                token,
                100e18,
                uint256(type(uint128).max),
                1_00
            )
        );
        second.setRound(2, -5, block.timestamp, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedsDisagree.selector, token, 100e18, 0, 1_00));
        second.setRound(2, 100e18, block.timestamp - 2 hours - 1, 2);
        _refuses(abi.encodeWithSelector(IOracleRouter.FeedsDisagree.selector, token, 100e18, 100e18, 1_00));
    }

    /// an answer too large to be multiplied is a disagreement, not an overflow
    function testFuzz_anySecondAnswer_stopsNoReader(uint80 round, int256 answer, uint256 time, uint80 in_) external {
        BrokenFeed second = new BrokenFeed(8, 100e8);
        _addSecond(second);
        second.setRound(round, answer, time, in_);
        vault.accountOf(accountOf(alice));
        vm.prank(alice);
        (bool success, bytes memory reason) = address(vault).call(
            abi.encodeCall(vault.borrow, (accountOf(alice), USDC, 100e6, alice))
        );
        assertTrue(success || bytes4(reason) == IOracleRouter.FeedsDisagree.selector, "a reason with facts");
    }

    function _addSecond(BrokenFeed second) private {
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        (config.lowestAnswer, config.highestAnswer) = (50e8, 500e8);
        (config.secondFeed, config.secondMaxAgeFor, config.maxDeviationBps) = (address(second), 2 hours, 1_00);
        vault.setFeed(address(token), config);
        assertEq(vault.assets()[5].secondFeed, address(second), "stored");
    }

    // ---- slow average ----

    function test_updateSlowAverages_movesAndTells() external {
        passes(600);
        moves(weth, 2_400e8);
        uint256[] memory ids = new uint256[](1);
        ids[0] = 2;
        vm.expectEmit(address(vault));
        emit IPriceUpkeep.SlowAverageUpdated(address(weth), 2_100e8, 2_400e8);
        vm.prank(mallory);
        vault.updateSlowAverages(ids); // a quarter of the way
        assertApproxEqAbs(vault.assets()[2].slowPrice, 2_100e18, 1e12, "slow");
        vault.updateSlowAverages(ids);
        assertApproxEqAbs(vault.assets()[2].slowPrice, 2_100e18, 1e12, "once in a second");
        passes(200); // 200 / 2,000 of the way
        vault.updateSlowAverages(ids);
        assertApproxEqAbs(vault.assets()[2].slowPrice, 2_130e18, 1e12, "slow");
    }

    function test_updateSlowAverages_passesOverWhatIsNotFresh() external {
        feed.setRound(2, -1, block.timestamp, 2);
        uint256[] memory ids = new uint256[](2);
        (ids[0], ids[1]) = (5, 23);
        skip(600);
        vault.updateSlowAverages(ids);
        assertEq(vault.assets()[5].slowPrice, 100e18);
        assertEq(vault.assets()[5].price, 100e18, "the last good price is the slow average");
        assertFalse(vault.assets()[5].isFresh);
    }

    // ---- one price in a transaction ----

    function test_aPriceIsReadOnce_andAgainAfterRefreshPrices() external {
        borrows(alice, USDC, 80_000e6);
        feed.setRound(2, 90e8, block.timestamp, 2);
        vault.issueMarginCall(accountOf(alice)); // 76,500 < 80,000
        Bundle bundle = new Bundle();
        uint256[] memory ids = new uint256[](1);
        ids[0] = 5;
        address[] memory targets = new address[](4);
        bytes[] memory payloads = new bytes[](4);
        (targets[0], targets[1], targets[2], targets[3]) = (
            address(vault),
            address(feed),
            address(vault),
            address(vault)
        );
        token.mint(address(bundle), 1);
        vm.prank(address(bundle));
        token.approve(address(vault), 1);
        payloads[0] = abi.encodeCall(vault.deposit, (accountOf(alice), address(token), 1));
        payloads[1] = abi.encodeCall(feed.setRound, (3, 100e8, block.timestamp, 3));
        payloads[2] = abi.encodeCall(vault.refreshPrices, (new uint256[](0)));
        payloads[3] = abi.encodeCall(vault.clearMarginCall, (accountOf(alice)));
        vm.expectPartialRevert(bytes4(keccak256("CallUnchanged(bytes32,uint256,uint256)")));
        bundle.run(targets, payloads);
        payloads[2] = abi.encodeCall(vault.refreshPrices, (ids));
        bundle.run(targets, payloads);
        assertEq(vault.accountOf(accountOf(alice)).callState, 0, "cured at the new price");
    }

    // ---- sequencer ----

    function test_sequencer() external {
        MockUptimeFeed uptime = new MockUptimeFeed();
        _rebuildWithSequencer(address(uptime));
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 150_000e6);
        uint256 downAt = block.timestamp;
        uptime.set(1, downAt);
        bytes memory down = abi.encodeWithSelector(IOracleRouter.SequencerDown.selector, downAt);
        moves(weth, 1_000e8);
        vm.expectRevert(down);
        vault.issueMarginCall(accountOf(alice));
        vm.expectRevert(down);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 100e6, alice);
        vm.expectRevert(down);
        vault.liquidate(accountOf(alice), leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
        deposits(alice, weth, 1e18);
        repays(alice, USDC, 1_000e6);
        uptime.set(0, block.timestamp);
        skip(1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(IOracleRouter.SequencerInGrace.selector, downAt, 1 hours));
        vault.issueMarginCall(accountOf(alice));
        passes(1);
        vault.issueMarginCall(accountOf(alice));
        vm.etch(address(uptime), "");
        vm.expectRevert(abi.encodeWithSelector(IOracleRouter.SequencerDown.selector, 0));
        vault.issueMarginCall(accountOf(alice));
    }

    function _rebuildWithSequencer(address uptime) private {
        _deployVault(uptime, 1 hours);
        for (uint256 i; i < 3; ++i) {
            _sendProbe(tokens[i]);
            vault.listAsset(tokens[i], _feedConfig(address(feedOf[tokens[i]])), i == 2 ? 10_000e18 : 0);
        }
        usdcPool = _pool(usdc, "lend USDC", 100e6, 100_000_000e6);
        vault.setRiskParameters(_rules());
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        _approveAll(alice);
        _approveAll(carol);
        lends(carol, usdcPool, 1_000_000e6);
    }

    function _refuses(bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice);
    }
}
