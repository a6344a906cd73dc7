// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MathLib} from "../libraries/MathLib.sol";
import {PoolBooks} from "./PoolBooks.sol";

/// The shares of lenders: an ERC-20 whose supply stands in the books of the pool, in a slot that every lender changes
/// anyway. It behaves as OpenZeppelin's does, errors included.
///
/// A share has six decimals more than the cash, but never more than 18, else it could not be a collateral. A million
/// virtual shares stand beside those of lenders, with the units that they cost at the first price: whoever lifts the
/// price of a share gives them almost all of it. After a loss below the first price the virtual units would be more
/// than the virtual shares are worth, at the cost of lenders; then one unit and its shares stand there. Either way the
/// price is the lower of the two, so rounding never lowers it.
abstract contract PoolShares is PoolBooks, IERC20Errors {
    uint256 private constant MAX_SHARE_DECIMALS = 18;
    uint256 private constant MAX_FURTHER_DECIMALS = 6;
    uint256 private constant VIRTUAL_SHARES = 1e6;

    /// @inheritdoc IERC20Metadata
    uint8 public immutable decimals;
    uint256 private immutable unitShares; // what a unit of cash costs at the first price [shares]

    string public name;
    string public symbol;

    mapping(address holder => uint256 shares) private balances;
    mapping(address owner => mapping(address spender => uint256 shares)) private allowances;

    constructor(string memory name_, string memory symbol_) {
        (name, symbol) = (name_, symbol_);
        uint256 digits = IERC20Metadata(address(cash)).decimals();
        uint256 furtherDigits = MathLib.min(MAX_FURTHER_DECIMALS, MAX_SHARE_DECIMALS - digits);
        decimals = uint8(digits + furtherDigits);
        unitShares = 10 ** furtherDigits;
    }

    // ---- price ----

    /// assets · (supply + virtual shares) / (total + virtual assets), when lenders own `total` [shares]
    function _toShares(
        Books memory books,
        uint256 assets,
        uint256 total,
        Math.Rounding rounding
    ) internal view returns (uint256) {
        (uint256 supply, uint256 priced) = _withVirtual(books, total);
        return Math.mulDiv(assets, supply, priced, rounding);
    }

    /// shares · (total + virtual assets) / (supply + virtual shares), when lenders own `total` [assets]
    function _toAssets(
        Books memory books,
        uint256 shares,
        uint256 total,
        Math.Rounding rounding
    ) internal view returns (uint256) {
        (uint256 supply, uint256 priced) = _withVirtual(books, total);
        return Math.mulDiv(shares, priced, supply, rounding);
    }

    function _withVirtual(Books memory books, uint256 total) private view returns (uint256 supply, uint256 priced) {
        supply = books.reserve.supplyShares;
        // below the first price all that lenders may take would be more than there is
        uint256 virtualShares = total * unitShares < supply ? unitShares : VIRTUAL_SHARES;
        return (supply + virtualShares, total + virtualShares / unitShares);
    }

    // ---- transfers ----

    /// @inheritdoc IERC20
    function transfer(address to, uint256 shares) external returns (bool) {
        _move(msg.sender, to, shares);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 shares) external returns (bool) {
        _spendAllowance(from, shares);
        _move(from, to, shares);
        return true;
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 shares) external returns (bool) {
        require(spender != address(0), ERC20InvalidSpender(address(0)));
        allowances[msg.sender][spender] = shares;
        emit Approval(msg.sender, spender, shares);
        return true;
    }

    function _move(address from, address to, uint256 shares) private {
        require(to != address(0), ERC20InvalidReceiver(address(0)));
        _take(from, shares);
        _give(to, shares);
        emit Transfer(from, to, shares);
    }

    /// the largest number is an allowance without end
    function _spendAllowance(address owner, uint256 shares) internal {
        uint256 allowed = allowances[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        require(allowed >= shares, ERC20InsufficientAllowance(msg.sender, allowed, shares));
        require(owner != address(0), ERC20InvalidApprover(address(0)));
        unchecked {
            // safe: checked above
            allowances[owner][msg.sender] = allowed - shares;
        }
    }

    /// the supply in `books` is the caller's to write
    function _mint(Books memory books, address to, uint256 shares) internal {
        require(to != address(0), ERC20InvalidReceiver(address(0)));
        books.reserve.supplyShares += shares;
        _give(to, shares);
        emit Transfer(address(0), to, shares);
    }

    /// the supply in `books` is the caller's to write
    function _burn(Books memory books, address from, uint256 shares) internal {
        _take(from, shares);
        books.reserve.supplyShares -= shares;
        emit Transfer(from, address(0), shares);
    }

    function _take(address from, uint256 shares) private {
        uint256 balance = balances[from];
        require(balance >= shares, ERC20InsufficientBalance(from, balance, shares));
        unchecked {
            // safe: checked above
            balances[from] = balance - shares;
        }
    }

    function _give(address to, uint256 shares) private {
        unchecked {
            // safe: at most the supply, which fits 136 bits
            balances[to] += shares;
        }
    }

    /// @inheritdoc IERC20
    function totalSupply() public view returns (uint256) {
        return packedSupply.supplyShares();
    }

    /// @inheritdoc IERC20
    function balanceOf(address holder) public view returns (uint256) {
        return balances[holder];
    }

    /// @inheritdoc IERC20
    function allowance(address owner, address spender) external view returns (uint256) {
        return allowances[owner][spender];
    }
}
