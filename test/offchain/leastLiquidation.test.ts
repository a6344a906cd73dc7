// The planner against a linear program: over random accounts it repays no more than the best that any choice of legs can do.
// `PLANNER_ACCOUNTS` and `PARITY_SEED` choose how many accounts, and which.
import { createRequire } from "node:module";
import { expect } from "chai";
import type { LiquidationPlan, PlannedLiquidation } from "../../sdk/planner.ts";
import { leastLiquidation } from "../../sdk/planner.ts";
import { positiveInteger } from "../parity/compare.ts";
import { accountToLiquidate, type Case, type Shape } from "./accountsToLiquidate.ts";
import { Oracle, type Program, programOf } from "./linearProgram.ts";

/** The types of `highs` are those of its CommonJS form. */
const highs: typeof import("highs") = createRequire(import.meta.url)("highs");

const ACCOUNTS = positiveInteger("PLANNER_ACCOUNTS", 10_000);
const SEED = positiveInteger("PARITY_SEED", 20_200_312);
/** What is left of a difference when tokens come in units that are worth nothing. */
const RELATIVE = 1e-9;

const USUAL: Shape = { collaterals: 4, debts: 3, dustValue: 0n };
const LARGEST: Shape = { collaterals: 8, debts: 4, dustValue: 0n };
const WITH_DUST: Shape = { ...USUAL, dustValue: 100n };

/** What was met on the way: a test that meets only easy accounts proves nothing. */
interface Classes {
  reached: number;
  outOfReach: number;
  closeOut: number;
  expired: number;
  severalPairs: number;
  severalSegments: number;
  closedDebt: number;
  unlikePairs: number;
  limitedLeg: number;
  waitingHelps: number;
}

/** What the planner and the program say of an account. */
interface Comparison {
  readonly plan: PlannedLiquidation;
  readonly program: Program;
  /** undefined when the target is out of reach; scaled */
  readonly optimum: number | undefined;
  /** scaled */
  readonly tolerance: number;
}

describe("planner: the least repayment", function () {
  this.timeout(600_000);

  let oracle: Oracle;
  before(async () => {
    oracle = new Oracle(await highs.default());
  });
  after(() => oracle.dispose());

  it("equals the linear program for up to 4 collaterals and 3 debts", () => {
    expectAllClasses(compareAll(USUAL, ACCOUNTS));
  });

  it("equals it for up to 8 collaterals and 4 debts", () => {
    expectAllClasses(compareAll(LARGEST, Math.ceil(ACCOUNTS / 4)));
  });

  it("is above it by no more than the dust that a leg takes along", () => {
    let extended = 0;
    for (let number = 0; number < Math.ceil(ACCOUNTS / 5); number++) {
      const account = accountToLiquidate(SEED, number, WITH_DUST);
      const found = compareOne(account, number);
      if (found?.optimum === undefined) continue;
      const { plan, program, optimum, tolerance } = found;
      const dust = Number(WITH_DUST.dustValue) * 1e18 * program.scale;
      const over = repaidIn(plan, program) - optimum;
      expect(over, `account ${number}`).to.be.at.least(-tolerance);
      const waited = withoutWaiting(program) - optimum; // see `expectLeast`
      expect(over, `account ${number}`).to.be.at.most(dust * plan.legs.length + waited + tolerance);
      if (over > tolerance) extended += 1;
    }
    expect(extended).to.be.greaterThan(0);
  });

  function compareAll(shape: Shape, accounts: number): Classes {
    const seen: Classes = {
      reached: 0,
      outOfReach: 0,
      closeOut: 0,
      expired: 0,
      severalPairs: 0,
      severalSegments: 0,
      closedDebt: 0,
      unlikePairs: 0,
      limitedLeg: 0,
      waitingHelps: 0,
    };
    let above = 0;
    for (let number = 0; number < accounts; number++) {
      const account = accountToLiquidate(SEED, number, shape);
      const found = compareOne(account, number);
      if (found === undefined) continue;
      count(seen, account, found);
      if (found.optimum === undefined) continue;
      if (!expectLeast(found, number, seen)) above += 1;
    }
    expect(above, "accounts above the program").to.be.at.most(Math.ceil(accounts / 250));
    return seen;
  }

  /** both reach the target or neither does; undefined when neither can do anything */
  function compareOne(account: Case, number: number): Comparison | undefined {
    const plan: LiquidationPlan = leastLiquidation(account.snapshot, account.rules, account.call);
    const program = programOf(account);
    const found = oracle.solve(program);
    if (plan.type === "blocked" && found.type === "outOfReach") return undefined;
    if (plan.type !== "liquidate") throw new Error(`account ${number} is planned as ${plan.type}`);
    expect(plan.reachesTarget, `account ${number}`).to.equal(found.type === "reached");
    const tolerance = toleranceOf(account, plan, program);
    const optimum = found.type === "reached" ? found.repaid : undefined;
    return { plan, program, optimum, tolerance };
  }

  /**
   * The plan is the program's optimum wherever no pair that would lower coverage at the start helps. Where one does, the
   * program knows no sequence: it may use such a pair before coverage is high enough for it. Then the optimum lies between
   * the program and the same program without these pairs, and so does the plan. Returns whether it is the program's
   */
  function expectLeast(
    { plan, program, optimum = 0, tolerance }: Comparison,
    number: number,
    seen: Classes,
  ): boolean {
    const repaid = repaidIn(plan, program);
    expect(repaid, `account ${number}`).to.be.at.least(optimum - tolerance);
    const mayHelp = program.columns.some(({ threshold }) => threshold > program.coverage);
    const early = mayHelp ? withoutWaiting(program) : optimum;
    const helps = early > optimum + tolerance;
    if (helps) seen.waitingHelps += 1;
    const isLeast = repaid <= optimum + tolerance;
    if (isLeast) return true;
    expect(helps, `account ${number}: ${repaid} is above ${optimum}`).to.equal(true);
    expect(repaid, `account ${number}`).to.be.at.most(early + tolerance);
    const inSequence = oracle.solveInSequence(program);
    expect(repaid, `account ${number}`).to.be.at.least((inSequence ?? 0) - tolerance);
    expect(repaid, `account ${number}`).to.be.at.most((inSequence ?? 0) * 1.05);
    return false;
  }

  /** the optimum without pairs that would lower coverage at the start; infinite if they are needed */
  function withoutWaiting(program: Program): number {
    const columns = program.columns.filter(({ threshold }) => threshold <= program.coverage);
    const found = oracle.solve({ ...program, columns });
    return found.type === "reached" ? found.repaid : Number.POSITIVE_INFINITY;
  }
});

/** Each leg repays and takes whole units; what a unit is worth more or less is made up for by the leg that reaches the target. */
function toleranceOf({ snapshot }: Case, plan: PlannedLiquidation, program: Program): number {
  const units = plan.legs.map(({ collateral, debt }) => {
    const [taken, owed] = [snapshot.collaterals[collateral], snapshot.debts[debt]];
    const shareAssets = 1 + (Number(owed?.index) * Number(owed?.shareUnit)) / 1e12;
    return (Number(taken?.price) + shareAssets * Number(owed?.price)) / 1e18;
  });
  const value = units.reduce((sum, unit) => sum + unit, 0) * program.scale;
  const gains = program.columns.map(({ gain }) => gain).filter((gain) => gain > 0);
  return RELATIVE * repaidIn(plan, program) + value * (1 + 1 / Math.min(...gains));
}

function repaidIn(plan: PlannedLiquidation, program: Program): number {
  return Number(plan.repaidValue) * program.scale;
}

function count(
  seen: Classes,
  { cause, pairs, snapshot }: Case,
  { plan, program }: { readonly plan: PlannedLiquidation; readonly program: Program },
): void {
  const add = (name: keyof Classes, isSeen: boolean): void => {
    if (isSeen) seen[name] += 1;
  };
  add(plan.reachesTarget ? "reached" : "outOfReach", true);
  add(cause, true);
  add("severalPairs", plan.legs.length > 1);
  add(
    "closedDebt",
    plan.receipts.some(({ debtShares }) => debtShares === 0n),
  );
  add(
    "limitedLeg",
    plan.legs.some(
      ({ debt, maxRepaidAssets }) => maxRepaidAssets < (snapshot.debts[debt]?.assets ?? 0n),
    ),
  );
  add(
    "unlikePairs",
    pairs.some((row) => row.some(({ haircutPpm }) => haircutPpm !== row[0]?.haircutPpm)),
  );
  add(
    "severalSegments",
    [...snapshot.collaterals.keys()].some((place) => takesSegments(place, plan, program)),
  );
}

/** whether more of a collateral is taken than its top segment holds */
function takesSegments(
  place: number,
  { receipts }: PlannedLiquidation,
  { segments, scale }: Program,
): boolean {
  const top = segments[place]?.findLast((value) => value > 0) ?? 0;
  const taken = receipts
    .filter(({ collateral }) => collateral === place)
    .reduce(
      (sum, { seizedAssets, collateralPrice }) =>
        sum + (Number(seizedAssets) * Number(collateralPrice)) / 1e18,
      0,
    );
  return taken * scale > top * 1.000_001;
}

function expectAllClasses(seen: object): void {
  if (ACCOUNTS < 1_000) return;
  for (const [name, times] of Object.entries(seen)) expect(times, name).to.be.greaterThan(0);
}
