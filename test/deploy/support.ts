import {
  AbiCoder,
  dataSlice,
  type FunctionFragment,
  Interface,
  isCallException,
  type ParamType,
  type Provider,
  Result,
} from "ethers";
import { network } from "hardhat";
import { type SpokenContract, interfaceOf } from "../../deploy/contracts.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";

/** Numbers of a pair that the chain and a parameter file name alike. */
export const PAIR_FIELDS = [
  "initialFloorPpm",
  "initialCapPpm",
  "maintenanceFloorPpm",
  "maintenanceCapPpm",
  "initialTargetPpm",
  "maintenanceTargetPpm",
  "maxBonusBps",
] as const;

/** Depths are kept with 33 bits: exact to one part in this. */
export const DEPTH_PARTS = 1n << 32n;

/** local.json5 on a chain of its own, to the last number: delays, measures and sleeves, too. */
export async function deployAsWritten(): Promise<LocalSystem> {
  const connection = await network.create();
  const asWritten = { delays: "asWritten", haircuts: "measured", sleeves: "asWritten" } as const;
  return deployLocalSystem(await connection.ethers.getSigners(), asWritten);
}

/** Functions of a contract that may change state. */
export function stateChanging(contract: SpokenContract): readonly FunctionFragment[] {
  const functions: FunctionFragment[] = [];
  interfaceOf(contract).forEachFunction((fragment) => functions.push(fragment));
  return functions.filter(({ constant }) => !constant);
}

/** Calldata of a function with the simplest arguments that decode: zeros, empty lists, and one address. */
export function callDataOf(fragment: FunctionFragment, address: string): string {
  return new Interface([fragment]).encodeFunctionData(
    fragment,
    fragment.inputs.map((input) => simplest(input, address)),
  );
}

/** What a call answers: its data, or the data with which it was reverted. */
export interface Answer {
  readonly isReverted: boolean;
  readonly data: string;
}

/** Calls without a transaction; a failure that is not a revert is thrown. */
export async function answerTo(
  provider: Provider,
  call: { readonly from: string; readonly to: string; readonly data: string },
): Promise<Answer> {
  try {
    return { isReverted: false, data: await provider.call(call) };
  } catch (error) {
    const data = revertDataOf(error);
    if (data === undefined) throw error;
    return { isReverted: true, data };
  }
}

/** `CallerNotVault(0x…)`: the error in an answer, by the ABI of a contract; its selector when the contract has no such error. */
export function errorIn(answer: Answer, contract: SpokenContract): string {
  if (!answer.isReverted) return "no error";
  const parsed = interfaceOf(contract).parseError(answer.data);
  if (parsed === null) return answer.data.length < 10 ? "empty" : dataSlice(answer.data, 0, 4);
  return `${parsed.name}(${parsed.args.map(String).join(", ")})`;
}

/** The 32-byte words of a value. */
export function wordOf(value: bigint | string): string {
  return AbiCoder.defaultAbiCoder().encode(["uint256"], [BigInt(value)]);
}

/** A struct that a contract returned, as an object of its fields. */
export function fieldsOf(struct: object): Readonly<Record<string, unknown>> {
  if (!(struct instanceof Result)) throw new TypeError("found no Result of ethers");
  return struct.toObject();
}

function simplest(type: ParamType, address: string): unknown {
  if (type.baseType === "array") return [];
  if (type.baseType === "tuple") {
    return (type.components ?? []).map((component) => simplest(component, address));
  }
  if (type.type === "address") return address;
  if (type.type === "bool") return false;
  if (type.type === "string") return "";
  if (type.type.startsWith("bytes")) return `0x${"00".repeat(Number(type.type.slice(5) || 0))}`;
  return 0n;
}

/** Hardhat's node puts the data beside the message, ethers in the exception. */
function revertDataOf(error: unknown): string | undefined {
  if (isCallException(error as Error)) return (error as { data?: string }).data ?? "0x";
  for (let inner = error; typeof inner === "object" && inner !== null;) {
    const { data, cause } = inner as { data?: unknown; cause?: unknown };
    if (typeof data === "string" && data.startsWith("0x")) return data;
    inner = typeof data === "object" && data !== null ? data : cause;
  }
  return undefined;
}
