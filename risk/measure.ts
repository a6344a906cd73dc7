// One asset against one obligation: haircuts over the whole history, and their backtest at both levels.
import { max, mulDivUp, WAD } from "../sdk/mathLib.ts";
import { defaultVariances, isPegged, ownVariances } from "./defaultVariances.ts";
import { type Backtest, backtest } from "./backtest.ts";
import {
  type HaircutSettings,
  type HaircutStep,
  haircutSeries,
  variances,
} from "./haircutSeries.ts";
import { InputError } from "./inputError.ts";
import type { Observation } from "./joinPrices.ts";
import { kupiecP, likelihoodRatio } from "./kupiec.ts";

export type Level = "initial" | "maintenance";

/** Share of the horizons whose loss may be beyond the haircut. */
export const PROMISED: Readonly<Record<Level, number>> = { initial: 0.01, maintenance: 0.05 };

/** What the command line says; a variance that it leaves out is that of the class of asset. */
export interface Choices extends Omit<HaircutSettings, "seedWad" | "stressWad" | "floorWad"> {
  readonly seedWad: bigint | undefined; // the stress variance if undefined
  readonly stressWad: bigint | undefined;
  readonly floorWad: bigint | undefined;
}

export interface LevelResult extends Backtest {
  readonly level: Level;
  readonly horizonFor: number; // T [s]
  readonly exceedances: number;
  readonly likelihoodRatio: number;
  readonly kupiecP: number;
  readonly haircutNowPpm: bigint; // after the last observation
  readonly averageHaircutPpm: bigint; // over all observations, rounded up
}

export interface AssetResult {
  readonly asset: string;
  readonly obligation: string;
  readonly settings: HaircutSettings;
  readonly pairFloor: PairFloor;
  readonly steps: readonly HaircutStep[];
  readonly largestGapFor: number; // between two neighbouring observations [s]
  readonly quantiles: VarianceQuantiles;
  readonly levels: readonly LevelResult[];
}

/** Whether the variance of a pair is kept above half the larger of its sides': against USD and for pegged pairs it is not. */
export type PairFloor = "none" | "halfOfLarger";

/** Quantiles of the variance over all observations [wad a year] */
export interface VarianceQuantiles {
  readonly p05Wad: bigint;
  readonly p50Wad: bigint;
  readonly p95Wad: bigint;
  readonly highestWad: bigint;
}

/** Measures one pair. Throws `InputError` if a level has not one whole horizon. */
export function measure(
  asset: string,
  obligation: string,
  observations: readonly Observation[],
  choices: Choices,
): AssetResult {
  const settings = settingsOf(asset, obligation, choices);
  requireSpan(asset, observations, Number(settings.initialHorizonFor));
  const pairFloor = obligation === "USD" || isPegged(asset, obligation) ? "none" : "halfOfLarger";
  const floorsWad = pairFloor === "none" ? [] : halfOfLarger(asset, obligation, observations);
  const steps = haircutSeries(observations, settings, floorsWad);
  const level = (name: Level, horizonFor: bigint, haircutsPpm: readonly bigint[]): LevelResult =>
    levelOf(asset, name, Number(horizonFor), observations, haircutsPpm);
  return {
    asset,
    obligation,
    settings,
    pairFloor,
    steps,
    largestGapFor: largestGap(observations),
    quantiles: quantilesOf(steps.map(({ varianceWad }) => varianceWad)),
    levels: [
      level(
        "initial",
        settings.initialHorizonFor,
        steps.map(({ initialPpm }) => initialPpm),
      ),
      level(
        "maintenance",
        settings.maintenanceHorizonFor,
        steps.map(({ maintenancePpm }) => maintenancePpm),
      ),
    ],
  };
}

function levelOf(
  asset: string,
  level: Level,
  horizonFor: number,
  observations: readonly Observation[],
  haircutsPpm: readonly bigint[],
): LevelResult {
  const result = backtest(observations, haircutsPpm, horizonFor);
  const count = result.horizons.length;
  if (count === 0) throw tooShort(asset, observations, horizonFor);
  const exceedances = result.horizons.filter(({ isBeyond }) => isBeyond).length;
  const sum = haircutsPpm.reduce((total, each) => total + each, 0n);
  return {
    level,
    horizonFor,
    ...result,
    exceedances,
    likelihoodRatio: likelihoodRatio(exceedances, count, PROMISED[level]),
    kupiecP: kupiecP(exceedances, count, PROMISED[level]),
    haircutNowPpm: haircutsPpm.at(-1) ?? 0n,
    averageHaircutPpm: mulDivUp(sum, 1n, BigInt(haircutsPpm.length)),
  };
}

function settingsOf(asset: string, obligation: string, choices: Choices): HaircutSettings {
  const defaults = defaultVariances(asset, obligation);
  const stressWad = choices.stressWad ?? defaults.stressWad;
  return {
    ...choices,
    stressWad,
    floorWad: choices.floorWad ?? defaults.floorWad,
    seedWad: choices.seedWad ?? stressWad,
  };
}

/** ½·max(v_c, v_o): a pair that is not pegged is not believed to move together for long [wad a year] */
function halfOfLarger(
  asset: string,
  obligation: string,
  observations: readonly Observation[],
): readonly bigint[] {
  const own = (name: string, price: (each: Observation) => bigint): readonly bigint[] => {
    const alone = observations.map((each) => ({
      at: each.at,
      collateralPrice: price(each),
      obligationPrice: WAD,
    }));
    return variances(alone, ownVariances(name).stressWad);
  };
  const obligations = own(obligation, ({ obligationPrice }) => obligationPrice);
  return own(asset, ({ collateralPrice }) => collateralPrice).map((wad, index) =>
    mulDivUp(max(wad, obligations[index] ?? 0n), 1n, 2n),
  );
}

function requireSpan(asset: string, observations: readonly Observation[], longest: number): void {
  const span = (observations.at(-1)?.at ?? 0) - (observations[0]?.at ?? 0);
  if (span < longest) throw tooShort(asset, observations, longest);
}

function tooShort(
  asset: string,
  observations: readonly Observation[],
  horizonFor: number,
): InputError {
  const span = (observations.at(-1)?.at ?? 0) - (observations[0]?.at ?? 0);
  const days = (seconds: number): string => `${Number((seconds / 86_400).toFixed(2))} d`;
  return new InputError({
    found: `${observations.length} common observations of ${asset} over ${days(span)}, no whole horizon of ${days(horizonFor)} among them`,
    allowed: "at least one horizon that begins and ends with an observation",
    whatToDo:
      "Add files, shorten --horizon-initial and --horizon-maintenance, or choose others with --collateral.",
  });
}

function largestGap(observations: readonly Observation[]): number {
  return observations.reduce(
    (largest, { at }, index) => Math.max(largest, at - (observations[index - 1]?.at ?? at)),
    0,
  );
}

function quantilesOf(wads: readonly bigint[]): VarianceQuantiles {
  const sorted = wads.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const at = (share: number): bigint => sorted[Math.ceil(share * sorted.length) - 1] ?? 0n;
  return { p05Wad: at(0.05), p50Wad: at(0.5), p95Wad: at(0.95), highestWad: at(1) };
}
