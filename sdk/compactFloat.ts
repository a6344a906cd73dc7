// A number in few bits: code = exponent · 2^m | mantissa, number = mantissa · 2^exponent, mantissa < 2^m, exponent < 128.
// Numbers below 2^m are exact; larger ones are exact to one part in 2^(m−1). Numbers must be below 2^128.

/** largest number with a code ≤ `number` */
export function encodeDown(number: bigint, mantissaBits: bigint): bigint {
  if (number >> mantissaBits === 0n) return number;
  const exponent = log2(number) + 1n - mantissaBits;
  return (exponent << mantissaBits) | (number >> exponent);
}

/** smallest number with a code ≥ `number` */
export function encodeUp(number: bigint, mantissaBits: bigint): bigint {
  const code = encodeDown(number, mantissaBits);
  if (decode(code, mantissaBits) === number) return code;
  const exponent = code >> mantissaBits;
  return encodeDown(((number >> exponent) + 1n) << exponent, mantissaBits);
}

/** the number of a code */
export function decode(code: bigint, mantissaBits: bigint): bigint {
  return (code & ((1n << mantissaBits) - 1n)) << (code >> mantissaBits);
}

/** position of the highest bit of a positive number */
function log2(number: bigint): bigint {
  return BigInt(number.toString(2).length - 1);
}
