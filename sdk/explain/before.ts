// The account just before a closing: lines of the block before, at the prices, haircuts, interest and time of the closing.
import type { ICollateralVault } from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { poolAt } from "../contracts.ts";
import { toAssetsUp } from "../debtShares.ts";
import {
  coverageDown,
  cushion,
  nav,
  sum,
  usedWad as usedOf,
  valueDown,
  valueUp,
} from "../healthMath.ts";
import type { LiquidationRules } from "../liquidationRun.ts";
import type { CollateralTerms } from "../seizure.ts";
import { max, min, mulDivUp, PPM, UINT256_MAX } from "../mathLib.ts";
import { type AssetView, type PairView, readMarket, readPair } from "../market.ts";
import { type AccountView, readAccount } from "../reader.ts";
import { creditDown } from "../sizeBrackets.ts";
import type { CollateralLine, DebtLine, RiskParameters, Snapshot } from "../snapshot.ts";
import type { Names } from "./names.ts";
import type { ClosingFacts } from "./receipt.ts";
import type { AccountBefore, CollateralBefore } from "./stories.ts";

/** What the node keeps of the time of a closing. */
export interface History {
  /** at the block before */
  readonly view: AccountView;
  /** at the block before */
  readonly parameters: RiskParameters;
  /** at the block of the closing, by id */
  readonly assets: readonly AssetView[];
  /** at the block of the closing: collaterals of the view, then its debts */
  readonly pairs: readonly (readonly PairView[])[];
  /** debt index at the block of the closing, for each debt of the view [parts in 1e12] */
  readonly indexes: readonly bigint[];
}

/** Reads what is needed of two blocks. Throws what the provider throws, most likely that the state is not kept. */
export async function readHistory(
  vault: ICollateralVault,
  { account, log }: ClosingFacts,
): Promise<History> {
  const block = log.blockNumber;
  const [view, past, present] = await Promise.all([
    readAccount(vault, account, block - 1),
    readMarket(vault, block - 1),
    readMarket(vault, block),
  ]);
  const { collaterals, debts } = view.snapshot;
  const runner = vault.runner;
  if (runner === null) throw new RangeError("the vault is connected to no provider");
  const indexes = debts.map(({ pool }) => poolAt(pool, runner).debtIndexNow({ blockTag: block }));
  const pairs = collaterals.map(({ asset }) =>
    Promise.all(debts.map(({ id }) => readPair(vault, asset, id, block))),
  );
  return {
    view,
    parameters: past.rules,
    assets: present.assets,
    pairs: await Promise.all(pairs),
    indexes: await Promise.all(indexes),
  };
}

/** Whose prices count where the event is silent: those after the block of the closing, or those before. */
export const PRICED_AT = ["after", "before"] as const;

export type PricedAt = (typeof PRICED_AT)[number];

/** The snapshot that the vault judged, as well as it can be known. */
export function rebuild(history: History, facts: ClosingFacts, pricedAt: PricedAt): Snapshot {
  const told = toldBy(facts);
  const { collaterals, debts } = history.view.snapshot;
  return {
    collaterals: collaterals.map((line, place) => {
      const moved = { ...line, ...termsOf(history.pairs[place] ?? []) };
      return rebuildCollateral(moved, history, told, pricedAt);
    }),
    debts: debts.map((line, place) => {
      const index = history.indexes[place] ?? line.index;
      const assets = toAssetsUp(line.shares, index, line.shareUnit);
      return rebuildDebt({ ...line, index, assets }, history, told, pricedAt);
    }),
  };
}

/** Prices and haircuts that an event tells. */
interface Told {
  readonly assetPrices: ReadonlyMap<string, bigint>;
  readonly haircutsPpm: ReadonlyMap<string, bigint>;
  readonly poolPrices: ReadonlyMap<bigint, bigint>;
}

function toldBy(facts: ClosingFacts): Told {
  if (facts.type === "liquidation") {
    const { legs } = facts;
    return {
      assetPrices: new Map(legs.map((leg) => [leg.asset, leg.collateralPrice])),
      haircutsPpm: new Map(legs.map((leg) => [leg.asset, leg.haircutPpm])),
      poolPrices: new Map(legs.map((leg) => [leg.pool, leg.debtPrice])),
    };
  }
  return {
    assetPrices: new Map(facts.taken.map(({ asset, price }) => [asset, price])),
    haircutsPpm: new Map(),
    poolPrices: new Map(facts.settled.map(({ pool, price }) => [pool, price])),
  };
}

/** as the judge takes them over the debts: the largest haircut, the smallest depth */
function termsOf(
  pairs: readonly PairView[],
): Pick<CollateralLine, "haircutInitialPpm" | "haircutMaintenancePpm" | "depthValue"> {
  return {
    haircutInitialPpm: pairs.map((p) => (p.isListed ? p.initialPpm : PPM)).reduce(max, 0n),
    haircutMaintenancePpm: pairs.map((p) => (p.isListed ? p.maintenancePpm : PPM)).reduce(max, 0n),
    depthValue: pairs.map(({ depthValue }) => depthValue).reduce(min, UINT256_MAX),
  };
}

function rebuildCollateral(
  line: CollateralLine,
  { assets }: History,
  told: Told,
  pricedAt: PricedAt,
): CollateralLine {
  const asset = assets[Number(line.id)];
  const price = told.assetPrices.get(line.asset);
  const haircut = told.haircutsPpm.get(line.asset);
  return {
    ...line,
    ...(pricedAt === "after" && asset !== undefined ? pricesOf(asset) : {}),
    ...(price === undefined ? {} : { price }),
    ...(haircut === undefined ? {} : { haircutMaintenancePpm: haircut, isFresh: true }),
  };
}

function rebuildDebt(
  line: DebtLine,
  { assets }: History,
  told: Told,
  pricedAt: PricedAt,
): DebtLine {
  const asset = assets[Number(line.assetId)];
  const price = told.poolPrices.get(line.id);
  return {
    ...line,
    ...(pricedAt === "after" && asset !== undefined ? pricesOf(asset) : {}),
    ...(price === undefined ? {} : { price }),
    isFresh: true, // or the vault would have refused
  };
}

/** what is declared worthless has no price */
function pricesOf(asset: AssetView): Pick<CollateralLine, "price" | "slowPrice" | "isFresh"> {
  if (asset.isWorthless) return { price: 0n, slowPrice: 0n, isFresh: false };
  return { price: asset.price, slowPrice: asset.slowPrice, isFresh: asset.isFresh };
}

/** What governance set for the lines of the account. */
export function rulesOf({ view, parameters, pairs }: History): LiquidationRules {
  const collaterals = view.seizures.map((seizure, place): CollateralTerms => ({
    ...seizure,
    maxBonusBps: (pairs[place] ?? []).map(({ maxBonusBps }) => maxBonusBps),
  }));
  return { parameters, collaterals };
}

/** The account in words and values. */
export function describeBefore(
  snapshot: Snapshot,
  history: History,
  block: number,
  names: Names,
): AccountBefore {
  const health = sum(snapshot, "protocol");
  return {
    block,
    collaterals: snapshot.collaterals.map((line, place) =>
      describeCollateral(line, history.view.seizures[place]?.isSeizurePaused ?? false, names),
    ),
    debts: snapshot.debts.map((line) => {
      const value = valueUp(line.assets, line.price);
      return {
        pool: names.pool(line.id),
        assets: line.assets,
        price: line.price,
        factorPpm: line.factorPpm,
        value,
        requirement: mulDivUp(value, line.factorPpm, PPM),
      };
    }),
    health,
    navValue: nav(health),
    cushionValue: cushion(health),
    usedWad: usedOf(health),
    coverageWad: coverageDown(health),
    callState: history.view.callState,
    parameters: history.parameters,
  };
}

function describeCollateral(
  line: CollateralLine,
  isSeizurePaused: boolean,
  names: Names,
): CollateralBefore {
  const value = valueDown(line.assets, line.price);
  return {
    token: names.token(line.asset),
    assets: line.assets,
    price: line.price,
    isFresh: line.isFresh,
    haircutPpm: line.haircutMaintenancePpm,
    depthValue: line.depthValue,
    value,
    creditValue: creditDown(value, line.depthValue, line.haircutMaintenancePpm),
    isSeizurePaused,
  };
}
