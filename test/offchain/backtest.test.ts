import { assert } from "chai";
import { backtest } from "../../risk/backtest.ts";
import type { Observation } from "../../risk/joinPrices.ts";

const HOUR = 3_600;

/** Prices by hour against USD; a missing hour is a gap. */
function hourly(prices: readonly (number | undefined)[]): readonly Observation[] {
  return prices.flatMap((price, hour) =>
    price === undefined
      ? []
      : [{ at: 1_000 * HOUR + hour * HOUR, collateralPrice: BigInt(price), obligationPrice: 100n }],
  );
}

function constant(observations: readonly Observation[], ppm: bigint): readonly bigint[] {
  return observations.map(() => ppm);
}

describe("backtest", () => {
  it("counts losses beyond the haircut at the beginning, horizon after horizon", () => {
    // horizons of 2 h from hours 0, 2, 4: 100 → 90, 90 → 99, 99 → 80; hour 7 has no whole horizon any more
    const observations = hourly([100, 97, 90, 95, 99, 85, 80, 70]);
    const haircutsPpm = [100_000n, 0n, 50_000n, 0n, 190_000n, 0n, 0n, 0n];
    const { horizons, skippedHorizons } = backtest(observations, haircutsPpm, 2 * HOUR);
    assert.equal(skippedHorizons, 0);
    assert.deepEqual(
      horizons.map(({ lossPpm, haircutPpm, isBeyond }) => [lossPpm, haircutPpm, isBeyond]),
      [
        [100_000n, 100_000n, false], // exactly the haircut is not beyond it
        [-100_000n, 50_000n, false],
        [191_919n, 190_000n, true],
      ],
    );
    assert.deepEqual(
      horizons.map(({ at, endsAt }) => [at / HOUR - 1_000, endsAt / HOUR - 1_000]),
      [
        [0, 2],
        [2, 4],
        [4, 6],
      ],
    );
  });

  it("compares without rounding", () => {
    // 1 − 666,666/999,999 is 333,333.667 ppm: beyond 333,333 ppm, within 333,334
    const observations = hourly([999_999, 666_666]);
    const isBeyond = (ppm: bigint): boolean | undefined =>
      backtest(observations, constant(observations, ppm), HOUR).horizons[0]?.isBeyond;
    assert.isTrue(isBeyond(333_333n));
    assert.isFalse(isBeyond(333_334n));
  });

  it("measures a pair by its price ratio", () => {
    // both fall by a tenth: no loss. Then the obligation doubles: half is lost
    const observations: readonly Observation[] = [
      { at: 0, collateralPrice: 100n, obligationPrice: 1_000n },
      { at: 10, collateralPrice: 90n, obligationPrice: 900n },
      { at: 20, collateralPrice: 90n, obligationPrice: 1_800n },
    ];
    const { horizons } = backtest(observations, constant(observations, 499_999n), 10);
    assert.deepEqual(
      horizons.map(({ lossPpm, isBeyond }) => [lossPpm, isBeyond]),
      [
        [0n, false],
        [500_000n, true],
      ],
    );
  });

  it("leaves gaps as gaps: a horizon that ends in one is not counted, the next begins behind it", () => {
    const none = undefined;
    const prices = [100, 99, 98, none, none, none, none, none, none, 50, 49, 48, 47, 46, 45];
    const observations = hourly(prices);
    const { horizons, skippedHorizons } = backtest(
      observations,
      constant(observations, 0n),
      5 * HOUR,
    );
    assert.equal(skippedHorizons, 1); // from hour 0 to 5: the next price is 4 h late
    assert.deepEqual(
      horizons.map(({ at }) => at / HOUR - 1_000),
      [9],
    );
  });

  it("takes an end that is at most a tenth of the horizon late", () => {
    const late = (seconds: number): readonly Observation[] => [
      { at: 0, collateralPrice: 100n, obligationPrice: 1n },
      { at: 1_000 + seconds, collateralPrice: 90n, obligationPrice: 1n },
    ];
    assert.lengthOf(backtest(late(100), [0n, 0n], 1_000).horizons, 1);
    assert.lengthOf(backtest(late(101), [0n, 0n], 1_000).horizons, 0);
  });

  it("counts horizons from every observation apart from the sample", () => {
    // from hours 0 to 4 over 2 h: 100 → 98, 99 → 97, 98 → 60, 97 → 59, 60 → 58
    const observations = hourly([100, 99, 98, 97, 60, 59, 58]);
    const { horizons, allStarts } = backtest(
      observations,
      constant(observations, 30_000n),
      2 * HOUR,
    );
    assert.deepEqual(
      horizons.map(({ isBeyond }) => isBeyond),
      [false, true, true],
    );
    assert.deepEqual(allStarts, { observations: 5, exceedances: 3 });
  });

  it("finds no horizon in less data than one", () => {
    const observations = hourly([100, 99]);
    assert.lengthOf(backtest(observations, constant(observations, 0n), 2 * HOUR).horizons, 0);
    assert.lengthOf(backtest([], [], HOUR).horizons, 0);
  });
});
