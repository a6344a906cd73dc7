import type { Interface } from "ethers";
import { AccessManager__factory } from "../types/ethers-contracts/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { IERC20Metadata__factory } from "../types/ethers-contracts/factories/@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata__factory.ts";
import { CollateralVault__factory } from "../types/ethers-contracts/factories/contracts/CollateralVault__factory.ts";
import { ICollateralVault__factory } from "../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";
import { InsuranceFund__factory } from "../types/ethers-contracts/factories/contracts/InsuranceFund__factory.ts";
import { LendingPool__factory } from "../types/ethers-contracts/factories/contracts/LendingPool__factory.ts";
import { MockAggregator__factory } from "../types/ethers-contracts/factories/contracts/mocks/MockAggregator.sol/MockAggregator__factory.ts";
import { MockFeedProxy__factory } from "../types/ethers-contracts/factories/contracts/mocks/MockAggregator.sol/MockFeedProxy__factory.ts";
import { MockYieldVault__factory } from "../types/ethers-contracts/factories/contracts/mocks/MockRates.sol/MockYieldVault__factory.ts";
import { MockToken__factory } from "../types/ethers-contracts/factories/contracts/mocks/MockToken__factory.ts";
import { RewardsDistributor__factory } from "../types/ethers-contracts/factories/contracts/RewardsDistributor__factory.ts";
import { VaultConfigurator__factory } from "../types/ethers-contracts/factories/contracts/VaultConfigurator__factory.ts";
import { VaultCustody__factory } from "../types/ethers-contracts/factories/contracts/VaultCustody__factory.ts";
import { VaultLens__factory } from "../types/ethers-contracts/factories/contracts/VaultLens__factory.ts";
import { VaultLiquidation__factory } from "../types/ethers-contracts/factories/contracts/VaultLiquidation__factory.ts";
import { VaultReuse__factory } from "../types/ethers-contracts/factories/contracts/VaultReuse__factory.ts";
import { VaultUpkeep__factory } from "../types/ethers-contracts/factories/contracts/VaultUpkeep__factory.ts";
import { VaultWriteOff__factory } from "../types/ethers-contracts/factories/contracts/VaultWriteOff__factory.ts";
import { VenueAllocator__factory } from "../types/ethers-contracts/factories/contracts/VenueAllocator__factory.ts";

/** Contracts that a deployment creates. */
export const CREATED = {
  AccessManager: AccessManager__factory,
  VaultLens: VaultLens__factory,
  VaultConfigurator: VaultConfigurator__factory,
  VaultReuse: VaultReuse__factory,
  VaultCustody: VaultCustody__factory,
  VaultUpkeep: VaultUpkeep__factory,
  VaultWriteOff: VaultWriteOff__factory,
  VaultLiquidation: VaultLiquidation__factory,
  CollateralVault: CollateralVault__factory,
  LendingPool: LendingPool__factory,
  InsuranceFund: InsuranceFund__factory,
  RewardsDistributor: RewardsDistributor__factory,
  VenueAllocator: VenueAllocator__factory,
  MockToken: MockToken__factory,
  MockAggregator: MockAggregator__factory,
  MockFeedProxy: MockFeedProxy__factory,
  MockYieldVault: MockYieldVault__factory,
} as const;

/** The rooms of the vault, from the door to the innermost: each passes on to the next what it does not know. */
export const ROOMS = [
  "CollateralVault",
  "VaultLiquidation",
  "VaultUpkeep",
  "VaultWriteOff",
  "VaultCustody",
  "VaultReuse",
  "VaultConfigurator",
  "VaultLens",
] as const satisfies readonly CreatedContract[];

/** Rooms behind the door: code of the vault, never called by themselves. */
export const [, ...INNER_ROOMS] = ROOMS;

/** ABIs through which a deployment calls: of what it creates, of the vault as a whole, and of tokens that are there already. */
export const SPOKEN = {
  ...CREATED,
  ICollateralVault: ICollateralVault__factory,
  IERC20Metadata: IERC20Metadata__factory,
} as const;

export type CreatedContract = keyof typeof CREATED;
export type SpokenContract = keyof typeof SPOKEN;

/** The ABI of a contract. */
export function interfaceOf(contract: SpokenContract): Interface {
  return SPOKEN[contract].createInterface();
}

/** Selectors of functions by name. @throws RangeError when the contract has no such function */
export function selectorsOf(contract: SpokenContract, names: readonly string[]): readonly string[] {
  const abi = interfaceOf(contract);
  return names.map((name) => {
    const fragment = abi.getFunction(name);
    if (fragment === null) throw new RangeError(`function "${name}" found nowhere in ${contract}`);
    return fragment.selector;
  });
}
