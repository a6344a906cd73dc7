// The path of a haircut towards its stored target, limited in speed. It moves by whole ppm at the ticks of one clock, so it
// depends on the stored targets and on time alone: nobody's refreshes change it, however often they come.
import { checkedSub, max, min, PPM, zeroFloorSub } from "./mathLib.ts";

/** A tick of the clock: in it either speed is a whole number of ppm [s]. */
export const TICK_FOR = 216n;
/** d: how fast either haircut comes down, 10,000 ppm a day [ppm a tick]. */
export const DOWN_PER_TICK_PPM = 25n;
/** u: how fast the maintenance haircut goes up, 50,000 ppm a day [ppm a tick]. */
export const UP_PER_TICK_PPM = 125n;

/** ticks of the clock after one time up to another */
export function ticksBetween(fromAt: bigint, nowAt: bigint): bigint {
  return checkedSub(nowAt / TICK_FOR, fromAt / TICK_FOR);
}

/** max(target, h − d·ticks): jumps up, comes down slowly */
export function initialAfter(ppm: bigint, targetPpm: bigint, ticks: bigint): bigint {
  if (ppm <= targetPpm) return targetPpm;
  return max(targetPpm, zeroFloorSub(ppm, DOWN_PER_TICK_PPM * ticks));
}

/** h + clamp(target − h, −d·ticks, +u·ticks): an owner is never surprised by a step */
export function maintenanceAfter(ppm: bigint, targetPpm: bigint, ticks: bigint): bigint {
  if (ppm < targetPpm) return min(targetPpm, ppm + UP_PER_TICK_PPM * ticks);
  return max(targetPpm, zeroFloorSub(ppm, DOWN_PER_TICK_PPM * ticks));
}

/** min(1, h + u·ticks): what an initial haircut becomes while nobody measures */
export function climbed(ppm: bigint, ticks: bigint): bigint {
  return min(PPM, ppm + UP_PER_TICK_PPM * ticks);
}
