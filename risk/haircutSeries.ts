// What the chain would have had in force: variance, targets and haircuts after every observation, with the chain's integers.
import { initialAfter, maintenanceAfter, ticksBetween } from "../sdk/haircutPath.ts";
import { max } from "../sdk/mathLib.ts";
import {
  effectiveVarianceUp,
  targetPpm,
  volatilityHaircutUp,
  Z_INITIAL_WAD,
  Z_MAINTENANCE_WAD,
} from "../sdk/measuredHaircut.ts";
import { logReturnWad, nextWad, TIME_CONSTANT_WAD } from "../sdk/variance.ts";
import type { Observation } from "./joinPrices.ts";

/** How a variance becomes haircuts; one value serves both levels unless its name says otherwise. */
export interface HaircutSettings {
  readonly seedWad: bigint; // v_0, variance at the first observation [wad a year]
  readonly stressWad: bigint; // variance that θ mixes in [wad a year]
  readonly floorWad: bigint; // variance below which none is believed [wad a year]
  readonly stressShareWad: bigint; // θ [wad]
  readonly initialHorizonFor: bigint; // T_I [s]
  readonly maintenanceHorizonFor: bigint; // T_M, at most T_I [s]
  readonly pegPpm: bigint; // haircut for the break of a peg [ppm]
  readonly floorPpm: bigint; // lowest target [ppm]
  readonly capPpm: bigint; // highest target [ppm]
}

/** State after the observation of `at`. */
export interface HaircutStep {
  readonly at: number; // [unix s]
  readonly varianceWad: bigint; // [wad a year]
  readonly initialPpm: bigint; // in force [ppm]
  readonly maintenancePpm: bigint; // in force [ppm]
}

interface Targets {
  readonly initialPpm: bigint;
  readonly maintenancePpm: bigint;
}

/** v_0 = seed, then one variance for each observation: r = r_c − r_o between neighbours, however far apart [wad a year] */
export function variances(
  observations: readonly Observation[],
  seedWad: bigint,
): readonly bigint[] {
  let [varianceWad, before] = [seedWad, observations[0]];
  return observations.map((now) => {
    if (before !== undefined && before !== now) {
      const returnWad =
        returnOf(before.collateralPrice, now.collateralPrice) -
        returnOf(before.obligationPrice, now.obligationPrice);
      const elapsedFor = BigInt(now.at - before.at);
      varianceWad = nextWad(varianceWad, returnWad, elapsedFor, TIME_CONSTANT_WAD);
      before = now;
    }
    return varianceWad;
  });
}

/** `logReturnWad`, which is 0 to the unit where the price stood still, as that of USD always does [wad] */
function returnOf(before: bigint, now: bigint): bigint {
  return before === now ? 0n : logReturnWad(before, now);
}

/**
 * The haircuts in force if somebody refreshes at every observation. They start at the targets of the first; then each
 * observation moves them along the stored targets for the time passed and stores new targets, to which the initial
 * haircut jumps up at once. `floorsWad` raises the variance of single observations, as for pairs that are not pegged.
 */
export function haircutSeries(
  observations: readonly Observation[],
  settings: HaircutSettings,
  floorsWad: readonly bigint[] = [],
): readonly HaircutStep[] {
  const measured = variances(observations, settings.seedWad);
  let stored: Targets | undefined;
  let step: HaircutStep | undefined;
  return observations.map(({ at }, index) => {
    const varianceWad = max(measured[index] ?? settings.seedWad, floorsWad[index] ?? 0n);
    const targets = targetsOf(varianceWad, settings);
    const inForce = step === undefined || stored === undefined ? targets : moved(step, stored, at);
    step = {
      at,
      varianceWad,
      initialPpm: max(inForce.initialPpm, targets.initialPpm),
      maintenancePpm: inForce.maintenancePpm,
    };
    stored = targets;
    return step;
  });
}

/** Both targets of a variance [ppm] */
function targetsOf(varianceWad: bigint, settings: HaircutSettings): Targets {
  const { floorWad, stressWad, stressShareWad, pegPpm, floorPpm, capPpm } = settings;
  const effectiveWad = effectiveVarianceUp(varianceWad, floorWad, stressWad, stressShareWad);
  const target = (zWad: bigint, horizonFor: bigint): bigint =>
    targetPpm(volatilityHaircutUp(effectiveWad, zWad, horizonFor), pegPpm, floorPpm, capPpm);
  return {
    initialPpm: target(Z_INITIAL_WAD, settings.initialHorizonFor),
    maintenancePpm: target(Z_MAINTENANCE_WAD, settings.maintenanceHorizonFor),
  };
}

/** `HaircutSchedule._haircutsOf`: along the stored targets, limited in speed, the initial never below the maintenance one */
function moved(step: HaircutStep, stored: Targets, at: number): Targets {
  const ticks = ticksBetween(BigInt(step.at), BigInt(at));
  const maintenancePpm = maintenanceAfter(step.maintenancePpm, stored.maintenancePpm, ticks);
  const initialPpm = initialAfter(step.initialPpm, stored.initialPpm, ticks);
  return { initialPpm: max(initialPpm, maintenancePpm), maintenancePpm };
}
