// The keeper's own cash: what it has, and what the vault may pull of it.
import type { Provider } from "ethers";
import type { Logger } from "pino";
import { tokenAt } from "../sdk/contracts.ts";
import { explainError, isRevert } from "../sdk/errors.ts";
import { max } from "../sdk/mathLib.ts";
import { toUnitsDown } from "../sdk/units.ts";
import type { Sender } from "./sender.ts";

/** What one token must be able to pay. */
export interface Payment {
  readonly token: string;
  /** [assets] */
  readonly assets: bigint;
}

export interface CashOptions {
  readonly provider: Provider;
  readonly vault: string;
  /** In whole tokens; without it the keeper's own balance. */
  readonly maxAllowance?: string;
  readonly log: Logger;
}

/** What `holder` has of each token [assets] */
export async function balancesOf(
  provider: Provider,
  holder: string,
  tokens: Iterable<string>,
): Promise<ReadonlyMap<string, bigint>> {
  const read = async (token: string): Promise<[string, bigint]> => [
    token,
    await tokenAt(token, provider).balanceOf(holder),
  ];
  return new Map(await Promise.all([...new Set(tokens)].map(read)));
}

/**
 * Sets the allowance of each token to its cap, so that the first liquidation need not wait for it. A token
 * that refuses, such as one that is paused, is left until a liquidation needs it.
 */
export async function allowInAdvance(
  options: CashOptions,
  sender: Sender,
  tokens: Iterable<string>,
): Promise<void> {
  for (const token of new Set(tokens)) {
    try {
      await allow(options, sender, { token, assets: await capOf(options, sender, token) });
    } catch (error) {
      const explained = explainError(error);
      if (!isRevert(explained)) throw error;
      const { name, message } = explained;
      options.log.error({ msg: "allowance refused", token, error: name, message });
    }
  }
}

/**
 * Lets the vault pull a payment: nothing if the allowance is enough, else an approval of the cap, or of
 * the need where that is more.
 */
export async function allow(
  options: CashOptions,
  sender: Sender,
  { token, assets }: Payment,
): Promise<void> {
  const contract = tokenAt(token, options.provider);
  const allowed = await contract.allowance(sender.address, options.vault);
  if (allowed >= assets) return;
  const wanted = max(assets, await capOf(options, sender, token));
  const approval = (units: bigint) => ({
    to: token,
    data: contract.interface.encodeFunctionData("approve", [options.vault, units]),
  });
  if (!(await isAccepted(options, sender, approval(wanted)))) await send(sender, approval(0n));
  await send(sender, approval(wanted));
  options.log.info({ msg: "allowance set", token, assets: wanted });
}

async function capOf(options: CashOptions, sender: Sender, token: string): Promise<bigint> {
  const contract = tokenAt(token, options.provider);
  if (options.maxAllowance === undefined) return contract.balanceOf(sender.address);
  return toUnitsDown(options.maxAllowance, Number(await contract.decimals()));
}

/** Some tokens (USDT) refuse to change an allowance that is not zero. */
async function isAccepted(
  { provider }: CashOptions,
  sender: Sender,
  call: { readonly to: string; readonly data: string },
): Promise<boolean> {
  try {
    await provider.call({ ...call, from: sender.address });
    return true;
  } catch (error) {
    const explained = explainError(error);
    if (explained.name === "NetworkFailure") throw explained;
    return false;
  }
}

async function send(
  sender: Sender,
  call: { readonly to: string; readonly data: string },
): Promise<void> {
  const simulation = await sender.simulate(call);
  if (simulation.type === "refused") throw simulation.error;
  const sent = await sender.send(call, simulation.gasLimit);
  if (sent.type === "refused") throw sent.error;
}
