// The result for machines: `npm run haircuts -- --json FILE`.
import { fromWad, toNumber } from "../sdk/units.ts";
import type { PriceHistory } from "./joinPrices.ts";
import { type AssetResult, type Level, type LevelResult, PROMISED } from "./measure.ts";

/** The file as a whole. Times are unix seconds, UTC. */
export interface HaircutsJson {
  readonly files: readonly string[]; // in time order
  readonly obligation: string; // what losses are measured in: USD or a column
  readonly from: number;
  readonly to: number;
  readonly rows: number; // of all files
  readonly results: readonly HaircutsJsonEntry[]; // one for each asset and level
}

/** One asset at one level. Shares are numbers from 0 to 1; variances are exact decimals, annual. */
export interface HaircutsJsonEntry {
  readonly asset: string;
  readonly obligation: string;
  readonly level: Level;
  readonly observations: number; // non-overlapping horizons with a known end
  readonly exceedances: number; // of them, losses beyond the haircut in force at the beginning
  readonly share: number; // exceedances ÷ observations
  readonly promised: number; // 0.01 initial, 0.05 maintenance
  readonly likelihoodRatio: number; // Kupiec's LR
  readonly kupiecP: number; // one-sided, see `kupiecP`; 1 if share ≤ promised
  readonly averageHaircut: number; // in force, over all rows
  readonly haircutNow: number; // in force after the last row
  readonly varianceNow: string;
  readonly horizonSeconds: number;
  readonly skippedHorizons: number; // ended in a gap
  readonly allStarts: HaircutsJsonAllStarts;
  readonly largestLoss: number; // over a counted horizon
  readonly beyond: readonly HaircutsJsonLoss[]; // the exceedances, in time order
  readonly prices: HaircutsJsonPrices;
  readonly settings: HaircutsJsonSettings;
  readonly varianceQuantiles: HaircutsJsonQuantiles;
}

/** Horizons from every row on: they overlap, so this is no sample for a test. */
export interface HaircutsJsonAllStarts {
  readonly observations: number;
  readonly exceedances: number;
}

export interface HaircutsJsonLoss {
  readonly at: number;
  readonly endsAt: number;
  readonly loss: number;
  readonly haircut: number;
}

export interface HaircutsJsonPrices {
  readonly observations: number; // rows with prices of both sides
  readonly from: number;
  readonly to: number;
  readonly largestGapSeconds: number;
}

export interface HaircutsJsonSettings {
  readonly seedVariance: string;
  readonly stressVariance: string;
  readonly floorVariance: string;
  readonly stressShare: number; // θ
  readonly pairFloor: "none" | "halfOfLarger";
  readonly peg: number;
  readonly floor: number;
  readonly cap: number;
}

export interface HaircutsJsonQuantiles {
  readonly p05: string;
  readonly p50: string;
  readonly p95: string;
  readonly highest: string;
}

export function toJson(
  history: PriceHistory,
  obligation: string,
  results: readonly AssetResult[],
): HaircutsJson {
  return {
    files: history.files,
    obligation,
    from: history.unix[0] ?? 0,
    to: history.unix.at(-1) ?? 0,
    rows: history.unix.length,
    results: results.flatMap((result) => result.levels.map((level) => entryOf(result, level))),
  };
}

function entryOf(result: AssetResult, level: LevelResult): HaircutsJsonEntry {
  const { steps } = result;
  const losses = level.horizons.map(({ lossPpm }) => shareOf(lossPpm));
  return {
    asset: result.asset,
    obligation: result.obligation,
    level: level.level,
    observations: level.horizons.length,
    exceedances: level.exceedances,
    share: level.exceedances / level.horizons.length,
    promised: PROMISED[level.level],
    likelihoodRatio: level.likelihoodRatio,
    kupiecP: level.kupiecP,
    averageHaircut: shareOf(level.averageHaircutPpm),
    haircutNow: shareOf(level.haircutNowPpm),
    varianceNow: fromWad(steps.at(-1)?.varianceWad ?? 0n),
    horizonSeconds: level.horizonFor,
    skippedHorizons: level.skippedHorizons,
    allStarts: level.allStarts,
    largestLoss: losses.reduce((largest, loss) => Math.max(largest, loss)),
    beyond: level.horizons
      .filter(({ isBeyond }) => isBeyond)
      .map(({ at, endsAt, lossPpm, haircutPpm }) => ({
        at,
        endsAt,
        loss: shareOf(lossPpm),
        haircut: shareOf(haircutPpm),
      })),
    prices: {
      observations: steps.length,
      from: steps[0]?.at ?? 0,
      to: steps.at(-1)?.at ?? 0,
      largestGapSeconds: result.largestGapFor,
    },
    settings: settingsOf(result),
    varianceQuantiles: {
      p05: fromWad(result.quantiles.p05Wad),
      p50: fromWad(result.quantiles.p50Wad),
      p95: fromWad(result.quantiles.p95Wad),
      highest: fromWad(result.quantiles.highestWad),
    },
  };
}

function settingsOf({ settings, pairFloor }: AssetResult): HaircutsJsonSettings {
  return {
    seedVariance: fromWad(settings.seedWad),
    stressVariance: fromWad(settings.stressWad),
    floorVariance: fromWad(settings.floorWad),
    stressShare: toNumber(settings.stressShareWad, 18),
    pairFloor,
    peg: shareOf(settings.pegPpm),
    floor: shareOf(settings.floorPpm),
    cap: shareOf(settings.capPpm),
  };
}

/** ppm → share */
export function shareOf(ppm: bigint): number {
  return toNumber(ppm, 6);
}
