// The planner against the real vault: random accounts on a local deployment, a fall in prices, and what the plan predicts is
// what the chain does, to the unit. `PARITY_ACCOUNTS` and `PARITY_SEED` choose how many accounts, and which.
import { expect } from "chai";
import type { ContractTransactionReceipt, Result, Signer } from "ethers";
import { network } from "hardhat";
import type { Parameters } from "../../deploy/schema.ts";
import { makeRandom, type Random } from "../../scripts/demo/random.ts";
import { deployLocalSystem, type LocalAsset, type LocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import type { LegChoice, LiquidationRules } from "../../sdk/liquidationRun.ts";
import { max, min, UINT256_MAX } from "../../sdk/mathLib.ts";
import {
  leastLiquidation,
  type PlannedLiquidation,
  previewLiquidation,
} from "../../sdk/planner.ts";
import { readMarket } from "../../sdk/market.ts";
import { type AccountView, readAccount, liquidationRulesOf, standingOf } from "../../sdk/reader.ts";
import type { Snapshot } from "../../sdk/snapshot.ts";
import { type PlannedWriteOff, writeOffPlan } from "../../sdk/writeOff.ts";
import { positiveInteger } from "./compare.ts";

const ACCOUNTS = positiveInteger("PARITY_ACCOUNTS", 24);
const SEED = positiveInteger("PARITY_SEED", 20_200_312);
const DOLLAR_8D = 10n ** 8n;
const BPS = 10_000n;
/** Estimates are made at the time of the latest block, where no interest is due yet: too low for the next one. */
const GAS = { gasLimit: 10_000_000n } as const;
const PRICES: Readonly<Record<string, bigint>> = {
  WETH: 2_500n * DOLLAR_8D,
  WBTC: 60_000n * DOLLAR_8D,
  LINK: 15n * DOLLAR_8D,
};
/** USD that an account pledges of one collateral, at most; beyond the first size segments of `THIN` markets. */
const PLEDGE_MOST = 180_000;

/** Markets so thin that an account meets size haircuts, and a debt that counts for more than it is. */
const THIN: Readonly<Record<string, { readonly depth: string; readonly cap: string }>> = {
  WETH: { depth: "100_000", cap: "79" },
  WBTC: { depth: "160_000", cap: "5" },
  LINK: { depth: "200_000", cap: "26_000" },
};
const DAI_FACTOR_PPM = 1_020_000n;

describe("parity: the planner and the vault", function () {
  this.timeout(600_000);

  let system: LocalSystem;
  let owner: Signer;
  let keeper: Signer;
  let restore: () => Promise<void>;
  let samePlace: () => Promise<void>; // the next block has the time of the latest
  let pass: (elapsedFor: bigint) => Promise<void>;

  before(async () => {
    const { ethers, networkHelpers } = await network.create({
      override: { allowBlocksWithSameTimestamp: true },
    });
    system = await deployLocalSystem(await ethers.getSigners(), {
      assets: Object.keys(PRICES),
      pools: ["USDC", "DAI"],
      adjust: withThinMarkets,
    });
    [owner, keeper] = await openForBusiness(system);
    const snapshot = await networkHelpers.takeSnapshot();
    restore = () => snapshot.restore();
    samePlace = async () =>
      networkHelpers.time.setNextBlockTimestamp(await networkHelpers.time.latest());
    pass = (elapsedFor) => networkHelpers.time.increase(elapsedFor).then(() => undefined);
  });

  it("liquidates, with the planner's legs or anyone's, and writes off as planned", async () => {
    const { rules: parameters } = await readMarket(system.vault);
    const seen = { planned: 0, chosen: 0, refused: 0, severalLegs: 0, expired: 0, writtenOff: 0 };
    for (let number = 0; number < ACCOUNTS; number++) {
      await restore();
      const random = makeRandom(SEED, number);
      const account = toAccountId(await owner.getAddress(), BigInt(number));
      await pledgeAndBorrow(system, owner, account, random);
      const isCalled = await letPricesFall(system, account, random, pass);
      const view = await readAccount(system.vault, account);
      const rules = liquidationRulesOf(view, parameters);
      if (view.row.status === "insolvent") {
        await expectWriteOff(view, rules);
        seen.writtenOff += 1;
      } else if (random.uniform() < 0.5) {
        const plan = await expectLeast(view, rules, number);
        seen.planned += 1;
        if (plan.legs.length > 1) seen.severalLegs += 1;
        if (plan.cause === "expired") seen.expired += 1;
        expect(plan.cause === "expired" ? isCalled : true).to.equal(true);
      } else {
        const isRefused = await expectChosen(view, rules, random);
        seen[isRefused ? "refused" : "chosen"] += 1;
      }
    }
    if (ACCOUNTS < 20) return;
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).to.be.greaterThan(0);
  });

  async function expectLeast(
    view: AccountView,
    rules: LiquidationRules,
    number: number,
  ): Promise<PlannedLiquidation> {
    const plan = leastLiquidation(view.snapshot, rules, standingOf(view, await nowAt()));
    expect(plan.type, `account ${number}`).to.equal("liquidate");
    if (plan.type !== "liquidate") throw new Error(`account ${number}: ${plan.type}`);
    await expectLiquidation(view, plan);
    return plan;
  }

  /** legs as anybody may choose them; returns whether planner and chain refuse them */
  async function expectChosen(
    view: AccountView,
    rules: LiquidationRules,
    random: Random,
  ): Promise<boolean> {
    const legs = chooseLegs(view.snapshot, random);
    const plan = previewLiquidation(view.snapshot, rules, standingOf(view, await nowAt()), legs);
    if (plan.type === "liquidate") {
      await expectLiquidation(view, plan);
      return false;
    }
    expect(plan.type).to.equal("blocked");
    await samePlace();
    const refused = await liquidate(view, legs).then(
      () => "accepted",
      () => "refused",
    );
    expect(refused).to.equal("refused");
    return true;
  }

  async function expectLiquidation(view: AccountView, plan: PlannedLiquidation): Promise<void> {
    await samePlace();
    const event = eventOf(system, await liquidate(view, plan.legs), "Liquidated");
    expectRows(
      event.args.legs,
      plan.receipts.map(({ collateral: _, debt: __, ...expected }) => expected),
    );
    expect(event.args.coverageBeforeWad).to.equal(plan.coverageBeforeWad);
    expect(event.args.coverageAfterWad).to.equal(plan.coverageAfterWad);
    const { episodeTargetBps } = await readAccount(system.vault, view.row.account);
    expect(event.args.targetBps).to.equal(plan.targetBps);
    expect(episodeTargetBps).to.be.oneOf([plan.targetBps, 0n]); // 0: the episode ended at the initial line
  }

  async function expectWriteOff(view: AccountView, rules: LiquidationRules): Promise<void> {
    const plan: PlannedWriteOff | { readonly type: string } = writeOffPlan(
      view.snapshot,
      rules,
      await nowAt(),
    );
    if (!("settled" in plan)) throw new Error(`a write-off is planned as ${plan.type}`);
    await samePlace();
    const sent = await system.vault.connect(keeper).writeOff(
      view.row.account,
      view.row.liquidations,
      plan.settled.map(({ repaidAssets }) => repaidAssets),
      plan.taken.map(({ seizedAssets }) => seizedAssets),
      UINT256_MAX,
      keeper,
      "0x",
      GAS,
    );
    const { args } = eventOf(system, await sent.wait(), "WrittenOff");
    expectRows(args.taken, plan.taken);
    expectRows(
      args.settled,
      plan.settled.map(({ lossShares: _, ...expected }) => expected),
    );
  }

  async function liquidate(
    view: AccountView,
    legs: readonly LegChoice[],
  ): Promise<ContractTransactionReceipt | null> {
    const { collaterals, debts } = view.snapshot;
    const sent = await system.vault.connect(keeper).liquidate(
      view.row.account,
      legs.map(({ collateral, debt, maxRepaidAssets }) => ({
        asset: collaterals[collateral]?.asset ?? "",
        pool: debts[debt]?.id ?? 0n,
        maxRepaidAssets,
        minimumOut: 0n,
      })),
      view.row.liquidations,
      UINT256_MAX,
      keeper,
      "0x",
      GAS,
    );
    return sent.wait();
  }

  async function nowAt(): Promise<bigint> {
    const block = await system.provider.getBlock("latest");
    return BigInt(block?.timestamp ?? 0);
  }
});

// ---- the world ----

function withThinMarkets(params: Parameters): Parameters {
  return {
    ...params,
    assets: params.assets.map((row) => ({ ...row, cap: THIN[row.symbol]?.cap ?? row.cap })),
    pairs: params.pairs.map((row) => ({ ...row, depth: THIN[row.asset]?.depth ?? row.depth })),
    pools: params.pools.map((row) =>
      row.asset === "DAI" ? { ...row, factorPpm: DAI_FACTOR_PPM } : row,
    ),
  };
}

/** Pools are full, owner and keeper have tokens and have let the vault pull them. */
async function openForBusiness(system: LocalSystem): Promise<[Signer, Signer]> {
  const [lender, owner, keeper] = system.actors;
  if (!lender || !owner || !keeper) throw new RangeError("found too few actors");
  for (const { symbol, decimals } of system.pools.map(({ asset }) => asset)) {
    await system.lend(symbol, lender, 1_000_000n * 10n ** BigInt(decimals));
  }
  for (const { symbol, decimals, token } of system.assets) {
    for (const actor of [owner, keeper]) {
      await system.mint(symbol, actor, 1_000_000n * 10n ** BigInt(decimals));
      await (await token.connect(actor).approve(system.vaultAddress, UINT256_MAX)).wait();
    }
  }
  return [owner, keeper];
}

/** One to three collaterals, then one or two debts up to a little below the initial line. */
async function pledgeAndBorrow(
  system: LocalSystem,
  owner: Signer,
  account: AccountId,
  random: Random,
): Promise<void> {
  const vault = system.vault.connect(owner);
  const collaterals = random.pick(Object.keys(PRICES), 1 + Math.floor(random.uniform() * 3));
  for (const symbol of collaterals) {
    const asset = system.asset(symbol);
    const dollars = BigInt(Math.floor(random.between(300, PLEDGE_MOST)));
    await (await vault.deposit(account, asset.address, unitsOf(asset, dollars))).wait();
  }
  const pools = random.pick(system.pools, 1 + Math.floor(random.uniform() * 2));
  const dollar = 10n ** 18n;
  await (
    await vault.borrow(account, pools[0]?.id ?? 0n, cashOf(pools[0]?.asset, 101n), owner, GAS)
  ).wait();
  const { opening } = await readAccount(system.vault, account);
  const room = ((opening.coverInitial - opening.requirement) * 95n) / (102n * dollar);
  const share = BigInt(Math.floor(random.between(10, 90)));
  const parts =
    pools.length === 1 ? [room] : [(room * share) / 100n, (room * (100n - share)) / 100n];
  for (const [place, part] of parts.entries()) {
    const pool = pools[place];
    if (pool === undefined || part < 101n) continue;
    const { coverInitial, requirement } = (await readAccount(system.vault, account)).opening;
    const free = ((coverInitial - requirement) * 94n) / (102n * dollar);
    await (
      await vault.borrow(account, pool.id, cashOf(pool.asset, min(part, free)), owner, GAS)
    ).wait();
  }
}

/** Prices fall until the account may be liquidated or written off; returns whether a call ran out on the way. */
async function letPricesFall(
  system: LocalSystem,
  account: AccountId,
  random: Random,
  pass: (elapsedFor: bigint) => Promise<void>,
): Promise<boolean> {
  const speeds = Object.fromEntries(
    Object.keys(PRICES).map((symbol) => [symbol, BigInt(Math.floor(random.between(10, 200)))]),
  );
  const isCrash = random.uniform() < 0.2;
  const issues = random.uniform() < 0.5;
  let isCalled = false;
  for (let step = isCrash ? 45n : 1n; ; step++) {
    await setPrices(system, speeds, step);
    const { row } = await readAccount(system.vault, account);
    if (row.status === "liquidatable" || row.status === "insolvent") return isCalled;
    if (row.status !== "callable" || !issues) continue;
    await (await system.vault.issueMarginCall(account, GAS)).wait();
    isCalled = true;
    await pass(7_201n + BigInt(Math.floor(random.between(0, 36_000))));
    await setPrices(system, speeds, step);
  }
}

async function setPrices(
  system: LocalSystem,
  speeds: Readonly<Record<string, bigint>>,
  step: bigint,
): Promise<void> {
  const prices = Object.entries(PRICES).map(([symbol, price]) => {
    const left = max(BPS - (speeds[symbol] ?? 0n) * step, 500n);
    return [symbol, (price * left) / BPS + 7n] as const;
  });
  const cash = system.pools.map(({ symbol }) => [symbol, DOLLAR_8D] as const);
  await system.setPrices(Object.fromEntries([...prices, ...cash]));
}

function unitsOf(asset: LocalAsset, dollars: bigint): bigint {
  const price8 = PRICES[asset.symbol] ?? DOLLAR_8D;
  return (dollars * 10n ** BigInt(asset.decimals) * DOLLAR_8D) / price8;
}

function cashOf(asset: LocalAsset | undefined, dollars: bigint): bigint {
  return dollars * 10n ** BigInt(asset?.decimals ?? 18) + 1n;
}

/** One to four legs on any pairs, each with any maximum. */
function chooseLegs(snapshot: Snapshot, random: Random): readonly LegChoice[] {
  const pairs = [...snapshot.collaterals.keys()].flatMap((collateral) =>
    [...snapshot.debts.entries()].map(([debt, line]) => ({ collateral, debt, owed: line.assets })),
  );
  return random.pick(pairs, 1 + Math.floor(random.uniform() * 4)).map(({ owed, ...pair }) => {
    const share = BigInt(Math.floor(random.between(1, 10_000)));
    const small = owed / 10_000n / share;
    const maxRepaidAssets = random.pick([UINT256_MAX, (owed * share) / BPS, small], 1)[0] ?? 0n;
    return { ...pair, maxRepaidAssets };
  });
}

/** The rows of an event say what is expected, field by field; nothing more, nothing less. */
function expectRows(found: unknown, expected: readonly object[]): void {
  const rows = (found as readonly Result[]).map((row) => row.toObject());
  expect(rows).to.deep.equal(expected.map((row) => ({ ...row })));
}

interface Found {
  readonly args: Readonly<Record<string, unknown>>;
}

function eventOf(
  system: LocalSystem,
  receipt: ContractTransactionReceipt | null,
  name: string,
): Found {
  for (const log of receipt?.logs ?? []) {
    const parsed = system.vault.interface.parseLog(log);
    if (parsed?.name === name) return { args: parsed.args.toObject() };
  }
  throw new Error(`${name} found in no log of the transaction`);
}
