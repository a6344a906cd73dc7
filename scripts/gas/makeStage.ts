// One in-process chain with Surety, the tokens and the feeds: what bench/ measures all protocols on.
import { MaxUint256, type Signer } from "ethers";
import { network } from "hardhat";
import { holdClock } from "../../bench/clock.ts";
import { type GridStage, MAX_COLLATERALS } from "../../bench/grid.ts";
import type { Stage, StageAsset } from "../../bench/stage.ts";
import type { Surety } from "../../bench/surety.ts";
import { deployLocalSystem, type LocalSystem } from "../localSystem.ts";

const COLLATERALS = ["WETH", "ONE", "TWO"] as const;
const ETHER = 10n ** 18n;
const LOAN = "USDC";
const PRICE_8 = 2_000_00000000n;
const ONE_USD_8 = 1_00000000n;

/** How a collateral is measured against cash where the gas of refreshes is. */
export const MEASURED_PAIR = {
  floorVarianceWad: ETHER / 4n,
  stressVarianceWad: 4n * ETHER,
  horizonInitialFor: 5n * 86_400n,
  horizonMaintenanceFor: 2n * 86_400n,
  pegPpm: 0n,
  maxLagFor: 7n * 86_400n,
  highestDepthValue: 10n ** 27n,
  isMeasured: true,
  isTracked: true,
  isPegged: false,
};

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
    setPrices: (collateralUsd) => setPrices(system, COLLATERALS, collateralUsd),
  };
  const { vault, vaultAddress } = system;
  return {
    stage,
    surety: { vault, vaultAddress, pool, poolAddress },
    close: () => connection.close(),
  };
}

const GRID_LOANS = [LOAN, "CASH2", "CASH3", "CASH4"];

export interface GridChain {
  readonly stage: GridStage;
  readonly close: () => Promise<void>;
}

/** Deploys Surety with as many collaterals and pools as an account may use. */
export async function makeGridStage(): Promise<GridChain> {
  const override = { initialDate: new Date("2026-01-01T00:00:00Z") };
  const connection = await network.create({ override });
  const clock = await holdClock(connection.provider);
  const collaterals = Array.from({ length: MAX_COLLATERALS }, (_, index) => `PLEDGE${index + 1}`);
  const system = await deployLocalSystem(await connection.ethers.getSigners(), {
    assets: [
      ...collaterals.map((symbol) => ({ symbol, decimals: 18, price8: PRICE_8, like: "WETH" })),
      LOAN,
      ...GRID_LOANS.slice(1).map((symbol) => ({
        symbol,
        decimals: 6,
        price8: ONE_USD_8,
        like: LOAN,
      })),
    ],
    pools: GRID_LOANS,
  });
  const [owner, keeper, lender] = system.actors;
  if (!owner || !keeper || !lender) throw new RangeError("found too few signers, allowed: three");
  for (const symbol of GRID_LOANS) await system.lend(symbol, lender, 10n ** 13n);
  for (const { symbol, token, decimals } of system.assets) {
    for (const person of [owner, keeper]) {
      await system.mint(symbol, person, 10n ** BigInt(decimals + 7));
      await (await token.connect(person).approve(system.vaultAddress, MaxUint256)).wait();
    }
  }
  const stage: GridStage = {
    vault: system.vault,
    owner,
    keeper,
    collaterals: collaterals.map((symbol) => system.asset(symbol).address),
    pass: clock.pass,
    setPrices: (collateralUsd) => setPrices(system, collaterals, collateralUsd),
  };
  return { stage, close: () => connection.close() };
}

/** A mined block makes the new time the latest, at which the rounds are pushed. */
async function setPrices(
  system: LocalSystem,
  collaterals: readonly string[],
  collateralUsd: bigint,
): Promise<void> {
  await system.mint(LOAN, system.roles.deployer, 1n);
  const prices = system.assets.map(({ symbol }) => {
    const isCollateral = collaterals.includes(symbol);
    return [symbol, (isCollateral ? collateralUsd : 1n) * ONE_USD_8] as const;
  });
  await system.setPrices(Object.fromEntries(prices));
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
