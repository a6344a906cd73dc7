import type { EIP1193Provider } from "hardhat/types/providers";

/** What makes a node mine a block. */
const MINES = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine"]);

export interface Clock {
  /** The next block is this much later [s] */
  readonly pass: (seconds: number) => void;
}

/**
 * A node's clock follows the machine's, and interest of a second more or less changes gas a little. From here on blocks are a
 * second apart.
 */
export async function holdClock(provider: EIP1193Provider): Promise<Clock> {
  const send = provider.request.bind(provider);
  const latest = await send({ method: "eth_getBlockByNumber", params: ["latest", false] });
  let now = Number((latest as { readonly timestamp: string }).timestamp) + 1_000;
  provider.request = async (request) => {
    if (MINES.has(request.method)) {
      now += 1;
      await send({ method: "evm_setNextBlockTimestamp", params: [now] });
    }
    return send(request);
  };
  return {
    pass: (seconds) => {
      now += seconds;
    },
  };
}
