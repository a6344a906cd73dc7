import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "chai";
import {
  type ContractTransactionResponse,
  type JsonRpcSigner,
  MaxUint256,
  type TransactionReceipt,
} from "ethers";
import { renderStories } from "../../scripts/explain/text.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { explainLiquidation } from "../../sdk/explain.ts";
import { NotAVault, VaultAmbiguous } from "../../sdk/explain/failures.ts";
import { explain } from "../support/command.ts";
import { type LocalNode, startNode } from "../support/localNode.ts";

const USD_8D = 10n ** 8n;
const CASH = 10n ** 30n;

describe("npm run explain", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let folder: string;
  let keeper: JsonRpcSigner;
  let alice: AccountId;
  let bob: AccountId;
  let restore: () => Promise<void>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "surety-explain-"));
    node = await startNode();
    system = await deployLocalSystem(node.signers, { assets: ["WETH"], pools: ["USDC"] });
    const [, , , , , , owner, other, lender, liquidator] = node.signers;
    if (!owner || !other || !lender || !liquidator) throw new Error("too few accounts");
    keeper = liquidator;
    await system.lend("USDC", lender, 1_000_000n * 10n ** 6n);
    await system.mint("USDC", keeper, CASH);
    const usdc = system.asset("USDC").token.connect(keeper);
    await (await usdc.approve(system.vaultAddress, MaxUint256)).wait();
    alice = await owes(owner, 0n);
    bob = await owes(other, 7n);
    await system.setPrice("WETH", 1_950n * USD_8D);
  });

  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  /** 10 WETH at 2,500 USD against 18,000 USDC */
  async function owes(signer: JsonRpcSigner, tag: bigint): Promise<AccountId> {
    const account = toAccountId(signer.address, tag);
    const weth = system.asset("WETH");
    const holding = 10n * 10n ** 18n;
    await system.mint("WETH", signer, holding);
    await (await weth.token.connect(signer).approve(system.vaultAddress, holding)).wait();
    const opened = await system.vault
      .connect(signer)
      .depositAndBorrow(account, weth.address, holding, 0n, 18_000n * 10n ** 6n, signer.address);
    await opened.wait();
    return account;
  }

  function liquidates(
    account: AccountId,
    maxRepaidAssets = MaxUint256,
  ): Promise<ContractTransactionResponse> {
    const leg = { asset: system.asset("WETH").address, pool: 0n, maxRepaidAssets, minimumOut: 0n };
    const gas = { gasLimit: 3_000_000n };
    return system.vault
      .connect(keeper)
      .liquidate(account, [leg], MaxUint256, MaxUint256, keeper.address, "0x", gas);
  }

  /** Several transactions in one block. */
  async function together(
    ...sends: readonly (() => Promise<ContractTransactionResponse>)[]
  ): Promise<readonly TransactionReceipt[]> {
    await node.provider.send("evm_setAutomine", [false]);
    const sent: ContractTransactionResponse[] = [];
    for (const send of sends) sent.push(await send());
    await node.mine(1);
    await node.provider.send("evm_setAutomine", [true]);
    const receipts = await Promise.all(sent.map((response) => response.wait()));
    return receipts.filter((receipt) => receipt !== null);
  }

  it("tells people and machines", async () => {
    const { hash } = await liquidates(bob);
    const json = path.join(folder, "story.json");
    const { code, out, err } = await explain(hash, "--rpc", node.url, "--json", json);
    assert.equal(err, "");
    assert.equal(code, 0);
    const [story] = await explainLiquidation(node.provider, undefined, hash);
    assert(story?.type === "liquidation");
    assert.equal(out, renderStories([story]));
    const flat = out.replaceAll(/\s+/g, " ");
    assert.match(
      flat,
      /Account 0x\w{40} \(tag 7\) owed 18,000\.\d+ USDC \(18,000\.\d\d USD\) against 10 WETH \(19,500\.00 USD\); its coverage was 0\.9262\. It had used 46\.95 % of its cushion/,
    );
    assert.match(flat, /coverage is 1\.1017 after it, at its target of 1\.1017/);
    for (const line of out.split("\n")) assert.isAtMost(line.length, 100, line);
    const written = JSON.parse(await readFile(json, "utf8"));
    assert.equal(written.stories.length, 1);
    assert.equal(written.stories[0].account, bob);
    assert.equal(written.stories[0].legs[0].seizedAssets, `${story.legs[0]?.seizedAssets}`);
    assert.equal(written.stories[0].picture.type, "exact");
  });

  it("says that the account was touched before in the same block, and tells no least", async () => {
    const [first, second] = await together(
      () => liquidates(alice, 2_000n * 10n ** 6n),
      () => liquidates(alice),
    );
    assert(first !== undefined && second !== undefined);
    assert.equal(first.blockNumber, second.blockNumber);
    const { code, out } = await explain(second.hash, "--rpc", node.url);
    assert.equal(code, 0);
    assert.include(out, "The account was touched once earlier in block");
    assert.notInclude(out, "The least possible");
    const [before] = await explainLiquidation(node.provider, system.vaultAddress, first.hash);
    assert.equal(before?.picture.type, "exact");
    const [after] = await explainLiquidation(node.provider, system.vaultAddress, second.hash);
    assert(after?.type === "liquidation" && before?.type === "liquidation");
    assert.deepEqual(after.picture, { type: "blockBefore", earlierEvents: 1 });
    assert.equal(after.coverageBeforeWad, before.coverageAfterWad, "from the events");
    assert.equal(after.liquidations, 2n);
  });

  it("tells all liquidations of one transaction, each of its account", async () => {
    const [first, second] = await together(
      () => liquidates(alice),
      () => liquidates(bob),
    );
    assert(first !== undefined && second !== undefined);
    const bundled = mergingLogs(node, first.hash, [...first.logs, ...second.logs]);
    const stories = await explainLiquidation(bundled, undefined, first.hash);
    assert.deepEqual(
      stories.map(({ account, picture, gas }) => [account, picture.type, gas.closings]),
      [
        [alice, "exact", 2],
        [bob, "exact", 2],
      ],
    );
    assert.include(renderStories(stories), "Liquidation (2 of 2)");
  });

  it("asks which vault is meant when several liquidated", async () => {
    const receipt = await (await liquidates(alice)).wait();
    assert(receipt !== null);
    const other = `0x${"33".repeat(20)}`;
    const copies = receipt.logs.map((log) => ({ ...log.toJSON(), address: other }));
    const bundled = mergingLogs(node, receipt.hash, [...receipt.logs, ...copies]);
    const failure = await explainLiquidation(bundled, undefined, receipt.hash).catch(
      (error: unknown) => error,
    );
    assert(failure instanceof VaultAmbiguous);
    assert.deepEqual(failure.vaultsFound, [system.vaultAddress, other]);
    const pretended = await explainLiquidation(bundled, other, receipt.hash).catch(
      (error: unknown) => error,
    );
    assert(pretended instanceof NotAVault, "the other only emits the event");
  });

  const nothing = `0x${"00".repeat(32)}`;

  async function refused(sentence: RegExp, ...args: readonly string[]): Promise<void> {
    const { code, out, err } = await explain(...args, "--rpc", node.url);
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, sentence);
    assert.notInclude(err, "    at ", "a sentence, not a stack");
  }

  it("refuses what is no hash, and what the chain does not have", async () => {
    await refused(/^TransactionHashInvalid: "0x12" found, allowed: /, "0x12");
    await refused(/^TransactionUnknown: .* on chain 31337\. Check the hash/, nothing);
  });

  it("refuses what is not mined yet, and what was mined and failed", async () => {
    await node.provider.send("evm_setAutomine", [false]);
    const { hash } = await liquidates(alice);
    await refused(/^TransactionPending: .* is not mined yet\. Ask again/, hash);
    const late = await liquidates(alice); // nothing is left to do after the first
    await node.mine(1);
    await node.provider.send("evm_setAutomine", [true]);
    await refused(/^TransactionReverted: .* and failed: it liquidated nobody/, late.hash);
  });

  it("refuses a transaction without a liquidation, and one of another vault, which it names", async () => {
    const { token } = system.asset("USDC");
    const mint = await token.mint(keeper.address, 1n);
    await refused(/^NoLiquidation: .* has no liquidation or write-off; 1 other events/, mint.hash);
    const { hash } = await liquidates(alice);
    const found = new RegExp(`One was found of ${system.vaultAddress}: name that vault`);
    await refused(found, hash, "--vault", system.asset("WETH").address);
    await refused(/^VaultAddressInvalid: "0x99" found as the vault/, hash, "--vault", "0x99");
  });

  it("refuses a node that does not answer", async () => {
    const { code, err } = await explain(nothing, "--rpc", "http://127.0.0.1:1/v3/SECRET");
    assert.equal(code, 1);
    assert.match(err, /^NodeUnreachable: /);
    assert.notInclude(err, "SECRET");
  });
});

/** The same node, on which one transaction has these events: as if a contract had done it all in one. */
function mergingLogs(
  { provider }: LocalNode,
  hash: string,
  logs: readonly unknown[],
): LocalNode["provider"] {
  return new Proxy(provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name !== "getTransactionReceipt") return value.bind(target);
      return async (asked: string) => {
        const receipt = await target.getTransactionReceipt(asked);
        if (receipt === null || asked !== hash) return receipt;
        const { blockNumber, from, gasUsed, fee, status } = receipt;
        return { hash, blockNumber, from, gasUsed, fee, status, logs };
      };
    },
  });
}
