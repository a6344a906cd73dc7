// Surety's own rule: a margin call with time to cure, the least liquidation after it or beyond close-out, a write-off of the
// insolvent. Amounts come from the planner, which is the contract's arithmetic to the unit; the clock is that of
// `contracts/vault/CallStates.sol` and `MarginCalls.sol`.
import { amountUp, cureFor, FORGIVEN_AFTER_FOR, leastAmount } from "../callClock.ts";
import { toAssetsUp, toSharesDown } from "../debtShares.ts";
import { isCovered, isCoveredInitially, sum, valueUp } from "../healthMath.ts";
import { max, min, mulDivUp, PPM, total, WAD, zeroFloorSub } from "../mathLib.ts";
import { neededValue } from "../liquidation.ts";
import { NO_EPISODE } from "../liquidationRun.ts";
import { leastLiquidation, type PlannedLiquidation } from "../planner.ts";
import type { DebtLine, Snapshot } from "../snapshot.ts";
import { type PlannedWriteOff, writeOffPlan } from "../writeOff.ts";
import type { ForcedEvent, Look, Owner, Policy, SimulatedEvent, View } from "./accounts.ts";
import { keeperCostUp } from "./keeperCost.ts";
import { type ReferenceTerms, rulesFor } from "./reference.ts";

/** What governance set. */
export interface SuretyTerms extends ReferenceTerms {
  /** an owner who would leave less than twice this repays the debt whole [USD wad] */
  readonly minimumDebtValue: bigint;
}

/** Where the margin call of an account stands. */
export interface CallStand {
  readonly state: "healthy" | "called" | "paused";
  /** of a running call [unix s] */
  readonly deadline: bigint;
  /** when paused [s] */
  readonly leftFor: bigint;
  /** when paused [unix s] */
  readonly pausedAt: bigint;
  /** least target of the liquidations since the account was last covered initially, 0 for none [bps above 1] */
  readonly episodeTargetBps: bigint;
}

const NO_CALL: CallStand = {
  state: "healthy",
  deadline: 0n,
  leftFor: 0n,
  pausedAt: 0n,
  episodeTargetBps: 0n,
};

/** A running call is called again only if that shortens it by a tenth of what is left, and by a minute, as our keeper does. */
const SHORTEN_SHARE = 10n;
const SHORTEN_LEAST_FOR = 60n;
/** An owner restores a little more than was asked, so that rounding does not matter. */
const CURE_MORE_PPM = 1_020_000n;

type Standing = CallStand;

/**
 * Surety. Keepers issue, resume and shorten calls at once (the gas of that is not counted), liquidate after the deadline or
 * beyond close-out, and write off, each as soon as their bonus covers `keeperCostUp`.
 */
export function surety(terms: SuretyTerms): Policy<CallStand> {
  return {
    name: "surety",
    fresh: NO_CALL,
    look: (view) => look(view, terms),
    cure: (view, owner) => cure(view, owner, terms),
  };
}

function look(view: View<Standing>, terms: SuretyTerms): Look<Standing> {
  const { snapshot } = view;
  const { parameters } = terms;
  const health = sum(snapshot, "protocol");
  if (isCovered(health)) return judged(view, snapshot, view.standing, []);
  const rules = rulesFor(terms, snapshot);
  const plan = leastLiquidation(snapshot, rules, {
    ...view.standing,
    episode: NO_EPISODE,
    nowAt: view.nowAt,
  });
  switch (plan.type) {
    case "insolvent":
      return writeOff(view, terms);
    case "liquidate":
      return liquidate(view, plan);
    case "notCalled":
      return call(view, terms, plan.usedWad);
    case "cureTimeLeft": {
      const fresh = cureFor(
        plan.usedWad,
        parameters.closeOutBps,
        parameters.cureMinFor,
        parameters.cureMaxFor,
      );
      const left = plan.deadline - view.nowAt;
      const gain = left - fresh;
      if (gain < SHORTEN_LEAST_FOR || gain * SHORTEN_SHARE < left) return waiting(view);
      return call(view, terms, plan.usedWad);
    }
    default:
      return waiting(view);
  }
}

/** nothing is done, but the account stays in sight */
function waiting({ snapshot, standing }: View<Standing>): Look<Standing> {
  return { snapshot, standing, events: [], lookAgainAt: undefined, isWatched: true };
}

// ---- the call ----

/** issues a call, or resumes a paused one that is not forgiven yet */
function call(view: View<Standing>, { parameters }: SuretyTerms, used: bigint): Look<Standing> {
  const { snapshot, standing, nowAt } = view;
  const isPaused = standing.state === "paused";
  if (isPaused && nowAt - standing.pausedAt < FORGIVEN_AFTER_FOR) {
    return running(view, nowAt + standing.leftFor, "resumed");
  }
  const health = sum(snapshot, "protocol");
  const unitValue = parameters.roundingValue * WAD;
  const amount = amountUp(health.requirement, health.coverInitial, unitValue);
  const least = leastAmount(parameters.minimumTransferValue * WAD, health.debtValue);
  if (amount < least) return waiting(view);
  const { closeOutBps, cureMinFor, cureMaxFor } = parameters;
  return running(view, nowAt + cureFor(used, closeOutBps, cureMinFor, cureMaxFor), "called");
}

function running(
  { snapshot, standing }: View<Standing>,
  deadline: bigint,
  type: "called" | "resumed",
): Look<Standing> {
  return {
    snapshot,
    standing: { ...standing, state: "called", deadline, leftFor: 0n, pausedAt: 0n },
    events: [{ type }],
    lookAgainAt: deadline + 1n,
    isWatched: true,
  };
}

/** what the judge says at the end of a call: cured at the initial line, paused while covered */
function judged(
  { nowAt }: View<Standing>,
  snapshot: Snapshot,
  standing: Standing,
  events: readonly SimulatedEvent[],
): Look<Standing> {
  const health = sum(snapshot, "protocol");
  const result = { snapshot, lookAgainAt: undefined };
  if (isCoveredInitially(health)) {
    const isCured = standing.state !== "healthy" && !events.some(isForced);
    const cured: readonly SimulatedEvent[] = isCured ? [{ type: "cured" }] : [];
    // without a call nobody asks the judge, so the episode stands until something else is done
    const isAsked = standing.state !== "healthy" || events.length > 0;
    return {
      ...result,
      standing: isAsked ? NO_CALL : standing,
      events: [...events, ...cured],
      isWatched: false,
    };
  }
  if (isCovered(health) && standing.state === "called") {
    const leftFor = zeroFloorSub(standing.deadline, nowAt);
    return {
      ...result,
      standing: { ...standing, state: "paused", deadline: 0n, leftFor, pausedAt: nowAt },
      events: [...events, { type: "paused" }],
      isWatched: true,
    };
  }
  return { ...result, standing, events, isWatched: standing.state !== "healthy" };
}

function isForced({ type }: SimulatedEvent): boolean {
  return type === "forced";
}

// ---- liquidation and write-off ----

function liquidate(view: View<Standing>, plan: PlannedLiquidation): Look<Standing> {
  const sales = new Set(plan.receipts.map(({ collateral }) => collateral)).size;
  if (plan.bonusValue < keeperCostUp(plan.seizedValue, sales, view.step)) return waiting(view);
  const { repaidValue, seizedValue } = plan;
  const forced: ForcedEvent = {
    type: "forced",
    repaidValue,
    leastValue: total(plan.receipts.map(neededValue)),
    takenValue: seizedValue,
    returnedValue: 0n,
    lossValue: seizedValue - repaidValue,
    badDebtValue: 0n,
  };
  const standing = { ...view.standing, episodeTargetBps: plan.targetBps };
  const events: readonly SimulatedEvent[] =
    plan.cause === "expired" ? [{ type: "expired" }, forced] : [forced];
  return judged(view, afterLiquidation(view.snapshot, plan), standing, events);
}

/** the lines as the receipts leave them; an account without collateral keeps no debt */
function afterLiquidation({ collaterals, debts }: Snapshot, plan: PlannedLiquidation): Snapshot {
  const holdings = new Map(plan.receipts.map((leg) => [leg.collateral, leg.holdingAssets]));
  const shares = new Map(plan.receipts.map((leg) => [leg.debt, leg.debtShares]));
  const left = collaterals
    .map((line, place) => ({ ...line, assets: holdings.get(place) ?? line.assets }))
    .filter(({ assets }) => assets !== 0n);
  return {
    collaterals: left,
    debts:
      left.length === 0 ? [] : debts.map((line, at) => owing(line, shares.get(at))).filter(isOwed),
  };
}

function owing(line: DebtLine, shares = line.shares): DebtLine {
  return { ...line, shares, assets: toAssetsUp(shares, line.index, line.shareUnit) };
}

function isOwed({ shares }: DebtLine): boolean {
  return shares !== 0n;
}

function writeOff(view: View<Standing>, terms: SuretyTerms): Look<Standing> {
  const plan = writeOffPlan(view.snapshot, rulesFor(terms, view.snapshot), view.nowAt);
  if (plan.type !== "writeOff") return waiting(view);
  const sales = view.snapshot.collaterals.length;
  if (plan.bonusValue < keeperCostUp(plan.seizedValue, sales, view.step)) return waiting(view);
  return judged(view, afterWriteOff(view.snapshot, plan), view.standing, [
    {
      type: "forced",
      repaidValue: plan.repaidValue,
      leastValue: plan.repaidValue, // all that the collateral can pay: the least, too
      takenValue: plan.seizedValue,
      returnedValue: 0n,
      lossValue: plan.bonusValue,
      badDebtValue: plan.lossValue,
    },
  ]);
}

function afterWriteOff({ collaterals }: Snapshot, { taken }: PlannedWriteOff): Snapshot {
  const left = collaterals
    .map((line, place) => ({ ...line, assets: taken[place]?.holdingAssets ?? line.assets }))
    .filter(({ assets }) => assets !== 0n);
  return { collaterals: left, debts: [] };
}

// ---- the owner ----

/** restores the initial line, if the call still stands */
function cure(view: View<Standing>, owner: Owner, terms: SuretyTerms): Look<Standing> {
  const { snapshot, standing } = view;
  const health = sum(snapshot, "owner");
  const unitValue = max(1n, terms.parameters.roundingValue) * WAD;
  const restoreValue = amountUp(health.requirement, health.coverInitial, unitValue);
  if (standing.state === "healthy" || restoreValue === 0n) {
    return judged(view, snapshot, standing, []);
  }
  const restored =
    owner.cureBy === "deposit"
      ? withDeposit(snapshot, restoreValue)
      : withRepayment(snapshot, restoreValue, terms);
  return judged(view, restored, standing, []);
}

function withDeposit(snapshot: Snapshot, restoreValue: bigint): Snapshot {
  const [line] = snapshot.collaterals;
  if (line === undefined) return snapshot;
  const value = mulDivUp(restoreValue, CURE_MORE_PPM, PPM - line.haircutInitialPpm);
  const assets = mulDivUp(value, WAD, line.price);
  const deposited = {
    ...line,
    assets: line.assets + assets,
    totalAssets: line.totalAssets + assets,
  };
  return { ...snapshot, collaterals: snapshot.collaterals.with(0, deposited) };
}

function withRepayment(
  snapshot: Snapshot,
  restoreValue: bigint,
  { minimumDebtValue }: SuretyTerms,
): Snapshot {
  const worth = ({ assets, price }: DebtLine) => valueUp(assets, price);
  const places = [...snapshot.debts.keys()];
  const place = places.reduce((a, b) => (worthAt(a) >= worthAt(b) ? a : b), 0);
  const line = snapshot.debts[place];
  if (line === undefined) return snapshot;
  const value = mulDivUp(restoreValue, CURE_MORE_PPM, line.factorPpm);
  const assets = min(mulDivUp(value, WAD, line.price), line.assets);
  const isWhole = worth(line) < value + minimumDebtValue * 2n;
  const paidShares = isWhole ? line.shares : toSharesDown(assets, line.index, line.shareUnit);
  const debts = snapshot.debts.with(place, owing(line, line.shares - min(paidShares, line.shares)));
  return { ...snapshot, debts: debts.filter(isOwed) };

  function worthAt(at: number): bigint {
    const debt = snapshot.debts[at];
    return debt === undefined ? 0n : worth(debt);
  }
}
