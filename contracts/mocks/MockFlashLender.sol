// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// Lends every token that it holds for the length of a call. It can be told to misbehave. For tests.
contract MockFlashLender is IERC3156FlashLender {
    using SafeERC20 for IERC20;

    uint256 public immutable feeBps;
    bool public isSilent; // does not call back
    address public liedInitiator; // named instead of who began
    uint256 public missingAssets; // sends so much less than it says
    bool public isLenient; // does not pull anything back

    constructor(uint256 loanFeeBps) {
        feeBps = loanFeeBps;
    }

    function misbehave(bool silent, address initiator, uint256 missing, bool lenient) external {
        (isSilent, liedInitiator, missingAssets, isLenient) = (silent, initiator, missing, lenient);
    }

    function flashLoan(
        IERC3156FlashBorrower receiver,
        address token,
        uint256 assets,
        bytes calldata data
    ) external returns (bool) {
        if (isSilent) return true;
        address initiator = liedInitiator == address(0) ? msg.sender : liedInitiator;
        IERC20(token).safeTransfer(address(receiver), assets - missingAssets);
        bytes32 answer = receiver.onFlashLoan(initiator, token, assets, flashFee(token, assets), data);
        // solhint-disable-next-line gas-custom-errors
        require(answer == keccak256("ERC3156FlashBorrower.onFlashLoan"), "refused");
        if (isLenient) return true;
        IERC20(token).safeTransferFrom(address(receiver), address(this), assets + flashFee(token, assets));
        return true;
    }

    function maxFlashLoan(address token) external view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }

    /// rounded up
    function flashFee(address, uint256 assets) public view returns (uint256) {
        return (assets * feeBps + 9_999) / 1e4;
    }
}
