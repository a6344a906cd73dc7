// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// One collateral of an account, as the judge read it.
struct CollateralLine {
    uint256 id; // in the registry of assets
    address asset;
    uint256 assets; // held by the account [assets]
    uint256 totalAssets; // held by all accounts [assets]
    uint256 price; // spot, or the last good one when not fresh [USD wad per 1e18 base units]
    uint256 slowPrice; // slow average, same unit
    bool isFresh; // whether spot can be relied on
    uint256 haircutInitialPpm; // largest over the debts held
    uint256 haircutMaintenancePpm; // largest over the debts held
    uint256 depthValue; // smallest over the debts held [value]
}

/// One debt of an account, as the judge read it.
struct DebtLine {
    uint256 id; // of the pool
    address pool;
    uint256 assetId;
    uint256 shares; // [debt shares]
    uint256 index; // of the pool, accrued to now
    uint256 shareUnit; // of the pool
    uint256 assets; // owed, rounded up [assets]
    uint256 price; // spot
    uint256 slowPrice;
    bool isFresh;
    uint256 factorPpm; // b, at least 1_000_000
}

/// Everything the judge needs of one account.
struct Snapshot {
    CollateralLine[] collaterals;
    DebtLine[] debts;
}

/// Which price counts.
enum PriceView {
    OPENING, // risk is taken: collateral at the lower, debt at the higher of spot and slow average; stale counts 0
    OWNER, // spot; a stale collateral counts 0
    PROTOCOL // spot; a stale collateral counts at its last good price
}

/// The sums of the equation, at one view of prices [value].
struct Health {
    uint256 collateralValue; // Σ C, rounded down
    uint256 debtValue; // Σ D, rounded up
    uint256 coverInitial; // A_I
    uint256 coverMaintenance; // A_M
    uint256 requirement; // R = Σ b·D, rounded up
}
