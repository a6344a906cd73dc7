// What is proposed to be listed, as it was given on the command line.
import { readFile } from "node:fs/promises";
import { getAddress, id, isAddress } from "ethers";
import JSON5 from "json5";
import { z } from "zod";
import { toUnits } from "../../sdk/units.ts";

/** Options as commander gives them; every quantity is a text. */
export interface ListOptions {
  readonly rpc: string;
  readonly vault: string;
  readonly asset: string;
  readonly feed: string;
  readonly maxAgeFor: string;
  readonly lowestPrice: string;
  readonly highestPrice: string;
  readonly secondFeed?: string;
  readonly secondMaxAgeFor: string;
  readonly maxDeviationBps: string;
  readonly rateProvider?: string;
  readonly rateFunction: string;
  readonly rateDecimals: string;
  readonly rateGrowthPpm: string;
  readonly rateMeasuredFor: string;
  readonly cap: string;
  readonly pairs?: string;
  readonly holder?: string;
  readonly json?: string;
}

/** `PairConfig` for one pool. */
export interface ProposedPair {
  readonly pool: bigint;
  readonly initialFloorPpm: bigint;
  readonly initialCapPpm: bigint;
  readonly maintenanceFloorPpm: bigint;
  readonly maintenanceCapPpm: bigint;
  readonly initialTargetPpm: bigint;
  readonly maintenanceTargetPpm: bigint;
  readonly depthValue: bigint;
  readonly maxBonusBps: bigint;
}

/** An exchange rate that the price goes through; the feeds are then those of the underlying. */
export interface ProposedRate {
  readonly provider: string;
  /** as `convertToAssets(uint256)` */
  readonly functionName: string;
  readonly selector: string;
  readonly decimals: bigint;
  /** most that counts of its growth [ppm per day] */
  readonly growthPpm: bigint;
  /** over how long its real growth is looked at [s] */
  readonly measuredFor: bigint;
}

/** The whole proposal; prices are not yet answers of a feed, as its decimals are not known. */
export interface Proposal {
  readonly vault: string;
  readonly asset: string;
  readonly feed: string;
  readonly maxAgeFor: bigint;
  readonly lowestPrice: string;
  readonly highestPrice: string;
  readonly second:
    | { readonly feed: string; readonly maxAgeFor: bigint; readonly maxDeviationBps: bigint }
    | undefined;
  readonly rate: ProposedRate | undefined;
  /** [whole tokens] */
  readonly cap: string;
  readonly pairs: readonly ProposedPair[];
  /** somebody who has the token, for the trial */
  readonly holder: string | undefined;
}

/** An option cannot be read. */
export class ProposalInvalid extends Error {
  override readonly name = "ProposalInvalid";
  readonly option: string;

  constructor(option: string, found: string, allowed: string) {
    super(`${option}: found ${found}, allowed: ${allowed}.`);
    this.option = option;
  }
}

const VALUE_DECIMALS = 18;
const RATE_FUNCTION = /^([A-Za-z_]\w*\(\)|convertToAssets\(uint256\))$/;
const number = z.union([z.string().regex(/^\d[\d_]*$/), z.int().min(0)]);
const pairSchema = z.strictObject({
  pool: number,
  initialFloorPpm: number,
  initialCapPpm: number,
  maintenanceFloorPpm: number,
  maintenanceCapPpm: number,
  initialTargetPpm: number,
  maintenanceTargetPpm: number,
  depth: z.string().regex(/^\d[\d_]*$/),
  maxBonusBps: number,
});

/** Throws `ProposalInvalid`, or what reading the file of pairs throws. */
export async function readProposal(options: ListOptions): Promise<Proposal> {
  const { secondFeed } = options;
  return {
    vault: addressOf("--vault", options.vault),
    asset: addressOf("--asset", options.asset),
    feed: addressOf("--feed", options.feed),
    maxAgeFor: wholeOf("--max-age-for", options.maxAgeFor),
    lowestPrice: decimalOf("--lowest-price", options.lowestPrice),
    highestPrice: decimalOf("--highest-price", options.highestPrice),
    second:
      secondFeed === undefined
        ? undefined
        : {
            feed: addressOf("--second-feed", secondFeed),
            maxAgeFor: wholeOf("--second-max-age-for", options.secondMaxAgeFor),
            maxDeviationBps: wholeOf("--max-deviation-bps", options.maxDeviationBps),
          },
    rate: options.rateProvider === undefined ? undefined : rateOf(options.rateProvider, options),
    cap: decimalOf("--cap", options.cap),
    pairs: options.pairs === undefined ? [] : parsePairs(await readFile(options.pairs, "utf8")),
    holder: options.holder === undefined ? undefined : addressOf("--holder", options.holder),
  };
}

function rateOf(provider: string, options: ListOptions): ProposedRate {
  const functionName = options.rateFunction;
  if (!RATE_FUNCTION.test(functionName)) {
    const allowed =
      '"convertToAssets(uint256)", or the name of a function without arguments and "()"';
    throw new ProposalInvalid("--rate-function", `"${functionName}"`, allowed);
  }
  const measuredFor = wholeOf("--rate-measured-for", options.rateMeasuredFor);
  if (measuredFor === 0n) throw new ProposalInvalid("--rate-measured-for", "0", "a second or more");
  return {
    provider: addressOf("--rate-provider", provider),
    functionName,
    selector: id(functionName).slice(0, 10),
    decimals: wholeOf("--rate-decimals", options.rateDecimals),
    growthPpm: wholeOf("--rate-growth-ppm", options.rateGrowthPpm),
    measuredFor,
  };
}

/** A list of pairs in JSON5; depths are whole USD. Throws `ProposalInvalid`. */
export function parsePairs(text: string): readonly ProposedPair[] {
  let raw: unknown;
  try {
    raw = JSON5.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProposalInvalid("--pairs", reason, "a list in JSON5");
  }
  const { success, data, error } = z.array(pairSchema).safeParse(raw);
  if (!success) {
    const [issue] = error.issues;
    const place = issue?.path.join(".") ?? "";
    throw new ProposalInvalid("--pairs", `${place}: ${issue?.message ?? "nothing"}`, FORM_OF_PAIRS);
  }
  return data.map(({ depth, pool, ...rest }) => ({
    pool: toWhole(pool),
    initialFloorPpm: toWhole(rest.initialFloorPpm),
    initialCapPpm: toWhole(rest.initialCapPpm),
    maintenanceFloorPpm: toWhole(rest.maintenanceFloorPpm),
    maintenanceCapPpm: toWhole(rest.maintenanceCapPpm),
    initialTargetPpm: toWhole(rest.initialTargetPpm),
    maintenanceTargetPpm: toWhole(rest.maintenanceTargetPpm),
    depthValue: toUnits(depth.replaceAll("_", ""), VALUE_DECIMALS),
    maxBonusBps: toWhole(rest.maxBonusBps),
  }));
}

const FORM_OF_PAIRS =
  "for each pool { pool, initialFloorPpm, initialCapPpm, maintenanceFloorPpm, maintenanceCapPpm, initialTargetPpm, maintenanceTargetPpm, depth, maxBonusBps }";

function addressOf(option: string, text: string): string {
  if (!isAddress(text)) throw new ProposalInvalid(option, `"${text}"`, "an address");
  return getAddress(text);
}

function wholeOf(option: string, text: string): bigint {
  if (!/^\d[\d_]*$/.test(text)) throw new ProposalInvalid(option, `"${text}"`, "a whole number");
  return toWhole(text);
}

function decimalOf(option: string, text: string): string {
  const plain = text.replaceAll("_", "");
  if (!/^\d+(\.\d+)?$/.test(plain))
    throw new ProposalInvalid(option, `"${text}"`, "a number such as 1_250.50");
  return plain;
}

function toWhole(text: string | number): bigint {
  return BigInt(typeof text === "number" ? text : text.replaceAll("_", ""));
}
