import { HDNodeWallet, JsonRpcProvider, type JsonRpcSigner } from "ethers";
import { network } from "hardhat";

/** A node of its own for one test file, reached over HTTP as a real one is. */
export interface LocalNode {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  readonly signers: readonly JsonRpcSigner[];
  /** One of them by its place. Throws `RangeError`. */
  signer(place: number): JsonRpcSigner;
  /** Sets the chain as it is now aside; the returned function brings it back. */
  snapshot(): Promise<() => Promise<void>>;
  /** Lets chain time pass and mines a block. */
  pass(seconds: number): Promise<void>;
  mine(blocks: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a node on a free loopback port. @param startsAt Time of its first block; the wall clock's if left out. */
export async function startNode(startsAt?: Date): Promise<LocalNode> {
  const override = startsAt === undefined ? {} : { initialDate: startsAt };
  const server = await network.createServer({ network: "default", override }, "127.0.0.1", 0);
  const { address, port } = await server.listen();
  const url = `http://${address}:${port}`;
  const provider = new JsonRpcProvider(url, undefined, {
    cacheTimeout: -1,
    pollingInterval: 20,
    batchMaxCount: 1,
  });
  const signers = await provider.listAccounts();
  return {
    url,
    provider,
    signers,
    signer(place) {
      const found = signers[place];
      if (found === undefined) throw new RangeError(`the node has no account ${place}`);
      return found;
    },
    async snapshot() {
      const id: unknown = await provider.send("evm_snapshot", []);
      return async () => {
        await provider.send("evm_revert", [id]);
      };
    },
    async pass(seconds) {
      await provider.send("evm_increaseTime", [seconds]);
      await provider.send("evm_mine", []);
    },
    async mine(blocks) {
      await provider.send("hardhat_mine", [`0x${blocks.toString(16)}`]);
    },
    async close() {
      provider.destroy();
      await server.close();
    },
  };
}

const MNEMONIC = "test test test test test test test test test test test junk";

/** The private key of one of the node's accounts. */
export function keyOf(account: number): string {
  return HDNodeWallet.fromPhrase(MNEMONIC, "", `m/44'/60'/0'/0/${account}`).privateKey;
}
