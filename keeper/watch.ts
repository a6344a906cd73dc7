// Which accounts need no second look: those that cannot have fallen below their maintenance line since the last one. Pure.
import { ticksBetween, UP_PER_TICK_PPM } from "../sdk/haircutPath.ts";
import { YEAR } from "../sdk/interestModel.ts";
import { mulDivDown, mulDivUp, PPM, WAD, zeroFloorSub } from "../sdk/mathLib.ts";
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

/**
 * Whether an account may be uncovered now. Every collateral is taken to have fallen as much as the asset that fell most, every
 * debt to have risen as much as the asset that rose most, with the largest rise of haircuts and debts that the contracts allow;
 * credit falls at most in proportion to value, since brackets give the first dollars most. Holds while neither the account's
 * holdings nor the configuration changed: after such an event it must be read again.
 */
export function mayBeUncovered(
  sighting: Sighting,
  prices: readonly bigint[],
  nowAt: bigint,
): boolean {
  const { row } = sighting;
  const elapsedFor = nowAt - sighting.nowAt;
  if (row.status !== "healthy" || elapsedFor < 0n || elapsedFor > LONGEST_TRUST_FOR) return true;
  if (prices.length !== sighting.prices.length) return true;
  let [worstFallWad, worstRiseWad] = [WAD, WAD];
  for (const [id, then] of sighting.prices.entries()) {
    const now = prices[id];
    if (now === undefined || now === 0n || then === 0n) return true;
    const down = mulDivDown(now, WAD, then);
    const up = mulDivUp(now, WAD, then);
    if (down < worstFallWad) worstFallWad = down;
    if (up > worstRiseWad) worstRiseWad = up;
  }
  const ticks = ticksBetween(sighting.nowAt, nowAt);
  const lost = mulDivUp(row.collateralValue, UP_PER_TICK_PPM * ticks, PPM);
  const cover = mulDivDown(zeroFloorSub(row.coverMaintenance, lost), worstFallWad, WAD);
  const grown = mulDivUp(row.requirement, YEAR + HIGHEST_GROWTH_PER_YEAR * elapsedFor, YEAR);
  // the margin covers the units lost in rounding
  return cover <= mulDivUp(grown, worstRiseWad, WAD) + WAD;
}
