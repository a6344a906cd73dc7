// The protocol and its people on an in-process chain, at the first moment of a price file.
import { network } from "hardhat";
import { MaxUint256, type Signer } from "ethers";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { type LocalOptions, type LocalSystem, deployLocalSystem } from "../localSystem.ts";
import { makePopulation, type PopulationAccount } from "./population.ts";
import { type Column, columnOf, type PriceFile } from "./priceFile.ts";

/** What the demo is asked to build. */
interface WorldOptions {
  readonly file: PriceFile;
  readonly accounts: number;
  readonly seed: number;
  readonly curing: number; // share of owners who cure their calls, 0 … 1
  readonly onProgress: (done: number) => void;
}

/** An account with its owner's character. */
export interface Resident extends PopulationAccount {
  readonly id: AccountId;
  readonly owner: Signer;
}

/** Sets the time of the next block, which may be that of the last one [unix s] */
type SetTime = (at: number) => Promise<void>;

/** A deployed protocol with lenders, owners and a keeper, and the hands that move its clock and prices. */
export interface World {
  readonly system: LocalSystem;
  readonly residents: readonly Resident[];
  readonly keeper: Signer;
  readonly setTime: SetTime;
  readonly startBlock: number; // the last block before the replay
  readonly close: () => Promise<void>;
}

const ONE_DOLLAR8 = 100_000_000n;
const CASH_OF_OLD_FILES = ["USDC", "DAI"];
const DAY_FOR = 86_400;
// Lenders supply twice what is borrowed at first, about: 300 accounts owe some 5 million.
const SUPPLY_PER_ACCOUNT_USD = 100_000n;
const OWNERS = 10;
const KEEPER_CASH_USD = 1_000_000_000n;
// Fixed, as estimates are short where the next block's time changes the interest, and slow.
const GAS_LIMIT = 8_000_000n;
const STEP_KIND = { deposit: 0n, borrow: 2n } as const;

/** First price of a column: an asset that is not quoted yet is worth what it is first quoted at [USD, 8 decimals] */
export function firstPrice(column: Column): bigint {
  const price = column.find((cell) => cell !== undefined);
  if (price === undefined) throw new RangeError("a column without an observation");
  return price;
}

/**
 * Deploys the protocol at the first price of the file, gives it lenders, and opens the accounts.
 * Assets that are not stablecoins are collateral; each stablecoin has a lending pool, and USDC and DAI at 1 USD stand in where
 * the file has fewer than two.
 */
export async function makeWorld(options: WorldOptions): Promise<World> {
  const { file } = options;
  const startAt = (file.unix[0] ?? 0) - DAY_FOR;
  const connection = await network.create({
    network: "default",
    override: {
      initialDate: new Date(startAt * 1000).toISOString(),
      allowBlocksWithSameTimestamp: true,
      gas: GAS_LIMIT,
    },
  });
  const signers = await connection.ethers.getSigners();
  const system = await deployLocalSystem(signers, systemOptions(file));
  const [lender, keeper, ...others] = system.actors;
  if (lender === undefined || keeper === undefined) throw new RangeError("too few signers");
  for (const { symbol, asset } of system.pools) {
    const units = 10n ** BigInt(asset.decimals);
    await system.lend(symbol, lender, SUPPLY_PER_ACCOUNT_USD * BigInt(options.accounts) * units);
    await system.mint(symbol, keeper, KEEPER_CASH_USD * units);
  }
  const residents = await openAccounts(system, others.slice(0, OWNERS), options);
  return {
    system,
    residents,
    keeper,
    startBlock: await system.provider.getBlockNumber(),
    setTime: async (at) => {
      await connection.provider.request({ method: "evm_setNextBlockTimestamp", params: [at] });
    },
    close: () => connection.close(),
  };
}

/** Cash without a column stands at one dollar [USD, 8 decimals] */
function firstPriceOf(file: PriceFile, symbol: string): bigint {
  const column = columnOf(file, symbol);
  return column === undefined ? ONE_DOLLAR8 : firstPrice(column);
}

function systemOptions(file: PriceFile): LocalOptions {
  const cash = cashOf(file);
  return {
    assets: [...file.collaterals, ...cash].map((symbol) => ({
      symbol,
      price8: firstPriceOf(file, symbol),
    })),
    pools: cash,
    // A feed of the file may be as slow as its rows: one missing row makes it stale, as a missed heartbeat does.
    adjust: (params) => ({
      ...params,
      assets: params.assets.map((asset) => ({
        ...asset,
        feed: { ...asset.feed, maxAgeFor: maxAge(file) },
      })),
    }),
  };
}

function maxAge(file: PriceFile): bigint {
  const minutes = Math.ceil((file.medianSpacing * 3) / 2 / 60);
  return BigInt(Math.max(minutes, 2) * 60);
}

/** The stablecoins of the file, filled up to two pools. */
export function cashOf(file: PriceFile): readonly string[] {
  const own: readonly string[] = file.stablecoins;
  const missing = CASH_OF_OLD_FILES.filter((symbol) => !own.includes(symbol));
  return [...own, ...missing.slice(0, Math.max(0, 2 - own.length))];
}

async function openAccounts(
  system: LocalSystem,
  owners: readonly Signer[],
  options: WorldOptions,
): Promise<readonly Resident[]> {
  const population = makePopulation({
    accounts: options.accounts,
    seed: options.seed,
    curing: options.curing,
    collaterals: options.file.collaterals.map((name) => ({
      ...poolAssetOf(system, options.file, name),
      haircutInitialPpm: initialHaircut(system, name),
    })),
    pools: system.pools.map(({ symbol }) => poolAssetOf(system, options.file, symbol)),
  });
  for (const owner of owners) await approveAll(system, owner);
  const residents: Resident[] = [];
  for (const account of population) {
    const owner = owners[account.index % owners.length];
    if (owner === undefined) throw new RangeError("no owner");
    const id = toAccountId(await owner.getAddress(), BigInt(account.index));
    await openAccount(system, owner, id, account);
    residents.push({ ...account, id, owner });
    options.onProgress(residents.length);
  }
  return residents;
}

function poolAssetOf(system: LocalSystem, file: PriceFile, name: string) {
  return { name, decimals: system.asset(name).decimals, price8: firstPriceOf(file, name) };
}

function initialHaircut(system: LocalSystem, name: string): bigint {
  const pair = system.params.pairs.find(({ asset }) => asset === name);
  if (pair === undefined) throw new RangeError(`no pair for ${name}`);
  return pair.initialTargetPpm;
}

/** Owners' wallets hold more of everything, to cure with. */
async function approveAll(system: LocalSystem, owner: Signer): Promise<void> {
  for (const { symbol, token, decimals } of system.assets) {
    await system.mint(symbol, owner, 10n ** BigInt(9 + decimals));
    await (await token.connect(owner).approve(system.vaultAddress, MaxUint256)).wait();
  }
}

/** All deposits and borrowings of one account in one batch, judged once. */
async function openAccount(
  system: LocalSystem,
  owner: Signer,
  id: AccountId,
  account: PopulationAccount,
): Promise<void> {
  const receiver = await owner.getAddress();
  const deposits = account.collaterals.map(({ name, assets }) => ({
    kind: STEP_KIND.deposit,
    asset: system.asset(name).address,
    pool: 0n,
    assets,
    receiver,
  }));
  const borrowings = account.debts.map(({ name, assets }) => ({
    kind: STEP_KIND.borrow,
    asset: system.asset(name).address,
    pool: system.pool(name).id,
    assets,
    receiver,
  }));
  const vault = system.vault.connect(owner);
  await (await vault.batch(id, [...deposits, ...borrowings])).wait();
}
