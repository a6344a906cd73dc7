// npm start -- [options]: a local chain with the protocol deployed, prices that move, and the keeper.
import { Command, InvalidArgumentError } from "commander";
import { build } from "./build.ts";

/** What `npm start` was asked to do. */
export interface StartOptions {
  readonly port: number;
  readonly blockTime: number; // between two blocks without transactions [s]
  readonly tick: number; // between two rounds of prices [s]
  readonly volatility: number; // of prices, a year [%]; 0 keeps them constant
  readonly seed: number;
  readonly keeper: boolean;
}

const program = new Command("npm start --")
  .description(
    "Starts a local node on 127.0.0.1 with the protocol deployed and the keeper running.",
  )
  .option("--port <n>", "port of the node; 0 takes a free one", wholeFrom(0, 65_535), 8545)
  .option(
    "--block-time <seconds>",
    "between two blocks without transactions",
    wholeFrom(1, 3_600),
    2,
  )
  .option("--tick <seconds>", "between two rounds of prices", wholeFrom(1, 3_600), 12)
  .option(
    "--volatility <percent>",
    "of prices, a year; 0 keeps them constant",
    wholeFrom(0, 1_000),
    80,
  )
  .option("--seed <n>", "of the random walk of prices", wholeFrom(0, 2 ** 32 - 1), 1)
  .option("--no-keeper", "leave margin calls and liquidations to somebody else")
  .addHelpText("after", "\nAddresses go to out/local.json. Stop with Ctrl-C.")
  .parse();

const built = await build("protocol");
if (built.exitCode === 0) {
  // only now: the contract types may not have existed before
  const { run } = await import("./start/run.ts");
  process.exit(await run(program.opts<StartOptions>()));
} else {
  console.error("start: the build failed; nothing was started.");
  process.exitCode = 1;
}

function wholeFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(
      `found "${text}", allowed: a whole number from ${least} to ${most}.`,
    );
  };
}
