// Replays measures from raw rounds: the same returns, in the same portions, rounded where the chain rounds.
import type { ContractRunner } from "ethers";
import type { IAggregatorV3 } from "../../types/ethers-contracts/contracts/interfaces/IAggregatorV3.ts";
import { decode, encodeUp } from "../compactFloat.ts";
import { type FeedRound, feedAt, isValidRound, readRound } from "../feed.ts";
import { logReturnWad, nextWad, TIME_CONSTANT_WAD } from "../variance.ts";

/** Bits of the mantissa in which a variance is stored. */
const VARIANCE_BITS = 33n;
/** Rounds asked for at once. */
const CHUNK = 50n;

/** One call that read rounds on, as its event says it. */
export interface Portion {
  readonly block: number;
  /** time of that block [s] */
  readonly readAt: bigint;
  /** last round read of the collateral, or of the asset */
  readonly round: bigint;
  /** of the obligation; 0 for a single asset */
  readonly obligationRound: bigint;
  readonly observedAt: bigint;
  readonly returns: bigint;
  /** of a pair as it was stored, of an asset before it was rounded for that [wad] */
  readonly varianceWad: bigint;
}

/** A step into a later phase: reading goes on after this round. */
export interface PhaseStep {
  readonly block: number;
  readonly isObligation: boolean;
  readonly before: bigint;
}

/** Where a measure stands: variance as it is stored. */
export interface Standing {
  readonly varianceWad: bigint;
  readonly own: Place;
  /** of the obligation; undefined for a single asset */
  readonly owed: Place | undefined;
  /** last common observation [s] */
  readonly observedAt: bigint;
}

interface Place {
  readonly round: bigint;
  readonly answer: bigint;
}

/** What the replay of a measure found. */
export interface Replayed {
  readonly standing: Standing;
  readonly returns: bigint;
  readonly voids: bigint;
  /** the return that is furthest from 0; undefined without any */
  readonly largest:
    { readonly round: bigint; readonly at: bigint; readonly returnWad: bigint } | undefined;
  /** whether every portion gave the variance and the number of returns of its event */
  readonly isAsMeasured: boolean;
}

/** Rounds of one feed, each asked for once. */
export class RoundBook {
  readonly #feed: IAggregatorV3;
  readonly #rounds = new Map<bigint, FeedRound | undefined>();

  constructor(address: string, runner: ContractRunner) {
    this.#feed = feedAt(address, runner);
  }

  /** Throws what the provider throws. */
  async at(round: bigint, most = round): Promise<FeedRound | undefined> {
    if (!this.#rounds.has(round)) {
      const last = most < round + CHUNK ? most : round + CHUNK - 1n;
      const ids = Array.from({ length: Number(last - round) + 1 }, (_, i) => round + BigInt(i));
      const found = await Promise.all(ids.map((id) => readRound(this.#feed, id)));
      for (const [place, id] of ids.entries()) this.#rounds.set(id, found[place]);
    }
    return this.#rounds.get(round);
  }
}

/** Number that storage keeps of a variance: the next one up with 33 significant bits [wad] */
export function storedVariance(varianceWad: bigint): bigint {
  return decode(encodeUp(varianceWad, VARIANCE_BITS), VARIANCE_BITS);
}

/**
 * Reads all portions again.
 * @param owed Rounds of the obligation; undefined for a single asset.
 * Throws what the provider throws.
 */
export async function replayMeasure(
  start: Standing,
  portions: readonly Portion[],
  phases: readonly PhaseStep[],
  own: RoundBook,
  owed: RoundBook | undefined,
): Promise<Replayed> {
  let found: Replayed = {
    standing: start,
    returns: 0n,
    voids: 0n,
    largest: undefined,
    isAsMeasured: true,
  };
  let waiting = [...phases].sort((a, b) => a.block - b.block);
  for (const portion of portions) {
    const entered = waiting.filter(
      ({ block }) => block <= portion.block && isBefore(found, portion),
    );
    for (const phase of entered) found = { ...found, standing: enter(found.standing, phase) };
    waiting = waiting.filter((phase) => !entered.includes(phase));
    found = await readPortion(found, portion, own, owed);
  }
  for (const phase of waiting) found = { ...found, standing: enter(found.standing, phase) };
  return found;
}

function isBefore({ standing }: Replayed, { round }: Portion): boolean {
  return standing.own.round <= round;
}

function enter(standing: Standing, { isObligation, before }: PhaseStep): Standing {
  if (!isObligation) return { ...standing, own: { ...standing.own, round: before } };
  if (standing.owed === undefined) return standing;
  return { ...standing, owed: { ...standing.owed, round: before } };
}

/** One call: every valid round of the collateral is an observation, with the last price of the obligation at its time. */
async function readPortion(
  found: Replayed,
  portion: Portion,
  own: RoundBook,
  owed: RoundBook | undefined,
): Promise<Replayed> {
  let { varianceWad, own: place, owed: other, observedAt } = found.standing;
  let { voids, largest } = found;
  let [returns, owedAt] = [0n, observedAt - 1n];
  for (let next = place.round + 1n; next <= portion.round; next += 1n) {
    const round = await own.at(next, portion.round);
    if (!isValidRound(round, next, observedAt, portion.readAt)) {
      voids += 1n;
      continue;
    }
    let returnWad = logReturnWad(place.answer, round.answer);
    if (other !== undefined && owed !== undefined) {
      const followed = await follow(owed, other, owedAt, round.updatedAt, portion);
      returnWad -= logReturnWad(other.answer, followed.place.answer);
      other = followed.place;
      owedAt = followed.at;
    }
    const elapsedFor = round.updatedAt - observedAt;
    varianceWad = nextWad(varianceWad, returnWad, elapsedFor, TIME_CONSTANT_WAD);
    place = { round: next, answer: round.answer };
    observedAt = round.updatedAt;
    returns += 1n;
    if (largest === undefined || size(returnWad) > size(largest.returnWad)) {
      largest = { round: next, at: observedAt, returnWad };
    }
  }
  const isAsMeasured =
    storedVariance(varianceWad) === storedVariance(portion.varianceWad) &&
    returns === portion.returns;
  return {
    standing: { varianceWad: storedVariance(varianceWad), own: place, owed: other, observedAt },
    returns: found.returns + returns,
    voids,
    largest,
    isAsMeasured: found.isAsMeasured && isAsMeasured,
  };
}

/** The last valid round up to a time, among those that the call has seen. */
async function follow(
  book: RoundBook,
  from: Place,
  fromAt: bigint,
  until: bigint,
  { obligationRound, readAt }: Portion,
): Promise<{ readonly place: Place; readonly at: bigint }> {
  let [place, at] = [from, fromAt];
  for (let next = from.round + 1n; next <= obligationRound; next += 1n) {
    const round = await book.at(next, obligationRound);
    if (!isValidRound(round, next, at, readAt)) continue;
    if (round.updatedAt > until) break;
    place = { round: next, answer: round.answer };
    at = round.updatedAt;
  }
  return { place, at };
}

function size(wad: bigint): bigint {
  return wad < 0n ? -wad : wad;
}
