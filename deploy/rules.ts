import { ordered, twice, unknown } from "./complaints.ts";
import { capComplaints, modelComplaints, pairComplaints } from "./pairRules.ts";
import { parseDecimal } from "./quantity.ts";
import type { AssetParameters, Parameters } from "./schema.ts";
import { sleeveComplaints } from "./sleeveRules.ts";

/** Rules between the numbers of one file, one sentence for each that is broken; the setters check them again. */
export function findBrokenRules(params: Parameters): readonly string[] {
  return [
    ...namesComplaints(params),
    ...mockComplaints(params),
    ...riskComplaints(params),
    ...params.assets.flatMap((asset, index) => assetComplaints(asset, `assets[${index}]`)),
    ...params.pairs.flatMap((pair, index) => pairComplaints(params, pair, `pairs[${index}]`)),
    ...params.pairs.flatMap(({ asset: symbol, depth }, index) => {
      const asset = params.assets.find((candidate) => candidate.symbol === symbol);
      return capComplaints(asset, asset?.cap ?? "0", depth, `pairs[${index}]`);
    }),
    ...params.pairs.flatMap((pair, index) =>
      modelComplaints(params.assets, pair, `pairs[${index}]`),
    ),
    ...sleeveComplaints(params),
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
