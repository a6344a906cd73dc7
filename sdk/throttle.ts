// How much of one collateral liquidations may take in a time: a level that rises with what is taken and drains at one limit an
// hour, so that a crash is not sold into one block of a thin market.
import { decode, encodeUp } from "./compactFloat.ts";
import { BPS, max, min, mulDivDown, mulDivUp, WAD, zeroFloorSub } from "./mathLib.ts";

/** In which a full level drains [s]. */
export const WINDOW_FOR = 3_600n;
/** Holdings worth no more of the depth do not move a market: they are not throttled and fill nothing [bps]. */
export const SMALL_BPS = 100n;
/** Accounts that used more of their cushion are not throttled [wad]. */
export const LIFTED_ABOVE_WAD = WAD / 2n;

const LEVEL_MANTISSA_BITS = 18n;
const MINUTE_FOR = 60n;

/** how full it gets: a share of the depth, rounded down, but room for dust on each half [value] */
export function limitDown(depthValue: bigint, shareBps: bigint, dustValue: bigint): bigint {
  return max(mulDivDown(depthValue, shareBps, BPS), 4n * dustValue);
}

/** whether the account's holding is large and its cushion not used up */
export function applies(holdingValue: bigint, depthValue: bigint, usedWad: bigint): boolean {
  return usedWad <= LIFTED_ABOVE_WAD && holdingValue * BPS > depthValue * SMALL_BPS;
}

/** the level after draining for a time, rounded up [value] */
export function levelAfter(levelValue: bigint, limitValue: bigint, elapsedFor: bigint): bigint {
  return zeroFloorSub(levelValue, mulDivDown(limitValue, elapsedFor, WINDOW_FOR));
}

/** what may be taken from an account now: what is left of the window of all accounts, and of its own, rounded down [value] */
export function roomDown(
  levelValue: bigint,
  limitValue: bigint,
  ownLevelValue: bigint,
  ownLimitValue: bigint,
): bigint {
  return min(zeroFloorSub(limitValue, levelValue), zeroFloorSub(ownLimitValue, ownLevelValue));
}

/** what may be repaid so that at most `roomValue` is seized, rounded down [value] */
export function repaidDown(roomValue: bigint, premiumWad: bigint): bigint {
  return mulDivDown(roomValue, WAD, WAD + premiumWad);
}

/** a level as the vault keeps it: in whole USD with 18 bits of mantissa, rounded up [value] */
export function keptUp(levelValue: bigint): bigint {
  const code = encodeUp(mulDivUp(levelValue, 1n, WAD), LEVEL_MANTISSA_BITS);
  return decode(code, LEVEL_MANTISSA_BITS) * WAD;
}

/** a time as the vault keeps it: in whole minutes [s] */
export function keptAt(at: bigint): bigint {
  return at - (at % MINUTE_FOR);
}
