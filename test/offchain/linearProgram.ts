// The least repayment as a linear program, written down from the specification and not from the planner: floating-point
// numbers, another solver, nothing of `sdk/planner.ts`, `sdk/leastRepayment.ts` or `sdk/liquidationMath.ts`.
import type { Highs, Model } from "highs";
import { sum } from "../../sdk/healthMath.ts";
import type { Health } from "../../sdk/snapshot.ts";
import type { Case } from "./accountsToLiquidate.ts";

/** Sums are scaled to this, so that the solver's tolerances mean the same for every account. */
const SCALE = 1_000;
/** What the chain keeps below its caps. */
const CAP_MARGIN = 1e-12;
/** share of the depth at which a size segment begins, and what of a value counts in it */
const SEGMENTS = [
  { start: 0, kept: 1 },
  { start: 0.25, kept: 0.95 },
  { start: 1, kept: 0.8 },
  { start: 2, kept: 0 },
] as const;

/** The best that any choice of legs can do. */
export type Optimum =
  | { readonly type: "reached"; readonly repaid: number }
  /** τ·R − A, at best */
  | { readonly type: "outOfReach"; readonly missing: number };

/** One debt repaid out of one segment of one collateral. */
export interface Column {
  readonly collateral: number;
  readonly segment: number;
  readonly debt: number;
  /** s */
  readonly seized: number;
  /** τ·b − w·s */
  readonly gain: number;
  /** b */
  readonly factor: number;
  /** w·s/b: the coverage below which the pair would lower it */
  readonly threshold: number;
}

/** What the program is made of. */
export interface Program {
  readonly scale: number;
  /** τ·R − A */
  readonly missing: number;
  readonly coverage: number;
  /** R */
  readonly requirement: number;
  readonly debts: readonly number[];
  /** by collateral, then by segment from the lowest */
  readonly segments: readonly (readonly number[])[];
  readonly columns: readonly Column[];
}

/** The program of an account, with bonuses and caps as they are at the start. */
export function programOf({ snapshot, rules, call, cause }: Case): Program {
  const { parameters } = rules;
  const health = sum(snapshot, "protocol");
  const scale = SCALE / Number(health.debtValue);
  const { collateralValue, debtValue, coverMaintenance, requirement } = health;
  const tau = 1 + Number(targetBpsOf(health, parameters, call.episodeTargetBps)) / 10_000;
  const coverage = Number(coverMaintenance) / Number(requirement);
  const equity = Number(collateralValue) / Number(debtValue);
  const hours = cause === "expired" ? Number(call.nowAt - call.deadline) / 3_600 : 0;
  const severity = Math.min(4, usedOf(health)) * bps(parameters.bonusPerUsedBps);
  const bonusMin = bps(parameters.bonusMinBps);
  const bonus = bonusMin + Math.max(0, severity, hours * bps(parameters.bonusPerHourBps));
  const factors = snapshot.debts.map(({ factorPpm }) => Number(factorPpm) / 1e6);
  const weights = snapshot.collaterals.map((line) => 1 - Number(line.haircutMaintenancePpm) / 1e6);
  const segments = snapshot.collaterals.map(({ assets, price, depthValue }) =>
    segmentsOf((Number(assets) * Number(price)) / 1e18, Number(depthValue)).map((v) => v * scale),
  );
  const fee = bps(parameters.feeBps);
  const shape = shapeOf(
    snapshot.collaterals.map(({ assets, price, isFresh }, i) => ({
      value: (Number(assets) * Number(price)) / 1e18,
      weight: weights[i] ?? 0,
      mostBps: rules.collaterals[i]?.maxBonusBps.map(bps) ?? [],
      isTakeable: isFresh && rules.collaterals[i]?.isSeizurePaused === false,
    })),
    factors,
    {
      tau,
      bonus,
      bonusMin,
      fee,
      missing: tau * Number(requirement) - Number(coverMaintenance),
      mostFor: (factor, weight) => Math.min(equity, (factor * coverage) / weight) - CAP_MARGIN,
    },
  );
  const columns: Column[] = [];
  for (const [collateral, terms] of rules.collaterals.entries()) {
    if (terms.isSeizurePaused || !snapshot.collaterals[collateral]?.isFresh) continue;
    for (const [debt, factor] of factors.entries()) {
      const whole = weights[collateral] ?? 0;
      const most = Math.min(shape.bonusMost, bps(terms.maxBonusBps[debt] ?? 0n));
      for (const [segment, { kept }] of SEGMENTS.entries()) {
        const weight = whole * kept;
        const cap = Math.min(equity, (factor * coverage) / weight) - CAP_MARGIN;
        const net = tau * factor - weight * (1 + fee);
        const shaped =
          shape.reward === Infinity ? most : (shape.reward * net) / (1 + shape.reward * weight);
        const wanted = 1 + Math.max(bonusMin, Math.min(most, shaped)) + fee;
        const seized = Math.max(1 + bonusMin, Math.min(wanted, cap));
        const gain = tau * factor - weight * seized;
        const threshold = (weight * seized) / factor;
        columns.push({ collateral, segment, debt, seized, gain, factor, threshold });
      }
    }
  }
  return {
    scale,
    missing: (tau * Number(requirement) - Number(coverMaintenance)) * scale,
    coverage,
    requirement: Number(requirement) * scale,
    debts: snapshot.debts.map(
      (line) => ((Number(line.assets) * Number(line.price)) / 1e18) * scale,
    ),
    segments,
    columns: columns.filter((c) => (segments[c.collateral]?.[c.segment] ?? 0) > 0),
  };
}

interface Holding {
  readonly value: number;
  /** 1 − h */
  readonly weight: number;
  /** β_max against each debt */
  readonly mostBps: readonly number[];
  readonly isTakeable: boolean;
}

interface Terms {
  readonly tau: number;
  readonly bonus: number;
  readonly bonusMin: number;
  readonly fee: number;
  readonly missing: number;
  /** highest s of a pair */
  readonly mostFor: (factor: number, weight: number) => number;
}

/** What a value missing to the target earns, and the highest bonus of any pair. */
function shapeOf(
  holdings: readonly Holding[],
  factors: readonly number[],
  { tau, bonus, bonusMin, fee, missing, mostFor }: Terms,
): { readonly reward: number; readonly bonusMost: number } {
  const unshaped = { reward: Infinity, bonusMost: bonus };
  const takeable = holdings.filter(({ isTakeable }) => isTakeable);
  if (holdings.length * factors.length === 1 || takeable.length === 0) return unshaped;
  const earns = ({ weight }: Holding, factor: number, wanted: number): number => {
    const most = mostFor(factor, weight);
    if (most < 1 + bonusMin) return 0;
    const paid = Math.min(wanted, most - 1);
    return paid / (tau * factor - weight * (1 + paid + Math.min(fee, most - 1 - paid)));
  };
  const factor = Math.max(...factors);
  const takes = 1 + bonusMin + fee;
  const alone = takeable.filter(
    ({ value, weight }) =>
      mostFor(factor, weight) >= 1 + bonusMin &&
      tau * factor > weight * takes &&
      (takes * missing) / (tau * factor - weight * takes) <= value,
  );
  const order = alone.toSorted((a, b) => a.weight - b.weight);
  const widest = order[0] ?? takeable.toSorted((a, b) => b.value - a.value)[0];
  const narrowest = order.at(-1);
  if (widest === undefined) return unshaped;
  const most = widest.mostBps[factors.indexOf(factor)] ?? 0;
  const reward = earns(widest, factor, Math.max(bonusMin, Math.min(bonus, most)));
  const floors = narrowest === undefined ? [] : factors.map((b) => earns(narrowest, b, bonusMin));
  const floor = Math.max(0, ...floors);
  return floor > reward ? { reward: floor, bonusMost: Infinity } : { reward, bonusMost: bonus };
}

function bps(value: bigint): number {
  return Number(value) / 10_000;
}

/** 1 + ρ·Q/A within its bounds, in whole basis points, at most the episode's */
function targetBpsOf(
  health: Health,
  bounds: Case["rules"]["parameters"],
  episodeTargetBps: bigint,
): bigint {
  const cushion =
    health.collateralValue - health.coverMaintenance + health.requirement - health.debtValue;
  const present = (cushion * bounds.targetShareBps) / health.coverMaintenance;
  const above = present > bounds.targetMinBps ? present : bounds.targetMinBps;
  const within = above < bounds.targetMaxBps ? above : bounds.targetMaxBps;
  return episodeTargetBps !== 0n && episodeTargetBps < within ? episodeTargetBps : within;
}

/** 1 − NAV/Q */
function usedOf(health: Health): number {
  const cushion =
    health.collateralValue - health.coverMaintenance + health.requirement - health.debtValue;
  return 1 - Number(health.collateralValue - health.debtValue) / Number(cushion);
}

function segmentsOf(value: number, depth: number): readonly number[] {
  return SEGMENTS.map(({ start }, place) => {
    const end = (SEGMENTS[place + 1]?.start ?? Number.POSITIVE_INFINITY) * depth;
    return Math.max(0, Math.min(value, end) - start * depth);
  });
}

const NO_COLUMN: Column = {
  collateral: -1,
  segment: 0,
  debt: -1,
  seized: 1,
  gain: 0,
  factor: 0,
  threshold: 0,
};

/** Presolve, and the solver's number for the dual or the primal simplex method. */
const WAYS = [
  ["off", 1],
  ["on", 1],
  ["off", 4],
  ["on", 4],
] as const;

/** Solves programs one after the other. */
export class Oracle {
  readonly #highs: Highs;
  readonly #model: Model;

  constructor(highs: Highs) {
    this.#highs = highs;
    this.#model = highs.createModel();
    this.#model.options.set({
      output_flag: false,
      primal_feasibility_tolerance: 1e-10,
      dual_feasibility_tolerance: 1e-10,
      mip_feasibility_tolerance: 1e-10,
      mip_rel_gap: 0,
      mip_abs_gap: 0,
    });
  }

  dispose(): void {
    this.#model.dispose();
  }

  /** The least repayment that reaches the target, or how near one can come; scaled. */
  solve(program: Program): Optimum {
    const base = matrixOf(program);
    const reaches = { ...gained(program), least: program.missing };
    const repaid = this.#minimum(
      [...base, reaches],
      program.columns.map(() => 1),
    );
    if (repaid !== undefined) return { type: "reached", repaid };
    const gain = this.#minimum(
      base,
      program.columns.map((column) => -column.gain),
    );
    if (gain === undefined) throw new Error("a program without a target has no solution");
    return { type: "outOfReach", missing: program.missing + gain };
  }

  /**
   * The least repayment if a pair may be used only once coverage has risen to its threshold by what can be done before it:
   * all that needs less, except what lies in a segment below it, or below another that has to wait. A program with a yes or
   * no for each pair that would lower coverage at the start. Undefined when the target is out of reach
   */
  solveInSequence(program: Program): number | undefined {
    const { columns, coverage, requirement } = program;
    const all = [...columns.keys()];
    const late = all.filter((place) => thresholdAt(columns, place) > coverage);
    const isUsed = (place: number): number => columns.length + late.indexOf(place);
    const rows = [...matrixOf(program), { ...gained(program), least: program.missing }];
    let count = columns.length + late.length;
    for (const place of late) {
      const threshold = thresholdAt(columns, place);
      rows.push({
        entries: [
          [place, 1],
          [isUsed(place), -roomAt(program, place)],
        ],
        most: 0,
      });
      const entries: [number, number][] = [[isUsed(place), -(threshold - coverage) * requirement]];
      for (const other of all.filter((one) => thresholdAt(columns, one) < threshold)) {
        const above = late.filter(
          (one) => thresholdAt(columns, one) >= threshold && isAbove(columns, one, other),
        );
        if (above.includes(place)) continue;
        const { factor, threshold: lower } = columns[other] ?? NO_COLUMN;
        const counted = above.length === 0 ? other : count++;
        entries.push([counted, factor * (threshold - lower)]);
        if (counted === other) continue;
        const room = roomAt(program, other);
        rows.push({
          entries: [
            [counted, 1],
            [other, -1],
          ],
          most: 0,
        });
        for (const one of above)
          rows.push({
            entries: [
              [counted, 1],
              [isUsed(one), room],
            ],
            most: room,
          });
      }
      rows.push({ entries, least: 0 });
    }
    const costs = Array.from({ length: count }, (_, place) => (place < columns.length ? 1 : 0));
    return this.#minimum(rows, costs, { from: columns.length, to: columns.length + late.length });
  }

  /** Σ cost · column over what the rows allow; undefined when they allow nothing */
  #minimum(
    rows: readonly Row[],
    costs: readonly number[],
    switches = { from: 0, to: 0 },
  ): number | undefined {
    const { infinity, constants } = this.#highs;
    const isSwitch = (place: number): boolean => place >= switches.from && place < switches.to;
    const each = <T>(make: (place: number) => T): T[] => costs.map((_, place) => make(place));
    const starts = [0];
    for (const { entries } of rows) starts.push((starts.at(-1) ?? 0) + entries.length);
    this.#model.passModel({
      numCols: costs.length,
      numRows: rows.length,
      colCost: costs,
      colLower: each(() => 0),
      colUpper: each((place) => (isSwitch(place) ? 1 : infinity)),
      rowLower: rows.map(({ least }) => least ?? -infinity),
      rowUpper: rows.map(({ most }) => most ?? infinity),
      matrix: {
        format: "csr",
        numRows: rows.length,
        numCols: costs.length,
        starts,
        indices: rows.flatMap(({ entries }) => entries.map(([place]) => place)),
        values: rows.flatMap(({ entries }) => entries.map(([, coefficient]) => coefficient)),
      },
      ...(switches.to > switches.from && {
        integrality: each((place) =>
          isSwitch(place) ? constants.variableType.integer : constants.variableType.continuous,
        ),
      }),
    });
    return this.#run();
  }

  /** Now and then one way of solving stops short of these tolerances; another does not. */
  #run(): number | undefined {
    const { modelStatus } = this.#highs.constants;
    for (const [presolve, simplex_strategy] of WAYS) {
      this.#model.options.set({ presolve, simplex_strategy });
      this.#model.clearSolver();
      this.#model.run();
      const status = this.#model.getModelStatus();
      if (status === modelStatus.optimal) return this.#model.getObjectiveValue();
      if (status === modelStatus.infeasible) return undefined;
    }
    throw new Error(`no way of solving ends: ${this.#model.getModelStatus()}`);
  }
}

/** least ≤ Σ coefficient · column ≤ most */
interface Row {
  readonly entries: readonly (readonly [column: number, coefficient: number])[];
  readonly least?: number;
  readonly most?: number;
}

/** no debt is repaid more than whole, no segment taken more than whole */
function matrixOf({ columns, debts, segments }: Program): readonly Row[] {
  const rowOf = (belongs: (column: Column) => boolean, most: number, isSeized: boolean): Row => ({
    entries: [...columns.entries()]
      .filter(([, column]) => belongs(column))
      .map(([place, { seized }]) => [place, isSeized ? seized : 1]),
    most,
  });
  return [
    ...debts.map((owed, place) => rowOf(({ debt }) => debt === place, owed, false)),
    ...segments.flatMap((values, place) =>
      values.map((value, number) =>
        rowOf((c) => c.collateral === place && c.segment === number, value, true),
      ),
    ),
  ];
}

/** Σ gain · column */
function gained({ columns }: Program): Row {
  return { entries: columns.map(({ gain }, place) => [place, gain]) };
}

/** the most that a column can repay */
function roomAt({ columns, debts, segments }: Program, place: number): number {
  const { debt, collateral, segment, seized } = columns[place] ?? NO_COLUMN;
  return Math.min(debts[debt] ?? 0, (segments[collateral]?.[segment] ?? 0) / seized);
}

function thresholdAt(columns: readonly Column[], place: number): number {
  return columns[place]?.threshold ?? 0;
}

/** whether one column takes from a higher segment of the same collateral than another */
function isAbove(columns: readonly Column[], one: number, other: number): boolean {
  const [high, low] = [columns[one] ?? NO_COLUMN, columns[other] ?? NO_COLUMN];
  return high.collateral === low.collateral && high.segment > low.segment;
}
