// Counts and values of a replay, from the events of the chain alone.
import { isAddress } from "ethers";
import type { EventLog, Log } from "ethers";
import { valueDown } from "../../sdk/healthMath.ts";
import { neededValue } from "../../sdk/liquidation.ts";
import { UINT256_MAX, WAD } from "../../sdk/mathLib.ts";
import type {
  ILiquidation,
  IWriteOff,
} from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { LocalSystem } from "../localSystem.ts";
import { formatShare } from "../../sdk/charts/format.ts";
import type { Moment } from "./replay.ts";
import { readVaultLogs } from "./vaultLogs.ts";
import type { BadDebt, DemoCounts, DemoStep } from "./result.ts";

/** What happened to an account in one event. */
export type Happening =
  | {
      readonly type: "issued" | "paused" | "resumed" | "cured" | "expired";
      readonly deadline: bigint;
    }
  | {
      readonly type: "liquidated";
      readonly repaidValue: bigint;
      readonly leastValue: bigint;
      readonly seizedValue: bigint;
      readonly feeValue: bigint;
      readonly coverageBeforeWad: bigint;
      readonly coverageAfterWad: bigint;
    }
  | {
      readonly type: "writtenOff";
      readonly repaidValue: bigint;
      readonly seizedValue: bigint;
      readonly lossValue: bigint;
    };

/** A happening with its place. */
export interface Entry {
  readonly account: string;
  readonly block: number;
  readonly at: number;
  readonly happening: Happening;
}

type Args = EventLog["args"];

/** All happenings since `fromBlock`, in order. */
export async function readEntries(
  system: LocalSystem,
  moments: readonly Moment[],
  fromBlock: number,
): Promise<readonly Entry[]> {
  const logs = await readVaultLogs(system, fromBlock);
  return logs.flatMap(({ log, name, args }) => {
    const happening = happeningOf(name, args);
    if (happening === undefined) return [];
    const { account } = args;
    return [{ account, block: log.blockNumber, at: momentOf(moments, log), happening }];
  });
}

function momentOf(moments: readonly Moment[], { blockNumber }: Log): number {
  return moments.find(({ lastBlock }) => blockNumber <= lastBlock)?.at ?? 0;
}

function happeningOf(name: string, args: Args): Happening | undefined {
  switch (name) {
    case "MarginCallIssued":
      return { type: "issued", deadline: args.deadline };
    case "MarginCallPaused":
      return { type: "paused", deadline: 0n };
    case "MarginCallResumed":
      return { type: "resumed", deadline: args.deadline };
    case "MarginCallCured":
      return { type: "cured", deadline: 0n };
    case "MarginCallExpired":
      return { type: "expired", deadline: args.deadline };
    case "Liquidated":
      return liquidatedOf(args);
    case "WrittenOff":
      return writtenOffOf(args);
    default:
      return undefined;
  }
}

function liquidatedOf(args: Args): Happening {
  let [repaidValue, leastValue, seizedValue, feeValue] = [0n, 0n, 0n, 0n];
  const legs: readonly ILiquidation.LegReceiptStructOutput[] = args.legs;
  for (const leg of legs) {
    repaidValue += valueDown(leg.repaidAssets, leg.debtPrice);
    feeValue += valueDown(leg.feeAssets, leg.debtPrice);
    seizedValue += valueDown(leg.seizedAssets, leg.collateralPrice);
    leastValue += neededValue(leg);
  }
  const { coverageBeforeWad, coverageAfterWad } = args;
  return {
    type: "liquidated",
    repaidValue,
    leastValue,
    seizedValue,
    feeValue,
    coverageBeforeWad,
    coverageAfterWad,
  };
}

function writtenOffOf(args: Args): Happening {
  let [repaidValue, seizedValue, lossValue] = [0n, 0n, 0n];
  const taken: readonly IWriteOff.TakenStructOutput[] = args.taken;
  const settled: readonly IWriteOff.SettledStructOutput[] = args.settled;
  for (const row of taken) seizedValue += valueDown(row.seizedAssets, row.price);
  for (const row of settled) {
    repaidValue += valueDown(row.repaidAssets, row.price);
    lossValue += valueDown(row.lossAssets, row.price);
  }
  return { type: "writtenOff", repaidValue, seizedValue, lossValue };
}

/**
 * How often each thing happened. A call expires once, however often the account is liquidated after it; one that ends with a
 * liquidation or write-off in the same block was not cured by its owner.
 */
export function countEntries(entries: readonly Entry[]): DemoCounts {
  const of = (type: Happening["type"]) =>
    entries.filter(({ happening }) => happening.type === type);
  const touched = [...of("liquidated"), ...of("writtenOff")].map(({ account }) => account);
  return {
    callsIssued: of("issued").length,
    callsCured: ownCures(entries).length,
    callsExpired: firstExpiries(entries).length,
    liquidations: of("liquidated").length,
    writeOffs: of("writtenOff").length,
    accountsTouched: new Set(touched).size,
  };
}

function ownCures(entries: readonly Entry[]): readonly Entry[] {
  const placeOf = ({ account, block }: Entry) => `${account} ${block}`;
  const forced = new Set(
    entries
      .filter(({ happening: { type } }) => type === "liquidated" || type === "writtenOff")
      .map(placeOf),
  );
  return entries.filter((entry) => entry.happening.type === "cured" && !forced.has(placeOf(entry)));
}

function firstExpiries(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ account, happening }) => {
    if (happening.type !== "expired") return false;
    const key = `${account} ${happening.deadline}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Values that follow from liquidations and write-offs [USD wad] */
export function sumEntries(entries: readonly Entry[]) {
  let [repaidValue, leastValue, bonusValue, feesValue] = [0n, 0n, 0n, 0n];
  let [badDebtValue, collateralSeizedValue] = [0n, 0n];
  for (const { happening } of entries) {
    if (happening.type === "liquidated") {
      repaidValue += happening.repaidValue;
      leastValue += happening.leastValue;
      feesValue += happening.feeValue;
      collateralSeizedValue += happening.seizedValue;
      bonusValue += happening.seizedValue - happening.repaidValue - happening.feeValue;
    }
    if (happening.type === "writtenOff") {
      // what a write-off repays is all that can be repaid: the least, too
      repaidValue += happening.repaidValue;
      leastValue += happening.repaidValue;
      collateralSeizedValue += happening.seizedValue;
      bonusValue += happening.seizedValue - happening.repaidValue;
      badDebtValue += happening.lossValue;
    }
  }
  return { repaidValue, leastValue, bonusValue, feesValue, badDebtValue, collateralSeizedValue };
}

/** Losses with the move of prices that made them. */
export function explainBadDebt(
  entries: readonly Entry[],
  series: readonly DemoStep[],
): readonly BadDebt[] {
  return entries.flatMap(({ account, at, happening }) => {
    if (happening.type !== "writtenOff" || happening.lossValue === 0n) return [];
    return [{ account, at, value: happening.lossValue, reason: reasonAt(at, series) }];
  });
}

function reasonAt(at: number, series: readonly DemoStep[]): string {
  const row = series.findIndex((step) => step.at === at);
  const [now, before] = [series[row], series[row - 1]];
  if (now === undefined || before === undefined) return "the account was under water at the start";
  let worst = { name: "collateral", lostWad: 0n };
  for (const [name, price] of Object.entries(now.relativePrices)) {
    const old = before.relativePrices[name];
    if (price === undefined || old === undefined || old === 0n) continue;
    const lostWad = WAD - (price * WAD) / old;
    if (lostWad > worst.lostWad) worst = { name, lostWad };
  }
  const minutes = Math.round((now.at - before.at) / 60);
  return `${worst.name} fell ${formatShare(worst.lostWad, WAD)} within the ${minutes} minutes between two prices`;
}

/** Counts at each moment, with prices relative to the first. */
export function stepsOf(
  moments: readonly Moment[],
  entries: readonly Entry[],
  relativePrices: (row: number) => DemoStep["relativePrices"],
): readonly DemoStep[] {
  const expiries = new Set(firstExpiries(entries));
  const cures = new Set(ownCures(entries));
  return moments.map(({ at }, row) => {
    const here = entries.filter((entry) => entry.at === at);
    const of = (type: Happening["type"]) =>
      here.filter(({ happening }) => happening.type === type).length;
    return {
      at,
      relativePrices: relativePrices(row),
      callsIssued: of("issued"),
      callsCured: here.filter((entry) => cures.has(entry)).length,
      callsExpired: here.filter((entry) => expiries.has(entry)).length,
      liquidations: of("liquidated") + of("writtenOff"),
    };
  });
}

/** A coverage for people: the maximum means that nothing is owed. */
export function formatCoverage(wad: bigint): string {
  return wad === UINT256_MAX ? "debt-free" : formatShare(wad, WAD);
}

/** An account as people tell it from others: its tag, as owners have several. */
export function shortAccount(account: string): string {
  const owner = account.slice(0, 42);
  return isAddress(owner) ? `${owner.slice(0, 8)}…#${BigInt(`0x${account.slice(42)}`)}` : account;
}
