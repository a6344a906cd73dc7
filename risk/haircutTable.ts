// The result for the terminal, at most 100 columns wide, without colours.
import Table from "cli-table3";
import { formatCount, formatDuration, formatTime } from "../sdk/charts/format.ts";
import { toNumber } from "../sdk/units.ts";
import { shareOf } from "./haircutsJson.ts";
import { type AssetResult, type LevelResult, PROMISED } from "./measure.ts";
import { SIGNIFICANCE } from "./kupiec.ts";

/** A rule below the head and no lines between columns: eleven of them have to fit. */
const PLAIN = {
  style: { head: [], border: [], compact: true },
  chars: {
    ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
    ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
    ...{
      left: "",
      "left-mid": "",
      mid: "─",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "",
    },
  },
};

/** Both levels of every asset as one table, and below it what each word means. */
export function renderTable(results: readonly AssetResult[]): string {
  const table = new Table({
    ...PLAIN,
    head: [
      "Asset",
      "Level",
      "T",
      "Haircut",
      "Average",
      "Horizons",
      "Beyond",
      "Share",
      "Promise",
      "p",
      "",
    ],
    colAligns: [
      "left",
      "left",
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "right",
      "left",
    ],
  });
  for (const result of results) {
    for (const level of result.levels) table.push(rowOf(result, level));
  }
  return `${table.toString()}\n\n${results.map(sourceOf).join("\n")}\n\n${READING}\n`;
}

const READING = `Haircut: in force after the last price. Beyond: losses over T that exceed the haircut in force when
the horizon begins; horizons do not overlap. p: probability of a share this far above its promise
if the promise is exact (Kupiec, one-sided; 1 at or below it). "not held": p below ${SIGNIFICANCE}.`;

function rowOf({ asset }: AssetResult, level: LevelResult): string[] {
  const { horizons, exceedances, kupiecP } = level;
  return [
    asset,
    level.level,
    formatDuration(level.horizonFor),
    percent(shareOf(level.haircutNowPpm)),
    percent(shareOf(level.averageHaircutPpm)),
    formatCount(horizons.length),
    formatCount(exceedances),
    percent(exceedances / horizons.length),
    percent(PROMISED[level.level]),
    formatP(kupiecP),
    verdict(level),
  ];
}

/** Few horizons prove little: with fewer than the promise needs to expect one loss, a pass says nothing. */
export function verdict({ level, kupiecP, horizons }: LevelResult): string {
  if (kupiecP < SIGNIFICANCE) return "not held";
  return horizons.length * PROMISED[level] < 1 ? "too few" : "held";
}

function sourceOf({ asset, obligation, steps, settings, largestGapFor }: AssetResult): string {
  const [first, last] = [steps[0]?.at ?? 0, steps.at(-1)?.at ?? 0];
  return (
    `${asset}/${obligation}: ${formatCount(steps.length)} prices, ${formatTime(first)} to ${formatTime(last)} UTC, ` +
    `longest gap ${formatDuration(largestGapFor)}.\n  ` +
    `Annual variance now ${variance(steps.at(-1)?.varianceWad ?? 0n)}, stress ${variance(settings.stressWad)} ` +
    `(weight ${percent(toNumber(settings.stressShareWad, 18))}), floor ${variance(settings.floorWad)}.`
  );
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`.replace("-", "−");
}

export function formatP(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** Three digits: variances of pegs are small. */
export function variance(wad: bigint): string {
  return String(Number(toNumber(wad, 18).toPrecision(3)));
}
