// What a keeper does with an uncovered account: the legs that reach the target with the least repayment.
import { coverageDown, valueDown, valueUp } from "./healthMath.ts";
import {
  act,
  type CallStanding,
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
import { cappedBonus, type Leg } from "./liquidationMath.ts";
import { BPS, mulDivUp, UINT256_MAX, WAD, zeroFloorSub } from "./mathLib.ts";
import { SEGMENTS, segmentStart, weightWad } from "./sizeBrackets.ts";
import type { DebtLine, Snapshot } from "./snapshot.ts";

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
  return keepsCoverage(run, step.run) ? step : undefined;
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
  const acted = receipts.some(({ repaidAssets }) => repaidAssets !== 0n);
  if (!acted || !keepsCoverage(start, run)) return { type: "blocked", usedWad: start.usedWad };
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
  const { coverMaintenance, requirement } = last.health;
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
    coverageAfterWad: coverageDown(last.health),
    reachesTarget: missing * NEARLY <= requirement * BPS,
    repaidValue,
    seizedValue,
    feeValue,
    bonusValue: seizedValue - repaidValue - feeValue,
  };
}
