import { expect } from "chai";
import { complaintAbout, type Tolerance, toExact } from "../../scripts/vectors/compare.ts";
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
});
