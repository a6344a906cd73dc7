// The only place where decimal text and floating-point numbers become whole numbers of units, and back. Text is exact in both
// directions; a number is taken as the shortest decimal that means it, the one that it prints as.

const WAD_DECIMALS = 18;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;

/** What is no decimal number. */
export class NotDecimal extends Error {
  override readonly name = "NotDecimal";
  readonly text: string;

  constructor(text: string) {
    super(`"${text}" is no decimal number, such as 1250 or 0.05.`);
    this.text = text;
  }
}

/** More decimals than the unit has: nothing is rounded unasked. */
export class TooPrecise extends Error {
  override readonly name = "TooPrecise";
  readonly text: string;
  readonly decimals: number;

  constructor(text: string, decimals: number) {
    super(`"${text}" has more than ${decimals} decimals; write fewer, or round it by name.`);
    this.text = text;
    this.decimals = decimals;
  }
}

/** A number of decimals is a whole number from 0 to 1,000. */
export class DecimalsOutOfRange extends Error {
  override readonly name = "DecimalsOutOfRange";
  readonly decimals: number;

  constructor(decimals: number) {
    super(`${decimals} decimals found; a whole number from 0 to 1000 is allowed.`);
    this.decimals = decimals;
  }
}

/** "1.5" → 1_500_000_000_000_000_000n. Throws `NotDecimal`, `TooPrecise`. */
export function toWad(decimal: string | number): bigint {
  return toUnits(decimal, WAD_DECIMALS);
}

/** 1_500_000_000_000_000_000n → "1.5", exact */
export function fromWad(wad: bigint): string {
  return formatUnits(wad, WAD_DECIMALS);
}

/** A decimal in units of 10^−decimals, exact. Throws `NotDecimal`, `TooPrecise`, `DecimalsOutOfRange`. */
export function toUnits(decimal: string | number, decimals: number): bigint {
  const { down, isExact } = scale(decimal, decimals);
  if (!isExact) throw new TooPrecise(String(decimal), decimals);
  return down;
}

/** A decimal in units of 10^−decimals, rounded down (towards −∞). Throws `NotDecimal`, `DecimalsOutOfRange`. */
export function toUnitsDown(decimal: string | number, decimals: number): bigint {
  return scale(decimal, decimals).down;
}

/** A decimal in units of 10^−decimals, rounded up (towards +∞). Throws `NotDecimal`, `DecimalsOutOfRange`. */
export function toUnitsUp(decimal: string | number, decimals: number): bigint {
  const { down, isExact } = scale(decimal, decimals);
  return isExact ? down : down + 1n;
}

/** Units of 10^−decimals as a decimal without needless zeros, exact. Throws `DecimalsOutOfRange`. */
export function formatUnits(units: bigint, decimals: number): string {
  requireDecimals(decimals);
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** The floating-point number nearest to units of 10^−decimals: for charts, never for money. Throws `DecimalsOutOfRange`. */
export function toNumber(units: bigint, decimals: number): number {
  return Number(formatUnits(units, decimals));
}

interface Scaled {
  readonly down: bigint;
  readonly isExact: boolean;
}

function scale(decimal: string | number, decimals: number): Scaled {
  requireDecimals(decimals);
  const text = String(decimal).trim();
  const match = DECIMAL.exec(text);
  if (match === null) throw new NotDecimal(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const magnitude = BigInt(whole + fraction);
  const signed = sign === "-" ? -magnitude : magnitude;
  const shift = decimals + Number(exponent) - fraction.length;
  if (shift >= 0) return { down: signed * 10n ** BigInt(shift), isExact: true };
  const divisor = 10n ** BigInt(-shift);
  const remainder = ((signed % divisor) + divisor) % divisor;
  return { down: (signed - remainder) / divisor, isExact: remainder === 0n };
}

function requireDecimals(decimals: number): void {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 1_000) {
    throw new DecimalsOutOfRange(decimals);
  }
}
