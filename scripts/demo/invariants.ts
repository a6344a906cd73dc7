// What must hold at the end of a replay, checked against the chain.
import { WAD } from "../../sdk/mathLib.ts";
import { readAccount } from "../../sdk/reader.ts";
import { rebuildLedger } from "./ledger.ts";
import type { Entry } from "./tally.ts";
import type { World } from "./world.ts";

type Checks = Record<string, boolean>;

/** Sentences with their ids in docs/invariants.md, and whether each holds. */
export async function checkInvariants(world: World, entries: readonly Entry[]): Promise<Checks> {
  const checks: Checks = {};
  await checkCustody(world, checks);
  await checkPools(world, checks);
  await checkLedger(world, checks);
  checkLiquidations(entries, checks);
  return checks;
}

async function checkCustody({ system, residents }: World, checks: Checks): Promise<void> {
  let [isOwed, isHeld] = [true, true];
  for (const { address } of system.assets) {
    let sum = 0n;
    for (const { id } of residents) sum += await system.vault.holdingOf(id, address);
    const { owedAssets, heldAssets } = await system.vault.reservesOf(address);
    isOwed &&= sum === owedAssets;
    isHeld &&= heldAssets >= owedAssets;
  }
  checks["A1 the vault holds what it owes, for every token"] = isHeld;
  checks["A2 the accounts' holdings add up to the recorded total of every token"] = isOwed;
}

async function checkPools({ system, residents }: World, checks: Checks): Promise<void> {
  let [areShares, isCash, isSplit] = [true, true, true];
  for (const { id, pool, asset, address } of system.pools) {
    let sum = 0n;
    for (const resident of residents) sum += (await system.vault.debtOf(resident.id, id)).shares;
    const totals = await pool.totals();
    areShares &&= sum === totals.debtShares;
    isCash &&= (await asset.token.balanceOf(address)) >= totals.cashAssets;
    isSplit &&=
      totals.cashAssets + totals.debtAssets ===
      (await pool.totalAssets()) + totals.feeAssets + totals.setAsideAssets;
  }
  checks["A3 the accounts' debt shares add up to the debt shares of every pool"] = areShares;
  checks["A1 every pool holds the cash in its books"] = isCash;
  checks["A9 cash and debt of every pool belong to lenders and the fee reserve, to the unit"] =
    isSplit;
}

async function checkLedger({ system, residents }: World, checks: Checks): Promise<void> {
  const ledger = await rebuildLedger(system);
  let [isSame, isBacked] = [true, true];
  for (const { id } of residents) {
    const view = await readAccount(system.vault, id);
    for (const { asset, assets } of view.snapshot.collaterals) {
      isSame &&= ledger.holdings.get(id)?.get(asset) === assets;
    }
    for (const { id: pool, shares } of view.snapshot.debts) {
      isSame &&= ledger.debts.get(id)?.get(pool) === shares;
    }
    isSame &&= (ledger.calls.get(id) ?? "healthy") === view.callState;
    isSame &&= ledger.versions.get(id) === view.row.version;
    isBacked &&= view.snapshot.debts.length === 0 || view.snapshot.collaterals.length > 0;
  }
  for (const { id, pool } of system.pools) {
    isSame &&= ledger.cash.get(id) === (await pool.totals()).cashAssets;
  }
  checks["A13 the ledger rebuilt from events alone is the ledger on the chain"] = isSame;
  checks["B8 no account without collateral owes anything"] = isBacked;
}

function checkLiquidations(entries: readonly Entry[], checks: Checks): void {
  const receipts = entries.flatMap(({ happening }) =>
    happening.type === "liquidated" ? [happening] : [],
  );
  checks["B3 nothing was taken from an account that was covered"] = receipts.every(
    ({ coverageBeforeWad }) => coverageBeforeWad < WAD,
  );
  checks["B4 no liquidation lowered the coverage of its account"] = receipts.every(
    ({ coverageBeforeWad, coverageAfterWad }) => coverageAfterWad >= coverageBeforeWad,
  );
}
