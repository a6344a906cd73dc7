// From a variance to a haircut: the loss over a liquidation horizon that is exceeded with a small, stated probability.
import { expWad } from "./fixedPoint.ts";
import { checkedSub, clamp, max, mulDivDown, mulDivUp, PPM, WAD } from "./mathLib.ts";
import { sqrtUp, YEAR_FOR } from "./variance.ts";

/** z of the initial haircut: exceeded in 1 % of the horizons, if returns are normal [wad]. */
export const Z_INITIAL_WAD = 2_326_000_000_000_000_000n;
/** z of the maintenance haircut: exceeded in 5 % of them [wad]. */
export const Z_MAINTENANCE_WAD = 1_645_000_000_000_000_000n;
/** θ: weight of the stress variance [wad]. */
export const STRESS_SHARE_WAD = 250_000_000_000_000_000n;

/** max(floor, (1 − θ)·v + θ·stress), rounded up [wad] */
export function effectiveVarianceUp(
  varianceWad: bigint,
  floorWad: bigint,
  stressWad: bigint,
  stressShareWad: bigint,
): bigint {
  const mixed = varianceWad * checkedSub(WAD, stressShareWad) + stressWad * stressShareWad;
  return max(floorWad, mulDivUp(mixed, 1n, WAD));
}

/** 1 − exp(−z·√(v·T/YEAR)), rounded up [wad] */
export function volatilityHaircutUp(varianceWad: bigint, zWad: bigint, horizonFor: bigint): bigint {
  const sigma = sqrtUp(mulDivUp(varianceWad, horizonFor, YEAR_FOR));
  return WAD - expWad(-mulDivUp(sigma, zWad, WAD));
}

/** clamp(1 − (1 − h_vol)·(1 − h_peg), floor, cap), rounded up [ppm] */
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
