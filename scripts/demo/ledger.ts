// The ledger of the vault and of its pools, rebuilt from their events and nothing else.
import type {
  ILiquidation,
  IWriteOff,
} from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { LocalSystem } from "../localSystem.ts";
import { readVaultLogs } from "./vaultLogs.ts";

/** What events say is in the books. */
interface RebuiltLedger {
  /** account → asset → amount [assets] */
  readonly holdings: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  /** account → pool id → debt [debt shares] */
  readonly debts: ReadonlyMap<string, ReadonlyMap<bigint, bigint>>;
  /** account → stored state of its call */
  readonly calls: ReadonlyMap<string, "healthy" | "called" | "paused">;
  /** account → version of its last event */
  readonly versions: ReadonlyMap<string, bigint>;
  /** pool id → idle cash [assets] */
  readonly cash: ReadonlyMap<bigint, bigint>;
  /** pool id → lender → shares */
  readonly lenders: ReadonlyMap<bigint, ReadonlyMap<string, bigint>>;
}

type Nested<Outer, Inner, Value> = Map<Outer, Map<Inner, Value>>;

interface Draft {
  readonly holdings: Nested<string, string, bigint>;
  readonly debts: Nested<string, bigint, bigint>;
  readonly calls: Map<string, "healthy" | "called" | "paused">;
  readonly versions: Map<string, bigint>;
  readonly cash: Map<bigint, bigint>;
  readonly lenders: Nested<bigint, string, bigint>;
  /** asset of each sleeve */
  readonly sleeves: Map<string, string>;
}

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

/** Reads all events since the first block and adds them up. */
export async function rebuildLedger(system: LocalSystem): Promise<RebuiltLedger> {
  const draft: Draft = {
    holdings: new Map(),
    debts: new Map(),
    calls: new Map(),
    versions: new Map(),
    cash: new Map(),
    lenders: new Map(),
    sleeves: new Map(),
  };
  for (const { name, args } of await readVaultLogs(system, 0)) applyVault(draft, name, args);
  for (const { id, pool } of system.pools) {
    for (const { args } of await pool.queryFilter(pool.filters.Transfer(), 0)) {
      if (args.from !== ZERO_ADDRESS) add(draft.lenders, id, args.from, -args.value);
      if (args.to !== ZERO_ADDRESS) add(draft.lenders, id, args.to, args.value);
    }
    for (const { args } of await pool.queryFilter(pool.filters.Deposit(), 0))
      addCash(draft, id, args.assets);
    for (const { args } of await pool.queryFilter(pool.filters.Withdraw(), 0))
      addCash(draft, id, -args.assets);
    for (const { args } of await pool.queryFilter(pool.filters.FeesCollected(), 0)) {
      addCash(draft, id, -args.assets);
    }
    for (const { args } of await pool.queryFilter(pool.filters.FundPaid(), 0))
      addCash(draft, id, -args.assets);
    for (const { args } of await pool.queryFilter(pool.filters.LossAbsorbed(), 0))
      addCash(draft, id, args.fromFundAssets);
    for (const { args } of await pool.queryFilter(pool.filters.FlashLent(), 0))
      addCash(draft, id, args.feeAssets);
  }
  return draft;
}

type Args = ReturnType<LocalSystem["vault"]["interface"]["decodeEventLog"]>;

function applyVault(draft: Draft, name: string, args: Args): void {
  const account: string = args.account;
  if (args.version !== undefined) draft.versions.set(account, args.version);
  switch (name) {
    case "CollateralDeposited":
    case "CollateralWithdrawn":
      put(draft.holdings, account, args.asset, args.holdingAssets);
      break;
    case "SleeveSet":
      draft.sleeves.set(args.sleeve, args.asset);
      break;
    case "CollateralReused":
    case "CollateralRecalled":
      put(draft.holdings, account, args.sleeve, args.sleeveShares);
      put(draft.holdings, account, draft.sleeves.get(args.sleeve) ?? "", args.plainAssets);
      break;
    case "Borrowed":
      addCash(draft, args.pool, -BigInt(args.assets));
      put(draft.debts, account, args.pool, args.debtShares);
      break;
    case "Repaid":
      addCash(draft, args.pool, args.assets);
      put(draft.debts, account, args.pool, args.debtShares);
      break;
    case "MarginCallIssued":
    case "MarginCallResumed":
      draft.calls.set(account, "called");
      break;
    case "MarginCallPaused":
      draft.calls.set(account, "paused");
      break;
    case "MarginCallCured":
      draft.calls.set(account, "healthy");
      break;
    case "Liquidated":
      applyLegs(draft, account, args.legs);
      break;
    case "WrittenOff":
      applyWriteOff(draft, account, args.taken, args.settled);
      break;
  }
}

function applyLegs(
  draft: Draft,
  account: string,
  legs: readonly ILiquidation.LegReceiptStructOutput[],
): void {
  for (const leg of legs) {
    addCash(draft, leg.pool, leg.repaidAssets + leg.feeAssets);
    put(draft.holdings, account, leg.asset, leg.holdingAssets);
    put(draft.debts, account, leg.pool, leg.debtShares);
  }
}

function applyWriteOff(
  draft: Draft,
  account: string,
  taken: readonly IWriteOff.TakenStructOutput[],
  settled: readonly IWriteOff.SettledStructOutput[],
): void {
  for (const row of taken) put(draft.holdings, account, row.asset, row.holdingAssets);
  for (const row of settled) {
    addCash(draft, row.pool, row.repaidAssets);
    put(draft.debts, account, row.pool, row.debtShares);
  }
}

function put<Outer, Inner>(
  map: Nested<Outer, Inner, bigint>,
  outer: Outer,
  inner: Inner,
  value: bigint,
): void {
  const row = map.get(outer) ?? new Map<Inner, bigint>();
  row.set(inner, value);
  map.set(outer, row);
}

function add<Outer, Inner>(
  map: Nested<Outer, Inner, bigint>,
  outer: Outer,
  inner: Inner,
  value: bigint,
): void {
  put(map, outer, inner, (map.get(outer)?.get(inner) ?? 0n) + value);
}

function addCash(draft: Draft, pool: bigint, assets: bigint): void {
  draft.cash.set(pool, (draft.cash.get(pool) ?? 0n) + assets);
}
