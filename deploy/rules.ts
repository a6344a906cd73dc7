import { listingRule } from "../sdk/listingRule.ts";
import { PPM } from "../sdk/mathLib.ts";
import type { AssetParameters, PairParameters, Parameters } from "./schema.ts";
import { parseDecimal } from "./quantity.ts";

/** Rules between the numbers of one file, one sentence for each that is broken; the setters check them again. */
export function findBrokenRules(params: Parameters): readonly string[] {
  return [
    ...namesComplaints(params),
    ...mockComplaints(params),
    ...riskComplaints(params),
    ...params.assets.flatMap((asset, index) => assetComplaints(asset, `assets[${index}]`)),
    ...params.pairs.flatMap((pair, index) => pairComplaints(params, pair, `pairs[${index}]`)),
    ...params.pairs.flatMap((pair, index) => modelComplaints(params, pair, `pairs[${index}]`)),
  ];
}

function namesComplaints({ assets, pools, pairs, roles }: Parameters): readonly string[] {
  const complaints: string[] = [];
  const symbols = assets.map(({ symbol }) => symbol);
  const poolAssets = pools.map(({ asset }) => asset);
  const addresses = assets.map(({ token }) => token).filter((token) => token !== "mock");
  complaints.push(...twice("assets", symbols), ...twice("assets", addresses));
  complaints.push(...twice("pools", poolAssets));
  complaints.push(...unknown("pools", poolAssets, symbols));
  const pairAssets = pairs.map(({ asset }) => asset);
  const pairPools = pairs.flatMap((pair) => pair.pools);
  complaints.push(
    ...unknown("pairs", pairAssets, symbols),
    ...unknown("pairs", pairPools, poolAssets),
  );
  complaints.push(
    ...twice(
      "pairs",
      pairs.flatMap((pair) => pair.pools.map((pool) => `${pair.asset}/${pool}`)),
    ),
  );
  if (roles.admin.delayFor === 0n) {
    // the last steps of the deployment rely on it: see `handOver` in plan.ts
    complaints.push("roles.admin.delayFor: found 0 s, allowed: more than 0 s");
  }
  return complaints;
}

function mockComplaints({ network, assets, roles }: Parameters): readonly string[] {
  const complaints: string[] = [];
  for (const [index, { token, feed, firstPrice }] of assets.entries()) {
    const isMock = token === "mock" || feed.primary === "mock";
    if (network.kind === "live" && isMock) {
      complaints.push(`assets[${index}]: found "mock", allowed on a live network: addresses`);
    }
    if ((feed.primary === "mock") !== (firstPrice !== null)) {
      complaints.push(`assets[${index}].firstPrice: allowed: a price with a mock feed, else null`);
    }
  }
  for (const [name, { holder }] of Object.entries(roles)) {
    if (network.kind === "live" && holder.startsWith("account")) {
      complaints.push(
        `roles.${name}.holder: found "${holder}", allowed on a live network: an address or "given"`,
      );
    }
  }
  return complaints;
}

function riskComplaints({ risk, tiers }: Parameters): readonly string[] {
  return [
    ...ordered("risk.targetMinBps", risk.targetMinBps, "targetMaxBps", risk.targetMaxBps),
    ...ordered("risk.cureMinFor", risk.cureMinFor, "cureMaxFor", risk.cureMaxFor),
    ...ordered("tiers.stepBps", tiers.stepBps, "mostBps", tiers.mostBps),
  ];
}

function assetComplaints({ feed }: AssetParameters, place: string): readonly string[] {
  const lowest = parseDecimal(feed.lowestPrice, 18);
  return [
    ...(lowest === 0n ? [`${place}.feed.lowestPrice: found 0, allowed: more than 0`] : []),
    ...ordered(
      `${place}.feed.lowestPrice`,
      lowest,
      "highestPrice",
      parseDecimal(feed.highestPrice, 18),
    ),
  ];
}

function pairComplaints(
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
    ...capComplaints(params, pair, place),
    ...pair.pools.flatMap((pool) => listingComplaints(params, pair, pool, place)),
  ];
}

/** What `setPairModel` asks of a model, its pair and its assets. */
function modelComplaints(
  { assets }: Parameters,
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
function capComplaints(
  { assets }: Parameters,
  pair: PairParameters,
  place: string,
): readonly string[] {
  const asset = assets.find(({ symbol }) => symbol === pair.asset);
  if (asset === undefined || asset.firstPrice === null || asset.feed.rate !== null) return [];
  const cap = parseDecimal(asset.cap, asset.decimals);
  const capValue = (cap * parseDecimal(asset.firstPrice, 18)) / 10n ** BigInt(asset.decimals);
  return ordered(
    `${place}: value of the cap`,
    capValue,
    "2 · depth",
    2n * parseDecimal(pair.depth, 18),
  );
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

function ordered(lowName: string, low: bigint, highName: string, high: bigint): readonly string[] {
  return low <= high
    ? []
    : [`${lowName}: found ${low}, allowed: at most ${highName}, which is ${high}`];
}

function twice(place: string, names: readonly string[]): readonly string[] {
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return repeated.map((name) => `${place}: found ${name} twice, allowed: once`);
}

function unknown(
  place: string,
  names: readonly string[],
  known: readonly string[],
): readonly string[] {
  return [...new Set(names)]
    .filter((name) => !known.includes(name))
    .map((name) => `${place}: found "${name}", allowed: ${known.join(", ")}`);
}
