import { expect } from "chai";
import { Wallet } from "ethers";
import {
  createKeeper,
  type Keeper,
  type KeeperOptions,
  type StepReport,
} from "../../keeper/keeper.ts";
import { SPOKEN } from "../../deploy/contracts.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { readHaircut, readMeasure, readPairMeasure } from "../../sdk/measures.ts";
import { readPair } from "../../sdk/market.ts";
import { comeToRest } from "../support/keepers.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const HOUR_FOR = 3_600;
const INTERVAL_FOR = 21_600n;
const UPKEEP = ["refresh", "refreshPair", "enterPhase"];

describe("keeper of measured haircuts", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let restore: () => Promise<void>;

  before(async () => {
    node = await startNode();
    const options = { assets: ["WETH"], pools: ["USDC"], haircuts: "measured" } as const;
    system = await deployLocalSystem(node.signers, options);
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  function keeper(settings: Partial<KeeperOptions> = {}): Promise<Keeper> {
    const signer = new Wallet(keyOf(10), node.provider);
    const { provider } = node;
    return createKeeper({ provider, vault: system.vaultAddress, signer, ...settings });
  }

  /** Hours pass, each with a round of both feeds; WETH goes up and down by 1 %. */
  async function hours(count: number): Promise<void> {
    for (let hour = 0; hour < count; hour += 1) {
      await node.pass(HOUR_FOR);
      const weth = (hour % 2 === 0 ? 2_475n : 2_500n) * USD_8D;
      await system.setPrices({ WETH: weth, USDC: USD_8D });
    }
  }

  const upkeepIn = ({ outcomes }: StepReport) =>
    outcomes.filter(({ task }) => UPKEEP.includes(task.type));
  const settle = (bob: Keeper) => comeToRest(bob, upkeepIn);

  const weth = () => system.asset("WETH").address;
  const usdc = () => system.asset("USDC").address;
  const sent = () => node.provider.getTransactionCount(new Wallet(keyOf(10)).address);

  it("reads new rounds on and stores the targets, one transaction a look, once an interval", async () => {
    const bob = await keeper();
    expect(await settle(bob)).to.deep.equal([]);
    await hours(7);
    const { initialPpm } = await readPair(system.vault, weth(), 0n);
    expect(initialPpm).to.equal(230_000n);
    const done = await settle(bob);
    expect([...done].sort()).to.deep.equal(["done refresh", "done refresh", "done refreshPair"]);
    const pair = await readPair(system.vault, weth(), 0n);
    const view = await readHaircut(system.vault, weth(), 0n);
    expect(pair.initialTargetPpm).to.equal(view?.initialTargetPpm);
    expect(pair.maintenanceTargetPpm).to.equal(view?.maintenanceTargetPpm);
    // 42.8 % at the stress variance, a little less after seven calmer hours
    expect(Number(pair.initialTargetPpm)).to.be.within(420_000, 428_000);
    expect(pair.initialPpm).to.equal(pair.initialTargetPpm);
    const latest = (await system.asset("WETH").feed.latestRoundData()).roundId;
    expect((await readMeasure(system.vault, weth()))?.round).to.equal(latest);
    const measure = await readPairMeasure(system.vault, weth(), usdc());
    expect(measure?.collateralRound).to.equal(latest);
    await hours(4);
    expect(await settle(bob), "before the interval is over").to.deep.equal([]);
    await hours(3);
    expect(await settle(bob)).to.have.length(3);
  });

  it("sends nothing when the feeds have no new round", async () => {
    const bob = await keeper();
    await hours(7);
    await settle(bob);
    const before = await sent();
    await node.pass(2 * 86_400);
    expect(await settle(bob)).to.deep.equal([]);
    expect(await sent()).to.equal(before);
  });

  it("keeps its budget of gas: portions of rounds, and the rest in the next interval", async () => {
    const refreshGas = 500_000n;
    const bob = await keeper({ refreshGas });
    await hours(60);
    const first = await node.provider.getBlockNumber();
    expect((await settle(bob)).filter((text) => text.startsWith("done")).length).to.be.above(0);
    expect(await gasSince(first)).to.satisfy((gas: bigint) => gas > 200_000n && gas <= refreshGas);
    const latest = (await system.asset("WETH").feed.latestRoundData()).roundId;
    expect((await readPairMeasure(system.vault, weth(), usdc()))?.collateralRound).to.not.equal(
      latest,
    );
    for (let turn = 0; turn < 16; turn += 1) {
      await node.pass(Number(INTERVAL_FOR));
      const from = await node.provider.getBlockNumber();
      await settle(bob);
      expect((await gasSince(from)) <= refreshGas).to.equal(true);
    }
    expect((await readPairMeasure(system.vault, weth(), usdc()))?.collateralRound).to.equal(latest);
    expect((await readMeasure(system.vault, weth()))?.round).to.equal(latest);
    const latestCash = (await system.asset("USDC").feed.latestRoundData()).roundId;
    expect((await readMeasure(system.vault, usdc()))?.round).to.equal(latestCash);
  });

  async function gasSince(block: number): Promise<bigint> {
    let gas = 0n;
    for (let number = block + 1; number <= (await node.provider.getBlockNumber()); number += 1) {
      for (const hash of (await node.provider.getBlock(number))?.transactions ?? []) {
        gas += (await node.provider.getTransactionReceipt(hash))?.gasUsed ?? 0n;
      }
    }
    return gas;
  }

  it("leaves refreshes to others with a budget of 0", async () => {
    const bob = await keeper({ refreshGas: 0n });
    await hours(7);
    expect(await settle(bob)).to.deep.equal([]);
  });

  it("asks once an interval for what void rounds withhold, sends nothing, and goes on after them", async () => {
    const bob = await keeper();
    await hours(7);
    await settle(bob);
    for (let round = 0; round < 20; round += 1) await system.setPrice("WETH", 0n);
    await node.pass(Number(INTERVAL_FOR) + HOUR_FOR);
    const before = await sent();
    const refused = await settle(bob);
    expect([...refused].sort()).to.deep.equal(["dropped refresh", "dropped refreshPair"]);
    expect(await settle(bob)).to.deep.equal([]);
    await node.pass(HOUR_FOR);
    expect(await settle(bob)).to.deep.equal([]);
    expect(await sent()).to.equal(before);
    await node.pass(Number(INTERVAL_FOR));
    await system.setPrices({ WETH: 2_500n * USD_8D, USDC: USD_8D });
    expect(await settle(bob)).to.include.members(["done refresh", "done refreshPair"]);
    const latest = (await system.asset("WETH").feed.latestRoundData()).roundId;
    expect((await readMeasure(system.vault, weth()))?.round).to.equal(latest);
  });

  it("goes on in the next phase of a feed, of the collateral and of the obligation", async () => {
    const bob = await keeper();
    await hours(7);
    await settle(bob);
    await hours(2);
    for (const symbol of ["WETH", "USDC"]) await replaceAggregator(symbol);
    await node.pass(Number(INTERVAL_FOR));
    await pushAll();
    const done = await settle(bob);
    expect(done.filter((text) => text === "done enterPhase")).to.have.length(4);
    await node.pass(Number(INTERVAL_FOR) + 60);
    await pushAll();
    await settle(bob);
    const [own, owed] = [system.asset("WETH").feed, system.asset("USDC").feed];
    const pair = await readPairMeasure(system.vault, weth(), usdc());
    expect(pair?.collateralRound).to.equal((await own.latestRoundData()).roundId);
    expect(pair?.obligationRound).to.equal((await owed.latestRoundData()).roundId);
    expect((pair?.obligationRound ?? 0n) >> 64n).to.equal(2n);
  });

  const aggregators = new Map<string, (typeof system.assets)[number]["aggregator"]>();

  /** Another aggregator answers, which has run in parallel: its first rounds are older than what was read. */
  async function replaceAggregator(symbol: string): Promise<void> {
    const [deployer] = node.signers;
    if (deployer === undefined) throw new Error("no deployer");
    const created = await new SPOKEN.MockAggregator(deployer).deploy(8);
    await created.waitForDeployment();
    const aggregator = SPOKEN.MockAggregator.connect(await created.getAddress(), deployer);
    const now = BigInt((await node.provider.getBlock("latest"))?.timestamp ?? 0);
    const answer = symbol === "WETH" ? 2_500n * USD_8D : USD_8D;
    for (const age of [30n, 20n, 10n]) {
      await (await aggregator.push(answer, now - age * 3_600n)).wait();
    }
    await (await aggregator.push(answer, now)).wait();
    const { feed } = system.asset(symbol);
    await (await feed.setAggregator(await aggregator.getAddress())).wait();
    aggregators.set(symbol, aggregator);
  }

  async function pushAll(): Promise<void> {
    const now = BigInt((await node.provider.getBlock("latest"))?.timestamp ?? 0);
    for (const [symbol, aggregator] of aggregators) {
      const answer = symbol === "WETH" ? 2_510n * USD_8D : USD_8D;
      await (await aggregator.push(answer, now)).wait();
    }
  }

  it("liquidates first: no refresh in a look that closed an account", async () => {
    const alice = node.signer(6);
    const lender = node.signer(7);
    await system.lend("USDC", lender, 1_000_000n * 10n ** 6n);
    await system.mint("USDC", new Wallet(keyOf(10)).address, 100_000n * 10n ** 6n);
    await system.mint("WETH", alice, 10n ** 19n);
    const { token, address } = system.asset("WETH");
    await (await token.connect(alice).approve(system.vaultAddress, 10n ** 19n)).wait();
    const account = toAccountId(alice.address, 0n);
    const vault = system.vault.connect(alice);
    const debt = 18_000n * 10n ** 6n;
    const opened = vault.depositAndBorrow(account, address, 10n ** 19n, 0n, debt, alice.address);
    await (await opened).wait();
    const bob = await keeper();
    await hours(7);
    await system.setPrice("WETH", 1_950n * USD_8D);
    const { outcomes } = await bob.step();
    expect(outcomes[0]).to.include({ type: "done" });
    expect(outcomes.map(({ task }) => task.type)).to.include("liquidate");
    expect(outcomes.filter(({ task }) => UPKEEP.includes(task.type))).to.deep.equal([]);
    expect(await settle(bob)).to.include("done refreshPair");
  });

  it("only says what it would refresh in a dry run, once an interval", async () => {
    const dry = await keeper({ mode: "dry-run" });
    await hours(7);
    const before = await sent();
    const planned = await settle(dry);
    expect(new Set(planned)).to.deep.equal(new Set(["planned refresh", "planned refreshPair"]));
    expect(await settle(dry)).to.deep.equal([]);
    expect(await sent()).to.equal(before);
  });
});
