// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";

/// Terms of a pool, in one slot: base rate 16 [bps] | kink 16 [bps] | slope below 24 [bps] | slope above 24 [bps] |
/// reserve share 16 [bps] | supply cap 40 | borrow cap 40 | minimum debt 40 | fund share 16 [bps] | flash fee 8 [bps] |
/// whether a loss is flagged 1. Caps and minimum are compact floats with 28 bits of mantissa.
type PackedTerms is uint256;

using PoolTermsLib for PackedTerms global;

/// Reads and changes `PackedTerms`.
library PoolTermsLib {
    uint256 private constant MANTISSA_BITS = 28;
    uint256 private constant FLAGGED = 1 << 240;

    function baseBps(PackedTerms terms) internal pure returns (uint256) {
        return uint16(PackedTerms.unwrap(terms));
    }

    function kinkBps(PackedTerms terms) internal pure returns (uint256) {
        return uint16(PackedTerms.unwrap(terms) >> 16);
    }

    function slopeBelowBps(PackedTerms terms) internal pure returns (uint256) {
        return uint24(PackedTerms.unwrap(terms) >> 32);
    }

    function slopeAboveBps(PackedTerms terms) internal pure returns (uint256) {
        return uint24(PackedTerms.unwrap(terms) >> 56);
    }

    /// Share of interest that is a fee.
    function reserveBps(PackedTerms terms) internal pure returns (uint256) {
        return uint16(PackedTerms.unwrap(terms) >> 80);
    }

    function supplyCapAssets(PackedTerms terms) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PackedTerms.unwrap(terms) >> 96), MANTISSA_BITS);
    }

    function borrowCapAssets(PackedTerms terms) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PackedTerms.unwrap(terms) >> 136), MANTISSA_BITS);
    }

    function minimumDebtAssets(PackedTerms terms) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(PackedTerms.unwrap(terms) >> 176), MANTISSA_BITS);
    }

    /// Share of every fee that is set aside for the insurance fund.
    function fundBps(PackedTerms terms) internal pure returns (uint256) {
        return uint16(PackedTerms.unwrap(terms) >> 216);
    }

    function flashFeeBps(PackedTerms terms) internal pure returns (uint256) {
        return uint8(PackedTerms.unwrap(terms) >> 232);
    }

    function isFlagged(PackedTerms terms) internal pure returns (bool) {
        return PackedTerms.unwrap(terms) & FLAGGED != 0;
    }

    function withFlagged(PackedTerms terms, bool flagged) internal pure returns (PackedTerms) {
        uint256 word = PackedTerms.unwrap(terms);
        return PackedTerms.wrap(flagged ? word | FLAGGED : word & ~FLAGGED);
    }

    /// amounts are below 2^96 and are rounded down to eight digits; rates are within the bounds of `setTerms`
    function toPackedTerms(
        uint256[5] memory rates,
        uint256[3] memory amounts,
        uint256 newFundBps,
        uint256 newFlashFeeBps
    ) internal pure returns (PackedTerms) {
        uint256 word = rates[0] | (rates[1] << 16) | (rates[2] << 32) | (rates[3] << 56) | (rates[4] << 80);
        for (uint256 i; i < amounts.length; ++i) {
            word |= CompactFloat.encodeDown(amounts[i], MANTISSA_BITS) << (96 + 40 * i);
        }
        return PackedTerms.wrap(word | (newFundBps << 216) | (newFlashFeeBps << 232));
    }
}
