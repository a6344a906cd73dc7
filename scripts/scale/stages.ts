// Chains for the measures of `npm run bench:scale` that those of `npm run bench:gas` do not serve.
import { MaxUint256 } from "ethers";
import { network } from "hardhat";
import { holdClock } from "../../bench/clock.ts";
import type { LenderStage } from "../../bench/scale/lenders.ts";
import type { RoundStage } from "../../bench/scale/rounds.ts";
import { MEASURED_PAIR } from "../gas/makeStage.ts";
import { deployLocalSystem, type LocalSystem } from "../localSystem.ts";

const ETHER = 10n ** 18n;
const HOUR_FOR = 3_600;
const ONE_USD_8 = 1_00000000n;
const FIRST_PRICE_8 = 2_000n * ONE_USD_8;
const START = { initialDate: new Date("2026-01-01T00:00:00Z") };

export interface OpenChain<Stage> {
  readonly stage: Stage;
  readonly close: () => Promise<void>;
}

/** A chain whose pool has no lender yet. */
export async function makeLenderStage(): Promise<OpenChain<LenderStage>> {
  const { system, pass, close } = await makeChain();
  const [owner, keeper, lender] = system.actors;
  if (!owner || !keeper || !lender) throw new RangeError("found too few signers, allowed: three");
  const { pool, address } = system.pool("USDC");
  for (const { symbol, token, decimals } of system.assets) {
    for (const person of [owner, keeper, lender]) {
      await system.mint(symbol, person, 10n ** BigInt(decimals + 7));
      for (const spender of [system.vaultAddress, address]) {
        await (await token.connect(person).approve(spender, MaxUint256)).wait();
      }
    }
  }
  const setPrices = (usd: bigint) => pushPrices(system, usd * ONE_USD_8);
  const collateral = system.asset("WETH").address;
  return {
    stage: { vault: system.vault, pool, collateral, owner, keeper, lender, pass, setPrices },
    close,
  };
}

/** A chain whose WETH is measured against USDC. */
export async function makeRoundStage(): Promise<OpenChain<RoundStage>> {
  const { system, pass, close } = await makeChain();
  const [keeper] = system.actors;
  if (keeper === undefined) throw new RangeError("found too few signers, allowed: one");
  const [collateral, obligation] = [system.asset("WETH").address, system.asset("USDC").address];
  await pushPrices(system, FIRST_PRICE_8);
  const asGovernor = system.vault.connect(system.roles.governor);
  for (const asset of [collateral, obligation]) {
    await (await asGovernor.startMeasure(asset, ETHER)).wait();
  }
  const asSteward = system.vault.connect(system.roles.riskSteward);
  await (await asSteward.setPairModel(collateral, 0n, MEASURED_PAIR)).wait();
  let price8 = FIRST_PRICE_8;
  const push = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      pass(HOUR_FOR);
      price8 += (round % 2 === 0 ? 17n : -16n) * ONE_USD_8;
      await pushPrices(system, price8);
    }
  };
  return { stage: { vault: system.vault.connect(keeper), collateral, obligation, push }, close };
}

interface Chain {
  readonly system: LocalSystem;
  readonly pass: (seconds: number) => void;
  readonly close: () => Promise<void>;
}

async function makeChain(): Promise<Chain> {
  const connection = await network.create({ override: START });
  const { pass } = await holdClock(connection.provider);
  const system = await deployLocalSystem(await connection.ethers.getSigners(), {
    assets: [{ symbol: "WETH", price8: FIRST_PRICE_8 }],
    pools: ["USDC"],
  });
  return { system, pass, close: () => connection.close() };
}

/** A mined block makes the new time the latest, at which the rounds are pushed. */
async function pushPrices(system: LocalSystem, price8: bigint): Promise<void> {
  await system.mint("WETH", system.roles.deployer, 1n);
  await system.setPrices({ WETH: price8, USDC: ONE_USD_8 });
}
