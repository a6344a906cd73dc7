// Reads what the optimiser needs from a node: the account, what its owner could add, prices, haircuts and tier.
import type { BlockTag, Provider } from "ethers";
import type { ICollateralVault } from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { type AccountId, ownerOf } from "../accountId.ts";
import { tokenAt } from "../contracts.ts";
import { type AssetView, readMarket, readPair } from "../market.ts";
import { max, min, PPM, UINT256_MAX } from "../mathLib.ts";
import { isCovered } from "../healthMath.ts";
import { type AccountView, readAccount, readTier } from "../reader.ts";
import type { CollateralLine, DebtLine } from "../snapshot.ts";
import type { Candidate, OptimiserProblem } from "./problem.ts";

/** What the owner wants, and what things cost; the rest is on the chain. */
export interface OptimiserWishes {
  readonly bufferBps: bigint;
  /** what a year of pledging costs, of the value, by address of the asset; 0 for one that is not named [wad] */
  readonly yieldsWad: ReadonlyMap<string, bigint>;
  /** `pledged`: only what the account has; `wallet`: what the owner holds as well */
  readonly sources: "pledged" | "wallet";
  readonly moveCostValue: bigint;
  readonly moveCostBps: bigint;
  readonly heldFor: bigint;
}

/** The problem of an account as it stands at a block. */
export async function readOptimiserProblem(
  provider: Provider,
  vault: ICollateralVault,
  account: AccountId,
  wishes: OptimiserWishes,
  blockTag: BlockTag = "latest",
): Promise<OptimiserProblem> {
  const [view, market, tier, block] = await Promise.all([
    readAccount(vault, account, blockTag),
    readMarket(vault, blockTag),
    readTier(vault, ownerOf(account), blockTag),
    provider.getBlock(blockTag),
  ]);
  const nowAt = BigInt(block?.timestamp ?? 0);
  const { sources, yieldsWad, ...costs } = wishes;
  const candidates = await Promise.all(
    market.assets.map((asset) =>
      readCandidate(provider, vault, { account, view, asset, nowAt, blockTag, sources, yieldsWad }),
    ),
  );
  return {
    ...costs,
    candidates: candidates.filter((one) => one !== undefined),
    debts: view.snapshot.debts.map((line) => beforeJumps(line, market.assets)),
    surchargeBps: tier.surchargeBps,
    isHealthy: view.callState === "healthy" && isCovered(view.row),
  };
}

interface Reading {
  readonly account: AccountId;
  readonly view: AccountView;
  readonly asset: AssetView;
  readonly nowAt: bigint;
  readonly blockTag: BlockTag;
  readonly sources: OptimiserWishes["sources"];
  readonly yieldsWad: OptimiserWishes["yieldsWad"];
}

/** undefined for an asset that is neither pledged nor could be */
async function readCandidate(
  provider: Provider,
  vault: ICollateralVault,
  reading: Reading,
): Promise<Candidate | undefined> {
  const { account, view, asset, nowAt, blockTag, sources, yieldsWad } = reading;
  const place = view.snapshot.collaterals.findIndex((line) => line.asset === asset.asset);
  const held = view.snapshot.collaterals[place];
  const walletAssets =
    sources === "wallet"
      ? await tokenAt(asset.asset, provider).balanceOf(ownerOf(account), { blockTag })
      : 0n;
  if (held === undefined && (walletAssets === 0n || asset.capAssets === 0n)) return undefined;
  const line = held ?? (await readLine(vault, view, asset, blockTag));
  const isTakeable = !asset.seizurePaused && !asset.isWorthless;
  const seizableAt = view.seizures[place]?.seizableAt ?? 0n;
  const counts = view.snapshot.debts.length === 0 || line.haircutMaintenancePpm < PPM;
  const mayOpen = held !== undefined || (!asset.supplyPaused && counts);
  const price = { slowPrice: openingPrice(asset, line) };
  return {
    line: { ...line, ...price },
    walletAssets,
    capAssets: asset.capAssets,
    isTakeable,
    mayEnter: isTakeable && mayOpen && seizableAt <= nowAt,
    yieldWad: yieldsWad.get(asset.asset) ?? 0n,
  };
}

/** the line of a collateral that the account does not hold, as the judge would read it */
async function readLine(
  vault: ICollateralVault,
  { snapshot }: AccountView,
  asset: AssetView,
  blockTag: BlockTag,
): Promise<CollateralLine> {
  const pairs = await Promise.all(
    snapshot.debts.map(({ id }) => readPair(vault, asset.asset, id, blockTag)),
  );
  const over = (of: (pair: (typeof pairs)[number]) => bigint): bigint =>
    pairs.reduce((most, pair) => max(most, pair.isListed ? of(pair) : PPM), 0n);
  const { id, totalAssets, price, slowPrice, isFresh } = asset;
  return {
    id,
    asset: asset.asset,
    assets: 0n,
    totalAssets,
    price,
    slowPrice,
    isFresh: isFresh && !asset.isWorthless,
    haircutInitialPpm: over(({ initialPpm }) => initialPpm),
    haircutMaintenancePpm: over(({ maintenancePpm }) => maintenancePpm),
    depthValue: pairs.reduce((least, { depthValue }) => min(least, depthValue), UINT256_MAX),
  };
}

/** while a jump is not confirmed, the lower of the prices before and after counts for what is taken as cover */
function openingPrice({ jumpEndsAt, priceBeforeJump }: AssetView, line: CollateralLine): bigint {
  return jumpEndsAt === 0n ? line.slowPrice : min(line.slowPrice, priceBeforeJump);
}

/** and the higher for what is owed */
function beforeJumps(line: DebtLine, assets: readonly AssetView[]): DebtLine {
  const asset = assets.find(({ id }) => id === line.assetId);
  if (asset === undefined || asset.jumpEndsAt === 0n) return line;
  return { ...line, slowPrice: max(line.slowPrice, asset.priceBeforeJump) };
}
