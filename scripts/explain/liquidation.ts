// Why an account was liquidated, how bonus and target came about, and what each leg did.
import Table from "cli-table3";
import { WAD } from "../../sdk/mathLib.ts";
import type {
  BonusTerms,
  CapName,
  Extent,
  Liquidated,
  LegStory,
} from "../../sdk/explain/stories.ts";
import { PLAIN } from "./account.ts";
import {
  formatBps,
  formatDuration,
  formatPpm,
  formatPrice,
  formatRatio,
  formatShare,
  formatTime,
  formatTokens,
  formatUsd,
  wrap,
} from "./format.ts";

/** The parts of a story that differ between liquidation and write-off. */
export interface Body {
  readonly why: readonly string[];
  /** whole sections */
  readonly done: readonly string[];
  readonly shares: readonly string[];
}

export function tellLiquidation(story: Liquidated): Body {
  return {
    why: [wrap(why(story), "  ")],
    done: [targetAndBonus(story), legs(story), least(story)],
    shares: shares(story),
  };
}

function why({ cause, before, coverageBeforeWad }: Liquidated): string {
  const uncovered = `Coverage was ${formatRatio(coverageBeforeWad)}: below 1 an account may be called.`;
  if (cause.type === "expired") {
    return `${uncovered} Its call was not cured by ${formatTime(cause.deadline)}; ${formatDuration(cause.defaultedFor)} later it was liquidated.`;
  }
  if (before === undefined) {
    return `${uncovered} No call had expired, so it was beyond its close-out line.`;
  }
  const { usedWad, navValue, cushionValue, parameters } = before;
  return `${uncovered} It was worth ${formatUsd(navValue)} and had to keep a cushion of ${formatUsd(cushionValue)}: ${formatShare(usedWad)} were used. Beyond ${formatBps(parameters.closeOutBps)} no call is needed.`;
}

// ---- target and bonus ----

function targetAndBonus({ targetBps, terms, before, cause }: Liquidated): string {
  const target = formatRatio(WAD + targetBps * 10n ** 14n);
  const title = "Target and bonus\n----------------";
  if (terms === undefined || before === undefined) return `${title}\n  Target ${target}.`;
  const rules = before.parameters;
  const episode =
    terms.episodeTargetBps !== 0n && terms.episodeTargetBps < terms.presentTargetBps
      ? `; an earlier liquidation of this episode set ${formatRatio(WAD + terms.episodeTargetBps * 10n ** 14n)}, which is less`
      : "";
  const follows = `1 + ${formatBps(rules.targetShareBps)} · cushion / A, between ${formatBps(rules.targetMinBps)} and ${formatBps(rules.targetMaxBps)}`;
  const time =
    cause.type === "expired"
      ? `${formatShare(terms.timeWad)} by time (${formatDuration(cause.defaultedFor)} at ${formatBps(rules.bonusPerHourBps)} an hour)`
      : `${formatShare(terms.timeWad)} by time, as no call had expired`;
  const larger = terms.severityWad > terms.timeWad ? terms.severityWad : terms.timeWad;
  const capped =
    terms.bonusWad < larger
      ? `; at most ${formatShare(terms.bonusWad)}, the bonus of the episode's first liquidation`
      : "";
  return [
    title,
    wrap(
      `Target ${target}: ${follows} = ${formatRatio(WAD + terms.presentTargetBps * 10n ** 14n)}${episode}.`,
      "  ",
    ),
    wrap(
      `Bonus ${formatShare(terms.bonusWad)}: the larger of ${formatShare(terms.severityWad)} by severity (${formatBps(rules.bonusMinBps)} + ${formatBps(rules.bonusPerUsedBps)} · ${formatShare(before.usedWad)} used) and ${time}${capped}.`,
      "  ",
    ),
    `  Fee ${formatBps(rules.feeBps)} of what is repaid, to the pool's reserve.`,
  ].join("\n");
}

// ---- legs ----

function legs(story: Liquidated): string {
  const title = story.legs.length === 1 ? "What was done" : "What was done, leg by leg";
  return [title, "-".repeat(title.length), ...story.legs.map(tellLeg)].join("\n");
}

function tellLeg(leg: LegStory, place: number): string {
  const cash = leg.pool.cash;
  const table = new Table({
    ...PLAIN,
    head: [`${place + 1}: ${leg.collateral.symbol} for ${cash.symbol}`, "amount", "value"],
    colAligns: ["left", "right", "right"],
  });
  table.push(
    [
      `repaid, at ${formatPrice(leg.debtPrice, cash)} USD`,
      formatTokens(leg.repaidAssets, cash),
      formatUsd(leg.repaidValue),
    ],
    ["least for the target (x*)", "", formatUsd(leg.leastValue)],
    ["fee to the pool's reserve", formatTokens(leg.feeAssets, cash), formatUsd(leg.feeValue)],
    [
      `taken, at ${formatPrice(leg.collateralPrice, leg.collateral)} USD, haircut ${formatPpm(leg.haircutPpm)}`,
      formatTokens(leg.seizedAssets, leg.collateral),
      formatUsd(leg.seizedValue),
    ],
    ["left of the collateral", formatTokens(leg.holdingAssets, leg.collateral), ""],
  );
  if (leg.debtAssets !== undefined) {
    table.push(["left of the debt", formatTokens(leg.debtAssets, cash), ""]);
  }
  return [table.toString(), ...legLines(leg)].join("\n");
}

function legLines(leg: LegStory): readonly string[] {
  const lines = [wrap(extentText(leg.extent, leg), "  ")];
  if (leg.bonusWad !== undefined) {
    const terms = leg.terms === undefined ? "" : ` ${termsText(leg.terms)}`;
    lines.push(
      wrap(`Bonus: ${formatShare(leg.bonusWad)} of what was repaid, after the fee.${terms}`, "  "),
    );
  }
  return lines;
}

function extentText(extent: Extent, leg: LegStory): string {
  switch (extent.type) {
    case "least":
      return "Size: the least that reaches the target, or all that there is, and no more.";
    case "dust":
      return `Size: ${formatUsd(extent.extraValue)} more than the least: less would have left dust, which is taken along and paid for.`;
    case "nothing":
      return "Size: nothing; the target was reached, or no bonus was left within the caps.";
    case "limited": {
      const by = {
        maximum: "the liquidator's own maximum",
        throttle: "the throttle of the collateral, so that a thin market is not sold into at once",
        unknown: "a maximum of the liquidator or the throttle of the collateral",
      }[extent.by];
      const open =
        extent.openAssets === undefined
          ? ""
          : ` Without it ${formatTokens(extent.openAssets, leg.pool.cash)} would have been repaid.`;
      return `Size: less than the least for the target, limited by ${by}.${open}`;
    }
  }
}

const CAPS: Readonly<Record<CapName, string>> = {
  coverage: "coverage must not fall",
  equity: "the bonus must not eat more than the equity",
  episodeCoverage: "coverage at the episode's first liquidation",
  episodeEquity: "equity at the episode's first liquidation",
};

function termsText(terms: BonusTerms): string {
  const earned =
    terms.rewardWad === undefined
      ? ""
      : `; each pair is to earn ${formatShare(terms.rewardWad)} of what it covers of the value missing to the target`;
  const shape = `${formatShare(terms.shapedWad)} for this pair (highest ${formatShare(terms.pairMostWad)}${earned})`;
  const cap = `bonus and fee may be ${formatShare(terms.capWad)} together: ${CAPS[terms.cap]}`;
  const bound = {
    nothing: "which took nothing from them",
    fee: `which left ${formatShare(terms.feeWad)} of the fee`,
    bonus: `which left a bonus of ${formatShare(terms.bonusWad)} and a fee of ${formatShare(terms.feeWad)}`,
    all: "which left no bonus to begin with",
  }[terms.bound];
  return `Of it, ${shape}; ${cap}, ${bound}.`;
}

// ---- against the least ----

function least({ least: plan, totals }: Liquidated): string {
  if (plan === undefined) return "";
  const reach = plan.reachesTarget
    ? "reaches the target"
    : "comes as near to the target as it can be";
  const text = `The reference plan ${reach} with ${formatUsd(plan.repaidValue)} repaid in ${plan.legs} ${plan.legs === 1 ? "leg" : "legs"} for ${formatUsd(plan.seizedValue)}. Done: ${formatUsd(totals.repaidValue)}, ${formatRatio(plan.doneToLeastWad)} times that.`;
  return `The least possible\n------------------\n${wrap(text, "  ")}`;
}

// ---- shares ----

function shares({ legs: done, totals }: Liquidated): readonly string[] {
  const pools = new Map<string, bigint>();
  for (const { pool, feeValue } of done) {
    pools.set(pool.cash.symbol, (pools.get(pool.cash.symbol) ?? 0n) + feeValue);
  }
  return [
    wrap(
      `Owner: ${formatUsd(totals.repaidValue)} of debt gone for ${formatUsd(totals.seizedValue)} of collateral; it cost ${formatUsd(totals.seizedValue - totals.repaidValue)}.`,
      "  ",
    ),
    ...[...pools].map(([symbol, value]) => `  Fee reserve of ${symbol}: ${formatUsd(value)}.`),
  ];
}
