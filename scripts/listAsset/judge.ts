// What the numbers of a proposal say, without a node: feeds, pairs, cap.
import { listingRule } from "../../sdk/listingRule.ts";
import type { MarketView } from "../../sdk/market.ts";
import { BPS, max, min, PPM, WAD } from "../../sdk/mathLib.ts";
import { toUnits, toUnitsDown, toUnitsUp } from "../../sdk/units.ts";
import { formatBps, formatDuration, formatUsd } from "../explain/format.ts";
import type { Finding } from "./finding.ts";
import type { Proposal, ProposedPair } from "./proposal.ts";

/** What a feed said; without decimals it said nothing. */
export interface FeedFacts {
  readonly hasCode: boolean;
  readonly decimals?: bigint;
  readonly roundId?: bigint;
  readonly answer?: bigint;
  readonly updatedAt?: bigint;
  readonly answeredInRound?: bigint;
}

const MOST_FEED_DECIMALS = 18n;
const AGE_LEAST_FOR = 60n;
const AGE_MOST_FOR = 7n * 86_400n;
const DEVIATION_LEAST_BPS = 10n;
const DEVIATION_MOST_BPS = 2_000n;
const BONUS_MOST_BPS = 5_000n;
const MAINTENANCE_FLOOR_PPM = 1_000n;
const DEPTH_MOST_VALUE = 10n ** 33n;
const CAP_MOST_VALUE = 10n ** 33n;
const HIGHEST_RATE = 100n;

// ---- feeds ----

/** Findings about the feed, and the second one where there is one. */
export function feedFindings(
  proposal: Proposal,
  main: FeedFacts,
  second: FeedFacts | undefined,
  nowAt: bigint,
): readonly Finding[] {
  const price = priceOf(main);
  const found: Finding[] = [
    ...liveFindings("feed", main, proposal.maxAgeFor, nowAt),
    boundsFinding(proposal, main),
  ];
  if (proposal.second === undefined) {
    return [
      ...found,
      {
        check: "second feed",
        verdict: "open",
        found: "none",
        remedy: "Give volatile collateral a second feed, if there is one.",
      },
    ];
  }
  const { maxAgeFor, maxDeviationBps } = proposal.second;
  found.push(...liveFindings("second feed", second ?? { hasCode: false }, maxAgeFor, nowAt));
  const other = second === undefined ? undefined : priceOf(second);
  if (price === undefined || other === undefined) return found;
  const distance = price > other ? price - other : other - price;
  const agrees = distance * BPS <= price * maxDeviationBps;
  const isAllowed = maxDeviationBps >= DEVIATION_LEAST_BPS && maxDeviationBps <= DEVIATION_MOST_BPS;
  return [
    ...found,
    {
      check: "agreement",
      verdict: agrees && isAllowed ? "ok" : "refused",
      found: `${formatUsd(price)} and ${formatUsd(other)}, ${formatBps((distance * BPS) / max(price, 1n))} apart`,
      ...(agrees && isAllowed
        ? {}
        : {
            remedy: `Allowed: ${formatBps(maxDeviationBps)} apart, and that from 0.1 % to 20 %. One of the two may be in another unit.`,
          }),
    },
  ];
}

function liveFindings(
  check: string,
  facts: FeedFacts,
  maxAgeFor: bigint,
  nowAt: bigint,
): readonly Finding[] {
  const refuse = (found: string, remedy: string): readonly Finding[] => [
    { check, verdict: "refused", found, remedy },
  ];
  const { decimals, answer, updatedAt, roundId, answeredInRound } = facts;
  if (!facts.hasCode) return refuse("no code there", "Check the address and the chain.");
  if (decimals === undefined || answer === undefined || updatedAt === undefined) {
    return refuse(
      "it does not answer as a feed",
      "Name a contract with Chainlink's latestRoundData.",
    );
  }
  if (decimals > MOST_FEED_DECIMALS) {
    return refuse(`${decimals} decimals`, `Allowed: at most ${MOST_FEED_DECIMALS}.`);
  }
  if (answer <= 0n) return refuse(`its answer is ${answer}`, "Wait for an answer above 0.");
  if (updatedAt === 0n || (answeredInRound ?? 0n) < (roundId ?? 0n)) {
    return refuse("its round is not complete", "Wait for a complete one.");
  }
  if (updatedAt > nowAt)
    return refuse("its answer is from the future", "Check the clock of the chain.");
  const age = nowAt - updatedAt;
  if (age > maxAgeFor) {
    return refuse(
      `its answer is ${formatDuration(age)} old`,
      `Allowed: ${formatDuration(maxAgeFor)}. Wait for a new one, or take its heartbeat and some more.`,
    );
  }
  const isAllowed =
    maxAgeFor >= AGE_LEAST_FOR && maxAgeFor <= AGE_MOST_FOR && maxAgeFor % AGE_LEAST_FOR === 0n;
  if (!isAllowed)
    return refuse(`an age of ${maxAgeFor} s`, "Allowed: 1 minute to 7 days, in whole minutes.");
  const price = formatUsd(priceOf(facts) ?? 0n);
  return [{ check, verdict: "ok", found: `${price}, ${formatDuration(age)} old` }];
}

function boundsFinding(proposal: Proposal, facts: FeedFacts): Finding {
  const check = "bounds";
  const { decimals, answer } = facts;
  if (decimals === undefined || answer === undefined || decimals > MOST_FEED_DECIMALS)
    return {
      check,
      verdict: "open",
      found: "not known without the feed",
      remedy: "Correct the feed first.",
    };
  const lowest = toUnitsUp(proposal.lowestPrice, Number(decimals));
  const highest = toUnitsDown(proposal.highestPrice, Number(decimals));
  const isWithin = lowest > 0n && answer >= lowest && answer <= highest;
  return {
    check,
    verdict: isWithin ? "ok" : "refused",
    found: `believed from ${proposal.lowestPrice} to ${proposal.highestPrice} USD`,
    ...(isWithin
      ? {}
      : {
          remedy: "Allowed: above 0, and around the present answer. Widen them, or check the unit.",
        }),
  };
}

/** USD for one whole token of the feed [value]; undefined when it does not say one */
export function priceOf({ decimals, answer }: FeedFacts): bigint | undefined {
  if (decimals === undefined || answer === undefined) return undefined;
  if (decimals > MOST_FEED_DECIMALS || answer <= 0n) return undefined;
  return answer * 10n ** (MOST_FEED_DECIMALS - decimals);
}

// ---- pairs and cap ----

/** A finding for each pair: its bounds, and the listing rule. */
export function pairFindings(
  { pairs }: Proposal,
  { pools, rules }: MarketView,
): readonly Finding[] {
  if (pairs.length === 0) {
    return [
      {
        check: "pairs",
        verdict: "open",
        found: "none proposed: without one it gives no credit",
        remedy: "Propose them with --pairs, unless it is cash only.",
      },
    ];
  }
  return pairs.map((pair) => {
    const check = `pair ${pair.pool}`;
    const pool = pools.find(({ id }) => id === pair.pool);
    if (pool === undefined) {
      const known = pools.map(({ id }) => id).join(", ");
      const remedy = `Allowed: ${known === "" ? "none yet" : known}.`;
      return { check, verdict: "refused", found: "the vault has no such pool", remedy };
    }
    const broken = brokenBounds(pair, rules.bonusMinBps);
    if (broken !== undefined)
      return { check, verdict: "refused", found: broken.found, remedy: broken.remedy };
    const rule = listingRule(rules, pair.maintenanceFloorPpm, pair.maxBonusBps, pool.factorPpm);
    if (!rule.holds) {
      return {
        check,
        verdict: "refused",
        found: `close-out would come after insolvency with a bonus of ${formatBps(pair.maxBonusBps)}`,
        remedy: `Allowed at this floor: at most ${formatBps(max(rule.mostBonusBps, 0n))}. Or raise the maintenance floor.`,
      };
    }
    return {
      check,
      verdict: "ok",
      found: `within its bounds; the listing rule allows a bonus of ${formatBps(rule.mostBonusBps)}`,
    };
  });
}

function brokenBounds(
  pair: ProposedPair,
  bonusMinBps: bigint,
): { readonly found: string; readonly remedy: string } | undefined {
  const p = pair;
  const within: readonly (readonly [string, bigint, bigint, bigint])[] = [
    ["initialCapPpm", p.initialCapPpm, p.maintenanceCapPpm, PPM],
    ["initialFloorPpm", p.initialFloorPpm, p.maintenanceFloorPpm, p.initialCapPpm],
    ["maintenanceFloorPpm", p.maintenanceFloorPpm, MAINTENANCE_FLOOR_PPM, p.maintenanceCapPpm],
    ["initialTargetPpm", p.initialTargetPpm, p.initialFloorPpm, p.initialCapPpm],
    [
      "maintenanceTargetPpm",
      p.maintenanceTargetPpm,
      p.maintenanceFloorPpm,
      min(p.maintenanceCapPpm, p.initialTargetPpm),
    ],
    ["depthValue", p.depthValue, WAD, DEPTH_MOST_VALUE],
    ["maxBonusBps", p.maxBonusBps, bonusMinBps, BONUS_MOST_BPS],
  ];
  const bad = within.find(([, found, lowest, highest]) => found < lowest || found > highest);
  if (bad === undefined) return undefined;
  const [name, found, lowest, highest] = bad;
  return { found: `${name} is ${found}`, remedy: `Allowed: ${lowest} to ${highest}.` };
}

/**
 * The cap is worth at most twice the smallest depth, and at the highest believed price and rate at most what the maths
 * carries; `price` is that of one whole token, undefined while it is not known [value].
 */
export function capFinding(
  { cap, pairs, rate, highestPrice }: Proposal,
  price: bigint | undefined,
): Finding {
  const check = "cap";
  const capWad = toUnits(cap, 18);
  if (capWad === 0n)
    return { check, verdict: "ok", found: "0: the asset is cash, and no collateral yet" };
  if (price === undefined || pairs.length === 0) {
    const found = "its worth against depth is not known";
    return { check, verdict: "open", found, remedy: "Correct the feed, and propose pairs." };
  }
  const capValue = (capWad * price) / WAD;
  const highestValue = toUnitsDown(highestPrice, 18) * (rate === undefined ? 1n : HIGHEST_RATE);
  if (capWad * highestValue > CAP_MOST_VALUE * WAD) {
    return {
      check,
      verdict: "refused",
      found: `worth ${formatUsd((capWad * highestValue) / WAD)} at the highest price that is believed${rate === undefined ? "" : " and a rate of 100"}`,
      remedy: `Allowed: ${formatUsd(CAP_MOST_VALUE)}. Lower the cap, or --highest-price.`,
    };
  }
  const most = 2n * pairs.map(({ depthValue }) => depthValue).reduce(min);
  return {
    check,
    verdict: capValue <= most ? "ok" : "refused",
    found: `worth ${formatUsd(capValue)}; twice the smallest depth is ${formatUsd(most)}`,
    ...(capValue <= most ? {} : { remedy: "Lower the cap: more could not be sold in a crash." }),
  };
}
