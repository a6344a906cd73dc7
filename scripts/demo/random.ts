/** A stream of numbers that is the same for the same seed on every machine. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normal with mean 0 and deviation 1 (Box–Muller). */
  normal(): number;
  /** `count` different items of `items`, in random order; all of them if there are fewer. */
  pick<T>(items: readonly T[], count: number): T[];
}

/**
 * SplitMix64 (Steele, Lea, Flood 2014) in 64-bit integers. `stream` gives each account its own numbers, so
 * that an account does not change when another is added.
 */
export function makeRandom(seed: number, stream = 0): Random {
  let state = mix(BigInt.asUintN(64, BigInt(seed)) ^ mix(BigInt(stream) + GOLDEN));
  const uniform = (): number => {
    state = BigInt.asUintN(64, state + GOLDEN);
    return Number(mix(state) >> 11n) / 2 ** 53; // safe: 53 bits fit a number
  };
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    pick: <T>(items: readonly T[], count: number): T[] => {
      const rest = [...items];
      const picked: T[] = [];
      while (picked.length < count && rest.length > 0) {
        picked.push(...rest.splice(Math.floor(uniform() * rest.length), 1));
      }
      return picked;
    },
  };
}

const GOLDEN = 0x9e37_79b9_7f4a_7c15n;

function mix(value: bigint): bigint {
  let z = BigInt.asUintN(64, value);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return z ^ (z >> 31n);
}
