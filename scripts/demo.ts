// The main job, end to end: a real crash on a local chain, with owners, lenders and a keeper.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import { createKeeper } from "../keeper/keeper.ts";
import { valueDown } from "../sdk/healthMath.ts";
import { WAD } from "../sdk/mathLib.ts";
import {
  countRefreshes,
  HAIRCUT_MODES,
  type HaircutMode,
  rangesOf,
  readCredit,
} from "./demo/haircuts.ts";
import { checkInvariants } from "./demo/invariants.ts";
import { POLICIES, type PolicyChoice, runPolicies } from "./demo/policies.ts";
import { policiesToJson, policyInvariants, renderPolicies } from "./demo/policyReport.ts";
import { type PriceFile, PriceFileError, readPriceFile } from "../sdk/priceFile.ts";
import { renderReport } from "./demo/report.ts";
import { type Moment, replay } from "./demo/replay.ts";
import { type DemoResult, type DemoStep, type DemoValues, toJson } from "./demo/result.ts";
import { chooseSample, readSample } from "./demo/sample.ts";
import { renderTable } from "./demo/summary.ts";
import { countEntries, explainBadDebt, readEntries, stepsOf, sumEntries } from "./demo/tally.ts";
import { firstPrice } from "./demo/market.ts";
import { makeWorld, type World } from "./demo/world.ts";
import { type Seeds, seedsFrom } from "./demo/seed.ts";
import { readLocal } from "./localParameters.ts";

interface Options {
  readonly prices: string;
  readonly accounts: number;
  readonly seed: number;
  readonly curing: number;
  readonly json?: string;
  readonly html: string;
  readonly policy?: PolicyChoice;
  readonly haircuts: HaircutMode;
}

const DEFAULT_PRICES = fileURLToPath(
  new URL("../risk/prices/2020-03-black-thursday-1h.csv", import.meta.url),
);
const HOURLY = new URL("../risk/prices/hourly/", import.meta.url);
const DEFAULT_HTML = fileURLToPath(new URL("../out/demo.html", import.meta.url));
const MAX_ACCOUNTS = 10_000;

const command = new Command("demo")
  .description(
    "Replays a crash on real prices: the protocol is deployed on an in-process chain, accounts are opened, and a keeper " +
      "issues calls, liquidates and writes off while the prices of the file arrive. Ends with a table, a page with charts, and " +
      "exit code 1 if an invariant is broken.",
  )
  .option("--prices <file>", "prices to replay; format in risk/prices/README.md", DEFAULT_PRICES)
  .option("--accounts <n>", "accounts to open, 1 to 10000", whole(1, MAX_ACCOUNTS), 300)
  .option("--seed <n>", "seed of the accounts, 0 to 2147483647", whole(0, 2 ** 31 - 1), 7)
  .option("--curing <percent>", "owners who cure their calls, 0 to 100", whole(0, 100), 50)
  .option("--json <file>", "write the result for machines")
  .option("--html <file>", "where the page with charts goes", DEFAULT_HTML)
  .option(
    "--haircuts <mode>",
    "static: governed, they stay; measured: from the rounds of the feeds, as the keeper refreshes them, several times as slow",
    modeNamed,
    "static",
  )
  .option(
    "--policy <name>",
    `compare rules instead: the same accounts and prices under ${POLICIES.join(", ")}; a table, no chain and no page`,
    policyNamed,
  );

await main(command.parse().opts<Options>());

async function main(options: Options): Promise<void> {
  try {
    const file = await readPriceFile(options.prices, readFile);
    if (options.policy !== undefined && command.getOptionValueSource("html") === "cli") {
      command.error(
        "error: --html is given with --policy, which draws no page. Leave one of them out.",
      );
    }
    if (options.policy !== undefined && command.getOptionValueSource("haircuts") === "cli") {
      command.error(
        "error: --haircuts is given with --policy, whose rules have governed haircuts. Leave one of them out.",
      );
    }
    if (options.policy !== undefined) return await compare(options, file, options.policy);
    const result = await run(options, file);
    await write(options.html, renderReport(result));
    if (options.json !== undefined) {
      await write(options.json, `${JSON.stringify(toJson(result), null, 2)}\n`);
    }
    process.stdout.write(`${renderTable(result)}\n\nCharts: ${options.html}\n`);
    conclude(result.invariants);
  } catch (error) {
    if (!(error instanceof PriceFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** The same accounts and prices under the rules of several protocols. */
async function compare(options: Options, file: PriceFile, policy: PolicyChoice): Promise<void> {
  const startedMs = performance.now();
  const asked = { ...options, curing: options.curing / 100, file, policy };
  const runs = runPolicies(asked);
  const seconds = (performance.now() - startedMs) / 1000;
  if (options.json !== undefined) {
    const json = policiesToJson(asked, runs, seconds);
    await write(options.json, `${JSON.stringify(json, null, 2)}\n`);
  }
  process.stdout.write(`${renderPolicies(asked, runs)}\n${seconds.toFixed(1)} s to run\n`);
  conclude(policyInvariants(runs));
}

function conclude(invariants: Readonly<Record<string, boolean>>): void {
  const broken = Object.entries(invariants).filter(([, holds]) => !holds);
  for (const [sentence] of broken) process.stderr.write(`Broken: ${sentence}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}

function policyNamed(text: string): PolicyChoice {
  const found = POLICIES.find((name) => name === text);
  if (found === undefined) {
    throw new InvalidArgumentError(`Found "${text}", allowed: ${POLICIES.join(", ")}.`);
  }
  return found;
}

function modeNamed(text: string): HaircutMode {
  const found = HAIRCUT_MODES.find((name) => name === text);
  if (found === undefined) {
    throw new InvalidArgumentError(`Found "${text}", allowed: ${HAIRCUT_MODES.join(", ")}.`);
  }
  return found;
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const found = Number(text);
    if (!/^\d+$/.test(text) || found < least || found > most) {
      throw new InvalidArgumentError(
        `Found "${text}", allowed: a whole number from ${least} to ${most}.`,
      );
    }
    return found;
  };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function run(options: Options, file: PriceFile): Promise<DemoResult> {
  const startedMs = performance.now();
  const bar = new SingleBar({
    format: "{task} [{bar}] {value}/{total}  {duration_formatted}",
    noTTYOutput: false,
  });
  const { accounts, seed } = options;
  bar.start(accounts, 0, { task: "opening accounts" });
  const onProgress = (done: number) => bar.update(done);
  const seeds = options.haircuts === "measured" ? { seeds: await readSeeds(file) } : {};
  const curing = options.curing / 100;
  const world = await makeWorld({ file, accounts, seed, curing, onProgress, ...seeds });
  const credit = await readCredit(world);
  const lent = await lendersAssets(world);
  const equityStart = await ownersEquity(world);
  const keeper = await createKeeper({
    provider: world.system.provider,
    vault: world.system.vaultAddress,
    signer: world.keeper,
  });
  bar.start(file.unix.length, 0, { task: "replaying prices" });
  const moments = await replay(world, keeper, file, (done) => bar.update(done));
  bar.stop();
  const result = await summarise(world, file, options, moments, { lent, equityStart, credit });
  await world.close();
  return { ...result, seconds: (performance.now() - startedMs) / 1000 };
}

/** Variances before the file begins, from the hourly prices of its year and the one before. */
async function readSeeds(file: PriceFile): Promise<Seeds> {
  const until = file.unix[0] ?? 0;
  const year = new Date(until * 1000).getUTCFullYear();
  const history: PriceFile[] = [];
  for (const name of [`${year - 1}-1h.csv`, `${year}-1h.csv`]) {
    const path = fileURLToPath(new URL(name, HOURLY));
    if (existsSync(path)) history.push(await readPriceFile(path, readFile));
  }
  const collaterals = readLocal().assets.filter(({ symbol }) =>
    file.collaterals.some((name) => name === symbol),
  );
  const stresses = collaterals.flatMap(({ symbol, measure }) =>
    measure === undefined ? [] : ([[symbol, measure.stressVariance]] as const),
  );
  return seedsFrom(history, until, new Map(stresses));
}

interface Start {
  readonly lent: ReadonlyMap<bigint, bigint>; // lenders' assets by pool
  readonly equityStart: bigint;
  readonly credit: Awaited<ReturnType<typeof readCredit>>;
}

async function summarise(
  world: World,
  file: PriceFile,
  options: Options,
  moments: readonly Moment[],
  start: Start,
): Promise<Omit<DemoResult, "seconds">> {
  const entries = await readEntries(world.system, moments, world.startBlock + 1);
  const sums = sumEntries(entries);
  const series = stepsOf(moments, entries, (row) => relativePrices(file, row));
  const account = chooseSample(entries);
  const lendersResultValue = await lendersResult(world, start.lent);
  const lossValue = await lendersLoss(world);
  const values: DemoValues = {
    ...sums,
    lendersResultValue,
    lendersInterestValue: lendersResultValue + lossValue,
    ownersEquityStartValue: start.equityStart,
    ownersEquityEndValue: await ownersEquity(world),
  };
  return {
    parameters: {
      priceFile: file.name,
      accounts: options.accounts,
      seed: options.seed,
      curingShare: options.curing / 100,
      steps: moments.length,
    },
    counts: countEntries(entries),
    values,
    haircuts: {
      mode: options.haircuts,
      collaterals: rangesOf(moments.map(({ haircuts }) => haircuts)),
      ...start.credit,
      ...(await countRefreshes(world, world.startBlock + 1)),
    },
    badDebt: explainBadDebt(entries, series),
    series,
    sample: account === undefined ? undefined : await readSample(world, account, moments, entries),
    invariants: await checkInvariants(world, entries),
  };
}

function relativePrices(file: PriceFile, row: number): DemoStep["relativePrices"] {
  return Object.fromEntries(
    [...file.prices].map(([name, column]) => {
      const price = column[row];
      return [name, price === undefined ? undefined : (price * WAD) / firstPrice(column)];
    }),
  );
}

async function lendersAssets({ system }: World): Promise<ReadonlyMap<bigint, bigint>> {
  const rows = system.pools.map(async ({ id, pool }) => [id, await pool.totalAssets()] as const);
  return new Map(await Promise.all(rows));
}

/** What lenders own now beyond what they owned at first, at the last prices [USD wad] */
async function lendersResult(world: World, start: ReadonlyMap<bigint, bigint>): Promise<bigint> {
  let value = 0n;
  for (const { id, pool, asset } of world.system.pools) {
    const gained = (await pool.totalAssets()) - (start.get(id) ?? 0n);
    value += valueDown(gained, await priceOf(world, asset.id));
  }
  return value;
}

/** What lenders bore of losses, at the last prices [USD wad] */
async function lendersLoss(world: World): Promise<bigint> {
  let value = 0n;
  for (const { pool, asset } of world.system.pools) {
    const losses = await pool.queryFilter(pool.filters.LossAbsorbed(), world.startBlock);
    const price = await priceOf(world, asset.id);
    for (const { args } of losses) value += valueDown(args.fromLendersAssets, price);
  }
  return value;
}

async function priceOf({ system }: World, assetId: bigint): Promise<bigint> {
  const rows = await system.vault.assets();
  return rows[Number(assetId)]?.price ?? 0n;
}

/** Σ max(0, collateral − debt) over all accounts [USD wad] */
async function ownersEquity({ system, residents }: World): Promise<bigint> {
  let value = 0n;
  for (let from = 0; from < residents.length; from += 100) {
    const ids = residents.slice(from, from + 100).map(({ id }) => id);
    for (const { collateralValue, debtValue } of await system.vault.healthOf(ids)) {
      if (collateralValue > debtValue) value += collateralValue - debtValue;
    }
  }
  return value;
}
