// Fields of a parameter file: texts of people, and what the chain is given.
import { getAddress } from "ethers";
import { z } from "zod";
import { parseDecimal, parseDuration, parseWhole, QuantityInvalid } from "./quantity.ts";

export const whole = (lowest: bigint, highest: bigint) => parsed(parseWhole, lowest, highest, "");
export const duration = (lowest: bigint, highest: bigint) =>
  parsed(parseDuration, lowest, highest, " s");
/** Decimal text, kept as text until the decimals of its asset or feed are known. */
export const decimal = z.string().transform((text, context) => {
  attempt(context, text, () => parseDecimal(text, 18));
  return text;
});
export const ppm = whole(0n, 1_000_000n);
export const MINUTE = 60n;
export const HOUR = 3_600n;
export const DAY = 86_400n;
/** A hundredfold a year squared: what the chain keeps is below it [wad] */
const VARIANCE_MOST_WAD = 10n ** 22n;
/** Annual variance as a decimal such as "4.2" [wad]; the chain keeps it exact to 1 in 2^32, up. */
export const variance = (lowest: bigint) =>
  parsed((text) => parseDecimal(text, 18), lowest, VARIANCE_MOST_WAD, " · 10^-18 a year");
/** The chain keeps whole minutes. */
export const minutes = (lowest: bigint, highest: bigint) =>
  parsed(parseMinutes, lowest, highest, " s, in whole minutes");

export const address = z.string().transform((text, context) => {
  return attempt(context, text, () => parseAddress(text, "an address, not zero")) ?? text;
});

/** `"account 3"`: the fourth account of a local node; `"given"`: a parameter of the Ignition module, named as the role. */
export const holder = z.string().transform((text, context) => {
  if (/^(account \d{1,2}|given)$/.test(text)) return text;
  const allowed = 'an address, not zero; "given"; on a local chain also "account N"';
  return attempt(context, text, () => parseAddress(text, allowed)) ?? text;
});

function parseAddress(text: string, allowed: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text) || /^0x0{40}$/.test(text)) {
    throw new QuantityInvalid(text, allowed);
  }
  try {
    return getAddress(text);
  } catch {
    throw new QuantityInvalid(text, "an address whose capitals are its checksum");
  }
}

function parseMinutes(text: string): bigint {
  const duration = parseDuration(text);
  if (duration % MINUTE !== 0n) throw new QuantityInvalid(text, "whole minutes");
  return duration;
}

function parsed(parse: (text: string) => bigint, lowest: bigint, highest: bigint, unit: string) {
  return z.string().transform((text, context): bigint => {
    const found = attempt(context, text, () => {
      const value = parse(text);
      if (value < lowest || value > highest) {
        throw new QuantityInvalid(text, `${lowest} to ${highest}${unit}`);
      }
      return value;
    });
    return found ?? 0n;
  });
}

/** Runs a parser and turns its complaint into one of zod's. */
function attempt<T>(context: z.RefinementCtx, input: string, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof QuantityInvalid)) throw error;
    context.addIssue({ code: "custom", message: error.message, input });
    return undefined;
  }
}
