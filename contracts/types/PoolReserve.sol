// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What of a pool is not its lenders', in one slot:
/// cash + debt at the last checkpoint 104 [assets] | fee reserve 88 [assets] | set aside for the fund 64 [share units].
type PackedReserve is uint256;

/// The same while it is worked on.
struct Reserve {
    uint256 grossAssets; // cash + debt at the last checkpoint [assets]
    uint256 feeAssets; // fee reserve [assets]
    uint256 setAsideUnits; // set aside for the insurance fund [share units]
}

using PoolReserveLib for PackedReserve global;
using PoolReserveLib for Reserve global;

/// Reads and makes a `PackedReserve`.
library PoolReserveLib {
    using SafeCast for uint256;

    /// Where the fee reserve stops: more is the lenders'.
    uint256 internal constant FEES_MAX = type(uint88).max;
    /// Where what is set aside stops: more joins the fee reserve.
    uint256 internal constant SET_ASIDE_MAX = type(uint64).max;

    function unpack(PackedReserve packed) internal pure returns (Reserve memory reserve) {
        uint256 word = PackedReserve.unwrap(packed);
        reserve.grossAssets = uint104(word);
        reserve.feeAssets = uint88(word >> 104);
        reserve.setAsideUnits = word >> 192;
    }

    /// fails when cash + debt does not fit; the other two are kept below their ends
    function pack(Reserve memory reserve) internal pure returns (PackedReserve) {
        return
            PackedReserve.wrap(
                reserve.grossAssets.toUint104() | (reserve.feeAssets << 104) | (reserve.setAsideUnits << 192)
            );
    }
}
