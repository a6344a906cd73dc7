// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IPermits} from "../interfaces/IPermits.sol";
import {BoundedCall} from "../libraries/BoundedCall.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// A permit, then a call of the vault by the same caller. Nothing is kept from one to the other, so this is two calls
/// in a row: the lock is taken by each of them and not in between.
abstract contract Permits is VaultStorage, IPermits {
    /// @inheritdoc IPermits
    function permitAndCall(
        address token,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s,
        bytes calldata data
    ) external returns (bytes memory answer) {
        _tryPermit(token, value, deadline, v, r, s);
        bool success;
        // into the vault's own code, from the first room on, with the same caller; nothing can be paid
        (success, answer) = address(this).delegatecall(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// locked, so that a token finds no door open; listed, so that the vault calls no stranger
    function _tryPermit(
        address token,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) private nonReentrant {
        require(assetStates[token].isListed(), IAccountLedger.AssetNotListed(token));
        // whether it succeeded says nothing: a fallback swallows a permit, and a used one has left its allowance
        BoundedCall.tryCall(
            token,
            gasleft(),
            abi.encodeCall(IERC20Permit.permit, (msg.sender, address(this), value, deadline, v, r, s))
        );
    }
}
