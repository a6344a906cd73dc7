import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { chooseLocal, readLocal } from "../../scripts/localParameters.ts";
import { seeded, seedsFrom } from "../../scripts/demo/seed.ts";
import { type PriceFile, readPriceFile } from "../../sdk/priceFile.ts";
import { logReturnWad, nextWad, TIME_CONSTANT_WAD } from "../../sdk/variance.ts";

const WAD = 10n ** 18n;
const HOURLY = path.join(import.meta.dirname, "../../risk/prices/hourly");
const STRESS = new Map([
  ["WETH", 42n * 10n ** 17n],
  ["STETH", 42n * 10n ** 17n],
]);

function fileOf(rows: readonly (readonly [number, bigint | undefined])[]): PriceFile {
  return {
    name: "history.csv",
    unix: rows.map(([at]) => at),
    prices: new Map([["WETH", rows.map(([, price]) => price)]]),
    extras: new Map(),
    collaterals: ["WETH"],
    stablecoins: [],
    medianSpacing: 3_600,
    gaps: [],
  };
}

describe("where measured haircuts begin in a replay", () => {
  it("is the variance of the rows before it, over gaps, from stress on", () => {
    const history = fileOf([
      [3_600, 100n],
      [7_200, undefined],
      [10_800, 110n],
      [14_400, 50n],
    ]);
    const seeds = seedsFrom([history], 14_400, STRESS);
    const by = logReturnWad(100n, 110n);
    const expected = nextWad(42n * 10n ** 17n, by, 7_200n, TIME_CONSTANT_WAD);
    expect(seeds.get("WETH")).to.equal(expected);
    expect(seeds.get("STETH"), "as ether").to.equal(expected);
    expect(seedsFrom([history], 3_600, STRESS).size, "no row before").to.equal(0);
  });

  it("forgets stress over a year, and finds the calm of early 2020", async () => {
    const history = await readPriceFile(path.join(HOURLY, "2019-1h.csv"), readFile);
    const until = Date.UTC(2020, 0, 1) / 1000;
    const [low, high] = [WAD, 100n * WAD].map((stress) =>
      seedsFrom([history], until, new Map([["WETH", stress]])).get("WETH"),
    );
    expect(Number(((high ?? 0n) - (low ?? 0n)) / 10n ** 9n)).to.be.within(0, 100);
    expect(Number((low ?? 0n) / 10n ** 14n)).to.be.within(1_000, 10_000); // 0.1 to 1
  });

  it("gives targets that a refresh confirms: within bounds, maintenance at or below initial", () => {
    const params = chooseLocal(readLocal(), { assets: ["WETH"], haircuts: "measured" });
    const at = (varianceWad: bigint) =>
      seeded(params, new Map([["WETH", varianceWad]])).pairs.find(({ asset }) => asset === "WETH");
    // by hand: 0.75 · 0.6 + 0.25 · 4.2 = 1.5, σ = 1.2247; 1 − exp(−2.326 · 1.2247 · √(5/365)) = 28.36 %,
    // 1 − exp(−1.645 · 1.2247 · √(2/365)) = 13.85 %
    const middle = at((6n * WAD) / 10n);
    expect(Number(middle?.initialTargetPpm)).to.be.within(283_500, 283_700);
    expect(Number(middle?.maintenanceTargetPpm)).to.be.within(138_400, 138_600);
    expect(at(1_000n * WAD)?.initialTargetPpm).to.equal(600_000n);
    expect(at(WAD / 1_000n)?.maintenanceTargetPpm).to.equal(120_000n);
    expect(middle?.model?.stressVariance).to.equal((6n * WAD) / 10n);
  });
});
