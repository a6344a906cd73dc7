// The margin call that stood when an account was liquidated: looked for backwards, in ranges that nodes serve.
import type { Log, Provider } from "ethers";
import { ICollateralVault__factory } from "../../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";
import type { AccountId } from "../accountId.ts";
import type { CallEvent } from "./stories.ts";

const VAULT = ICollateralVault__factory.createInterface();
const NAMES = [
  "MarginCallIssued",
  "MarginCallPaused",
  "MarginCallResumed",
  "MarginCallCured",
  "MarginCallExpired",
] as const;
const TOPICS = NAMES.map((name) => VAULT.getEvent(name).topicHash);
const CURED = VAULT.getEvent("MarginCallCured").topicHash;
const ISSUED = VAULT.getEvent("MarginCallIssued").topicHash;

/** Most blocks in one request; halved where a node refuses. */
const RANGE = 10_000;

/** Most requests before it gives up: some nodes serve ten blocks at once. */
const MOST_REQUESTS = 300;

/** The events of a call were not found in as many requests as are made for them. */
export class CallNotFound extends Error {
  override readonly name = "CallNotFound";
  readonly fromBlock: number;

  constructor(fromBlock: number) {
    super(
      `its issue was not found back to block ${fromBlock}, in ${MOST_REQUESTS} requests of logs. Use a node that serves longer ranges.`,
    );
    this.fromBlock = fromBlock;
  }
}

/** Where to look. */
export interface CallQuestion {
  readonly provider: Provider;
  readonly vault: string;
  readonly account: AccountId;
  /** only what is before this event */
  readonly before: { readonly block: number; readonly logIndex: number };
  /** the vault has no events before */
  readonly fromBlock: number;
}

/**
 * What happened to the account's call since it was last cured, oldest first. Looks back until a cure, or until it found the
 * issue and a range with nothing before it. Throws `CallNotFound`, or what the provider throws for a single block.
 */
export async function readCall(question: CallQuestion): Promise<readonly CallEvent[]> {
  const { provider, before } = question;
  const found: Log[] = [];
  let size = RANGE;
  let requests = 0;
  for (let to = before.block; to >= question.fromBlock;) {
    const from = Math.max(question.fromBlock, to - size + 1);
    if (++requests > MOST_REQUESTS) throw new CallNotFound(to + 1);
    const logs = await rangeOf(question, from, to);
    if (logs === undefined) {
      size = Math.max(1, Math.floor(size / 2));
      continue;
    }
    found.unshift(...logs.filter((log) => isBefore(log, before)));
    const isIssueFound = found.some(({ topics }) => topics[0] === ISSUED);
    if (found.some(({ topics }) => topics[0] === CURED)) break;
    if (isIssueFound && logs.length === 0) break;
    to = from - 1;
  }
  const lastCure = found.findLastIndex(({ topics }) => topics[0] === CURED);
  return Promise.all(found.slice(lastCure + 1).map((log) => toCallEvent(provider, log)));
}

function isBefore(log: Log, { block, logIndex }: CallQuestion["before"]): boolean {
  return log.blockNumber < block || log.index < logIndex;
}

/** undefined when the node refuses a range that can be halved */
async function rangeOf(
  { provider, vault, account }: CallQuestion,
  fromBlock: number,
  toBlock: number,
): Promise<readonly Log[] | undefined> {
  try {
    return await provider.getLogs({
      address: vault,
      topics: [TOPICS, account],
      fromBlock,
      toBlock,
    });
  } catch (error) {
    if (fromBlock === toBlock) throw error;
    return undefined;
  }
}

async function toCallEvent(provider: Provider, log: Log): Promise<CallEvent> {
  const parsed = VAULT.parseLog(log);
  const header = await provider.getBlock(log.blockNumber);
  if (parsed === null || header === null) {
    throw new RangeError(`block ${log.blockNumber} is gone: the chain changed while it was read`);
  }
  const { args } = parsed;
  const when = { block: log.blockNumber, at: BigInt(header.timestamp) };
  switch (parsed.name) {
    case "MarginCallIssued":
      return {
        ...when,
        type: "issued",
        amountValue: args.amountValue,
        deadline: args.deadline,
        coverageWad: args.coverageWad,
        transactionHash: log.transactionHash,
      };
    case "MarginCallPaused":
      return { ...when, type: "paused", leftFor: args.leftFor };
    case "MarginCallResumed":
      return { ...when, type: "resumed", deadline: args.deadline };
    default:
      return { ...when, type: "expired", deadline: args.deadline };
  }
}
