import { expect } from "chai";
import {
  complaintAbout,
  type Expectation,
  type Tolerance,
  toExact,
} from "../../scripts/vectors/compare.ts";
import { VECTOR_CHECKS } from "../../scripts/vectors/checks.ts";
import { sdkMaths } from "../../scripts/vectors/maths.ts";
import { TooPrecise } from "../../sdk/units.ts";

const EXPECTED = "1.0000000000000000005"; // between two wei

function complaint(found: bigint, tolerance: Tolerance): string | undefined {
  return complaintAbout({ what: "credit", found, expected: EXPECTED, ...tolerance });
}

describe("vectors", () => {
  it("allows a few wei in the stated direction only", () => {
    const one = 10n ** 18n;
    expect(complaint(one, { rounded: "down", wei: 1n })).to.equal(undefined);
    expect(complaint(one + 1n, { rounded: "down", wei: 1n })).to.be.a("string");
    expect(complaint(one - 1n, { rounded: "down", wei: 1n })).to.be.a("string");
    expect(complaint(one + 1n, { rounded: "up", wei: 1n })).to.equal(undefined);
    expect(complaint(one, { rounded: "up", wei: 1n })).to.be.a("string");
    expect(complaint(one, { rounded: "nearest", wei: 1n })).to.equal(undefined);
    expect(complaint(one + 2n, { rounded: "nearest", wei: 1n })).to.equal(
      "credit: 1.000000000000000002 found, 1.0000000000000000005 expected, at most 1 wei away",
    );
  });

  it("reads inputs exactly or not at all", () => {
    expect(toExact("0.10", 6)).to.equal(100_000n);
    expect(toExact("0.2000000000000000000000", 6)).to.equal(200_000n);
    expect(() => toExact("0.1234567", 6)).to.throw(TooPrecise);
  });

  it("refuses a known file of another shape", () => {
    const read = (name: string, content: unknown) => VECTOR_CHECKS[name]?.read(content);
    const size = { value: "1", depth: "1", haircut: "0.1", credit: "0.9" };
    expect(() => read("size", { about: "", cases: [size] })).not.to.throw();
    expect(() => read("size", { about: "", cases: [] })).to.throw();
    expect(() => read("size", { about: "", cases: [{ ...size, value: "1,0" }] })).to.throw();
    expect(() => read("size", { about: "", cases: [{ ...size, value: 1.5 }] })).to.throw();
    expect(() => read("size", { about: "", cases: [{ ...size, more: "1" }] })).to.throw();
    const lopsided = { loss: 5, layers: [1, 2], borne: [1] };
    expect(() => read("waterfall", { about: "", cases: [lopsided] })).to.throw();
  });

  it("finds a wrong number", async () => {
    const size = { value: "200", depth: "1000", haircut: "0.15", credit: "170.1" };
    const [only] = VECTOR_CHECKS.size?.read({ about: "", cases: [size] }) ?? [];
    const expectations = await only?.check(sdkMaths);
    expect(expectations?.map(complaintAbout)).to.deep.equal([
      "credit: 170 found, 170.1 expected, at most 1 wei down",
    ]);
  });

  it("refuses walks whose lists do not fit", () => {
    const read = (name: string, content: unknown) => VECTOR_CHECKS[name]?.read(content);
    expect(() => read("ewma", { about: "", cases: [WALK] })).not.to.throw();
    expect(() => read("ewma", { about: "", cases: [{ ...WALK, prices: [1] }] })).to.throw();
    expect(() => read("ewma", { about: "", cases: [{ ...WALK, annualVariance: [] }] })).to.throw();
    const { prices, annualVariance, ...terms } = WALK;
    const pair = {
      ...terms,
      collateral: prices,
      obligation: prices,
      annualPairVariance: annualVariance,
    };
    expect(() => read("pair", { about: "", cases: [pair] })).not.to.throw();
    expect(() => read("pair", { about: "", cases: [{ ...pair, obligation: [1] }] })).to.throw();
  });

  it("gives a variance the room that its own numbers need, and no more", async () => {
    const [calm, wild] = await variancesOf({
      ...WALK,
      prices: ["1000", "1000", "900"],
      spacingSeconds: ["3600", "3600"],
      annualVariance: ["0.638352113297527818785", "0.887"],
    });
    expect(calm?.wei).to.equal(4n); // 1.1 · 0.64 + 3
    // r = 0.105, r²·YEAR/Δ = 97.2: 1.1 · 96.6 + 8 · 0.105 · 22.6 + 3 = 128.3, and 3.7 of the round before
    expect(wild?.wei).to.equal(133n);
  });

  it("finds a variance that is five wei off", async () => {
    const found = async (variance: string) =>
      (await variancesOf({ ...WALK, annualVariance: [variance] })).map(complaintAbout)[0];
    expect(await found("0.638352113297527818785")).to.equal(undefined);
    expect(await found("0.638352113297527823785")).to.be.a("string");
    expect(await found("0.638352113297527813785")).to.be.a("string");
  });

  it("finds a haircut that is too low, or six wei too high", async () => {
    const haircut = {
      variance: "0.64",
      floorVariance: "0",
      stressVariance: "0.64",
      theta: "0.25",
      z: "2.326",
      horizonSeconds: "432000",
    };
    const found = async (expected: string) => {
      const cases = [{ ...haircut, haircut: expected }];
      const [only] = VECTOR_CHECKS.haircut?.read({ about: "", cases }) ?? [];
      return (await only?.check(sdkMaths))?.map(complaintAbout)[0];
    };
    expect(await found("0.195705808336394864864")).to.equal(undefined);
    expect(await found("0.195705808336394870864")).to.be.a("string");
    expect(await found("0.195705808336394858864")).to.be.a("string");
  });
});

/** One hour without a move; by 50 digits. */
const WALK = {
  prices: ["1", "1"],
  spacingSeconds: ["3600"],
  tauDays: "16.1615",
  v0: "0.64",
  annualVariance: ["0.638352113297527818785"],
};

async function variancesOf(one: typeof WALK): Promise<readonly Expectation[]> {
  const [only] = VECTOR_CHECKS.ewma?.read({ about: "", cases: [one] }) ?? [];
  return (await only?.check(sdkMaths)) ?? [];
}
