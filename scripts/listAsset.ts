// npm run list-asset -- --vault ADDRESS --asset ADDRESS --feed ADDRESS [options]: would the vault list this token, and what is to
// be scheduled for it?
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command } from "commander";
import { connect } from "../keeper/connection.ts";
import { explainError } from "../sdk/errors.ts";
import { examine } from "./listAsset/examine.ts";
import { type ListOptions, readProposal } from "./listAsset/proposal.ts";
import { renderExamination } from "./listAsset/text.ts";

const command = new Command("npm run list-asset --")
  .description(
    "Goes through the checklist of a listing on a node, without sending anything and without a key: token, trial of its transfers, " +
      "feeds, exchange rate, pairs, cap. Ends with the calls to schedule, or with code 1 when it is refused.",
  )
  .option("--rpc <url>", "http(s) address of a node", "http://127.0.0.1:8545")
  .requiredOption("--vault <address>", "the vault")
  .requiredOption("--asset <address>", "the token")
  .requiredOption("--feed <address>", "its feed, shaped as Chainlink's")
  .requiredOption("--max-age-for <s>", "oldest fresh answer, whole minutes in seconds")
  .requiredOption("--lowest-price <usd>", "below it an answer is not believed")
  .requiredOption("--highest-price <usd>", "above it an answer is not believed")
  .option("--second-feed <address>", "a second opinion")
  .option("--second-max-age-for <s>", "the same of the second feed", "0")
  .option("--max-deviation-bps <bps>", "most by which the two may differ", "0")
  .option(
    "--rate-provider <address>",
    "for a token that earns, with feeds of its underlying: who says how much one is",
  )
  .option("--rate-function <text>", "what it is asked", "convertToAssets(uint256)")
  .option("--rate-decimals <digits>", "of what it answers", "18")
  .option("--rate-growth-ppm <ppm>", "most that counts of its growth a day", "0")
  .option("--rate-measured-for <s>", "compare with its growth over so long", "2592000")
  .option("--cap <tokens>", "whole tokens; 0 for cash that is no collateral", "0")
  .option("--pairs <file>", "a list of pairs in JSON5, depths in whole USD")
  .option("--holder <address>", "somebody who has the token, to try its transfers with")
  .option("--json <file>", "write the findings and calls for machines")
  .parse();

await main(command.opts<ListOptions>());

async function main(options: ListOptions): Promise<void> {
  try {
    const proposal = await readProposal(options);
    const provider = await connect(options.rpc);
    const examination = await examine(provider, proposal);
    provider.destroy();
    if (options.json !== undefined) {
      await mkdir(dirname(options.json), { recursive: true });
      const toText = (_: string, value: unknown) =>
        typeof value === "bigint" ? `${value}` : value;
      await writeFile(options.json, `${JSON.stringify(examination, toText, 2)}\n`);
    }
    process.stdout.write(renderExamination(examination));
    if (examination.isRefused) process.exitCode = 1;
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
