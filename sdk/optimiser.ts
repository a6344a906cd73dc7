// The cheapest collateral that keeps a wanted buffer over the initial line: found by a linear program, rounded to whole
// units against the owner, and judged exactly as the chain would.
import type { Highs } from "highs";
import { CoverOutOfReach, DebtUnpriced } from "./optimiser/failures.ts";
import {
  type Candidate,
  isEnough,
  isWeaker,
  judge,
  type Judgement,
  MAX_COLLATERALS,
  mayLeave,
  mostAssets,
  moveCost,
  type OptimiserProblem,
  totalCost,
  yearlyCost,
} from "./optimiser/problem.ts";
import { solve } from "./optimiser/program.ts";
import { shareOfCreditDown } from "./sizeBrackets.ts";
import { collateralPrice, valueDown } from "./healthMath.ts";

/** How much of one asset. */
export interface AssetAmount {
  readonly asset: string;
  readonly assets: bigint;
}

/** A call of the vault that leads to the proposal. */
export type OptimiserStep =
  | ({ readonly type: "deposit" } & AssetAmount)
  | ({ readonly type: "withdraw" } & AssetAmount)
  | {
      readonly type: "substitute";
      readonly incoming: readonly AssetAmount[];
      readonly outgoing: readonly AssetAmount[];
    };

/** What keeps the choice from being cheaper. */
export type Binding =
  | { readonly type: "buffer" }
  | { readonly type: "wallet"; readonly asset: string }
  | { readonly type: "supplyCap"; readonly asset: string }
  | { readonly type: "collaterals" }
  | { readonly type: "noWeaker" };

/** One asset of the proposal. */
export interface ProposedLine {
  readonly asset: string;
  readonly nowAssets: bigint;
  readonly proposedAssets: bigint;
  readonly haircutInitialPpm: bigint;
  /** what the proposed amount covers at the initial line, at opening prices [value] */
  readonly coverValue: bigint;
  readonly yearlyCostNowValue: bigint;
  readonly yearlyCostValue: bigint;
}

/** The cheapest choice, and what leads there. */
export interface Proposal {
  readonly lines: readonly ProposedLine[];
  readonly steps: readonly OptimiserStep[];
  readonly judgement: Judgement;
  /** whether the account keeps the buffer as it is */
  readonly isEnoughNow: boolean;
  readonly yearlyCostNowValue: bigint;
  readonly yearlyCostValue: bigint;
  /** of all moves, paid once [value] */
  readonly moveCostValue: bigint;
  readonly bindings: readonly Binding[];
}

/** Share of what is needed that counts as nothing to spare. */
const SPARE = 1_000_000n;

/**
 * The cheapest choice that keeps the buffer; staying, if nothing is cheaper.
 * @throws CoverOutOfReach, DebtUnpriced, SolverFailed
 */
export function optimise(highs: Highs, problem: OptimiserProblem): Proposal {
  const unpriced = problem.debts.find(({ isFresh }) => !isFresh);
  if (unpriced !== undefined) throw new DebtUnpriced(unpriced.pool);
  const now = problem.candidates.map(({ line }) => line.assets);
  const isEnoughNow = isEnough(problem, now);
  const found = roundedUp(problem, solve(highs, problem, "cost"));
  const isWorse =
    found === undefined || (isEnoughNow && totalCost(problem, now) <= totalCost(problem, found));
  if (isWorse && !isEnoughNow) throw outOfReach(highs, problem);
  return proposalOf(problem, isWorse ? now : found, isEnoughNow);
}

function outOfReach(highs: Highs, problem: OptimiserProblem): CoverOutOfReach {
  const now = problem.candidates.map(({ line }) => line.assets);
  const { coverValue, neededValue } = judge(problem, solve(highs, problem, "cover") ?? now);
  return new CoverOutOfReach(neededValue, coverValue);
}

/** Whole units that keep the buffer exactly, each asset that moves with the least that does. */
function roundedUp(
  problem: OptimiserProblem,
  about: readonly bigint[] | undefined,
): readonly bigint[] | undefined {
  if (about === undefined) return undefined;
  const places = movedFirst(problem, about);
  // floating point stops a speck below the line
  const others = unmoved(problem, about);
  let pledged = isEnough(problem, about) ? about : raised(problem, about, [...places, ...others]);
  if (pledged === undefined) return undefined;
  for (const place of places) {
    const candidate = problem.candidates[place];
    if (candidate === undefined || candidate.yieldWad < 0n) continue;
    pledged = leastUnits(problem, pledged, place);
  }
  return pledged;
}

/** A little more of the first asset with which that is enough; far more can be less, where a tier asks for its margin. */
function raised(
  problem: OptimiserProblem,
  about: readonly bigint[],
  places: readonly number[],
): readonly bigint[] | undefined {
  for (const place of places) {
    const from = about[place] ?? 0n;
    const most = mostOf(problem, about, place);
    for (let step = 1n; step <= (most - from) * 2n; step *= 2n) {
      const pledged = about.with(place, from + step < most ? from + step : most);
      if (isEnough(problem, pledged)) return pledged;
    }
  }
  return undefined;
}

/** places that moved, the dearest for their cover first */
function movedFirst(problem: OptimiserProblem, pledged: readonly bigint[]): readonly number[] {
  const dearness = ({ line, yieldWad }: Candidate): number =>
    Number(yieldWad) / Math.max(1, 1e6 - Number(line.haircutInitialPpm));
  return [...problem.candidates.entries()]
    .filter(([place, { line }]) => pledged[place] !== line.assets)
    .toSorted(([, a], [, b]) => dearness(b) - dearness(a))
    .map(([place]) => place);
}

/** places that could come in and did not; under a call none beside what goes out, as one may be weaker */
function unmoved(problem: OptimiserProblem, pledged: readonly bigint[]): readonly number[] {
  const { candidates, isHealthy } = problem;
  const isLeft = candidates.some(({ line }, place) => (pledged[place] ?? 0n) < line.assets);
  if (isLeft && !isHealthy) return [];
  return [...candidates.keys()].filter((place) => {
    const { assets } = candidates[place]?.line ?? { assets: 0n };
    return assets > 0n && pledged[place] === assets;
  });
}

/** how far an asset can be raised without turning its move around */
function mostOf(problem: OptimiserProblem, about: readonly bigint[], place: number): bigint {
  const candidate = problem.candidates[place];
  if (candidate === undefined) return 0n;
  const isLeaving = (about[place] ?? 0n) < candidate.line.assets;
  return isLeaving ? candidate.line.assets : mostAssets(candidate);
}

/** The choice with the least of one asset that keeps the buffer. */
function leastUnits(
  problem: OptimiserProblem,
  pledged: readonly bigint[],
  place: number,
): readonly bigint[] {
  let high = pledged[place] ?? 0n;
  const now = problem.candidates[place]?.line.assets ?? 0n;
  // what came in stays a move of its kind; under a call it is what lets others out
  let low = high > now ? now + (problem.isHealthy ? 0n : 1n) : 0n;
  if (isEnough(problem, pledged.with(place, low))) return pledged.with(place, low);
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (isEnough(problem, pledged.with(place, middle))) high = middle;
    else low = middle;
  }
  return pledged.with(place, high);
}

function proposalOf(
  problem: OptimiserProblem,
  pledged: readonly bigint[],
  isEnoughNow: boolean,
): Proposal {
  const lines = problem.candidates.map((candidate, place) =>
    lineOf(candidate, pledged[place] ?? 0n),
  );
  const total = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);
  return {
    lines,
    steps: stepsOf(lines),
    judgement: judge(problem, pledged),
    isEnoughNow,
    yearlyCostNowValue: total(lines.map(({ yearlyCostNowValue }) => yearlyCostNowValue)),
    yearlyCostValue: total(lines.map(({ yearlyCostValue }) => yearlyCostValue)),
    moveCostValue: total(
      problem.candidates.map((candidate, place) =>
        moveCost(problem, candidate, pledged[place] ?? 0n),
      ),
    ),
    bindings: bindingsOf(problem, pledged),
  };
}

function lineOf(candidate: Candidate, proposedAssets: bigint): ProposedLine {
  const { line, isTakeable } = candidate;
  const price = isTakeable ? collateralPrice(line, "opening") : 0n;
  const totalAssets = line.totalAssets - line.assets + proposedAssets;
  const { depthValue, haircutInitialPpm } = line;
  return {
    asset: line.asset,
    nowAssets: line.assets,
    proposedAssets,
    haircutInitialPpm,
    coverValue: shareOfCreditDown(
      valueDown(proposedAssets, price),
      valueDown(totalAssets, price),
      depthValue,
      haircutInitialPpm,
    ),
    yearlyCostNowValue: yearlyCost(candidate, line.assets),
    yearlyCostValue: yearlyCost(candidate, proposedAssets),
  };
}

/** What comes in and what goes out together is one `substitute`: the account is judged once, at its end. */
function stepsOf(lines: readonly ProposedLine[]): readonly OptimiserStep[] {
  const incoming = lines
    .filter(({ nowAssets, proposedAssets }) => proposedAssets > nowAssets)
    .map((line) => ({ asset: line.asset, assets: line.proposedAssets - line.nowAssets }));
  const outgoing = lines
    .filter(({ nowAssets, proposedAssets }) => proposedAssets < nowAssets)
    .map((line) => ({ asset: line.asset, assets: line.nowAssets - line.proposedAssets }));
  if (incoming.length > 0 && outgoing.length > 0) {
    return [{ type: "substitute", incoming, outgoing }];
  }
  return [
    ...incoming.map((amount) => ({ type: "deposit", ...amount }) as const),
    ...outgoing.map((amount) => ({ type: "withdraw", ...amount }) as const),
  ];
}

function bindingsOf(problem: OptimiserProblem, pledged: readonly bigint[]): readonly Binding[] {
  const { coverValue, neededValue } = judge(problem, pledged);
  const bindings: Binding[] = [];
  if (neededValue > 0n && (coverValue - neededValue) * SPARE < neededValue) {
    bindings.push({ type: "buffer" });
  }
  for (const [place, candidate] of problem.candidates.entries()) {
    const { line, walletAssets } = candidate;
    const assets = pledged[place] ?? 0n;
    if (assets <= line.assets || assets < mostAssets(candidate)) continue;
    const type = assets - line.assets === walletAssets ? "wallet" : "supplyCap";
    bindings.push({ type, asset: line.asset });
  }
  const held = pledged.filter((assets) => assets > 0n).length;
  if (held >= MAX_COLLATERALS && problem.candidates.length > held) {
    bindings.push({ type: "collaterals" });
  }
  if (!problem.isHealthy && hasWeaker(problem)) bindings.push({ type: "noWeaker" });
  return bindings;
}

/** whether something that could come in is weaker than something that could go out */
function hasWeaker(problem: OptimiserProblem): boolean {
  return problem.candidates.some(
    (incoming) =>
      mostAssets(incoming) > incoming.line.assets &&
      problem.candidates.some(
        (outgoing) =>
          outgoing.line.assets > 0n && mayLeave(outgoing, problem) && isWeaker(incoming, outgoing),
      ),
  );
}
