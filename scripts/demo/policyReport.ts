// What the runs of several policies say, for people and for machines.
import Table from "cli-table3";
import { mulDivDown, WAD } from "../../sdk/mathLib.ts";
import { KEEPER } from "../../sdk/simulator/keeperCost.ts";
import type { ReplayResult } from "../../sdk/simulator/replay.ts";
import { formatUnits, fromWad } from "../../sdk/units.ts";
import { formatCount, formatUsd } from "../../sdk/charts/format.ts";
import type { PolicyOptions, PolicyRuns, RunName } from "./policies.ts";

type Asked = Pick<PolicyOptions, "file" | "accounts" | "seed" | "curing">;

const TITLES: Readonly<Record<RunName, string>> = {
  surety: "Surety",
  "surety-curing": "Surety, cured",
  "aave-v3": "Aave v3",
  "compound-v3": "Compound v3",
};

/** The runs as a table for the terminal, at most 100 columns wide, with what the figures mean below it. */
export function renderPolicies(asked: Asked, runs: PolicyRuns): string {
  const names = [...runs.keys()];
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ["", ...names.map((name) => TITLES[name])],
    colAligns: ["left", ...names.map(() => "right" as const)],
  });
  for (const { label, cell } of ROWS) {
    table.push([label, ...[...runs.values()].map((result) => cell(result, runs.get("aave-v3")))]);
  }
  const { file, accounts, seed } = asked;
  const title = `${file.name}, ${formatCount(accounts)} accounts, seed ${seed}, ${formatCount(file.unix.length)} price steps`;
  return `${title}\n${table.toString()}\n\n${notes(asked, runs).join("\n")}\n`;
}

interface Row {
  readonly label: string;
  readonly cell: (result: ReplayResult, aave: ReplayResult | undefined) => string;
}

const ROWS: readonly Row[] = [
  count("Accounts touched", ({ accountsTouched }) => accountsTouched),
  count("Collateral takings", ({ liquidations }) => liquidations),
  count("  and coverage fell", ({ coverageFell }) => coverageFell),
  usd("Debt repaid by force", ({ repaidValue }) => repaidValue),
  usd("Least to the target", ({ leastValue }) => leastValue),
  { label: "Over-liquidation", cell: (result) => formatRatio(overLiquidationWad(result), 4) },
  usd("Owners' loss", ({ ownersLossValue }) => ownersLossValue),
  usd("Bad debt", ({ badDebtValue }) => badDebtValue),
  usd("Loss + bad debt", ({ ownersLossValue, badDebtValue }) => ownersLossValue + badDebtValue),
  count("Uncovered at the end", ({ uncoveredAtEnd }) => uncoveredAtEnd),
  count("Margin calls issued", ({ callsIssued }) => callsIssued),
  count("  cured", ({ callsCured }) => callsCured),
];

function count(label: string, of: (result: ReplayResult) => number): Row {
  return { label, cell: (result) => formatCount(of(result)) };
}

/** with the ratio to the Aave v3 rule, if that was run */
function usd(label: string, of: (result: ReplayResult) => bigint): Row {
  return {
    label,
    cell: (result, aave) => {
      const value = of(result);
      if (aave === undefined) return formatUsd(value);
      return `${formatUsd(value)} ${formatRatio(ratioWad(value, of(aave)), 2).padStart(5)}`;
    },
  };
}

/** rounded down; undefined where there is nothing to compare with [wad] */
function ratioWad(part: bigint, whole: bigint): bigint | undefined {
  return whole === 0n ? undefined : mulDivDown(part, WAD, whole);
}

function overLiquidationWad({ repaidValue, leastValue }: ReplayResult): bigint | undefined {
  return ratioWad(repaidValue, leastValue);
}

/** cut off after some decimals, `"—"` where there is no ratio */
function formatRatio(wad: bigint | undefined, decimals: number): string {
  return wad === undefined ? "—" : `${Number(formatUnits(wad, 18)).toFixed(decimals)}×`;
}

function notes({ curing }: Asked, runs: PolicyRuns): readonly string[] {
  const { slippageBps, gas, gasPerSale, gasPriceIfUnknown } = KEEPER;
  return [
    "Same accounts, prices and maintenance haircuts: uncovered at the same price under every policy.",
    "No interest; empty cells keep the last price; bonuses of peers as published (docs/benchmarks.md).",
    ...(runs.has("aave-v3")
      ? ["Figures in USD are followed by their ratio to the Aave v3 rule."]
      : []),
    "Least: Σ x* of the sdk's planner to Surety's target at each taking; what the insolvent can pay.",
    "Over-liquidation: repaid ÷ least. Bad debt: what nobody repaid or can repay at the last prices.",
    "Owners' loss: bonus, fees and penalties; collateral taken less debt repaid and cash returned.",
    `Keepers act when their gain covers ${slippageBps} bps of sales and ${gas} gas + ${gasPerSale} a sale, at the`,
    `file's gasPriceGweiP90 or ${gasPriceIfUnknown / 10n ** 9n} gwei. Calls are issued at once; prices can cure them, too.`,
    ...savings(curing, runs),
  ];
}

function savings(curing: number, runs: PolicyRuns): readonly string[] {
  const [silent, cured] = [runs.get("surety"), runs.get("surety-curing")];
  if (silent === undefined || cured === undefined) return [];
  const saved = silent.ownersLossValue - cured.ownersLossValue;
  const percent = Number((curing * 100).toFixed(1));
  const verb = saved < 0n ? "cost" : "saved";
  return [
    `Surety, cured: ${percent} % of the owners answer calls; it ${verb} owners ${formatUsd(saved < 0n ? -saved : saved)}. Elsewhere nobody does.`,
  ];
}

/** What must hold in every run; sentence → held. */
export function policyInvariants(runs: PolicyRuns): Readonly<Record<string, boolean>> {
  const all = [...runs];
  const isSurety = (name: RunName) => name === "surety" || name === "surety-curing";
  return {
    "Nothing was taken from a covered account": all.every(([, run]) => run.takenWhileCovered === 0),
    "Surety left no account with a lower coverage": all.every(
      ([name, { coverageFell }]) => !isSurety(name) || coverageFell === 0,
    ),
    "What was taken paid debts, went to owners in cash, or is counted as their loss": all.every(
      ([, { takenValue, repaidValue, returnedValue, ownersLossValue }]) =>
        takenValue === repaidValue + returnedValue + ownersLossValue,
    ),
  };
}

type Json = string | number | boolean | null | { readonly [key: string]: Json };

/** The runs for machines: counts as numbers, USD and ratios as exact decimal strings, one object a policy. */
export function policiesToJson(asked: Asked, runs: PolicyRuns, seconds: number): Json {
  const { file, accounts, seed, curing } = asked;
  const aave = runs.get("aave-v3");
  return {
    priceFile: file.name,
    accounts,
    seed,
    curingShare: curing,
    steps: file.unix.length,
    keeper: {
      slippageBps: Number(KEEPER.slippageBps),
      gas: Number(KEEPER.gas),
      gasPerSale: Number(KEEPER.gasPerSale),
      gasPriceGweiIfUnknown: formatUnits(KEEPER.gasPriceIfUnknown, 9),
    },
    policies: Object.fromEntries([...runs].map(([name, run]) => [name, runToJson(run, aave)])),
    invariants: policyInvariants(runs),
    seconds,
  };
}

function runToJson(run: ReplayResult, aave: ReplayResult | undefined): Json {
  const { policy: _, ...facts } = run;
  const entries = Object.entries(facts).map(
    ([name, fact]) => [name, typeof fact === "bigint" ? fromWad(fact) : fact] as const,
  );
  const text = (wad: bigint | undefined) => (wad === undefined ? null : fromWad(wad));
  const sumOf = ({ ownersLossValue, badDebtValue }: ReplayResult) => ownersLossValue + badDebtValue;
  return {
    ...Object.fromEntries(entries),
    overLiquidation: text(overLiquidationWad(run)),
    ...(aave === undefined
      ? {}
      : {
          toAaveV3: {
            repaid: text(ratioWad(run.repaidValue, aave.repaidValue)),
            ownersLoss: text(ratioWad(run.ownersLossValue, aave.ownersLossValue)),
            badDebt: text(ratioWad(run.badDebtValue, aave.badDebtValue)),
            ownersLossAndBadDebt: text(ratioWad(sumOf(run), sumOf(aave))),
          },
        }),
  };
}
