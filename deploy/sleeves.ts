// What follows from the parameters of a sleeve: its name, its id, and how many decimals its shares have.
import { assetOf } from "./arguments.ts";
import type { Parameters, SleeveParameters } from "./schema.ts";
import { poolId, sleeveId } from "./steps.ts";

/** Shares of an allocator have 18 decimals, whatever its asset has; those of a pool at most as many. */
const MOST_SHARE_DECIMALS = 18;
/** Shares of a pool have six more than its cash, up to the most. */
const POOL_OFFSET = 6;

/** Symbol of the shares; that of the pool where the pool is the sleeve. */
export function symbolOf({ pools }: Pick<Parameters, "pools">, sleeve: SleeveParameters): string {
  if (sleeve.kind === "allocator") return sleeve.symbol;
  return pools.find(({ asset }) => asset === sleeve.asset)?.symbol ?? "";
}

/** Id of the step that created the sleeve. */
export function stepOf(sleeve: SleeveParameters): string {
  return sleeve.kind === "allocator" ? sleeveId(sleeve.symbol) : poolId(sleeve.asset);
}

/** Decimals of the shares; one whole share is one whole token at first. */
export function shareDecimalsOf(
  { assets }: Pick<Parameters, "assets">,
  { kind, asset }: SleeveParameters,
): number {
  const { decimals } = assetOf(assets, asset);
  return kind === "allocator"
    ? MOST_SHARE_DECIMALS
    : Math.min(decimals + POOL_OFFSET, MOST_SHARE_DECIMALS);
}
