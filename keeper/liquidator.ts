// Calls of a FlashLiquidator: the vault's orders together with the swaps that pay for them.
import { liquidatorAt } from "../sdk/contracts.ts";
import type { AccountId } from "../sdk/accountId.ts";
import { valueDown } from "../sdk/healthMath.ts";
import type { LegReceipt } from "../sdk/liquidation.ts";
import { BPS, max, min, mulDivDown, mulDivUp, total, WAD } from "../sdk/mathLib.ts";
import { payoutOf } from "../sdk/payable.ts";
import { type Payout, payoutDown } from "../sdk/sleeves.ts";
import type { PlannedWriteOff } from "../sdk/writeOff.ts";
import type { Provider } from "ethers";
import type { FlashLiquidator } from "../types/ethers-contracts/contracts/periphery/FlashLiquidator.ts";
import type { Call } from "./sender.ts";
import { type Piece, profitCashOf, type Venue } from "./venue.ts";

/** A liquidator, and where it sells. */
export interface Route {
  readonly address: string;
  readonly contract: FlashLiquidator;
  readonly venue: Venue;
}

/** What the keeper sends instead of a call of the vault. */
export interface RoutedCall {
  /** Any profit will do: for the simulation that tells how much there is. */
  readonly call: Call;
  /** The same, which fails when less is left [value] */
  readonly callFor: (leastValue: bigint) => Call;
  /** What a simulation says is left [value] */
  readonly bonusOf: (result: string) => bigint;
}

/** What goes to `liquidate` of the vault. */
export interface LiquidationOrder {
  readonly account: AccountId;
  readonly legs: readonly {
    readonly asset: string;
    readonly pool: bigint;
    readonly maxRepaidAssets: bigint;
    readonly minimumOut: bigint;
  }[];
  readonly expectedLiquidations: bigint;
  readonly deadline: bigint;
}

/** What goes to `writeOff` of the vault. */
export interface WriteOffOrder {
  readonly account: AccountId;
  readonly expectedLiquidations: bigint;
  readonly maxRepaidAssets: readonly bigint[];
  readonly minimumOut: readonly bigint[];
  readonly deadline: bigint;
}

/** What a share pays hardly moves between a look and a block: a redemption brings at least what was found less this. [bps] */
const REDEMPTION_SLACK_BPS = 10n;

/** The address of the cash of a pool. */
type CashOf = (pool: bigint) => string;

/** A liquidator at an address. */
export function routeThrough(address: string, provider: Provider, venue: Venue): Route {
  return { address, contract: liquidatorAt(address, provider), venue };
}

/** A liquidation through the liquidator. */
export function routeLiquidation(
  route: Route,
  { legs, ...order }: LiquidationOrder,
  receipts: readonly LegReceipt[],
  payouts: readonly Payout[],
  cashOf: CashOf,
): RoutedCall {
  const pieces = receipts.map((leg) => ({
    asset: leg.asset,
    price: leg.collateralPrice,
    seizedAssets: leg.seizedAssets,
    cash: cashOf(leg.pool),
    cashPrice: leg.debtPrice,
    owedAssets: leg.repaidAssets + leg.feeAssets,
  }));
  const sent = { ...order, legs: legs.map((leg) => ({ ...leg })) };
  return routed(route, "liquidate", pieces, payouts, (sale) =>
    route.contract.interface.encodeFunctionData("liquidate", [sent, sale]),
  );
}

/** A write-off through the liquidator. */
export function routeWriteOff(
  route: Route,
  order: WriteOffOrder,
  plan: PlannedWriteOff,
  payouts: readonly Payout[],
  cashOf: CashOf,
): RoutedCall {
  const { maxRepaidAssets, minimumOut } = order;
  const sent = { ...order, maxRepaidAssets: [...maxRepaidAssets], minimumOut: [...minimumOut] };
  return routed(route, "writeOff", piecesOf(plan, cashOf), payouts, (sale) =>
    route.contract.interface.encodeFunctionData("writeOff", [sent, sale]),
  );
}

/** Every debt is paid by every collateral, in proportion to their values. */
function piecesOf({ taken, settled }: PlannedWriteOff, cashOf: CashOf): readonly Piece[] {
  const takenValue = max(total(taken.map((line) => valueDown(line.seizedAssets, line.price))), 1n);
  const paidValue = max(total(settled.map((line) => valueDown(line.repaidAssets, line.price))), 1n);
  return taken.flatMap(({ asset, price, seizedAssets }) =>
    settled.map(({ pool, repaidAssets, price: cashPrice }) => ({
      asset,
      price,
      seizedAssets: mulDivDown(seizedAssets, valueDown(repaidAssets, cashPrice), paidValue),
      cash: cashOf(pool),
      cashPrice,
      owedAssets: mulDivUp(repaidAssets, valueDown(seizedAssets, price), takenValue),
    })),
  );
}

/** Shares of sleeves as what comes for them. */
function paidOut(pieces: readonly Piece[], payouts: readonly Payout[]): readonly Piece[] {
  const left = new Map(payouts.map(({ sleeve, shares }) => [sleeve, shares]));
  return pieces.map((piece) => {
    const payout = payoutOf(payouts, piece.asset);
    if (payout === undefined) return piece;
    const shares = min(piece.seizedAssets, left.get(payout.sleeve) ?? 0n);
    left.set(payout.sleeve, (left.get(payout.sleeve) ?? 0n) - shares);
    const { asset, price } = payout;
    return { ...piece, asset, price, seizedAssets: payoutDown(payout, shares) };
  });
}

interface Redemption {
  readonly sleeve: string;
  readonly mostShares: bigint;
  readonly quotedShares: bigint;
  readonly minimumOut: bigint;
}

/** All that is brought of each sleeve, up to what was found to be paid. */
function redemptionsOf(
  pieces: readonly Piece[],
  payouts: readonly Payout[],
): readonly Redemption[] {
  return payouts
    .filter(({ sleeve, shares }) => shares > 0n && pieces.some(({ asset }) => asset === sleeve))
    .map(({ sleeve, shares, assets }) => ({
      sleeve,
      mostShares: shares,
      quotedShares: shares,
      minimumOut: max(mulDivDown(assets, BPS - REDEMPTION_SLACK_BPS, BPS), 1n),
    }));
}

interface Sale {
  readonly redemptions: Redemption[];
  readonly swaps: { path: string; shareBps: bigint; amountIn: bigint; minimumOut: bigint }[];
  readonly profitToken: string;
  readonly minimumProfit: bigint;
}

function routed(
  { address, contract, venue }: Route,
  name: "liquidate" | "writeOff",
  seized: readonly Piece[],
  payouts: readonly Payout[],
  encode: (sale: Sale) => string,
): RoutedCall {
  const pieces = paidOut(seized, payouts);
  const profit = profitCashOf(pieces);
  const redemptions = [...redemptionsOf(seized, payouts)];
  const swaps = venue(pieces, profit).map((swap) => ({ ...swap }));
  const callFor = (leastValue: bigint): Call => {
    const minimumProfit = mulDivUp(max(leastValue, 0n), WAD, profit.price);
    const sale = { redemptions, swaps, profitToken: profit.token, minimumProfit };
    return { to: address, data: encode(sale) };
  };
  return {
    call: callFor(0n),
    callFor,
    bonusOf: (result) => {
      const code = contract.interface;
      const [profitAssets] =
        name === "liquidate"
          ? code.decodeFunctionResult("liquidate", result)
          : code.decodeFunctionResult("writeOff", result);
      return valueDown(BigInt(profitAssets), profit.price);
    },
  };
}
