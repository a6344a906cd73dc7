// Problems for the optimiser: by hand and at random, and the cheapest of all choices on a grid.
import fc from "fast-check";
import {
  type Candidate,
  isEnough,
  mostAssets,
  type OptimiserProblem,
  totalCost,
  YEAR_FOR,
} from "../../sdk/optimiser/problem.ts";
import type { DebtLine } from "../../sdk/snapshot.ts";
import { toWad } from "../../sdk/units.ts";

const WAD = 10n ** 18n;
const NO_LIMIT = 2n ** 96n - 1n;

interface Terms {
  readonly name?: string;
  readonly now?: bigint;
  readonly wallet?: bigint;
  /** USD for one, of 18 decimals */
  readonly usd?: bigint;
  readonly initialPpm?: bigint;
  readonly depthUsd?: bigint;
  readonly othersAssets?: bigint;
  readonly yieldPercent?: string;
}

/** A collateral of 18 decimals, by what is said of it. */
export function candidate(terms: Terms): Candidate {
  const { now = 0n, wallet = 0n, usd = 1n, initialPpm = 200_000n, othersAssets = 0n } = terms;
  const price = usd * WAD;
  return {
    line: {
      id: 0n,
      asset: terms.name ?? "asset",
      assets: now,
      totalAssets: now + othersAssets,
      price,
      slowPrice: price,
      isFresh: true,
      haircutInitialPpm: initialPpm,
      haircutMaintenancePpm: (initialPpm * 3n) / 4n,
      depthValue: (terms.depthUsd ?? 1_000_000_000n) * WAD,
    },
    walletAssets: wallet,
    capAssets: NO_LIMIT,
    isTakeable: true,
    mayEnter: true,
    yieldWad: toWad(terms.yieldPercent ?? "0") / 100n,
  };
}

/** A debt of a dollar token. */
export function owing(usd: bigint, isFresh = true): DebtLine {
  return {
    id: 0n,
    pool: "pool",
    assetId: 0n,
    shares: 1n,
    index: 10n ** 12n,
    shareUnit: 1n,
    assets: usd * WAD,
    price: WAD,
    slowPrice: WAD,
    isFresh,
    factorPpm: 1_000_000n,
  };
}

/** Candidates against 80,000 USD, healthy, at no cost of moving. */
export function problem(
  candidates: readonly Candidate[],
  change: Partial<OptimiserProblem> = {},
): OptimiserProblem {
  return {
    candidates,
    debts: [owing(80_000n)],
    surchargeBps: 0n,
    bufferBps: 0n,
    isHealthy: true,
    moveCostValue: 0n,
    moveCostBps: 0n,
    heldFor: YEAR_FOR,
    ...change,
  };
}

const GRID = 24n;

/** The cheapest of all choices on a grid of the first assets, each with the least of the last that keeps the buffer. */
export function cheapestOfGrid(one: OptimiserProblem): bigint | undefined {
  const last = one.candidates.length - 1;
  const grid = one.candidates.slice(0, last).map((candidateOf) => {
    const most = mostAssets(candidateOf);
    const points = Array.from({ length: Number(GRID) + 1 }, (_, k) => (most * BigInt(k)) / GRID);
    return [...points, candidateOf.line.assets];
  });
  let choices: readonly (readonly bigint[])[] = [[]];
  for (const points of grid) {
    choices = choices.flatMap((choice) => points.map((point) => [...choice, point]));
  }
  const lastOf = one.candidates[last] ?? candidate({});
  const now = one.candidates.map(({ line }) => line.assets);
  let best: bigint | undefined;
  for (const choice of choices) {
    for (const assets of [0n, lastOf.line.assets, mostAssets(lastOf), leastOf(one, choice)]) {
      const pledged = [...choice, assets];
      const isAllowed =
        isEnough(one, pledged) && (one.isHealthy || pledged.every((x, i) => x >= (now[i] ?? 0n)));
      if (!isAllowed) continue;
      const cost = totalCost(one, pledged);
      if (best === undefined || cost < best) best = cost;
    }
  }
  return best;
}

function leastOf(one: OptimiserProblem, choice: readonly bigint[]): bigint {
  let [low, high] = [0n, mostAssets(one.candidates.at(-1) ?? candidate({}))];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (isEnough(one, [...choice, middle])) high = middle;
    else low = middle;
  }
  return high;
}

/** price · assets [value] */
export function worth(price: bigint, assets: bigint): bigint {
  return (price * assets) / WAD;
}

/** Accounts of up to so many assets, healthy or not, with tiers, buffers, brackets, caps and costs. */
export function problems(most: number, least = 1): fc.Arbitrary<OptimiserProblem> {
  const tokens = (usd: number): fc.Arbitrary<bigint> =>
    fc.oneof(
      fc.constant(0n),
      fc.integer({ min: 1, max: usd }).map((n) => BigInt(n) * 10n ** 16n),
    );
  const asset = fc
    .record({
      now: tokens(8_000_000),
      wallet: tokens(8_000_000),
      usd: fc.constantFrom(1n, 15n, 2_000n),
      initialPpm: fc.integer({ min: 20_000, max: 600_000 }).map(BigInt),
      depthUsd: fc.constantFrom(20_000n, 200_000n, 1_000_000_000n),
      others: tokens(30_000_000),
      yieldBps: fc.integer({ min: -100, max: 500 }),
      slowPercent: fc.constantFrom(90n, 100n, 110n),
      capPercent: fc.constantFrom(100n, 130n, 1_000_000n),
    })
    .map(({ now, wallet, others, usd, yieldBps, slowPercent, capPercent, ...rest }) => {
      const made = candidate({
        ...rest,
        usd,
        now: now / usd,
        wallet: wallet / usd,
        othersAssets: others / usd,
      });
      const slowPrice = (made.line.price * slowPercent) / 100n;
      return {
        ...made,
        line: { ...made.line, slowPrice },
        capAssets: (made.line.totalAssets * capPercent) / 100n,
        yieldWad: BigInt(yieldBps) * 10n ** 14n,
      };
    });
  return fc.record({
    candidates: fc.array(asset, { minLength: least, maxLength: most }),
    debts: fc.integer({ min: 100, max: 60_000 }).map((usd) => [owing(BigInt(usd))]),
    surchargeBps: fc.constantFrom(0n, 0n, 10_00n, 30_00n),
    bufferBps: fc.constantFrom(0n, 5_00n, 25_00n),
    isHealthy: fc.boolean(),
    moveCostValue: fc.constantFrom(0n, 5n * WAD, 100n * WAD),
    moveCostBps: fc.constantFrom(0n, 5n),
    heldFor: fc.constantFrom(YEAR_FOR, YEAR_FOR / 4n),
  });
}
