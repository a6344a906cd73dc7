// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockUptimeFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Bundle} from "../support/Bundle.sol";
import {Deployment} from "../support/Deployment.sol";
import {JumpStage} from "../support/JumpStage.sol";

/// Jumps and answers that are none
/// ├── any answers, within the widest bounds and beyond them: nothing overflows, and every failure has a name
/// ├── one of 0, of a debt or after its price was looked at: the account can be looked at, and no panic
/// └── a stale one: no jump, until it is fresh again
contract JumpAnswersAttackTest is JumpStage {
    // ---- bad answers ----

    /// the largest answer that a measure keeps, then back
    function test_anAnswerBeyondAllBounds_andBack() external {
        goesSeen(weth, int192(int256(uint256(type(uint88).max))));
        _everythingAnswers();
        goesSeen(weth, 1_690e8);
        _everythingAnswers();
        rests(31 minutes);
        isClosed(weth);
        doesNotWait();
    }

    function testFuzz_anyAnswers_overflowNowhere(uint256[4] memory answers, uint256 seen) external {
        for (uint256 i; i < answers.length; ++i) {
            MockToken token = i & 1 == 0 ? weth : usdc;
            uint256 bits = bound(answers[i] >> 248, 1, 191);
            skip(1 minutes);
            moves(token, int192(int256(bound(answers[i] & type(uint192).max, 0, 2 ** bits - 1))));
            _everythingAnswers();
            if ((seen >> i) & 1 == 1) {
                (bool success, bytes memory reason) = _as(dave, abi.encodeCall(vault.refresh, (address(token), 10)));
                if (!success) _isNamed(reason);
            }
            _everythingAnswers();
        }
    }

    /// a feed whose bounds are as wide as they may be
    function testFuzz_anyAnswers_withinTheWidestBounds(uint256[4] memory answers, uint256 seen) external {
        MockToken wild = new MockToken("wild", "WILD", 18);
        MockAggregator feed = new MockAggregator(18);
        feed.push(1e18, uint64(block.timestamp));
        feedOf[address(wild)] = feed;
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        (config.lowestAnswer, config.highestAnswer) = (1, 1e36);
        _sendProbe(address(wild));
        vault.listAsset(address(wild), config, 0);
        vault.startMeasure(address(wild), 1);
        for (uint256 i; i < answers.length; ++i) {
            skip(1 minutes);
            uint256 bits = bound(answers[i] >> 248, 1, 120);
            moves(wild, int192(int256(bound(answers[i] & type(uint128).max, 1, 2 ** bits))));
            if ((seen >> i) & 1 == 1) _as(dave, abi.encodeCall(vault.refresh, (address(wild), 10)));
            IVaultLens.AssetView memory found = assetOf(wild);
            assertLe(found.priceBeforeJump, found.price * 256, "kept small");
            updatesSlow();
        }
    }

    function _everythingAnswers() private {
        vault.assets();
        _rowOf(account);
        uint256 id = vm.snapshotState();
        bytes memory reason = _tryToLiquidate();
        if (reason.length != 0) _isNamed(reason);
        vm.revertToState(id);
        reason = _tryToWriteOff();
        if (reason.length != 0) _isNamed(reason);
        vm.revertToState(id);
        updatesSlow();
        vm.revertToState(id);
    }

    function _isNamed(bytes memory reason) private pure {
        assertGe(reason.length, 4, "a reason");
        assertTrue(bytes4(reason) != bytes4(0x4e487b71), "no panic");
    }

    /// a price is kept for the transaction, and the feed answers 0 after that
    function test_anAnswerOfZero_withinOneTransaction() external {
        goesSeen(weth, 1_730e8);
        goesSeen(weth, 1_690e8);
        Bundle bundle = new Bundle();
        usdc.mint(address(bundle), 1_000_000e6);
        vm.prank(address(bundle));
        usdc.approve(address(vault), ALL);
        (address[] memory targets, bytes[] memory payloads) = (new address[](3), new bytes[](3));
        for (uint256 i; i < 3; ++i) targets[i] = address(vault);
        payloads[0] = abi.encodeCall(vault.issueMarginCall, (account));
        targets[1] = address(feedOf[address(weth)]);
        skip(1 minutes);
        payloads[1] = abi.encodeCall(MockAggregator.push, (0, uint64(block.timestamp)));
        payloads[2] = abi.encodeCall(
            vault.liquidate,
            (account, leg(weth, USDC, ALL), 0, block.timestamp, address(bundle), "")
        );
        (bool success, bytes memory reason) = address(bundle).call(abi.encodeCall(bundle.run, (targets, payloads)));
        if (!success) _isNamed(reason);
    }

    /// the feed of the debt answers 0, or not at all: the account can be looked at all the same
    function test_aDebtWhoseFeedFails_canBeLookedAt() external {
        goesSeen(weth, 1_730e8);
        goesSeen(weth, 1_690e8);
        goes(usdc, 0);
        assertTrue(_rowOf(account).status == IVaultLens.AccountStatus.UNPRICED, "no price");
        (bool success, bytes memory answer) = _as(dave, abi.encodeCall(vault.accountOf, (account)));
        assertTrue(success, vm.toString(answer));
    }

    /// stale, it counts at its slow average, and there is no jump of it
    function test_aJumpedAssetThatIsStale() external {
        goesSeen(weth, 1_690e8);
        skip(61 minutes);
        moves(usdc, 1e8);
        assertFalse(assetOf(weth).isFresh);
        isClosedStale();
        assertEq(vault.accountOf(account).waitsUntil, 0);
        _everythingAnswers();
    }

    /// stale within its window: a feed that need answer every 10 minutes
    function test_aJumpedAssetThatIsStale_withinItsWindow() external {
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feedOf[address(weth)]));
        config.maxAgeFor = 10 minutes;
        vault.setFeed(address(weth), config);
        uint256 endsAt = goesSeen(weth, 1_690e8);
        skip(11 minutes);
        isClosedStale();
        _everythingAnswers();
        moves(weth, 1_760e8);
        waitsUntil(endsAt);
    }

    function isClosedStale() private view {
        IVaultLens.AssetView memory found = assetOf(weth);
        assertEq(found.jumpEndsAt + found.priceBeforeJump, 0, "nothing to compare");
    }
}

/// A jump while the sequencer is down, or in its hour of grace: it is believed by the time of its round, and refreshes
/// read it afterwards.
contract JumpsSequencerTest is Deployment {
    MockUptimeFeed private uptime;

    function setUp() public override {
        Deployment.setUp();
        uptime = new MockUptimeFeed();
        _deployVault(address(uptime), 1 hours);
        _sendProbe(address(weth));
        vault.listAsset(address(weth), _feedConfig(address(feedOf[address(weth)])), 50_000e18);
        vault.startMeasure(address(weth), 0.25e18);
    }

    function test_aJumpWhileTheSequencerIsDown() external {
        uptime.set(1, block.timestamp);
        skip(10 minutes);
        moves(weth, 1_700e8);
        assertEq(vault.assets()[0].jumpEndsAt, block.timestamp + 30 minutes, "unseen");
        uptime.set(0, block.timestamp);
        skip(30 minutes);
        assertEq(vault.assets()[0].jumpEndsAt, 0, "over, within the grace time");
        skip(30 minutes);
        moves(weth, 1_700e8);
        assertEq(vault.refresh(address(weth), 10), 2, "read afterwards");
        assertEq(vault.assets()[0].jumpEndsAt, 0, "no window");
    }

    function test_aJumpSeenBefore_isOverAfterTheGraceTime() external {
        skip(1 hours);
        moves(weth, 1_700e8);
        vault.refresh(address(weth), 1);
        uptime.set(1, block.timestamp);
        skip(1 minutes);
        uptime.set(0, block.timestamp);
        assertGt(vault.assets()[0].jumpEndsAt, 0, "open");
        skip(1 hours);
        assertEq(vault.assets()[0].jumpEndsAt, 0, "over");
    }
}
