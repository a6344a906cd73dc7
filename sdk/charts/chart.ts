import { init } from "echarts";
import type { EChartsOption } from "echarts";

import { formatTime } from "./format.ts";

/** Colours by role. The page gives each a value for light and for dark: see `COLOUR_CSS`. */
const COLOURS = {
  ink: ["#1a1f2b", "#e8eaf0"],
  muted: ["#576070", "#a3adbd"],
  grid: ["#e3e6ec", "#2e3542"],
  surface: ["#ffffff", "#171b23"],
  neutral: ["#7b8494", "#8d97a8"],
  issued: ["#a86400", "#f0b44a"],
  cured: ["#1c7c4a", "#58c98b"],
  expired: ["#7a4fb0", "#bd9af0"],
  seized: ["#c02f3a", "#ff7d83"],
  money: ["#1f5fbf", "#6ea8ff"],
  asset1: ["#1f5fbf", "#6ea8ff"],
  asset2: ["#c25700", "#ff9d4d"],
  asset3: ["#12806a", "#4fd1b5"],
  asset4: ["#8e3f9e", "#d98cea"],
  asset5: ["#7a6200", "#d8c04a"],
  asset6: ["#b33a72", "#ff8fbe"],
  asset7: ["#3d6f87", "#8fc7e0"],
  asset8: ["#5d7a1a", "#b5d66a"],
  asset9: ["#6a6f7a", "#b8bec9"],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type Colour = keyof typeof COLOURS;

/** Declarations of the CSS custom properties that `toSvg` and the page use. */
export const COLOUR_CSS = {
  light: declarations(0),
  dark: declarations(1),
};

export type Chart = (size: ChartSize) => EChartsOption;

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Left and right edge of every plot area, so that charts with one time axis line up. */
export const MARGIN = { left: 52, right: 18 };

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

/** Frame of a chart of horizontal bars whose texts stand above them. */
export function barsFrame(
  unit: string,
  labels: readonly string[],
  formatter: (value: number) => string,
): Pick<EChartsOption, "grid" | "xAxis" | "yAxis"> {
  return {
    grid: { left: 18, right: 30, top: 30, bottom: 52 },
    xAxis: {
      type: "value",
      min: 0,
      name: unit,
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: { fontSize: 12 },
      splitNumber: 4,
      axisLabel: { color: colour("muted"), fontSize: 12, hideOverlap: true, formatter },
      splitLine: { lineStyle: { color: colour("grid") } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: [...labels],
      axisLabel: { show: false },
      axisTick: { show: false },
      axisLine: { show: false },
    },
  };
}

/**
 * A colour for ECharts: a stand-in that `toSvg` exchanges for a CSS custom property, so that one drawing serves light
 * and dark.
 */
export function colour(name: Colour): string {
  return `#fedc${Object.keys(COLOURS).indexOf(name).toString(16).padStart(2, "0")}`;
}

/** Colour of the n-th asset of a file. */
export function assetColour(index: number): Colour {
  const names = Object.keys(COLOURS).filter((name): name is Colour => name.startsWith("asset"));
  return names[index % names.length] ?? "asset1";
}

/** Draws a chart as an SVG file of its own, light and dark; `description` is what it shows, for who cannot see it. */
export function toSvgFile(chart: Chart, size: ChartSize, id: string, description: string): string {
  const style =
    `<style>:root{${COLOUR_CSS.light}}@media (prefers-color-scheme: dark){:root{${COLOUR_CSS.dark}}}</style>` +
    `<rect width="100%" height="100%" fill="var(--surface)"/>`;
  const text = description.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `${toSvg(chart, size, id)
    .replace(
      '<svg aria-hidden="true" focusable="false" ',
      '<svg xmlns="http://www.w3.org/2000/svg" role="img" ',
    )
    .replace(">", `><desc>${text}</desc>${style}`)}\n`;
}

/** Draws a chart as one `<svg>` element without scripts; `id` keeps its inner names apart from other charts. */
export function toSvg(chart: Chart, size: ChartSize, id: string): string {
  const canvas = init(null, null, { renderer: "svg", ssr: true, ...size });
  canvas.setOption({
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: FONT, fontSize: 13, color: colour("muted") },
    ...chart(size),
  });
  const svg = canvas.renderToSVGString();
  canvas.dispose();
  const names = Object.keys(COLOURS);
  return svg
    .replace(
      /#fedc([0-9a-f]{2})/gi,
      (_, hex: string) => `var(--${names[parseInt(hex, 16)] ?? "ink"})`,
    )
    .replace(/<style.*?<\/style>/gs, "") // hover rules, of no use in a still drawing
    .replace(/ class="[^"]*"/g, "")
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/ xmlns(:xlink)?="[^"]*"/g, "")
    .replace("<svg ", '<svg aria-hidden="true" focusable="false" ');
}

// ── Axes ────────────────────────────────────────────────────────────────────────────────────────

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Durations that people count in [s]. */
export const DURATIONS: readonly number[] = [
  ...[60, 300, 600, 1800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ...[DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY, 112 * DAY, 364 * DAY],
];

/** Tick times in [from, to], at most `most`, on whole hours or days where the span allows. */
export function timeTicks(from: number, to: number, most: number): readonly number[] {
  const step = DURATIONS.find((seconds) => (to - from) / seconds <= most - 1) ?? 4 * 364 * DAY;
  if (step >= 364 * DAY) return yearTicks(from, to, most);
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

/** The first of January of every year, or of every second, third … one. */
function yearTicks(from: number, to: number, most: number): readonly number[] {
  const [first, last] = [from, to].map((at) => new Date(at * 1000).getUTCFullYear());
  if (first === undefined || last === undefined) return [];
  const every = Math.max(1, Math.ceil((last - first) / Math.max(1, most)));
  const years = Array.from({ length: Math.floor((last - first) / every) + 1 });
  return years
    .map((_, index) => Date.UTC(last - index * every, 0, 1) / 1000)
    .filter((at) => at >= from)
    .reverse();
}

/** The time axis [unix s] of the grid with this index; only the lowest one of a chart carries labels. */
export function timeAxis(
  [from, to]: readonly [number, number],
  { width }: ChartSize,
  gridIndex: number,
  labels: "labelled" | "bare" | "hidden",
): object {
  const ticks = timeTicks(from, to, Math.floor((width - 70) / (width < 500 ? 55 : 80)));
  const crossesYears =
    new Date(from * 1000).getUTCFullYear() !== new Date(to * 1000).getUTCFullYear();
  return {
    type: "value",
    gridIndex,
    min: from,
    max: to === from ? from + 1 : to,
    axisLine: { onZero: false, lineStyle: { color: colour("muted") } },
    axisTick: { show: labels === "labelled", customValues: ticks },
    show: labels !== "hidden",
    containShape: false, // else bars widen their own axis, and strips no longer line up
    splitLine: { show: false },
    axisLabel: {
      show: labels === "labelled",
      customValues: ticks,
      color: colour("muted"),
      fontSize: 12,
      lineHeight: 15,
      hideOverlap: true,
      formatter: (value: number) => tickText(value, crossesYears),
    },
    ...(labels === "labelled" ? { ...AXIS_NAME, nameGap: ticks.every(isMidnight) ? 28 : 42 } : {}),
  };
}

const AXIS_NAME = {
  name: "Time (UTC)",
  nameLocation: "middle",
  nameTextStyle: { fontSize: 12 },
};

/** A value axis with its name, unit included, above it, starting at the left edge of the labels. */
export function valueAxis(name: string, gridIndex: number, rest: object = {}): object {
  return {
    type: "value",
    gridIndex,
    name,
    nameLocation: "end",
    nameGap: 10,
    nameTextStyle: {
      align: "left",
      color: colour("ink"),
      fontSize: 13,
      padding: [0, 0, 0, -(MARGIN.left - 4)],
    },
    axisLabel: { color: colour("muted"), fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: colour("muted") } },
    axisTick: { show: true, lineStyle: { color: colour("muted") } },
    splitLine: { lineStyle: { color: colour("grid") } },
    ...rest,
  };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function tickText(unix: number, withYear: boolean): string {
  const date = new Date(unix * 1000);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""}`;
  const year = withYear ? ` ${date.getUTCFullYear()}` : "";
  return isMidnight(unix) ? `${day}${year}` : `${formatTime(unix).slice(11)}\n${day}`;
}

function isMidnight(unix: number): boolean {
  return unix % DAY === 0;
}

function declarations(mode: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([name, values]) => `--${name}:${values[mode]}`)
    .join(";");
}
