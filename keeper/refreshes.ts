// Which measures are to be read on, from what was read of the chain. Pure: no chain, no clock; time is that of the block.
import { ZeroAddress } from "ethers";
import { type FeedRound, phaseOf } from "../sdk/feed.ts";
import { min } from "../sdk/mathLib.ts";
import type { HaircutView, MeasureView, PairMeasureView } from "../sdk/measures.ts";
import type { Task } from "./tasks.ts";

/** Reads on in the rounds of feeds, or steps into a later phase of one. */
export type RefreshTask = Extract<Task, { type: "refresh" | "refreshPair" | "enterPhase" }>;

/** An asset whose variance is measured, and the latest round of its feed. */
export interface MeasuredAsset {
  readonly asset: string;
  readonly feed: string;
  readonly measure: MeasureView;
  /** undefined while the feed refuses to answer */
  readonly latest: FeedRound | undefined;
  /** liquidations wait until a round confirms its jump, and a refresh has seen that round */
  readonly isJumping: boolean;
}

/** A collateral against all pools of one asset. */
export interface MeasuredPair {
  readonly collateral: string;
  readonly obligation: string;
  /** undefined when its variance follows from those of both assets */
  readonly measure: PairMeasureView | undefined;
  /** of each pool, at least one */
  readonly haircuts: readonly HaircutView[];
}

/** Everything that is measured, at one block. */
export interface Measured {
  readonly assets: readonly MeasuredAsset[];
  readonly pairs: readonly MeasuredPair[];
}

/** A turn ends with half of the lag at the latest, so that one that fails can be repeated. */
const LAG_PARTS = 2n;

/** The time between two refreshes of the same measure: never less [s] */
export function spacingOf({ pairs }: Measured, intervalFor: bigint): bigint {
  const lags = pairs.flatMap(({ haircuts }) => haircuts.map(({ model }) => model.maxLagFor));
  return lags.map((lagFor) => lagFor / LAG_PARTS).reduce(min, intervalFor);
}

/**
 * Refreshes that are due, in this order: phases of obligations that ended, pairs whose initial haircut would climb before
 * the next turn, assets, all other pairs. An asset whose price jumped is due with every round. Nothing is due where the feed has no other round than the last one read.
 * @param rests Until when a measure is left alone, by `keyOf` [s]
 * @param maxRounds Most rounds of each call.
 */
export function findRefreshes(
  measured: Measured,
  nowAt: bigint,
  intervalFor: bigint,
  rests: ReadonlyMap<string, bigint>,
  maxRounds: bigint,
): readonly RefreshTask[] {
  const spacingFor = spacingOf(measured, intervalFor);
  const rested = (task: RefreshTask) => nowAt >= (rests.get(keyOf(task)) ?? 0n);
  const isDue = (observedAt: bigint) => nowAt - observedAt >= spacingFor;
  const byAsset = new Map(measured.assets.map((row) => [row.asset, row]));
  const assets = measured.assets
    .filter(({ measure, latest }) => isOther(latest, measure.round))
    .map((row) => ({ ...row, task: assetTask(row, maxRounds) }))
    .filter(
      ({ isJumping, measure, task }) => isJumping || (isDue(measure.observedAt) && rested(task)),
    )
    .map(({ task }) => task);
  const read = new Set(assets.map((task) => (task.type === "refresh" ? task.asset : "")));
  const due = measured.pairs.filter((pair) => isPairDue(pair, byAsset, isDue, read));
  const isUrgent = ({ haircuts }: MeasuredPair) =>
    haircuts.some(({ climbsFrom }) => climbsFrom !== 0n && climbsFrom <= nowAt + spacingFor);
  // an untracked pair follows its assets, so it never comes before them
  const isFirst = (pair: MeasuredPair) => pair.measure !== undefined && isUrgent(pair);
  const tasksOf = (pairs: readonly MeasuredPair[]) =>
    pairs.map((pair) => pairTask(pair, maxRounds)).filter(rested);
  return [
    ...measured.pairs.flatMap((pair) => phaseTask(pair, byAsset)).filter(rested),
    ...tasksOf(due.filter(isFirst)),
    ...assets,
    ...tasksOf(due.filter((pair) => !isFirst(pair))),
  ];
}

/** What a task is about, for `rests`. */
export function keyOf(task: RefreshTask): string {
  switch (task.type) {
    case "refresh":
      return task.asset;
    case "refreshPair":
      return `${task.collateral} ${task.obligation}`;
    case "enterPhase":
      return `${task.collateral} ${task.obligation} phase of ${task.asset}`;
    default:
      return task satisfies never;
  }
}

/** Whether the feed has another round than the last one read; in whichever phase. */
function isOther(latest: FeedRound | undefined, round: bigint): boolean {
  return latest !== undefined && latest.round !== round;
}

function isPairDue(
  { collateral, obligation, measure, haircuts }: MeasuredPair,
  byAsset: ReadonlyMap<string, MeasuredAsset>,
  isDue: (observedAt: bigint) => boolean,
  read: ReadonlySet<string>,
): boolean {
  if (measure !== undefined) {
    const latest = byAsset.get(collateral)?.latest;
    return isOther(latest, measure.collateralRound) && isDue(measure.observedAt);
  }
  if (read.has(collateral) || read.has(obligation)) return true;
  // somebody refreshed an asset since the targets were set
  return haircuts.some(
    ({ observedAt, model, climbsFrom, movedAt }) =>
      observedAt + model.maxLagFor > climbsFrom && isDue(movedAt),
  );
}

function assetTask({ asset }: MeasuredAsset, maxRounds: bigint): RefreshTask {
  return { type: "refresh", asset, maxRounds, valueAtRisk: 0n };
}

function pairTask({ collateral, obligation, measure }: MeasuredPair, most: bigint): RefreshTask {
  const maxRounds = measure === undefined ? 0n : most;
  return { type: "refreshPair", collateral, obligation, maxRounds, valueAtRisk: 0n };
}

/** Nothing fails when only the obligation's feed went to another phase: its last price would stand for ever. */
function phaseTask(
  { collateral, obligation, measure }: MeasuredPair,
  byAsset: ReadonlyMap<string, MeasuredAsset>,
): readonly RefreshTask[] {
  const latest = byAsset.get(obligation)?.latest;
  if (measure === undefined || latest === undefined) return [];
  if (phaseOf(latest.round) <= phaseOf(measure.obligationRound)) return [];
  return [phaseOfObligation({ collateral, obligation })];
}

/** The step of a pair into the next phase of its obligation's feed; refused until the rounds of the last one are read. */
export function phaseOfObligation({
  collateral,
  obligation,
}: Pick<MeasuredPair, "collateral" | "obligation">): RefreshTask {
  const asset = obligation;
  return { type: "enterPhase", collateral, obligation, asset, round: 0n, valueAtRisk: 0n };
}

/** The step into the next phase that a refresh asks for. */
export function phaseOfRefresh(
  task: Exclude<RefreshTask, { type: "enterPhase" }>,
  round: bigint,
): RefreshTask {
  const collateral = task.type === "refresh" ? task.asset : task.collateral;
  const obligation = task.type === "refresh" ? ZeroAddress : task.obligation;
  return {
    type: "enterPhase",
    collateral,
    obligation,
    asset: collateral,
    round,
    valueAtRisk: 0n,
  };
}
