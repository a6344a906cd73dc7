// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {ISubstitution} from "../interfaces/ISubstitution.sol";
import {ISubstitutionCallback} from "../interfaces/ISubstitutionCallback.sol";
import {AccountId} from "../types/AccountId.sol";

/// A caller of `substituteBySwap` that finds what comes in within the callback, or does not, or misuses the callback.
contract MockSubstituter is ISubstitutionCallback {
    struct Act {
        address target;
        bytes payload;
        bool success;
        bytes answer;
    }

    ICollateralVault private immutable vault;
    address public source; // who gives it what comes in; zero: it finds nothing
    uint256 public shortBy; // how much less it brings [assets]
    Act[] public acts; // called in the callback
    bool public wasReached;
    AccountId public account;
    ISubstitution.Amount[] public wanted;
    ISubstitution.Amount[] public got;
    uint256[] public heldAssets; // of what went out, in the callback
    bytes public received;

    constructor(ICollateralVault servedVault) {
        vault = servedVault;
    }

    function setSource(address newSource, uint256 newShortBy) external {
        (source, shortBy) = (newSource, newShortBy);
    }

    function prepare(address target, bytes calldata payload) external {
        acts.push(Act(target, payload, false, ""));
    }

    /// outside of a substitution, as the owner of an account
    function run(address target, bytes calldata payload) external {
        (bool success, bytes memory answer) = target.call(payload);
        // safe: passes on the reason of the failure as it is
        if (!success)
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
    }

    function substitute(
        AccountId target,
        ISubstitution.Amount[] calldata incoming,
        ISubstitution.Amount[] calldata outgoing,
        bytes calldata data
    ) external {
        vault.substituteBySwap(target, incoming, outgoing, data);
    }

    /// @inheritdoc ISubstitutionCallback
    function onSubstitution(
        AccountId target,
        ISubstitution.Amount[] calldata incoming,
        ISubstitution.Amount[] calldata outgoing,
        bytes calldata data
    ) external {
        (wasReached, account, received) = (true, target, data);
        for (uint256 i; i < outgoing.length; ++i) {
            got.push(outgoing[i]);
            heldAssets.push(IERC20(outgoing[i].asset).balanceOf(address(this)));
        }
        for (uint256 i; i < acts.length; ++i) (acts[i].success, acts[i].answer) = acts[i].target.call(acts[i].payload);
        for (uint256 i; i < incoming.length; ++i) {
            wanted.push(incoming[i]);
            IERC20 token = IERC20(incoming[i].asset);
            if (source != address(0)) token.transferFrom(source, address(this), incoming[i].assets - shortBy);
            token.approve(address(vault), type(uint256).max);
        }
    }
}
