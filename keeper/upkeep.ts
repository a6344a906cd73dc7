// Keeps measured haircuts fresh, on a schedule and a budget of its own: after everything else, one transaction between two looks.
import type { Provider } from "ethers";
import type { Logger } from "pino";
import { explainError, isRevert, type SuretyError } from "../sdk/errors.ts";
import { feedAt, firstRoundOfLaterPhase, readLatestRound } from "../sdk/feed.ts";
import { max, min } from "../sdk/mathLib.ts";
import { readHaircut, readMeasure, readPairMeasure } from "../sdk/measures.ts";
import type { MarketView } from "../sdk/market.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { refreshData } from "./actions.ts";
import type { KeeperSettings } from "./config.ts";
import { GasBudget } from "./gasBudget.ts";
import { factsOf, type Outcome } from "./outcome.ts";
import {
  findRefreshes,
  keyOf,
  type Measured,
  type MeasuredPair,
  phaseOfObligation,
  phaseOfRefresh,
  type RefreshTask,
  spacingOf,
} from "./refreshes.ts";
import type { Sender } from "./sender.ts";

interface UpkeepOptions {
  readonly provider: Provider;
  readonly vault: ICollateralVault;
  readonly vaultAddress: string;
  readonly settings: KeeperSettings;
  /** Nobody in mode `dry-run`. */
  readonly sender: Sender | undefined;
  readonly log: Logger;
}

/** Of one transaction: it shall fit into a block beside others. */
const MOST_GAS_A_CALL = 2_000_000n;
/** A first guess, on the safe side of test/gas; the simulation says what a feed really costs. */
const GAS_PER_ROUND = 30_000n;
const MOST_ROUNDS = 1_000n;
/** Looks at the measures in one interval. */
const LOOKS_AN_INTERVAL = 12n;
const SHORTEST_LOOK_FOR = 60n;

type Found =
  | { readonly type: "passed"; readonly task: RefreshTask; readonly gasLimit: bigint }
  | { readonly type: "refused"; readonly task: RefreshTask; readonly error: SuretyError }
  | { readonly type: "overBudget"; readonly task: RefreshTask };

/** Remembers what waits; one for each keeper. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  /** Until when a measure is left alone, by `keyOf` [s] */
  readonly #rests = new Map<string, bigint>();
  #queue: readonly RefreshTask[] = [];
  #measured: Measured = { assets: [], pairs: [] };
  #nextLookAt = 0n;
  /** Nothing is measured, until an event says so. */
  #isIdle = false;
  readonly #budget: GasBudget;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    const { refreshGas, refreshIntervalFor } = options.settings;
    this.#budget = new GasBudget(refreshGas, refreshIntervalFor);
  }

  /** Looks at everything again: what was configured or what is the chain changed. */
  forget(): void {
    this.#queue = [];
    this.#nextLookAt = 0n;
    this.#isIdle = false;
  }

  /**
   * Does at most one refresh; undefined when nothing is due. Whatever a contract refuses is left alone for one interval.
   * Throws `TransactionStuck`, or what the provider throws.
   */
  async step(market: MarketView, nowAt: bigint): Promise<Outcome | undefined> {
    const gas = this.#budget.leftAt(nowAt);
    if (gas === 0n) return undefined;
    if (this.#queue.length === 0) await this.#look(market, nowAt);
    const [task, ...rest] = this.#queue;
    if (task === undefined) return undefined;
    this.#queue = rest;
    return this.#do(task, nowAt, min(gas, MOST_GAS_A_CALL));
  }

  async #look(market: MarketView, nowAt: bigint): Promise<void> {
    const isJumping = market.assets.some(({ jumpEndsAt }) => jumpEndsAt !== 0n);
    if (!isJumping && (this.#isIdle || nowAt < this.#nextLookAt)) return;
    const { settings } = this.#options;
    this.#measured = await this.#read(market);
    const spacingFor = spacingOf(this.#measured, settings.refreshIntervalFor);
    const most = max(
      1n,
      min(MOST_ROUNDS, min(settings.refreshGas, MOST_GAS_A_CALL) / GAS_PER_ROUND),
    );
    this.#queue = findRefreshes(
      this.#measured,
      nowAt,
      settings.refreshIntervalFor,
      this.#rests,
      most,
    );
    if (this.#queue.length > 0) return;
    this.#nextLookAt = nowAt + max(SHORTEST_LOOK_FOR, spacingFor / LOOKS_AN_INTERVAL);
    this.#isIdle = this.#measured.assets.length === 0;
  }

  // ---- what is measured ----

  async #read(market: MarketView): Promise<Measured> {
    const { provider, vault } = this.#options;
    const found = await Promise.all(
      market.assets.map(async ({ asset, feed, jumpEndsAt }) => {
        const measure = await readMeasure(vault, asset);
        if (measure === undefined) return undefined;
        const latest = await readLatestRound(feedAt(feed, provider));
        return { asset, feed, measure, latest, isJumping: jumpEndsAt !== 0n };
      }),
    );
    const assets = found.filter((row) => row !== undefined);
    const pairs: MeasuredPair[] = [];
    for (const { asset: collateral } of assets) {
      for (const { asset: obligation } of assets) {
        const pair = await this.#readPair(market, collateral, obligation);
        if (pair !== undefined) pairs.push(pair);
      }
    }
    return { assets, pairs };
  }

  async #readPair(
    { pools }: MarketView,
    collateral: string,
    obligation: string,
  ): Promise<MeasuredPair | undefined> {
    const { vault } = this.#options;
    if (collateral === obligation) return undefined;
    const ids = pools.filter(({ asset }) => asset === obligation).map(({ id }) => id);
    const views = await Promise.all(ids.map((id) => readHaircut(vault, collateral, id)));
    const haircuts = views.filter((view) => view !== undefined);
    if (haircuts.length === 0) return undefined;
    const isTracked = haircuts.some(({ model }) => model.isTracked);
    const measure = isTracked ? await readPairMeasure(vault, collateral, obligation) : undefined;
    return { collateral, obligation, measure, haircuts };
  }

  // ---- doing it ----

  async #do(due: RefreshTask, nowAt: bigint, gasMost: bigint): Promise<Outcome> {
    const { sender, settings, log } = this.#options;
    const task = await this.#withRound(due, nowAt);
    if (task === undefined) return this.#rest(due, nowAt, "noRoundYet");
    if (sender === undefined || settings.mode === "dry-run") {
      this.#leave(task, nowAt);
      log.info({ msg: "would send", ...factsOf(task) });
      return { type: "planned", task };
    }
    let found = await this.#simulate(task, sender, gasMost);
    if (
      found.type === "refused" &&
      task.type !== "enterPhase" &&
      found.error.name === "PhaseEnded"
    ) {
      const step = await this.#withRound(phaseOfRefresh(task, 0n), nowAt);
      if (step === undefined) return this.#rest(task, nowAt, "noRoundYet");
      found = await this.#simulate(step, sender, gasMost);
    }
    if (found.type === "overBudget") return this.#rest(due, nowAt, "overBudget");
    if (found.type === "refused") {
      const { name, message } = found.error;
      this.#leave(due, nowAt);
      log.info({ msg: "refresh refused", ...factsOf(found.task), error: name, message });
      return { type: "dropped", task: found.task, error: found.error };
    }
    return this.#send(found.task, found.gasLimit, sender, nowAt);
  }

  /** The most rounds that fit into the gas there is. */
  async #simulate(task: RefreshTask, sender: Sender, gasMost: bigint): Promise<Found> {
    const { vaultAddress, vault } = this.#options;
    let smaller = task;
    for (;;) {
      try {
        const data = refreshData(vault, smaller);
        const simulation = await sender.simulate({ to: vaultAddress, data });
        if (simulation.type === "refused") return { ...simulation, task: smaller };
        if (simulation.gas <= gasMost) {
          return { type: "passed", task: smaller, gasLimit: simulation.gasLimit };
        }
        if (smaller.type === "enterPhase" || smaller.maxRounds <= 1n) {
          return { type: "overBudget", task: smaller };
        }
        const share = (smaller.maxRounds * gasMost) / simulation.gas;
        smaller = { ...smaller, maxRounds: max(1n, min(share, smaller.maxRounds - 1n)) };
      } catch (caught) {
        const error = explainError(caught);
        // a feed may refuse in words of its own: no reason to leave the accounts alone
        if (!isRevert(error)) throw caught;
        return { type: "refused", task: smaller, error };
      }
    }
  }

  async #send(
    task: RefreshTask,
    gasLimit: bigint,
    sender: Sender,
    nowAt: bigint,
  ): Promise<Outcome> {
    const { log, vault, vaultAddress } = this.#options;
    log.info({ msg: "sending", ...factsOf(task), gasLimit });
    const sent = await sender.send({ to: vaultAddress, data: refreshData(vault, task) }, gasLimit);
    if (sent.type === "refused") {
      this.#leave(task, nowAt);
      return { type: "dropped", task, error: sent.error };
    }
    const { hash, gasUsed } = sent;
    this.#budget.spend(gasUsed);
    if (sent.type === "reverted") {
      this.#leave(task, nowAt);
      log.warn({ msg: "transaction reverted", ...factsOf(task), hash, gasUsed });
      return { type: "reverted", task, hash };
    }
    log.info({ msg: "transaction mined", ...factsOf(task), hash, gasUsed });
    if (task.type === "refreshPair") this.#rests.delete(keyOf(phaseOfObligation(task)));
    if (await this.#isReadToEnd(task)) this.#leave(task, nowAt);
    return { type: "done", task, hash };
  }

  /** Whether nothing is left for another portion; what the step into a phase leads to is always left. */
  async #isReadToEnd(task: RefreshTask): Promise<boolean> {
    const { vault, provider } = this.#options;
    if (task.type === "enterPhase") return false;
    const asset = task.type === "refresh" ? task.asset : task.collateral;
    const row = this.#measured.assets.find((candidate) => candidate.asset === asset);
    if (row === undefined || task.maxRounds === 0n) return true;
    const latest = await readLatestRound(feedAt(row.feed, provider));
    const round =
      task.type === "refresh"
        ? (await readMeasure(vault, asset))?.round
        : (await readPairMeasure(vault, task.collateral, task.obligation))?.collateralRound;
    return latest === undefined || latest.round === round;
  }

  /** A step into a phase with its round; any other task as it is. Undefined when there is no round yet. */
  async #withRound(task: RefreshTask, nowAt: bigint): Promise<RefreshTask | undefined> {
    if (task.type !== "enterPhase") return task;
    const { provider, vault } = this.#options;
    const { collateral, obligation, asset } = task;
    const row = this.#measured.assets.find((candidate) => candidate.asset === asset);
    if (row === undefined) return undefined;
    let [round, observedAt] = [row.measure.round, row.measure.observedAt];
    if (BigInt(obligation) !== 0n) {
      const pair = await readPairMeasure(vault, collateral, obligation);
      if (pair === undefined) return undefined;
      // a price of the obligation of the same second may have come after
      [round, observedAt] =
        asset === collateral
          ? [pair.collateralRound, pair.observedAt]
          : [pair.obligationRound, pair.observedAt - 1n];
    }
    const first = await firstRoundOfLaterPhase(
      feedAt(row.feed, provider),
      round,
      observedAt,
      nowAt,
    );
    return first === undefined ? undefined : { ...task, round: first };
  }

  // ---- schedule and budget ----

  #rest(task: RefreshTask, nowAt: bigint, reason: string): Outcome {
    this.#leave(task, nowAt);
    const level = reason === "overBudget" ? "warn" : "info";
    this.#options.log[level]({ msg: "task skipped", ...factsOf(task), reason });
    return { type: "skipped", task, reason };
  }

  #leave(task: RefreshTask, nowAt: bigint): void {
    const { refreshIntervalFor } = this.#options.settings;
    this.#rests.set(keyOf(task), nowAt + spacingOf(this.#measured, refreshIntervalFor));
  }
}
