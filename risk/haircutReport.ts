// The result as one HTML page that loads nothing.
import { formatCount, formatTime } from "../sdk/charts/format.ts";
import { escapeHtml, figure, type LegendEntry, page } from "../sdk/charts/page.ts";
import { days, HISTORY_HEIGHT, historyChart, shareChart, titleOf } from "./haircutCharts.ts";
import { shareOf } from "./haircutsJson.ts";
import { formatP, percent, variance, verdict } from "./haircutTable.ts";
import type { PriceHistory } from "./joinPrices.ts";
import { type AssetResult, type LevelResult, PROMISED } from "./measure.ts";

/** Equal results give equal pages. */
export function renderReport(
  { files, unix }: PriceHistory,
  obligation: string,
  results: readonly AssetResult[],
): string {
  return page("Surety: haircuts and their backtest", [
    `<header>
<h1>Haircuts and their backtest</h1>
<p class="lead">${results.map(({ asset }) => escapeHtml(asset)).join(", ")} against ${escapeHtml(obligation)},
${formatTime(unix[0] ?? 0)} to ${formatTime(unix.at(-1) ?? 0)} UTC: how often a loss over a horizon was beyond the haircut in force
when the horizon began, against the share that the haircut promises.</p>
<p class="note">Prices: ${files.map(escapeHtml).join(", ")}.</p>
</header>`,
    cards(results),
    figure({
      id: "shares",
      title: "Kept promises",
      reading:
        "A bar that ends below its red mark keeps the promise: 1 % of the horizons initial, 5 % maintenance. One above may still be chance: that is what p says.",
      legend: [],
      chart: shareChart(results),
      height: () => 360,
    }),
    ...results.map(historyFigure),
  ]);
}

function cards(results: readonly AssetResult[]): string {
  const items = results.flatMap(({ asset, levels }) =>
    levels.map(
      (level) =>
        `<div><dt>${escapeHtml(asset)}, ${level.level}: ${verdict(level)}</dt><dd>${percent(shareOf(level.haircutNowPpm))}` +
        `<small>now; on average ${percent(shareOf(level.averageHaircutPpm))}</small><small>${beyondText(level)}</small></dd></div>`,
    ),
  );
  return `<dl class="figures">${items.join("")}</dl>`;
}

function beyondText({ exceedances, horizons, level, kupiecP }: LevelResult): string {
  return (
    `${formatCount(exceedances)} of ${formatCount(horizons.length)} losses beyond ` +
    `(${percent(exceedances / horizons.length)}, promised ${percent(PROMISED[level])}, p ${formatP(kupiecP)})`
  );
}

const LEGEND: readonly LegendEntry[] = [
  { name: "Haircut in force", colour: "money", dash: "solid" },
  { name: "Loss within the haircut", colour: "neutral", dash: "dotted" },
  { name: "Loss beyond it", colour: "seized", dash: "dotted" },
];

const MOST_LISTED = 40;

function historyFigure(result: AssetResult): string {
  const { asset, obligation, settings, levels } = result;
  const listed = levels.flatMap((level) =>
    level.horizons
      .filter(({ isBeyond }) => isBeyond)
      .map(
        ({ at, lossPpm, haircutPpm }) =>
          `<li><b class="number">${percent(shareOf(lossPpm))}</b><span class="time">${formatTime(at)}</span>` +
          `<span>${titleOf(level.level)}: haircut ${percent(shareOf(haircutPpm))}</span>` +
          `<span>over ${days(level.horizonFor)}</span></li>`,
      ),
  );
  const left = listed.length - MOST_LISTED;
  return figure({
    id: `history-${asset.toLowerCase()}`,
    title: `${escapeHtml(asset)} against ${escapeHtml(obligation)}`,
    reading: `Each point is the loss over a horizon, drawn where the horizon began; horizons do not overlap, gains are left out.
Stress variance ${variance(settings.stressWad)}, floor ${variance(settings.floorWad)}.`,
    legend: LEGEND,
    chart: historyChart(result),
    height: () => HISTORY_HEIGHT,
    below:
      listed.length === 0
        ? `<p class="note">No loss was beyond its haircut.</p>`
        : `<p class="note">Losses beyond the haircut, by the time (UTC) at which the horizon began:</p>
<ul class="losses">${listed.slice(0, MOST_LISTED).join("\n")}</ul>${left > 0 ? `<p class="note">${formatCount(left)} more are in the JSON file.</p>` : ""}`,
  });
}
