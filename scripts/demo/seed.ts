// Where measured haircuts stand at the first price of a file: as if the measure had run over the hourly prices before it.
import type { Parameters } from "../../deploy/schema.ts";
import { min } from "../../sdk/mathLib.ts";
import {
  effectiveVarianceUp,
  STRESS_SHARE_WAD,
  targetPpm,
  volatilityHaircutUp,
  Z_INITIAL_WAD,
  Z_MAINTENANCE_WAD,
} from "../../sdk/measuredHaircut.ts";
import { columnOf, type PriceFile } from "../../sdk/priceFile.ts";
import { logReturnWad, nextWad, TIME_CONSTANT_WAD } from "../../sdk/variance.ts";

/** Annual variance of a collateral before the file begins, by symbol [wad] */
export type Seeds = ReadonlyMap<string, bigint>;

/** Staked ether is younger than the history; until June 2022 it moved as ether does. */
const PROXIES: Readonly<Record<string, string>> = { STETH: "WETH" };

/**
 * The variance that hourly rounds up to a time lead to, from the stress variance on. A collateral without a price before that
 * time is left out: its measure then starts from stress.
 * @param history Hourly files, in order.
 * @param until The file to replay begins [unix s]
 */
export function seedsFrom(
  history: readonly PriceFile[],
  until: number,
  stresses: ReadonlyMap<string, bigint>,
): Seeds {
  const seeds = new Map<string, bigint>();
  for (const [symbol, stressWad] of stresses) {
    let varianceWad = stressWad;
    let last: { readonly price: bigint; readonly at: number } | undefined;
    let returns = 0;
    for (const file of history) {
      const column = columnOf(file, PROXIES[symbol] ?? symbol) ?? [];
      for (const [row, at] of file.unix.entries()) {
        const price = column[row];
        if (price === undefined || at >= until) continue;
        if (last !== undefined && at > last.at) {
          const change = logReturnWad(last.price, price);
          varianceWad = nextWad(varianceWad, change, BigInt(at - last.at), TIME_CONSTANT_WAD);
          returns += 1;
        }
        last = { price, at };
      }
    }
    if (returns > 0) seeds.set(symbol, varianceWad);
  }
  return seeds;
}

/**
 * Measures and pairs that begin at their seeds, with the targets that follow. The stress variance of a model is the seed here, as
 * a tracked pair starts from it: `makeWorld` sets the model itself once the pair is started.
 */
export function seeded(params: Parameters, seeds: Seeds): Parameters {
  return {
    ...params,
    assets: params.assets.map((asset) => {
      const seed = seeds.get(asset.symbol);
      return seed === undefined ? asset : { ...asset, measure: { stressVariance: seed } };
    }),
    pairs: params.pairs.map((pair) => {
      const { model } = pair;
      if (model === undefined) return pair;
      const varianceWad = seeds.get(pair.asset) ?? model.stressVariance;
      return {
        ...pair,
        ...targetsOf(pair, model, varianceWad),
        model: {
          ...model,
          stressVariance: varianceWad,
          floorVariance: min(model.floorVariance, varianceWad),
        },
      };
    }),
  };
}

type Pair = Parameters["pairs"][number];

function targetsOf(
  pair: Pair,
  model: NonNullable<Pair["model"]>,
  varianceWad: bigint,
): Pick<Pair, "initialTargetPpm" | "maintenanceTargetPpm"> {
  const effectiveWad = effectiveVarianceUp(
    varianceWad,
    model.floorVariance,
    model.stressVariance,
    STRESS_SHARE_WAD,
  );
  const initialTargetPpm = targetPpm(
    volatilityHaircutUp(effectiveWad, Z_INITIAL_WAD, model.horizonInitialFor),
    model.pegPpm,
    pair.initialFloorPpm,
    pair.initialCapPpm,
  );
  const maintenancePpm = targetPpm(
    volatilityHaircutUp(effectiveWad, Z_MAINTENANCE_WAD, model.horizonMaintenanceFor),
    model.pegPpm,
    pair.maintenanceFloorPpm,
    pair.maintenanceCapPpm,
  );
  return { initialTargetPpm, maintenanceTargetPpm: min(initialTargetPpm, maintenancePpm) };
}
