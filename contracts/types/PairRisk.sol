// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";

/// Risk of one collateral against one debt, in one slot:
/// initial haircut 24 | maintenance haircut 24 | initial target 24 | maintenance target 24 [ppm] | moved at 40 [s] |
/// depth 40 [compact value] | highest bonus 16 [bps] | listed 1 | climbs from 32 [min, 0 for never] | free 31.
type PairRisk is uint256;

/// Governed bounds of the four haircuts, read by setters only: initial floor, initial cap, maintenance floor,
/// maintenance cap, 24 bits each [ppm].
type PairBounds is uint256;

using PairRiskLib for PairRisk global;
using PairBoundsLib for PairBounds global;

/// Reads and makes a `PairRisk`.
library PairRiskLib {
    uint256 internal constant DEPTH_MANTISSA_BITS = 33;

    /// Initial haircut when it was last moved [ppm].
    function initialPpm(PairRisk word) internal pure returns (uint256) {
        return uint24(PairRisk.unwrap(word));
    }

    /// Maintenance haircut when it was last moved [ppm].
    function maintenancePpm(PairRisk word) internal pure returns (uint256) {
        return uint24(PairRisk.unwrap(word) >> 24);
    }

    function initialTargetPpm(PairRisk word) internal pure returns (uint256) {
        return uint24(PairRisk.unwrap(word) >> 48);
    }

    function maintenanceTargetPpm(PairRisk word) internal pure returns (uint256) {
        return uint24(PairRisk.unwrap(word) >> 72);
    }

    function movedAt(PairRisk word) internal pure returns (uint256) {
        return uint40(PairRisk.unwrap(word) >> 96);
    }

    /// Market depth: value that sells within 2 % [value].
    function depthValue(PairRisk word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PairRisk.unwrap(word) >> 136), DEPTH_MANTISSA_BITS);
    }

    /// Highest bonus of a liquidator on this pair [bps].
    function maxBonusBps(PairRisk word) internal pure returns (uint256) {
        return uint16(PairRisk.unwrap(word) >> 176);
    }

    function isListed(PairRisk word) internal pure returns (bool) {
        return (PairRisk.unwrap(word) >> 192) & 1 != 0;
    }

    /// From when the initial haircut goes up because nobody measures, rounded up; 0 for never [s].
    function climbsFrom(PairRisk word) internal pure returns (uint256) {
        return uint256(uint32(PairRisk.unwrap(word) >> 193)) * 1 minutes;
    }

    /// A listed pair; haircuts ≤ 1_000_000 ppm, bonus < 2^16 bps.
    function toPairRisk(
        uint256 initial,
        uint256 maintenance,
        uint256 initialTarget,
        uint256 maintenanceTarget,
        uint256 newMovedAt,
        uint256 newClimbsFrom
    ) internal pure returns (PairRisk) {
        return
            PairRisk.wrap(
                initial |
                    (maintenance << 24) |
                    (initialTarget << 48) |
                    (maintenanceTarget << 72) |
                    (newMovedAt << 96) |
                    (uint256(1) << 192) |
                    (((newClimbsFrom + 1 minutes - 1) / 1 minutes) << 193)
            );
    }

    function withMarket(PairRisk word, uint256 depth, uint256 bonusBps) internal pure returns (PairRisk) {
        uint256 code = CompactFloat.encodeDown(depth, DEPTH_MANTISSA_BITS);
        uint256 kept = PairRisk.unwrap(word) & ~(uint256(type(uint56).max) << 136);
        return PairRisk.wrap(kept | (code << 136) | (bonusBps << 176));
    }
}

/// Reads and makes `PairBounds`.
library PairBoundsLib {
    function initialFloorPpm(PairBounds word) internal pure returns (uint256) {
        return uint24(PairBounds.unwrap(word));
    }

    function initialCapPpm(PairBounds word) internal pure returns (uint256) {
        return uint24(PairBounds.unwrap(word) >> 24);
    }

    function maintenanceFloorPpm(PairBounds word) internal pure returns (uint256) {
        return uint24(PairBounds.unwrap(word) >> 48);
    }

    function maintenanceCapPpm(PairBounds word) internal pure returns (uint256) {
        return uint24(PairBounds.unwrap(word) >> 72);
    }

    function toPairBounds(
        uint256 initialFloor,
        uint256 initialCap,
        uint256 maintenanceFloor,
        uint256 maintenanceCap
    ) internal pure returns (PairBounds) {
        return PairBounds.wrap(initialFloor | (initialCap << 24) | (maintenanceFloor << 48) | (maintenanceCap << 72));
    }
}
