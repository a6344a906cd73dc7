// npm run explain -- <transaction> [options]: why an account was liquidated or written off.
// npm run explain -- --haircut WETH USDC --vault ADDRESS: why a measured haircut is what it is.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command } from "commander";
import type { Provider } from "ethers";
import { connect } from "../keeper/connection.ts";
import { explainError } from "../sdk/errors.ts";
import { explainLiquidation } from "../sdk/explain.ts";
import { explainHaircut } from "../sdk/explainHaircut.ts";
import { renderHaircut } from "./explain/haircut.ts";
import { haircutToJson, storiesToJson } from "./explain/json.ts";
import { renderStories } from "./explain/text.ts";

interface Options {
  readonly rpc: string;
  readonly vault?: string;
  readonly json?: string;
  readonly haircut?: readonly string[];
}

const command = new Command("npm run explain --")
  .description(
    "Explains a liquidation or a write-off: with which prices and haircuts, what was least possible, what was done, and who " +
      "got or lost what. Or a measured haircut: recomputed from the rounds of the feeds. Reads only; needs no key. A node without " +
      "old states explains from the receipt alone.",
  )
  .argument("[transaction]", "hash of the transaction, as the keeper logs it")
  .option("--rpc <url>", "http(s) address of a node", "http://127.0.0.1:8545")
  .option("--vault <address>", "the vault (default: the one that liquidated in the transaction)")
  .option("--haircut <assets...>", "collateral and cash of a pool instead, such as WETH USDC")
  .option("--json <file>", "write the story for machines, exact to the unit")
  .parse();

await main(command.args[0], command.opts<Options>());

async function main(hash: string | undefined, options: Options): Promise<void> {
  const { haircut } = options;
  const [collateral, cash, ...more] = haircut ?? [];
  if ((hash === undefined) === (haircut === undefined)) {
    command.error("error: allowed: a transaction, or --haircut. Give one of the two.");
  }
  if (haircut !== undefined && (cash === undefined || more.length > 0)) {
    command.error(
      `error: --haircut: found ${haircut.length} names, allowed: 2, a collateral and the cash of a pool, such as WETH USDC.`,
    );
  }
  if (haircut !== undefined && options.vault === undefined) {
    command.error("error: --haircut needs the vault. Give it with --vault.");
  }
  try {
    const provider = await connect(options.rpc);
    const told =
      hash === undefined
        ? await tellHaircut(provider, options.vault ?? "", collateral ?? "", cash ?? "")
        : await tellTransaction(provider, options.vault, hash);
    provider.destroy();
    if (options.json !== undefined) {
      await mkdir(dirname(options.json), { recursive: true });
      await writeFile(options.json, told.json);
    }
    process.stdout.write(told.text);
  } catch (error) {
    fail(error);
  }
}

interface Told {
  readonly text: string;
  readonly json: string;
}

async function tellTransaction(
  provider: Provider,
  vault: string | undefined,
  hash: string,
): Promise<Told> {
  const stories = await explainLiquidation(provider, vault, hash);
  return { text: renderStories(stories), json: storiesToJson(stories) };
}

async function tellHaircut(
  provider: Provider,
  vault: string,
  collateral: string,
  cash: string,
): Promise<Told> {
  const story = await explainHaircut(provider, vault, collateral, cash);
  return { text: renderHaircut(story), json: haircutToJson(story) };
}

/** Whole ethers errors hold whole requests: the sentence is enough. */
function fail(error: unknown): void {
  const isOurs = error instanceof Error && error.constructor !== Error && !("code" in error);
  const known = isOurs ? error : explainError(error);
  process.stderr.write(`${known.name}: ${known.message}\n`);
  process.exitCode = 1;
}
