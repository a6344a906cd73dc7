// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {InterestModel} from "../libraries/InterestModel.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {Book, PackedBook} from "../types/PoolBook.sol";
import {PackedReserve, PackedSupply, PoolReserveLib, Reserve} from "../types/PoolReserve.sol";
import {PackedTerms, PoolTermsLib} from "../types/PoolTerms.sol";

/// The books of a pool: what it counts, interest, fees, terms.
abstract contract PoolBooks is AccessManaged, ReentrancyGuardTransient, ILendingPool {
    using SafeERC20 for IERC20;

    uint256 private constant MAX_DECIMALS = 18;
    uint256 private constant SHARE_DIGITS = 12;

    address public immutable vault;
    uint256 public immutable shareUnitExponent;
    uint256 internal immutable shareUnit;
    IERC20 internal immutable cash;

    // Four slots. The book alone is written for borrowers, book and supply for lenders, the reserve at checkpoints.
    PackedBook internal packedBook;
    PackedSupply internal packedSupply;
    PackedReserve private packedReserve;
    PackedTerms internal packedTerms;

    uint256 internal transient lentAssets; // out in a flash loan, still part of the cash in the book [assets]

    /// The books accrued to now, while they are worked on.
    struct Books {
        Book book;
        Reserve reserve;
        uint256 grossAssets; // cash + debt [assets]
        PackedTerms terms;
        uint256 lendersAssets; // what lenders own before anything else is booked [assets]
    }

    constructor(IERC20Metadata cashToken, address lendingVault) {
        uint256 digits = cashToken.decimals();
        require(digits <= MAX_DECIMALS, PoolDecimalsAboveMaximum(address(cashToken), digits, MAX_DECIMALS));
        cash = cashToken;
        vault = lendingVault;
        shareUnitExponent = MathLib.zeroFloorSub(digits, SHARE_DIGITS);
        shareUnit = 10 ** shareUnitExponent;
        packedBook = Book(0, 0, InterestModel.INDEX_ONE, uint32(block.timestamp)).pack();
        // all other terms start at zero; a kink at zero would divide by it
        uint256[3] memory none;
        packedTerms = PoolTermsLib.toPackedTerms([uint256(0), 1_00, 0, 0, 0], none, 0, 0);
    }

    modifier onlyVault() {
        require(msg.sender == vault, CallerNotVault(msg.sender));
        _;
    }

    // ---- interest ----

    // Books are filled where they are: one that is returned would be made, and cleared, once more.

    /// the book as it is now; returns whether time has passed since it was written
    function _readInto(Book memory book, PackedTerms terms_) internal view returns (bool isLater) {
        packedBook.unpackInto(book);
        uint256 elapsedFor = _elapsedFor(book);
        if (elapsedFor == 0) return false;
        book.accruedAt = uint32(block.timestamp);
        uint256 debtAssets = _debt(book);
        if (debtAssets == 0) return true;
        uint256 rateWad = _yearlyRate(terms_, book.cashAssets, debtAssets);
        book.index = InterestModel.indexAfterUp(book.index, rateWad, elapsedFor);
        return true;
    }

    /// the same, written if time has passed
    function _accrueInto(Book memory book, PackedTerms terms_) internal {
        if (_readInto(book, terms_)) packedBook = book.pack();
    }

    function _elapsedFor(Book memory book) private view returns (uint256) {
        unchecked {
            // safe: the clock is kept modulo 2^32, and no pool is left alone for 136 years
            return uint32(block.timestamp - book.accruedAt);
        }
    }

    function _yearlyRate(PackedTerms terms_, uint256 cashAssets, uint256 debtAssets) internal pure returns (uint256) {
        return
            InterestModel.yearlyRateUp(
                InterestModel.utilisationUp(cashAssets, debtAssets),
                InterestModel.Curve(terms_.baseBps(), terms_.kinkBps(), terms_.slopeBelowBps(), terms_.slopeAboveBps())
            );
    }

    function _debt(Book memory book) internal view returns (uint256) {
        return DebtShares.toAssetsDown(book.debtShares, book.index, shareUnit);
    }

    // ---- checkpoint ----

    /// the books accrued to now, without the reserve
    function _read() internal view returns (Books memory books) {
        books.terms = packedTerms;
        _readInto(books.book, books.terms);
        packedSupply.unpackInto(books.reserve);
        books.grossAssets = books.book.cashAssets + _debt(books.book);
        books.lendersAssets = books.grossAssets - _othersAssets(books);
    }

    /// the same with the reserve, and in it the fees out of the interest since the last checkpoint
    function _readAll() internal view returns (Books memory books) {
        books = _read();
        _readReserve(books);
    }

    function _readReserve(Books memory books) internal view {
        packedReserve.unpackInto(books.reserve);
        uint256 kept = books.reserve.feeAssets + books.reserve.setAsideUnits * shareUnit;
        _share(books, MathLib.zeroFloorSub(_othersAssets(books), kept));
    }

    /// what is not the lenders': (reserveBps · gross + offset) / BPS, rounded down
    function _othersAssets(Books memory books) private pure returns (uint256) {
        int256 scaled = int256(books.terms.reserveBps() * books.grossAssets) + books.reserve.offset;
        // safe: cash + debt is below 2^109; it never falls by rounding, but a sign is not left to that
        return scaled <= 0 ? 0 : MathLib.mulDivDown(uint256(scaled), 1, MathLib.BPS);
    }

    /// a checkpoint: the reserve is what it is in `books`, the rest of cash + debt is the lenders'
    function _write(Books memory books) internal {
        uint256 kept = books.reserve.feeAssets + books.reserve.setAsideUnits * shareUnit;
        uint256 shared = books.terms.reserveBps() * books.grossAssets;
        // safe: both are below 2^128
        books.reserve.offset = int256(kept * MathLib.BPS) - int256(shared);
        packedReserve = books.reserve.packReserve();
        _writeLenders(books);
    }

    /// what a lender changes
    function _writeLenders(Books memory books) internal {
        packedBook = books.book.pack();
        packedSupply = books.reserve.packSupply();
    }

    /// a fee comes in: the line of the reserve rises by all of it
    function _addFee(Books memory books, uint256 feeAssets) internal pure {
        books.book.cashAssets += feeAssets;
        books.grossAssets += feeAssets;
        // safe: a fee is below 2^96, checked when the book is packed
        books.reserve.offset += int256((MathLib.BPS - books.terms.reserveBps()) * feeAssets);
    }

    /// a lender brings cash: the line of the reserve stands still
    function _addCash(Books memory books, uint256 assets) internal pure {
        books.book.cashAssets += assets;
        // safe: assets are below 2^96, checked when the book is packed
        books.reserve.offset -= int256(books.terms.reserveBps() * assets);
    }

    /// a lender takes cash: the line of the reserve stands still
    function _takeCash(Books memory books, uint256 assets) internal pure {
        books.book.cashAssets -= assets;
        // safe: assets are at most the cash
        books.reserve.offset += int256(books.terms.reserveBps() * assets);
    }

    /// fees join the reserve; the fund's share of them, in whole share units, is set aside
    function _share(Books memory books, uint256 feeAssets) private view {
        Reserve memory reserve = books.reserve;
        uint256 fundBps = books.terms.fundBps();
        if (fundBps != 0) {
            uint256 units = MathLib.min(
                MathLib.mulDivDown(feeAssets, fundBps, MathLib.BPS * shareUnit),
                PoolReserveLib.SET_ASIDE_MAX - reserve.setAsideUnits
            );
            reserve.setAsideUnits += units;
            feeAssets -= units * shareUnit;
        }
        reserve.feeAssets = MathLib.min(reserve.feeAssets + feeAssets, PoolReserveLib.FEES_MAX);
    }

    /// @inheritdoc ILendingPool
    function requireCash() public view {
        _requireHeld(packedBook.cashAssets());
    }

    /// a flash loan that is out counts as held: it comes back in the same call, or the call fails
    function _requireHeld(uint256 cashAssets) internal view {
        uint256 held = cash.balanceOf(address(this)) + lentAssets;
        require(held >= cashAssets, CashShortfall(held, cashAssets));
    }

    // ---- governance ----

    /// @inheritdoc ILendingPool
    function collectFees(uint256 assets, address receiver) external restricted nonReentrant {
        Books memory books = _readAll();
        uint256 feeAssets = books.reserve.feeAssets;
        require(assets <= books.book.cashAssets, InsufficientCash(books.book.cashAssets, assets));
        require(assets <= feeAssets, InsufficientFeeReserve(feeAssets, assets));
        books.book.cashAssets -= assets;
        books.reserve.feeAssets -= assets;
        books.grossAssets -= assets;
        _write(books);
        emit FeesCollected(receiver, assets);
        cash.safeTransfer(receiver, assets);
    }

    /// @inheritdoc ILendingPool
    function setTerms(Terms calldata newTerms) external restricted nonReentrant {
        _requireWithin("baseBps", newTerms.baseBps, 0, 50_00);
        _requireWithin("kinkBps", newTerms.kinkBps, 1_00, 99_00);
        _requireWithin("slopeBelowBps", newTerms.slopeBelowBps, 0, 100_00);
        _requireWithin("slopeAboveBps", newTerms.slopeAboveBps, 0, 1000_00);
        _requireWithin("reserveBps", newTerms.reserveBps, 0, 50_00);
        _requireWithin("supplyCapAssets", newTerms.supplyCapAssets, 0, type(uint96).max);
        _requireWithin("borrowCapAssets", newTerms.borrowCapAssets, 0, type(uint96).max);
        _requireWithin("minimumDebtAssets", newTerms.minimumDebtAssets, 0, type(uint96).max);
        _requireWithin("fundBps", newTerms.fundBps, 0, 100_00);
        _requireWithin("flashFeeBps", newTerms.flashFeeBps, 0, 1_00);
        Books memory books = _readAll();
        Terms memory oldTerms = terms();
        books.terms = PoolTermsLib
            .toPackedTerms(
                [
                    newTerms.baseBps,
                    newTerms.kinkBps,
                    newTerms.slopeBelowBps,
                    newTerms.slopeAboveBps,
                    newTerms.reserveBps
                ],
                [newTerms.supplyCapAssets, newTerms.borrowCapAssets, newTerms.minimumDebtAssets],
                newTerms.fundBps,
                newTerms.flashFeeBps
            )
            .withFlagged(books.terms.isFlagged());
        packedTerms = books.terms;
        // interest until now was shared by the old terms; the line goes on by the new ones
        _write(books);
        emit TermsSet(oldTerms, terms());
    }

    function _requireWithin(bytes32 name, uint256 found, uint256 lowest, uint256 highest) private pure {
        require(found >= lowest && found <= highest, TermOutOfBounds(name, found, lowest, highest));
    }

    // ---- views ----

    /// @inheritdoc ILendingPool
    function debtIndexNow() external view returns (uint256) {
        Book memory book;
        _readInto(book, packedTerms);
        return book.index;
    }

    /// @inheritdoc ILendingPool
    function totals() external view returns (Totals memory) {
        Books memory books = _readAll();
        uint256 cashAssets = books.book.cashAssets;
        uint256 debtAssets = books.grossAssets - cashAssets;
        return
            Totals({
                cashAssets: cashAssets,
                debtAssets: debtAssets,
                debtShares: books.book.debtShares,
                feeAssets: books.reserve.feeAssets,
                index: books.book.index,
                yearlyRateWad: _yearlyRate(books.terms, cashAssets, debtAssets),
                utilisationWad: InterestModel.utilisationUp(cashAssets, debtAssets),
                accruedAt: books.book.accruedAt,
                setAsideAssets: books.reserve.setAsideUnits * shareUnit
            });
    }

    /// @inheritdoc ILendingPool
    function terms() public view returns (Terms memory) {
        PackedTerms packed = packedTerms;
        return
            Terms({
                baseBps: packed.baseBps(),
                kinkBps: packed.kinkBps(),
                slopeBelowBps: packed.slopeBelowBps(),
                slopeAboveBps: packed.slopeAboveBps(),
                reserveBps: packed.reserveBps(),
                supplyCapAssets: packed.supplyCapAssets(),
                borrowCapAssets: packed.borrowCapAssets(),
                minimumDebtAssets: packed.minimumDebtAssets(),
                fundBps: packed.fundBps(),
                flashFeeBps: packed.flashFeeBps()
            });
    }
}
