// A liquidation for somebody without cash: only shares of sleeves that are paid out at once are taken.
import { valueDown } from "./healthMath.ts";
import type { CallStanding, LegChoice, LiquidationRules } from "./liquidationRun.ts";
import { BPS, compare, mulDivDown } from "./mathLib.ts";
import {
  leastLiquidation,
  type LiquidationPlan,
  type PlannedLiquidation,
  previewLiquidation,
} from "./planner.ts";
import { type Payout, payoutValue } from "./sleeves.ts";
import type { Snapshot } from "./snapshot.ts";

/** Shares that bring less than their price by more than this share are left: no bonus makes up for it. [bps] */
const SHORT_BPS = 100n;

/** No leg is left that a sleeve would pay for. */
export interface SleevePaysNothing {
  readonly type: "sleevePaysNothing";
}

/**
 * `leastLiquidation` where what is seized has to pay at once: shares of a sleeve count as far as the sleeve pays now. Where it
 * pays a part, its legs are cut to that part, or it is left out, whichever brings the account nearer to its target.
 * @param payouts What each sleeve that the account has shares of pays now.
 */
export function payableLiquidation(
  snapshot: Snapshot,
  rules: LiquidationRules,
  call: CallStanding,
  payouts: readonly Payout[],
): LiquidationPlan | SleevePaysNothing {
  const plan = leastLiquidation(snapshot, rules, call);
  if (plan.type !== "liquidate" || isPayable(plan, payouts)) return plan;
  const others = leastLiquidation(snapshot, without(snapshot, rules, payouts, plan), call);
  // what is left out is still there for the chain, which sizes by all that could be taken
  const plans = [cutLegs(plan, payouts), others.type === "liquidate" ? others.legs : []]
    .filter((legs) => legs.length > 0)
    .map((legs) => previewLiquidation(snapshot, rules, call, legs));
  const [best] = plans
    .filter((found) => found.type === "liquidate")
    .filter((found) => isPayable(found, payouts))
    .sort(nearestFirst);
  return best ?? { type: "sleevePaysNothing" };
}

/** Σ what the seized collateral brings at once − repaid − fee: the bonus of somebody without cash [value] */
export function payableBonus(
  { receipts, repaidValue, feeValue }: PlannedLiquidation,
  payouts: readonly Payout[],
): bigint {
  const brought = receipts.reduce((sum, { asset, seizedAssets, collateralPrice }) => {
    const payout = payoutOf(payouts, asset);
    const value =
      payout === undefined
        ? valueDown(seizedAssets, collateralPrice)
        : payoutValue(payout, seizedAssets);
    return sum + value;
  }, 0n);
  return brought - repaidValue - feeValue;
}

/** The payout of a collateral; undefined for what is no share of a sleeve. */
export function payoutOf(payouts: readonly Payout[], asset: string): Payout | undefined {
  return payouts.find(({ sleeve }) => sleeve === asset);
}

/** Whether every sleeve pays for what is seized of it about what it is worth. */
function isPayable(plan: PlannedLiquidation, payouts: readonly Payout[]): boolean {
  return payouts.every((payout) => isPaid(plan, payout));
}

function isPaid(plan: PlannedLiquidation, payout: Payout): boolean {
  const { shares, value } = seizedOf(plan, payout.sleeve);
  return payoutValue(payout, shares) * BPS >= value * (BPS - SHORT_BPS);
}

function seizedOf(
  { receipts }: PlannedLiquidation,
  sleeve: string,
): { readonly shares: bigint; readonly value: bigint } {
  let [shares, value] = [0n, 0n];
  for (const { asset, seizedAssets, collateralPrice } of receipts) {
    if (asset !== sleeve) continue;
    shares += seizedAssets;
    value += valueDown(seizedAssets, collateralPrice);
  }
  return { shares, value };
}

/** The legs of a plan, those of sleeves as far as they are paid; a leg that is not paid at all is gone. */
function cutLegs(plan: PlannedLiquidation, payouts: readonly Payout[]): readonly LegChoice[] {
  return plan.receipts.flatMap(({ asset, repaidAssets }, place) => {
    const leg = plan.legs[place];
    const payout = payoutOf(payouts, asset);
    if (leg === undefined || payout === undefined || isPaid(plan, payout))
      return leg === undefined ? [] : [leg];
    const { shares } = seizedOf(plan, asset);
    const maxRepaidAssets = mulDivDown(repaidAssets, payout.shares, shares);
    return maxRepaidAssets === 0n ? [] : [{ ...leg, maxRepaidAssets }];
  });
}

/** Rules in which the sleeves that do not pay for this plan cannot be seized. */
function without(
  snapshot: Snapshot,
  rules: LiquidationRules,
  payouts: readonly Payout[],
  plan: PlannedLiquidation,
): LiquidationRules {
  const collaterals = rules.collaterals.map((terms, place) => {
    const payout = payoutOf(payouts, snapshot.collaterals[place]?.asset ?? "");
    if (payout === undefined || isPaid(plan, payout)) return terms;
    return { ...terms, isSeizurePaused: true };
  });
  return { ...rules, collaterals };
}

function nearestFirst(a: PlannedLiquidation, b: PlannedLiquidation): number {
  if (a.reachesTarget !== b.reachesTarget) return a.reachesTarget ? -1 : 1;
  if (a.reachesTarget) return compare(a.repaidValue, b.repaidValue);
  return compare(b.repaidValue, a.repaidValue);
}
