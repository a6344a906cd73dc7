import { expect } from "chai";
import fc from "fast-check";
import {
  DecimalsOutOfRange,
  formatUnits,
  fromWad,
  NotDecimal,
  TooPrecise,
  toNumber,
  toUnits,
  toUnitsDown,
  toUnitsUp,
  toWad,
} from "../../sdk/units.ts";

describe("units", () => {
  it("reads decimals exactly", () => {
    expect(toWad("1.5")).to.equal(1_500_000_000_000_000_000n);
    expect(toWad("-0.000000000000000001")).to.equal(-1n);
    expect(toUnits("1250", 6)).to.equal(1_250_000_000n);
    expect(toUnits("1e-6", 6)).to.equal(1n);
    expect(toUnits("2.50", 1)).to.equal(25n);
    expect(toUnits(0.1, 18)).to.equal(100_000_000_000_000_000n);
    expect(toUnits(1e21, 0)).to.equal(10n ** 21n);
  });

  it("refuses what is no decimal, or finer than the unit", () => {
    for (const text of ["", "1,5", "abc", ".5", "5.", "0x10", "1e", "NaN"]) {
      expect(() => toWad(text), text).to.throw(NotDecimal);
    }
    expect(() => toWad(Number.POSITIVE_INFINITY)).to.throw(NotDecimal);
    expect(() => toUnits("0.0000001", 6)).to.throw(TooPrecise);
    expect(() => toUnits("1", -1)).to.throw(DecimalsOutOfRange);
    expect(() => formatUnits(1n, 1.5)).to.throw(DecimalsOutOfRange);
  });

  it("rounds only by name, down towards minus infinity and up towards plus infinity", () => {
    expect(toUnitsDown("1.239", 2)).to.equal(123n);
    expect(toUnitsUp("1.231", 2)).to.equal(124n);
    expect(toUnitsDown("-1.231", 2)).to.equal(-124n);
    expect(toUnitsUp("-1.239", 2)).to.equal(-123n);
    expect(toUnitsUp("1.23", 2)).to.equal(123n);
  });

  it("writes decimals without needless zeros", () => {
    expect(fromWad(1_500_000_000_000_000_000n)).to.equal("1.5");
    expect(fromWad(10n ** 18n)).to.equal("1");
    expect(formatUnits(-1n, 6)).to.equal("-0.000001");
    expect(formatUnits(7n, 0)).to.equal("7");
    expect(formatUnits(0n, 18)).to.equal("0");
    expect(toNumber(1_234_500n, 6)).to.equal(1.2345);
  });

  it("reads what it writes", () => {
    const units = fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n });
    const decimals = fc.integer({ min: 0, max: 36 });
    fc.assert(
      fc.property(units, decimals, (number, places) => {
        expect(toUnits(formatUnits(number, places), places)).to.equal(number);
      }),
      { seed: 20_200_312 },
    );
  });
});
