// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

import {IPriceUpkeep} from "../interfaces/IPriceUpkeep.sol";

/// An exchange-rate provider that can be broken in every way that one may be broken. Anyone sets its rate.
contract MockRateProvider {
    /// How it answers.
    enum Fashion {
        WELL,
        REVERTS,
        EATS_GAS,
        SHORT,
        HUGE,
        WRITES,
        CALLS_BACK
    }

    /// The provider refuses.
    error Refused();

    Fashion public fashion;
    uint256 public rate;
    address public vault;
    uint256 public reads;

    constructor(uint256 newRate) {
        rate = newRate;
    }

    function setRate(uint256 newRate) external {
        rate = newRate;
    }

    function setFashion(Fashion newFashion, address newVault) external {
        (fashion, vault) = (newFashion, newVault);
    }

    /// not a view: it tries what a reader must not let it do
    function getRate() external returns (uint256) {
        require(fashion != Fashion.REVERTS, Refused());
        if (fashion == Fashion.EATS_GAS) while (true) {}
        if (fashion == Fashion.SHORT) _answerBytes(31);
        if (fashion == Fashion.HUGE) _answerBytes(320_000);
        if (fashion == Fashion.WRITES) ++reads;
        if (fashion == Fashion.CALLS_BACK) IPriceUpkeep(vault).updateSlowAverages(new uint256[](1));
        return rate;
    }

    /// returns `count` bytes: the rate, then zeros
    function _answerBytes(uint256 count) private view {
        bytes memory words = new bytes(count);
        uint256 first = rate;
        // safe: the frame ends here; the first word fits as a word is 32 bytes and memory is zero behind it
        assembly ("memory-safe") {
            mstore(add(words, 0x20), first)
            return(add(words, 0x20), count)
        }
    }
}

/// OpenZeppelin's ERC-4626 vault, with more decimals than its asset if so wished; whoever donates raises its rate.
contract MockYieldVault is ERC4626 {
    uint8 private immutable offset;

    constructor(IERC20 asset, uint8 offset_) ERC20("yield", "YLD") ERC4626(asset) {
        offset = offset_;
    }

    function _decimalsOffset() internal view override returns (uint8) {
        return offset;
    }
}
