// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockUptimeFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockAggregator, MockFeedProxy} from "../../contracts/mocks/MockAggregator.sol";
import {Deployment} from "../support/Deployment.sol";
import {Measuring} from "../support/Measuring.sol";

// refresh, refreshPair and enterPhase, on a chain with a sequencer and an hour of grace
// ├── given it is down, or up for less than the grace time: they say so, and nothing changes
// └── given the grace time is over, the rounds of that time are measured one after the other
contract HaircutRefreshSequencerTest is Measuring {
    uint256 private constant GRACE_FOR = 1 hours;

    MockUptimeFeed internal uptime;
    MockFeedProxy internal proxy;

    function setUp() public override {
        Deployment.setUp();
        uptime = new MockUptimeFeed();
        _deployVault(address(uptime), GRACE_FOR);
        proxy = new MockFeedProxy(feedOf[address(weth)]);
        _sendProbe(address(usdc));
        _sendProbe(address(weth));
        vault.listAsset(address(usdc), _feedConfig(address(feedOf[address(usdc)])), 0);
        vault.listAsset(address(weth), _feedConfig(address(proxy)), 50_000e18);
        usdcPool = _pool(usdc, "lend USDC", 100e6, 100_000_000e6);
        vault.setRiskParameters(_rules());
        vault.startMeasure(address(weth), STRESS);
        vault.startMeasure(address(usdc), 0.01e18);
        vault.setPair(address(weth), USDC, _wide(150_000, 80_000, 200_000_000e18));
        vault.setPairModel(address(weth), USDC, _model(true));
    }

    function test_refresh_waitsForTheSequencer() external {
        wanders(weth, 2_010e8);
        _waits(abi.encodeCall(vault.refresh, (address(weth), 10)));
        assertEq(vault.measureOf(address(weth)).answer, 2_010e8, "measured");
    }

    function test_refreshPair_waitsForTheSequencer() external {
        wanders(weth, 2_010e8);
        _waits(abi.encodeCall(vault.refreshPair, (address(weth), address(usdc), 10)));
        assertEq(vault.pairMeasureOf(address(weth), address(usdc)).collateralAnswer, 2_010e8, "measured");
        assertGt(vault.pairOf(address(weth), USDC).initialTargetPpm, 150_000, "set");
    }

    function test_enterPhase_waitsForTheSequencer() external {
        MockAggregator next = new MockAggregator(8);
        proxy.setAggregator(next);
        skip(1 hours);
        next.push(2_010e8, uint64(block.timestamp));
        uint256 round = (2 << 64) | 1;
        _waits(abi.encodeCall(vault.enterPhase, (address(weth), address(0), address(weth), round)));
        assertEq(vault.refresh(address(weth), 10), 1, "entered");
    }

    function _waits(bytes memory data) private {
        bytes32 before = _state();
        uint256 startedAt = block.timestamp;
        uptime.set(1, startedAt);
        _refuses(data, abi.encodeWithSelector(IOracleRouter.SequencerDown.selector, startedAt));
        skip(10 minutes);
        startedAt = block.timestamp;
        uptime.set(0, startedAt);
        skip(GRACE_FOR - 1);
        _refuses(data, abi.encodeWithSelector(IOracleRouter.SequencerInGrace.selector, startedAt, GRACE_FOR));
        assertEq(_state(), before, "nothing changed");
        skip(1);
        (bool success, ) = address(vault).call(data);
        assertTrue(success, "works again");
    }

    function _refuses(bytes memory data, bytes memory reason) private {
        (bool success, bytes memory found) = address(vault).call(data);
        assertFalse(success, "refused");
        assertEq(found, reason);
    }

    function _state() private view returns (bytes32) {
        IVaultLens.HaircutView memory row = vault.haircutOf(address(weth), USDC);
        return
            keccak256(
                abi.encode(
                    vault.measureOf(address(weth)),
                    vault.pairMeasureOf(address(weth), address(usdc)),
                    row,
                    vault.pairOf(address(weth), USDC).initialTargetPpm
                )
            );
    }
}
