// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {PoolId} from "../types/PoolId.sol";

/// @notice Haircuts of collateral against debt. A pair that is not listed has a haircut of 100 %.
interface IHaircutSchedule {
    /// @notice The targets of a pair changed; haircuts are those in force at that moment.
    event HaircutTargetsSet(
        address indexed asset,
        PoolId indexed pool,
        uint256 initialPpm,
        uint256 maintenancePpm,
        uint256 oldInitialTargetPpm,
        uint256 oldMaintenanceTargetPpm,
        uint256 initialTargetPpm,
        uint256 maintenanceTargetPpm
    );
}
