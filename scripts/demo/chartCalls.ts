import { colour, DURATIONS, MARGIN, timeAxis, valueAxis } from "../../sdk/charts/chart.ts";
import type { Chart, ChartSize, Colour } from "../../sdk/charts/chart.ts";
import { priceLines, spanOf } from "./chartPrices.ts";
import { formatCount, formatDuration } from "../../sdk/charts/format.ts";
import type { DemoStep } from "./result.ts";

type Counted = "callsIssued" | "callsCured" | "callsExpired" | "liquidations";

const STRIPS: readonly { readonly key: Counted; readonly name: string; readonly colour: Colour }[] =
  [
    { key: "callsIssued", name: "Calls issued", colour: "issued" },
    { key: "callsCured", name: "Calls cured", colour: "cured" },
    { key: "callsExpired", name: "Calls expired", colour: "expired" },
    { key: "liquidations", name: "Liquidations and write-offs", colour: "seized" },
  ];
const PRICE = { top: 34, share: 0.32 };
const BOTTOM = 66;
const STRIP_NAME = 36; // height of the name above each strip

/** Prices above; below one strip of bars for each kind of event, all on one time axis. */
export function callsChart(series: readonly DemoStep[]): Chart {
  return (size) => {
    const buckets = bucketsOf(series, size);
    const { span } = buckets;
    const priceHeight = size.height * PRICE.share;
    const stripTop = PRICE.top + priceHeight + 14;
    const pitch = (size.height - BOTTOM - stripTop) / STRIPS.length;
    const strips = STRIPS.map((_, index) => ({
      ...MARGIN,
      top: stripTop + index * pitch + STRIP_NAME,
      height: pitch - STRIP_NAME,
    }));
    return {
      grid: [{ ...MARGIN, top: PRICE.top, height: priceHeight }, ...strips],
      xAxis: [0, 1, 2, 3, 4].map((grid) =>
        timeAxis(span, size, grid, grid === 4 ? "labelled" : "bare"),
      ),
      yAxis: [
        valueAxis("Price (% of the first)", 0, { scale: true, splitNumber: 4 }),
        ...STRIPS.map((strip, index) => stripAxis(strip, index + 1, buckets)),
      ],
      series: [
        ...priceLines(series, 0),
        ...STRIPS.map((strip, index) => stripBars(strip, index + 1, buckets, size)),
      ],
    };
  };
}

// ── Strips ──────────────────────────────────────────────────────────────────────────────────────

interface Buckets {
  readonly seconds: number;
  readonly span: readonly [from: number, to: number]; // whole buckets around the run [unix s]
  readonly middles: readonly number[]; // [unix s]
  readonly counts: Readonly<Record<Counted, readonly number[]>>;
}

const PIXELS_PER_BAR = 8;

/** Adds up the steps within equal durations, so that bars stay wide enough to see. */
function bucketsOf(series: readonly DemoStep[], { width }: ChartSize): Buckets {
  const [from, to] = spanOf(series);
  const spacing = (to - from) / Math.max(1, series.length - 1);
  const most = (width - MARGIN.left - MARGIN.right) / PIXELS_PER_BAR;
  const seconds =
    DURATIONS.find((each) => each >= spacing && (to - from) / each <= most) ?? (to - from) / most;
  const first = Math.floor(from / seconds);
  const length = Math.floor(to / seconds) - first + 1;
  const countsOf = (key: Counted): readonly number[] => {
    const counts = Array<number>(length).fill(0);
    for (const step of series) {
      const index = Math.floor(step.at / seconds) - first;
      counts[index] = (counts[index] ?? 0) + step[key];
    }
    return counts;
  };
  return {
    seconds,
    span: [first * seconds, (first + length) * seconds],
    middles: Array.from({ length }, (_, index) => (first + index + 0.5) * seconds),
    counts: {
      callsIssued: countsOf("callsIssued"),
      callsCured: countsOf("callsCured"),
      callsExpired: countsOf("callsExpired"),
      liquidations: countsOf("liquidations"),
    },
  };
}

function stripAxis(
  { key, name }: (typeof STRIPS)[number],
  gridIndex: number,
  buckets: Buckets,
): object {
  const counts = buckets.counts[key];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const max = Math.max(1, ...counts);
  return valueAxis(
    `${name} per ${formatDuration(buckets.seconds)} (${formatCount(total)} in all)`,
    gridIndex,
    {
      min: 0,
      max,
      interval: max,
    },
  );
}

function stripBars(
  { key, colour: name }: (typeof STRIPS)[number],
  axisIndex: number,
  { middles, counts }: Buckets,
  { width }: ChartSize,
): object {
  const pixelsPerBar = (width - MARGIN.left - MARGIN.right) / middles.length;
  return {
    type: "bar",
    xAxisIndex: axisIndex,
    yAxisIndex: axisIndex,
    barWidth: Math.max(2, pixelsPerBar * 0.8),
    silent: true,
    itemStyle: { color: colour(name) },
    data: middles.flatMap((middle, index) => {
      const count = counts[key][index] ?? 0;
      return count === 0 ? [] : [[middle, count]];
    }),
  };
}
