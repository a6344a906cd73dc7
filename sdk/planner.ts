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
  type Step,
} from "./liquidation.ts";
import { cappedBonus, type Leg, writeOffPaymentUp } from "./liquidationMath.ts";
import {
  BPS,
  min,
  mulDivDown,
  mulDivUp,
  total,
  UINT256_MAX,
  WAD,
  zeroFloorSub,
} from "./mathLib.ts";
import { SEGMENTS, segmentStart, weightWad } from "./sizeBrackets.ts";
import type { CollateralLine, DebtLine, Health, Snapshot } from "./snapshot.ts";

/** Amounts are whole units of tokens: what misses the target by less than a part in 1e9 is at it. */
const NEARLY = 10n ** 9n;
/** Accounts with no more lines are planned in every order: at most 4! · 2! of them. */
const ORDERED_COLLATERALS = 4;
const ORDERED_DEBTS = 2;

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
  /** Σ owed to the pools by an account that keeps no collateral: a loss that the same call books [value] */
  readonly lossValue: bigint;
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
 * collaterals by credit lost per value repaid (w·s) from the lowest, each leg as the chain sizes it. Where size segments make w·s
 * depend on how much is taken, it is read in three ways; an account with few lines is also planned in every order of its debts
 * and of its collaterals. The plan that repays least is given. Splitting a collateral at its segments could repay a little
 * less, at the price of more legs.
 */
export function leastLiquidation(
  snapshot: Snapshot,
  rules: LiquidationRules,
  call: CallStanding,
): LiquidationPlan {
  const start = openRun(snapshot, rules, call);
  if (start.type !== "open") return start;
  const plans = [
    ...COSTS.map((costOf) => chooseLegs(start, costOf)),
    ...everyOrder(snapshot).map((order) => takeLegs(start, order)),
  ].filter(({ legs }) => legs.length > 0);
  return plans.sort(leastFirst)[0] ?? { type: "blocked", usedWad: start.usedWad };
}

function chooseLegs(start: Run, costOf: Cost): PlannedLiquidation {
  const legs: LegChoice[] = [];
  const receipts: LegReceipt[] = [];
  let run = start;
  for (const debt of debtsByFactor(start.snapshot)) {
    const untried = new Set(start.snapshot.collaterals.keys());
    for (;;) {
      const next = cheapest(run, debt, untried, costOf);
      if (next === undefined) break;
      untried.delete(next.choice.collateral);
      run = next.run;
      legs.push(next.choice);
      receipts.push(next.receipt);
    }
  }
  return summarise(start, run, legs, receipts);
}

/** legs in a given order, without those that the chain would refuse or that do nothing */
function takeLegs(start: Run, order: readonly LegChoice[]): PlannedLiquidation {
  const legs: LegChoice[] = [];
  const receipts: LegReceipt[] = [];
  let run = start;
  for (const choice of order) {
    const step = tryLeg(run, choice);
    if (step === undefined) continue;
    run = step.run;
    legs.push(choice);
    receipts.push(step.receipt);
  }
  return summarise(start, run, legs, receipts);
}

/** every order of the debts with every order of the collaterals, if there are few; none otherwise */
function everyOrder(snapshot: Snapshot): readonly (readonly LegChoice[])[] {
  const { collaterals, debts } = snapshot;
  if (collaterals.length > ORDERED_COLLATERALS || debts.length > ORDERED_DEBTS) return [];
  return permutations([...debts.keys()]).flatMap((debtOrder) =>
    permutations([...collaterals.keys()]).map((collateralOrder) =>
      debtOrder.flatMap((debt) =>
        collateralOrder.map((collateral) => ({ collateral, debt, maxRepaidAssets: UINT256_MAX })),
      ),
    ),
  );
}

function permutations(places: readonly number[]): readonly (readonly number[])[] {
  if (places.length < 2) return [places];
  return places.flatMap((first) =>
    permutations(places.filter((place) => place !== first)).map((rest) => [first, ...rest]),
  );
}

/** the leg and the run that it leaves; undefined when the chain would refuse it or it does nothing */
function tryLeg(run: Run, choice: LegChoice): Extract<Step, { type: "acted" }> | undefined {
  const step = act(run, choice);
  if (step.type !== "acted" || step.receipt.repaidAssets === 0n) return undefined;
  return keepsCoverage(run, closeRun(step.run)) ? step : undefined;
}

/** plans that reach the target before those that do not; of two alike the one that does more for less */
function leastFirst(a: PlannedLiquidation, b: PlannedLiquidation): number {
  if (a.reachesTarget !== b.reachesTarget) return a.reachesTarget ? -1 : 1;
  if (!a.reachesTarget && a.coverageAfterWad !== b.coverageAfterWad) {
    return compare(b.coverageAfterWad, a.coverageAfterWad);
  }
  return compare(a.repaidValue, b.repaidValue) || a.legs.length - b.legs.length;
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
  return summarise(start, run, legs, receipts);
}

/** places of the debts, highest factor first, then the larger one */
function debtsByFactor(snapshot: Snapshot): readonly number[] {
  const worth = (line: DebtLine): bigint => valueUp(line.assets, line.price);
  return [...snapshot.debts.entries()]
    .sort(([, a], [, b]) => compare(b.factorPpm, a.factorPpm) || compare(worth(b), worth(a)))
    .map(([place]) => place);
}

/** A leg that could come next. */
interface Candidate {
  readonly choice: LegChoice;
  readonly run: Run;
  readonly receipt: LegReceipt;
  readonly costWad: bigint;
}

/** the pair of a debt whose leg costs least, while the target is not reached */
function cheapest(
  run: Run,
  debt: number,
  untried: ReadonlySet<number>,
  costOf: Cost,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const collateral of untried) {
    const choice = { collateral, debt, maxRepaidAssets: UINT256_MAX };
    const step = tryLeg(run, choice);
    if (step === undefined) continue;
    const costWad = costOf(run, choice, step.run);
    if (best === undefined || costWad < best.costWad) best = { ...step, choice, costWad };
  }
  return best;
}

/** How dear a leg is: credit lost per value repaid [wad]. */
type Cost = (before: Run, choice: LegChoice, after: Run) => bigint;

/** over the whole leg */
const averageCost: Cost = (before, _choice, after) => {
  const lost = zeroFloorSub(before.health.coverMaintenance, after.health.coverMaintenance);
  const repaid = zeroFloorSub(before.health.debtValue, after.health.debtValue);
  return repaid === 0n ? UINT256_MAX : mulDivUp(lost, WAD, repaid);
};

/** where the leg begins: w·s of the top size segment */
const firstCost: Cost = (before, choice) => {
  const leg = describe(before, choice);
  let segment = SEGMENTS - 1n;
  while (segment > 0n && segmentStart(segment, leg.depthValue) >= leg.collateralValue) segment--;
  return costIn(leg, weightWad(segment, leg.haircutPpm));
};

/** where the collateral ends: w·s of the lowest size segment */
const lastCost: Cost = (before, choice) => {
  const leg = describe(before, choice);
  return costIn(leg, weightWad(0n, leg.haircutPpm));
};

function costIn(leg: Leg, weight: bigint): bigint {
  const { bonus, fee } = cappedBonus(leg, weight);
  return mulDivUp(weight, WAD + bonus + fee, WAD);
}

const COSTS: readonly Cost[] = [averageCost, firstCost, lastCost];

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function summarise(
  start: Run,
  last: Run,
  legs: readonly LegChoice[],
  receipts: readonly LegReceipt[],
): PlannedLiquidation {
  let [repaidValue, seizedValue, feeValue] = [0n, 0n, 0n];
  for (const receipt of receipts) {
    repaidValue += valueUp(receipt.repaidAssets, receipt.debtPrice);
    feeValue += valueUp(receipt.feeAssets, receipt.debtPrice);
    seizedValue += valueDown(receipt.seizedAssets, receipt.collateralPrice);
  }
  const end = closeRun(last);
  const { coverMaintenance, requirement } = end.health;
  const missing = requirement * (BPS + start.targetBps) - coverMaintenance * BPS;
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
    reachesTarget: missing * NEARLY <= requirement * BPS,
    repaidValue,
    seizedValue,
    feeValue,
    lossValue: last.health.debtValue - end.health.debtValue,
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
