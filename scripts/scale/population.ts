// Accounts of a stated seed, as a keeper knows them: without a chain.
import type { Sighting } from "../../keeper/watch.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { creditDown } from "../../sdk/sizeBrackets.ts";
import {
  isBeyondCloseOut,
  isCovered,
  isInsolvent,
  sum,
  usedWad,
  valueDown,
} from "../../sdk/healthMath.ts";
import { PPM, WAD } from "../../sdk/mathLib.ts";
import type { AccountStatus, HealthRow } from "../../sdk/reader.ts";
import type { CollateralLine, DebtLine, RiskParameters, Snapshot } from "../../sdk/snapshot.ts";
import { makeRandom, type Random } from "../demo/random.ts";

export const SEED = 7;
export const SIGHTED_AT = 1_767_225_600n; // 1 January 2026 [unix s]

/** Eight collaterals, then four kinds of cash, at these prices [USD] */
const PRICES_USD = [2_500, 60_000, 15, 2_490, 150, 0.7, 8, 30, 1, 1, 1, 1];
const COLLATERALS = 8;
const HELD = 3;
const OWED = 2;
/** Haircuts of the eight collaterals [ppm] */
const HAIRCUTS_PPM = [
  140_000n,
  130_000n,
  250_000n,
  150_000n,
  280_000n,
  320_000n,
  300_000n,
  350_000n,
];
const INITIAL_MORE_PPM = 80_000n;
const DEPTH_VALUE = 200_000_000n * WAD;
const ADDRESS = `0x${"11".repeat(20)}`;
const INDEX = 10n ** 27n;

/** What an account's cover has beyond what it owes: one in seventy has less than nothing. */
const MARGIN = { low: -0.01, high: 0.7 };

/** Prices of all assets by id [USD wad per 1e18 base units]; tokens with 18 decimals */
export const PRICES: readonly bigint[] = PRICES_USD.map(toPrice);

/** Ten minutes later: the second asset has fallen by 2 %, the others moved by a tenth of it; cash stays. */
export const LATER = {
  nowAt: SIGHTED_AT + 600n,
  prices: PRICES.map((price, id) => {
    const movePpm = id === 1 ? -20_000n : id < COLLATERALS ? (id % 2 === 0 ? 2_000n : -2_000n) : 0n;
    return (price * (PPM + movePpm)) / PPM;
  }),
};

/** Accounts with three collaterals and two debts, worth 1,000 to 1,000,000 USD; the same for the same count. */
export function* makeSnapshots(count: number, seed = SEED): Generator<Snapshot> {
  const random = makeRandom(seed);
  for (let place = 0; place < count; place++) yield makeSnapshot(random);
}

/** What a keeper remembers of them. */
export function* makeSightings(count: number, rules: RiskParameters): Generator<Sighting> {
  let place = 0;
  for (const snapshot of makeSnapshots(count)) {
    const row = judge(accountAt(place++), snapshot, rules);
    yield { row, nowAt: SIGHTED_AT, prices: PRICES };
  }
}

/** The whole evaluation of an account from its snapshot, at spot: the lens' `healthOf` in the sdk. */
export function judge(account: AccountId, snapshot: Snapshot, rules: RiskParameters): HealthRow {
  const health = sum(snapshot, "protocol");
  const { closeOutBps, bonusMinBps, feeBps } = rules;
  let status: AccountStatus = "healthy";
  if (isInsolvent(health, bonusMinBps, feeBps)) status = "insolvent";
  else if (isBeyondCloseOut(health, closeOutBps)) status = "liquidatable";
  else if (!isCovered(health)) status = "callable";
  return {
    ...health,
    account,
    status,
    usedWad: usedWad(health),
    deadline: 0n,
    liquidations: 0n,
    version: 1n,
    heldAssets: bitsOf(snapshot.collaterals.map(({ id }) => id)),
    owedAssets: bitsOf(snapshot.debts.map(({ assetId }) => assetId)),
  };
}

function bitsOf(ids: readonly bigint[]): bigint {
  return ids.reduce((bits, id) => bits | (1n << id), 0n);
}

/** The account with this place. */
export function accountAt(place: number): AccountId {
  const owner = (0x5e_0000_0000 + place).toString(16).padStart(40, "0");
  return toAccountId(`0x${owner}`, 0n);
}

function makeSnapshot(random: Random): Snapshot {
  const worthUsd = 10 ** random.between(3, 6);
  const ids = random.pick([...Array(COLLATERALS).keys()], HELD);
  const collaterals = ids.map((id) =>
    collateralLine(id, (worthUsd * random.between(0.5, 1.5)) / HELD),
  );
  const cover = collaterals.reduce(
    (total, { assets, price, depthValue, haircutMaintenancePpm }) =>
      total + creditDown(valueDown(assets, price), depthValue, haircutMaintenancePpm),
    0n,
  );
  const sharePpm = BigInt(Math.round((1 - random.between(MARGIN.low, MARGIN.high)) * 1e6));
  const each = (cover * sharePpm) / PPM / BigInt(OWED);
  const cash = random.pick([0, 1, 2, 3], OWED);
  return { collaterals, debts: cash.map((pool) => debtLine(pool, each)) };
}

function collateralLine(id: number, worthUsd: number): CollateralLine {
  const price = PRICES[id] ?? WAD;
  const haircut = HAIRCUTS_PPM[id] ?? 0n;
  const assets = (BigInt(Math.round(worthUsd * 1e6)) * 10n ** 12n * WAD) / price;
  return {
    id: BigInt(id),
    asset: ADDRESS,
    assets,
    totalAssets: assets * 1_000n,
    price,
    slowPrice: price,
    isFresh: true,
    haircutInitialPpm: haircut + INITIAL_MORE_PPM,
    haircutMaintenancePpm: haircut,
    depthValue: DEPTH_VALUE,
  };
}

function debtLine(pool: number, assets: bigint): DebtLine {
  return {
    id: BigInt(pool),
    pool: ADDRESS,
    assetId: BigInt(COLLATERALS + pool),
    shares: assets,
    index: INDEX,
    shareUnit: 1n,
    assets,
    price: WAD,
    slowPrice: WAD,
    isFresh: true,
    factorPpm: PPM,
  };
}

function toPrice(usd: number): bigint {
  return BigInt(Math.round(usd * 1e6)) * 10n ** 12n;
}
