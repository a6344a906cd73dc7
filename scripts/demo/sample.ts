// The account whose story the report tells.
import { parseAccountId } from "../../sdk/accountId.ts";
import { BPS, WAD } from "../../sdk/mathLib.ts";
import type { Health } from "../../sdk/snapshot.ts";
import { readAccount } from "../../sdk/reader.ts";
import type { SampleAccount, SampleEvent, SampleEventType, SamplePoint } from "./result.ts";
import type { Moment } from "./replay.ts";
import { type Entry, formatCoverage, type Happening, shortAccount } from "./tally.ts";
import { formatUsd } from "../../sdk/charts/format.ts";
import type { World } from "./world.ts";

/** Whose story has most kinds of events; among equals the first. Undefined when nobody was called. */
export function chooseSample(entries: readonly Entry[]): string | undefined {
  const kinds = new Map<string, Set<Happening["type"]>>();
  for (const { account, happening } of entries) {
    const seen = kinds.get(account) ?? new Set();
    seen.add(happening.type);
    kinds.set(account, seen);
  }
  let best: string | undefined;
  for (const [account, seen] of kinds) {
    if (!seen.has("issued")) continue;
    if (best === undefined || seen.size > (kinds.get(best)?.size ?? 0)) best = account;
  }
  return best;
}

/** Reads the account at the end of every moment, from the chain's own past. */
export async function readSample(
  world: World,
  account: string,
  moments: readonly Moment[],
  entries: readonly Entry[],
): Promise<SampleAccount> {
  const { vault, params } = world.system;
  const points: SamplePoint[] = [];
  for (const { at, lastBlock } of moments) {
    const { row } = await readAccount(vault, parseAccountId(account), lastBlock);
    points.push({ at, ...linesOf(row, params.risk.closeOutBps) });
  }
  const resident = world.residents.find(({ id }) => id === account);
  const names = [...(resident?.collaterals ?? []), ...(resident?.debts ?? [])].map(
    ({ name }) => name,
  );
  const own = entries.filter((entry) => entry.account === account);
  return { account: shortAccount(account), assets: names, points, events: own.map(eventOf) };
}

/** Coverage, and the coverages at which the account would stand on its lines if all its collateral moved together. */
function linesOf(health: Health, closeOutBps: bigint): Omit<SamplePoint, "at"> {
  const { coverInitial, coverMaintenance, requirement, collateralValue, debtValue } = health;
  const none = {
    coverageWad: undefined,
    initialLineWad: undefined,
    maintenanceLineWad: undefined,
    closeOutLineWad: undefined,
  };
  if (requirement === 0n || coverInitial === 0n) return none;
  // used = γ  ⇔  k·C − D = (1−γ)·(k·(C − A) + R − D): solved for k, the move of all collateral
  const kept = BPS - closeOutBps;
  const right = debtValue * BPS + kept * (requirement - debtValue);
  const left = collateralValue * BPS - kept * (collateralValue - coverMaintenance);
  return {
    coverageWad: (coverMaintenance * WAD) / requirement,
    initialLineWad: (coverMaintenance * WAD) / coverInitial,
    maintenanceLineWad: WAD,
    closeOutLineWad:
      left <= 0n ? undefined : (coverMaintenance * right * WAD) / (left * requirement),
  };
}

const EVENT_TYPES: Readonly<Record<Happening["type"], SampleEventType>> = {
  issued: "callIssued",
  resumed: "callIssued",
  paused: "callPaused",
  cured: "callCured",
  expired: "callExpired",
  liquidated: "liquidated",
  writtenOff: "writtenOff",
};

function eventOf({ at, happening }: Entry): SampleEvent {
  return { type: EVENT_TYPES[happening.type], at, text: textOf(happening) };
}

function textOf(happening: Happening): string {
  switch (happening.type) {
    case "issued":
      return `Margin call issued, to be cured by ${timeOf(happening.deadline)}.`;
    case "resumed":
      return `Below maintenance again: the clock runs on until ${timeOf(happening.deadline)}.`;
    case "paused":
      return "Covered at maintenance: the clock of the call rests.";
    case "cured":
      return "Covered at the initial line: the call is cured.";
    case "expired":
      return "The deadline passed without a cure.";
    case "liquidated":
      return (
        `${formatUsd(happening.repaidValue)} repaid by a keeper for ${formatUsd(happening.seizedValue)} of collateral: ` +
        `coverage ${formatCoverage(happening.coverageBeforeWad)} → ${formatCoverage(happening.coverageAfterWad)}.`
      );
    case "writtenOff":
      return `Written off: ${formatUsd(happening.repaidValue)} repaid, ${formatUsd(happening.lossValue)} lost.`;
  }
}

function timeOf(deadline: bigint): string {
  return `${new Date(Number(deadline) * 1000).toISOString().slice(11, 16)} UTC`;
}
