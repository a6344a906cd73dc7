// Rounding is in the name. The contracts check products against 256 bits; numbers here have no such limit, so results beyond
// 256 bits differ: there the chain fails. Everything else that fails on the chain throws here.

export const WAD = 10n ** 18n;
export const PPM = 10n ** 6n;
export const BPS = 10n ** 4n;
/** 2^256 − 1: what the contracts use for "no limit". */
export const UINT256_MAX = 2n ** 256n - 1n;
/** 2^128 − 1. */
export const UINT128_MAX = 2n ** 128n - 1n;

/** A subtraction of unsigned numbers came out below zero: the chain would fail here. */
export class ArithmeticUnderflow extends Error {
  override readonly name = "ArithmeticUnderflow";
  readonly minuend: bigint;
  readonly subtrahend: bigint;

  constructor(minuend: bigint, subtrahend: bigint) {
    super(`${minuend} − ${subtrahend} is below zero, which unsigned numbers cannot hold.`);
    this.minuend = minuend;
    this.subtrahend = subtrahend;
  }
}

/** (x * y) / d, rounded down. Throws `RangeError` when d is 0. */
export function mulDivDown(x: bigint, y: bigint, d: bigint): bigint {
  return (x * y) / d;
}

/** (x * y) / d, rounded up. Throws `RangeError` when d is 0. */
export function mulDivUp(x: bigint, y: bigint, d: bigint): bigint {
  return (x * y + (d - 1n)) / d;
}

export function min(x: bigint, y: bigint): bigint {
  return x < y ? x : y;
}

export function max(x: bigint, y: bigint): bigint {
  return x > y ? x : y;
}

/** x − y, or 0 */
export function zeroFloorSub(x: bigint, y: bigint): bigint {
  return x > y ? x - y : 0n;
}

/** x brought into [low, high] */
export function clamp(x: bigint, low: bigint, high: bigint): bigint {
  return min(max(x, low), high);
}

/** whether a * b >= c * d */
export function productAtLeast(a: bigint, b: bigint, c: bigint, d: bigint): boolean {
  return a * b >= c * d;
}

/** x − y as the chain subtracts unsigned numbers. Throws `ArithmeticUnderflow` when y is above x. */
export function checkedSub(x: bigint, y: bigint): bigint {
  if (y > x) throw new ArithmeticUnderflow(x, y);
  return x - y;
}

/** −1, 0 or 1, for sorting from the smallest */
export function compare(x: bigint, y: bigint): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Σ values; the contracts add up in their loops */
export function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
