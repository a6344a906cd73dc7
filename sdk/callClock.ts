// Amount and clock of a margin call.
import { BPS, clamp, max, min, mulDivDown, mulDivUp, zeroFloorSub } from "./mathLib.ts";

/** A paused call that was covered for so long starts afresh [s]. */
export const FORGIVEN_AFTER_FOR = 86_400n;
/** MTA is at most this share of what is owed, so that small accounts get calls too [bps]. */
export const MTA_SHARE_BPS = 100n;

/** clamp(cureMax · (γ − used) / γ, cureMin, cureMax), rounded down: the nearer to close-out, the shorter [s] */
export function cureFor(
  usedWad: bigint,
  closeOutBps: bigint,
  cureMinFor: bigint,
  cureMaxFor: bigint,
): bigint {
  if (usedWad <= 0n) return cureMaxFor;
  const line = closeOutBps * 10n ** 14n;
  const left = zeroFloorSub(line, usedWad);
  return clamp(mulDivDown(cureMaxFor, left, line), cureMinFor, cureMaxFor);
}

/** R − A_I, rounded up to the unit [value] */
export function amountUp(requirement: bigint, coverInitial: bigint, unitValue: bigint): bigint {
  return mulDivUp(zeroFloorSub(requirement, coverInitial), 1n, unitValue) * unitValue;
}

/** min(MTA, 1 % of Σ D) [value] */
export function leastAmount(minimumTransferValue: bigint, debtValue: bigint): bigint {
  return min(minimumTransferValue, mulDivDown(debtValue, MTA_SHARE_BPS, BPS));
}

/** the deadline, or, when clocks ran only since some time after the call began, that time and all of the cure period [s] */
export function deadlineAfter(deadline: bigint, cureTimeFor: bigint, runsSinceAt: bigint): bigint {
  return max(deadline, runsSinceAt === 0n ? 0n : runsSinceAt + cureTimeFor);
}
