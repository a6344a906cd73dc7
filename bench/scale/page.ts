import {
  barsFrame,
  type Chart,
  type Colour,
  colour,
  MARGIN,
  valueAxis,
} from "../../sdk/charts/chart.ts";
import { formatCount } from "../../sdk/charts/format.ts";
import { figure, page } from "../../sdk/charts/page.ts";
import { perAccountUs } from "./keeperTime.ts";
import type { Results, RollupRow } from "./results.ts";
import { healthAt, percent, sizesOf, upTo } from "./tables.ts";

interface Line {
  readonly name: string;
  readonly colour: Colour;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Axis {
  readonly name: string;
  readonly type: "value" | "log";
  readonly format: (value: number) => string;
  readonly interval?: number; // between ticks
}

const COLOURS: readonly Colour[] = ["asset1", "asset2", "asset3", "asset4"];
const ROW_PX = 46;
const HEADROOM_PX = 76;

/** The curves of a run as a page that loads nothing. */
export function renderScalePage(results: Results): string {
  return page("Surety: scale", [
    `<header><h1>Scale</h1>
<p class="lead">What grows with the size of an account, the rounds of a refresh and the accounts of a keeper, and what does not: a loss costs the
same for any number of lenders.</p>
<p class="note">Gas is exact, from receipts of a local chain. Times are medians on one machine (${results.machine}); another run may differ by a
third. Tables and conditions: docs/benchmarks.md.</p></header>`,
    health(results),
    lenders(results),
    rounds(results),
    keeper(results),
    fees(results.rollup),
  ]);
}

function health({ health: { cells } }: Results): string {
  const { collaterals, debts } = sizesOf(cells);
  const lines = upTo(debts).map((owed): Line => ({
    name: owed === 1 ? "1 debt" : `${owed} debts`,
    colour: COLOURS[(owed - 1) % COLOURS.length] ?? "asset1",
    points: upTo(collaterals).map((held) => [held, healthAt(cells, held, owed)]),
  }));
  return curves(
    "health",
    "Health of one account by its size",
    "Gas of healthOf against the number of collaterals, a line for each number of debts.",
    { name: "Collaterals", type: "value", format: String, interval: 1 },
    GAS,
    lines,
  );
}

function lenders({ lenders: measured }: Results): string {
  return curves(
    "lenders",
    "A loss by the number of lenders",
    "Gas of the write-off whose loss the lenders bear, and of a withdrawal by one of them after it. The axis of lenders is logarithmic.",
    { name: "Lenders", type: "log", format: formatCount },
    GAS,
    [
      {
        name: "write-off",
        colour: "seized",
        points: measured.map(({ lenders: count, writeOff }) => [count, writeOff]),
      },
      {
        name: "withdrawal after it",
        colour: "money",
        points: measured.map(({ lenders: count, withdraw }) => [count, withdraw]),
      },
    ],
  );
}

function rounds({ rounds: measured }: Results): string {
  return curves(
    "rounds",
    "A refresh by the number of rounds",
    "Gas of one transaction. A pair reads a round of each of its two feeds and sets the targets of its haircuts.",
    { name: "Rounds", type: "value", format: String, interval: 4 },
    GAS,
    [
      {
        name: "refresh of an asset",
        colour: "asset1",
        points: measured.map(({ rounds: count, refresh }) => [count, refresh]),
      },
      {
        name: "refresh of a pair",
        colour: "asset2",
        points: measured.map(({ rounds: count, refreshPair }) => [count, refreshPair]),
      },
    ],
  );
}

function keeper({ keeper: times }: Results): string {
  const line = (name: string, tint: Colour, part: "filterMs" | "evaluateMs" | "tasksMs"): Line => ({
    name,
    colour: tint,
    points: times.map((time) => [time.accounts, perAccountUs(time, part)]),
  });
  return curves(
    "keeper",
    "A look of the keeper by the number of accounts",
    "Machine time for one account in memory, in microseconds: level where a look takes time in proportion to the accounts. Both axes are logarithmic.",
    { name: "Accounts", type: "log", format: formatCount },
    { name: "µs an account", type: "log", format: String },
    [
      line("evaluation from a snapshot", "asset2", "evaluateMs"),
      line("filter of every step", "asset1", "filterMs"),
      line("findTasks", "asset3", "tasksMs"),
    ],
  );
}

const GAS: Axis = { name: "Gas", type: "value", format: (gas) => `${gas / 1_000}k` };

function curves(
  id: string,
  title: string,
  reading: string,
  x: Axis,
  y: Axis,
  lines: readonly Line[],
): string {
  const places = lines.flatMap(({ points }) => points.map(([left]) => left));
  const chart: Chart = () => ({
    grid: { ...MARGIN, right: 34, top: 40, bottom: 48 },
    xAxis: {
      type: x.type,
      min: x.type === "value" ? 0 : Math.min(...places),
      max: Math.max(...places),
      ...(x.interval === undefined ? {} : { interval: x.interval }),
      name: x.name,
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { fontSize: 12 },
      axisLine: { onZero: false, lineStyle: { color: colour("muted") } },
      axisLabel: { color: colour("muted"), fontSize: 12, hideOverlap: true, formatter: x.format },
      splitLine: { show: false },
    },
    yAxis: valueAxis(y.name, 0, {
      type: y.type,
      ...(y.type === "value" ? { min: 0 } : {}),
      axisLabel: { color: colour("muted"), fontSize: 12, formatter: y.format },
    }),
    series: lines.map(({ colour: tint, points }) => ({
      type: "line",
      silent: true,
      symbol: "circle",
      symbolSize: 6,
      lineStyle: { color: colour(tint), width: 2 },
      itemStyle: { color: colour(tint) },
      data: points.map(([left, up]) => [left, up]),
    })),
  });
  const legend = lines.map(({ name, colour: tint }) => ({
    name,
    colour: tint,
    dash: "solid" as const,
  }));
  return figure({ id, title, reading, legend, chart, height: () => 320 });
}

/** At dear data: gas of the L2 and data beside each other, and a mark where the packed form would end. */
function fees(rows: readonly RollupRow[]): string {
  const dear = rows.map(({ operation, fees: all }) => ({ operation, fee: all.at(-1) }));
  const labels = dear.map(({ operation, fee }) => `${operation}: −${percent(fee?.saved ?? 0)}`);
  const total = dear.map(({ fee }) => fee?.feeGwei ?? 0);
  const data = dear.map(({ fee }) => (fee?.feeGwei ?? 0) * (fee?.dataShare ?? 0));
  const chart: Chart = () => ({
    ...barsFrame("gwei", labels, formatCount),
    series: [
      bar(
        "asset1",
        total.map((gwei, index) => gwei - (data[index] ?? 0)),
        labels,
      ),
      bar("asset2", data),
      {
        type: "scatter",
        silent: true,
        symbol: "rect",
        symbolSize: [3, 16],
        itemStyle: { color: colour("ink"), opacity: 1 },
        data: dear.map(({ fee }, index) => [fee?.packedGwei ?? 0, index]),
      },
    ],
  });
  return figure({
    id: "fees",
    title: "Fee on a chain of the OP Stack when data is dear",
    reading:
      "0.001 gwei for gas of the L2, 10 gwei base fee and 1 gwei for blobs on L1, scalars of Base. Beside the names: what packed calldata would save.",
    legend: [
      { name: "gas of the L2", colour: "asset1", dash: "solid" },
      { name: "data", colour: "asset2", dash: "solid" },
      { name: "whole fee if calldata were packed", colour: "ink", dash: "solid" },
    ],
    chart,
    height: () => rows.length * ROW_PX + HEADROOM_PX,
  });
}

function bar(tint: Colour, values: readonly number[], labels: readonly string[] = []): object {
  return {
    type: "bar",
    stack: "fee",
    barWidth: 12,
    silent: true,
    itemStyle: { color: colour(tint), opacity: 0.6 },
    data: values.map((value, index) => ({
      value,
      label: {
        show: labels.length > 0,
        position: [0, -17],
        align: "left",
        color: colour("ink"),
        opacity: 1,
        fontSize: 13,
        formatter: labels[index] ?? "",
      },
    })),
  };
}
