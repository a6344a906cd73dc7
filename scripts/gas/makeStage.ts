// One in-process chain with Surety, the tokens and the feeds: what bench/ measures all protocols on.
import type { Signer } from "ethers";
import { network } from "hardhat";
import { holdClock } from "../../bench/clock.ts";
import type { Stage, StageAsset } from "../../bench/stage.ts";
import type { Surety } from "../../bench/surety.ts";
import { deployLocalSystem, type LocalSystem } from "../localSystem.ts";

const COLLATERALS = ["WETH", "ONE", "TWO"] as const;
const LOAN = "USDC";
const PRICE_8 = 2_000_00000000n;
const ONE_USD_8 = 1_00000000n;

export interface MeasuredChain {
  readonly stage: Stage;
  readonly surety: Surety;
  readonly close: () => Promise<void>;
}

/** Deploys Surety with three collaterals and one pool; everybody has all tokens. */
export async function makeStage(): Promise<MeasuredChain> {
  const override = { initialDate: new Date("2026-01-01T00:00:00Z") };
  const connection = await network.create({ override });
  const clock = await holdClock(connection.provider);
  const like = { decimals: 18, price8: PRICE_8, like: "WETH" };
  const system = await deployLocalSystem(await connection.ethers.getSigners(), {
    assets: [
      { symbol: "WETH", price8: PRICE_8 },
      { symbol: "ONE", ...like },
      { symbol: "TWO", ...like },
    ],
    pools: [LOAN],
  });
  const { pool, address: poolAddress } = system.pool(LOAN);
  const stage: Stage = {
    deployer: system.roles.deployer,
    people: await peopleOf(system),
    collaterals: [
      await assetOf(system, "WETH"),
      await assetOf(system, "ONE"),
      await assetOf(system, "TWO"),
    ],
    loan: await assetOf(system, LOAN),
    pass: clock.pass,
    setPrices: (collateralUsd) => setPrices(system, collateralUsd),
  };
  const { vault, vaultAddress } = system;
  return {
    stage,
    surety: { vault, vaultAddress, pool, poolAddress },
    close: () => connection.close(),
  };
}

/** A mined block makes the new time the latest, at which the rounds are pushed. */
async function setPrices(system: LocalSystem, collateralUsd: bigint): Promise<void> {
  await system.mint("WETH", system.roles.deployer, 1n);
  const price8 = collateralUsd * ONE_USD_8;
  const prices = Object.fromEntries(COLLATERALS.map((symbol) => [symbol, price8]));
  await system.setPrices({ ...prices, [LOAN]: ONE_USD_8 });
}

async function assetOf(system: LocalSystem, symbol: string): Promise<StageAsset> {
  const { address, token, feed, aggregator } = system.asset(symbol);
  return {
    address,
    token,
    feed: await feed.getAddress(),
    aggregator: await aggregator.getAddress(),
  };
}

async function peopleOf(system: LocalSystem): Promise<Stage["people"]> {
  let next = 0;
  const person = async (): Promise<Signer> => {
    const signer = system.actors[next++];
    if (signer === undefined) throw new RangeError("found too few signers, allowed: eight actors");
    for (const { symbol, decimals } of system.assets) {
      await system.mint(symbol, signer, 10n ** BigInt(decimals + 7));
    }
    return signer;
  };
  return {
    owner: await person(),
    secondOwner: await person(),
    thirdOwner: await person(),
    oneDebtor: await person(),
    threeDebtor: await person(),
    other: await person(),
    lender: await person(),
    keeper: await person(),
  };
}
