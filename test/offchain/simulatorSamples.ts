// Small accounts for the tests of the simulator: a token worth what the test says, a dollar, and a haircut of 20 %.
import { PPM, WAD } from "../../sdk/mathLib.ts";
import type { PriceStep } from "../../sdk/simulator/accounts.ts";
import type { ReferenceTerms } from "../../sdk/simulator/reference.ts";
import type { CollateralLine, DebtLine, RiskParameters, Snapshot } from "../../sdk/snapshot.ts";

export const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 1e9)) * 10n ** 9n;

/** Ids of the assets: 0 and 1 are collateral, 2 and 3 are dollars. */
export function pledged(id: number, tokens: number, price: number): CollateralLine {
  return {
    id: BigInt(id),
    asset: `token ${id}`,
    assets: usd(tokens),
    totalAssets: usd(tokens),
    price: usd(price),
    slowPrice: usd(price),
    isFresh: true,
    haircutInitialPpm: (PPM * 30n) / 100n,
    haircutMaintenancePpm: (PPM * 20n) / 100n,
    depthValue: usd(1e9),
  };
}

export function owed(id: number, dollars: number): DebtLine {
  const unit = 10n ** 6n;
  return {
    id: BigInt(id - 2),
    pool: `pool ${id}`,
    assetId: BigInt(id),
    shares: usd(dollars) / unit,
    index: 10n ** 12n,
    shareUnit: unit,
    assets: usd(dollars),
    price: WAD,
    slowPrice: WAD,
    isFresh: true,
    factorPpm: PPM,
  };
}

/** Ten tokens at 1,000 against one debt: cover 8,000, uncovered above a debt of that. */
export function tenTokens(debtDollars: number): Snapshot {
  return { collaterals: [pledged(0, 10, 1_000)], debts: [owed(2, debtDollars)] };
}

export const PARAMETERS: RiskParameters = {
  closeOutBps: 20_00n,
  targetShareBps: 60_00n,
  targetMinBps: 10n,
  targetMaxBps: 25_00n,
  bonusMinBps: 1_00n,
  bonusPerUsedBps: 8_00n,
  bonusPerHourBps: 0n,
  feeBps: 50n,
  cureMinFor: 600n,
  cureMaxFor: 7_200n,
  roundingValue: 10n,
  minimumTransferValue: 100n,
  dustValue: 100n,
  throttleBps: 50_00n,
};

export const REFERENCE: ReferenceTerms = {
  parameters: PARAMETERS,
  maxBonusBps: new Map([
    [0n, 10_00n],
    [1n, 10_00n],
  ]),
};

/** A row at which gas costs nothing, unless told. */
export function stepAt(at: number, price: number, gasPrice = 0n): PriceStep {
  const prices = [usd(price), usd(price), WAD, WAD];
  return { at: BigInt(at), prices, gasPrice, etherPrice: usd(2_000) };
}

/** |a − b| at most a part in 1e9 of b, or a part in 1e9 of a dollar */
export function isNear(a: bigint, b: bigint): boolean {
  const distance = a > b ? a - b : b - a;
  return distance * 10n ** 9n <= (b < WAD ? WAD : b);
}
