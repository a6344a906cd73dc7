// What calldata would be if it were packed: an estimate, no contract reads it.
//
// One byte says the operation. An own account is its tag, another's its owner and tag; a listed asset and a pool are their number in
// the registry; amounts are floats of five bytes, all is one code; who sends is not written as receiver.
import { concat, dataSlice, type Interface, type ParamType, toBeHex } from "ethers";
import { ownerOf, tagOf } from "../../sdk/accountId.ts";

/** What the packed form takes for granted. */
export interface Known {
  readonly sender: string;
  /** listed, in the order of their ids */
  readonly assets: readonly string[];
}

const ALL = 2n ** 256n - 1n;
const MANTISSA = 2n ** 32n;
/** Numbers that are no amounts, by the name of the parameter [bytes] */
const SMALL: Readonly<Record<string, number>> = {
  pool: 1,
  expectedLiquidations: 1,
  maxRounds: 1,
  deadline: 6,
};

/** Calldata in packed form. @throws RangeError for a call that the interface does not know */
export function pack(abi: Interface, data: string, known: Known): string {
  const call = abi.parseTransaction({ data });
  if (call === null)
    throw new RangeError(`selector ${dataSlice(data, 0, 4)} found in no interface`);
  const args = call.fragment.inputs.map((type, index) => packed(type, call.args[index], known));
  return concat(["0x01", ...args]);
}

function packed(type: ParamType, value: unknown, known: Known): string {
  if (type.arrayChildren) {
    const { arrayChildren } = type;
    const items = [...(value as readonly unknown[])];
    return concat([
      count(items.length),
      ...items.map((item) => packed(arrayChildren, item, known)),
    ]);
  }
  if (type.components) {
    const fields = value as readonly unknown[];
    return concat(type.components.map((field, index) => packed(field, fields[index], known)));
  }
  if (type.type === "bytes32") return account(String(value), known);
  if (type.type === "address") return address(String(value), known);
  if (type.type === "bytes") return concat([count((String(value).length - 2) / 2), String(value)]);
  return number(type.name, value as bigint);
}

function count(length: number): string {
  return toBeHex(length, 1);
}

function account(id: string, { sender }: Known): string {
  const tag = toBeHex(tagOf(id) % 256n, 1);
  return isSame(ownerOf(id), sender) ? tag : concat([ownerOf(id), tag]);
}

function address(text: string, { sender, assets }: Known): string {
  if (isSame(text, sender)) return "0x"; // a bit of the first byte says so
  const id = assets.findIndex((asset) => isSame(asset, text));
  return id === -1 ? text : toBeHex(id, 1);
}

function number(name: string, value: bigint): string {
  const bytes = SMALL[name];
  return bytes === undefined ? float(value) : toBeHex(value, bytes);
}

/** An exponent of ten and a mantissa of 32 bits, rounded down. */
export function float(value: bigint): string {
  if (value === ALL) return "0xff00000000";
  let [mantissa, exponent] = [value, 0];
  while (mantissa >= MANTISSA || (mantissa > 0n && mantissa % 10n === 0n)) {
    mantissa /= 10n;
    exponent += 1;
  }
  return concat([toBeHex(exponent, 1), toBeHex(mantissa, 4)]);
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
