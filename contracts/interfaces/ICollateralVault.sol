// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "./IAccountLedger.sol";
import {IAuthority} from "./IAuthority.sol";
import {IConsents} from "./IConsents.sol";
import {IDelisting} from "./IDelisting.sol";
import {IHaircutRefresh} from "./IHaircutRefresh.sol";
import {IHaircutSchedule} from "./IHaircutSchedule.sol";
import {ILiquidation} from "./ILiquidation.sol";
import {IMarginCalls} from "./IMarginCalls.sol";
import {IOracleRouter} from "./IOracleRouter.sol";
import {IPermits} from "./IPermits.sol";
import {IPositions} from "./IPositions.sol";
import {IPriceUpkeep} from "./IPriceUpkeep.sol";
import {IRecovery} from "./IRecovery.sol";
import {IRewards} from "./IRewards.sol";
import {IReuse} from "./IReuse.sol";
import {IRiskEngine} from "./IRiskEngine.sol";
import {ISubstitution} from "./ISubstitution.sol";
import {IVaultConfigurator} from "./IVaultConfigurator.sol";
import {IVaultLens} from "./IVaultLens.sol";
import {IWriteOff} from "./IWriteOff.sol";

/// @notice Everything that the vault answers to, in whichever of its rooms it is served.
interface ICollateralVault is
    IAccountLedger,
    IAuthority,
    IConsents,
    IPermits,
    ISubstitution,
    IPositions,
    IRiskEngine,
    IMarginCalls,
    ILiquidation,
    IWriteOff,
    IOracleRouter,
    IPriceUpkeep,
    IHaircutSchedule,
    IHaircutRefresh,
    IRecovery,
    IRewards,
    IDelisting,
    IReuse,
    IVaultConfigurator,
    IVaultLens
{}
