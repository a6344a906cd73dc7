// Random accounts that may be liquidated: any basket of collaterals against any debts, from the maintenance line down to
// insolvency, with pairs that differ in haircut, depth and bonus.
import { makeRandom, type Random } from "../../scripts/demo/random.ts";
import { toAssetsUp, toSharesDown } from "../../sdk/debtShares.ts";
import { isBeyondCloseOut, isCovered, isInsolvent, sum } from "../../sdk/healthMath.ts";
import { NO_EPISODE, type CallStanding, type LiquidationRules } from "../../sdk/liquidationRun.ts";
import type { CollateralTerms } from "../../sdk/seizure.ts";
import type {
  CollateralLine,
  DebtLine,
  Health,
  RiskParameters,
  Snapshot,
} from "../../sdk/snapshot.ts";

const WAD = 10n ** 18n;
const MILLION = 1_000_000;
const NOW_AT = 1_700_000_000n;
/** The debt index of a pool that has accrued nothing. */
const INDEX_ONE = 10 ** 12;

/** How large an account may be, and what is dust to it. */
export interface Shape {
  readonly collaterals: number;
  readonly debts: number;
  /** [whole USD] */
  readonly dustValue: bigint;
}

/** What is listed for one collateral against one debt. */
export interface PairTerms {
  readonly haircutPpm: bigint;
  /** [value] */
  readonly depthValue: bigint;
  readonly maxBonusBps: bigint;
}

/** An account, all that the planner needs, and the pairs that its haircuts come from. */
export interface Case {
  readonly snapshot: Snapshot;
  readonly rules: LiquidationRules;
  readonly call: CallStanding;
  readonly cause: "closeOut" | "expired";
  /** by collateral, then by debt */
  readonly pairs: readonly (readonly PairTerms[])[];
}

/** The account of this number: the same for the same seed. */
export function accountToLiquidate(seed: number, number: number, shape: Shape): Case {
  const random = makeRandom(seed, number);
  for (;;) {
    const drawn = draw(random, shape);
    if (drawn !== undefined) return drawn;
  }
}

/** an account; undefined when it happens to be covered, insolvent or in its cure time */
function draw(random: Random, shape: Shape): Case | undefined {
  const parameters = drawParameters(random, shape.dustValue);
  const factors = upTo(random, shape.debts, () =>
    ppm(random.pick([1, 1, random.between(1, 1.3)], 1)[0] ?? 1),
  );
  const values = upTo(random, shape.collaterals, () => 10 ** random.between(2.5, 6));
  const pairs = values.map((value) => drawPairs(random, parameters, factors, value));
  const collaterals = values.map((value, place) =>
    drawCollateral(random, place, value, pairs[place] ?? []),
  );
  const debts = drawDebts(random, parameters, factors, sum({ collaterals, debts: [] }, "protocol"));
  const snapshot = { collaterals, debts };
  const health = sum(snapshot, "protocol");
  if (debts.some(({ shares }) => shares === 0n) || isCovered(health)) return undefined;
  if (isInsolvent(health, parameters.bonusMinBps, parameters.feeBps)) return undefined;
  const call = drawCall(random);
  const isExpired = call.state === "called" && call.deadline < call.nowAt;
  if (!isExpired && !isBeyondCloseOut(health, parameters.closeOutBps)) return undefined;
  const isPausable = random.uniform() < 0.05;
  const terms: readonly CollateralTerms[] = pairs.map((row) => ({
    isSeizurePaused: isPausable && random.uniform() < 0.3,
    maxBonusBps: row.map(({ maxBonusBps }) => maxBonusBps),
    seizableAt: 0n,
    deepestValue: 10n ** 40n,
    levelValue: 0n,
    levelAt: 0n,
    accountLevelValue: 0n,
    accountLevelAt: 0n,
  }));
  if (terms.every(({ isSeizurePaused }) => isSeizurePaused)) return undefined;
  const cause = isExpired ? "expired" : "closeOut";
  return { snapshot, rules: { parameters, collaterals: terms }, call, cause, pairs };
}

function drawParameters(random: Random, dustValue: bigint): RiskParameters {
  return {
    closeOutBps: whole(random.between(1_000, 3_500)),
    targetShareBps: whole(random.between(3_000, 8_000)),
    targetMinBps: 10n,
    targetMaxBps: 2_500n,
    bonusMinBps: random.pick([10n, 50n, 100n], 1)[0] ?? 100n,
    bonusPerUsedBps: whole(random.between(0, 1_200)),
    bonusPerHourBps: 100n,
    feeBps: random.pick([0n, 20n, 50n], 1)[0] ?? 0n,
    cureMinFor: 600n,
    cureMaxFor: 7_200n,
    roundingValue: 10n,
    minimumTransferValue: 100n,
    dustValue,
    throttleBps: 1_000_000n,
  };
}

/** one collateral against each debt: alike, or each with terms of its own */
function drawPairs(
  random: Random,
  { bonusMinBps, feeBps, closeOutBps }: RiskParameters,
  factors: readonly bigint[],
  value: number,
): readonly PairTerms[] {
  const isAlike = random.uniform() < 0.5;
  const depth = (): number => value * 10 ** random.between(-0.25, 2);
  const haircut = (): number => 0.005 * 120 ** random.uniform();
  const [sameHaircut, sameDepth] = [haircut(), depth()];
  return factors.map((factorPpm) => {
    const share = isAlike ? sameHaircut : Math.min(0.6, sameHaircut * random.between(0.5, 1.5));
    const kept = 1 - Number(closeOutBps) / 10_000;
    const factor = Number(factorPpm) / MILLION;
    const most = (1 + kept * (factor - 1)) / (1 - kept * (1 - share)) - 1; // the listing rule
    const allowed = whole(Math.min(most * 10_000, random.between(100, 1_500))) - feeBps;
    return {
      haircutPpm: ppm(share),
      depthValue: whole(isAlike ? sameDepth : sameDepth * random.between(0.5, 2)) * WAD,
      maxBonusBps: allowed > bonusMinBps ? allowed : bonusMinBps,
    };
  });
}

function drawCollateral(
  random: Random,
  place: number,
  value: number,
  pairs: readonly PairTerms[],
): CollateralLine {
  const { assets, price } = drawAmount(random, value);
  const haircutPpm = most(pairs.map((pair) => pair.haircutPpm));
  return {
    id: BigInt(place),
    asset: `0x${(place + 1).toString(16).padStart(40, "0")}`,
    assets,
    totalAssets: assets,
    price,
    slowPrice: price,
    isFresh: true,
    haircutInitialPpm: haircutPpm,
    haircutMaintenancePpm: haircutPpm,
    depthValue: -most(pairs.map(({ depthValue }) => -depthValue)),
  };
}

/** debts that leave the account somewhere between its maintenance line and insolvency */
function drawDebts(
  random: Random,
  { bonusMinBps, feeBps }: RiskParameters,
  factors: readonly bigint[],
  { collateralValue, coverMaintenance }: Health,
): readonly DebtLine[] {
  const shares = factors.map(() => random.between(0.05, 1) ** 2);
  const whole_ = shares.reduce((sum_, share) => sum_ + share, 0);
  const factor = factors.reduce(
    (sum_, one, place) => sum_ + (Number(one) / MILLION) * ((shares[place] ?? 0) / whole_),
    0,
  );
  const [least, highest] = [
    Number(coverMaintenance) / 1e18 / factor,
    Number(collateralValue) / 1e18 / (1 + Number(bonusMinBps + feeBps) / 10_000),
  ];
  const value = least + (highest - least) * random.uniform() ** 1.5;
  return factors.map((factorPpm, place) =>
    drawDebt(random, place, (value * (shares[place] ?? 0)) / whole_, factorPpm),
  );
}

function drawDebt(random: Random, place: number, value: number, factorPpm: bigint): DebtLine {
  const amount = drawAmount(random, Math.max(value, 0), random.between(0.95, 1.05));
  const index = whole(INDEX_ONE * random.between(1, 2));
  const shareUnit = amount.decimals > 12 ? 10n ** BigInt(amount.decimals - 12) : 1n;
  const shares = toSharesDown(amount.assets, index, shareUnit);
  return {
    id: BigInt(place),
    pool: `0x${(place + 101).toString(16).padStart(40, "0")}`,
    assetId: BigInt(place + 100),
    shares,
    index,
    shareUnit,
    assets: toAssetsUp(shares, index, shareUnit),
    price: amount.price,
    slowPrice: amount.price,
    isFresh: true,
    factorPpm,
  };
}

function drawAmount(
  random: Random,
  value: number,
  dollars = 10 ** random.between(-1, 5),
): { readonly decimals: number; readonly assets: bigint; readonly price: bigint } {
  const isDear = dollars > 20; // no token of 6 decimals
  const decimals = random.pick(isDear ? [8, 18] : [6, 8, 18], 1)[0] ?? 18;
  const price = whole(dollars * 1e8) * 10n ** BigInt(28 - decimals);
  return { decimals, assets: (whole(value * 1e6) * 10n ** 30n) / price, price };
}

function drawCall(random: Random): CallStanding {
  const isCalled = random.uniform() < 0.6;
  const elapsed = random.pick([1, random.between(1, 40_000)], 1)[0] ?? 1;
  return {
    state: isCalled ? "called" : "healthy",
    deadline: isCalled ? NOW_AT - whole(elapsed) : 0n,
    episodeTargetBps: random.uniform() < 0.1 ? whole(random.between(10, 2_500)) : 0n,
    episode: NO_EPISODE,
    nowAt: NOW_AT,
  };
}

/** one to `most_` of them */
function upTo<T>(random: Random, most_: number, make: () => T): readonly T[] {
  return Array.from({ length: 1 + Math.floor(random.uniform() * most_) }, make);
}

function whole(number: number): bigint {
  return BigInt(Math.floor(number));
}

function ppm(share: number): bigint {
  return whole(share * MILLION);
}

function most(values: readonly bigint[]): bigint {
  return values.reduce((best, value) => (value > best ? value : best));
}
