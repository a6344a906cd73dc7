// npm run optimise -- --vault ADDRESS --account ID [options]: the cheapest collateral that keeps a buffer.
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Command } from "commander";
import { getAddress, isAddress, type Provider } from "ethers";
import { connect, findVault } from "../keeper/connection.ts";
import { type AccountId, parseAccountId, toAccountId } from "../sdk/accountId.ts";
import { vaultAt } from "../sdk/contracts.ts";
import { explainError } from "../sdk/errors.ts";
import { readNames } from "../sdk/explain/names.ts";
import { optimise } from "../sdk/optimiser.ts";
import { readOptimiserProblem } from "../sdk/optimiser/read.ts";
import { named, type Optimised, proposalToJson } from "./optimise/optimised.ts";
import { OptionInvalid, parseBps, parseDays, parseUsd, readYields } from "./optimise/options.ts";
import { renderProposal } from "./optimise/text.ts";

interface Options {
  readonly rpc: string;
  readonly vault: string;
  readonly account: string;
  readonly buffer: string;
  readonly yield: readonly string[];
  readonly yields?: string;
  readonly wallet?: boolean;
  readonly moveCost: string;
  readonly moveShare: string;
  readonly days: string;
  readonly json?: string;
}

/** The types of `highs` are those of its CommonJS form. */
const solver: typeof import("highs") = createRequire(import.meta.url)("highs");

const command = new Command("npm run optimise --")
  .description(
    "Proposes the cheapest collateral that keeps a buffer over the initial line, and the calls that lead there. Reads only; " +
      "needs no key. What pledging costs is the yield that the owner forgoes, less what the token earns while pledged.",
  )
  .requiredOption("--vault <address>", "the vault")
  .requiredOption("--account <id>", "the account: 32 bytes, or the address of its owner for tag 0")
  .option("--rpc <url>", "http(s) address of a node", "http://127.0.0.1:8545")
  .option("--buffer <percent>", "how much more cover than required is kept", "10%")
  .option(
    "--yield <symbol=percent...>",
    "what a year of pledging an asset costs, such as WETH=3%",
    [],
  )
  .option("--yields <file>", 'the same in a file, such as { WETH: "3%", WBTC: "0.5%" }')
  .option("--wallet", "use what the owner holds as well, not only what is pledged")
  .option("--move-cost <usd>", "gas of moving one asset", "0")
  .option("--move-share <percent>", "cost of moving, of the value moved", "0%")
  .option("--days <n>", "how long the choice is meant to stand", "365")
  .option("--json <file>", "write the proposal for machines, exact to the unit")
  .parse();

await main(command.opts<Options>());

async function main(options: Options): Promise<void> {
  try {
    const account = parseAccount(options.account);
    const vault = parseVault(options.vault);
    const costs = {
      bufferBps: parseBps("--buffer", options.buffer),
      moveCostValue: parseUsd("--move-cost", options.moveCost),
      moveCostBps: parseBps("--move-share", options.moveShare),
      heldFor: parseDays("--days", options.days),
      sources: options.wallet === true ? "wallet" : "pledged",
    } as const;
    const yields = await readYields(options.yield, options.yields);
    const provider = await connect(options.rpc);
    const told = await propose(provider, vault, account, { ...costs, yields });
    provider.destroy();
    if (options.json !== undefined) {
      await mkdir(dirname(options.json), { recursive: true });
      await writeFile(options.json, proposalToJson(told));
    }
    process.stdout.write(renderProposal(told));
  } catch (error) {
    fail(error);
  }
}

interface Wishes {
  readonly bufferBps: bigint;
  readonly moveCostValue: bigint;
  readonly moveCostBps: bigint;
  readonly heldFor: bigint;
  readonly sources: "pledged" | "wallet";
  readonly yields: ReadonlyMap<string, bigint>;
}

async function propose(
  provider: Provider,
  address: string,
  account: AccountId,
  { yields, ...wishes }: Wishes,
): Promise<Optimised> {
  await findVault(provider, address);
  const vault = vaultAt(address, provider);
  const block = await provider.getBlockNumber();
  const assets = (await vault.assets({ blockTag: block })).map(({ asset }) => asset);
  const names = await readNames(provider, assets, []);
  const yieldsWad = byAddress(yields, assets, (asset) => names.token(asset).symbol);
  const problem = await readOptimiserProblem(
    provider,
    vault,
    account,
    { ...wishes, yieldsWad },
    block,
  );
  const proposal = optimise(await solver.default(), problem);
  return named(account, block, problem, proposal, (asset) => names.token(asset));
}

function byAddress(
  yields: ReadonlyMap<string, bigint>,
  assets: readonly string[],
  symbolOf: (asset: string) => string,
): ReadonlyMap<string, bigint> {
  const addresses = new Map(assets.map((asset) => [symbolOf(asset), asset]));
  return new Map(
    [...yields].map(([symbol, wad]) => {
      const address = addresses.get(symbol);
      if (address === undefined) {
        throw new OptionInvalid(
          "--yield",
          symbol,
          `an asset of the vault: ${[...addresses.keys()].join(", ")}`,
        );
      }
      return [address, wad];
    }),
  );
}

function parseAccount(text: string): AccountId {
  return isAddress(text) ? toAccountId(text, 0n) : parseAccountId(text);
}

function parseVault(text: string): string {
  if (!isAddress(text))
    throw new OptionInvalid("--vault", text, "an address, 0x and 40 hex digits");
  return getAddress(text);
}

/** Whole ethers errors hold whole requests: the sentence is enough. */
function fail(error: unknown): void {
  const isOurs = error instanceof Error && error.constructor !== Error && !("code" in error);
  const known = isOurs ? error : explainError(error);
  process.stderr.write(`${known.name}: ${known.message}\n`);
  process.exitCode = 1;
}
