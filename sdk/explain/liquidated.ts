// A liquidation, told from its event, and from the account before it where that is known to the unit.
import { toAssetsUp } from "../debtShares.ts";
import { coverageDown, cushion, sum, valueDown, valueUp } from "../healthMath.ts";
import { act, describe, openRun } from "../liquidation.ts";
import type { CallStanding, LiquidationRules, Run } from "../liquidationRun.ts";
import {
  bonusWad as bonusOf,
  cappedBonus,
  type Leg,
  repayAmounts,
  size,
  targetBps,
  REWARD_MOST_WAD,
  wantedBonusWad,
} from "../liquidationMath.ts";
import { BPS, min, mulDivDown, mulDivUp, total, UINT256_MAX, WAD } from "../mathLib.ts";
import { leastLiquidation } from "../planner.ts";
import { topSegment, weightWad } from "../sizeBrackets.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Names } from "./names.ts";
import type { LegFacts, LiquidatedFacts } from "./receipt.ts";
import type {
  BonusTerms,
  CapName,
  Extent,
  LeastPossible,
  LegStory,
  RunTerms,
  Totals,
} from "./stories.ts";

/** no pair allows so much, see `openRun` */
const UNCAPPED_BPS = BPS;

/** The account as the vault judged it, and the rules it judged by. */
export interface Judged {
  readonly snapshot: Snapshot;
  readonly rules: LiquidationRules;
  readonly call: CallStanding;
}

/** The run that the vault opened, if what the event tells follows from the account to the unit. */
export function matchingRun(facts: LiquidatedFacts, judged: Judged): Run | undefined {
  const run = openRun(judged.snapshot, judged.rules, judged.call);
  if (run.type !== "open") return undefined;
  const isSame =
    coverageDown(run.health) === facts.coverageBeforeWad &&
    run.targetBps === facts.targetBps &&
    (run.cause === "expired") === (facts.expiredDeadline !== undefined);
  if (!isSame) return undefined;
  const steps = stepsOf(run, facts.legs);
  const last = steps?.at(-1);
  return last !== undefined && coverageDown(last.after.health) === facts.coverageAfterWad
    ? run
    : undefined;
}

/** One leg on the run that the one before left, amounts as the event tells them. */
interface LegStep {
  readonly facts: LegFacts;
  readonly before: Run;
  readonly after: Run;
  readonly collateral: number;
  readonly debt: number;
  /** what the chain would have repaid without a maximum [assets] */
  readonly openAssets: bigint;
}

/** undefined where a leg does not follow from the run */
function stepsOf(start: Run, legs: readonly LegFacts[]): readonly LegStep[] | undefined {
  const steps: LegStep[] = [];
  let before = start;
  for (const facts of legs) {
    const collateral = before.snapshot.collaterals.findIndex(({ asset }) => asset === facts.asset);
    const debt = before.snapshot.debts.findIndex(({ id }) => id === facts.pool);
    if (collateral < 0 || debt < 0) return undefined;
    const open = act(before, { collateral, debt, maxRepaidAssets: UINT256_MAX });
    if (open.type !== "acted" || open.receipt.leastValue !== facts.leastValue) return undefined;
    const { repaidAssets } = facts;
    const done = act(before, { collateral, debt, maxRepaidAssets: repaidAssets });
    const moved = done.type === "acted" ? done.run : open.run;
    const after = settled(moved, before, facts, collateral, debt);
    const openAssets = open.receipt.repaidAssets;
    steps.push({ facts, before, after, collateral, debt, openAssets });
    before = after;
  }
  return steps;
}

/** lines as the event tells them; throttles as the mirrored leg left them */
function settled(run: Run, before: Run, facts: LegFacts, collateral: number, debt: number): Run {
  const { collaterals, debts } = before.snapshot;
  const snapshot: Snapshot = {
    collaterals: collaterals.map((line, place) =>
      place === collateral
        ? {
            ...line,
            assets: facts.holdingAssets,
            totalAssets: line.totalAssets - facts.seizedAssets,
          }
        : line,
    ),
    debts: debts.map((line, place) =>
      place === debt
        ? {
            ...line,
            shares: facts.debtShares,
            assets: toAssetsUp(facts.debtShares, line.index, line.shareUnit),
          }
        : line,
    ),
  };
  return { ...run, snapshot, health: sum(snapshot, "protocol") };
}

/** The legs, with bonus terms and limits where the run is known. */
export function tellLegs(
  facts: LiquidatedFacts,
  run: Run | undefined,
  names: Names,
): readonly LegStory[] {
  const steps = run === undefined ? undefined : stepsOf(run, facts.legs);
  return facts.legs.map((leg, place) => tellLeg(leg, steps?.[place], names));
}

function tellLeg(facts: LegFacts, step: LegStep | undefined, names: Names): LegStory {
  const repaidValue = valueDown(facts.repaidAssets, facts.debtPrice);
  const feeValue = valueDown(facts.feeAssets, facts.debtPrice);
  const seizedValue = valueDown(facts.seizedAssets, facts.collateralPrice);
  const earned = seizedValue - repaidValue - feeValue;
  return {
    collateral: names.token(facts.asset),
    pool: names.pool(facts.pool),
    collateralPrice: facts.collateralPrice,
    debtPrice: facts.debtPrice,
    haircutPpm: facts.haircutPpm,
    repaidAssets: facts.repaidAssets,
    repaidValue,
    feeAssets: facts.feeAssets,
    feeValue,
    seizedAssets: facts.seizedAssets,
    seizedValue,
    bonusWad: repaidValue === 0n ? undefined : (earned * WAD) / repaidValue,
    leastValue: facts.leastValue,
    extent: step === undefined ? extentOf(facts) : extentAt(step),
    terms: step === undefined ? undefined : bonusTerms(step),
    holdingAssets: facts.holdingAssets,
    debtAssets: step?.after.snapshot.debts[step.debt]?.assets,
  };
}

/** by the event alone: repaid against x*, in the debt's own units */
function extentOf(facts: LegFacts): Extent {
  if (facts.repaidAssets === 0n) return { type: "nothing" };
  const leastAssets = mulDivUp(facts.leastValue, WAD, facts.debtPrice);
  if (facts.repaidAssets > leastAssets) {
    const extraValue = valueDown(facts.repaidAssets, facts.debtPrice) - facts.leastValue;
    return { type: "dust", extraValue };
  }
  // a debt that is gone may round to a unit less
  if (facts.repaidAssets === leastAssets || facts.debtShares === 0n) return { type: "least" };
  return { type: "limited", by: "unknown", openAssets: undefined };
}

/** against what the chain would have repaid without a maximum, and without a throttle either */
function extentAt({ facts, before, collateral, debt, openAssets }: LegStep): Extent {
  const line = before.snapshot.debts[debt];
  if (line === undefined) return extentOf(facts);
  const leg = describe(before, { collateral, debt, maxRepaidAssets: UINT256_MAX });
  const unlimited = repayAmounts(size(leg), leg.debtValue, line).repaidAssets;
  const limit = { type: "limited", openAssets: unlimited } as const;
  if (facts.repaidAssets < openAssets) {
    // what only the extension over dust would have added is no limit on the least
    const least = extentOf(facts);
    return least.type === "least" ? least : { ...limit, by: "maximum" };
  }
  if (openAssets < unlimited) return { ...limit, by: "throttle" };
  return extentOf(facts);
}

/** how bonus and fee came about at the top size segment of the collateral */
function bonusTerms({ before, collateral, debt }: LegStep): BonusTerms {
  const leg = describe(before, { collateral, debt, maxRepaidAssets: UINT256_MAX });
  const weight = weightWad(topSegment(leg.collateralValue, leg.depthValue), leg.haircutPpm);
  const shapedWad = wantedBonusWad(leg);
  const capped = cappedBonus(leg, weight);
  const [cap, capWad] = lowestCap(leg, weight);
  const bound = !capped.usable
    ? "all"
    : capped.bonus < shapedWad
      ? "bonus"
      : capped.fee < leg.feeWad
        ? "fee"
        : "nothing";
  const pairMostBps = before.rules.collaterals[collateral]?.maxBonusBps[debt] ?? 0n;
  return {
    pairMostWad: pairMostBps * 10n ** 14n,
    shapedWad,
    rewardWad: before.rewardWad < REWARD_MOST_WAD ? before.rewardWad : undefined,
    capWad: capWad - WAD,
    cap,
    bound,
    bonusWad: capped.bonus,
    feeWad: capped.fee,
  };
}

/** the lowest of the limits on s, as `cappedBonus` takes them; the present ones first where they are equal */
function lowestCap(leg: Leg, weight: bigint): readonly [CapName, bigint] {
  const least = WAD + leg.bonusMinWad;
  const atLeast = (wad: bigint) => (wad > least ? wad : least);
  const caps: (readonly [CapName, bigint])[] = [
    ["equity", mulDivDown(leg.totalCollateralValue, WAD, leg.totalDebtValue)],
    ["episodeEquity", atLeast(leg.equityMostWad)],
  ];
  if (weight !== 0n) {
    const present = mulDivDown(leg.cover, leg.factorWad, leg.requirement);
    const first = mulDivDown(leg.coverageMostWad, leg.factorWad, WAD);
    caps.push(["coverage", mulDivDown(present, WAD, weight)]);
    caps.push(["episodeCoverage", atLeast(mulDivDown(first, WAD, weight))]);
  }
  const order: readonly CapName[] = ["coverage", "equity", "episodeCoverage", "episodeEquity"];
  const lowest = caps.map(([, wad]) => wad).reduce(min);
  const name = order.find((cap) => caps.some(([own, wad]) => own === cap && wad === lowest));
  return [name ?? "equity", lowest];
}

/** How bonus and target were set. */
export function runTerms(run: Run, call: CallStanding): RunTerms {
  const { bonusMinBps, bonusPerUsedBps, bonusPerHourBps, ...rules } = run.rules.parameters;
  const bonus = (usedWad: bigint, defaultedFor: bigint) =>
    bonusOf(usedWad, defaultedFor, bonusMinBps, bonusPerUsedBps, bonusPerHourBps, UNCAPPED_BPS);
  return {
    severityWad: bonus(run.usedWad, 0n),
    timeWad: bonus(0n, run.defaultedFor),
    bonusWad: min(run.bonusWad, run.bonusMostWad ?? run.bonusWad),
    presentTargetBps: targetBps(
      cushion(run.health),
      run.health.coverMaintenance,
      rules.targetShareBps,
      rules.targetMinBps,
      rules.targetMaxBps,
    ),
    episodeTargetBps: call.episodeTargetBps,
  };
}

/** What the reference planner would have done, and how much of that was done. */
export function leastPossible(judged: Judged, facts: LiquidatedFacts): LeastPossible | undefined {
  const plan = leastLiquidation(judged.snapshot, judged.rules, judged.call);
  if (plan.type !== "liquidate" || plan.repaidValue === 0n) return undefined;
  const done = total(facts.legs.map((leg) => valueUp(leg.repaidAssets, leg.debtPrice)));
  return {
    repaidValue: plan.repaidValue,
    seizedValue: plan.seizedValue,
    legs: plan.legs.length,
    reachesTarget: plan.reachesTarget,
    doneToLeastWad: mulDivUp(done, WAD, plan.repaidValue),
  };
}

/** Sums of what moved. */
export function totalsOf(
  lines: readonly {
    readonly repaidValue: bigint;
    readonly feeValue: bigint;
    readonly seizedValue: bigint;
  }[],
): Totals {
  const repaidValue = total(lines.map((line) => line.repaidValue));
  const feeValue = total(lines.map((line) => line.feeValue));
  const seizedValue = total(lines.map((line) => line.seizedValue));
  return { repaidValue, feeValue, seizedValue, earnedValue: seizedValue - repaidValue - feeValue };
}
