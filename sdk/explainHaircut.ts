// Why a measured haircut is what it is: recomputed from the raw rounds of the feeds, step by step.
import type { Provider } from "ethers";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { vaultAt } from "./contracts.ts";
import {
  type PhaseStep,
  type Portion,
  type Replayed,
  RoundBook,
  replayMeasure,
  type Standing,
  storedVariance,
} from "./explain/measured.ts";
import { readNames } from "./explain/names.ts";
import type { Pool, Token } from "./explain/stories.ts";
import { feedAt } from "./feed.ts";
import { type HaircutSteps, inForce, stepsOf } from "./explain/haircutSteps.ts";
import { max } from "./mathLib.ts";
import {
  type HaircutView,
  type PairModel,
  readHaircut,
  readMeasure,
  readPairMeasure,
} from "./measures.ts";
import { type AssetView, type PairView, readMarket, readPair } from "./market.ts";

/** How one measure came about. */
export interface MeasureStory {
  /** `start`: governance started it; `refresh`: replayed from the first refresh that the node can tell of */
  readonly from: "start" | "refresh";
  readonly fromAt: bigint;
  readonly fromVarianceWad: bigint;
  /** calls that read rounds on */
  readonly portions: readonly Portion[];
  readonly returns: bigint;
  readonly voids: bigint;
  readonly largest: Replayed["largest"];
  /** as it is stored [wad] */
  readonly varianceWad: bigint;
  readonly observedAt: bigint;
  /** whether every portion gave what its event says, and the last one what is stored */
  readonly isExact: boolean;
}

/** Why the haircuts of a pair are what they are. */
export interface HaircutStory {
  readonly chainId: bigint;
  readonly block: number;
  readonly at: bigint;
  readonly vault: string;
  readonly collateral: Token;
  readonly pool: Pool;
  readonly model: PairModel;
  readonly own: MeasureStory;
  readonly owed: MeasureStory;
  /** undefined when the variance follows from those of both assets */
  readonly tracked: MeasureStory | undefined;
  readonly steps: HaircutSteps;
  /** bounds, and the targets that count */
  readonly pair: PairView;
  readonly stored: Pick<
    HaircutView,
    "movedAt" | "climbsFrom" | "storedInitialPpm" | "storedMaintenancePpm"
  >;
  readonly initialPpm: bigint;
  readonly maintenancePpm: bigint;
  /** whether all of it is what the chain says, to the unit */
  readonly isExact: boolean;
}

/** The vault has no measured haircut for this pair. */
export class HaircutNotMeasured extends Error {
  override readonly name = "HaircutNotMeasured";
  readonly collateral: string;
  readonly poolOf: string;

  constructor(collateral: string, poolOf: string, listed: readonly string[]) {
    super(
      `No measured haircut of ${collateral} against the pool of ${poolOf} found. Assets of the vault: ${listed.join(", ")}. Name two of them by symbol or address; haircuts that governance sets need no explanation.`,
    );
    this.collateral = collateral;
    this.poolOf = poolOf;
  }
}

interface Scene {
  readonly provider: Provider;
  readonly vault: ICollateralVault;
  readonly fromBlock: number;
  readonly block: number;
}

/**
 * Recomputes a measured haircut from the rounds of the feeds, and compares it with the chain.
 * @param collateral Symbol or address.
 * @param cash Symbol or address of what the pool lends.
 *
 * Throws `HaircutNotMeasured`, or what the provider throws.
 */
export async function explainHaircut(
  provider: Provider,
  vaultAddress: string,
  collateral: string,
  cash: string,
): Promise<HaircutStory> {
  const vault = vaultAt(vaultAddress, provider);
  const block = await provider.getBlockNumber();
  const scene: Scene = { provider, vault, block, fromBlock: Number(await vault.deployedAtBlock()) };
  const { assets, pools } = await readMarket(vault, block);
  const names = await readNames(
    provider,
    assets.map(({ asset }) => asset),
    pools,
  );
  const named = (text: string) =>
    assets.find(({ asset }) => asset === text || names.token(asset).symbol === text);
  const [own, owed] = [named(collateral), named(cash)];
  const pool = pools.find(({ asset }) => asset === owed?.asset);
  const listed = assets.map(({ asset }) => names.token(asset).symbol);
  if (own === undefined || owed === undefined || pool === undefined || own === owed) {
    throw new HaircutNotMeasured(collateral, cash, listed);
  }
  const view = await readHaircut(vault, own.asset, pool.id, block);
  if (view === undefined) throw new HaircutNotMeasured(collateral, cash, listed);
  const { chainId } = await provider.getNetwork();
  const told = await tell(scene, own, owed, view);
  const pair = await readPair(vault, own.asset, pool.id, block);
  const at = BigInt((await provider.getBlock(block))?.timestamp ?? 0);
  const steps = stepsOf(view.model, pair, told);
  const force = inForce(view, pair, at);
  const isSame = (Object.keys(steps) as (keyof HaircutSteps)[]).every((k) => steps[k] === view[k]);
  const isPath =
    force.initialPpm === pair.initialPpm && force.maintenancePpm === pair.maintenancePpm;
  const areExact = [told.own, told.owed, told.tracked].every((story) => story?.isExact ?? true);
  const { movedAt, climbsFrom, storedInitialPpm, storedMaintenancePpm } = view;
  return {
    chainId,
    block,
    at,
    vault: vaultAddress,
    collateral: names.token(own.asset),
    pool: names.pool(pool.id),
    model: view.model,
    ...told,
    steps,
    pair,
    stored: { movedAt, climbsFrom, storedInitialPpm, storedMaintenancePpm },
    ...force,
    isExact: isSame && isPath && areExact,
  };
}

// ---- measures ----

type Told = Pick<HaircutStory, "own" | "owed" | "tracked">;

async function tell(
  scene: Scene,
  own: AssetView,
  owed: AssetView,
  { model }: HaircutView,
): Promise<Told> {
  return {
    own: await tellAsset(scene, own),
    owed: await tellAsset(scene, owed),
    tracked: model.isTracked ? await tellPair(scene, own, owed) : undefined,
  };
}

async function tellAsset(scene: Scene, { asset, feed }: AssetView): Promise<MeasureStory> {
  const { vault, provider } = scene;
  const measured = await logs(scene, vault.filters.AssetMeasured(asset));
  const portions = await Promise.all(
    measured.map(async ({ args, blockNumber }) => ({
      block: blockNumber,
      readAt: await timeOf(provider, blockNumber),
      round: args.round,
      obligationRound: 0n,
      observedAt: args.observedAt,
      returns: args.returnCount,
      varianceWad: args.varianceWad,
    })),
  );
  const started = (await logs(scene, vault.filters.MeasureStarted(asset))).at(-1);
  const replaced = (await logs(scene, vault.filters.FeedSet(asset))).at(-1);
  const phases = await phaseSteps(scene, asset, `0x${"0".repeat(40)}`);
  const book = new RoundBook(feed, provider);
  const begin =
    started === undefined || (replaced?.blockNumber ?? 0) > started.blockNumber
      ? { block: replaced?.blockNumber ?? 0, place: undefined }
      : {
          block: started.blockNumber,
          place: await startOf(scene, feed, started.blockNumber, started.args.varianceWad),
        };
  const stored = await readMeasure(vault, asset, scene.block);
  return story(begin, portions, phases, book, undefined, stored?.varianceWad);
}

async function tellPair(scene: Scene, own: AssetView, owed: AssetView): Promise<MeasureStory> {
  const { vault, provider } = scene;
  const measured = await logs(scene, vault.filters.PairMeasured(own.asset, owed.asset));
  const portions = await Promise.all(
    measured.map(async ({ args, blockNumber }) => ({
      block: blockNumber,
      readAt: await timeOf(provider, blockNumber),
      round: args.collateralRound,
      obligationRound: args.obligationRound,
      observedAt: args.observedAt,
      returns: args.returnCount,
      varianceWad: args.varianceWad,
    })),
  );
  const pools = (await readMarket(vault, scene.block)).pools;
  const ids = pools.filter(({ asset }) => asset === owed.asset).map(({ id }) => id);
  const models = await Promise.all(
    ids.map((id) => logs(scene, vault.filters.PairModelSet(own.asset, id))),
  );
  const [started] = models
    .flat()
    .filter(({ args }) => args.config.isMeasured && args.config.isTracked)
    .sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  const replaced = await Promise.all(
    [own, owed].map(async ({ asset }) => (await logs(scene, vault.filters.FeedSet(asset))).at(-1)),
  );
  const replacedIn = Math.max(...replaced.map((log) => log?.blockNumber ?? 0));
  const begin =
    started === undefined || replacedIn > started.blockNumber
      ? { block: replacedIn, place: undefined }
      : { block: started.blockNumber, place: await startOfPair(scene, own, owed, started) };
  const books = [own, owed].map(({ feed }) => new RoundBook(feed, provider)) as [
    RoundBook,
    RoundBook,
  ];
  const phases = await phaseSteps(scene, own.asset, owed.asset);
  const stored = await readPairMeasure(vault, own.asset, owed.asset, scene.block);
  return story(begin, portions, phases, ...books, stored?.varianceWad);
}

interface Begin {
  readonly block: number;
  readonly place: Standing | undefined;
}

/** From the start, or from the first refresh where the node does not keep the state of the start. */
async function story(
  begin: Begin,
  all: readonly Portion[],
  phases: readonly PhaseStep[],
  own: RoundBook,
  owed: RoundBook | undefined,
  storedWad: bigint | undefined,
): Promise<MeasureStory> {
  const portions = all.filter(({ block }) => block >= begin.block);
  const [first, ...rest] = portions;
  const isStart = begin.place !== undefined;
  const place =
    begin.place ?? (first === undefined ? undefined : await standingAt(first, own, owed));
  const from = isStart ? "start" : "refresh";
  if (place === undefined) return unknown(from, storedWad);
  const later = phases.filter(
    ({ block }) => block >= (isStart ? begin.block : (first?.block ?? 0)),
  );
  const read = isStart ? portions : rest;
  const found = await replayMeasure(place, read, later, own, owed);
  const { standing, returns, voids, largest } = found;
  return {
    from,
    fromAt: place.observedAt,
    fromVarianceWad: place.varianceWad,
    portions: read,
    returns,
    voids,
    largest,
    varianceWad: standing.varianceWad,
    observedAt: standing.observedAt,
    isExact: found.isAsMeasured && standing.varianceWad === storedWad,
  };
}

/** Nothing was read since the feed was replaced: what is stored is all there is. */
function unknown(from: MeasureStory["from"], storedWad: bigint | undefined): MeasureStory {
  return {
    from,
    fromAt: 0n,
    fromVarianceWad: storedWad ?? 0n,
    portions: [],
    returns: 0n,
    voids: 0n,
    largest: undefined,
    varianceWad: storedWad ?? 0n,
    observedAt: 0n,
    isExact: false,
  };
}

async function standingAt(
  { round, obligationRound, observedAt, varianceWad }: Portion,
  own: RoundBook,
  owed: RoundBook | undefined,
): Promise<Standing> {
  const answer = (await own.at(round))?.answer ?? 0n;
  const other = owed && {
    round: obligationRound,
    answer: (await owed.at(obligationRound))?.answer ?? 0n,
  };
  return {
    varianceWad: storedVariance(varianceWad),
    own: { round, answer },
    owed: other,
    observedAt,
  };
}

/** The latest round of the block in which governance started the measure; undefined where the node has no such state. */
async function startOf(
  { provider }: Scene,
  feed: string,
  block: number,
  varianceWad: bigint,
): Promise<Standing | undefined> {
  const latest = await latestAt(provider, feed, block);
  if (latest === undefined) return undefined;
  const { roundId: round, answer, updatedAt: observedAt } = latest;
  return {
    varianceWad: storedVariance(varianceWad),
    own: { round, answer },
    owed: undefined,
    observedAt,
  };
}

async function startOfPair(
  { provider }: Scene,
  own: AssetView,
  owed: AssetView,
  started: {
    readonly blockNumber: number;
    readonly args: { readonly config: { readonly stressVarianceWad: bigint } };
  },
): Promise<Standing | undefined> {
  const [mine, theirs] = [
    await latestAt(provider, own.feed, started.blockNumber),
    await latestAt(provider, owed.feed, started.blockNumber),
  ];
  if (mine === undefined || theirs === undefined) return undefined;
  return {
    varianceWad: storedVariance(started.args.config.stressVarianceWad),
    own: { round: mine.roundId, answer: mine.answer },
    owed: { round: theirs.roundId, answer: theirs.answer },
    observedAt: max(mine.updatedAt, theirs.updatedAt),
  };
}

async function latestAt(provider: Provider, feed: string, blockTag: number) {
  try {
    return await feedAt(feed, provider).latestRoundData({ blockTag });
  } catch {
    await provider.getBlockNumber(); // a node that is away throws here: that is no lack of history
    return undefined;
  }
}

async function phaseSteps(scene: Scene, own: string, owed: string): Promise<readonly PhaseStep[]> {
  const entered = await logs(scene, scene.vault.filters.PhaseEntered(own, owed));
  return entered.map(({ args, blockNumber }) => ({
    block: blockNumber,
    isObligation: args.asset !== own,
    before: args.round - 1n,
  }));
}

function logs<Filter extends Parameters<ICollateralVault["queryFilter"]>[0]>(
  { vault, fromBlock, block }: Scene,
  filter: Filter,
) {
  return vault.queryFilter(filter, fromBlock, block);
}

async function timeOf(provider: Provider, block: number): Promise<bigint> {
  return BigInt((await provider.getBlock(block))?.timestamp ?? 0);
}
