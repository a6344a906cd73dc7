// How a number of ours is held against a decimal of a vector file.
import { z } from "zod";
import { formatUnits, toUnits, toUnitsDown } from "../../sdk/units.ts";

/** Digits in which vectors are compared: all that a vector file writes. */
const DIGITS = 60;
const WAD_DIGITS = 18;

/** How a number of ours may differ from the exact one. */
export interface Tolerance {
  /** the direction in which the function rounds; "nearest" is either */
  readonly rounded: "down" | "up" | "nearest";
  /** most units of the last place [wei] */
  readonly wei: bigint;
}

/** One number that the file states. */
export interface Expectation extends Tolerance {
  readonly what: string;
  readonly found: bigint;
  /** as the file writes it */
  readonly expected: string;
}

/** A decimal in a vector file: text, or a whole number. */
export const decimal = z.union([
  z.string().regex(/^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/, "a decimal number as text is expected"),
  z.int().transform(String),
]);

/** A decimal that must be a whole number of 10^−digits. Throws `TooPrecise`. */
export function toExact(text: string, digits = WAD_DIGITS): bigint {
  return toUnits(text, digits);
}

/** What is wrong with a number, in a sentence; undefined when nothing is. */
export function complaintAbout(expectation: Expectation): string | undefined {
  const { what, found, expected, rounded, wei } = expectation;
  const scale = 10n ** BigInt(DIGITS - WAD_DIGITS);
  const distance = found * scale - toUnitsDown(expected, DIGITS);
  const most = wei * scale;
  const highest = rounded === "down" ? 0n : most;
  const lowest = rounded === "up" ? 0n : -most;
  if (distance >= lowest && distance <= highest) return undefined;
  const allowed = `at most ${wei} wei ${rounded === "nearest" ? "away" : rounded}`;
  return `${what}: ${formatUnits(found, WAD_DIGITS)} found, ${expected} expected, ${allowed}`;
}
