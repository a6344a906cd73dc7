// One HTML page that loads nothing: text, and charts as inline SVG that follow the reader's light or dark preference.
import { type Chart, COLOUR_CSS, toSvg } from "./chart.ts";
import { PAGE_CSS } from "./pageCss.ts";

/** A whole page of these sections; `title` is plain text, the sections are HTML. */
export function page(title: string, sections: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>:root{${COLOUR_CSS.light}}@media (prefers-color-scheme: dark){:root{${COLOUR_CSS.dark}}}${PAGE_CSS}</style>
</head>
<body>
<main>
${sections.join("\n")}
</main>
</body>
</html>
`;
}

/** A chart with its title, one sentence on how to read it, and a legend. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly reading: string; // one sentence on how to read it
  readonly legend: readonly LegendEntry[];
  readonly chart: Chart;
  readonly height: (width: number) => number;
  readonly below?: string;
}

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly dash: "solid" | "dashed" | "dotted";
}

const WIDE = 1000;
const NARROW = 350;

/** A figure as HTML: the chart inline, once for wide and once for narrow screens. */
export function figure({ id, title, reading, legend, chart, height, below = "" }: Figure): string {
  const wide = toSvg(chart, { width: WIDE, height: height(WIDE) }, `${id}-wide`);
  const narrow = toSvg(chart, { width: NARROW, height: height(NARROW) }, `${id}-narrow`);
  const entries = legend.map(
    ({ name, colour, dash }) =>
      `<li><i style="border-top:3px ${dash} var(--${colour})"></i>${escapeHtml(name)}</li>`,
  );
  return `<figure aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="note">${reading}</p>
${entries.length === 0 ? "" : `<ul class="legend">${entries.join("")}</ul>`}
<div class="wide">${wide}</div><div class="narrow">${narrow}</div>
${below}</figure>`;
}

/** Text that may stand in HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
