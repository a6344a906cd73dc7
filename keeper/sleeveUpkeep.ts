// Does for sleeves what anyone may do, on a schedule and a budget of gas of its own: one transaction between two looks.
import { dataLength, type Provider } from "ethers";
import type { Logger } from "pino";
import type { AccountId } from "../sdk/accountId.ts";
import { sleeveAt } from "../sdk/contracts.ts";
import { explainError, isRefusal } from "../sdk/errors.ts";
import { valueDown } from "../sdk/healthMath.ts";
import { BPS, min, WAD } from "../sdk/mathLib.ts";
import type { MarketView } from "../sdk/market.ts";
import { readAccount } from "../sdk/reader.ts";
import { readAllocator, readWaiting, redeemableDown, type SleeveView } from "../sdk/sleeves.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { KeeperSettings } from "./config.ts";
import type { Followed } from "./follower.ts";
import { GasBudget } from "./gasBudget.ts";
import { factsOf, type Outcome } from "./outcome.ts";
import type { Sender } from "./sender.ts";
import { sleeveCall } from "./sleeveCall.ts";
import {
  findSleeveTasks,
  findTrim,
  isInDip,
  sleeveKeyOf,
  type SleeveState,
  type SleeveTask,
} from "./sleeveTasks.ts";

interface SleeveUpkeepOptions {
  readonly provider: Provider;
  readonly vault: ICollateralVault;
  readonly vaultAddress: string;
  readonly settings: KeeperSettings;
  /** Nobody in mode `dry-run`. */
  readonly sender: Sender | undefined;
  readonly log: Logger;
  /** What gas costs now [value] */
  readonly gasValue: (gas: bigint, market: MarketView) => Promise<bigint>;
}

/** Of one transaction: a full call of `MOST_TICKETS` tickets whose shares come from several venues, beside others in a block. */
const MOST_GAS_A_CALL = 5_000_000n;
/** Between two looks at a sleeve that says nothing: its venues do not tell when they pay again. [s] */
const LOOK_FOR = 60n;
/** What was refused, or did not do all, is left alone for so long. [s] */
const REST_FOR = 300n;
/** Accounts of each kind (those that did something, those whose turn it is) that are looked at for too much reuse in one look. */
const TRIMS_A_LOOK = 20;
/** Shares are redeemed when they bring so many times the gas. */
const REDEEM_TIMES_GAS = 2n;
/** Shares that bring less than they are worth by more than this share wait. [bps] */
const REDEEM_SHORT_BPS = 10n;

/** What a simulation says: to be sent, or what became of the task. */
type Simulated =
  | {
      readonly type: "passed";
      readonly task: SleeveTask;
      readonly gasLimit: bigint;
      readonly result: string;
    }
  | { readonly type: "over"; readonly outcome: Outcome };

/** Remembers what waits; one for each keeper. */
export class SleeveUpkeep {
  readonly #options: SleeveUpkeepOptions;
  #sleeves: readonly SleeveView[] = [];
  /** Accounts that put something into a sleeve, and may have it there. */
  readonly #reusers = new Set<AccountId>();
  /** Those of them that did something, and are looked at next. */
  readonly #first = new Set<AccountId>();
  /** The others, in turns. */
  #turn: AccountId[] = [];
  #nextTurnAt = 0n;
  /** Sleeves that do not answer as an allocator, such as pools; asked again after a change of terms. */
  readonly #withoutVenues = new Set<string>();
  /** Governed, so read again only after a change [bps] */
  readonly #bufferBps = new Map<string, bigint>();
  /** Until when a task is left alone, by `sleeveKeyOf` [s] */
  readonly #rests = new Map<string, bigint>();
  #queue: readonly SleeveTask[] = [];
  #nextLookAt = 0n;
  readonly #budget: GasBudget;

  constructor(options: SleeveUpkeepOptions) {
    this.#options = options;
    const { sleeveGas, refreshIntervalFor } = options.settings;
    this.#budget = new GasBudget(sleeveGas, refreshIntervalFor);
  }

  /** From now on these; what waited is found again. */
  keep(sleeves: readonly SleeveView[]): void {
    this.#sleeves = sleeves;
    this.#bufferBps.clear();
    this.#withoutVenues.clear();
    this.#queue = [];
    this.#nextLookAt = 0n;
    this.#nextTurnAt = 0n;
  }

  /** What the chain told since the last step. */
  remember({ reusers, touched, movedSleeves, ruledSleeves, isReorged }: Followed): void {
    for (const account of reusers) this.#reusers.add(account);
    const known = touched.filter((account) => this.#reusers.has(account));
    for (const account of known) this.#first.add(account);
    for (const sleeve of ruledSleeves) this.#bufferBps.delete(sleeve);
    if (movedSleeves.length > 0 || known.length > 0) this.#nextLookAt = 0n;
    if (!isReorged) return;
    this.#queue = [];
    this.#rests.clear();
  }

  /**
   * Does at most one thing; undefined when nothing is due. Whatever a contract refuses is left alone for some minutes.
   * Throws `TransactionStuck`, or what the provider throws.
   */
  async step(market: MarketView, nowAt: bigint): Promise<Outcome | undefined> {
    if (this.#sleeves.length === 0 || this.#budget.leftAt(nowAt) === 0n) return undefined;
    if (this.#queue.length === 0) await this.#look(market, nowAt);
    const [task, ...rest] = this.#queue;
    if (task === undefined) return undefined;
    this.#queue = rest;
    return this.#do(task, market, nowAt);
  }

  // ---- what is due ----

  async #look(market: MarketView, nowAt: bigint): Promise<void> {
    if (nowAt < this.#nextLookAt) return;
    this.#nextLookAt = nowAt + LOOK_FOR;
    const tasks: SleeveTask[] = [];
    const queued = new Set<string>();
    for (const { sleeve } of this.#sleeves) {
      const state = await this.#read(sleeve);
      if (state.waiting > 0n) queued.add(sleeve);
      tasks.push(...findSleeveTasks(state, nowAt), ...(await this.#findShares(state)));
    }
    // nobody is trimmed while somebody waits
    const trims = (await this.#findTrims(market, nowAt)).filter(
      ({ sleeve }) => !queued.has(sleeve),
    );
    this.#queue = [...tasks, ...trims].filter(
      (task) => nowAt >= (this.#rests.get(sleeveKeyOf(task)) ?? 0n),
    );
  }

  async #read(sleeve: string): Promise<SleeveState> {
    const { provider, vault } = this.#options;
    const waiting = await readWaiting(vault, sleeve);
    if (this.#withoutVenues.has(sleeve)) return { sleeve, waiting, allocator: undefined };
    const allocator = await readAllocator(provider, sleeve, this.#bufferBps.get(sleeve));
    if (allocator === undefined) this.#withoutVenues.add(sleeve);
    else this.#bufferBps.set(sleeve, allocator.bufferBps);
    return { sleeve, waiting, allocator };
  }

  /** Shares that the key has, as far as they are paid now. */
  async #findShares({ sleeve, allocator }: SleeveState): Promise<readonly SleeveTask[]> {
    const { provider, sender, settings } = this.#options;
    if (sender === undefined || settings.keepsShares) return [];
    // a loss is borne by who leaves in it; if it is for good, the next look of anybody records it
    if (allocator !== undefined && isInDip(allocator)) return [];
    const contract = sleeveAt(sleeve, provider);
    try {
      const held = await contract.balanceOf(sender.address);
      if (held === 0n) return [];
      const shares = redeemableDown(held, await contract.maxRedeem(sender.address));
      return shares === 0n ? [] : [{ type: "redeemShares", sleeve, shares, valueAtRisk: 0n }];
    } catch (caught) {
      // a sleeve that does not say what it pays pays nothing
      if (!isRefusal(caught)) throw caught;
      return [];
    }
  }

  async #findTrims({ rules }: MarketView, nowAt: bigint): Promise<readonly SleeveTask[]> {
    if (!this.#sleeves.some(({ isCapped }) => isCapped)) return [];
    const first = [...this.#first].slice(0, TRIMS_A_LOOK);
    const turn = [...new Set([...first, ...this.#nextTurn(nowAt)])];
    const views = await Promise.all(
      turn.map((account) => readAccount(this.#options.vault, account)),
    );
    for (const account of first) this.#first.delete(account);
    // the rest follows in the next look
    if (this.#first.size > 0) this.#nextLookAt = 0n;
    return views.flatMap((view) => {
      const isIn = view.snapshot.collaterals.some(({ asset }) =>
        this.#sleeves.some(({ sleeve }) => sleeve === asset),
      );
      if (!isIn) this.#reusers.delete(view.row.account);
      const task = findTrim(view, this.#sleeves, rules.dustValue * WAD);
      return task === undefined ? [] : [task];
    });
  }

  /** Prices move, too: everybody is looked at once in a while. */
  #nextTurn(nowAt: bigint): readonly AccountId[] {
    if (nowAt < this.#nextTurnAt) return [];
    this.#nextTurnAt = nowAt + LOOK_FOR;
    if (this.#turn.length === 0) this.#turn = [...this.#reusers];
    return this.#turn.splice(0, TRIMS_A_LOOK);
  }

  // ---- doing it ----

  async #do(task: SleeveTask, market: MarketView, nowAt: bigint): Promise<Outcome> {
    const { sender, settings, log } = this.#options;
    if (sender === undefined || settings.mode === "dry-run") {
      this.#leave(task, nowAt);
      log.info({ msg: "would send", ...factsOf(task) });
      return { type: "planned", task };
    }
    const found = await this.#simulate(task, sender, market, nowAt);
    if (found.type === "over") return found.outcome;
    const { gasLimit, result } = found;
    const call = sleeveCall(found.task, this.#options.vaultAddress, sender.address);
    log.info({ msg: "sending", ...factsOf(found.task), gasLimit });
    const sent = await sender.send(call, gasLimit);
    if (sent.type === "refused") return this.#refused(found.task, sent.error, nowAt);
    const { hash, gasUsed } = sent;
    this.#budget.spend(gasUsed);
    // the rest of a queue comes at once, everything else is given time to settle
    const isCut = found.task.type === "serveRecalls" && BigInt(result) === found.task.most;
    if (!isCut || sent.type === "reverted") this.#leave(found.task, nowAt);
    this.#queue = [];
    this.#nextLookAt = 0n;
    if (sent.type === "reverted") {
      log.warn({ msg: "transaction reverted", ...factsOf(found.task), hash, gasUsed });
      return { type: "reverted", task: found.task, hash };
    }
    log.info({ msg: "transaction mined", ...factsOf(found.task), hash, gasUsed });
    return { type: "done", task: found.task, hash };
  }

  /** As many tickets as fit into the gas there is. */
  async #simulate(
    task: SleeveTask,
    sender: Sender,
    market: MarketView,
    nowAt: bigint,
  ): Promise<Simulated> {
    const gasMost = min(this.#budget.leftAt(nowAt), MOST_GAS_A_CALL);
    let smaller = task;
    try {
      for (;;) {
        const simulation = await sender.simulate(
          sleeveCall(smaller, this.#options.vaultAddress, sender.address),
        );
        if (simulation.type === "refused") {
          return { type: "over", outcome: this.#refused(smaller, simulation.error, nowAt) };
        }
        const { gas, gasLimit, result } = simulation;
        if (gas > gasMost) {
          if (smaller.type !== "serveRecalls" || smaller.most === 1n) {
            return { type: "over", outcome: this.#skip(smaller, nowAt, "overBudget") };
          }
          smaller = { ...smaller, most: smaller.most / 2n };
          continue;
        }
        if (smaller.type === "redeemShares" && !(await this.#pays(smaller, result, gas, market))) {
          return { type: "over", outcome: this.#skip(smaller, nowAt, "unprofitable") };
        }
        return { type: "passed", task: smaller, gasLimit, result };
      }
    } catch (caught) {
      const error = explainError(caught);
      // a venue or a token may refuse in words of its own, or say nothing: no reason to leave the accounts alone
      if (!isRefusal(caught)) throw caught;
      return { type: "over", outcome: this.#refused(smaller, error, nowAt) };
    }
  }

  /** Whether what comes for shares is about what they are worth, and worth the gas. */
  async #pays(
    { sleeve, shares }: Extract<SleeveTask, { type: "redeemShares" }>,
    result: string,
    gas: bigint,
    market: MarketView,
  ): Promise<boolean> {
    if (dataLength(result) < 32) return false;
    const asset = this.#sleeves.find((row) => row.sleeve === sleeve)?.asset;
    const price = market.assets.find((row) => row.asset === asset)?.price ?? 0n;
    const gasValue = await this.#options.gasValue(gas, market);
    const worthAssets = await sleeveAt(sleeve, this.#options.provider).convertToAssets(shares);
    // while a loss is flagged, a pool pays less than it says
    if (BigInt(result) * BPS < worthAssets * (BPS - REDEEM_SHORT_BPS)) return false;
    return valueDown(BigInt(result), price) > gasValue * REDEEM_TIMES_GAS;
  }

  #refused(task: SleeveTask, error: ReturnType<typeof explainError>, nowAt: bigint): Outcome {
    const { name, message } = error;
    this.#leave(task, nowAt);
    this.#options.log.info({ msg: "sleeve refused", ...factsOf(task), error: name, message });
    return { type: "dropped", task, error };
  }

  #skip(task: SleeveTask, nowAt: bigint, reason: string): Outcome {
    this.#leave(task, nowAt);
    const level = reason === "overBudget" ? "warn" : "info";
    this.#options.log[level]({ msg: "task skipped", ...factsOf(task), reason });
    return { type: "skipped", task, reason };
  }

  // ---- schedule and budget ----

  #leave(task: SleeveTask, nowAt: bigint): void {
    this.#rests.set(sleeveKeyOf(task), nowAt + REST_FOR);
  }
}
