// The story in one paragraph.
import type { Liquidated, LiquidationStory, WrittenOff } from "../../sdk/explain/stories.ts";
import { UINT256_MAX, WAD } from "../../sdk/mathLib.ts";
import {
  formatDuration,
  formatRatio,
  formatShare,
  formatTime,
  formatTokens,
  formatUsd,
  listed,
} from "./format.ts";

/** Who owed what against what, why it was closed on, and what was done. */
export function openingSentence(story: LiquidationStory): string {
  const tag = story.tag === 0n ? "" : ` (tag ${story.tag})`;
  const who = `Account ${story.owner}${tag}`;
  return story.type === "liquidation"
    ? `${who} ${owed(story)} ${whyLiquidated(story)} ${doneBy(story)}`
    : `${who} ${owed(story)} ${writtenOffBy(story)}`;
}

function owed(story: LiquidationStory): string {
  const { before } = story;
  if (before === undefined) return soldFor(story);
  const debts = listed(before.debts.map(({ assets, pool }) => formatTokens(assets, pool.cash)));
  const held = listed(before.collaterals.map(({ assets, token }) => formatTokens(assets, token)));
  const { debtValue, collateralValue } = before.health;
  return `owed ${debts} (${formatUsd(debtValue)}) against ${held} (${formatUsd(collateralValue)});`;
}

/** without history only the pairs are known */
function soldFor(story: LiquidationStory): string {
  const debts = story.type === "liquidation" ? story.legs : story.debts;
  const held =
    story.type === "liquidation" ? story.legs.map((leg) => leg.collateral) : tokensOf(story);
  const owedIn = [...new Set(debts.map(({ pool }) => pool.cash.symbol))];
  return `owed ${listed(owedIn)} against ${listed([...new Set(held.map(({ symbol }) => symbol))])};`;
}

function tokensOf({ collaterals }: WrittenOff) {
  return collaterals.map(({ token }) => token);
}

function whyLiquidated(story: Liquidated): string {
  const coverage = `its coverage was ${formatRatio(story.coverageBeforeWad)}.`;
  if (story.cause.type === "expired") {
    const { deadline, defaultedFor } = story.cause;
    const issued = story.call.type === "standing" ? story.call.events[0] : undefined;
    const call = issued?.type === "issued" ? ` of ${formatUsd(issued.amountValue)}` : "";
    return `${coverage} Its margin call${call} expired at ${formatTime(deadline)}, ${formatDuration(defaultedFor)} earlier.`;
  }
  if (story.before === undefined) return `${coverage} It was beyond its close-out line.`;
  const { usedWad, parameters } = story.before;
  const line = formatShare(parameters.closeOutBps * 10n ** 14n);
  return `${coverage} It had used ${formatShare(usedWad)} of its cushion, more than the ${line} at which close-out begins.`;
}

function doneBy(story: Liquidated): string {
  const repaid = story.legs
    .filter(({ repaidAssets }) => repaidAssets > 0n)
    .map(
      (leg) =>
        `${formatTokens(leg.repaidAssets, leg.pool.cash)} for ${formatTokens(leg.seizedAssets, leg.collateral)}`,
    );
  const { repaidValue, seizedValue } = story.totals;
  return `${story.liquidator} repaid ${listed(repaid)} (${formatUsd(repaidValue)} for ${formatUsd(seizedValue)}); ${coverageAfter(story)}.`;
}

/** half of the last digit that is shown: what is nearer is at its target [wad] */
const NEAR_WAD = WAD / 20_000n;

function coverageAfter({ targetBps, coverageAfterWad }: Liquidated): string {
  if (coverageAfterWad === UINT256_MAX) return "no debt is left";
  const targetWad = WAD + targetBps * 10n ** 14n;
  const missing = targetWad - coverageAfterWad;
  const place = missing > NEAR_WAD ? "below its" : missing < -NEAR_WAD ? "above its" : "at its";
  return `coverage is ${formatRatio(coverageAfterWad)} after it, ${place} target of ${formatRatio(targetWad)}`;
}

function writtenOffBy(story: WrittenOff): string {
  const { before, totals, lossValue } = story;
  const coverage =
    before === undefined ? "it was" : `its coverage was ${formatRatio(before.coverageWad)}: it was`;
  const taken = story.collaterals
    .filter(({ seizedAssets }) => seizedAssets > 0n)
    .map(({ seizedAssets, token }) => formatTokens(seizedAssets, token));
  const what = taken.length === 0 ? "took nothing" : `took ${listed(taken)}`;
  const rest =
    lossValue === 0n ? "nothing was lost" : `${formatUsd(lossValue)} were lost to the pools`;
  return `${coverage} insolvent. ${story.liquidator} paid ${formatUsd(totals.repaidValue)} and ${what} (${formatUsd(totals.seizedValue)}); ${rest}.${kept(story)}`;
}

/** debt that stays with what could not be taken */
function kept({ collaterals, debts }: WrittenOff): string {
  const owing = debts.filter(({ keptShares }) => keptShares > 0n);
  if (owing.length === 0) return "";
  const held = collaterals.filter(({ left }) => left === "stale" || left === "paused");
  const stays = listed(held.map(({ leftAssets, token }) => formatTokens(leftAssets, token)));
  const owed = listed(
    owing.map(({ keptAssets, pool }) =>
      keptAssets === undefined
        ? `a debt in ${pool.cash.symbol}`
        : formatTokens(keptAssets, pool.cash),
    ),
  );
  return ` ${stays} could not be taken: the account keeps it, with ${owed} of debt.`;
}
