// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {RecallQueue, RecallTicket} from "../types/Sleeve.sol";

/// @notice Reuse of collateral by consent: a part of a holding becomes shares of a sleeve, an ERC-4626 token that is a
/// collateral of its own, with its own haircuts, and comes back. Nothing leaves the account on the way.
/// @dev Warning: a sleeve is code that governance trusts with what is in it: a `VenueAllocator`, or a lending pool for
/// its cash.
interface IReuse {
    /// How much of an account may be in a sleeve.
    struct SleeveTerms {
        bool isCapped; // whether what an account reuses is limited by what it owes
        uint256 maxDebtShareBps; // most that it reuses in capped sleeves, as a share of its debt, to 140_00
        uint256 toleranceBps; // beyond it by which share anyone may move the excess back, to 50_00
    }

    /// @notice The asset is no sleeve.
    error NotASleeve(address sleeve);
    /// @notice Shares of a sleeve become collateral by `setReuse` alone.
    error SleeveNotDepositable(address sleeve);
    /// @notice The sleeve is of another asset.
    error SleeveOfAnotherAsset(address sleeve, address asset);
    /// @notice The price of a sleeve's share goes through the sleeve's own `convertToAssets`, on the feed of its asset.
    error SleevePriceInvalid(address sleeve, address provider, address feed);
    /// @notice The asset's price goes through a rate, which would be missing in that of the sleeve's shares.
    error SleeveOfRatedAsset(address asset, address provider);
    /// @notice A term is outside its bounds.
    error ReuseTermOutOfBounds(bytes32 name, uint256 found, uint256 lowest, uint256 highest);
    /// @notice The account would reuse more than the cap allows for what it owes.
    error ReuseAboveDebtShare(AccountId account, address sleeve, uint256 reusedValue, uint256 mostValue);
    /// @notice Nothing would move: the share is what it is, or what is left of it is worth less than a unit.
    error ReuseUnchanged(AccountId account, address sleeve);
    /// @notice The account is within the cap of what it may reuse.
    error ReuseWithinCap(AccountId account, address sleeve, uint256 reusedValue, uint256 mostValue);
    /// @notice Others have waited for two minutes for the sleeve to pay; serve them first, or ask for a ticket.
    error RecallsWaiting(address sleeve, uint256 tickets);
    /// @notice Nobody waits for the sleeve.
    error NoRecallWaiting(address sleeve);
    /// @notice The sleeve pays nothing out now.
    error SleevePaysNothing(address sleeve, uint256 ticket);
    /// @notice The sleeve paid less than it said.
    error SleevePaidLess(address sleeve, uint256 expectedAssets, uint256 receivedAssets);
    /// @notice With the plain asset in the place of the shares the account would be covered less.
    error RecallWeakens(AccountId account, address sleeve, uint256 coverBefore, uint256 coverAfter);

    /// @notice Which asset a sleeve takes, and how much of an account, changed.
    event SleeveSet(address indexed asset, address indexed sleeve, SleeveTerms oldTerms, SleeveTerms terms);
    /// @notice Plain collateral became shares of a sleeve.
    event CollateralReused(
        AccountId indexed account,
        address indexed sleeve,
        address indexed caller,
        uint256 assets,
        uint256 shares,
        uint256 plainAssets,
        uint256 sleeveShares,
        uint256 version
    );
    /// @notice Shares of a sleeve became plain collateral.
    event CollateralRecalled(
        AccountId indexed account,
        address indexed sleeve,
        address indexed caller,
        uint256 assets,
        uint256 shares,
        uint256 plainAssets,
        uint256 sleeveShares,
        uint256 version
    );
    /// @notice An account waits for the sleeve to pay; with zero shares it no longer does.
    event RecallRequested(AccountId indexed account, address indexed sleeve, uint256 ticket, uint256 shares);
    /// @notice A ticket is done; `leftShares` are what could not be recalled: the holding is gone, worth nothing, or
    /// the account would be covered less or hold too many collaterals.
    event RecallServed(AccountId indexed account, address indexed sleeve, uint256 ticket, uint256 leftShares);

    /// @notice Names the sleeve of an asset; from then on its shares are pledged by `setReuse` alone. Restricted.
    /// @param asset A listed asset.
    /// @param sleeve A listed asset too: an ERC-4626 token of `asset`, priced through its `convertToAssets`.
    /// @param terms What of an account may be in it.
    function setSleeve(address asset, address sleeve, SleeveTerms calldata terms) external;

    /// @notice Moves so much that `shareBps` of what the account holds of the asset, plain and reused, is in the
    /// sleeve. More is judged as a withdrawal is; less is judged only where it would weaken the account.
    /// @dev The owner, or an operator with REUSE. More is refused while the sleeve's supply is paused, while recalls
    /// have waited for two minutes, or above the caps; less while they have, or beyond what the sleeve pays out now.
    /// @param account The account.
    /// @param sleeve The sleeve.
    /// @param shareBps Share of the holding, 0 for none, 100_00 for all [bps]
    /// @return assets What moved [assets]
    /// @return shares What it is in the sleeve [shares]
    function setReuse(
        AccountId account,
        address sleeve,
        uint256 shareBps
    ) external returns (uint256 assets, uint256 shares);

    /// @notice Moves back what an account reuses above the cap, as far as the sleeve pays; anyone, once it is above by
    /// more than the tolerance.
    /// @param account The account.
    /// @param sleeve A capped sleeve.
    /// @return assets What came back [assets]
    function trimReuse(AccountId account, address sleeve) external returns (uint256 assets);

    /// @notice Waits in line for a sleeve that cannot pay; the shares stay pledged and count. One ticket for an account
    /// and sleeve: a new one replaces the old and stands at the end; zero shares cancel.
    /// @dev The owner, or an operator with REUSE.
    /// @param account The account.
    /// @param sleeve The sleeve.
    /// @param shares How much, `type(uint256).max` for all that is held when it is served [shares]
    /// @return ticket Its number, 0 for none.
    function requestRecall(AccountId account, address sleeve, uint256 shares) external returns (uint256 ticket);

    /// @notice Serves those who wait in their order, as far as the sleeve pays; each gets plain collateral. Anyone.
    /// @param sleeve The sleeve.
    /// @param most How many tickets at most.
    /// @return done How many tickets are done.
    function serveRecalls(address sleeve, uint256 most) external returns (uint256 done);

    /// @notice Asset and terms of a sleeve; zeros for none.
    function sleeveOf(address sleeve) external view returns (address asset, SleeveTerms memory terms);

    /// @notice Where the queue of a sleeve stands.
    function recallQueueOf(address sleeve) external view returns (RecallQueue memory);

    /// @notice The ticket of an account, 0 for none.
    function ticketOf(
        AccountId account,
        address sleeve
    ) external view returns (uint256 ticket, RecallTicket memory recallTicket);
}
