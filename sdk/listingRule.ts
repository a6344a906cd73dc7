// Close-out comes before insolvency: what every pair of collateral and pool obeys, as `setPair` checks it.
import { BPS, max, PPM } from "./mathLib.ts";

/** The parameters that the rule asks for. */
export interface ListingTerms {
  readonly closeOutBps: bigint;
  readonly bonusMinBps: bigint;
  readonly feeBps: bigint;
}

/** Both sides of the rule, times BPS² · PPM, and the highest bonus with which it holds. */
export interface ListingRule {
  readonly left: bigint;
  readonly right: bigint;
  readonly holds: boolean;
  /** may be negative: then no bonus is low enough [bps] */
  readonly mostBonusBps: bigint;
}

/**
 * s_max · (1 − (1−γ)·h_M) ≤ 1 + (1−γ)·(b − 1)
 * @param maintenancePpm The lowest maintenance haircut that the pair can have.
 * @param maxBonusBps The highest bonus of a liquidator on the pair.
 * @param factorPpm The debt factor of the pool.
 */
export function listingRule(
  { closeOutBps, bonusMinBps, feeBps }: ListingTerms,
  maintenancePpm: bigint,
  maxBonusBps: bigint,
  factorPpm: bigint,
): ListingRule {
  const keptBps = BPS - closeOutBps;
  // the least bonus is paid also where the highest is set below it
  const seizeBps = BPS + max(maxBonusBps, bonusMinBps) + feeBps;
  const keptValue = BPS * PPM - keptBps * maintenancePpm;
  const left = seizeBps * keptValue;
  const right = BPS * (BPS * PPM + keptBps * (factorPpm - PPM));
  return { left, right, holds: left <= right, mostBonusBps: right / keptValue - BPS - feeBps };
}
