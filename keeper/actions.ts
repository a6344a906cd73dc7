// From a task to the call that does it: reads the account, lets the sdk's planner choose, clamps to the
// keeper's own cash.
import type { Provider } from "ethers";
import { isBeyondCloseOut, valueDown, valueUp } from "../sdk/healthMath.ts";
import type { LegReceipt } from "../sdk/liquidation.ts";
import { BPS, max, min, mulDivDown, mulDivUp, total } from "../sdk/mathLib.ts";
import { payableBonus, payableLiquidation, payoutOf } from "../sdk/payable.ts";
import { leastLiquidation, type PlannedLiquidation } from "../sdk/planner.ts";
import type { MarketView } from "../sdk/market.ts";
import { type AccountView, readAccount, liquidationRulesOf, standingOf } from "../sdk/reader.ts";
import { type Payout, payoutValue, readPayout, type SleeveView } from "../sdk/sleeves.ts";
import type { Snapshot } from "../sdk/snapshot.ts";
import { type PlannedWriteOff, type Settled, writeOffPlan } from "../sdk/writeOff.ts";
import type {
  ICollateralVault,
  ILiquidation,
  IWriteOff,
} from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { balancesOf, type Payment } from "./cash.ts";
import { PoolUnknown } from "./failures.ts";
import type { RefreshTask } from "./refreshes.ts";
import {
  type LiquidationOrder,
  type Route,
  routeLiquidation,
  routeWriteOff,
  type WriteOffOrder,
} from "./liquidator.ts";
import type { Call } from "./sender.ts";
import type { LookTask } from "./tasks.ts";

/** A call that is ready to be simulated. */
export interface Action {
  readonly type: "act";
  readonly call: Call;
  /** Most that the vault may pull. */
  readonly payments: readonly Payment[];
  /** What the plan earns before gas; undefined for calls that earn nothing [value] */
  readonly plannedBonusValue?: bigint;
  /** What the call earns before gas, from what its simulation returned [value] */
  readonly bonusOf?: (result: string) => bigint;
  /** The call that fails on the chain when it earns less; where the called contract can tell [value] */
  readonly callFor?: (leastValue: bigint) => Call;
  /** For the log. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Why a task leads to no call. */
interface Skip {
  readonly type: "skip";
  readonly reason: string;
}

export interface ActionContext {
  readonly provider: Provider;
  readonly vault: ICollateralVault;
  readonly vaultAddress: string;
  readonly market: MarketView;
  readonly sleeves: readonly SleeveView[];
  /** Time of the block [s] */
  readonly nowAt: bigint;
  /** Who pays and receives; without one the plan is made as if cash did not matter. */
  readonly keeper?: string;
  /** Who acts for the keeper; without one it pays with its own cash. */
  readonly route?: Route;
}

/** A transaction that waits longer than this in chain time is void [s] */
const VALID_FOR = 600n;
/**
 * Interest and prices move until the block: a leg that the plan does not limit may repay so much more than planned. The chain
 * clamps to what is needed.
 */
const LEG_SLACK_BPS = 1_000n;
/** A leg that brings less than this share of the plan is not the plan any more [bps] */
const LEG_LEAST_BPS = 5_000n;
/** A write-off may cost so much more, and bring so much less, than planned [bps] */
const WRITE_OFF_SLACK_BPS = 100n;

/** The call that does a task, or why there is none. */
export async function prepare(task: LookTask, context: ActionContext): Promise<Action | Skip> {
  const { vault } = context;
  const code = vault.interface;
  switch (task.type) {
    case "issue":
      return plain(context, code.encodeFunctionData("issueMarginCall", [task.account]));
    case "clear":
      return plain(context, code.encodeFunctionData("clearMarginCall", [task.account]));
    case "flagLoss":
      return plain(context, code.encodeFunctionData("flagLoss", [task.account]));
    case "updateSlowAverages":
      return plain(context, code.encodeFunctionData("updateSlowAverages", [[...task.assetIds]]));
    case "liquidate":
      return prepareLiquidation(await readAccount(vault, task.account), context);
    case "writeOff":
      return prepareWriteOff(await readAccount(vault, task.account), context);
    default:
      return task satisfies never;
  }
}

/** The call of a refresh. */
export function refreshData(vault: ICollateralVault, task: RefreshTask): string {
  const code = vault.interface;
  switch (task.type) {
    case "refresh":
      return code.encodeFunctionData("refresh", [task.asset, task.maxRounds]);
    case "refreshPair":
      return code.encodeFunctionData("refreshPair", [
        task.collateral,
        task.obligation,
        task.maxRounds,
      ]);
    case "enterPhase":
      return code.encodeFunctionData("enterPhase", [
        task.collateral,
        task.obligation,
        task.asset,
        task.round,
      ]);
    default:
      return task satisfies never;
  }
}

function plain({ vaultAddress }: ActionContext, data: string): Action {
  return { type: "act", call: { to: vaultAddress, data }, payments: [], facts: {} };
}

// ---- liquidation ----

interface SizedLeg {
  readonly asset: string;
  readonly pool: bigint;
  readonly maxRepaidAssets: bigint;
  readonly minimumOut: bigint;
  readonly payment: Payment;
}

async function prepareLiquidation(
  view: AccountView,
  context: ActionContext,
): Promise<Action | Skip> {
  const { snapshot, row } = view;
  if (view.waitsUntil !== 0n) return { type: "skip", reason: "jumpUnconfirmed" };
  const rules = liquidationRulesOf(view, context.market.rules);
  const standing = standingOf(view, judgedAt(view, context));
  const payouts = await payoutsFor(snapshot, context);
  const plan =
    payouts.length === 0
      ? leastLiquidation(snapshot, rules, standing)
      : payableLiquidation(snapshot, rules, standing, payouts);
  if (plan.type !== "liquidate") return { type: "skip", reason: plan.type };
  const budget = await budgetFor(snapshot, context);
  const legs = clampToBudget(plan, context, budget);
  if (legs.length === 0) return { type: "skip", reason: "outOfCash" };
  const order = {
    account: row.account,
    legs: legs.map(({ payment: _payment, ...leg }) => leg),
    expectedLiquidations: row.liquidations,
    deadline: context.nowAt + VALID_FOR,
  };
  const { route, market } = context;
  const sent =
    route === undefined
      ? ownLiquidation(order, legs, context)
      : {
          ...routeLiquidation(route, order, plan.receipts, payouts, (pool) => cashOf(market, pool)),
          payments: [],
        };
  return {
    type: "act",
    ...sent,
    plannedBonusValue: payableBonus(plan, payouts),
    facts: {
      cause: plan.cause,
      legs: legs.length,
      repaidValue: plan.repaidValue,
      seizedValue: plan.seizedValue,
      coverageBeforeWad: plan.coverageBeforeWad,
      coverageAfterWad: plan.coverageAfterWad,
    },
  };
}

type Sent = Pick<Action, "call" | "payments" | "bonusOf">;

function ownLiquidation(
  { account, legs, expectedLiquidations, deadline }: LiquidationOrder,
  sized: readonly SizedLeg[],
  context: ActionContext,
): Sent {
  const data = context.vault.interface.encodeFunctionData("liquidate", [
    account,
    [...legs],
    expectedLiquidations,
    deadline,
    context.keeper ?? context.vaultAddress,
    "0x",
  ]);
  return {
    call: { to: context.vaultAddress, data },
    payments: sized.map(({ payment }) => payment),
    bonusOf: (result) => liquidationBonus(context, result),
  };
}

/**
 * The lens has judged at its own time, which on some nodes is a little after the block's: an account
 * that is liquidatable without being beyond close-out is past its deadline.
 */
function judgedAt({ row, callState }: AccountView, { nowAt, market }: ActionContext): bigint {
  const isExpired =
    callState === "called" &&
    row.status === "liquidatable" &&
    !isBeyondCloseOut(row, market.rules.closeOutBps);
  return isExpired ? max(nowAt, row.deadline + 1n) : nowAt;
}

/** Legs in the order of the plan, each limited by the cash that those before it leave, fee included. */
function clampToBudget(
  { legs: chosen, receipts }: PlannedLiquidation,
  { market }: ActionContext,
  budget: ReadonlyMap<string, bigint> | undefined,
): readonly SizedLeg[] {
  const left = new Map(budget);
  const legs: SizedLeg[] = [];
  for (const [place, receipt] of receipts.entries()) {
    const token = cashOf(market, receipt.pool);
    const limit = chosen[place]?.maxRepaidAssets ?? receipt.repaidAssets;
    const wanted = min(limit, mulDivUp(receipt.repaidAssets, BPS + LEG_SLACK_BPS, BPS));
    const affordable =
      budget === undefined
        ? wanted
        : mulDivDown(left.get(token) ?? 0n, BPS, BPS + market.rules.feeBps);
    const maxRepaidAssets = min(wanted, affordable);
    if (maxRepaidAssets === 0n) continue;
    const assets = min(
      mulDivUp(maxRepaidAssets, BPS + market.rules.feeBps, BPS) + 1n,
      left.get(token) ?? 2n ** 255n,
    );
    left.set(token, (left.get(token) ?? assets) - assets);
    legs.push({
      asset: receipt.asset,
      pool: receipt.pool,
      maxRepaidAssets,
      minimumOut: leastOutput(receipt, maxRepaidAssets),
      payment: { token, assets },
    });
  }
  return legs;
}

function leastOutput(receipt: LegReceipt, maxRepaidAssets: bigint): bigint {
  const repaid = min(receipt.repaidAssets, maxRepaidAssets);
  const seized = mulDivDown(receipt.seizedAssets, repaid, receipt.repaidAssets);
  return mulDivDown(seized, LEG_LEAST_BPS, BPS);
}

function liquidationBonus({ vault }: ActionContext, result: string): bigint {
  const decoded = vault.interface.decodeFunctionResult("liquidate", result);
  const receipts: readonly ILiquidation.LegReceiptStructOutput[] = decoded[0];
  return total(
    receipts.map(
      (leg) =>
        valueDown(leg.seizedAssets, leg.collateralPrice) -
        valueUp(leg.repaidAssets + leg.feeAssets, leg.debtPrice),
    ),
  );
}

// ---- write-off ----

async function prepareWriteOff(view: AccountView, context: ActionContext): Promise<Action | Skip> {
  const { snapshot, row } = view;
  if (view.waitsUntil !== 0n) return { type: "skip", reason: "jumpUnconfirmed" };
  const rules = liquidationRulesOf(view, context.market.rules);
  const plan = writeOffPlan(snapshot, rules, context.nowAt);
  if (plan.type !== "writeOff") return { type: "skip", reason: plan.type };
  const budget = await budgetFor(snapshot, context);
  const needs = plan.settled.map(({ pool, repaidAssets }) => ({
    token: cashOf(context.market, pool),
    assets: repaidAssets,
  }));
  if (budget !== undefined && !covers(budget, needs)) return { type: "skip", reason: "outOfCash" };
  const order = {
    account: row.account,
    expectedLiquidations: row.liquidations,
    maxRepaidAssets: plan.settled.map(mostOf),
    minimumOut: plan.taken.map(({ seizedAssets }) =>
      mulDivDown(seizedAssets, BPS - WRITE_OFF_SLACK_BPS, BPS),
    ),
    deadline: context.nowAt + VALID_FOR,
  };
  const { route, market } = context;
  const payouts = await payoutsFor(snapshot, context);
  const short = shortValue(plan.taken, payouts);
  if (short > 0n && plan.bonusValue <= short) return { type: "skip", reason: "sleevePaysNothing" };
  const sent =
    route === undefined || plan.seizedValue === 0n
      ? ownWriteOff(order, plan, context)
      : {
          ...routeWriteOff(route, order, plan, payouts, (pool) => cashOf(market, pool)),
          payments: [],
        };
  return {
    type: "act",
    ...sent,
    plannedBonusValue: plan.bonusValue - short,
    facts: {
      repaidValue: plan.repaidValue,
      seizedValue: plan.seizedValue,
      lossValue: plan.lossValue,
    },
  };
}

function ownWriteOff(order: WriteOffOrder, plan: PlannedWriteOff, context: ActionContext): Sent {
  const { account, expectedLiquidations, maxRepaidAssets, minimumOut, deadline } = order;
  const data = context.vault.interface.encodeFunctionData("writeOff", [
    account,
    expectedLiquidations,
    [...maxRepaidAssets],
    [...minimumOut],
    deadline,
    context.keeper ?? context.vaultAddress,
    "0x",
  ]);
  return {
    call: { to: context.vaultAddress, data },
    payments: plan.settled.map(({ pool }, place) => ({
      token: cashOf(context.market, pool),
      assets: maxRepaidAssets[place] ?? 0n,
    })),
    bonusOf: (result) => writeOffBonus(context, result),
  };
}

function mostOf({ repaidAssets }: Settled): bigint {
  return mulDivUp(repaidAssets, BPS + WRITE_OFF_SLACK_BPS, BPS);
}

function covers(budget: ReadonlyMap<string, bigint>, needs: readonly Payment[]): boolean {
  return totals(needs).every(({ token, assets }) => (budget.get(token) ?? 0n) >= assets);
}

function writeOffBonus({ vault }: ActionContext, result: string): bigint {
  const decoded = vault.interface.decodeFunctionResult("writeOff", result);
  const taken: readonly IWriteOff.TakenStructOutput[] = decoded[0];
  const settled: readonly IWriteOff.SettledStructOutput[] = decoded[1];
  const got = taken.map(({ seizedAssets, price }) => valueDown(seizedAssets, price));
  const paid = settled.map(({ repaidAssets, price }) => valueUp(repaidAssets, price));
  return total(got) - total(paid);
}

// ---- both ----

/** What shares of sleeves bring at once less than their price [value] */
function shortValue(taken: PlannedWriteOff["taken"], payouts: readonly Payout[]): bigint {
  return total(
    taken.map(({ asset, seizedAssets, price }) => {
      const payout = payoutOf(payouts, asset);
      return payout === undefined
        ? 0n
        : valueDown(seizedAssets, price) - payoutValue(payout, seizedAssets);
    }),
  );
}

/** What the sleeves of an account pay now for what it has of them; nothing for a keeper that takes the shares themselves. */
async function payoutsFor(
  { collaterals }: Snapshot,
  { provider, vaultAddress, market, sleeves, route }: ActionContext,
): Promise<readonly Payout[]> {
  if (route === undefined) return [];
  const found = collaterals.flatMap(({ asset, assets }) => {
    const sleeve = sleeves.find((view) => view.sleeve === asset);
    return sleeve === undefined ? [] : [{ sleeve, assets }];
  });
  return Promise.all(
    found.map(({ sleeve, assets }) => {
      const price = market.assets.find(({ asset }) => asset === sleeve.asset)?.price ?? 0n;
      return readPayout(provider, vaultAddress, sleeve, price, assets);
    }),
  );
}

/** Payments in one token, added up. */
export function totals(payments: readonly Payment[]): readonly Payment[] {
  const byToken = new Map<string, bigint>();
  for (const { token, assets } of payments) {
    byToken.set(token, (byToken.get(token) ?? 0n) + assets);
  }
  return [...byToken].map(([token, assets]) => ({ token, assets }));
}

/** What the keeper has of the cash of each debt; undefined when nobody pays, or the collateral itself does. */
async function budgetFor(
  snapshot: Snapshot,
  { provider, market, keeper, route }: ActionContext,
): Promise<ReadonlyMap<string, bigint> | undefined> {
  if (keeper === undefined || route !== undefined) return undefined;
  return balancesOf(
    provider,
    keeper,
    snapshot.debts.map(({ id }) => cashOf(market, id)),
  );
}

function cashOf(market: MarketView, pool: bigint): string {
  const found = market.pools.find(({ id }) => id === pool);
  if (found === undefined) throw new PoolUnknown(pool);
  return found.asset;
}
