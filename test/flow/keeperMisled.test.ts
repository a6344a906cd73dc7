// What misled keepers: experience with a dear call, and a cure that the chain refuses.
import { expect } from "chai";
import { Wallet } from "ethers";
import { createKeeper, type Keeper, type StepReport } from "../../keeper/keeper.ts";
import type { KeeperSettings } from "../../keeper/config.ts";
import { createLogger } from "../../keeper/log.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { readAccount } from "../../sdk/reader.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const WAD = 10n ** 18n;
const [ALICE, LENDER, BOB, KEEPER, FRESH] = [6, 7, 8, 10, 11];
const CLOSE_OUT_PRICE = 1_950n * USD_8D;

describe("keeper, misled", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let restore: () => Promise<void>;
  let lines: string[];

  before(async () => {
    node = await startNode();
    system = await deployLocalSystem(node.signers, {
      assets: ["WETH", "WBTC", "LINK", "STETH"],
      pools: ["USDC"],
    });
    await system.lend("USDC", signer(LENDER), 1_000_000n * 10n ** 6n);
    for (const place of [KEEPER, FRESH]) {
      await system.mint("USDC", signer(place), 100_000n * 10n ** 6n);
    }
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
    lines = [];
  });

  afterEach(() => restore());

  const signer = (place: number) => node.signer(place);

  const accountOf = (place: number) => toAccountId(signer(place).address, 0n);

  async function deposits(place: number, symbol: string, assets: bigint): Promise<void> {
    const { address, token } = system.asset(symbol);
    await system.mint(symbol, signer(place), assets);
    await (await token.connect(signer(place)).approve(system.vaultAddress, assets)).wait();
    const vault = system.vault.connect(signer(place));
    await (await vault.deposit(accountOf(place), address, assets)).wait();
  }

  async function borrows(place: number, assets: bigint): Promise<void> {
    const vault = system.vault.connect(signer(place));
    const pool = system.pool("USDC").id;
    await (await vault.borrow(accountOf(place), pool, assets, signer(place).address)).wait();
  }

  function keeper(place: number, settings: Partial<KeeperSettings>): Promise<Keeper> {
    const log = createLogger("info", { write: (line: string) => void lines.push(line) });
    const wallet = new Wallet(keyOf(place), node.provider);
    const { provider } = node;
    const options = { provider, vault: system.vaultAddress, signer: wallet, log, ...settings };
    return createKeeper({ ...options, refreshGas: 0n });
  }

  function outcomesOf(report: StepReport, place: number): readonly string[] {
    const account = accountOf(place);
    return report.outcomes
      .filter(({ task }) => "account" in task && task.account === account)
      .map(({ type, task }) => `${task.type} ${type}`);
  }

  /** What a liquidation of Bob's account earns and costs, as a keeper without experience sees it. */
  async function judgedAnew(): Promise<{ bonusValue: bigint; gasValue: bigint }> {
    const undo = await node.snapshot();
    const one = await keeper(FRESH, { minProfitValue: 10n ** 36n, nativePriceValue: WAD });
    await one.step();
    const found = lines
      .map((line) => JSON.parse(line))
      .find((line) => line.reason === "unprofitable" && line.account === accountOf(BOB));
    await undo();
    return { bonusValue: BigInt(found.bonusValue), gasValue: BigInt(found.gasValue) };
  }

  it("leaves no profitable account alone because another one was dear", async () => {
    await deposits(ALICE, "WETH", 20n * WAD);
    for (const symbol of ["WBTC", "LINK", "STETH"]) {
      await deposits(ALICE, symbol, 1n); // worth nothing: no leg, and three more feeds to read
    }
    await borrows(ALICE, 36_000n * 10n ** 6n);
    await deposits(BOB, "WETH", 10n ** 18n / 2n);
    await borrows(BOB, 900n * 10n ** 6n);
    await system.setPrice("WETH", CLOSE_OUT_PRICE);
    const { bonusValue, gasValue } = await judgedAnew();
    // gas costs four fifths of the bonus: worth it
    const nativePriceValue = (bonusValue * WAD * 80n) / (gasValue * 100n);
    const experienced = await keeper(KEEPER, { nativePriceValue });
    const first = await experienced.step();
    expect(outcomesOf(first, ALICE)).to.deep.equal(["liquidate done"]);
    const looks = [...outcomesOf(first, BOB)];
    for (let look = 0; look < 5; look += 1) {
      await node.mine(1);
      looks.push(...outcomesOf(await experienced.step(), BOB));
    }
    expect(looks).to.include("liquidate done");
  });

  it("does not ask at every look for a cure that the chain refuses", async () => {
    await deposits(BOB, "WETH", 5n * WAD);
    await deposits(BOB, "LINK", 1_000n * WAD);
    await borrows(BOB, 19_500n * 10n ** 6n);
    const { feed } = system.asset("WETH");
    const { answer } = await feed.latestRoundData();
    await system.setPrice("WETH", (answer * 70n) / 100n);
    const one = await keeper(KEEPER, { nativePriceValue: 0n });
    expect(outcomesOf(await one.step(), BOB)).to.deep.equal(["issue done"]);
    // covered with LINK at its last good price, whose feed is silent
    const linkAnswer = (await system.asset("LINK").feed.latestRoundData()).answer;
    await system.setPrices({ WETH: answer, LINK: linkAnswer });
    await node.pass(91 * 60);
    await system.setPrices({ WETH: (answer * 101n) / 100n, USDC: USD_8D });
    const looks: string[] = [];
    for (let look = 0; look < 12; look += 1) {
      await node.mine(1);
      looks.push(...outcomesOf(await one.step(), BOB));
    }
    expect((await readAccount(system.vault, accountOf(BOB))).row.status).to.equal("paused");
    expect(looks.filter((outcome) => outcome === "clear dropped").length).to.be.within(1, 4);
  });
});
