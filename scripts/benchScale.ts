// What grows with size, and what does not: gas on chains in this process, the keeper's time in memory, fees on a rollup.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { format, resolveConfig } from "prettier";
import { MarkersBroken, replaceSection, SCALE_MARKERS } from "../bench/document.ts";
import { sendCalls } from "../bench/scale/calls.ts";
import { measureHealth } from "../bench/scale/health.ts";
import type { KeeperTime } from "../bench/scale/keeperTime.ts";
import {
  LENDER_COUNTS,
  type LenderGas,
  measureLenders,
  NoLossBorne,
} from "../bench/scale/lenders.ts";
import { renderScalePage } from "../bench/scale/page.ts";
import {
  operationsOf,
  type Results,
  type RollupRow,
  resultsToJson,
  toRollupRow,
} from "../bench/scale/results.ts";
import { measureRounds, type Rounds } from "../bench/scale/rounds.ts";
import { renderScaleSection } from "../bench/scale/section.ts";
import { renderTables } from "../bench/scale/tables.ts";
import { operateSurety } from "../bench/surety.ts";
import { readLocal } from "./localParameters.ts";

interface Options {
  readonly json?: string;
  readonly html: string;
  readonly document: string;
  readonly accounts: number;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const LEAST_ACCOUNTS = 1_000;
const MOST_ACCOUNTS = 1_000_000;

const command = new Command("bench:scale")
  .description(
    "Measures the gas of health by the size of an account, of a loss by the number of lenders and of a refresh by its rounds, the keeper's " +
      "time in memory by the number of accounts, and fees on a rollup. Ends with tables, a page with curves, and the section of docs/benchmarks.md.",
  )
  .allowExcessArguments(false)
  .option("--json <file>", "write the result for machines")
  .option("--html <file>", "where the page with curves goes", at("../out/scale.html"))
  .option(
    "--document <file>",
    "the Markdown file whose section is replaced",
    existing,
    at("../docs/benchmarks.md"),
  )
  .option(
    "--accounts <number>",
    `the most accounts of the keeper, ${LEAST_ACCOUNTS} to ${MOST_ACCOUNTS}; a million take 1 GB of memory`,
    accountCount,
    MOST_ACCOUNTS,
  );

await main(command.parse().opts<Options>());

async function main(options: Options): Promise<void> {
  try {
    // before anything that takes a minute
    replaceSection(await readFile(options.document, "utf8"), "", SCALE_MARKERS);
    const results = await measureAll(options.accounts);
    if (options.json !== undefined) {
      await write(options.json, `${JSON.stringify(resultsToJson(results), null, 2)}\n`);
    }
    await write(options.html, renderScalePage(results));
    await writeSection(options.document, renderScaleSection(results));
    process.stdout.write(
      `${renderTables(results)}\n\nCurves: ${options.html}\nSection: ${options.document}\n`,
    );
  } catch (error) {
    if (!(error instanceof MarkersBroken || error instanceof NoLossBorne)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function existing(path: string): string {
  if (!existsSync(path)) throw new InvalidArgumentError(`Found no file "${path}".`);
  return path;
}

function accountCount(text: string): number {
  const count = Number(text);
  const isMeant = Number.isInteger(count) && count >= LEAST_ACCOUNTS && count <= MOST_ACCOUNTS;
  if (!isMeant) {
    throw new InvalidArgumentError(
      `Found "${text}", allowed: ${LEAST_ACCOUNTS} to ${MOST_ACCOUNTS}.`,
    );
  }
  return count;
}

async function measureAll(mostAccounts: number): Promise<Results> {
  // first, before chains fill the memory
  const keeper = await measureKeeper(mostAccounts);
  const { makeGridStage } = await import("./gas/makeStage.ts");
  say("Measuring the health of accounts.");
  const grid = await makeGridStage();
  const health = await measureHealth(grid.stage);
  await grid.close();
  const lenders = await measureLosses();
  say("Measuring refreshes.");
  const { makeRoundStage } = await import("./scale/stages.ts");
  const chain = await makeRoundStage();
  const rounds = await measureRounds(chain.stage);
  const { collateral, obligation } = chain.stage;
  await chain.close();
  const rollup = await measureRollup(rounds, [collateral, obligation]);
  const machine = `${availableParallelism()} cores, Node ${process.versions.node}`;
  return { machine, keeper, health, lenders, rounds: rounds.gas, rollup };
}

async function measureKeeper(mostAccounts: number): Promise<readonly KeeperTime[]> {
  const { timeKeeper } = await import("./scale/keeperTime.ts");
  const { risk } = readLocal();
  timeKeeper(10 * LEAST_ACCOUNTS, risk); // does not count: the first run is slower than the same one later
  const times: KeeperTime[] = [];
  for (let accounts = LEAST_ACCOUNTS; accounts <= mostAccounts; accounts *= 10) {
    say(`Timing the keeper's look at ${accounts} accounts.`);
    times.push(timeKeeper(accounts, risk));
  }
  return times;
}

async function measureLosses(): Promise<readonly LenderGas[]> {
  const { makeLenderStage } = await import("./scale/stages.ts");
  const gas: LenderGas[] = [];
  for (const lenders of LENDER_COUNTS) {
    say(`Measuring a loss that ${lenders} lenders bear.`);
    const { stage, close } = await makeLenderStage();
    gas.push(await measureLenders(stage, lenders));
    await close();
  }
  return gas;
}

async function measureRollup(
  rounds: Rounds,
  roundAssets: readonly string[],
): Promise<readonly RollupRow[]> {
  const { makeStage } = await import("./gas/makeStage.ts");
  say("Measuring the bytes of every operation.");
  const { stage, surety, close } = await makeStage();
  const meter = await operateSurety(stage, surety);
  const calls = await sendCalls(stage, surety);
  await close();
  const { vault, pool, poolAddress } = surety;
  const abis = {
    vault: vault.interface,
    pool: pool.interface,
    poolAddress,
    assets: [...stage.collaterals, stage.loan].map(({ address }) => address),
    roundAssets,
  };
  return operationsOf(meter, calls, rounds, abis).map(toRollupRow);
}

/** Progress goes to standard error: standard output is the tables. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

async function writeSection(path: string, section: string): Promise<void> {
  const document = replaceSection(await readFile(path, "utf8"), section, SCALE_MARKERS);
  const config = (await resolveConfig(path)) ?? {};
  await write(path, await format(document, { ...config, parser: "markdown" }));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
