// Rounds of a price feed with the shape of Chainlink's, read one by one.
import type { BlockTag, ContractRunner } from "ethers";
import type { IAggregatorV3 } from "../types/ethers-contracts/contracts/interfaces/IAggregatorV3.ts";
import { IAggregatorV3__factory } from "../types/ethers-contracts/factories/contracts/interfaces/IAggregatorV3__factory.ts";
import { isRefusal } from "./errors.ts";

/** One round of a feed. */
export interface FeedRound {
  /** the phase in the bits from 64 on */
  readonly round: bigint;
  /** in the feed's own decimals */
  readonly answer: bigint;
  /** [s] */
  readonly updatedAt: bigint;
}

/** A larger answer is no observation. */
const ANSWER_MOST = 2n ** 96n - 1n;
const PHASE_BITS = 64n;
const NUMBER_MASK = 2n ** PHASE_BITS - 1n;
/** Void rounds that are passed over in search of the first valid one of a phase: as many as the contract looks at. */
const LOOK_FOR = 16n;

/** A feed as the vault reads it. */
export function feedAt(address: string, runner: ContractRunner): IAggregatorV3 {
  return IAggregatorV3__factory.connect(address, runner);
}

/** The latest round; undefined where the feed refuses to answer. Throws what the provider throws. */
export function readLatestRound(
  feed: IAggregatorV3,
  blockTag: BlockTag = "latest",
): Promise<FeedRound | undefined> {
  return answered(feed.latestRoundData({ blockTag }));
}

/** A round by its id; undefined where the feed does not know it. Throws what the provider throws. */
export function readRound(
  feed: IAggregatorV3,
  round: bigint,
  blockTag: BlockTag = "latest",
): Promise<FeedRound | undefined> {
  return answered(feed.getRoundData(round, { blockTag }));
}

/** Counts the aggregators behind a proxy. */
export function phaseOf(round: bigint): bigint {
  return round >> PHASE_BITS;
}

/** Whether a round is an observation: an answer above 0, a time that is past and later than the one before [s] */
export function isValidRound(
  found: FeedRound | undefined,
  round: bigint,
  laterThan: bigint,
  nowAt: bigint,
): found is FeedRound {
  return (
    found !== undefined &&
    found.round === round &&
    found.answer > 0n &&
    found.answer <= ANSWER_MOST &&
    found.updatedAt > laterThan &&
    found.updatedAt <= nowAt
  );
}

/**
 * The first valid round of the phases after that of `lastRound`, as `enterPhase` asks for it; undefined when there is none yet.
 * @param laterThan Time that it must be after [s]
 */
export async function firstRoundOfLaterPhase(
  feed: IAggregatorV3,
  lastRound: bigint,
  laterThan: bigint,
  nowAt: bigint,
): Promise<bigint | undefined> {
  const latest = await readLatestRound(feed);
  if (latest === undefined) return undefined;
  for (let phase = phaseOf(lastRound) + 1n; phase <= phaseOf(latest.round); phase += 1n) {
    const start = phase << PHASE_BITS;
    const isAfter = async (number: bigint) => {
      const found = await readRound(feed, start | number);
      return found !== undefined && found.updatedAt > laterThan;
    };
    const first = await firstWhere(isAfter, await lastNumber(feed, start, latest.round));
    for (let number = first; number < first + LOOK_FOR; number += 1n) {
      const found = await readRound(feed, start | number);
      if (isValidRound(found, start | number, laterThan, nowAt)) return start | number;
    }
  }
  return undefined;
}

/** A round of the phase that is not before its last one. */
async function lastNumber(
  feed: IAggregatorV3,
  start: bigint,
  latestRound: bigint,
): Promise<bigint> {
  if (phaseOf(latestRound) === phaseOf(start)) return latestRound & NUMBER_MASK;
  let number = 1n;
  for (;;) {
    const found = await readRound(feed, start | number);
    if (found === undefined || found.updatedAt === 0n) return number;
    number *= 2n;
  }
}

/** The least number from 1 to `most` for which a condition holds that holds from some number on; `most` if for none. */
async function firstWhere(
  holds: (number: bigint) => Promise<boolean>,
  most: bigint,
): Promise<bigint> {
  let [low, high] = [1n, most];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (await holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}

async function answered(
  call: Promise<{ readonly roundId: bigint; readonly answer: bigint; readonly updatedAt: bigint }>,
): Promise<FeedRound | undefined> {
  try {
    const { roundId, answer, updatedAt } = await call;
    return { round: roundId, answer, updatedAt };
  } catch (error) {
    // what is no round cannot be decoded
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
