// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What a pool counts, in one slot:
/// idle cash 96 [assets] | debt shares 72 | index 56 [parts in 1e12] | accrued at 32 [s, modulo 2^32].
type PackedBook is uint256;

/// The same while it is worked on.
struct Book {
    uint256 cashAssets; // idle cash [assets]
    uint256 debtShares; // owed by all accounts [debt shares]
    uint256 index; // [parts in 1e12]
    uint256 accruedAt; // [s, modulo 2^32]
}

using PoolBookLib for PackedBook global;
using PoolBookLib for Book global;

/// Reads and makes a `PackedBook`.
library PoolBookLib {
    using SafeCast for uint256;

    function unpackInto(PackedBook packed, Book memory book) internal pure {
        uint256 word = PackedBook.unwrap(packed);
        book.cashAssets = uint96(word);
        book.debtShares = uint72(word >> 96);
        book.index = uint56(word >> 168);
        book.accruedAt = word >> 224;
    }

    /// fails when the cash or the shares do not fit; the index is at most `InterestModel.INDEX_MAX`
    function pack(Book memory book) internal pure returns (PackedBook) {
        return
            PackedBook.wrap(
                book.cashAssets.toUint96() |
                    (uint256(book.debtShares.toUint72()) << 96) |
                    (book.index << 168) |
                    (book.accruedAt << 224)
            );
    }

    function cashAssets(PackedBook packed) internal pure returns (uint256) {
        return uint96(PackedBook.unwrap(packed));
    }
}
