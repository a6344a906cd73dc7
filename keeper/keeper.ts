// The keeper: looks at the chain, finds what is to be done, and does it, one block after the other.
import type { Provider, Signer } from "ethers";
import type { Logger } from "pino";
import type { AccountId } from "../sdk/accountId.ts";
import { tokenAt, vaultAt } from "../sdk/contracts.ts";
import { explainError, isRevert, type SuretyError } from "../sdk/errors.ts";
import { WAD } from "../sdk/mathLib.ts";
import {
  type MarketTerms,
  type MarketView,
  readAssets,
  readMarket,
  readTerms,
} from "../sdk/market.ts";
import { readHealth } from "../sdk/reader.ts";
import { readSleeves, type SleeveView } from "../sdk/sleeves.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { type Action, type ActionContext, prepare, totals } from "./actions.ts";
import { Aside, isAboutAccount } from "./aside.ts";
import { allow, allowInAdvance, type CashOptions } from "./cash.ts";
import { DEFAULT_SETTINGS, type KeeperSettings } from "./config.ts";
import { checkLiquidator, findVault } from "./connection.ts";
import { SignerMissing, TooManyReverts } from "./failures.ts";
import { type Followed, Follower } from "./follower.ts";
import { type Route, routeThrough } from "./liquidator.ts";
import { createLogger } from "./log.ts";
import { factsOf, type Outcome } from "./outcome.ts";
import { type Call, Sender } from "./sender.ts";
import { SleeveUpkeep } from "./sleeveUpkeep.ts";
import { findTasks, type LookTask } from "./tasks.ts";
import { Upkeep } from "./upkeep.ts";
import { uniswapV3Venue } from "./venue.ts";
import { doubtfulAmong, type Sighting } from "./watch.ts";

/** What a keeper needs beside its settings. */
export interface KeeperOptions extends Partial<KeeperSettings> {
  readonly provider: Provider;
  readonly vault: string;
  /** Who pays, signs and receives; may be left out in mode `dry-run`. */
  readonly signer?: Signer;
  readonly log?: Logger;
}

/** What one step saw and did. */
export interface StepReport {
  readonly block: number;
  /** Time of the block [s] */
  readonly nowAt: bigint;
  /** Accounts that owe something. */
  readonly accounts: number;
  readonly outcomes: readonly Outcome[];
}

/** Transactions that are mined and fail so often in a row mean that something is wrong. */
const MOST_REVERTS_IN_A_ROW = 5;

/**
 * A keeper that is driven step by step. Sends nothing before its first step.
 * Throws `SignerMissing`, `VaultNotFound`, `LiquidatorUnfit`, or what the provider throws.
 */
export async function createKeeper(options: KeeperOptions): Promise<Keeper> {
  const settings: KeeperSettings = { ...DEFAULT_SETTINGS, ...options };
  const { provider, vault, signer } = options;
  const log = options.log ?? createLogger("silent");
  if (settings.mode === "send" && signer === undefined) throw new SignerMissing();
  const deployedAt = await findVault(provider, vault);
  const fromBlock = settings.fromBlock ?? deployedAt;
  const market = await readMarket(vaultAt(vault, provider));
  const { receiptTimeoutMs } = settings;
  const address = await signer?.getAddress();
  const sender =
    signer === undefined || address === undefined
      ? undefined
      : new Sender({ provider, signer, address, receiptTimeoutMs, log });
  const { liquidator, swapFeePpm, slippageBps } = settings;
  if (liquidator !== undefined) await checkLiquidator(provider, liquidator, vault, address);
  const venue = uniswapV3Venue(swapFeePpm, slippageBps);
  const keeper = new Keeper({
    settings,
    route: liquidator === undefined ? undefined : routeThrough(liquidator, provider, venue),
    provider,
    vaultAddress: vault,
    vault: vaultAt(vault, provider),
    follower: new Follower({ provider, vault, fromBlock, maxLogRange: settings.maxLogRange, log }),
    sender,
    nativeAsset: await findNativeAsset(provider, market),
    log,
  });
  const { chainId } = await provider.getNetwork();
  const { mode } = settings;
  log.info({ msg: "keeper ready", chainId, vault, address, liquidator, mode, fromBlock });
  return keeper;
}

interface Parts {
  readonly settings: KeeperSettings;
  readonly provider: Provider;
  readonly vaultAddress: string;
  readonly vault: ICollateralVault;
  readonly follower: Follower;
  readonly sender: Sender | undefined;
  /** Who acts instead of the key's own cash. */
  readonly route: Route | undefined;
  /** Address of the asset that has the price of the chain's own coin. */
  readonly nativeAsset: string | undefined;
  readonly log: Logger;
}

/** Follows one vault with at most one key. */
export class Keeper {
  readonly #parts: Parts;
  readonly #known = new Set<AccountId>();
  /** Accounts that may owe something; those that owe nothing come back with their next borrowing. */
  readonly #active = new Set<AccountId>();
  /** Accounts as they were last read: who cannot have become uncovered since is not read again. */
  readonly #sightings = new Map<AccountId, Sighting>();
  readonly #aside = new Aside();
  readonly #upkeep: Upkeep;
  readonly #sleeveUpkeep: SleeveUpkeep;
  readonly #slowMovedAt = new Map<bigint, bigint>();
  /** Governed, so read again only after it changed. */
  #terms: MarketTerms | undefined;
  #sleeves: readonly SleeveView[] | undefined;
  #isCashReady = false;
  #revertsInARow = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#upkeep = new Upkeep(parts);
    const gasValue = (gas: bigint, market: MarketView) => this.#gasValue(gas, market);
    this.#sleeveUpkeep = new SleeveUpkeep({ ...parts, gasValue });
  }

  /** The address that pays and receives, if there is one. */
  get address(): string | undefined {
    return this.#parts.sender?.address;
  }

  /**
   * One look at the chain: follows it to its head, judges all accounts, does what is to be done, the
   * most urgent first. The first step sets the allowances. An aborted signal ends it after the
   * transaction in flight. A task about one account that a contract refuses for an unknown reason is
   * put aside, and the others go on. Sleeves and refreshes of measured haircuts come last, one transaction of each a step.
   * Throws what is not expected; after a network failure the next step goes on.
   */
  async step(signal?: AbortSignal): Promise<StepReport> {
    const { log, settings, vault, follower } = this.#parts;
    const startedMs = performance.now();
    const followed = await follower.follow();
    this.#remember(followed);
    const { head, nowAt } = followed;
    // one block for all: prices of another one than the rows' would make `mayHaveTask` wrong
    this.#terms ??= await readTerms(vault, head.number);
    const market = { ...this.#terms, assets: await readAssets(vault, head.number) };
    this.#sleeves ??= await this.#readSleeves(market, head.number);
    if (!this.#isCashReady) await this.#prepareCash(market);
    const prices = market.assets.map(({ price }) => price);
    const doubtful = doubtfulAmong(this.#active, this.#sightings, prices, nowAt);
    const rows = await readHealth(vault, doubtful, head.number, settings.pageSize);
    for (const row of rows) {
      this.#sightings.set(row.account, { row, nowAt, prices });
      if (row.debtValue === 0n && row.status === "healthy") this.#active.delete(row.account);
      if (row.status === "unpriced") log.warn({ msg: "account unpriced", account: row.account });
    }
    const observation = { nowAt, rows, assets: market.assets, rules: market.rules };
    const tasks = findTasks({ ...observation, slowMovedAt: this.#slowMovedAt }).filter(
      (task) => !this.#aside.holds(task, head.number),
    );
    const outcomes: Outcome[] = [];
    for (const task of tasks) {
      if (signal?.aborted) break;
      const outcome = await this.#try(task, market, followed);
      outcomes.push(outcome);
      if (outcome.type === "done" || outcome.type === "planned") continue;
      const flag = this.#flagFor(task, head.number);
      if (flag !== undefined) outcomes.push(await this.#try(flag, market, followed));
    }
    for (const upkeep of [this.#sleeveUpkeep, this.#upkeep]) {
      if (signal?.aborted || outcomes.some(isForced)) break;
      const kept = await upkeep.step(market, nowAt);
      if (kept !== undefined) outcomes.push(kept);
    }
    const block = head.number;
    const accounts = this.#active.size;
    const durationMs = Math.round(performance.now() - startedMs);
    const read = rows.length;
    log.debug({ msg: "step", block, nowAt, accounts, read, tasks: tasks.length, durationMs });
    return { block, nowAt, accounts, outcomes };
  }

  /** Sets the allowances of all cash up to their caps, so that no liquidation waits for one. */
  async #prepareCash(market: MarketView): Promise<void> {
    const { sender, settings, route } = this.#parts;
    if (sender !== undefined && route === undefined && settings.mode === "send") {
      const tokens = market.pools.map(({ asset }) => asset);
      await allowInAdvance(this.#cash(), sender, tokens);
    }
    this.#isCashReady = true;
  }

  /** Their logs are read from the next look on. */
  async #readSleeves(market: MarketView, block: number): Promise<readonly SleeveView[]> {
    const sleeves = await readSleeves(this.#parts.vault, market.assets, block);
    this.#parts.follower.watch(sleeves.map(({ sleeve }) => sleeve));
    this.#sleeveUpkeep.keep(sleeves);
    return sleeves;
  }

  #remember(followed: Followed): void {
    const { borrowers, touched, isReconfigured, isReorged } = followed;
    this.#sleeveUpkeep.remember(followed);
    for (const account of borrowers) {
      this.#known.add(account);
      this.#active.add(account);
    }
    for (const account of touched) this.#sightings.delete(account);
    if (isReconfigured || isReorged) {
      this.#sightings.clear();
      this.#terms = undefined;
      this.#sleeves = undefined;
      this.#upkeep.forget();
    }
    if (!isReorged) return;
    // what was repaid in blocks that are gone is owed again, and what was sent may be unsent
    for (const account of this.#known) this.#active.add(account);
    this.#aside.clear();
    this.#parts.sender?.forgetNonce();
  }

  /** Does a task. What one account's tokens refuse is no reason to leave all others alone. */
  async #try(task: LookTask, market: MarketView, { head, nowAt }: Followed): Promise<Outcome> {
    if (!isAboutAccount(task)) return this.#do(task, market, nowAt);
    try {
      const outcome = await this.#do(task, market, nowAt);
      // the row counts stale collateral at its last good price, a cure does not: the chain is not asked at every look
      if (task.type === "clear" && outcome.type === "dropped") this.#aside.put(task, head.number);
      else if (task.type !== "flagLoss") this.#aside.release(task);
      return outcome;
    } catch (caught) {
      const error = explainError(caught);
      if (!isRevert(error)) throw caught;
      const untilBlock = this.#aside.put(task, head.number);
      const { name, message } = error;
      const facts = { ...factsOf(task), untilBlock, error: name, message };
      this.#parts.log.error({ msg: "task put aside", ...facts });
      return { type: "putAside", task, error, untilBlock };
    }
  }

  /** Lenders shall not run ahead of a loss that nobody books yet; told anew after a growing number of blocks. */
  #flagFor(task: LookTask, block: number): LookTask | undefined {
    if (task.type !== "writeOff") return undefined;
    const { account, valueAtRisk } = task;
    const flag = { type: "flagLoss", account, valueAtRisk } as const;
    if (this.#aside.holds(flag, block)) return undefined;
    this.#aside.put(flag, block);
    return flag;
  }

  async #do(task: LookTask, market: MarketView, nowAt: bigint): Promise<Outcome> {
    const { provider, vault, vaultAddress, settings, sender, route, log } = this.#parts;
    const keeper = sender?.address;
    const context: ActionContext = {
      provider,
      vault,
      vaultAddress,
      market,
      sleeves: this.#sleeves ?? [],
      nowAt,
      ...(keeper === undefined ? {} : { keeper }),
      ...(route === undefined ? {} : { route }),
    };
    const action = await prepare(task, context);
    if (action.type === "skip") return this.#skip(task, action.reason);
    if (settings.mode === "dry-run" || sender === undefined) {
      const bonusValue = action.plannedBonusValue;
      log.info({ msg: "would send", ...factsOf(task), ...action.facts, bonusValue });
      return { type: "planned", task };
    }
    for (const payment of totals(action.payments)) await allow(this.#cash(), sender, payment);
    return this.#send(task, action, sender, market, nowAt);
  }

  async #send(
    task: LookTask,
    action: Action,
    sender: Sender,
    market: MarketView,
    nowAt: bigint,
  ): Promise<Outcome> {
    const { log } = this.#parts;
    const { minProfitValue } = this.#parts.settings;
    // a least profit that is sent along is to be that of this very call
    let simulation =
      action.callFor === undefined
        ? await sender.simulateByExperience(action.call)
        : await sender.simulate(action.call);
    if (simulation.type === "refused") return this.#drop(task, simulation.error);
    const bonusValue = action.bonusOf?.(simulation.result);
    let gasValue = await this.#gasValue(simulation.gas, market);
    if (bonusValue !== undefined && bonusValue - gasValue < minProfitValue) {
      // earlier calls may have been dearer than this one
      simulation = await sender.simulate(action.call);
      if (simulation.type === "refused") return this.#drop(task, simulation.error);
      gasValue = await this.#gasValue(simulation.gas, market);
      if (bonusValue - gasValue < minProfitValue)
        return this.#skip(task, "unprofitable", { bonusValue, gasValue });
    }
    let call: Call = action.call;
    if (action.callFor !== undefined) {
      // the chain itself refuses what earns less than gas and least profit
      call = action.callFor(gasValue + minProfitValue);
      const second = await sender.simulateByExperience(call);
      if (second.type === "refused") return this.#drop(task, second.error);
    }
    log.info({ msg: "sending", ...factsOf(task), ...action.facts, bonusValue, gasValue });
    const sent = await sender.send(call, simulation.gasLimit);
    if (sent.type === "refused") return this.#drop(task, sent.error);
    const { hash, gasUsed } = sent;
    if (sent.type === "reverted") {
      log.warn({ msg: "transaction reverted", ...factsOf(task), hash, gasUsed });
      this.#revertsInARow += 1;
      if (this.#revertsInARow >= MOST_REVERTS_IN_A_ROW) {
        throw new TooManyReverts(this.#revertsInARow, hash);
      }
      return { type: "reverted", task, hash };
    }
    this.#revertsInARow = 0;
    if (task.type === "updateSlowAverages") {
      for (const id of task.assetIds) this.#slowMovedAt.set(id, nowAt);
    }
    log.info({ msg: "transaction mined", ...factsOf(task), hash, gasUsed });
    return { type: "done", task, hash };
  }

  #drop(task: LookTask, error: SuretyError): Outcome {
    const { message } = error;
    this.#parts.log.info({ msg: "task dropped", ...factsOf(task), error: error.name, message });
    return { type: "dropped", task, error };
  }

  #skip(task: LookTask, reason: string, facts: Readonly<Record<string, bigint>> = {}): Outcome {
    const level = reason === "outOfCash" ? "warn" : "info";
    this.#parts.log[level]({ msg: "task skipped", ...factsOf(task), reason, ...facts });
    return { type: "skipped", task, reason };
  }

  /** What gas costs now; 0 where nobody knows the price of the chain's own coin [USD wad] */
  async #gasValue(gas: bigint, market: MarketView): Promise<bigint> {
    const { provider, settings, nativeAsset } = this.#parts;
    const asset = market.assets.find(({ asset }) => asset === nativeAsset);
    const price = settings.nativePriceValue ?? asset?.price ?? 0n;
    const { gasPrice, maxFeePerGas } = await provider.getFeeData();
    return (gas * (gasPrice ?? maxFeePerGas ?? 0n) * price) / WAD;
  }

  #cash(): CashOptions {
    const { provider, vaultAddress, settings, log } = this.#parts;
    const { maxAllowance } = settings;
    const options = { provider, vault: vaultAddress, log };
    return maxAllowance === undefined ? options : { ...options, maxAllowance };
  }
}

/** Where accounts were closed there may be more to close: refreshes wait for the next look. */
function isForced({ type, task }: Outcome): boolean {
  return type === "done" && (task.type === "liquidate" || task.type === "writeOff");
}

/** The listed token that calls itself WETH, if there is one. */
async function findNativeAsset(
  provider: Provider,
  market: MarketView,
): Promise<string | undefined> {
  for (const { asset } of market.assets) {
    try {
      if ((await tokenAt(asset, provider).symbol()) === "WETH") return asset;
    } catch (error) {
      // old tokens answer with 32 bytes instead of text: they are not WETH
      if (explainError(error).name === "NetworkFailure") throw error;
    }
  }
  return undefined;
}
