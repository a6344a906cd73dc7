// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILendingPool} from "./interfaces/ILendingPool.sol";
import {MathLib} from "./libraries/MathLib.sol";
import {FlashLender} from "./pool/FlashLender.sol";
import {PoolBooks} from "./pool/PoolBooks.sol";
import {PoolLosses} from "./pool/PoolLosses.sol";
import {Book} from "./types/PoolBook.sol";
import {PackedTerms} from "./types/PoolTerms.sol";

/// A pool of one cash asset: lenders' shares, idle cash, total debt by index, fee reserve.
///
/// 1. cash + debt = what lenders own + fee reserve + what is set aside for the insurance fund. Borrowing and repaying do
/// not change the left side, so interest is what it gained since the last checkpoint (`grossAssets`); the fees out of it
/// are booked only when a lender acts, so borrowers write one slot.
/// 2. Cash is counted here, never read from the token: donations change nothing.
/// 3. Virtual shares (a million for each asset unit) make the first deposit safe.
/// 4. While a loss is flagged, lenders leave at a price that has borne it and come at one that has not: a redemption
/// never costs those who stay.
contract LendingPool is ERC4626, PoolLosses, FlashLender {
    using SafeERC20 for IERC20;

    uint256 private constant VIRTUAL_SHARES = 1e6;

    constructor(
        IERC20Metadata cash,
        address lendingVault,
        address authority,
        string memory name,
        string memory symbol
    ) ERC20(name, symbol) ERC4626(cash) AccessManaged(authority) PoolBooks(cash, lendingVault) {}

    // ---- lenders (ERC-4626) ----

    // Each of the four accrues first and then counts with one total and one supply; the base would work them out again
    // at every conversion. Shares move before tokens, so that a price read in mid-call is right.

    /// @inheritdoc IERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 shares) {
        Books memory books = _read();
        uint256 most = _room(books);
        require(assets <= most, ERC4626ExceededMaxDeposit(receiver, assets, most));
        shares = _toShares(assets, books.lendersAssets, Math.Rounding.Floor);
        _enter(books, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function mint(
        uint256 shares,
        address receiver
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 assets) {
        Books memory books = _read();
        uint256 most = _toShares(_room(books), books.lendersAssets, Math.Rounding.Floor);
        require(shares <= most, ERC4626ExceededMaxMint(receiver, shares, most));
        assets = _toAssets(shares, books.lendersAssets, Math.Rounding.Ceil);
        _enter(books, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 shares) {
        Books memory books = _read();
        uint256 total = _leaversAssets(books);
        uint256 most = _withdrawableAt(balanceOf(owner), total, books.book.cashAssets);
        require(assets <= most, ERC4626ExceededMaxWithdraw(owner, assets, most));
        shares = _toShares(assets, total, Math.Rounding.Ceil);
        _leave(books, receiver, owner, assets, shares);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) nonReentrant returns (uint256 assets) {
        Books memory books = _read();
        uint256 total = _leaversAssets(books);
        uint256 most = _redeemableAt(balanceOf(owner), total, books.book.cashAssets);
        require(shares <= most, ERC4626ExceededMaxRedeem(owner, shares, most));
        assets = _toAssets(shares, total, Math.Rounding.Floor);
        _leave(books, receiver, owner, assets, shares);
    }

    function _enter(Books memory books, address receiver, uint256 assets, uint256 shares) private {
        require(assets != 0 && shares != 0, ZeroTransfer(assets, shares));
        books.book.cashAssets += assets;
        books.reserve.grossAssets += assets;
        _write(books);
        _mint(receiver, shares);
        emit Deposit(msg.sender, receiver, assets, shares);
        cash.safeTransferFrom(msg.sender, address(this), assets);
        _requireHeld(books.book.cashAssets);
    }

    function _leave(Books memory books, address receiver, address owner, uint256 assets, uint256 shares) private {
        require(assets != 0 && shares != 0, ZeroTransfer(assets, shares));
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        books.book.cashAssets -= assets;
        books.reserve.grossAssets -= assets;
        _write(books);
        _burn(owner, shares);
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        cash.safeTransfer(receiver, assets);
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return _read().lendersAssets;
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) public view override(ERC4626, IERC4626) returns (uint256) {
        return _room(_read());
    }

    /// @inheritdoc IERC4626
    function maxMint(address) public view override(ERC4626, IERC4626) returns (uint256) {
        Books memory books = _read();
        return _toShares(_room(books), books.lendersAssets, Math.Rounding.Floor);
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        Books memory books = _read();
        return _withdrawableAt(balanceOf(owner), _leaversAssets(books), books.book.cashAssets);
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        Books memory books = _read();
        return _redeemableAt(balanceOf(owner), _leaversAssets(books), books.book.cashAssets);
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) public view override(ERC4626, IERC4626) returns (uint256) {
        return _toShares(assets, _leaversAssets(_read()), Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) public view override(ERC4626, IERC4626) returns (uint256) {
        return _toAssets(shares, _leaversAssets(_read()), Math.Rounding.Floor);
    }

    function _room(Books memory books) private pure returns (uint256) {
        return MathLib.zeroFloorSub(books.terms.supplyCapAssets(), books.lendersAssets);
    }

    /// what shares are worth, as far as there is cash
    function _withdrawableAt(uint256 balance, uint256 total, uint256 cashAssets) private view returns (uint256) {
        return MathLib.min(_toAssets(balance, total, Math.Rounding.Floor), cashAssets);
    }

    function _redeemableAt(uint256 balance, uint256 total, uint256 cashAssets) private view returns (uint256) {
        uint256 worth = _toAssets(balance, total, Math.Rounding.Floor);
        // shares worth less than one unit buy nothing
        if (worth == 0) return 0;
        return worth <= cashAssets ? balance : _toShares(cashAssets, total, Math.Rounding.Floor);
    }

    /// shares of `assets` when lenders own `total`, with the virtual shares
    function _toShares(uint256 assets, uint256 total, Math.Rounding rounding) private view returns (uint256) {
        return Math.mulDiv(assets, totalSupply() + VIRTUAL_SHARES, total + 1, rounding);
    }

    function _toAssets(uint256 shares, uint256 total, Math.Rounding rounding) private view returns (uint256) {
        return Math.mulDiv(shares, total + 1, totalSupply() + VIRTUAL_SHARES, rounding);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }

    // ---- the vault, for accounts ----

    /// @inheritdoc ILendingPool
    function accrue() external returns (uint256 index, uint256 minimumDebtAssets) {
        PackedTerms packed = packedTerms;
        index = _accrue(packed).index;
        minimumDebtAssets = packed.minimumDebtAssets();
    }

    /// @inheritdoc ILendingPool
    function lend(uint256 assets, uint256 shares, address receiver) external onlyVault nonReentrant {
        PackedTerms packed = packedTerms;
        Book memory book = _accrue(packed);
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
    function receiveRepayment(uint256 assets, uint256 shares) external onlyVault {
        Book memory book = _accrue(packedTerms);
        book.cashAssets += assets;
        book.debtShares -= shares;
        packedBook = book.pack();
        _requireHeld(book.cashAssets);
    }
}
