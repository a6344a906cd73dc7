// The measure of over-liquidation, the same for every policy.
import { neededValue } from "../liquidation.ts";
import { type LiquidationRules, NO_EPISODE } from "../liquidationRun.ts";
import { total } from "../mathLib.ts";
import { leastLiquidation } from "../planner.ts";
import type { RiskParameters, Snapshot } from "../snapshot.ts";
import { writeOffPlan } from "../writeOff.ts";

/** What the reference planner needs to know besides the account. */
export interface ReferenceTerms {
  readonly parameters: RiskParameters;
  /** β_max by asset id of the collateral, the same against every debt [bps] */
  readonly maxBonusBps: ReadonlyMap<bigint, bigint>;
}

/** The terms in the words of the planner, for the lines of one account; throttles are empty at every look. */
export function rulesFor(
  { parameters, maxBonusBps }: ReferenceTerms,
  snapshot: Snapshot,
): LiquidationRules {
  return {
    parameters,
    collaterals: snapshot.collaterals.map(({ id, depthValue }) => ({
      isSeizurePaused: false,
      seizableAt: 0n,
      deepestValue: depthValue,
      levelValue: 0n,
      levelAt: 0n,
      accountLevelValue: 0n,
      accountLevelAt: 0n,
      maxBonusBps: snapshot.debts.map(() => maxBonusBps.get(id) ?? 0n),
    })),
  };
}

/**
 * The least repayment that would bring an uncovered account to Surety's target at this moment: Σ x* over the legs of the
 * reference planner, before dust is rounded up, as if its cure period had just ended. Of an insolvent account, which no
 * repayment out of its own collateral can restore, what its collateral pays in a write-off. `undefined` where the planner
 * finds nothing to do [value]
 */
export function leastRepayment(snapshot: Snapshot, terms: ReferenceTerms): bigint | undefined {
  const rules = rulesFor(terms, snapshot);
  const plan = leastLiquidation(snapshot, rules, JUST_EXPIRED);
  if (plan.type === "liquidate") return total(plan.receipts.map(neededValue));
  if (plan.type !== "insolvent") return undefined;
  const end = writeOffPlan(snapshot, rules, JUST_EXPIRED.nowAt);
  return end.type === "writeOff" ? end.repaidValue : undefined;
}

const JUST_EXPIRED = {
  state: "called",
  deadline: 0n,
  episodeTargetBps: 0n,
  episode: NO_EPISODE,
  nowAt: 1n,
} as const;
