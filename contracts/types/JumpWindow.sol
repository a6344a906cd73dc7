// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Jump} from "../libraries/Jump.sol";
import {MathLib} from "../libraries/MathLib.sol";

/// The last jumps of a price, and the window that the later of them opened, in one slot:
/// answer before it 88, 0 for no window | answer that confirms it 88 | up at 40 [s] | down at 40 [s].
type JumpWindow is uint256;

using JumpWindowLib for JumpWindow global;

/// Reads and makes a `JumpWindow`.
library JumpWindowLib {
    uint256 private constant ANSWERS = 176;

    /// The feed's answer before the jump; 0 when it was confirmed.
    function answerBefore(JumpWindow word) internal pure returns (uint256) {
        return uint88(JumpWindow.unwrap(word));
    }

    /// Half of the way to the jump's answer.
    function answerConfirming(JumpWindow word) internal pure returns (uint256) {
        return uint88(JumpWindow.unwrap(word) >> 88);
    }

    /// Time of the round of the last jump in a direction [s].
    function jumpedAt(JumpWindow word, bool upwards) internal pure returns (uint256) {
        return uint40(JumpWindow.unwrap(word) >> (upwards ? ANSWERS : ANSWERS + 40));
    }

    function isUp(JumpWindow word) internal pure returns (bool) {
        return word.jumpedAt(true) > word.jumpedAt(false);
    }

    /// When the window closes by itself [s].
    function endsAt(JumpWindow word) internal pure returns (uint256) {
        return MathLib.max(word.jumpedAt(true), word.jumpedAt(false)) + Jump.WINDOW_FOR;
    }

    /// The answer before the jump, and when the window closes by itself; zeros when it is not open [feed's unit, s]
    function openAt(JumpWindow word, uint256 time) internal pure returns (uint256 before, uint256 until) {
        (before, until) = (word.answerBefore(), word.endsAt());
        if (before == 0 || time >= until) return (0, 0);
    }

    function isOpenAt(JumpWindow word, uint256 time) internal pure returns (bool) {
        return word.answerBefore() != 0 && time < word.endsAt();
    }

    /// Whether a round's answer is at least half of the way.
    function isConfirmedBy(JumpWindow word, uint256 answer) internal pure returns (bool) {
        return word.isUp() ? answer >= word.answerConfirming() : answer <= word.answerConfirming();
    }

    /// Whether a jump at `time` in a direction comes too soon after another to open a window.
    function restsAt(JumpWindow word, bool upwards, uint256 time) internal pure returns (bool) {
        return time < word.jumpedAt(upwards) + Jump.REST_FOR;
    }

    function closed(JumpWindow word) internal pure returns (JumpWindow) {
        return JumpWindow.wrap((JumpWindow.unwrap(word) >> ANSWERS) << ANSWERS);
    }

    /// `before` and `afterwards` differ and are below 2^88, `time` < 2^40 and after all earlier ones.
    function opened(
        JumpWindow word,
        uint256 before,
        uint256 afterwards,
        uint256 time
    ) internal pure returns (JumpWindow) {
        bool upwards = afterwards > before;
        (uint256 upAt, uint256 downAt) = (word.jumpedAt(true), word.jumpedAt(false));
        if (upwards) upAt = time;
        else downAt = time;
        uint256 answers = before | (((before + afterwards) / 2) << 88);
        return JumpWindow.wrap(answers | (upAt << ANSWERS) | (downAt << (ANSWERS + 40)));
    }
}
