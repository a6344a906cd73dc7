// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// Who bears a loss, in order.
library Waterfall {
    /// part of the loss that a layer bears, min(loss, layer), and what is left for the next
    function bear(uint256 loss, uint256 layer) internal pure returns (uint256 borne, uint256 rest) {
        borne = MathLib.min(loss, layer);
        rest = loss - borne;
    }
}
