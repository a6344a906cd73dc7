// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";

/// @notice Rewards of collateral: tokens that arrive in lumps, are emitted evenly over time, and belong to accounts in
/// proportion to what they hold while it happens. Rewards are never cover: nobody can seize them.
/// @dev Assumes reward tokens whose balances move by transfers only. A token that takes a fee on arrival is refused;
/// one whose balances shrink is not paid out until somebody makes up for what is missing.
interface IRewardsDistributor {
    /// A stream of one reward token for one collateral asset, as it is now.
    struct StreamView {
        address token;
        uint256 index; // what one base unit has earned since the stream began, times 2^112
        uint256 unemittedAssets; // of the lumps that arrived [assets]
        uint256 leftFor; // time of holding until all is emitted [s]
        uint256 periodFor; // of the next lump that finds nothing unemitted [s]
        bool isStopped; // nothing is emitted until governance resumes it
        uint256 fundedAssets; // all that ever arrived, less what was returned [assets]
        uint256 unassignedAssets; // emitted, and not yet in the book of an account [assets]
    }

    /// @notice Only the vault tells what accounts hold.
    error CallerNotTheVault(address caller);
    /// @notice Only the distributor itself calls this.
    error CallerNotSelf(address caller);
    /// @notice Only the owner chooses where the rewards of an account go.
    error CallerNotAccountOwner(AccountId account, address caller);
    /// @notice The vault does not tell this distributor of the asset.
    error AssetNotServed(address asset, address servedBy);
    /// @notice The asset has no stream of the token.
    error StreamNotFound(address asset, address token);
    /// @notice The asset has a stream of the token already, or the token is nobody.
    error StreamInvalid(address asset, address token);
    /// @notice The asset has as many streams as it can have.
    error TooManyStreams(address asset, uint256 most);
    /// @notice The period is outside its bounds.
    error RewardPeriodOutOfBounds(uint256 foundFor, uint256 lowestFor, uint256 highestFor);
    /// @notice Zero reward tokens were given.
    error ZeroRewards(address asset, address token);
    /// @notice All that ever arrived in one stream stays below 2^104.
    error FundingTooLarge(address asset, address token, uint256 assets, uint256 mostAssets);
    /// @notice After the transfer the distributor holds less than it owes: the token takes fees, shrank, or did not
    /// pay.
    error RewardShortfall(address token, uint256 heldAssets, uint256 owedAssets);
    /// @notice The stream runs: only a stopped one is resumed or returned.
    error StreamRunning(address asset, address token);
    /// @notice All that arrived is emitted: it belongs to the holders.
    error NothingToReturn(address asset, address token);
    /// @notice Unemitted rewards go neither to nobody nor back to the distributor.
    error ReturnReceiverInvalid(address receiver);

    /// @notice An asset got a stream.
    event StreamAdded(address indexed asset, address indexed token, uint256 periodFor);
    /// @notice The period of lumps to come changed.
    event RewardPeriodSet(address indexed asset, address indexed token, uint256 oldFor, uint256 newFor);
    /// @notice A stream was stopped or resumed.
    event StreamStopSet(address indexed asset, address indexed token, bool wasStopped, bool isStopped);
    /// @notice A lump arrived; `unemittedAssets` run for `leftFor` from now on.
    event RewardsFunded(
        address indexed asset,
        address indexed token,
        address indexed payer,
        uint256 assets,
        uint256 unemittedAssets,
        uint256 leftFor
    );
    /// @notice Governance took back what a stopped stream had not emitted.
    event UnemittedReturned(address indexed asset, address indexed token, address indexed receiver, uint256 assets);
    /// @notice Rewards of an account were paid: to its owner, or into its collateral when the receiver is the vault.
    event RewardClaimed(
        AccountId indexed account,
        address indexed asset,
        address indexed token,
        address receiver,
        uint256 assets
    );
    /// @notice A token could not be paid; the account can still claim it.
    event ClaimSkipped(AccountId indexed account, address indexed asset, address indexed token, uint256 assets);
    /// @notice Where the rewards of an account go changed.
    event CompoundingSet(AccountId indexed account, bool wasCompounding, bool isCompounding);

    // ---- the vault ----

    /// @notice Keeps what an account earned with what it held until now; for the vault, before every change of a
    /// holding.
    /// @param account The account.
    /// @param asset The collateral.
    /// @param holdingAssets What the account held until now [assets].
    /// @param totalAssets What all accounts held until now [assets].
    /// @dev Calls nobody and never fails, whatever the numbers: liquidations depend on it.
    function checkpoint(AccountId account, address asset, uint256 holdingAssets, uint256 totalAssets) external;

    // ---- everybody ----

    /// @notice Adds a lump to a stream, pulled from the caller; open to everybody. It is emitted evenly over the
    /// period; with what is left of earlier lumps, over the average of both times weighted with the amounts.
    /// @param asset The collateral whose holders get it.
    /// @param token The reward token.
    /// @param assets Amount [assets].
    /// @dev While nobody holds the asset nothing is emitted. Warning: what is funded cannot be taken back by the payer.
    function fund(address asset, address token, uint256 assets) external;

    /// @notice Pays the rewards of an account to its owner; open to everybody. A token that cannot be paid is skipped
    /// and stays claimable.
    /// @param account The account.
    /// @param asset The collateral that earned them.
    /// @param tokens Reward tokens; one that burns the gas of others can be left out.
    /// @return claimedAssets What was paid of each, 0 where nothing was due or the token was skipped [assets].
    /// @dev With compounding, a token of which the account holds collateral is deposited into the account instead. A
    /// deposit that the vault refuses (cap, stale price while something is owed) is skipped like any payment.
    function claim(
        AccountId account,
        address asset,
        address[] calldata tokens
    ) external returns (uint256[] memory claimedAssets);

    /// @notice Pays what the book owes an account of one token; for `claim` alone, which catches its failure.
    /// @param account The account.
    /// @param asset The collateral.
    /// @param token The reward token.
    /// @return assets What was paid [assets].
    function payOut(AccountId account, address asset, address token) external returns (uint256 assets);

    /// @notice Chooses where the rewards of an account go; for its owner.
    /// @param account The account.
    /// @param compounds Whether a token of which the account holds collateral is added to it.
    function setCompounding(AccountId account, bool compounds) external;

    // ---- governance ----

    /// @notice Adds a stream for good, of seven days at first; restricted.
    /// @param asset A collateral that the vault tells this distributor of.
    /// @param token A token that the asset has no stream of; at most four for an asset.
    function addStream(address asset, address token) external;

    /// @notice Sets the period of lumps to come; restricted.
    /// @param asset The collateral.
    /// @param token The reward token.
    /// @param periodFor From 1 to 90 days [s].
    function setPeriod(address asset, address token, uint256 periodFor) external;

    /// @notice Stops a stream at once; restricted. What was emitted stays the holders'.
    /// @param asset The collateral.
    /// @param token The reward token.
    function stopStream(address asset, address token) external;

    /// @notice Lets a stopped stream go on where it stopped; restricted.
    /// @param asset The collateral.
    /// @param token The reward token.
    function resumeStream(address asset, address token) external;

    /// @notice Sends what a stopped stream has not emitted; restricted.
    /// @param asset The collateral.
    /// @param token The reward token.
    /// @param receiver Who gets it.
    /// @return assets What was sent [assets].
    function returnUnemitted(address asset, address token, address receiver) external returns (uint256 assets);

    // ---- views ----

    /// @notice The vault whose accounts earn.
    function vault() external view returns (address);

    /// @notice The streams of an asset, as they are now.
    /// @param asset The collateral.
    /// @return One for each token.
    function streamsOf(address asset) external view returns (StreamView[] memory);

    /// @notice What `claim` would pay an account now.
    /// @param account The account.
    /// @param asset The collateral.
    /// @param token The reward token.
    /// @return assets What it earned and was not paid [assets].
    function claimable(AccountId account, address asset, address token) external view returns (uint256 assets);

    /// @notice What the distributor owes and holds of a token, over all streams.
    /// @param token The reward token.
    /// @return owedAssets Unemitted and unclaimed [assets].
    /// @return heldAssets Its balance [assets].
    function reservesOf(address token) external view returns (uint256 owedAssets, uint256 heldAssets);

    /// @notice Whether rewards of an account are added to collateral that it holds.
    /// @param account The account.
    /// @return Whether its owner chose so.
    function isCompounding(AccountId account) external view returns (bool);
}
