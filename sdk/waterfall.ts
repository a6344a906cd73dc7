// Who bears a loss, in order.
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
