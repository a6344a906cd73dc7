// Inputs as the contracts meet them, with the edges that matter: nothing, one unit, one off a line, and the largest allowed.
import fc from "fast-check";
import { type Leg, REWARD_MOST_WAD, type Sized } from "../../sdk/liquidationMath.ts";
import { UINT256_MAX } from "../../sdk/mathLib.ts";
import type { CollateralLine, DebtLine, Health, Snapshot } from "../../sdk/snapshot.ts";

const WAD = 10n ** 18n;

/** A whole number from 0 to `most`, of every order of magnitude. */
export function upTo(most: bigint): fc.Arbitrary<bigint> {
  const bits = most.toString(2).length;
  const ofEveryMagnitude = fc
    .tuple(fc.integer({ min: 0, max: bits }), fc.bigInt({ min: 0n, max: most }))
    .map(([shift, number]) => number >> BigInt(shift));
  return fc.oneof(
    { weight: 6, arbitrary: ofEveryMagnitude },
    { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: most }) },
    { weight: 1, arbitrary: fc.constantFrom(0n, most < 1n ? most : 1n, most) },
  );
}

/** A whole number from `least` to `most`. */
export function between(least: bigint, most: bigint): fc.Arbitrary<bigint> {
  return upTo(most - least).map((number) => least + number);
}

export const uint = upTo(2n ** 256n - 1n);
/** Products of two of them stay below 2^256. */
export const uint127 = upTo(2n ** 127n);
/** Token amounts. */
export const assets = upTo(2n ** 96n - 1n);
/** USD wad per 1e18 base units. */
export const price = between(1n, 2n ** 100n);
/** USD wad, up to what a cap may be worth. */
export const value = upTo(10n ** 33n);
export const ppm = upTo(1_000_000n);
/** More than 100 % fails. */
export const anyPpm = upTo(1_000_010n);
export const bps = upTo(10_000n);
export const seconds = upTo(2n ** 40n);
/** A pool's debt index. */
export const index = between(10n ** 12n, 2n ** 56n - 1n);
export const shareUnit = fc.constantFrom(1n, 10n ** 2n, 10n ** 6n);
const factorPpm = between(1_000_000n, 1_500_000n);

const address = fc
  .bigInt({ min: 0n, max: 2n ** 160n - 1n })
  .map((number) => `0x${number.toString(16).padStart(40, "0")}`);

export { address };

export const collateralLine: fc.Arbitrary<CollateralLine> = fc.record({
  id: upTo(255n),
  asset: address,
  assets,
  totalAssets: assets,
  price,
  slowPrice: price,
  isFresh: fc.boolean(),
  haircutInitialPpm: ppm,
  haircutMaintenancePpm: ppm,
  depthValue: value,
});

export const debtLine: fc.Arbitrary<DebtLine> = fc.record({
  id: upTo(7n),
  pool: address,
  assetId: upTo(255n),
  shares: upTo(2n ** 72n - 1n),
  index,
  shareUnit,
  assets,
  price,
  slowPrice: price,
  isFresh: fc.boolean(),
  factorPpm,
});

export const snapshot: fc.Arbitrary<Snapshot> = fc.record({
  collaterals: fc.array(collateralLine, { maxLength: 8 }),
  debts: fc.array(debtLine, { maxLength: 4 }),
});

/** Sums that belong together: A ≤ Σ C, R ≥ Σ D; sometimes they do not. */
export const health: fc.Arbitrary<Health> = fc
  .record({
    collateralValue: value,
    debtValue: value,
    coverInitialPpm: ppm,
    coverPpm: anyPpm,
    requirementPpm: factorPpm,
  })
  .map((parts) => ({
    collateralValue: parts.collateralValue,
    debtValue: parts.debtValue,
    coverInitial: (parts.collateralValue * parts.coverInitialPpm) / 1_000_000n,
    coverMaintenance: (parts.collateralValue * parts.coverPpm) / 1_000_000n,
    requirement: (parts.debtValue * parts.requirementPpm) / 1_000_000n,
  }));

/** Stands for "no earlier liquidation". */
const NO_MOST = -1n;

interface LegParts {
  readonly collateralValue: bigint;
  readonly debtPpm: bigint;
  readonly haircutPpm: bigint;
  readonly depthPpm: bigint;
  readonly factorPpm: bigint;
  readonly coveragePpm: bigint;
  readonly otherCollateral: bigint;
  readonly otherDebt: bigint;
  readonly coverageMostPpm: bigint;
  readonly equityMostPpm: bigint;
  readonly targetBps: bigint;
  readonly bonusBps: bigint;
  readonly rewardPpm: bigint;
  readonly bonusMinBps: bigint;
  readonly feeBps: bigint;
  readonly maxPpm: bigint;
  readonly dustValue: bigint;
}

/** A leg inside an account near its maintenance line, where liquidations happen. */
export const leg: fc.Arbitrary<Leg> = fc
  .record<LegParts>({
    collateralValue: upTo(10n ** 27n),
    debtPpm: upTo(1_500_000n),
    haircutPpm: ppm,
    depthPpm: upTo(3_000_000n),
    factorPpm,
    coveragePpm: between(300_000n, 1_100_000n),
    otherCollateral: fc.oneof(fc.constant(0n), upTo(10n ** 27n)),
    otherDebt: fc.oneof(fc.constant(0n), upTo(10n ** 27n)),
    coverageMostPpm: fc.oneof(fc.constant(NO_MOST), upTo(1_000_000n)),
    equityMostPpm: fc.oneof(fc.constant(NO_MOST), between(900_000n, 1_500_000n)),
    targetBps: upTo(4_095n),
    bonusBps: upTo(2_000n),
    rewardPpm: fc.oneof(fc.constant(NO_MOST), upTo(5_000_000n)),
    bonusMinBps: upTo(200n),
    feeBps: upTo(200n),
    maxPpm: upTo(1_200_000n),
    dustValue: upTo(2_000n * WAD),
  })
  .map(toLeg);

function toLeg(parts: LegParts): Leg {
  const million = 1_000_000n;
  const debtValue = (parts.collateralValue * parts.debtPpm) / million;
  const requirement = ((debtValue + parts.otherDebt) * parts.factorPpm) / million;
  return {
    collateralValue: parts.collateralValue,
    haircutPpm: parts.haircutPpm,
    depthValue: (parts.collateralValue * parts.depthPpm) / million,
    debtValue,
    factorWad: parts.factorPpm * 10n ** 12n,
    cover: (requirement * parts.coveragePpm) / million,
    requirement,
    totalCollateralValue: parts.collateralValue + parts.otherCollateral,
    totalDebtValue: debtValue + parts.otherDebt,
    coverageMostWad:
      parts.coverageMostPpm === NO_MOST ? UINT256_MAX : parts.coverageMostPpm * 10n ** 12n,
    equityMostWad: parts.equityMostPpm === NO_MOST ? UINT256_MAX : parts.equityMostPpm * 10n ** 12n,
    targetWad: WAD + parts.targetBps * 10n ** 14n,
    bonusWad: (parts.bonusBps + parts.bonusMinBps) * 10n ** 14n,
    rewardWad: parts.rewardPpm === NO_MOST ? REWARD_MOST_WAD : parts.rewardPpm * 10n ** 12n,
    bonusMinWad: parts.bonusMinBps * 10n ** 14n,
    feeWad: parts.feeBps * 10n ** 14n,
    maxRepaidValue: (debtValue * parts.maxPpm) / million,
    dustValue: parts.dustValue,
  };
}

export const sized: fc.Arbitrary<Sized> = fc.record({
  repaidValue: value,
  seizedValue: value,
  feeValue: value,
  leastValue: value,
});
