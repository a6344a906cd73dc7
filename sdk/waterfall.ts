// Who bears a loss, in order: fee reserve, insurance fund, lenders.
import { min } from "./mathLib.ts";

/** What a layer bears of a loss, and what is left for the next. */
export interface Borne {
  readonly borne: bigint;
  readonly rest: bigint;
}

/** part of the loss that a layer bears, min(loss, layer), and what is left for the next */
export function bear(loss: bigint, layer: bigint): Borne {
  const borne = min(loss, layer);
  return { borne, rest: loss - borne };
}

/** Parts of a loss by layer; they sum to the loss. */
export interface SplitLoss {
  readonly fromFees: bigint;
  readonly fromFund: bigint;
  readonly fromLenders: bigint;
}

/** parts of a loss that the fee reserve, then the fund, then lenders bear; they sum to the loss */
export function split(loss: bigint, feeAssets: bigint, fundAssets: bigint): SplitLoss {
  const fees = bear(loss, feeAssets);
  const fund = bear(fees.rest, fundAssets);
  return { fromFees: fees.borne, fromFund: fund.borne, fromLenders: fund.rest };
}
