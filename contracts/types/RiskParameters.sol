// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Parameters of calls and liquidations, in one slot.
struct RiskParameters {
    uint16 closeOutBps; // γ: share of the maintenance cushion that may be used before close-out
    uint16 targetShareBps; // ρ: target coverage = 1 + ρ · Q_M / A_M
    uint16 targetMinBps; // least target coverage above 1
    uint16 targetMaxBps; // highest target coverage above 1, below 2^12
    uint16 bonusMinBps; // β_min
    uint16 bonusPerUsedBps; // k: bonus for each whole cushion used
    uint16 bonusPerHourBps; // r: bonus for each hour since default
    uint16 feeBps; // φ: liquidation fee to the reserve of the pool
    uint24 cureMinFor; // shortest cure period [s]
    uint24 cureMaxFor; // longest cure period [s]
    uint16 roundingValue; // call amounts are multiples of it [whole USD]
    uint24 minimumTransferValue; // MTA [whole USD]
    uint24 dustValue; // nothing smaller is left behind by a liquidation [whole USD]
    uint16 throttleBps; // of a collateral's depth: how full its throttle gets, which drains in an hour
}
