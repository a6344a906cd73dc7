// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {CompactFloat} from "../../../contracts/libraries/CompactFloat.sol";
import {Jump} from "../../../contracts/libraries/Jump.sol";
import {MathLib} from "../../../contracts/libraries/MathLib.sol";
import {Variance} from "../../../contracts/libraries/Variance.sol";
import {JumpWindow} from "../../../contracts/types/JumpWindow.sol";
import {PriceFeed, PriceFeedLib} from "../../../contracts/types/PriceFeed.sol";
import {TestBase} from "../../support/TestBase.sol";

// isJump
// ├── a return of exactly eight deviations is none, one wei more is, in either direction
// ├── rounds within an hour are judged as if an hour had passed, later ones by their time
// └── over the whole domain: as with checked arithmetic
// distanceWad
// ├── at least the logarithm of the quotient, the same from either side, 0 for no move
// └── clipped at 2^67, which no logarithm reaches
// JumpWindow
// ├── keeps what it was opened with; its direction, its end
// ├── open from the round up to 30 minutes later, not at the end, and not when it is closed
// ├── confirmed by the middle exactly, not one unit short of it, upwards and downwards
// ├── rests for 6 hours in its own direction, not in the other
// └── closed: the times stay
// PriceFeed: the two flags disturb nothing else, and nothing else disturbs them
contract JumpTest is TestBase {
    uint256 private constant HOUR = 1 hours;

    // ---- isJump ----

    /// σ² = 0.876: 8 · √(0.876 / 8760) is 0.08
    function test_isJump_beyondEightDeviationsOfAnHour() external pure {
        assertFalse(Jump.isJump(0.08e18, 0.876e18, HOUR), "exactly");
        assertTrue(Jump.isJump(0.08e18 + 1, 0.876e18, HOUR), "above");
        assertFalse(Jump.isJump(-0.08e18, 0.876e18, HOUR), "exactly, downwards");
        assertTrue(Jump.isJump(-0.08e18 - 1, 0.876e18, HOUR), "below");
    }

    function test_isJump_withinAnHourAsIfOneHadPassed() external pure {
        assertFalse(Jump.isJump(0.08e18, 0.876e18, 1), "a second");
        assertTrue(Jump.isJump(0.08e18 + 1, 0.876e18, 1), "above");
        assertTrue(Jump.isJump(0.08e18 + 1, 0.876e18, HOUR - 1), "just below an hour");
        assertFalse(Jump.isJump(0.08e18 + 1, 0.876e18, HOUR + 1), "just above it");
        assertFalse(Jump.isJump(0.16e18, 0.876e18, 4 hours), "twice as far in four hours");
        assertTrue(Jump.isJump(0.16e18 + 1, 0.876e18, 4 hours), "above");
        assertFalse(Jump.isJump(0, 0, 1), "nothing moved");
        assertTrue(Jump.isJump(1, 0, 1), "no variance");
    }

    function testFuzz_isJump_boundary(uint256 varianceWad, uint256 elapsedFor) external pure {
        varianceWad = bound(varianceWad, 0, Variance.VARIANCE_MOST_WAD);
        elapsedFor = bound(elapsedFor, 1, 2 ** 40 - 1);
        uint256 spanFor = MathLib.max(elapsedFor, HOUR);
        uint256 most = FixedPointMathLib.sqrt((64e18 * varianceWad * spanFor) / Variance.YEAR_FOR);
        // r is at most 2^68
        if (most >= 2 ** 68) return;
        assertFalse(Jump.isJump(int256(most), varianceWad, elapsedFor), "the largest that is none");
        assertTrue(Jump.isJump(int256(most) + 1, varianceWad, elapsedFor), "one wei more");
        assertFalse(Jump.isJump(-int256(most), varianceWad, elapsedFor), "downwards");
        assertTrue(Jump.isJump(-int256(most) - 1, varianceWad, elapsedFor), "one wei more, downwards");
    }

    function testFuzz_isJump_overflowsNowhere(uint256 size, uint256 varianceWad, uint256 elapsedFor) external pure {
        (size, varianceWad) = (bound(size, 0, 2 ** 68), bound(varianceWad, 0, 2 ** 74 - 1));
        elapsedFor = bound(elapsedFor, 0, 2 ** 40 - 1);
        // checked
        bool expected = size * size * Variance.YEAR_FOR > 64e18 * varianceWad * MathLib.max(elapsedFor, HOUR);
        assertEq(Jump.isJump(int256(size), varianceWad, elapsedFor), expected, "up");
        assertEq(Jump.isJump(-int256(size), varianceWad, elapsedFor), expected, "down");
    }

    function test_isJump_atTheEdgesOfItsDomain() external pure {
        int256 largest = int256(2 ** 68);
        assertTrue(Jump.isJump(largest, 0, 0));
        assertTrue(Jump.isJump(-largest, 2 ** 74 - 1, 0), "an hour");
        assertFalse(Jump.isJump(largest, 2 ** 74 - 1, 2 ** 40 - 1), "thousands of years");
    }

    // ---- distanceWad ----

    function testFuzz_distanceWad_atLeastTheLogarithm(uint256 left, uint256 right) external pure {
        (left, right) = (bound(left, 1, 2 ** 128 - 1), bound(right, 1, 2 ** 128 - 1));
        uint256 distance = uint256(Jump.distanceWad(left, right));
        assertEq(uint256(Jump.distanceWad(right, left)), distance, "from either side");
        int256 log = Variance.logReturnWad(left, right);
        assertGe(distance + 2, uint256(log < 0 ? -log : log), "within two wei of it");
        assertEq(distance == 0, left == right, "0 for no move");
        assertLe(distance, 2 ** 67, "clipped");
    }

    /// close to each other, where both are nearly the same
    function testFuzz_distanceWad_ofNeighbours(uint256 left, uint256 step) external pure {
        left = bound(left, 1, 2 ** 127);
        uint256 right = left + bound(step, 0, left / 1e6);
        int256 log = Variance.logReturnWad(left, right);
        uint256 distance = uint256(Jump.distanceWad(left, right));
        assertGe(int256(distance) + 2, log, "at least");
        assertLe(int256(distance), log + log / 1e6 + 3, "not much more");
    }

    function test_distanceWad_values() external pure {
        assertEq(Jump.distanceWad(100, 110), 0.1e18);
        assertEq(Jump.distanceWad(110, 100), 0.1e18, "of the smaller");
        assertEq(Jump.distanceWad(3, 4), 333_333_333_333_333_334, "rounded up");
        assertEq(Jump.distanceWad(5, 5), 0);
        assertEq(Jump.distanceWad(1, 2 ** 128 - 1), int256(2 ** 67), "clipped");
        assertEq(Jump.distanceWad(2 ** 128 - 1, 2 ** 128 - 1), 0);
        // the largest logarithm, and what is clipped: both are a jump at any variance that is kept, within a day
        assertLt(uint256(Variance.logReturnWad(1, 2 ** 128 - 1)), 2 ** 67);
        assertTrue(Jump.isJump(Jump.distanceWad(1, 2 ** 128 - 1), 100e18, 1 days));
    }

    // ---- JumpWindow ----

    function testFuzz_window_keepsWhatItWasOpenedWith(
        uint256 before,
        uint256 afterwards,
        uint256 time,
        uint256 later
    ) external pure {
        (before, afterwards) = (bound(before, 1, 2 ** 88 - 1), bound(afterwards, 1, 2 ** 88 - 1));
        if (before == afterwards) return;
        time = bound(time, 1, 2 ** 39);
        later = bound(later, time + 1, 2 ** 40 - 1);
        bool isUp = afterwards > before;
        JumpWindow window = JumpWindow.wrap(0).opened(before, afterwards, time);
        _isLike(window, before, afterwards, time);
        assertEq(window.jumpedAt(isUp), time, "its direction");
        assertEq(window.jumpedAt(!isUp), 0, "none in the other");
        // back again
        window = window.opened(afterwards, before, later);
        _isLike(window, afterwards, before, later);
        assertEq(window.jumpedAt(isUp), time, "the earlier");
        assertEq(window.jumpedAt(!isUp), later, "the later");
    }

    function _isLike(JumpWindow window, uint256 before, uint256 afterwards, uint256 time) private pure {
        assertEq(window.answerBefore(), before, "before");
        assertEq(window.answerConfirming(), (before + afterwards) / 2, "middle");
        assertEq(window.isUp(), afterwards > before, "direction");
        assertEq(window.endsAt(), time + 30 minutes, "end");
        assertTrue(window.isConfirmedBy(afterwards), "by the jump's own answer");
        if (afterwards > before + 1) assertFalse(window.isConfirmedBy(before), "not by the one before");
        if (afterwards < before) assertFalse(window.isConfirmedBy(before), "not by the one before");
    }

    function test_window_isOpenForHalfAnHour() external pure {
        JumpWindow window = JumpWindow.wrap(0).opened(2_000e8, 1_500e8, 1_000_000);
        assertTrue(window.isOpenAt(1_000_000), "at once");
        assertTrue(window.isOpenAt(1_000_000 + 30 minutes - 1), "until just before its end");
        assertFalse(window.isOpenAt(1_000_000 + 30 minutes), "not at its end");
        (uint256 before, uint256 until) = window.openAt(1_000_000 + 30 minutes - 1);
        assertEq(before, 2_000e8);
        assertEq(until, 1_000_000 + 30 minutes);
        (before, until) = window.openAt(1_000_000 + 30 minutes);
        assertEq(before + until, 0, "zeros");
        (before, until) = JumpWindow.wrap(0).openAt(0);
        assertEq(before + until, 0, "none was ever opened");
        assertFalse(JumpWindow.wrap(0).isOpenAt(0));
    }

    function test_window_isConfirmedByTheMiddle() external pure {
        JumpWindow down = JumpWindow.wrap(0).opened(2_000, 1_500, 1_000_000);
        assertTrue(down.isConfirmedBy(1_750), "the middle");
        assertFalse(down.isConfirmedBy(1_751), "one short");
        assertTrue(down.isConfirmedBy(1), "further");
        JumpWindow up = JumpWindow.wrap(0).opened(2_000, 2_500, 1_000_000);
        assertTrue(up.isConfirmedBy(2_250), "the middle");
        assertFalse(up.isConfirmedBy(2_249), "one short");
        assertTrue(up.isConfirmedBy(type(uint88).max), "further");
    }

    function testFuzz_window_restsInItsDirection(uint256 time, uint256 elapsedFor, bool isUp) external pure {
        (time, elapsedFor) = (bound(time, 6 hours, 2 ** 39), bound(elapsedFor, 0, 12 hours));
        JumpWindow window = JumpWindow.wrap(0).opened(2_000, isUp ? 2_500 : 1_500, time);
        assertEq(window.restsAt(isUp, time + elapsedFor), elapsedFor < 6 hours, "its own");
        assertFalse(window.restsAt(!isUp, time + elapsedFor), "not the other");
        assertEq(window.closed().restsAt(isUp, time + elapsedFor), elapsedFor < 6 hours, "also when confirmed");
    }

    function testFuzz_window_closedKeepsTimes(uint256 word, uint256 time) external pure {
        JumpWindow window = JumpWindow.wrap(word);
        JumpWindow closed = window.closed();
        assertEq(closed.answerBefore() + closed.answerConfirming(), 0, "no answers");
        assertEq(closed.jumpedAt(true), window.jumpedAt(true), "up");
        assertEq(closed.jumpedAt(false), window.jumpedAt(false), "down");
        assertFalse(closed.isOpenAt(time), "closed");
        assertEq(JumpWindow.unwrap(closed.closed()), JumpWindow.unwrap(closed), "once");
    }

    // ---- the flags of a feed ----

    function testFuzz_flags_disturbNothing(
        address feed,
        uint256 minutesOld,
        uint256 exponent,
        uint256 slow,
        uint256[2] memory bounds,
        bool[2] memory legs
    ) external pure {
        (minutesOld, exponent) = (bound(minutesOld, 1, 2 ** 14 - 1), bound(exponent, 0, 36));
        bounds[1] = bound(bounds[1], 1, 2 ** 128 - 1);
        bounds[0] = bound(bounds[0], 1, bounds[1]);
        PriceFeed word = PriceFeedLib
            .toPriceFeed(feed, minutesOld, exponent, legs[0], legs[1], bounds[0], bounds[1])
            .withSlowAnswer(bound(slow, 0, 2 ** 128 - 1));
        assertFalse(word.isMeasured() || word.hasJumped(), "not at first");
        PriceFeed measured = word.withMeasured();
        assertTrue(measured.isMeasured() && !measured.hasJumped(), "measured");
        PriceFeed jumped = measured.withJumped(true);
        assertTrue(jumped.isMeasured() && jumped.hasJumped(), "both");
        assertEq(_fields(jumped), _fields(word), "the rest");
        assertEq(jumped.maxAgeFor(), minutesOld * 1 minutes, "age");
        assertEq(jumped.scale(), 10 ** exponent, "scale");
        assertEq(PriceFeed.unwrap(jumped.withJumped(false)), PriceFeed.unwrap(measured), "off again");
        assertEq(PriceFeed.unwrap(jumped.withJumped(true)), PriceFeed.unwrap(jumped), "twice");
        PriceFeed moved = jumped.withSlowAnswer(12_345e8);
        assertTrue(moved.isMeasured() && moved.hasJumped(), "the slow average does not disturb them");
        assertEq(moved.slowAnswer(), CompactFloat.decode(CompactFloat.encodeDown(12_345e8, 33), 33));
    }

    function _fields(PriceFeed word) private pure returns (bytes32) {
        bytes memory amounts = abi.encode(
            word.feed(),
            word.slowAnswer(),
            word.maxAgeFor(),
            word.scale(),
            word.lowestAnswer(),
            word.highestAnswer()
        );
        return keccak256(abi.encode(amounts, word.hasSecondFeed(), word.hasRateLeg(), word.isPlain()));
    }
}
