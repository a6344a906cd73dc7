// What an account pledges, could pledge, and owes; and what any choice of collateral is worth to the judge, exactly.
import { sum, surchargeUp, valueDown } from "../healthMath.ts";
import { BPS, mulDivUp, WAD } from "../mathLib.ts";
import type { CollateralLine, DebtLine } from "../snapshot.ts";

/** A collateral that the account pledges or could pledge. */
export interface Candidate {
  /** as the judge reads it now; `assets` is 0 for one that is not pledged */
  readonly line: CollateralLine;
  /** what the owner could add [assets] */
  readonly walletAssets: bigint;
  /** supply cap of the vault [assets] */
  readonly capAssets: bigint;
  /** whether liquidations may take it: else it counts nothing where collateral leaves */
  readonly isTakeable: boolean;
  /** whether more of it may come in */
  readonly mayEnter: boolean;
  /** what a year of pledging it costs: yield forgone less yield earned, of its value; below 0 it earns [wad] */
  readonly yieldWad: bigint;
}

/** What the cheapest collateral is looked for. */
export interface OptimiserProblem {
  readonly candidates: readonly Candidate[];
  readonly debts: readonly DebtLine[];
  /** of the owner's tier */
  readonly surchargeBps: bigint;
  /** how much more cover at the initial line than required is kept */
  readonly bufferBps: bigint;
  /** neither called nor below maintenance: else nothing weaker may come in for what goes out */
  readonly isHealthy: boolean;
  /** gas of moving one asset [value] */
  readonly moveCostValue: bigint;
  /** cost of moving an asset, of its value */
  readonly moveCostBps: bigint;
  /** how long the choice is meant to stand: moving is paid once, yields all the time [s] */
  readonly heldFor: bigint;
}

/** What the judge would say of a choice. */
export interface Judgement {
  /** A_I at opening prices [value] */
  readonly coverValue: bigint;
  /** R at opening prices, and what the tier asks for beyond it [value] */
  readonly requiredValue: bigint;
  /** with the buffer [value] */
  readonly neededValue: bigint;
}

export const MAX_COLLATERALS = 8;
export const YEAR_FOR = 365n * 86_400n;

/** The judge's sums for a choice: how much of each candidate is pledged, in their order. */
export function judge(problem: OptimiserProblem, pledged: readonly bigint[]): Judgement {
  const collaterals = problem.candidates.map(({ line, isTakeable }, place) => {
    const assets = pledged[place] ?? 0n;
    const totalAssets = line.totalAssets - line.assets + assets;
    return { ...line, assets, totalAssets, isFresh: line.isFresh && isTakeable };
  });
  const opening = sum({ collaterals, debts: problem.debts }, "opening");
  const requiredValue = opening.requirement + surchargeUp(opening, problem.surchargeBps);
  const neededValue = mulDivUp(requiredValue, BPS + problem.bufferBps, BPS);
  return { coverValue: opening.coverInitial, requiredValue, neededValue };
}

/** Whether a choice keeps the wanted buffer. */
export function isEnough(problem: OptimiserProblem, pledged: readonly bigint[]): boolean {
  const { coverValue, neededValue } = judge(problem, pledged);
  return coverValue >= neededValue;
}

/** What a year of pledging so much of a candidate costs, rounded down [value] */
export function yearlyCost({ line, yieldWad }: Candidate, assets: bigint): bigint {
  return floorDiv(valueDown(assets, line.price) * yieldWad, WAD);
}

/** What moving from what is pledged now costs, rounded up [value] */
export function moveCost(problem: OptimiserProblem, { line }: Candidate, assets: bigint): bigint {
  if (assets === line.assets) return 0n;
  const moved = assets > line.assets ? assets - line.assets : line.assets - assets;
  const value = valueDown(moved, line.price);
  return problem.moveCostValue + mulDivUp(value, problem.moveCostBps, BPS);
}

/** What a choice costs while it stands, moving included [value · s] */
export function totalCost(problem: OptimiserProblem, pledged: readonly bigint[]): bigint {
  return problem.candidates.reduce((cost, candidate, place) => {
    const assets = pledged[place] ?? 0n;
    const held = yearlyCost(candidate, assets) * problem.heldFor;
    return cost + held + moveCost(problem, candidate, assets) * YEAR_FOR;
  }, 0n);
}

/** The most of a candidate that can be pledged: the wallet's within the supply cap, never less than now [assets] */
export function mostAssets(candidate: Candidate): bigint {
  const { line, walletAssets, capAssets, mayEnter } = candidate;
  if (!mayEnter || !line.isFresh || !candidate.isTakeable) return line.assets;
  const room = capAssets > line.totalAssets ? capAssets - line.totalAssets : 0n;
  return line.assets + (walletAssets < room ? walletAssets : room);
}

/** Whether it can go out: while something is owed, only at a fresh price. */
export function mayLeave({ line }: Candidate, { debts }: OptimiserProblem): boolean {
  return line.isFresh || debts.length === 0;
}

/** Whether a candidate that comes in is weaker than one that goes out: refused to an account that is not healthy. */
export function isWeaker(incoming: Candidate, outgoing: Candidate): boolean {
  return (
    incoming.line.haircutInitialPpm > outgoing.line.haircutInitialPpm ||
    incoming.line.haircutMaintenancePpm > outgoing.line.haircutMaintenancePpm
  );
}

function floorDiv(x: bigint, y: bigint): bigint {
  const quotient = x / y;
  return x < 0n && quotient * y !== x ? quotient - 1n : quotient;
}
