import { z } from "zod";
import { decimal, type Expectation, toExact } from "./compare.ts";
import type { Maths } from "./maths.ts";

const DAY_FOR = 86_400;
const YEAR_FOR = 365 * DAY_FOR;

/** What every case has besides its prices. */
const terms = {
  spacingSeconds: z.array(decimal).min(1),
  tauDays: decimal,
  v0: decimal,
};

const ewmaShape = z
  .strictObject({ ...terms, prices: z.array(decimal), annualVariance: z.array(decimal) })
  .refine((one) => fits(one, [one.prices], one.annualVariance), {
    message: "there must be as many variances as spacings, and one price more",
  });

const pairShape = z
  .strictObject({
    ...terms,
    collateral: z.array(decimal),
    obligation: z.array(decimal),
    annualPairVariance: z.array(decimal),
  })
  .refine((one) => fits(one, [one.collateral, one.obligation], one.annualPairVariance), {
    message: "there must be as many variances as spacings, and one price more of each",
  });

interface Terms {
  readonly spacingSeconds: readonly string[];
  readonly tauDays: string;
  readonly v0: string;
}

type Prices = readonly string[];

function fits(one: Terms, prices: readonly Prices[], variances: readonly string[]): boolean {
  const rounds = one.spacingSeconds.length;
  return variances.length === rounds && prices.every((list) => list.length === rounds + 1);
}

function checkEwma(maths: Maths, one: z.infer<typeof ewmaShape>): Promise<readonly Expectation[]> {
  return walk(maths, one, [one.prices], one.annualVariance);
}

function checkPair(maths: Maths, one: z.infer<typeof pairShape>): Promise<readonly Expectation[]> {
  return walk(maths, one, [one.collateral, one.obligation], one.annualPairVariance);
}

/** the variance after each round, from the one found before; of a second list of prices the return is taken off */
async function walk(
  maths: Maths,
  { spacingSeconds, tauDays, v0 }: Terms,
  [prices = [], against]: readonly Prices[],
  expected: readonly string[],
): Promise<readonly Expectation[]> {
  const timeConstantWad = toExact(tauDays) * BigInt(DAY_FOR);
  const expectations: Expectation[] = [];
  let found = toExact(v0);
  let wei = 0;
  for (const [place, spacing] of spacingSeconds.entries()) {
    const other = against === undefined ? 0n : await returnWad(maths, against, place);
    const moved = (await returnWad(maths, prices, place)) - other;
    found = await maths.nextWad(found, moved, toExact(spacing, 0), timeConstantWad);
    const exactReturn = logReturn(prices, place) - logReturn(against, place);
    const before = Number(expected[place - 1] ?? v0);
    wei += leewayWei(exactReturn, before, Number(spacing), Number(tauDays) * DAY_FOR);
    expectations.push({
      what: `variance ${place}`,
      found,
      expected: expected[place] ?? "0",
      rounded: "nearest",
      wei: BigInt(Math.ceil(wei)),
    });
  }
  return expectations;
}

/** as the implementation finds it */
function returnWad(maths: Maths, prices: Prices, place: number): Promise<bigint> {
  return maths.logReturnWad(toExact(prices[place] ?? "0"), toExact(prices[place + 1] ?? "0"));
}

/** from the file alone; 0 without prices */
function logReturn(prices: Prices | undefined, place: number): number {
  if (prices === undefined) return 0;
  return Math.log(Number(prices[place + 1]) / Number(prices[place]));
}

/**
 * How far one round may be off, from the numbers of the file: with m = r²·YEAR/Δ, λ is within 1.1 wei, which moves the result by
 * that times |v − m|; r is within 4 wei, two for each logarithm, which moves (1 − λ)·m by at most 8·|r|·YEAR/τ; and three products
 * are rounded. What was off before counts at most once.
 */
function leewayWei(r: number, before: number, elapsedFor: number, timeConstantFor: number): number {
  const moment = (r * r * YEAR_FOR) / elapsedFor;
  return 1.1 * Math.abs(before - moment) + (8 * Math.abs(r) * YEAR_FOR) / timeConstantFor + 3;
}

/** The variance of one price. */
export const ewma = { shape: ewmaShape, check: checkEwma };
/** The variance of a collateral's price against an obligation's. */
export const pair = { shape: pairShape, check: checkPair };
