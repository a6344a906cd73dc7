import { fromWad } from "../../sdk/units.ts";
import type { DemoHaircuts, HaircutPoint } from "./haircuts.ts";

/** What one run of the demo was asked to do. */
interface DemoParameters {
  readonly priceFile: string;
  readonly accounts: number;
  readonly seed: number;
  readonly curingShare: number; // share of owners who answer a margin call, 0 … 1
  readonly steps: number; // price rows replayed
}

export interface DemoCounts {
  readonly callsIssued: number;
  readonly callsCured: number;
  readonly callsExpired: number;
  readonly liquidations: number; // write-offs not included
  readonly writeOffs: number;
  readonly accountsTouched: number; // accounts of which collateral was taken at least once
}

/** All in USD with 18 decimals, at the prices of the moment in which each happened. */
export interface DemoValues {
  readonly repaidValue: bigint; // debt repaid by liquidators
  readonly leastValue: bigint; // debt that had to be repaid for every liquidated account to reach its target
  readonly bonusValue: bigint; // collateral that keepers received beyond what they paid
  readonly feesValue: bigint; // liquidation fees to the fee reserves
  readonly badDebtValue: bigint; // debt that nobody repaid
  readonly lendersResultValue: bigint; // lenders' claims, end less start, own deposits left out; signed
  readonly lendersInterestValue: bigint; // interest in that result
  readonly collateralSeizedValue: bigint; // collateral taken in liquidations and write-offs
  readonly ownersEquityStartValue: bigint; // Σ max(0, collateral − debt)
  readonly ownersEquityEndValue: bigint;
}

/** One account that ended with more debt than collateral. */
export interface BadDebt {
  readonly account: string;
  readonly at: number; // [unix s]
  readonly value: bigint; // [USD, 18 decimals]
  readonly reason: string; // one sentence, such as "WETH fell 21 % between two steps"
}

/** What happened at one row of the price file. */
export interface DemoStep {
  readonly at: number; // [unix s]
  readonly relativePrices: Readonly<Record<string, bigint | undefined>>; // to the first one [wad]
  readonly callsIssued: number;
  readonly callsCured: number;
  readonly callsExpired: number;
  readonly liquidations: number; // write-offs included
}

/** The sample account at one step; lines are coverages, so that all four share an axis. */
export interface SamplePoint {
  readonly at: number; // [unix s]
  readonly coverageWad: bigint | undefined; // undefined: no debt, or no price
  readonly initialLineWad: bigint | undefined; // coverage at which E_I = 0
  readonly maintenanceLineWad: bigint | undefined; // 1 by definition
  readonly closeOutLineWad: bigint | undefined; // coverage at which used = γ
}

export type SampleEventType =
  "callIssued" | "callPaused" | "callCured" | "callExpired" | "liquidated" | "writtenOff";

export interface SampleEvent {
  readonly type: SampleEventType;
  readonly at: number; // [unix s]
  readonly text: string; // what happened, in one sentence
}

export interface SampleAccount {
  readonly account: string;
  readonly assets: readonly string[]; // names of its collaterals and debts, as in `relativePrices`
  readonly points: readonly SamplePoint[];
  readonly events: readonly SampleEvent[];
}

/** Everything that the table, the page and the JSON file say about one run. */
export interface DemoResult {
  readonly parameters: DemoParameters;
  readonly counts: DemoCounts;
  readonly values: DemoValues;
  readonly haircuts: DemoHaircuts;
  readonly badDebt: readonly BadDebt[];
  readonly series: readonly DemoStep[];
  readonly sample: SampleAccount | undefined; // undefined when no account was called
  readonly invariants: Readonly<Record<string, boolean>>; // sentence → held at every step
  readonly seconds: number; // how long the run took
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The result for machines: counts as numbers, USD as exact decimal strings, every count and value at the top level.
 * Series are left out.
 */
export function toJson(result: DemoResult): { readonly [key: string]: Json } {
  const values = Object.entries(result.values).map(([name, wad]) => [name, fromWad(wad)] as const);
  return {
    ...result.parameters,
    ...result.counts,
    ...Object.fromEntries(values),
    haircuts: haircutsToJson(result.haircuts),
    badDebt: result.badDebt.map(({ account, at, value, reason }) => ({
      account,
      at,
      value: fromWad(value),
      reason,
    })),
    invariants: result.invariants,
    seconds: result.seconds,
  };
}

function haircutsToJson(haircuts: DemoHaircuts): { readonly [key: string]: Json } {
  const point = ({ initialPpm, maintenancePpm }: HaircutPoint) => ({
    initialPpm: Number(initialPpm),
    maintenancePpm: Number(maintenancePpm),
  });
  const collaterals = [...haircuts.collaterals].map(([symbol, range]) => {
    const { start, worst, end, average } = range;
    const points = { start: point(start), worst: point(worst), end: point(end) };
    return [symbol, { ...points, average: point(average) }] as const;
  });
  return {
    mode: haircuts.mode,
    collaterals: Object.fromEntries(collaterals),
    credit: fromWad(haircuts.creditWad),
    debtStartValue: fromWad(haircuts.debtStartValue),
    refreshes: haircuts.refreshes,
    refreshGas: Number(haircuts.refreshGas),
  };
}
