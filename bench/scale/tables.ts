import Table from "cli-table3";
import { formatCount } from "../../sdk/charts/format.ts";
import { type HealthCell, type HealthGas, PAGED } from "./health.ts";
import { perAccountUs } from "./keeperTime.ts";
import type { Results } from "./results.ts";
import type { RoundGas } from "./rounds.ts";

/** A table of numbers with names in its first column. */
export interface NumberTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly body: readonly (readonly string[])[];
}

/** Gas that a node grants a call by default (geth's `--rpc.gascap`). */
export const CALL_GAS = 50_000_000;

/** Each table of a run by the name of its subject. */
export function tablesOf(
  results: Results,
): Readonly<
  Record<"health" | "pages" | "lenders" | "rounds" | "keeper" | "bytes" | "fees", NumberTable>
> {
  return {
    health: healthTable(results),
    pages: pagesTable(results),
    lenders: lendersTable(results),
    rounds: roundsTable(results),
    keeper: keeperTable(results),
    bytes: bytesTable(results),
    fees: feesTable(results),
  };
}

/** The tables for a terminal. */
export function renderTables(results: Results): string {
  return Object.values(tablesOf(results))
    .map(({ title, head, body }) => {
      const table = new Table({
        head: [...head],
        style: { head: [], border: [], compact: true },
        colAligns: head.map((_, index) => (index === 0 ? "left" : "right")),
      });
      for (const row of body) table.push([...row]);
      return `${title}\n${table.toString()}`;
    })
    .join("\n\n");
}

/** Gas of a cell. */
export function healthAt(cells: readonly HealthCell[], collaterals: number, debts: number): number {
  const isMeant = (cell: HealthCell) => cell.collaterals === collaterals && cell.debts === debts;
  return cells.find(isMeant)?.gas ?? 0;
}

/** How many cells there are in both directions. */
export function sizesOf(cells: readonly HealthCell[]): { collaterals: number; debts: number } {
  return {
    collaterals: Math.max(...cells.map(({ collaterals }) => collaterals)),
    debts: Math.max(...cells.map(({ debts }) => debts)),
  };
}

/** What one more account of a page costs [gas] */
export function gasPerRow({ pages }: HealthGas): number {
  const [last, middle] = [pages.at(-1), pages.at(-2)];
  if (last === undefined || middle === undefined) return 0;
  return (last.gas - middle.gas) / (last.accounts - middle.accounts);
}

/** Accounts that one call of `CALL_GAS` judges. */
export function rowsPerCall(health: HealthGas): number {
  const [first] = health.pages;
  const each = gasPerRow(health);
  return Math.floor((CALL_GAS - ((first?.gas ?? 0) - each)) / each);
}

/** What one more round costs [gas] */
export function gasPerRound(rounds: readonly RoundGas[], of: "refresh" | "refreshPair"): number {
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (first === undefined || last === undefined || first === last) return 0;
  return (last[of] - first[of]) / (last.rounds - first.rounds);
}

function healthTable({ health: { cells } }: Results): NumberTable {
  const { collaterals, debts } = sizesOf(cells);
  return {
    title: "Health of one account [gas]",
    head: ["collaterals", ...upTo(debts).map((n) => (n === 1 ? "1 debt" : `${n} debts`))],
    body: upTo(collaterals).map((held) => [
      String(held),
      ...upTo(debts).map((owed) => formatCount(healthAt(cells, held, owed))),
    ]),
  };
}

function pagesTable({ health }: Results): NumberTable {
  return {
    title: `Health of many accounts with ${PAGED.collaterals} collaterals and ${PAGED.debts} debts [gas]`,
    head: ["accounts in a call", "gas", "per account"],
    body: health.pages.map(({ accounts, gas }) => [
      formatCount(accounts),
      formatCount(gas),
      formatCount(Math.round(gas / accounts)),
    ]),
  };
}

function lendersTable({ lenders }: Results): NumberTable {
  return {
    title: "A loss by the number of lenders [gas]",
    head: ["lenders", "write-off that they bear", "withdrawal of one of them after it"],
    body: lenders.map(({ lenders: count, writeOff, withdraw }) =>
      [count, writeOff, withdraw].map(formatCount),
    ),
  };
}

function roundsTable({ rounds }: Results): NumberTable {
  return {
    title: "A refresh by the number of rounds [gas]",
    head: ["rounds", "`refresh`", "per round", "`refreshPair`", "per round"],
    body: rounds.map(({ rounds: count, refresh, refreshPair }) =>
      [
        count,
        refresh,
        Math.round(refresh / count),
        refreshPair,
        Math.round(refreshPair / count),
      ].map(formatCount),
    ),
  };
}

function keeperTable({ keeper }: Results): NumberTable {
  return {
    title: "A look of the keeper in memory",
    head: [
      "accounts",
      "filter [µs an account]",
      "evaluation [µs an account]",
      "`findTasks` [µs an account]",
      "filter of all [ms]",
      "read again",
      "memory [bytes an account]",
    ],
    body: keeper.map((time) => [
      formatCount(time.accounts),
      perAccountUs(time, "filterMs").toFixed(2),
      perAccountUs(time, "evaluateMs").toFixed(2),
      perAccountUs(time, "tasksMs").toFixed(3),
      formatCount(Number(time.filterMs.toPrecision(3))),
      formatCount(time.doubtful),
      formatCount(Math.round(time.sightingBytes)),
    ]),
  };
}

function bytesTable({ rollup }: Results): NumberTable {
  return {
    title: "Calldata, and what the OP Stack charges for [bytes]",
    head: ["operation", "calldata", "zero", "other", "packed", "charged", "charged if packed"],
    body: rollup.map(({ operation, plain, packed }) => [
      operation,
      ...[
        plain.calldata.zero + plain.calldata.nonZero,
        plain.calldata.zero,
        plain.calldata.nonZero,
        packed.calldata.zero + packed.calldata.nonZero,
        Math.round(plain.estimatedSize),
        Math.round(packed.estimatedSize),
      ].map(formatCount),
    ]),
  };
}

function feesTable({ rollup }: Results): NumberTable {
  const names = rollup[0]?.fees.map(({ prices }) => prices) ?? [];
  return {
    title: "Fee on the OP Stack [gwei]",
    head: [
      "operation",
      ...names.flatMap((name) => [`${name}: fee`, "of it data", "packing saves"]),
      "saves by the byte",
    ],
    body: rollup.map(({ operation, fees, savedByByte }) => [
      operation,
      ...fees.flatMap(({ feeGwei, dataShare, saved }) => [
        formatCount(Math.round(feeGwei)),
        percent(dataShare),
        percent(saved),
      ]),
      percent(savedByByte),
    ]),
  };
}

/** `0.1234` → `"12.3 %"` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** 1, 2 … to a number. */
export function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
