// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// Amount and clock of a margin call.
library CallClock {
    /// A paused call that was covered for so long starts afresh.
    uint256 internal constant FORGIVEN_AFTER_FOR = 24 hours;
    /// MTA is at most this share of what is owed, so that small accounts get calls too [bps].
    uint256 internal constant MTA_SHARE_BPS = 100;

    /// clamp(cureMax · (γ − used) / γ, cureMin, cureMax), rounded down: the nearer to close-out, the shorter [s]
    function cureFor(
        int256 usedWad,
        uint256 closeOutBps,
        uint256 cureMinFor,
        uint256 cureMaxFor
    ) internal pure returns (uint256) {
        if (usedWad <= 0) return cureMaxFor;
        uint256 line = closeOutBps * 1e14;
        uint256 left = MathLib.zeroFloorSub(line, uint256(usedWad));
        return MathLib.clamp(MathLib.mulDivDown(cureMaxFor, left, line), cureMinFor, cureMaxFor);
    }

    /// the deadline, or, when clocks ran only since some time after the call began, that time and the whole cure period
    function deadlineAfter(uint256 deadline, uint256 cureTimeFor, uint256 runsSinceAt) internal pure returns (uint256) {
        return MathLib.max(deadline, runsSinceAt == 0 ? 0 : runsSinceAt + cureTimeFor);
    }

    /// R − A_I, rounded up to the unit [value]
    function amountUp(uint256 requirement, uint256 coverInitial, uint256 unitValue) internal pure returns (uint256) {
        return MathLib.mulDivUp(MathLib.zeroFloorSub(requirement, coverInitial), 1, unitValue) * unitValue;
    }

    /// min(MTA, 1 % of Σ D) [value]
    function leastAmount(uint256 minimumTransferValue, uint256 debtValue) internal pure returns (uint256) {
        return MathLib.min(minimumTransferValue, MathLib.mulDivDown(debtValue, MTA_SHARE_BPS, MathLib.BPS));
    }
}
