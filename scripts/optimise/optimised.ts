// A proposal with names, and as JSON exact to the unit.
import type { Token } from "../../sdk/explain/stories.ts";
import { mulDivDown, UINT256_MAX, WAD } from "../../sdk/mathLib.ts";
import type { Proposal, ProposedLine } from "../../sdk/optimiser.ts";
import type { Judgement, OptimiserProblem } from "../../sdk/optimiser/problem.ts";

/** What is told of a proposal. */
export interface Optimised extends Omit<Proposal, "lines"> {
  readonly account: string;
  readonly block: number;
  readonly bufferBps: bigint;
  readonly surchargeBps: bigint;
  readonly lines: readonly (ProposedLine & { readonly token: Token })[];
  readonly tokenOf: (asset: string) => Token;
}

/** Names for a proposal. */
export function named(
  account: string,
  block: number,
  { bufferBps, surchargeBps }: OptimiserProblem,
  proposal: Proposal,
  tokenOf: (asset: string) => Token,
): Optimised {
  const lines = proposal.lines.map((line) => ({ ...line, token: tokenOf(line.asset) }));
  return { ...proposal, account, block, bufferBps, surchargeBps, lines, tokenOf };
}

/** Cover over what is required, rounded down; the maximum when nothing is [wad] */
export function coverageOf({ coverValue, requiredValue }: Judgement): bigint {
  return requiredValue === 0n ? UINT256_MAX : mulDivDown(coverValue, WAD, requiredValue);
}

/** Numbers as decimal texts of units. */
export function proposalToJson({ tokenOf: _, ...told }: Optimised): string {
  const text = (_key: string, value: unknown): unknown =>
    typeof value === "bigint" ? value.toString() : value;
  return `${JSON.stringify(told, text, 2)}\n`;
}
