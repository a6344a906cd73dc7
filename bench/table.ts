import Table from "cli-table3";
import { formatCount } from "../sdk/charts/format.ts";
import { nameOf } from "./operations.ts";
import { type Row, ratio } from "./rows.ts";

const NONE = "–";
const HEAD = ["operation", "Surety", "figure", "Morpho Blue", "Aave v3", "best peer", "floor"];
const RATIOS = ["÷ best peer", "÷ floor"];

/** The table of a run, for a terminal. */
export function renderTable(rows: readonly Row[]): string {
  const table = new Table({
    head: [...HEAD, ...RATIOS],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", ...[...HEAD.slice(1), ...RATIOS].map(() => "right" as const)],
  });
  for (const row of rows) table.push([...cellsOf(row)]);
  const { above, over } = countRows(rows);
  return `${table.toString()}
Gas of one run on one local chain. * published, not measured here. g1 and g2 of Morpho Blue and Aave v3 are two transactions.
Surety is dearer than the best peer in ${above} of ${rows.length} operations, and above its figure in ${over}.`;
}

function cellsOf(row: Row): readonly string[] {
  const { id, surety, figure, morpho, aave, best, floor } = row;
  const mark = best.from === "published" ? "*" : "";
  return [
    nameOf(id),
    formatCount(surety),
    formatCount(figure),
    morpho === undefined ? NONE : formatCount(morpho),
    aave === undefined ? NONE : formatCount(aave),
    `${best.name}${mark} ${formatCount(best.gas)}`,
    formatCount(floor),
    ratio(surety, best.gas).toFixed(2),
    ratio(surety, floor).toFixed(2),
  ];
}

/** In how many operations Surety is dearer than the best peer, and in how many above its figure. */
export function countRows(rows: readonly Row[]): { readonly above: number; readonly over: number } {
  return {
    above: rows.filter(({ surety, best }) => surety > best.gas).length,
    over: rows.filter(({ surety, figure }) => surety > figure).length,
  };
}
