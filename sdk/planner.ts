// What a keeper does with an uncovered account: the legs that reach the target with the least repayment, or the write-off.
import { toSharesDown } from "./debtShares.ts";
import {
  coverageDown,
  isCovered,
  isInsolvent,
  sum,
  usedWad as usedOf,
  valueDown,
  valueUp,
} from "./healthMath.ts";
import {
  act,
  type CallStanding,
  closeRun,
  describe,
  keepsCoverage,
  type LegChoice,
  type LegReceipt,
  type LiquidationRules,
  openRun,
  type Refusal,
  type Run,
} from "./liquidation.ts";
import { cappedBonus, leastRepaymentUp, writeOffPaymentUp } from "./liquidationMath.ts";
import { BPS, min, mulDivDown, mulDivUp, UINT256_MAX, WAD } from "./mathLib.ts";
import { SEGMENTS, segmentStart, weightWad } from "./sizeBrackets.ts";
import type { CollateralLine, DebtLine, Health, Snapshot } from "./snapshot.ts";

/** A liquidation that the chain would carry out as it is written here, at these prices and this time. */
export interface PlannedLiquidation {
  readonly type: "liquidate";
  readonly cause: "closeOut" | "expired";
  /** share of the cushion used before [wad] */
  readonly usedWad: bigint;
  /** since the deadline of the call [s] */
  readonly defaultedFor: bigint;
  /** above 1 */
  readonly targetBps: bigint;
  /** in the order to send them; `maxRepaidAssets` is no limit, the chain clamps */
  readonly legs: readonly LegChoice[];
  /** one for each leg */
  readonly receipts: readonly LegReceipt[];
  readonly coverageBeforeWad: bigint;
  /** the maximum when nothing is owed */
  readonly coverageAfterWad: bigint;
  /** whether the account is at its target; if not, no bonus is left on what remains */
  readonly reachesTarget: boolean;
  /** Σ repaid, without the fee [value] */
  readonly repaidValue: bigint;
  /** Σ seized [value] */
  readonly seizedValue: bigint;
  /** Σ fee [value] */
  readonly feeValue: bigint;
  /** seized − repaid − fee: what the liquidator gains before gas and slippage, at most a few wei below 0 [value] */
  readonly bonusValue: bigint;
}

/** What can be done with an account by liquidation. */
export type LiquidationPlan =
  | PlannedLiquidation
  | Refusal
  /** no leg can act: no bonus is left within the caps, or every collateral is without a fresh price or paused */
  | { readonly type: "blocked"; readonly usedWad: bigint };

/**
 * The legs that bring an account to its target with the least repayment: debts by factor from the highest, against each the
 * collaterals by credit lost per value repaid (w·s of the top size segment) from the lowest, each pair as the chain would do it.
 * Not an optimum over all splits of size segments; each leg is as the chain sizes it.
 */
export function leastLiquidation(
  snapshot: Snapshot,
  rules: LiquidationRules,
  call: CallStanding,
): LiquidationPlan {
  const start = openRun(snapshot, rules, call);
  if (start.type !== "open") return start;
  const legs: LegChoice[] = [];
  const receipts: LegReceipt[] = [];
  let run = start;
  for (const debt of debtsByFactor(snapshot)) {
    const untried = new Set(snapshot.collaterals.keys());
    while (untried.size > 0) {
      const choice = cheapest(run, debt, untried);
      if (choice === undefined) break;
      untried.delete(choice.collateral);
      const step = act(run, choice);
      if (step.type !== "acted" || step.receipt.repaidAssets === 0n) continue;
      if (!keepsCoverage(run, closeRun(step.run))) continue;
      run = step.run;
      legs.push(choice);
      receipts.push(step.receipt);
    }
  }
  if (legs.length === 0) return { type: "blocked", usedWad: start.usedWad };
  return summarise(start, closeRun(run), legs, receipts);
}

/**
 * What the chain would do with legs that somebody else chose, in their order; a refusal where it would revert. Legs that
 * repay nothing are kept, as the chain keeps their receipts.
 */
export function previewLiquidation(
  snapshot: Snapshot,
  rules: LiquidationRules,
  call: CallStanding,
  legs: readonly LegChoice[],
): LiquidationPlan {
  const start = openRun(snapshot, rules, call);
  if (start.type !== "open") return start;
  const receipts: LegReceipt[] = [];
  let run = start;
  for (const leg of legs) {
    const step = act(run, leg);
    if (step.type !== "acted") return { type: "blocked", usedWad: start.usedWad };
    run = step.run;
    receipts.push(step.receipt);
  }
  const end = closeRun(run);
  const acted = receipts.some(({ repaidAssets }) => repaidAssets !== 0n);
  if (!acted || !keepsCoverage(start, end)) return { type: "blocked", usedWad: start.usedWad };
  return summarise(start, end, legs, receipts);
}

/** places of the debts, highest factor first, then the larger one */
function debtsByFactor(snapshot: Snapshot): readonly number[] {
  const worth = (line: DebtLine): bigint => valueUp(line.assets, line.price);
  return [...snapshot.debts.entries()]
    .sort(([, a], [, b]) => compare(b.factorPpm, a.factorPpm) || compare(worth(b), worth(a)))
    .map(([place]) => place);
}

/** the usable pair of a debt that loses the least credit per value repaid, while the target is not reached */
function cheapest(run: Run, debt: number, untried: ReadonlySet<number>): LegChoice | undefined {
  let best: { readonly choice: LegChoice; readonly lostWad: bigint } | undefined;
  for (const collateral of untried) {
    const choice = { collateral, debt, maxRepaidAssets: UINT256_MAX };
    const lostWad = creditLostPerRepaid(run, choice);
    if (lostWad === undefined) continue;
    if (best === undefined || lostWad < best.lostWad) best = { choice, lostWad };
  }
  return best?.choice;
}

/** w·s at the top size segment of the collateral; undefined when the pair can or need do nothing [wad] */
function creditLostPerRepaid(run: Run, choice: LegChoice): bigint | undefined {
  const leg = describe(run, choice);
  const isIdle =
    leg.collateralValue === 0n ||
    leg.debtValue === 0n ||
    leastRepaymentUp(leg.cover, leg.requirement, leg.targetWad, leg.factorWad, 0n, 0n) === 0n;
  if (isIdle) return undefined;
  let segment = SEGMENTS - 1n;
  while (segmentStart(segment, leg.depthValue) >= leg.collateralValue) segment--;
  const weight = weightWad(segment, leg.haircutPpm);
  const { bonus, fee, usable } = cappedBonus(leg, weight);
  return usable ? mulDivUp(weight, WAD + bonus + fee, WAD) : undefined;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function summarise(
  start: Run,
  end: Run,
  legs: readonly LegChoice[],
  receipts: readonly LegReceipt[],
): PlannedLiquidation {
  let [repaidValue, seizedValue, feeValue] = [0n, 0n, 0n];
  for (const receipt of receipts) {
    repaidValue += valueUp(receipt.repaidAssets, receipt.debtPrice);
    feeValue += valueUp(receipt.feeAssets, receipt.debtPrice);
    seizedValue += valueDown(receipt.seizedAssets, receipt.collateralPrice);
  }
  const { coverMaintenance, requirement } = end.health;
  return {
    type: "liquidate",
    cause: start.cause,
    usedWad: start.usedWad,
    defaultedFor: start.defaultedFor,
    targetBps: start.targetBps,
    legs,
    receipts,
    coverageBeforeWad: coverageDown(start.health),
    coverageAfterWad: coverageDown(end.health),
    reachesTarget: coverMaintenance * BPS >= requirement * (BPS + start.targetBps),
    repaidValue,
    seizedValue,
    feeValue,
    bonusValue: seizedValue - repaidValue - feeValue,
  };
}

/** What is taken of one collateral in a write-off. */
export interface Taken {
  readonly asset: string;
  /** [assets] */
  readonly seizedAssets: bigint;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** left to the account [assets] */
  readonly holdingAssets: bigint;
}

/** What happens to one debt in a write-off. */
export interface Settled {
  /** id of the pool */
  readonly pool: bigint;
  /** paid by the liquidator [assets] */
  readonly repaidAssets: bigint;
  /** not paid: borne by the pool's layers [assets] */
  readonly lossAssets: bigint;
  /** of `lossAssets`, and of what rounding leaves: struck from the account unpaid [debt shares] */
  readonly lossShares: bigint;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
}

/** A write-off that the chain would carry out as it is written here, at these prices. */
export interface PlannedWriteOff {
  readonly type: "writeOff";
  readonly usedWad: bigint;
  /** in the order of asset ids */
  readonly taken: readonly Taken[];
  /** in the order of pool ids */
  readonly settled: readonly Settled[];
  /** Σ repaid [value] */
  readonly repaidValue: bigint;
  /** Σ seized [value] */
  readonly seizedValue: bigint;
  /** Σ loss [value] */
  readonly lossValue: bigint;
  /** seized − repaid: what the liquidator gains before gas and slippage, may be a few wei below 0 [value] */
  readonly bonusValue: bigint;
}

/** What can be done with an account by write-off. */
export type WriteOffPlan =
  | PlannedWriteOff
  | { readonly type: "unpriced"; readonly pools: readonly bigint[] }
  | { readonly type: "covered" }
  | { readonly type: "solvent"; readonly usedWad: bigint }
  /** these collaterals have no fresh price, or are paused, and are worth more than dust */
  | { readonly type: "notSeizable"; readonly assets: readonly string[] };

/** What a write-off pays, takes and loses, as the chain would do it. */
export function writeOffPlan(snapshot: Snapshot, rules: LiquidationRules): WriteOffPlan {
  const unpriced = snapshot.debts.filter(({ isFresh }) => !isFresh).map(({ id }) => id);
  if (unpriced.length > 0) return { type: "unpriced", pools: unpriced };
  const { bonusMinBps, feeBps, dustValue } = rules.parameters;
  const health = sum(snapshot, "protocol");
  if (isCovered(health)) return { type: "covered" };
  const usedWad = usedOf(health);
  if (!isInsolvent(health, bonusMinBps, feeBps)) return { type: "solvent", usedWad };
  const held = snapshot.collaterals.filter((line, place) => {
    const isPaused = rules.collaterals[place]?.isSeizurePaused ?? false;
    const isPriced = line.isFresh && !isPaused;
    return !isPriced && valueDown(line.assets, line.price) >= dustValue * WAD;
  });
  if (held.length > 0) return { type: "notSeizable", assets: held.map(({ asset }) => asset) };
  const paid = writeOffPaymentUp(
    health.collateralValue,
    health.debtValue,
    bonusMinBps * 10n ** 14n,
  );
  const due = mulDivDown(paid, BPS + bonusMinBps, BPS);
  const settled = snapshot.debts.map((line) => settle(line, paid, health));
  const taken = snapshot.collaterals.map((line) => take(line, due, health));
  const repaidValue = total(settled.map((line) => valueUp(line.repaidAssets, line.price)));
  const seizedValue = total(taken.map((line) => valueDown(line.seizedAssets, line.price)));
  return {
    type: "writeOff",
    usedWad,
    taken,
    settled,
    repaidValue,
    seizedValue,
    lossValue: total(settled.map((line) => valueUp(line.lossAssets, line.price))),
    bonusValue: seizedValue - repaidValue,
  };
}

/** one debt: its part of the payment, the rest is lost */
function settle(line: DebtLine, paidValue: bigint, health: Health): Settled {
  const repaidAssets =
    paidValue === health.debtValue
      ? line.assets
      : mulDivUp(line.assets, paidValue, health.debtValue);
  const repaidShares =
    repaidAssets >= line.assets
      ? line.shares
      : min(toSharesDown(repaidAssets, line.index, line.shareUnit), line.shares);
  return {
    pool: line.id,
    repaidAssets,
    lossAssets: line.assets - repaidAssets,
    lossShares: line.shares - repaidShares,
    price: line.price,
  };
}

/** one collateral: all of it goes out; what is worth more than the payment and the least bonus stays with the owner */
function take(line: CollateralLine, dueValue: bigint, health: Health): Taken {
  const seizedAssets =
    dueValue >= health.collateralValue
      ? line.assets
      : mulDivDown(line.assets, dueValue, health.collateralValue);
  return {
    asset: line.asset,
    seizedAssets,
    price: line.price,
    holdingAssets: line.assets - seizedAssets,
  };
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((left, right) => left + right, 0n);
}
