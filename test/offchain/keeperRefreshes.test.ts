import { expect } from "chai";
import {
  findRefreshes,
  keyOf,
  type Measured,
  type MeasuredAsset,
  type MeasuredPair,
  phaseOfRefresh,
  type RefreshTask,
  spacingOf,
} from "../../keeper/refreshes.ts";
import type { HaircutView, PairModel } from "../../sdk/measures.ts";

const NOW_AT = 1_000_000n;
const INTERVAL_FOR = 21_600n;
const DAY_FOR = 86_400n;
const PHASE_1 = 1n << 64n;
const PHASE_2 = 2n << 64n;
const NONE: ReadonlyMap<string, bigint> = new Map();

const MODEL: PairModel = {
  floorVarianceWad: 0n,
  stressVarianceWad: 1n,
  horizonInitialFor: 432_000n,
  horizonMaintenanceFor: 172_800n,
  pegPpm: 0n,
  maxLagFor: DAY_FOR,
  highestDepthValue: 1n,
  isMeasured: true,
  isTracked: true,
  isPegged: false,
};

function haircut(change: Partial<HaircutView> = {}): HaircutView {
  return {
    model: MODEL,
    collateralWad: 1n,
    obligationWad: 1n,
    varianceWad: 1n,
    effectiveWad: 1n,
    initialVolatilityWad: 1n,
    maintenanceVolatilityWad: 1n,
    initialTargetPpm: 1n,
    maintenanceTargetPpm: 1n,
    observedAt: NOW_AT - INTERVAL_FOR,
    climbsFrom: NOW_AT - INTERVAL_FOR + DAY_FOR,
    movedAt: NOW_AT - INTERVAL_FOR,
    storedInitialPpm: 1n,
    storedMaintenancePpm: 1n,
    ...change,
  };
}

function asset(name: string, observedAt: bigint, round: bigint, latest: bigint): MeasuredAsset {
  return {
    asset: name,
    feed: name,
    measure: { varianceWad: 1n, round, observedAt, answer: 1n },
    latest: { round: latest, answer: 1n, updatedAt: NOW_AT },
    isJumping: false,
  };
}

function pair(collateral: string, observedAt: bigint, change: Partial<HaircutView> = {}) {
  return {
    collateral,
    obligation: "USDC",
    measure: {
      varianceWad: 1n,
      collateralRound: PHASE_1 | 5n,
      obligationRound: PHASE_1 | 5n,
      observedAt,
      collateralAnswer: 1n,
      obligationAnswer: 1n,
    },
    haircuts: [haircut(change)],
  } satisfies MeasuredPair;
}

const OLD_AT = NOW_AT - INTERVAL_FOR;
const FRESH_AT = NOW_AT - INTERVAL_FOR + 1n;

function found(measured: Measured, rests = NONE): readonly string[] {
  return findRefreshes(measured, NOW_AT, INTERVAL_FOR, rests, 66n).map(
    (task) => `${task.type} ${keyOf(task)}`,
  );
}

describe("findRefreshes", () => {
  const usdc = asset("USDC", FRESH_AT, PHASE_1 | 5n, PHASE_1 | 6n);

  it("waits for the interval, and for a new round", () => {
    const old = asset("WETH", OLD_AT, PHASE_1 | 5n, PHASE_1 | 6n);
    const same = asset("WETH", OLD_AT, PHASE_1 | 5n, PHASE_1 | 5n);
    const fresh = asset("WETH", FRESH_AT, PHASE_1 | 5n, PHASE_1 | 6n);
    const pairs = [pair("WETH", OLD_AT)];
    expect(found({ assets: [old, usdc], pairs })).to.deep.equal([
      "refresh WETH",
      "refreshPair WETH USDC",
    ]);
    expect(found({ assets: [same, usdc], pairs })).to.deep.equal([]);
    expect(found({ assets: [fresh, usdc], pairs: [pair("WETH", FRESH_AT)] })).to.deep.equal([]);
    const silent = { ...old, latest: undefined };
    expect(found({ assets: [silent, usdc], pairs })).to.deep.equal([]);
  });

  it("reads every round of an asset whose price jumped, rest or not", () => {
    const jumping = { ...asset("WETH", NOW_AT - 1n, PHASE_1 | 5n, PHASE_1 | 6n), isJumping: true };
    const rests = new Map([["WETH", NOW_AT + 1n]]);
    expect(found({ assets: [jumping, usdc], pairs: [] }, rests)).to.deep.equal(["refresh WETH"]);
    const read = { ...jumping, latest: { round: PHASE_1 | 5n, answer: 1n, updatedAt: NOW_AT } };
    expect(found({ assets: [read, usdc], pairs: [] })).to.deep.equal([]);
  });

  it("comes twice within the shortest lag, however long the interval", () => {
    const short = haircut({ model: { ...MODEL, maxLagFor: 7_200n } });
    const pairs = [pair("WETH", OLD_AT), { ...pair("WBTC", OLD_AT), haircuts: [short] }];
    expect(spacingOf({ assets: [], pairs }, INTERVAL_FOR)).to.equal(3_600n);
    expect(spacingOf({ assets: [], pairs: [] }, INTERVAL_FOR)).to.equal(INTERVAL_FOR);
  });

  it("puts first what would climb before the next turn", () => {
    const assets = [
      asset("WETH", OLD_AT, PHASE_1 | 5n, PHASE_1 | 6n),
      asset("WBTC", OLD_AT, PHASE_1 | 5n, PHASE_1 | 6n),
      usdc,
    ];
    const urgent = pair("WBTC", OLD_AT, { climbsFrom: NOW_AT + INTERVAL_FOR });
    expect(found({ assets, pairs: [pair("WETH", OLD_AT), urgent] })).to.deep.equal([
      "refreshPair WBTC USDC",
      "refresh WETH",
      "refresh WBTC",
      "refreshPair WETH USDC",
    ]);
  });

  it("lets an untracked pair follow its assets, with 0 rounds", () => {
    const assets = [asset("WETH", OLD_AT, PHASE_1 | 5n, PHASE_1 | 6n), usdc];
    const untracked = { ...pair("WETH", 0n), measure: undefined };
    const tasks = findRefreshes({ assets, pairs: [untracked] }, NOW_AT, INTERVAL_FOR, NONE, 66n);
    expect(tasks.map(({ type }) => type)).to.deep.equal(["refresh", "refreshPair"]);
    expect(tasks[1]).to.include({ maxRounds: 0n });
    const calm = [asset("WETH", FRESH_AT, PHASE_1 | 6n, PHASE_1 | 6n), usdc];
    expect(found({ assets: calm, pairs: [untracked] })).to.deep.equal([]);
    const moved = { ...untracked, haircuts: [haircut({ observedAt: NOW_AT })] };
    expect(found({ assets: calm, pairs: [moved] })).to.deep.equal(["refreshPair WETH USDC"]);
  });

  it("steps into the next phase of an obligation, and of what a refresh could not read on", () => {
    const next = asset("USDC", FRESH_AT, PHASE_1 | 5n, PHASE_2 | 1n);
    const assets = [asset("WETH", FRESH_AT, PHASE_1 | 5n, PHASE_1 | 5n), next];
    expect(found({ assets, pairs: [pair("WETH", FRESH_AT)] })).to.deep.equal([
      "enterPhase WETH USDC phase of USDC",
    ]);
    const refresh: RefreshTask = {
      type: "refresh",
      asset: "WETH",
      maxRounds: 1n,
      valueAtRisk: 0n,
    };
    expect(phaseOfRefresh(refresh, 7n)).to.include({
      type: "enterPhase",
      collateral: "WETH",
      obligation: `0x${"0".repeat(40)}`,
      asset: "WETH",
      round: 7n,
    });
  });

  it("leaves alone what rests", () => {
    const assets = [asset("WETH", OLD_AT, PHASE_1 | 5n, PHASE_1 | 6n), usdc];
    const pairs = [pair("WETH", OLD_AT)];
    const rests = new Map([["WETH", NOW_AT + 1n]]);
    expect(found({ assets, pairs }, rests)).to.deep.equal(["refreshPair WETH USDC"]);
    expect(found({ assets, pairs }, new Map([["WETH", NOW_AT]]))).to.have.length(2);
  });
});
