// A keeper without cash and accounts whose collateral is shares of a sleeve: it takes what the sleeve pays for, and nothing else.
import { expect } from "chai";
import { Wallet } from "ethers";
import {
  createKeeper,
  type Keeper,
  type KeeperOptions,
  type StepReport,
} from "../../keeper/keeper.ts";
import { createLogger } from "../../keeper/log.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { deployLocalVenue, type LocalVenue } from "../../scripts/localVenue.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { readAccount } from "../../sdk/reader.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";
import { addPoolSleeve, addSleeve, type LocalSleeve } from "../support/sleeves.ts";

const USD_8D = 10n ** 8n;
const USDC_6D = 10n ** 6n;
const VALUE_18D = 10n ** 18n;
const WETH_18D = 10n ** 18n;
const [ALICE, LENDER, KEEPER] = [6, 7, 10];

describe("keeper without cash, and shares of a sleeve", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let venue: LocalVenue;
  let weth: LocalSleeve;
  let poolShares: string;
  let restore: () => Promise<void>;

  before(async () => {
    node = await startNode();
    system = await deployLocalSystem(node.signers, { assets: ["WETH"], pools: ["USDC"] });
    await system.lend("USDC", signer(LENDER), 1_000_000n * USDC_6D);
    venue = await deployLocalVenue(system, signer(KEEPER));
    weth = await addSleeve(system);
    poolShares = await addPoolSleeve(system, "USDC", [300_000n, 250_000n]);
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  const signer = (place: number) => node.signer(place);
  const keyAddress = new Wallet(keyOf(KEEPER)).address;
  const alice = () => toAccountId(signer(ALICE).address, 0n);
  const vault = () => system.vault.connect(signer(ALICE));

  function keeper(settings: Partial<KeeperOptions> = {}): Promise<Keeper> {
    return createKeeper({
      provider: node.provider,
      vault: system.vaultAddress,
      liquidator: venue.liquidator,
      signer: new Wallet(keyOf(KEEPER), node.provider),
      ...settings,
    });
  }

  async function deposits(symbol: string, assets: bigint): Promise<void> {
    const { address, token } = system.asset(symbol);
    await system.mint(symbol, signer(ALICE), assets);
    await (await token.connect(signer(ALICE)).approve(system.vaultAddress, assets)).wait();
    await (await vault().deposit(alice(), address, assets)).wait();
  }

  const borrows = async (assets: bigint) =>
    (await vault().borrow(alice(), 0n, assets, signer(ALICE).address)).wait();

  const reuses = async (sleeve: string, shareBps: bigint) =>
    (await vault().setReuse(alice(), sleeve, shareBps)).wait();

  /** 10 WETH, nine of them in the sleeve, against 17,000 USDC; at 1,900 USD 15,600 cover it. */
  async function owesWithShares(): Promise<void> {
    await deposits("WETH", 10n * WETH_18D);
    await borrows(17_000n * USDC_6D);
    await reuses(weth.address, 9_000n);
  }

  /** Of the sleeve only this much is idle, and its venue is cut, so that it pays no more. */
  async function sleevePaysOnly(assets: bigint): Promise<void> {
    const { feeReceiver } = await weth.sleeve.rules();
    await (await weth.sleeve.setRules({ bufferBps: 0n, feeBps: 0n, feeReceiver })).wait();
    const idle = await weth.sleeve.idleAssets();
    await (await weth.sleeve.allocate(weth.venueAddress, idle - assets)).wait();
    await (await weth.sleeve.cutVenue(weth.venueAddress)).wait();
  }

  const falls = () => system.setPrice("WETH", 1_900n * USD_8D);
  const profit = () => system.asset("USDC").token.balanceOf(venue.liquidator);
  const done = ({ outcomes }: StepReport) =>
    outcomes.filter(({ type }) => type === "done").map(({ task }) => task.type);

  /** What the first transaction of a look asked the liquidator for. */
  async function asked({ outcomes }: StepReport) {
    const [outcome] = outcomes;
    if (outcome?.type !== "done") throw new Error(`found ${outcome?.type}`);
    const sent = await node.provider.getTransaction(outcome.hash);
    const [order, sale] = venue.contract.interface.decodeFunctionData(
      "liquidate",
      sent?.data ?? "",
    );
    return { order, sale };
  }

  /** Nothing of the run is left but profit. */
  async function nothingIsLeft(): Promise<void> {
    for (const holder of [keyAddress, venue.liquidator]) {
      expect(await weth.sleeve.balanceOf(holder)).to.equal(0n);
      expect(await system.asset("WETH").token.balanceOf(holder)).to.equal(0n);
      expect(await system.pool("USDC").pool.balanceOf(holder)).to.equal(0n);
    }
    for (const { token } of system.assets) {
      expect(await token.allowance(venue.liquidator, system.vaultAddress)).to.equal(0n);
      expect(await token.allowance(venue.liquidator, venue.address)).to.equal(0n);
    }
  }

  /** A log that is read. */
  function logged() {
    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => {
      const parsed: Record<string, unknown> = JSON.parse(line);
      lines.push(parsed);
    };
    const bonusOf = (msg: string) =>
      BigInt(String(lines.find((line) => line["msg"] === msg)?.["bonusValue"]));
    return { log: createLogger("info", { write }), bonusOf };
  }

  it("redeems shares, sells what comes, and ends with the profit that was predicted", async () => {
    await owesWithShares();
    await (await weth.sleeve.allocate(weth.venueAddress, 8n * WETH_18D)).wait();
    await falls();
    const plan = logged();
    await (await keeper({ mode: "dry-run", log: plan.log })).step();
    const live = logged();
    const report = await (await keeper({ log: live.log })).step();
    expect(done(report)[0]).to.equal("liquidate");
    const { order, sale } = await asked(report);
    expect(order.legs[0].asset).to.equal(weth.address);
    expect(sale.redemptions[0].sleeve).to.equal(weth.address);
    const { row } = await readAccount(system.vault, alice());
    expect(row.status).to.be.oneOf(["paused", "healthy"]);
    const profitValue = (await profit()) * 10n ** 12n;
    const simulated = live.bonusOf("sending");
    // a second of interest lies between the two
    expect(Number(profitValue - simulated) / 1e18).to.be.within(-0.01, 0.01);
    // the plan knows the oracle's price; of the sale 0.05 % go to the tier and next to nothing to the depth
    const planned = plan.bonusOf("would send");
    expect(Number(planned / VALUE_18D)).to.be.within(100, 400);
    expect(Number(planned - profitValue) / 1e18).to.be.within(0, 12);
    await nothingIsLeft();
  });

  it("takes what the sleeve pays, lets it fill up, and takes the rest", async () => {
    const terms = { isCapped: false, maxDebtShareBps: 0n, toleranceBps: 0n };
    const governor = system.vault.connect(system.roles.governor);
    await (await governor.setSleeve(system.asset("WETH").address, weth.address, terms)).wait();
    await owesWithShares();
    await reuses(weth.address, 10_000n);
    await sleevePaysOnly(2n * WETH_18D);
    await falls();
    const bob = await keeper();
    const first = await bob.step();
    expect(done(first)[0]).to.equal("liquidate");
    const { sale } = await asked(first);
    expect(Number(sale.redemptions[0].mostShares) / 1e18).to.be.within(1.99, 2.01);
    expect((await readAccount(system.vault, alice())).row.status).to.equal("liquidatable");
    const kinds: string[] = [];
    for (let look = 0; look < 4; look += 1) kinds.push(...done(await bob.step()));
    expect(kinds).to.include("refill");
    expect(kinds).to.include("liquidate");
    const { row } = await readAccount(system.vault, alice());
    expect(row.status).to.be.oneOf(["paused", "healthy"]);
    expect((await profit()) > 100n * USDC_6D).to.equal(true);
  });

  it("leaves shares out that nobody pays for", async () => {
    await owesWithShares();
    await sleevePaysOnly(0n);
    await falls();
    const report = await (await keeper({ sleeveGas: 0n })).step();
    expect(done(report)[0]).to.equal("liquidate");
    const { order, sale } = await asked(report);
    const plain = system.asset("WETH").address;
    expect(order.legs.map((leg: { asset: string }) => leg.asset)).to.deep.equal([plain]);
    expect(sale.redemptions).to.have.length(0);
    await nothingIsLeft();
  });

  it("waits where there is nothing but shares that nobody pays for", async () => {
    const terms = { isCapped: false, maxDebtShareBps: 0n, toleranceBps: 0n };
    const governor = system.vault.connect(system.roles.governor);
    await (await governor.setSleeve(system.asset("WETH").address, weth.address, terms)).wait();
    await owesWithShares();
    await reuses(weth.address, 10_000n);
    await sleevePaysOnly(0n);
    await falls();
    const [outcome] = (await (await keeper({ sleeveGas: 0n })).step()).outcomes;
    expect(outcome).to.include({ type: "skipped", reason: "sleevePaysNothing" });
    expect(await profit()).to.equal(0n);
  });

  it("sells nothing where the shares are those of the pool that is repaid", async () => {
    await deposits("WETH", 5n * WETH_18D);
    await deposits("USDC", 20_000n * USDC_6D);
    await borrows(21_500n * USDC_6D);
    await reuses(poolShares, 10_000n);
    await system.setPrice("WETH", 1_200n * USD_8D);
    const report = await (await keeper()).step();
    expect(done(report)[0]).to.equal("liquidate");
    const { order, sale } = await asked(report);
    expect(order.legs[0].asset).to.equal(poolShares);
    expect(sale.redemptions[0].sleeve).to.equal(poolShares);
    expect(sale.swaps).to.have.length(0);
    expect((await profit()) > 50n * USDC_6D).to.equal(true);
    await nothingIsLeft();
  });

  it("writes an account off whose collateral is shares", async () => {
    await owesWithShares();
    await system.setPrice("WETH", 1_500n * USD_8D);
    expect(done(await (await keeper()).step())[0]).to.equal("writeOff");
    const { row, snapshot } = await readAccount(system.vault, alice());
    expect(row.debtValue).to.equal(0n);
    expect(snapshot.collaterals).to.deep.equal([]);
    // 15,000 − 15,000 / 1.01 = 148, less 0.05 % of the sale
    expect(Number((await profit()) / USDC_6D)).to.be.within(135, 148);
    await nothingIsLeft();
  });

  it("tells the pools of a loss while a sleeve pays too little for a write-off", async () => {
    await owesWithShares();
    await sleevePaysOnly(0n);
    await system.setPrice("WETH", 1_500n * USD_8D);
    const { outcomes } = await (await keeper({ sleeveGas: 0n })).step();
    const found = outcomes.map(({ type, task }) => `${type} ${task.type}`);
    expect(found.slice(0, 2)).to.deep.equal(["skipped writeOff", "done flagLoss"]);
  });

  it("with own cash takes the shares, and redeems them afterwards", async () => {
    await owesWithShares();
    await (await weth.sleeve.allocate(weth.venueAddress, 8n * WETH_18D)).wait();
    await system.mint("USDC", keyAddress, 50_000n * USDC_6D);
    await falls();
    const bob = await createKeeper({
      provider: node.provider,
      vault: system.vaultAddress,
      signer: new Wallet(keyOf(KEEPER), node.provider),
    });
    expect(done(await bob.step())[0]).to.equal("liquidate");
    const shares = await weth.sleeve.balanceOf(keyAddress);
    expect(shares > WETH_18D).to.equal(true);
    const kinds: string[] = [];
    for (let look = 0; look < 4; look += 1) kinds.push(...done(await bob.step()));
    expect(kinds).to.include("redeemShares");
    expect(await weth.sleeve.balanceOf(keyAddress)).to.equal(0n);
    const plain = await system.asset("WETH").token.balanceOf(keyAddress);
    expect(Number(plain - shares) / 1e18).to.be.within(-0.001, 0.001);
  });
});
