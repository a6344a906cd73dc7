// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Calls a contract that may be broken or hostile: bounded gas, at most one word copied, never a revert.
library BoundedCall {
    /// calls `target`; whatever it returns is left where it is
    function tryCall(address target, uint256 gasMax, bytes memory data) internal returns (bool success) {
        // safe: copies nothing into memory
        assembly ("memory-safe") {
            success := call(gasMax, target, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }

    /// the word that `target` answers, or 0 when it fails or answers less
    function tryRead(address target, uint256 gasMax, bytes memory data) internal view returns (uint256 word) {
        // safe: writes one word of scratch space
        assembly ("memory-safe") {
            let success := staticcall(gasMax, target, add(data, 0x20), mload(data), 0x00, 0x20)
            if and(success, gt(returndatasize(), 0x1f)) {
                word := mload(0x00)
            }
        }
    }
}
