// From recomputed variances to targets, and from stored targets to haircuts in force: the contract's sums, step by step.
import { climbed, initialAfter, maintenanceAfter, ticksBetween } from "../haircutPath.ts";
import { max, min } from "../mathLib.ts";
import {
  effectiveVarianceUp,
  STRESS_SHARE_WAD,
  targetPpm,
  volatilityHaircutUp,
  Z_INITIAL_WAD,
  Z_MAINTENANCE_WAD,
} from "../measuredHaircut.ts";
import type { HaircutView, PairModel } from "../measures.ts";
import type { PairView } from "../market.ts";
import { untrackedPairUp } from "../variance.ts";

/** Targets that follow from variances, in the order of the contract. */
export type HaircutSteps = Pick<
  HaircutView,
  | "varianceWad"
  | "effectiveWad"
  | "initialVolatilityWad"
  | "maintenanceVolatilityWad"
  | "initialTargetPpm"
  | "maintenanceTargetPpm"
  | "observedAt"
>;

interface Measure {
  readonly varianceWad: bigint;
  readonly observedAt: bigint;
}

interface Measures {
  readonly own: Measure;
  readonly owed: Measure;
  /** undefined when the pair is not tracked */
  readonly tracked: Measure | undefined;
}

/** What `_measured` of the contract computes. */
export function stepsOf(
  model: PairModel,
  pair: PairView,
  { own, owed, tracked }: Measures,
): HaircutSteps {
  const halfWad = max(own.varianceWad, owed.varianceWad) / 2n;
  const trackedWad = tracked?.varianceWad ?? untrackedPairUp(own.varianceWad, owed.varianceWad);
  const isFloored = tracked !== undefined && !model.isPegged;
  const varianceWad = isFloored ? max(trackedWad, halfWad) : trackedWad;
  const effectiveWad = effectiveVarianceUp(
    varianceWad,
    model.floorVarianceWad,
    model.stressVarianceWad,
    STRESS_SHARE_WAD,
  );
  const initialVolatilityWad = volatilityHaircutUp(
    effectiveWad,
    Z_INITIAL_WAD,
    model.horizonInitialFor,
  );
  const maintenanceVolatilityWad = volatilityHaircutUp(
    effectiveWad,
    Z_MAINTENANCE_WAD,
    model.horizonMaintenanceFor,
  );
  const { pegPpm } = model;
  const initialTargetPpm = targetPpm(
    initialVolatilityWad,
    pegPpm,
    pair.initialFloorPpm,
    pair.initialCapPpm,
  );
  const maintenanceTargetPpm = min(
    initialTargetPpm,
    targetPpm(maintenanceVolatilityWad, pegPpm, pair.maintenanceFloorPpm, pair.maintenanceCapPpm),
  );
  const observedAt = tracked?.observedAt ?? min(own.observedAt, owed.observedAt);
  return {
    varianceWad,
    effectiveWad,
    initialVolatilityWad,
    maintenanceVolatilityWad,
    initialTargetPpm,
    maintenanceTargetPpm,
    observedAt,
  };
}

/** Along the path from what was stored towards the stored targets; and up while nobody measures. */
export function inForce(
  { movedAt, climbsFrom, storedInitialPpm, storedMaintenancePpm }: HaircutView,
  { initialTargetPpm, maintenanceTargetPpm }: PairView,
  at: bigint,
): Pick<PairView, "initialPpm" | "maintenancePpm"> {
  const ticks = ticksBetween(movedAt, at);
  const maintenancePpm = maintenanceAfter(storedMaintenancePpm, maintenanceTargetPpm, ticks);
  const path = max(initialAfter(storedInitialPpm, initialTargetPpm, ticks), maintenancePpm);
  const isLate = climbsFrom !== 0n && at > climbsFrom;
  const initialPpm = isLate ? climbed(path, ticksBetween(climbsFrom, at)) : path;
  return { initialPpm, maintenancePpm };
}
