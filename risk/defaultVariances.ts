// Stress and floor variance where the command line gives none. They come from prices up to 2019 (tokens) and of May 2022 (pegs),
// and were fixed before any backtest was run: docs/backtest.md.
import { toWad } from "../sdk/units.ts";

/** Annual variances that keep a measured one from being believed too small. */
export interface DefaultVariances {
  readonly stressWad: bigint; // 95 % quantile of the calibration window [wad a year]
  readonly floorWad: bigint; // 5 % quantile of it [wad a year]
}

const OF_TOKENS: Readonly<Record<string, DefaultVariances>> = {
  WETH: { stressWad: toWad("4.2"), floorWad: toWad("0.37") },
  STETH: { stressWad: toWad("4.2"), floorWad: toWad("0.37") },
  WBTC: { stressWad: toWad("3.3"), floorWad: toWad("0.18") },
  LINK: { stressWad: toWad("5.9"), floorWad: toWad("0.82") },
};

const OF_PEGS: DefaultVariances = { stressWad: toWad("0.058"), floorWad: toWad("0.002") };

/** Whether a pair aims at a constant price: dollars against dollars, staked ether against ether. */
export function isPegged(collateral: string, obligation: string): boolean {
  if (isToken(collateral) && isToken(obligation)) {
    return [collateral, obligation].every((name) => name === "WETH" || name === "STETH");
  }
  return !isToken(collateral) && !isToken(obligation);
}

/** Of a collateral against an obligation: those of the riskier side, or those of pegs. */
export function defaultVariances(collateral: string, obligation: string): DefaultVariances {
  if (isPegged(collateral, obligation)) return OF_PEGS;
  const [own, other] = [ownVariances(collateral), ownVariances(obligation)];
  return own.stressWad >= other.stressWad ? own : other;
}

/** Of one asset against USD. */
export function ownVariances(asset: string): DefaultVariances {
  return OF_TOKENS[asset] ?? OF_PEGS;
}

/** Stablecoins and USD itself are not. */
function isToken(asset: string): boolean {
  return OF_TOKENS[asset] !== undefined;
}
