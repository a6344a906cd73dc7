import { PPM } from "../../sdk/mathLib.ts";
import { makeRandom } from "./random.ts";
import type { Random } from "./random.ts";

/** A token as the population needs it. */
interface PoolAsset {
  readonly name: string;
  readonly price8: bigint; // USD, 8 decimals
  readonly decimals: number;
}

interface CollateralAsset extends PoolAsset {
  readonly haircutInitialPpm: bigint; // [0, 1_000_000)
}

export interface PopulationOptions {
  readonly accounts: number; // whole, at least 1
  readonly seed: number; // whole
  readonly collaterals: readonly CollateralAsset[];
  readonly pools: readonly PoolAsset[];
  readonly curing?: number; // share of owners who cure a margin call, 0 … 1, default 0.5
}

export interface Amount {
  readonly name: string;
  readonly assets: bigint; // above 0 [token units]
}

export interface PopulationAccount {
  readonly index: number;
  readonly collaterals: readonly Amount[]; // 1 … 3, different
  readonly debts: readonly Amount[]; // 1 … 2, different
  readonly cures: boolean; // whether the owner answers a margin call
  readonly cureBy: "deposit" | "repay"; // how, if so
  readonly cureAfterMinutes: number; // how long after the call, if so; 10 … 240
}

/** An option of the population out of its bounds. Asking again with the same options never helps. */
export class PopulationError extends Error {
  override readonly name = "PopulationError";
  readonly option: string;
  readonly found: string;
  readonly allowed: string;

  constructor(option: string, found: string, allowed: string) {
    super(`${option}: found ${found}; allowed: ${allowed}. Correct the option.`);
    this.option = option;
    this.found = found;
    this.allowed = allowed;
  }
}

/**
 * Makes up account owners. The same options give the same population (under one version of Node).
 * What account n holds depends on the seed and n only; `curing` changes nobody's balances.
 *
 * | what | drawn as |
 * | --- | --- |
 * | value of all collateral | log-normal, median 20,000 USD, sigma 1.2, clipped to 2,000 … 2,000,000 USD: the middle 68 % hold 6,024 … 66,402, 2.7 % lie at the lower end |
 * | number of collaterals | 1: 50 %, 2: 35 %, 3: 15 % (as many as there are) |
 * | shares of 2 or 3 | each 10 % + exponential weights on the rest, so that no share is below 10 % |
 * | number of debts | 1: 70 %, 2: 30 %; from the pools that are not among the account's collaterals, unless all are |
 * | shares of 2 debts | 25 … 75 %, uniform |
 * | coverage at the initial line, A_I / R | 1.02 … 1.10: 10 %, 1.10 … 1.50: 65 %, 1.50 … 2.50: 25 %, uniform within each |
 * | who cures | exactly round(curing × accounts) owners, the lowest of one draw each: who cures at 30 % also cures at 50 % |
 * | how | deposits: 50 %, repays: 50 % |
 * | how soon | 10 … 240 whole minutes after the call, uniform |
 *
 * A_I counts haircuts and no size brackets, R counts debt factor 1: a protocol with brackets or higher factors
 * sees a lower coverage. Token amounts are rounded down: collateral is worth at most one token unit less than drawn,
 * coverage is never below what was drawn by more than that unit is worth.
 */
export function makePopulation(options: PopulationOptions): readonly PopulationAccount[] {
  requireOptions(options);
  const drafts = Array.from({ length: options.accounts }, (_, index) =>
    drawAccount(index, options),
  );
  const curing = Math.round((options.curing ?? 0.5) * drafts.length);
  const ranked = [...drafts].sort((a, b) => a.cureRank - b.cureRank || a.index - b.index);
  const cures = new Set(ranked.slice(0, curing).map(({ index }) => index));
  return drafts.map(({ cureRank: _, ...account }) => ({
    ...account,
    cures: cures.has(account.index),
  }));
}

const MEDIAN_USD = 20_000;
const SIGMA = 1.2;
const MIN_USD = 2_000;
const MAX_USD = 2_000_000;
const MIN_SHARE = 0.1;

type Draft = Omit<PopulationAccount, "cures"> & { readonly cureRank: number };

function drawAccount(index: number, { seed, collaterals, pools }: PopulationOptions): Draft {
  const random = makeRandom(seed, index);
  const usd = Math.min(MAX_USD, Math.max(MIN_USD, MEDIAN_USD * Math.exp(SIGMA * random.normal())));
  const count = choose(random, [0.5, 0.35, 0.15]) + 1;
  const pledged = splitCollateral(
    random,
    BigInt(Math.round(usd * 100)),
    random.pick(collaterals, count),
  );
  const coveragePpm = BigInt(Math.round(drawCoverage(random) * 1_000_000));
  const cover = pledged.reduce((sum, { value, asset }) => sum + creditOf(value, asset), 0n);
  const debt = (cover * PPM) / coveragePpm;
  const debts = splitDebt(random, debt, pickPools(random, pools, pledged));
  return {
    index,
    collaterals: pledged.map(({ asset, assets }) => ({ name: asset.name, assets })),
    debts,
    cureBy: random.uniform() < 0.5 ? "deposit" : "repay",
    cureAfterMinutes: 10 + Math.floor(random.between(0, 231)),
    cureRank: random.uniform(),
  };
}

interface Pledge {
  readonly asset: CollateralAsset;
  readonly assets: bigint;
  readonly value: bigint; // [USD, 18 decimals]
}

function splitCollateral(
  random: Random,
  cents: bigint,
  chosen: readonly CollateralAsset[],
): Pledge[] {
  const weights = chosen.map(() => -Math.log(1 - random.uniform()));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const free = 1 - MIN_SHARE * chosen.length;
  const shares = weights.map((weight) =>
    chosen.length === 1 ? PPM : BigInt(Math.round((MIN_SHARE + (free * weight) / sum) * 1_000_000)),
  );
  const last = shares.slice(0, -1).reduce((rest, share) => rest - share, PPM);
  return chosen.map((asset, position) => {
    const share = position === chosen.length - 1 ? last : (shares[position] ?? 0n);
    const assets = toAssetsDown((centsToValue(cents) * share) / PPM, asset);
    return { asset, assets, value: toValueDown(assets, asset) };
  });
}

function splitDebt(random: Random, value: bigint, chosen: readonly PoolAsset[]): Amount[] {
  const firstPpm = BigInt(Math.round(random.between(0.25, 0.75) * 1_000_000));
  const [first, second] = chosen;
  if (first === undefined) return [];
  if (second === undefined) return [{ name: first.name, assets: toAssetsDown(value, first) }];
  const part = (value * firstPpm) / PPM;
  return [
    { name: first.name, assets: toAssetsDown(part, first) },
    { name: second.name, assets: toAssetsDown(value - part, second) },
  ];
}

function pickPools(
  random: Random,
  pools: readonly PoolAsset[],
  pledged: readonly Pledge[],
): PoolAsset[] {
  const names = new Set(pledged.map(({ asset }) => asset.name));
  const others = pools.filter(({ name }) => !names.has(name));
  const count = choose(random, [0.7, 0.3]) + 1;
  return random.pick(others.length === 0 ? pools : others, count);
}

function drawCoverage(random: Random): number {
  switch (choose(random, [0.1, 0.65, 0.25])) {
    case 0:
      return random.between(1.02, 1.1);
    case 1:
      return random.between(1.1, 1.5);
    default:
      return random.between(1.5, 2.5);
  }
}

/** Index of the part of [0, 1) that one draw falls into. */
function choose(random: Random, chances: readonly number[]): number {
  let rest = random.uniform();
  for (const [index, chance] of chances.entries()) {
    if (rest < chance) return index;
    rest -= chance;
  }
  return chances.length - 1;
}

// ── Units ───────────────────────────────────────────────────────────────────────────────────────

function centsToValue(cents: bigint): bigint {
  return cents * 10n ** 16n;
}

/** value / price in token units, rounded down. */
function toAssetsDown(value: bigint, { price8, decimals }: PoolAsset): bigint {
  return (value * 10n ** BigInt(decimals)) / (price8 * 10n ** 10n);
}

/** assets × price in USD with 18 decimals, rounded down. */
function toValueDown(assets: bigint, { price8, decimals }: PoolAsset): bigint {
  return (assets * price8 * 10n ** 10n) / 10n ** BigInt(decimals);
}

/** value × (1 − haircut), rounded down. */
function creditOf(value: bigint, { haircutInitialPpm }: CollateralAsset): bigint {
  return (value * (PPM - haircutInitialPpm)) / PPM;
}

// ── Bounds ──────────────────────────────────────────────────────────────────────────────────────

function requireOptions(options: PopulationOptions): void {
  const { accounts, seed, collaterals, pools, curing = 0.5 } = options;
  const check = (holds: boolean, option: string, found: unknown, allowed: string): void => {
    if (!holds) throw new PopulationError(option, String(found), allowed);
  };
  check(
    Number.isSafeInteger(accounts) && accounts >= 1,
    "accounts",
    accounts,
    "a whole number from 1",
  );
  check(Number.isSafeInteger(seed), "seed", seed, "a whole number");
  check(curing >= 0 && curing <= 1, "curing", curing, "a share from 0 to 1");
  for (const [list, assets] of Object.entries({ collaterals, pools })) {
    check(assets.length >= 1, list, "none", "at least one");
    for (const { name, price8, decimals } of assets) {
      const twice = assets.filter((asset) => asset.name === name).length > 1;
      check(!twice, `${list}.${name}`, "the name twice", "each name once");
      check(price8 > 0n, `${list}.${name}.price8`, price8, "above 0");
      const whole = Number.isInteger(decimals) && decimals >= 0 && decimals <= 36;
      check(whole, `${list}.${name}.decimals`, decimals, "a whole number from 0 to 36");
      const fine = price8 <= 10n ** BigInt(8 + decimals);
      check(
        fine,
        `${list}.${name}.decimals`,
        decimals,
        "so many that one unit is worth at most 1 USD",
      );
    }
  }
  for (const { name, haircutInitialPpm: haircut } of collaterals) {
    const holds = haircut >= 0n && haircut < PPM;
    check(holds, `collaterals.${name}.haircutInitialPpm`, haircut, "from 0 to 999,999");
  }
}
