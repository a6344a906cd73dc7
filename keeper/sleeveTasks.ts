// What sleeves need, from what was read of them. Pure: no chain, no clock; time is that of the block.
import { valueDown } from "../sdk/healthMath.ts";
import { BPS, min, mulDivDown, mulDivUp, PPM } from "../sdk/mathLib.ts";
import type { AccountView } from "../sdk/reader.ts";
import type { AllocatorView, SleeveView, VenueView } from "../sdk/sleeves.ts";
import type { Task } from "./tasks.ts";

/** Anyone's work on a sleeve. */
export type SleeveTask = Extract<
  Task,
  { type: "serveRecalls" | "refill" | "touchSleeve" | "trimReuse" | "redeemShares" }
>;

/** A sleeve at one block. */
export interface SleeveState {
  readonly sleeve: string;
  /** accounts that wait for it */
  readonly waiting: bigint;
  /** undefined for one without venues */
  readonly allocator: AllocatorView | undefined;
}

/** Most tickets of one call. */
const MOST_TICKETS = 32n;
/** The buffer grows with every unit of yield: what lacks less than this share of it waits. [bps] */
const BUFFER_LACK_BPS = 500n;
/** What is left in a venue that was cut is taken out down to this share of the sleeve. [bps] */
const CUT_LEAST_BPS = 1n;
/** Growth of at most seven days counts at once (`SleeveBooks`): a day before, it is recorded. [s] */
const TOUCH_AFTER_FOR = 518_400n;
/** Less than this share is rounding, no dip. [ppm] */
const DIP_PPM = 1n;

/** What there is to do for a sleeve, those first who wait. */
export function findSleeveTasks(state: SleeveState, nowAt: bigint): readonly SleeveTask[] {
  const { sleeve, waiting, allocator } = state;
  const tasks: SleeveTask[] = [];
  if (waiting > 0n) {
    tasks.push({ type: "serveRecalls", sleeve, most: min(waiting, MOST_TICKETS), valueAtRisk: 0n });
  }
  if (allocator === undefined) return tasks;
  for (const venue of refillsOf(allocator)) {
    tasks.push({ type: "refill", sleeve, venue, valueAtRisk: 0n });
  }
  if (isToBeTouched(allocator, nowAt)) {
    tasks.push({ type: "touchSleeve", sleeve, valueAtRisk: 0n });
  }
  return tasks;
}

/** Venues that anybody may take assets out of: all while the buffer is short, else those that were cut. */
function refillsOf({ idleAssets, bufferBps, venues }: AllocatorView): readonly string[] {
  const total = venues.reduce((sum, { worthAssets }) => sum + worthAssets, idleAssets);
  const buffer = mulDivUp(total, bufferBps, BPS);
  const isShort = idleAssets < mulDivDown(buffer, BPS - BUFFER_LACK_BPS, BPS);
  const isWorthIt = ({ saidAssets }: VenueView) => saidAssets * BPS >= total * CUT_LEAST_BPS;
  return venues
    .filter(({ shares, saidAssets }) => shares > 0n && saidAssets > 0n)
    .filter((venue) => isShort || (venue.capAssets === 0n && isWorthIt(venue)))
    .map(({ venue }) => venue);
}

/**
 * Whether growth of a venue is about to be lost to those who are judged by it. A look writes every venue down that is in a dip,
 * from which it comes back slowly: while one is, it is left to those who come and go.
 */
function isToBeTouched(allocator: AllocatorView, nowAt: bigint): boolean {
  const hasGrown = ({ recordedAssets, recordedAt, saidAssets }: VenueView) =>
    saidAssets > recordedAssets && nowAt - recordedAt >= TOUCH_AFTER_FOR;
  const held = allocator.venues.filter(({ shares }) => shares > 0n);
  return held.some(hasGrown) && !isInDip(allocator);
}

/** Whether a venue says less than was recorded of it: it lost, or is silent, or somebody pushes it. */
export function isInDip({ venues }: AllocatorView): boolean {
  const hasFallen = ({ recordedAssets, saidAssets }: VenueView) =>
    saidAssets * PPM < recordedAssets * (PPM - DIP_PPM);
  return venues.some((venue) => venue.shares > 0n && hasFallen(venue));
}

/**
 * The sleeve of which an account reuses more than anyone need leave it: the capped one in which it has most. Undefined when it is
 * within cap and tolerance, or above by less than dust.
 */
export function findTrim(
  { row, snapshot }: AccountView,
  sleeves: readonly SleeveView[],
  dustValue: bigint,
): SleeveTask | undefined {
  const lines = snapshot.collaterals.flatMap(({ asset, assets, price }) => {
    const terms = sleeves.find(({ sleeve }) => sleeve === asset);
    return terms?.isCapped === true ? [{ terms, value: valueDown(assets, price) }] : [];
  });
  const reusedValue = lines.reduce((sum, { value }) => sum + value, 0n);
  const found = lines
    .filter(({ terms }) => isAbove(reusedValue, row.debtValue, terms, dustValue))
    .sort((a, b) => (a.value === b.value ? 0 : a.value > b.value ? -1 : 1));
  const [first] = found;
  if (first === undefined) return undefined;
  const { account } = row;
  return {
    type: "trimReuse",
    account,
    sleeve: first.terms.sleeve,
    valueAtRisk: row.debtValue,
  };
}

function isAbove(
  reusedValue: bigint,
  debtValue: bigint,
  { maxDebtShareBps, toleranceBps }: SleeveView,
  dustValue: bigint,
): boolean {
  const mostValue = mulDivDown(debtValue, maxDebtShareBps, BPS);
  return (
    reusedValue * BPS > mostValue * (BPS + toleranceBps) && reusedValue - mostValue > dustValue
  );
}

/** What a task is about, for how long it rests. */
export function sleeveKeyOf(task: SleeveTask): string {
  switch (task.type) {
    case "serveRecalls":
    case "touchSleeve":
    case "redeemShares":
      return `${task.type} ${task.sleeve}`;
    case "refill":
      return `${task.type} ${task.sleeve} ${task.venue}`;
    case "trimReuse":
      return `${task.type} ${task.account} ${task.sleeve}`;
    default:
      return task satisfies never;
  }
}
