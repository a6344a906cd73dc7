// What the numbers of an exchange rate say, without a node.
import { PPM, WAD } from "../../sdk/mathLib.ts";
import { formatDecimal, formatDuration, formatPpm, formatUsd } from "../explain/format.ts";
import type { Finding } from "./finding.ts";
import type { ProposedRate } from "./proposal.ts";
import { RATE_GAS_MOST, type RateFacts } from "./readRate.ts";

const LEAST_DECIMALS = 6n;
const MOST_DECIMALS = 18n;
const GROWTH_LEAST_PPM = 10n;
const GROWTH_MOST_PPM = 5_000n;
const LOWEST_RATE = 10n ** 15n;
const HIGHEST_RATE = 100n * WAD;
/** A price with a rate is read in every judgement of an account that holds the token. */
const MUCH_GAS = 100_000n;
const DAY = 86_400n;
/** Beyond this many times what the token earns the cap leaves room for a donation. */
const LOOSE = 10n;
/** A day of growth measured over less says little. */
const LEAST_MEASURED_FOR = 7n * DAY;

/** Findings about a proposed rate; `answerValue` is what the feed says of one whole underlying token [value]. */
export function rateFindings(
  rate: ProposedRate,
  facts: RateFacts,
  answerValue: bigint | undefined,
): readonly Finding[] {
  const found = [providerFinding(rate, facts), decimalsFinding(rate, facts)];
  const { rateWad } = facts;
  if (rateWad === undefined) return [...found, boundsOfGrowth(rate)];
  return [
    ...found,
    rateFinding(rateWad, answerValue),
    growthFinding(rate, facts),
    gasFinding(facts.gas ?? 0n),
    {
      check: "rate trust",
      verdict: "open",
      found:
        "not tried: whether it can be pushed down for a moment, or answers early with little gas",
      remedy: "Read its code: known issues 58 and 100.",
    },
  ];
}

/** The vault multiplies the answer by the rate: what one whole token is worth, undefined while either is unknown [value]. */
export function ratedValue(answerValue: bigint | undefined, facts: RateFacts): bigint | undefined {
  if (answerValue === undefined || facts.rateWad === undefined) return undefined;
  return (answerValue * facts.rateWad) / WAD;
}

// ---- the checks ----

function providerFinding(rate: ProposedRate, facts: RateFacts): Finding {
  const check = "rate provider";
  const refuse = (found: string, remedy: string): Finding => ({
    check,
    verdict: "refused",
    found,
    remedy,
  });
  const name = rate.functionName;
  if (!facts.hasCode) return refuse("no code there", "Check the address and the chain.");
  const isShare = name.startsWith("convertToAssets");
  if (isShare && (facts.shareDecimals === undefined || facts.shareDecimals > MOST_DECIMALS)) {
    const digits = facts.shareDecimals;
    return refuse(
      digits === undefined ? "it does not say its decimals" : `its shares have ${digits} decimals`,
      `Allowed for convertToAssets: an ERC-4626 token of at most ${MOST_DECIMALS}. Name another --rate-function.`,
    );
  }
  if (facts.answer === undefined) {
    return refuse(
      `it answers ${name} with nothing, or with more than ${RATE_GAS_MOST} gas`,
      "Allowed: a view that returns one word above 0. Check --rate-function.",
    );
  }
  return { check, verdict: "ok", found: `it answers ${name}` };
}

function decimalsFinding(rate: ProposedRate, { assetDecimals, shareDecimals }: RateFacts): Finding {
  const check = "rate decimals";
  const isAllowed = rate.decimals >= LEAST_DECIMALS && rate.decimals <= MOST_DECIMALS;
  const isShare = shareDecimals !== undefined;
  if (isAllowed && (!isShare || assetDecimals === rate.decimals))
    return { check, verdict: "ok", found: `${rate.decimals}` };
  const asset =
    assetDecimals === undefined ? "which it does not name" : `which has ${assetDecimals}`;
  return {
    check,
    verdict: "refused",
    found: `${rate.decimals}${isShare ? `; those of the provider's asset count, ${asset}` : ""}`,
    remedy: `Allowed: ${LEAST_DECIMALS} to ${MOST_DECIMALS}${isShare ? ", and as many as the asset of the provider has" : ""}. Correct --rate-decimals.`,
  };
}

/** the rate is whole tokens for a whole token: out of scale means a wrong unit, and the product is shown to be compared */
function rateFinding(rateWad: bigint, answerValue: bigint | undefined): Finding {
  const isWithin = rateWad >= LOWEST_RATE && rateWad <= HIGHEST_RATE;
  const rate = formatDecimal(rateWad, 18, 6);
  const worth =
    answerValue === undefined
      ? ""
      : `; with the feed one token is worth ${formatUsd((answerValue * rateWad) / WAD)}`;
  return {
    check: "rate",
    verdict: isWithin ? "ok" : "refused",
    found: `${rate} underlying tokens for one${worth}`,
    ...(isWithin
      ? {}
      : { remedy: "Allowed: 0.001 to 100. Another number of decimals, or another function?" }),
  };
}

function boundsOfGrowth({ growthPpm }: ProposedRate): Finding {
  const isAllowed = growthPpm >= GROWTH_LEAST_PPM && growthPpm <= GROWTH_MOST_PPM;
  return {
    check: "rate growth",
    verdict: isAllowed ? "ok" : "refused",
    found: `capped at ${growthPpm} ppm a day`,
    ...(isAllowed ? {} : { remedy: `Allowed: ${GROWTH_LEAST_PPM} to ${GROWTH_MOST_PPM}.` }),
  };
}

/** the cap beside what the rate really did */
function growthFinding(rate: ProposedRate, { rateWad, past }: RateFacts): Finding {
  const bounds = boundsOfGrowth(rate);
  if (bounds.verdict === "refused") return bounds;
  const { check, found } = bounds;
  if (past === undefined || rateWad === undefined) {
    return {
      check,
      verdict: "open",
      found: `${found}; what it was before cannot be read here`,
      remedy: "Compare it with what the token earns: two to three times that. An archive node can.",
    };
  }
  const { elapsedFor } = past;
  const over = `over ${formatDuration(elapsedFor)}`;
  if (rateWad < past.rateWad) {
    return {
      check,
      verdict: "open",
      found: `${found}; it fell by ${formatPpm(((past.rateWad - rateWad) * PPM) / past.rateWad)} ${over}`,
      remedy: "Find out why. A token that loses at times needs haircuts for that.",
    };
  }
  const grownPpm = ((rateWad - past.rateWad) * PPM * DAY) / (past.rateWad * elapsedFor);
  const told = `${found}; it grew by ${grownPpm} ppm a day ${over}`;
  if (grownPpm > rate.growthPpm) {
    return {
      check,
      verdict: "refused",
      found: told,
      remedy:
        "A real rise would not count. Allowed: above what the token earns; two to three times that.",
    };
  }
  const isClose = grownPpm * 3n > rate.growthPpm * 2n;
  const isLoose = rate.growthPpm > grownPpm * LOOSE && rate.growthPpm > GROWTH_LEAST_PPM * LOOSE;
  if (isClose || isLoose || elapsedFor < LEAST_MEASURED_FOR) {
    return {
      check,
      verdict: "open",
      found: told,
      remedy: isClose
        ? "A better month would not count. Two to three times what the token earns is right."
        : isLoose
          ? "The rest is room for a donation. Two to three times what the token earns is right."
          : "Measure a week or more with --rate-measured-for.",
    };
  }
  return { check, verdict: "ok", found: told };
}

function gasFinding(gas: bigint): Finding {
  const check = "rate gas";
  const found = `a read takes ${gas} gas of ${RATE_GAS_MOST}`;
  if (gas <= MUCH_GAS) return { check, verdict: "ok", found };
  return {
    check,
    verdict: "open",
    found,
    remedy: "Each judgement of a holder pays that, liquidations as well. Name a cheaper provider.",
  };
}
