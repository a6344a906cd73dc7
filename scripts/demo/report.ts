import { assetColour } from "../../sdk/charts/chart.ts";
import { escapeHtml, figure, type LegendEntry, page } from "../../sdk/charts/page.ts";
import { callsChart } from "./chartCalls.ts";
import { moneyChart } from "./chartMoney.ts";
import { assetNames, isStablecoin } from "./chartPrices.ts";
import {
  coverageCut,
  EVENT_COLOURS,
  MAX_MOMENTS,
  numberMoments,
  SAMPLE_LINES,
  sampleChart,
  sampleHeight,
  sampleSpan,
} from "./chartSample.ts";
import { formatCount, formatShare, formatTime, formatUsd } from "../../sdk/charts/format.ts";
import type { DemoResult, SampleAccount } from "./result.ts";

/**
 * The result as one HTML page that loads nothing: charts are inline SVG, once for narrow and once for wide screens,
 * and take their colours from the reader's light or dark preference. Equal results give equal pages.
 */
export function renderReport(result: DemoResult): string {
  return page(`Surety demo: ${result.parameters.priceFile}`, [
    introduction(result),
    keyFigures(result),
    sampleFigure(result),
    callsFigure(result),
    moneyFigure(result),
    badDebtSection(result),
    invariantsSection(result),
  ]);
}

// ── Words and numbers ───────────────────────────────────────────────────────────────────────────

function introduction({ parameters, counts, values, series, seconds }: DemoResult): string {
  const [from, to] = [series[0], series.at(-1)].map((step) => formatTime(step?.at ?? 0));
  const cures = Number((parameters.curingShare * 100).toFixed(1));
  return `<header>
<h1>Surety demo</h1>
<p class="lead">${formatCount(parameters.accounts)} accounts lived through <b>${escapeHtml(parameters.priceFile)}</b>.
${things(counts.callsIssued, "margin call was", "margin calls were")} issued; ${formatCount(counts.callsCured)} cured,
${formatCount(counts.callsExpired)} expired. ${things(counts.liquidations, "liquidation", "liquidations")}
repaid ${formatUsd(values.repaidValue)} of debt. Bad debt: <b>${formatUsd(values.badDebtValue)}</b>.</p>
<p class="note">Prices from ${from} to ${to} UTC in ${things(parameters.steps, "step", "steps")}. ${cures} % of
owners answer a margin call. Seed ${parameters.seed}; ${seconds.toFixed(1)} s to run.</p>
</header>`;
}

function keyFigures({ counts, values }: DemoResult): string {
  const equityChange = values.ownersEquityEndValue - values.ownersEquityStartValue;
  const figures: readonly (readonly [name: string, value: string, note: string])[] = [
    [
      "Margin calls",
      formatCount(counts.callsIssued),
      `${formatCount(counts.callsCured)} cured, ${formatCount(counts.callsExpired)} expired`,
    ],
    [
      "Liquidations",
      formatCount(counts.liquidations),
      `of ${things(counts.accountsTouched, "account", "accounts")}`,
    ],
    ["Write-offs", formatCount(counts.writeOffs), "insolvent accounts"],
    [
      "Repaid by force",
      formatUsd(values.repaidValue),
      `${formatShare(values.repaidValue, values.leastValue)} of the least needed`,
    ],
    ["Bad debt", formatUsd(values.badDebtValue), "debt that nobody repaid"],
    [
      "Lenders' result",
      formatUsd(values.lendersResultValue),
      `of it interest ${formatUsd(values.lendersInterestValue)}`,
    ],
    [
      "Bonus to keepers",
      formatUsd(values.bonusValue),
      `${formatShare(values.bonusValue, values.repaidValue)} of repaid`,
    ],
    ["Owners' equity", formatUsd(values.ownersEquityEndValue), `change ${formatUsd(equityChange)}`],
  ];
  const cards = figures.map(
    ([name, value, note]) => `<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`,
  );
  return `<dl class="figures">${cards.join("")}</dl>`;
}

const MAX_BAD_DEBT = 50;

function badDebtSection({ badDebt }: DemoResult): string {
  if (badDebt.length === 0) {
    return `<section><h2>Bad debt</h2><p>None: every debt was repaid in full or is still covered.</p></section>`;
  }
  const items = badDebt
    .slice(0, MAX_BAD_DEBT)
    .map(
      ({ account, at, value, reason }) =>
        `<li><b class="number">${formatUsd(value)}</b><span class="time">${formatTime(at)}</span>` +
        `<span class="id">${escapeHtml(account)}</span><span>${escapeHtml(reason)}</span></li>`,
    );
  const left = badDebt.length - items.length;
  return `<section><h2>Bad debt</h2>
<p class="note">Each account that ended with more debt than collateral, when (UTC), and why.</p>
<ul class="losses">${items.join("\n")}</ul>${left > 0 ? `<p class="note">${formatCount(left)} more are in the JSON file.</p>` : ""}</section>`;
}

function invariantsSection({ invariants }: DemoResult): string {
  const items = Object.entries(invariants).map(
    ([sentence, held]) =>
      `<li class="${held ? "held" : "broken"}"><b>${held ? "Holds" : "Broken"}</b><span>${escapeHtml(sentence)}</span></li>`,
  );
  return `<section><h2>Invariants</h2>
<p class="note">What must be true after every step, whatever the prices do.</p>
<ul class="checks">${items.join("")}</ul></section>`;
}

// ── Charts ──────────────────────────────────────────────────────────────────────────────────────

function sampleFigure({ sample, series }: DemoResult): string {
  if (sample === undefined) {
    return `<section><h2>One account, from its margin call on</h2><p>No account was called.</p></section>`;
  }
  const span = sampleSpan(sample, series);
  const cut = coverageCut(sample, span);
  const moments = numberMoments(sample.events);
  const left = sample.events.length - moments.flatMap(({ events }) => events).length;
  return figure({
    id: "sample",
    title: "One account and its margin call",
    reading: `When coverage falls below the maintenance line (1.00) the account is called; above the initial line
the call is cured; below the close-out line, or when the deadline has passed, it is liquidated.${cut === undefined ? "" : ` Coverage above ${cut.toFixed(2)} is out of the frame.`}`,
    legend: sampleLegend(sample, series),
    chart: sampleChart(sample, series),
    height: (width) => sampleHeight(sample, series, width),
    below: `<p class="note">Account <span class="id">${escapeHtml(sample.account)}</span>, shown from
${formatTime(span[0])} to ${formatTime(span[1])} UTC:</p>
<ol class="moments">${moments
      .map(
        ({ at, type, events }) =>
          `<li style="--mark:var(--${EVENT_COLOURS[type]})"><span class="time">${formatTime(at)}</span> ${events
            .map(({ text }) => escapeHtml(text))
            .join(" ")}</li>`,
      )
      .join(
        "",
      )}</ol>${left > 0 ? `<p class="note">The first ${MAX_MOMENTS} moments; ${formatCount(left)} later events are left out.</p>` : ""}`,
  });
}

function callsFigure({ series }: DemoResult): string {
  return figure({
    id: "calls",
    title: "Margin calls and liquidations over time",
    reading:
      "A falling price brings calls, then cures or expiries, then liquidations; each strip has its own scale, from 0 to its highest bar.",
    legend: priceLegend(series),
    chart: callsChart(series),
    height: (width) => (width < 500 ? 640 : 700),
  });
}

function moneyFigure({ values }: DemoResult): string {
  return figure({
    id: "money",
    title: "Where the money went",
    reading:
      "The first bar is what liquidators took from owners; the next three say who received it, in % of it; the last is debt that nobody repaid.",
    legend: [],
    chart: moneyChart(values),
    height: () => 330,
  });
}

function priceLegend(series: DemoResult["series"]): readonly LegendEntry[] {
  return assetNames(series).map((name, index) => ({
    name,
    colour: assetColour(index),
    dash: isStablecoin(name) ? "dashed" : "solid",
  }));
}

function sampleLegend(sample: SampleAccount, series: DemoResult["series"]): readonly LegendEntry[] {
  const lines = SAMPLE_LINES.map(({ name, colour, dash }) => ({ name, colour, dash }));
  return [...priceLegend(series).filter(({ name }) => sample.assets.includes(name)), ...lines];
}

// ── Text ────────────────────────────────────────────────────────────────────────────────────────

function things(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
