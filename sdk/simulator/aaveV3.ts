// The liquidation rule of Aave v3.3.
import { coverageDown, isCovered, sum, valueDown, valueUp } from "../healthMath.ts";
import { BPS, min, mulDivDown, mulDivUp, total, WAD, zeroFloorSub } from "../mathLib.ts";
import type { CollateralLine, DebtLine, Snapshot } from "../snapshot.ts";
import type { ForcedEvent, Look, Policy, View } from "./accounts.ts";
import { keeperCostUp } from "./keeperCost.ts";
import { leastRepayment, type ReferenceTerms } from "./reference.ts";

/** What Aave's governance set for one collateral. */
export interface AaveV3Collateral {
  /** collateral taken for a debt of 1_00_00, above 1_00_00 [bps] */
  readonly liquidationBonusBps: bigint;
  /** share of the bonus that goes to the treasury [bps] */
  readonly protocolFeeBps: bigint;
}

/** What the rule needs to know. */
export interface AaveV3Terms {
  /** by asset id */
  readonly collaterals: ReadonlyMap<bigint, AaveV3Collateral>;
  /** measures over-liquidation, decides nothing */
  readonly reference: ReferenceTerms;
}

/** Most of the whole position's debt that one liquidation repays while the health factor is above the threshold [bps]. */
export const CLOSE_FACTOR_BPS = 50_00n;
/** At or below this health factor all of a debt may be repaid [wad]. */
export const CLOSE_FACTOR_HF_THRESHOLD_WAD = (95n * WAD) / 100n;
/** A debt or collateral below this may be liquidated whole at any health factor below 1 [USD wad]. */
export const WHOLE_BELOW_VALUE = 2_000n * WAD;
/** What a liquidation leaves of debt and collateral, if it leaves both [USD wad]. */
export const LEAST_LEFT_VALUE = 1_000n * WAD;

/** More liquidations of one account at one price would mean a fault here: each clears a debt or a collateral, or halves. */
const MAX_LIQUIDATIONS = 32;

/**
 * Aave v3.3, as `LiquidationLogic.sol` and `docs/3.3/Aave-v3.3-features.md` of aave-dao/aave-v3-origin have it:
 *
 * - an account is liquidatable while its health factor is below 1; its liquidation thresholds are 1 − maintenance haircut here,
 *   so that it is uncovered at the same price as under the other policies;
 * - one liquidation takes one collateral for one debt. It repays at most half of the *whole position's* debt, but all of
 *   that debt when the health factor is 0.95 or less, or when that debt or that collateral is worth less than 2,000 USD. (Before
 *   v3.3 the half was that of each debt; which of two debts is halved then differs, the total hardly.)
 * - collateral is taken at its price plus its liquidation bonus; a share of the bonus goes to the treasury, the rest to the
 *   liquidator. Where the collateral is short, all of it is taken and the repayment is what it pays for;
 * - a liquidation leaves no debt or collateral below 1,000 USD unless it clears one of the two;
 * - an account that keeps debt and no collateral is bad debt, at once.
 *
 * Liquidators repay the most that the rule allows, on the pair that gains them most, as long as the bonus covers
 * `keeperCostUp`, and again while the account stays liquidatable. E-mode, isolation mode and interest are left out.
 */
export function aaveV3(terms: AaveV3Terms): Policy<undefined> {
  return { name: "aave-v3", fresh: undefined, look: (view) => look(view, terms) };
}

function look({ snapshot: before, step }: View<undefined>, terms: AaveV3Terms): Look<undefined> {
  let snapshot = before;
  const calls: LiquidationCall[] = [];
  while (calls.length < MAX_LIQUIDATIONS) {
    const call = bestCall(snapshot, terms.collaterals);
    if (call === undefined || call.gainValue < keeperCostUp(call.soldValue, 1, step)) break;
    calls.push(call);
    snapshot = call.snapshot;
  }
  const result = { standing: undefined, lookAgainAt: undefined, isWatched: false };
  if (calls.length === 0) return { ...result, snapshot, events: [] };
  const repaidValue = total(calls.map((call) => call.repaidValue));
  const takenValue = total(calls.map((call) => call.takenValue));
  const forced: ForcedEvent = {
    type: "forced",
    repaidValue,
    leastValue: leastRepayment(before, terms.reference) ?? repaidValue,
    takenValue,
    returnedValue: 0n,
    lossValue: takenValue - repaidValue,
    badDebtValue: total(calls.map((call) => call.badDebtValue)),
  };
  return { ...result, snapshot, events: [forced] };
}

/** One liquidation and what it leaves. */
export interface LiquidationCall {
  readonly snapshot: Snapshot;
  readonly repaidValue: bigint;
  /** bonus and the treasury's share of it included */
  readonly takenValue: bigint;
  /** what the liquidator receives */
  readonly soldValue: bigint;
  /** received − repaid */
  readonly gainValue: bigint;
  /** debt of an account that has no collateral left */
  readonly badDebtValue: bigint;
}

/** The liquidation that gains its liquidator most; undefined while the account is covered or the rule allows none. */
export function bestCall(
  snapshot: Snapshot,
  terms: AaveV3Terms["collaterals"],
): LiquidationCall | undefined {
  const health = sum(snapshot, "protocol");
  if (isCovered(health)) return undefined;
  const isWholeAllowed = coverageDown(health) <= CLOSE_FACTOR_HF_THRESHOLD_WAD;
  let best: LiquidationCall | undefined;
  for (const collateral of snapshot.collaterals) {
    const collateralTerms = terms.get(collateral.id);
    if (collateralTerms === undefined) continue;
    for (const debt of snapshot.debts) {
      const most = isWholeAllowed ? debt.assets : closable(collateral, debt, health.debtValue);
      const call = take(snapshot, collateral, debt, most, collateralTerms);
      if (call !== undefined && (best === undefined || call.gainValue > best.gainValue))
        best = call;
    }
  }
  return best;
}

/** most that may be repaid of a debt while the health factor is above the threshold [assets] */
function closable(collateral: CollateralLine, debt: DebtLine, debtValue: bigint): bigint {
  const isSmall =
    valueDown(collateral.assets, collateral.price) < WHOLE_BELOW_VALUE ||
    valueDown(debt.assets, debt.price) < WHOLE_BELOW_VALUE;
  if (isSmall) return debt.assets;
  const closeValue = mulDivDown(debtValue, CLOSE_FACTOR_BPS, BPS);
  return min(debt.assets, mulDivDown(closeValue, WAD, debt.price));
}

/** repays up to `mostAssets` of one debt out of one collateral, less where dust would be left */
function take(
  snapshot: Snapshot,
  collateral: CollateralLine,
  debt: DebtLine,
  mostAssets: bigint,
  terms: AaveV3Collateral,
): LiquidationCall | undefined {
  const { liquidationBonusBps: bonusBps } = terms;
  let repaid = mostAssets;
  let taken = takenFor(repaid, collateral, debt, bonusBps);
  if (taken > collateral.assets) {
    taken = collateral.assets;
    const paidValue = mulDivDown(valueDown(taken, collateral.price), BPS, bonusBps);
    repaid = min(mulDivUp(paidValue, WAD, debt.price), debt.assets);
  } else if (repaid < debt.assets && taken < collateral.assets) {
    repaid = min(repaid, withoutDust(collateral, debt, bonusBps));
    taken = takenFor(repaid, collateral, debt, bonusBps);
  }
  if (repaid === 0n || taken === 0n) return undefined;
  const fee = mulDivDown(taken - mulDivUp(taken, BPS, bonusBps), terms.protocolFeeBps, BPS);
  const soldValue = valueDown(taken - fee, collateral.price);
  const repaidValue = valueUp(repaid, debt.price);
  return {
    ...left(snapshot, { collateral, taken, debt, repaid }),
    repaidValue,
    takenValue: valueDown(taken, collateral.price),
    soldValue,
    gainValue: soldValue - repaidValue,
  };
}

/** collateral worth a repayment, with the bonus [assets] */
function takenFor(repaid: bigint, collateral: CollateralLine, debt: DebtLine, bonusBps: bigint) {
  return mulDivDown(mulDivDown(repaid, debt.price, collateral.price), bonusBps, BPS);
}

/** most that a partial liquidation may repay so that 1,000 USD of both sides stay [assets] */
function withoutDust(collateral: CollateralLine, debt: DebtLine, bonusBps: bigint): bigint {
  const debtRoom = zeroFloorSub(debt.assets, mulDivUp(LEAST_LEFT_VALUE, WAD, debt.price));
  const value = valueDown(collateral.assets, collateral.price);
  const paidValue = mulDivDown(zeroFloorSub(value, LEAST_LEFT_VALUE), BPS, bonusBps);
  return min(debtRoom, mulDivDown(paidValue, WAD, debt.price));
}

interface Moved {
  readonly collateral: CollateralLine;
  readonly taken: bigint;
  readonly debt: DebtLine;
  readonly repaid: bigint;
}

/** the account afterwards; debt without collateral is burnt as bad debt */
function left(
  { collaterals, debts }: Snapshot,
  { collateral, taken, debt, repaid }: Moved,
): Pick<LiquidationCall, "snapshot" | "badDebtValue"> {
  const holds = collaterals
    .map((line) => (line === collateral ? { ...line, assets: line.assets - taken } : line))
    .filter(({ assets }) => assets !== 0n);
  const owes = debts
    .map((line) => (line === debt ? { ...line, assets: line.assets - repaid } : line))
    .filter(({ assets }) => assets !== 0n);
  if (holds.length > 0) return { snapshot: { collaterals: holds, debts: owes }, badDebtValue: 0n };
  const badDebtValue = total(owes.map((line) => valueUp(line.assets, line.price)));
  return { snapshot: { collaterals: [], debts: [] }, badDebtValue };
}
