// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "./AccountId.sol";

/// What the vault knows of a sleeve, in one slot.
struct Sleeve {
    address asset; // whose holdings it takes; zero for no sleeve
    uint16 maxDebtShareBps; // most that an account reuses, as a share of its debt
    uint16 toleranceBps; // beyond which anyone may move the excess back
    bool isCapped; // whether the two above count
}

/// Where the queue of a sleeve stands, in one slot: tickets have the numbers 1 to `issued`.
struct RecallQueue {
    uint96 served; // the last ticket that is done
    uint96 issued; // the last ticket that was given out
    uint64 waitingSinceAt; // since when the queue is not empty, if it is not [unix s]
}

/// Shares that wait to become plain collateral again.
struct RecallTicket {
    AccountId account;
    uint256 shares; // 0 for a ticket that is done, replaced or cancelled [shares]
}
