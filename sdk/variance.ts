// Annualised variance of log returns, exponentially weighted over irregular times (RiskMetrics). Prices and variances are below
// 2^128, times below 2^40 s. Products are rounded up, against who borrows; exp and ln are right to a wei or two, either way.
import { expWad, lnWad, sqrt } from "./fixedPoint.ts";
import { checkedSub, min, mulDivUp, WAD } from "./mathLib.ts";

/** [s] */
export const YEAR_FOR = 365n * 86_400n;
/** τ of 16.1615 days: a weight of 0.94 after a day [s, wad]. */
export const TIME_CONSTANT_WAD = 1_396_353_600_000_000_000_000_000n;
/** Nothing varies more than a hundredfold a year; what is stored stays below it [wad]. */
export const VARIANCE_MOST_WAD = 10n ** 22n;

/** ln(after / before), within 2 wei; both at least 1 and below 2^128 [wad]. Throws `OutsideDomain`. */
export function logReturnWad(before: bigint, afterwards: bigint): bigint {
  return logWad(afterwards) - logWad(before);
}

/** ln(x), within 2 wei; x at least 1 [wad]. Throws `OutsideDomain`. */
export function logWad(x: bigint): bigint {
  return lnWad(x * WAD);
}

/**
 * λ·v + (1 − λ)·r²·YEAR/Δ with λ = exp(−Δ/τ), products rounded up, at most `VARIANCE_MOST_WAD` [wad]. λ is within 1.1 wei: that
 * moves the result by up to 1.1e-18·|v − r²·YEAR/Δ|. Throws `RangeError` when Δ or τ is 0.
 *
 * @param varianceWad v, also above the most [wad]
 * @param returnWad r, of either sign, or the difference of two: |r| below 2^68 [wad]
 * @param elapsedFor Δ, at least 1 s
 * @param timeConstantWad τ, above 0 and below 2^128 [s, wad]
 */
export function nextWad(
  varianceWad: bigint,
  returnWad: bigint,
  elapsedFor: bigint,
  timeConstantWad: bigint,
): bigint {
  const keptWad = expWad(-((elapsedFor * WAD * WAD) / timeConstantWad));
  const momentWad = mulDivUp(returnWad * returnWad, YEAR_FOR, elapsedFor * WAD);
  const next =
    mulDivUp(varianceWad, keptWad, WAD) + mulDivUp(momentWad, checkedSub(WAD, keptWad), WAD);
  return min(next, VARIANCE_MOST_WAD);
}

/**
 * (√v_c + √v_o)²: the variance of a pair whose common returns are not measured, as if the worst correlation held, rounded up; up
 * to four times the larger [wad]
 */
export function untrackedPairUp(collateralWad: bigint, obligationWad: bigint): bigint {
  const sigma = sqrtUp(collateralWad) + sqrtUp(obligationWad);
  return mulDivUp(sigma, sigma, WAD);
}

/** √x, rounded up; x below 2^196 [wad]. Throws `OutsideDomain` below 0. */
export function sqrtUp(wad: bigint): bigint {
  return rootUp(wad * WAD);
}

/** √x of a number without scale, rounded up. Throws `OutsideDomain` below 0. */
export function rootUp(square: bigint): bigint {
  const root = sqrt(square);
  return root * root < square ? root + 1n : root;
}
