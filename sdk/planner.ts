// What a keeper does with an uncovered account: the legs that reach the target with the least repayment.
import { coverageDown, valueDown, valueUp } from "./healthMath.ts";
import {
  act,
  keepsCoverage,
  type LegReceipt,
  openRun,
  type Refusal,
  type Step,
} from "./liquidation.ts";
import type { CallStanding, LegChoice, LiquidationRules, Run } from "./liquidationRun.ts";
import { BPS, compare, max, mulDivUp, total, UINT256_MAX, WAD, zeroFloorSub } from "./mathLib.ts";
import { type Order, repaymentOrders } from "./repaymentOrders.ts";
import type { Snapshot } from "./snapshot.ts";

/** What misses the target by less than this part of the requirement before, and a unit of each token, is at it. */
const NEARLY = 10n ** 9n;
/** The chain takes no more in one call. */
const MOST_LEGS = 32;

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
  /** in the order to send them; `maxRepaidAssets` limits a leg only where the chain by itself would go further */
  readonly legs: readonly LegChoice[];
  /** one for each leg */
  readonly receipts: readonly LegReceipt[];
  readonly coverageBeforeWad: bigint;
  /** the maximum when nothing is owed */
  readonly coverageAfterWad: bigint;
  /** whether the account is at its target; if not, no bonus or no room of a throttle is left on what remains */
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
  /** no leg can act: no bonus is left within the caps, or every collateral is without a fresh price, paused or throttled */
  | { readonly type: "blocked"; readonly usedWad: bigint };

/**
 * The legs that bring an account to its target with the least repayment, each as the chain sizes it. How much of which debt
 * to repay out of which size segment of which collateral is a linear program (`leastRepayments`). A leg is limited where the
 * chain by itself would go further. Pairs that would lower coverage at the start are counted in, as it rises on the way;
 * where it does not rise enough for them, the account is also planned without those that need the highest, and so on. If
 * the target is out of reach, the plan comes as near to it as it can.
 */
export function leastLiquidation(
  snapshot: Snapshot,
  rules: LiquidationRules,
  call: CallStanding,
): LiquidationPlan {
  const start = openRun(snapshot, rules, call);
  if (start.type !== "open") return start;
  const plans: PlannedLiquidation[] = [];
  for (let highestWad = UINT256_MAX; ;) {
    const { plan, isStraight, neededWad } = pursue(start, highestWad);
    if (plan.legs.length > 0) plans.push(plan);
    if ((isStraight && plan.reachesTarget) || neededWad <= coverageDown(start.health)) break;
    highestWad = neededWad - 1n;
  }
  return plans.sort(leastFirst)[0] ?? { type: "blocked", usedWad: start.usedWad };
}

/** A plan, and how it came about. */
interface Pursuit {
  readonly plan: PlannedLiquidation;
  /** whether one program was enough */
  readonly isStraight: boolean;
  /** coverage at which all orders of the first program can be carried out [wad] */
  readonly neededWad: bigint;
}

/** legs by one program after the other, until nothing is left to do; only the first looks ahead */
function pursue(start: Run, highestThresholdWad: bigint): Pursuit {
  const orders = repaymentOrders(start, highestThresholdWad);
  const speckValue = total(orders.map(({ repaidValue }) => repaidValue)) / NEARLY;
  let progress = carryOut({ run: start, legs: [], receipts: [], speckValue }, orders);
  const firstLegs = progress.legs.length;
  const barred = new Set<number>();
  for (;;) {
    const next = repaymentOrders(progress.run, 0n, barred);
    if (next.length === 0) break;
    const { length } = progress.legs;
    progress = carryOut(progress, next);
    if (progress.legs.length > length) barred.clear();
    else for (const { collateral } of next) barred.add(collateral); // refused: others may take its place
  }
  return {
    plan: summarise(start, progress.run, progress.legs, progress.receipts),
    isStraight: progress.legs.length === firstLegs,
    neededWad: orders.map(({ lastThresholdWad }) => lastThresholdWad).reduce(max, 0n),
  };
}

/** What was done so far. */
interface Progress {
  readonly run: Run;
  readonly legs: readonly LegChoice[];
  readonly receipts: readonly LegReceipt[];
  /** what is no more than this is left by rounding, and not worth a leg [value] */
  readonly speckValue: bigint;
}

/** orders as legs, those for pairs that need the lowest coverage first; each collateral from its top segment downwards */
function carryOut(before: Progress, orders: readonly Order[]): Progress {
  let progress = before;
  let pending = orders;
  while (progress.legs.length < MOST_LEGS) {
    pending = pending.filter((order) => isPossible(progress, order));
    const next = firstLeg(progress, pending);
    if (next === undefined) break;
    const { order, choice, step } = next;
    progress = {
      ...progress,
      run: step.run,
      legs: [...progress.legs, choice],
      receipts: [...progress.receipts, step.receipt],
    };
    const repaidValue = valueUp(step.receipt.repaidAssets, step.receipt.debtPrice);
    const left = { ...order, repaidValue: zeroFloorSub(order.repaidValue, repaidValue) };
    pending = pending.map((other) => (other === order ? left : other));
  }
  return progress;
}

/** whether more than a speck, or than a unit of either token, is ordered and left */
function isPossible(
  { run, speckValue }: Progress,
  { collateral, debt, repaidValue }: Order,
): boolean {
  const [taken, owed] = [run.snapshot.collaterals[collateral], run.snapshot.debts[debt]];
  if (taken === undefined || owed === undefined) return false;
  return (
    taken.assets > 1n &&
    owed.assets > 1n &&
    repaidValue > max(speckValue, max(valueUp(1n, owed.price), valueUp(1n, taken.price)))
  );
}

/** the next leg of the collateral whose next pair needs the lowest coverage; of those that the chain would take */
function firstLeg(progress: Progress, pending: readonly Order[]): OrderedLeg | undefined {
  const isNext = (order: Order, place: number): boolean =>
    pending.findIndex(({ collateral }) => collateral === order.collateral) === place;
  const heads = pending.filter(isNext).sort((a, b) => compare(a.thresholdWad, b.thresholdWad));
  for (const order of heads) {
    const leg = legOf(progress.run, order, pending.length === 1);
    if (leg !== undefined && isWorthwhile(progress, leg)) return leg;
  }
  return undefined;
}

/** whether a leg does more than round: a pair that may not be used yet can leave a unit of its top segment to be taken */
function isWorthwhile({ speckValue }: Progress, { step: { receipt } }: OrderedLeg): boolean {
  const repaidValue = valueDown(receipt.repaidAssets, receipt.debtPrice);
  return receipt.seizedAssets > 0n && repaidValue > speckValue;
}

/** A leg that carries out an order, or a part of it. */
interface OrderedLeg {
  readonly order: Order;
  readonly choice: LegChoice;
  readonly step: Acted;
}

/** without a limit where the chain by itself repays no more than is ordered, or where nothing comes after it */
function legOf(run: Run, order: Order, isLast: boolean): OrderedLeg | undefined {
  const { collateral, debt, repaidValue } = order;
  const price = run.snapshot.debts[debt]?.price ?? WAD;
  const most = { collateral, debt, maxRepaidAssets: UINT256_MAX };
  const step = tryLeg(run, most);
  if (step === undefined) return undefined;
  const limit = mulDivUp(repaidValue, WAD, price);
  if (isLast || step.receipt.repaidAssets <= limit) return { order, choice: most, step };
  const dustAssets = mulDivUp(run.rules.parameters.dustValue * WAD, WAD, price);
  const choice = { collateral, debt, maxRepaidAssets: max(limit, dustAssets) };
  const limited = tryLeg(run, choice);
  return limited && { order, choice, step: limited };
}

type Acted = Extract<Step, { type: "acted" }>;

/** the leg and the run that it leaves; undefined when the chain would refuse it or it does nothing */
function tryLeg(run: Run, choice: LegChoice): Acted | undefined {
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
  const allowed = (start.health.requirement * BPS) / NEARLY + BPS * units(start.snapshot);
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
    reachesTarget: missing <= allowed,
    repaidValue,
    seizedValue,
    feeValue,
    bonusValue: seizedValue - repaidValue - feeValue,
  };
}

/** a unit of each token: legs are whole units [value] */
function units({ collaterals, debts }: Snapshot): bigint {
  return total([...collaterals, ...debts].map(({ price }) => valueUp(1n, price)));
}
