// One writer for one key: simulates, sends with a nonce of its own, waits, raises fees.
import type { FeeData, Provider, Signer, TransactionReceipt } from "ethers";
import type { Logger } from "pino";
import { errorTextOf, explainError, type SuretyError } from "../sdk/errors.ts";
import { max } from "../sdk/mathLib.ts";
import { TransactionStuck } from "./failures.ts";

/** What is to be called. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

/** What a call would do now. */
type Simulation =
  | {
      readonly type: "passed";
      readonly result: string;
      /** What it will use. */
      readonly gas: bigint;
      /** What it is to be sent with. */
      readonly gasLimit: bigint;
    }
  | { readonly type: "refused"; readonly error: SuretyError };

/** What became of a call that was sent. */
type Sent =
  | { readonly type: "mined"; readonly hash: string; readonly gasUsed: bigint }
  | { readonly type: "reverted"; readonly hash: string; readonly gasUsed: bigint }
  | { readonly type: "refused"; readonly error: SuretyError };

interface SenderOptions {
  readonly provider: Provider;
  readonly signer: Signer;
  readonly address: string;
  readonly receiptTimeoutMs: number;
  readonly log: Logger;
}

interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Time-dependent code needs more gas in the block than at the estimate [% of the estimate] */
const GAS_PERCENT = 125n;
/** Nodes ask for 10 % more to replace a transaction. [% of the last fees] */
const RAISE_PERCENT = 125n;
const MOST_RAISES = 6;
/** A call that is tried with the gas that earlier ones used must do with this much: a fifth of what they needed may have come back. [%] */
const TRIED_PERCENT = 130n;
const TRIED_LIMIT_PERCENT = 150n;
/** One unusual call does not make all later ones look dear: with each one what is remembered falls by a sixteenth at most. */
const MEMORY_SHARE = 16n;
const RECEIPT_POLL_MS = 250;
/** Uniswap's routers say so when a swap brings less than its minimum. */
const VENUE_REFUSAL = "Too little received";

/**
 * Whether an error is one that keepers live with: somebody was first, prices moved, a feed is silent,
 * cash is short, a venue pays too little. Such a task is dropped and looked at again with the next block. Everything else is
 * not understood, and nobody should go on sending what is not understood.
 */
function isExpected(error: SuretyError): boolean {
  if (error.name === "Error" && error.args.reason === VENUE_REFUSAL) return true;
  if (!error.isRetryable) return false;
  return error.name === "SendFailure" || errorTextOf(error.name) !== undefined;
}

/** What `caller` would get from a call now. Throws what is not expected. */
async function simulate(provider: Provider, caller: string, call: Call): Promise<Simulation> {
  try {
    const transaction = { ...call, from: caller };
    const result = await provider.call(transaction);
    const gas = await provider.estimateGas(transaction);
    return { type: "passed", result, gas, gasLimit: share(gas, GAS_PERCENT) };
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): { readonly type: "refused"; readonly error: SuretyError } {
  const explained = explainError(error);
  if (!isExpected(explained)) throw explained;
  return { type: "refused", error: explained };
}

/** Sends the calls of one key, one after the other. */
export class Sender {
  readonly #options: SenderOptions;
  /** What calls of one kind used. */
  readonly #gasUsed = new Map<string, bigint>();
  /** What the last estimate of one kind asked for: a call that keeps gas back for another one needs far more than it uses. */
  readonly #gasNeeded = new Map<string, bigint>();
  #nonce: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** The address that calls. */
  get address(): string {
    return this.#options.address;
  }

  /** Asks the chain for the next nonce again: after a reorganisation what was counted may be gone. */
  forgetNonce(): void {
    this.#nonce = undefined;
  }

  /** What this sender would get from a call now. Throws what is not expected. */
  simulate(call: Call): Promise<Simulation> {
    return simulate(this.#options.provider, this.address, call);
  }

  /**
   * As `simulate`, with the gas that calls of the same function and length used before: an estimate is a search in which a node
   * runs the call some ten times. What no such call was mined for, or what needs more, is estimated.
   */
  async simulateByExperience(call: Call): Promise<Simulation> {
    const kind = kindOf(call);
    const gas = this.#gasUsed.get(kind);
    if (gas !== undefined) {
      const { provider, address: from } = this.#options;
      const neededGas = this.#gasNeeded.get(kind) ?? 0n;
      try {
        const tried = max(share(gas, TRIED_PERCENT), neededGas);
        const result = await provider.call({ ...call, from, gasLimit: tried });
        const gasLimit = max(share(gas, TRIED_LIMIT_PERCENT), share(neededGas, GAS_PERCENT));
        return { type: "passed", result, gas, gasLimit };
      } catch {
        // too little gas, refused, or the node is away: the whole simulation tells which
      }
    }
    const simulation = await this.simulate(call);
    if (simulation.type === "passed") this.#gasNeeded.set(kind, simulation.gas);
    return simulation;
  }

  /**
   * Sends a call whose simulation passed, after those before it, and waits until it is mined.
   * Throws `TransactionStuck`, or what is not expected.
   * @param gasLimit As the simulation says.
   */
  send(call: Call, gasLimit: bigint): Promise<Sent> {
    const sent = this.#queue.then(() => this.#sendNow(call, gasLimit));
    this.#queue = sent.catch(() => undefined); // whoever awaits `sent` decides; the next call goes on
    return sent;
  }

  async #sendNow(call: Call, gasLimit: bigint): Promise<Sent> {
    const { provider, signer } = this.#options;
    const nonce = this.#nonce ?? (await provider.getTransactionCount(this.address, "pending"));
    const fees = feesOf(await provider.getFeeData());
    this.#nonce = undefined; // if anything fails from here on, the chain is asked again
    const transaction = { ...call, nonce, gasLimit };
    let hash: string;
    try {
      ({ hash } = await signer.sendTransaction({ ...transaction, ...fees }));
    } catch (error) {
      return refuse(error);
    }
    const receipt = await this.#waitFor(transaction, fees, hash);
    this.#nonce = nonce + 1;
    const type = receipt.status === 1 ? "mined" : "reverted";
    if (type === "mined") this.#remember(transaction, receipt.gasUsed);
    return { type, hash: receipt.hash, gasUsed: receipt.gasUsed };
  }

  #remember(call: Call, gasUsed: bigint): void {
    const kind = kindOf(call);
    const before = this.#gasUsed.get(kind) ?? 0n;
    this.#gasUsed.set(kind, max(gasUsed, before - before / MEMORY_SHARE));
  }

  /** Waits for one of the transactions of a nonce, and sends it again with higher fees when it takes long. */
  async #waitFor(
    transaction: Call & { readonly nonce: number; readonly gasLimit: bigint },
    first: Fees,
    firstHash: string,
  ): Promise<TransactionReceipt> {
    const hashes = [firstHash];
    let fees = first;
    for (let raise = 0; raise <= MOST_RAISES; raise += 1) {
      const receipt = await this.#poll(hashes);
      if (receipt !== undefined) return receipt;
      if (raise === MOST_RAISES) break;
      fees = raised(fees);
      const hash = await this.#replace({ ...transaction, ...fees });
      if (hash !== undefined) hashes.push(hash);
      this.#options.log.warn({
        msg: "fees raised",
        nonce: transaction.nonce,
        hash,
        maxFeePerGasWei: fees.maxFeePerGas,
      });
    }
    throw new TransactionStuck(transaction.nonce, hashes);
  }

  /** The hash of the replacement; none if the node already has a better one, or one was mined. */
  async #replace(
    transaction: Call & Fees & { readonly nonce: number },
  ): Promise<string | undefined> {
    try {
      return (await this.#options.signer.sendTransaction(transaction)).hash;
    } catch (error) {
      const explained = explainError(error);
      if (explained.isRetryable) return undefined; // the receipts tell
      throw explained;
    }
  }

  async #poll(hashes: readonly string[]): Promise<TransactionReceipt | undefined> {
    const until = performance.now() + this.#options.receiptTimeoutMs;
    do {
      for (const hash of hashes) {
        const receipt = await this.#receiptOf(hash);
        if (receipt !== null) return receipt;
      }
      await new Promise((resolve) => setTimeout(resolve, RECEIPT_POLL_MS));
    } while (performance.now() < until);
    return undefined;
  }

  /** A node that is away for a moment is asked again: the transaction is out. */
  async #receiptOf(hash: string): Promise<TransactionReceipt | null> {
    try {
      return await this.#options.provider.getTransactionReceipt(hash);
    } catch (error) {
      const explained = explainError(error);
      if (explained.name === "NetworkFailure") return null;
      throw explained;
    }
  }
}

function share(amount: bigint, percent: bigint): bigint {
  return (amount * percent) / 100n;
}

/** Calls of one kind run the same code over lists of the same length. */
function kindOf({ to, data }: Call): string {
  return `${to} ${data.slice(0, 10)} ${data.length}`;
}

function feesOf(data: FeeData): Fees {
  const price = data.gasPrice ?? 0n;
  const maxFeePerGas = data.maxFeePerGas ?? price;
  return { maxFeePerGas, maxPriorityFeePerGas: data.maxPriorityFeePerGas ?? maxFeePerGas };
}

function raised(fees: Fees): Fees {
  const up = (fee: bigint) => share(fee, RAISE_PERCENT) + 1n;
  return {
    maxFeePerGas: up(fees.maxFeePerGas),
    maxPriorityFeePerGas: up(fees.maxPriorityFeePerGas),
  };
}
