// A market on a local chain, a liquidator that sells there, so that a keeper needs no cash of its own, and a swapper, so that
// owners need no new collateral of their own.
import type { Signer } from "ethers";
import { parseDecimal } from "../deploy/quantity.ts";
import type { CollateralSwapper } from "../types/ethers-contracts/contracts/periphery/CollateralSwapper.ts";
import type { FlashLiquidator } from "../types/ethers-contracts/contracts/periphery/FlashLiquidator.ts";
import type { MockUniswapV3Venue } from "../types/ethers-contracts/contracts/mocks/MockUniswapV3Venue.ts";
import { MockUniswapV3Venue__factory } from "../types/ethers-contracts/factories/contracts/mocks/MockUniswapV3Venue__factory.ts";
import { CollateralSwapper__factory } from "../types/ethers-contracts/factories/contracts/periphery/CollateralSwapper__factory.ts";
import { FlashLiquidator__factory } from "../types/ethers-contracts/factories/contracts/periphery/FlashLiquidator__factory.ts";
import type { LocalSystem } from "./localSystem.ts";

/** A venue with stock of every token, and a liquidator and a swapper that are fixed to it. */
export interface LocalVenue {
  readonly address: string;
  readonly venue: MockUniswapV3Venue;
  /** Address of the liquidator. */
  readonly liquidator: string;
  readonly contract: FlashLiquidator;
  /** Swaps collateral for any owner who lets it. */
  readonly swapper: CollateralSwapper;
  readonly swapperAddress: string;
  /** Tier of all its pools [millionths] */
  readonly feePpm: number;
}

const FEE_PPM = 500;
/** A pool with sides worth X pays 2 % less on average when X / 49 is sold: a pair's depth is what sells within 2 %. */
const SIDE_PER_DEPTH = 49n;
/** Worth of every token that the venue starts with. */
const STOCK_USD = "1_000_000_000";
const FEED_DECIMALS = 8;

/**
 * Deploys all three, with a pool for every pair of the parameters, and one for every two collaterals, as deep as
 * the shallower.
 * @param owner Owner and keeper of the liquidator.
 */
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
  await listSwaps(system, venue);
  const contract = await new FlashLiquidator__factory(owner).deploy(
    system.vaultAddress,
    address,
    await owner.getAddress(),
  );
  const liquidator = await (await contract.waitForDeployment()).getAddress();
  const swapper = await new CollateralSwapper__factory(owner).deploy(system.vaultAddress, address);
  const swapperAddress = await (await swapper.waitForDeployment()).getAddress();
  return { address, venue, liquidator, contract, swapper, swapperAddress, feePpm: FEE_PPM };
}

/** Pools between collaterals, in which a swapper exchanges one for another; what has a pool already keeps it. */
async function listSwaps(system: LocalSystem, venue: MockUniswapV3Venue): Promise<void> {
  const { pairs } = system.params;
  const depths = new Map(pairs.map(({ asset, depth }) => [asset, parseDecimal(depth, 18)]));
  const isSold = (from: string, to: string): boolean =>
    pairs.some(({ asset, pools }) => asset === from && pools.includes(to));
  const listed = [...depths];
  for (const [place, [sold, soldDepth]] of listed.entries()) {
    for (const [bought, boughtDepth] of listed.slice(place + 1)) {
      if (isSold(sold, bought) || isSold(bought, sold)) continue;
      const depth = soldDepth < boughtDepth ? soldDepth : boughtDepth;
      const [from, to] = [system.asset(sold).address, system.asset(bought).address];
      await (await venue.listPool(from, to, FEE_PPM, depth * SIDE_PER_DEPTH)).wait();
    }
  }
}
