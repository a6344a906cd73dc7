// Accounts that get liquidated or written off, and their stories.
import { assert } from "chai";
import { type ContractTransactionReceipt, MaxUint256 } from "ethers";
import type { LocalOptions } from "../../scripts/localSystem.ts";
import { explainLiquidation } from "../../sdk/explain.ts";
import type {
  LegStory,
  Liquidated,
  LiquidationStory,
  WrittenOff,
} from "../../sdk/explain/stories.ts";
import type { ILiquidation } from "../../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import { makeScene, type Scene } from "./actors.ts";

const USD_8D = 10n ** 8n;

/** Alice holds 10 WETH at 2,500 USD and owes 18,000 USDC; haircuts 23 % initial, 14.5 % maintenance. */
export async function oneOfEach(options: LocalOptions = {}, debt = "18000"): Promise<Scene> {
  const scene = await makeScene({ assets: ["WETH"], pools: ["USDC"], ...options });
  await scene.lender.lends("USDC", "500000");
  await scene.alice.deposits("WETH", "10");
  await scene.alice.borrows("USDC", debt);
  return scene;
}

/** Alice holds 10 WETH and 0.2 WBTC at 2,000 and 50,000 and owes 12,000 USDC and 9,000 DAI. */
export async function twoOfEach(): Promise<Scene> {
  const scene = await makeScene({
    assets: [
      { symbol: "WETH", price8: 2_000n * USD_8D },
      { symbol: "WBTC", price8: 50_000n * USD_8D },
    ],
    pools: ["USDC", "DAI"],
  });
  await scene.lender.lends("USDC", "500000");
  await scene.lender.lends("DAI", "500000");
  await scene.alice.deposits("WETH", "10");
  await scene.alice.deposits("WBTC", "0.2");
  await scene.alice.borrows("USDC", "12000");
  await scene.alice.borrows("DAI", "9000");
  return scene;
}

type Pair = readonly [collateral: string, cash: string, maxRepaidAssets?: bigint];

/** The keeper liquidates Alice. */
export async function liquidate(
  { system, keeper, alice }: Scene,
  ...pairs: readonly Pair[]
): Promise<ContractTransactionReceipt> {
  const legs = pairs.map(([collateral, cash, maxRepaidAssets = MaxUint256]) => ({
    asset: system.asset(collateral).address,
    pool: system.pool(cash).id,
    maxRepaidAssets,
    minimumOut: 0n,
  }));
  const { account } = alice;
  const sent = await keeper.vault.liquidate(
    account,
    legs,
    MaxUint256,
    MaxUint256,
    keeper.address,
    "0x",
  );
  return mined(await sent.wait());
}

/** The keeper writes Alice off. */
export async function writeOff({
  keeper,
  alice,
  read,
}: Scene): Promise<ContractTransactionReceipt> {
  const { snapshot } = await read(alice.account);
  const sent = await keeper.vault.writeOff(
    alice.account,
    MaxUint256,
    snapshot.debts.map(() => MaxUint256),
    snapshot.collaterals.map(() => 0n),
    MaxUint256,
    keeper.address,
    "0x",
  );
  return mined(await sent.wait());
}

function mined(receipt: ContractTransactionReceipt | null): ContractTransactionReceipt {
  assert(receipt !== null);
  return receipt;
}

/** The one story of a liquidation. */
export async function liquidationOf({ system }: Scene, hash: string): Promise<Liquidated> {
  return onlyOf(await explainLiquidation(system.provider, system.vaultAddress, hash));
}

/** The story, if it is the only one and that of a liquidation. */
export function onlyOf(stories: readonly LiquidationStory[]): Liquidated {
  assert.equal(stories.length, 1);
  const [story] = stories;
  assert(story?.type === "liquidation");
  return story;
}

/** The one story of a write-off. */
export async function writeOffOf({ system }: Scene, hash: string): Promise<WrittenOff> {
  const stories = await explainLiquidation(system.provider, undefined, hash);
  assert.equal(stories.length, 1);
  const [story] = stories;
  assert(story?.type === "writeOff");
  return story;
}

/** The legs as the contract itself returned them in its event. */
export async function receiptsOf({ system }: Scene, block: number) {
  const { vault } = system;
  const [event] = await vault.queryFilter(vault.filters.Liquidated(), block, block);
  assert(event !== undefined);
  return event.args;
}

const FACTS = ["repaidAssets", "feeAssets", "seizedAssets", "leastValue", "holdingAssets"] as const;

/** Each leg has the facts of its receipt. */
export function assertLegs(
  legs: readonly LegStory[],
  receipts: readonly ILiquidation.LegReceiptStructOutput[],
): void {
  assert.equal(legs.length, receipts.length);
  for (const [place, leg] of legs.entries()) {
    for (const name of FACTS) assert.equal(leg[name], receipts[place]?.[name], name);
  }
}
