// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {MathLib} from "./libraries/MathLib.sol";
import {FlashLender} from "./pool/FlashLender.sol";
import {PoolBooks} from "./pool/PoolBooks.sol";
import {PoolLosses} from "./pool/PoolLosses.sol";
import {PoolShares} from "./pool/PoolShares.sol";
import {Book} from "./types/PoolBook.sol";
import {PackedTerms} from "./types/PoolTerms.sol";

/// A pool of one cash asset: lenders' shares, idle cash, total debt by index, fee reserve.
///
/// 1. cash + debt = what lenders own + fee reserve + what is set aside for the insurance fund. Borrowing and repaying
/// do not change the left side, so what it gained is interest. The fees out of it follow a line (`Reserve`) and are
/// booked only when something else happens to them: borrowers write one slot, lenders three with their shares.
/// 2. Cash is counted here, never read from the token: donations change nothing.
/// 3. A million virtual shares make the first deposit safe.
/// 4. While a loss is flagged, lenders leave at a price that has borne it and come at one that has not: a redemption
/// never costs those who stay.
contract LendingPool is PoolShares, PoolLosses, FlashLender {
    using SafeERC20 for IERC20;

    constructor(
        IERC20Metadata cashToken,
        address lendingVault,
        address authority,
        string memory name,
        string memory symbol
    ) AccessManaged(authority) PoolBooks(cashToken, lendingVault) PoolShares(name, symbol) {}

    // ---- lenders (ERC-4626) ----

    // Each of the four accrues first and then counts with one total and one supply. Shares move before tokens, so that
    // a price read in mid-call is right.

    /// @inheritdoc IERC4626
    function deposit(uint256 assets, address receiver) external nonReentrant returns (uint256 shares) {
        Books memory books = _read();
        uint256 most = _room(books);
        require(assets <= most, ERC4626.ERC4626ExceededMaxDeposit(receiver, assets, most));
        shares = _toShares(books, assets, books.lendersAssets, Math.Rounding.Floor);
        _enter(books, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) external nonReentrant returns (uint256 assets) {
        Books memory books = _read();
        uint256 most = _toShares(books, _room(books), books.lendersAssets, Math.Rounding.Floor);
        require(shares <= most, ERC4626.ERC4626ExceededMaxMint(receiver, shares, most));
        assets = _toAssets(books, shares, books.lendersAssets, Math.Rounding.Ceil);
        _enter(books, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function withdraw(uint256 assets, address receiver, address owner) external nonReentrant returns (uint256 shares) {
        Books memory books = _read();
        uint256 total = _leaversAssets(books);
        uint256 most = _withdrawable(books, owner, total);
        require(assets <= most, ERC4626.ERC4626ExceededMaxWithdraw(owner, assets, most));
        shares = _toShares(books, assets, total, Math.Rounding.Ceil);
        _leave(books, receiver, owner, assets, shares);
    }

    /// @inheritdoc IERC4626
    function redeem(uint256 shares, address receiver, address owner) external nonReentrant returns (uint256 assets) {
        Books memory books = _read();
        uint256 total = _leaversAssets(books);
        uint256 most = _redeemable(books, owner, total);
        require(shares <= most, ERC4626.ERC4626ExceededMaxRedeem(owner, shares, most));
        assets = _toAssets(books, shares, total, Math.Rounding.Floor);
        _leave(books, receiver, owner, assets, shares);
    }

    function _enter(Books memory books, address receiver, uint256 assets, uint256 shares) private {
        require(assets != 0 && shares != 0, ZeroTransfer(assets, shares));
        _addCash(books, assets);
        _mint(books, receiver, shares);
        _writeLenders(books);
        emit Deposit(msg.sender, receiver, assets, shares);
        cash.safeTransferFrom(msg.sender, address(this), assets);
        _requireHeld(books.book.cashAssets);
    }

    function _leave(Books memory books, address receiver, address owner, uint256 assets, uint256 shares) private {
        require(assets != 0 && shares != 0, ZeroTransfer(assets, shares));
        if (msg.sender != owner) _spendAllowance(owner, shares);
        _takeCash(books, assets);
        _burn(books, owner, shares);
        _writeLenders(books);
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        cash.safeTransfer(receiver, assets);
    }

    /// @inheritdoc IERC4626
    function asset() external view returns (address) {
        return address(cash);
    }

    /// @inheritdoc IERC4626
    function totalAssets() external view returns (uint256) {
        return _read().lendersAssets;
    }

    /// @inheritdoc IERC4626
    /// @dev Nothing in the middle of a flash loan: who asks first goes on without. So for all four.
    function maxDeposit(address) external view returns (uint256) {
        if (_reentrancyGuardEntered()) return 0;
        return _room(_read());
    }

    /// @inheritdoc IERC4626
    function maxMint(address) external view returns (uint256) {
        if (_reentrancyGuardEntered()) return 0;
        Books memory books = _read();
        return _toShares(books, _room(books), books.lendersAssets, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) external view returns (uint256) {
        if (_reentrancyGuardEntered()) return 0;
        Books memory books = _read();
        return _withdrawable(books, owner, _leaversAssets(books));
    }

    /// @inheritdoc IERC4626
    /// @dev As above.
    function maxRedeem(address owner) external view returns (uint256) {
        if (_reentrancyGuardEntered()) return 0;
        Books memory books = _read();
        return _redeemable(books, owner, _leaversAssets(books));
    }

    /// @inheritdoc IERC4626
    function convertToShares(uint256 assets) external view returns (uint256) {
        return _sharesFor(assets);
    }

    /// @inheritdoc IERC4626
    function convertToAssets(uint256 shares) external view returns (uint256) {
        Books memory books = _read();
        return _toAssets(books, shares, books.lendersAssets, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256 assets) external view returns (uint256) {
        return _sharesFor(assets);
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256 shares) external view returns (uint256) {
        Books memory books = _read();
        return _toAssets(books, shares, books.lendersAssets, Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) external view returns (uint256) {
        Books memory books = _read();
        return _toShares(books, assets, _leaversAssets(books), Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) external view returns (uint256) {
        Books memory books = _read();
        return _toAssets(books, shares, _leaversAssets(books), Math.Rounding.Floor);
    }

    function _room(Books memory books) private pure returns (uint256) {
        return MathLib.zeroFloorSub(books.terms.supplyCapAssets(), books.lendersAssets);
    }

    /// what the owner's shares are worth, as far as there is cash
    function _withdrawable(Books memory books, address owner, uint256 total) private view returns (uint256) {
        uint256 worth = _toAssets(books, balanceOf(owner), total, Math.Rounding.Floor);
        return MathLib.min(worth, books.book.cashAssets);
    }

    function _redeemable(Books memory books, address owner, uint256 total) private view returns (uint256) {
        uint256 balance = balanceOf(owner);
        uint256 cashAssets = books.book.cashAssets;
        uint256 worth = _toAssets(books, balance, total, Math.Rounding.Floor);
        // shares worth less than one unit buy nothing
        if (worth == 0) return 0;
        return worth <= cashAssets ? balance : _toShares(books, cashAssets, total, Math.Rounding.Floor);
    }

    function _sharesFor(uint256 assets) private view returns (uint256) {
        Books memory books = _read();
        return _toShares(books, assets, books.lendersAssets, Math.Rounding.Floor);
    }

    // ---- the vault, for accounts ----

    // Calls are dispatched in the order of selectors, 22 gas for each: what the vault calls often has a name that comes
    // early.

    /// @inheritdoc ILendingPool
    function accrueDebt() external returns (uint256 index, uint256 minimumDebtAssets, address cashToken) {
        PackedTerms packed = packedTerms;
        Book memory book;
        _accrueInto(book, packed);
        return (book.index, packed.minimumDebtAssets(), address(cash));
    }

    /// @inheritdoc ILendingPool
    function disburseLoan(uint256 assets, uint256 shares, address receiver) external onlyVault nonReentrant {
        PackedTerms packed = packedTerms;
        Book memory book;
        _accrueInto(book, packed);
        require(assets <= book.cashAssets, InsufficientCash(book.cashAssets, assets));
        book.cashAssets -= assets;
        book.debtShares += shares;
        uint256 debtAssets = _debt(book);
        uint256 capAssets = packed.borrowCapAssets();
        require(debtAssets <= capAssets, BorrowCapExceeded(debtAssets, capAssets));
        packedBook = book.pack();
        cash.safeTransfer(receiver, assets);
    }

    /// @inheritdoc ILendingPool
    /// @dev Not locked, as it calls nobody: cash of a flash loan of this pool may repay.
    function repayDebt(uint256 assets, uint256 shares) external onlyVault {
        Book memory book;
        _accrueInto(book, packedTerms);
        book.cashAssets += assets;
        require(shares <= book.debtShares, RepaymentAboveDebt(book.debtShares, shares));
        book.debtShares -= shares;
        packedBook = book.pack();
        _requireHeld(book.cashAssets);
    }
}
