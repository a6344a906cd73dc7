import Table from "cli-table3";

import { formatCount, formatShare, formatTime, formatUsd } from "../../sdk/charts/format.ts";
import type { HaircutPoint } from "./haircuts.ts";
import type { DemoResult } from "./result.ts";

const MAX_BAD_DEBT_ROWS = 10;

/** The result as a table for the terminal, at most 100 columns wide, without colours. */
export function renderTable(result: DemoResult): string {
  const blocks = [moneyAndCounts(result), haircuts(result), invariants(result)];
  if (result.badDebt.length > 0) blocks.splice(1, 0, badDebt(result));
  return `${blocks.join("\n\n")}\n`;
}

function moneyAndCounts({ parameters, counts, values, seconds }: DemoResult): string {
  const table = new Table({
    ...PLAIN,
    colWidths: [40, 20, 36],
    colAligns: ["left", "right", "left"],
  });
  const equityChange = values.ownersEquityEndValue - values.ownersEquityStartValue;
  table.push(
    ["Price file", { content: parameters.priceFile, colSpan: 2, hAlign: "left" }],
    ["Accounts", formatCount(parameters.accounts), `seed ${parameters.seed}`],
    ["Price steps", formatCount(parameters.steps), `${seconds.toFixed(1)} s to run`],
    [
      "Owners who cure",
      `${Number((parameters.curingShare * 100).toFixed(1))} %`,
      "of a margin call",
    ],
    ["Margin calls issued", formatCount(counts.callsIssued), ""],
    ["  cured", formatCount(counts.callsCured), ""],
    ["  expired", formatCount(counts.callsExpired), "one that rested can expire again"],
    [
      "Liquidations",
      formatCount(counts.liquidations),
      `of ${formatCount(counts.accountsTouched)} accounts`,
    ],
    ["Write-offs", formatCount(counts.writeOffs), "insolvent accounts"],
    ["Collateral taken", formatUsd(values.collateralSeizedValue), ""],
    ["Debt repaid by force", formatUsd(values.repaidValue), "to lenders"],
    [
      "  least that reaches the target",
      formatUsd(values.leastValue),
      `repaid is ${formatShare(values.repaidValue, values.leastValue)} of it`,
    ],
    [
      "Bonus",
      formatUsd(values.bonusValue),
      `to keepers, ${formatShare(values.bonusValue, values.repaidValue)} of repaid`,
    ],
    [
      "Fees",
      formatUsd(values.feesValue),
      `to reserves, ${formatShare(values.feesValue, values.repaidValue)} of repaid`,
    ],
    ["Bad debt", formatUsd(values.badDebtValue), "that nobody repaid"],
    [
      "Lenders' result",
      formatUsd(values.lendersResultValue),
      `interest ${formatUsd(values.lendersInterestValue)}`,
    ],
    ["Owners' equity, start", formatUsd(values.ownersEquityStartValue), ""],
    [
      "Owners' equity, end",
      formatUsd(values.ownersEquityEndValue),
      `change ${formatUsd(equityChange)}`,
    ],
  );
  return table.toString();
}

/** Initial / maintenance of each collateral, the largest over the pools. */
function haircuts({ haircuts: found }: DemoResult): string {
  const table = new Table({
    ...PLAIN,
    head: [`Haircuts, ${found.mode}`, "start", "worst", "end", "average"],
    colWidths: [21, 18, 18, 18, 18],
    colAligns: ["left", "right", "right", "right", "right"],
  });
  for (const [symbol, { start, worst, end, average }] of found.collaterals) {
    table.push([symbol, ...[start, worst, end, average].map(formatPoint)]);
  }
  const credit = `${formatShare(found.creditWad, 10n ** 18n)} of collateral, ${formatUsd(found.debtStartValue)} of it drawn`;
  table.push(["Credit at the start", { content: credit, colSpan: 4, hAlign: "left" }]);
  if (found.mode === "measured") {
    const gas = found.refreshGas.toLocaleString("en-US");
    const content = `${formatCount(found.refreshes)} transactions of the keeper, ${gas} gas`;
    table.push(["Refreshes", { content, colSpan: 4, hAlign: "left" }]);
  }
  return table.toString();
}

function formatPoint({ initialPpm, maintenancePpm }: HaircutPoint): string {
  const percent = (ppm: bigint) => (Number(ppm) / 10_000).toFixed(1);
  return `${percent(initialPpm)} / ${percent(maintenancePpm)} %`;
}

function badDebt({ badDebt: losses }: DemoResult): string {
  const table = new Table({
    ...PLAIN,
    head: ["Bad debt of", "at (UTC)", "USD", "why"],
    colWidths: [20, 18, 13, 44],
    colAligns: ["left", "left", "right", "left"],
    wordWrap: true,
  });
  for (const { account, at, value, reason } of losses.slice(0, MAX_BAD_DEBT_ROWS)) {
    table.push([shorten(account), formatTime(at), formatUsd(value), reason]);
  }
  const rest = losses.length - MAX_BAD_DEBT_ROWS;
  const more = `… and ${formatCount(rest)} more: see the JSON file`;
  if (rest > 0) table.push([{ content: more, colSpan: 4 }]);
  return table.toString();
}

function invariants({ invariants: checks }: DemoResult): string {
  const table = new Table({ ...PLAIN, colWidths: [10, 87], wordWrap: true });
  for (const [sentence, held] of Object.entries(checks))
    table.push([held ? "holds" : "BROKEN", sentence]);
  return table.toString();
}

function shorten(account: string): string {
  return account.length <= 18 ? account : `${account.slice(0, 10)}…${account.slice(-6)}`;
}

const PLAIN = { style: { head: [], border: [], compact: true } };
