// What the contracts ask of a pair and its model.
import { listingRule } from "../sdk/listingRule.ts";
import { PPM } from "../sdk/mathLib.ts";
import { ordered } from "./complaints.ts";
import { parseDecimal } from "./quantity.ts";
import type { AssetParameters, PairParameters, Parameters } from "./schema.ts";

/** Something with a price of its own, whose variance may be measured. */
type Measurable = Pick<AssetParameters, "symbol" | "measure">;

/** What `setPair` asks of a pair, against each of its pools. */
export function pairComplaints(
  params: Parameters,
  pair: PairParameters,
  place: string,
): readonly string[] {
  const p = pair;
  return [
    ...ordered(
      `${place}.maintenanceFloorPpm`,
      p.maintenanceFloorPpm,
      "initialFloorPpm",
      p.initialFloorPpm,
    ),
    ...ordered(`${place}.maintenanceCapPpm`, p.maintenanceCapPpm, "initialCapPpm", p.initialCapPpm),
    ...ordered(
      `${place}.initialFloorPpm`,
      p.initialFloorPpm,
      "initialTargetPpm",
      p.initialTargetPpm,
    ),
    ...ordered(`${place}.initialTargetPpm`, p.initialTargetPpm, "initialCapPpm", p.initialCapPpm),
    ...ordered(
      `${place}.maintenanceFloorPpm`,
      p.maintenanceFloorPpm,
      "maintenanceTargetPpm",
      p.maintenanceTargetPpm,
    ),
    ...ordered(
      `${place}.maintenanceTargetPpm`,
      p.maintenanceTargetPpm,
      "maintenanceCapPpm",
      p.maintenanceCapPpm,
    ),
    ...ordered(
      `${place}.maintenanceTargetPpm`,
      p.maintenanceTargetPpm,
      "initialTargetPpm",
      p.initialTargetPpm,
    ),
    ...ordered("risk.bonusMinBps", params.risk.bonusMinBps, `${place}.maxBonusBps`, p.maxBonusBps),
    ...pair.pools.flatMap((pool) => listingComplaints(params, pair, pool, place)),
  ];
}

/** What `setPairModel` asks of a model, its pair and its assets. */
export function modelComplaints(
  assets: readonly Measurable[],
  { asset, pools, depth, model }: PairParameters,
  place: string,
): readonly string[] {
  if (model === undefined) return [];
  const m = `${place}.model`;
  const complaints = [
    ...ordered(`${m}.floorVariance`, model.floorVariance, "stressVariance", model.stressVariance),
    ...ordered(
      `${m}.horizonMaintenanceFor`,
      model.horizonMaintenanceFor,
      "horizonInitialFor",
      model.horizonInitialFor,
    ),
    ...ordered(
      `${place}.depth`,
      parseDecimal(depth, 18),
      "model.highestDepth",
      parseDecimal(model.highestDepth, 18),
    ),
  ];
  if (pools.includes(asset)) {
    complaints.push(`${m}: found the pool of ${asset} itself, allowed: pools of other assets`);
  }
  const isSilent = (symbol: string) =>
    assets.some((candidate) => candidate.symbol === symbol && candidate.measure === undefined);
  for (const symbol of model.isMeasured ? [asset, ...pools].filter(isSilent) : []) {
    complaints.push(`${m}: found ${symbol} without "measure", allowed: measured assets`);
  }
  return complaints;
}

/** The cap is worth at most twice the depth; known here only where the file knows a price. */
export function capComplaints(
  asset: AssetParameters | undefined,
  cap: string,
  depth: string,
  place: string,
): readonly string[] {
  if (asset === undefined || asset.firstPrice === null || asset.feed.rate !== null) return [];
  const capValue = (parseDecimal(cap, 18) * parseDecimal(asset.firstPrice, 18)) / 10n ** 18n;
  return ordered(`${place}: value of the cap`, capValue, "2 · depth", 2n * parseDecimal(depth, 18));
}

function listingComplaints(
  { risk, pools }: Parameters,
  pair: PairParameters,
  poolAsset: string,
  place: string,
): readonly string[] {
  const factorPpm = pools.find(({ asset }) => asset === poolAsset)?.factorPpm ?? PPM;
  const { holds, mostBonusBps } = listingRule(
    risk,
    pair.maintenanceFloorPpm,
    pair.maxBonusBps,
    factorPpm,
  );
  if (holds) return [];
  return [
    `${place}.maxBonusBps: found ${pair.maxBonusBps}, allowed against ${poolAsset} by the listing rule: at most ${mostBonusBps}`,
  ];
}
