import { expect } from "chai";
import { getAddress } from "ethers";
import fc from "fast-check";
import { ConfigError, parseConfig, type RawOptions } from "../../keeper/config.ts";
import { findTasks, type Observation, type Task } from "../../keeper/tasks.ts";
import type { AccountId } from "../../sdk/accountId.ts";
import type { AssetView } from "../../sdk/market.ts";
import type { HealthRow } from "../../sdk/reader.ts";
import { ACCOUNT_STATUSES } from "../../sdk/reader.ts";

const WAD = 10n ** 18n;
const NOW = 1_700_000_000n;

const RULES = {
  closeOutBps: 20_00n,
  targetShareBps: 60_00n,
  targetMinBps: 10n,
  targetMaxBps: 25_00n,
  bonusMinBps: 1_00n,
  bonusPerUsedBps: 8_00n,
  bonusPerHourBps: 1_00n,
  feeBps: 50n,
  cureMinFor: 600n,
  cureMaxFor: 7_200n,
  roundingValue: 10n,
  minimumTransferValue: 100n,
  dustValue: 100n,
  throttleBps: 5_000n,
};

function accountOf(number: number): AccountId {
  return `0x${number.toString(16).padStart(64, "0")}`;
}

/** An account that owes 10,000 USD, has 9,000 of cover at the initial line and 9,990 at maintenance. */
function row(fields: Partial<HealthRow>): HealthRow {
  return {
    account: accountOf(1),
    status: "healthy",
    collateralValue: 12_000n * WAD,
    debtValue: 10_000n * WAD,
    coverInitial: 9_000n * WAD,
    coverMaintenance: 9_990n * WAD,
    requirement: 10_000n * WAD,
    usedWad: WAD / 100n,
    deadline: 0n,
    liquidations: 0n,
    version: 1n,
    heldAssets: 1n,
    owedAssets: 2n,
    ...fields,
  };
}

function asset(fields: Partial<AssetView>): AssetView {
  return {
    asset: `0x${"11".repeat(20)}`,
    id: 0n,
    totalAssets: 0n,
    capAssets: 0n,
    supplyPaused: false,
    seizurePaused: false,
    isWorthless: false,
    feed: `0x${"22".repeat(20)}`,
    maxAgeFor: 3_600n,
    lowestAnswer: 1n,
    highestAnswer: 2n ** 100n,
    secondFeed: `0x${"00".repeat(20)}`,
    price: 2_000n * WAD,
    slowPrice: 2_000n * WAD,
    isFresh: true,
    priceBeforeJump: 0n,
    jumpEndsAt: 0n,
    rate: undefined,
    ...fields,
  };
}

function tasksOf(rows: readonly HealthRow[], more: Partial<Observation> = {}): readonly Task[] {
  return findTasks({
    nowAt: NOW,
    rows,
    assets: [],
    rules: RULES,
    slowMovedAt: new Map(),
    ...more,
  });
}

function typesOf(tasks: readonly Task[]): readonly string[] {
  return tasks.map(({ type }) => type);
}

describe("findTasks", () => {
  it("leaves healthy and unpriced accounts alone", () => {
    expect(tasksOf([row({}), row({ status: "unpriced" })])).to.deep.equal([]);
  });

  it("calls an account below maintenance, unless the amount is below the minimum", () => {
    expect(tasksOf([row({ status: "callable" })])).to.deep.equal([
      { type: "issue", account: accountOf(1), reason: "uncalled", valueAtRisk: 10_000n * WAD },
    ]);
    // 81 USD missing are 90 rounded up: below the minimum of 100 = min(100, 1 % of 10,000)
    const small = { status: "callable", coverInitial: 9_919n * WAD } as const;
    expect(tasksOf([row(small)])).to.deep.equal([]);
    expect(typesOf(tasksOf([row({ ...small, debtValue: 9_000n * WAD })]))).to.deep.equal(["issue"]);
  });

  it("calls again only when that shortens the call by a tenth and a minute", () => {
    // half of the way to close-out: 3,600 s
    const called = { status: "called", usedWad: WAD / 10n } as const;
    const withLeft = (left: bigint) => typesOf(tasksOf([row({ ...called, deadline: NOW + left })]));
    expect(withLeft(3_600n)).to.deep.equal([]);
    expect(withLeft(3_999n)).to.deep.equal([]);
    expect(withLeft(4_000n)).to.deep.equal(["issue"]);
    // near close-out: 600 s
    const near = { status: "called", usedWad: (WAD * 199n) / 1_000n } as const;
    expect(tasksOf([row({ ...near, deadline: NOW + 659n })])).to.deep.equal([]);
    expect(typesOf(tasksOf([row({ ...near, deadline: NOW + 667n })]))).to.deep.equal(["issue"]);
  });

  it("clears a call: cures at the initial line, pauses a running clock, else leaves it", () => {
    const paused = row({ status: "paused", coverMaintenance: 10_100n * WAD });
    expect(tasksOf([paused])).to.deep.equal([]);
    expect(tasksOf([{ ...paused, deadline: NOW + 60n }])).to.deep.include.members([
      { type: "clear", account: accountOf(1), reason: "pause", valueAtRisk: 10_000n * WAD },
    ]);
    expect(tasksOf([{ ...paused, coverInitial: 10_000n * WAD }])).to.deep.include.members([
      { type: "clear", account: accountOf(1), reason: "cure", valueAtRisk: 10_000n * WAD },
    ]);
  });

  it("liquidates and writes off with the number of liquidations that it saw", () => {
    const rows = [
      row({ status: "liquidatable", liquidations: 7n }),
      row({ account: accountOf(2), status: "insolvent", liquidations: 4_095n }),
    ];
    const tasks = tasksOf(rows);
    expect(tasks[0]).to.include({ type: "liquidate", liquidations: 7n });
    expect(tasks[1]).to.include({ type: "writeOff", liquidations: 4_095n });
  });

  it("looks at rates whose line or highest rate is a day's growth off", () => {
    const rate = {
      provider: `0x${"33".repeat(20)}`,
      selector: "0x679aefce",
      shareUnit: 1n,
      decimals: 18n,
      growthPpm: 100n,
      rateWad: WAD,
      allowedWad: WAD,
      lineWad: WAD,
      highestWad: WAD,
      growthWadPerDay: 100n,
      movedAt: NOW,
    };
    const idle = asset({ rate: { ...rate, allowedWad: WAD + 799n, rateWad: WAD + 99n } });
    const high = asset({ id: 1n, rate: { ...rate, allowedWad: WAD + 800n } });
    const grown = asset({ id: 2n, rate: { ...rate, allowedWad: WAD + 500n, rateWad: WAD + 100n } });
    const fallen = asset({ id: 3n, rate: { ...rate, allowedWad: WAD + 799n, rateWad: 1n } });
    const tasks = tasksOf([], { assets: [idle, high, grown, fallen] });
    expect(tasks).to.deep.equal([
      { type: "updateSlowAverages", assetIds: [1n, 2n], valueAtRisk: 0n },
    ]);
  });

  it("moves slow averages that are half a point from spot, every ten minutes", () => {
    const near = asset({ slowPrice: 2_010n * WAD });
    const far = asset({ id: 1n, slowPrice: 2_011n * WAD });
    const low = asset({ id: 2n, slowPrice: 1_500n * WAD });
    const stale = asset({ id: 3n, slowPrice: 1_500n * WAD, isFresh: false });
    const assets = [near, far, low, stale];
    expect(tasksOf([], { assets })).to.deep.equal([
      { type: "updateSlowAverages", assetIds: [1n, 2n], valueAtRisk: 0n },
    ]);
    const moved = new Map([
      [1n, NOW - 599n],
      [2n, NOW - 600n],
    ]);
    const [again] = tasksOf([], { assets, slowMovedAt: moved });
    expect(again).to.deep.include({ assetIds: [2n] });
  });

  it("puts what is due first, and of that the largest debt", () => {
    const rows = [
      row({ account: accountOf(1), status: "callable", debtValue: 9_000_000n * WAD }),
      row({ account: accountOf(2), status: "liquidatable", debtValue: 5_000n * WAD }),
      row({ account: accountOf(3), status: "insolvent", debtValue: 6_000n * WAD }),
      row({ account: accountOf(4), status: "paused", deadline: NOW }),
    ];
    const assets = [asset({ slowPrice: 1n })];
    const tasks = tasksOf(rows, { assets });
    expect(typesOf(tasks)).to.deep.equal([
      "writeOff",
      "liquidate",
      "issue",
      "clear",
      "updateSlowAverages",
    ]);
  });

  it("gives each account at most one task, in an order that does not depend on the rows' order", () => {
    const rowArbitrary = fc.record({
      status: fc.constantFrom(...ACCOUNT_STATUSES),
      debtValue: fc.bigInt(1n, 10n ** 30n),
      coverInitial: fc.bigInt(0n, 10n ** 30n),
      deadline: fc.bigInt(0n, 2n * NOW),
      usedWad: fc.bigInt(-10n * WAD, 10n * WAD),
    });
    fc.assert(
      fc.property(fc.array(rowArbitrary, { maxLength: 20 }), (fields) => {
        const rows = fields.map((some, place) => row({ ...some, account: accountOf(place + 1) }));
        const tasks = tasksOf(rows);
        const accounts = tasks.map((task) => ("account" in task ? task.account : ""));
        expect(new Set(accounts).size).to.equal(accounts.length);
        const ranked = (some: readonly Task[]) =>
          some.map(({ type, valueAtRisk }) => [type, valueAtRisk]);
        const distinct = new Set(rows.map(({ debtValue }) => debtValue)).size === rows.length;
        if (distinct) expect(ranked(tasksOf(rows.toReversed()))).to.deep.equal(ranked(tasks));
      }),
    );
  });
});

const GOOD: RawOptions = { rpc: "http://127.0.0.1:8545", vault: `0x${"11".repeat(20)}` };
const KEY = `0x${"12".repeat(32)}`;

function issuesOf(options: RawOptions, environment: Readonly<Record<string, string>>) {
  try {
    parseConfig(options, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  throw new Error("the options were accepted");
}

describe("keeper config", () => {
  it("has defaults, and is frozen", () => {
    const config = parseConfig(GOOD, { KEEPER_PRIVATE_KEY: KEY });
    expect(config).to.include({
      mode: "send",
      runs: "forever",
      pollIntervalMs: 4_000,
      slippageBps: 100n,
      swapFeePpm: 500,
      refreshIntervalFor: 21_600n,
      refreshGas: 10_000_000n,
      sleeveGas: 10_000_000n,
      keepsShares: false,
      privateKey: KEY,
    });
    expect(Object.isFrozen(config)).to.equal(true);
    expect(config).to.not.have.property("fromBlock");
  });

  it("reads everything it is told", () => {
    const told = {
      ...GOOD,
      dryRun: true,
      once: true,
      fromBlock: "12",
      pollIntervalMs: "250",
      minProfitUsd: "2.5",
      maxAllowance: "1000",
      nativePriceUsd: "3000",
      liquidator: `0x${"ab".repeat(20)}`,
      slippageBps: "30",
      swapFeePpm: "3000",
      refreshIntervalMin: "90",
      refreshGas: "0",
      sleeveGas: "3000000",
      keepShares: true,
      logLevel: "debug",
    };
    expect(parseConfig(told, {})).to.include({
      mode: "dry-run",
      runs: "once",
      fromBlock: 12,
      pollIntervalMs: 250,
      minProfitValue: 2_500_000_000_000_000_000n,
      maxAllowance: "1000",
      nativePriceValue: 3_000n * WAD,
      liquidator: getAddress(`0x${"ab".repeat(20)}`),
      slippageBps: 30n,
      swapFeePpm: 3_000,
      refreshIntervalFor: 5_400n,
      refreshGas: 0n,
      sleeveGas: 3_000_000n,
      keepsShares: true,
      logLevel: "debug",
    });
  });

  it("lists all that is wrong: name, rule, value", () => {
    const wrong = {
      rpc: "wss://node",
      vault: `0x${"aB".repeat(20)}`,
      pollIntervalMs: "1e3",
      minProfitUsd: "-1",
      liquidator: "0x12",
      slippageBps: "2001",
      swapFeePpm: "0",
      refreshIntervalMin: "0",
      refreshGas: "-1",
      sleeveGas: "1.5",
      logLevel: "loud",
    };
    const issues = issuesOf(wrong, { KEEPER_PRIVATE_KEY: KEY });
    expect(issues.map(({ name }) => name)).to.have.members([
      "--rpc",
      "--vault",
      "--poll-interval-ms",
      "--min-profit-usd",
      "--liquidator",
      "--slippage-bps",
      "--swap-fee-ppm",
      "--refresh-interval-min",
      "--refresh-gas",
      "--sleeve-gas",
      "--log-level",
    ]);
    for (const { rule } of issues) expect(rule).to.not.equal("");
    const values = issues.map(({ value }) => value).join(" ");
    expect(values).to.include('"1e3"').and.include('"loud"').and.not.include("wss://node");
  });

  it("names the variable of the key, never the key", () => {
    expect(issuesOf(GOOD, {})[0]).to.include({ name: "KEEPER_PRIVATE_KEY" });
    const other = { ...GOOD, privateKeyEnv: "OTHER" };
    const [issue] = issuesOf(other, { OTHER: `${KEY}00` });
    expect(issue).to.include({ name: "OTHER", value: "68 secret characters" });
    expect(parseConfig(other, { OTHER: KEY })).to.include({ privateKey: KEY });
  });
});
