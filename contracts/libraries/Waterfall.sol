// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// Who bears a loss, in order: fee reserve, insurance fund, lenders.
library Waterfall {
    /// part of the loss that a layer bears, min(loss, layer), and what is left for the next
    function bear(uint256 loss, uint256 layer) internal pure returns (uint256 borne, uint256 rest) {
        borne = MathLib.min(loss, layer);
        rest = loss - borne;
    }

    /// parts of a loss that the fee reserve, then the fund, then lenders bear; they sum to the loss
    function split(
        uint256 loss,
        uint256 feeAssets,
        uint256 fundAssets
    ) internal pure returns (uint256 fromFees, uint256 fromFund, uint256 fromLenders) {
        (fromFees, fromLenders) = bear(loss, feeAssets);
        (fromFund, fromLenders) = bear(fromLenders, fundAssets);
    }
}
