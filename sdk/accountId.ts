// An account: owner address (20 bytes) followed by a tag (12 bytes). Ownership needs no storage read.
import { getAddress, isHexString, toBeHex } from "ethers";

/** 32 bytes in lower-case hexadecimal, 0x first. */
export type AccountId = `0x${string}`;

const TAG_BITS = 96n;
const TAG_MAX = 2n ** TAG_BITS - 1n;

/** A tag is a whole number from 0 to 2^96 − 1. */
export class TagOutOfRange extends Error {
  override readonly name = "TagOutOfRange";
  readonly tag: bigint;

  constructor(tag: bigint) {
    super(`Tag ${tag} found; a tag is a whole number from 0 to 2^96 − 1.`);
    this.tag = tag;
  }
}

/** An account is 32 bytes in hexadecimal. */
export class AccountIdInvalid extends Error {
  override readonly name = "AccountIdInvalid";
  readonly text: string;

  constructor(text: string) {
    super(`"${text}" is no account: 0x and 64 hexadecimal digits are one.`);
    this.text = text;
  }
}

/** The account of `owner` with `tag`. Throws `TagOutOfRange`, or ethers' error for a bad address. */
export function toAccountId(owner: string, tag: bigint): AccountId {
  if (tag < 0n || tag > TAG_MAX) throw new TagOutOfRange(tag);
  return toHex32((BigInt(getAddress(owner)) << TAG_BITS) | tag);
}

/** The address that owns the account, with its checksum. Throws `AccountIdInvalid`. */
export function ownerOf(account: string): string {
  return getAddress(toBeHex(toNumber(account) >> TAG_BITS, 20));
}

/** The owner's own number for the account. Throws `AccountIdInvalid`. */
export function tagOf(account: string): bigint {
  return toNumber(account) & TAG_MAX;
}

/** The account as this module writes it, whatever the case of its digits. Throws `AccountIdInvalid`. */
export function parseAccountId(text: string): AccountId {
  return toHex32(toNumber(text));
}

function toNumber(account: string): bigint {
  if (!isHexString(account, 32)) throw new AccountIdInvalid(account);
  return BigInt(account);
}

function toHex32(number: bigint): AccountId {
  return `0x${number.toString(16).padStart(64, "0")}`;
}
