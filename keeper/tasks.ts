// What there is to do, from what was read. Pure: no chain, no clock; time is that of the block.
import type { AccountId } from "../sdk/accountId.ts";
import { amountUp, cureFor, leastAmount } from "../sdk/callClock.ts";
import { isCoveredInitially } from "../sdk/healthMath.ts";
import { BPS, max, min, WAD } from "../sdk/mathLib.ts";
import { lineAfter } from "../sdk/rateCap.ts";
import type { AssetView } from "../sdk/market.ts";
import type { HealthRow } from "../sdk/reader.ts";
import type { RiskParameters } from "../sdk/snapshot.ts";

/** One thing to do. `valueAtRisk` is what is owed by the account it is about [value]. */
export type Task =
  | {
      readonly type: "issue";
      readonly account: AccountId;
      readonly reason: "uncalled" | "shorten";
      readonly valueAtRisk: bigint;
    }
  | {
      readonly type: "clear";
      readonly account: AccountId;
      readonly reason: "pause" | "cure";
      readonly valueAtRisk: bigint;
    }
  | {
      readonly type: "liquidate";
      readonly account: AccountId;
      readonly liquidations: bigint;
      readonly valueAtRisk: bigint;
    }
  | {
      readonly type: "writeOff";
      readonly account: AccountId;
      readonly liquidations: bigint;
      readonly valueAtRisk: bigint;
    }
  /** an insolvent account that this keeper cannot write off now: the pools learn what it will lose */
  | {
      readonly type: "flagLoss";
      readonly account: AccountId;
      readonly valueAtRisk: bigint;
    }
  | {
      readonly type: "updateSlowAverages";
      readonly assetIds: readonly bigint[];
      readonly valueAtRisk: bigint;
    }
  /** the rounds of an asset's feed are read on */
  | {
      readonly type: "refresh";
      readonly asset: string;
      readonly maxRounds: bigint;
      readonly valueAtRisk: bigint;
    }
  /** the same of a pair; its haircuts follow. 0 rounds: from what is known */
  | {
      readonly type: "refreshPair";
      readonly collateral: string;
      readonly obligation: string;
      readonly maxRounds: bigint;
      readonly valueAtRisk: bigint;
    }
  /** reading goes on in a later phase of an asset's feed; obligation 0: of the asset's own measure */
  | {
      readonly type: "enterPhase";
      readonly collateral: string;
      readonly obligation: string;
      readonly asset: string;
      readonly round: bigint;
      readonly valueAtRisk: bigint;
    }
  /** accounts that wait for a sleeve get what it pays now */
  | {
      readonly type: "serveRecalls";
      readonly sleeve: string;
      readonly most: bigint;
      readonly valueAtRisk: bigint;
    }
  /** the buffer of a sleeve is short, or a venue of it is cut */
  | {
      readonly type: "refill";
      readonly sleeve: string;
      readonly venue: string;
      readonly valueAtRisk: bigint;
    }
  /** growth of venues that would not count for ever is recorded */
  | {
      readonly type: "touchSleeve";
      readonly sleeve: string;
      readonly valueAtRisk: bigint;
    }
  /** an account reuses more than its debt allows */
  | {
      readonly type: "trimReuse";
      readonly account: AccountId;
      readonly sleeve: string;
      readonly valueAtRisk: bigint;
    }
  /** shares of a sleeve that liquidations brought become its asset */
  | {
      readonly type: "redeemShares";
      readonly sleeve: string;
      readonly shares: bigint;
      readonly valueAtRisk: bigint;
    };

/** Work of an upkeep, which makes its own calls. */
export type UpkeepTask = Extract<
  Task,
  {
    type:
      | "refresh"
      | "refreshPair"
      | "enterPhase"
      | "serveRecalls"
      | "refill"
      | "touchSleeve"
      | "trimReuse"
      | "redeemShares";
  }
>;

/** What a look finds and judges one by one. */
export type LookTask = Exclude<Task, UpkeepTask>;

/** What was read at one block. */
export interface Observation {
  /** Time of the block [s] */
  readonly nowAt: bigint;
  readonly rows: readonly HealthRow[];
  readonly assets: readonly AssetView[];
  readonly rules: RiskParameters;
  /** When this keeper last moved the slow average of an asset, by its id [s] */
  readonly slowMovedAt: ReadonlyMap<bigint, bigint>;
}

/** A running call is called again only if that shortens it by a tenth of what is left, and by a minute: gas for less is wasted. */
const SHORTEN_SHARE = 10n;
const SHORTEN_LEAST_FOR = 60n;

/** A slow average further than this from spot is moved [bps of spot] */
const SLOW_DEVIATION_BPS = 50n;
/** A slow average moves at most a quarter of the distance at once, and all of that after this time [s] */
const SLOW_INTERVAL_FOR = 600n;

/** What comes first when a block has not room for all: whoever owes most of what is due now. */
const RANK: Readonly<Record<LookTask["type"], number>> = {
  liquidate: 0,
  writeOff: 0,
  flagLoss: 1,
  issue: 1,
  clear: 2,
  updateSlowAverages: 3,
};

/** Everything there is to do, the most urgent first; among equals the largest value at risk. */
export function findTasks(observation: Observation): readonly LookTask[] {
  const tasks = observation.rows
    .map((row) => taskFor(row, observation))
    .filter((task) => task !== undefined);
  const slow = slowTask(observation);
  return (slow === undefined ? tasks : [...tasks, slow]).sort(byUrgency);
}

function byUrgency(a: LookTask, b: LookTask): number {
  const rank = RANK[a.type] - RANK[b.type];
  if (rank !== 0) return rank;
  return a.valueAtRisk === b.valueAtRisk ? 0 : a.valueAtRisk > b.valueAtRisk ? -1 : 1;
}

function taskFor(row: HealthRow, { rules, nowAt }: Observation): LookTask | undefined {
  const { account, liquidations, debtValue: valueAtRisk } = row;
  switch (row.status) {
    case "healthy":
    case "unpriced":
      return undefined;
    case "callable":
      if (!isWorthACall(row, rules)) return undefined;
      return { type: "issue", account, reason: "uncalled", valueAtRisk };
    case "called":
      if (!canBeShortened(row, rules, nowAt)) return undefined;
      return { type: "issue", account, reason: "shorten", valueAtRisk };
    case "paused":
      return clearTask(row);
    case "liquidatable":
      return { type: "liquidate", account, liquidations, valueAtRisk };
    case "insolvent":
      return { type: "writeOff", account, liquidations, valueAtRisk };
    default:
      return row.status satisfies never;
  }
}

/** A covered account whose clock still runs is paused; one at its initial line is cured. */
function clearTask(row: HealthRow): LookTask | undefined {
  const { account, debtValue: valueAtRisk } = row;
  if (isCoveredInitially(row)) return { type: "clear", account, reason: "cure", valueAtRisk };
  if (row.deadline !== 0n) return { type: "clear", account, reason: "pause", valueAtRisk };
  return undefined;
}

/**
 * The vault refuses a first call below the minimum. It resumes a paused one of any amount, but a row
 * does not tell the two apart; the amount of an account that fell below maintenance again is seldom
 * so small, and then it is resumed when it has grown.
 */
function isWorthACall(row: HealthRow, rules: RiskParameters): boolean {
  const unitValue = rules.roundingValue * WAD;
  const amount = unitValue === 0n ? 0n : amountUp(row.requirement, row.coverInitial, unitValue);
  return amount >= leastAmount(rules.minimumTransferValue * WAD, row.debtValue);
}

function canBeShortened(row: HealthRow, rules: RiskParameters, nowAt: bigint): boolean {
  const left = row.deadline - nowAt;
  const fresh = cureFor(row.usedWad, rules.closeOutBps, rules.cureMinFor, rules.cureMaxFor);
  const gain = left - fresh;
  return gain >= SHORTEN_LEAST_FOR && gain * SHORTEN_SHARE >= left;
}

function slowTask({ assets, slowMovedAt, nowAt }: Observation): LookTask | undefined {
  const due = assets.filter((asset) => {
    const movedAt = slowMovedAt.get(asset.id);
    const isTime = movedAt === undefined || nowAt - movedAt >= SLOW_INTERVAL_FOR;
    return isTime && asset.isFresh && (isFarFromSpot(asset) || isRateDue(asset));
  });
  if (due.length === 0) return undefined;
  return { type: "updateSlowAverages", assetIds: due.map(({ id }) => id), valueAtRisk: 0n };
}

function isFarFromSpot({ price, slowPrice }: AssetView): boolean {
  const distance = price > slowPrice ? price - slowPrice : slowPrice - price;
  return distance * BPS > price * SLOW_DEVIATION_BPS;
}

/**
 * A look would lower the line of an exchange rate, or raise the highest rate that counted, by a day's growth; less is not
 * worth the gas. Seldom looks let whoever can push the rate down for a moment lower the line too far.
 */
function isRateDue({ rate }: AssetView): boolean {
  if (rate === undefined) return false;
  const { allowedWad, highestWad, growthWadPerDay } = rate;
  const nextHighestWad = max(highestWad, min(rate.rateWad, allowedWad));
  const nextWad = lineAfter(allowedWad, nextHighestWad, growthWadPerDay);
  return max(allowedWad - nextWad, nextHighestWad - highestWad) >= max(growthWadPerDay, 1n);
}
