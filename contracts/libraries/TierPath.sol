// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// How the surcharge on an owner's initial margin rises with a default and falls with time.
library TierPath {
    /// min(raised · time left / time of decay, most), rounded up; 0 when no time is left [bps]
    function surchargeUp(
        uint256 raisedBps,
        uint256 mostBps,
        uint256 leftFor,
        uint256 decayFor
    ) internal pure returns (uint256) {
        if (leftFor == 0) return 0;
        return MathLib.min(MathLib.mulDivUp(raisedBps, leftFor, decayFor), mostBps);
    }

    /// min(surcharge + step, most) [bps]
    function raised(uint256 surchargeBps, uint256 stepBps, uint256 mostBps) internal pure returns (uint256) {
        return MathLib.min(surchargeBps + stepBps, mostBps);
    }
}
