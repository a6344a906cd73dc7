// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../../contracts/types/AccountId.sol";
import {TierTerms} from "../../contracts/types/CreditTier.sol";
import {Deployment} from "./Deployment.sol";

/// A deployment with tiers, where alice owes 150,000 on 100 WETH.
abstract contract TierStage is Deployment {
    AccountId internal account;

    function setUp() public virtual override {
        super.setUp();
        account = accountOf(alice);
        _alicePledgesAndBorrows();
        _fundKeeper();
    }

    function setsTiers(uint256 step, uint256 most, uint256 decay) internal {
        vault.setTierTerms(tierTerms(step, most, decay));
    }

    function tierTerms(uint256 step, uint256 most, uint256 decay) internal pure returns (TierTerms memory) {
        return TierTerms({stepBps: uint16(step), mostBps: uint16(most), decayFor: uint32(decay)});
    }

    function surchargeOf(address owner) internal view returns (uint256 surchargeBps) {
        (surchargeBps, , ) = vault.tierOf(owner);
    }

    function defaultsOf(address owner) internal view returns (uint256 defaults) {
        (, , defaults) = vault.tierOf(owner);
    }
}
