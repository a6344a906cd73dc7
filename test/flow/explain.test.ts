import { assert } from "chai";
import {
  type ContractTransactionReceipt,
  type ContractTransactionResponse,
  MaxUint256,
  type Provider,
} from "ethers";
import { renderStories } from "../../scripts/explain/text.ts";
import type { LocalOptions } from "../../scripts/localSystem.ts";
import { explainLiquidation } from "../../sdk/explain.ts";
import { readMarket } from "../../sdk/market.ts";
import { readAccount } from "../../sdk/reader.ts";
import type { Scene } from "../support/actors.ts";
import {
  assertLegs,
  liquidate,
  liquidationOf,
  oneOfEach,
  onlyOf,
  receiptsOf,
  twoOfEach,
  writeOff,
  writeOffOf,
} from "../support/closings.ts";

const WAD = 10n ** 18n;
const USD_8D = 10n ** 8n;
const USDC_6D = 10n ** 6n;
const HOUR_FOR = 3_600;
const MINUTE_FOR = 60;

/** Callable at 2,080 USD: 20,800 · 0.855 < 18,000. */
async function expired(scene: Scene): Promise<ContractTransactionReceipt> {
  await scene.prices({ WETH: 2_080n * USD_8D });
  await scene.keeper.callsFor(scene.alice.account);
  await scene.waits(2 * HOUR_FOR + MINUTE_FOR);
  return liquidate(scene, ["WETH", "USDC"]);
}

describe("the story of a liquidation", () => {
  it("after an expired call has the call, the account before and every amount to the unit", async () => {
    const scene = await oneOfEach();
    const { system, alice, keeper, prices, read, waits } = scene;
    await prices({ WETH: 2_080n * USD_8D });
    await keeper.callsFor(alice.account);
    const called = await read(alice.account);
    const calledAt = await system.provider.getBlock("latest");
    await waits(2 * HOUR_FOR + MINUTE_FOR);
    const cash = await keeper.balanceOf("USDC");
    const weth = await keeper.balanceOf("WETH");
    const receipt = await liquidate(scene, ["WETH", "USDC"]);
    const story = await liquidationOf(scene, receipt.hash);

    assert.deepEqual(story.picture, { type: "exact" });
    assert.equal(story.owner, alice.address);
    assert.equal(story.liquidator, keeper.address);
    const now = BigInt((await receipt.getBlock()).timestamp);
    const { deadline } = called.row;
    assert.deepEqual(story.cause, { type: "expired", deadline, defaultedFor: now - deadline });
    assert(story.call.type === "standing");
    assert.deepEqual(story.call.events, [
      {
        type: "issued",
        block: calledAt?.number ?? 0,
        at: BigInt(calledAt?.timestamp ?? 0),
        amountValue: called.callAmountValue,
        deadline,
        coverageWad: (called.row.coverMaintenance * WAD) / called.row.requirement,
        transactionHash: calledAt?.transactions[0] ?? "",
      },
      { type: "expired", block: receipt.blockNumber, at: now, deadline },
    ]);

    const event = await receiptsOf(scene, receipt.blockNumber);
    assertLegs(story.legs, event.legs);
    assert.equal(story.coverageBeforeWad, event.coverageBeforeWad);
    assert.equal(story.before?.coverageWad, event.coverageBeforeWad);
    assert.equal(story.before?.collaterals[0]?.value, 20_800n * WAD);
    assert.equal(story.before?.collaterals[0]?.creditValue, 17_784n * WAD);
    const [leg] = story.legs;
    assert(leg?.terms !== undefined && story.terms !== undefined);
    assert.deepEqual(leg.extent, { type: "least" });
    assert.equal(cash - (await keeper.balanceOf("USDC")), leg.repaidAssets + leg.feeAssets);
    assert.equal((await keeper.balanceOf("WETH")) - weth, leg.seizedAssets);
    const owed = await system.vault.debtOf(alice.account, leg.pool.id, {
      blockTag: receipt.blockNumber,
    });
    assert.equal(leg.debtAssets, owed.assets);

    // β_min + r · hours is above β_min + k · used; target 1 + 0.6 · 3,016 / 17,784
    assert.equal(story.terms.timeWad, 10n ** 16n + ((now - deadline) * 10n ** 16n) / 3_600n);
    assert.equal(story.terms.bonusWad, story.terms.timeWad);
    assert.equal(story.targetBps, 1_017n);
    assert.equal(leg.terms.bound, "nothing");
    assert.equal(leg.terms.bonusWad, story.terms.timeWad);
    // one pair: the reference plan is the same leg
    assert.equal(story.least?.doneToLeastWad, WAD);
    assert.equal(story.gas.costWei, receipt.fee);
    assert.equal(story.totals.earnedValue, leg.seizedValue - leg.repaidValue - leg.feeValue);
  });

  it("at close-out says how much of the cushion was used, and that no call stood", async () => {
    const scene = await oneOfEach();
    await scene.prices({ WETH: 1_950n * USD_8D });
    const { row } = await scene.read(scene.alice.account);
    const receipt = await liquidate(scene, ["WETH", "USDC"]);
    const story = await liquidationOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "exact" });
    assert.deepEqual(story.cause, { type: "closeOut" });
    assert.deepEqual(story.call, { type: "none" });
    // a second of interest later: used grew in its ninth digit
    const used = story.before?.usedWad ?? 0n;
    assert(used >= row.usedWad && used - row.usedWad < 10n ** 12n);
    assert(used > WAD / 5n, "beyond close-out");
    assert.equal(story.terms?.severityWad, 10n ** 16n + (used * 200n) / 10_000n);
    assert.equal(story.terms?.timeWad, 10n ** 16n);
    assert.include(renderStories([story]), "No margin call stood.");
  });

  it("of several legs and debts says which one a maximum limited, and how much of the least was done", async () => {
    const scene = await twoOfEach();
    const { alice, keeper, prices, waits } = scene;
    await prices({ WETH: 1_600n * USD_8D, WBTC: 40_000n * USD_8D });
    await keeper.callsFor(alice.account);
    await waits(2 * HOUR_FOR + MINUTE_FOR);
    const receipt = await liquidate(scene, ["WETH", "USDC", 2_000n * USDC_6D], ["WBTC", "DAI"]);
    const story = await liquidationOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "exact" });
    const event = await receiptsOf(scene, receipt.blockNumber);
    assertLegs(story.legs, event.legs);
    const [first, second] = story.legs;
    assert(first !== undefined && second !== undefined);
    assert.equal(first.repaidAssets, 2_000n * USDC_6D);
    assert(first.extent.type === "limited" && first.extent.by === "maximum");
    assert.equal(first.extent.openAssets, (first.leastValue + 10n ** 12n - 1n) / 10n ** 12n);
    assert.deepEqual(second.extent, { type: "least" });
    const repaid = first.repaidAssets * 10n ** 12n + second.repaidAssets;
    assert.equal(
      story.least?.doneToLeastWad,
      (repaid * WAD + (story.least?.repaidValue ?? 1n) - 1n) / (story.least?.repaidValue ?? 1n),
    );
    assert((story.least?.doneToLeastWad ?? WAD) < WAD, "the maximum kept it from the target");
    assert((second.terms?.shapedWad ?? WAD) < (first.terms?.shapedWad ?? 0n), "narrower");
    assert.include(renderStories([story]), "limited by the liquidator's own maximum");
  });

  it("says what dust extended", async () => {
    const dusty: LocalOptions = {
      adjust: (params) => ({ ...params, risk: { ...params.risk, dustValue: 20_000n } }),
    };
    const scene = await oneOfEach(dusty);
    await scene.prices({ WETH: 1_950n * USD_8D });
    const receipt = await liquidate(scene, ["WETH", "USDC"]);
    const story = await liquidationOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "exact" });
    const [leg] = story.legs;
    assert(leg?.extent.type === "dust");
    assert.equal(leg.extent.extraValue, leg.repaidAssets * 10n ** 12n - leg.leastValue);
    assert.equal(leg.debtAssets, 0n, "the whole debt was repaid");
    const text = renderStories([story]);
    assert.include(text, "no debt is left");
    assert.include(text, "dust, which is taken along");
  });

  it("says what the throttle of a thin market limited", async () => {
    // an account may lose half of half the depth in an hour: 10,000 USD; x* is about 12,400
    const thin: LocalOptions = {
      adjust: (params) => ({
        ...params,
        assets: params.assets.map((asset) => ({ ...asset, cap: "20" })),
        pairs: params.pairs.map((pair) => ({ ...pair, depth: "40_000" })),
      }),
    };
    const scene = await oneOfEach(thin, "17720");
    await scene.prices({ WETH: 1_950n * USD_8D });
    const receipt = await liquidate(scene, ["WETH", "USDC"]);
    const story = await liquidationOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "exact" });
    const [leg] = story.legs;
    assert(leg?.extent.type === "limited" && leg.extent.by === "throttle");
    assert(leg.seizedValue <= 10_000n * WAD && leg.seizedValue > 9_999n * WAD);
    assert.equal(leg.extent.openAssets, (leg.leastValue + 10n ** 12n - 1n) / 10n ** 12n);
    assert.equal(story.least?.doneToLeastWad, WAD, "the reference plan is throttled, too");
  });

  it("forgets the bonus of the episode's first liquidation when prices fell further", async () => {
    const scene = await oneOfEach();
    await scene.prices({ WETH: 1_990n * USD_8D });
    await liquidate(scene, ["WETH", "USDC", 500n * USDC_6D]);
    const first = await scene.read(scene.alice.account);
    await scene.prices({ WETH: 1_950n * USD_8D });
    const receipt = await liquidate(scene, ["WETH", "USDC"]);
    const story = await liquidationOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "exact" });
    assert((story.terms?.severityWad ?? 0n) > first.episode.bonusMostWad, "prices fell further");
    assert.equal(story.terms?.bonusWad, story.terms?.severityWad);
    assert.notInclude(renderStories([story]), "the bonus of the episode's first liquidation");
  });

  for (const order of ["before", "after"] as const) {
    it(`is exact when the price of another collateral moves in the same block, ${order} it`, async () => {
      const scene = await twoOfEach();
      const { system, alice, keeper, prices } = scene;
      await prices({ WETH: 1_500n * USD_8D, WBTC: 40_000n * USD_8D });
      const at = BigInt((await system.provider.getBlock("latest"))?.timestamp ?? 0);
      const price = () =>
        system.asset("WBTC").aggregator.push(39_000n * USD_8D, at, { gasLimit: 500_000n });
      const asset = system.asset("WETH").address;
      const leg = { asset, pool: 0n, maxRepaidAssets: MaxUint256, minimumOut: 0n };
      const act = () =>
        keeper.vault.liquidate(alice.account, [leg], MaxUint256, MaxUint256, keeper.address, "0x", {
          gasLimit: 3_000_000n,
        });
      const [first, second] = order === "before" ? [price, act] : [act, price];
      const sent = await together(scene, first, second);
      const receipt = order === "before" ? sent[1] : sent[0];
      assert.equal(sent[0].blockNumber, sent[1].blockNumber);
      const story = await liquidationOf(scene, receipt.hash);
      assert.deepEqual(story.picture, { type: "exact" });
      assert.equal(
        story.before?.collaterals[1]?.price,
        (order === "before" ? 39_000n : 40_000n) * 10n ** 28n,
      );
    });
  }
});

type Send = () => Promise<ContractTransactionResponse>;

/** Two transactions in one block, in this order: the node takes them as they came. */
async function together(
  { system }: Scene,
  first: Send,
  second: Send,
): Promise<readonly [ContractTransactionReceipt, ContractTransactionReceipt]> {
  const send: unknown = Reflect.get(system.provider, "send");
  assert(typeof send === "function");
  const ask = (method: string, ...values: unknown[]) =>
    Reflect.apply(send, system.provider, [method, values]);
  await ask("evm_setAutomine", false);
  const sent = [await first(), await second()] as const;
  await ask("evm_mine");
  await ask("evm_setAutomine", true);
  const receipts = [await sent[0].wait(), await sent[1].wait()] as const;
  assert(receipts[0] !== null && receipts[1] !== null);
  assert(receipts[0].index < receipts[1].index, "in this order");
  return [receipts[0], receipts[1]];
}

describe("the story of a liquidation whose rules changed in its block", () => {
  it("keeps the event's numbers, says that something moved, and tells no least", async () => {
    const scene = await oneOfEach();
    const { system, alice, keeper, prices } = scene;
    await prices({ WETH: 1_950n * USD_8D });
    const { rules } = await readMarket(system.vault);
    const governed = system.vault.connect(system.roles.governor);
    const raised = { ...rules, bonusMinBps: 200n };
    const asset = system.asset("WETH").address;
    const leg = { asset, pool: 0n, maxRepaidAssets: MaxUint256, minimumOut: 0n };
    const [, receipt] = await together(
      scene,
      () => governed.setRiskParameters(raised, { gasLimit: 500_000n }),
      () =>
        keeper.vault.liquidate(alice.account, [leg], MaxUint256, MaxUint256, keeper.address, "0x", {
          gasLimit: 3_000_000n,
        }),
    );
    const story = await liquidationOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "approximate" });
    const event = await receiptsOf(scene, receipt.blockNumber);
    assertLegs(story.legs, event.legs);
    assert.equal(story.coverageAfterWad, event.coverageAfterWad);
    assert.deepEqual(story.legs[0]?.extent, { type: "least" });
    assert.equal(story.least, undefined);
    assert.equal(story.terms, undefined);
    assert.include(renderStories([story]), "something else moved in between");
  });
});

describe("the story of a write-off", () => {
  it("has what was paid, what was lost, and who bears it, to the unit", async () => {
    const scene = await twoOfEach();
    const { system, keeper, prices } = scene;
    await prices({ WETH: 900n * USD_8D, WBTC: 25_000n * USD_8D });
    const before = [await keeper.balanceOf("USDC"), await keeper.balanceOf("DAI")] as const;
    const receipt = await writeOff(scene);
    const story = await writeOffOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "exact" });
    const [usdc, dai] = story.debts;
    assert(usdc !== undefined && dai !== undefined);
    assert.equal(before[0] - (await keeper.balanceOf("USDC")), usdc.repaidAssets);
    assert.equal(before[1] - (await keeper.balanceOf("DAI")), dai.repaidAssets);
    for (const debt of story.debts) {
      const { pool } = system.pool(debt.pool.cash.symbol);
      const [loss] = await pool.queryFilter(pool.filters.LossAbsorbed(), receipt.blockNumber);
      assert(loss !== undefined);
      assert.deepEqual(debt.layers, [
        { name: "fees", assets: loss.args.fromFeesAssets },
        { name: "setAside", assets: loss.args.fromSetAsideAssets },
        { name: "fund", assets: loss.args.fromFundAssets },
        { name: "lenders", assets: loss.args.fromLendersAssets },
      ]);
      assert.equal(debt.keptShares, 0n);
    }
    // 14,000 USD of collateral pay 14,000 / 1.01, pro rata over the debts
    assert.equal(story.totals.seizedValue, 14_000n * WAD);
    const paid = story.totals.repaidValue - (14_000n * WAD * 100n) / 101n;
    assert(paid >= 0n && paid < 10n ** 13n, `${paid}`);
    assert.equal(story.before?.health.collateralValue, 14_000n * WAD);
    assert(story.collaterals.every(({ left }) => left === undefined));
    assert.include(renderStories([story]), "the loss is borne by its fee reserve");
  });

  it("around a collateral that cannot be taken says what stays, with which debt, and why", async () => {
    const scene = await twoOfEach();
    const { system, alice, prices } = scene;
    await prices({ WETH: 900n * USD_8D, WBTC: 25_000n * USD_8D });
    const { vault, roles } = system;
    const wbtc = system.asset("WBTC");
    await (await vault.connect(roles.governor).setAssetPause(wbtc.address, false, true)).wait();
    const receipt = await writeOff(scene);
    const story = await writeOffOf(scene, receipt.hash);
    assert.deepEqual(story.picture, { type: "exact" });
    const [weth, kept] = story.collaterals;
    assert.equal(weth?.seizedAssets, 10n * WAD);
    assert.equal(kept?.seizedAssets, 0n);
    assert.equal(kept?.leftAssets, 20_000_000n);
    assert.equal(kept?.left, "paused");
    for (const { pool, keptAssets } of story.debts) {
      const owed = await vault.debtOf(alice.account, pool.id, { blockTag: receipt.blockNumber });
      assert(owed.assets > 0n);
      assert.equal(keptAssets, owed.assets);
    }
    const text = renderStories([story]);
    assert.include(text, "seizure paused: cannot be taken");
    assert.include(
      text.replaceAll(/\s+/g, " "),
      "0.2 WBTC could not be taken: the account keeps it",
    );
  });

  it("names a silent feed as the reason, too", async () => {
    const scene = await twoOfEach();
    const { system, alice, prices, waitsInSilence } = scene;
    await prices({ WETH: 900n * USD_8D, WBTC: 25_000n * USD_8D });
    await waitsInSilence(2 * HOUR_FOR); // beyond the max age of WBTC
    await system.setPrices({ WETH: 900n * USD_8D, USDC: USD_8D, DAI: USD_8D });
    const { row } = await scene.read(alice.account);
    assert.equal(row.status, "insolvent");
    const story = await writeOffOf(scene, (await writeOff(scene)).hash);
    assert.equal(story.collaterals[1]?.left, "stale");
    assert.deepEqual(story.picture, { type: "exact" });
  });
});

describe("a node without old states", () => {
  it("explains from the receipt alone, and says so", async () => {
    const scene = await oneOfEach();
    const receipt = await expired(scene);
    const { provider, vaultAddress } = scene.system;
    const full = await liquidationOf(scene, receipt.hash);
    const story = onlyOf(await explainLiquidation(forgetful(provider), vaultAddress, receipt.hash));
    assert(story.picture.type === "none");
    assert.include(story.picture.reason, "missing trie node");
    assert.equal(story.before, undefined);
    assert.equal(story.least, undefined);
    assert.deepEqual(story.cause, full.cause);
    assert.deepEqual(story.call, full.call);
    assert.deepEqual(story.totals, full.totals);
    assert.deepEqual(
      story.legs.map(({ extent }) => extent),
      full.legs.map(({ extent }) => extent),
    );
    assert.include(renderStories([story]), "ask an archive node");
  });

  it("tells a write-off from the receipt alone", async () => {
    const scene = await twoOfEach();
    await scene.prices({ WETH: 900n * USD_8D, WBTC: 25_000n * USD_8D });
    const receipt = await writeOff(scene);
    const full = await writeOffOf(scene, receipt.hash);
    const { provider, vaultAddress } = scene.system;
    const [story] = await explainLiquidation(forgetful(provider), vaultAddress, receipt.hash);
    assert(story?.type === "writeOff" && story.picture.type === "none");
    assert.deepEqual(story.debts, full.debts);
    assert.deepEqual(story.totals, full.totals);
    const after = await readAccount(scene.system.vault, scene.alice.account);
    assert.equal(after.row.debtValue, 0n);
    assert.include(renderStories([story]), "insolvent");
  });
});

/** The same node, after it dropped the states of all blocks but the latest. */
function forgetful(provider: Provider): Provider {
  const refusal = Object.assign(new Error("could not coalesce error"), {
    code: "UNKNOWN_ERROR",
    error: { code: -32_000, message: "missing trie node 12ab (path )" },
  });
  return new Proxy(provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name !== "call") return value.bind(target);
      return (request: { readonly blockTag?: unknown }) => {
        const { blockTag = "latest" } = request;
        if (blockTag !== "latest") return Promise.reject(refusal);
        return Reflect.apply(value, target, [request]);
      };
    },
  });
}
