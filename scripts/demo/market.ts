// What a price file says about the market of the demo: which assets it has, at which first prices, and who holds them.
import type { PairParameters, Parameters } from "../../deploy/schema.ts";
import type { LocalOptions } from "../localSystem.ts";
import type { PopulationOptions } from "./population.ts";
import { type Seeds, seeded } from "./seed.ts";
import { type Column, columnOf, type PriceFile } from "../../sdk/priceFile.ts";

const ONE_DOLLAR8 = 100_000_000n;
const CASH_OF_OLD_FILES = ["USDC", "DAI"];

/** First price of a column: an asset that is not quoted yet is worth what it is first quoted at [USD, 8 decimals] */
export function firstPrice(column: Column): bigint {
  const price = column.find((cell) => cell !== undefined);
  if (price === undefined) throw new RangeError("a column without an observation");
  return price;
}

/** Cash without a column stands at one dollar [USD, 8 decimals] */
export function firstPriceOf(file: PriceFile, symbol: string): bigint {
  const column = columnOf(file, symbol);
  return column === undefined ? ONE_DOLLAR8 : firstPrice(column);
}

/**
 * What of the parameter file a demo on this price file takes.
 * @param seeds Variances before the file begins, for measured haircuts; governed ones if left out.
 */
export function systemOptions(file: PriceFile, seeds?: Seeds): LocalOptions {
  const cash = cashOf(file);
  return {
    haircuts: seeds === undefined ? "static" : "measured",
    assets: [...file.collaterals, ...cash].map((symbol) => ({
      symbol,
      price8: firstPriceOf(file, symbol),
    })),
    pools: cash,
    // A feed of the file may be as slow as its rows: one missing row makes it stale, as a missed heartbeat does.
    adjust: (asWritten) => {
      const params = seeds === undefined ? asWritten : seeded(asWritten, seeds);
      const assets = params.assets.map((asset) => ({
        ...asset,
        feed: { ...asset.feed, maxAgeFor: maxAge(file) },
      }));
      return { ...params, assets };
    },
  };
}

function maxAge(file: PriceFile): bigint {
  const minutes = Math.ceil((file.medianSpacing * 3) / 2 / 60);
  return BigInt(Math.max(minutes, 2) * 60);
}

/** The stablecoins of the file, filled up to two pools. */
function cashOf(file: PriceFile): readonly string[] {
  const own: readonly string[] = file.stablecoins;
  const missing = CASH_OF_OLD_FILES.filter((symbol) => !own.includes(symbol));
  return [...own, ...missing.slice(0, Math.max(0, 2 - own.length))];
}

/** The accounts of a demo; `params` are those of the system that `systemOptions` describe. */
export function populationOptions(
  file: PriceFile,
  params: Parameters,
  { accounts, seed, curing }: Pick<PopulationOptions, "accounts" | "seed" | "curing">,
): PopulationOptions {
  const poolAssetOf = (name: string) => {
    const asset = params.assets.find(({ symbol }) => symbol === name);
    if (asset === undefined) throw new RangeError(`no asset ${name}`);
    return { name, decimals: asset.decimals, price8: firstPriceOf(file, name) };
  };
  return {
    accounts,
    seed,
    ...(curing === undefined ? {} : { curing }),
    collaterals: file.collaterals.map((name) => ({
      ...poolAssetOf(name),
      haircutInitialPpm: pairFor(params, name).initialTargetPpm,
    })),
    pools: params.pools.map(({ asset }) => poolAssetOf(asset)),
  };
}

/** The terms of a collateral, the same against every pool. */
export function pairFor(params: Parameters, name: string): PairParameters {
  const pair = params.pairs.find(({ asset }) => asset === name);
  if (pair === undefined) throw new RangeError(`no pair for ${name}`);
  return pair;
}
