// The whole protocol on a local chain, with tokens that anyone may mint and feeds whose prices are set by hand.
//
//   const connection = await network.create();
//   const system = await deployLocalSystem(await connection.ethers.getSigners());
//   await system.setPrice("WETH", 2_400_00000000n);
import type { ContractTransactionResponse, Provider, Signer } from "ethers";
import { type Addresses, executeSteps, SignersTooFew } from "../deploy/execute.ts";
import type { Parameters } from "../deploy/schema.ts";
import { planDeployment } from "../deploy/plan.ts";
import { shareDecimalsOf, stepOf, symbolOf } from "../deploy/sleeves.ts";
import { aggregatorId, feedId, fundId, poolId, tokenId } from "../deploy/steps.ts";
import type { AccessManager } from "../types/ethers-contracts/@openzeppelin/contracts/access/manager/AccessManager.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { InsuranceFund } from "../types/ethers-contracts/contracts/InsuranceFund.ts";
import type { LendingPool } from "../types/ethers-contracts/contracts/LendingPool.ts";
import type { MockAggregator } from "../types/ethers-contracts/contracts/mocks/MockAggregator.sol/MockAggregator.ts";
import type { MockFeedProxy } from "../types/ethers-contracts/contracts/mocks/MockAggregator.sol/MockFeedProxy.ts";
import type { MockToken } from "../types/ethers-contracts/contracts/mocks/MockToken.ts";
import type { VenueAllocator } from "../types/ethers-contracts/contracts/VenueAllocator.ts";
import { SPOKEN } from "../deploy/contracts.ts";
import { chooseLocal, type LocalChoice, readLocal } from "./localParameters.ts";

/** What a local system is made of, where it is not deploy/params/local.json5 as it is. */
export interface LocalOptions extends LocalChoice {
  /** A last change to the parameters, after the choices above. */
  readonly adjust?: (params: Parameters) => Parameters;
}

/** A token with its feed, as the vault lists it. */
export interface LocalAsset {
  readonly symbol: string;
  readonly id: bigint; // in the registry of assets
  readonly decimals: number;
  readonly address: string;
  readonly token: MockToken;
  readonly feed: MockFeedProxy; // the address that the vault reads
  readonly aggregator: MockAggregator; // behind it: `push` gives it any round
}

/** A lending pool, as the vault lists it. */
interface LocalPool {
  readonly symbol: string; // of its cash
  readonly id: bigint; // in the registry of pools
  readonly address: string;
  readonly pool: LendingPool;
  readonly fund: InsuranceFund; // which bears its losses first
  readonly asset: LocalAsset;
}

/** A sleeve, whose shares the vault lists behind the assets. */
export interface LocalSleeve {
  readonly kind: "allocator" | "pool";
  readonly symbol: string; // of its shares
  readonly id: bigint; // in the registry of assets
  readonly decimals: number; // of its shares
  readonly address: string;
  readonly sleeve: VenueAllocator; // of a pool only what every ERC-4626 token has
  readonly asset: LocalAsset;
}

/** Who holds which role, and the deployer, who holds none. */
interface LocalRoles {
  readonly deployer: Signer;
  readonly admin: Signer;
  readonly governor: Signer;
  readonly riskSteward: Signer;
  readonly guardian: Signer;
  readonly feeCollector: Signer;
  readonly venueManager: Signer;
}

/** Everything about a local deployment; contracts are connected to the deployer, who has no rights any more. */
export interface LocalSystem {
  readonly provider: Provider;
  readonly params: Parameters;
  readonly vault: ICollateralVault;
  readonly vaultAddress: string;
  readonly manager: AccessManager;
  readonly roles: LocalRoles;
  /** Signers without a part in the deployment: owners, lenders, keepers. */
  readonly actors: readonly Signer[];
  readonly assets: readonly LocalAsset[];
  readonly pools: readonly LocalPool[];
  readonly sleeves: readonly LocalSleeve[];
  /** Address of everything that was created, by the id of its step, such as `VaultLens` or `Pool_USDC`. */
  readonly addresses: Addresses;
  /** An asset by symbol. @throws SymbolUnknown */
  asset(symbol: string): LocalAsset;
  /** A pool by the symbol of its cash. @throws SymbolUnknown */
  pool(symbol: string): LocalPool;
  /** A sleeve by the symbol of its shares. @throws SymbolUnknown */
  sleeve(symbol: string): LocalSleeve;
  /**
   * Pushes a round to the feed of an asset.
   * @param price8 Price [USD, 8 decimals]
   * @param updatedAt Time of the round, not after the block that reads it; the latest block's if left out [unix s]
   */
  setPrice(symbol: string, price8: bigint, updatedAt?: bigint): Promise<void>;
  /** Pushes a round to several feeds, all with the same time. */
  setPrices(prices: Readonly<Record<string, bigint>>, updatedAt?: bigint): Promise<void>;
  /** Mints tokens. @param units How much [base units] */
  mint(symbol: string, receiver: string | Signer, units: bigint): Promise<void>;
  /** Mints cash to a lender, who deposits it in the pool. @param units How much [base units] */
  lend(symbol: string, lender: Signer, units: bigint): Promise<void>;
}

/** No asset or pool has this symbol. */
export class SymbolUnknown extends Error {
  override readonly name = "SymbolUnknown";
  readonly symbol: string;
  readonly known: readonly string[];

  constructor(noun: string, symbol: string, known: readonly string[]) {
    super(`${noun} "${symbol}" found nowhere, allowed: ${known.join(", ")}`);
    this.symbol = symbol;
    this.known = known;
  }
}

/** Signers that take part in a deployment: the deployer and one for each role. */
export const LOCAL_SIGNERS = 7;

// An answer must not come from the future, and the clock of a new chain may be behind ours.
const FIRST_PRICE_AGE = 1n;

/**
 * Deploys tokens, feeds and the protocol by the same list of steps that Ignition runs.
 * @param signers Accounts of the node, at least `LOCAL_SIGNERS`: deployer, admin, governor, risk steward, guardian, fee
 * collector, venue manager; the others are actors.
 * @throws SignersTooFew, ParametersInvalid, StepFailed, RangeError for a signer without provider
 */
export async function deployLocalSystem(
  signers: readonly Signer[],
  options: LocalOptions = {},
): Promise<LocalSystem> {
  const roles = rolesOf(signers);
  const { provider } = roles.deployer;
  if (provider === null) {
    throw new RangeError("found a signer without provider, allowed: a connected one");
  }
  const chosen = chooseLocal(readLocal(), options);
  const params = options.adjust?.(chosen) ?? chosen;
  const pricedAt = (await latestAt(provider)) - FIRST_PRICE_AGE;
  const addresses = await executeSteps(planDeployment(params, pricedAt), signers);
  const assets = params.assets.map((_, index) => assetAt(params, index, addresses, roles.deployer));
  const pools = params.pools.map((_, index) =>
    poolAt(params, index, addresses, assets, roles.deployer),
  );
  const sleeves = params.sleeves.map((_, index) =>
    sleeveAt(params, index, addresses, assets, roles.deployer),
  );
  return {
    provider,
    params,
    roles,
    actors: signers.slice(LOCAL_SIGNERS),
    assets,
    pools,
    sleeves,
    addresses,
    vaultAddress: addressAt(addresses, "CollateralVault"),
    vault: SPOKEN.ICollateralVault.connect(addressAt(addresses, "CollateralVault"), roles.deployer),
    manager: SPOKEN.AccessManager.connect(addressAt(addresses, "AccessManager"), roles.deployer),
    sleeve: (symbol) => bySymbol("sleeve", sleeves, symbol),
    ...verbsOf(provider, assets, pools),
  };
}

type Verbs = Pick<LocalSystem, "asset" | "pool" | "setPrice" | "setPrices" | "mint" | "lend">;

function verbsOf(
  provider: Provider,
  assets: readonly LocalAsset[],
  pools: readonly LocalPool[],
): Verbs {
  const asset = (symbol: string) => bySymbol("asset", assets, symbol);
  const pool = (symbol: string) => bySymbol("pool", pools, symbol);
  const setPrices = async (prices: Readonly<Record<string, bigint>>, updatedAt?: bigint) => {
    const at = updatedAt ?? (await latestAt(provider));
    let last: ContractTransactionResponse | undefined;
    for (const [symbol, price8] of Object.entries(prices)) {
      last = await asset(symbol).aggregator.push(price8, at);
    }
    await last?.wait(); // one sender's are mined in order
  };
  const mint = async (symbol: string, receiver: string | Signer, units: bigint) => {
    const to = typeof receiver === "string" ? receiver : await receiver.getAddress();
    await (await asset(symbol).token.mint(to, units)).wait();
  };
  return {
    asset,
    pool,
    setPrices,
    setPrice: (symbol, price8, updatedAt) => setPrices({ [symbol]: price8 }, updatedAt),
    mint,
    async lend(symbol, lender, units) {
      const { pool: lending, address } = pool(symbol);
      await mint(symbol, lender, units);
      await (await asset(symbol).token.connect(lender).approve(address, units)).wait();
      await (await lending.connect(lender).deposit(units, await lender.getAddress())).wait();
    },
  };
}

function rolesOf(signers: readonly Signer[]): LocalRoles {
  const [deployer, admin, governor, riskSteward, guardian, feeCollector, venueManager] = signers;
  if (!deployer || !admin || !governor || !riskSteward) {
    throw new SignersTooFew(signers.length, LOCAL_SIGNERS);
  }
  if (!guardian || !feeCollector || !venueManager) {
    throw new SignersTooFew(signers.length, LOCAL_SIGNERS);
  }
  return { deployer, admin, governor, riskSteward, guardian, feeCollector, venueManager };
}

function assetAt(
  params: Parameters,
  index: number,
  addresses: Addresses,
  runner: Signer,
): LocalAsset {
  const found = params.assets[index];
  if (found === undefined) throw new RangeError(`asset ${index} found nowhere`);
  const { symbol, decimals } = found;
  const address = addressAt(addresses, tokenId(symbol));
  return {
    symbol,
    id: BigInt(index),
    decimals,
    address,
    token: SPOKEN.MockToken.connect(address, runner),
    feed: SPOKEN.MockFeedProxy.connect(addressAt(addresses, feedId(symbol)), runner),
    aggregator: SPOKEN.MockAggregator.connect(addressAt(addresses, aggregatorId(symbol)), runner),
  };
}

function poolAt(
  params: Parameters,
  index: number,
  addresses: Addresses,
  assets: readonly LocalAsset[],
  runner: Signer,
): LocalPool {
  const symbol = params.pools[index]?.asset ?? "";
  const address = addressAt(addresses, poolId(symbol));
  return {
    symbol,
    id: BigInt(index),
    address,
    pool: SPOKEN.LendingPool.connect(address, runner),
    fund: SPOKEN.InsuranceFund.connect(addressAt(addresses, fundId(symbol)), runner),
    asset: bySymbol("asset", assets, symbol),
  };
}

/** Ids go on behind those of the assets. */
function sleeveAt(
  params: Parameters,
  index: number,
  addresses: Addresses,
  assets: readonly LocalAsset[],
  runner: Signer,
): LocalSleeve {
  const found = params.sleeves[index];
  if (found === undefined) throw new RangeError(`sleeve ${index} found nowhere`);
  const address = addressAt(addresses, stepOf(found));
  return {
    kind: found.kind,
    symbol: symbolOf(params, found),
    id: BigInt(params.assets.length + index),
    decimals: shareDecimalsOf(params, found),
    address,
    sleeve: SPOKEN.VenueAllocator.connect(address, runner),
    asset: bySymbol("asset", assets, found.asset),
  };
}

function bySymbol<T extends { readonly symbol: string }>(
  noun: string,
  rows: readonly T[],
  symbol: string,
): T {
  const row = rows.find((candidate) => candidate.symbol === symbol);
  if (row === undefined) {
    const known = rows.map((candidate) => candidate.symbol);
    throw new SymbolUnknown(noun, symbol, known);
  }
  return row;
}

function addressAt(addresses: Addresses, id: string): string {
  const address = addresses.get(id);
  if (address === undefined) throw new RangeError(`step "${id}" found in no deployment`);
  return address;
}

async function latestAt(provider: Provider): Promise<bigint> {
  const block = await provider.getBlock("latest");
  if (block === null) throw new RangeError("the node has no latest block");
  return BigInt(block.timestamp);
}
