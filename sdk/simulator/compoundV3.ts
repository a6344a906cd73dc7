// The liquidation rule of Compound v3 (Comet).
import { isCovered, sum, valueDown } from "../healthMath.ts";
import { BPS, min, mulDivDown, total, zeroFloorSub } from "../mathLib.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Look, Policy, View } from "./accounts.ts";
import { keeperCostUp } from "./keeperCost.ts";
import { leastRepayment, type ReferenceTerms } from "./reference.ts";

/** What the rule needs to know. */
export interface CompoundV3Terms {
  /** share of its value that the account is credited for a collateral, by asset id [bps] */
  readonly liquidationFactorBps: ReadonlyMap<bigint, bigint>;
  /** share of the penalty by which absorbed collateral is sold below its price [bps] */
  readonly storeFrontPriceFactorBps: bigint;
  /** measures over-liquidation, decides nothing */
  readonly reference: ReferenceTerms;
}

/** What an absorption does. All in USD wad. */
export interface Absorption {
  /** all of it */
  readonly takenValue: bigint;
  /** Σ value · liquidation factor */
  readonly creditValue: bigint;
  /** debt paid by the credit */
  readonly repaidValue: bigint;
  /** credit beyond the debt: the owner's cash from now on */
  readonly returnedValue: bigint;
  /** debt beyond the credit: borne by the reserves */
  readonly badDebtValue: bigint;
  /** what buyers of the collateral gain */
  readonly discountValue: bigint;
}

/**
 * Compound v3, as `Comet.sol` of compound-finance/comet has it (`isLiquidatable`, `absorbInternal`, `quoteCollateral`):
 *
 * - an account is liquidatable when the value of its collateral, each times its liquidate-collateral factor, is below its debt; the
 *   factor is 1 − maintenance haircut here, so that it is uncovered at the same price as under the other policies;
 * - `absorb` takes all of its collateral and credits the account with value · liquidation factor (1 − liquidation penalty). The
 *   debt is repaid whole; what the credit leaves is the owner's base balance, what it lacks is borne by the reserves;
 * - the collateral is then for sale at value · (1 − store-front factor · penalty).
 *
 * The owner's loss is the penalty on all collateral. What the store front earns back for the reserves, (1 − store-front factor) · penalty,
 * is not set against bad debt, as a bonus is not set against it elsewhere. Keepers absorb and buy in one
 * transaction as soon as the discount covers `keeperCostUp`. A market has one base asset: two debts count as one.
 */
export function compoundV3(terms: CompoundV3Terms): Policy<undefined> {
  return { name: "compound-v3", fresh: undefined, look: (view) => look(view, terms) };
}

function look({ snapshot, step }: View<undefined>, terms: CompoundV3Terms): Look<undefined> {
  const result = { standing: undefined, lookAgainAt: undefined, isWatched: false };
  const absorbed = absorb(snapshot, terms);
  if (absorbed === undefined) return { ...result, snapshot, events: [] };
  const { takenValue, creditValue, repaidValue, returnedValue, badDebtValue } = absorbed;
  const costValue = keeperCostUp(takenValue, snapshot.collaterals.length, step);
  if (absorbed.discountValue < costValue) return { ...result, snapshot, events: [] };
  const leastValue = leastRepayment(snapshot, terms.reference) ?? repaidValue;
  return {
    ...result,
    snapshot: { collaterals: [], debts: [] },
    events: [
      {
        type: "forced",
        repaidValue,
        leastValue,
        takenValue,
        returnedValue,
        lossValue: takenValue - creditValue,
        badDebtValue,
      },
    ],
  };
}

/** What absorbing the account would do; undefined while it is covered. */
export function absorb(snapshot: Snapshot, terms: CompoundV3Terms): Absorption | undefined {
  const health = sum(snapshot, "protocol");
  if (isCovered(health)) return undefined;
  const credits = snapshot.collaterals.map(({ id, assets, price }) => {
    const value = valueDown(assets, price);
    return mulDivDown(value, terms.liquidationFactorBps.get(id) ?? BPS, BPS);
  });
  const creditValue = total(credits);
  const takenValue = health.collateralValue;
  const penaltyValue = takenValue - creditValue;
  return {
    takenValue,
    creditValue,
    repaidValue: min(creditValue, health.debtValue),
    returnedValue: zeroFloorSub(creditValue, health.debtValue),
    badDebtValue: zeroFloorSub(health.debtValue, creditValue),
    discountValue: mulDivDown(penaltyValue, terms.storeFrontPriceFactorBps, BPS),
  };
}
