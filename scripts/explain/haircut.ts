// Why a measured haircut is what it is, as plain text: from rounds to a variance, from it to targets, from them to what is in force.
import type { HaircutStory, MeasureStory } from "../../sdk/explainHaircut.ts";
import {
  formatDecimal,
  formatDuration,
  formatPpm,
  formatShare,
  formatTime,
  wrap,
} from "./format.ts";

/** The whole story, at most 100 columns wide, without colours. */
export function renderHaircut(story: HaircutStory): string {
  const { collateral, pool, at, block, chainId, vault, initialPpm, maintenancePpm } = story;
  const [own, owed] = [collateral.symbol, pool.cash.symbol];
  const opening = `The haircuts of ${own} against ${owed} are ${formatPpm(initialPpm)} at the initial and ${formatPpm(maintenancePpm)} at the maintenance level.`;
  const blocks = [
    `Vault        ${vault}\n             block ${block} of chain ${chainId}, ${formatTime(at)}`,
    wrap(`${opening} ${story.isExact ? EXACT : INEXACT}`),
    section("1 Variance", [
      ...measureLines(own, story.own),
      ...measureLines(owed, story.owed),
      ...(story.tracked === undefined ? [] : measureLines(`${own} in ${owed}`, story.tracked)),
      wrap(pairSentence(story), "  "),
    ]),
    section("2 Targets", targetLines(story)),
    section("3 In force", forceLines(story)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const EXACT =
  "Recomputed from the rounds of the feeds, every number below is that of the chain to the unit.";
const INEXACT =
  "Note: the numbers below do not follow to the unit from the rounds that this node knows; those of the chain count.";

function section(title: string, lines: readonly string[]): string {
  return [title, "-".repeat(title.length), ...lines].join("\n");
}

function measureLines(name: string, story: MeasureStory): readonly string[] {
  const { portions, returns, voids, largest, from, fromAt, fromVarianceWad } = story;
  if (fromAt === 0n) {
    return [
      wrap(
        `${name}: ${formatVariance(story.varianceWad)}; no round read since the feed was replaced.`,
        "  ",
      ),
    ];
  }
  const begin = from === "start" ? "started" : "taken over from a refresh";
  const lead = `${name}: ${formatVariance(fromVarianceWad)} when it was ${begin} at ${formatTime(fromAt)};`;
  const read = `${count(returns, "return")} read in ${count(BigInt(portions.length), "call")}${voids === 0n ? "" : `, ${count(voids, "void round")} passed over`}`;
  const most =
    largest === undefined
      ? ""
      : `, the largest ${formatSigned(largest.returnWad)} at ${formatTime(largest.at)}`;
  const end = `: now ${formatVariance(story.varianceWad)}, up to ${formatTime(story.observedAt)}.`;
  return [wrap(`${lead} ${read}${most}${end}`, "  ")];
}

function pairSentence({
  model,
  steps,
  own,
  owed,
  tracked,
  collateral,
  pool,
}: HaircutStory): string {
  const result = formatVariance(steps.varianceWad);
  if (tracked === undefined) {
    return `The pair is not tracked, so the worst correlation is assumed: (√v of ${collateral.symbol} + √v of ${pool.cash.symbol})² = ${result}.`;
  }
  if (model.isPegged) return `The pair is pegged, so its own variance counts as it is: ${result}.`;
  const isFloored = steps.varianceWad > tracked.varianceWad;
  const half = own.varianceWad > owed.varianceWad ? collateral.symbol : pool.cash.symbol;
  return isFloored
    ? `The pair counts with at least half of the larger variance, that of ${half}: ${result}.`
    : `The pair's own variance counts, as it is above half of either side's: ${result}.`;
}

function targetLines({ model, steps, pair }: HaircutStory): readonly string[] {
  const isFloor = steps.effectiveWad === model.floorVarianceWad;
  const mixed = isFloor
    ? `its floor of ${formatVariance(model.floorVarianceWad)} counts, as 75 % of the variance and 25 % of the stress variance ${formatVariance(model.stressVarianceWad)} are less`
    : `75 % of it and 25 % of the stress variance ${formatVariance(model.stressVarianceWad)} give ${formatVariance(steps.effectiveWad)}`;
  const level = (
    name: string,
    [z, horizonFor, volatilityWad]: readonly [string, bigint, bigint],
    [target, floor, cap]: readonly [bigint, bigint, bigint],
  ) => {
    const peg = model.pegPpm === 0n ? "" : `, with ${formatPpm(model.pegPpm)} for the peg`;
    const bound = target === floor ? ", its floor" : target === cap ? ", its cap" : "";
    return wrap(
      `${name}: 1 − exp(−${z} · σ · √T) over ${formatDuration(horizonFor)} is ${formatShare(volatilityWad)}${peg}; within ${formatPpm(floor)} and ${formatPpm(cap)} that is ${formatPpm(target)}${bound}.`,
      "  ",
    );
  };
  return [
    wrap(`Of the variance, ${mixed}: σ = ${formatSigma(steps.effectiveWad)} a year.`, "  "),
    level(
      "Initial",
      ["2.326", model.horizonInitialFor, steps.initialVolatilityWad],
      [steps.initialTargetPpm, pair.initialFloorPpm, pair.initialCapPpm],
    ),
    level(
      "Maintenance",
      ["1.645", model.horizonMaintenanceFor, steps.maintenanceVolatilityWad],
      [steps.maintenanceTargetPpm, pair.maintenanceFloorPpm, pair.maintenanceCapPpm],
    ),
  ];
}

function forceLines({
  pair,
  stored,
  steps,
  at,
  initialPpm,
  maintenancePpm,
}: HaircutStory): readonly string[] {
  const isStored =
    pair.initialTargetPpm === steps.initialTargetPpm &&
    pair.maintenanceTargetPpm === steps.maintenanceTargetPpm;
  const target = isStored
    ? "These targets are stored"
    : "The next refresh stores these targets; until then those stored are";
  const path = (name: string, from: bigint, to: bigint, now: bigint) =>
    wrap(
      `${name}: ${formatPpm(from)} then, on its way to ${formatPpm(to)}: ${formatPpm(now)} now.`,
      "  ",
    );
  const climbs =
    stored.climbsFrom === 0n
      ? "Nothing makes it climb."
      : at > stored.climbsFrom
        ? `Nobody measured in time: since ${formatTime(stored.climbsFrom)} the initial haircut climbs by 5 points a day.`
        : `Without a newer observation the initial haircut climbs from ${formatTime(stored.climbsFrom)} on, by 5 points a day.`;
  return [
    wrap(
      `${target}: ${formatPpm(pair.initialTargetPpm)} and ${formatPpm(pair.maintenanceTargetPpm)}, since ${formatTime(stored.movedAt)}. An initial haircut jumps up and comes down 1 point a day, a maintenance haircut goes up 5 points a day and comes down 1.`,
      "  ",
    ),
    path("Initial", stored.storedInitialPpm, pair.initialTargetPpm, initialPpm),
    path("Maintenance", stored.storedMaintenancePpm, pair.maintenanceTargetPpm, maintenancePpm),
    wrap(climbs, "  "),
  ];
}

/** `"0.8123 a year"` */
function formatVariance(wad: bigint): string {
  return formatDecimal(wad, 18, 4);
}

function formatSigma(wad: bigint): string {
  return `${(Math.sqrt(Number(wad) / 1e18) * 100).toFixed(1)} %`;
}

function formatSigned(wad: bigint): string {
  return `${wad > 0n ? "+" : ""}${formatShare(wad)}`;
}

function count(number: bigint, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1n ? "" : "s"}`;
}
