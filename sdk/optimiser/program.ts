// The cheapest collateral as a mixed-integer linear program. The credit of a collateral, less what a tier asks for it, is
// concave in its amount: chords between breakpoints never promise too much, and each round adds breakpoints where the last
// solution stood. Numbers are floating point; what comes out is rounded and judged exactly by the caller.
import type { Highs, Model } from "highs";
import { collateralPrice, sum } from "../healthMath.ts";
import {
  type Candidate,
  isWeaker,
  MAX_COLLATERALS,
  mayLeave,
  mostAssets,
  type OptimiserProblem,
  YEAR_FOR,
} from "./problem.ts";

/** Values are scaled so that the requirement is this, and tolerances mean the same for every account. */
const SCALE = 1_000;
/** What moving costs at least: of two choices that cost the same the one with fewer moves. */
const INDIFFERENT = 1e-6;
const ROUNDS = 4;
const PARTS = 8;
/** Share of the depth at which a bracket begins, and what of a value counts in it. */
const BRACKETS = [
  { start: 0, kept: 1 },
  { start: 0.25, kept: 0.95 },
  { start: 1, kept: 0.8 },
  { start: 2, kept: 0 },
] as const;

/** The solver stopped without an answer. */
export class SolverFailed extends Error {
  override readonly name = "SolverFailed";
  readonly status: number;

  constructor(status: number) {
    super(`The solver stopped with status ${status}; optimal or infeasible is allowed.`);
    this.status = status;
  }
}

/** What is asked of the program: the least cost that keeps the buffer, or the most cover at any cost. */
export type Aim = "cost" | "cover";

/** A candidate as the program sees it; values at spot, scaled. */
interface Item {
  readonly place: number;
  readonly candidate: Candidate;
  readonly nowValue: number;
  readonly mostValue: number;
  /** what it adds to the left side of the requirement when so much of it is pledged */
  readonly gain: (value: number) => number;
  /** of a year, per value */
  readonly yearlyCost: number;
  readonly isCurved: boolean;
  points: readonly number[];
}

interface Row {
  readonly entries: readonly (readonly [column: number, coefficient: number])[];
  readonly least?: number;
  readonly most?: number;
}

interface Columns {
  readonly costs: number[];
  readonly most: number[];
  readonly isSwitch: boolean[];
}

/** The columns of one item: a run of segments, what comes in, what goes out, and a yes or no for each and for any. */
interface Place {
  readonly item: Item;
  readonly segments: readonly number[];
  readonly slopes: readonly number[];
  readonly enters: number;
  readonly leaves: number;
  readonly hasEntered: number;
  readonly hasLeft: number;
  readonly isHeld: number;
}

/**
 * How much of each candidate is pledged in the best choice, about; undefined when no choice keeps the buffer.
 * @throws SolverFailed
 */
export function solve(
  highs: Highs,
  problem: OptimiserProblem,
  aim: Aim,
): readonly bigint[] | undefined {
  const model = highs.createModel();
  try {
    model.options.set({
      output_flag: false,
      primal_feasibility_tolerance: 1e-9,
      dual_feasibility_tolerance: 1e-9,
      mip_feasibility_tolerance: 1e-9,
      mip_rel_gap: 1e-7,
      mip_abs_gap: 1e-9,
    });
    const scale = scaleOf(problem);
    const items = itemsOf(problem, scale);
    let values: readonly number[] | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const found = solveOnce(highs, model, problem, { items, scale, aim });
      if (found === undefined) break;
      values = found;
      // without brackets the chords are exact
      if (!items.some(({ isCurved }) => isCurved)) break;
      for (const [place, item] of items.entries()) refine(item, found[place] ?? 0);
    }
    return values === undefined ? undefined : assetsOf(problem, items, values, scale);
  } finally {
    model.dispose();
  }
}

function scaleOf({ candidates, debts }: OptimiserProblem): number {
  const { requirement } = sum({ collaterals: [], debts }, "opening");
  if (requirement > 0n) return SCALE / wad(requirement);
  const most = candidates.map((one) => toValue(mostAssets(one), one.line.price));
  return SCALE / Math.max(1, ...most);
}

function itemsOf(problem: OptimiserProblem, scale: number): readonly Item[] {
  const factor = surchargeFactor(problem);
  return [...problem.candidates.entries()]
    .filter(([, one]) => mayLeave(one, problem) && one.line.price > 0n)
    .map(([place, candidate]) => {
      const { line, isTakeable } = candidate;
      const share = isTakeable ? Number(collateralPrice(line, "opening")) / Number(line.price) : 0;
      const others = toValue(line.totalAssets - line.assets, line.price) * scale * share;
      const depth = wad(line.depthValue) * scale;
      const kept = 1 - Number(line.haircutInitialPpm) / 1e6;
      const gain = (value: number): number => {
        const opening = value * share;
        const credit = opening * kept * bracketShare(others + opening, depth);
        return (1 + factor) * credit - factor * opening;
      };
      const nowValue = toValue(line.assets, line.price) * scale;
      const mostValue = toValue(mostAssets(candidate), line.price) * scale;
      const corners = BRACKETS.map(({ start }) => (start * depth - others) / (share || 1));
      const isCurved = (others + mostValue * share) * (1 + 1e-12) > depth * 0.25;
      const parts = isCurved ? [...Array(PARTS).keys()].map((k) => (mostValue * k) / PARTS) : [];
      const points = ordered([0, nowValue, mostValue, ...corners, ...parts], mostValue);
      const yearly = Number(candidate.yieldWad) / 1e18;
      return { place, candidate, nowValue, mostValue, gain, yearlyCost: yearly, isCurved, points };
    });
}

/** what of a value counts when all accounts pledge so much */
function bracketShare(total: number, depth: number): number {
  if (total <= depth * 0.25) return 1;
  const counted = BRACKETS.reduce((all, { start, kept }, place) => {
    const end = (BRACKETS[place + 1]?.start ?? Infinity) * depth;
    return all + kept * Math.max(0, Math.min(total, end) - start * depth);
  }, 0);
  return counted / total;
}

/** (1 + buffer) · surcharge */
function surchargeFactor({ bufferBps, surchargeBps }: OptimiserProblem): number {
  return (1 + Number(bufferBps) / 1e4) * (Number(surchargeBps) / 1e4);
}

/** what the items have to gain together */
function neededOf(problem: OptimiserProblem, scale: number): number {
  const { requirement, debtValue } = sum({ collaterals: [], debts: problem.debts }, "opening");
  const buffered = 1 + Number(problem.bufferBps) / 1e4;
  const above = Math.max(0, wad(requirement) - wad(debtValue));
  return (buffered * wad(requirement) + surchargeFactor(problem) * above) * scale;
}

interface Task {
  readonly items: readonly Item[];
  readonly scale: number;
  readonly aim: Aim;
}

function solveOnce(
  highs: Highs,
  model: Model,
  problem: OptimiserProblem,
  { items, scale, aim }: Task,
): readonly number[] | undefined {
  const columns: Columns = { costs: [], most: [], isSwitch: [] };
  if (items.length === 0) return aim === "cover" || neededOf(problem, scale) <= 0 ? [] : undefined;
  const places = items.map((item) => placeOf(problem, item, columns, { scale, aim }));
  const rows = [
    ...places.flatMap(rowsOf),
    ...countRows(problem, places),
    ...(problem.isHealthy ? [] : strengthRows(places)),
  ];
  const gained = places.flatMap(({ segments, slopes }) =>
    segments.map((column, k) => [column, slopes[k] ?? 0] as const),
  );
  if (aim === "cost") rows.push({ entries: gained, least: neededOf(problem, scale) });
  const found = run(highs, model, columns, rows);
  return found === undefined ? undefined : places.map((place) => settled(place, found));
}

/** a switch that is off leaves nothing of what it switches */
function settled(place: Place, found: Float64Array): number {
  const { item, enters, leaves, hasEntered, hasLeft, isHeld } = place;
  const at = (column: number): number => found[column] ?? 0;
  if (at(isHeld) < 0.5) return 0;
  const added = at(hasEntered) < 0.5 ? 0 : at(enters);
  const taken = at(hasLeft) < 0.5 ? 0 : at(leaves);
  return Math.min(item.mostValue, Math.max(0, item.nowValue + added - taken));
}

function placeOf(
  problem: OptimiserProblem,
  item: Item,
  columns: Columns,
  { scale, aim }: { readonly scale: number; readonly aim: Aim },
): Place {
  const add = (cost: number, most: number, isSwitch = false): number => {
    columns.most.push(most);
    columns.isSwitch.push(isSwitch);
    return columns.costs.push(cost) - 1;
  };
  const { points, gain } = item;
  const slopes = points.slice(1).map((end, k) => {
    const start = points[k] ?? 0;
    return (gain(end) - gain(start)) / (end - start);
  });
  const years = Number(problem.heldFor) / Number(YEAR_FOR);
  const isCost = aim === "cost";
  const perValue = isCost ? Number(problem.moveCostBps) / 1e4 : 0;
  const perMove = isCost ? wad(problem.moveCostValue) * scale + INDIFFERENT : 0;
  const segments = slopes.map((slope, k) =>
    add(isCost ? item.yearlyCost * years : -slope, (points[k + 1] ?? 0) - (points[k] ?? 0)),
  );
  return {
    item,
    segments,
    slopes,
    enters: add(perValue, item.mostValue - item.nowValue),
    leaves: add(perValue, item.nowValue),
    hasEntered: add(perMove, item.mostValue > item.nowValue ? 1 : 0, true),
    hasLeft: add(perMove, item.nowValue > 0 ? 1 : 0, true),
    isHeld: add(0, 1, true),
  };
}

function rowsOf(place: Place): readonly Row[] {
  const { item, segments, enters, leaves, hasEntered, hasLeft, isHeld } = place;
  const whole = segments.map((column) => [column, 1] as const);
  const balance = [...whole, [enters, -1] as const, [leaves, 1] as const];
  const switched = (column: number, most: number, by: number): Row => ({
    entries: [
      [column, 1],
      [by, -most],
    ],
    most: 0,
  });
  return [
    { entries: balance, least: item.nowValue, most: item.nowValue },
    switched(enters, item.mostValue - item.nowValue, hasEntered),
    {
      entries: [
        [enters, 1],
        [hasEntered, -leastEntering(item)],
      ],
      least: 0,
    },
    switched(leaves, item.nowValue, hasLeft),
    {
      entries: [
        [hasEntered, 1],
        [hasLeft, 1],
      ],
      most: 1,
    },
    { entries: [...whole, [isHeld, -item.mostValue]], most: 0 },
  ];
}

/** what comes in is more than what rounding takes away again */
function leastEntering({ nowValue, mostValue }: Item): number {
  return Math.min(mostValue - nowValue, Math.max(SCALE * 1e-6, mostValue * 1e-8));
}

/** no more collaterals than an account may hold; what cannot move is held */
function countRows({ candidates }: OptimiserProblem, places: readonly Place[]): readonly Row[] {
  const movable = new Set(places.map(({ item }) => item.place));
  const fixed = candidates.filter(({ line }, place) => line.assets > 0n && !movable.has(place));
  const entries = places.map(({ isHeld }) => [isHeld, 1] as const);
  return entries.length === 0 ? [] : [{ entries, most: MAX_COLLATERALS - fixed.length }];
}

/** under a call nothing leaves unless something comes in, and nothing weaker comes in */
function strengthRows(places: readonly Place[]): readonly Row[] {
  const comesIn = places.map(({ hasEntered }) => [hasEntered, -1] as const);
  return places.flatMap((outgoing) => [
    { entries: [[outgoing.hasLeft, 1] as const, ...comesIn], most: 0 },
    ...places
      .filter((incoming) => isWeaker(incoming.item.candidate, outgoing.item.candidate))
      .map((incoming) => ({
        entries: [[incoming.hasEntered, 1] as const, [outgoing.hasLeft, 1] as const],
        most: 1,
      })),
  ]);
}

/** Now and then one way of solving stops short of these tolerances; another does not. */
const WAYS = [
  { presolve: "on", simplex_strategy: 1 },
  { presolve: "off", simplex_strategy: 1 },
  { presolve: "off", simplex_strategy: 4 },
] as const;

function run(
  highs: Highs,
  model: Model,
  { costs, most, isSwitch }: Columns,
  rows: readonly Row[],
): Float64Array | undefined {
  const { infinity, constants } = highs;
  const starts = [0];
  for (const { entries } of rows) starts.push((starts.at(-1) ?? 0) + entries.length);
  const { modelStatus, variableType } = constants;
  for (const way of WAYS) {
    model.options.set(way);
    model.passModel({
      numCols: costs.length,
      numRows: rows.length,
      colCost: costs,
      colLower: costs.map(() => 0),
      colUpper: most,
      rowLower: rows.map(({ least }) => least ?? -infinity),
      rowUpper: rows.map((row) => row.most ?? infinity),
      matrix: {
        format: "csr",
        numRows: rows.length,
        numCols: costs.length,
        starts,
        indices: rows.flatMap(({ entries }) => entries.map(([column]) => column)),
        values: rows.flatMap(({ entries }) => entries.map(([, coefficient]) => coefficient)),
      },
      integrality: isSwitch.map((one) => (one ? variableType.integer : variableType.continuous)),
    });
    model.run();
    const status = model.getModelStatus();
    if (status === modelStatus.optimal) return model.getSolution().colValue;
    if (status === modelStatus.infeasible) return undefined;
  }
  throw new SolverFailed(model.getModelStatus());
}

/** breakpoints closer around where the last solution stood */
function refine(item: Item, value: number): void {
  const below = item.points.findLast((point) => point < value) ?? 0;
  const above = item.points.find((point) => point > value) ?? item.mostValue;
  const near = [value, (value + below) / 2, (value + above) / 2];
  item.points = ordered([...item.points, ...near], item.mostValue);
}

/** rising, apart from each other, from 0 to the most */
function ordered(points: readonly number[], most: number): readonly number[] {
  const apart = most * 1e-9;
  const rising = points
    .filter((point) => point > apart && point < most - apart)
    .toSorted((a, b) => a - b);
  const kept = [0];
  for (const point of rising) if (point - (kept.at(-1) ?? 0) > apart) kept.push(point);
  return most > 0 ? [...kept, most] : [0];
}

/** from scaled values to assets: what did not move is exactly what it was, and so are the bounds */
function assetsOf(
  { candidates }: OptimiserProblem,
  items: readonly Item[],
  values: readonly number[],
  scale: number,
): readonly bigint[] {
  const pledged = candidates.map(({ line }) => line.assets);
  for (const [k, { place, candidate, nowValue, mostValue }] of items.entries()) {
    const value = values[k] ?? 0;
    const near = Math.max(nowValue, mostValue, 1e-3) * 1e-9;
    const most = mostAssets(candidate);
    if (Math.abs(value - nowValue) <= near) continue;
    if (value <= near) pledged[place] = 0n;
    else if (value >= mostValue - near) pledged[place] = most;
    else pledged[place] = unitsOf(value / scale, candidate.line.price, most);
  }
  return pledged;
}

function unitsOf(value: number, price: bigint, most: bigint): bigint {
  const units = BigInt(Math.ceil((value * 1e36) / Number(price)));
  return units < most ? units : most;
}

function toValue(assets: bigint, price: bigint): number {
  return (Number(assets) * Number(price)) / 1e36;
}

function wad(value: bigint): number {
  return Number(value) / 1e18;
}
