import { expect } from "chai";
import { walkPrice } from "../../scripts/start/priceWalk.ts";

const FIRST = 2_500_00000000n;
const TICK = 12;

describe("priceWalk", () => {
  it("is the same for the same seed, and another for another asset", () => {
    expect(walk(1, 0)).to.deep.equal(walk(1, 0));
    expect(walk(1, 0)).to.not.deep.equal(walk(1, 1));
    expect(walk(1, 0)).to.not.deep.equal(walk(2, 0));
  });

  it("stays where it is without volatility", () => {
    const still = walkPrice(FIRST, 0, TICK, 1, 0);
    expect([still.next(), still.next()]).to.deep.equal([FIRST, FIRST]);
  });

  it("moves as much as its volatility says", () => {
    const prices = [FIRST, ...walk(1, 0, 5_000)].map(Number);
    const returns = prices.slice(1).map((price, i) => Math.log(price / (prices[i] ?? price)));
    const variance = returns.reduce((sum, value) => sum + value ** 2, 0) / returns.length;
    const yearly = Math.sqrt((variance * 365 * 86_400) / TICK);
    expect(yearly).to.be.within(0.76, 0.84); // 80 % with a standard error of 1 % of it
  });

  it("never jumps by more than a tenth, nor to zero", () => {
    const wild = walkPrice(100n, 1_000, 3_600, 1, 0);
    let before = 100n;
    for (let tick = 0; tick < 1_000; tick += 1) {
      const after = wild.next();
      expect(after > 0n).to.equal(true);
      const distance = after > before ? after - before : before - after;
      expect(distance * 10n <= before + 10n).to.equal(true);
      before = after;
    }
  });
});

function walk(seed: number, stream: number, ticks = 20): readonly bigint[] {
  const price = walkPrice(FIRST, 0.8, TICK, seed, stream);
  return Array.from({ length: ticks }, () => price.next());
}
