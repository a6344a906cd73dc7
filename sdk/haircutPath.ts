// The path of a haircut towards its stored target, limited in speed. It depends on the stored targets and on time alone,
// so nobody's refreshes change it.
import { max, min, mulDivDown, zeroFloorSub } from "./mathLib.ts";

/** d: how fast either haircut comes down [ppm a day]. */
export const DOWN_PER_DAY_PPM = 10_000n;
/** u: how fast the maintenance haircut goes up [ppm a day]. */
export const UP_PER_DAY_PPM = 50_000n;

/** [s] */
export const DAY = 86_400n;

/** max(target, h − d·Δt): jumps up, comes down slowly [ppm] */
export function initialAfter(ppm: bigint, targetPpm: bigint, elapsedFor: bigint): bigint {
  if (ppm <= targetPpm) return targetPpm;
  return max(targetPpm, zeroFloorSub(ppm, stepPpm(DOWN_PER_DAY_PPM, elapsedFor)));
}

/** h + clamp(target − h, −d·Δt, +u·Δt): an owner is never surprised by a step [ppm] */
export function maintenanceAfter(ppm: bigint, targetPpm: bigint, elapsedFor: bigint): bigint {
  if (ppm < targetPpm) return min(targetPpm, ppm + stepPpm(UP_PER_DAY_PPM, elapsedFor));
  return max(targetPpm, zeroFloorSub(ppm, stepPpm(DOWN_PER_DAY_PPM, elapsedFor)));
}

/** speed · time, rounded down [ppm] */
export function stepPpm(perDayPpm: bigint, elapsedFor: bigint): bigint {
  return mulDivDown(perDayPpm, elapsedFor, DAY);
}
