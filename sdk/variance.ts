// Annualised variance of log returns, exponentially weighted over irregular times (RiskMetrics). Variances are rounded up:
// against who borrows.
import { expWad, lnWad, sqrt } from "./fixedPoint.ts";
import { checkedSub, min, mulDivUp, UINT128_MAX, WAD } from "./mathLib.ts";

/** [s] */
export const YEAR_FOR = 365n * 86_400n;
/** τ of 16.1615 days: a weight of 0.94 after a day [s, wad]. */
export const TIME_CONSTANT_WAD = 1_396_353_600_000_000_000_000_000n;
/** Nothing varies more than a hundredfold a year [wad]. */
export const VARIANCE_MOST_WAD = 10n ** 22n;

/** ln(after / before), rounded to nearest; both positive [wad]. Throws `OutsideDomain`. */
export function logReturnWad(before: bigint, afterwards: bigint): bigint {
  return lnWad(afterwards * WAD) - lnWad(before * WAD);
}

/** λ·v + (1 − λ)·r²·YEAR/Δ with λ = exp(−Δ/τ), rounded up, at most `VARIANCE_MOST_WAD`; Δ at least 1 s [wad] */
export function nextWad(
  varianceWad: bigint,
  returnWad: bigint,
  elapsedFor: bigint,
  timeConstantWad: bigint,
): bigint {
  const keptWad = expWad(-((elapsedFor * WAD * WAD) / timeConstantWad));
  const momentWad = min(mulDivUp(returnWad * returnWad, YEAR_FOR, elapsedFor * WAD), UINT128_MAX);
  const next =
    mulDivUp(varianceWad, keptWad, WAD) + mulDivUp(momentWad, checkedSub(WAD, keptWad), WAD);
  return min(next, VARIANCE_MOST_WAD);
}

/** (√v_c + √v_o)²: the variance of a pair whose common returns are not measured, as if the worst correlation held, rounded up [wad] */
export function untrackedPairUp(collateralWad: bigint, obligationWad: bigint): bigint {
  const sigma = sqrtUp(collateralWad) + sqrtUp(obligationWad);
  return mulDivUp(sigma, sigma, WAD);
}

/** √x, rounded up [wad] */
export function sqrtUp(wad: bigint): bigint {
  const square = wad * WAD;
  const root = sqrt(square);
  return root * root < square ? root + 1n : root;
}
