// Typed handles of the deployed contracts.
import type { ContractRunner } from "ethers";
import type { IERC20Metadata } from "../types/ethers-contracts/@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.ts";
import type { ICollateralVault } from "../types/ethers-contracts/contracts/interfaces/ICollateralVault.ts";
import type { IVenueAllocator } from "../types/ethers-contracts/contracts/interfaces/IVenueAllocator.ts";
import type { ILendingPool } from "../types/ethers-contracts/contracts/interfaces/ILendingPool.ts";
import type { CollateralSwapper } from "../types/ethers-contracts/contracts/periphery/CollateralSwapper.ts";
import type { FlashLiquidator } from "../types/ethers-contracts/contracts/periphery/FlashLiquidator.ts";
import { IERC20Metadata__factory } from "../types/ethers-contracts/factories/@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata__factory.ts";
import { ICollateralVault__factory } from "../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";
import { CollateralSwapper__factory } from "../types/ethers-contracts/factories/contracts/periphery/CollateralSwapper__factory.ts";
import { FlashLiquidator__factory } from "../types/ethers-contracts/factories/contracts/periphery/FlashLiquidator__factory.ts";
import { IVenueAllocator__factory } from "../types/ethers-contracts/factories/contracts/interfaces/IVenueAllocator__factory.ts";
import { ILendingPool__factory } from "../types/ethers-contracts/factories/contracts/interfaces/ILendingPool__factory.ts";

/** The vault with everything it answers to, in whichever of its rooms. */
export function vaultAt(address: string, runner: ContractRunner): ICollateralVault {
  return ICollateralVault__factory.connect(address, runner);
}

/** A lending pool. */
export function poolAt(address: string, runner: ContractRunner): ILendingPool {
  return ILendingPool__factory.connect(address, runner);
}

/** A token: a collateral or the cash of a pool. */
export function tokenAt(address: string, runner: ContractRunner): IERC20Metadata {
  return IERC20Metadata__factory.connect(address, runner);
}

/** A sleeve; one that is a lending pool answers to the functions of ERC-4626 only. */
export function sleeveAt(address: string, runner: ContractRunner): IVenueAllocator {
  return IVenueAllocator__factory.connect(address, runner);
}

/** A liquidator that needs no cash. */
export function liquidatorAt(address: string, runner: ContractRunner): FlashLiquidator {
  return FlashLiquidator__factory.connect(address, runner);
}

/** Swaps collateral through a venue for owners without the new one. */
export function swapperAt(address: string, runner: ContractRunner): CollateralSwapper {
  return CollateralSwapper__factory.connect(address, runner);
}
