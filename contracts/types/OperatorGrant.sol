// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// What an operator of one account may do, in one word: rights 8 | expires at 40 [unix s] | epoch 32 | least coverage
/// 24 [bps] | number 32 | limited 1. The rest is free.
type OperatorGrant is uint256;

using OperatorGrantLib for OperatorGrant global;

/// Reads and makes an `OperatorGrant`.
library OperatorGrantLib {
    /// Highest least coverage that the word holds [bps].
    uint256 internal constant MAX_COVERAGE_BPS = type(uint24).max;

    /// Sum of rights, also when they have expired or were voided.
    function rights(OperatorGrant grant) internal pure returns (uint256) {
        return uint8(OperatorGrant.unwrap(grant));
    }

    /// Time from which the rights are void; 0 when there are none [unix s].
    function expiresAt(OperatorGrant grant) internal pure returns (uint256) {
        return uint40(OperatorGrant.unwrap(grant) >> 8);
    }

    /// Epoch of the account in which it was given.
    function epoch(OperatorGrant grant) internal pure returns (uint256) {
        return uint32(OperatorGrant.unwrap(grant) >> 48);
    }

    /// Coverage that the operator leaves at least; 0 for none [bps].
    function leastCoverageBps(OperatorGrant grant) internal pure returns (uint256) {
        return uint24(OperatorGrant.unwrap(grant) >> 80);
    }

    /// How often the operator's terms were set. Allowances belong to one number, so that new terms leave none behind.
    function number(OperatorGrant grant) internal pure returns (uint256) {
        return uint32(OperatorGrant.unwrap(grant) >> 104);
    }

    /// Whether what the operator takes out counts against allowances.
    function isLimited(OperatorGrant grant) internal pure returns (bool) {
        return (OperatorGrant.unwrap(grant) >> 136) & 1 != 0;
    }

    /// Where the allowance of a token is kept: the token below the number.
    function allowanceKey(OperatorGrant grant, address asset) internal pure returns (uint256) {
        return (number(grant) << 160) | uint160(asset);
    }

    /// `newRights` < 2^8, `expiry` < 2^40, `coverageBps` < 2^24, by who sets them; an epoch or a number of 2^32 takes
    /// as many transactions.
    function toOperatorGrant(
        uint256 newRights,
        uint256 expiry,
        uint256 inEpoch,
        uint256 coverageBps,
        uint256 nextNumber,
        bool limited
    ) internal pure returns (OperatorGrant) {
        return
            OperatorGrant.wrap(
                newRights |
                    (expiry << 8) |
                    (uint256(uint32(inEpoch)) << 48) |
                    (coverageBps << 80) |
                    (uint256(uint32(nextNumber)) << 104) |
                    (limited ? uint256(1) << 136 : 0)
            );
    }
}
