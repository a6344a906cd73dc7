import { assert } from "chai";
import { AbiCoder, type Provider, toBeHex } from "ethers";
import { toAccountId } from "../../sdk/accountId.ts";
import { CallNotFound, readCall } from "../../sdk/explain/calls.ts";
import { ICollateralVault__factory } from "../../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";

const VAULT = ICollateralVault__factory.createInterface();
const ADDRESS = `0x${"44".repeat(20)}`;
const ACCOUNT = toAccountId("0x976EA74026E726554dB657fA54763abd0C3a0aa9", 1n);

type Name = "MarginCallIssued" | "MarginCallPaused" | "MarginCallResumed" | "MarginCallCured";

const ARGUMENTS: Readonly<Record<Name, readonly bigint[]>> = {
  MarginCallIssued: [2_450n, 9_000n, 98n, 1n],
  MarginCallPaused: [500n, 2n],
  MarginCallResumed: [9_500n, 3n],
  MarginCallCured: [4n],
};

function logAt(blockNumber: number, name: Name, index = 0) {
  const words = ARGUMENTS[name];
  return {
    blockNumber,
    index,
    transactionHash: toBeHex(blockNumber, 32),
    topics: [VAULT.getEvent(name)?.topicHash ?? "", ACCOUNT],
    data: AbiCoder.defaultAbiCoder().encode(
      words.map(() => "uint256"),
      words,
    ),
  };
}

/** A node with these events that serves so many blocks at once; the time of a block is ten times its number. */
function nodeWith(logs: readonly ReturnType<typeof logAt>[], longestRange = 10_000) {
  const ranges: (readonly [number, number])[] = [];
  const provider = {
    getLogs({ fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number }) {
      if (toBlock - fromBlock + 1 > longestRange) {
        return Promise.reject(new Error("range is too long"));
      }
      ranges.push([fromBlock, toBlock]);
      return Promise.resolve(
        logs.filter((log) => log.blockNumber >= fromBlock && log.blockNumber <= toBlock),
      );
    },
    getBlock: (number: number) => Promise.resolve({ timestamp: number * 10 }),
  };
  return { provider: provider as unknown as Provider, ranges };
}

function ask(provider: Provider, block: number, fromBlock = 0) {
  const before = { block, logIndex: 5 };
  return readCall({ provider, vault: ADDRESS, account: ACCOUNT, before, fromBlock });
}

describe("the call that stood", () => {
  it("is what happened since the last cure, oldest first, and not after the liquidation", async () => {
    const { provider } = nodeWith([
      logAt(10, "MarginCallIssued"),
      logAt(20, "MarginCallCured"),
      logAt(30, "MarginCallIssued"),
      logAt(40, "MarginCallPaused"),
      logAt(50, "MarginCallResumed", 4),
      logAt(50, "MarginCallPaused", 6),
    ]);
    const events = await ask(provider, 50);
    assert.deepEqual(
      events.map(({ type, block, at }) => [type, block, at]),
      [
        ["issued", 30, 300n],
        ["paused", 40, 400n],
        ["resumed", 50, 500n],
      ],
    );
    const [issued] = events;
    assert(issued?.type === "issued");
    assert.equal(issued.amountValue, 2_450n);
    assert.equal(issued.deadline, 9_000n);
  });

  it("is looked for range by range until it is found and a range is empty", async () => {
    const { provider, ranges } = nodeWith([logAt(75_000, "MarginCallIssued")]);
    const events = await ask(provider, 90_000);
    assert.equal(events.length, 1);
    assert.deepEqual(ranges, [
      [80_001, 90_000],
      [70_001, 80_000],
      [60_001, 70_000],
    ]);
  });

  it("is found at nodes that serve short ranges", async () => {
    const { provider } = nodeWith([logAt(900, "MarginCallIssued")], 100);
    assert.equal((await ask(provider, 1_000)).length, 1);
  });

  it("is given up where it would take too many requests", async () => {
    const { provider } = nodeWith([], 10);
    const failure = await ask(provider, 1_000_000).catch((error: unknown) => error);
    assert(failure instanceof CallNotFound);
  });

  it("does not exist before the vault", async () => {
    const { provider, ranges } = nodeWith([]);
    assert.deepEqual(await ask(provider, 120, 100), []);
    assert.deepEqual(ranges, [[100, 120]]);
  });
});
