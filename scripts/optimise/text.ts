// A proposal for the terminal: a table, the steps that lead there, and one line that says what it brings.
import Table from "cli-table3";
import type { Token } from "../../sdk/explain/stories.ts";
import { coverageOf, type Optimised } from "./optimised.ts";
import {
  formatPpm,
  formatRatio,
  formatTokens,
  formatUsd,
  listed,
  wrap,
} from "../explain/format.ts";

const PLAIN = { style: { head: [], border: [], compact: true } };

/** Table, sums, steps, what binds, and the result. */
export function renderProposal(told: Optimised): string {
  const parts = [title(told), table(told), sums(told), steps(told), binding(told), result(told)];
  return `${parts.filter((part) => part !== "").join("\n")}\n`;
}

function title({ account, bufferBps, surchargeBps }: Optimised): string {
  const tier = surchargeBps === 0n ? "" : `, tier ${formatPpm(surchargeBps * 100n)}`;
  const line = `Cheapest collateral of ${account.slice(0, 10)}…, buffer ${formatPpm(bufferBps * 100n)}${tier}`;
  return `${line}\n${"-".repeat(line.length)}`;
}

function table({ lines }: Optimised): string {
  const rows = new Table({
    ...PLAIN,
    head: ["Asset", "now", "proposed", "move", "haircut", "cover, USD", "USD a year"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
  });
  for (const { token, ...line } of lines) {
    const moved = line.proposedAssets - line.nowAssets;
    rows.push([
      token.symbol,
      amount(line.nowAssets, token),
      amount(line.proposedAssets, token),
      moved === 0n ? "" : `${moved > 0n ? "+" : ""}${amount(moved, token)}`,
      formatPpm(line.haircutInitialPpm),
      withoutUnit(line.coverValue),
      withoutUnit(line.yearlyCostValue),
    ]);
  }
  return rows.toString();
}

function sums({ judgement, moveCostValue }: Optimised): string {
  const { coverValue, neededValue, requiredValue } = judgement;
  const coverage = formatRatio(coverageOf(judgement));
  const lines = [
    `Cover at the initial line ${formatUsd(coverValue)}; wanted ${formatUsd(neededValue)}, required ${formatUsd(requiredValue)}; coverage ${coverage}.`,
    ...(moveCostValue === 0n ? [] : [`Moving costs ${formatUsd(moveCostValue)}, once.`]),
  ];
  return lines.map((line) => wrap(line)).join("\n");
}

function steps({ steps: calls, tokenOf }: Optimised): string {
  const amounts = (of: readonly { readonly asset: string; readonly assets: bigint }[]): string =>
    listed(of.map(({ asset, assets }) => formatTokens(assets, tokenOf(asset))));
  return calls
    .map((step, place) => {
      const lead = `${place + 1}. `;
      if (step.type === "substitute") {
        const brought = `\`substitute\`: bring in ${amounts(step.incoming)}`;
        return wrap(`${brought}, take out ${amounts(step.outgoing)}, in one call.`, lead);
      }
      return wrap(`\`${step.type}\` ${amounts([step])}.`, lead);
    })
    .join("\n");
}

function binding({ bindings, tokenOf }: Optimised): string {
  const symbol = (asset: string): string => tokenOf(asset).symbol;
  const named = bindings.map((one) => {
    switch (one.type) {
      case "buffer":
        return "the wanted buffer";
      case "wallet":
        return `all ${symbol(one.asset)} of the wallet is used`;
      case "supplyCap":
        return `the supply cap of ${symbol(one.asset)}`;
      case "collaterals":
        return "eight collaterals are the most";
      case "noWeaker":
        return "nothing weaker may come in while the account is not healthy";
      default:
        return one satisfies never;
    }
  });
  return named.length === 0 ? "" : wrap(`What binds: ${listed(named)}.`);
}

function result({ steps: calls, ...told }: Optimised): string {
  const [now, then] = [told.yearlyCostNowValue, told.yearlyCostValue];
  if (calls.length === 0) {
    return wrap(
      `Result: nothing to do. The account keeps the buffer at ${formatUsd(now)} a year, and nothing is cheaper.`,
    );
  }
  const change = told.isEnoughNow
    ? `${formatUsd(then)} a year instead of ${formatUsd(now)}: ${saving(now - then)}`
    : `the account does not keep the buffer now; it costs ${formatUsd(now)} a year, and then ${formatUsd(then)}`;
  return wrap(`Result: ${change}.`);
}

function saving(value: bigint): string {
  return value < 0n ? `${formatUsd(-value)} more` : `${formatUsd(value)} less`;
}

function amount(assets: bigint, token: Token): string {
  return formatTokens(assets, token).replace(/ .*$/, "");
}

function withoutUnit(value: bigint): string {
  return formatUsd(value).replace(/ USD$/, "");
}
