// Reads what the vault measured, and which haircuts follow from it, as plain read-only objects.
import type { BlockTag } from "ethers";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";

/** How far an asset's rounds were read, and what was found. */
export interface MeasureView {
  /** annualised [wad] */
  readonly varianceWad: bigint;
  /** last one read */
  readonly round: bigint;
  /** of it [s] */
  readonly observedAt: bigint;
  /** of it, in the feed's decimals */
  readonly answer: bigint;
}

/** The same of a pair, on common observations. */
export interface PairMeasureView {
  /** annualised, of the log of the price ratio [wad] */
  readonly varianceWad: bigint;
  readonly collateralRound: bigint;
  readonly obligationRound: bigint;
  /** of the last common observation [s] */
  readonly observedAt: bigint;
  readonly collateralAnswer: bigint;
  readonly obligationAnswer: bigint;
}

/** How the haircuts of a pair are measured. */
export interface PairModel {
  readonly floorVarianceWad: bigint;
  readonly stressVarianceWad: bigint;
  /** [s] */
  readonly horizonInitialFor: bigint;
  readonly horizonMaintenanceFor: bigint;
  readonly pegPpm: bigint;
  /** the initial haircut climbs when the last observation is older [s] */
  readonly maxLagFor: bigint;
  readonly highestDepthValue: bigint;
  readonly isMeasured: boolean;
  readonly isTracked: boolean;
  readonly isPegged: boolean;
}

/** Why the haircuts of a pair are what they are, as the lens says it. */
export interface HaircutView {
  readonly model: PairModel;
  readonly collateralWad: bigint;
  readonly obligationWad: bigint;
  /** of the pair, after its floor of half of either [wad] */
  readonly varianceWad: bigint;
  /** after floor and stress [wad] */
  readonly effectiveWad: bigint;
  readonly initialVolatilityWad: bigint;
  readonly maintenanceVolatilityWad: bigint;
  /** what a refresh would store now */
  readonly initialTargetPpm: bigint;
  readonly maintenanceTargetPpm: bigint;
  /** of the older observation that counts [s] */
  readonly observedAt: bigint;
  /** 0 for never [s] */
  readonly climbsFrom: bigint;
  /** when the path was last stored [s] */
  readonly movedAt: bigint;
  readonly storedInitialPpm: bigint;
  readonly storedMaintenancePpm: bigint;
}

/** What was measured of an asset; undefined when nobody measures it. */
export async function readMeasure(
  vault: ICollateralVault,
  asset: string,
  blockTag: BlockTag = "latest",
): Promise<MeasureView | undefined> {
  const view = await vault.measureOf(asset, { blockTag });
  if (view.round === 0n) return undefined;
  const { varianceWad, round, observedAt, answer } = view;
  return { varianceWad, round, observedAt, answer };
}

/** What was measured of a pair on common observations; undefined when it is not tracked. */
export async function readPairMeasure(
  vault: ICollateralVault,
  collateral: string,
  obligation: string,
  blockTag: BlockTag = "latest",
): Promise<PairMeasureView | undefined> {
  const view = await vault.pairMeasureOf(collateral, obligation, { blockTag });
  if (view.collateralRound === 0n) return undefined;
  return {
    varianceWad: view.varianceWad,
    collateralRound: view.collateralRound,
    obligationRound: view.obligationRound,
    observedAt: view.observedAt,
    collateralAnswer: view.collateralAnswer,
    obligationAnswer: view.obligationAnswer,
  };
}

/** Why the haircuts of a pair are what they are; undefined when they are not measured. */
export async function readHaircut(
  vault: ICollateralVault,
  asset: string,
  pool: bigint,
  blockTag: BlockTag = "latest",
): Promise<HaircutView | undefined> {
  const view = await vault.haircutOf(asset, pool, { blockTag });
  if (!view.model.isMeasured) return undefined;
  return {
    model: toModel(view.model),
    collateralWad: view.collateralWad,
    obligationWad: view.obligationWad,
    varianceWad: view.varianceWad,
    effectiveWad: view.effectiveWad,
    initialVolatilityWad: view.initialVolatilityWad,
    maintenanceVolatilityWad: view.maintenanceVolatilityWad,
    initialTargetPpm: view.initialTargetPpm,
    maintenanceTargetPpm: view.maintenanceTargetPpm,
    observedAt: view.observedAt,
    climbsFrom: view.climbsFrom,
    movedAt: view.movedAt,
    storedInitialPpm: view.storedInitialPpm,
    storedMaintenancePpm: view.storedMaintenancePpm,
  };
}

function toModel(model: PairModel): PairModel {
  return {
    floorVarianceWad: model.floorVarianceWad,
    stressVarianceWad: model.stressVarianceWad,
    horizonInitialFor: model.horizonInitialFor,
    horizonMaintenanceFor: model.horizonMaintenanceFor,
    pegPpm: model.pegPpm,
    maxLagFor: model.maxLagFor,
    highestDepthValue: model.highestDepthValue,
    isMeasured: model.isMeasured,
    isTracked: model.isTracked,
    isPegged: model.isPegged,
  };
}
