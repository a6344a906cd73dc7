// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

import {AccountId} from "../types/AccountId.sol";

/// An account whose owner took risk cannot be liquidated in the same transaction: no profit from flashing one's own
/// account below its line. Deposits and repayments do not start it, so nobody can shield an account with it across
/// transactions.
abstract contract CoolOff {
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.BooleanSlot;

    bytes32 private constant COOL_OFF = keccak256("surety.CoolOff");

    function _startCoolOff(AccountId account) internal {
        _slot(account).tstore(true);
    }

    function _isCoolingOff(AccountId account) internal view returns (bool) {
        return _slot(account).tload();
    }

    function _slot(AccountId account) private pure returns (TransientSlot.BooleanSlot) {
        return keccak256(abi.encode(COOL_OFF, account)).asBoolean();
    }
}
