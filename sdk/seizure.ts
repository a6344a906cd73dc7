// What governance and throttle let liquidations take of a collateral.
import { valueDown } from "./healthMath.ts";
import { WAD, zeroFloorSub } from "./mathLib.ts";
import type { CollateralLine, RiskParameters } from "./snapshot.ts";
import {
  applies,
  keptAt,
  keptUp,
  LIFTED_ABOVE_WAD,
  levelAfter,
  limitDown,
  roomDown,
} from "./throttle.ts";

/** What governance and throttle let liquidations take of one collateral of the account. */
export interface CollateralTerms {
  readonly isSeizurePaused: boolean;
  /** after a pause, unless used > 1/2; 0 when it was never paused [s] */
  readonly seizableAt: bigint;
  /** largest depth of the asset's pairs, by which its throttle goes [value] */
  readonly deepestValue: bigint;
  /** of the asset's throttle, when it was last raised [value] */
  readonly levelValue: bigint;
  /** then, in whole minutes [s] */
  readonly levelAt: bigint;
  /** of the account's half of it [value] */
  readonly accountLevelValue: bigint;
  /** [s] */
  readonly accountLevelAt: bigint;
  /** β_max against each debt, in the order of the snapshot's debts [bps] */
  readonly maxBonusBps: readonly bigint[];
}

/** Whether governance lets a collateral be taken from an account that used so much of its cushion. */
export function isSeizable(terms: CollateralTerms, used: bigint, nowAt: bigint): boolean {
  if (terms.isSeizurePaused) return false;
  return used > LIFTED_ABOVE_WAD || nowAt >= terms.seizableAt;
}

/** How full the throttles of a collateral are now, and what they leave to seize [value] */
export interface Throttled {
  readonly levelValue: bigint;
  readonly accountLevelValue: bigint;
  readonly roomValue: bigint;
}

/** What the throttle of a collateral says of an account now; undefined when it does not apply. */
export function throttleOf(
  line: CollateralLine,
  terms: CollateralTerms,
  { throttleBps, dustValue }: RiskParameters,
  at: { readonly usedWad: bigint; readonly nowAt: bigint },
): Throttled | undefined {
  if (!applies(valueDown(line.assets, line.price), line.depthValue, at.usedWad)) return undefined;
  const limitValue = limitDown(terms.deepestValue, throttleBps, dustValue * WAD);
  const ownLimitValue = limitDown(line.depthValue, throttleBps, dustValue * WAD) / 2n;
  const nowAt = keptAt(at.nowAt);
  const levelValue = levelAfter(terms.levelValue, limitValue, zeroFloorSub(nowAt, terms.levelAt));
  const accountLevelValue = levelAfter(
    terms.accountLevelValue,
    ownLimitValue,
    zeroFloorSub(nowAt, terms.accountLevelAt),
  );
  const roomValue = roomDown(levelValue, limitValue, accountLevelValue, ownLimitValue);
  return { levelValue, accountLevelValue, roomValue };
}

/** The terms after so much was seized: both levels raised. */
export function raised(
  terms: CollateralTerms,
  { levelValue, accountLevelValue }: Throttled,
  seizedValue: bigint,
  nowAt: bigint,
): CollateralTerms {
  return {
    ...terms,
    levelValue: keptUp(levelValue + seizedValue),
    levelAt: keptAt(nowAt),
    accountLevelValue: keptUp(accountLevelValue + seizedValue),
    accountLevelAt: keptAt(nowAt),
  };
}
