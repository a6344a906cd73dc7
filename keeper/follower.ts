// Finds the accounts that owe something, from the vault's events, and survives nodes that refuse long
// ranges and chains that change their mind.
import { dataSlice, getAddress, id as topicOf, type Log, type Provider } from "ethers";
import type { Logger } from "pino";
import { type AccountId, parseAccountId } from "../sdk/accountId.ts";
import { explainError } from "../sdk/errors.ts";
import { ICollateralVault__factory } from "../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";
import { IVenueAllocator__factory } from "../types/ethers-contracts/factories/contracts/interfaces/IVenueAllocator__factory.ts";
import { HeadMissing, LogsRefused, ReorgTooDeep } from "./failures.ts";

/** A block that was read to its end. */
interface Checkpoint {
  readonly number: number;
  readonly hash: string;
}

/** What one look at the chain found. */
export interface Followed {
  /** The head up to which everything is read. */
  readonly head: Checkpoint;
  /** Time of the head [s] */
  readonly nowAt: bigint;
  /** Accounts that borrowed since the last look, or again. */
  readonly borrowers: readonly AccountId[];
  /** Accounts with any event since the last look. */
  readonly touched: readonly AccountId[];
  /** Accounts that put something into a sleeve since the last look. */
  readonly reusers: readonly AccountId[];
  /** Sleeves with any event since the last look, and those for which a recall was asked. */
  readonly movedSleeves: readonly string[];
  /** Sleeves whose own rules changed since the last look. */
  readonly ruledSleeves: readonly string[];
  /** Whether assets, pools, pairs, feeds or parameters changed since the last look. */
  readonly isReconfigured: boolean;
  /** Whether blocks that were read before are gone: what was concluded from them may be wrong. */
  readonly isReorged: boolean;
}

interface FollowerOptions {
  readonly provider: Provider;
  readonly vault: string;
  readonly fromBlock: number;
  readonly maxLogRange: number;
  readonly log: Logger;
}

/** How many read heads are remembered to find the common ancestor after a reorg. */
const REMEMBERED = 256;

/** Of a sleeve; everything else that it says is only a reason to look at it. */
const RULED = topicOf(
  IVenueAllocator__factory.createInterface().getEvent("SleeveRulesSet").format("sighash"),
);

const VAULT_EVENTS = ICollateralVault__factory.createInterface();
const topic = (name: Parameters<typeof VAULT_EVENTS.getEvent>[0]) =>
  topicOf(VAULT_EVENTS.getEvent(name).format("sighash"));

/** Every debt begins with this event, so whoever is not in one has nothing to be called for. */
const BORROWED = topic("Borrowed");
const REUSED = topic("CollateralReused");
const RECALL_REQUESTED = topic("RecallRequested");

/**
 * Events that are about no account and change the health of any, the terms of all, or what is measured. New targets are none: a
 * haircut in force follows them at the speed that watch.ts allows for, so a refresh does not make every account be read again.
 */
const RECONFIGURED: ReadonlySet<string | undefined> = new Set([
  topic("AssetListed"),
  topic("FeedSet"),
  topic("PoolListed"),
  topic("DebtFactorSet"),
  topic("PairSet"),
  topic("PairModelSet"),
  topic("RiskParametersSet"),
  topic("DepthPosted"),
  topic("WorthlessSet"),
  topic("BorrowPauseSet"),
  topic("MeasureStarted"),
  topic("AssetDelisted"),
  topic("SleeveSet"),
]);

const ACCOUNT_EVENTS: ReadonlySet<string | undefined> = new Set([
  BORROWED,
  topic("CollateralDeposited"),
  topic("CollateralWithdrawn"),
  REUSED,
  topic("CollateralRecalled"),
  topic("Repaid"),
  topic("MarginCallIssued"),
  topic("MarginCallPaused"),
  topic("MarginCallResumed"),
  topic("MarginCallCured"),
  topic("Liquidated"),
  topic("WrittenOff"),
]);

/** What a range of blocks says. */
interface Findings {
  readonly borrowers: Set<AccountId>;
  readonly touched: Set<AccountId>;
  readonly reusers: Set<AccountId>;
  readonly movedSleeves: Set<string>;
  readonly ruledSleeves: Set<string>;
  isReconfigured: boolean;
}

/** Begins at `fromBlock`; remembers in memory only, so a new follower reads everything again. */
export class Follower {
  readonly #options: FollowerOptions;
  #checkpoints: readonly Checkpoint[] = [];
  #range: number;
  #sleeves: readonly string[] = [];

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#range = options.maxLogRange;
  }

  /** From now on the logs of these contracts are read beside those of the vault. */
  watch(sleeves: readonly string[]): void {
    this.#sleeves = sleeves;
  }

  /** Reads up to the head of the chain. Throws `LogsRefused`, `ReorgTooDeep`, or what the provider throws. */
  async follow(): Promise<Followed> {
    const isReorged = await this.#returnToSafePoint();
    const head = await this.#options.provider.getBlock("latest");
    if (head?.hash == null) throw new HeadMissing();
    const next = this.#nextBlock();
    const findings = await this.#read(next, head.number);
    const checkpoint = { number: head.number, hash: head.hash };
    if (head.number >= next) {
      this.#checkpoints = [...this.#checkpoints, checkpoint].slice(-REMEMBERED);
    }
    return {
      head: checkpoint,
      nowAt: BigInt(head.timestamp),
      borrowers: [...findings.borrowers],
      touched: [...findings.touched],
      reusers: [...findings.reusers],
      movedSleeves: [...findings.movedSleeves],
      ruledSleeves: [...findings.ruledSleeves],
      isReconfigured: findings.isReconfigured,
      isReorged,
    };
  }

  #nextBlock(): number {
    const last = this.#checkpoints.at(-1);
    return last === undefined ? this.#options.fromBlock : last.number + 1;
  }

  /** Forgets heads that the chain no longer has; says whether there were any. */
  async #returnToSafePoint(): Promise<boolean> {
    const known = this.#checkpoints;
    let safe = known.length;
    while (safe > 0 && !(await this.#isCanonical(known[safe - 1]))) safe -= 1;
    if (safe === known.length) return false;
    const [oldest] = known;
    const isForgetful = known.length === REMEMBERED && oldest !== undefined;
    if (safe === 0 && isForgetful) throw new ReorgTooDeep(oldest.number);
    this.#checkpoints = known.slice(0, safe);
    const headsDropped = known.length - safe;
    this.#options.log.warn({
      msg: "chain reorganised",
      fromBlock: this.#nextBlock(),
      headsDropped,
    });
    return true;
  }

  async #isCanonical(checkpoint: Checkpoint | undefined): Promise<boolean> {
    if (checkpoint === undefined) return false;
    const block = await this.#options.provider.getBlock(checkpoint.number);
    return block?.hash === checkpoint.hash;
  }

  async #read(from: number, to: number): Promise<Findings> {
    const found: Findings = {
      borrowers: new Set(),
      touched: new Set(),
      reusers: new Set(),
      movedSleeves: new Set(),
      ruledSleeves: new Set(),
      isReconfigured: false,
    };
    for (let block = from; block <= to;) {
      const last = Math.min(block + this.#range - 1, to);
      const logs = await this.#readRange(block, last);
      if (logs === undefined) continue; // refused: the range is smaller now
      for (const log of logs) {
        if (this.#sleeves.includes(log.address)) noteSleeve(found, log);
        else note(found, log.topics);
      }
      block = last + 1;
      this.#range = Math.min(this.#range * 2, this.#options.maxLogRange);
    }
    return found;
  }

  /** The logs of a range, or undefined after halving a range that the node refused. */
  async #readRange(from: number, to: number): Promise<readonly Log[] | undefined> {
    const { provider, vault, log } = this.#options;
    try {
      const address = this.#sleeves.length === 0 ? vault : [vault, ...this.#sleeves];
      const filter = { address, fromBlock: from, toBlock: to };
      return await provider.getLogs(filter);
    } catch (error) {
      if (isAway(error)) throw error;
      if (from === to) throw new LogsRefused(from, error);
      this.#range = Math.max(1, Math.floor((to - from + 1) / 2));
      log.debug({ msg: "log range halved", fromBlock: from, toBlock: to, blocks: this.#range });
      return undefined;
    }
  }
}

function noteSleeve({ movedSleeves, ruledSleeves }: Findings, { address, topics }: Log): void {
  movedSleeves.add(address);
  if (topics[0] === RULED) ruledSleeves.add(address);
}

function note(found: Findings, [event, account, sleeve]: readonly string[]): void {
  if (RECONFIGURED.has(event)) found.isReconfigured = true;
  if (event === RECALL_REQUESTED && sleeve !== undefined) {
    found.movedSleeves.add(addressIn(sleeve));
  }
  if (!ACCOUNT_EVENTS.has(event) || account === undefined) return;
  found.touched.add(parseAccountId(account));
  if (event === BORROWED) found.borrowers.add(parseAccountId(account));
  if (event === REUSED) found.reusers.add(parseAccountId(account));
}

/** An address in a topic. */
function addressIn(topicWord: string): string {
  return getAddress(dataSlice(topicWord, 12));
}

/**
 * Whether the node is away, as opposed to refusing a range. Many nodes refuse with an HTTP status or a
 * timeout, so of these only a broken connection counts as away.
 */
function isAway(error: unknown): boolean {
  const code: unknown = Reflect.get(Object(error), "code");
  if (code === "SERVER_ERROR" || code === "TIMEOUT") return false;
  return explainError(error).name === "NetworkFailure";
}
