// How long a keeper's look takes in memory, by how many accounts it follows: machine time, so never twice the same.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { KeeperTime } from "../../bench/scale/keeperTime.ts";
import { findTasks, type Observation } from "../../keeper/tasks.ts";
import { doubtfulAmong, type Sighting } from "../../keeper/watch.ts";
import type { AccountId } from "../../sdk/accountId.ts";
import type { RiskParameters, Snapshot } from "../../sdk/snapshot.ts";
import { accountAt, judge, LATER, makeSightings, makeSnapshots } from "./population.ts";

/** Accounts that are timed together, at least: the clock is coarse for fewer. */
const TIMED_ACCOUNTS = 200_000;
const LEAST_PASSES = 5;
const MOST_PASSES = 101;
/** More snapshots than this do not fit beside each other: they are evaluated again and again. */
const MOST_SNAPSHOTS = 100_000;

/** Times the filter, the evaluation and the finding of tasks for so many accounts. */
export function timeKeeper(accounts: number, rules: RiskParameters): KeeperTime {
  const collect = garbageCollector();
  const emptyBytes = heapAfter(collect);
  const { active, sightings } = remember(accounts, rules);
  const sightingBytes = (heapAfter(collect) - emptyBytes) / accounts;
  const { prices, nowAt } = LATER;
  const doubtful = doubtfulAmong(active, sightings, prices, nowAt).length;
  const filterMs = medianMs(accounts, () => doubtfulAmong(active, sightings, prices, nowAt));
  const rows = [...sightings.values()].map(({ row }) => row);
  const observation: Observation = { nowAt, rows, assets: [], rules, slowMovedAt: new Map() };
  const tasks = findTasks(observation).length;
  const tasksMs = medianMs(accounts, () => findTasks(observation));
  active.clear();
  sightings.clear();
  rows.length = 0;
  const evaluateMs = timeEvaluation(accounts, rules);
  return { accounts, filterMs, evaluateMs, tasksMs, doubtful, tasks, sightingBytes };
}

interface Memory {
  readonly active: Set<AccountId>;
  readonly sightings: Map<AccountId, Sighting>;
}

/** As the keeper holds them: a set of accounts and a map of what was read. */
function remember(accounts: number, rules: RiskParameters): Memory {
  const active = new Set<AccountId>();
  const sightings = new Map<AccountId, Sighting>();
  for (const sighting of makeSightings(accounts, rules)) {
    active.add(sighting.row.account);
    sightings.set(sighting.row.account, sighting);
  }
  return { active, sightings };
}

function timeEvaluation(accounts: number, rules: RiskParameters): number {
  const snapshots: readonly Snapshot[] = [...makeSnapshots(Math.min(accounts, MOST_SNAPSHOTS))];
  const account = accountAt(0);
  return medianMs(accounts, () => {
    let uncovered = 0;
    for (let done = 0; done < accounts; done += snapshots.length) {
      for (const snapshot of snapshots) {
        if (judge(account, snapshot, rules).status !== "healthy") uncovered += 1;
      }
    }
    return uncovered;
  });
}

/** Middle of several passes over all accounts, after as many accounts again to warm up [ms] */
function medianMs(accounts: number, pass: () => unknown): number {
  const wanted = Math.ceil(TIMED_ACCOUNTS / accounts);
  const passes = Math.min(Math.max(wanted, LEAST_PASSES), MOST_PASSES);
  for (let warmUp = 0; warmUp < Math.min(wanted, MOST_PASSES); warmUp++) pass();
  const times = Array.from({ length: passes }, () => {
    const startedMs = performance.now();
    pass();
    return performance.now() - startedMs;
  });
  return times.sort((a, b) => a - b)[Math.floor(passes / 2)] ?? 0;
}

function heapAfter(collect: () => void): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Node hides its collector behind a flag, which may be set while it runs. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
