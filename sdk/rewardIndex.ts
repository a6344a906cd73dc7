// How a lump of rewards becomes what each unit of collateral has earned; exact, as contracts/libraries/RewardIndex.sol.
import { min, mulDivDown, zeroFloorSub } from "./mathLib.ts";

/** One reward token per base unit of collateral, as an index. */
export const SCALE = 1n << 112n;

const HOLDING_MOST = (1n << 96n) - 1n;

/**
 * Of a lump, what is emitted after `ranFor`, rounded down; all when nothing is left to run.
 * @param lumpAssets What runs over the span [assets]
 * @param ranFor Of the span [s]
 * @param spanFor [s]
 */
export function releasedDown(lumpAssets: bigint, ranFor: bigint, spanFor: bigint): bigint {
  return ranFor >= spanFor ? lumpAssets : mulDivDown(lumpAssets, ranFor, spanFor);
}

/**
 * How long what is unemitted and a new lump run together: the times weighted with the amounts, rounded down.
 * @param unemittedAssets What is left [assets]
 * @param leftFor How long it would have run [s]
 * @param lumpAssets What arrives; not 0 when nothing is left [assets]
 * @param periodFor How long it would run alone [s]
 */
export function spanAfter(
  unemittedAssets: bigint,
  leftFor: bigint,
  lumpAssets: bigint,
  periodFor: bigint,
): bigint {
  const longerFor = zeroFloorSub(periodFor, leftFor);
  return leftFor + mulDivDown(lumpAssets, longerFor, unemittedAssets + lumpAssets);
}

/**
 * The index after an emission, rounded down.
 * @param index Before [times 2^112]
 * @param emittedAssets [assets]
 * @param totalAssets What all accounts hold; not 0 [assets]
 */
export function indexAfterDown(index: bigint, emittedAssets: bigint, totalAssets: bigint): bigint {
  return index + mulDivDown(emittedAssets, SCALE, totalAssets);
}

/**
 * What a holding earned while the index moved, rounded down.
 * @param holdingAssets [assets]
 * @param index Now [times 2^112]
 * @param since Until which the account is counted [times 2^112]
 */
export function accruedDown(holdingAssets: bigint, index: bigint, since: bigint): bigint {
  return (min(holdingAssets, HOLDING_MOST) * zeroFloorSub(index, since)) / SCALE;
}
