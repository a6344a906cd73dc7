// What counts as a jump of a price: more in one round than its variance lets expect; and who waits until it is confirmed.
import { isCovered, isInsolvent, sum, usedWad } from "./healthMath.ts";
import { max, min, WAD } from "./mathLib.ts";
import { LIFTED_ABOVE_WAD } from "./throttle.ts";
import type { RiskParameters, Snapshot } from "./snapshot.ts";
import { YEAR_FOR } from "./variance.ts";

/** k: a move of more standard deviations is a jump. */
export const DEVIATIONS = 8n;
/** Rounds that are closer together are judged as if this time had passed [s]. */
export const SPAN_LEAST_FOR = 3_600n;
/** A jump that no round confirms is believed after this time [s]. */
export const WINDOW_FOR = 1_800n;
/** After a jump there is no other in its direction for this time [s]. */
export const REST_FOR = 21_600n;
const DISTANCE_MOST_WAD = 2n ** 67n;

/** |r| > k·σ·√(max(Δ, 1 h) / YEAR), squared on both sides; r and σ² in wad, Δ in seconds */
export function isJump(returnWad: bigint, varianceWad: bigint, elapsedFor: bigint): boolean {
  const spanFor = max(elapsedFor, SPAN_LEAST_FOR);
  return returnWad ** 2n * YEAR_FOR > DEVIATIONS ** 2n * WAD * varianceWad * spanFor;
}

/** |b − a| / min(a, b), rounded up, clipped at 2^67: at least |ln(b / a)| [wad]. Throws `RangeError` for 0. */
export function distanceWad(left: bigint, right: bigint): bigint {
  const low = min(left, right);
  const distance = max(left, right) - low;
  return min((distance * WAD + low - 1n) / low, DISTANCE_MOST_WAD);
}

/** A price that jumped, as the lens tells it of an asset. */
export interface JumpedPrice {
  readonly isFresh: boolean;
  /** USD wad per 1e18 base units */
  readonly priceBeforeJump: bigint;
  /** 0 for no jump [s] */
  readonly jumpEndsAt: bigint;
}

/**
 * Until when liquidation and write-off wait for an account that is uncovered with used ≤ 1/2, or insolvent, solely by jumps that
 * nothing confirmed yet [s]; 0 when they do not. `prices` are those of all assets, by id.
 */
export function waitsUntil(
  snapshot: Snapshot,
  { bonusMinBps, feeBps }: RiskParameters,
  prices: readonly JumpedPrice[],
): bigint {
  if (snapshot.debts.some(({ isFresh }) => !isFresh)) return 0n; // nothing can be taken
  const now = sum(snapshot, "protocol");
  const isLost = isInsolvent(now, bonusMinBps, feeBps);
  if (isCovered(now) || (!isLost && usedWad(now) > LIFTED_ABOVE_WAD)) return 0n;
  const jumped = (id: bigint) => {
    const price = prices[Number(id)];
    return price !== undefined && price.jumpEndsAt !== 0n ? price : undefined;
  };
  const before = (id: bigint, price: bigint) => jumped(id)?.priceBeforeJump ?? price;
  const collaterals = snapshot.collaterals.map((line) =>
    line.isFresh ? { ...line, price: before(line.id, line.price) } : line,
  );
  const debts = snapshot.debts.map((line) => ({
    ...line,
    price: before(line.assetId, line.price),
  }));
  const ids = [
    ...snapshot.collaterals.filter(({ isFresh }) => isFresh).map(({ id }) => id),
    ...snapshot.debts.map(({ assetId }) => assetId),
  ];
  const until = ids.map((id) => jumped(id)?.jumpEndsAt ?? 0n).reduce(max, 0n);
  if (until === 0n) return 0n;
  const earlier = sum({ collaterals, debts }, "protocol");
  const isDue = isLost ? isInsolvent(earlier, bonusMinBps, feeBps) : !isCovered(earlier);
  return isDue ? 0n : until;
}
