// From a variance to a haircut: the loss over a liquidation horizon that is exceeded with a small, stated probability.
// Variances are below 2^128, horizons below 2^40 s.
import { expWad } from "./fixedPoint.ts";
import { checkedSub, clamp, max, mulDivDown, mulDivUp, PPM, WAD } from "./mathLib.ts";
import { rootUp, YEAR_FOR } from "./variance.ts";

/** z of the initial haircut: exceeded in 1 % of the horizons, if returns are normal [wad]. */
export const Z_INITIAL_WAD = 2_326_000_000_000_000_000n;
/** z of the maintenance haircut: exceeded in 5 % of them [wad]. */
export const Z_MAINTENANCE_WAD = 1_645_000_000_000_000_000n;
/** θ: weight of the stress variance [wad]. */
export const STRESS_SHARE_WAD = 250_000_000_000_000_000n;

/** max(floor, (1 − θ)·v + θ·stress), rounded up [wad]. Throws `ArithmeticUnderflow` when θ is above 1. */
export function effectiveVarianceUp(
  varianceWad: bigint,
  floorWad: bigint,
  stressWad: bigint,
  stressShareWad: bigint,
): bigint {
  const mixed = varianceWad * checkedSub(WAD, stressShareWad) + stressWad * stressShareWad;
  return max(floorWad, mulDivUp(mixed, 1n, WAD));
}

/**
 * 1 − exp(−z·√(v·T/YEAR)), rounded up; z below 2^64 [wad]. Below 1 while z·√(v·T/YEAR) is below 41.4, and exactly 1 from there on.
 */
export function volatilityHaircutUp(varianceWad: bigint, zWad: bigint, horizonFor: bigint): bigint {
  // scaled before it is divided, so that σ is right to a wei however small it is
  const sigma = rootUp(mulDivUp(varianceWad * WAD, horizonFor, YEAR_FOR));
  return WAD - expWad(-mulDivUp(sigma, zWad, WAD));
}

/**
 * clamp(1 − (1 − h_vol)·(1 − h_peg), floor, cap), rounded up; the cap wins over the floor [ppm]. Throws `ArithmeticUnderflow` when a
 * haircut is above 1.
 */
export function targetPpm(
  volatilityHaircutWad: bigint,
  pegHaircutPpm: bigint,
  floorPpm: bigint,
  capPpm: bigint,
): bigint {
  const keptWad = mulDivDown(
    checkedSub(WAD, volatilityHaircutWad),
    checkedSub(PPM, pegHaircutPpm),
    PPM,
  );
  return clamp(mulDivUp(checkedSub(WAD, keptWad), PPM, WAD), floorPpm, capPpm);
}
