// The protocol and its people on an in-process chain, at the first moment of a price file.
import { network } from "hardhat";
import { MaxUint256, type Signer } from "ethers";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import { type LocalSystem, deployLocalSystem } from "../localSystem.ts";
import { modelConfigOf } from "../../deploy/arguments.ts";
import { readLocal } from "../localParameters.ts";
import { populationOptions, systemOptions } from "./market.ts";
import { makePopulation, type PopulationAccount } from "./population.ts";
import type { PriceFile } from "../../sdk/priceFile.ts";
import type { Seeds } from "./seed.ts";

/** What the demo is asked to build. */
interface WorldOptions {
  readonly file: PriceFile;
  readonly accounts: number;
  readonly seed: number;
  readonly curing: number; // share of owners who cure their calls, 0 … 1
  /** Variances before the file begins: haircuts are then measured; governed if left out. */
  readonly seeds?: Seeds;
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

const DAY_FOR = 86_400;
// Lenders supply twice what is borrowed at first, about: 300 accounts owe some 5 million.
const SUPPLY_PER_ACCOUNT_USD = 100_000n;
const OWNERS = 10;
const KEEPER_CASH_USD = 1_000_000_000n;
// Fixed, as estimates are short where the next block's time changes the interest, and slow.
const GAS_LIMIT = 8_000_000n;
const STEP_KIND = { deposit: 0n, borrow: 2n } as const;

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
  const system = await deployLocalSystem(signers, systemOptions(file, options.seeds));
  if (options.seeds !== undefined) await setModels(system);
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

/** Pairs were started from their seeds; from here on they have the stress and floor of the file. */
async function setModels({ params, roles, vault, asset, pool }: LocalSystem): Promise<void> {
  const steward = vault.connect(roles.riskSteward);
  const written = new Map(readLocal().pairs.map((pair) => [pair.asset, pair.model]));
  for (const pair of params.pairs) {
    const model = written.get(pair.asset);
    if (model === undefined || pair.model === undefined) continue;
    for (const cash of pair.pools) {
      const set = steward.setPairModel(
        asset(pair.asset).address,
        pool(cash).id,
        modelConfigOf(model),
      );
      await (await set).wait();
    }
  }
}

async function openAccounts(
  system: LocalSystem,
  owners: readonly Signer[],
  options: WorldOptions,
): Promise<readonly Resident[]> {
  const population = makePopulation(populationOptions(options.file, system.params, options));
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
