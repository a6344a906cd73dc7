// Haircuts during a replay: what they are in force, and what they were at the start, at the worst and at the end.
import { max, mulDivDown, total, WAD } from "../../sdk/mathLib.ts";
import { readPair } from "../../sdk/market.ts";
import type { World } from "./world.ts";

/** Haircuts of one collateral, the largest over the pools [ppm] */
export interface HaircutPoint {
  readonly initialPpm: bigint;
  readonly maintenancePpm: bigint;
}

/** Where they come from. */
export const HAIRCUT_MODES = ["static", "measured"] as const;

export type HaircutMode = (typeof HAIRCUT_MODES)[number];

/** Over the rows of a replay. */
interface HaircutRange {
  readonly start: HaircutPoint;
  /** largest of each */
  readonly worst: HaircutPoint;
  readonly end: HaircutPoint;
  readonly average: HaircutPoint;
}

/** What haircuts did, and what they allowed. */
export interface DemoHaircuts {
  readonly mode: HaircutMode;
  readonly collaterals: ReadonlyMap<string, HaircutRange>;
  /** Σ A_I / Σ C of all accounts when they were opened [wad] */
  readonly creditWad: bigint;
  readonly debtStartValue: bigint; // [USD wad]
  readonly refreshes: number; // transactions of the keeper
  readonly refreshGas: bigint;
}

/** Haircuts of every collateral in force now, by symbol. */
export async function readPoints({ system }: World): Promise<ReadonlyMap<string, HaircutPoint>> {
  const points = new Map<string, HaircutPoint>();
  for (const { asset, pools } of system.params.pairs) {
    const { address } = system.asset(asset);
    for (const cash of pools) {
      const { initialPpm, maintenancePpm } = await readPair(
        system.vault,
        address,
        system.pool(cash).id,
      );
      const known = points.get(asset) ?? { initialPpm: 0n, maintenancePpm: 0n };
      points.set(asset, largest(known, { initialPpm, maintenancePpm }));
    }
  }
  return points;
}

/** Ranges over the points of all rows. */
export function rangesOf(
  rows: readonly ReadonlyMap<string, HaircutPoint>[],
): ReadonlyMap<string, HaircutRange> {
  const ranges = new Map<string, HaircutRange>();
  for (const symbol of rows[0]?.keys() ?? []) {
    const points = rows.map((row) => row.get(symbol)).filter((point) => point !== undefined);
    const [start, end] = [points[0], points.at(-1)];
    if (start === undefined || end === undefined) continue;
    const count = BigInt(points.length);
    const average = {
      initialPpm: total(points.map(({ initialPpm }) => initialPpm)) / count,
      maintenancePpm: total(points.map(({ maintenancePpm }) => maintenancePpm)) / count,
    };
    ranges.set(symbol, { start, worst: points.reduce(largest), end, average });
  }
  return ranges;
}

/** What all accounts may owe for a dollar of collateral, and what they do owe. */
export async function readCredit({
  system,
  residents,
}: World): Promise<Pick<DemoHaircuts, "creditWad" | "debtStartValue">> {
  let [credit, collateral, debtStartValue] = [0n, 0n, 0n];
  for (let from = 0; from < residents.length; from += 100) {
    const ids = residents.slice(from, from + 100).map(({ id }) => id);
    for (const row of await system.vault.healthOf(ids)) {
      credit += row.coverInitial;
      collateral += row.collateralValue;
      debtStartValue += row.debtValue;
    }
  }
  const creditWad = collateral === 0n ? 0n : mulDivDown(credit, WAD, collateral);
  return { creditWad, debtStartValue };
}

/** Transactions that read measures on since a block, and their gas. */
export async function countRefreshes(
  { system }: World,
  fromBlock: number,
): Promise<Pick<DemoHaircuts, "refreshes" | "refreshGas">> {
  const { vault, provider } = system;
  const logs = [
    ...(await vault.queryFilter(vault.filters.AssetMeasured(), fromBlock)),
    ...(await vault.queryFilter(vault.filters.HaircutMeasured(), fromBlock)),
  ];
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
  let refreshGas = 0n;
  for (const hash of hashes) {
    refreshGas += (await provider.getTransactionReceipt(hash))?.gasUsed ?? 0n;
  }
  return { refreshes: hashes.length, refreshGas };
}

function largest(a: HaircutPoint, b: HaircutPoint): HaircutPoint {
  return {
    initialPpm: max(a.initialPpm, b.initialPpm),
    maintenancePpm: max(a.maintenancePpm, b.maintenancePpm),
  };
}
