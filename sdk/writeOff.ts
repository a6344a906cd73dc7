// A write-off, exactly as `contracts/vault/WriteOff.sol` does it: what is paid, taken, kept and lost.
import { toSharesDown } from "./debtShares.ts";
import {
  isCovered,
  isInsolvent,
  sum,
  usedWad as usedOf,
  valueDown,
  valueUp,
} from "./healthMath.ts";
import type { LiquidationRules } from "./liquidationRun.ts";
import { type CollateralTerms, isSeizable } from "./seizure.ts";
import { writeOffPaymentUp } from "./liquidationMath.ts";
import { BPS, checkedSub, min, mulDivDown, mulDivUp, total, UINT256_MAX, WAD } from "./mathLib.ts";
import type { CollateralLine, DebtLine, Health, Snapshot } from "./snapshot.ts";

/** As a minimum output of a write-off: leave this collateral, which is worth less than dust, to the owner. */
export const LEAVE = UINT256_MAX;

/** What is taken of one collateral in a write-off. */
export interface Taken {
  readonly asset: string;
  /** [assets] */
  readonly seizedAssets: bigint;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** left to the account [assets] */
  readonly holdingAssets: bigint;
}

/** What happens to one debt in a write-off. */
export interface Settled {
  /** id of the pool */
  readonly pool: bigint;
  /** paid by the liquidator [assets] */
  readonly repaidAssets: bigint;
  /** not paid: borne by the pool's layers [assets] */
  readonly lossAssets: bigint;
  /** of `lossAssets`, and of what rounding leaves: struck from the account unpaid [debt shares] */
  readonly lossShares: bigint;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** left to the account, with collateral that could not be taken [debt shares] */
  readonly debtShares: bigint;
}

/** A write-off that the chain would carry out as it is written here, at these prices. */
export interface PlannedWriteOff {
  readonly type: "writeOff";
  readonly usedWad: bigint;
  /** in the order of asset ids */
  readonly taken: readonly Taken[];
  /** in the order of pool ids */
  readonly settled: readonly Settled[];
  /** Σ repaid [value] */
  readonly repaidValue: bigint;
  /** Σ seized [value] */
  readonly seizedValue: bigint;
  /** Σ loss [value] */
  readonly lossValue: bigint;
  /** seized − repaid: what the liquidator gains before gas and slippage, may be a few wei below 0 [value] */
  readonly bonusValue: bigint;
}

/** What can be done with an account by write-off. */
export type WriteOffPlan =
  | PlannedWriteOff
  | { readonly type: "unpriced"; readonly pools: readonly bigint[] }
  | { readonly type: "covered" }
  | { readonly type: "solvent"; readonly usedWad: bigint }
  /** nothing worth the dust value can be taken or booked: these collaterals keep the rest of the debt */
  | { readonly type: "notSeizable"; readonly assets: readonly string[] };

/**
 * What a write-off pays, takes, keeps and loses, as the chain would do it.
 * @param nowAt Time of the block [s]
 * @param left Places of collaterals worth less than dust that the liquidator leaves to the owner.
 */
export function writeOffPlan(
  snapshot: Snapshot,
  rules: LiquidationRules,
  nowAt: bigint,
  left: ReadonlySet<number> = new Set(),
): WriteOffPlan {
  const unpriced = snapshot.debts.filter(({ isFresh }) => !isFresh).map(({ id }) => id);
  if (unpriced.length > 0) return { type: "unpriced", pools: unpriced };
  const { bonusMinBps, feeBps, dustValue } = rules.parameters;
  const health = sum(snapshot, "protocol");
  if (isCovered(health)) return { type: "covered" };
  const usedWad = usedOf(health);
  if (!isInsolvent(health, bonusMinBps, feeBps)) return { type: "solvent", usedWad };
  const dust = dustValue * WAD;
  const lines = snapshot.collaterals.map((line, place) => {
    const value = valueDown(line.assets, line.price);
    const isDust = value < dust;
    const isTaken = isDust
      ? !left.has(place)
      : line.isFresh && isSeizable(termsAt(rules, place), usedWad, nowAt);
    // dust that is left is paid for too
    return { line, value, isTaken, isHeld: !isDust && !isTaken };
  });
  const closing = close(lines, health, bonusMinBps * 10n ** 14n);
  if (closing.keepsRest && closing.takenValue < dust) {
    const held = lines.filter(({ isHeld }) => isHeld);
    return { type: "notSeizable", assets: held.map(({ line }) => line.asset) };
  }
  const due = mulDivDown(closing.paidValue, BPS + bonusMinBps, BPS);
  const settled = snapshot.debts.map((line) => settle(line, closing, health));
  const taken = lines.map(({ line, isTaken }) => take(line, isTaken, due, closing));
  const repaidValue = total(settled.map((line) => valueUp(line.repaidAssets, line.price)));
  const seizedValue = total(taken.map((line) => valueDown(line.seizedAssets, line.price)));
  return {
    type: "writeOff",
    usedWad,
    taken,
    settled,
    repaidValue,
    seizedValue,
    lossValue: total(settled.map((line) => valueUp(line.lossAssets, line.price))),
    bonusValue: seizedValue - repaidValue,
  };
}

function termsAt(rules: LiquidationRules, place: number): CollateralTerms {
  const terms = rules.collaterals[place];
  if (terms === undefined) throw new RangeError(`no terms found for collateral line ${place}`);
  return terms;
}

interface Line {
  readonly line: CollateralLine;
  readonly value: bigint;
  readonly isTaken: boolean;
  readonly isHeld: boolean;
}

/** What is paid, in values, and whether collateral stays that may pay later, and the rest of the debt with it. */
interface Closing {
  readonly takenValue: bigint;
  readonly paidValue: bigint;
  readonly keepsRest: boolean;
}

function close(lines: readonly Line[], health: Health, bonusMinWad: bigint): Closing {
  const takenValue = total(lines.filter(({ isHeld }) => !isHeld).map(({ value }) => value));
  return {
    takenValue,
    paidValue: writeOffPaymentUp(takenValue, health.debtValue, bonusMinWad),
    keepsRest: lines.some(({ isHeld }) => isHeld),
  };
}

/** one debt: its part of the payment; the rest is lost, unless collateral stays that may pay it */
function settle(line: DebtLine, { paidValue, keepsRest }: Closing, health: Health): Settled {
  const repaidAssets =
    paidValue === health.debtValue
      ? line.assets
      : min(mulDivUp(line.assets, paidValue, health.debtValue), line.assets);
  const repaidShares =
    repaidAssets === line.assets
      ? line.shares
      : min(toSharesDown(repaidAssets, line.index, line.shareUnit), line.shares);
  const debtShares = keepsRest ? checkedSub(line.shares, repaidShares) : 0n;
  return {
    pool: line.id,
    repaidAssets,
    lossAssets: keepsRest ? 0n : line.assets - repaidAssets,
    lossShares: line.shares - repaidShares - debtShares,
    price: line.price,
    debtShares,
  };
}

/** one collateral: if it is taken, all goes out but what is worth more than the payment and the least bonus */
function take(line: CollateralLine, isTaken: boolean, due: bigint, closing: Closing): Taken {
  let seizedAssets = 0n;
  if (isTaken) {
    seizedAssets =
      due >= closing.takenValue ? line.assets : mulDivDown(line.assets, due, closing.takenValue);
  }
  return {
    asset: line.asset,
    seizedAssets,
    price: line.price,
    holdingAssets: line.assets - seizedAssets,
  };
}
