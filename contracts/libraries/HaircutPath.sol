// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// The path of a haircut towards its stored target, limited in speed. It moves by whole ppm at the ticks of one clock,
/// so it depends on the stored targets and on time alone: nobody's refreshes change it, however often they come.
library HaircutPath {
    /// A tick of the clock: in it either speed is a whole number of ppm [s].
    uint256 internal constant TICK_FOR = 216;
    /// d: how fast either haircut comes down, 10,000 ppm a day [ppm a tick].
    uint256 internal constant DOWN_PER_TICK_PPM = 25;
    /// u: how fast the maintenance haircut goes up, 50,000 ppm a day [ppm a tick].
    uint256 internal constant UP_PER_TICK_PPM = 125;

    /// ticks of the clock after one time up to another
    function ticksBetween(uint256 fromAt, uint256 nowAt) internal pure returns (uint256) {
        return nowAt / TICK_FOR - fromAt / TICK_FOR;
    }

    /// max(target, h − d·ticks): jumps up, comes down slowly
    function initialAfter(uint256 ppm, uint256 targetPpm, uint256 ticks) internal pure returns (uint256) {
        if (ppm <= targetPpm) return targetPpm;
        return MathLib.max(targetPpm, MathLib.zeroFloorSub(ppm, DOWN_PER_TICK_PPM * ticks));
    }

    /// h + clamp(target − h, −d·ticks, +u·ticks): an owner is never surprised by a step
    function maintenanceAfter(uint256 ppm, uint256 targetPpm, uint256 ticks) internal pure returns (uint256) {
        if (ppm < targetPpm) return MathLib.min(targetPpm, ppm + UP_PER_TICK_PPM * ticks);
        return MathLib.max(targetPpm, MathLib.zeroFloorSub(ppm, DOWN_PER_TICK_PPM * ticks));
    }

    /// min(1, h + u·ticks): what an initial haircut becomes while nobody measures
    function climbed(uint256 ppm, uint256 ticks) internal pure returns (uint256) {
        return MathLib.min(MathLib.PPM, ppm + UP_PER_TICK_PPM * ticks);
    }
}
