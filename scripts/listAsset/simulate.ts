// The listing itself, run by a node without being sent: with the rights of governance, and with the trial's tokens.
import { concat, Interface, type JsonRpcProvider, toBeHex, zeroPadValue } from "ethers";
import { explainError, isRevert } from "../../sdk/errors.ts";

/** What a simulation said. */
export type Simulated =
  | { readonly type: "passed" }
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "impossible"; readonly reason: string };

/** What is simulated: the call of governance, after the tokens that the vault lacks came from a holder. */
export interface Simulation {
  readonly vault: string;
  readonly manager: string;
  readonly token: string;
  readonly listing: string; // calldata
  readonly missingAssets: bigint;
  readonly holder: string | undefined;
}

const CALLER = `0x${"11".repeat(20)}`;
const TOKEN = new Interface(["function transfer(address to, uint256 assets)"]);

/** Answers every question with (true, 0): may call, at once. */
const ALLOWS_ALL = concat([
  "0x6001", // PUSH1 1
  "0x5f52", // PUSH0 MSTORE
  "0x6040", // PUSH1 64
  "0x5ff3", // PUSH0 RETURN
]);

/** Makes two calls one after the other; calldata: target, target, 68 bytes for the first, the rest for the second. */
const TWO_CALLS = concat([
  "0x604460405f37", // the first calldata to memory: CALLDATACOPY(0, 64, 68)
  "0x5f5f60445f5f5f355af1", // CALL(gas, word 0, 0, 0, 68, 0, 0)
  "0x15603257", // failed: to the end
  "0x6084360380", // length of the second calldata, twice
  "0x60845f37", // CALLDATACOPY(0, 132, length)
  "0x5f5f825f5f6020355af1", // CALL(gas, word 1, 0, 0, length, 0, 0)
  "0x15603257", // failed: to the end
  "0x3d5f5f3e3d5ff3", // what it returned
  "0x5b3d5f5f3e3d5ffd", // the end: why it failed
]);

/** Runs the listing on the node's latest state. Throws when the node does not answer. */
export async function simulateListing(
  provider: JsonRpcProvider,
  simulation: Simulation,
): Promise<Simulated> {
  const { vault, manager, token, listing, missingAssets, holder } = simulation;
  const allowing = { [manager]: { code: ALLOWS_ALL } };
  if (missingAssets === 0n) {
    return ask(provider, { from: CALLER, to: vault, data: listing }, allowing);
  }
  if (holder === undefined) {
    return {
      type: "impossible",
      reason: "the vault lacks tokens for the trial, and no --holder was named who has some",
    };
  }
  const transfer = TOKEN.encodeFunctionData("transfer", [vault, missingAssets]);
  const data = concat([word(token), word(vault), transfer, listing]);
  const overrides = { ...allowing, [holder]: { code: TWO_CALLS } };
  return ask(provider, { from: CALLER, to: holder, data }, overrides);
}

async function ask(
  provider: JsonRpcProvider,
  call: { readonly from: string; readonly to: string; readonly data: string },
  overrides: Readonly<Record<string, { readonly code: string }>>,
): Promise<Simulated> {
  try {
    await provider.send("eth_call", [call, "latest", overrides]);
    return { type: "passed" };
  } catch (error) {
    const known = explainError(error);
    if (known.name === "NetworkFailure") throw error;
    if (isRevert(known)) return { type: "refused", reason: known.message };
    return {
      type: "impossible",
      reason: `the node does not run calls on a changed state (${known.message})`,
    };
  }
}

function word(address: string): string {
  return zeroPadValue(toBeHex(address, 20), 32);
}
