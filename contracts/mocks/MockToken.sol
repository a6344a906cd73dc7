// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// An ERC-20 of OpenZeppelin with any number of decimals that anyone may mint. For local chains and tests.
contract MockToken is ERC20 {
    uint8 private immutable digits;

    constructor(string memory name, string memory symbol, uint8 decimals_) ERC20(name, symbol) {
        digits = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return digits;
    }

    function mint(address receiver, uint256 assets) external {
        _mint(receiver, assets);
    }
}
