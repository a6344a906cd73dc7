// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// Kinked interest: utilisation → yearly rate → growth of the debt index.
library InterestModel {
    uint256 internal constant YEAR = 365 days;
    /// The index of a new pool; one index unit is a part in 1e12.
    uint256 internal constant INDEX_ONE = 1e12;
    /// Where the index stops: interest ends there, repayment never does.
    uint256 internal constant INDEX_MAX = type(uint56).max;
    /// Exponents above 64 e-folds are far beyond INDEX_MAX.
    uint256 private constant EXPONENT_MAX_WAD = 64e18;

    /// Parameters of the kinked curve [bps].
    struct Curve {
        uint256 baseBps;
        uint256 kinkBps;
        uint256 slopeBelowBps;
        uint256 slopeAboveBps;
    }

    /// debt / (cash + debt), rounded up, 0 when both are 0 [wad]
    function utilisationUp(uint256 cash, uint256 debt) internal pure returns (uint256) {
        // safe: cash is below 2^96, debt below 2^109
        unchecked {
            return debt == 0 ? 0 : MathLib.mulDivUpUnchecked(debt, MathLib.WAD, cash + debt);
        }
    }

    /// base + slopeBelow · min(u, kink) / kink + slopeAbove · (u − kink) / (1 − kink), rounded up [wad a year]
    function yearlyRateUp(uint256 utilisationWad, Curve memory curve) internal pure returns (uint256) {
        // safe: the bps of a pool have at most 24 bits, a utilisation is at most 1e18 and a kink below it
        unchecked {
            uint256 kinkWad = curve.kinkBps * 1e14;
            uint256 base = curve.baseBps * 1e14;
            uint256 below = curve.slopeBelowBps * 1e14;
            if (utilisationWad <= kinkWad) return base + MathLib.mulDivUpUnchecked(below, utilisationWad, kinkWad);
            uint256 slopeWad = curve.slopeAboveBps * 1e14;
            uint256 above = MathLib.mulDivUpUnchecked(slopeWad, utilisationWad - kinkWad, MathLib.WAD - kinkWad);
            return base + below + above;
        }
    }

    /// index · (1 + x + x²/2 + x³/6) with x = rate · Δt / YEAR, rounded up, at most INDEX_MAX
    function indexAfterUp(uint256 index, uint256 yearlyRateWad, uint256 elapsedFor) internal pure returns (uint256) {
        uint256 x = MathLib.min(MathLib.mulDivUp(yearlyRateWad, elapsedFor, YEAR), EXPONENT_MAX_WAD);
        // safe: x is below 2^66, so all of the series below 2^77; an index is below 2^56
        unchecked {
            uint256 second = MathLib.mulDivUpUnchecked(x, x, 2 * MathLib.WAD);
            uint256 third = MathLib.mulDivUpUnchecked(second, x, 3 * MathLib.WAD);
            uint256 growth = MathLib.mulDivUpUnchecked(index, x + second + third, MathLib.WAD);
            return MathLib.min(index + growth, INDEX_MAX);
        }
    }
}
