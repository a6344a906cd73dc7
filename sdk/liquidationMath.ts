// How much of one debt is repaid, and how much of one collateral taken for it, so that the account just reaches its target
// coverage, its coverage never falls, and the bonus never eats more than its equity.
import { toAssetsUp, toSharesDown } from "./debtShares.ts";
import { valueDown } from "./healthMath.ts";
import {
  BPS,
  checkedSub,
  clamp,
  max,
  min,
  mulDivDown,
  mulDivUp,
  UINT128_MAX,
  UINT256_MAX,
  WAD,
  zeroFloorSub,
} from "./mathLib.ts";
import { SEGMENTS, segmentStart, topSegment, weightWad } from "./sizeBrackets.ts";
import type { CollateralLine, DebtLine } from "./snapshot.ts";

/** Kept below the caps, so that rounding to token units never turns "just not worse" into "worse" [wad]. */
export const CAP_MARGIN_WAD = 1_000_000n;
/** A reward of this shapes no bonus [wad]. */
export const REWARD_MOST_WAD = 2n ** 64n - 1n;

const YEAR_FOR = 365n * 86_400n;
const HOUR_FOR = 3_600n;

/** One pair of collateral i and debt j, inside the sums of its account. */
export interface Leg {
  /** C_i [value] */
  readonly collateralValue: bigint;
  /** maintenance haircut of i */
  readonly haircutPpm: bigint;
  /** market depth of i [value] */
  readonly depthValue: bigint;
  /** D_j, rounded up [value] */
  readonly debtValue: bigint;
  /** b_j */
  readonly factorWad: bigint;
  /** A_M of the account [value] */
  readonly cover: bigint;
  /** R of the account [value] */
  readonly requirement: bigint;
  /** Σ C [value] */
  readonly totalCollateralValue: bigint;
  /** Σ D [value] */
  readonly totalDebtValue: bigint;
  /** A_M / R at the first liquidation of the episode; the maximum for none [wad] */
  readonly coverageMostWad: bigint;
  /** Σ C / Σ D at the first liquidation of the episode; the maximum for none [wad] */
  readonly equityMostWad: bigint;
  /** τ */
  readonly targetWad: bigint;
  /** most for the pair */
  readonly bonusWad: bigint;
  /** κ */
  readonly rewardWad: bigint;
  /** β_min */
  readonly bonusMinWad: bigint;
  /** φ */
  readonly feeWad: bigint;
  /** most that the liquidator repays [value] */
  readonly maxRepaidValue: bigint;
  /** nothing smaller is left on either side [value] */
  readonly dustValue: bigint;
}

/** What a leg does. */
export interface Sized {
  /** x: debt reduced [value] */
  readonly repaidValue: bigint;
  /** s·x [value] */
  readonly seizedValue: bigint;
  /** φ·x, paid by the liquidator on top [value] */
  readonly feeValue: bigint;
  /** x* before dust and the liquidator's maximum [value] */
  readonly leastValue: bigint;
}

/** What the caps leave of bonus and fee [wad]; `usable` is false when not even β_min is left. */
export interface CappedBonus {
  readonly bonus: bigint;
  readonly fee: bigint;
  readonly usable: boolean;
}

/** A repayment in the debt's own units. */
export interface RepayAmounts {
  /** paid by the liquidator, rounded up [assets] */
  readonly repaidAssets: bigint;
  /** taken off the account, rounded down [debt shares] */
  readonly repaidShares: bigint;
  /** by how much the debt's value really fell, rounded down [value] */
  readonly reducedValue: bigint;
}

/**
 * τ = 1 + clamp(ρ · Q / A, min, max), rounded down [bps above 1]; Q / A does not move while one collateral is seized,
 * so splitting a liquidation does not move the target
 */
export function targetBps(
  cushion: bigint,
  cover: bigint,
  shareBps: bigint,
  minBps: bigint,
  maxBps: bigint,
): bigint {
  if (cover === 0n) return maxBps;
  return clamp(mulDivDown(cushion, shareBps, cover), minBps, maxBps);
}

/** β = max(β_min + k · used, β_min + r · hours since default), at most β_max [wad] */
export function bonusWad(
  usedWad: bigint,
  defaultedFor: bigint,
  minBps: bigint,
  perUsedBps: bigint,
  perHourBps: bigint,
  maxBps: bigint,
): bigint {
  const severity = usedWad > 0n ? mulDivDown(min(usedWad, 4n * WAD), perUsedBps, BPS) : 0n;
  const time = mulDivDown(min(defaultedFor, YEAR_FOR), perHourBps * 10n ** 14n, HOUR_FOR);
  return min(minBps * 10n ** 14n + max(severity, time), maxBps * 10n ** 14n);
}

/**
 * κ = β / (τ·b − w·s) with what the caps leave of β and φ, rounded down: what a pair earns, per value missing to the target, in
 * its lowest size segment; 0 when the caps leave no bonus [wad]
 */
export function pairRewardWad(leg: Leg): bigint {
  const weight = weightWad(0n, leg.haircutPpm);
  const { bonus, fee, usable } = cappedBonus(leg, weight);
  if (!usable) return 0n;
  const gap = gapWad(leg.targetWad, leg.factorWad, weight);
  const loss = mulDivUp(weight, bonus + fee, WAD);
  if (gap <= loss) return REWARD_MOST_WAD;
  return min(mulDivDown(bonus, WAD, gap - loss), REWARD_MOST_WAD);
}

/**
 * κ · (τ·b − w·(1 + φ)) / (1 + κ·w), rounded down: the bonus with which a pair earns κ for each value missing to the target,
 * whatever it must repay for that [wad]
 */
export function shapedBonusWad(
  reward: bigint,
  pairGapWad: bigint,
  pairWeightWad: bigint,
  feeWad: bigint,
): bigint {
  const net = zeroFloorSub(pairGapWad, mulDivUp(pairWeightWad, feeWad, WAD));
  return mulDivDown(reward, net, WAD + mulDivUp(reward, pairWeightWad, WAD));
}

/** whether the collateral alone could bring the account to its target, at β_min and the weight of its lowest segment */
export function suffices(leg: Leg): boolean {
  const weight = weightWad(0n, leg.haircutPpm);
  const seizeWad = WAD + leg.bonusMinWad + leg.feeWad;
  const { cover, requirement, targetWad, factorWad } = leg;
  const least = leastRepaymentUp(cover, requirement, targetWad, factorWad, weight, seizeWad);
  return mulDivUp(least, seizeWad, WAD) <= leg.collateralValue;
}

/** the largest bonus that the leg can have: that of the segment which it begins in, before the caps [wad] */
export function wantedBonusWad(leg: Leg): bigint {
  const segment = topSegment(leg.collateralValue, leg.depthValue);
  return wantedBonus(leg, weightWad(segment, leg.haircutPpm));
}

/** what the pair is to earn before the caps, not below β_min: its most, or what κ shapes where that is less [wad] */
function wantedBonus(leg: Leg, pairWeightWad: bigint): bigint {
  if (leg.rewardWad >= REWARD_MOST_WAD) return max(leg.bonusWad, leg.bonusMinWad);
  const gap = gapWad(leg.targetWad, leg.factorWad, pairWeightWad);
  const shaped = shapedBonusWad(leg.rewardWad, gap, pairWeightWad, leg.feeWad);
  return max(min(leg.bonusWad, shaped), leg.bonusMinWad);
}

/** τ·b − w: what one unit of repayment, paid for at par, moves the account towards its target [wad] */
export function gapWad(targetWad: bigint, factorWad: bigint, pairWeightWad: bigint): bigint {
  return checkedSub(mulDivDown(targetWad, factorWad, WAD), pairWeightWad);
}

/**
 * s ≤ b·H/w keeps coverage from falling, s ≤ Σ C / Σ D keeps the bonus within the equity; φ gives way first, then β. What the
 * first liquidation of the episode found caps the bonus too, but never below β_min: another pair's leg loosens no cap, and
 * blocks none. Both are 0 and `usable` false when not even β_min is left [wad]
 */
export function cappedBonus(leg: Leg, pairWeightWad: bigint): CappedBonus {
  let cap = mulDivDown(leg.totalCollateralValue, WAD, leg.totalDebtValue);
  let first = min(leg.equityMostWad, UINT128_MAX);
  if (pairWeightWad !== 0n) {
    const scaled = mulDivDown(leg.cover, leg.factorWad, leg.requirement);
    cap = min(cap, mulDivDown(scaled, WAD, pairWeightWad));
    const scaledFirst = mulDivDown(min(leg.coverageMostWad, UINT128_MAX), leg.factorWad, WAD);
    first = min(first, mulDivDown(scaledFirst, WAD, pairWeightWad));
  }
  const least = WAD + leg.bonusMinWad;
  cap = zeroFloorSub(min(cap, max(first, least + CAP_MARGIN_WAD)), CAP_MARGIN_WAD);
  if (cap < least) return { bonus: 0n, fee: 0n, usable: false };
  const room = cap - WAD;
  const bonus = min(wantedBonus(leg, pairWeightWad), room);
  return { bonus, fee: min(leg.feeWad, room - bonus), usable: true };
}

/** x* = (τ·R − A) / (τ·b − w·s), rounded up; 0 when the target is reached [value] */
export function leastRepaymentUp(
  cover: bigint,
  requirement: bigint,
  targetWad: bigint,
  factorWad: bigint,
  pairWeightWad: bigint,
  seizeWad: bigint,
): bigint {
  const missing = zeroFloorSub(mulDivUp(targetWad, requirement, WAD), cover);
  if (missing === 0n) return 0n;
  const gain = mulDivDown(targetWad, factorWad, WAD);
  const loss = mulDivUp(pairWeightWad, seizeWad, WAD);
  return gain <= loss ? UINT128_MAX : mulDivUp(missing, WAD, gain - loss);
}

/**
 * sizes a leg: the least that reaches the target, or the whole where dust would be left, within the liquidator's maximum
 */
export function size(leg: Leg): Sized {
  let sized = walk(leg, "target", UINT256_MAX);
  const leastValue = sized.repaidValue;
  if (leastValue === 0n) return { ...sized, leastValue };
  const debtLeft = checkedSub(leg.debtValue, leastValue);
  const collateralLeft = checkedSub(leg.collateralValue, sized.seizedValue);
  const leavesDust = isDust(debtLeft, leg.dustValue) || isDust(collateralLeft, leg.dustValue);
  if (leavesDust) sized = walk(leg, "whole", UINT256_MAX);
  if (sized.repaidValue > leg.maxRepaidValue) sized = walk(leg, "target", leg.maxRepaidValue);
  return { ...sized, leastValue };
}

function isDust(value: bigint, dustValue: bigint): boolean {
  return value !== 0n && value < dustValue;
}

/** Where a walk ends: at the target, or at the end of the debt or of the collateral. */
type Goal = "target" | "whole";

/** The parts of a leg and of its result that change from segment to segment. */
interface Walk {
  collateralValue: bigint;
  debtValue: bigint;
  cover: bigint;
  requirement: bigint;
  totalCollateralValue: bigint;
  totalDebtValue: bigint;
  maxRepaidValue: bigint;
  repaidValue: bigint;
  seizedValue: bigint;
  feeValue: bigint;
}

/** repays from the top size segment of the collateral downwards, until the goal or `maxRepaid` is reached */
function walk(leg: Leg, goal: Goal, maxRepaid: bigint): Omit<Sized, "leastValue"> {
  const rest: Walk = {
    collateralValue: leg.collateralValue,
    debtValue: leg.debtValue,
    cover: leg.cover,
    requirement: leg.requirement,
    totalCollateralValue: leg.totalCollateralValue,
    totalDebtValue: leg.totalDebtValue,
    maxRepaidValue: maxRepaid,
    repaidValue: 0n,
    seizedValue: 0n,
    feeValue: 0n,
  };
  for (let segment = SEGMENTS - 1n; segment >= 0n; segment--) {
    const start = segmentStart(segment, leg.depthValue);
    if (rest.collateralValue <= start) continue;
    if (takeSegment(leg, rest, segment, rest.collateralValue - start, goal)) break;
  }
  const { repaidValue, seizedValue, feeValue } = rest;
  return { repaidValue, seizedValue, feeValue };
}

/** repays out of one segment that holds `roomValue`; returns whether the walk is done */
function takeSegment(
  leg: Leg,
  rest: Walk,
  segment: bigint,
  roomValue: bigint,
  goal: Goal,
): boolean {
  if (rest.totalDebtValue === 0n || rest.requirement === 0n) return true;
  const weight = weightWad(segment, leg.haircutPpm);
  const { bonus, fee, usable } = cappedBonus({ ...leg, ...rest }, weight);
  if (!usable) return true;
  const seizeWad = WAD + bonus + fee;
  let repaid =
    goal === "whole"
      ? rest.debtValue
      : leastRepaymentUp(
          rest.cover,
          rest.requirement,
          leg.targetWad,
          leg.factorWad,
          weight,
          seizeWad,
        );
  repaid = min(repaid, min(rest.debtValue, rest.maxRepaidValue));
  let seized = mulDivDown(repaid, seizeWad, WAD);
  const isLast = seized <= roomValue;
  if (!isLast) {
    seized = roomValue;
    repaid = min(mulDivUp(roomValue, WAD, seizeWad), repaid);
  }
  rest.repaidValue += repaid;
  rest.seizedValue += seized;
  rest.feeValue += mulDivUp(repaid, fee, WAD);
  reduce(rest, repaid, seized, weight, leg.factorWad);
  return isLast;
}

/** the account after repaying and seizing */
function reduce(
  rest: Walk,
  repaid: bigint,
  seized: bigint,
  weight: bigint,
  factorWad: bigint,
): void {
  rest.maxRepaidValue = checkedSub(rest.maxRepaidValue, repaid);
  rest.debtValue = checkedSub(rest.debtValue, repaid);
  rest.totalDebtValue = checkedSub(rest.totalDebtValue, repaid);
  rest.requirement = zeroFloorSub(rest.requirement, mulDivDown(repaid, factorWad, WAD));
  rest.collateralValue = checkedSub(rest.collateralValue, seized);
  rest.totalCollateralValue = checkedSub(rest.totalCollateralValue, seized);
  rest.cover = zeroFloorSub(rest.cover, mulDivUp(seized, weight, WAD));
}

/**
 * what a sized leg repays in the debt's own units: assets up (paid by the liquidator), shares down (taken off the
 * account), and by how much the debt's value really fell, rounded down
 */
export function repayAmounts(sized: Sized, debtValue: bigint, line: DebtLine): RepayAmounts {
  let repaidAssets = line.assets;
  if (sized.repaidValue < debtValue) {
    repaidAssets = min(mulDivUp(sized.repaidValue, WAD, line.price), line.assets);
  }
  if (repaidAssets === line.assets) {
    return { repaidAssets, repaidShares: line.shares, reducedValue: sized.repaidValue };
  }
  const repaidShares = min(toSharesDown(repaidAssets, line.index, line.shareUnit), line.shares);
  const left = toAssetsUp(line.shares - repaidShares, line.index, line.shareUnit);
  const reducedValue = valueDown(zeroFloorSub(line.assets, left), line.price);
  return { repaidAssets, repaidShares, reducedValue };
}

/** what a sized leg takes in the collateral's own units, rounded down, never more than the debt really fell for [assets] */
export function seizeAmount(
  sized: Sized,
  collateralValue: bigint,
  reducedValue: bigint,
  line: CollateralLine,
): bigint {
  if (reducedValue >= sized.repaidValue && sized.seizedValue === collateralValue)
    return line.assets;
  const value = mulDivDown(
    sized.seizedValue,
    min(reducedValue, sized.repaidValue),
    sized.repaidValue,
  );
  return mulDivDown(value, WAD, line.price);
}

/** what a liquidator pays for the whole collateral of an insolvent account: min(Σ D, Σ C / (1 + β_min)), rounded up [value] */
export function writeOffPaymentUp(
  totalCollateralValue: bigint,
  totalDebtValue: bigint,
  bonusMinWad: bigint,
): bigint {
  return min(totalDebtValue, mulDivUp(totalCollateralValue, WAD, WAD + bonusMinWad));
}
