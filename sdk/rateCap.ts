// How fast an exchange rate may grow in what it counts. A line starts at the rate of the day when the leg is set and rises
// by the same amount every day; what counts is the lower of rate and line. Looks lower the line to a week's growth above
// the highest rate that counted, never raise it. Rates are whole underlying tokens per whole token [wad].
import { min, mulDivDown, PPM, UINT128_MAX } from "./mathLib.ts";

/** Growth of so long may come at once: many rates grow in steps [s]. */
export const STEP_FOR = 604_800n;

const DAY = 86_400n;

/** answer · 10^(18 − decimals); an answer above 2^128 − 1 is clipped, so that none overflows */
export function toWad(answer: bigint, decimals: bigint): bigint {
  return min(answer, UINT128_MAX) * 10n ** (18n - decimals);
}

/** rate · ppm / 1e6, rounded down [wad per day] */
export function growthDown(rateWad: bigint, growthPpm: bigint): bigint {
  return mulDivDown(rateWad, growthPpm, PPM);
}

/** line + growth · Δ / day, rounded down */
export function allowedDown(lineWad: bigint, growthWadPerDay: bigint, elapsedFor: bigint): bigint {
  return lineWad + mulDivDown(growthWadPerDay, elapsedFor, DAY);
}

/** min(allowed, highest + growth · 7 days): the line after a look; `highestWad` is the highest rate that counted */
export function lineAfter(allowedWad: bigint, highestWad: bigint, growthWadPerDay: bigint): bigint {
  return min(allowedWad, allowedDown(highestWad, growthWadPerDay, STEP_FOR));
}
