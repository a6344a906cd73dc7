// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// How the surcharge on an owner's initial margin rises with a default and falls with time.
library TierPath {
    /// max(0, min(raised, most) − most · Δt / decay), rounded up; 0 without a time of decay [bps]
    function surchargeUp(
        uint256 raisedBps,
        uint256 mostBps,
        uint256 elapsedFor,
        uint256 decayFor
    ) internal pure returns (uint256) {
        if (decayFor == 0) return 0;
        uint256 fallenBps = MathLib.mulDivDown(mostBps, elapsedFor, decayFor);
        return MathLib.zeroFloorSub(MathLib.min(raisedBps, mostBps), fallenBps);
    }

    /// min(surcharge + step, most) [bps]
    function raised(uint256 surchargeBps, uint256 stepBps, uint256 mostBps) internal pure returns (uint256) {
        return MathLib.min(surchargeBps + stepBps, mostBps);
    }
}
