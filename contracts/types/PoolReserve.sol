// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What every lender changes, in one slot: offset 120, signed [assets · bps] | shares of all lenders 136.
type PackedSupply is uint256;

/// What of a pool is not its lenders', in one slot: fee reserve 88 [assets] | set aside for the fund 64 [share units].
type PackedReserve is uint256;

/// Both while they are worked on. Interest is shared by a line: what is not the lenders' is
/// (reserveBps · (cash + debt) + offset) / BPS. Who lends or leaves with `a` moves cash by a and the offset by
/// −reserveBps · a, so that the line stands still; a checkpoint puts what it says into the reserve.
struct Reserve {
    int256 offset; // [assets · bps]
    uint256 supplyShares; // of all lenders
    uint256 feeAssets; // fee reserve [assets]
    uint256 setAsideUnits; // set aside for the insurance fund [share units]
}

using PoolReserveLib for PackedSupply global;
using PoolReserveLib for PackedReserve global;
using PoolReserveLib for Reserve global;

/// Reads and makes `PackedSupply` and `PackedReserve`.
library PoolReserveLib {
    using SafeCast for *;

    /// Where the fee reserve stops: more is the lenders'.
    uint256 internal constant FEES_MAX = type(uint88).max;
    /// Where what is set aside stops: more joins the fee reserve.
    uint256 internal constant SET_ASIDE_MAX = type(uint64).max;

    function unpackInto(PackedSupply packed, Reserve memory reserve) internal pure {
        reserve.offset = int120(uint120(PackedSupply.unwrap(packed)));
        reserve.supplyShares = supplyShares(packed);
    }

    function unpackInto(PackedReserve packed, Reserve memory reserve) internal pure {
        reserve.feeAssets = uint88(PackedReserve.unwrap(packed));
        reserve.setAsideUnits = PackedReserve.unwrap(packed) >> 88;
    }

    function supplyShares(PackedSupply packed) internal pure returns (uint256) {
        return PackedSupply.unwrap(packed) >> 120;
    }

    /// fails when offset or shares do not fit
    function packSupply(Reserve memory reserve) internal pure returns (PackedSupply) {
        return
            PackedSupply.wrap(uint120(reserve.offset.toInt120()) | (uint256(reserve.supplyShares.toUint136()) << 120));
    }

    /// both are kept below their ends
    function packReserve(Reserve memory reserve) internal pure returns (PackedReserve) {
        return PackedReserve.wrap(reserve.feeAssets | (reserve.setAsideUnits << 88));
    }
}
