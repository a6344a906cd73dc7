import { formatCount } from "../sdk/charts/format.ts";
import type { GridCell } from "./grid.ts";
import { gridSection } from "./gridReport.ts";
import { nameOf } from "./operations.ts";
import { type Row, ratio } from "./rows.ts";
import { countRows } from "./table.ts";

/** Comments around a section that a command writes. */
export interface Markers {
  readonly begin: string;
  readonly end: string;
}

export const GAS_MARKERS = markers("gas");
export const SCALE_MARKERS = markers("scale");

function markers(name: string): Markers {
  return {
    begin: `<!-- ${name}: what follows is written by \`npm run bench:${name}\` -->`,
    end: `<!-- ${name}: end -->`,
  };
}

/** The document has one marker, or both in the wrong order. */
export class MarkersBroken extends Error {
  override readonly name = "MarkersBroken";

  constructor({ begin, end }: Markers) {
    super(
      `The document has not both markers in order: "${begin}" and "${end}". Put them back, or delete both.`,
    );
  }
}

/** The document with the section between the markers; at its end if it has none yet. @throws MarkersBroken */
export function replaceSection(document: string, section: string, around: Markers): string {
  const [begin, end] = [document.indexOf(around.begin), document.indexOf(around.end)];
  const marked = `${around.begin}\n\n${section.trim()}\n\n${around.end}`;
  if (begin === -1 && end === -1) return `${document.trimEnd()}\n\n${marked}\n`;
  if (begin === -1 || end < begin) throw new MarkersBroken(around);
  return `${document.slice(0, begin)}${marked}${document.slice(end + around.end.length)}`;
}

const NONE = "–";

/** The section of docs/benchmarks.md. */
export function renderSection(rows: readonly Row[], cells: readonly GridCell[]): string {
  const { above, over } = countRows(rows);
  return `## Gas beside the peers

\`\`\`sh
npm run bench:gas      # measures, prints the table, writes this section and out/gas.html
\`\`\`

What an operation costs in Surety, Morpho Blue 1.0.0 and Aave v3 (\`@aave/core-v3\` 1.19.3), measured in one run on one in-process chain (Osaka): \`gasUsed\` of
receipts, OpenZeppelin tokens with 18 and 6 decimals, the same feeds (a proxy before an aggregator, five cold slots) for all, slots warmed by others first, an hour
of interest between operations, wallets that stay non-zero, approvals given before. The peers run as they are published: [bench/](../bench/README.md).
*Figure* is the project's target, *floor* a minimal vault with custody, health, index interest and nothing else; both from \`bench/figures.json\`.
Surety is dearer than the best peer in ${above} of ${rows.length} operations, and above its figure in ${over}.

${measuredTable(rows)}

A best peer with * was not measured here. g1 and g2 of the measured peers are two transactions added up, which they need without a bundler.

Measured on one local chain by the project's founders, 2025/2026; see \`bench/figures.json\`:

${publishedTable(rows)}

Comet liquidates with \`absorb\`, always the whole account, and one \`buyCollateral\`.

${gridSection(cells)}`;
}

function measuredTable(rows: readonly Row[]): string {
  const head = ["operation", "Surety", "figure", "Morpho Blue", "Aave v3", "best peer", "floor"];
  const body = rows.map(({ id, surety, figure, morpho, aave, best, floor }) => [
    nameOf(id),
    ...[surety, figure, morpho, aave].map(cell),
    `${best.name}${best.from === "published" ? "\\*" : ""} ${formatCount(best.gas)}`,
    cell(floor),
    ratio(surety, best.gas).toFixed(2),
    ratio(surety, floor).toFixed(2),
  ]);
  return markdownTable([...head, "÷ best peer", "÷ floor"], body);
}

function publishedTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ published }) => Object.keys(published)))];
  const body = rows.map(({ id, published }) => [
    nameOf(id),
    ...names.map((name) => cell(published[name])),
  ]);
  return markdownTable(["operation", ...names], body);
}

function cell(gas: number | undefined): string {
  return gas === undefined ? NONE : formatCount(gas);
}

/** All columns but the first are numbers. */
export function markdownTable(
  head: readonly string[],
  body: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "--:"));
  return [head, rule, ...body].map(line).join("\n");
}
