// What owners sign: consents of the vault (EIP-712) and permits of tokens (ERC-2612). Each function gives the three
// parts that `signTypedData` of a wallet takes.
import type { TypedDataDomain, TypedDataField } from "ethers";
import type { AccountId } from "./accountId.ts";

/** What an operator may do. A sum of these. */
export const RIGHTS = {
  deposit: 1n,
  withdraw: 2n,
  borrow: 4n,
  send: 8n,
  reuse: 16n,
} as const;

/** Most of one token that an operator may take out; 2^256 − 1 never ends. */
export interface Allowance {
  readonly asset: string;
  readonly assets: bigint;
}

/** What an operator may do, and within which bounds. */
export interface OperatorTerms {
  /** sum of `RIGHTS`; 0 takes all back */
  readonly rights: bigint;
  /** from then on they are void [unix s] */
  readonly expiresAt: bigint;
  /** coverage that the operator leaves at least; 0 for none [bps] */
  readonly leastCoverageBps: bigint;
  /** none for no limit, else what is not named is 0 */
  readonly allowances: readonly Allowance[];
}

/** A consent before it is signed. */
export interface OperatorConsent {
  readonly account: AccountId;
  readonly operator: string;
  readonly terms: OperatorTerms;
  /** of the account, as `epochOf` tells it: a lockdown voids what was signed before */
  readonly epoch: bigint;
  /** as `nextNonceOf` tells it */
  readonly nonce: bigint;
  /** last second at which it can be used [unix s] */
  readonly deadline: bigint;
}

/** What `signTypedData` takes; a type with mutable arrays, because that function asks for them. */
export interface TypedData<Message> {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Message;
}

/** A permit before it is signed. */
export interface Permit {
  readonly owner: string;
  readonly spender: string;
  /** [assets] */
  readonly value: bigint;
  /** of the owner, as the token's `nonces` tells it */
  readonly nonce: bigint;
  /** [unix s] */
  readonly deadline: bigint;
}

/** Name, version and address of a token, as it says itself (`eip712Domain`, or `name` and "1"). */
export interface PermitToken {
  readonly address: string;
  readonly name: string;
  readonly version: string;
}

const CONSENT_TYPES: Readonly<Record<string, readonly TypedDataField[]>> = {
  Allowance: [
    { name: "asset", type: "address" },
    { name: "assets", type: "uint256" },
  ],
  OperatorTerms: [
    { name: "rights", type: "uint256" },
    { name: "expiresAt", type: "uint256" },
    { name: "leastCoverageBps", type: "uint256" },
    { name: "allowances", type: "Allowance[]" },
  ],
  OperatorConsent: [
    { name: "account", type: "bytes32" },
    { name: "operator", type: "address" },
    { name: "terms", type: "OperatorTerms" },
    { name: "epoch", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const PERMIT_TYPES: Readonly<Record<string, readonly TypedDataField[]>> = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** The consent of an account's owner as typed data, with its allowances by rising address, as the vault wants them. */
export function consentTypedData(
  vault: string,
  chainId: bigint,
  consent: OperatorConsent,
): TypedData<OperatorConsent> {
  return {
    domain: { name: "Surety", version: "1", chainId, verifyingContract: vault },
    types: mutable(CONSENT_TYPES),
    message: { ...consent, terms: sortedTerms(consent.terms) },
  };
}

/** A token's permit as typed data. For the vault the spender is the vault, of collateral and of repayments. */
export function permitTypedData(
  token: PermitToken,
  chainId: bigint,
  permit: Permit,
): TypedData<Permit> {
  const { name, version, address } = token;
  return {
    domain: { name, version, chainId, verifyingContract: address },
    types: mutable(PERMIT_TYPES),
    message: permit,
  };
}

/** The same terms with allowances by rising address. */
export function sortedTerms(terms: OperatorTerms): OperatorTerms {
  const allowances = [...terms.allowances].sort((a, b) =>
    BigInt(a.asset) < BigInt(b.asset) ? -1 : 1,
  );
  return { ...terms, allowances };
}

/** A nonce: a namespace of 192 bits above a counter of 64. @throws RangeError when one of them is larger, or negative */
export function toNonce(namespace: bigint, counter: bigint): bigint {
  if (namespace >> 192n !== 0n) {
    throw new RangeError(`namespace found ${namespace}, allowed: 0 to 2^192 − 1`);
  }
  if (counter >> 64n !== 0n) {
    throw new RangeError(`counter found ${counter}, allowed: 0 to 2^64 − 1`);
  }
  return (namespace << 64n) | counter;
}

function mutable(
  types: Readonly<Record<string, readonly TypedDataField[]>>,
): Record<string, TypedDataField[]> {
  return Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));
}
