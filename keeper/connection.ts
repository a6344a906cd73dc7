// The way to a node: found, asked for its chain, and known to have the vault.
import { FetchRequest, JsonRpcProvider, type Provider } from "ethers";
import { liquidatorAt, vaultAt } from "../sdk/contracts.ts";
import { explainError } from "../sdk/errors.ts";
import { LiquidatorUnfit, NodeUnreachable, VaultNotFound } from "./failures.ts";

const REQUEST_TIMEOUT_MS = 15_000;

/** A provider of a node that answers. Throws `NodeUnreachable`; the address is shown without path and password. */
export async function connect(rpcUrl: string): Promise<JsonRpcProvider> {
  const chainId = await askChain(rpcUrl);
  const options = { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 } as const;
  return new JsonRpcProvider(requestTo(rpcUrl), chainId, options);
}

/** The block in which the vault was deployed. Throws `VaultNotFound`, or what the provider throws. */
export async function findVault(provider: Provider, vault: string): Promise<number> {
  const { chainId } = await provider.getNetwork();
  if ((await provider.getCode(vault)) === "0x") {
    throw new VaultNotFound(vault, chainId, "there is no code");
  }
  try {
    return Number(await vaultAt(vault, provider).deployedAtBlock());
  } catch (error) {
    if (explainError(error).name === "NetworkFailure") throw error;
    throw new VaultNotFound(vault, chainId, "the contract does not answer as a vault", error);
  }
}

/**
 * Makes sure that a liquidator works on this vault and can be run with this key.
 * Throws `LiquidatorUnfit`, or what the provider throws.
 * @param keeper Address of the key; without one it is not asked.
 */
export async function checkLiquidator(
  provider: Provider,
  liquidator: string,
  vault: string,
  keeper: string | undefined,
): Promise<void> {
  const contract = liquidatorAt(liquidator, provider);
  const read = [contract.vault(), contract.owner(), contract.keeper()];
  let found: readonly string[];
  try {
    found = await Promise.all(read);
  } catch (error) {
    if (explainError(error).name === "NetworkFailure") throw error;
    throw new LiquidatorUnfit(liquidator, "the contract does not answer as one", error);
  }
  const [of, ...users] = found;
  if (of !== vault) throw new LiquidatorUnfit(liquidator, `it liquidates for the vault ${of}`);
  if (keeper !== undefined && !users.includes(keeper)) {
    throw new LiquidatorUnfit(liquidator, `${keeper} is neither its owner nor its keeper`);
  }
}

/** ethers' own provider waits for a network for ever, so the first question is asked without it. */
async function askChain(rpcUrl: string): Promise<bigint> {
  const request = requestTo(rpcUrl);
  request.body = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  try {
    const response = await request.send();
    response.assertOk();
    const result: unknown = Reflect.get(Object(response.bodyJson), "result");
    return BigInt(String(result));
  } catch (error) {
    throw new NodeUnreachable(hostOf(rpcUrl), reasonOf(error), error);
  }
}

function requestTo(rpcUrl: string): FetchRequest {
  const request = new FetchRequest(rpcUrl);
  request.timeout = REQUEST_TIMEOUT_MS;
  return request;
}

/** Paths and queries of node addresses often are keys: only the host is shown. */
function hostOf(rpcUrl: string): string {
  return URL.canParse(rpcUrl) ? new URL(rpcUrl).host : "an address that is none";
}

function reasonOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), "code");
  return typeof code === "string" ? code : "its answer is not a chain id";
}
