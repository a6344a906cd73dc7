// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";

import {ILendingPool} from "../interfaces/ILendingPool.sol";

/// A borrower of flash loans that does what it is told in the callback, and pays back unless told otherwise.
contract MockFlashBorrower is IERC3156FlashBorrower {
    struct Act {
        address target;
        bytes payload;
    }

    Act[] private acts;
    bool public mayFail; // whether acts may fail
    bool public isThief; // whether it keeps the loan
    bool public isDeaf; // whether it answers wrongly
    bool[] public successes;
    bytes[] public answers;
    uint256 public heldAssets; // in the callback

    function add(address target, bytes calldata payload) external {
        acts.push(Act(target, payload));
    }

    function set(bool newMayFail, bool newIsThief, bool newIsDeaf) external {
        (mayFail, isThief, isDeaf) = (newMayFail, newIsThief, newIsDeaf);
    }

    function borrow(ILendingPool pool, uint256 assets) external {
        pool.flashLoan(this, pool.asset(), assets, "");
    }

    /// @inheritdoc IERC3156FlashBorrower
    function onFlashLoan(
        address,
        address token,
        uint256 assets,
        uint256 feeAssets,
        bytes calldata
    ) external returns (bytes32) {
        heldAssets = IERC20(token).balanceOf(address(this));
        for (uint256 i; i < acts.length; ++i) {
            (bool success, bytes memory answer) = acts[i].target.call(acts[i].payload);
            if (!success && !mayFail) {
                // safe: passes on the reason of the failure as it is
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
            successes.push(success);
            answers.push(answer);
        }
        if (!isThief) IERC20(token).approve(msg.sender, assets + feeAssets);
        return isDeaf ? bytes32(0) : keccak256("ERC3156FlashBorrower.onFlashLoan");
    }
}
