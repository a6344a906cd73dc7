import { barsFrame, type Chart, type Colour, colour } from "../sdk/charts/chart.ts";
import { formatCount } from "../sdk/charts/format.ts";
import { escapeHtml, figure, type LegendEntry, page } from "../sdk/charts/page.ts";
import type { GridCell } from "./grid.ts";
import { gridFigures } from "./gridReport.ts";
import { nameOf } from "./operations.ts";
import { type Row, ratio } from "./rows.ts";
import { countRows } from "./table.ts";

const ROW_PX = 46;
const HEADROOM_PX = 76;

interface Mark {
  readonly name: string;
  readonly colour: Colour;
  readonly symbol: string;
  readonly gas: (row: Row) => number | undefined;
}

const MARKS: readonly Mark[] = [
  { name: "floor", colour: "neutral", symbol: "rect", gas: ({ floor }) => floor },
  { name: "figure", colour: "ink", symbol: "triangle", gas: (row) => row.figure },
  { name: "Morpho Blue", colour: "asset3", symbol: "circle", gas: ({ morpho }) => morpho },
  { name: "Aave v3", colour: "asset4", symbol: "circle", gas: ({ aave }) => aave },
  { name: "best peer", colour: "asset2", symbol: "diamond", gas: ({ best }) => best.gas },
];

/** The run as a page that loads nothing. */
export function renderPage(rows: readonly Row[], cells: readonly GridCell[]): string {
  const { above, over } = countRows(rows);
  return page("Surety: gas beside the peers", [
    `<header><h1>Gas beside the peers</h1>
<p class="lead">One run on one local chain: Surety is dearer than the best peer in ${above} of ${rows.length} operations, and above its
figure in ${over}.</p>
<p class="note">gasUsed of receipts; the same tokens and feeds for all, slots warmed by others first, an hour of interest between
operations. Figures and floor: bench/figures.json.</p></header>`,
    figure({
      id: "gas",
      title: "Gas by operation",
      reading: "The bar is Surety, the marks are what it is measured beside; less is better.",
      legend: [
        { name: "Surety", colour: "money", dash: "solid" },
        ...MARKS.map(({ name, colour: tint }): LegendEntry => ({
          name,
          colour: tint,
          dash: "solid",
        })),
      ],
      chart: gasChart(rows),
      height: () => rows.length * ROW_PX + HEADROOM_PX,
      below: `<ul class="losses">${rows.map(item).join("\n")}</ul>`,
    }),
    ...gridFigures(cells),
  ]);
}

function item({ id, operation, surety, best, floor }: Row): string {
  return `<li><b class="number">${id.slice(0, 2)}</b><span class="number">${formatCount(surety)}</span><span>${escapeHtml(
    operation,
  )}</span><span>${ratio(surety, best.gas).toFixed(2)} of ${escapeHtml(best.name)}, ${best.from}; ${ratio(
    surety,
    floor,
  ).toFixed(2)} of the floor</span></li>`;
}

function gasChart(rows: readonly Row[]): Chart {
  const labels = rows.map(({ id }) => nameOf(id));
  return () => ({
    ...barsFrame("gas", labels, (value) => `${value / 1000}k`),
    series: [bars(rows, labels), ...MARKS.map((mark) => scatter(rows, mark))],
  });
}

function bars(rows: readonly Row[], labels: readonly string[]): object {
  return {
    type: "bar",
    barWidth: 12,
    silent: true,
    itemStyle: { color: colour("money"), opacity: 0.5 },
    data: rows.map(({ surety }, index) => ({
      value: surety,
      label: {
        show: true,
        position: [0, -17],
        align: "left",
        color: colour("ink"),
        opacity: 1,
        fontSize: 13,
        formatter: `${labels[index] ?? ""}: ${formatCount(surety)}`,
      },
    })),
  };
}

function scatter(rows: readonly Row[], mark: Mark): object {
  return {
    type: "scatter",
    silent: true,
    symbol: mark.symbol,
    symbolSize: mark.symbol === "rect" ? [3, 16] : 10,
    itemStyle: { color: colour(mark.colour), opacity: 1 },
    data: rows.flatMap((row, index) => {
      const gas = mark.gas(row);
      return gas === undefined ? [] : [[gas, index]];
    }),
  };
}
