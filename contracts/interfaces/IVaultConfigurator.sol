// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {PoolId} from "../types/PoolId.sol";
import {TierTerms} from "../types/CreditTier.sol";
import {RiskParameters} from "../types/RiskParameters.sol";

/// @notice The door of governance: each setter checks its bounds and emits old and new.
interface IVaultConfigurator {
    /// How an asset is priced.
    struct FeedConfig {
        address feed; // Chainlink-shaped
        uint256 maxAgeFor; // oldest fresh answer, whole minutes [s]
        uint256 lowestAnswer; // in the feed's decimals; kept to 0.4 %, rounded up
        uint256 highestAnswer; // in the feed's decimals; kept to 0.4 %, rounded down
        address secondFeed; // zero for none
        uint256 secondMaxAgeFor; // whole minutes [s]
        uint256 maxDeviationBps; // of the second from the first
        RateConfig rate; // what multiplies the answers; then the feeds are those of the underlying token
    }

    /// An exchange rate: whole underlying tokens per whole token.
    struct RateConfig {
        address provider; // zero for none; an ERC-4626 token is its own
        bytes4 selector; // `convertToAssets(uint256)`, or a view without arguments that returns one word
        uint256 decimals; // of what it returns, 6 to 18; for `convertToAssets` those of the provider's asset
        uint256 growthPpm; // most that counts of its growth, of the rate of now per day [ppm]
    }

    /// Risk of one collateral against one pool.
    struct PairConfig {
        uint256 initialFloorPpm;
        uint256 initialCapPpm;
        uint256 maintenanceFloorPpm;
        uint256 maintenanceCapPpm;
        uint256 initialTargetPpm;
        uint256 maintenanceTargetPpm;
        uint256 depthValue; // value that sells within 2 % [value]
        uint256 maxBonusBps;
    }

    /// How the haircuts of a pair are measured.
    struct PairModelConfig {
        uint256 floorVarianceWad; // the least variance that counts
        uint256 stressVarianceWad; // a quarter of what counts, and what a measure starts from
        uint256 horizonInitialFor; // time to liquidate that the initial haircut covers, in whole minutes [s]
        uint256 horizonMaintenanceFor; // that the maintenance haircut covers [s]
        uint256 pegPpm; // taken off besides volatility, for a peg that may break
        uint256 maxLagFor; // the initial haircut goes up when the last observation is older [s]
        uint256 highestDepthValue; // what a posted depth never exceeds [value]
        bool isMeasured;
        bool isTracked; // by common returns; else as if the worst correlation held
        bool isPegged; // the variance of the pair may be below half of either asset's
    }

    /// @notice The registry is full.
    error RegistryFull(uint256 most);
    /// @notice The asset is already listed.
    error AssetAlreadyListed(address asset, uint256 id);
    /// @notice No code at the address, or it does not say its decimals.
    error NotAToken(address asset);
    /// @notice More decimals than the maths carries.
    error DecimalsAboveMaximum(address asset, uint256 decimals, uint256 most);
    /// @notice The feed has more decimals than the maths carries.
    error FeedDecimalsInvalid(address feed, uint256 decimals, uint256 most);
    /// @notice A parameter is outside its bounds.
    error ParameterOutOfBounds(bytes32 name, uint256 found, uint256 lowest, uint256 highest);
    /// @notice The decimals said of an ERC-4626 rate are not those of the provider's asset.
    error RateDecimalsInvalid(address provider, uint256 decimals, uint256 assetDecimals);
    /// @notice The new feed's price differs too much from the old one's.
    error FeedChangeTooLarge(address asset, uint256 oldPrice, uint256 newPrice, uint256 maxDeviationBps);
    /// @notice The pool lends to another vault.
    error PoolOfAnotherVault(address pool, address vault);
    /// @notice The pool is already listed.
    error PoolAlreadyListed(address pool, PoolId id);
    /// @notice Close-out would come after insolvency: s_max · (1 − (1−γ)·h_M) > 1 + (1−γ)·(b − 1).
    error ListingRuleBroken(address asset, PoolId pool, uint256 leftWad, uint256 rightWad);
    /// @notice The cap is worth more than twice the market depth.
    error CapAboveDepth(address asset, uint256 capValue, uint256 mostValue);

    /// @notice The pair has no haircuts: `setPair`.
    error PairNotListed(address asset, PoolId pool);

    /// @notice Before an asset is listed, the vault holds enough of it for a trial of its transfers.
    error ProbeMissing(address token, uint256 heldAssets, uint256 neededAssets);
    /// @notice A transfer of the trial moved another amount than it was asked to.
    error TransferNotExact(address token, address holder, uint256 foundAssets, uint256 expectedAssets);
    /// @notice A transfer of the token moves a listed one: they are two doors to the same balances.
    error DoubleEntry(address token, address listedAsset);

    /// @notice An asset with a fresh price is worth that.
    error AssetHasPrice(address asset, uint256 price);

    /// @notice An asset joined the registry.
    event AssetListed(address indexed asset, uint256 indexed id, uint256 decimals);
    /// @notice An asset is on its way out: nothing new comes in, its haircuts glide to 100 %.
    event AssetDelisted(address indexed asset);
    /// @notice The cap of an asset changed [assets]
    event SupplyCapSet(address indexed asset, uint256 oldCapAssets, uint256 capAssets);
    /// @notice The pause flags of an asset changed.
    event AssetPauseSet(
        address indexed asset,
        bool oldSupplyPaused,
        bool oldSeizurePaused,
        bool supplyPaused,
        bool seizurePaused
    );
    /// @notice Whether an asset without a price is held to be worth nothing changed.
    event WorthlessSet(address indexed asset, bool oldWorthless, bool worthless);
    /// @notice The feed of an asset changed.
    event FeedSet(address indexed asset, FeedConfig oldConfig, FeedConfig config);
    /// @notice A pool joined the registry.
    event PoolListed(address indexed pool, PoolId indexed id, address indexed asset);
    /// @notice The debt factor of a pool changed [ppm]
    event DebtFactorSet(PoolId indexed pool, uint256 oldFactorPpm, uint256 factorPpm);
    /// @notice The pause flag of a pool changed.
    event BorrowPauseSet(PoolId indexed pool, bool oldBorrowPaused, bool borrowPaused);
    /// @notice The configuration of a pair changed.
    event PairSet(address indexed asset, PoolId indexed pool, PairConfig oldConfig, PairConfig config);
    /// @notice Measuring of an asset's variance started, from its feed's latest round; 0 for none before [wad].
    event MeasureStarted(address indexed asset, uint256 oldVarianceWad, uint256 varianceWad);
    /// @notice How a pair's haircuts are measured changed.
    event PairModelSet(address indexed asset, PoolId indexed pool, PairModelConfig oldConfig, PairModelConfig config);
    /// @notice The market depth of a pair was posted [value].
    event DepthPosted(address indexed asset, PoolId indexed pool, uint256 oldDepthValue, uint256 depthValue);
    /// @notice The risk parameters changed.
    event RiskParametersSet(RiskParameters oldParameters, RiskParameters parameters);
    /// @notice How tiers rise and fall changed.
    event TierTermsSet(TierTerms oldTerms, TierTerms terms);

    /// @notice Lists an asset with its feed and cap. Cash that is no collateral is listed with a cap of 0. For ever.
    /// The lister sends the vault a little of the token first: a millionth of a token, but at least 10,000 base units
    /// and at most one token. It goes out by `transfer` and comes back by `approve` and `transferFrom`, exactly, or the
    /// listing fails. It stays with the vault, owed to nobody, until it is recovered.
    /// @dev Warning: the token must be a plain ERC-20. One that takes fees or rebases makes deposits fail once it holds
    /// less than it owes; one that blocks or pauses holds up what must move it, a write-off above all; shares of a pool
    /// must not be collateral against that pool. Decimals of token and feed are read once, here. The feed is believed
    /// within its bounds: keep them narrow, and give volatile collateral a second feed. The trial says how the token
    /// behaves today and between these two holders: not what its issuer may change, nor what it does to others.
    /// @param asset The token, not listed yet, with at most 18 decimals.
    /// @param config Its feed, with a fresh price now: at most 18 decimals, maximum ages 1 minute to 7 days, lowest
    /// answer above 0, highest price below 2^120; with a second feed a deviation of 10 to 20_00 [bps]. With a rate: a
    /// rate of 0.001 to 100 now, a growth of 10 to 5_000 [ppm per day], a highest price below 2^120 / 100.
    /// @param capAssets Most that all accounts may hold, below 2^96, worth at most 1e15 USD at the highest answer
    /// [assets]
    /// @return id Its number in the registry, 0 to 23.
    function listAsset(address asset, FeedConfig calldata config, uint256 capAssets) external returns (uint256 id);

    /// @notice Takes an asset out of service as collateral, for ever. From now on nobody deposits it but who holds it
    /// already and owes something that it still counts for. Floors, caps and targets of all its pairs become 100 %:
    /// maintenance haircuts get there at their limited speed, initial ones at once. As cash it stays what it is.
    /// @dev Warning: cannot be taken back, and the place in the registry stays taken. Accounts that need it are called
    /// and liquidated by the ordinary rules as its haircuts rise. Then `returnDelisted` sends the rest to its owners.
    /// @param asset A listed asset, not delisted yet.
    function delist(address asset) external;

    /// @notice Replaces the feed of an asset, with or without an exchange rate; its price must agree with the old one
    /// within 2 %, or, when the old feed has no fresh price, with the slow average within 50 %. The slow average starts
    /// again at the new price. What is measured goes on from the new feed's latest round; a feed that does not keep its
    /// rounds cannot be measured, and initial haircuts go up in time.
    /// @dev Warning: while the old feed is silent, a wrong feed within that distance passes. A rate that is asked for
    /// as before starts again at what counts of it now, not higher: after a real loss that lowers its line. Warning: a
    /// fall of a rate counts at once; its provider must not be one that anybody can push down for a moment.
    /// @param asset A listed asset.
    /// @param config The new feed, with a fresh price now; bounds as in `listAsset`.
    function setFeed(address asset, FeedConfig calldata config) external;

    /// @notice Sets the cap of an asset; worth at most twice its smallest market depth.
    /// @dev Warning: a cap below the total stops top-ups of that collateral, also of called accounts.
    /// @param asset A listed asset.
    /// @param capAssets The cap, below 2^96, worth at most 1e15 USD at the highest believed answer [assets]
    function setSupplyCap(address asset, uint256 capAssets) external;

    /// @notice Pauses new deposits, or seizure, of an asset; lifts nothing. Top-ups of held collateral are never
    /// paused.
    /// @param asset A listed asset.
    /// @param supply Whether to pause deposits that open the collateral; false leaves it as it is.
    /// @param seizure Whether to pause seizure; false leaves it as it is.
    function pauseAsset(address asset, bool supply, bool seizure) external;

    /// @notice Sets both pauses of an asset: also lifts them.
    /// @param asset A listed asset.
    /// @param supplyPaused Whether deposits that open the collateral fail.
    /// @param seizurePaused Whether liquidations leave it alone, and write-offs leave what is worth more than dust.
    /// When it is lifted, owners have an hour before it may be taken again, unless their cushion is more than half
    /// used.
    function setAssetPause(address asset, bool supplyPaused, bool seizurePaused) external;

    /// @notice Declares that an asset without a fresh price is worth nothing, or takes it back: it then counts 0 for
    /// everybody and goes with a write-off for nothing.
    /// @dev Warning: who holds only that against a debt is insolvent at once.
    /// @param asset A listed asset; to be declared it must have no fresh price.
    /// @param worthless Whether it is worth nothing.
    function setWorthless(address asset, bool worthless) external;

    /// @notice Lists a lending pool of this vault; its asset must be listed. For ever.
    /// @dev Warning: the pool's code is trusted: its index makes the debts, and it gets what is repaid. List only pools
    /// of the audited code. Its cash must be a plain ERC-20 without fees, rebasing, hooks or blocklists that may hit
    /// the pool, and with a feed that does not fall silent: while it is silent, nothing protects the lenders.
    /// @param pool The pool, not listed yet.
    /// @param factorPpm Its debt factor b, 1_000_000 to 1_500_000 [ppm]
    /// @return id Its number in the registry, 0 to 7.
    function listPool(address pool, uint256 factorPpm) external returns (PoolId id);

    /// @notice Sets the debt factor of a pool, at once. Fails if it breaks the listing rule of a pair.
    /// @param pool A listed pool.
    /// @param factorPpm The debt factor b, 1_000_000 to 1_500_000 [ppm]
    function setDebtFactor(PoolId pool, uint256 factorPpm) external;

    /// @notice Pauses borrowing from a pool. Repayment is never paused.
    /// @param pool A listed pool.
    function pauseBorrow(PoolId pool) external;

    /// @notice Pauses or resumes borrowing from a pool.
    /// @param pool A listed pool.
    /// @param borrowPaused Whether borrowing fails.
    function setBorrowPause(PoolId pool, bool borrowPaused) external;

    /// @notice Configures a pair. A listed pair moves to the new targets at limited speed; a new one starts at them.
    /// @dev Warning: floors, caps, depth and bonus take effect at once; a smaller depth can make accounts callable.
    /// @param asset A listed asset, not delisted: the collateral.
    /// @param pool A listed pool: the debt.
    /// @param config Targets between their floors and caps, maintenance at or below initial in each of the three,
    /// maintenance floor from 1_000, initial cap to 1_000_000 [ppm]; depth 1e18 to 1e33 [value]; highest bonus from
    /// `bonusMinBps` to 50_00 [bps] and within the listing rule.
    function setPair(address asset, PoolId pool, PairConfig calldata config) external;

    /// @notice Starts to measure the variance of an asset from its feed's latest round, or starts again.
    /// @param asset A listed asset with a fresh price.
    /// @param stressVarianceWad What it starts from: annualised variance of a crisis, 1 to 1e22 [wad].
    function startMeasure(address asset, uint256 stressVarianceWad) external;

    /// @notice Sets how the haircuts of a pair are measured. Targets stay until the next `refreshPair`. Both assets are
    /// measured before; a tracked pair starts at its stress variance.
    /// @param asset A collateral.
    /// @param pool A pool of another asset.
    /// @param config Stress 1 to 1e22, floor up to that, horizons 1 hour to 30 days with maintenance not above initial,
    /// peg to 500_000, lag 1 hour to 7 days, highest depth at least the present one.
    function setPairModel(address asset, PoolId pool, PairModelConfig calldata config) external;

    /// @notice Posts the market depth of a pair. After a day without a post it moves by at most 20 %, earlier by less,
    /// so that portions add up to no more; it never goes up above what `setPairModel` allows.
    /// @dev Warning: supply caps stay as they are, also above twice a depth that came down.
    /// @param asset A collateral.
    /// @param pool A pool.
    /// @param depthValue Value that sells within 2 % [value].
    function postDepth(address asset, PoolId pool, uint256 depthValue) external;

    /// @notice Sets the parameters of calls and liquidations, at once. Fails if they break the listing rule of a pair.
    /// @param parameters Units and symbols as in `RiskParameters`: close-out 5_00 to 50_00, target share 10_00 to
    /// 100_00, highest target 1_00 to 40_00, least target 10 to that, least bonus 10 to 10_00, bonus per used to 50_00,
    /// bonus per hour and fee to 10_00 [bps]; longest cure 10 minutes to 7 days, shortest 1 minute to that [s];
    /// rounding 1 to 10_000, minimum transfer 1 to 1_000_000, dust 1 to 100_000 [whole USD]; throttle 1_00 to 200_00
    /// [bps].
    function setRiskParameters(RiskParameters calldata parameters) external;

    /// @notice Sets how the initial margin of an owner rises with each default, and how it comes back, at once. A lower
    /// highest surcharge lowers those in force.
    /// @param terms Highest surcharge to 100_00, step to that [bps]; time in which the highest is gone, 1 to 730 days
    /// [s]. All zero: no tiers.
    function setTierTerms(TierTerms calldata terms) external;
}
