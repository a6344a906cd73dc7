// What a transaction costs on a rollup of the OP Stack: gas there, and a share of what its data costs on L1.
// Formula: https://specs.optimism.io/protocol/fjord/exec-engine.html#fjord-l1-cost-fee-changes-fastlz-estimator
import { brotliCompressSync } from "node:zlib";
import { dataLength, getBytes, Transaction, Wallet } from "ethers";
import solady from "solady";

/** Constants of the formula, in millionths of a byte; coefficient in millionths. */
const INTERCEPT = -42_585_600n;
const COEFFICIENT = 836_500n;
const LEAST_SIZE = 100_000_000n;
const MILLION = 1_000_000n;

/** The minimum that is charged [bytes] */
export const LEAST_SIZE_BYTES = Number(LEAST_SIZE / MILLION);

/** Up to this FastLZ size the minimum is charged: fewer bytes save nothing. */
export const LEAST_CHARGED_SIZE = Number((LEAST_SIZE - INTERCEPT) / COEFFICIENT);

/** What a chain's operator multiplies the prices of L1 by, in millionths. */
export interface Scalars {
  readonly baseFee: bigint;
  readonly blobBaseFee: bigint;
}

/** Base since Fjord: https://github.com/base/contract-deployments/pull/188 */
export const BASE_SCALARS: Scalars = { baseFee: 2_269n, blobBaseFee: 1_055_762n };

/** Prices that a fee is computed for [wei per gas] */
export interface Prices {
  readonly name: string;
  readonly l2Gas: bigint;
  readonly l1BaseFee: bigint;
  readonly blobBaseFee: bigint;
}

const GWEI = 1_000_000_000n;

/** Assumed: the L2 busy and data nearly for nothing, and the other way about. */
export const PRICES: readonly [cheapData: Prices, dearData: Prices] = [
  { name: "cheap data", l2Gas: GWEI / 100n, l1BaseFee: GWEI, blobBaseFee: 1n },
  { name: "dear data", l2Gas: GWEI / 1_000n, l1BaseFee: 10n * GWEI, blobBaseFee: GWEI },
];

export interface Bytes {
  readonly zero: number;
  readonly nonZero: number;
}

/** Zero and other bytes of data in hexadecimal. */
export function countBytes(data: string): Bytes {
  const zero = getBytes(data).filter((byte) => byte === 0).length;
  return { zero, nonZero: dataLength(data) - zero };
}

/** Gas of calldata by EIP-2028; the floor of EIP-7623 is below what these operations execute. */
export function calldataGas(data: string): number {
  const { zero, nonZero } = countBytes(data);
  return 4 * zero + 16 * nonZero;
}

/** Length after FastLZ, as the GasPriceOracle of the OP Stack compresses [bytes] */
export function fastLzSize(data: string): number {
  return dataLength(`0x${solady.LibZip.flzCompress(data).replace(/^0x/, "")}`);
}

/** Length after Brotli at its best, as a batch without neighbours would be [bytes] */
export function brotliSize(data: string): number {
  return brotliCompressSync(getBytes(data)).length;
}

/** What the formula takes a signed transaction for [millionths of a byte] */
export function estimatedSizeScaled(signed: string): bigint {
  const size = INTERCEPT + COEFFICIENT * BigInt(fastLzSize(signed));
  return size > LEAST_SIZE ? size : LEAST_SIZE;
}

/** What a transaction of this size pays for its data [wei] */
export function l1Fee(sizeScaled: bigint, prices: Prices, scalars: Scalars): bigint {
  const perByte =
    16n * scalars.baseFee * prices.l1BaseFee + scalars.blobBaseFee * prices.blobBaseFee;
  return (sizeScaled * perByte) / (MILLION * MILLION);
}

export interface Fee {
  readonly total: number; // [gwei]
  readonly data: number; // of it, for L1 [gwei]
}

/** Fee for gas and so many bytes of data. */
export function feeOf(gas: number, bytes: number, prices: Prices, scalars: Scalars): Fee {
  const data = Number(l1Fee(BigInt(Math.round(bytes * 1e6)), prices, scalars)) / 1e9;
  return { data, total: (gas * Number(prices.l2Gas)) / 1e9 + data };
}

// A key that owns nothing, so that the same call has the same signature in every run.
const SIGNER = new Wallet(`0x${"5c".repeat(32)}`);

/** A signed EIP-1559 transaction of Base, as a wallet would send it. */
export function signedTransaction(to: string, data: string, gas: number): string {
  const transaction = Transaction.from({
    type: 2,
    chainId: 8453,
    nonce: 100,
    maxPriorityFeePerGas: GWEI / 1_000n,
    maxFeePerGas: GWEI / 50n,
    gasLimit: gas,
    to,
    value: 0n,
    data,
  });
  transaction.signature = SIGNER.signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}
