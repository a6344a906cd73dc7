// What a deployment is made of: steps, the arguments that they wait for, and their names.
import type { CreatedContract, SpokenContract } from "./contracts.ts";

/** The address of what an earlier step created. */
export interface AddressOf {
  readonly addressOf: string;
}

/** The address of an account of the deployer's node; 0 is the deployer. */
export interface AccountAt {
  readonly account: number;
}

/** An address that is given when the deployment is started: a parameter of the Ignition module. */
export interface Given {
  readonly given: string;
}

export type Argument =
  | string
  | bigint
  | boolean
  | AddressOf
  | AccountAt
  | Given
  | readonly Argument[]
  | { readonly [field: string]: Argument };

interface CreateStep {
  readonly type: "create";
  readonly id: string; // letters, digits and underscores
  readonly phase: number; // steps of a phase may go in any order, after all of the phase before
  readonly contract: CreatedContract;
  readonly args: readonly Argument[];
}

interface CallStep {
  readonly type: "call";
  readonly id: string;
  readonly phase: number;
  readonly target: string; // id of the step that created it, or the address of what is there already
  readonly contract: SpokenContract; // whose ABI it is called by
  readonly method: string;
  readonly args: readonly Argument[];
}

/** One transaction of a deployment. */
export type Step = CreateStep | CallStep;

export const MANAGER: AddressOf = { addressOf: "AccessManager" };
export const VAULT: AddressOf = { addressOf: "CollateralVault" };
export const DEPLOYER: AccountAt = { account: 0 };

/** Steps in groups of one phase each, in order. */
export function phasesOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const phases = [...new Set(steps.map(({ phase }) => phase))].sort((a, b) => a - b);
  return phases.map((phase) => steps.filter((step) => step.phase === phase));
}

export function isList(arg: Argument): arg is readonly Argument[] {
  return Array.isArray(arg);
}

export function isAddressOf(arg: Argument): arg is AddressOf {
  return typeof arg === "object" && "addressOf" in arg && typeof arg.addressOf === "string";
}

export function isAccountAt(arg: Argument): arg is AccountAt {
  return typeof arg === "object" && "account" in arg && typeof arg.account === "number";
}

export function isGiven(arg: Argument): arg is Given {
  return typeof arg === "object" && "given" in arg && typeof arg.given === "string";
}

/** Id of the step that created the mock token of an asset. */
export function tokenId(symbol: string): string {
  return `Token_${symbol}`;
}

/** Id of the step that sends the vault what the listing of an asset tries its transfers with. */
export function probeId(symbol: string): string {
  return `sendProbe_${symbol}`;
}

/** Id of the step that created the aggregator behind the mock feed of an asset. */
export function aggregatorId(symbol: string): string {
  return `Aggregator_${symbol}`;
}

/** Id of the step that created the mock feed of an asset. */
export function feedId(symbol: string): string {
  return `Feed_${symbol}`;
}

/** Id of the step that created the pool of a cash asset. */
export function poolId(symbol: string): string {
  return `Pool_${symbol}`;
}

/** Id of the step that created the insurance fund of the pool of a cash asset. */
export function fundId(symbol: string): string {
  return `Fund_${symbol}`;
}

/** Id of the step that created the allocator of a sleeve, by the symbol of its shares. */
export function sleeveId(symbol: string): string {
  return `Sleeve_${symbol}`;
}

/** Id of the step that created a mock venue of a sleeve. */
export function venueId(symbol: string, index: number): string {
  return `Venue_${symbol}_${index + 1}`;
}
