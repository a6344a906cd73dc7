// Credit of a collateral, marginal in its size against market depth D: up to D/4 whole, to D less 5 %, to 2D less 20 %,
// above nothing (multiplicative with the haircut). A bigger position is harder to sell.
import { checkedSub, max, min, mulDivDown, PPM } from "./mathLib.ts";

export const SEGMENTS = 4n;

/** Σ segment · (1 − haircut) · (1 − size haircut), rounded down [value] */
export function creditDown(value: bigint, depthValue: bigint, haircutPpm: bigint): bigint {
  const quarter = depthValue >> 2n;
  if (value <= quarter) return mulDivDown(value, checkedSub(PPM, haircutPpm), PPM);
  let weighted = quarter * 100n;
  weighted += (min(value, depthValue) - quarter) * 95n;
  if (value > depthValue) weighted += (min(value, depthValue * 2n) - depthValue) * 80n;
  return mulDivDown(weighted, checkedSub(PPM, haircutPpm), PPM * 100n);
}

/**
 * value · brackets(total) / total with total ≥ value, rounded down: an account's share of the credit that the whole
 * protocol's holding of the asset gets, so that sub-accounts gain nothing [value]
 */
export function shareOfCreditDown(
  value: bigint,
  totalValue: bigint,
  depthValue: bigint,
  haircutPpm: bigint,
): bigint {
  const total = max(value, totalValue);
  if (total <= depthValue >> 2n) return mulDivDown(value, checkedSub(PPM, haircutPpm), PPM);
  return mulDivDown(value, creditDown(total, depthValue, haircutPpm), total);
}

/** credit per value in segment k, 0 the lowest: (1 − haircut) · (1 − size haircut) [wad] */
export function weightWad(segment: bigint, haircutPpm: bigint): bigint {
  const kept = segment === 0n ? 100n : segment === 1n ? 95n : segment === 2n ? 80n : 0n;
  return checkedSub(PPM, haircutPpm) * kept * 10n ** 10n;
}

/** the segment in which a value ends */
export function topSegment(value: bigint, depthValue: bigint): bigint {
  let segment = SEGMENTS - 1n;
  while (segment > 0n && value <= segmentStart(segment, depthValue)) segment--;
  return segment;
}

/** value at which segment k begins */
export function segmentStart(segment: bigint, depthValue: bigint): bigint {
  if (segment === 0n) return 0n;
  return segment === 1n ? depthValue >> 2n : segment === 2n ? depthValue : depthValue * 2n;
}
