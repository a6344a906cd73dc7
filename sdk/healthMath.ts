// The equation: a snapshot of an account → whether it is covered. C and A are rounded down, D and R up.
import {
  BPS,
  checkedSub,
  max,
  min,
  mulDivDown,
  mulDivUp,
  PPM,
  productAtLeast,
  UINT256_MAX,
  WAD,
  zeroFloorSub,
} from "./mathLib.ts";
import { creditDown, shareOfCreditDown } from "./sizeBrackets.ts";
import type { CollateralLine, DebtLine, Health, PriceView, Snapshot } from "./snapshot.ts";

/** NAV / Q when the cushion is 0 and the account owes more than it has [wad]. */
export const USED_MAX_WAD = 2n ** 127n - 1n;

/** Σ over the lines, at one view of prices */
export function sum(snapshot: Snapshot, priceView: PriceView): Health {
  let [collateralValue, debtValue, coverInitial, coverMaintenance, requirement] = [
    0n,
    0n,
    0n,
    0n,
    0n,
  ];
  for (const line of snapshot.collaterals) {
    const price = collateralPrice(line, priceView);
    const value = valueDown(line.assets, price);
    const totalValue = valueDown(line.totalAssets, price);
    collateralValue += value;
    coverInitial += shareOfCreditDown(value, totalValue, line.depthValue, line.haircutInitialPpm);
    if (priceView !== "opening") {
      coverMaintenance += creditDown(value, line.depthValue, line.haircutMaintenancePpm);
    }
  }
  for (const line of snapshot.debts) {
    const value = valueUp(line.assets, debtPrice(line, priceView));
    debtValue += value;
    requirement += mulDivUp(value, line.factorPpm, PPM);
  }
  return { collateralValue, debtValue, coverInitial, coverMaintenance, requirement };
}

/** price · assets / 1e18, rounded down [value] */
export function valueDown(assets: bigint, price: bigint): bigint {
  return mulDivDown(assets, price, WAD);
}

/** price · assets / 1e18, rounded up [value] */
export function valueUp(assets: bigint, price: bigint): bigint {
  return mulDivUp(assets, price, WAD);
}

/** the price at which a collateral counts */
export function collateralPrice(line: CollateralLine, priceView: PriceView): bigint {
  if (!line.isFresh) return priceView === "protocol" ? line.price : 0n;
  return priceView === "opening" ? min(line.price, line.slowPrice) : line.price;
}

/** the price at which a debt counts */
export function debtPrice(line: DebtLine, priceView: PriceView): bigint {
  return priceView === "opening" ? max(line.price, line.slowPrice) : line.price;
}

/** E_I ≥ 0 */
export function isCoveredInitially(health: Health): boolean {
  return health.coverInitial >= health.requirement;
}

/**
 * what a tier asks for beyond the initial margin: bps · Q_I, with Q_I = Σ (C − credit_I) + Σ (b − 1)·D, rounded up [value]
 */
export function surchargeUp(health: Health, surchargeBps: bigint): bigint {
  const margin =
    checkedSub(health.collateralValue, health.coverInitial) +
    zeroFloorSub(health.requirement, health.debtValue);
  return mulDivUp(margin, surchargeBps, BPS);
}

/** E_M ≥ 0 */
export function isCovered(health: Health): boolean {
  return health.coverMaintenance >= health.requirement;
}

/** NAV = Σ C − Σ D, may be below 0 [value] */
export function nav(health: Health): bigint {
  return health.collateralValue - health.debtValue;
}

/** Q_M = Σ (C − credit) + Σ (b − 1)·D [value] */
export function cushion(health: Health): bigint {
  return (
    checkedSub(health.collateralValue, health.coverMaintenance) +
    zeroFloorSub(health.requirement, health.debtValue)
  );
}

/** used = 1 − NAV / Q_M, where the quotient is rounded towards 0; may be below 0 [wad] */
export function usedWad(health: Health): bigint {
  const q = cushion(health);
  const value = nav(health);
  if (q === 0n) return value < 0n ? USED_MAX_WAD : 0n;
  return WAD - (value * WAD) / q;
}

/** NAV < (1 − γ) · Q_M, without division */
export function isBeyondCloseOut(health: Health, closeOutBps: bigint): boolean {
  if (isCovered(health)) return false;
  return nav(health) * BPS < cushion(health) * checkedSub(BPS, closeOutBps);
}

/** E_M < 0 and Σ C < (1 + β_min + φ) · Σ D */
export function isInsolvent(health: Health, bonusMinBps: bigint, feeBps: bigint): boolean {
  if (isCovered(health)) return false;
  return health.collateralValue * BPS < health.debtValue * (BPS + bonusMinBps + feeBps);
}

/** A_M / R, rounded down, the maximum when nothing is owed [wad] */
export function coverageDown(health: Health): bigint {
  if (health.requirement === 0n) return UINT256_MAX;
  return mulDivDown(health.coverMaintenance, WAD, health.requirement);
}

/** whether A_M / R of `left` is at least that of `right`, without division */
export function coverageAtLeast(left: Health, right: Health): boolean {
  return productAtLeast(
    left.coverMaintenance,
    right.requirement,
    right.coverMaintenance,
    left.requirement,
  );
}
