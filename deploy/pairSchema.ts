// Pairs of a parameter file: haircuts of a collateral against pools.
import { z } from "zod";
import { DAY, decimal, HOUR, minutes, ppm, variance, whole } from "./fields.ts";

/** How haircuts are measured: `PairModelConfig` in human units. */
const model = z.strictObject({
  isMeasured: z.boolean(),
  isTracked: z.boolean(),
  isPegged: z.boolean(),
  stressVariance: variance(1n),
  floorVariance: variance(0n),
  horizonInitialFor: minutes(HOUR, 30n * DAY),
  horizonMaintenanceFor: minutes(HOUR, 30n * DAY),
  pegPpm: whole(0n, 500_000n),
  maxLagFor: minutes(HOUR, 7n * DAY),
  highestDepth: decimal,
});

export const pair = z.strictObject({
  asset: z.string(),
  pools: z.array(z.string()).min(1),
  initialFloorPpm: ppm,
  initialCapPpm: ppm,
  maintenanceFloorPpm: whole(1_000n, 1_000_000n),
  maintenanceCapPpm: ppm,
  initialTargetPpm: ppm,
  maintenanceTargetPpm: ppm,
  depth: decimal,
  maxBonusBps: whole(0n, 50_00n),
  model: model.optional(),
});
