// Reads what all accounts have in common, through the vault's lens: assets, pools, pairs, parameters.
import { type BlockTag, ZeroAddress } from "ethers";
import type {
  ICollateralVault,
  IVaultLens,
} from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { RiskParameters } from "./snapshot.ts";

/** Everything about one asset. */
export interface AssetView {
  readonly asset: string;
  readonly id: bigint;
  readonly totalAssets: bigint;
  readonly capAssets: bigint;
  readonly supplyPaused: boolean;
  readonly seizurePaused: boolean;
  /** declared by governance */
  readonly isWorthless: boolean;
  readonly feed: string;
  readonly maxAgeFor: bigint;
  readonly lowestAnswer: bigint;
  readonly highestAnswer: bigint;
  readonly secondFeed: string;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** same unit */
  readonly slowPrice: bigint;
  readonly isFresh: boolean;
  /** while a jump is not confirmed, else 0; same unit */
  readonly priceBeforeJump: bigint;
  /** when it is believed without; 0 for no jump [s] */
  readonly jumpEndsAt: bigint;
  /** undefined for an asset that its feed prices directly */
  readonly rate: RateView | undefined;
}

/** The exchange rate that an asset's price goes through; the feeds are then those of the underlying. */
export interface RateView {
  readonly provider: string;
  /** of the function that is asked */
  readonly selector: string;
  /** what `convertToAssets` is asked for [shares] */
  readonly shareUnit: bigint;
  /** of what it returns */
  readonly decimals: bigint;
  /** as it was set, of the first rate [ppm per day] */
  readonly growthPpm: bigint;
  /** as the provider tells it now, not capped; 0 when it tells none */
  readonly rateWad: bigint;
  /** most that counts of it now */
  readonly allowedWad: bigint;
  /** the rate allowed at `movedAt` */
  readonly lineWad: bigint;
  /** the highest rate that counted when somebody looked */
  readonly highestWad: bigint;
  readonly growthWadPerDay: bigint;
  readonly movedAt: bigint;
}

/** Everything about one pool, as the vault sees it. */
export interface PoolView {
  readonly pool: string;
  readonly id: bigint;
  readonly assetId: bigint;
  readonly asset: string;
  readonly factorPpm: bigint;
  readonly shareUnit: bigint;
  readonly borrowPaused: boolean;
}

/** Everything about one pair of collateral and pool. */
export interface PairView {
  readonly isListed: boolean;
  readonly initialPpm: bigint;
  readonly maintenancePpm: bigint;
  readonly initialTargetPpm: bigint;
  readonly maintenanceTargetPpm: bigint;
  readonly initialFloorPpm: bigint;
  readonly initialCapPpm: bigint;
  readonly maintenanceFloorPpm: bigint;
  readonly maintenanceCapPpm: bigint;
  readonly depthValue: bigint;
  readonly maxBonusBps: bigint;
}

/** What governance set for all accounts: stands until an event tells of a change. */
export interface MarketTerms {
  readonly pools: readonly PoolView[];
  readonly rules: RiskParameters;
}

/** What all accounts have in common. */
export interface MarketView extends MarketTerms {
  readonly assets: readonly AssetView[];
}

/** Assets, pools and parameters at one block. */
export async function readMarket(
  vault: ICollateralVault,
  blockTag: BlockTag = "latest",
): Promise<MarketView> {
  const [assets, terms] = await Promise.all([
    readAssets(vault, blockTag),
    readTerms(vault, blockTag),
  ]);
  return { assets, ...terms };
}

/** Assets and their prices at one block. */
export async function readAssets(
  vault: ICollateralVault,
  blockTag: BlockTag = "latest",
): Promise<readonly AssetView[]> {
  return (await vault.assets({ blockTag })).map(toAsset);
}

/** Pools and parameters at one block. */
export async function readTerms(
  vault: ICollateralVault,
  blockTag: BlockTag = "latest",
): Promise<MarketTerms> {
  const [pools, rules] = await Promise.all([
    vault.pools({ blockTag }),
    vault.riskParameters({ blockTag }),
  ]);
  return { pools: pools.map(toPool), rules: toRules(rules) };
}

/** One pair of a collateral and a pool. */
export async function readPair(
  vault: ICollateralVault,
  asset: string,
  pool: bigint,
  blockTag: BlockTag = "latest",
): Promise<PairView> {
  const pair = await vault.pairOf(asset, pool, { blockTag });
  return {
    isListed: pair.isListed,
    initialPpm: pair.initialPpm,
    maintenancePpm: pair.maintenancePpm,
    initialTargetPpm: pair.initialTargetPpm,
    maintenanceTargetPpm: pair.maintenanceTargetPpm,
    initialFloorPpm: pair.initialFloorPpm,
    initialCapPpm: pair.initialCapPpm,
    maintenanceFloorPpm: pair.maintenanceFloorPpm,
    maintenanceCapPpm: pair.maintenanceCapPpm,
    depthValue: pair.depthValue,
    maxBonusBps: pair.maxBonusBps,
  };
}

function toAsset(row: IVaultLens.AssetViewStructOutput): AssetView {
  return {
    asset: row.asset,
    id: row.id,
    totalAssets: row.totalAssets,
    capAssets: row.capAssets,
    supplyPaused: row.supplyPaused,
    seizurePaused: row.seizurePaused,
    isWorthless: row.isWorthless,
    feed: row.feed,
    maxAgeFor: row.maxAgeFor,
    lowestAnswer: row.lowestAnswer,
    highestAnswer: row.highestAnswer,
    secondFeed: row.secondFeed,
    price: row.price,
    slowPrice: row.slowPrice,
    isFresh: row.isFresh,
    priceBeforeJump: row.priceBeforeJump,
    jumpEndsAt: row.jumpEndsAt,
    rate: row.rate.provider === ZeroAddress ? undefined : toRate(row.rate),
  };
}

function toRate(rate: RateView): RateView {
  return {
    provider: rate.provider,
    selector: rate.selector,
    shareUnit: rate.shareUnit,
    decimals: rate.decimals,
    growthPpm: rate.growthPpm,
    rateWad: rate.rateWad,
    allowedWad: rate.allowedWad,
    lineWad: rate.lineWad,
    highestWad: rate.highestWad,
    growthWadPerDay: rate.growthWadPerDay,
    movedAt: rate.movedAt,
  };
}

function toPool(row: PoolView): PoolView {
  return {
    pool: row.pool,
    id: row.id,
    assetId: row.assetId,
    asset: row.asset,
    factorPpm: row.factorPpm,
    shareUnit: row.shareUnit,
    borrowPaused: row.borrowPaused,
  };
}

function toRules(rules: RiskParameters): RiskParameters {
  return {
    closeOutBps: rules.closeOutBps,
    targetShareBps: rules.targetShareBps,
    targetMinBps: rules.targetMinBps,
    targetMaxBps: rules.targetMaxBps,
    bonusMinBps: rules.bonusMinBps,
    bonusPerUsedBps: rules.bonusPerUsedBps,
    bonusPerHourBps: rules.bonusPerHourBps,
    feeBps: rules.feeBps,
    cureMinFor: rules.cureMinFor,
    cureMaxFor: rules.cureMaxFor,
    roundingValue: rules.roundingValue,
    minimumTransferValue: rules.minimumTransferValue,
    dustValue: rules.dustValue,
    throttleBps: rules.throttleBps,
  };
}
