// Why an account was written off, what was paid, taken and kept, and who bears the rest.
import Table from "cli-table3";
import { BPS, mulDivUp } from "../../sdk/mathLib.ts";
import type { LeftReason, SettledStory, WrittenOff } from "../../sdk/explain/stories.ts";
import { PLAIN } from "./account.ts";
import { formatBps, formatPrice, formatTokens, formatUsd, wrap } from "./format.ts";
import type { Body } from "./liquidation.ts";

export function tellWriteOff(story: WrittenOff): Body {
  return {
    why: [wrap(why(story), "  ")],
    done: [section("What was taken", taken(story)), section("What was paid and lost", paid(story))],
    shares: shares(story),
  };
}

function section(title: string, text: string): string {
  return `${title}\n${"-".repeat(title.length)}\n${text}`;
}

function why({ before }: WrittenOff): string {
  if (before === undefined) {
    return "Its collateral was worth less than its debt with the least bonus and the fee: a liquidation could no longer pay for itself.";
  }
  const { bonusMinBps, feeBps } = before.parameters;
  const { collateralValue, debtValue } = before.health;
  const line = mulDivUp(debtValue, BPS + bonusMinBps + feeBps, BPS);
  return `Its collateral was worth ${formatUsd(collateralValue)}, less than ${formatUsd(line)}: its debt of ${formatUsd(debtValue)} with the least bonus of ${formatBps(bonusMinBps)} and the fee of ${formatBps(feeBps)}. A liquidation could no longer pay for itself.`;
}

const LEFT: Readonly<Record<LeftReason, string>> = {
  surplus: "worth more than was due",
  stale: "no fresh price: cannot be taken",
  paused: "seizure paused: cannot be taken",
  dust: "dust, left to the owner",
  unknown: "could not be taken, or left as dust",
};

function taken({ collaterals }: WrittenOff): string {
  const table = new Table({
    ...PLAIN,
    head: ["Taken", "price, USD", "value", "left to the account", "why left"],
    colAligns: ["left", "right", "right", "right", "left"],
    wordWrap: true,
  });
  for (const line of collaterals) {
    table.push([
      formatTokens(line.seizedAssets, line.token),
      formatPrice(line.price, line.token),
      formatUsd(line.seizedValue),
      line.leftAssets === 0n ? "" : formatTokens(line.leftAssets, line.token),
      line.left === undefined ? "" : LEFT[line.left],
    ]);
  }
  return table.toString();
}

function paid({ debts }: WrittenOff): string {
  const table = new Table({
    ...PLAIN,
    head: ["Paid by the liquidator", "value", "lost", "value", "kept with collateral"],
    colAligns: ["left", "right", "right", "right", "right"],
  });
  for (const debt of debts) {
    table.push([
      formatTokens(debt.repaidAssets, debt.pool.cash),
      formatUsd(debt.repaidValue),
      formatTokens(debt.lossAssets, debt.pool.cash),
      formatUsd(debt.lossValue),
      kept(debt),
    ]);
  }
  return table.toString();
}

function kept({ keptAssets, keptShares, pool }: SettledStory): string {
  if (keptShares === 0n) return "";
  return keptAssets === undefined
    ? `${keptShares} debt shares`
    : formatTokens(keptAssets, pool.cash);
}

/** names of the layers that are known; another one goes by the name that the pool gives it */
const LAYERS: Readonly<Record<string, string>> = {
  fees: "its fee reserve",
  setAside: "what is set aside for its insurance fund",
  fund: "its insurance fund",
  lenders: "its lenders",
};

function shares({ debts, totals }: WrittenOff): readonly string[] {
  const losses = debts.map(({ pool, layers, lossAssets }) => {
    const { cash } = pool;
    if (layers.length === 0) {
      const text =
        lossAssets === 0n
          ? `Pool of ${cash.symbol}: no loss.`
          : `Pool of ${cash.symbol}: ${formatTokens(lossAssets, cash)} unpaid, less than the pool had booked: nobody bears it.`;
      return wrap(text, "  ");
    }
    const borne = layers
      .filter(({ assets }) => assets > 0n)
      .map(({ name, assets }) => `${LAYERS[name] ?? name} ${formatTokens(assets, cash)}`);
    return wrap(`Pool of ${cash.symbol}: the loss is borne by ${borne.join(", then ")}.`, "  ");
  });
  const owner = `Owner: collateral worth ${formatUsd(totals.seizedValue)} gone, for all debt that it does not keep.`;
  return [wrap(owner, "  "), ...losses];
}
