// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// An account: owner address (20 bytes) followed by a tag (12 bytes). Ownership needs no storage read.
type AccountId is bytes32;

using {ownerOf, tagOf, equals as ==} for AccountId global;

/// The account of `owner` with `tag`.
function toAccountId(address owner, uint96 tag) pure returns (AccountId) {
    return AccountId.wrap(bytes32((uint256(uint160(owner)) << 96) | tag));
}

/// The address that owns the account.
function ownerOf(AccountId account) pure returns (address) {
    return address(uint160(uint256(AccountId.unwrap(account)) >> 96));
}

/// The owner's own number for the account.
function tagOf(AccountId account) pure returns (uint96) {
    return uint96(uint256(AccountId.unwrap(account)));
}

function equals(AccountId left, AccountId right) pure returns (bool) {
    return AccountId.unwrap(left) == AccountId.unwrap(right);
}
