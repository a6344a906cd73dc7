// What the keeper is told, checked once. The only place of the keeper that reads the environment.
// Secrets are named in errors, never printed.
import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import { toWad } from "../sdk/units.ts";
import { LOG_LEVELS, type LogLevel } from "./log.ts";

/** Where the private key is looked for unless `--private-key-env` says otherwise. */
export const KEY_VARIABLE = "KEEPER_PRIVATE_KEY";

/** How the keeper works, whoever drives it. */
export interface KeeperSettings {
  /** `send` acts; `dry-run` logs what it would send and never asks for a signature. */
  readonly mode: "send" | "dry-run";
  /** First block to read events of; without it the block in which the vault was deployed. */
  readonly fromBlock?: number;
  /** Wait between two looks at the chain. */
  readonly pollIntervalMs: number;
  /** A liquidation that earns less after gas is left to others [USD wad] */
  readonly minProfitValue: bigint;
  /** Most blocks asked for in one request of logs; halved when the node refuses. */
  readonly maxLogRange: number;
  /** Accounts in one call of the lens. */
  readonly pageSize: number;
  /** Allowance kept for each cash, in whole tokens; without it the keeper's own balance. "0": exact need each time. */
  readonly maxAllowance?: string;
  /** Price of the chain's own coin; without it that of WETH in the vault [USD wad] */
  readonly nativePriceValue?: bigint;
  /** Wait for a receipt before fees are raised. */
  readonly receiptTimeoutMs: number;
  /** A FlashLiquidator that liquidates and writes off for the keeper; without one it pays with its own cash. */
  readonly liquidator?: string;
  /** Least that a sale must bring, below the oracle's price [bps] */
  readonly slippageBps: bigint;
  /** Tier of the venue's pools that collateral is sold in [millionths] */
  readonly swapFeePpm: number;
  /** A measure is read on no more often; sooner only where half of its longest lag is less [s of the chain] */
  readonly refreshIntervalFor: bigint;
  /** Most gas for refreshes in one interval; 0: haircuts are left to others. */
  readonly refreshGas: bigint;
  /** Most gas for sleeves in one interval; 0: they are left to others. */
  readonly sleeveGas: bigint;
  /** Shares of sleeves that the key has are left as they are. */
  readonly keepsShares: boolean;
}

/** Everything `main.ts` needs. */
interface KeeperConfig extends KeeperSettings {
  readonly rpcUrl: string;
  readonly vault: string;
  readonly privateKey?: string;
  readonly logLevel: LogLevel;
  readonly runs: "forever" | "once";
}

export const DEFAULT_SETTINGS: KeeperSettings = {
  mode: "send",
  pollIntervalMs: 4_000,
  minProfitValue: 0n,
  maxLogRange: 10_000,
  pageSize: 100,
  receiptTimeoutMs: 60_000,
  // the least bonus of the parameters: whoever sells lower than that earns nothing in most liquidations, so a looser
  // bound only leaves more to a sandwich, and a tighter one fails where feeds and venues differ by a feed's threshold
  slippageBps: 100n,
  // where Uniswap v3 is deepest for the large pairs
  swapFeePpm: 500,
  // a quarter of the lag of the parameters: three more turns before an initial haircut climbs
  refreshIntervalFor: 21_600n,
  // four times what a turn over 13 measures with six hourly rounds each costs: docs/benchmarks.md
  refreshGas: 10_000_000n,
  // some twenty queues of several tickets, or eighty buffers: a call uses 100,000 to 600,000
  sleeveGas: 10_000_000n,
  keepsShares: false,
};

/** What is wrong with one option or variable. */
interface ConfigIssue {
  readonly name: string;
  readonly rule: string;
  /** As it was given; for secrets, that it is secret. */
  readonly value: string;
}

/** The keeper cannot start with what it was told. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    super(issues.map(({ name, rule, value }) => `${name}: ${rule}; found ${value}.`).join("\n"));
    this.issues = issues;
  }
}

/** Options as commander hands them over. */
export type RawOptions = Readonly<Record<string, string | boolean | undefined>>;

type Environment = Readonly<Record<string, string | undefined>>;

const wholeFrom = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((number) => number >= least && number <= most);

const address = z
  .string()
  .refine((text) => isAddress(text))
  .transform((text) => getAddress(text));

const decimal = z.string().regex(/^\d{1,15}(\.\d{1,18})?$/);

const SCHEMA = z.object({
  rpc: z.url({ protocol: /^https?$/ }),
  vault: address,
  dryRun: z.boolean().default(false),
  once: z.boolean().default(false),
  fromBlock: wholeFrom(0, 1e12).optional(),
  pollIntervalMs: wholeFrom(50, 3_600_000).default(DEFAULT_SETTINGS.pollIntervalMs),
  minProfitUsd: decimal.transform((text) => toWad(text)).default(0n),
  maxLogRange: wholeFrom(1, 1e6).default(DEFAULT_SETTINGS.maxLogRange),
  pageSize: wholeFrom(1, 1_000).default(DEFAULT_SETTINGS.pageSize),
  maxAllowance: decimal.optional(),
  nativePriceUsd: decimal.transform((text) => toWad(text)).optional(),
  receiptTimeoutMs: wholeFrom(1_000, 3_600_000).default(DEFAULT_SETTINGS.receiptTimeoutMs),
  liquidator: address.optional(),
  slippageBps: wholeFrom(1, 2_000).transform(BigInt).default(DEFAULT_SETTINGS.slippageBps),
  swapFeePpm: wholeFrom(1, 100_000).default(DEFAULT_SETTINGS.swapFeePpm),
  refreshIntervalMin: wholeFrom(1, 10_080).optional(),
  refreshGas: wholeFrom(0, 1e12).transform(BigInt).default(DEFAULT_SETTINGS.refreshGas),
  sleeveGas: wholeFrom(0, 1e12).transform(BigInt).default(DEFAULT_SETTINGS.sleeveGas),
  keepShares: z.boolean().default(DEFAULT_SETTINGS.keepsShares),
  logLevel: z.enum(LOG_LEVELS).default("info"),
  privateKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default(KEY_VARIABLE),
});

/** What each option must be, in words. */
const RULES: Readonly<Record<string, string>> = {
  rpc: "the http(s) address of a node is needed",
  vault: "the address of the vault is needed, 0x and 40 hexadecimal digits with a right checksum",
  fromBlock: "a block number from 0 to 10^12",
  pollIntervalMs: "whole milliseconds from 50 to 3600000",
  minProfitUsd: "a decimal such as 2.50, at most 18 decimals",
  maxLogRange: "a number of blocks from 1 to 1000000",
  pageSize: "a number of accounts from 1 to 1000",
  maxAllowance: "a decimal of whole tokens such as 100000, at most 18 decimals",
  nativePriceUsd: "a decimal such as 2500, at most 18 decimals",
  receiptTimeoutMs: "whole milliseconds from 1000 to 3600000",
  liquidator:
    "the address of a FlashLiquidator, 0x and 40 hexadecimal digits with a right checksum",
  slippageBps: "whole bps from 1 to 2000",
  swapFeePpm: "whole millionths from 1 to 100000, such as 100, 500, 3000 or 10000",
  refreshIntervalMin: "whole minutes from 1 to 10080",
  refreshGas: "an amount of gas from 0 to 10^12",
  sleeveGas: "an amount of gas from 0 to 10^12",
  logLevel: `one of ${LOG_LEVELS.join(", ")}`,
  privateKeyEnv: "the name of an environment variable",
};

/**
 * Checks options and environment and freezes the result. Throws `ConfigError` that lists everything
 * that is wrong: name, rule, value.
 */
export function parseConfig(options: RawOptions, environment: Environment): KeeperConfig {
  const parsed = SCHEMA.safeParse(options);
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
    throw new ConfigError([...names].map((name) => issueOf(name, options[name])));
  }
  const { data } = parsed;
  const mode = data.dryRun ? "dry-run" : "send";
  const privateKey = readKey(data.privateKeyEnv, mode, environment);
  return Object.freeze({
    mode,
    rpcUrl: data.rpc,
    vault: data.vault,
    runs: data.once ? "once" : "forever",
    logLevel: data.logLevel,
    pollIntervalMs: data.pollIntervalMs,
    minProfitValue: data.minProfitUsd,
    maxLogRange: data.maxLogRange,
    pageSize: data.pageSize,
    receiptTimeoutMs: data.receiptTimeoutMs,
    slippageBps: data.slippageBps,
    swapFeePpm: data.swapFeePpm,
    refreshGas: data.refreshGas,
    sleeveGas: data.sleeveGas,
    keepsShares: data.keepShares,
    refreshIntervalFor:
      data.refreshIntervalMin === undefined
        ? DEFAULT_SETTINGS.refreshIntervalFor
        : BigInt(data.refreshIntervalMin) * 60n,
    ...(data.liquidator === undefined ? {} : { liquidator: data.liquidator }),
    ...(data.fromBlock === undefined ? {} : { fromBlock: data.fromBlock }),
    ...(data.maxAllowance === undefined ? {} : { maxAllowance: data.maxAllowance }),
    ...(data.nativePriceUsd === undefined ? {} : { nativePriceValue: data.nativePriceUsd }),
    ...(privateKey === undefined ? {} : { privateKey }),
  });
}

/** `parseConfig` with the environment of this process. */
export function readConfig(options: RawOptions): KeeperConfig {
  return parseConfig(options, process.env);
}

function readKey(
  variable: string,
  mode: KeeperSettings["mode"],
  environment: Environment,
): string | undefined {
  const key = environment[variable];
  if (key === undefined || key === "") {
    if (mode === "dry-run") return undefined;
    const rule = "a private key is needed to send transactions (with --dry-run none is)";
    throw new ConfigError([{ name: variable, rule, value: "no such environment variable" }]);
  }
  if (/^0x[0-9a-fA-F]{64}$/.test(key) && BigInt(key) !== 0n) return key;
  const rule = "a private key is 0x and 64 hexadecimal digits, not all 0";
  throw new ConfigError([{ name: variable, rule, value: `${key.length} secret characters` }]);
}

function issueOf(name: string, value: string | boolean | undefined): ConfigIssue {
  const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const found = value === undefined ? "nothing" : `"${name === "rpc" ? "***" : value}"`;
  return { name: option, rule: RULES[name] ?? "not understood", value: found };
}
