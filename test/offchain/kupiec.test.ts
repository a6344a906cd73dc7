import { assert } from "chai";
import { erfc, kupiecP, likelihoodRatio, SIGNIFICANCE } from "../../risk/kupiec.ts";

/** 95 % quantile of χ² with one degree of freedom. */
const CRITICAL = 3.841_458_820_694_124;

describe("erfc", () => {
  it("agrees with tables", () => {
    const table: readonly (readonly [number, number])[] = [
      [0, 1],
      [0.5, 0.479_500_122_186_953_5],
      [1, 0.157_299_207_050_285_13],
      [1.9, 0.007_209_570_764_742_524],
      [2, 0.004_677_734_981_047_266],
      [3, 0.000_022_090_496_998_585_45],
      [5, 1.537_459_794_428_035e-12],
    ];
    for (const [z, value] of table) near(erfc(z) / value, 1, 1e-10, `erfc(${z})`);
  });

  it("gives the tail of χ² with one degree of freedom", () => {
    near(erfc(Math.sqrt(CRITICAL / 2)), 0.05, 1e-12);
    near(erfc(Math.sqrt(6.634_896_601_021_213 / 2)), 0.01, 1e-12);
  });
});

describe("likelihoodRatio", () => {
  it("is 3.91 for 20 exceedances in 252 days at 5 %, as published for J.P. Morgan in 1998", () => {
    near(likelihoodRatio(20, 252, 0.05), 3.91, 0.005); // Jorion, Value at Risk
  });

  it("has Kupiec's non-rejection regions at 95 %", () => {
    // Kupiec 1995: promised share, observations, least and most exceedances that are not rejected
    const regions: readonly (readonly [number, number, number, number])[] = [
      [0.01, 255, 1, 6], // published without a lower end: none at all is no evidence of anything
      [0.01, 510, 2, 10],
      [0.01, 1_000, 5, 16],
      [0.05, 255, 7, 20],
      [0.05, 510, 17, 35],
      [0.05, 1_000, 38, 64],
    ];
    for (const [promised, count, least, most] of regions) {
      const isRejected = (exceedances: number): boolean =>
        likelihoodRatio(exceedances, count, promised) > CRITICAL;
      assert.deepEqual([least, most].filter(isRejected), [], `${promised} of ${count}`);
      assert.isTrue(isRejected(most + 1), `${most + 1} of ${count}`);
      if (least > 1) assert.isTrue(isRejected(least - 1), `${least - 1} of ${count}`);
    }
  });

  it("is 0 at the promise, and finite when none or all are beyond", () => {
    near(likelihoodRatio(10, 1_000, 0.01), 0, 1e-9);
    near(likelihoodRatio(0, 100, 0.01), -200 * Math.log(0.99), 1e-9);
    near(likelihoodRatio(3, 3, 0.05), -6 * Math.log(0.05), 1e-9);
  });
});

describe("kupiecP", () => {
  it("is 1 at or below the promise", () => {
    for (const exceedances of [0, 4, 10]) assert.equal(kupiecP(exceedances, 1_000, 0.01), 1);
  });

  it("is half the tail of the likelihood ratio above it", () => {
    // LR = 2·(15·ln 1.5 + 985·ln(0.985/0.99)) = 2.18921…; the two-sided tail of χ²(1) is 0.13898
    near(kupiecP(15, 1_000, 0.01), 0.069_49, 0.000_05);
  });

  it("falls below its significance where the normal distribution has 5 % left", () => {
    // √LR passes 1.6449 between 15 and 16 of 1,000 at 1 %
    assert.isAbove(kupiecP(15, 1_000, 0.01), SIGNIFICANCE);
    assert.isBelow(kupiecP(16, 1_000, 0.01), SIGNIFICANCE);
  });

  it("falls with every further exceedance", () => {
    const values = Array.from({ length: 40 }, (_, index) => kupiecP(11 + index, 1_000, 0.01));
    for (const [index, value] of values.entries()) {
      if (index > 0) assert.isBelow(value, values[index - 1] ?? 0);
    }
  });
});

/** chai's own comparison takes whole numbers only once the matchers of Hardhat are loaded */
function near(found: number, expected: number, distance: number, message?: string): void {
  assert.isAtMost(Math.abs(found - expected), distance, message);
}
