// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {MathLib} from "../libraries/MathLib.sol";
import {Book} from "../types/PoolBook.sol";
import {PoolBooks} from "./PoolBooks.sol";

/// Flash loans of idle cash. The book does not change while a loan is out, so neither does the share price; lenders'
/// functions and `disburseLoan` are locked, and what the vault books for repayments and liquidations still works.
abstract contract FlashLender is PoolBooks {
    using SafeERC20 for IERC20;

    bytes32 private constant CALLBACK_SUCCESS = keccak256("ERC3156FlashBorrower.onFlashLoan");

    /// @inheritdoc IERC3156FlashLender
    function flashLoan(
        IERC3156FlashBorrower receiver,
        address token,
        uint256 assets,
        bytes calldata data
    ) external nonReentrant returns (bool) {
        uint256 feeAssets = flashFee(token, assets);
        Book memory book;
        _accrueInto(book, packedTerms);
        uint256 cashAssets = book.cashAssets;
        require(assets != 0, ZeroTransfer(assets, 0));
        require(assets <= cashAssets, InsufficientCash(cashAssets, assets));
        lentAssets = assets;
        emit FlashLent(address(receiver), msg.sender, assets, feeAssets);
        cash.safeTransfer(address(receiver), assets);
        bytes32 answer = receiver.onFlashLoan(msg.sender, token, assets, feeAssets, data);
        require(answer == CALLBACK_SUCCESS, FlashLoanRefused(address(receiver), answer));
        lentAssets = 0;
        if (feeAssets != 0) {
            // the fee is interest: it is cash that nobody put in; the callback may have changed the rest of the book
            packedBook.unpackInto(book);
            book.cashAssets += feeAssets;
            packedBook = book.pack();
        }
        cash.safeTransferFrom(address(receiver), address(this), assets + feeAssets);
        requireCash();
        return true;
    }

    /// @inheritdoc IERC3156FlashLender
    function maxFlashLoan(address token) external view returns (uint256) {
        return token != address(cash) || _reentrancyGuardEntered() ? 0 : packedBook.cashAssets();
    }

    /// @inheritdoc IERC3156FlashLender
    function flashFee(address token, uint256 assets) public view returns (uint256) {
        require(token == address(cash), TokenNotCash(token));
        return MathLib.mulDivUp(assets, packedTerms.flashFeeBps(), MathLib.BPS);
    }
}
