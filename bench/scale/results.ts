import type { Interface } from "ethers";
import { nameOf, OPERATION_IDS } from "../operations.ts";
import type { Meter, Sent } from "../stage.ts";
import type { Calls } from "./calls.ts";
import { type Known, pack } from "./compact.ts";
import type { HealthGas } from "./health.ts";
import type { KeeperTime } from "./keeperTime.ts";
import type { LenderGas } from "./lenders.ts";
import {
  BASE_SCALARS,
  type Bytes,
  brotliSize,
  calldataGas,
  countBytes,
  estimatedSizeScaled,
  feeOf,
  PRICES,
  signedTransaction,
} from "./rollup.ts";
import type { RoundGas, Rounds } from "./rounds.ts";

/** Everything that one run measured. */
export interface Results {
  /** Cores and Node version: times depend on it. */
  readonly machine: string;
  readonly health: HealthGas;
  readonly lenders: readonly LenderGas[];
  readonly rounds: readonly RoundGas[];
  readonly keeper: readonly KeeperTime[];
  readonly rollup: readonly RollupRow[];
}

/** A transaction in one of its two forms. */
export interface Form {
  readonly calldata: Bytes;
  readonly gas: number;
  readonly estimatedSize: number; // what the OP Stack charges for [bytes]
  readonly brotliSize: number; // of the signed transaction [bytes]
}

/** An operation on a rollup: as it is, and as it would be if its calldata were packed and unpacked for nothing. */
export interface RollupRow {
  readonly operation: string;
  readonly plain: Form;
  readonly packed: Form;
  readonly fees: readonly FeeRow[]; // one for each of `PRICES`
  /** what packing saves at dear data on a chain that charges every byte after Brotli at the same price, without a minimum */
  readonly savedByByte: number;
}

/** Fees at some prices; shares of 1. */
export interface FeeRow {
  readonly prices: string;
  readonly feeGwei: number;
  readonly packedGwei: number;
  readonly dataShare: number; // of the fee, for data
  readonly saved: number; // of the fee, by packing
}

interface Operation {
  readonly name: string;
  readonly sent: Sent;
  readonly abi: Interface;
  readonly assets: readonly string[];
}

/** The operations of the table, then those around it. */
export function operationsOf(
  meter: Pick<Meter, "sent">,
  calls: Calls,
  rounds: Pick<Rounds, "refresh" | "refreshPair">,
  abis: {
    readonly vault: Interface;
    readonly pool: Interface;
    readonly poolAddress: string;
    readonly assets: readonly string[];
    readonly roundAssets: readonly string[];
  },
): readonly Operation[] {
  const { vault, pool, poolAddress, assets, roundAssets } = abis;
  const ofTable = OPERATION_IDS.flatMap((id) =>
    (meter.sent[id] ?? []).map((sent) => ({
      name: nameOf(id),
      sent,
      abi: sent.to.toLowerCase() === poolAddress.toLowerCase() ? pool : vault,
      assets,
    })),
  );
  const around = [
    { name: "issue a margin call", sent: calls.issue, assets },
    { name: "clear a margin call", sent: calls.clear, assets },
    { name: "refresh, 1 round", sent: rounds.refresh, assets: roundAssets },
    { name: "refresh a pair, 1 round", sent: rounds.refreshPair, assets: roundAssets },
  ];
  return [...ofTable, ...around.map((operation) => ({ ...operation, abi: vault }))];
}

/** Bytes and fees of an operation, in both forms. */
export function toRollupRow({ name, sent, abi, assets }: Operation): RollupRow {
  const known: Known = { sender: sent.from, assets };
  const packedData = pack(abi, sent.data, known);
  const packedGas = sent.gas - calldataGas(sent.data) + calldataGas(packedData);
  const [plain, packed] = [
    formOf(sent.to, sent.data, sent.gas),
    formOf(sent.to, packedData, packedGas),
  ];
  const dear = PRICES[1];
  const [byByte, packedByByte] = [plain, packed].map((form) =>
    feeOf(form.gas, form.brotliSize, dear, BASE_SCALARS),
  );
  return {
    operation: name,
    plain,
    packed,
    fees: PRICES.map((prices) => {
      const fee = feeOf(plain.gas, plain.estimatedSize, prices, BASE_SCALARS);
      const packedFee = feeOf(packed.gas, packed.estimatedSize, prices, BASE_SCALARS);
      return {
        prices: prices.name,
        feeGwei: fee.total,
        packedGwei: packedFee.total,
        dataShare: fee.data / fee.total,
        saved: 1 - packedFee.total / fee.total,
      };
    }),
    savedByByte: 1 - (packedByByte?.total ?? 0) / (byByte?.total ?? 1),
  };
}

function formOf(to: string, data: string, gas: number): Form {
  const signed = signedTransaction(to, data, gas);
  return {
    calldata: countBytes(data),
    gas,
    estimatedSize: Number(estimatedSizeScaled(signed)) / 1e6,
    brotliSize: brotliSize(signed),
  };
}

/** The run for machines: whole numbers where the chain has them, no big ones. */
export function resultsToJson(results: Results): object {
  const { lenders, ...rest } = results;
  return {
    units: "gas of receipts; times of one machine in ms; bytes; fees in gwei; shares of 1",
    prices: PRICES.map(({ name, l2Gas, l1BaseFee, blobBaseFee }) => ({
      name,
      l2GasWei: Number(l2Gas),
      l1BaseFeeWei: Number(l1BaseFee),
      blobBaseFeeWei: Number(blobBaseFee),
    })),
    ...rest,
    lenders: lenders.map(({ lossAssets, ...row }) => ({ ...row, lossAssets: String(lossAssets) })),
  };
}
