// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVaultConfigurator} from "./IVaultConfigurator.sol";
import {AccountId} from "../types/AccountId.sol";
import {PoolId} from "../types/PoolId.sol";
import {TierTerms} from "../types/CreditTier.sol";
import {RiskParameters} from "../types/RiskParameters.sol";
import {Health, Snapshot} from "../types/Snapshot.sol";

/// @notice Everything that keepers, pages and integrators read. Views that read the ledger or a price revert in the
/// middle of a call; `operatorOf`, `pools`, `pairOf`, `riskParameters` and `deployedAtBlock` do not.
interface IVaultLens {
    /// What can happen to the account next.
    enum AccountStatus {
        HEALTHY, // covered at maintenance, no call
        CALLABLE, // below maintenance, a call may be issued
        CALLED, // below maintenance, the clock runs
        PAUSED, // under a call, covered at maintenance
        LIQUIDATABLE, // call expired or cushion used beyond close-out
        INSOLVENT, // must be written off
        UNPRICED // a debt has no fresh price: clocks and liquidation wait
    }

    /// Health of one account in one row.
    struct HealthRow {
        AccountId account;
        AccountStatus status;
        uint256 collateralValue; // [value]
        uint256 debtValue; // [value]
        uint256 coverInitial; // A_I at spot [value]
        uint256 coverMaintenance; // A_M at spot [value]
        uint256 requirement; // R at spot [value]
        int256 usedWad; // share of the cushion used
        uint256 deadline; // of the running call, 0 for none
        uint256 liquidations; // to pass as `expectedLiquidations`
        uint256 version;
        uint256 heldAssets; // bit i is set when asset i is held as collateral
        uint256 owedAssets; // bit i is set when asset i is owed
    }

    /// Everything about one account.
    struct AccountView {
        HealthRow row;
        Snapshot snapshot; // lines with prices and haircuts
        Health opening; // at opening prices, the first arm of the gate
        uint256 requiredValue; // R of it, and what the owner's tier asks for beyond: what its A_I must reach [value]
        uint256 callAmountValue; // of the stored call [value]
        uint256 callState; // 0 healthy, 1 called, 2 paused
        uint256 callLeftFor; // when paused [s]
        uint256 restoreValue; // USD that restore the initial line now [value]
        uint256 waitsUntil; // liquidation and write-off wait for a jump of a price to be confirmed; 0: they do not [s]
        uint256 episodeTargetBps;
        EpisodeView episode;
        SeizureView[] seizures; // one for each collateral of the snapshot
    }

    /// What the first liquidation of the running episode found, while it counts; zeros for none.
    struct EpisodeView {
        uint256 coverageWad; // A_M / R
        uint256 equityWad; // Σ C / Σ D
        uint256 bonusMostWad; // most of any pair: β, or no limit but 18.4 where the shape asked for more
        uint256 rewardWad; // κ
        uint256 countsUntil; // [s]
    }

    /// How far an asset's rounds were read, and what was found; zeros when it is not measured.
    struct MeasureView {
        uint256 varianceWad; // annualised
        uint256 round; // last one read
        uint256 observedAt; // [s]
        uint256 answer;
    }

    /// The same of a pair; zeros when it is not tracked.
    struct PairMeasureView {
        uint256 varianceWad;
        uint256 collateralRound;
        uint256 obligationRound;
        uint256 observedAt; // [s]
        uint256 collateralAnswer; // at the last common observation
        uint256 obligationAnswer;
    }

    /// Why the haircuts of a pair are what they are, step by step.
    struct HaircutView {
        IVaultConfigurator.PairModelConfig model;
        uint256 collateralWad; // variance of the collateral
        uint256 obligationWad; // of the obligation
        uint256 varianceWad; // of the pair, after its floor of half of either
        uint256 effectiveWad; // after floor and stress
        uint256 initialVolatilityWad; // haircut for volatility alone
        uint256 maintenanceVolatilityWad;
        uint256 initialTargetPpm; // with the peg haircut, within the bounds: what a refresh would store now
        uint256 maintenanceTargetPpm;
        uint256 observedAt; // of the older observation that counts [s]
        uint256 climbsFrom; // the initial haircut goes up from here on; 0 for never [s]
        uint256 movedAt; // when the path was last stored [s]
        uint256 storedInitialPpm; // then
        uint256 storedMaintenancePpm;
    }

    /// What governance and throttle let liquidations take of a collateral.
    struct SeizureView {
        bool isPaused;
        uint256 seizableAt; // after a pause, unless used > 1/2; 0 when it was never paused [s]
        uint256 deepestValue; // of the asset's pairs: the depth that its throttle goes by [value]
        uint256 levelValue; // of the asset's throttle, when it was last raised [value]
        uint256 levelAt; // then, in whole minutes [s]
        uint256 accountLevelValue; // of the account's half of it [value]
        uint256 accountLevelAt; // [s]
        uint256[] maxBonusBps; // β_max against each debt of the snapshot
    }

    /// Everything about one asset.
    struct AssetView {
        address asset;
        uint256 id;
        uint256 totalAssets; // [assets]
        uint256 capAssets; // [assets]
        bool supplyPaused;
        bool seizurePaused;
        bool isWorthless; // declared by governance
        address feed;
        uint256 maxAgeFor; // [s]
        uint256 lowestAnswer;
        uint256 highestAnswer;
        address secondFeed;
        uint256 price; // [USD wad per 1e18 base units]
        uint256 slowPrice; // same unit
        bool isFresh;
        uint256 priceBeforeJump; // while a jump is not confirmed, else 0; same unit
        uint256 jumpEndsAt; // then it is believed without; 0 for no jump [s]
        RateView rate;
    }

    /// The exchange rate that an asset's price goes through: price = answer · min(rateWad, allowedWad) / 1e18 ·
    /// 10^exponent. All zero without one.
    struct RateView {
        address provider;
        bytes4 selector;
        uint256 shareUnit; // what `convertToAssets` is asked for [shares]
        uint256 decimals; // of what it returns
        uint256 growthPpm; // as it was set, of the first rate [ppm per day]
        uint256 rateWad; // as the provider tells it now, not capped; 0 when it tells none
        uint256 allowedWad; // most that counts of it now: lineWad + growthWadPerDay · (now − movedAt) / day
        uint256 lineWad; // the rate allowed at `movedAt`
        uint256 highestWad; // the highest rate that counted when somebody looked
        uint256 growthWadPerDay;
        uint256 movedAt; // [s]
    }

    /// What stands behind the holdings of one asset.
    struct ReserveView {
        address asset;
        uint256 owedAssets; // sum of all holdings [assets]
        uint256 heldAssets; // balance of the vault; 0 where the token does not say it [assets]
        bool isDelisted; // on its way out
    }

    /// Everything about one pool, as the vault sees it.
    struct PoolView {
        address pool;
        PoolId id;
        uint256 assetId;
        address asset;
        uint256 factorPpm;
        uint256 shareUnit;
        bool borrowPaused;
    }

    /// Everything about one pair.
    struct PairView {
        bool isListed;
        uint256 initialPpm; // in force now
        uint256 maintenancePpm; // in force now
        uint256 initialTargetPpm;
        uint256 maintenanceTargetPpm;
        uint256 initialFloorPpm;
        uint256 initialCapPpm;
        uint256 maintenanceFloorPpm;
        uint256 maintenanceCapPpm;
        uint256 depthValue; // [value]
        uint256 maxBonusBps;
    }

    /// @notice Health of many accounts.
    /// @param accounts Their ids; any number that the gas allows.
    /// @return rows One for each, in the same order.
    function healthOf(AccountId[] calldata accounts) external view returns (HealthRow[] memory rows);

    /// @notice Everything about one account.
    /// @param account Its id; one that was never used is empty.
    /// @return Health, lines of the snapshot, and the call.
    function accountOf(AccountId account) external view returns (AccountView memory);

    /// @notice Amount of one collateral of an account.
    /// @param account The account.
    /// @param asset The collateral; 0 is returned for one that is not listed.
    /// @return assets How much, below 2^96 [assets]
    function holdingOf(AccountId account, address asset) external view returns (uint256 assets);

    /// @notice Debt of an account to one pool, accrued to now.
    /// @param account The account.
    /// @param pool The pool; 0 is returned for one that is not listed.
    /// @return shares Below 2^72 [debt shares]
    /// @return assets What repays it all, rounded up [assets]
    function debtOf(AccountId account, PoolId pool) external view returns (uint256 shares, uint256 assets);

    /// @notice Rights and expiry of an operator, also after the expiry; zeros after a lockdown.
    /// @param account The account.
    /// @param operator The operator.
    /// @return rights Sum of DEPOSIT 1, WITHDRAW 2, BORROW 4, SEND 8, REUSE 16.
    /// @return expiresAt Time from which they are void; 0 when there are none.
    function operatorOf(AccountId account, address operator) external view returns (uint256 rights, uint256 expiresAt);

    /// @notice All assets, by id.
    /// @return At most 24.
    function assets() external view returns (AssetView[] memory);

    /// @notice All pools, by id.
    /// @return At most 8.
    function pools() external view returns (PoolView[] memory);

    /// @notice One pair.
    /// @param asset The collateral.
    /// @param pool The pool.
    /// @return All zero for a pair that is not listed: its haircut is 100 %.
    function pairOf(address asset, PoolId pool) external view returns (PairView memory);

    /// @notice What was measured of an asset.
    /// @param asset A listed asset.
    function measureOf(address asset) external view returns (MeasureView memory);

    /// @notice What was measured of a pair on common observations.
    /// @param collateral A listed asset.
    /// @param obligation Another one.
    function pairMeasureOf(address collateral, address obligation) external view returns (PairMeasureView memory);

    /// @notice Recomputes the targets of a measured pair and shows the steps; zeros when it is not measured.
    /// @param asset A collateral.
    /// @param pool A pool.
    function haircutOf(address asset, PoolId pool) external view returns (HaircutView memory);

    /// @notice The tier of an owner: what all accounts of the owner need beyond the initial margin of others.
    /// @param owner Any address.
    /// @return surchargeBps In force now [bps of the initial margin]
    /// @return raisedAt When it was last raised; 0 for never [s]
    /// @return defaults How often it was raised.
    function tierOf(address owner) external view returns (uint256 surchargeBps, uint256 raisedAt, uint256 defaults);

    /// @notice How tiers rise and fall.
    /// @return As they were set.
    function tierTerms() external view returns (TierTerms memory);

    /// @notice Parameters of calls and liquidations.
    /// @return As they were set.
    function riskParameters() external view returns (RiskParameters memory);

    /// @notice What the vault owes to all accounts of one asset.
    /// @param asset A token, listed or not.
    /// @return assets Sum of all holdings [assets]
    function owed(address asset) external view returns (uint256 assets);

    /// @notice What the vault holds of one asset: never less than it owes, for a token that behaves; more by what was
    /// sent to it and is owed to nobody.
    /// @param asset A token, listed or not.
    /// @return assets Its balance [assets]
    function held(address asset) external view returns (uint256 assets);

    /// @notice Both, of all assets, by id; also when one of the tokens does not answer.
    /// @return At most 24.
    function reserves() external view returns (ReserveView[] memory);

    /// @notice What the vault owes to all accounts, and what it holds, of one asset.
    /// @param asset A token, listed or not.
    /// @return owedAssets Sum of all holdings [assets]
    /// @return heldAssets Balance of the vault, never below it for a token that behaves [assets]
    function reservesOf(address asset) external view returns (uint256 owedAssets, uint256 heldAssets);

    /// @notice Block of the lens room, a few blocks before the vault: where followers may start.
    /// @return Number of the block.
    function deployedAtBlock() external view returns (uint256);
}
