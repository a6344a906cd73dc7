// Accounts, prices and policies of a replay without a chain. An account is the sdk's own snapshot, so every policy judges it
// by the same sums and is uncovered at exactly the same price.
import type { CollateralLine, DebtLine, Snapshot } from "../snapshot.ts";

/** How an owner answers a margin call. */
export interface Owner {
  readonly cureBy: "deposit" | "repay";
  /** after the call was issued [s] */
  readonly cureAfterFor: bigint;
}

/** An account as it is at the start. */
export interface SimulatedAccount {
  /** at the first prices; ids of collaterals and `assetId` of debts are places in `PriceStep.prices` */
  readonly snapshot: Snapshot;
  /** undefined: calls stay unanswered */
  readonly owner: Owner | undefined;
}

/** One row of prices. They count until the next one. */
export interface PriceStep {
  /** [unix s] */
  readonly at: bigint;
  /** by asset id [USD wad per 1e18 base units] */
  readonly prices: readonly bigint[];
  /** [wei] */
  readonly gasPrice: bigint;
  /** [USD wad per ether] */
  readonly etherPrice: bigint;
}

/** What happened to an account at one look. */
export type SimulatedEvent =
  { readonly type: "called" | "paused" | "resumed" | "cured" | "expired" } | ForcedEvent;

/** Collateral was taken from an account against its owner's will. All in USD wad, at the prices of the moment. */
export interface ForcedEvent {
  readonly type: "forced";
  /** debt repaid by keepers, or paid out of the credit for absorbed collateral; fees not included */
  readonly repaidValue: bigint;
  /** debt that had to be repaid at least, see `leastRepayment` */
  readonly leastValue: bigint;
  /** collateral taken */
  readonly takenValue: bigint;
  /** credit beyond the debt: the owner's in cash */
  readonly returnedValue: bigint;
  /** bonus, fees and penalties: taken − repaid − returned */
  readonly lossValue: bigint;
  /** debt of an account without collateral, which nobody repays */
  readonly badDebtValue: bigint;
}

/** What a policy looks at. */
export interface View<Standing> {
  /** at the prices of the step, without empty lines */
  readonly snapshot: Snapshot;
  readonly standing: Standing;
  readonly step: PriceStep;
  /** [unix s] */
  readonly nowAt: bigint;
}

/** What a policy made of it. */
export interface Look<Standing> {
  readonly snapshot: Snapshot;
  readonly standing: Standing;
  readonly events: readonly SimulatedEvent[];
  /** look again then, if no new price came first [unix s] */
  readonly lookAgainAt: bigint | undefined;
  /** look again at every price, even while the account is covered */
  readonly isWatched: boolean;
}

/** The rule by which a protocol treats uncovered accounts. Pure: what it remembers of an account is its standing. */
export interface Policy<Standing> {
  readonly name: string;
  /** of an account that nothing has happened to */
  readonly fresh: Standing;
  /** keepers look at an account */
  look(view: View<Standing>): Look<Standing>;
  /** the owner answers a call; policies without calls have no such moment */
  readonly cure?: (view: View<Standing>, owner: Owner) => Look<Standing>;
}

/**
 * The account at other prices, without lines that became empty.
 * @param totals Held by all accounts, by asset id [assets]
 */
export function revalue(
  { collaterals, debts }: Snapshot,
  prices: readonly bigint[],
  totals: readonly bigint[],
): Snapshot {
  return {
    collaterals: collaterals.filter(({ assets }) => assets !== 0n).map((line) => revalued(line)),
    debts: debts
      .filter(({ assets }) => assets !== 0n)
      .map((line): DebtLine => {
        const price = prices[Number(line.assetId)] ?? line.price;
        return { ...line, price, slowPrice: price };
      }),
  };

  function revalued(line: CollateralLine): CollateralLine {
    const place = Number(line.id);
    const price = prices[place] ?? line.price;
    return {
      ...line,
      price,
      slowPrice: price,
      totalAssets: totals[place] ?? line.totalAssets,
    };
  }
}
