// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// A wallet that is a contract: its keeper sends several calls in one transaction, and signs for it with a key
/// (ERC-1271).
contract SmartWallet is IERC1271 {
    /// One call.
    struct Call {
        address target;
        bytes data;
    }

    /// Only the keeper sends.
    error NotKeeper(address caller);

    address public immutable keeper;

    constructor(address newKeeper) {
        keeper = newKeeper;
    }

    function execute(Call[] calldata calls) external {
        require(msg.sender == keeper, NotKeeper(msg.sender));
        for (uint256 i; i < calls.length; ++i) {
            (bool success, bytes memory answer) = calls[i].target.call(calls[i].data);
            if (!success) {
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, , ) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == keeper ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// A contract that answers to a signature as it is told.
contract OddWallet {
    /// How it answers.
    enum Manner {
        YES,
        NO,
        REVERTS,
        SHORT, // fewer bytes than a word
        LONG, // far more than a word
        DIRTY, // the right bytes, with others behind them
        REENTERS // yes, if what it calls refuses it as it expects
    }

    /// It does not like to be asked.
    error Unwilling();

    Manner private manner;
    address private target;
    bytes private data;
    bytes4 private refusal;

    function setManner(Manner newManner) external {
        manner = newManner;
    }

    function setReentry(address newTarget, bytes calldata newData, bytes4 newRefusal) external {
        (manner, target, data, refusal) = (Manner.REENTERS, newTarget, newData, newRefusal);
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        bytes4 yes = IERC1271.isValidSignature.selector;
        if (manner == Manner.YES) return yes;
        if (manner == Manner.NO) return 0xffffffff;
        if (manner == Manner.REVERTS) revert Unwilling();
        if (manner == Manner.REENTERS) {
            (bool success, bytes memory answer) = target.staticcall(data);
            return !success && bytes4(answer) == refusal ? yes : bytes4(0);
        }
        uint256 size = manner == Manner.SHORT ? 4 : 0x20;
        if (manner == Manner.LONG) size = 100_000;
        uint256 word = uint256(bytes32(yes)) | (manner == Manner.DIRTY ? 1 : 0);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, word)
            return(free, size)
        }
    }
}
