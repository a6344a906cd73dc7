// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// The margin call of one account, in one slot:
/// amount 96 [value] | deadline 40 [s] | time left when paused 32 [s] | paused at 40 [s] | time to cure 32 [s].
type MarginCall is uint256;

using MarginCallLib for MarginCall global;

/// Stored states. That a call has expired is read from its deadline; close-out and insolvency are read from health.
library CallState {
    uint256 internal constant HEALTHY = 0;
    uint256 internal constant CALLED = 1;
    uint256 internal constant PAUSED = 2;
}

/// Reads and makes a `MarginCall`.
library MarginCallLib {
    /// What restored initial cover when the call was issued [value].
    function amountValue(MarginCall call) internal pure returns (uint256) {
        return uint96(MarginCall.unwrap(call));
    }

    /// Time after which an uncured call is expired; 0 while paused.
    function deadline(MarginCall call) internal pure returns (uint256) {
        return uint40(MarginCall.unwrap(call) >> 96);
    }

    /// Time to cure that was left when the clock was stopped [s].
    function leftFor(MarginCall call) internal pure returns (uint256) {
        return uint32(MarginCall.unwrap(call) >> 136);
    }

    function pausedAt(MarginCall call) internal pure returns (uint256) {
        return uint40(MarginCall.unwrap(call) >> 168);
    }

    /// Time to cure that the running call had when its clock started [s].
    function cureFor(MarginCall call) internal pure returns (uint256) {
        return uint32(MarginCall.unwrap(call) >> 208);
    }

    /// A running call. `value` is clipped to 96 bits (79 billion USD): it informs, nothing is computed from it.
    function running(uint256 value, uint256 nowAt, uint256 newCureFor) internal pure returns (MarginCall) {
        if (value > type(uint96).max) value = type(uint96).max;
        return MarginCall.wrap(value | ((nowAt + newCureFor) << 96) | (newCureFor << 208));
    }

    /// A call whose clock rests.
    function paused(uint256 value, uint256 newLeftFor, uint256 stoppedAt) internal pure returns (MarginCall) {
        return MarginCall.wrap(value | (newLeftFor << 136) | (stoppedAt << 168));
    }
}
