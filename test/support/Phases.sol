// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockAggregator, MockFeedProxy} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Measuring} from "./Measuring.sol";

/// Measured haircuts with WETH and USDC behind proxies, whose aggregators can be replaced.
abstract contract Phases is Measuring {
    mapping(MockToken token => MockFeedProxy proxy) internal proxyOf;

    function setUp() public virtual override {
        super.setUp();
        MockToken[2] memory both = [weth, usdc];
        for (uint256 i; i < both.length; ++i) {
            proxyOf[both[i]] = new MockFeedProxy(feedOf[address(both[i])]);
            vault.setFeed(address(both[i]), _feedConfig(address(proxyOf[both[i]])));
        }
        vault.refreshPair(address(weth), address(usdc), 1);
    }

    /// id of a round as the proxy shows it
    function roundOf(uint256 phase, uint256 round) internal pure returns (uint256) {
        return (phase << 64) | round;
    }

    /// the aggregator of the next phase, at work behind the proxy from now on
    function renews(MockToken token) internal returns (MockAggregator aggregator) {
        aggregator = new MockAggregator(8);
        proxyOf[token].setAggregator(aggregator);
        feedOf[address(token)] = aggregator;
    }

    /// a round that the aggregator got so long ago, in its own numbering
    function pushes(MockToken token, int192 answer, uint256 agoFor) internal {
        feedOf[address(token)].push(answer, uint64(block.timestamp - agoFor));
    }

    function entersOwn(MockToken token, uint256 round) internal {
        vault.enterPhase(address(token), address(0), address(token), round);
    }

    function entersPair(MockToken token, uint256 round) internal {
        vault.enterPhase(address(weth), address(usdc), address(token), round);
    }
}
