// Debt is kept in shares: assets = shares · unit · index / INDEX_ONE. `unit` is 10^max(0, decimals − 12), so that shares of
// an 18-decimal asset fit beside the collateral in one word; the rounding it costs is below 1e-12 of a token.
import { INDEX_ONE } from "./interestModel.ts";
import { mulDivDown, mulDivUp } from "./mathLib.ts";

/** shares that owe at least `assets`, rounded up (against the borrower) [debt shares] */
export function toSharesUp(assets: bigint, index: bigint, unit: bigint): bigint {
  return mulDivUp(assets, INDEX_ONE, index * unit);
}

/** shares that `assets` pay off, rounded down (against the payer) [debt shares] */
export function toSharesDown(assets: bigint, index: bigint, unit: bigint): bigint {
  return mulDivDown(assets, INDEX_ONE, index * unit);
}

/** what `shares` owe, rounded up (against the borrower) [assets] */
export function toAssetsUp(shares: bigint, index: bigint, unit: bigint): bigint {
  return mulDivUp(shares, index * unit, INDEX_ONE);
}

/** what `shares` are worth to the lenders, rounded down [assets] */
export function toAssetsDown(shares: bigint, index: bigint, unit: bigint): bigint {
  return mulDivDown(shares, index * unit, INDEX_ONE);
}
