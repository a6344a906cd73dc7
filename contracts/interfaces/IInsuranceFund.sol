// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

/// @notice The door of stakers: an ERC-4626 fund that bears the losses of one lending pool after its fee reserve and
/// before its lenders, for a share of its fees. Donations change nothing.
/// @dev Leaving takes a request: the shares go into the fund's escrow, where they still bear and earn, and can be
/// redeemed in a window after a cooldown. `maxRedeem` and `maxWithdraw` are zero outside of it. Shares that are sent to
/// the fund without a request are lost. Warning: while the pool has a flagged loss, stakers leave at a price that has
/// borne it and come at one that has not.
interface IInsuranceFund is IERC4626 {
    /// Terms of staking.
    struct StakeTerms {
        uint256 supplyCapAssets; // most that may be staked [assets]
        uint256 cooldownFor; // from a request to its window [s]
        uint256 windowFor; // how long a request can be redeemed [s]
    }

    /// Shares on their way out.
    struct Request {
        uint256 shares; // in escrow
        uint256 maturesAt; // redeemable from then on
        uint256 expiresAt; // and until then
    }

    /// @notice Only the pool may do this.
    error CallerNotPool(address caller);
    /// @notice A term is outside its bounds.
    error StakeTermOutOfBounds(bytes32 name, uint256 found, uint256 lowest, uint256 highest);
    /// @notice Zero shares or zero assets would be staked, requested or redeemed.
    error ZeroStake(uint256 assets, uint256 shares);
    /// @notice The owner has a request already: it is redeemed or cancelled first.
    error RequestPending(address owner, uint256 shares, uint256 expiresAt);
    /// @notice The owner has no request.
    error RequestNotFound(address owner);
    /// @notice The fund holds less than it counts: the token takes fees, rebases, or was not paid.
    error StakeShortfall(uint256 heldAssets, uint256 stakedAssets);

    /// @notice Shares went into escrow, with the terms of that time.
    event WithdrawalRequested(address indexed owner, uint256 shares, uint256 maturesAt, uint256 expiresAt);
    /// @notice Shares came back from escrow.
    event WithdrawalCancelled(address indexed owner, uint256 shares);
    /// @notice The pool took its part of a loss.
    event Slashed(uint256 askedAssets, uint256 paidAssets);
    /// @notice Fees of the pool came in.
    event IncomeReceived(uint256 assets);
    /// @notice The terms changed.
    event StakeTermsSet(StakeTerms oldTerms, StakeTerms terms);

    /// @notice Puts shares of the caller into escrow, to be redeemed after the cooldown. One request at a time.
    /// @param shares How many; they bear and earn until they are redeemed.
    function requestWithdrawal(uint256 shares) external;

    /// @notice Gives the caller's shares back out of escrow, whether or not their window has passed.
    function cancelWithdrawal() external;

    /// @notice Pays a loss of the pool out of the stake. Only the pool.
    /// @param assets How much is asked [assets]
    /// @return paidAssets min(asked, staked) [assets]
    function slash(uint256 assets) external returns (uint256 paidAssets);

    /// @notice Books fees that the pool has just sent. Only the pool.
    /// @param assets How much [assets]
    function receiveIncome(uint256 assets) external;

    /// @notice Sets the terms; requests keep the terms of their time. Restricted.
    /// @param terms Cap below 2^96 [assets], cooldown 1 hour to 60 days, window 1 hour to 30 days [s];
    /// `StakeTermOutOfBounds` else.
    function setTerms(StakeTerms calldata terms) external;

    /// @notice What is staked and held here; `totalAssets` adds what the pool has set aside [assets]
    function stakedAssets() external view returns (uint256);

    /// @notice The request of an owner; zeros without one.
    /// @param owner Who.
    function requestOf(address owner) external view returns (Request memory);

    /// @notice Terms of staking.
    function terms() external view returns (StakeTerms memory);

    /// @notice The pool whose losses are borne.
    function pool() external view returns (address);
}
