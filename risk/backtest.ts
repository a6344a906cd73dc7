// How often a loss over a horizon was beyond the haircut in force at its beginning.
import { PPM } from "../sdk/mathLib.ts";
import type { Observation } from "./joinPrices.ts";

/** One horizon from `at` to `endsAt`, the first observation at or after `at` + T. */
export interface Horizon {
  readonly at: number; // [unix s]
  readonly endsAt: number; // [unix s]
  readonly lossPpm: bigint; // 1 − P(end)/P(begin), negative for a gain, rounded down [ppm]
  readonly haircutPpm: bigint; // in force at the beginning [ppm]
  readonly isBeyond: boolean; // whether the loss is more than the haircut, compared without rounding
}

export interface Backtest {
  readonly horizons: readonly Horizon[]; // non-overlapping, back to back from the first observation
  readonly skippedHorizons: number; // those whose end nobody observed in time
  readonly allStarts: { readonly observations: number; readonly exceedances: number }; // a horizon from every observation on
}

/**
 * Non-overlapping horizons, each from the end of the last one; and, beside them, horizons from every observation, which overlap
 * and are no sample for a test, but tell whether the first depends on where it begins. A horizon counts if its end was observed
 * at most a tenth of T late: across a longer gap a loss over T is not known. `haircutsPpm` has one entry per observation.
 */
export function backtest(
  observations: readonly Observation[],
  haircutsPpm: readonly bigint[],
  horizonFor: number,
): Backtest {
  const horizons: Horizon[] = [];
  const allStarts = { observations: 0, exceedances: 0 };
  let [skippedHorizons, next, end] = [0, 0, 0];
  for (const [index, begin] of observations.entries()) {
    while ((observations[end]?.at ?? Number.POSITIVE_INFINITY) < begin.at + horizonFor) end += 1;
    const last = observations[end];
    if (last === undefined) break;
    const isObserved = last.at - begin.at - horizonFor <= horizonFor / 10;
    const horizon = isObserved ? horizonOf(begin, last, haircutsPpm[index] ?? 0n) : undefined;
    if (horizon !== undefined) allStarts.observations += 1;
    if (horizon?.isBeyond) allStarts.exceedances += 1;
    if (index !== next) continue;
    if (horizon === undefined) skippedHorizons += 1;
    else horizons.push(horizon);
    next = end;
  }
  return { horizons, skippedHorizons, allStarts };
}

function horizonOf(begin: Observation, end: Observation, haircutPpm: bigint): Horizon {
  // value of the collateral in units of the obligation, both over one denominator
  const before = begin.collateralPrice * end.obligationPrice;
  const after = end.collateralPrice * begin.obligationPrice;
  return {
    at: begin.at,
    endsAt: end.at,
    lossPpm: floorDiv((before - after) * PPM, before),
    haircutPpm,
    isBeyond: after * PPM < before * (PPM - haircutPpm),
  };
}

function floorDiv(x: bigint, positive: bigint): bigint {
  const quotient = x / positive;
  return x < 0n && quotient * positive !== x ? quotient - 1n : quotient;
}
