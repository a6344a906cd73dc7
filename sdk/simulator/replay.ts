// Replays prices through a policy and sums up what it did. Pure: the same input gives the same result.
import { coverageAtLeast, isCovered, nav, sum } from "../healthMath.ts";
import { max, min, total, zeroFloorSub } from "../mathLib.ts";
import type { Snapshot } from "../snapshot.ts";
import {
  type ForcedEvent,
  type Look,
  type Policy,
  type PriceStep,
  revalue,
  type SimulatedAccount,
  type SimulatedEvent,
} from "./accounts.ts";
import { WatchList } from "./watchList.ts";

/** What is replayed. */
export interface ReplayInput {
  readonly accounts: readonly SimulatedAccount[];
  /** in order of time, at least one */
  readonly steps: readonly PriceStep[];
  /** how long the last prices count [s] */
  readonly lastFor: bigint;
}

/** What a policy did to all accounts. Values in USD wad, at the prices of the moment. */
export interface ReplayResult {
  readonly policy: string;
  /** of which collateral was taken at least once */
  readonly accountsTouched: number;
  /** moments at which collateral was taken from an account */
  readonly liquidations: number;
  /** of those, how many left an account that still owes with a lower coverage than before */
  readonly coverageFell: number;
  /** of those, how many took from a covered account; 0 unless a policy breaks its own rule */
  readonly takenWhileCovered: number;
  readonly callsIssued: number;
  readonly callsCured: number;
  readonly callsExpired: number;
  /** below maintenance at the last prices: called, or not worth a keeper's gas */
  readonly uncoveredAtEnd: number;
  readonly repaidValue: bigint;
  readonly leastValue: bigint;
  readonly takenValue: bigint;
  /** credit beyond the debt: owners' cash */
  readonly returnedValue: bigint;
  /** bonus, fees and penalties: taken − repaid − returned */
  readonly ownersLossValue: bigint;
  /** of that, what owners had left to lose: of an insolvent account the rest is the lenders' loss */
  readonly ownersEquityLossValue: bigint;
  /** debt that nobody repaid, and what accounts owe beyond their collateral at the last prices */
  readonly badDebtValue: bigint;
  /** of that, the part of accounts that no keeper had closed at the end */
  readonly openShortfallValue: bigint;
}

/**
 * Replays all steps: at each row keepers look at every account that it may have uncovered and at those under a call; between rows they
 * look when a deadline has passed, and owners cure when it is their time, at the prices of the last row.
 * Throws `RangeError` when there is no step, or a price is missing.
 */
export function replay<Standing>(input: ReplayInput, policy: Policy<Standing>): ReplayResult {
  const run = new Run(input, policy);
  for (const [row, step] of input.steps.entries()) {
    const until = input.steps[row + 1]?.at ?? step.at + input.lastFor;
    run.play(step, until);
  }
  return run.result();
}

interface Seat<Standing> {
  readonly account: SimulatedAccount;
  snapshot: Snapshot;
  standing: Standing;
}

/** Something that is due between two rows. */
interface Due {
  readonly type: "keeper" | "cure";
  readonly at: bigint;
  readonly seat: number;
}

/** A look that changed an account by force. */
interface Taking extends ForcedEvent {
  readonly seat: number;
  readonly equityLossValue: bigint;
  readonly coverageFell: boolean;
  readonly wasCovered: boolean;
}

class Run<Standing> {
  readonly #policy: Policy<Standing>;
  readonly #seats: readonly Seat<Standing>[];
  readonly #list: WatchList;
  readonly #watched = new Set<number>();
  readonly #totals: bigint[] = [];
  readonly #takings: Taking[] = [];
  readonly #counts = { called: 0, paused: 0, resumed: 0, cured: 0, expired: 0 };
  #dues: readonly Due[] = [];
  #step: PriceStep;

  constructor({ accounts, steps }: ReplayInput, policy: Policy<Standing>) {
    const [first] = steps;
    if (first === undefined) throw new RangeError("found no step, allowed: at least one");
    this.#policy = policy;
    this.#step = first;
    this.#list = new WatchList(first.prices);
    this.#seats = accounts.map((account) => ({
      account,
      snapshot: account.snapshot,
      standing: policy.fresh,
    }));
    for (const [index, { snapshot }] of this.#seats.entries()) {
      this.#list.place(index, snapshot);
      this.#addToTotals(snapshot, 1n);
    }
  }

  /** a row, and what is due until the next one */
  play(step: PriceStep, until: bigint): void {
    this.#step = step;
    const suspects = new Set([...this.#list.suspects(step.prices), ...this.#watched]);
    for (const seat of [...suspects].sort((a, b) => a - b)) this.#look(seat, step.at);
    for (;;) {
      const [next] = this.#dues;
      if (next === undefined || next.at >= until) break;
      this.#dues = this.#dues.slice(1);
      if (next.type === "keeper") this.#look(next.seat, max(next.at, step.at));
      else this.#cure(next.seat, max(next.at, step.at));
    }
  }

  #look(index: number, nowAt: bigint): void {
    const { standing } = this.#seat(index);
    const snapshot = this.#present(index);
    const look = this.#policy.look({ snapshot, standing, step: this.#step, nowAt });
    this.#settle(index, snapshot, look, nowAt);
  }

  #cure(index: number, nowAt: bigint): void {
    const { standing, account } = this.#seat(index);
    if (account.owner === undefined || this.#policy.cure === undefined) return;
    const snapshot = this.#present(index);
    const view = { snapshot, standing, step: this.#step, nowAt };
    this.#settle(index, snapshot, this.#policy.cure(view, account.owner), nowAt);
  }

  #settle(index: number, before: Snapshot, look: Look<Standing>, nowAt: bigint): void {
    const seat = this.#seat(index);
    for (const event of look.events) this.#record(index, before, look.snapshot, event);
    if (look.isWatched) this.#watched.add(index);
    else this.#watched.delete(index);
    if (look.lookAgainAt !== undefined) this.#schedule("keeper", look.lookAgainAt, index);
    const { owner } = seat.account;
    if (owner !== undefined && look.events.some(({ type }) => type === "called")) {
      this.#schedule("cure", nowAt + owner.cureAfterFor, index);
    }
    if (look.snapshot !== before) {
      this.#addToTotals(seat.snapshot, -1n);
      this.#addToTotals(look.snapshot, 1n);
      this.#list.place(index, look.snapshot);
      seat.snapshot = look.snapshot;
    }
    seat.standing = look.standing;
  }

  #record(seat: number, before: Snapshot, after: Snapshot, event: SimulatedEvent): void {
    if (event.type !== "forced") {
      this.#counts[event.type]++;
      return;
    }
    const [was, is] = [sum(before, "protocol"), sum(after, "protocol")];
    this.#takings.push({
      ...event,
      seat,
      equityLossValue: min(event.lossValue, max(0n, nav(was))),
      coverageFell: is.requirement !== 0n && !coverageAtLeast(is, was),
      wasCovered: isCovered(was),
    });
  }

  #schedule(type: Due["type"], at: bigint, seat: number): void {
    const place = this.#dues.findIndex((due) => due.at > at);
    this.#dues = this.#dues.toSpliced(place < 0 ? this.#dues.length : place, 0, { type, at, seat });
  }

  #present(index: number): Snapshot {
    return revalue(this.#seat(index).snapshot, this.#step.prices, this.#totals);
  }

  #seat(index: number): Seat<Standing> {
    const seat = this.#seats[index];
    if (seat === undefined) throw new RangeError(`account ${index} found nowhere`);
    return seat;
  }

  #addToTotals({ collaterals }: Snapshot, sign: bigint): void {
    for (const { id, assets } of collaterals) {
      const place = Number(id);
      this.#totals[place] = (this.#totals[place] ?? 0n) + sign * assets;
    }
  }

  result(): ReplayResult {
    const open = this.#seats.map((_, index) => sum(this.#present(index), "protocol"));
    const openShortfallValue = total(
      open.map(({ collateralValue, debtValue }) => zeroFloorSub(debtValue, collateralValue)),
    );
    const sumOf = (value: (taking: Taking) => bigint) => total(this.#takings.map(value));
    return {
      policy: this.#policy.name,
      accountsTouched: new Set(this.#takings.map(({ seat }) => seat)).size,
      liquidations: this.#takings.length,
      coverageFell: this.#takings.filter(({ coverageFell }) => coverageFell).length,
      takenWhileCovered: this.#takings.filter(({ wasCovered }) => wasCovered).length,
      callsIssued: this.#counts.called,
      callsCured: this.#counts.cured,
      callsExpired: this.#counts.expired,
      uncoveredAtEnd: open.filter((health) => !isCovered(health)).length,
      repaidValue: sumOf(({ repaidValue }) => repaidValue),
      leastValue: sumOf(({ leastValue }) => leastValue),
      takenValue: sumOf(({ takenValue }) => takenValue),
      returnedValue: sumOf(({ returnedValue }) => returnedValue),
      ownersLossValue: sumOf(({ lossValue }) => lossValue),
      ownersEquityLossValue: sumOf(({ equityLossValue }) => equityLossValue),
      badDebtValue: sumOf(({ badDebtValue }) => badDebtValue) + openShortfallValue,
      openShortfallValue,
    };
  }
}
