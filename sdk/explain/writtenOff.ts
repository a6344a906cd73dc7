// A write-off, told from its event and from what the pools booked.
import { toAssetsUp } from "../debtShares.ts";
import { valueDown, valueUp } from "../healthMath.ts";
import type { LiquidationRules } from "../liquidationRun.ts";
import { WAD } from "../mathLib.ts";
import type { RiskParameters, Snapshot } from "../snapshot.ts";
import { writeOffPlan } from "../writeOff.ts";
import type { Names } from "./names.ts";
import type { SettledFacts, TakenFacts, WrittenOffFacts } from "./receipt.ts";
import type { AccountBefore, LeftReason, SettledStory, TakenStory } from "./stories.ts";

/** Whether the write-off follows from the account to the unit. */
export function isAsPlanned(
  facts: WrittenOffFacts,
  snapshot: Snapshot,
  rules: LiquidationRules,
  nowAt: bigint,
): boolean {
  const dustValue = rules.parameters.dustValue * WAD;
  const left = facts.taken.flatMap((line, place) => {
    const value = valueDown(line.seizedAssets + line.holdingAssets, line.price);
    return line.seizedAssets === 0n && value < dustValue ? [place] : [];
  });
  const plan = writeOffPlan(snapshot, rules, nowAt, new Set(left));
  if (plan.type !== "writeOff") return false;
  const isTaken = plan.taken.every(
    ({ asset, seizedAssets, holdingAssets }, place) =>
      facts.taken[place]?.asset === asset &&
      facts.taken[place]?.seizedAssets === seizedAssets &&
      facts.taken[place]?.holdingAssets === holdingAssets,
  );
  const isSettled = plan.settled.every(
    ({ pool, repaidAssets, lossAssets, debtShares }, place) =>
      facts.settled[place]?.pool === pool &&
      facts.settled[place]?.repaidAssets === repaidAssets &&
      facts.settled[place]?.lossAssets === lossAssets &&
      facts.settled[place]?.debtShares === debtShares,
  );
  return (
    isTaken &&
    isSettled &&
    plan.taken.length === facts.taken.length &&
    plan.settled.length === facts.settled.length
  );
}

/** What was taken and what was left of each collateral. */
export function tellTaken(
  { taken }: WrittenOffFacts,
  before: AccountBefore | undefined,
  names: Names,
): readonly TakenStory[] {
  return taken.map((line) => {
    const { asset, price, seizedAssets, holdingAssets } = line;
    return {
      token: names.token(asset),
      price,
      seizedAssets,
      seizedValue: valueDown(seizedAssets, price),
      leftAssets: holdingAssets,
      leftValue: valueDown(holdingAssets, price),
      left: leftReason(line, before),
    };
  });
}

function leftReason(line: TakenFacts, before: AccountBefore | undefined): LeftReason | undefined {
  if (line.holdingAssets === 0n) return undefined;
  if (line.seizedAssets > 0n) return "surplus";
  if (before === undefined) return "unknown";
  if (valueDown(line.holdingAssets, line.price) < dustValueOf(before.parameters)) return "dust";
  const known = before.collaterals.find(({ token }) => token.address === line.asset);
  if (known === undefined) return "unknown";
  return known.isFresh ? "paused" : "stale";
}

function dustValueOf({ dustValue }: RiskParameters): bigint {
  return dustValue * WAD;
}

/** What was paid, lost and kept of each debt, and who bears the loss. */
export function tellSettled(
  { settled, layers }: WrittenOffFacts,
  snapshot: Snapshot | undefined,
  names: Names,
): readonly SettledStory[] {
  return settled.map((line) => {
    const pool = names.pool(line.pool);
    return {
      pool,
      price: line.price,
      repaidAssets: line.repaidAssets,
      repaidValue: valueUp(line.repaidAssets, line.price),
      lossAssets: line.lossAssets,
      lossValue: valueUp(line.lossAssets, line.price),
      keptAssets: keptAssets(line, snapshot),
      keptShares: line.debtShares,
      layers: layers.get(pool.address) ?? [],
    };
  });
}

function keptAssets(line: SettledFacts, snapshot: Snapshot | undefined): bigint | undefined {
  if (line.debtShares === 0n) return 0n;
  const debt = snapshot?.debts.find(({ id }) => id === line.pool);
  return debt && toAssetsUp(line.debtShares, debt.index, debt.shareUnit);
}
