// What `explainLiquidation` tells: facts only, in the units of the chain. Amounts of a closing are those of its event; the
// account before it is rebuilt from the block before.
import type { AccountId } from "../accountId.ts";
import type { CallState } from "../reader.ts";
import type { Health, RiskParameters } from "../snapshot.ts";

/** A token as people know it. */
export interface Token {
  readonly address: string;
  readonly symbol: string;
  readonly decimals: number;
}

/** A lending pool and its cash. */
export interface Pool {
  readonly id: bigint;
  readonly address: string;
  readonly cash: Token;
}

/** How well the account before the closing is known. */
export type Picture =
  /** rebuilt, and what the event tells follows from it to the unit */
  | { readonly type: "exact" }
  /** rebuilt, but something else moved in between: the event's numbers are other ones */
  | { readonly type: "approximate" }
  /** the account was touched earlier in the same block: the picture is of the block before that */
  | { readonly type: "blockBefore"; readonly earlierEvents: number }
  /** the node has no state of that time; everything told is from the receipt of the transaction */
  | { readonly type: "none"; readonly reason: string };

/** One collateral before the closing. */
export interface CollateralBefore {
  readonly token: Token;
  readonly assets: bigint;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
  readonly isFresh: boolean;
  /** maintenance haircut, largest over the debts */
  readonly haircutPpm: bigint;
  readonly depthValue: bigint;
  readonly value: bigint;
  /** what counts of it as cover at maintenance [value] */
  readonly creditValue: bigint;
  readonly isSeizurePaused: boolean;
}

/** One debt before the closing. */
export interface DebtBefore {
  readonly pool: Pool;
  readonly assets: bigint;
  /** [USD wad per 1e18 base units] */
  readonly price: bigint;
  /** b */
  readonly factorPpm: bigint;
  readonly value: bigint;
  /** b · D [value] */
  readonly requirement: bigint;
}

/** The account just before the closing, at the closing's prices and time. */
export interface AccountBefore {
  /** whose state was read; prices, haircuts and interest are of the next one */
  readonly block: number;
  readonly collaterals: readonly CollateralBefore[];
  readonly debts: readonly DebtBefore[];
  readonly health: Health;
  readonly navValue: bigint;
  /** Q_M [value] */
  readonly cushionValue: bigint;
  /** share of the cushion used */
  readonly usedWad: bigint;
  readonly coverageWad: bigint;
  readonly callState: CallState;
  readonly parameters: RiskParameters;
}

/** Something that happened to the account's margin call. */
export type CallEvent = { readonly block: number; readonly at: bigint } & (
  | {
      readonly type: "issued";
      readonly amountValue: bigint;
      readonly deadline: bigint;
      readonly coverageWad: bigint;
      readonly transactionHash: string;
    }
  | { readonly type: "paused"; readonly leftFor: bigint }
  | { readonly type: "resumed"; readonly deadline: bigint }
  | { readonly type: "expired"; readonly deadline: bigint }
);

/** The call that stood when the account was closed on, oldest event first. */
export type CallStory =
  | { readonly type: "none" }
  | { readonly type: "standing"; readonly events: readonly CallEvent[] }
  /** the node did not give the events */
  | { readonly type: "unknown"; readonly reason: string };

/** What a liquidation and a write-off have in common. */
export interface Occurrence {
  readonly chainId: bigint;
  readonly transactionHash: string;
  readonly vault: string;
  readonly block: number;
  /** time of the block [unix s] */
  readonly at: bigint;
  readonly logIndex: number;
  readonly account: AccountId;
  readonly owner: string;
  readonly tag: bigint;
  readonly liquidator: string;
  /** how often the account was liquidated or written off, this one included */
  readonly liquidations: bigint;
  readonly gas: GasPaid;
  readonly picture: Picture;
  readonly before: AccountBefore | undefined;
  readonly call: CallStory;
}

/** What the whole transaction cost its sender. */
export interface GasPaid {
  readonly payer: string;
  readonly gasUsed: bigint;
  /** [wei] */
  readonly costWei: bigint;
  /** liquidations and write-offs in the transaction */
  readonly closings: number;
}

/** Why the account could be liquidated. */
export type Cause =
  | { readonly type: "expired"; readonly deadline: bigint; readonly defaultedFor: bigint }
  | { readonly type: "closeOut" };

/** How far a leg went. */
export type Extent =
  /** to the least that reaches the target, or as far as debt, collateral and caps let it */
  | { readonly type: "least" }
  /** to the whole, because less than the dust value would have been left; beyond the least by so much */
  | { readonly type: "dust"; readonly extraValue: bigint }
  /** less than the least; `openAssets` is what it would have repaid without the limit, where that is known */
  | {
      readonly type: "limited";
      readonly by: "maximum" | "throttle" | "unknown";
      readonly openAssets: bigint | undefined;
    }
  | { readonly type: "nothing" };

/** Which limit of the bonus is the lowest. */
export type CapName = "coverage" | "equity" | "episodeCoverage" | "episodeEquity";

/** How the bonus of a leg came about, at the size segment that it begins in. */
export interface BonusTerms {
  /** β_max of the pair */
  readonly pairMostWad: bigint;
  /** after the pair's highest and its shape */
  readonly shapedWad: bigint;
  /** κ, what every pair earns for each value missing to the target; undefined when the account has one pair */
  readonly rewardWad: bigint | undefined;
  /** the lowest limit on bonus and fee together */
  readonly capWad: bigint;
  readonly cap: CapName;
  /** what the limit took from */
  readonly bound: "nothing" | "fee" | "bonus" | "all";
  readonly bonusWad: bigint;
  readonly feeWad: bigint;
}

/** What was done on one pair. */
export interface LegStory {
  readonly collateral: Token;
  readonly pool: Pool;
  readonly collateralPrice: bigint;
  readonly debtPrice: bigint;
  readonly haircutPpm: bigint;
  readonly repaidAssets: bigint;
  readonly repaidValue: bigint;
  readonly feeAssets: bigint;
  readonly feeValue: bigint;
  readonly seizedAssets: bigint;
  readonly seizedValue: bigint;
  /** (seized − repaid − fee) / repaid; undefined where nothing was repaid */
  readonly bonusWad: bigint | undefined;
  /** x* [value] */
  readonly leastValue: bigint;
  readonly extent: Extent;
  /** with an exact picture */
  readonly terms: BonusTerms | undefined;
  /** left to the account */
  readonly holdingAssets: bigint;
  /** left to the account, undefined without history [assets] */
  readonly debtAssets: bigint | undefined;
}

/** How the bonus and the target were set before any leg. */
export interface RunTerms {
  /** β_min + k · used */
  readonly severityWad: bigint;
  /** β_min + r · hours since the deadline */
  readonly timeWad: bigint;
  /** the larger of both, at most that of the episode's first liquidation */
  readonly bonusWad: bigint;
  /** ρ · Q_M / A_M within its bounds */
  readonly presentTargetBps: bigint;
  /** least target of the episode so far, 0 for none */
  readonly episodeTargetBps: bigint;
}

/** What the reference planner would have done at the least. */
export interface LeastPossible {
  readonly repaidValue: bigint;
  readonly seizedValue: bigint;
  readonly legs: number;
  readonly reachesTarget: boolean;
  /** repaid by this liquidation over that */
  readonly doneToLeastWad: bigint;
}

/** Sums over legs, collaterals or debts. */
export interface Totals {
  readonly repaidValue: bigint;
  readonly feeValue: bigint;
  readonly seizedValue: bigint;
  /** seized − repaid − fee: the liquidator's, before gas and slippage */
  readonly earnedValue: bigint;
}

/** One liquidation. */
export interface Liquidated extends Occurrence {
  readonly type: "liquidation";
  readonly cause: Cause;
  readonly coverageBeforeWad: bigint;
  readonly coverageAfterWad: bigint;
  /** above 1 */
  readonly targetBps: bigint;
  readonly legs: readonly LegStory[];
  readonly totals: Totals;
  /** with an exact picture */
  readonly terms: RunTerms | undefined;
  /** with an exact picture */
  readonly least: LeastPossible | undefined;
}

/** Why a collateral was left. */
export type LeftReason = "surplus" | "stale" | "paused" | "dust" | "unknown";

/** One collateral in a write-off. */
export interface TakenStory {
  readonly token: Token;
  readonly price: bigint;
  readonly seizedAssets: bigint;
  readonly seizedValue: bigint;
  readonly leftAssets: bigint;
  readonly leftValue: bigint;
  /** undefined where nothing is left */
  readonly left: LeftReason | undefined;
}

/** Who bears a loss, in the pool's own order. */
export interface LossLayer {
  /** as the pool's event names it, such as `fees` or `lenders` */
  readonly name: string;
  readonly assets: bigint;
}

/** One debt in a write-off. */
export interface SettledStory {
  readonly pool: Pool;
  readonly price: bigint;
  readonly repaidAssets: bigint;
  readonly repaidValue: bigint;
  readonly lossAssets: bigint;
  readonly lossValue: bigint;
  /** stays with the collateral that could not be taken; undefined without history where there is any [assets] */
  readonly keptAssets: bigint | undefined;
  readonly keptShares: bigint;
  /** what the pool booked, empty where it booked no loss */
  readonly layers: readonly LossLayer[];
}

/** One write-off. */
export interface WrittenOff extends Occurrence {
  readonly type: "writeOff";
  readonly collaterals: readonly TakenStory[];
  readonly debts: readonly SettledStory[];
  readonly totals: Totals;
  readonly lossValue: bigint;
}

/** What happened to one account in one liquidation or write-off, and why. */
export type LiquidationStory = Liquidated | WrittenOff;
