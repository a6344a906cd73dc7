// The receipt of a transaction, and what the vault and its pools said in it.
import { getAddress, isAddress, isHexString, type Log, type Provider } from "ethers";
import type {
  ILiquidation,
  IWriteOff,
  LiquidatedEvent,
  WrittenOffEvent,
} from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { ICollateralVault__factory } from "../../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";
import { ILendingPool__factory } from "../../types/ethers-contracts/factories/contracts/interfaces/ILendingPool__factory.ts";
import { type AccountId, parseAccountId } from "../accountId.ts";
import {
  NoLiquidation,
  TransactionHashInvalid,
  TransactionPending,
  TransactionReverted,
  TransactionUnknown,
  VaultAddressInvalid,
  VaultAmbiguous,
} from "./failures.ts";
import type { LossLayer } from "./stories.ts";

const VAULT = ICollateralVault__factory.createInterface();
const POOL = ILendingPool__factory.createInterface();
const LIQUIDATED = VAULT.getEvent("Liquidated").topicHash;
const WRITTEN_OFF = VAULT.getEvent("WrittenOff").topicHash;
const EXPIRED = VAULT.getEvent("MarginCallExpired").topicHash;
const LOSS_ABSORBED = POOL.getEvent("LossAbsorbed").topicHash;
/** Events about an account that leave what it holds, owes and is asked for as it was. */
const HARMLESS: ReadonlySet<string | undefined> = new Set([
  VAULT.getEvent("OperatorSet").topicHash,
  VAULT.getEvent("AllowanceDrawn").topicHash,
  VAULT.getEvent("LockedDown").topicHash,
  VAULT.getEvent("ConsentUsed").topicHash,
  VAULT.getEvent("ConsentsVoided").topicHash,
  VAULT.getEvent("LossFlagged").topicHash,
  VAULT.getEvent("RecallRequested").topicHash,
  VAULT.getEvent("RecallServed").topicHash,
]);

/** A mined transaction that succeeded. */
export interface Mined {
  readonly hash: string;
  readonly chainId: bigint;
  readonly block: number;
  /** time of the block [unix s] */
  readonly at: bigint;
  readonly sender: string;
  readonly gasUsed: bigint;
  readonly costWei: bigint;
  readonly logs: readonly Log[];
}

/** Where an event stands, and about whom it is. */
interface ClosingEvent {
  readonly log: Log;
  readonly account: AccountId;
  readonly liquidator: string;
  readonly liquidations: bigint;
}

/** A leg as the event tells it. */
export type LegFacts = ILiquidation.LegReceiptStructOutput;
/** What was taken of a collateral, as the event tells it. */
export type TakenFacts = IWriteOff.TakenStructOutput;
/** What happened to a debt, as the event tells it. */
export type SettledFacts = IWriteOff.SettledStructOutput;

/** `Liquidated`, and the expiry that was told just before. */
export interface LiquidatedFacts extends ClosingEvent {
  readonly type: "liquidation";
  readonly legs: readonly LegFacts[];
  readonly coverageBeforeWad: bigint;
  readonly coverageAfterWad: bigint;
  readonly targetBps: bigint;
  /** of the call that expired; undefined at close-out */
  readonly expiredDeadline: bigint | undefined;
}

/** `WrittenOff`, and what the pools booked after it, by their addresses. */
export interface WrittenOffFacts extends ClosingEvent {
  readonly type: "writeOff";
  readonly taken: readonly TakenFacts[];
  readonly settled: readonly SettledFacts[];
  readonly layers: ReadonlyMap<string, readonly LossLayer[]>;
}

/** A liquidation or a write-off, from the receipt alone. */
export type ClosingFacts = LiquidatedFacts | WrittenOffFacts;

/** Throws `TransactionHashInvalid`, `TransactionUnknown`, `TransactionPending`, `TransactionReverted`, or what the provider throws. */
export async function readMined(provider: Provider, hash: string): Promise<Mined> {
  if (!isHexString(hash, 32)) throw new TransactionHashInvalid(hash);
  const [receipt, { chainId }] = await Promise.all([
    provider.getTransactionReceipt(hash),
    provider.getNetwork(),
  ]);
  if (receipt === null) {
    const isKnown = (await provider.getTransaction(hash)) !== null;
    throw isKnown ? new TransactionPending(hash) : new TransactionUnknown(hash, chainId);
  }
  if (receipt.status === 0) throw new TransactionReverted(hash, receipt.blockNumber);
  const block = await provider.getBlock(receipt.blockNumber);
  if (block === null) throw new TransactionUnknown(hash, chainId); // reorganised a moment ago
  return {
    hash: receipt.hash,
    chainId,
    block: receipt.blockNumber,
    at: BigInt(block.timestamp),
    sender: receipt.from,
    gasUsed: receipt.gasUsed,
    costWei: receipt.fee,
    logs: receipt.logs,
  };
}

/** Addresses that emitted the events of a liquidation or a write-off, each once. */
function vaultsIn(mined: Mined): readonly string[] {
  return [...new Set(mined.logs.filter(isClosing).map(({ address }) => getAddress(address)))];
}

/** The one vault that liquidated in a transaction. Throws `NoLiquidation`, `VaultAmbiguous`. */
export function onlyVaultIn(mined: Mined): string {
  const found = vaultsIn(mined);
  const [vault] = found;
  if (vault === undefined) {
    throw new NoLiquidation(mined.hash, { events: mined.logs.length, vaultsFound: [] });
  }
  if (found.length > 1) throw new VaultAmbiguous(mined.hash, found);
  return vault;
}

/** Liquidations and write-offs of one vault, in their order. Throws `VaultAddressInvalid`, `NoLiquidation`. */
export function closingsIn(mined: Mined, vault: string): readonly ClosingFacts[] {
  if (!isAddress(vault)) throw new VaultAddressInvalid(vault);
  const address = getAddress(vault);
  const own = mined.logs.filter((log) => getAddress(log.address) === address);
  const closings = own.filter(isClosing);
  if (closings.length === 0) {
    const found = { vault: address, events: mined.logs.length, vaultsFound: vaultsIn(mined) };
    throw new NoLiquidation(mined.hash, found);
  }
  return closings.map((log, place) =>
    log.topics[0] === LIQUIDATED
      ? liquidatedFacts(log, own)
      : writtenOffFacts(log, mined.logs, closings[place + 1]),
  );
}

function isClosing({ topics }: Log): boolean {
  return topics[0] === LIQUIDATED || topics[0] === WRITTEN_OFF;
}

/** How many events before this one, of the same block, say that the account changed. */
export function earlierEvents(facts: ClosingFacts, blockLogs: readonly Log[]): number {
  const { log, account } = facts;
  const own = blockLogs.filter(({ topics, index }) => topics[1] === account && index < log.index);
  const isOurs = (event: Log | undefined) =>
    event?.topics[0] === EXPIRED && event.transactionHash === log.transactionHash;
  const counted = isOurs(own.at(-1)) && facts.type === "liquidation" ? own.slice(0, -1) : own;
  return counted.filter(({ topics }) => !HARMLESS.has(topics[0])).length;
}

function liquidatedFacts(log: Log, own: readonly Log[]): LiquidatedFacts {
  const event = decode<LiquidatedEvent.OutputObject>(log);
  const account = parseAccountId(event.account);
  const last = own.filter(({ topics, index }) => topics[1] === account && index < log.index).at(-1);
  const expired = last?.topics[0] === EXPIRED ? last : undefined;
  return {
    type: "liquidation",
    log,
    account,
    liquidator: event.liquidator,
    liquidations: event.liquidations,
    legs: event.legs,
    coverageBeforeWad: event.coverageBeforeWad,
    coverageAfterWad: event.coverageAfterWad,
    targetBps: event.targetBps,
    expiredDeadline: expired && decode<{ readonly deadline: bigint }>(expired).deadline,
  };
}

/** each pool books its loss after the event, before that of the next write-off */
function writtenOffFacts(log: Log, all: readonly Log[], next: Log | undefined): WrittenOffFacts {
  const event = decode<WrittenOffEvent.OutputObject>(log);
  const booked = all.filter(
    ({ topics, index }) =>
      topics[0] === LOSS_ABSORBED &&
      index > log.index &&
      (next === undefined || index < next.index),
  );
  return {
    type: "writeOff",
    log,
    account: parseAccountId(event.account),
    liquidator: event.liquidator,
    liquidations: event.liquidations,
    taken: event.taken,
    settled: event.settled,
    layers: new Map(booked.map((loss) => [getAddress(loss.address), layersOf(loss)])),
  };
}

/** whatever layers the event has: every amount that it names `from…Assets`, in its order */
function layersOf(log: Log): readonly LossLayer[] {
  const parsed = POOL.parseLog(log);
  if (parsed === null) return [];
  return parsed.fragment.inputs.flatMap(({ name }) => {
    const layer = /^from(\w+)Assets$/.exec(name)?.[1];
    const assets: unknown = parsed.args.getValue(name);
    if (layer === undefined || typeof assets !== "bigint") return [];
    return [{ name: layer.charAt(0).toLowerCase() + layer.slice(1), assets }];
  });
}

/** an event of the vault, by the names of its arguments */
function decode<Event>(log: Log): Event {
  const parsed = VAULT.parseLog(log);
  if (parsed === null) throw new RangeError(`event ${log.topics[0]} found, allowed: a vault's`);
  return parsed.args as unknown as Event;
}
