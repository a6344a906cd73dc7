// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MathLib} from "../libraries/MathLib.sol";
import {TierPath} from "../libraries/TierPath.sol";

/// What the accounts of an owner must keep beyond the initial margin of others, in one slot:
/// surcharge when it was last raised 16 [bps of the initial margin] | raised at 40 [s] | gone at 40 [s] |
/// defaults 32, modulo 2^32.
type CreditTier is uint256;

/// How tiers rise and fall, set by governance, in one slot. All zero: there are none.
struct TierTerms {
    uint16 stepBps; // added by a default
    uint16 mostBps; // highest surcharge
    uint32 decayFor; // a surcharge is gone after it [s]
}

using CreditTierLib for CreditTier global;

/// Reads and raises a `CreditTier`.
library CreditTierLib {
    /// No surcharge is higher, whatever governance sets [bps of the initial margin].
    uint256 internal constant HIGHEST_BPS = 100_00;

    /// When it was last raised; 0 for never.
    function raisedAt(CreditTier tier) internal pure returns (uint256) {
        return uint40(CreditTier.unwrap(tier) >> 16);
    }

    /// How often an account of the owner was liquidated, written off, or let a call expire.
    function defaults(CreditTier tier) internal pure returns (uint256) {
        return uint32(CreditTier.unwrap(tier) >> 96);
    }

    /// What is left of the surcharge: it falls evenly, as it was set when it was raised, so that no later terms bring
    /// back what is gone [bps].
    function surchargeBpsAt(CreditTier tier, TierTerms memory terms, uint256 nowAt) internal pure returns (uint256) {
        uint256 goneAt = uint40(CreditTier.unwrap(tier) >> 56);
        uint256 leftFor = MathLib.zeroFloorSub(goneAt, nowAt);
        return TierPath.surchargeUp(uint16(CreditTier.unwrap(tier)), terms.mostBps, leftFor, goneAt - raisedAt(tier));
    }

    /// After one more default.
    function raised(CreditTier tier, TierTerms memory terms, uint256 nowAt) internal pure returns (CreditTier) {
        uint256 surchargeBps = TierPath.raised(surchargeBpsAt(tier, terms, nowAt), terms.stepBps, terms.mostBps);
        uint256 times = (nowAt << 16) | ((nowAt + terms.decayFor) << 56);
        return CreditTier.wrap(surchargeBps | times | (uint256(uint32(defaults(tier) + 1)) << 96));
    }
}
