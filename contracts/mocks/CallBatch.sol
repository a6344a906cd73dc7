// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Runs many calls to itself in one, failures included: what the comparisons of contracts and sdk ask with.
abstract contract CallBatch {
    /// What one call gave.
    struct Outcome {
        bool success;
        bytes data; // returned, or the reason of the failure
    }

    /// The outcome of each call, in order.
    function tryAll(bytes[] calldata calls) external view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            (outcomes[i].success, outcomes[i].data) = address(this).staticcall(calls[i]);
        }
    }
}
