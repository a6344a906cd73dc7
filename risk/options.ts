// The words of the command line as numbers with units; what cannot be one is refused with what is allowed.
import { InvalidArgumentError } from "commander";
import { PPM } from "../sdk/mathLib.ts";
import { toUnits } from "../sdk/units.ts";
import { VARIANCE_MOST_WAD } from "../sdk/variance.ts";

const SECONDS: Readonly<Record<string, bigint>> = { m: 60n, h: 3_600n, d: 86_400n };
const LONGEST_FOR = 365n * 86_400n;

/** `"5d"` → 432_000n; whole minutes, hours or days, a year at most [s] */
export function parseHorizon(text: string): bigint {
  const [, count = "0", unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const seconds = BigInt(count) * (SECONDS[unit] ?? 0n);
  if (seconds > 0n && seconds <= LONGEST_FOR) return seconds;
  return refuse(
    text,
    "a whole number of minutes, hours or days such as 90m, 36h or 5d, up to 365d",
  );
}

/** `"0.64"` → 0.64e18: annual variance, the square of the annual volatility [wad] */
export function parseVariance(text: string): bigint {
  const wad = decimal(text, 18);
  if (wad !== undefined && wad > 0n && wad <= VARIANCE_MOST_WAD) return wad;
  return refuse(
    text,
    "an annual variance above 0 and up to 10000, such as 0.64 for a volatility of 80 %",
  );
}

/** `"4.5"` or `"4.5%"` → 45_000n [ppm] */
export function parsePercent(text: string): bigint {
  const ppm = decimal(text.replace(/\s?%$/, ""), 4);
  if (ppm !== undefined && ppm <= PPM) return ppm;
  return refuse(text, "a percentage from 0 to 100 with at most 4 decimals, such as 4.5");
}

function decimal(text: string, decimals: number): bigint | undefined {
  const matches = /^\d{1,30}(?:\.(\d+))?$/.exec(text);
  if (matches === null || (matches[1] ?? "").length > decimals) return undefined;
  return toUnits(text, decimals);
}

function refuse(text: string, allowed: string): never {
  throw new InvalidArgumentError(`Found "${text}", allowed: ${allowed}.`);
}
