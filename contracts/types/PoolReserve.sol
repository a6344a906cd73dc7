// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What every lender changes, in one slot:
/// cash + debt that is no interest yet to be shared 104 [assets] | shares of all lenders 152.
type PackedSupply is uint256;

/// What of a pool is not its lenders', in one slot: fee reserve 88 [assets] | set aside for the fund 64 [share units].
type PackedReserve is uint256;

/// Both while they are worked on.
struct Reserve {
    uint256 basisAssets; // cash + debt at the last checkpoint, and what lenders moved since [assets]
    uint256 supplyShares; // of all lenders
    uint256 feeAssets; // fee reserve [assets]
    uint256 setAsideUnits; // set aside for the insurance fund [share units]
}

using PoolReserveLib for PackedSupply global;
using PoolReserveLib for Reserve global;

/// Reads and makes `PackedSupply` and `PackedReserve`.
library PoolReserveLib {
    using SafeCast for uint256;

    /// Where the fee reserve stops: more is the lenders'.
    uint256 internal constant FEES_MAX = type(uint88).max;
    /// Where what is set aside stops: more joins the fee reserve.
    uint256 internal constant SET_ASIDE_MAX = type(uint64).max;

    function unpack(PackedSupply supply, PackedReserve packed) internal pure returns (Reserve memory reserve) {
        reserve.basisAssets = uint104(PackedSupply.unwrap(supply));
        reserve.supplyShares = supplyShares(supply);
        reserve.feeAssets = uint88(PackedReserve.unwrap(packed));
        reserve.setAsideUnits = PackedReserve.unwrap(packed) >> 88;
    }

    function supplyShares(PackedSupply supply) internal pure returns (uint256) {
        return PackedSupply.unwrap(supply) >> 104;
    }

    /// fails when cash + debt or the shares do not fit
    function packSupply(Reserve memory reserve) internal pure returns (PackedSupply) {
        return PackedSupply.wrap(reserve.basisAssets.toUint104() | (uint256(reserve.supplyShares.toUint152()) << 104));
    }

    /// both are kept below their ends
    function packReserve(Reserve memory reserve) internal pure returns (PackedReserve) {
        return PackedReserve.wrap(reserve.feeAssets | (reserve.setAsideUnits << 88));
    }
}
