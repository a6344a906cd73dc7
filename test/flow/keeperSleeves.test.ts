// A keeper beside sleeves: it does for them what anyone may do, within a budget, and leaves nothing half done.
import { expect } from "chai";
import { JsonRpcSigner, MaxUint256, Wallet } from "ethers";
import {
  createKeeper,
  type Keeper,
  type KeeperOptions,
  type StepReport,
} from "../../keeper/keeper.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { readWaiting } from "../../sdk/sleeves.ts";
import { comeToRest } from "../support/keepers.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";
import { addPoolSleeve, addSleeve, type LocalSleeve } from "../support/sleeves.ts";

const USD_8D = 10n ** 8n;
const USDC_6D = 10n ** 6n;
const WETH_18D = 10n ** 18n;
const DAY_FOR = 86_400;
const ALL_BPS = 10_000n;
const [ALICE, LENDER, BOB, KEEPER] = [6, 7, 8, 10];
const KINDS = ["serveRecalls", "refill", "touchSleeve", "trimReuse", "redeemShares"];

describe("keeper of sleeves", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let weth: LocalSleeve;
  let poolShares: string;
  let restore: () => Promise<void>;

  before(async () => {
    node = await startNode();
    system = await deployLocalSystem(node.signers, { assets: ["WETH"], pools: ["USDC"] });
    await system.lend("USDC", signer(LENDER), 100_000n * USDC_6D);
    weth = await addSleeve(system);
    poolShares = await addPoolSleeve(system, "USDC");
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  const signer = (place: number) => node.signer(place);
  const accountOf = (place: number) => toAccountId(signer(place).address, 0n);
  const vaultOf = (place: number) => system.vault.connect(signer(place));
  const keyAddress = new Wallet(keyOf(KEEPER)).address;
  const sent = () => node.provider.getTransactionCount(keyAddress);

  function keeper(settings: Partial<KeeperOptions> = {}): Promise<Keeper> {
    const key = new Wallet(keyOf(KEEPER), node.provider);
    const { provider } = node;
    return createKeeper({ provider, vault: system.vaultAddress, signer: key, ...settings });
  }

  async function deposits(place: number, symbol: string, assets: bigint): Promise<void> {
    const { address, token } = system.asset(symbol);
    await system.mint(symbol, signer(place), assets);
    await (await token.connect(signer(place)).approve(system.vaultAddress, assets)).wait();
    await (await vaultOf(place).deposit(accountOf(place), address, assets)).wait();
  }

  async function borrows(place: number, assets: bigint): Promise<void> {
    const to = signer(place).address;
    await (await vaultOf(place).borrow(accountOf(place), 0n, assets, to)).wait();
  }

  async function repays(place: number, assets: bigint): Promise<void> {
    const { token } = system.asset("USDC");
    await (await token.connect(signer(place)).approve(system.vaultAddress, assets)).wait();
    await (await vaultOf(place).repay(accountOf(place), 0n, assets)).wait();
  }

  async function reuses(place: number, sleeve: string, shareBps: bigint): Promise<void> {
    await (await vaultOf(place).setReuse(accountOf(place), sleeve, shareBps)).wait();
  }

  async function waits(place: number, sleeve: string, shares = MaxUint256): Promise<void> {
    await (await vaultOf(place).requestRecall(accountOf(place), sleeve, shares)).wait();
  }

  async function repaysAll(place: number): Promise<void> {
    const { token } = system.asset("USDC");
    await system.mint("USDC", signer(place), 1_000n * USDC_6D);
    await (await token.connect(signer(place)).approve(system.vaultAddress, MaxUint256)).wait();
    await (await vaultOf(place).repay(accountOf(place), 0n, MaxUint256)).wait();
  }

  const holding = (place: number, asset: string) => system.vault.holdingOf(accountOf(place), asset);

  /** Alice has 10 WETH, of which so much is reused, against 15,000 USDC. */
  async function aliceReuses(shareBps: bigint): Promise<void> {
    await deposits(ALICE, "WETH", 10n * WETH_18D);
    await borrows(ALICE, 15_000n * USDC_6D);
    await reuses(ALICE, weth.address, shareBps);
  }

  async function time(seconds: number): Promise<void> {
    await node.pass(seconds);
    await system.setPrices({ WETH: 2_500n * USD_8D, USDC: USD_8D });
  }

  const kept = ({ outcomes }: StepReport) =>
    outcomes.filter(({ task }) => KINDS.includes(task.type));
  const settle = (bob: Keeper) => comeToRest(bob, kept);

  it("serves who waits for a pool as it gets cash, and nobody else", async () => {
    const bob = await keeper();
    await deposits(ALICE, "USDC", 20_000n * USDC_6D);
    await reuses(ALICE, poolShares, ALL_BPS);
    await deposits(BOB, "WETH", 100n * WETH_18D);
    const { cashAssets } = await system.pool("USDC").pool.totals();
    await borrows(BOB, cashAssets - 5_000n * USDC_6D);
    expect(await settle(bob), "nobody waits").to.deep.equal([]);
    await waits(ALICE, poolShares);
    expect(await settle(bob), "as far as there is cash").to.deep.equal(["done serveRecalls"]);
    const usdc = system.asset("USDC").address;
    expect(Number((await holding(ALICE, usdc)) / USDC_6D)).to.be.within(4_999, 5_000);
    expect(await readWaiting(system.vault, poolShares)).to.equal(1n);
    await time(400);
    expect(await settle(bob), "none is left").to.deep.equal(["dropped serveRecalls"]);
    await repays(BOB, 30_000n * USDC_6D);
    await time(400);
    expect(await settle(bob)).to.deep.equal(["done serveRecalls"]);
    expect(await readWaiting(system.vault, poolShares)).to.equal(0n);
    expect(Number((await holding(ALICE, usdc)) / USDC_6D)).to.be.within(19_999, 20_001);
    const before = await sent();
    await time(400);
    expect(await settle(bob)).to.deep.equal([]);
    expect(await sent()).to.equal(before);
  });

  it("fills a short buffer up again, and not for a crumb", async () => {
    const bob = await keeper();
    await aliceReuses(8_000n);
    await (await weth.sleeve.allocate(weth.venueAddress, (72n * WETH_18D) / 10n)).wait();
    expect(await settle(bob), "a tenth is idle").to.deep.equal([]);
    await reuses(ALICE, weth.address, 7_950n);
    await reuses(ALICE, weth.address, 8_000n); // and back: the buffer is full to the unit
    expect(await settle(bob)).to.deep.equal([]);
    await reuses(ALICE, weth.address, 7_500n); // half a WETH leaves from what is idle
    expect(await settle(bob)).to.deep.equal(["done refill"]);
    const [idle, total] = [await weth.sleeve.idleAssets(), await weth.sleeve.totalAssets()];
    expect(idle * 10n >= total).to.equal(true);
    expect(await settle(bob)).to.deep.equal([]);
  });

  it("follows new rules of a sleeve after their event", async () => {
    const bob = await keeper();
    await aliceReuses(8_000n);
    await (await weth.sleeve.allocate(weth.venueAddress, 7n * WETH_18D)).wait();
    expect(await settle(bob)).to.deep.equal([]);
    const { feeReceiver } = await weth.sleeve.rules();
    await (await weth.sleeve.setRules({ bufferBps: 5_000n, feeBps: 0n, feeReceiver })).wait();
    expect(await settle(bob)).to.deep.equal(["done refill"]);
    expect((await weth.sleeve.idleAssets()) * 2n >= (await weth.sleeve.totalAssets())).to.equal(
      true,
    );
  });

  it("empties a venue that was cut, and then serves who waits for what it had", async () => {
    const bob = await keeper();
    await aliceReuses(8_000n);
    await (await weth.sleeve.allocate(weth.venueAddress, 7n * WETH_18D)).wait();
    await (await weth.sleeve.cutVenue(weth.venueAddress)).wait();
    await waits(ALICE, weth.address);
    // one WETH is idle, seven come
    const done = await settle(bob);
    expect(done).to.include("done refill");
    await time(400);
    const more = await settle(bob);
    expect([...done, ...more].filter((text) => text === "done serveRecalls")).to.have.length(2);
    expect(await readWaiting(system.vault, weth.address)).to.equal(0n);
    expect(await holding(ALICE, weth.address)).to.equal(0n);
    expect((await holding(ALICE, system.asset("WETH").address)) >= 10n * WETH_18D - 10n).to.equal(
      true,
    );
  });

  /** Assets vanish from the venue. */
  async function venueLoses(assets: bigint): Promise<void> {
    const { provider } = node;
    await provider.send("hardhat_impersonateAccount", [weth.venueAddress]);
    await provider.send("hardhat_setBalance", [weth.venueAddress, "0xde0b6b3a7640000"]);
    const robber = new JsonRpcSigner(provider, weth.venueAddress);
    const { token } = system.asset("WETH");
    await (await token.connect(robber).transfer(signer(BOB).address, assets)).wait();
  }

  it("records growth that would count no longer, and no dip", async () => {
    const bob = await keeper();
    await aliceReuses(8_000n);
    await (await weth.sleeve.allocate(weth.venueAddress, 7n * WETH_18D)).wait();
    const worth = async () => (await weth.sleeve.venues())[0]?.worthAssets ?? 0n;
    await system.mint("WETH", weth.venueAddress, WETH_18D / 10n);
    await time(5 * DAY_FOR);
    expect(await settle(bob)).to.deep.equal([]);
    await time(DAY_FOR);
    expect(await settle(bob)).to.deep.equal(["done touchSleeve"]);
    const first = await worth();
    // without a look the limit of growth would stand still after the seventh day
    await time(3 * DAY_FOR);
    expect((await worth()) > first).to.equal(true);
    await time(4 * DAY_FOR);
    await venueLoses(WETH_18D);
    expect(await settle(bob), "in a dip").to.deep.equal([]);
  });

  it("moves back what an account reuses above its cap, once it is more than the tolerance", async () => {
    const bob = await keeper();
    await aliceReuses(8_000n); // 20,000 USD of at most 21,000
    expect(await settle(bob)).to.deep.equal([]);
    await repays(ALICE, 1_000n * USDC_6D); // of at most 19,600: within 5 %
    expect(await settle(bob)).to.deep.equal([]);
    await repays(ALICE, 2_000n * USDC_6D); // of at most 16,800
    expect(await settle(bob)).to.deep.equal(["done trimReuse"]);
    const shares = await holding(ALICE, weth.address);
    const value = (await weth.sleeve.convertToAssets(shares)) * 2_500n;
    expect(Number(value / WETH_18D)).to.be.within(16_790, 16_810);
    expect(await settle(bob)).to.deep.equal([]);
  });

  /** Alice owes nothing any more and sends the key some of 8 WETH in the sleeve. */
  async function keyGets(shares: bigint): Promise<void> {
    await aliceReuses(8_000n);
    await (await weth.sleeve.allocate(weth.venueAddress, 7n * WETH_18D)).wait();
    await repaysAll(ALICE);
    const vault = vaultOf(ALICE);
    await (await vault.withdraw(accountOf(ALICE), weth.address, shares, keyAddress)).wait();
  }

  it("redeems shares that the key got, as far as they are paid, and the rest when there is cash", async () => {
    const { pool } = system.pool("USDC");
    await deposits(BOB, "WETH", 100n * WETH_18D);
    const { cashAssets } = await pool.totals();
    await borrows(BOB, cashAssets - 5_000n * USDC_6D);
    const shares = await pool.convertToShares(20_000n * USDC_6D);
    await (await pool.connect(signer(LENDER)).transfer(keyAddress, shares)).wait();
    const bob = await keeper();
    const cash = async () =>
      Number((await system.asset("USDC").token.balanceOf(keyAddress)) / USDC_6D);
    expect(await settle(bob)).to.deep.equal(["done redeemShares"]);
    // a thousandth less: shares grow until the block
    expect(await cash()).to.be.within(4_994, 5_000);
    await repays(BOB, 30_000n * USDC_6D);
    await time(400);
    expect(await settle(bob)).to.deep.equal(["done redeemShares"]);
    expect(await pool.balanceOf(keyAddress)).to.equal(0n);
    expect(await cash()).to.be.within(19_999, 20_001);
  });

  it("fills a sleeve up before it redeems shares of it", async () => {
    await keyGets(MaxUint256);
    await (await weth.sleeve.cutVenue(weth.venueAddress)).wait();
    const done = await settle(await keeper());
    expect(done.slice(0, 2)).to.deep.equal(["done refill", "done redeemShares"]);
    expect(await weth.sleeve.balanceOf(keyAddress)).to.equal(0n);
    const redeemed = await system.asset("WETH").token.balanceOf(keyAddress);
    expect(redeemed > 8n * WETH_18D - 10n).to.equal(true);
  });

  it("redeems no shares in a dip", async () => {
    await keyGets(MaxUint256);
    await venueLoses(WETH_18D);
    const bob = await keeper();
    expect(await settle(bob)).to.not.include("done redeemShares");
    await (await weth.sleeve.touch()).wait(); // it is for good
    expect(await settle(bob)).to.include("done redeemShares");
  });

  it("leaves shares that bring less than gas, and all if it is told to", async () => {
    await keyGets(WETH_18D);
    const dear = await settle(await keeper({ nativePriceValue: 10n ** 30n }));
    expect(dear).to.include("skipped redeemShares");
    const keeping = await settle(await keeper({ keepsShares: true }));
    expect([...dear, ...keeping]).to.not.include("done redeemShares");
    expect(await weth.sleeve.balanceOf(keyAddress)).to.equal(WETH_18D);
    // who owes nothing reuses nothing: the cap of this sleeve
    expect([...dear, ...keeping]).to.include("done trimReuse");
  });

  it("leaves sleeves alone without gas for them, and sends nothing in a dry run", async () => {
    await aliceReuses(8_000n);
    await (await weth.sleeve.allocate(weth.venueAddress, 7n * WETH_18D)).wait();
    await (await weth.sleeve.cutVenue(weth.venueAddress)).wait();
    const before = await sent();
    expect(await settle(await keeper({ sleeveGas: 0n }))).to.deep.equal([]);
    expect(await settle(await keeper({ sleeveGas: 50_000n }))).to.deep.equal(["skipped refill"]);
    expect(await settle(await keeper({ mode: "dry-run" }))).to.deep.equal(["planned refill"]);
    expect(await sent()).to.equal(before);
  });

  it("keeps its budget of gas, and goes on in the next interval", async () => {
    await aliceReuses(8_000n);
    await (await weth.sleeve.allocate(weth.venueAddress, 7n * WETH_18D)).wait();
    await (await weth.sleeve.cutVenue(weth.venueAddress)).wait();
    await waits(ALICE, weth.address, WETH_18D / 2n);
    const serving = await system.vault.serveRecalls.estimateGas(weth.address, 1n);
    const refilling = await weth.sleeve.refill.estimateGas(weth.venueAddress);
    // for either, and hardly more
    const sleeveGas = ((serving > refilling ? serving : refilling) * 102n) / 100n;
    const bob = await keeper({ sleeveGas });
    const first = await node.provider.getBlockNumber();
    expect(await settle(bob)).to.deep.equal(["done serveRecalls", "skipped refill"]);
    expect(await gasSince(first)).to.satisfy((gas: bigint) => gas > 0n && gas <= sleeveGas);
    await time(21_000);
    expect(await settle(bob), "in the same interval").to.deep.equal(["skipped refill"]);
    await time(700);
    expect(await settle(bob)).to.deep.equal(["done refill"]);
  });

  async function gasSince(first: number): Promise<bigint> {
    let gasUsed = 0n;
    for (let block = first + 1; block <= (await node.provider.getBlockNumber()); block += 1) {
      for (const hash of (await node.provider.getBlock(block))?.transactions ?? []) {
        const receipt = await node.provider.getTransactionReceipt(hash);
        if (receipt?.from === keyAddress) gasUsed += receipt.gasUsed;
      }
    }
    return gasUsed;
  }

  it("comes to rest after a long run with nothing half done", async () => {
    const bob = await keeper();
    await aliceReuses(6_000n);
    await deposits(BOB, "WETH", 50n * WETH_18D);
    await borrows(BOB, 40_000n * USDC_6D);
    for (let round = 0n; round < 8n; round += 1n) {
      await reuses(BOB, weth.address, 1_500n + 500n * (round % 3n));
      const idle = await weth.sleeve.idleAssets();
      const buffer = (await weth.sleeve.totalAssets()) / 10n + 1n;
      if (idle > buffer) {
        await (await weth.sleeve.allocate(weth.venueAddress, idle - buffer)).wait();
      }
      await waits(ALICE, weth.address, WETH_18D / 3n);
      await waits(BOB, weth.address, WETH_18D * (1n + (round % 4n)));
      await settle(bob);
      await time(400);
      await settle(bob);
      expect(await readWaiting(system.vault, weth.address), `round ${round}`).to.equal(0n);
    }
    await time(400);
    expect(await settle(bob)).to.deep.equal([]);
    const [idle, total] = [await weth.sleeve.idleAssets(), await weth.sleeve.totalAssets()];
    expect(idle * 10_000n >= total * 950n, "the buffer is there").to.equal(true);
    expect(await weth.sleeve.balanceOf(keyAddress)).to.equal(0n);
    expect(await system.asset("WETH").token.allowance(keyAddress, weth.address)).to.equal(0n);
  });
});
