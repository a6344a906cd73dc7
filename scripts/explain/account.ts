// The account before, line by line.
import Table from "cli-table3";
import type { AccountBefore } from "../../sdk/explain/stories.ts";
import {
  formatPpm,
  formatPrice,
  formatRatio,
  formatShare,
  formatTokens,
  formatUsd,
} from "./format.ts";

/** Tables without colours. */
export const PLAIN = { style: { head: [], border: [], compact: true } };

/** Collaterals, debts and their sums. */
export function accountTables(before: AccountBefore): string {
  const title = `The account before (lines of block ${before.block}, at the prices of the transaction)`;
  return [title, "-".repeat(title.length), collaterals(before), debts(before), sums(before)].join(
    "\n",
  );
}

function collaterals({ collaterals: lines, health }: AccountBefore): string {
  const table = new Table({
    ...PLAIN,
    head: ["Collateral", "price, USD", "value", "haircut", "counts as"],
    colAligns: ["left", "right", "right", "right", "right"],
  });
  for (const line of lines) {
    table.push([
      formatTokens(line.assets, line.token),
      `${formatPrice(line.price, line.token)}${line.isFresh ? "" : " (last good)"}`,
      formatUsd(line.value),
      formatPpm(line.haircutPpm),
      formatUsd(line.creditValue),
    ]);
  }
  table.push(["", "", formatUsd(health.collateralValue), "A", formatUsd(health.coverMaintenance)]);
  return table.toString();
}

function debts({ debts: lines, health }: AccountBefore): string {
  const table = new Table({
    ...PLAIN,
    head: ["Debt", "price, USD", "value", "factor", "requires"],
    colAligns: ["left", "right", "right", "right", "right"],
  });
  for (const line of lines) {
    table.push([
      formatTokens(line.assets, line.pool.cash),
      formatPrice(line.price, line.pool.cash),
      formatUsd(line.value),
      formatRatio(line.factorPpm * 10n ** 12n),
      formatUsd(line.requirement),
    ]);
  }
  table.push(["", "", formatUsd(health.debtValue), "R", formatUsd(health.requirement)]);
  return table.toString();
}

function sums(before: AccountBefore): string {
  return [
    `  Coverage A / R            ${formatRatio(before.coverageWad)}`,
    `  Net worth                 ${formatUsd(before.navValue)}`,
    `  Cushion it must keep      ${formatUsd(before.cushionValue)}`,
    `  Used of the cushion       ${formatShare(before.usedWad)}`,
  ].join("\n");
}
