import Table from "cli-table3";
import { type Chart, type Colour, colour, MARGIN, valueAxis } from "../sdk/charts/chart.ts";
import { formatCount } from "../sdk/charts/format.ts";
import { figure, type LegendEntry } from "../sdk/charts/page.ts";
import type { GridCell } from "./grid.ts";

const COLOURS: readonly Colour[] = ["asset1", "asset2", "asset3", "asset4"];

/** What is measured of an account of each size. */
const SUBJECTS = {
  withdraw: "withdraw a part, debts open",
  liquidate: "liquidate a part",
} as const;

type Subject = keyof typeof SUBJECTS;

interface Line {
  readonly debts: number;
  readonly gas: readonly number[]; // with 1, 2 … collaterals
}

/** One line for each number of debts. */
export function linesOf(cells: readonly GridCell[], subject: Subject): readonly Line[] {
  const counts = [...new Set(cells.map(({ debts }) => debts))].sort((a, b) => a - b);
  return counts.map((debts) => ({
    debts,
    gas: cells
      .filter((cell) => cell.debts === debts)
      .sort((a, b) => a.collaterals - b.collaterals)
      .map((cell) => cell[subject]),
  }));
}

/** Both tables for a terminal. */
export function renderGridTables(cells: readonly GridCell[]): string {
  return subjects()
    .map((subject) => {
      const lines = linesOf(cells, subject);
      const table = new Table({
        head: ["collaterals", ...lines.map(({ debts }) => debtsText(debts))],
        style: { head: [], border: [], compact: true },
        colAligns: ["left", ...lines.map(() => "right" as const)],
      });
      for (const row of bodyOf(lines)) table.push([...row]);
      return `Surety: ${SUBJECTS[subject]}\n${table.toString()}`;
    })
    .join("\n");
}

/** The tables of the document; what each collateral and debt adds is said before them. */
export function gridSection(cells: readonly GridCell[]): string {
  const tables = subjects().map((subject) => {
    const lines = linesOf(cells, subject);
    const head = ["collaterals", ...lines.map(({ debts }) => debtsText(debts))];
    const rule = head.map((_, index) => (index === 0 ? "---" : "--:"));
    const rows = [head, rule, ...bodyOf(lines)].map((row) => `| ${row.join(" | ")} |`);
    return `Surety, ${SUBJECTS[subject]}:\n\n${rows.join("\n")}`;
  });
  return `### Gas by size of the account

Who withdraws has each debt accrued, and collaterals priced until they cover: ${thousands(stepOf(cells, "collaterals"))} a collateral beside one debt, and ${thousands(stepOf(cells, "debts"))} a
debt beside one collateral. The liquidated have all of them priced, and repay a part of one debt for a part of one collateral; their owner has had a default before, an owner's
first one costs more (e1 above is one).

${tables.join("\n\n")}`;
}

/** What one more collateral or debt adds to a withdrawal, on average from the smallest account [gas] */
export function stepOf(cells: readonly GridCell[], size: "collaterals" | "debts"): number {
  const other = size === "debts" ? "collaterals" : "debts";
  const line = cells.filter((cell) => cell[other] === 1).sort((a, b) => a[size] - b[size]);
  const [first, last] = [line[0], line.at(-1)];
  if (first === undefined || last === undefined || first === last) return 0;
  return (last.withdraw - first.withdraw) / (last[size] - first[size]);
}

/** A chart of lines for each subject. */
export function gridFigures(cells: readonly GridCell[]): readonly string[] {
  return subjects().map((subject) => {
    const lines = linesOf(cells, subject);
    return figure({
      id: subject,
      title: `Surety by size of the account: ${SUBJECTS[subject]}`,
      reading: "Gas against the number of collaterals, a line for each number of debts.",
      legend: lines.map(({ debts }): LegendEntry => ({
        name: debtsText(debts),
        colour: colourOf(debts),
        dash: "solid",
      })),
      chart: linesChart(lines),
      height: () => 320,
    });
  });
}

function linesChart(lines: readonly Line[]): Chart {
  return () => ({
    grid: { ...MARGIN, top: 40, bottom: 48 },
    xAxis: {
      type: "category",
      data: (lines[0]?.gas ?? []).map((_, index) => String(index + 1)),
      name: "Collaterals",
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { fontSize: 12 },
      axisLabel: { color: colour("muted"), fontSize: 12 },
    },
    yAxis: valueAxis("Gas", 0, {
      min: 0,
      axisLabel: {
        color: colour("muted"),
        fontSize: 12,
        formatter: (gas: number) => `${gas / 1000}k`,
      },
    }),
    series: lines.map(({ debts, gas }) => ({
      type: "line",
      silent: true,
      symbol: "circle",
      symbolSize: 6,
      lineStyle: { color: colour(colourOf(debts)), width: 2 },
      itemStyle: { color: colour(colourOf(debts)) },
      data: [...gas],
    })),
  });
}

function bodyOf(lines: readonly Line[]): readonly (readonly string[])[] {
  return (lines[0]?.gas ?? []).map((_, index) => [
    String(index + 1),
    ...lines.map(({ gas }) => formatCount(gas[index] ?? 0)),
  ]);
}

function subjects(): readonly Subject[] {
  return Object.keys(SUBJECTS).filter((key): key is Subject => key in SUBJECTS);
}

function colourOf(debts: number): Colour {
  return COLOURS[(debts - 1) % COLOURS.length] ?? "asset1";
}

function debtsText(debts: number): string {
  return debts === 1 ? "1 debt" : `${debts} debts`;
}

function thousands(gas: number): string {
  return `${(gas / 1000).toFixed(1)} thousand gas`;
}
