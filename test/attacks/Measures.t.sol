// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IHaircutRefresh} from "../../contracts/interfaces/IHaircutRefresh.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {CompactFloat} from "../../contracts/libraries/CompactFloat.sol";
import {Variance} from "../../contracts/libraries/Variance.sol";
import {BrokenFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {Phases} from "../support/Phases.sol";

/// Answers every round with the latest price, whatever its number; the latest one always has the same, or none.
contract TalkativeFeed {
    uint8 public immutable decimals = 8;
    int256 private immutable price;
    uint256 private immutable number;
    bool private isSilent;

    /// The feed does not tell its latest round.
    error Silent();

    constructor(int256 newPrice, uint256 newNumber) {
        (price, number) = (newPrice, newNumber);
    }

    function falls() external {
        isSilent = true;
    }

    function latestRoundData() external view returns (uint256, int256, uint256, uint256, uint256) {
        require(!isSilent, Silent());
        return (number, price, block.timestamp, block.timestamp, number);
    }

    function getRoundData(uint256 id) external view returns (uint256, int256, uint256, uint256, uint256) {
        return (id, price, block.timestamp, block.timestamp, id);
    }
}

// who gains by choosing when, in which order and in which portions haircuts are measured
// ├── a phase in between is not skipped because its first rounds are old
// ├── a price of the obligation that stands still since its phase ended is not paired with returns of the collateral
// ├── thousands of rounds of the obligation between two of the collateral are read in portions
// ├── in portions or at once, in whatever order: the same variance
// ├── a thousand tiny refreshes do not inflate a variance
// ├── given a feed without round numbers: it can replace another, and measuring stands still
// ├── given a feed that does not answer, or that answers for any number: named errors, no slot is overwritten
// └── given times that go backwards: void
contract MeasuresAttack is Phases {
    // ---- phases ----

    /// a new aggregator reports before it is switched to: its first rounds are older than the last observation
    function test_aPhaseInBetweenIsNotSkipped() external {
        skip(1 hours);
        moves(weth, 2_000e8);
        vault.refresh(address(weth), 10);
        renews(weth);
        pushes(weth, 2_000e8, 30 minutes); // older than the last observation
        skip(1 hours);
        moves(weth, 1_000e8); // the crash that nobody is to see
        skip(1 hours);
        moves(weth, 2_000e8);
        renews(weth);
        skip(1 hours);
        moves(weth, 2_000e8);
        bytes4 reason = IHaircutRefresh.NotFirstOfPhase.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, weth, roundOf(3, 1), roundOf(2, 3)));
        entersOwn(weth, roundOf(3, 1));
        entersOwn(weth, roundOf(2, 2));
        assertEq(vault.refresh(address(weth), 10), 2, "down and up again");
        entersOwn(weth, roundOf(3, 1));
        assertEq(vault.refresh(address(weth), 10), 1, "and on");
    }

    /// both fall by half: the pair does not move, whoever is in no hurry to enter the phase
    function test_aStillPriceOfTheObligationIsNotPaired() external {
        uint256 variance = vault.pairMeasureOf(address(weth), address(usdc)).varianceWad;
        skip(1 hours);
        moves(usdc, 1e8);
        moves(weth, 2_000e8);
        renews(usdc);
        for (uint256 i; i < 4; ++i) {
            skip(1 hours);
            moves(usdc, i % 2 == 0 ? int192(0.5e8) : int192(1e8));
            moves(weth, i % 2 == 0 ? int192(1_000e8) : int192(2_000e8));
        }
        assertEq(vault.refreshPair(address(weth), address(usdc), 20), 1, "until the phase ended");
        bytes4 reason = IHaircutRefresh.PhaseEnded.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, usdc, roundOf(1, 2), roundOf(2, 4)));
        vault.refreshPair(address(weth), address(usdc), 20);
        entersPair(usdc, roundOf(2, 1));
        assertEq(vault.refreshPair(address(weth), address(usdc), 20), 4, "the rest, with prices of its time");
        assertLt(vault.pairMeasureOf(address(weth), address(usdc)).varianceWad, variance, "nothing moved");
    }

    function test_enterPhase_whileTheObligationIsHalfRead() external {
        for (uint256 i; i < 4; ++i) wanders(usdc, int192(int256(1e8 + i)));
        wanders(weth, 2_000e8);
        renews(usdc);
        wanders(usdc, 1e8);
        assertEq(vault.refreshPair(address(weth), address(usdc), 4), 0, "read, not yet sure that it ended");
        bytes4 reason = IHaircutRefresh.PhaseNotEnded.selector;
        vm.expectRevert(abi.encodeWithSelector(reason, usdc, roundOf(1, 5), roundOf(1, 5)));
        entersPair(usdc, roundOf(2, 1));
        assertEq(vault.refreshPair(address(weth), address(usdc), 20), 1, "with its last price");
        assertEq(vault.pairMeasureOf(address(weth), address(usdc)).obligationAnswer, 1e8 + 3, "of the old phase");
        entersPair(usdc, roundOf(2, 1));
    }

    // ---- portions ----

    function test_manyRoundsOfTheObligationAreReadInPortions() external {
        for (uint256 i; i < 300; ++i) {
            skip(10);
            moves(usdc, int192(int256(1e8 + i)));
        }
        skip(10);
        moves(weth, 2_100e8);
        skip(10);
        moves(usdc, 2e8); // later
        uint256 before = gasleft();
        assertEq(vault.refreshPair(address(weth), address(usdc), 100), 0, "a part");
        assertLt(before - gasleft(), 2_500_000, "bounded by what was asked for");
        IVaultLens.PairMeasureView memory part = vault.pairMeasureOf(address(weth), address(usdc));
        assertEq(part.obligationAnswer, 1e8, "of the last common observation");
        assertEq(part.obligationRound, roundOf(1, 101), "read so far");
        assertEq(part.collateralRound, roundOf(1, 1), "not yet observed");
        assertEq(vault.refreshPair(address(weth), address(usdc), 100), 0, "another");
        assertEq(vault.refreshPair(address(weth), address(usdc), 101), 1, "the last");
        IVaultLens.PairMeasureView memory found = vault.pairMeasureOf(address(weth), address(usdc));
        assertEq(found.obligationAnswer, 1e8 + 299, "up to that time");
        int256 change = Variance.logReturnWad(2_000e8, 2_100e8) - Variance.logReturnWad(1e8, 1e8 + 299);
        uint256 variance = Variance.nextWad(part.varianceWad, change, 3_010, Variance.TIME_CONSTANT_WAD);
        assertEq(found.varianceWad, CompactFloat.decode(CompactFloat.encodeUp(variance, 33), 33), "variance");
    }

    /// portions of one, or all at once: rounds of both sides in any order, some in the same second
    function testFuzz_portionsDoNotMatter(uint256[12] memory seeds, uint256 most) external {
        for (uint256 i; i < seeds.length; ++i) {
            skip(seeds[i] % 4 == 0 ? 0 : (seeds[i] >> 8) % 2 hours);
            if ((seeds[i] >> 2) % 3 == 0) moves(weth, int192(int256(bound(seeds[i] >> 32, 1_000e8, 3_000e8))));
            else moves(usdc, int192(int256(bound(seeds[i] >> 32, 0.9e8, 1.1e8))));
        }
        uint256 id = vm.snapshotState();
        _readsAll(1_000);
        IVaultLens.PairMeasureView memory once = vault.pairMeasureOf(address(weth), address(usdc));
        vm.revertToState(id);
        _readsAll(bound(most, 1, 3));
        IVaultLens.PairMeasureView memory many = vault.pairMeasureOf(address(weth), address(usdc));
        assertApproxEqAbs(many.varianceWad, once.varianceWad, once.varianceWad / 1e8, "variance");
        assertEq(many.collateralRound, once.collateralRound, "collateral");
        assertEq(many.obligationAnswer, once.obligationAnswer, "the price that was known together");
        assertEq(many.observedAt, once.observedAt, "time");
    }

    function _readsAll(uint256 most) private {
        for (uint256 i; i < 60; ++i) {
            try vault.refreshPair(address(weth), address(usdc), most) returns (uint256) {} catch (bytes memory reason) {
                // rounds of one second are void together: more has to be read at once
                if (bytes4(reason) != IHaircutRefresh.RoundVoid.selector || most > 12) return;
                ++most;
            }
        }
    }

    /// what is kept of a variance is rounded up by 2^-32 at most, once a round: less than what it loses in a second
    function test_manySmallRefreshesDoNotInflate() external {
        for (uint256 i; i < 300; ++i) {
            skip(1);
            moves(weth, 2_000e8);
        }
        uint256 id = vm.snapshotState();
        vault.refresh(address(weth), 1_000);
        uint256 once = vault.measureOf(address(weth)).varianceWad;
        vm.revertToState(id);
        uint256 start = vault.measureOf(address(weth)).varianceWad;
        for (uint256 i; i < 300; ++i) vault.refresh(address(weth), 1);
        uint256 often = vault.measureOf(address(weth)).varianceWad;
        assertGe(often, once, "rounded up");
        assertLe(often - once, (start * 300) >> 32, "by 2^-32 a time");
        assertLt(often, start, "it still falls");
    }

    // ---- feeds ----

    /// a feed must always be replaceable, whatever is measured of it
    function test_aFeedWithoutRoundNumbersCanReplaceAnother() external {
        skip(1 hours);
        TalkativeFeed feed = new TalkativeFeed(2_000e8, 0);
        vault.setFeed(address(weth), _feedConfig(address(feed)));
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.PhaseEnded.selector, weth, type(uint80).max, 0));
        vault.refresh(address(weth), 10);
        moves(usdc, 1e8);
        vm.expectPartialRevert(IHaircutRefresh.RoundNotMeasurable.selector);
        vault.refreshPair(address(weth), address(usdc), 10);
        vm.expectPartialRevert(IHaircutRefresh.RoundNotMeasurable.selector);
        vault.startMeasure(address(weth), STRESS);
        vault.refreshPair(address(weth), address(usdc), 0);
        uint256 from = vault.haircutOf(address(weth), USDC).climbsFrom;
        vm.warp(from + 2 days);
        assertEq(vault.pairOf(address(weth), USDC).initialPpm, 335_259 + 100_000, "goes up, as nobody measures");
    }

    /// such a feed would let whoever calls choose what is seen: it has a price for every number at every moment
    function test_aFeedThatAnswersForEveryNumberIsNotMeasured() external {
        skip(1 hours);
        TalkativeFeed feed = new TalkativeFeed(2_000e8, 7);
        vault.setFeed(address(weth), _feedConfig(address(feed)));
        vm.expectRevert(abi.encodeWithSelector(IHaircutRefresh.RoundNotMeasurable.selector, weth, 7, 2_000e8));
        vault.startMeasure(address(weth), STRESS);
        skip(1 hours);
        vm.expectPartialRevert(IHaircutRefresh.PhaseEnded.selector);
        vault.refresh(address(weth), 10);
    }

    function test_anUnreachableFeed() external {
        skip(1 hours);
        BrokenFeed feed = new BrokenFeed(8, 2_000e8);
        vault.setFeed(address(weth), _feedConfig(address(feed)));
        feed.setFashion(BrokenFeed.Fashion.REVERTS);
        vm.expectRevert(abi.encodeWithSelector(IOracleRouter.FeedUnreachable.selector, weth, feed));
        vault.refresh(address(weth), 10);
    }

    /// a feed without phases that falls silent has no latest round; its last price is not paired meanwhile
    function test_anUnreachableObligationIsNotPaired() external {
        skip(1 hours);
        BrokenFeed feed = new BrokenFeed(8, 1e8);
        moves(weth, 2_000e8);
        vault.setFeed(address(usdc), _feedConfig(address(feed)));
        assertEq(vault.refreshPair(address(weth), address(usdc), 10), 0, "starts again");
        wanders(weth, 1_000e8);
        feed.setFashion(BrokenFeed.Fashion.REVERTS);
        vm.expectRevert(abi.encodeWithSelector(IOracleRouter.FeedUnreachable.selector, usdc, feed));
        vault.refreshPair(address(weth), address(usdc), 10);
        feed.setFashion(BrokenFeed.Fashion.WELL);
        assertEq(vault.refreshPair(address(weth), address(usdc), 10), 1, "when it answers again");
    }

    /// a feed that says yes to every number: no number is kept that does not fit beside the answer
    function test_enterPhase_roundsTooLargeToKeep() external {
        skip(1 hours);
        TalkativeFeed feed = new TalkativeFeed(2_000e8, 0);
        vault.setFeed(address(weth), _feedConfig(address(feed)));
        feed.falls();
        skip(1);
        uint256 round = uint256(1) << 80;
        vm.expectPartialRevert(IHaircutRefresh.NotFirstOfPhase.selector);
        entersOwn(weth, round | 1);
        assertEq(vault.measureOf(address(weth)).answer, 2_000e8, "as it was");
    }

    function test_timesThatGoBackwardsAreVoid() external {
        skip(2 hours);
        uint256 startedAt = block.timestamp - 2 hours;
        pushes(weth, 1_000e8, 2 hours + 1);
        pushes(weth, 2_100e8, 1 hours);
        pushes(weth, 500e8, 90 minutes);
        pushes(weth, 2_200e8, 0);
        assertEq(vault.refresh(address(weth), 10), 2, "two forward");
        assertEq(vault.measureOf(address(weth)).answer, 2_200e8, "the latest");
        assertEq(vault.measureOf(address(weth)).observedAt, startedAt + 2 hours, "its time");
    }
}
