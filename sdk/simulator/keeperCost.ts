// What it costs a keeper to take collateral and sell it, the same under every policy. Keepers act when their gain covers it.
import { BPS, mulDivUp, WAD } from "../mathLib.ts";
import type { PriceStep } from "./accounts.ts";

/** Assumptions about keepers. */
export const KEEPER = {
  /** lost when collateral is sold: the fee of the commonest exchange pools; trades of these sizes move no market further */
  slippageBps: 30n,
  /** of a liquidation without sales: what the dearest of the measured protocols (Aave v3, one collateral) needs */
  gas: 350_000n,
  /** of one sale on an exchange */
  gasPerSale: 150_000n,
  /** where a price file has no gas prices: a busy hour of a common day in 2020 to 2024 [wei] */
  gasPriceIfUnknown: 30n * 10n ** 9n,
} as const;

/** slippage · sold + (gas + gas a sale · sales) · gas price · price of ether, rounded up [value] */
export function keeperCostUp(
  soldValue: bigint,
  sales: number,
  { gasPrice, etherPrice }: Pick<PriceStep, "gasPrice" | "etherPrice">,
): bigint {
  const gas = KEEPER.gas + KEEPER.gasPerSale * BigInt(sales);
  return mulDivUp(soldValue, KEEPER.slippageBps, BPS) + mulDivUp(gas * gasPrice, etherPrice, WAD);
}
