// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {PoolId} from "../types/PoolId.sol";
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

    /// @notice An asset joined the registry.
    event AssetListed(address indexed asset, uint256 indexed id, uint256 decimals);
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
    /// @notice The risk parameters changed.
    event RiskParametersSet(RiskParameters oldParameters, RiskParameters parameters);

    /// @notice Lists an asset with its feed and cap. Cash that is no collateral is listed with a cap of 0.
    function listAsset(address asset, FeedConfig calldata config, uint256 capAssets) external returns (uint256 id);

    /// @notice Replaces the feed of an asset; its price must agree with the old one within 2 %, or, when the old feed
    /// has no fresh price, with the slow average within 50 %.
    function setFeed(address asset, FeedConfig calldata config) external;

    /// @notice Sets the cap of an asset; worth at most twice its smallest market depth.
    function setSupplyCap(address asset, uint256 capAssets) external;

    /// @notice Pauses new deposits, or seizure, of an asset; lifts nothing. Top-ups of held collateral are never
    /// paused.
    function pauseAsset(address asset, bool supply, bool seizure) external;

    /// @notice Sets both pauses of an asset: also lifts them.
    function setAssetPause(address asset, bool supplyPaused, bool seizurePaused) external;

    /// @notice Lists a lending pool of this vault; its asset must be listed.
    function listPool(address pool, uint256 factorPpm) external returns (PoolId id);

    /// @notice Sets the debt factor of a pool, 1_000_000 to 1_500_000.
    function setDebtFactor(PoolId pool, uint256 factorPpm) external;

    /// @notice Pauses borrowing from a pool. Repayment is never paused.
    function pauseBorrow(PoolId pool) external;

    /// @notice Pauses or resumes borrowing from a pool.
    function setBorrowPause(PoolId pool, bool borrowPaused) external;

    /// @notice Configures a pair. A listed pair moves to the new targets at limited speed; a new one starts at them.
    function setPair(address asset, PoolId pool, PairConfig calldata config) external;

    /// @notice Sets the parameters of calls and liquidations.
    function setRiskParameters(RiskParameters calldata parameters) external;
}
