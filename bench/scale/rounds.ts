// Gas of reading a feed's rounds into the measure of an asset and of a pair.
import type { ICollateralVault } from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { type Sent, sentOf } from "../stage.ts";

/** WETH and USDC with measures, their pair measured, feeds with a first round. */
export interface RoundStage {
  readonly vault: ICollateralVault; // connected to who pays
  readonly collateral: string; // address
  readonly obligation: string; // address
  /** So many rounds of both feeds, an hour apart, with prices that move. */
  readonly push: (rounds: number) => Promise<void>;
}

export interface RoundGas {
  readonly rounds: number;
  readonly refresh: number; // of the collateral's measure
  readonly refreshPair: number; // as many observations: a round of each feed; and the targets
}

export interface Rounds {
  readonly gas: readonly RoundGas[];
  /** The transactions for one round. */
  readonly refresh: Sent;
  readonly refreshPair: Sent;
}

const ROUNDS = [1, 2, 4, 8, 12, 16, 20, 24];

/** Pushes rounds, reads them on, and so for each number of rounds. */
export async function measureRounds(stage: RoundStage): Promise<Rounds> {
  const { vault, collateral, obligation } = stage;
  const refresh = (rounds: number) => sentOf(() => vault.refresh(collateral, BigInt(rounds)));
  const refreshPair = (rounds: number) =>
    sentOf(() => vault.refreshPair(collateral, obligation, BigInt(2 * rounds)));
  await stage.push(1);
  await refresh(1);
  await refreshPair(1);
  const gas: RoundGas[] = [];
  const sent: { refresh: Sent; refreshPair: Sent }[] = [];
  for (const rounds of ROUNDS) {
    await stage.push(rounds);
    const both = { refresh: await refresh(rounds), refreshPair: await refreshPair(rounds) };
    sent.push(both);
    gas.push({ rounds, refresh: both.refresh.gas, refreshPair: both.refreshPair.gas });
  }
  const [first] = sent;
  if (first === undefined) throw new RangeError("found no number of rounds to measure");
  return { gas, ...first };
}
