import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HDNodeWallet, Mnemonic, type Signer } from "ethers";
import { parseDecimal } from "../../deploy/quantity.ts";
import { runKeeper } from "../../keeper/run.ts";
import { deployLocalVenue, type LocalVenue } from "../localVenue.ts";
import { deployLocalSystem, LOCAL_SIGNERS, type LocalSystem } from "../localSystem.ts";
import { root } from "../runTool.ts";
import type { StartOptions } from "../start.ts";
import { type LocalNode, PortTaken, startLocalNode } from "./localNode.ts";
import { walkPrice } from "./priceWalk.ts";

// The accounts of Hardhat's node come from the mnemonic that everybody knows.
const MNEMONIC = "test test test test test test test test test test test junk";
const NAMES = [
  "deployer",
  "admin",
  "governor",
  "riskSteward",
  "guardian",
  "feeCollector",
  "venueManager",
] as const;
const LENDER = LOCAL_SIGNERS;
const KEEPER = LOCAL_SIGNERS + 1;
/** Whole tokens for each owner, by symbol. */
const OWNER_TOKENS: Readonly<Record<string, string>> = {
  WETH: "100",
  WBTC: "4",
  LINK: "10_000",
  STETH: "100",
};
const OWNER_CASH = "100_000";
const LENDER_CASH = "20_000_000";
/** Coins whose price moves by a fiftieth of what others' does. */
const STABLE = ["USDC", "DAI", "USDT", "FRAX", "UST"];
const STABLE_SHARE = 0.02;

/** Runs until a signal; the number is the exit code. */
export async function run(options: StartOptions): Promise<number> {
  const stop = stopOnSignals();
  let node: LocalNode;
  try {
    node = await startLocalNode(options.port);
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    console.error(`start: ${error.message}`);
    return 1;
  }
  try {
    const signers = await node.provider.listAccounts();
    const system = await deployLocalSystem(signers, {
      haircuts: "measured",
      sleeves: "asWritten",
    });
    await fund(system, signers);
    const venue = await deployLocalVenue(system, signerAt(signers, KEEPER));
    await node.provider.send("evm_setIntervalMining", [options.blockTime * 1_000]);
    const file = writeAddresses(system, venue, node.rpcUrl);
    announce(system, venue, node.rpcUrl, file);
    await Promise.all([
      untilStopped(tickPrices(system, options, stop.signal), stop),
      options.keeper
        ? untilStopped(keep(system, venue, node.rpcUrl, stop.signal), stop)
        : undefined,
    ]);
    return 0;
  } finally {
    await node.close();
    console.log("start: stopped");
  }
}

/** What ends one part ends all of them. */
async function untilStopped(part: Promise<void>, stop: AbortController): Promise<void> {
  try {
    await part;
  } finally {
    stop.abort();
  }
}

/** The first signal stops in order: prices, keeper, node. The second ends at once. */
function stopOnSignals(): AbortController {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller;
}

// ---- the world ----

/** Cash in the pools, tokens and cash for everybody but the keeper, who has a liquidator instead. */
async function fund(system: LocalSystem, signers: readonly Signer[]): Promise<void> {
  const lender = signerAt(signers, LENDER);
  for (const { symbol, asset } of system.pools) {
    await system.lend(symbol, lender, parseDecimal(LENDER_CASH, asset.decimals));
  }
  const stables = system.assets.filter(({ symbol }) => STABLE.includes(symbol));
  for (const owner of signers.slice(KEEPER + 1)) {
    for (const [symbol, amount] of Object.entries(OWNER_TOKENS)) {
      await system.mint(symbol, owner, parseDecimal(amount, system.asset(symbol).decimals));
    }
    for (const { symbol, decimals } of stables) {
      await system.mint(symbol, owner, parseDecimal(OWNER_CASH, decimals));
    }
  }
}

/** A round for every feed, tick after tick, until the signal. */
async function tickPrices(
  system: LocalSystem,
  { tick, volatility, seed }: StartOptions,
  signal: AbortSignal,
): Promise<void> {
  const walks = system.params.assets.map(({ symbol, firstPrice }, index) => {
    const share = STABLE.includes(symbol) ? STABLE_SHARE : 1;
    const yearly = (volatility / 100) * share;
    return {
      symbol,
      walk: walkPrice(parseDecimal(firstPrice ?? "1", 8), yearly, tick, seed, index),
    };
  });
  while (!signal.aborted) {
    const prices = walks.map(({ symbol, walk }) => [symbol, walk.next()] as const);
    await system.setPrices(Object.fromEntries(prices));
    await pause(tick * 1_000, signal);
  }
}

function keep(
  system: LocalSystem,
  { liquidator, feePpm }: LocalVenue,
  rpcUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const { privateKey } = walletAt(KEEPER);
  return runKeeper({
    rpcUrl,
    liquidator,
    swapFeePpm: feePpm,
    vault: system.vaultAddress,
    privateKey,
    signal,
    pollIntervalMs: 1_000,
  });
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

// ---- what is said about it ----

/** Everything a wallet, a page or a script needs. The keys are those that every local node has. */
function writeAddresses(system: LocalSystem, venue: LocalVenue, rpcUrl: string): string {
  const file = path.join(root, "out", "local.json");
  const content = {
    rpcUrl,
    chainId: system.params.network.chainId,
    vault: system.vaultAddress,
    manager: system.addresses.get("AccessManager"),
    venue: venue.address,
    liquidator: venue.liquidator,
    swapper: venue.swapperAddress,
    assets: system.assets.map(({ symbol, id, decimals, address, ...asset }) => ({
      symbol,
      id: Number(id),
      decimals,
      address,
      feed: asset.feed.target,
      aggregator: asset.aggregator.target,
    })),
    pools: system.pools.map(({ symbol, id, address, asset }) => ({
      symbol,
      id: Number(id),
      address,
      cash: asset.address,
    })),
    sleeves: system.sleeves.map(({ symbol, id, decimals, address, asset }) => ({
      symbol,
      id: Number(id),
      decimals,
      address,
      asset: asset.address,
    })),
    accounts: [
      ...NAMES,
      "lender",
      "keeper",
      ...system.actors.slice(2).map((_, i) => `owner${i + 1}`),
    ].map((name, index) => ({
      name,
      address: walletAt(index).address,
      privateKey: walletAt(index).privateKey,
    })),
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

function announce(system: LocalSystem, venue: LocalVenue, rpcUrl: string, file: string): void {
  const rows = [
    ["RPC", rpcUrl],
    ["chain", `${system.params.network.chainId}`],
    ["vault", system.vaultAddress],
    ["venue", venue.address],
    ["liquidator", venue.liquidator],
    ["swapper", venue.swapperAddress],
    ...system.pools.map(({ symbol, address }) => [`pool ${symbol}`, address]),
    ...system.assets.map(({ symbol, address }) => [symbol, address]),
    ...system.sleeves.map(({ symbol, address }) => [`sleeve ${symbol}`, address]),
  ];
  console.log(rows.map(([name = "", value = ""]) => `${name.padEnd(14)} ${value}`).join("\n"));
  console.log(`\nAll addresses and keys: ${path.relative(root, file)}. Stop with Ctrl-C.`);
  console.log("Why an account was liquidated: npm run explain -- <hash of a mined transaction>\n");
}

function walletAt(index: number): HDNodeWallet {
  const derivation = `m/44'/60'/0'/0/${index}`;
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), derivation);
}

function signerAt(signers: readonly Signer[], index: number): Signer {
  const signer = signers[index];
  if (signer === undefined) throw new RangeError(`signer ${index} wanted, found ${signers.length}`);
  return signer;
}
