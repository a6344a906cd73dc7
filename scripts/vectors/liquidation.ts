import { z } from "zod";
import { type Leg, REWARD_MOST_WAD, type Sized } from "../../sdk/liquidationMath.ts";
import { UINT128_MAX, UINT256_MAX, WAD } from "../../sdk/mathLib.ts";
import type { CollateralLine, DebtLine, Health, Snapshot } from "../../sdk/snapshot.ts";
import { decimal, type Expectation, type Tolerance, toExact } from "./compare.ts";
import type { Maths } from "./maths.ts";

const PPM_DIGITS = 6;
/** Deeper than any value: no size bracket cuts. */
const BOTTOMLESS = UINT128_MAX;
const NOBODY = `0x${"0".repeat(40)}`;

const shape = z
  .strictObject({
    collaterals: z
      .array(
        z.strictObject({ value: decimal, maintenanceHaircut: decimal, seizePerRepaid: decimal }),
      )
      .min(1),
    debts: z.array(z.strictObject({ value: decimal, factor: decimal })).min(1),
    seize: z.int().nonnegative(),
    repay: z.int().nonnegative(),
    target: decimal,
    cover: decimal,
    requirement: decimal,
    coverage: decimal,
    nav: decimal,
    cushion: decimal,
    used: decimal,
    leastRepayment: decimal,
    repaid: decimal,
    seized: decimal,
    coverageAfter: decimal,
    note: z.string(),
  })
  .refine(({ collaterals, seize }) => seize < collaterals.length, {
    message: "seize must be the place of a collateral",
  })
  .refine(({ debts, repay }) => repay < debts.length, {
    message: "repay must be the place of a debt",
  });

type LiquidationCase = z.infer<typeof shape>;

/** Each number in the direction in which the contracts round it; ratios of rounded sums may miss either way. */
const TOLERANCES = {
  cover: { rounded: "down", wei: 8n },
  requirement: { rounded: "up", wei: 4n },
  coverage: { rounded: "down", wei: 2n },
  nav: { rounded: "down", wei: 8n },
  cushion: { rounded: "up", wei: 8n },
  used: { rounded: "nearest", wei: 2n },
  leastRepayment: { rounded: "up", wei: 4n },
  repaid: { rounded: "up", wei: 4n },
  seized: { rounded: "nearest", wei: 4n },
  coverageAfter: { rounded: "up", wei: 4n },
} as const satisfies Record<string, Tolerance>;

async function check(maths: Maths, one: LiquidationCase): Promise<readonly Expectation[]> {
  const snapshot = toSnapshot(one);
  const health = await maths.sum(snapshot);
  const { leg, weightWad, seizeWad } = toLeg(one, snapshot, health);
  const sized = await maths.size(leg);
  const after = await maths.sum(afterwards(one, snapshot, sized));
  const found: Readonly<Record<keyof typeof TOLERANCES, bigint>> = {
    cover: health.coverMaintenance,
    requirement: health.requirement,
    coverage: await maths.coverageDown(health),
    nav: await maths.nav(health),
    cushion: await maths.cushion(health),
    used: await maths.usedWad(health),
    leastRepayment: await maths.leastRepaymentUp(leg, weightWad, seizeWad),
    repaid: sized.repaidValue,
    seized: sized.seizedValue,
    coverageAfter: await maths.coverageDown(after),
  };
  const names = Object.keys(TOLERANCES) as (keyof typeof TOLERANCES)[];
  return names.map((what) => ({
    what,
    found: found[what],
    expected: one[what],
    ...TOLERANCES[what],
  }));
}

/** an account whose tokens are worth one dollar each, so that amounts are values */
function toSnapshot(one: LiquidationCase): Snapshot {
  const collaterals = one.collaterals.map(
    ({ value, maintenanceHaircut }, place): CollateralLine => {
      const haircutPpm = toExact(maintenanceHaircut, PPM_DIGITS);
      return {
        id: BigInt(place),
        asset: NOBODY,
        assets: toExact(value),
        totalAssets: toExact(value),
        price: WAD,
        slowPrice: WAD,
        isFresh: true,
        haircutInitialPpm: haircutPpm,
        haircutMaintenancePpm: haircutPpm,
        depthValue: BOTTOMLESS,
      };
    },
  );
  const debts = one.debts.map(({ value, factor }, place): DebtLine => ({
    id: BigInt(place),
    pool: NOBODY,
    assetId: 0n,
    shares: toExact(value),
    index: 10n ** 12n,
    shareUnit: 1n,
    assets: toExact(value),
    price: WAD,
    slowPrice: WAD,
    isFresh: true,
    factorPpm: toExact(factor, PPM_DIGITS),
  }));
  return { collaterals, debts };
}

interface Asked {
  readonly leg: Leg;
  readonly weightWad: bigint;
  readonly seizeWad: bigint;
}

/** the pair that the case acts on: no fee, no dust, no maximum; the shape has checked that both lines exist */
function toLeg(one: LiquidationCase, snapshot: Snapshot, health: Health): Asked {
  const { assets: collateralValue = 0n, haircutMaintenancePpm: haircutPpm = 0n } =
    snapshot.collaterals[one.seize] ?? {};
  const { assets: debtValue = 0n, factorPpm = 0n } = snapshot.debts[one.repay] ?? {};
  const seizeWad = toExact(one.collaterals[one.seize]?.seizePerRepaid ?? "1");
  const leg = {
    collateralValue,
    haircutPpm,
    depthValue: BOTTOMLESS,
    debtValue,
    factorWad: factorPpm * 10n ** 12n,
    cover: health.coverMaintenance,
    requirement: health.requirement,
    totalCollateralValue: health.collateralValue,
    totalDebtValue: health.debtValue,
    coverageMostWad: UINT256_MAX,
    equityMostWad: UINT256_MAX,
    targetWad: toExact(one.target),
    bonusWad: seizeWad - WAD,
    rewardWad: REWARD_MOST_WAD,
    bonusMinWad: 0n,
    feeWad: 0n,
    maxRepaidValue: UINT256_MAX,
    dustValue: 0n,
  };
  return { leg, weightWad: (10n ** 6n - haircutPpm) * 10n ** 12n, seizeWad };
}

/** the account after the liquidation */
function afterwards(one: LiquidationCase, snapshot: Snapshot, sized: Sized): Snapshot {
  return {
    collaterals: snapshot.collaterals.map((line, place) =>
      place === one.seize ? { ...line, assets: line.assets - sized.seizedValue } : line,
    ),
    debts: snapshot.debts.map((line, place) =>
      place === one.repay ? { ...line, assets: line.assets - sized.repaidValue } : line,
    ),
  };
}

/** The sums of the equation, the least repayment that reaches the target, and the account after it. */
export const liquidation = { shape, check };
