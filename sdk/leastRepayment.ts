// How much of each debt to repay out of each source of collateral, so that the target is reached with the least repayment:
// a linear program, solved by the parametric simplex method. It starts at no repayment and goes along the edge of what is
// possible, each step the one that gains most per value repaid, until the target is met. Where one collateral serves several
// debts, a step may take back some of one repayment to make room for a better one: that is what a greedy choice misses.
import { max, mulDivUp, WAD } from "./mathLib.ts";

/** Collateral that counts alike: one size segment of one collateral. */
export interface Source {
  readonly collateral: number;
  /** [value] */
  readonly capacityValue: bigint;
}

/** A debt that may be repaid out of a source. */
export interface Route {
  /** place in the sources */
  readonly source: number;
  /** place in the debts */
  readonly debt: number;
  /** s: taken per value repaid [wad] */
  readonly seizeWad: bigint;
  /** τ·b − w·s: gained towards the target per value repaid [wad] */
  readonly gainWad: bigint;
}

/** Which repayments are possible, and how much they must gain together. */
export interface RepaymentProgram {
  readonly sources: readonly Source[];
  /** owed, by debt [value] */
  readonly debtValues: readonly bigint[];
  readonly routes: readonly Route[];
  /** τ·R − A [value] */
  readonly missingValue: bigint;
}

/** Fixed point of the tableau: nine digits more than a wad. */
const ONE = 10n ** 27n;
/** From value and wad to the tableau. */
const SCALE = ONE / WAD;
/** What is smaller is rounding, not a number to divide by. */
const NOTHING = 10n ** 12n;

/** A row of the tableau: basic = rest − Σ coefficient · other. */
interface Row {
  /** of the variable that the row stands for */
  id: number;
  /** [value · 1e9] */
  rest: bigint;
  readonly coefficients: bigint[];
}

/** Variables 0 … routes − 1 are repayments, those after them what is left of debts, then of sources. */
interface Tableau {
  readonly rows: Row[];
  /** of the variables that are 0 */
  readonly ids: number[];
  /** what one unit of them gains */
  readonly gains: bigint[];
  /** what one unit of them costs */
  readonly costs: bigint[];
  missing: bigint;
}

/** Programs of 8 collaterals and 4 debts were seen to take up to 2.4 steps a row; this is where a circle would end. */
const STEPS_PER_VARIABLE = 4;

/**
 * The repayment of each route, in their order: together the least that gains `missingValue`, or the least that gains the
 * most possible if that is less. Right to a few wei [value]
 */
export function leastRepayments(program: RepaymentProgram): readonly bigint[] {
  const tableau = tableauOf(program);
  let stepsLeft = STEPS_PER_VARIABLE * (tableau.rows.length + tableau.ids.length);
  while (tableau.missing > 0n && stepsLeft-- > 0) {
    const column = bestColumn(tableau);
    const row = column === undefined ? undefined : firstRow(tableau, column);
    if (column === undefined || row === undefined) break;
    const step = mulDivUp(tableau.missing, ONE, tableau.gains[column] ?? 0n);
    if (step * (row.coefficients[column] ?? 0n) < row.rest * ONE) {
      stop(tableau, column, step);
    } else {
      exchange(tableau, column, row);
    }
  }
  const repaid = program.routes.map(() => 0n);
  for (const { id, rest } of tableau.rows) {
    if (id < repaid.length) repaid[id] = max(rest, 0n) / SCALE;
  }
  return repaid;
}

function tableauOf({ sources, debtValues, routes, missingValue }: RepaymentProgram): Tableau {
  const debts = debtValues.map((value, debt) => ({
    rest: value * SCALE,
    coefficients: routes.map((route) => (route.debt === debt ? ONE : 0n)),
  }));
  const taken = sources.map(({ capacityValue }, source) => ({
    rest: capacityValue * SCALE,
    coefficients: routes.map((route) => (route.source === source ? route.seizeWad * SCALE : 0n)),
  }));
  return {
    rows: [...debts, ...taken].map((row, place) => ({ id: routes.length + place, ...row })),
    ids: routes.map((_, place) => place),
    gains: routes.map(({ gainWad }) => gainWad * SCALE),
    costs: routes.map(() => ONE),
    missing: missingValue * SCALE,
  };
}

/** the variable that gains at the least cost per gain */
function bestColumn({ gains, costs }: Tableau): number | undefined {
  let best: number | undefined;
  let [bestGain, bestCost] = [0n, 0n];
  for (const [column, gain] of gains.entries()) {
    if (gain < NOTHING) continue;
    const cost = costs[column] ?? 0n;
    if (best !== undefined && cost * bestGain >= bestCost * gain) continue;
    [best, bestGain, bestCost] = [column, gain, cost];
  }
  return best;
}

/** the row that the variable of a column empties first */
function firstRow({ rows }: Tableau, column: number): Row | undefined {
  let first: Row | undefined;
  let firstCoefficient = 0n;
  for (const row of rows) {
    const coefficient = row.coefficients[column] ?? 0n;
    if (coefficient < NOTHING) continue;
    if (first !== undefined && row.rest * firstCoefficient >= first.rest * coefficient) continue;
    [first, firstCoefficient] = [row, coefficient];
  }
  return first;
}

/** the last step: the target is met before any row is empty */
function stop(tableau: Tableau, column: number, step: bigint): void {
  for (const row of tableau.rows) row.rest -= times(row.coefficients[column] ?? 0n, step);
  tableau.rows.push({ id: tableau.ids[column] ?? 0, rest: step, coefficients: [] });
  tableau.missing = 0n;
}

/** a step to where a row is empty: its variable and that of the column change places */
function exchange(tableau: Tableau, column: number, pivot: Row): void {
  const { rows, ids, gains, costs } = tableau;
  const divisor = pivot.coefficients[column] ?? ONE;
  const entering = ids[column] ?? 0;
  ids[column] = pivot.id;
  pivot.id = entering;
  pivot.rest = (pivot.rest * ONE) / divisor;
  pivot.coefficients[column] = ONE;
  const places: number[] = []; // most coefficients are 0 and stay so
  for (const [place, coefficient] of pivot.coefficients.entries()) {
    if (coefficient === 0n) continue;
    places.push(place);
    pivot.coefficients[place] = (coefficient * ONE) / divisor;
  }
  for (const row of rows) {
    if (row === pivot) continue;
    const factor = eliminate(row.coefficients, column, pivot, places);
    if (factor !== 0n) row.rest -= times(factor, pivot.rest);
  }
  tableau.missing -= times(eliminate(gains, column, pivot, places), pivot.rest);
  eliminate(costs, column, pivot, places);
}

/** takes the pivot's row out of another one; returns how often */
function eliminate(line: bigint[], column: number, pivot: Row, places: readonly number[]): bigint {
  const factor = line[column] ?? 0n;
  if (factor === 0n) return 0n;
  line[column] = 0n;
  for (const place of places) {
    const left = (line[place] ?? 0n) - times(factor, pivot.coefficients[place] ?? 0n);
    line[place] = left < NOTHING && left > -NOTHING ? 0n : left;
  }
  return factor;
}

function times(x: bigint, y: bigint): bigint {
  return (x * y) / ONE;
}
