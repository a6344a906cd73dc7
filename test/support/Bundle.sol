// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Does several calls in one transaction, as whoever owns accounts in its name; fails with the reason of the first that
/// fails.
contract Bundle {
    function run(address[] calldata targets, bytes[] calldata payloads) external {
        for (uint256 i; i < targets.length; ++i) {
            (bool success, bytes memory answer) = targets[i].call(payloads[i]);
            // safe: passes on the reason of the failure as it is
            assembly ("memory-safe") {
                if iszero(success) {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
    }
}
