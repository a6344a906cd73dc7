// A slow average of a price: after a time Δ it moves by the share Δ / (Δ + T) of the distance to spot, at most a quarter
// at once, so that one observation at a chosen moment cannot carry it.
import { mulDivDown } from "./mathLib.ts";

/** T: time constant [s]. */
export const TIME_CONSTANT_FOR = 1_800n;

/** slow + (spot − slow) · min(Δ / (Δ + T), 1/4), rounded towards slow */
export function next(slow: bigint, spot: bigint, elapsedFor: bigint): bigint {
  // Δ / (Δ + T) ≥ 1/4  ⇔  3Δ ≥ T
  const capped = elapsedFor * 3n >= TIME_CONSTANT_FOR;
  const numerator = capped ? 1n : elapsedFor;
  const denominator = capped ? 4n : elapsedFor + TIME_CONSTANT_FOR;
  if (spot >= slow) return slow + mulDivDown(spot - slow, numerator, denominator);
  return slow - mulDivDown(slow - spot, numerator, denominator);
}
