// A keeper without cash: it liquidates and writes off through a FlashLiquidator that sells on a venue.
import { expect } from "chai";
import { Wallet } from "ethers";
import { LiquidatorUnfit } from "../../keeper/failures.ts";
import {
  createKeeper,
  type Keeper,
  type KeeperOptions,
  type StepReport,
} from "../../keeper/keeper.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { deployLocalVenue, type LocalVenue } from "../../scripts/localVenue.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { readAccount } from "../../sdk/reader.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const USDC_6D = 10n ** 6n;
const DAI_18D = 10n ** 18n;
const VALUE_18D = 10n ** 18n;
const [ALICE, LENDER, KEEPER, STRANGER] = [6, 7, 10, 11];

describe("keeper without cash", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let venue: LocalVenue;
  let restore: () => Promise<void>;

  before(async () => {
    node = await startNode();
    system = await deployLocalSystem(node.signers, {
      assets: ["WETH", "WBTC"],
      pools: ["USDC", "DAI"],
    });
    await system.lend("USDC", signer(LENDER), 1_000_000n * USDC_6D);
    await system.lend("DAI", signer(LENDER), 1_000_000n * DAI_18D);
    venue = await deployLocalVenue(system, signer(KEEPER));
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  const signer = (place: number) => node.signer(place);

  function keeper(settings: Partial<KeeperOptions> = {}, place = KEEPER): Promise<Keeper> {
    return createKeeper({
      provider: node.provider,
      vault: system.vaultAddress,
      liquidator: venue.liquidator,
      signer: new Wallet(keyOf(place), node.provider),
      ...settings,
    });
  }

  const alice = () => toAccountId(signer(ALICE).address, 0n);

  async function deposits(symbol: string, assets: bigint): Promise<void> {
    const { address, token } = system.asset(symbol);
    await system.mint(symbol, signer(ALICE), assets);
    await (await token.connect(signer(ALICE)).approve(system.vaultAddress, assets)).wait();
    await (await system.vault.connect(signer(ALICE)).deposit(alice(), address, assets)).wait();
  }

  async function borrows(symbol: string, assets: bigint): Promise<void> {
    const vault = system.vault.connect(signer(ALICE));
    const pool = system.pool(symbol).id;
    await (await vault.borrow(alice(), pool, assets, signer(ALICE).address)).wait();
  }

  /** 10 WETH at 2,500 USD against 18,000 USDC, as in the tests with own cash */
  async function owesOne(): Promise<void> {
    await deposits("WETH", 10n * 10n ** 18n);
    await borrows("USDC", 18_000n * USDC_6D);
  }

  /** 10 WETH at 2,500 USD and 1 WBTC at 60,000 against 30,000 USDC and 33,000 DAI */
  async function owesTwo(): Promise<void> {
    await deposits("WETH", 10n * 10n ** 18n);
    await deposits("WBTC", 10n ** 8n);
    await borrows("USDC", 30_000n * USDC_6D);
    await borrows("DAI", 33_000n * DAI_18D);
  }

  function held(symbol: string, holder: string): Promise<bigint> {
    return system.asset(symbol).token.balanceOf(holder);
  }

  function done(report: StepReport): readonly string[] {
    return report.outcomes.filter(({ type }) => type === "done").map(({ task }) => task.type);
  }

  /** The key has nothing and allows nothing; what was sold is gone. */
  async function keyHasNothing(): Promise<void> {
    for (const { token } of system.assets) {
      expect(await token.balanceOf(signer(KEEPER).address)).to.equal(0n);
      expect(await token.allowance(signer(KEEPER).address, system.vaultAddress)).to.equal(0n);
      expect(await token.allowance(venue.liquidator, system.vaultAddress)).to.equal(0n);
      expect(await token.allowance(venue.liquidator, venue.address)).to.equal(0n);
    }
    for (const symbol of ["WETH", "WBTC"]) {
      expect(await held(symbol, venue.liquidator)).to.equal(0n);
    }
  }

  it("liquidates, and ends with profit", async () => {
    await owesOne();
    await system.setPrice("WETH", 1_950n * USD_8D);
    const bob = await keeper();
    expect(done(await bob.step())[0]).to.equal("liquidate");
    const { row } = await readAccount(system.vault, alice());
    expect(row.liquidations).to.equal(1n);
    expect(row.status).to.be.oneOf(["paused", "healthy"]);
    // by hand: used 1,327.5 / 2,827.5 = 47 %, β = 1 % + 2 % · 0.47 = 1.94 %, s = 1 + β + 0.5 % = 1.0244;
    // x* = (1.1017 · 18,000 − 16,672.5) / (1.1017 − 0.855 · 1.0244) = 13,991; β · x* = 271, less 0.05 % of 14,333
    const profit = await held("USDC", venue.liquidator);
    expect(Number(profit / USDC_6D)).to.be.within(260, 268);
    await keyHasNothing();
    // the profit is the owner's, who takes it out
    await (
      await venue.contract.withdraw(system.asset("USDC").address, profit, signer(STRANGER).address)
    ).wait();
    expect(await held("USDC", signer(STRANGER).address)).to.equal(profit);
  });

  it("liquidates two debts with two collaterals", async () => {
    await owesTwo();
    await system.setPrices({ WETH: 2_050n * USD_8D, WBTC: 48_500n * USD_8D });
    const report = await (await keeper()).step();
    expect(done(report)[0]).to.equal("liquidate");
    const profitValue =
      (await held("USDC", venue.liquidator)) * 10n ** 12n + (await held("DAI", venue.liquidator));
    expect(profitValue > 100n * VALUE_18D).to.equal(true);
    await keyHasNothing();
  });

  it("writes an insolvent account with two debts off", async () => {
    await owesTwo();
    await system.setPrices({ WETH: 1_500n * USD_8D, WBTC: 40_000n * USD_8D });
    expect(done(await (await keeper()).step())[0]).to.equal("writeOff");
    const { row, snapshot } = await readAccount(system.vault, alice());
    expect(row.debtValue).to.equal(0n);
    expect(snapshot.collaterals).to.deep.equal([]);
    const profitValue =
      (await held("USDC", venue.liquidator)) * 10n ** 12n + (await held("DAI", venue.liquidator));
    // 55,000 − 55,000 / 1.01 = 545, less 0.05 % of the sales
    expect(Number(profitValue / VALUE_18D)).to.be.within(500, 545);
    await keyHasNothing();
  });

  it("leaves what a shallow venue would pay too little for, and takes it when it is deep again", async () => {
    await owesOne();
    await system.setPrice("WETH", 1_950n * USD_8D);
    const [weth, usdc] = [system.asset("WETH").address, system.asset("USDC").address];
    const market = venue.venue.connect(signer(STRANGER));
    // 13,000 USD now sell 11 % lower
    await (await market.listPool(weth, usdc, venue.feePpm, 100_000n * VALUE_18D)).wait();
    const bob = await keeper();
    const [refused] = (await bob.step()).outcomes;
    expect(refused).to.include({ type: "dropped" });
    await (await market.listPool(weth, usdc, venue.feePpm, 10n ** 9n * VALUE_18D)).wait();
    expect(done(await bob.step())[0]).to.equal("liquidate");
  });

  it("counts what is left after the sale, and lets the chain hold the least profit", async () => {
    await owesOne();
    await system.setPrice("WETH", 1_950n * USD_8D);
    const greedy = await keeper({ minProfitValue: 1_000n * VALUE_18D });
    expect((await greedy.step()).outcomes[0]).to.include({
      type: "skipped",
      reason: "unprofitable",
    });
    const modest = await keeper({ minProfitValue: 100n * VALUE_18D });
    const [outcome] = (await modest.step()).outcomes;
    if (outcome?.type !== "done") throw new Error(`found ${outcome?.type}`);
    const sent = await node.provider.getTransaction(outcome.hash);
    const [, sale] = venue.contract.interface.decodeFunctionData("liquidate", sent?.data ?? "");
    // 100 USD and the gas of the transaction
    expect(sale.minimumProfit > 100n * USDC_6D).to.equal(true);
    expect(sale.minimumProfit <= (await held("USDC", venue.liquidator))).to.equal(true);
  });

  it("refuses a liquidator that is none, or that its key may not run", async () => {
    const refusal = async (settings: Partial<KeeperOptions>, place?: number) => {
      try {
        await keeper(settings, place);
      } catch (error) {
        return error;
      }
      throw new Error("the liquidator was accepted");
    };
    expect(await refusal({ liquidator: system.vaultAddress })).to.be.instanceOf(LiquidatorUnfit);
    expect(await refusal({}, STRANGER)).to.be.instanceOf(LiquidatorUnfit);
    await (await venue.contract.setKeeper(signer(STRANGER).address)).wait();
    expect((await keeper({}, STRANGER)).address).to.equal(signer(STRANGER).address);
  });
});
