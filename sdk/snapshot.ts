// What the judge reads of an account, field by field as `contracts/types/Snapshot.sol` and `RiskParameters.sol` have it.

/** One collateral of an account, as the judge read it. */
export interface CollateralLine {
  /** in the registry of assets */
  readonly id: bigint;
  readonly asset: string;
  /** held by the account [assets] */
  readonly assets: bigint;
  /** held by all accounts [assets] */
  readonly totalAssets: bigint;
  /** spot, or the last good one when not fresh [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** slow average, same unit */
  readonly slowPrice: bigint;
  /** whether spot can be relied on */
  readonly isFresh: boolean;
  /** largest over the debts held */
  readonly haircutInitialPpm: bigint;
  /** largest over the debts held */
  readonly haircutMaintenancePpm: bigint;
  /** smallest over the debts held [value] */
  readonly depthValue: bigint;
}

/** One debt of an account, as the judge read it. */
export interface DebtLine {
  /** of the pool */
  readonly id: bigint;
  readonly pool: string;
  readonly assetId: bigint;
  /** [debt shares] */
  readonly shares: bigint;
  /** of the pool, accrued to now */
  readonly index: bigint;
  /** of the pool */
  readonly shareUnit: bigint;
  /** owed, rounded up [assets] */
  readonly assets: bigint;
  /** spot */
  readonly price: bigint;
  readonly slowPrice: bigint;
  readonly isFresh: boolean;
  /** b, at least 1_000_000 */
  readonly factorPpm: bigint;
}

/** Everything the judge needs of one account. */
export interface Snapshot {
  readonly collaterals: readonly CollateralLine[];
  readonly debts: readonly DebtLine[];
}

/** The views of prices in the order of the contract's enum: the place is the number on the chain. */
export const PRICE_VIEWS = ["opening", "owner", "protocol"] as const;

/**
 * Which price counts. `opening`: risk is taken, so collateral at the lower, debt at the higher of spot and slow average, stale
 * counts 0. `owner`: spot; a stale collateral counts 0. `protocol`: spot; a stale collateral counts at its last good price.
 */
export type PriceView = (typeof PRICE_VIEWS)[number];

/** The sums of the equation, at one view of prices [value]. */
export interface Health {
  /** Σ C, rounded down */
  readonly collateralValue: bigint;
  /** Σ D, rounded up */
  readonly debtValue: bigint;
  /** A_I */
  readonly coverInitial: bigint;
  /** A_M; 0 at opening prices, where nobody asks for it */
  readonly coverMaintenance: bigint;
  /** R = Σ b·D, rounded up */
  readonly requirement: bigint;
}

/** Parameters of calls and liquidations. */
export interface RiskParameters {
  /** γ: share of the maintenance cushion that may be used before close-out */
  readonly closeOutBps: bigint;
  /** ρ: target coverage = 1 + ρ · Q_M / A_M */
  readonly targetShareBps: bigint;
  /** least target coverage above 1 */
  readonly targetMinBps: bigint;
  /** highest target coverage above 1 */
  readonly targetMaxBps: bigint;
  /** β_min */
  readonly bonusMinBps: bigint;
  /** k: bonus for each whole cushion used */
  readonly bonusPerUsedBps: bigint;
  /** r: bonus for each hour since default */
  readonly bonusPerHourBps: bigint;
  /** φ: liquidation fee to the reserve of the pool */
  readonly feeBps: bigint;
  /** shortest cure period [s] */
  readonly cureMinFor: bigint;
  /** longest cure period [s] */
  readonly cureMaxFor: bigint;
  /** call amounts are multiples of it [whole USD] */
  readonly roundingValue: bigint;
  /** MTA [whole USD] */
  readonly minimumTransferValue: bigint;
  /** nothing smaller is left behind by a liquidation [whole USD] */
  readonly dustValue: bigint;
  /** of a collateral's depth: how full its throttle gets, which drains in an hour */
  readonly throttleBps: bigint;
}
