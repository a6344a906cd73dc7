import { expect } from "chai";
import { leastRepayments, type RepaymentProgram, type Route } from "../../sdk/leastRepayment.ts";

const WAD = 10n ** 18n;
const CENT = WAD / 100n;

/** One value is taken for one repaid. */
function route(source: number, debt: number, gainPercent: bigint): Route {
  return { source, debt, seizeWad: WAD, gainWad: gainPercent * CENT };
}

// one collateral can serve either debt well, the other only the first
const CROSSED: RepaymentProgram = {
  sources: [
    { collateral: 0, capacityValue: 100n * WAD },
    { collateral: 1, capacityValue: 100n * WAD },
  ],
  debtValues: [100n * WAD, 100n * WAD],
  routes: [route(0, 0, 50n), route(0, 1, 45n), route(1, 0, 40n), route(1, 1, 10n)],
  missingValue: 60n * WAD,
};

function dollarCents(values: readonly bigint[]): readonly bigint[] {
  return values.map((value) => (value + CENT / 2n) / CENT);
}

describe("leastRepayment", () => {
  it("repays where most is gained, and no more than is missing", () => {
    const repaid = leastRepayments({ ...CROSSED, missingValue: 25n * WAD });
    expect(dollarCents(repaid)).to.deep.equal([50_00n, 0n, 0n, 0n]);
  });

  it("takes back what a better repayment needs", () => {
    // 100 at 50 % gain 50. Each unit moved to the other debt loses 5 % and frees a unit at 40 %: 10 / 0.35 = 28.57
    const repaid = leastRepayments(CROSSED);
    expect(dollarCents(repaid)).to.deep.equal([71_43n, 28_57n, 28_57n, 0n]);
  });

  it("gains the most possible if the target is out of reach", () => {
    const repaid = leastRepayments({ ...CROSSED, missingValue: 1_000n * WAD });
    expect(dollarCents(repaid)).to.deep.equal([0n, 100_00n, 100_00n, 0n]); // 45 + 40 is more than 50 + 10
  });

  it("repays nothing when nothing is missing or nothing can be gained", () => {
    expect(leastRepayments({ ...CROSSED, missingValue: 0n })).to.deep.equal([0n, 0n, 0n, 0n]);
    expect(leastRepayments({ ...CROSSED, routes: [] })).to.deep.equal([]);
  });

  it("empties a source at the rate at which it is taken", () => {
    const dear = { ...route(0, 0, 50n), seizeWad: (5n * WAD) / 4n };
    const repaid = leastRepayments({ ...CROSSED, routes: [dear], missingValue: 1_000n * WAD });
    expect(dollarCents(repaid)).to.deep.equal([80_00n]); // 100 / 1.25
  });
});
