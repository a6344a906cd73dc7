// Sleeves of reusable collateral: which there are, how they stand, and what they pay out for shares now.
import type { BlockTag, Provider } from "ethers";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { sleeveAt } from "./contracts.ts";
import { isRefusal } from "./errors.ts";
import { valueDown } from "./healthMath.ts";
import type { AssetView } from "./market.ts";
import { BPS, min, mulDivDown } from "./mathLib.ts";

/** A sleeve as the vault knows it; governed, so it stands until `SleeveSet`. */
export interface SleeveView {
  readonly sleeve: string;
  /** whose holdings it takes */
  readonly asset: string;
  readonly isCapped: boolean;
  /** most that an account reuses, as a share of its debt [bps] */
  readonly maxDebtShareBps: bigint;
  /** beyond which anyone may move the excess back [bps] */
  readonly toleranceBps: bigint;
}

/** A venue of a sleeve. */
export interface VenueView {
  readonly venue: string;
  readonly capAssets: bigint;
  /** [venue shares] */
  readonly shares: bigint;
  readonly recordedAssets: bigint;
  /** [s] */
  readonly recordedAt: bigint;
  /** what counts of it now [assets] */
  readonly worthAssets: bigint;
  /** what it says now, 0 when it says nothing [assets] */
  readonly saidAssets: bigint;
}

/** A sleeve that allocates to venues, as it is now. */
export interface AllocatorView {
  readonly idleAssets: bigint;
  /** share of all assets that stays idle [bps] */
  readonly bufferBps: bigint;
  readonly venues: readonly VenueView[];
}

/** What a sleeve gives for shares now. */
export interface Payout {
  readonly sleeve: string;
  readonly asset: string;
  /** of the asset [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** most shares that it was found to pay for; 0 when it pays nothing [shares] */
  readonly shares: bigint;
  /** what comes for them [assets] */
  readonly assets: bigint;
}

/**
 * What is there stays, while a share grows with every second: of a part that a sleeve pays now so much less is asked for, so that it
 * is still paid some blocks later. [bps]
 */
const GROWTH_BPS = 10n;

/** All sleeves of a vault. */
export async function readSleeves(
  vault: ICollateralVault,
  assets: readonly AssetView[],
  blockTag: BlockTag = "latest",
): Promise<readonly SleeveView[]> {
  // a sleeve is priced through its own rate: nothing else is asked
  const priced = assets.filter(({ asset, rate }) => rate?.provider === asset);
  const rows = await Promise.all(
    priced.map(async ({ asset: sleeve }) => {
      const [asset, { isCapped, maxDebtShareBps, toleranceBps }] = await vault.sleeveOf(sleeve, {
        blockTag,
      });
      return { sleeve, asset, isCapped, maxDebtShareBps, toleranceBps };
    }),
  );
  return rows.filter(({ asset }) => BigInt(asset) !== 0n);
}

/** How many accounts wait for a sleeve. */
export async function readWaiting(
  vault: ICollateralVault,
  sleeve: string,
  blockTag: BlockTag = "latest",
): Promise<bigint> {
  const { served, issued } = await vault.recallQueueOf(sleeve, { blockTag });
  return issued - served;
}

/**
 * The venues of a sleeve; undefined for a sleeve without, such as a lending pool.
 * @param bufferBps Of its rules, if it is known.
 */
export async function readAllocator(
  provider: Provider,
  sleeve: string,
  bufferBps?: bigint,
): Promise<AllocatorView | undefined> {
  const contract = sleeveAt(sleeve, provider);
  try {
    const [venues, idleAssets, buffer] = await Promise.all([
      contract.venues(),
      contract.idleAssets(),
      bufferBps ?? contract.rules().then((rules) => rules.bufferBps),
    ]);
    return {
      idleAssets,
      bufferBps: buffer,
      venues: venues.map((row) => ({
        venue: row.venue,
        capAssets: row.terms.capAssets,
        shares: row.shares,
        recordedAssets: row.recordedAssets,
        recordedAt: row.recordedAt,
        worthAssets: row.worthAssets,
        saidAssets: row.saidAssets,
      })),
    };
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/**
 * What a sleeve pays now for shares that the vault holds: found by trying, since what a sleeve says need not be what it does.
 * @param price Of its asset [USD wad per 1e18 base units]
 * @param shares Most that matter.
 */
export async function readPayout(
  provider: Provider,
  vault: string,
  { sleeve, asset }: Pick<SleeveView, "sleeve" | "asset">,
  price: bigint,
  shares: bigint,
): Promise<Payout> {
  const contract = sleeveAt(sleeve, provider);
  const nothing = { sleeve, asset, price, shares: 0n, assets: 0n };
  try {
    const payable = redeemableDown(shares, await contract.maxRedeem(vault));
    if (payable === 0n) return nothing;
    const assets = await contract.redeem.staticCall(payable, vault, vault, { from: vault });
    return assets === 0n ? nothing : { ...nothing, shares: payable, assets };
  } catch (error) {
    if (isRefusal(error)) return nothing;
    throw error;
  }
}

/** All shares that are wanted if the sleeve pays for as many; else what it pays for less what they may grow, rounded down [shares] */
export function redeemableDown(wantedShares: bigint, payableShares: bigint): bigint {
  if (wantedShares <= payableShares) return wantedShares;
  return mulDivDown(payableShares, BPS - GROWTH_BPS, BPS);
}

/** assets · min(x, shares) / shares, rounded down; 0 of a sleeve that pays nothing [assets] */
export function payoutDown(payout: Payout, shares: bigint): bigint {
  if (payout.shares === 0n) return 0n;
  return mulDivDown(payout.assets, min(shares, payout.shares), payout.shares);
}

/** the same in USD, rounded down [value] */
export function payoutValue(payout: Payout, shares: bigint): bigint {
  return valueDown(payoutDown(payout, shares), payout.price);
}
