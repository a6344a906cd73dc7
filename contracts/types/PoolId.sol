// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Number of a lending pool in the vault's registry, 0 to 7: the bit of the pool in an account's debt bits.
type PoolId is uint8;

using {toUint} for PoolId global;

function toUint(PoolId pool) pure returns (uint256) {
    return PoolId.unwrap(pool);
}
