// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {BoundedCall} from "../libraries/BoundedCall.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {Waterfall} from "../libraries/Waterfall.sol";
import {PoolReserveLib} from "../types/PoolReserve.sol";
import {PoolBooks} from "./PoolBooks.sol";

/// Losses of a pool: who bears them, what is flagged before they are booked, and the insurance fund's share of fees.
///
/// 1. The fund is trusted with its stake and with nothing else: where the vault or a lender depends on it, it is called
/// with bounded gas, nothing that it returns is read into memory, and what it paid is measured. If it fails, the loss
/// goes on to lenders.
/// 2. What is set aside for the fund is still in the pool's cash. It is the stakers': it bears before their stake.
abstract contract PoolLosses is PoolBooks {
    using BoundedCall for address;
    using SafeERC20 for IERC20;

    uint256 private constant FUND_GAS = 300_000;
    /// a call gets at most 63/64 of the gas that is left; the rest covers what comes before it
    uint256 private constant FUND_GAS_NEEDED = FUND_GAS + FUND_GAS / 63 + 10_000;

    address public fund;
    uint96 private flaggedAssets; // sum of what the vault has flagged [assets]

    // ---- the vault, for losses ----

    /// @inheritdoc ILendingPool
    function settle(
        uint256 repaidAssets,
        uint256 repaidShares,
        uint256 feeAssets,
        uint256 lossShares
    ) external onlyVault {
        // a liquidator may repay with a flash loan of this very pool, which holds the lock
        if (lentAssets == 0) _settleLocked(repaidAssets, repaidShares, feeAssets, lossShares);
        else _settle(repaidAssets, repaidShares, feeAssets, lossShares);
    }

    function _settleLocked(
        uint256 repaidAssets,
        uint256 repaidShares,
        uint256 feeAssets,
        uint256 lossShares
    ) private nonReentrant {
        _settle(repaidAssets, repaidShares, feeAssets, lossShares);
    }

    function _settle(uint256 repaidAssets, uint256 repaidShares, uint256 feeAssets, uint256 lossShares) private {
        Books memory books = _read();
        books.book.cashAssets += repaidAssets;
        books.book.debtShares = books.book.debtShares - repaidShares - lossShares;
        if (feeAssets != 0) {
            _addFee(books, feeAssets);
            emit FeeReceived(feeAssets);
        }
        if (lossShares == 0) return _writeLenders(books);
        // the reserve as it would be without the loss
        _readReserve(books);
        uint256 grossAssets = books.book.cashAssets + _debt(books.book);
        uint256 lossAssets = MathLib.zeroFloorSub(books.grossAssets, grossAssets);
        books.grossAssets = grossAssets;
        _absorb(books, lossAssets);
    }

    /// layer after layer; lenders bear what is left by what their shares are worth
    function _absorb(Books memory books, uint256 lossAssets) private {
        (uint256 fromFees, uint256 rest) = Waterfall.bear(lossAssets, books.reserve.feeAssets);
        books.reserve.feeAssets -= fromFees;
        uint256 units = MathLib.min(MathLib.mulDivDown(rest, 1, shareUnit), books.reserve.setAsideUnits);
        books.reserve.setAsideUnits -= units;
        rest -= units * shareUnit;
        _write(books);
        uint256 fromFund = rest == 0 || fund == address(0) ? 0 : _slash(rest);
        if (fromFund != 0) {
            // safe: nothing can have changed the books; lenders are locked and the book is accrued to now
            books.book.cashAssets += fromFund;
            books.grossAssets += fromFund;
            _write(books);
        }
        emit LossAbsorbed(lossAssets, fromFees, units * shareUnit, fromFund, rest - fromFund);
    }

    /// what the fund really paid, at most what it was asked for
    function _slash(uint256 assets) private returns (uint256 paidAssets) {
        uint256 before = cash.balanceOf(address(this));
        bytes memory data = abi.encodeCall(IInsuranceFund.slash, (assets));
        // else a caller with little gas would spare the fund
        require(gasleft() >= FUND_GAS_NEEDED, InsufficientGas(gasleft(), FUND_GAS_NEEDED));
        bool succeeded = fund.tryCall(FUND_GAS, data);
        paidAssets = MathLib.min(MathLib.zeroFloorSub(cash.balanceOf(address(this)), before), assets);
        if (!succeeded) emit FundFailed(fund, assets);
    }

    // ---- flagged losses ----

    /// @inheritdoc ILendingPool
    function reviseFlaggedLoss(uint256 oldAssets, uint256 newAssets) external onlyVault {
        // clamped rather than checked: nothing here may stop a write-off
        uint256 kept = uint256(flaggedAssets) + MathLib.min(newAssets, type(uint96).max);
        kept = MathLib.min(MathLib.zeroFloorSub(kept, oldAssets), type(uint96).max);
        flaggedAssets = uint96(kept);
        if (packedTerms.isFlagged() != (kept != 0)) packedTerms = packedTerms.withFlagged(kept != 0);
        emit FlaggedLossRevised(kept);
    }

    /// @inheritdoc ILendingPool
    function flaggedLoss() public view returns (FlaggedLoss memory) {
        return _flaggedLoss(_readAll());
    }

    function _flaggedLoss(Books memory books) internal view returns (FlaggedLoss memory flagged) {
        if (!books.terms.isFlagged()) return flagged;
        flagged.lossAssets = flaggedAssets;
        uint256 stakedAssets = fund.tryRead(FUND_GAS, abi.encodeCall(IInsuranceFund.stakedAssets, ()));
        (flagged.fromFeesAssets, flagged.fromFundAssets, flagged.fromLendersAssets) = Waterfall.split(
            flagged.lossAssets,
            books.reserve.feeAssets,
            books.reserve.setAsideUnits * shareUnit + MathLib.min(stakedAssets, type(uint96).max)
        );
    }

    /// what lenders who leave count with
    function _leaversAssets(Books memory books) internal view returns (uint256) {
        if (!books.terms.isFlagged()) return books.lendersAssets;
        _readReserve(books);
        return MathLib.zeroFloorSub(books.lendersAssets, _flaggedLoss(books).fromLendersAssets);
    }

    // ---- the fund ----

    /// @inheritdoc ILendingPool
    function payFund() external nonReentrant returns (uint256 paidAssets) {
        Books memory books = _readAll();
        uint256 setAside = books.reserve.setAsideUnits * shareUnit;
        if (setAside == 0) return 0;
        if (fund == address(0) || IERC4626(fund).totalSupply() == 0) {
            _returnSetAside(books);
            _write(books);
            return 0;
        }
        uint256 units = MathLib.mulDivDown(MathLib.min(setAside, books.book.cashAssets), 1, shareUnit);
        paidAssets = units * shareUnit;
        books.reserve.setAsideUnits -= units;
        books.grossAssets -= paidAssets;
        books.book.cashAssets -= paidAssets;
        _write(books);
        if (paidAssets == 0) return 0;
        emit FundPaid(fund, paidAssets);
        cash.safeTransfer(fund, paidAssets);
        IInsuranceFund(fund).receiveIncome(paidAssets);
    }

    /// what is set aside joins the fee reserve
    function _returnSetAside(Books memory books) private {
        uint256 assets = books.reserve.setAsideUnits * shareUnit;
        if (assets == 0) return;
        books.reserve.setAsideUnits = 0;
        books.reserve.feeAssets = MathLib.min(books.reserve.feeAssets + assets, PoolReserveLib.FEES_MAX);
        emit SetAsideReturned(assets);
    }

    /// @inheritdoc ILendingPool
    function setFund(address newFund) external restricted nonReentrant {
        require(flaggedAssets == 0, LossFlagged(flaggedAssets));
        if (newFund != address(0)) {
            IInsuranceFund candidate = IInsuranceFund(newFund);
            bool fits = candidate.pool() == address(this) && candidate.asset() == address(cash);
            require(fits, FundOfAnotherPool(newFund));
        }
        Books memory books = _readAll();
        _returnSetAside(books);
        _write(books);
        emit FundSet(fund, newFund);
        fund = newFund;
    }

    /// @inheritdoc ILendingPool
    function claimsOf(address candidate) external view returns (FundClaims memory claims) {
        if (candidate != fund) return claims;
        Books memory books = _readAll();
        claims.setAsideAssets = books.reserve.setAsideUnits * shareUnit;
        claims.payableAssets = MathLib.min(claims.setAsideAssets, books.book.cashAssets);
        claims.payableAssets -= claims.payableAssets % shareUnit;
        if (books.terms.isFlagged()) {
            claims.flaggedAssets = MathLib.zeroFloorSub(flaggedAssets, books.reserve.feeAssets);
        }
    }
}
