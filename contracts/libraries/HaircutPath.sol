// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// The path of a haircut towards its stored target, limited in speed. It depends on the stored targets and on time
/// alone, so nobody's refreshes change it.
library HaircutPath {
    /// d: how fast either haircut comes down [ppm a day].
    uint256 internal constant DOWN_PER_DAY_PPM = 10_000;
    /// u: how fast the maintenance haircut goes up [ppm a day].
    uint256 internal constant UP_PER_DAY_PPM = 50_000;

    /// max(target, h − d·Δt): jumps up, comes down slowly
    function initialAfter(uint256 ppm, uint256 targetPpm, uint256 elapsedFor) internal pure returns (uint256) {
        if (ppm <= targetPpm) return targetPpm;
        return MathLib.max(targetPpm, MathLib.zeroFloorSub(ppm, stepPpm(DOWN_PER_DAY_PPM, elapsedFor)));
    }

    /// h + clamp(target − h, −d·Δt, +u·Δt): an owner is never surprised by a step
    function maintenanceAfter(uint256 ppm, uint256 targetPpm, uint256 elapsedFor) internal pure returns (uint256) {
        if (ppm < targetPpm) return MathLib.min(targetPpm, ppm + stepPpm(UP_PER_DAY_PPM, elapsedFor));
        return MathLib.max(targetPpm, MathLib.zeroFloorSub(ppm, stepPpm(DOWN_PER_DAY_PPM, elapsedFor)));
    }

    /// speed · time, rounded down [ppm]
    function stepPpm(uint256 perDayPpm, uint256 elapsedFor) internal pure returns (uint256) {
        return MathLib.mulDivDown(perDayPpm, elapsedFor, 1 days);
    }
}
