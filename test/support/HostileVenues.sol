// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IUniswapV3SwapRouter} from "../../contracts/interfaces/IUniswapV3SwapRouter.sol";

/// Takes and gives only a share of what it should, and says otherwise.
contract ShortVenue {
    uint256 private immutable takenBps;
    uint256 private immutable givenBps;

    constructor(uint256 newTakenBps, uint256 newGivenBps) {
        (takenBps, givenBps) = (newTakenBps, newGivenBps);
    }

    function exactInputSingle(IUniswapV3SwapRouter.ExactInputSingleParams calldata params) external returns (uint256) {
        IERC20(params.tokenIn).transferFrom(msg.sender, address(this), (params.amountIn * takenBps) / 1e4);
        IERC20(params.tokenOut).transfer(params.recipient, (params.amountOutMinimum * givenBps) / 1e4);
        return params.amountOutMinimum;
    }
}

/// Gives what is asked for, and tries calls of its own in the middle of the swap.
contract ReenteringVenue {
    struct Attempt {
        address target;
        bytes payload;
        bool success;
        bytes answer;
    }

    Attempt[] public attempts;

    function prepare(address target, bytes calldata payload) external {
        attempts.push(Attempt(target, payload, false, ""));
    }

    /// as the owner of a liquidator
    function run(address target, bytes calldata payload) external {
        (bool success, bytes memory answer) = target.call(payload);
        // safe: passes on the reason of the failure as it is
        if (!success)
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
    }

    function exactInputSingle(IUniswapV3SwapRouter.ExactInputSingleParams calldata params) external returns (uint256) {
        IERC20(params.tokenIn).transferFrom(msg.sender, address(this), params.amountIn);
        for (uint256 i; i < attempts.length; ++i) {
            Attempt storage attempt = attempts[i];
            (attempt.success, attempt.answer) = attempt.target.call(attempt.payload);
        }
        IERC20(params.tokenOut).transfer(params.recipient, params.amountOutMinimum);
        return params.amountOutMinimum;
    }
}
