// Drives a keeper against a node, look after look, until it is told to stop.
import { Wallet } from "ethers";
import type { Logger } from "pino";
import { explainError } from "../sdk/errors.ts";
import { DEFAULT_SETTINGS, type KeeperSettings } from "./config.ts";
import { connect } from "./connection.ts";
import { NodeLost } from "./failures.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import { createLogger } from "./log.ts";

/** Looks at a node that does not answer, before a person is called. */
const MOST_LOST_LOOKS = 20;
const LONGEST_WAIT_MS = 30_000;

/** What `runKeeper` needs: where, and what a keeper may be told. */
export interface RunOptions extends Partial<KeeperSettings> {
  readonly rpcUrl: string;
  readonly vault: string;
  /** May be left out in mode `dry-run`. */
  readonly privateKey?: string;
  /** `once` ends after one step. */
  readonly runs?: "forever" | "once";
  readonly log?: Logger;
  /** Ends the keeper after the transaction in flight. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a keeper against a node until the signal, or for one step. Waits for a node that is away for a
 * moment. Throws `NodeUnreachable`, `VaultNotFound`, `SignerMissing`, `LiquidatorUnfit` at the start; later `NodeLost`,
 * `LogsRefused`, `ReorgTooDeep`, `TransactionStuck`, `TooManyReverts`, and what is not understood.
 */
export async function runKeeper(options: RunOptions): Promise<void> {
  const { rpcUrl, privateKey, runs = "forever", signal, ...rest } = options;
  const log = options.log ?? createLogger("info");
  const provider = await connect(rpcUrl);
  try {
    const signer = privateKey === undefined ? undefined : new Wallet(privateKey, provider);
    const keeper = await createKeeper({
      ...rest,
      log,
      provider,
      ...(signer === undefined ? {} : { signer }),
    });
    const pollIntervalMs = options.pollIntervalMs ?? DEFAULT_SETTINGS.pollIntervalMs;
    if (runs === "once") await keeper.step(signal);
    else await loop(keeper, pollIntervalMs, log, signal);
  } finally {
    provider.destroy();
  }
  log.info({ msg: "keeper stopped" });
}

async function loop(
  keeper: Keeper,
  pollIntervalMs: number,
  log: Logger,
  signal: AbortSignal | undefined,
): Promise<void> {
  let lost = 0;
  while (!signal?.aborted) {
    try {
      await keeper.step(signal);
      lost = 0;
    } catch (error) {
      const explained = explainError(error);
      if (explained.name !== "NetworkFailure") throw error;
      lost += 1;
      if (lost >= MOST_LOST_LOOKS) throw new NodeLost(lost, error);
      log.error({ msg: "node does not answer", attempt: lost, error: explained.message });
    }
    await wait(
      Math.min(pollIntervalMs * 2 ** lost, Math.max(LONGEST_WAIT_MS, pollIntervalMs)),
      signal,
    );
  }
}

/** Waits, or not when the signal comes. */
function wait(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal?.addEventListener("abort", done, { once: true });
  });
}
