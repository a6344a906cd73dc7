// What to repay out of which collateral, in value: the account of a liquidation as a linear program, and its solution in the
// sequence in which it can be carried out.
import { describe } from "./liquidation.ts";
import { type Run, takeableValue } from "./liquidationRun.ts";
import { cappedBonus, gapWad } from "./liquidationMath.ts";
import { leastRepayments, type Route, type Source } from "./leastRepayment.ts";
import { compare, min, mulDivDown, mulDivUp, UINT256_MAX, WAD } from "./mathLib.ts";
import { valueDown, valueUp } from "./healthMath.ts";
import { SEGMENTS, segmentStart, weightWad } from "./sizeBrackets.ts";

interface Pair {
  /** place in the snapshot */
  readonly collateral: number;
  /** place in the snapshot */
  readonly debt: number;
}

/** A repayment to make on one pair. */
export interface Order extends Pair {
  /** [value] */
  readonly repaidValue: bigint;
  /** w·s/b where it begins: coverage rises where it is above that, and would fall below [wad] */
  readonly thresholdWad: bigint;
  /** w·s/b where it ends [wad] */
  readonly lastThresholdWad: bigint;
}

/** A size segment of a collateral. */
interface Segment extends Source {
  readonly collateral: number;
  readonly number: bigint;
}

interface PairRoute extends Route {
  readonly collateral: number;
  /** whether it would lower coverage now */
  readonly isLate: boolean;
  readonly thresholdWad: bigint;
}

/**
 * The least repayments that reach the target; those out of one collateral from its top segment downwards. Pairs that would
 * lower coverage now count, at the least bonus, if they raise it from `highestThresholdWad` on; collaterals at the places
 * in `barred` do not
 */
export function repaymentOrders(
  run: Run,
  highestThresholdWad: bigint,
  barred: ReadonlySet<number> = new Set(),
): readonly Order[] {
  const { snapshot, health } = run;
  const targetWad = WAD + run.targetBps * 10n ** 14n;
  const dueValue = mulDivUp(targetWad, health.requirement, WAD);
  if (dueValue <= health.coverMaintenance) return [];
  const sources = segmentsOf(run, barred);
  const routes = snapshot.debts.flatMap((_, debt) =>
    routesTo(run, debt, sources, highestThresholdWad),
  );
  const repaid = leastRepayments({
    sources,
    debtValues: snapshot.debts.map((line) => valueUp(line.assets, line.price)),
    routes,
    missingValue: dueValue - health.coverMaintenance,
  });
  const orders: Order[] = [];
  for (const source of sources.keys()) {
    const latest = orders.at(-1);
    const next = routes
      .map((route, place) => ({ ...route, repaidValue: repaid[place] ?? 0n }))
      .filter((route) => route.source === source && route.repaidValue > 0n)
      .sort((a, b) => rank(a, latest) - rank(b, latest) || compare(a.thresholdWad, b.thresholdWad));
    for (const route of next) add(orders, route, route.repaidValue);
  }
  return orders;
}

/** the segments of what may be seized, those of one collateral from the top, as far as its throttle leaves room */
function segmentsOf(run: Run, barred: ReadonlySet<number>): readonly Segment[] {
  return run.snapshot.collaterals.flatMap((line, collateral) => {
    if (barred.has(collateral)) return [];
    const segments: Segment[] = [];
    let value = valueDown(line.assets, line.price);
    let left = takeableValue(run, collateral);
    for (let number = SEGMENTS - 1n; number >= 0n && left > 0n; number--) {
      const start = segmentStart(number, line.depthValue);
      if (value <= start) continue;
      const capacityValue = min(value - start, left);
      segments.push({ collateral, number, capacityValue });
      value = start;
      left -= capacityValue;
    }
    return segments;
  });
}

function routesTo(
  run: Run,
  debt: number,
  sources: readonly Segment[],
  highestThresholdWad: bigint,
): readonly PairRoute[] {
  const routes: PairRoute[] = [];
  let leg = describe(run, { collateral: 0, debt, maxRepaidAssets: UINT256_MAX });
  let described = 0;
  for (const [source, { collateral, number }] of sources.entries()) {
    if (collateral !== described) {
      leg = describe(run, { collateral, debt, maxRepaidAssets: UINT256_MAX });
      described = collateral;
    }
    if (leg.debtValue === 0n) break;
    const weight = weightWad(number, leg.haircutPpm);
    const { bonus, fee, usable } = cappedBonus(leg, weight);
    const seizeWad = usable ? WAD + bonus + fee : WAD + leg.bonusMinWad;
    const lossWad = mulDivUp(weight, seizeWad, WAD);
    const targetedWad = mulDivDown(leg.targetWad, leg.factorWad, WAD);
    if (targetedWad <= lossWad) continue;
    const thresholdWad = mulDivUp(lossWad, WAD, leg.factorWad);
    if (!usable && thresholdWad > highestThresholdWad) continue;
    const gainWad = gapWad(leg.targetWad, leg.factorWad, lossWad);
    routes.push({ source, collateral, debt, isLate: !usable, seizeWad, gainWad, thresholdWad });
  }
  return routes;
}

/** what goes on with the leg before first, what has to wait for a higher coverage last */
function rank(route: PairRoute, latest: Order | undefined): number {
  if (route.isLate) return 2;
  return goesOn(route, latest) ? 0 : 1;
}

/** whether one leg can do both */
function goesOn(order: Pair, latest: Order | undefined): boolean {
  return latest?.collateral === order.collateral && latest.debt === order.debt;
}

function add(orders: Order[], { collateral, debt, thresholdWad }: PairRoute, value: bigint): void {
  const latest = orders.at(-1);
  const lastThresholdWad = thresholdWad;
  const pair = { collateral, debt };
  if (latest === undefined || !goesOn(pair, latest)) {
    orders.push({ ...pair, repaidValue: value, thresholdWad, lastThresholdWad });
  } else {
    const repaidValue = latest.repaidValue + value;
    orders[orders.length - 1] = { ...latest, repaidValue, lastThresholdWad };
  }
}
