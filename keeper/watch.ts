// Which accounts need no second look: those that cannot have crossed a line that matters since the last one. Pure.
import type { AccountId } from "../sdk/accountId.ts";
import { DOWN_PER_TICK_PPM, ticksBetween, UP_PER_TICK_PPM } from "../sdk/haircutPath.ts";
import { YEAR } from "../sdk/interestModel.ts";
import { max, min, mulDivDown, mulDivUp, PPM, WAD, zeroFloorSub } from "../sdk/mathLib.ts";
import type { HealthRow } from "../sdk/reader.ts";

/** An account as it was read, with the prices and the time of then. */
export interface Sighting {
  readonly row: HealthRow;
  /** [s] */
  readonly nowAt: bigint;
  /** of all assets, by id [USD wad per 1e18 base units] */
  readonly prices: readonly bigint[];
}

/** After this time an account is read again whatever happened. */
const LONGEST_TRUST_FOR = 86_400n;
/** A debt grows at most by e^(11.5 · Δt / year) within the bounds of `LendingPool.setTerms`; over a day that is less than this. */
const HIGHEST_GROWTH_PER_YEAR = 13n;

/** How far the prices of some assets went since a sighting: the least and the most of what they were [wad] */
interface Range {
  readonly leastWad: bigint;
  readonly mostWad: bigint;
}

/** How much what an account holds and owes moved since a sighting, and how long ago that was. */
interface Moves {
  readonly held: Range;
  readonly owed: Range;
  readonly ticks: bigint;
  readonly elapsedFor: bigint;
}

/** Accounts to be read now: those without a sighting, and those that may have a task. Sightings and prices by asset id. */
export function doubtfulAmong(
  accounts: Iterable<AccountId>,
  sightings: ReadonlyMap<AccountId, Sighting>,
  prices: readonly bigint[],
  nowAt: bigint,
): readonly AccountId[] {
  // accounts of one look that hold and owe the same assets share how these moved: found once, not for every account
  const known = new Map<readonly bigint[], Map<bigint, Moves | undefined>>();
  return [...accounts].filter((account) => {
    const sighting = sightings.get(account);
    if (sighting === undefined) return true;
    const { row } = sighting;
    const ofLook = known.get(sighting.prices) ?? new Map<bigint, Moves | undefined>();
    known.set(sighting.prices, ofLook);
    const key = (row.heldAssets << 32n) | row.owedAssets;
    let moves = ofLook.get(key);
    if (moves === undefined || moves.elapsedFor !== nowAt - sighting.nowAt) {
      moves = movesOf(sighting, prices, nowAt);
      ofLook.set(key, moves);
    }
    return mayHaveMoved(sighting, moves);
  });
}

/**
 * Whether there may be something to do about an account now: a covered one may be uncovered, a paused call may be cured. Every
 * other account must be read again. Holds while neither the account's holdings nor the configuration changed: after such an
 * event it must be read, too. A cure that comes of what others withdrew (the initial level counts the crowd) is seen within a day.
 */
export function mayHaveTask(sighting: Sighting, prices: readonly bigint[], nowAt: bigint): boolean {
  return mayHaveMoved(sighting, movesOf(sighting, prices, nowAt));
}

function mayHaveMoved({ row }: Sighting, moves: Moves | undefined): boolean {
  const isAtRest = row.status === "healthy" || (row.status === "paused" && row.deadline === 0n);
  if (!isAtRest || moves === undefined || moves.elapsedFor > LONGEST_TRUST_FOR) return true;
  return mayBeUncovered(row, moves) || (row.status === "paused" && mayBeCured(row, moves));
}

/** Undefined when time ran back, an asset is new, or one that matters has no price. */
function movesOf(
  { row, ...then }: Sighting,
  prices: readonly bigint[],
  nowAt: bigint,
): Moves | undefined {
  const elapsedFor = nowAt - then.nowAt;
  if (elapsedFor < 0n || prices.length !== then.prices.length) return undefined;
  const held = rangeOf(row.heldAssets, then.prices, prices);
  const owed = rangeOf(row.owedAssets, then.prices, prices);
  if (held === undefined || owed === undefined) return undefined;
  return { held, owed, ticks: ticksBetween(then.nowAt, nowAt), elapsedFor };
}

/** Of the assets whose bits are set; undefined when one has no price. */
function rangeOf(
  bits: bigint,
  pricesThen: readonly bigint[],
  prices: readonly bigint[],
): Range | undefined {
  let [leastWad, mostWad] = [WAD, WAD];
  for (const [id, then] of pricesThen.entries()) {
    if (((bits >> BigInt(id)) & 1n) === 0n) continue;
    const now = prices[id] ?? 0n;
    if (now === 0n || then === 0n) return undefined;
    leastWad = min(leastWad, mulDivDown(now, WAD, then));
    mostWad = max(mostWad, mulDivUp(now, WAD, then));
  }
  return { leastWad, mostWad };
}

/**
 * Every collateral is taken to have fallen as much as the held asset that fell most, every debt to have risen as much as the owed
 * asset that rose most, with the largest rise of haircuts and debts that the contracts allow; credit falls at most in proportion
 * to value, since brackets give the first dollars most.
 */
function mayBeUncovered(row: HealthRow, { held, owed, ticks, elapsedFor }: Moves): boolean {
  const lost = mulDivUp(row.collateralValue, UP_PER_TICK_PPM * ticks, PPM);
  const cover = mulDivDown(zeroFloorSub(row.coverMaintenance, lost), held.leastWad, WAD);
  const grown = mulDivUp(row.requirement, YEAR + HIGHEST_GROWTH_PER_YEAR * elapsedFor, YEAR);
  // the margin covers the units lost in rounding
  return cover <= mulDivUp(grown, owed.mostWad, WAD) + WAD;
}

/** The other way about: all collateral risen, all debts fallen, haircuts come down as far as they may. */
function mayBeCured(row: HealthRow, { held, owed, ticks }: Moves): boolean {
  const won = mulDivUp(row.collateralValue, DOWN_PER_TICK_PPM * ticks, PPM);
  const cover = mulDivUp(row.coverInitial + won, held.mostWad, WAD);
  return cover + WAD >= mulDivDown(row.requirement, owed.leastWad, WAD);
}
