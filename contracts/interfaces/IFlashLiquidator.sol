// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {AccountId} from "../types/AccountId.sol";
import {ILiquidation} from "./ILiquidation.sol";

/// @notice Liquidates and writes off without cash of its own: takes the collateral, sells it, pays, keeps the rest.
/// @dev Warning: the caller chooses redemptions, swaps, lenders and bounds, and the contract checks no price by itself.
/// Whoever sets loose bounds gives the profit to the first sandwich.
interface IFlashLiquidator {
    /// What goes to `liquidate` of the vault.
    struct Liquidation {
        AccountId account;
        ILiquidation.Leg[] legs;
        uint256 expectedLiquidations;
        uint256 deadline; // [unix s]
    }

    /// What goes to `writeOff` of the vault.
    struct WriteOff {
        AccountId account;
        uint256 expectedLiquidations;
        uint256[] maxRepaidAssets; // in the order of pool ids [assets]
        uint256[] minimumOut; // in the order of asset ids [assets]
        uint256 deadline; // [unix s]
    }

    /// One sale on the venue. `minimumOut` is for `amountIn`; a share that comes to another amount has it in
    /// proportion, rounded up.
    struct Swap {
        bytes path; // token, fee (3 bytes), token, … as Uniswap v3 packs it; 43 bytes are one pool
        uint256 shareBps; // of what this run brought of the first token and has left; 0: exactly `amountIn` [bps]
        uint256 amountIn; // above 0 [assets]
        uint256 minimumOut; // above 0 [assets]
    }

    /// Shares of a sleeve that become its asset before anything is sold: all that this run brought, at most
    /// `mostShares` and what the sleeve pays out now. `minimumOut` is for `quotedShares`, and for others in proportion,
    /// rounded up. Shares that are not redeemed stay in the contract.
    struct Redemption {
        IERC4626 sleeve;
        uint256 mostShares; // `type(uint256).max` for no limit of the caller's [shares]
        uint256 quotedShares; // for which `minimumOut` is, above 0 [shares]
        uint256 minimumOut; // above 0 [assets]
    }

    /// What is redeemed and sold, and what has to be left.
    struct Sale {
        Redemption[] redemptions; // in this order, before all swaps
        Swap[] swaps; // in this order
        address profitToken;
        uint256 minimumProfit; // [assets of profitToken]
    }

    /// One flash loan.
    struct Loan {
        IERC3156FlashLender lender;
        address token;
        uint256 assets; // [assets]
    }

    /// @notice Neither the owner nor its keeper.
    error CallerNotKeeper(address caller);
    /// @notice Another run of this contract has not ended.
    error RunInProgress();
    /// @notice Nobody is expected to call back now, or somebody else, or with other data.
    error CallbackUnexpected(address caller);
    /// @notice The callee returned without calling back.
    error CallbackMissing(address callee);
    /// @notice The flash loan was begun by somebody else.
    error InitiatorUnexpected(address initiator);
    /// @notice The lender gave another token or amount than was asked for.
    error LoanUnexpected(address token, uint256 receivedAssets, uint256 askedAssets);
    /// @notice A path is 20 + 23 · n bytes long, n the number of its pools.
    error PathMalformed(uint256 length);
    /// @notice A run with flash loans names at least one.
    error LoansMissing();
    /// @notice A swap has no amount or no minimum.
    error SwapUnbounded(address token);
    /// @notice A swap brought less than its minimum.
    error SwapOutputBelowMinimum(address token, uint256 receivedAssets, uint256 minimumOut);
    /// @notice A redemption has no amount or no minimum.
    error RedemptionUnbounded(address sleeve);
    /// @notice A sleeve paid less than the minimum.
    error RedemptionBelowMinimum(address sleeve, uint256 receivedAssets, uint256 minimumOut);
    /// @notice This run has less of a token than it must sell or pay.
    error InsufficientProceeds(address token, uint256 availableAssets, uint256 neededAssets);
    /// @notice The run leaves less than its minimum, or takes of what was there before.
    error ProfitBelowMinimum(address token, uint256 profitAssets, uint256 minimumProfit);

    /// @notice Who beside the owner may begin runs.
    event KeeperSet(address indexed oldKeeper, address indexed newKeeper);
    /// @notice A run has ended.
    event ProfitMade(AccountId indexed account, address indexed token, uint256 profitAssets);
    /// @notice The owner took something out.
    event ProfitWithdrawn(address indexed token, address indexed receiver, uint256 assets);

    /// @notice Liquidates through the vault's callback: the collateral comes first, is sold, and pays.
    /// @param order For the vault.
    /// @param sale Redemptions, swaps and the least profit.
    /// @return profitAssets What is left [assets of profitToken]
    function liquidate(Liquidation calldata order, Sale calldata sale) external returns (uint256 profitAssets);

    /// @notice Writes off through the vault's callback.
    /// @param order For the vault.
    /// @param sale Redemptions, swaps and the least profit.
    /// @return profitAssets What is left [assets of profitToken]
    function writeOff(WriteOff calldata order, Sale calldata sale) external returns (uint256 profitAssets);

    /// @notice Borrows the cash, liquidates with it, sells the collateral and pays the loans back.
    /// @param order For the vault.
    /// @param sale Redemptions, swaps and the least profit.
    /// @param loans At least one; more are taken one inside the other.
    /// @return profitAssets What is left [assets of profitToken]
    function liquidateWithFlashLoan(
        Liquidation calldata order,
        Sale calldata sale,
        Loan[] calldata loans
    ) external returns (uint256 profitAssets);

    /// @notice Borrows the cash, writes off with it, sells the collateral and pays the loans back.
    /// @param order For the vault.
    /// @param sale Redemptions, swaps and the least profit.
    /// @param loans At least one; more are taken one inside the other.
    /// @return profitAssets What is left [assets of profitToken]
    function writeOffWithFlashLoan(
        WriteOff calldata order,
        Sale calldata sale,
        Loan[] calldata loans
    ) external returns (uint256 profitAssets);

    /// @notice Lets another address begin runs. Its key can waste the profit of a run, and take nothing else.
    /// @param newKeeper Zero for nobody.
    function setKeeper(address newKeeper) external;

    /// @notice Who beside the owner may begin runs; zero for nobody.
    function keeper() external view returns (address);

    /// @notice Sends what the contract holds. Only the owner.
    /// @param token Any token.
    /// @param assets How much; `type(uint256).max` for all [assets]
    /// @param receiver Who gets it.
    function withdraw(address token, uint256 assets, address receiver) external;
}
