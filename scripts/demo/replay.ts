// Replays a price file: prices arrive, the keeper acts, owners who answer their calls cure them, deadlines pass.
import { MaxUint256 } from "ethers";
import { type AccountId, parseAccountId } from "../../sdk/accountId.ts";
import { mulDivUp, PPM, WAD } from "../../sdk/mathLib.ts";
import { type AccountView, readAccount } from "../../sdk/reader.ts";
import { columnOf, type PriceFile } from "../../sdk/priceFile.ts";
import { type HaircutPoint, readPoints } from "./haircuts.ts";
import type { Resident, World } from "./world.ts";

/** The keeper, driven one look at a time. */
interface SteppingKeeper {
  step(): Promise<{
    readonly outcomes: readonly { readonly task: { readonly type: string } }[];
  }>;
}

const REFRESHES = ["refresh", "refreshPair", "enterPhase"];

/** Refreshes come one a look; on a chain the next look is seconds later. */
async function look(keeper: SteppingKeeper): Promise<void> {
  let isRefreshing = true;
  while (isRefreshing) {
    const { outcomes } = await keeper.step();
    isRefreshing = outcomes.some(({ task }) => REFRESHES.includes(task.type));
  }
}

/** A moment of the replay: the row, and the last block that belongs to it. */
export interface Moment {
  readonly at: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** In force at its end, by collateral. */
  readonly haircuts: ReadonlyMap<string, HaircutPoint>;
}

/** Something that is due between two rows. */
type Due =
  | { readonly type: "cure"; readonly at: number; readonly resident: Resident }
  | { readonly type: "keeper"; readonly at: number };

// An owner restores a little more than was asked, so that one more unit of interest does not matter.
const CURE_MORE_PPM = 1_020_000n;
const SECONDS_IN_MINUTE = 60;

/**
 * Replays all rows.
 * @param onRow Told after each row how many are done.
 * @returns The moments, one for each row.
 */
export async function replay(
  world: World,
  keeper: SteppingKeeper,
  file: PriceFile,
  onRow: (done: number) => void,
): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  const residents = new Map(world.residents.map((resident) => [resident.id, resident]));
  let dues: readonly Due[] = [];
  let seenBlock = world.startBlock;
  // governed haircuts stand at their targets
  const isMeasured = world.system.params.pairs.some(({ model }) => model !== undefined);
  let haircuts = await readPoints(world);
  for (const [row, at] of file.unix.entries()) {
    const firstBlock = seenBlock + 1;
    await world.setTime(at);
    await pushPrices(world, file, row, at);
    await look(keeper);
    const until = file.unix[row + 1] ?? at + file.medianSpacing;
    for (;;) {
      dues = [...dues, ...(await newDues(world, residents, seenBlock))].sort((a, b) => a.at - b.at);
      seenBlock = await world.system.provider.getBlockNumber();
      const next = dues[0];
      if (next === undefined || next.at >= until) break;
      dues = dues.slice(1);
      await world.setTime(Math.max(next.at, await now(world)));
      if (next.type === "cure") await cure(world, next.resident);
      else await tick(world, keeper);
    }
    seenBlock = await world.system.provider.getBlockNumber();
    if (isMeasured) haircuts = await readPoints(world);
    moments.push({ at, firstBlock, lastBlock: seenBlock, haircuts });
    onRow(row + 1);
  }
  return moments;
}

async function now(world: World): Promise<number> {
  const block = await world.system.provider.getBlock("latest");
  return block?.timestamp ?? 0;
}

/** A block passes, so that the keeper sees the new time. */
async function tick(world: World, keeper: SteppingKeeper): Promise<void> {
  await world.system.setPrices({});
  await mine(world);
  await look(keeper);
}

async function mine(world: World): Promise<void> {
  const { deployer } = world.system.roles;
  const to = await deployer.getAddress();
  await (await deployer.sendTransaction({ to })).wait();
}

/** Observed cells become rounds; an empty cell is a feed that stays silent. Cash without a column stays at its first price. */
async function pushPrices(world: World, file: PriceFile, row: number, at: number): Promise<void> {
  const prices: Record<string, bigint> = {};
  for (const { symbol } of world.system.assets) {
    const column = columnOf(file, symbol);
    const price8 = column === undefined ? 100_000_000n : column[row];
    if (price8 !== undefined) prices[symbol] = price8;
  }
  await world.system.setPrices(prices, BigInt(at));
}

/**
 * Calls issued since `fromBlock`: a curing owner acts in time of their own, and the keeper looks again after each deadline, and when
 * a jump of a price is believed.
 */
async function newDues(
  world: World,
  residents: ReadonlyMap<AccountId, Resident>,
  fromBlock: number,
): Promise<readonly Due[]> {
  const { vault } = world.system;
  const dues: Due[] = [];
  const issued = await vault.queryFilter(vault.filters.MarginCallIssued(), fromBlock + 1);
  for (const { args, blockNumber } of issued) {
    const resident = residents.get(parseAccountId(args.account));
    const block = await world.system.provider.getBlock(blockNumber);
    const issuedAt = block?.timestamp ?? 0;
    dues.push({ type: "keeper", at: Number(args.deadline) + 1 });
    if (resident?.cures === true) {
      const at = issuedAt + resident.cureAfterMinutes * SECONDS_IN_MINUTE;
      dues.push({ type: "cure", at, resident });
    }
  }
  // an unconfirmed jump is believed then, and what waited for it goes on
  const jumped = await vault.queryFilter(vault.filters.PriceJumped(), fromBlock + 1);
  const ends = new Set(jumped.map(({ args }) => Number(args.endsAt)));
  return [...dues, ...[...ends].map((at): Due => ({ type: "keeper", at }))];
}

/** The owner restores the initial line, if the call still stands. */
async function cure(world: World, resident: Resident): Promise<void> {
  const view = await readAccount(world.system.vault, resident.id);
  if (view.callState === "healthy" || view.restoreValue === 0n) return;
  if (resident.cureBy === "deposit") await cureByDeposit(world, resident, view);
  else await cureByRepayment(world, resident, view);
}

async function cureByDeposit(world: World, resident: Resident, view: AccountView): Promise<void> {
  const line = view.snapshot.collaterals.find(({ isFresh }) => isFresh);
  if (line === undefined) return;
  const value = mulDivUp(view.restoreValue, CURE_MORE_PPM, PPM - line.haircutInitialPpm);
  const assets = mulDivUp(value, WAD, line.price);
  const vault = world.system.vault.connect(resident.owner);
  await (await vault.deposit(resident.id, line.asset, assets)).wait();
}

async function cureByRepayment(world: World, resident: Resident, view: AccountView): Promise<void> {
  const line = view.snapshot.debts.reduce((a, b) =>
    a.assets * a.price >= b.assets * b.price ? a : b,
  );
  const value = mulDivUp(view.restoreValue, CURE_MORE_PPM, line.factorPpm);
  const assets = mulDivUp(value, WAD, line.price);
  const vault = world.system.vault.connect(resident.owner);
  const pool = world.system.pools.find(({ id }) => id === line.id);
  const { minimumDebtAssets } = (await pool?.pool.terms()) ?? { minimumDebtAssets: 0n };
  const leaves = line.assets - assets;
  const all = leaves < minimumDebtAssets * 2n;
  await (await vault.repay(resident.id, line.id, all ? MaxUint256 : assets)).wait();
}
