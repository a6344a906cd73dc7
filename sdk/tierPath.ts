// How the surcharge on an owner's initial margin rises with a default and falls with time.
import { min, mulDivUp } from "./mathLib.ts";

/** min(raised · time left / time of decay, most), rounded up; 0 when no time is left [bps] */
export function surchargeUp(
  raisedBps: bigint,
  mostBps: bigint,
  leftFor: bigint,
  decayFor: bigint,
): bigint {
  if (leftFor === 0n) return 0n;
  return min(mulDivUp(raisedBps, leftFor, decayFor), mostBps);
}

/** min(surcharge + step, most) [bps] */
export function raised(surchargeBps: bigint, stepBps: bigint, mostBps: bigint): bigint {
  return min(surchargeBps + stepBps, mostBps);
}
