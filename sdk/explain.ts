// Why an account was liquidated or written off: read from the receipt of the transaction and from the state before it.
import type { Provider } from "ethers";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { ownerOf, tagOf } from "./accountId.ts";
import { vaultAt } from "./contracts.ts";
import { explainError, isRefusal } from "./errors.ts";
import {
  describeBefore,
  type History,
  PRICED_AT,
  readHistory,
  rebuild,
  rulesOf,
} from "./explain/before.ts";
import { CallNotFound, readCall } from "./explain/calls.ts";
import { NotAVault } from "./explain/failures.ts";
import {
  type Judged,
  leastPossible,
  matchingRun,
  runTerms,
  tellLegs,
  totalsOf,
} from "./explain/liquidated.ts";
import { type Names, readNames } from "./explain/names.ts";
import {
  type ClosingFacts,
  closingsIn,
  earlierEvents,
  type LiquidatedFacts,
  type Mined,
  onlyVaultIn,
  readMined,
  type WrittenOffFacts,
} from "./explain/receipt.ts";
import type {
  CallStory,
  Liquidated,
  LiquidationStory,
  Occurrence,
  Picture,
  WrittenOff,
} from "./explain/stories.ts";
import { isAsPlanned, tellSettled, tellTaken } from "./explain/writtenOff.ts";
import type { Run } from "./liquidationRun.ts";
import { total } from "./mathLib.ts";
import { type PoolView, readMarket } from "./market.ts";
import { standingOf } from "./reader.ts";

/**
 * Explains every liquidation and write-off of a transaction, in the order of its events. Numbers of the transaction are
 * those of its events; the account before is rebuilt from the block before, and told apart where the node has no such state
 * or something moved in between (`picture`).
 * @param vaultAddress The vault; undefined for the only one that liquidated in this transaction.
 *
 * Throws `TransactionHashInvalid`, `TransactionUnknown`, `TransactionPending`, `TransactionReverted`, `VaultAddressInvalid`,
 * `VaultAmbiguous`, `NoLiquidation`, `NotAVault`, or what the provider throws.
 */
export async function explainLiquidation(
  provider: Provider,
  vaultAddress: string | undefined,
  txHash: string,
): Promise<readonly LiquidationStory[]> {
  const mined = await readMined(provider, txHash);
  const address = vaultAddress ?? onlyVaultIn(mined);
  const closings = closingsIn(mined, address);
  const vault = vaultAt(address, provider);
  const { pools, fromBlock } = await readPools(vault, address, mined);
  const names = await readNames(provider, closings.flatMap(assetsOf), pools);
  const scene: Scene = { provider, vault, address, mined, pools, fromBlock, names, closings };
  const stories: LiquidationStory[] = [];
  for (const facts of closings) stories.push(await tell(scene, facts));
  return stories;
}

/** Everything that the stories of one transaction share. */
interface Scene {
  readonly provider: Provider;
  readonly vault: ICollateralVault;
  readonly address: string;
  readonly mined: Mined;
  readonly pools: readonly PoolView[];
  /** the vault has no events before */
  readonly fromBlock: number;
  readonly names: Names;
  readonly closings: readonly ClosingFacts[];
}

async function readPools(
  vault: ICollateralVault,
  address: string,
  mined: Mined,
): Promise<Pick<Scene, "pools" | "fromBlock">> {
  try {
    const [{ pools }, fromBlock] = await Promise.all([readMarket(vault), vault.deployedAtBlock()]);
    return { pools, fromBlock: Number(fromBlock) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new NotAVault(address, mined.chainId, error);
  }
}

function assetsOf(facts: ClosingFacts): readonly string[] {
  const lines = facts.type === "liquidation" ? facts.legs : facts.taken;
  return lines.map(({ asset }) => asset);
}

async function tell(scene: Scene, facts: ClosingFacts): Promise<LiquidationStory> {
  const history = await historyOf(scene, facts);
  if (typeof history === "string") {
    const picture = { type: "none", reason: history } as const;
    return write(scene, facts, { picture, judged: undefined, run: undefined, history: undefined });
  }
  const names = await namesOfAll(scene, history);
  const logs = await scene.provider.getLogs({
    address: scene.address,
    fromBlock: facts.log.blockNumber,
    toBlock: facts.log.blockNumber,
  });
  const known = judge(facts, history, scene.mined.at, earlierEvents(facts, logs));
  return write({ ...scene, names }, facts, { ...known, history });
}

/** the state of the time, or the sentence of a node that does not keep it */
async function historyOf(
  { provider, vault }: Scene,
  facts: ClosingFacts,
): Promise<History | string> {
  try {
    return await readHistory(vault, facts);
  } catch (error) {
    await provider.getBlockNumber(); // a node that is away throws here: that is no lack of history
    return explainError(error).message;
  }
}

/** also of collaterals that no event names */
function namesOfAll({ provider, pools, closings }: Scene, { view }: History): Promise<Names> {
  const held = view.snapshot.collaterals.map(({ asset }) => asset);
  return readNames(provider, [...closings.flatMap(assetsOf), ...held], pools);
}

/** What is known of the account before. */
interface Known {
  readonly picture: Picture;
  readonly judged: Judged | undefined;
  /** with an exact picture of a liquidation */
  readonly run: Run | undefined;
}

/** the account at prices from which the event follows; else at those after the block */
function judge(facts: ClosingFacts, history: History, nowAt: bigint, earlier: number): Known {
  const rules = rulesOf(history);
  const call = standingOf(history.view, nowAt);
  const candidates = PRICED_AT.map((pricedAt): Judged => ({
    snapshot: rebuild(history, facts, pricedAt),
    rules,
    call,
  }));
  const [usual] = candidates;
  if (earlier > 0) {
    const picture = { type: "blockBefore", earlierEvents: earlier } as const;
    return { picture, judged: usual, run: undefined };
  }
  for (const judged of candidates) {
    if (facts.type === "liquidation") {
      const run = matchingRun(facts, judged);
      if (run !== undefined) return { picture: { type: "exact" }, judged, run };
    } else if (isAsPlanned(facts, judged.snapshot, rules, nowAt)) {
      return { picture: { type: "exact" }, judged, run: undefined };
    }
  }
  return { picture: { type: "approximate" }, judged: usual, run: undefined };
}

async function write(
  scene: Scene,
  facts: ClosingFacts,
  known: Known & { readonly history: History | undefined },
): Promise<LiquidationStory> {
  const occurrence = await occurrenceOf(scene, facts, known);
  return facts.type === "liquidation"
    ? writeLiquidated(occurrence, facts, known, scene)
    : writeWrittenOff(occurrence, facts, known, scene);
}

async function occurrenceOf(
  scene: Scene,
  facts: ClosingFacts,
  { picture, judged, history }: Known & { readonly history: History | undefined },
): Promise<Occurrence> {
  const { mined, address, names, closings } = scene;
  const { account, log } = facts;
  return {
    chainId: mined.chainId,
    transactionHash: mined.hash,
    vault: address,
    block: mined.block,
    at: mined.at,
    logIndex: log.index,
    account,
    owner: ownerOf(account),
    tag: tagOf(account),
    liquidator: facts.liquidator,
    liquidations: facts.liquidations,
    gas: {
      payer: mined.sender,
      gasUsed: mined.gasUsed,
      costWei: mined.costWei,
      closings: closings.length,
    },
    picture,
    before: judged && history && describeBefore(judged.snapshot, history, mined.block - 1, names),
    call: await callOf(scene, facts, history),
  };
}

/** an account that was not under a call is not searched for one */
async function callOf(
  { provider, address, fromBlock, mined }: Scene,
  { account, log }: ClosingFacts,
  history: History | undefined,
): Promise<CallStory> {
  if (history?.view.callState === "healthy") return { type: "none" };
  try {
    const before = { block: mined.block, logIndex: log.index };
    const events = await readCall({ provider, vault: address, account, before, fromBlock });
    return events.length === 0 ? { type: "none" } : { type: "standing", events };
  } catch (error) {
    await provider.getBlockNumber(); // as above
    const known = error instanceof CallNotFound ? error : explainError(error);
    return { type: "unknown", reason: known.message };
  }
}

function writeLiquidated(
  occurrence: Occurrence,
  facts: LiquidatedFacts,
  { judged, run }: Known,
  { names, mined }: Scene,
): Liquidated {
  const { expiredDeadline: deadline } = facts;
  const legs = tellLegs(facts, run, names);
  return {
    ...occurrence,
    type: "liquidation",
    cause:
      deadline === undefined
        ? { type: "closeOut" }
        : { type: "expired", deadline, defaultedFor: mined.at - deadline },
    coverageBeforeWad: facts.coverageBeforeWad,
    coverageAfterWad: facts.coverageAfterWad,
    targetBps: facts.targetBps,
    legs,
    totals: totalsOf(legs),
    terms: run && judged && runTerms(run, judged.call),
    least: run && judged && leastPossible(judged, facts),
  };
}

function writeWrittenOff(
  occurrence: Occurrence,
  facts: WrittenOffFacts,
  { judged }: Known,
  { names }: Scene,
): WrittenOff {
  const collaterals = tellTaken(facts, occurrence.before, names);
  const debts = tellSettled(facts, judged?.snapshot, names);
  const repaidValue = total(debts.map((debt) => debt.repaidValue));
  const seizedValue = total(collaterals.map((line) => line.seizedValue));
  return {
    ...occurrence,
    type: "writeOff",
    collaterals,
    debts,
    totals: { repaidValue, feeValue: 0n, seizedValue, earnedValue: seizedValue - repaidValue },
    lossValue: total(debts.map((debt) => debt.lossValue)),
  };
}
