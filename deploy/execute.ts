import {
  getCreateAddress,
  isAddress,
  type Provider,
  type Signer,
  type TransactionRequest,
} from "ethers";
import { CREATED, interfaceOf, SPOKEN } from "./contracts.ts";
import {
  type Argument,
  isAccountAt,
  isAddressOf,
  isGiven,
  isList,
  phasesOf,
  type Step,
} from "./steps.ts";
import { requireVenues } from "./venues.ts";

/** A step whose transaction was mined and failed, or could not be sent. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
  readonly step: string;

  constructor(step: string, reason: string, options?: ErrorOptions) {
    super(`step ${step} failed: ${reason}`, options);
    this.step = step;
  }
}

/** The deployer has too little of a token to try its transfers with, or for the first shares of a sleeve. */
export class ProbeUnfunded extends Error {
  override readonly name = "ProbeUnfunded";
  readonly token: string;
  readonly holder: string;
  readonly found: bigint;
  readonly needed: bigint;

  constructor(step: string, token: string, holder: string, found: bigint, needed: bigint) {
    super(
      `step ${step}: the deployer ${holder} holds ${found} base units of ${token}, allowed: at least ${needed}. ` +
        "Send it that much and start again.",
    );
    [this.token, this.holder, this.found, this.needed] = [token, holder, found, needed];
  }
}

/** The node has fewer accounts than the parameters or the roles need. */
export class SignersTooFew extends Error {
  override readonly name = "SignersTooFew";
  readonly found: number;
  readonly needed: number;

  constructor(found: number, needed: number) {
    super(`found ${found} signers, allowed: at least ${needed}`);
    this.found = found;
    this.needed = needed;
  }
}

/** Addresses of what was created, by step id. */
export type Addresses = ReadonlyMap<string, string>;

// A limit instead of an estimate: it halves the requests, and unused gas is not paid for. Only creations are estimated.
const CALL_GAS = 3_000_000n;

/**
 * Runs the steps of a deployment from the first signer, one transaction each, waiting at the end of every phase.
 * @param steps What `planDeployment` made.
 * @param signers Accounts of the node; the first is the deployer.
 * @throws VenueUnfit before anything is sent; StepFailed, SignersTooFew, ProbeUnfunded
 */
export async function executeSteps(
  steps: readonly Step[],
  signers: readonly Signer[],
): Promise<Addresses> {
  const accounts = await Promise.all(signers.map((signer) => signer.getAddress()));
  const deployer = signers[0];
  if (deployer === undefined) throw new SignersTooFew(0, 1);
  const { provider } = deployer;
  if (provider === null)
    throw new RangeError("found a signer without provider, allowed: a connected one");
  await requireVenues(provider, steps);
  const from = await deployer.getAddress();
  const addresses = new Map<string, string>();
  let nonce = await provider.getTransactionCount(from, "pending");
  for (const phase of phasesOf(steps)) {
    const sent: { readonly step: Step; readonly hash: string }[] = [];
    for (const step of phase) {
      const request = requestOf(step, addresses, accounts);
      await requireFunds(provider, step, from);
      if (step.type === "create") addresses.set(step.id, getCreateAddress({ from, nonce }));
      sent.push({ step, hash: await send(deployer, { ...request, nonce }, step) });
      nonce += 1;
    }
    for (const { step, hash } of sent) await requireSuccess(provider, hash, step.id);
  }
  return addresses;
}

/** A token that is there already is sent, or put in, from what the deployer has. */
async function requireFunds(provider: Provider, step: Step, holder: string): Promise<void> {
  if (step.type !== "call" || step.contract !== "IERC20Metadata") return;
  const needed = step.args[1];
  if (typeof needed !== "bigint") return;
  const token = SPOKEN.IERC20Metadata.connect(step.target, provider);
  const found = await token.balanceOf(holder);
  if (found < needed) throw new ProbeUnfunded(step.id, step.target, holder, found, needed);
}

function requestOf(
  step: Step,
  addresses: Addresses,
  accounts: readonly string[],
): TransactionRequest {
  const args = step.args.map((arg) => resolve(arg, addresses, accounts));
  if (step.type === "create") {
    const data =
      CREATED[step.contract].bytecode + interfaceOf(step.contract).encodeDeploy(args).slice(2);
    return { data };
  }
  const data = interfaceOf(step.contract).encodeFunctionData(step.method, args);
  return { to: addressOf(step.target, addresses), data };
}

async function send(deployer: Signer, request: TransactionRequest, step: Step): Promise<string> {
  try {
    const gasLimit = step.type === "create" ? await deployer.estimateGas(request) : CALL_GAS;
    return (await deployer.sendTransaction({ ...request, gasLimit })).hash;
  } catch (cause) {
    throw new StepFailed(step.id, cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
}

async function requireSuccess(provider: Provider, hash: string, step: string): Promise<void> {
  const receipt =
    (await provider.getTransactionReceipt(hash)) ?? (await provider.waitForTransaction(hash));
  if (receipt?.status !== 1) throw new StepFailed(step, `transaction ${hash} was reverted`);
}

/** An argument with addresses in place of references. */
function resolve(arg: Argument, addresses: Addresses, accounts: readonly string[]): unknown {
  if (typeof arg !== "object") return arg;
  if (isList(arg)) return arg.map((item) => resolve(item, addresses, accounts));
  if (isAddressOf(arg)) return addressOf(arg.addressOf, addresses);
  if (isAccountAt(arg)) return accountAt(arg.account, accounts);
  if (isGiven(arg)) throw new RangeError(`holder of role "${arg.given}" is given to Ignition only`);
  return Object.fromEntries(
    Object.entries(arg).map(([name, value]) => [name, resolve(value, addresses, accounts)]),
  );
}

function addressOf(id: string, addresses: Addresses): string {
  if (isAddress(id)) return id;
  const address = addresses.get(id);
  if (address === undefined) throw new RangeError(`step "${id}" found in no earlier phase`);
  return address;
}

function accountAt(index: number, accounts: readonly string[]): string {
  const account = accounts[index];
  if (account === undefined) throw new SignersTooFew(accounts.length, index + 1);
  return account;
}
