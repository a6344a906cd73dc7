// A market on a local chain, and a liquidator that sells there, so that a keeper needs no cash of its own.
import type { Signer } from "ethers";
import { parseDecimal } from "../deploy/quantity.ts";
import type { FlashLiquidator } from "../types/ethers-contracts/contracts/periphery/FlashLiquidator.ts";
import type { MockUniswapV3Venue } from "../types/ethers-contracts/contracts/mocks/MockUniswapV3Venue.ts";
import { MockUniswapV3Venue__factory } from "../types/ethers-contracts/factories/contracts/mocks/MockUniswapV3Venue__factory.ts";
import { FlashLiquidator__factory } from "../types/ethers-contracts/factories/contracts/periphery/FlashLiquidator__factory.ts";
import type { LocalSystem } from "./localSystem.ts";

/** A venue with stock of every token, and a liquidator that is fixed to it. */
export interface LocalVenue {
  readonly address: string;
  readonly venue: MockUniswapV3Venue;
  /** Address of the liquidator. */
  readonly liquidator: string;
  readonly contract: FlashLiquidator;
  /** Tier of all its pools [millionths] */
  readonly feePpm: number;
}

const FEE_PPM = 500;
/** A pool with sides worth X pays 2 % less on average when X / 49 is sold: a pair's depth is what sells within 2 %. */
const SIDE_PER_DEPTH = 49n;
/** Worth of every token that the venue starts with. */
const STOCK_USD = "1_000_000_000";
const FEED_DECIMALS = 8;

/** Deploys both, with a pool for every pair of the parameters. @param owner Owner and keeper of the liquidator. */
export async function deployLocalVenue(system: LocalSystem, owner: Signer): Promise<LocalVenue> {
  const venue = await new MockUniswapV3Venue__factory(owner).deploy();
  const address = await (await venue.waitForDeployment()).getAddress();
  for (const { symbol, decimals, address: token, feed } of system.assets) {
    await (await venue.setFeed(token, await feed.getAddress())).wait();
    const { firstPrice } = system.params.assets.find((asset) => asset.symbol === symbol) ?? {};
    const price8 = parseDecimal(firstPrice ?? "1", FEED_DECIMALS);
    const stock = parseDecimal(STOCK_USD, decimals + FEED_DECIMALS) / price8;
    await system.mint(symbol, address, stock);
  }
  for (const { asset, pools, depth } of system.params.pairs) {
    const sideValue = parseDecimal(depth, 18) * SIDE_PER_DEPTH;
    for (const cash of pools) {
      const [sold, bought] = [system.asset(asset).address, system.asset(cash).address];
      await (await venue.listPool(sold, bought, FEE_PPM, sideValue)).wait();
    }
  }
  const contract = await new FlashLiquidator__factory(owner).deploy(
    system.vaultAddress,
    address,
    await owner.getAddress(),
  );
  const liquidator = await (await contract.waitForDeployment()).getAddress();
  return { address, venue, liquidator, contract, feePpm: FEE_PPM };
}
