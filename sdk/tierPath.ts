// How the surcharge on an owner's initial margin rises with a default and falls with time.
import { min, mulDivDown, zeroFloorSub } from "./mathLib.ts";

/** max(0, min(raised, most) − most · Δt / decay), rounded up; 0 without a time of decay [bps] */
export function surchargeUp(
  raisedBps: bigint,
  mostBps: bigint,
  elapsedFor: bigint,
  decayFor: bigint,
): bigint {
  if (decayFor === 0n) return 0n;
  return zeroFloorSub(min(raisedBps, mostBps), mulDivDown(mostBps, elapsedFor, decayFor));
}

/** min(surcharge + step, most) [bps] */
export function raised(surchargeBps: bigint, stepBps: bigint, mostBps: bigint): bigint {
  return min(surchargeBps + stepBps, mostBps);
}
