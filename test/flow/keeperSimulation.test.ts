// What the keeper asks a node before it signs, in which order, and what it does not sign.
import { expect } from "chai";
import { JsonRpcProvider, Transaction, type TransactionRequest, Wallet } from "ethers";
import { createKeeper, type Keeper, type StepReport } from "../../keeper/keeper.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { readAccount } from "../../sdk/reader.ts";
import { keyOf, type LocalNode, startNode } from "../support/localNode.ts";
import {
  type NodeProxy,
  type PassingRequest,
  startProxy,
  type Verdict,
} from "../support/nodeProxy.ts";

const USD_8D = 10n ** 8n;
const HOLDING = 10n * 10n ** 18n;
const DEBT = 18_000n * 10n ** 6n;
const CALLABLE_PRICE = 2_080n * USD_8D;
const CLOSE_OUT_PRICE = 1_950n * USD_8D;
const INSOLVENT_PRICE = 1_500n * USD_8D;
const [ALICE, LENDER, KEEPER, RIVAL] = [6, 7, 10, 11];

/** What passed by of one call: tried, signed or sent. */
interface Step {
  readonly kind: "tried" | "signed" | "sent";
  readonly to: string;
  readonly data: string;
}

/** A wallet that tells what it signs. */
class WatchedWallet extends Wallet {
  readonly steps: Step[];

  constructor(key: string, provider: JsonRpcProvider, steps: Step[]) {
    super(key, provider);
    this.steps = steps;
  }

  override signTransaction(transaction: TransactionRequest): Promise<string> {
    const { to, data } = transaction;
    this.steps.push({ kind: "signed", to: String(to).toLowerCase(), data: String(data) });
    return super.signTransaction(transaction);
  }
}

describe("keeper, before it signs", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let restore: () => Promise<void>;
  let alice: AccountId;
  let steps: Step[];
  let proxy: NodeProxy;
  let provider: JsonRpcProvider;
  let verdictOf: (step: Step) => Verdict | Promise<Verdict>;

  before(async () => {
    node = await startNode();
    system = await deployLocalSystem(node.signers, { assets: ["WETH"], pools: ["USDC"] });
    await system.lend("USDC", signer(LENDER), 1_000_000n * 10n ** 6n);
    for (const place of [KEEPER, RIVAL]) {
      await system.mint("USDC", signer(place), 100_000n * 10n ** 6n);
    }
    const owner = signer(ALICE);
    alice = toAccountId(owner.address, 0n);
    const weth = system.asset("WETH");
    await system.mint("WETH", owner, HOLDING);
    await (await weth.token.connect(owner).approve(system.vaultAddress, HOLDING)).wait();
    const pool = system.pool("USDC").id;
    const vault = system.vault.connect(owner);
    const opened = vault.depositAndBorrow(alice, weth.address, HOLDING, pool, DEBT, owner.address);
    await (await opened).wait();
  });

  after(() => node.close());

  beforeEach(async () => {
    restore = await node.snapshot();
    steps = [];
    verdictOf = () => ({ type: "pass" });
    proxy = await startProxy(node.url, judge);
    provider = new JsonRpcProvider(proxy.url, undefined, {
      cacheTimeout: -1,
      pollingInterval: 20,
      batchMaxCount: 1,
    });
  });

  afterEach(async () => {
    provider.destroy();
    await proxy.close();
    await restore();
  });

  const signer = (place: number) => node.signer(place);

  /** Notes what is tried in the keeper's name, and what is sent. */
  function judge({ method, params }: PassingRequest): Verdict | Promise<Verdict> {
    const [first] = params as readonly [unknown];
    if (method === "eth_sendRawTransaction") {
      const { to, data } = Transaction.from(String(first));
      steps.push({ kind: "sent", to: String(to).toLowerCase(), data });
      return { type: "pass" };
    }
    if (method !== "eth_call") return { type: "pass" };
    const { from, to, data } = first as { readonly [name: string]: string | undefined };
    if (from?.toLowerCase() !== signer(KEEPER).address.toLowerCase()) return { type: "pass" };
    const step: Step = { kind: "tried", to: String(to).toLowerCase(), data: String(data) };
    steps.push(step);
    return verdictOf(step);
  }

  function keeper(): Promise<Keeper> {
    const wallet = new WatchedWallet(keyOf(KEEPER), provider, steps);
    return createKeeper({ provider, vault: system.vaultAddress, signer: wallet });
  }

  function done(report: StepReport): readonly string[] {
    return report.outcomes.filter(({ type }) => type === "done").map(({ task }) => task.type);
  }

  function selectorOf(name: "liquidate" | "issueMarginCall" | "writeOff"): string {
    return system.vault.interface.getFunction(name).selector;
  }

  function steppedWith(selector: string): readonly string[] {
    return steps.filter(({ data }) => data.startsWith(selector)).map(({ kind }) => kind);
  }

  it("tries each transaction by a static call, then signs it, then sends it", async () => {
    const bob = await keeper();
    const reports: StepReport[] = [];
    for (const price of [CALLABLE_PRICE, CLOSE_OUT_PRICE, INSOLVENT_PRICE]) {
      await system.setPrice("WETH", price);
      reports.push(await bob.step());
    }
    expect(reports.flatMap(done)).to.include.members(["issue", "liquidate", "writeOff"]);
    const sent = steps.flatMap((step, index) => (step.kind === "sent" ? [{ ...step, index }] : []));
    expect(sent.length).to.be.greaterThan(4); // an allowance, slow averages, and the three
    for (const { index, to, data } of sent) {
      expect(steps.slice(index - 2, index)).to.deep.equal([
        { kind: "tried", to, data },
        { kind: "signed", to, data },
      ]);
    }
    expect(steps.filter(({ kind }) => kind === "signed").length).to.equal(sent.length);
  });

  it("neither signs nor sends a call that the static call refuses", async () => {
    const bob = await keeper();
    await system.setPrice("WETH", CLOSE_OUT_PRICE);
    // a rival liquidates after the keeper has planned, and before its static call is answered
    let isFirst = true;
    verdictOf = async ({ data }) => {
      if (isFirst && data.startsWith(selectorOf("liquidate"))) {
        isFirst = false;
        await liquidatesFirst();
      }
      return { type: "pass" };
    };
    const report = await bob.step();
    const outcome = report.outcomes.find(({ task }) => task.type === "liquidate");
    expect(outcome).to.include({ type: "dropped" });
    expect(steppedWith(selectorOf("liquidate"))).to.deep.equal(["tried"]);
    expect((await readAccount(system.vault, alice)).row.liquidations).to.equal(1n);
  });

  it("sends nothing that a node refuses to try, whatever the state says", async () => {
    const bob = await keeper();
    const reason = system.vault.interface.encodeErrorResult("CallBelowMinimum", [alice, 1n, 2n]);
    await system.setPrice("WETH", CALLABLE_PRICE);
    verdictOf = ({ data }) =>
      data.startsWith(selectorOf("issueMarginCall"))
        ? { type: "error", error: { code: 3, message: "execution reverted", data: reason } }
        : { type: "pass" };
    const report = await bob.step();
    expect(report.outcomes.map(({ type, task }) => [task.type, type])).to.deep.include([
      "issue",
      "dropped",
    ]);
    expect(steppedWith(selectorOf("issueMarginCall"))).to.deep.equal(["tried"]);
    verdictOf = () => ({ type: "pass" });
    await node.mine(1);
    expect(done(await bob.step())).to.include("issue");
  });

  /** The rival liquidates by the least that is needed. */
  async function liquidatesFirst(): Promise<void> {
    const rival = signer(RIVAL);
    const { token } = system.asset("USDC");
    const cash = await token.balanceOf(rival.address);
    await (await token.connect(rival).approve(system.vaultAddress, cash)).wait();
    const leg = {
      asset: system.asset("WETH").address,
      pool: system.pool("USDC").id,
      maxRepaidAssets: cash,
      minimumOut: 0n,
    };
    const { timestamp } = (await node.provider.getBlock("latest")) ?? { timestamp: 0 };
    const until = timestamp + 600;
    const vault = system.vault.connect(rival);
    await (await vault.liquidate(alice, [leg], 0n, until, rival.address, "0x")).wait();
  }
});
