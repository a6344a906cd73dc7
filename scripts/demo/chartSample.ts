import { colour, MARGIN, timeAxis, valueAxis } from "../../sdk/charts/chart.ts";
import type { Chart, Colour } from "../../sdk/charts/chart.ts";
import { priceLines, spanOf } from "./chartPrices.ts";
import { toFloat } from "../../sdk/charts/format.ts";
import type {
  DemoStep,
  SampleAccount,
  SampleEvent,
  SampleEventType,
  SamplePoint,
} from "./result.ts";

/** Events of one moment under one number, as on the chart and in the list below it. */
interface NumberedMoment {
  readonly number: number;
  readonly at: number; // [unix s]
  readonly type: SampleEventType; // the gravest
  readonly events: readonly SampleEvent[];
}

/** Moments that the chart can hold; a longer history is cut. */
export const MAX_MOMENTS = 12;

export const EVENT_COLOURS: Readonly<Record<SampleEventType, Colour>> = {
  callIssued: "issued",
  callPaused: "neutral",
  callCured: "cured",
  callExpired: "expired",
  liquidated: "seized",
  writtenOff: "seized",
};

/** The lines of the lower panel, for the legend. */
export const SAMPLE_LINES = [
  { key: "coverageWad", name: "Coverage of the account", colour: "ink", dash: "solid", width: 2.2 },
  {
    key: "initialLineWad",
    name: "Initial line: a cure ends here",
    colour: "cured",
    dash: "dashed",
    width: 1.4,
  },
  {
    key: "maintenanceLineWad",
    name: "Maintenance line: margin call",
    colour: "issued",
    dash: "solid",
    width: 1.4,
  },
  {
    key: "closeOutLineWad",
    name: "Close-out line: liquidation at once",
    colour: "seized",
    dash: "dotted",
    width: 2,
  },
] as const satisfies readonly {
  key: keyof SamplePoint;
  name: string;
  colour: Colour;
  dash: string;
  width: number;
}[];

/** Groups events by time and numbers them; the first `MAX_MOMENTS`. */
export function numberMoments(events: readonly SampleEvent[]): readonly NumberedMoment[] {
  const byTime = Map.groupBy(
    [...events].sort((a, b) => a.at - b.at),
    ({ at }) => at,
  );
  return [...byTime.entries()].slice(0, MAX_MOMENTS).map(([at, group], index) => {
    const gravest = SEVERITY.findLast((type) => group.some((event) => event.type === type));
    return { number: index + 1, at, type: gravest ?? "callIssued", events: group };
  });
}

/** Prices above, coverage and its lines below, numbered events between. */
export function sampleChart(sample: SampleAccount, series: readonly DemoStep[]): Chart {
  const span = sampleSpan(sample, series);
  return (size) => {
    const lane = laneOf(numberMoments(sample.events), span, size.width);
    const price = { top: 34, height: 104 };
    const laneTop = price.top + price.height + 40;
    const coverageTop = laneTop + lane.rows * ROW + 4;
    return {
      grid: [
        { ...MARGIN, ...price },
        { ...MARGIN, top: laneTop, height: lane.rows * ROW + 4 },
        { ...MARGIN, top: coverageTop, bottom: 66 },
      ],
      xAxis: [
        timeAxis(span, size, 0, "bare"),
        timeAxis(span, size, 1, "hidden"),
        timeAxis(span, size, 2, "labelled"),
      ],
      yAxis: [
        valueAxis("Price (% of the first)", 0, { scale: true, splitNumber: 3 }),
        valueAxis(LANE_NAME, 1, laneScale(lane)),
        valueAxis("", 2, coverageScale(sample, span)),
      ],
      series: [
        ...priceLines(series.filter(isWithin(span)), 0, (name) => sample.assets.includes(name)),
        ...coverageLines(sample, span),
        laneSeries(lane),
      ],
    };
  };
}

/** Height that the chart needs at this width: the coverage panel keeps its own, however many events there are. */
export function sampleHeight(
  sample: SampleAccount,
  series: readonly DemoStep[],
  width: number,
): number {
  const lane = laneOf(numberMoments(sample.events), sampleSpan(sample, series), width);
  return 34 + 104 + 40 + lane.rows * ROW + 4 + 230 + 66;
}

/** The part of the run that the chart shows: the events, and before and after them as much again and 24 steps. */
export function sampleSpan(
  { events }: SampleAccount,
  series: readonly DemoStep[],
): readonly [from: number, to: number] {
  const [from, to] = spanOf(series);
  const times = numberMoments(events).map(({ at }) => at);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return [from, to];
  const around = last - first + (24 * (to - from)) / Math.max(1, series.length - 1);
  return [Math.max(from, first - around), Math.min(to, last + around)];
}

/** The highest coverage that the chart shows; `undefined` if nothing is cut. */
export function coverageCut(
  sample: SampleAccount,
  span: readonly [number, number],
): number | undefined {
  const points = sample.points.filter(isWithin(span));
  const allowed = 1.6 * Math.max(1, ...floats(points, "initialLineWad"));
  const highest = Math.max(...floats(points, "coverageWad"));
  return highest > allowed ? Math.ceil(allowed * 5) / 5 : undefined; // a fifth: a tick of the axis
}

const SEVERITY: readonly SampleEventType[] = [
  "callPaused",
  "callCured",
  "callIssued",
  "callExpired",
  "liquidated",
  "writtenOff",
];

function coverageScale(sample: SampleAccount, span: readonly [number, number]): object {
  const max = coverageCut(sample, span);
  return {
    scale: true,
    ...(max === undefined ? {} : { max }),
    axisLabel: {
      color: colour("muted"),
      fontSize: 12,
      formatter: (value: number) => value.toFixed(2),
    },
  };
}

function coverageLines(
  { points, events }: SampleAccount,
  span: readonly [number, number],
): object[] {
  const shown = points.filter(isWithin(span));
  const moments = numberMoments(events);
  return SAMPLE_LINES.map((line, index) => ({
    type: "line",
    xAxisIndex: 2,
    yAxisIndex: 2,
    data: shown.map((point) => [point.at, floatOrGap(point[line.key])]),
    showSymbol: false,
    silent: true,
    z: index === 0 ? 5 : 3,
    lineStyle: { color: colour(line.colour), type: line.dash, width: line.width },
    ...(index === 0 ? { markLine: verticals(moments) } : {}),
  }));
}

function verticals(moments: readonly NumberedMoment[]): object {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    data: moments.map(({ at, type }) => ({
      xAxis: at,
      lineStyle: { color: colour(EVENT_COLOURS[type]), width: 1, type: "solid", opacity: 0.55 },
    })),
  };
}

// ── Lane of event numbers ───────────────────────────────────────────────────────────────────────

interface Lane {
  readonly rows: number;
  readonly placed: readonly { readonly moment: NumberedMoment; readonly row: number }[];
}

const ROW = 22; // a number and a hair [px]

/** Puts each number into the first row in which it does not touch its left neighbour. */
function laneOf(
  moments: readonly NumberedMoment[],
  [from, to]: readonly [number, number],
  width: number,
): Lane {
  const secondsPerPixel = (to - from) / (width - MARGIN.left - MARGIN.right);
  const lastInRow: number[] = [];
  const placed = moments.map((moment) => {
    const free = lastInRow.findIndex((last) => moment.at - last >= ROW * secondsPerPixel);
    const row = free === -1 ? lastInRow.length : free;
    lastInRow[row] = moment.at;
    return { moment, row };
  });
  return { rows: Math.max(1, lastInRow.length), placed };
}

function laneSeries({ placed, rows }: Lane): object {
  return {
    type: "scatter",
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbolSize: 20,
    clip: false,
    silent: true,
    data: placed.map(({ moment, row }) => ({
      value: [moment.at, rows - 1 - row],
      itemStyle: { color: colour(EVENT_COLOURS[moment.type]), opacity: 1 },
      label: {
        show: true,
        formatter: String(moment.number),
        color: colour("surface"),
        fontSize: 12,
        fontWeight: "bold",
      },
    })),
  };
}

const LANE_NAME = "Coverage (cover ÷ requirement), events by number";

function laneScale({ rows }: Lane): object {
  const hidden = { show: false };
  return {
    min: -0.5,
    max: rows - 0.5,
    axisLabel: hidden,
    axisTick: hidden,
    axisLine: hidden,
    splitLine: hidden,
  };
}

// ── Numbers ─────────────────────────────────────────────────────────────────────────────────────

function isWithin([from, to]: readonly [number, number]): (entry: {
  readonly at: number;
}) => boolean {
  return ({ at }) => at >= from && at <= to;
}

function floats(
  points: readonly SamplePoint[],
  key: "coverageWad" | "initialLineWad",
): readonly number[] {
  return points.flatMap((point) => (point[key] === undefined ? [] : [toFloat(point[key])]));
}

function floatOrGap(wad: bigint | undefined): number | null {
  return wad === undefined ? null : toFloat(wad);
}
