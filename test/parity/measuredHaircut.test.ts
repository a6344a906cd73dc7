import fc from "fast-check";
import * as fixedPoint from "../../sdk/fixedPoint.ts";
import * as measuredHaircut from "../../sdk/measuredHaircut.ts";
import * as variance from "../../sdk/variance.ts";
import { anyPpm, between, ppm, uint, upTo } from "./arbitraries.ts";
import { sameOn } from "./compare.ts";

const WAD = 10n ** 18n;
/** Where solady's exponential turns to 0, and where it ends. */
const EXP_LEAST = -41_446_531_673_892_822_313n;
const EXP_END = 135_305_999_368_893_231_589n;
const INT256_MIN = -(2n ** 255n);

describe("parity: measured haircuts", () => {
  const same = sameOn("HaircutHarness");

  const exponent = fc.oneof(
    { weight: 6, arbitrary: upTo(-EXP_LEAST).map((size) => -size) },
    { weight: 3, arbitrary: upTo(EXP_END - 1n) },
    { weight: 1, arbitrary: fc.constantFrom(EXP_LEAST, EXP_LEAST - 1n, EXP_END, INT256_MIN) },
  );
  const anyInteger = fc.oneof(
    { weight: 8, arbitrary: between(1n, 2n ** 255n - 1n) },
    { weight: 2, arbitrary: around(2n ** 96n, WAD, 2n ** 128n, 2n ** 255n - 3n) },
    { weight: 1, arbitrary: fc.constantFrom(0n, -1n, INT256_MIN) },
  );
  same("fixedPoint", "expWad", fc.tuple(exponent), fixedPoint.expWad);
  same("fixedPoint", "lnWad", fc.tuple(anyInteger), fixedPoint.lnWad);
  same("fixedPoint", "sqrt", fc.tuple(aroundSquares(uint, 2n ** 128n - 1n)), fixedPoint.sqrt);

  const price = between(1n, 2n ** 128n - 1n);
  const changedPpm = between(900_000n, 1_100_000n);
  const prices = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(price, price) },
    // as two rounds of a feed
    {
      weight: 4,
      arbitrary: fc
        .tuple(price, changedPpm)
        .map(([before, changed]): [bigint, bigint] => [before, (before * changed) / 1_000_000n]),
    },
    // beyond the domain both fail, or both answer
    { weight: 1, arbitrary: fc.tuple(uint, uint) },
  );
  same("variance", "logReturnWad", prices, variance.logReturnWad);
  same(
    "variance",
    "logWad",
    prices.map(([price]) => [price] as [bigint]),
    variance.logWad,
  );

  const anyVariance = fc.oneof(
    { weight: 3, arbitrary: upTo(variance.VARIANCE_MOST_WAD) },
    { weight: 1, arbitrary: upTo(2n ** 128n - 1n) },
    { weight: 1, arbitrary: around(variance.VARIANCE_MOST_WAD) },
  );
  // the most that two logarithms may differ by, and a pair twice as much
  const anyReturn = between(-(2n ** 68n), 2n ** 68n);
  const smallReturn = between(-(10n ** 16n), 10n ** 16n);
  const elapsed = fc.oneof(
    { weight: 9, arbitrary: between(1n, 2n ** 40n - 1n) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n) },
  );
  const timeConstant = fc.oneof(
    { weight: 4, arbitrary: fc.constant(variance.TIME_CONSTANT_WAD) },
    { weight: 2, arbitrary: upTo(2n ** 128n - 1n) },
  );
  const step = fc.tuple(
    anyVariance,
    fc.oneof(anyReturn, smallReturn),
    fc.oneof(elapsed, between(1n, 100_000n)),
    timeConstant,
  );
  same("variance", "nextWad", step, variance.nextWad);
  same("variance", "untrackedPairUp", fc.tuple(anyVariance, anyVariance), variance.untrackedPairUp);
  same("variance", "sqrtUp", fc.tuple(upTo(2n ** 196n - 1n)), variance.sqrtUp);
  same("variance", "rootUp", fc.tuple(aroundSquares(uint, 2n ** 128n - 1n)), variance.rootUp);

  const share = fc.oneof(upTo(WAD), fc.constantFrom(WAD, WAD + 1n));
  same(
    "measuredHaircut",
    "effectiveVarianceUp",
    fc.tuple(anyVariance, anyVariance, anyVariance, share),
    measuredHaircut.effectiveVarianceUp,
  );
  const z = fc.oneof(
    fc.constantFrom(measuredHaircut.Z_INITIAL_WAD, measuredHaircut.Z_MAINTENANCE_WAD),
    upTo(2n ** 64n - 1n),
  );
  const horizon = fc.oneof(upTo(30n * 86_400n), upTo(2n ** 40n - 1n));
  same(
    "measuredHaircut",
    "volatilityHaircutUp",
    fc.tuple(anyVariance, z, horizon),
    measuredHaircut.volatilityHaircutUp,
  );
  const haircut = fc.oneof(upTo(WAD), upTo(WAD + 1n));
  same(
    "measuredHaircut",
    "targetPpm",
    fc.tuple(haircut, anyPpm, ppm, ppm),
    measuredHaircut.targetPpm,
  );
});

/** A little to both sides of one of the numbers. */
function around(...numbers: readonly bigint[]): fc.Arbitrary<bigint> {
  return fc
    .tuple(fc.constantFrom(...numbers), fc.bigInt({ min: -2n, max: 2n }))
    .map(([number, distance]) => number + distance);
}

/** Any number, and the neighbours of squares, where a root may slip by one. */
function aroundSquares(number: fc.Arbitrary<bigint>, rootMost: bigint): fc.Arbitrary<bigint> {
  const neighbours = fc
    .tuple(between(1n, rootMost), fc.constantFrom(-1n, 0n, 1n))
    .map(([root, distance]) => root * root + distance);
  return fc.oneof(number, neighbours);
}
