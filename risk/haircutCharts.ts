// Charts of a backtest: what was in force over time, and how often losses went beyond it.
import {
  assetColour,
  type Chart,
  colour,
  MARGIN,
  timeAxis,
  valueAxis,
} from "../sdk/charts/chart.ts";
import { toNumber } from "../sdk/units.ts";
import { type AssetResult, type Level, type LevelResult, PROMISED } from "./measure.ts";
import type { HaircutStep } from "./haircutSeries.ts";
import { shareOf } from "./haircutsJson.ts";

/** Variance above; below it, for each level, the haircut in force and the losses of its horizons where they began. */
export function historyChart(result: AssetResult): Chart {
  const { levels } = result;
  const steps = thinned(result.steps);
  const span = [steps[0]?.at ?? 0, steps.at(-1)?.at ?? 0] as const;
  return (size) => {
    const tops = [34, 194, 434];
    const heights = [110, 190, 190];
    return {
      grid: tops.map((top, index) => ({ ...MARGIN, top, height: heights[index] ?? 0 })),
      xAxis: tops.map((_, index) => timeAxis(span, size, index, index === 2 ? "labelled" : "bare")),
      yAxis: [
        valueAxis("Variance (a year)", 0, { min: 0, splitNumber: 3 }),
        ...levels.map((level, index) =>
          valueAxis(
            `${titleOf(level.level)} haircut, losses over ${days(level.horizonFor)} (%)`,
            index + 1,
            {
              min: 0,
              max: ceilingOf(levels),
            },
          ),
        ),
      ],
      series: [
        line(
          0,
          "neutral",
          steps.map(({ at, varianceWad }) => [at, toNumber(varianceWad, 18)]),
        ),
        ...levels.flatMap((level, index) => [
          losses(index + 1, level, "within"),
          line(
            index + 1,
            "money",
            steps.map((step) => [step.at, percentOf(haircutOf(step, level.level))]),
          ),
          losses(index + 1, level, "beyond"),
        ]),
      ],
    };
  };
}

export const HISTORY_HEIGHT = 690; // [px]

/** Bars of the share beyond, and at each level a line at its promise. */
export function shareChart(results: readonly AssetResult[]): Chart {
  const bars = results.flatMap(({ asset, levels }, index) =>
    levels.map((level) => ({ asset, level, colour: colour(assetColour(index)) })),
  );
  return ({ width }) => ({
    grid: [{ ...MARGIN, top: 40, bottom: 66 }],
    xAxis: [
      {
        type: "category",
        data: bars.map(({ asset, level }) => {
          const name =
            width < 500 ? { initial: "init.", maintenance: "maint." }[level.level] : level.level;
          return `${asset}\n${name}\n${(shareBeyond(level) * 100).toFixed(2)} %`;
        }),
        axisLabel: { color: colour("ink"), fontSize: 12, lineHeight: 15, interval: 0 },
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colour("muted") } },
      },
    ],
    yAxis: [valueAxis("Horizons with a loss beyond the haircut (%)", 0, { min: 0 })],
    series: [
      {
        type: "bar",
        silent: true,
        barMaxWidth: 46,
        data: bars.map(({ level, colour: fill }) => ({
          value: shareBeyond(level) * 100,
          itemStyle: { color: fill },
        })),
      },
      {
        type: "scatter",
        silent: true,
        symbol: "rect",
        symbolSize: [Math.min(64, (width - 70) / Math.max(1, bars.length)), 3],
        itemStyle: { color: colour("seized"), opacity: 1 },
        data: bars.map(({ level }) => PROMISED[level.level] * 100),
      },
    ],
  });
}

const MOST_POINTS = 3_000; // three to a pixel of a wide screen

/** Of each bucket of neighbours its first step and its highest haircut: a peak is never lost. */
function thinned(steps: readonly HaircutStep[]): readonly HaircutStep[] {
  const size = Math.ceil((2 * steps.length) / MOST_POINTS);
  if (size <= 2) return steps;
  const buckets = Array.from({ length: Math.ceil(steps.length / size) }, (_, index) =>
    steps.slice(index * size, (index + 1) * size),
  );
  return [
    ...buckets.flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const highest = others.reduce((a, b) => (b.initialPpm > a.initialPpm ? b : a), first);
      return highest === first ? [first] : [first, highest];
    }),
    ...steps.slice(-1),
  ];
}

/** `432000` → `"5 d"` */
export function days(seconds: number): string {
  return `${Number((seconds / 86_400).toPrecision(3))} d`;
}

export function titleOf(level: Level): string {
  return level === "initial" ? "Initial" : "Maintenance";
}

/** Both levels on one scale, so that they compare; the highest haircut or loss, rounded up [%] */
function ceilingOf(levels: readonly LevelResult[]): number {
  const highest = levels
    .flatMap(({ horizons }) => horizons)
    .reduce((most, { lossPpm, haircutPpm }) => {
      const larger = lossPpm > haircutPpm ? lossPpm : haircutPpm;
      return Math.max(most, percentOf(larger));
    }, 0);
  const step = highest > 20 ? 10 : highest > 5 ? 5 : 1;
  return Math.ceil((highest * 1.02) / step) * step;
}

function haircutOf(step: HaircutStep, level: Level): bigint {
  return level === "initial" ? step.initialPpm : step.maintenancePpm;
}

function line(
  axis: number,
  name: "neutral" | "money",
  data: readonly (readonly number[])[],
): object {
  return {
    type: "line",
    xAxisIndex: axis,
    yAxisIndex: axis,
    data,
    sampling: "lttb",
    showSymbol: false,
    silent: true,
    lineStyle: { color: colour(name), width: 1.6 },
  };
}

/** Gains lie below the axis and are left out. */
function losses(axis: number, { horizons }: LevelResult, which: "within" | "beyond"): object {
  const shown = horizons.filter(({ lossPpm, isBeyond }) =>
    which === "beyond" ? isBeyond : !isBeyond && lossPpm > 0n,
  );
  return {
    type: "scatter",
    xAxisIndex: axis,
    yAxisIndex: axis,
    silent: true,
    symbolSize: which === "beyond" ? 8 : 3,
    itemStyle: {
      color: colour(which === "beyond" ? "seized" : "neutral"),
      opacity: which === "beyond" ? 1 : 0.7,
    },
    data: shown.map(({ at, lossPpm }) => [at, percentOf(lossPpm)]),
  };
}

function shareBeyond({ exceedances, horizons }: LevelResult): number {
  return exceedances / horizons.length;
}

function percentOf(ppm: bigint): number {
  return shareOf(ppm) * 100;
}
