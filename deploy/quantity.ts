import { toUnits } from "../sdk/units.ts";

/** A text that is no quantity of the kind asked for. */
export class QuantityInvalid extends Error {
  override readonly name = "QuantityInvalid";
  readonly found: string;
  readonly allowed: string;

  constructor(found: string, allowed: string) {
    super(`found "${found}", allowed: ${allowed}`);
    this.found = found;
    this.allowed = allowed;
  }
}

const SECONDS_IN = {
  second: 1n,
  minute: 60n,
  hour: 3_600n,
  day: 86_400n,
} as const;

type TimeUnit = keyof typeof SECONDS_IN;

/** `"20_00"` → 2000n. @throws QuantityInvalid */
export function parseWhole(text: string): bigint {
  if (!/^\d+(_\d+)*$/.test(text)) throw new QuantityInvalid(text, 'a whole number such as "20_00"');
  return BigInt(text.replaceAll("_", ""));
}

/** `"2 hours"` → 7200n, `"0 seconds"` → 0n [s]. @throws QuantityInvalid */
export function parseDuration(text: string): bigint {
  const allowed = 'a duration such as "90 minutes", "2 hours" or "1 day"';
  const match = /^(\d+) (second|minute|hour|day)s?$/.exec(text);
  if (match === null) throw new QuantityInvalid(text, allowed);
  return BigInt(match[1] ?? "0") * SECONDS_IN[match[2] as TimeUnit];
}

/** `"1_000.5"` with 6 decimals → 1000500000n; never rounds. @throws QuantityInvalid */
export function parseDecimal(text: string, decimals: number): bigint {
  const match = /^\d+(?:_\d+)*(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new QuantityInvalid(text, 'a decimal number such as "1_000.5"');
  if ((match[1] ?? "").length > decimals) {
    throw new QuantityInvalid(text, `at most ${decimals} digits after the point`);
  }
  return toUnits(text.replaceAll("_", ""), decimals);
}
