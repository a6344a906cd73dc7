// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "./MathLib.sol";

/// Credit of a collateral, marginal in its size against market depth D: up to D/4 whole, to D less 5 %, to 2D less 20
/// %, above nothing (multiplicative with the haircut). A bigger position is harder to sell.
library SizeBrackets {
    uint256 internal constant SEGMENTS = 4;

    /// Σ segment · (1 − haircut) · (1 − size haircut), rounded down
    function creditDown(uint256 value, uint256 depthValue, uint256 haircutPpm) internal pure returns (uint256) {
        uint256 quarter = depthValue >> 2;
        if (value <= quarter) return MathLib.mulDivDown(value, MathLib.PPM - haircutPpm, MathLib.PPM);
        uint256 weighted = quarter * 100;
        weighted += (MathLib.min(value, depthValue) - quarter) * 95;
        if (value > depthValue) weighted += (MathLib.min(value, depthValue * 2) - depthValue) * 80;
        return MathLib.mulDivDown(weighted, MathLib.PPM - haircutPpm, MathLib.PPM * 100);
    }

    /// value · brackets(total) / total with total ≥ value, rounded down: an account's share of the credit that the
    /// whole protocol's holding of the asset gets, so that sub-accounts gain nothing
    function shareOfCreditDown(
        uint256 value,
        uint256 totalValue,
        uint256 depthValue,
        uint256 haircutPpm
    ) internal pure returns (uint256) {
        uint256 total = MathLib.max(value, totalValue);
        if (total <= depthValue >> 2) return MathLib.mulDivDown(value, MathLib.PPM - haircutPpm, MathLib.PPM);
        return MathLib.mulDivDown(value, creditDown(total, depthValue, haircutPpm), total);
    }

    /// credit per value in segment k, 0 the lowest: (1 − haircut) · (1 − size haircut) [wad]
    function weightWad(uint256 segment, uint256 haircutPpm) internal pure returns (uint256) {
        uint256 kept =
            segment == 0
                ? 100
                : segment == 1
                    ? 95
                    : segment == 2
                        ? 80
                        : 0;
        return (MathLib.PPM - haircutPpm) * kept * 1e10;
    }

    /// the segment in which a value ends
    function topSegment(uint256 value, uint256 depthValue) internal pure returns (uint256 segment) {
        segment = SEGMENTS - 1;
        while (segment > 0 && value <= segmentStart(segment, depthValue)) --segment;
    }

    /// value at which segment k begins
    function segmentStart(uint256 segment, uint256 depthValue) internal pure returns (uint256) {
        if (segment == 0) return 0;
        return
            segment == 1
                ? depthValue >> 2
                : segment == 2
                    ? depthValue
                    : depthValue * 2;
    }
}
