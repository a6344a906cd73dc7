// Names of tokens and pools. A token without a readable name goes by its address.
import type { ContractRunner } from "ethers";
import { tokenAt } from "../contracts.ts";
import { isRefusal } from "../errors.ts";
import type { PoolView } from "../market.ts";
import type { Pool, Token } from "./stories.ts";

/** Looks names up. */
export interface Names {
  token(address: string): Token;
  pool(id: bigint): Pool;
}

/** Reads the names of tokens and of the cash of pools. Throws what the provider throws. */
export async function readNames(
  runner: ContractRunner,
  assets: readonly string[],
  pools: readonly PoolView[],
): Promise<Names> {
  const addresses = [...new Set([...assets, ...pools.map(({ asset }) => asset)])];
  const tokens = new Map(
    await Promise.all(
      addresses.map(async (address) => [address, await readToken(address, runner)] as const),
    ),
  );
  const token = (address: string) => tokens.get(address) ?? nameless(address);
  return {
    token,
    pool(id) {
      const found = pools.find((pool) => pool.id === id);
      if (found === undefined)
        throw new RangeError(`pool ${id} found, the vault lists no such one`);
      return { id, address: found.pool, cash: token(found.asset) };
    },
  };
}

async function readToken(address: string, runner: ContractRunner): Promise<Token> {
  const token = tokenAt(address, runner);
  const [symbol, decimals] = await Promise.all([
    token.symbol().catch((error: unknown) => unlessRefused(error, shortened(address))),
    token.decimals().catch((error: unknown) => unlessRefused(error, 0n)),
  ]);
  return { address, symbol, decimals: Number(decimals) };
}

/** a token that does not say its name is still a token; a node that does not answer is not excused */
function unlessRefused<Value>(error: unknown, otherwise: Value): Value {
  if (!isRefusal(error)) throw error;
  return otherwise;
}

function nameless(address: string): Token {
  return { address, symbol: shortened(address), decimals: 0 };
}

function shortened(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
