// npm run keeper -- --rpc URL --vault ADDRESS [options]
import { Command } from "commander";
import type { Logger } from "pino";
import { explainError } from "../sdk/errors.ts";
import { ConfigError, KEY_VARIABLE, type RawOptions, readConfig } from "./config.ts";
import { createLogger } from "./log.ts";
import { runKeeper } from "./run.ts";

const program = new Command("npm run keeper --")
  .description(
    "Issues and clears margin calls, liquidates by the least repayment, writes off, serves sleeves, keeps slow averages and measured haircuts moving.",
  )
  .option("--rpc <url>", "http(s) address of a node")
  .option("--vault <address>", "the vault to keep")
  .option("--dry-run", "log what would be sent, send nothing, need no key")
  .option("--private-key-env <name>", "environment variable with the private key", KEY_VARIABLE)
  .option("--from-block <n>", "first block to read events of (default: the vault's deployment)")
  .option("--poll-interval-ms <n>", "wait between two looks at the chain (default: 4000)")
  .option("--min-profit-usd <n>", "leave liquidations that earn less after gas (default: 0)")
  .option("--max-allowance <n>", "allowance for each cash, whole tokens (default: own balance)")
  .option("--liquidator <address>", "a FlashLiquidator to act through, instead of own cash")
  .option("--slippage-bps <n>", "least a sale brings, below the oracle (default: 100)")
  .option("--swap-fee-ppm <n>", "tier of the venue's pools to sell in (default: 500)")
  .option("--native-price-usd <n>", "price of the chain's coin (default: WETH in the vault)")
  .option("--refresh-interval-min <n>", "between two refreshes of a measure (default: 360)")
  .option("--refresh-gas <n>", "most gas for refreshes in one interval (default: 10000000)")
  .option("--sleeve-gas <n>", "most gas for sleeves in one interval (default: 10000000)")
  .option("--keep-shares", "leave shares of sleeves that the key has as they are")
  .option("--max-log-range <n>", "most blocks in one request of logs (default: 10000)")
  .option("--page-size <n>", "accounts in one call of the lens (default: 100)")
  .option("--receipt-timeout-ms <n>", "wait for a receipt before fees rise (default: 60000)")
  .option("--log-level <level>", "debug, info, warn, error or silent (default: info)")
  .option("--once", "one look, then end")
  .addHelpText("after", "\nLogs are JSON lines; docs/runbook.md says what each means.")
  .parse();

await main(program.opts<RawOptions>());

async function main(options: RawOptions): Promise<void> {
  let log: Logger = createLogger("info");
  try {
    const config = readConfig(options);
    log = createLogger(config.logLevel);
    await runKeeper({ ...config, log, signal: stopOnSignals(log) });
  } catch (error) {
    fail(log, error);
  }
}

/** The first signal ends the keeper in order, the second at once. */
function stopOnSignals(log: Logger): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      log.info({ msg: "stopping", signal: name });
      controller.abort();
    });
  }
  return controller.signal;
}

/** Whole ethers errors hold whole transactions: the name and the sentence are enough. */
function fail(log: Logger, error: unknown): void {
  process.exitCode = 1;
  if (error instanceof ConfigError) {
    for (const issue of error.issues) log.error({ msg: "bad option", ...issue });
    return;
  }
  const isOurs = error instanceof Error && error.constructor !== Error && !("code" in error);
  const known = isOurs ? error : explainError(error);
  log.error({ msg: "keeper failed", error: known.name, message: known.message });
}
