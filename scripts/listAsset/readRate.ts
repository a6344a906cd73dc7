// What an exchange-rate provider says: its answer as the vault asks for it, what the reading costs, and what it said before.
import { AbiCoder, concat, type JsonRpcProvider, ZeroHash } from "ethers";
import { tokenAt } from "../../sdk/contracts.ts";
import { isRefusal } from "../../sdk/errors.ts";
import { toWad } from "../../sdk/rateCap.ts";
import type { ProposedRate } from "./proposal.ts";

/** What was found; everything after `hasCode` is undefined where the provider does not say it. */
export interface RateFacts {
  readonly hasCode: boolean;
  /** decimals of a share and of the provider's asset; only for `convertToAssets` */
  readonly shareDecimals?: bigint;
  readonly assetDecimals?: bigint;
  /** the word, in --rate-decimals; never 0 */
  readonly answer?: bigint;
  /** whole tokens of the underlying for one [wad] */
  readonly rateWad?: bigint;
  /** what a read takes within a transaction that never touched the provider */
  readonly gas?: bigint;
  readonly past?: PastRate;
}

/** A rate of an earlier block. */
export interface PastRate {
  readonly rateWad: bigint;
  readonly elapsedFor: bigint; // until the latest block [s]
}

/** What the vault gives a provider at most, `FeedReader` */
export const RATE_GAS_MOST = 300_000n;
/** What a call costs before the first opcode runs; calldata of 36 bytes at most comes to less than the second. */
const INTRINSIC_GAS = 21_000n;
const CALLDATA_GAS = 600n;
const MOST_DECIMALS = 18n;
const CONVERT_TO_ASSETS = "0x07a2d13a";
const ASSET = "0x38d52e0f";

/** Reads a provider as `RateLegs` does. Throws what the node throws. */
export async function readRate(
  provider: JsonRpcProvider,
  rate: ProposedRate,
  nowAt: bigint,
): Promise<RateFacts> {
  if ((await provider.getCode(rate.provider)) === "0x") return { hasCode: false };
  const isShare = rate.selector === CONVERT_TO_ASSETS;
  const shareDecimals = isShare ? await decimalsOf(provider, rate.provider) : undefined;
  if (isShare && (shareDecimals === undefined || shareDecimals > MOST_DECIMALS))
    return { hasCode: true, ...(shareDecimals === undefined ? {} : { shareDecimals }) };
  const assetDecimals = isShare ? await assetDecimalsOf(provider, rate.provider) : undefined;
  // always with a word behind it, as the vault asks
  const shares = shareDecimals === undefined ? 0n : 10n ** shareDecimals;
  const data = concat([rate.selector, AbiCoder.defaultAbiCoder().encode(["uint256"], [shares])]);
  const facts = {
    hasCode: true,
    ...(shareDecimals === undefined ? {} : { shareDecimals }),
    ...(assetDecimals === undefined ? {} : { assetDecimals }),
  };
  const answer = await ask(provider, rate.provider, data);
  if (answer === undefined || answer === 0n) return facts;
  if (rate.decimals > MOST_DECIMALS) return { ...facts, answer };
  const gas = (await provider.estimateGas({ to: rate.provider, data })) - INTRINSIC_GAS;
  const past = await pastRate(provider, rate, data, nowAt);
  return {
    ...facts,
    answer,
    rateWad: toWad(answer, rate.decimals),
    gas,
    ...(past === undefined ? {} : { past }),
  };
}

/** the first word of an answer given with no more gas than the vault leaves for it */
async function ask(
  provider: JsonRpcProvider,
  to: string,
  data: string,
  blockTag: number | "latest" = "latest",
): Promise<bigint | undefined> {
  const gasLimit = RATE_GAS_MOST + INTRINSIC_GAS + CALLDATA_GAS;
  try {
    const answer = await provider.call({ to, data, gasLimit, blockTag });
    return answer.length < 66 ? undefined : BigInt(answer.slice(0, 66));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}

/** the rate of the last block that is as old as wanted; undefined where the node does not keep its state */
async function pastRate(
  provider: JsonRpcProvider,
  rate: ProposedRate,
  data: string,
  nowAt: bigint,
): Promise<PastRate | undefined> {
  const block = await blockBefore(provider, nowAt - rate.measuredFor);
  if (block === undefined) return undefined;
  // whatever the node says: without the state of then there is nothing to compare with
  const answer = await ask(provider, rate.provider, data, block.number).catch(() => undefined);
  if (answer === undefined || answer === 0n) return undefined;
  return { rateWad: toWad(answer, rate.decimals), elapsedFor: nowAt - block.at };
}

/** the last block not after `at`, by halving; undefined before the first */
async function blockBefore(
  provider: JsonRpcProvider,
  at: bigint,
): Promise<{ readonly number: number; readonly at: bigint } | undefined> {
  let low = 0;
  let high = await provider.getBlockNumber();
  let found: { readonly number: number; readonly at: bigint } | undefined;
  while (low <= high) {
    const number = Math.floor((low + high) / 2);
    const block = await provider.getBlock(number);
    if (block !== null && BigInt(block.timestamp) <= at) {
      found = { number, at: BigInt(block.timestamp) };
      low = number + 1;
    } else {
      high = number - 1;
    }
  }
  return found;
}

async function decimalsOf(provider: JsonRpcProvider, token: string): Promise<bigint | undefined> {
  try {
    return await tokenAt(token, provider).decimals();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}

async function assetDecimalsOf(
  provider: JsonRpcProvider,
  share: string,
): Promise<bigint | undefined> {
  const word = await ask(provider, share, concat([ASSET, ZeroHash]));
  if (word === undefined || word === 0n || word >= 2n ** 160n) return undefined;
  return decimalsOf(provider, `0x${word.toString(16).padStart(40, "0")}`);
}
