// Kinked interest: utilisation → yearly rate → growth of the debt index.
import { checkedSub, min, mulDivUp, WAD } from "./mathLib.ts";

/** [s] */
export const YEAR = 365n * 86_400n;
/** The index of a new pool; one index unit is a part in 1e12. */
export const INDEX_ONE = 10n ** 12n;
/** Where the index stops: interest ends there, repayment never does. */
export const INDEX_MAX = 2n ** 56n - 1n;
/** Exponents above 64 e-folds are far beyond INDEX_MAX. */
const EXPONENT_MAX_WAD = 64n * WAD;

/** Parameters of the kinked curve [bps]. */
export interface Curve {
  readonly baseBps: bigint;
  readonly kinkBps: bigint;
  readonly slopeBelowBps: bigint;
  readonly slopeAboveBps: bigint;
}

/** debt / (cash + debt), rounded up, 0 when both are 0 [wad] */
export function utilisationUp(cash: bigint, debt: bigint): bigint {
  return debt === 0n ? 0n : mulDivUp(debt, WAD, cash + debt);
}

/** base + slopeBelow · min(u, kink) / kink + slopeAbove · (u − kink) / (1 − kink), rounded up [wad a year] */
export function yearlyRateUp(utilisationWad: bigint, curve: Curve): bigint {
  const kinkWad = curve.kinkBps * 10n ** 14n;
  const base = curve.baseBps * 10n ** 14n;
  const below = curve.slopeBelowBps * 10n ** 14n;
  if (utilisationWad <= kinkWad) return base + mulDivUp(below, utilisationWad, kinkWad);
  const above = mulDivUp(
    curve.slopeAboveBps * 10n ** 14n,
    utilisationWad - kinkWad,
    checkedSub(WAD, kinkWad),
  );
  return base + below + above;
}

/** index · (1 + x + x²/2 + x³/6) with x = rate · Δt / YEAR, rounded up, at most INDEX_MAX */
export function indexAfterUp(index: bigint, yearlyRateWad: bigint, elapsedFor: bigint): bigint {
  const x = min(mulDivUp(yearlyRateWad, elapsedFor, YEAR), EXPONENT_MAX_WAD);
  const second = mulDivUp(x, x, 2n * WAD);
  const third = mulDivUp(second, x, 3n * WAD);
  return min(index + mulDivUp(index, x + second + third, WAD), INDEX_MAX);
}
