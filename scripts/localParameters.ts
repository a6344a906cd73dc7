import { fileURLToPath } from "node:url";
import { parseDecimal } from "../deploy/quantity.ts";
import { formatUnits } from "../sdk/units.ts";
import {
  type AssetParameters,
  type PairParameters,
  type Parameters,
  type PoolParameters,
  readParameters,
  type SleeveParameters,
} from "../deploy/schema.ts";

/** An asset of a local system: one of deploy/params/local.json5, or a new one. */
interface AssetChoice {
  readonly symbol: string;
  /** Those of the file if left out; a new symbol must say it. */
  readonly decimals?: number;
  /** First price; that of the file if left out; a new symbol must say it [USD, 8 decimals] */
  readonly price8?: bigint;
  /** The symbol of the file whose risk a new symbol shares; `LINK` if left out. */
  readonly like?: string;
}

/** What to take of deploy/params/local.json5. */
export interface LocalChoice {
  /** Assets, in the order of their ids; all of the file if left out. Cash of the pools is added when missing. */
  readonly assets?: readonly (string | AssetChoice)[];
  /** Cash of the pools, in the order of their ids; those of the file if left out. */
  readonly pools?: readonly string[];
  /** `none`, the default: every role acts at once. `asWritten`: the delays of the file. */
  readonly delays?: "none" | "asWritten";
  /** `static`, the default: governed targets stay. `measured`: models and measures as the file has them. */
  readonly haircuts?: "static" | "measured";
  /** `none`, the default: no collateral is reused. `asWritten`: the sleeves of the file whose assets and pools are chosen. */
  readonly sleeves?: "none" | "asWritten";
}

const PARAMETERS_FILE = fileURLToPath(new URL("../deploy/params/local.json5", import.meta.url));
const FEED_DECIMALS = 8;
const NEW_ASSET_LIKE = "LINK";

/** deploy/params/local.json5 as it is. @throws ParametersInvalid */
export function readLocal(): Parameters {
  return readParameters(PARAMETERS_FILE);
}

/**
 * The parameters of a local system. Caps and price bounds keep their worth when a first price is not that of the file.
 * @throws RangeError for a symbol that is neither in the file nor described
 */
export function chooseLocal(file: Parameters, choice: LocalChoice): Parameters {
  const pools = choice.pools ?? file.pools.map(({ asset }) => asset);
  const wanted = (choice.assets ?? file.assets.map(({ symbol }) => symbol)).map((asset) =>
    typeof asset === "string" ? { symbol: asset } : asset,
  );
  const missing = pools.filter((cash) => !wanted.some(({ symbol }) => symbol === cash));
  const chosen: readonly AssetChoice[] = [...wanted, ...missing.map((symbol) => ({ symbol }))];
  const source = choice.haircuts === "measured" ? file : withoutMeasures(file);
  return fromChoices(source, choice, chosen, pools);
}

function fromChoices(
  file: Parameters,
  choice: LocalChoice,
  chosen: readonly AssetChoice[],
  pools: readonly string[],
): Parameters {
  return {
    ...file,
    roles: choice.delays === "asWritten" ? file.roles : withoutDelays(file.roles),
    assets: chosen.map((asset) => assetFrom(file, asset)),
    pools: pools.map((cash) => poolFrom(file, cash)),
    pairs: chosen.flatMap((asset) => pairFrom(file, asset, pools)),
    sleeves:
      choice.sleeves === "asWritten"
        ? file.sleeves.flatMap((sleeve) => sleeveFrom(file, sleeve, chosen, pools))
        : [],
  };
}

/** Targets are those of `setPair`, for ever. */
function withoutMeasures(file: Parameters): Parameters {
  return {
    ...file,
    assets: file.assets.map(({ measure: _measure, ...asset }) => asset),
    pairs: file.pairs.map(({ model: _model, ...pair }) => pair),
    sleeves: file.sleeves.map(({ measure: _measure, ...sleeve }) => ({
      ...sleeve,
      pairs: sleeve.pairs.map(({ model: _model, ...pair }) => pair),
    })),
  };
}

/** The admin keeps a second: the hand-over tells it from the deployer by its delay. */
function withoutDelays(roles: Parameters["roles"]): Parameters["roles"] {
  const { admin, governor, riskSteward, guardian, feeCollector, venueManager } = roles;
  return {
    admin: { ...admin, delayFor: 1n },
    governor: { ...governor, delayFor: 0n },
    riskSteward: { ...riskSteward, delayFor: 0n },
    guardian: { ...guardian, delayFor: 0n },
    feeCollector: { ...feeCollector, delayFor: 0n },
    venueManager: { ...venueManager, delayFor: 0n },
  };
}

function assetFrom(file: Parameters, choice: AssetChoice): AssetParameters {
  const { symbol } = choice;
  const model = modelOf(file, choice);
  const isNew = model.symbol !== symbol;
  if (isNew && (choice.decimals === undefined || choice.price8 === undefined)) {
    const known = file.assets.map((asset) => asset.symbol).join(", ");
    throw new RangeError(
      `asset "${symbol}" found nowhere in local.json5 (${known}); a new one needs decimals and price8`,
    );
  }
  const decimals = choice.decimals ?? model.decimals;
  const oldPrice8 = parseDecimal(model.firstPrice ?? "0", FEED_DECIMALS);
  const price8 = choice.price8 ?? oldPrice8;
  if (!isNew && price8 === oldPrice8) return { ...model, decimals };
  // whole tokens, rounded down, so that the cap stays within twice the depth
  const cap = (parseDecimal(model.cap, 18) * oldPrice8) / price8 / 10n ** 18n;
  return {
    ...model,
    symbol,
    name: isNew ? symbol : model.name,
    decimals,
    firstPrice: formatUnits(price8, FEED_DECIMALS),
    cap: cap.toString(),
    feed: { ...model.feed, ...boundsFrom(model, oldPrice8, price8) },
  };
}

/** The bounds of the file where they hold the price comfortably, else bounds of the same width around it. */
function boundsFrom(
  { feed }: AssetParameters,
  oldPrice8: bigint,
  price8: bigint,
): Pick<AssetParameters["feed"], "lowestPrice" | "highestPrice"> {
  const { lowestPrice, highestPrice } = feed;
  const lowest8 = parseDecimal(lowestPrice, FEED_DECIMALS);
  const highest8 = parseDecimal(highestPrice, FEED_DECIMALS);
  if (price8 >= lowest8 * 10n && price8 * 2n <= highest8) return { lowestPrice, highestPrice };
  const moved = (bound8: bigint) => {
    const scaled = (bound8 * price8) / oldPrice8;
    return formatUnits(scaled === 0n ? 1n : scaled, FEED_DECIMALS);
  };
  return { lowestPrice: moved(lowest8), highestPrice: moved(highest8) };
}

function poolFrom(file: Parameters, cash: string): PoolParameters {
  const found = file.pools.find(({ asset }) => asset === cash);
  if (found !== undefined) return found;
  const model = file.pools[0];
  if (model === undefined) throw new RangeError("found no pool in local.json5");
  const fund = { ...model.fund, name: `Surety ${cash} insurance`, symbol: `si${cash}` };
  return { ...model, asset: cash, name: `Surety ${cash}`, symbol: `sy${cash}`, fund };
}

/** The pair of an asset against all pools but that of its own cash, with which it would only be its own cover. */
function pairFrom(
  file: Parameters,
  choice: AssetChoice,
  pools: readonly string[],
): PairParameters[] {
  const model = modelOf(file, choice);
  const pair = file.pairs.find(({ asset }) => asset === model.symbol);
  const others = pools.filter((cash) => cash !== choice.symbol);
  if (pair === undefined) return [];
  const { model: _model, ...governed } = { ...pair, asset: choice.symbol };
  const isMeasured = (cash: string) =>
    file.assets.some(({ symbol, measure }) => symbol === cash && measure !== undefined);
  // against cash that nobody measures haircuts are governed
  return [
    { ...pair, asset: choice.symbol, pools: others.filter(isMeasured) },
    { ...governed, pools: others.filter((cash) => !isMeasured(cash)) },
  ].filter((found) => found.pools.length > 0);
}

/** A sleeve as the file has it, against the chosen pools. */
function sleeveFrom(
  file: Parameters,
  sleeve: SleeveParameters,
  chosen: readonly AssetChoice[],
  pools: readonly string[],
): SleeveParameters[] {
  const choice = chosen.find(({ symbol }) => symbol === sleeve.asset);
  if (choice === undefined || (sleeve.kind === "pool" && !pools.includes(sleeve.asset))) return [];
  if (assetFrom(file, choice).cap !== modelOf(file, choice).cap) {
    throw new RangeError(
      `found another price of ${sleeve.asset} than in local.json5, allowed with sleeves: that of the file`,
    );
  }
  const pairs = sleeve.pairs
    .map((pair) => ({ ...pair, pools: pair.pools.filter((cash) => pools.includes(cash)) }))
    .filter((pair) => pair.pools.length > 0);
  return pairs.length === 0 ? [] : [{ ...sleeve, pairs }];
}

function modelOf(file: Parameters, { symbol, like }: AssetChoice): AssetParameters {
  const named = (name: string) => file.assets.find((asset) => asset.symbol === name);
  const model = named(symbol) ?? named(like ?? NEW_ASSET_LIKE);
  if (model === undefined) throw new RangeError(`asset "${like}" found nowhere in local.json5`);
  return model;
}
