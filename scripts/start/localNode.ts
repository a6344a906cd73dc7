import { createServer } from "node:net";
import { JsonRpcProvider } from "ethers";
import { network } from "hardhat";

const HOST = "127.0.0.1"; // never reachable from another machine
const CLOSE_WITHIN_MS = 2_000;

/** The port is not free, or may not be used. */
export class PortTaken extends Error {
  override readonly name = "PortTaken";
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(
      `port ${port} on ${HOST} cannot be used; stop what uses it, or choose another with --port.`,
      options,
    );
    this.port = port;
  }
}

/** A node of Hardhat in this process, with a server of its own. */
export interface LocalNode {
  readonly rpcUrl: string;
  readonly provider: JsonRpcProvider;
  close(): Promise<void>;
}

/**
 * Starts a node with 20 rich accounts; each transaction is mined at once, in the time of the real clock.
 * @param port 0 takes a free one.
 * @throws PortTaken
 */
export async function startLocalNode(port: number): Promise<LocalNode> {
  await requireFree(port);
  const override = { allowBlocksWithSameTimestamp: true };
  const server = await network.createServer({ network: "default", override }, HOST, port);
  const listening = await server.listen();
  const rpcUrl = `http://${HOST}:${listening.port}`;
  const provider = new JsonRpcProvider(rpcUrl, undefined, {
    staticNetwork: true,
    polling: true,
    pollingInterval: 100,
    cacheTimeout: -1,
  });
  return {
    rpcUrl,
    provider,
    async close() {
      provider.destroy();
      // a client that keeps its connection open must not keep the node alive
      const patience = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
      await Promise.race([server.close(), patience]);
    },
  };
}

/** Hardhat's server does not say why it cannot listen, so the port is tried first. */
async function requireFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause) => reject(new PortTaken(port, { cause })));
    probe.listen(port, HOST, () => probe.close(() => resolve()));
  });
}
