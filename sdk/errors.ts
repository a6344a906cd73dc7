// From what a node or ethers throws to a sentence for people and facts for programs.
import { AbiCoder, decodeBytes32String, isHexString, type Result } from "ethers";
import type { ErrorText } from "./errorText.ts";
import { ERROR_TEXTS } from "./errorTexts.ts";
import { CUSTOM_ERRORS, type CustomError } from "./generated/errors.ts";
import { LIBRARY_ERROR_TEXTS } from "./libraryErrorTexts.ts";
import { formatUnits } from "./units.ts";

/** An argument of a contract's error. */
export type ErrorArgument = string | bigint | boolean;

/** Facts that every `SuretyError` has. */
export interface ErrorFacts {
  readonly name: string;
  readonly args: Readonly<Record<string, ErrorArgument>>;
  readonly isRetryable: boolean;
  readonly cause: unknown;
}

/**
 * A failed call in words. `name` is that of the contract's error, or `UnknownRevert`, `NetworkFailure`,
 * `SendFailure`, `UnknownFailure` where no contract spoke. `message` says what was found, what is
 * allowed and what to do. `isRetryable` says whether the same call can succeed later as it is.
 */
export class SuretyError extends Error {
  readonly args: Readonly<Record<string, ErrorArgument>>;
  readonly isRetryable: boolean;

  constructor(message: string, facts: ErrorFacts) {
    super(message, { cause: facts.cause });
    this.name = facts.name;
    this.args = facts.args;
    this.isRetryable = facts.isRetryable;
  }
}

/** Errors that the language itself raises, beside the generated ones. */
const BUILT_IN: readonly CustomError[] = [
  {
    selector: "0x08c379a0",
    name: "Error",
    inputs: [{ name: "reason", type: "string" }],
    contract: "",
  },
  {
    selector: "0x4e487b71",
    name: "Panic",
    inputs: [{ name: "code", type: "uint256" }],
    contract: "",
  },
];

const BY_SELECTOR: ReadonlyMap<string, CustomError> = new Map(
  [...CUSTOM_ERRORS, ...BUILT_IN].map((error) => [error.selector, error]),
);

/** Codes of ethers and of the operating system that say: the node was not reached, or not in time. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  "NETWORK_ERROR",
  "SERVER_ERROR",
  "TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
]);

/**
 * Sentences of nodes, for which no code is agreed: the block that was named, or its state, is not there.
 * Behind one address often stand several nodes, not all at the same head.
 */
const BEHIND =
  /header not found|missing trie node|unknown block|block not found|state .*(?:not available|unavailable)|no state available|beyond current head/i;

/** Codes of ethers for a transaction that never reached the chain, and what to do. */
const SEND_CODES: ReadonlyMap<string, readonly [sentence: string, isRetryable: boolean]> = new Map([
  [
    "INSUFFICIENT_FUNDS",
    ["The sender cannot pay the gas. Send it more of the chain's own coin.", false],
  ],
  [
    "NONCE_EXPIRED",
    ["The nonce is used already. Read the account's nonce again and resend.", true],
  ],
  [
    "REPLACEMENT_UNDERPRICED",
    ["Another transaction with this nonce is waiting. Raise both fees by a quarter.", true],
  ],
  ["TRANSACTION_REPLACED", ["The transaction was replaced by another one.", true]],
  ["ACTION_REJECTED", ["The wallet refused to sign. Confirm in the wallet to go on.", false]],
]);

/** The text about a custom error by its name, if there is one. */
export function errorTextOf(name: string): ErrorText | undefined {
  return Object.hasOwn(ERROR_TEXTS, name) ? ERROR_TEXTS[name] : LIBRARY_ERROR_TEXTS[name];
}

/**
 * Explains whatever a call threw: an ethers exception, an error of a provider, or bare revert data.
 * Never throws; what is not understood is said to be so.
 */
export function explainError(error: unknown): SuretyError {
  if (error instanceof SuretyError) return error;
  const data = typeof error === "string" && isHexString(error) ? error : revertDataOf(error);
  if (data !== undefined) return explainRevert(data, error);
  const code = codeOf(error);
  const sending = SEND_CODES.get(code);
  if (sending !== undefined) return failure("SendFailure", sending[0], sending[1], error);
  const answer = answerOf(error);
  if (BEHIND.test(answer)) {
    const sentence = `The node does not have the block that was asked for: ${shortened(answer)}. It lags behind, or has dropped the block's state. Ask again, or use another node.`;
    return failure("NetworkFailure", sentence, true, error);
  }
  if (NETWORK_CODES.has(code)) {
    const sentence = `The node did not answer (${code}). Check its address and whether it runs.`;
    return failure("NetworkFailure", sentence, true, error);
  }
  if (code === "CALL_EXCEPTION") return failure("UnknownRevert", SILENT, false, error);
  const sentence = `The call failed for a reason that is not known here (${code || "no code"}): ${shortMessageOf(error)}`;
  return failure("UnknownFailure", sentence, false, error);
}

/** Whether a contract refused the call, as opposed to the node, the network or the sender. */
export function isRevert(error: SuretyError): boolean {
  return !NO_CONTRACT_SPOKE.has(error.name);
}

/** Whether a contract refused the question, or is not what it was taken for; a node that is away is neither. */
export function isRefusal(error: unknown): boolean {
  return Reflect.get(Object(error), "code") === "BAD_DATA" || isRevert(explainError(error));
}

const NO_CONTRACT_SPOKE: ReadonlySet<string> = new Set([
  "NetworkFailure",
  "SendFailure",
  "UnknownFailure",
]);

const SILENT =
  "The call was refused without a reason. The address has no such function, ran out of gas, or its contract refuses silently. Check the address, the chain and the gas limit.";

function explainRevert(data: string, cause: unknown): SuretyError {
  if (data === "0x") return failure("UnknownRevert", SILENT, false, cause);
  const found = BY_SELECTOR.get(data.slice(0, 10).toLowerCase());
  const decoded = found === undefined ? undefined : decode(found, data);
  if (found === undefined || decoded === undefined) {
    const sentence = `The call was refused with data that is no error of Surety's contracts: ${shortened(data)}. It comes from a token, a feed or another contract that was called. Look up its selector there.`;
    return failure("UnknownRevert", sentence, false, cause);
  }
  const args = Object.fromEntries(
    found.inputs.map((input, i) => [input.name, decoded[i] as ErrorArgument]),
  );
  const text = errorTextOf(found.name);
  if (text === undefined) {
    const sentence = `The contract refused with ${found.name}(${listed(args)}), about which nothing is written yet.`;
    return new SuretyError(sentence, { name: found.name, args, isRetryable: false, cause });
  }
  const message = `${fill(text.found, found, args)} Allowed: ${fill(text.allowed, found, args)} To do: ${fill(text.remedy, found, args)}`;
  return new SuretyError(message, { name: found.name, args, isRetryable: text.isRetryable, cause });
}

function decode(error: CustomError, data: string): Result | undefined {
  try {
    const types = error.inputs.map(({ type }) => type);
    const decoded = AbiCoder.defaultAbiCoder().decode(types, `0x${data.slice(10)}`);
    decoded.toArray(); // touches every value, so that bad text fails here
    return decoded;
  } catch {
    return undefined; // the selector is ours and the rest is not: the data is unknown
  }
}

function fill(
  text: string,
  error: CustomError,
  args: Readonly<Record<string, ErrorArgument>>,
): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = args[name];
    const type = error.inputs.find((input) => input.name === name)?.type ?? "";
    return value === undefined ? whole : formatArgument(name, type, value);
  });
}

/** An argument as people read it; the unit is in the ending of its name. */
export function formatArgument(name: string, type: string, value: ErrorArgument): string {
  if (typeof value === "bigint") return formatQuantity(name, value);
  if (type === "bytes32" && name === "name") return decodeName(String(value));
  return String(value);
}

const RIGHTS = ["deposit", "withdraw", "borrow", "send"] as const;
const LATEST_TIME = 253_402_300_799n; // end of the year 9999

function formatQuantity(name: string, value: bigint): string {
  if (name.endsWith("Value")) return `${formatUnits(value, 18)} USD`;
  if (/wad$/i.test(name)) return value >= 2n ** 127n - 1n ? "unlimited" : formatUnits(value, 18);
  if (name.endsWith("Bps")) return `${formatUnits(value, 2)} %`;
  if (name.endsWith("At") || /deadline$/i.test(name)) return formatTime(value);
  if (name.endsWith("For")) return `${value} s`;
  if (/price$/i.test(name)) return `${formatUnits(value, 18)} USD for 1e18 base units`;
  if (/assets$/i.test(name) || name === "minimumOut") return `${value} base units`;
  if (/^rights?$/.test(name)) return formatRights(value);
  if (name === "code") return `0x${value.toString(16)}`;
  return value.toString();
}

function formatTime(value: bigint): string {
  if (value > LATEST_TIME) return `${value}`;
  return `${new Date(Number(value) * 1000).toISOString().replace(".000Z", "Z")} (${value})`;
}

function formatRights(value: bigint): string {
  const names = RIGHTS.filter((_, bit) => ((value >> BigInt(bit)) & 1n) === 1n);
  return names.length > 0 && value < 16n ? `${value} (${names.join(", ")})` : `${value}`;
}

function decodeName(value: string): string {
  try {
    return decodeBytes32String(value);
  } catch {
    return value; // not text: its bytes say more than nothing
  }
}

/** Where ethers, a provider or a node may have put the data of a revert. */
const NESTED = ["data", "error", "info", "cause"] as const;
const DEEPEST = 6;

function revertDataOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return undefined;
  for (const key of NESTED) {
    const value: unknown = Reflect.get(error, key);
    if (key === "data" && typeof value === "string" && isHexString(value)) return value;
    const found = revertDataOf(value, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function codeOf(error: unknown, depth = 0): string {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return "";
  const code: unknown = Reflect.get(error, "code");
  if (typeof code === "string" && code !== "UNKNOWN_ERROR") return code;
  return (
    codeOf(Reflect.get(error, "cause"), depth + 1) || codeOf(Reflect.get(error, "error"), depth + 1)
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name);
}

/** What the node itself said, where ethers passes it on. */
function answerOf(error: unknown): string {
  const answer = fieldOf(error, "error") ?? fieldOf(fieldOf(error, "info"), "error");
  const message = fieldOf(answer, "message");
  return typeof message === "string" ? message : "";
}

/** The sentence of the node, or of ethers; `message` of an ethers error holds whole transactions. */
function shortMessageOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const answered = answerOf(error);
  if (answered !== "") return shortened(answered);
  const short: unknown = Reflect.get(error, "shortMessage") ?? Reflect.get(error, "message");
  return typeof short === "string" ? shortened(short) : "nothing was said";
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}… (${text.length} characters)`;
}

function listed(args: Readonly<Record<string, ErrorArgument>>): string {
  return Object.entries(args)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function failure(name: string, message: string, isRetryable: boolean, cause: unknown): SuretyError {
  return new SuretyError(message, { name, args: {}, isRetryable, cause });
}
