// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {MockToken} from "./MockToken.sol";

/// A token of OpenZeppelin that takes permits (ERC-2612), with any number of decimals; anyone may mint.
contract PermitToken is ERC20Permit {
    uint8 private immutable digits;

    constructor(string memory name, uint8 decimals_) ERC20(name, name) ERC20Permit(name) {
        digits = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return digits;
    }

    function mint(address receiver, uint256 assets) external {
        _mint(receiver, assets);
    }
}

/// Knows no permit and swallows what it does not know, as WETH does.
contract SwallowingToken is MockToken {
    constructor() MockToken("swallowing", "SWALLOW", 18) {}

    // solhint-disable-next-line payable-fallback
    fallback() external {}
}

/// Calls somebody in the middle of a permit, and remembers what came of it. Allows nothing.
contract HookPermitToken is MockToken {
    address private target;
    bytes private data;
    bool public wasReached;
    bool public hasSucceeded;
    bytes public answer;

    constructor() MockToken("hook permit", "HOOKP", 18) {}

    function setHook(address newTarget, bytes calldata newData) external {
        (target, data, wasReached, hasSucceeded, answer) = (newTarget, newData, false, false, "");
    }

    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external {
        wasReached = true;
        (hasSucceeded, answer) = target.call(data);
    }
}

/// Sends more than it is asked to, from whoever sends, once it has turned.
contract GreedyToken is MockToken {
    bool private isGreedy;

    constructor() MockToken("greedy", "GREEDY", 18) {}

    function turn() external {
        isGreedy = true;
    }

    function transfer(address to, uint256 assets) public override returns (bool) {
        return super.transfer(to, isGreedy ? assets + 1 : assets);
    }
}
