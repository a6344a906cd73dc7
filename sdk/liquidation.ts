// A liquidation step by step, exactly as `contracts/vault/Liquidation.sol` does it: the same order, the same amounts to the
// unit. Each step returns the run that it leaves; nothing is changed in place.
import { toAssetsUp } from "./debtShares.ts";
import {
  coverageAtLeast,
  coverageDown,
  cushion,
  isBeyondCloseOut,
  isCovered,
  isInsolvent,
  sum,
  usedWad,
  valueDown,
  valueUp,
} from "./healthMath.ts";
import {
  bonusWad,
  type Leg,
  REWARD_MOST_WAD,
  repayAmounts,
  pairRewardWad,
  type Sized,
  seizeAmount,
  size,
  suffices,
  targetBps,
  wantedBonusWad,
} from "./liquidationMath.ts";
import {
  type CallStanding,
  canTake,
  collateralAt,
  debtAt,
  type LegChoice,
  type LiquidationRules,
  type Run,
  termsAt,
  throttleAt,
} from "./liquidationRun.ts";
import { checkedSub, max, min, mulDivDown, mulDivUp, UINT256_MAX, WAD } from "./mathLib.ts";
import { raised } from "./seizure.ts";
import type { CollateralLine, DebtLine, Health, RiskParameters, Snapshot } from "./snapshot.ts";
import { repaidDown } from "./throttle.ts";

/** A bonus before the pair's own maximum: no pair allows so much [bps]. */
const UNCAPPED_BPS = 10_000n;

/** Why an account cannot be liquidated now. */
export type Refusal =
  | { readonly type: "unpriced"; readonly pools: readonly bigint[] }
  | { readonly type: "covered" }
  | { readonly type: "insolvent" }
  | { readonly type: "notCalled"; readonly usedWad: bigint }
  | { readonly type: "cureTimeLeft"; readonly usedWad: bigint; readonly deadline: bigint };

/** What was done on one pair; the fields of the contract's receipt, and where the lines stand in the snapshot. */
export interface LegReceipt {
  readonly collateral: number;
  readonly debt: number;
  readonly asset: string;
  /** id of the pool */
  readonly pool: bigint;
  /** debt reduced [assets] */
  readonly repaidAssets: bigint;
  /** paid on top [assets] */
  readonly feeAssets: bigint;
  /** collateral taken [assets] */
  readonly seizedAssets: bigint;
  /** x*, the least repayment that reaches the target [value] */
  readonly leastValue: bigint;
  /** [USD wad per 1e18 base units] */
  readonly collateralPrice: bigint;
  /** [USD wad per 1e18 base units] */
  readonly debtPrice: bigint;
  /** maintenance haircut of the collateral */
  readonly haircutPpm: bigint;
  /** collateral left [assets] */
  readonly holdingAssets: bigint;
  /** debt left [debt shares] */
  readonly debtShares: bigint;
}

/**
 * What a leg had to repay: x* of its pair, or less where the leg was limited because another pair goes on. Repaid beyond it is
 * more than was needed [value]
 */
export function neededValue(leg: {
  readonly repaidAssets: bigint;
  readonly debtPrice: bigint;
  readonly leastValue: bigint;
}): bigint {
  return min(valueDown(leg.repaidAssets, leg.debtPrice), leg.leastValue);
}

/** A leg and the run that it leaves, or why the chain would refuse it. */
export type Step =
  | { readonly type: "acted"; readonly run: Run; readonly receipt: LegReceipt }
  | { readonly type: "notSeizable" }
  | { readonly type: "tooSmall"; readonly repaidValue: bigint; readonly leastValue: bigint };

/** Begins a liquidation: the account is below maintenance, solvent, and beyond close-out or past the deadline of its call. */
export function openRun(
  snapshot: Snapshot,
  rules: LiquidationRules,
  call: CallStanding,
): Run | Refusal {
  const unpriced = snapshot.debts.filter(({ isFresh }) => !isFresh).map(({ id }) => id);
  if (unpriced.length > 0) return { type: "unpriced", pools: unpriced };
  const { parameters } = rules;
  const health = sum(snapshot, "protocol");
  if (isCovered(health)) return { type: "covered" };
  if (isInsolvent(health, parameters.bonusMinBps, parameters.feeBps)) return { type: "insolvent" };
  const used = usedWad(health);
  const isCalled = call.state === "called";
  const isExpired = isCalled && call.nowAt > call.deadline;
  if (!isExpired && !isBeyondCloseOut(health, parameters.closeOutBps)) {
    return isCalled
      ? { type: "cureTimeLeft", usedWad: used, deadline: call.deadline }
      : { type: "notCalled", usedWad: used };
  }
  const target = episodeTarget(health, parameters, call);
  const defaultedFor = isExpired ? call.nowAt - call.deadline : 0n;
  const { episode, nowAt } = call;
  // a liquidation never lowers coverage: if it is lower, prices fell, and what was found says nothing any more
  const counts =
    call.episodeTargetBps !== 0n &&
    nowAt < episode.countsUntil &&
    coverageDown(health) >= episode.coverageWad;
  const bonus = bonusWad(
    used,
    defaultedFor,
    parameters.bonusMinBps,
    parameters.bonusPerUsedBps,
    parameters.bonusPerHourBps,
    UNCAPPED_BPS,
  );
  const equityWad = mulDivDown(health.collateralValue, WAD, health.debtValue);
  const run: Run = {
    type: "open",
    cause: isExpired ? "expired" : "closeOut",
    snapshot,
    health,
    rules,
    usedWad: used,
    defaultedFor,
    targetBps: target,
    bonusWad: bonus,
    bonusMostWad: undefined,
    rewardWad: REWARD_MOST_WAD,
    coverageMostWad: counts ? min(coverageDown(health), episode.coverageWad) : coverageDown(health),
    equityMostWad: counts ? min(equityWad, episode.equityWad) : equityWad,
    nowAt,
  };
  const shape = shapeOf(run);
  if (!counts) return { ...run, ...shape };
  return {
    ...run,
    bonusMostWad: min(shape.bonusMostWad ?? episode.bonusMostWad, episode.bonusMostWad),
    rewardWad: min(shape.rewardWad, episode.rewardWad),
  };
}

/** the target of now, at most that of earlier liquidations of the episode [bps above 1] */
function episodeTarget(health: Health, parameters: RiskParameters, call: CallStanding): bigint {
  const present = targetBps(
    cushion(health),
    health.coverMaintenance,
    parameters.targetShareBps,
    parameters.targetMinBps,
    parameters.targetMaxBps,
  );
  return call.episodeTargetBps === 0n ? present : min(present, call.episodeTargetBps);
}

/**
 * κ: what each value missing to the target earns, whichever pair it is covered with. Of the collaterals that could each reach
 * the target alone, and have room for β_min, the widest earns β, or the narrowest β_min with the debt that earns it most,
 * whichever is more; of none, the largest β
 */
function shapeOf(run: Run): Pick<Run, "bonusMostWad" | "rewardWad"> {
  const { collaterals, debts } = run.snapshot;
  const unshaped = { bonusMostWad: run.bonusWad, rewardWad: REWARD_MOST_WAD };
  if (collaterals.length * debts.length === 1) return unshaped; // no other pair to choose
  const factors = debts.map((line) => line.factorPpm);
  const widestDebt = factors.indexOf(factors.reduce(max, 0n));
  const legs = [...collaterals.keys()]
    .filter((collateral) => canTake(run, collateral))
    .map((collateral) => ({
      collateral,
      leg: describe(
        { ...run, ...unshaped },
        { collateral, debt: widestDebt, maxRepaidAssets: UINT256_MAX },
      ),
    }));
  const largest = firstMost(legs, ({ leg }) => leg.collateralValue);
  if (largest === undefined) return unshaped;
  const alone = legs.filter(({ leg }) => suffices(leg) && pairRewardWad(leg) !== 0n);
  const reward = pairRewardWad((firstMost(alone, ({ leg }) => leg.haircutPpm) ?? largest).leg);
  const narrowest = firstMost(alone, ({ leg }) => -leg.haircutPpm);
  if (narrowest === undefined) return { ...unshaped, rewardWad: reward };
  const { collateral } = narrowest;
  const floors = [...debts.keys()].map((debt) => {
    const leg = describe(run, { collateral, debt, maxRepaidAssets: UINT256_MAX });
    return pairRewardWad({ ...leg, bonusWad: leg.bonusMinWad });
  });
  const floor = floors.reduce(max, 0n);
  return floor > reward
    ? { bonusMostWad: undefined, rewardWad: floor }
    : { ...unshaped, rewardWad: reward };
}

/** the first of those that have the most of something */
function firstMost<Item>(items: readonly Item[], of: (item: Item) => bigint): Item | undefined {
  return items.reduce<Item | undefined>(
    (best, item) => (best === undefined || of(item) > of(best) ? item : best),
    undefined,
  );
}

/** Acts on one pair, on the state that the leg before left. Throws `NoSuchLine`. */
export function act(run: Run, choice: LegChoice): Step {
  const collateral = collateralAt(run.snapshot, choice.collateral);
  const debt = debtAt(run.snapshot, choice.debt);
  if (!canTake(run, choice.collateral)) return { type: "notSeizable" };
  const input = describe(run, choice);
  const { sized, left } = sizeThrottled(run, choice, input);
  if (sized.repaidValue === 0n) {
    const receipt = write(choice, collateral, debt, sized, { repaid: 0n, fee: 0n, seized: 0n });
    return { type: "acted", run: left, receipt };
  }
  const leastValue = min(sized.leastValue, input.dustValue);
  if (sized.repaidValue < leastValue) {
    return { type: "tooSmall", repaidValue: sized.repaidValue, leastValue };
  }
  return move(left, choice, input, sized);
}

/** sizes a leg within what the throttle of its collateral leaves, and raises the levels by what it takes */
function sizeThrottled(
  run: Run,
  choice: LegChoice,
  input: Leg,
): { readonly sized: Sized; readonly left: Run } {
  const throttled = throttleAt(run, choice.collateral);
  if (throttled === undefined) return { sized: size(input), left: run };
  const most = repaidDown(throttled.roomValue, wantedBonusWad(input) + input.feeWad);
  const mostValue = most < input.dustValue ? 0n : most;
  const sized = size({ ...input, maxRepaidValue: min(input.maxRepaidValue, mostValue) });
  if (sized.seizedValue === 0n) return { sized, left: run };
  const terms = raised(termsAt(run, choice.collateral), throttled, sized.seizedValue, run.nowAt);
  const collaterals = run.rules.collaterals.with(choice.collateral, terms);
  return { sized, left: { ...run, rules: { ...run.rules, collaterals } } };
}

/** takes repayment and collateral off their lines */
function move(run: Run, choice: LegChoice, input: Leg, sized: Sized): Step {
  const collateral = collateralAt(run.snapshot, choice.collateral);
  const debt = debtAt(run.snapshot, choice.debt);
  const { repaidAssets, repaidShares, reducedValue } = repayAmounts(sized, input.debtValue, debt);
  const fee = mulDivUp(sized.feeValue, WAD, debt.price);
  const seized = seizeAmount(sized, input.collateralValue, reducedValue, collateral);
  const shares = checkedSub(debt.shares, repaidShares);
  const debtLeft: DebtLine = {
    ...debt,
    shares,
    assets: toAssetsUp(shares, debt.index, debt.shareUnit),
  };
  const collateralLeft: CollateralLine = {
    ...collateral,
    assets: checkedSub(collateral.assets, seized),
    totalAssets: checkedSub(collateral.totalAssets, seized),
  };
  const snapshot: Snapshot = {
    collaterals: run.snapshot.collaterals.with(choice.collateral, collateralLeft),
    debts: run.snapshot.debts.with(choice.debt, debtLeft),
  };
  const health = repaidAssets === 0n ? run.health : sum(snapshot, "protocol");
  const moved = { repaid: repaidAssets, fee, seized };
  const receipt = write(choice, collateralLeft, debtLeft, sized, moved);
  return { type: "acted", run: { ...run, snapshot, health }, receipt };
}

interface Moved {
  readonly repaid: bigint;
  readonly fee: bigint;
  readonly seized: bigint;
}

function write(
  choice: LegChoice,
  collateral: CollateralLine,
  debt: DebtLine,
  sized: Sized,
  moved: Moved,
): LegReceipt {
  return {
    collateral: choice.collateral,
    debt: choice.debt,
    asset: collateral.asset,
    pool: debt.id,
    repaidAssets: moved.repaid,
    feeAssets: moved.fee,
    seizedAssets: moved.seized,
    leastValue: sized.leastValue,
    collateralPrice: collateral.price,
    debtPrice: debt.price,
    haircutPpm: collateral.haircutMaintenancePpm,
    holdingAssets: collateral.assets,
    debtShares: debt.shares,
  };
}

/** Whether coverage is at least what it was; the chain refuses anything else. */
export function keepsCoverage(before: Run, after: Run): boolean {
  return coverageAtLeast(after.health, before.health);
}

/** The pair in the words of `liquidationMath`. Throws `NoSuchLine`. */
export function describe(run: Run, choice: LegChoice): Leg {
  const collateral = collateralAt(run.snapshot, choice.collateral);
  const debt = debtAt(run.snapshot, choice.debt);
  const { parameters } = run.rules;
  const pairMostWad = (termsAt(run, choice.collateral).maxBonusBps[choice.debt] ?? 0n) * 10n ** 14n;
  const debtValue = valueUp(debt.assets, debt.price);
  return {
    collateralValue: valueDown(collateral.assets, collateral.price),
    haircutPpm: collateral.haircutMaintenancePpm,
    depthValue: collateral.depthValue,
    debtValue,
    factorWad: debt.factorPpm * 10n ** 12n,
    cover: run.health.coverMaintenance,
    requirement: run.health.requirement,
    totalCollateralValue: run.health.collateralValue,
    totalDebtValue: run.health.debtValue,
    coverageMostWad: run.coverageMostWad,
    equityMostWad: run.equityMostWad,
    targetWad: WAD + run.targetBps * 10n ** 14n,
    bonusWad: min(run.bonusMostWad ?? pairMostWad, pairMostWad),
    rewardWad: run.rewardWad,
    bonusMinWad: parameters.bonusMinBps * 10n ** 14n,
    feeWad: parameters.feeBps * 10n ** 14n,
    maxRepaidValue:
      choice.maxRepaidAssets >= debt.assets
        ? debtValue
        : valueDown(choice.maxRepaidAssets, debt.price),
    dustValue: parameters.dustValue * WAD,
  };
}
