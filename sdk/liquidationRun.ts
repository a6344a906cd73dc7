// What one liquidation knows: the account as it stands, what governance set, what earlier liquidations of the episode found,
// and what may be taken of each of its collaterals.
import { valueDown } from "./healthMath.ts";
import { min } from "./mathLib.ts";
import { type CollateralTerms, isSeizable, type Throttled, throttleOf } from "./seizure.ts";
import type { CollateralLine, DebtLine, Health, RiskParameters, Snapshot } from "./snapshot.ts";

/** What governance set. */
export interface LiquidationRules {
  readonly parameters: RiskParameters;
  /** in the order of the snapshot's collaterals */
  readonly collaterals: readonly CollateralTerms[];
}

/** What the first liquidation of the running episode found. */
export interface Episode {
  /** A_M / R [wad] */
  readonly coverageWad: bigint;
  /** Σ C / Σ D [wad] */
  readonly equityWad: bigint;
  /** most of any pair: β, or no limit but 18.4 where the shape asked for more [wad] */
  readonly bonusMostWad: bigint;
  /** κ [wad] */
  readonly rewardWad: bigint;
  /** 0 when nothing was found [s] */
  readonly countsUntil: bigint;
}

/** No earlier liquidation counts. */
export const NO_EPISODE: Episode = {
  coverageWad: 0n,
  equityWad: 0n,
  bonusMostWad: 0n,
  rewardWad: 0n,
  countsUntil: 0n,
};

/** Where the account's margin call stands, and what time it is. */
export interface CallStanding {
  readonly state: "healthy" | "called" | "paused";
  /** of a running call [s] */
  readonly deadline: bigint;
  /** least target of the liquidations since the account was last covered initially, 0 for none [bps above 1] */
  readonly episodeTargetBps: bigint;
  readonly episode: Episode;
  /** time of the block [s] */
  readonly nowAt: bigint;
}

/** One liquidation under way. */
export interface Run {
  readonly type: "open";
  readonly cause: "closeOut" | "expired";
  readonly snapshot: Snapshot;
  readonly health: Health;
  readonly rules: LiquidationRules;
  /** before the first leg */
  readonly usedWad: bigint;
  /** since the deadline of the call [s] */
  readonly defaultedFor: bigint;
  /** above 1 */
  readonly targetBps: bigint;
  /** β before pair, shape and caps [wad] */
  readonly bonusWad: bigint;
  /** of any pair: β, or undefined where the shape asks for more [wad] */
  readonly bonusMostWad: bigint | undefined;
  /** κ: what each value missing to the target earns, whichever pair it is covered with [wad] */
  readonly rewardWad: bigint;
  /** A_M / R at the first liquidation of the episode [wad] */
  readonly coverageMostWad: bigint;
  /** Σ C / Σ D at the first liquidation of the episode [wad] */
  readonly equityMostWad: bigint;
  /** time of the block [s] */
  readonly nowAt: bigint;
}

/** A pair to act on, by the lines of the snapshot. */
export interface LegChoice {
  readonly collateral: number;
  readonly debt: number;
  /** most to repay, without the fee [assets] */
  readonly maxRepaidAssets: bigint;
}

/** Whether price and governance let a collateral be taken. Throws `NoSuchLine`. */
export function canTake(run: Run, place: number): boolean {
  const { isFresh } = collateralAt(run.snapshot, place);
  return isFresh && isSeizable(termsAt(run, place), run.usedWad, run.nowAt);
}

/** What the throttle says of a collateral; undefined when it does not apply. Throws `NoSuchLine`. */
export function throttleAt(run: Run, place: number): Throttled | undefined {
  const line = collateralAt(run.snapshot, place);
  return throttleOf(line, termsAt(run, place), run.rules.parameters, run);
}

/** What governance and throttle let this run take of a collateral: at most its value, 0 for none. Throws `NoSuchLine`. [value] */
export function takeableValue(run: Run, place: number): bigint {
  if (!canTake(run, place)) return 0n;
  const line = collateralAt(run.snapshot, place);
  const value = valueDown(line.assets, line.price);
  return min(value, throttleAt(run, place)?.roomValue ?? value);
}

/** What governance set for a collateral. Throws `NoSuchLine`. */
export function termsAt(run: Run, place: number): CollateralTerms {
  const terms = run.rules.collaterals[place];
  if (terms === undefined) throw new NoSuchLine("collateral", place, run.rules.collaterals.length);
  return terms;
}

/** Throws `NoSuchLine`. */
export function collateralAt(snapshot: Snapshot, place: number): CollateralLine {
  const line = snapshot.collaterals[place];
  if (line === undefined) throw new NoSuchLine("collateral", place, snapshot.collaterals.length);
  return line;
}

/** Throws `NoSuchLine`. */
export function debtAt(snapshot: Snapshot, place: number): DebtLine {
  const line = snapshot.debts[place];
  if (line === undefined) throw new NoSuchLine("debt", place, snapshot.debts.length);
  return line;
}

/** A line that the snapshot does not have. */
export class NoSuchLine extends Error {
  override readonly name = "NoSuchLine";
  readonly place: number;
  readonly lines: number;

  constructor(kind: "collateral" | "debt", place: number, lines: number) {
    super(`${kind} line ${place} found, but there are ${lines}; lines are counted from 0.`);
    this.place = place;
    this.lines = lines;
  }
}
