// Kupiec's test of unconditional coverage (proportion of failures, 1995): are losses beyond a promise more frequent than promised?
//
// The tail of χ² with one degree of freedom is erfc(√(x/2)), ten lines in closed form. No library: the small ones know χ² as a table
// or to seven digits only, the full ones bring a package tree for this one number.

/** From here on a promise counts as broken: one-sided, 95 %. */
export const SIGNIFICANCE = 0.05;

/**
 * LR = −2·ln( (1−p)^(n−x)·p^x / ((1−x/n)^(n−x)·(x/n)^x) ) for x exceedances in n observations and a promised share p;
 * 0·ln 0 is 0. Distributed as χ² with one degree of freedom when the promise is exact.
 */
export function likelihoodRatio(
  exceedances: number,
  observations: number,
  promised: number,
): number {
  const others = observations - exceedances;
  const share = exceedances / observations;
  const gained = times(exceedances, share / promised) + times(others, (1 - share) / (1 - promised));
  return Math.max(0, 2 * gained); // rounding can leave a tiny negative number where share = promised
}

/**
 * One-sided p against "more than promised": the probability, if the promise is exact, of a signed root √LR at least as
 * large as this one, 1 − Φ(√LR) = ½·erfc(√(LR/2)). It is 1 when the share is at or below the promise: fewer losses than promised
 * are no evidence against it. Below `SIGNIFICANCE` the promise is not held.
 */
export function kupiecP(exceedances: number, observations: number, promised: number): number {
  if (exceedances <= promised * observations) return 1;
  return erfc(Math.sqrt(likelihoodRatio(exceedances, observations, promised) / 2)) / 2;
}

/** 2/√π·∫ e^(−t²) from z to ∞, z ≥ 0: Taylor series of erf below 2, continued fraction above; 12 digits or more of z < 5. */
export function erfc(z: number): number {
  const density = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 2) {
    let [term, sum] = [2 * z, 0];
    for (let n = 1; term > sum * 1e-17; n += 1) {
      sum += term;
      term *= (2 * z * z) / (2 * n + 1);
    }
    return 1 - density * sum;
  }
  let fraction = z;
  for (let n = 80; n > 0; n -= 1) fraction = z + n / 2 / fraction;
  return density / fraction;
}

function times(count: number, ratio: number): number {
  return count === 0 ? 0 : count * Math.log(ratio);
}
