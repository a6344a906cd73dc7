import { makeRandom } from "../demo/random.ts";

const YEAR = 365 * 86_400;
const PPB = 1_000_000_000n;
// no step is larger than a tenth, so that a long pause between two ticks does not look like a crash
const LARGEST_STEP = 0.1;

/** A price that walks. */
interface PriceWalk {
  /** The price after another tick [USD, 8 decimals] */
  next(): bigint;
}

/**
 * A geometric random walk without drift; the same numbers for the same seed and stream on every machine.
 * @param firstPrice8 Where it starts [USD, 8 decimals]
 * @param yearlyVolatility Deviation of a year's logarithmic return; 0 stays where it is [1 is 100 %]
 * @param tickFor Time between two prices [s]
 * @param stream Number of the asset, so that each has a walk of its own.
 */
export function walkPrice(
  firstPrice8: bigint,
  yearlyVolatility: number,
  tickFor: number,
  seed: number,
  stream: number,
): PriceWalk {
  const random = makeRandom(seed, stream);
  const deviation = yearlyVolatility * Math.sqrt(tickFor / YEAR);
  let price8 = firstPrice8;
  return {
    next() {
      if (deviation === 0) return price8;
      const wanted = Math.exp(deviation * random.normal() - deviation ** 2 / 2) - 1;
      const step = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, wanted));
      price8 += (price8 * BigInt(Math.round(step * 1e9))) / PPB;
      if (price8 < 1n) price8 = 1n;
      return price8;
    },
  };
}
