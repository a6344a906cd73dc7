// From parameters to arguments: the structs of the contracts.
import { dataSlice, id as hashOf, ZeroAddress } from "ethers";
import { parseDecimal } from "./quantity.ts";
import type { RoleName } from "./roles.ts";
import type {
  AllocatorParameters,
  AssetParameters,
  ModelParameters,
  PairParameters,
  Parameters,
  PoolParameters,
} from "./schema.ts";
import { type Argument, feedId, tokenId } from "./steps.ts";

const NO_SELECTOR = "0x00000000";
const CONVERT_TO_ASSETS = selectorOf("convertToAssets(uint256)");

/** The asset of a symbol. @throws RangeError */
export function assetOf(assets: Parameters["assets"], symbol: string): AssetParameters {
  const asset = assets.find((candidate) => candidate.symbol === symbol);
  if (asset === undefined)
    throw new RangeError(`asset "${symbol}" found nowhere in the parameters`);
  return asset;
}

/** The number of the pool with this cash: its place in the file. @throws RangeError */
export function poolNumberOf(pools: Parameters["pools"], cash: string): bigint {
  const number = pools.findIndex(({ asset }) => asset === cash);
  if (number >= 0) return BigInt(number);
  const allowed = pools.map(({ asset }) => asset).join(", ");
  throw new RangeError(`pool of "${cash}" found nowhere in the parameters, allowed: ${allowed}`);
}

/** The token of an asset: a mock that an earlier step created, or an address. */
export function tokenOf({ symbol, token }: AssetParameters): Argument {
  return token === "mock" ? { addressOf: tokenId(symbol) } : token;
}

/** Who gets a role: an account of the node, an address, or whoever is given to the module. */
export function holderOf(roles: Parameters["roles"], name: RoleName): Argument {
  const { holder } = roles[name];
  if (holder === "given") return { given: name };
  const [, index] = /^account (\d+)$/.exec(holder) ?? [];
  return index === undefined ? holder : { account: Number(index) };
}

/** `FeedConfig`; prices become answers in the feed's decimals. */
export function feedConfigOf(asset: AssetParameters): Argument {
  return { ...feedsOf(asset), rate: rateConfigOf(asset.feed.rate) };
}

/** `FeedConfig` of shares of a sleeve: the feed of their asset, and what the sleeve says that they are worth in it. */
export function shareFeedConfigOf(asset: AssetParameters, sleeve: string, growthPpm: bigint) {
  return {
    ...feedsOf(asset),
    rate: {
      provider: { addressOf: sleeve },
      selector: CONVERT_TO_ASSETS,
      decimals: BigInt(asset.decimals),
      growthPpm,
    },
  };
}

function feedsOf({ symbol, feed }: AssetParameters) {
  return {
    feed: feed.primary === "mock" ? { addressOf: feedId(symbol) } : feed.primary,
    maxAgeFor: feed.maxAgeFor,
    lowestAnswer: parseDecimal(feed.lowestPrice, feed.decimals),
    highestAnswer: parseDecimal(feed.highestPrice, feed.decimals),
    secondFeed: feed.second?.address ?? ZeroAddress,
    secondMaxAgeFor: feed.second?.maxAgeFor ?? 0n,
    maxDeviationBps: feed.second?.maxDeviationBps ?? 0n,
  };
}

/** `RateConfig`; the function becomes its selector. */
function rateConfigOf(rate: AssetParameters["feed"]["rate"]): Argument {
  if (rate === null) {
    return { provider: ZeroAddress, selector: NO_SELECTOR, decimals: 0n, growthPpm: 0n };
  }
  return {
    provider: rate.provider,
    selector: selectorOf(rate.function),
    decimals: BigInt(rate.decimals),
    growthPpm: rate.growthPpm,
  };
}

function selectorOf(signature: string): string {
  return dataSlice(hashOf(signature), 0, 4);
}

/** `Terms`; amounts become base units. */
export function termsOf({ terms }: PoolParameters, decimals: number): Argument {
  const { supplyCap, borrowCap, minimumDebt, ...rates } = terms;
  return {
    ...rates,
    supplyCapAssets: parseDecimal(supplyCap, decimals),
    borrowCapAssets: parseDecimal(borrowCap, decimals),
    minimumDebtAssets: parseDecimal(minimumDebt, decimals),
  };
}

/** `StakeTerms`; the cap becomes base units. */
export function stakeTermsOf({ fund }: PoolParameters, decimals: number): Argument {
  return {
    supplyCapAssets: parseDecimal(fund.supplyCap, decimals),
    cooldownFor: fund.cooldownFor,
    windowFor: fund.windowFor,
  };
}

/** `VenueTerms`; the cap becomes base units. */
export function venueTermsOf(
  { cap, capBps, growthPpm }: AllocatorParameters["venues"][number],
  decimals: number,
): Argument {
  return { capAssets: parseDecimal(cap, decimals), capBps, growthPpm };
}

/** `SleeveRules`; a fee may go to whoever holds the role for fees. */
export function sleeveRulesOf(
  { bufferBps, feeBps, feeReceiver }: AllocatorParameters,
  roles: Parameters["roles"],
): Argument {
  const receiver =
    feeReceiver === "feeCollector" ? holderOf(roles, "feeCollector") : (feeReceiver ?? ZeroAddress);
  return { bufferBps, feeBps, feeReceiver: receiver };
}

/** `PairConfig`; the depth becomes a value with 18 decimals. */
export function pairConfigOf({
  asset: _asset,
  pools: _pools,
  model: _model,
  depth,
  ...config
}: Omit<PairParameters, "asset"> & { readonly asset?: string }): Argument {
  return { ...config, depthValue: parseDecimal(depth, 18) };
}

/** `PairModelConfig`; the depth becomes a value with 18 decimals. */
export function modelConfigOf({
  stressVariance,
  floorVariance,
  highestDepth,
  ...config
}: ModelParameters) {
  return {
    ...config,
    stressVarianceWad: stressVariance,
    floorVarianceWad: floorVariance,
    highestDepthValue: parseDecimal(highestDepth, 18),
  };
}
