import type { Figures } from "./figures.ts";
import type { GridCell } from "./grid.ts";
import { type Gas, OPERATION_IDS, OPERATIONS, nameOf, type OperationId } from "./operations.ts";

/** Names of the peers that are measured here, as columns call them. */
export const MEASURED = { morpho: "Morpho Blue", aave: "Aave v3" } as const;

/** What was measured in one run. */
export interface Measured {
  readonly surety: Gas;
  readonly morpho: Gas;
  readonly aave?: Gas; // if it was asked for
}

export interface Peer {
  readonly name: string;
  readonly gas: number;
  readonly from: "measured" | "published";
}

/** An operation beside its peers [gas] */
export interface Row {
  readonly id: OperationId;
  readonly operation: string;
  readonly surety: number;
  readonly figure: number; // Surety's target: at most this
  readonly floor: number;
  readonly morpho?: number;
  readonly aave?: number;
  readonly published: Readonly<Record<string, number>>;
  readonly best: Peer;
}

/** A protocol did not do an operation that every one has. */
export class OperationMissing extends Error {
  override readonly name = "OperationMissing";

  constructor(id: string, what: string) {
    super(`operation ${id} has no ${what}`);
  }
}

/** Rows in the order of an account's life. @throws OperationMissing */
export function toRows(measured: Measured, figures: Figures): readonly Row[] {
  return OPERATION_IDS.map((id) => {
    const { surety: figure, floor, published } = figures.rows[id];
    const surety = measured.surety[id];
    if (surety === undefined) throw new OperationMissing(id, "gas of Surety");
    const [morpho, aave] = [measured.morpho[id], measured.aave?.[id]];
    return {
      id,
      operation: OPERATIONS[id],
      surety,
      figure,
      floor,
      ...(morpho === undefined ? {} : { morpho }),
      ...(aave === undefined ? {} : { aave }),
      published,
      best: bestOf(id, { morpho, aave }, published),
    };
  });
}

/** The cheapest peer; what was measured here stands for what was published of the same. */
function bestOf(
  id: OperationId,
  measured: Readonly<Record<keyof typeof MEASURED, number | undefined>>,
  published: Row["published"],
): Peer {
  const here = Object.entries(MEASURED).map(([key, name]) => ({
    name,
    gas: measured[key as keyof typeof MEASURED],
    from: "measured" as const,
  }));
  const there = Object.entries(published)
    .filter(([name]) => here.every((peer) => peer.name !== name || peer.gas === undefined))
    .map(([name, gas]) => ({ name, gas, from: "published" as const }));
  const peers = [...here, ...there].flatMap(({ gas, ...peer }): readonly Peer[] =>
    gas === undefined ? [] : [{ ...peer, gas }],
  );
  const [first, ...others] = peers;
  if (first === undefined) throw new OperationMissing(id, "peer");
  return others.reduce((best, peer) => (peer.gas < best.gas ? peer : best), first);
}

/** The run for machines. */
export function toJson(rows: readonly Row[], cells: readonly GridCell[], figures: Figures): object {
  return {
    unit: "gas, gasUsed of receipts",
    source: figures.source,
    rows: rows.map(({ id, surety, figure, best, floor, morpho, aave, published }) => ({
      id,
      operation: nameOf(id),
      surety,
      figure,
      bestPeer: best.gas,
      bestPeerName: best.name,
      bestPeerFrom: best.from,
      floor,
      ratioToBestPeer: ratio(surety, best.gas),
      ratioToFloor: ratio(surety, floor),
      measured: { surety, ...(morpho ? { morpho } : {}), ...(aave ? { aave } : {}) },
      published,
    })),
    bySize: cells,
  };
}

/** To three decimals. */
export function ratio(part: number, whole: number): number {
  return Math.round((part / whole) * 1000) / 1000;
}
