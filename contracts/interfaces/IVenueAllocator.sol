// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

/// @notice A sleeve: the reused part of one collateral asset, an ERC-4626 token whose assets are idle or in at most
/// four ERC-4626 venues. Only the vault puts assets in; whoever holds shares takes them out.
/// @dev Assets are counted here, never read from balances. A venue is worth the lower of what it says and of what was
/// recorded of it, grown by at most its limit: a loss counts at once, a gain slowly, a donation not at all within a
/// transaction beyond that. A venue that does not answer is worth nothing until it does. Who comes in pays for what
/// venues say, if that is more. Warning: a venue must answer `convertToAssets` within 50,000 gas, and its share price
/// must be one that no stranger can push down: what was recorded low comes back at the limit of growth only.
interface IVenueAllocator is IERC4626 {
    /// What a venue may hold and how fast it may grow.
    struct VenueTerms {
        uint256 capAssets; // most that it is worth after an allocation [assets]
        uint256 capBps; // the same, as a share of all assets
        uint256 growthPpm; // most that it may grow [ppm per day]
    }

    /// One venue as it is.
    struct VenueView {
        address venue;
        VenueTerms terms;
        uint256 shares; // of the venue, counted [venue shares]
        uint256 recordedAssets; // worth when it was recorded [assets]
        uint256 recordedAt;
        uint256 worthAssets; // what counts now [assets]
        uint256 saidAssets; // what the venue says now, 0 when it says nothing [assets]
    }

    /// Terms of the sleeve.
    struct SleeveRules {
        uint256 bufferBps; // share of all assets that stays idle
        uint256 feeBps; // share of growth that is a fee
        address feeReceiver;
    }

    /// @notice Only the vault puts assets in.
    error DepositorNotVault(address caller);
    /// @notice A sleeve is seeded while it has no shares.
    error SleeveInUse(uint256 supplyShares);
    /// @notice Only the sleeve itself may do this.
    error CallerNotSleeve(address caller);
    /// @notice A venue with shares does not say what they are worth: nobody comes in meanwhile.
    error VenueSilent(address venue);
    /// @notice Less would be idle than the buffer asks for.
    error BufferTooSmall(uint256 idleAssets, uint256 leastAssets);
    /// @notice The shares would be worth less than what was paid for them: a venue says more than counts of it.
    error EntryLosesValue(uint256 assets, uint256 worthAssets);
    /// @notice Zero assets or zero shares would move.
    error ZeroSleeveMove(uint256 assets, uint256 shares);
    /// @notice Idle assets and what venues pay out now are less than what is asked for.
    error SleeveIlliquid(uint256 availableAssets, uint256 requestedAssets);
    /// @notice The sleeve holds less than it counts: the token takes fees, rebases, or was not paid.
    error SleeveShortfall(uint256 heldAssets, uint256 idleAssets);
    /// @notice The sleeve does not know the venue.
    error VenueNotListed(address venue);
    /// @notice The venue is for another asset.
    error VenueOfAnotherAsset(address venue, address asset);
    /// @notice There are as many venues as there may be.
    error TooManyVenues(uint256 most);
    /// @notice A venue is dropped when it is worth nothing.
    error VenueInUse(address venue, uint256 shares, uint256 saidAssets);
    /// @notice More would be in the venue than its caps allow.
    error VenueCapExceeded(address venue, uint256 worthAssets, uint256 capAssets);
    /// @notice The venue took other than was allocated, or gave shares that are worth less.
    error AllocationLosesValue(address venue, uint256 paidAssets, uint256 gainedAssets);
    /// @notice The venue paid nothing out, or less than the shares that it took are worth.
    error VenueRefused(address venue, uint256 receivedAssets, uint256 lostAssets);
    /// @notice A rule or term is outside its bounds.
    error SleeveTermOutOfBounds(bytes32 name, uint256 found, uint256 lowest, uint256 highest);
    /// @notice Too little gas is left to ask a venue: an answer that is missing for that reason is none.
    error GasForVenueTooLow(uint256 gasLeft, uint256 gasNeeded);
    /// @notice The buffer is full and the venue not cut: only the manager recalls more.
    error NothingToRefill(address venue, uint256 idleAssets, uint256 bufferAssets);
    /// @notice The sleeve counts every unit of the token that it holds.
    error NothingToSkim(address token);

    /// @notice Assets went to a venue for shares of it.
    event Allocated(address indexed venue, address indexed caller, uint256 assets, uint256 venueShares);
    /// @notice Assets came back from a venue; `bookAssets` is what the shares counted for.
    event Recalled(
        address indexed venue,
        address indexed caller,
        uint256 assets,
        uint256 venueShares,
        uint256 bookAssets
    );
    /// @notice What counts of a venue was recorded.
    event VenueRecorded(address indexed venue, uint256 oldAssets, uint256 assets);
    /// @notice A fee on growth was paid in shares.
    event FeeMinted(address indexed receiver, uint256 shares, uint256 priceRay);
    /// @notice The terms of a venue changed; the first time it is listed.
    event VenueSet(address indexed venue, VenueTerms oldTerms, VenueTerms terms);
    /// @notice The guardian set the cap of a venue to zero.
    event VenueCut(address indexed venue, uint256 oldCapAssets);
    /// @notice A venue is no longer asked; shares of it stay counted for the day when it is listed again.
    event VenueDropped(address indexed venue, uint256 shares);
    /// @notice The rules of the sleeve changed.
    event SleeveRulesSet(SleeveRules oldRules, SleeveRules rules);
    /// @notice Tokens that the sleeve does not count left it.
    event Skimmed(address indexed token, address indexed receiver, uint256 assets);

    /// @notice Makes the first shares for assets of the caller: the vault asks for some before it lists them. Only
    /// while there are none. Restricted.
    /// @param assets How much [assets]
    /// @param receiver Who gets the shares.
    /// @return shares What they are worth [shares]
    function seed(uint256 assets, address receiver) external returns (uint256 shares);

    /// @notice Puts idle assets into a venue, within its caps and above the buffer. Restricted.
    /// @param venue A listed venue.
    /// @param assets How much [assets]
    /// @return shares What the venue gave [venue shares]
    function allocate(address venue, uint256 assets) external returns (uint256 shares);

    /// @notice Takes assets back from a venue, as far as it pays; a loss counts at once. Restricted.
    /// @param venue A listed venue.
    /// @param assets How much at most [assets]
    /// @return receivedAssets What came [assets]
    function recall(address venue, uint256 assets) external returns (uint256 receivedAssets);

    /// @notice Takes assets back from a venue: as much as the buffer lacks, or all of it from a venue that was cut.
    /// Anyone. Refused when it would cost those who stay.
    /// @param venue A listed venue.
    /// @return receivedAssets What came [assets]
    function refill(address venue) external returns (uint256 receivedAssets);

    /// @notice Records what venues are worth now and mints the fee on growth. Anyone.
    /// @return assets What the sleeve is worth [assets]
    function touch() external returns (uint256 assets);

    /// @notice Takes assets out of a venue in a call that is undone when the venue misbehaves. Only the sleeve itself.
    /// @param venue A listed venue.
    /// @param assets How much at most [assets]
    /// @param mayLose Whether less may come than the shares counted for.
    /// @param caller Who began it.
    /// @return receivedAssets What came [assets]
    function pullFrom(
        address venue,
        uint256 assets,
        bool mayLose,
        address caller
    ) external returns (uint256 receivedAssets);

    /// @notice Lists a venue, at most four, or changes its terms. Restricted.
    /// @param venue An ERC-4626 token of the sleeve's asset.
    /// @param terms Cap below 2^96 [assets], share to 100_00 [bps], growth 1 to 5_000 [ppm per day].
    function setVenue(address venue, VenueTerms calldata terms) external;

    /// @notice Sets the cap of a venue to zero: nothing more goes in, and anyone may take out. Restricted.
    /// @param venue A listed venue.
    function cutVenue(address venue) external;

    /// @notice Stops asking a venue that is worth nothing. Restricted.
    /// @param venue A listed venue.
    function dropVenue(address venue) external;

    /// @notice Sets buffer and fee; growth until now pays the old one. Restricted.
    /// @param rules Buffer to 100_00, fee to 30_00 [bps]; a fee needs a receiver.
    function setRules(SleeveRules calldata rules) external;

    /// @notice Sends tokens that nobody counts, e.g. rewards or what was sent by mistake. Restricted.
    /// @param token Any token.
    /// @param receiver Who gets them.
    /// @return assets What was sent [assets]
    function skim(address token, address receiver) external returns (uint256 assets);

    /// @notice The venues, in the order in which redemptions ask them.
    function venues() external view returns (VenueView[] memory);

    /// @notice The rules of the sleeve.
    function rules() external view returns (SleeveRules memory);

    /// @notice Assets that are in no venue, counted [assets]
    function idleAssets() external view returns (uint256);

    /// @notice The highest price of a share on which a fee was paid [1e27 at the start]
    function feePriceRay() external view returns (uint256);

    /// @notice The vault that puts assets in.
    function vault() external view returns (address);
}
