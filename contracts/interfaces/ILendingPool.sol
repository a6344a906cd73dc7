// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

/// @notice The door of lenders: an ERC-4626 pool of one cash asset. The vault borrows and repays for accounts; the pool
/// knows totals only. Donations change nothing. Idle cash can be flash-lent (ERC-3156). Losses are borne by the fee
/// reserve, then the insurance fund, then lenders.
/// @dev Warning: the cash must be a plain ERC-20. One that takes fees or rebases makes the pool fail with
/// `CashShortfall`, one that blocks the pool stops what needs it, and one that calls its sender lets the share price be
/// read in mid-call, as the views of a pool are not locked: do not price shares from within a token's callback.
interface ILendingPool is IERC4626, IERC3156FlashLender {
    /// Interest and limits.
    struct Terms {
        uint256 baseBps; // yearly rate at no utilisation
        uint256 kinkBps; // utilisation of the kink
        uint256 slopeBelowBps; // added up to the kink
        uint256 slopeAboveBps; // added from the kink to full utilisation
        uint256 reserveBps; // share of interest that is a fee
        uint256 supplyCapAssets; // most that lenders may supply; kept to 8 digits [assets]
        uint256 borrowCapAssets; // most that may be owed; kept to 8 digits [assets]
        uint256 minimumDebtAssets; // least debt of one account; kept to 8 digits [assets]
        uint256 fundBps; // share of every fee that is set aside for the insurance fund
        uint256 flashFeeBps; // what a flash loan costs
    }

    /// Totals, accrued to now.
    struct Totals {
        uint256 cashAssets; // [assets]
        uint256 debtAssets; // owed by all accounts, rounded down [assets]
        uint256 debtShares; // [debt shares]
        uint256 feeAssets; // fee reserve [assets]
        uint256 index; // [parts in 1e12]
        uint256 yearlyRateWad; // what borrowers pay now [wad a year]
        uint256 utilisationWad; // [wad]
        uint256 accruedAt;
        uint256 setAsideAssets; // of the fees, for the insurance fund [assets]
    }

    /// A loss that accounts have made and nobody has booked yet, and who would bear it now.
    struct FlaggedLoss {
        uint256 lossAssets;
        uint256 fromFeesAssets;
        uint256 fromFundAssets; // what is set aside and what is staked
        uint256 fromLendersAssets;
    }

    /// What concerns the insurance fund.
    struct FundClaims {
        uint256 setAsideAssets; // the fund's, still in the pool [assets]
        uint256 payableAssets; // of it, as far as there is cash [assets]
        uint256 flaggedAssets; // flagged loss that the fee reserve would not bear [assets]
    }

    /// @notice More would be repaid than all accounts owed before: a batch repays before it borrows.
    error RepaymentAboveDebt(uint256 debtShares, uint256 repaidShares);
    /// @notice Only the vault may do this.
    error CallerNotVault(address caller);
    /// @notice The pool has less idle cash.
    error InsufficientCash(uint256 cashAssets, uint256 requestedAssets);
    /// @notice The fee reserve has less.
    error InsufficientFeeReserve(uint256 feeAssets, uint256 requestedAssets);
    /// @notice More would be owed than the cap allows.
    error BorrowCapExceeded(uint256 debtAssets, uint256 capAssets);
    /// @notice The pool holds less than it owes: the token takes fees, rebases, or was not paid.
    error CashShortfall(uint256 heldAssets, uint256 owedAssets);
    /// @notice A term is outside its bounds.
    error TermOutOfBounds(bytes32 name, uint256 found, uint256 lowest, uint256 highest);
    /// @notice The asset has more decimals than the maths carries.
    error PoolDecimalsAboveMaximum(address asset, uint256 decimals, uint256 most);
    /// @notice Zero shares or zero assets would move.
    error ZeroTransfer(uint256 assets, uint256 shares);
    /// @notice Too little gas is left to ask the insurance fund for its part of a loss.
    error InsufficientGas(uint256 gasLeft, uint256 gasNeeded);
    /// @notice The insurance fund cannot change while a loss is flagged.
    error LossFlagged(uint256 lossAssets);
    /// @notice The insurance fund insures another pool or another asset.
    error FundOfAnotherPool(address fund);
    /// @notice Only the pool's cash can be flash-lent.
    error TokenNotCash(address token);
    /// @notice The borrower of a flash loan did not answer as ERC-3156 asks.
    error FlashLoanRefused(address receiver, bytes32 answer);

    /// @notice A loss was booked. In order: the fee reserve, what is set aside for the insurance fund, the fund's stake
    /// (which came in as cash), lenders.
    event LossAbsorbed(
        uint256 lossAssets,
        uint256 fromFeesAssets,
        uint256 fromSetAsideAssets,
        uint256 fromFundAssets,
        uint256 fromLendersAssets
    );
    /// @notice The insurance fund could not be asked: what it did not pay went on to lenders.
    event FundFailed(address indexed fund, uint256 askedAssets);
    /// @notice What the vault has flagged as lost and not yet booked, in sum.
    event FlaggedLossRevised(uint256 lossAssets);
    /// @notice What was set aside went to the insurance fund.
    event FundPaid(address indexed fund, uint256 assets);
    /// @notice What was set aside joined the fee reserve, as no fund had a claim to it.
    event SetAsideReturned(uint256 assets);
    /// @notice The insurance fund changed.
    event FundSet(address indexed oldFund, address indexed fund);
    /// @notice Cash was flash-lent; it came back with the fee in the same call.
    event FlashLent(address indexed receiver, address indexed initiator, uint256 assets, uint256 feeAssets);
    /// @notice Fees of a liquidation joined the reserve.
    event FeeReceived(uint256 feeAssets);
    /// @notice Fees left the reserve.
    event FeesCollected(address indexed receiver, uint256 assets);
    /// @notice The terms changed.
    event TermsSet(Terms oldTerms, Terms terms);

    /// @notice Accrues interest to now.
    /// @return index The debt index [parts in 1e12]
    /// @return minimumDebtAssets Least debt of one account [assets]
    /// @return cashToken The asset that is lent.
    function accrueDebt() external returns (uint256 index, uint256 minimumDebtAssets, address cashToken);

    /// @notice Books a borrowing and sends the cash. Only the vault.
    /// @param assets How much [assets]
    /// @param shares What it adds to the debt [debt shares]
    /// @param receiver Who gets the cash.
    function disburseLoan(uint256 assets, uint256 shares, address receiver) external;

    /// @notice Books a repayment that the vault has just sent. Only the vault.
    /// @param assets What the pool was sent, at most 2^96 − 1 with its cash [assets]
    /// @param shares What it repays, at most all that are owed [debt shares]
    function repayDebt(uint256 assets, uint256 shares) external;

    /// @notice Books the outcome of a liquidation before its tokens move: repaid assets, fee, and shares that nobody
    /// pays. Only the vault, which then calls `requireCash`.
    /// @param repaidAssets What the pool will be sent for debt [assets]
    /// @param repaidShares What that repays [debt shares]
    /// @param feeAssets What the pool will be sent for its fee reserve [assets]
    /// @param lossShares What nobody pays; with the repaid ones at most all that are owed [debt shares]
    function settle(uint256 repaidAssets, uint256 repaidShares, uint256 feeAssets, uint256 lossShares) external;

    /// @notice Fails unless the pool holds the cash that it has booked; a flash loan that is out counts as held.
    function requireCash() external view;

    /// @notice Replaces what the vault has flagged of one account as lost and not yet booked. While the sum is not
    /// zero, lenders leave at a price that has borne it, and come at one that has not. Only the vault.
    /// @param oldAssets What was flagged of the account [assets]
    /// @param newAssets What is flagged of it now [assets]
    function reviseFlaggedLoss(uint256 oldAssets, uint256 newAssets) external;

    /// @notice Sends what is set aside to the insurance fund, as far as there is cash. Without a fund, or when nobody
    /// stakes in it, it joins the fee reserve.
    /// @return paidAssets What was sent [assets]
    function payFund() external returns (uint256 paidAssets);

    /// @notice Sends fees of the reserve to `receiver`. Restricted.
    /// @param assets How much, at most the fee reserve and the idle cash [assets]
    /// @param receiver Who gets them.
    function collectFees(uint256 assets, address receiver) external;

    /// @notice Sets interest and limits; interest until now is accrued by the old ones. Restricted.
    /// @param terms Base to 50_00, kink 1_00 to 99_00, slope below to 100_00, slope above to 1000_00, reserve to 50_00,
    /// fund to 100_00, flash fee to 1_00 [bps]; caps and minimum debt below 2^96 [assets]; `TermOutOfBounds` else.
    function setTerms(Terms calldata terms) external;

    /// @notice Sets the insurance fund; what is still set aside for the old one joins the fee reserve, so call
    /// `payFund` before. Refused while a loss is flagged. Restricted.
    /// @param newFund A fund of this pool and its cash, or none (zero).
    function setFund(address newFund) external;

    /// @notice The debt index, accrued to now [parts in 1e12]
    function debtIndexNow() external view returns (uint256);

    /// @notice Size of a debt share at index one, as a power of ten [assets]
    function shareUnitExponent() external view returns (uint256);

    /// @notice Totals, accrued to now.
    function totals() external view returns (Totals memory);

    /// @notice Interest and limits.
    function terms() external view returns (Terms memory);

    /// @notice The insurance fund, or zero.
    function fund() external view returns (address);

    /// @notice What is flagged as lost and not yet booked, and who would bear it now.
    function flaggedLoss() external view returns (FlaggedLoss memory);

    /// @notice What concerns a fund: nothing, if it is not this pool's.
    /// @param candidate The fund that asks.
    function claimsOf(address candidate) external view returns (FundClaims memory);

    /// @notice The vault that borrows from this pool.
    function vault() external view returns (address);
}
