// Sleeves on a local system, listed as governance would.
import { id, toBeHex } from "ethers";
import type { LocalSystem } from "../../scripts/localSystem.ts";
import type { IVenueAllocator } from "../../types/ethers-contracts/contracts/interfaces/IVenueAllocator.ts";
import type { MockYieldVault } from "../../types/ethers-contracts/contracts/mocks/MockRates.sol/MockYieldVault.ts";
import { AccessManager__factory } from "../../types/ethers-contracts/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { IVenueAllocator__factory } from "../../types/ethers-contracts/factories/contracts/interfaces/IVenueAllocator__factory.ts";
import { MockYieldVault__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockRates.sol/MockYieldVault__factory.ts";
import { VenueAllocator__factory } from "../../types/ethers-contracts/factories/contracts/VenueAllocator__factory.ts";

const WAD = 10n ** 18n;
const SEED_ASSETS = 10n ** 12n;
const VENUE_TERMS = { capAssets: 100_000n * WAD, capBps: 10_000n, growthPpm: 500n };

/** A sleeve with one venue; both are governed by the deployer. */
export interface LocalSleeve {
  readonly address: string;
  readonly sleeve: IVenueAllocator;
  readonly venue: MockYieldVault;
  readonly venueAddress: string;
}

/** A sleeve for WETH with a buffer of a tenth and a cap of 140 % of what is owed, listed with haircuts above those of WETH. */
export async function addSleeve(system: LocalSystem): Promise<LocalSleeve> {
  const { deployer, governor } = system.roles;
  const weth = system.asset("WETH");
  const manager = await new AccessManager__factory(deployer).deploy(await deployer.getAddress());
  const venue = await new MockYieldVault__factory(deployer).deploy(weth.address, 0n);
  const created = await new VenueAllocator__factory(deployer).deploy(
    weth.address,
    system.vaultAddress,
    await manager.getAddress(),
    "sleeve of WETH",
    "sWETH",
  );
  const [address, venueAddress] = [await created.getAddress(), await venue.getAddress()];
  const sleeve = IVenueAllocator__factory.connect(address, deployer);
  await (await sleeve.setVenue(venueAddress, VENUE_TERMS)).wait();
  const rules = { bufferBps: 1_000n, feeBps: 0n, feeReceiver: toBeHex(0n, 20) };
  await (await sleeve.setRules(rules)).wait();
  await system.mint("WETH", deployer, SEED_ASSETS);
  await (await weth.token.connect(deployer).approve(address, SEED_ASSETS)).wait();
  await (await sleeve.seed(SEED_ASSETS, system.vaultAddress)).wait();
  await listShares(system, address, "WETH", 10_000n * WAD, [250_000n, 190_000n]);
  const terms = { isCapped: true, maxDebtShareBps: 14_000n, toleranceBps: 500n };
  await (await system.vault.connect(governor).setSleeve(weth.address, address, terms)).wait();
  return { address, sleeve, venue, venueAddress };
}

/** Makes the shares of a pool the sleeve of its cash. @param haircutsPpm initial, maintenance */
export async function addPoolSleeve(
  system: LocalSystem,
  symbol: string,
  haircutsPpm: readonly [bigint, bigint] = [100_000n, 80_000n],
): Promise<string> {
  const { governor, riskSteward, deployer } = system.roles;
  const { pool, address, asset } = system.pool(symbol);
  const unit = 10n ** BigInt(asset.decimals);
  await system.mint(symbol, deployer, unit);
  await (await asset.token.connect(deployer).approve(address, unit)).wait();
  await (await pool.connect(deployer).deposit(unit, system.vaultAddress)).wait();
  const steward = system.vault.connect(riskSteward);
  const plain = { ...pairOf(30_000n, 20_000n), maxBonusBps: 100n };
  await (await steward.setPair(asset.address, 0n, plain)).wait();
  await (await steward.setSupplyCap(asset.address, 1_000_000n * unit)).wait();
  await listShares(system, address, symbol, 1_000_000n * unit * 10n ** 6n, haircutsPpm);
  const terms = { isCapped: false, maxDebtShareBps: 0n, toleranceBps: 0n };
  await (await system.vault.connect(governor).setSleeve(asset.address, address, terms)).wait();
  return address;
}

/** Lists shares priced through their own rate, with a pair against the first pool. @param haircutsPpm initial, maintenance */
async function listShares(
  system: LocalSystem,
  shares: string,
  symbol: string,
  capShares: bigint,
  [initialPpm, maintenancePpm]: readonly [bigint, bigint],
): Promise<void> {
  const { governor, riskSteward } = system.roles;
  const { feed, decimals } = system.asset(symbol);
  const config = {
    feed: await feed.getAddress(),
    maxAgeFor: 86_400n,
    lowestAnswer: 1n,
    highestAnswer: 10n ** 14n,
    secondFeed: toBeHex(0n, 20),
    secondMaxAgeFor: 0n,
    maxDeviationBps: 0n,
    rate: {
      provider: shares,
      selector: id("convertToAssets(uint256)").slice(0, 10),
      decimals,
      growthPpm: 1_000n,
    },
  };
  await (await system.vault.connect(governor).listAsset(shares, config, capShares)).wait();
  const pair = pairOf(initialPpm, maintenancePpm);
  await (await system.vault.connect(riskSteward).setPair(shares, 0n, pair)).wait();
}

function pairOf(initialPpm: bigint, maintenancePpm: bigint) {
  return {
    initialFloorPpm: initialPpm,
    initialCapPpm: 900_000n,
    maintenanceFloorPpm: maintenancePpm,
    maintenanceCapPpm: 800_000n,
    initialTargetPpm: initialPpm,
    maintenanceTargetPpm: maintenancePpm,
    depthValue: 400_000_000n * WAD,
    maxBonusBps: 300n,
  };
}
