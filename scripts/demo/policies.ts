// The accounts and prices of the demo, under the rules of several protocols, without a chain.
import { parseDecimal } from "../../deploy/quantity.ts";
import type { Parameters } from "../../deploy/schema.ts";
import { toAssetsUp, toSharesUp } from "../../sdk/debtShares.ts";
import { INDEX_ONE } from "../../sdk/interestModel.ts";
import type { CollateralLine, DebtLine } from "../../sdk/snapshot.ts";
import type { Policy, PriceStep, SimulatedAccount } from "../../sdk/simulator/accounts.ts";
import { aaveV3 } from "../../sdk/simulator/aaveV3.ts";
import { compoundV3 } from "../../sdk/simulator/compoundV3.ts";
import { KEEPER } from "../../sdk/simulator/keeperCost.ts";
import { AAVE_V3_MAINNET, COMPOUND_V3_MAINNET_USDT } from "../../sdk/simulator/published.ts";
import { type ReplayResult, replay } from "../../sdk/simulator/replay.ts";
import { surety, type SuretyTerms } from "../../sdk/simulator/surety.ts";
import { chooseLocal, readLocal } from "../localParameters.ts";
import { firstPriceOf, pairFor, populationOptions, systemOptions } from "./market.ts";
import { type Amount, makePopulation, type PopulationAccount } from "./population.ts";
import { columnOf, type PriceFile } from "../../sdk/priceFile.ts";

/** What `--policy` allows. */
export const POLICIES = ["surety", "aave-v3", "compound-v3", "all"] as const;
export type PolicyChoice = (typeof POLICIES)[number];

/** The names of the runs; `surety-curing` is Surety with owners who answer their calls. */
const RUNS = ["surety", "surety-curing", "aave-v3", "compound-v3"] as const;
export type RunName = (typeof RUNS)[number];

export interface PolicyOptions {
  readonly file: PriceFile;
  readonly accounts: number;
  readonly seed: number;
  /** share of owners who cure in the run `surety-curing`, 0 … 1 */
  readonly curing: number;
  readonly policy: PolicyChoice;
}

/** What each run did, in the order of `RUNS`. */
export type PolicyRuns = ReadonlyMap<RunName, ReplayResult>;

/**
 * Replays the file under the chosen policies. Nobody cures, but in `surety-curing`.
 * @param adjust A last change to the parameters of the local system, for trying other ones
 */
export function runPolicies(
  options: PolicyOptions,
  adjust: (params: Parameters) => Parameters = (params) => params,
): PolicyRuns {
  const { file, policy } = options;
  const params = adjust(chooseLocal(readLocal(), systemOptions(file)));
  const population = makePopulation(populationOptions(file, params, options));
  const steps = stepsOf(file, params);
  const opened = population.map((account) => open(file, params, account));
  const silent = opened.map((account) => ({ ...account, owner: undefined }));
  const terms = termsOf(params);
  const run = <S>(accounts: readonly SimulatedAccount[], rule: Policy<S>) =>
    replay({ accounts, steps, lastFor: BigInt(file.medianSpacing) }, rule);
  const runs: Record<RunName, () => ReplayResult> = {
    surety: () => run(silent, surety(terms)),
    "surety-curing": () => run(opened, surety(terms)),
    "aave-v3": () => run(silent, aaveV3(aaveTerms(params, terms))),
    "compound-v3": () => run(silent, compoundV3(compoundTerms(params, terms))),
  };
  const isChosen = (name: RunName) =>
    policy === "all" || name === policy || name.startsWith(`${policy}-`);
  return new Map(RUNS.filter(isChosen).map((name) => [name, runs[name]()]));
}

// ---- the accounts ----

function open(file: PriceFile, params: Parameters, account: PopulationAccount): SimulatedAccount {
  return {
    snapshot: {
      collaterals: account.collaterals.map((amount) => collateralLine(file, params, amount)),
      debts: account.debts.map((amount) => debtLine(file, params, amount)),
    },
    owner: account.cures
      ? { cureBy: account.cureBy, cureAfterFor: BigInt(account.cureAfterMinutes) * 60n }
      : undefined,
  };
}

function collateralLine(
  file: PriceFile,
  params: Parameters,
  { name, assets }: Amount,
): CollateralLine {
  const place = placeOf(params, name);
  const price = priceOf(params, place, firstPriceOf(file, name));
  const pair = pairFor(params, name);
  return {
    id: BigInt(place),
    asset: name,
    assets,
    totalAssets: assets,
    price,
    slowPrice: price,
    isFresh: true,
    haircutInitialPpm: pair.initialTargetPpm,
    haircutMaintenancePpm: pair.maintenanceTargetPpm,
    depthValue: parseDecimal(pair.depth, 18),
  };
}

function debtLine(file: PriceFile, params: Parameters, { name, assets }: Amount): DebtLine {
  const place = placeOf(params, name);
  const price = priceOf(params, place, firstPriceOf(file, name));
  const pool = params.pools.findIndex(({ asset }) => asset === name);
  const decimals = params.assets[place]?.decimals ?? 0;
  const shareUnit = 10n ** BigInt(Math.max(0, decimals - 12));
  const shares = toSharesUp(assets, INDEX_ONE, shareUnit);
  return {
    id: BigInt(pool),
    pool: name,
    assetId: BigInt(place),
    shares,
    index: INDEX_ONE,
    shareUnit,
    assets: toAssetsUp(shares, INDEX_ONE, shareUnit),
    price,
    slowPrice: price,
    isFresh: true,
    factorPpm: params.pools[pool]?.factorPpm ?? 1_000_000n,
  };
}

function placeOf(params: Parameters, name: string): number {
  const place = params.assets.findIndex(({ symbol }) => symbol === name);
  if (place < 0) throw new RangeError(`no asset ${name}`);
  return place;
}

// ---- the prices ----

/** 8 decimals a token → USD wad per 1e18 base units */
function priceOf(params: Parameters, place: number, price8: bigint): bigint {
  const decimals = params.assets[place]?.decimals ?? 0;
  return price8 * 10n ** BigInt(28 - decimals);
}

/** Every row; where a cell is empty, the last price still counts. */
function stepsOf(file: PriceFile, params: Parameters): readonly PriceStep[] {
  const symbols = params.assets.map(({ symbol }) => symbol);
  const columns = symbols.map((symbol) => columnOf(file, symbol));
  const gas = file.extras.get("gasPriceGweiP90");
  const last = symbols.map((symbol) => firstPriceOf(file, symbol));
  let gasPrice: bigint = KEEPER.gasPriceIfUnknown;
  const ether = symbols.indexOf("WETH");
  const etherIfUnknown = etherPriceIfUnknown();
  return file.unix.map((at, row) => {
    for (const [place, column] of columns.entries())
      last[place] = column?.[row] ?? last[place] ?? 0n;
    const gwei8 = gas?.[row];
    if (gwei8 !== undefined) gasPrice = gwei8 * 10n;
    return {
      at: BigInt(at),
      prices: last.map((price8, place) => priceOf(params, place, price8)),
      gasPrice,
      etherPrice: ether < 0 ? etherIfUnknown : (last[ether] ?? 0n) * 10n ** 10n,
    };
  });
}

/** In a file without ether: the first price of the parameter file [USD wad] */
function etherPriceIfUnknown(): bigint {
  const asset = readLocal().assets.find(({ symbol }) => symbol === "WETH");
  return parseDecimal(asset?.firstPrice ?? "0", 18);
}

// ---- the rules ----

function termsOf(params: Parameters): SuretyTerms {
  const least = params.pools.map(({ terms }) => parseDecimal(terms.minimumDebt, 18));
  return {
    parameters: params.risk,
    maxBonusBps: byId(params, (symbol) => pairFor(params, symbol).maxBonusBps),
    minimumDebtValue: least.reduce((a, b) => (a > b ? a : b), 0n),
  };
}

function aaveTerms(params: Parameters, reference: SuretyTerms) {
  return {
    reference,
    collaterals: byId(params, (symbol) => publishedBy("Aave v3", AAVE_V3_MAINNET, symbol)),
  };
}

function compoundTerms(params: Parameters, reference: SuretyTerms) {
  const { storeFrontPriceFactorBps, collaterals } = COMPOUND_V3_MAINNET_USDT;
  const factorOf = (symbol: string) =>
    publishedBy("Compound v3", collaterals, symbol).liquidationFactorBps;
  return { reference, storeFrontPriceFactorBps, liquidationFactorBps: byId(params, factorOf) };
}

/** of every asset that is collateral, by its id */
function byId<T>(params: Parameters, of: (symbol: string) => T): ReadonlyMap<bigint, T> {
  const cash = new Set(params.pools.map(({ asset }) => asset));
  return new Map(
    params.assets.flatMap(({ symbol }, place) =>
      cash.has(symbol) ? [] : [[BigInt(place), of(symbol)] as const],
    ),
  );
}

function publishedBy<T>(protocol: string, table: Readonly<Record<string, T>>, symbol: string): T {
  const found = table[symbol];
  if (found !== undefined) return found;
  const known = Object.keys(table).join(", ");
  throw new RangeError(`${protocol}: found no published terms of ${symbol}, known: ${known}`);
}
