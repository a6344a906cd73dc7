import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { renderHaircut } from "../../scripts/explain/haircut.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { explainHaircut, HaircutNotMeasured, type HaircutStory } from "../../sdk/explainHaircut.ts";
import { readHaircut, readMeasure, readPairMeasure } from "../../sdk/measures.ts";
import { readPair } from "../../sdk/market.ts";
import { explain } from "../support/command.ts";
import { type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const HOUR_FOR = 3_600;

/** Hourly closes that go up and down, one of them by a fifth [USD, 8 decimals] */
const PRICES8 = [
  2_500, 2_511, 2_497, 2_480, 2_502, 2_001, 2_099, 2_150, 2_148, 2_151, 2_170, 2_133,
].map((price) => BigInt(price) * USD_8D + 12_345n);

describe("explainHaircut", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let folder: string;
  let restore: () => Promise<void>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "surety-haircut-"));
    node = await startNode();
    const options = { assets: ["WETH"], pools: ["USDC", "DAI"], haircuts: "measured" } as const;
    system = await deployLocalSystem(node.signers, options);
  });

  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  const weth = () => system.asset("WETH").address;
  const usdc = () => system.asset("USDC").address;
  const dai = () => system.asset("DAI").address;

  /** An hour passes with every price: WETH each hour, USDC every third one, and a void round of WETH here and there. */
  async function hours(from: number, count: number): Promise<void> {
    for (let hour = from; hour < from + count; hour += 1) {
      await node.pass(HOUR_FOR);
      if (hour % 4 === 3) await system.setPrice("WETH", 0n);
      await system.setPrice("WETH", PRICES8[hour % PRICES8.length] ?? 0n);
      if (hour % 3 === 0) await system.setPrice("USDC", USD_8D + BigInt(hour) * 1_000n);
      if (hour % 5 === 0) await system.setPrice("DAI", USD_8D - BigInt(hour) * 2_000n);
    }
  }

  async function refresh(asset: string, rounds: bigint): Promise<void> {
    await (await system.vault.refresh(asset, rounds)).wait();
  }

  async function refreshPair(owed: string, rounds: bigint): Promise<void> {
    await (await system.vault.refreshPair(weth(), owed, rounds)).wait();
  }

  /** Rounds in odd portions: some calls end in the middle of what there is. */
  async function live(): Promise<void> {
    await hours(0, 5);
    await refreshPair(usdc(), 3n);
    await refresh(weth(), 2n);
    await hours(5, 7);
    await refreshPair(usdc(), 4n);
    await refresh(weth(), 100n);
    await refresh(usdc(), 1n);
    await refreshPair(usdc(), 100n);
    await refreshPair(dai(), 7n);
    await hours(12, 4);
    await refresh(usdc(), 100n);
    await refreshPair(usdc(), 100n);
    await node.pass(7 * HOUR_FOR);
  }

  async function expectAsOnChain(story: HaircutStory, owed: string, pool: bigint): Promise<void> {
    const view = await readHaircut(system.vault, weth(), pool);
    if (view === undefined) throw new Error("the pair is not measured");
    for (const [name, found] of Object.entries(story.steps)) {
      expect(found, name).to.equal(view[name as keyof typeof story.steps]);
    }
    const pair = await readPair(system.vault, weth(), pool);
    expect([story.initialPpm, story.maintenancePpm]).to.deep.equal([
      pair.initialPpm,
      pair.maintenancePpm,
    ]);
    const measure = await readPairMeasure(system.vault, weth(), owed);
    expect(story.tracked?.varianceWad).to.equal(measure?.varianceWad);
    expect(story.own.varianceWad).to.equal((await readMeasure(system.vault, weth()))?.varianceWad);
    expect(story.owed.varianceWad).to.equal((await readMeasure(system.vault, owed))?.varianceWad);
  }

  it("recomputes variances, targets and haircuts in force to the unit, whatever the portions", async () => {
    await live();
    const story = await explainHaircut(node.provider, system.vaultAddress, "WETH", "USDC");
    expect(story.isExact).to.equal(true);
    await expectAsOnChain(story, usdc(), system.pool("USDC").id);
    expect(story.tracked?.portions.length).to.equal(4);
    expect(story.tracked?.returns).to.equal(16n);
    expect(Number(story.own.voids)).to.be.above(0);
    expect(story.tracked?.largest?.at).to.equal(story.own.largest?.at);
    // ln(2001 / 2502) = −0.2235
    expect(Number((story.own.largest?.returnWad ?? 0n) / 10n ** 14n)).to.be.within(-2_240, -2_230);
    const other = await explainHaircut(node.provider, system.vaultAddress, weth(), dai());
    expect(other.isExact).to.equal(true);
    await expectAsOnChain(other, dai(), system.pool("DAI").id);
  });

  it("is exact before the first refresh, and while the initial haircut climbs", async () => {
    const first = await explainHaircut(node.provider, system.vaultAddress, "WETH", "USDC");
    expect(first.isExact).to.equal(true);
    expect([first.initialPpm, first.maintenancePpm]).to.deep.equal([230_000n, 145_000n]);
    await live();
    await node.pass(30 * HOUR_FOR);
    const late = await explainHaircut(node.provider, system.vaultAddress, "WETH", "USDC");
    expect(late.isExact).to.equal(true);
    expect(late.initialPpm > late.pair.initialTargetPpm).to.equal(true);
    await expectAsOnChain(late, usdc(), system.pool("USDC").id);
  });

  it("begins at the first refresh after a feed was replaced", async () => {
    await live();
    const { feed } = await system.vault.assets().then((rows) => {
      const row = rows[Number(system.asset("WETH").id)];
      if (row === undefined) throw new Error("no row");
      return row;
    });
    await system.setPrices({ WETH: PRICES8[3] ?? 0n, USDC: USD_8D, DAI: USD_8D });
    const governor = system.vault.connect(system.roles.governor);
    const config = {
      feed,
      maxAgeFor: 5_400n,
      lowestAnswer: 20n * USD_8D,
      highestAnswer: 200_000n * USD_8D,
      secondFeed: `0x${"0".repeat(40)}`,
      secondMaxAgeFor: 0n,
      maxDeviationBps: 0n,
      rate: {
        provider: `0x${"0".repeat(40)}`,
        selector: "0x00000000",
        decimals: 0n,
        growthPpm: 0n,
      },
    };
    await (await governor.setFeed(weth(), config)).wait();
    await refreshPair(usdc(), 100n); // starts the pair again
    await hours(4, 3);
    await refreshPair(usdc(), 2n);
    await refresh(weth(), 2n);
    await hours(7, 3);
    await refreshPair(usdc(), 100n);
    await refresh(weth(), 100n);
    const story = await explainHaircut(node.provider, system.vaultAddress, "WETH", "USDC");
    expect(story.tracked?.from).to.equal("refresh");
    expect(story.own.from).to.equal("refresh");
    expect(story.isExact).to.equal(true);
    await expectAsOnChain(story, usdc(), system.pool("USDC").id);
  });

  it("says that a haircut is not measured, or an asset is not known", async () => {
    for (const [collateral, cash] of [
      ["USDC", "USDC"],
      ["WETH", "GHO"],
      ["DOGE", "USDC"],
    ] as const) {
      const error: unknown = await explainHaircut(
        node.provider,
        system.vaultAddress,
        collateral,
        cash,
      ).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(HaircutNotMeasured);
      expect(String(error)).to.include("WETH, USDC, DAI");
    }
  });

  it("tells it in words and numbers, on the terminal and for machines", async () => {
    await live();
    const story = await explainHaircut(node.provider, system.vaultAddress, "WETH", "USDC");
    const text = renderHaircut(story);
    for (const line of text.split("\n")) expect(line.length).to.be.at.most(100);
    for (const fact of [
      "The haircuts of WETH against USDC are",
      "Recomputed from the rounds of the feeds",
      "4.2000 when it was started at",
      "the largest −22.3",
      "25 % of the stress variance 4.2000",
      "1 − exp(−2.326 · σ · √T) over 5 d",
      "These targets are stored",
      "5 points a day",
    ]) {
      expect(text.replaceAll(/\s+/g, " ")).to.include(fact);
    }
    const json = path.join(folder, "haircut.json");
    const common = ["--rpc", node.url, "--vault", system.vaultAddress];
    const ended = await explain("--haircut", "WETH", "USDC", ...common, "--json", json);
    expect(ended.err).to.equal("");
    expect(ended.code).to.equal(0);
    expect(ended.out).to.equal(text);
    const { haircut } = JSON.parse(await readFile(json, "utf8"));
    expect(haircut.initialPpm).to.equal(story.initialPpm.toString());
    const unknown = await explain("--haircut", "WETH", "GHO", ...common);
    expect(unknown.code).to.equal(1);
    expect(unknown.err).to.include("HaircutNotMeasured");
    const alone = await explain("--haircut", "WETH", ...common);
    expect(alone.err).to.include("found 1 names, allowed: 2");
    const both = await explain(`0x${"1".repeat(64)}`, "--haircut", "WETH", "USDC", ...common);
    expect(both.err).to.include("Give one of the two");
  });
});
