// npm run explain -- <transaction> [options]: why an account was liquidated or written off.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command } from "commander";
import { connect } from "../keeper/connection.ts";
import { explainError } from "../sdk/errors.ts";
import { explainLiquidation } from "../sdk/explain.ts";
import { storiesToJson } from "./explain/json.ts";
import { renderStories } from "./explain/text.ts";

interface Options {
  readonly rpc: string;
  readonly vault?: string;
  readonly json?: string;
}

const command = new Command("npm run explain --")
  .description(
    "Explains a liquidation or a write-off: with which prices and haircuts, what was least possible, what was done, and who " +
      "got or lost what. Reads only; needs no key. A node without old states explains from the receipt alone.",
  )
  .argument("<transaction>", "hash of the transaction, as the keeper logs it")
  .option("--rpc <url>", "http(s) address of a node", "http://127.0.0.1:8545")
  .option("--vault <address>", "the vault (default: the one that liquidated in the transaction)")
  .option("--json <file>", "write the story for machines, exact to the unit")
  .parse();

await main(command.args[0] ?? "", command.opts<Options>());

async function main(hash: string, options: Options): Promise<void> {
  try {
    const provider = await connect(options.rpc);
    const stories = await explainLiquidation(provider, options.vault, hash);
    provider.destroy();
    if (options.json !== undefined) {
      await mkdir(dirname(options.json), { recursive: true });
      await writeFile(options.json, storiesToJson(stories));
    }
    process.stdout.write(renderStories(stories));
  } catch (error) {
    fail(error);
  }
}

/** Whole ethers errors hold whole requests: the sentence is enough. */
function fail(error: unknown): void {
  const isOurs = error instanceof Error && error.constructor !== Error && !("code" in error);
  const known = isOurs ? error : explainError(error);
  process.stderr.write(`${known.name}: ${known.message}\n`);
  process.exitCode = 1;
}
