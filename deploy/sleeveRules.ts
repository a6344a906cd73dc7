// Rules about sleeves: of each by itself, of what it stands for, and between them.
import { ordered, twice, unknown } from "./complaints.ts";
import { capComplaints, modelComplaints, pairComplaints } from "./pairRules.ts";
import { parseDecimal } from "./quantity.ts";
import type {
  AllocatorParameters,
  AssetParameters,
  ModelParameters,
  PairParameters,
  Parameters,
  SleeveParameters,
} from "./schema.ts";
import { shareDecimalsOf, symbolOf } from "./sleeves.ts";

/** Assets that the registry holds, shares of sleeves among them. */
const MOST_ASSETS = 24;
/** More the maths does not carry; amounts are compared with as many. */
const MOST_DECIMALS = 18;

/** One sentence for each rule that is broken; the setters check again what they can see. */
export function sleeveComplaints(params: Parameters): readonly string[] {
  const { assets, pools, sleeves } = params;
  const count = assets.length + sleeves.length;
  const venues = sleeves
    .flatMap((sleeve) => (sleeve.kind === "allocator" ? sleeve.venues : []))
    .map(({ address }) => address)
    .filter((address) => address !== "mock");
  const symbols = assets.map(({ symbol }) => symbol);
  const own = sleeves.map((sleeve) => symbolOf(params, sleeve)).filter((symbol) => symbol !== "");
  const taken = new Set([...symbols, ...pools.map(({ symbol }) => symbol)]);
  const allocators = sleeves.filter((sleeve) => sleeve.kind === "allocator");
  const clashes = allocators.filter(({ symbol }) => taken.has(symbol));
  return [
    ...unknown(
      "sleeves",
      sleeves.map(({ asset }) => asset),
      symbols,
    ),
    ...twice("sleeves", own),
    ...clashes.map(({ symbol }) => `sleeves: found symbol "${symbol}", allowed: one of its own`),
    ...twice("sleeves: venues", venues),
    ...(count > MOST_ASSETS
      ? [`sleeves: found ${count} assets with shares of sleeves, allowed: at most ${MOST_ASSETS}`]
      : []),
    ...assets.flatMap((asset) => togetherComplaints(asset, sleeves)),
    ...sleeves.flatMap((sleeve, index) => {
      const asset = assets.find(({ symbol }) => symbol === sleeve.asset);
      return asset === undefined ? [] : oneComplaints(params, sleeve, asset, `sleeves[${index}]`);
    }),
  ];
}

/** What may be in all sleeves of an asset is no more than what may be plain: both sell into one market. */
function togetherComplaints(
  { symbol, cap }: AssetParameters,
  sleeves: readonly SleeveParameters[],
): readonly string[] {
  const caps = sleeves.filter(({ asset }) => asset === symbol).map((sleeve) => sleeve.cap);
  const sum = caps.reduce((total, text) => total + parseDecimal(text, MOST_DECIMALS), 0n);
  if (caps.length < 2 || sum <= parseDecimal(cap, MOST_DECIMALS)) return [];
  return [
    `sleeves: found caps of ${caps.join(" and ")} of ${symbol}, allowed together: at most its own, which is ${cap}`,
  ];
}

function oneComplaints(
  params: Parameters,
  sleeve: SleeveParameters,
  asset: AssetParameters,
  place: string,
): readonly string[] {
  const complaints: string[] = [];
  if (asset.feed.rate !== null) {
    complaints.push(
      `${place}.asset: found ${asset.symbol} with a rate, allowed: an asset whose feed is its whole price`,
    );
  }
  if (parseDecimal(sleeve.cap, MOST_DECIMALS) > parseDecimal(asset.cap, MOST_DECIMALS)) {
    complaints.push(
      `${place}.cap: found ${sleeve.cap}, allowed: at most the cap of ${asset.symbol}, which is ${asset.cap}`,
    );
  }
  const mostDigits = shareDecimalsOf(params, sleeve);
  const [, digits = ""] = sleeve.cap.split(".");
  if (digits.length > mostDigits) {
    complaints.push(
      `${place}.cap: found "${sleeve.cap}", allowed: at most ${mostDigits} digits after the point`,
    );
  }
  return [
    ...complaints,
    ...termsComplaints(sleeve, place),
    ...(sleeve.kind === "allocator"
      ? allocatorComplaints(params, sleeve, asset, place)
      : poolComplaints(params, sleeve, place)),
    ...pairsComplaints(params, sleeve, asset, place),
  ];
}

/** A sleeve without a cap by debt has no share and no tolerance. */
function termsComplaints({ terms }: SleeveParameters, place: string): readonly string[] {
  if (terms.isCapped) return [];
  return (["maxDebtShareBps", "toleranceBps"] as const)
    .filter((name) => terms[name] !== 0n)
    .map((name) => `${place}.terms.${name}: found ${terms[name]}, allowed without a cap: 0`);
}

function poolComplaints(
  { pools }: Parameters,
  sleeve: SleeveParameters,
  place: string,
): readonly string[] {
  const cash = pools.map(({ asset }) => asset);
  return cash.includes(sleeve.asset) ? [] : unknown(`${place}.asset`, [sleeve.asset], cash);
}

function allocatorComplaints(
  { network }: Parameters,
  sleeve: AllocatorParameters,
  { symbol, decimals, token }: AssetParameters,
  place: string,
): readonly string[] {
  const complaints: string[] = [];
  if (sleeve.feeReceiver === null && sleeve.feeBps > 0n) {
    complaints.push(`${place}.feeReceiver: found none, allowed with a fee: an address`);
  }
  for (const [index, venue] of sleeve.venues.entries()) {
    const at = `${place}.venues[${index}]`;
    if (venue.address === "mock" && network.kind === "live") {
      complaints.push(`${at}.address: found "mock", allowed on a live network: an address`);
    }
    // what is there already cannot be of a token that is created here
    if (venue.address !== "mock" && token === "mock") {
      complaints.push(
        `${at}.address: found ${venue.address}, a venue of another asset, allowed for the mock ${symbol}: "mock"`,
      );
    }
    if (parseDecimal(venue.cap, MOST_DECIMALS) > parseDecimal(sleeve.cap, MOST_DECIMALS)) {
      complaints.push(
        `${at}.cap: found ${venue.cap}, allowed: at most the cap of the sleeve, which is ${sleeve.cap}`,
      );
    }
    const [, digits = ""] = venue.cap.split(".");
    if (digits.length > decimals) {
      complaints.push(
        `${at}.cap: found "${venue.cap}", allowed: at most ${decimals} digits after the point`,
      );
    }
    complaints.push(
      ...ordered(`${at}.growthPpm`, venue.growthPpm, `${place}.growthPpm`, sleeve.growthPpm),
    );
  }
  return complaints;
}

// ---- haircuts ----

function pairsComplaints(
  params: Parameters,
  sleeve: SleeveParameters,
  asset: AssetParameters,
  place: string,
): readonly string[] {
  const symbol = symbolOf(params, sleeve);
  const measurable = [...params.assets, { symbol, measure: sleeve.measure }];
  const cash = params.pools.map((pool) => pool.asset);
  const named = sleeve.pairs.flatMap(({ pools }) => pools);
  return [
    ...unknown(`${place}.pairs`, named, cash),
    ...twice(`${place}.pairs`, named),
    ...sleeve.pairs.flatMap((terms, index) => {
      const at = `${place}.pairs[${index}]`;
      const pair: PairParameters = { ...terms, asset: symbol };
      return [
        ...pairComplaints(params, pair, at),
        ...capComplaints(asset, sleeve.cap, pair.depth, at),
        ...modelComplaints(measurable, pair, at),
        ...pair.pools.flatMap((pool) => besideComplaints(params, sleeve.asset, pool, pair, at)),
      ];
    }),
  ];
}

const HAIRCUTS = [
  "initialFloorPpm",
  "initialCapPpm",
  "initialTargetPpm",
  "maintenanceFloorPpm",
  "maintenanceCapPpm",
  "maintenanceTargetPpm",
] as const;

const MODEL_TERMS = [
  "stressVariance",
  "floorVariance",
  "horizonInitialFor",
  "horizonMaintenanceFor",
  "pegPpm",
] as const;

/** Shares are never a better cover than their asset: else a sleeve were a way around its haircuts. */
function besideComplaints(
  { pairs }: Parameters,
  asset: string,
  pool: string,
  pair: PairParameters,
  place: string,
): readonly string[] {
  const plain = pairs.find((row) => row.asset === asset && row.pools.includes(pool));
  // against the pool of its own cash an asset has no pair, and its shares may have one
  if (plain === undefined && asset === pool) return [];
  if (plain === undefined) {
    return [
      `${place}.pools: found ${pool}, allowed: pools against which ${asset} has a pair itself`,
    ];
  }
  const name = (field: string) => `that of ${asset}/${pool}: ${field}`;
  return [
    ...HAIRCUTS.flatMap((field) =>
      atLeast(`${place}.${field}`, pair[field], name(field), plain[field]),
    ),
    ...modelsBeside(plain.model, pair.model, name("model"), `${place}.model`),
  ];
}

function modelsBeside(
  plain: ModelParameters | undefined,
  model: ModelParameters | undefined,
  name: string,
  place: string,
): readonly string[] {
  if (plain === undefined || !plain.isMeasured) return [];
  if (model === undefined || !model.isMeasured) {
    return [`${place}: found no measured haircuts, allowed: as ${name}, which is measured`];
  }
  return [
    ...MODEL_TERMS.flatMap((field) =>
      atLeast(`${place}.${field}`, model[field], `${name}.${field}`, plain[field]),
    ),
    ...(["isTracked", "isPegged"] as const)
      .filter((field) => model[field] !== plain[field])
      .map((field) => `${place}.${field}: found ${model[field]}, allowed: as ${name}.${field}`),
  ];
}

function atLeast(place: string, found: bigint, name: string, lowest: bigint): readonly string[] {
  return found >= lowest
    ? []
    : [`${place}: found ${found}, allowed: at least ${name}, which is ${lowest}`];
}
