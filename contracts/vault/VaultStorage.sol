// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {CreditTier, TierTerms} from "../types/CreditTier.sol";
import {Episode} from "../types/Episode.sol";
import {Head} from "../types/Head.sol";
import {JumpWindow} from "../types/JumpWindow.sol";
import {Level} from "../types/Level.sol";
import {MarginCall} from "../types/MarginCall.sol";
import {AssetMeasure} from "../types/AssetMeasure.sol";
import {OperatorGrant} from "../types/OperatorGrant.sol";
import {PairMeasure} from "../types/PairMeasure.sol";
import {PairModel} from "../types/PairModel.sol";
import {PairBounds, PairRisk} from "../types/PairRisk.sol";
import {PoolConfig} from "../types/PoolConfig.sol";
import {PriceFeed, SecondFeed} from "../types/PriceFeed.sol";
import {RateLeg} from "../types/RateLeg.sol";
import {RiskParameters} from "../types/RiskParameters.sol";
import {RecallQueue, RecallTicket, Sleeve} from "../types/Sleeve.sol";

/// The vault's storage, and nothing else. The vault is one contract in several rooms of code (`CollateralVault`,
/// `VaultLiquidation`, `VaultUpkeep`, `VaultWriteOff`, `VaultCustody`, `VaultReuse`, `VaultConfigurator`, `VaultLens`);
/// all rooms inherit this layout, so each reads and writes the same slots.
abstract contract VaultStorage is AccessManaged, ReentrancyGuardTransient {
    /// Assets that the registry can hold: the width of an account's collateral bits.
    uint256 internal constant MAX_ASSETS = 24;
    /// Pools that the registry can hold: the width of an account's debt bits.
    uint256 internal constant MAX_POOLS = 8;
    /// Collaterals that one account can hold: bounds the gas of a judgement.
    uint256 internal constant MAX_COLLATERALS = 8;
    /// Debts that one account can owe: bounds the gas of a judgement.
    uint256 internal constant MAX_DEBTS = 4;

    mapping(AccountId account => Head head) internal heads;
    // amount in the low 96 bits [assets], address of the asset above: the judge needs both
    mapping(AccountId account => mapping(uint256 assetId => uint256 word)) internal otherHoldings;
    mapping(AccountId account => mapping(uint256 poolId => uint256 shares)) internal otherDebts; // [debt shares]
    mapping(AccountId account => MarginCall call) internal calls;
    mapping(AccountId account => mapping(address operator => OperatorGrant grant)) internal operators;

    mapping(address asset => AssetState state) internal assetStates;
    mapping(uint256 assetId => address asset) internal assetOf;
    mapping(uint256 assetId => PriceFeed feed) internal feeds;
    mapping(uint256 assetId => SecondFeed feed) internal secondFeeds;
    mapping(uint256 assetId => mapping(uint256 poolId => PairRisk pair)) internal pairs;
    mapping(uint256 assetId => mapping(uint256 poolId => PairBounds bounds)) internal pairBounds;
    mapping(uint256 poolId => PoolConfig config) internal poolConfigs;
    RiskParameters internal parameters;
    uint256 internal assetCount;
    uint256 internal poolCount;

    // read only while an episode runs
    mapping(AccountId account => Episode episode) internal episodes;
    // what liquidations took lately of a large holding
    mapping(AccountId account => mapping(uint256 assetId => Level level)) internal accountLevels;
    // what pools were told of an insolvent account's loss to come [assets]
    mapping(AccountId account => mapping(uint256 poolId => uint256 lossAssets)) internal flaggedLosses;
    // read only when the asset's flag says so [s]
    mapping(uint256 assetId => uint256 atTime) internal seizableAt;
    // read only when the asset's feed says so
    mapping(uint256 assetId => RateLeg leg) internal rateLegs;

    // read and written by refreshes only
    mapping(address asset => AssetMeasure measure) internal assetMeasures;
    mapping(uint256 assetId => mapping(uint256 obligationId => PairMeasure measure)) internal pairMeasures;
    mapping(uint256 assetId => mapping(uint256 poolId => PairModel model)) internal pairModels;
    // read where a price of a measured asset moved far
    mapping(uint256 assetId => JumpWindow window) internal jumps;

    // of all accounts of one owner
    mapping(address owner => CreditTier tier) internal tiers;
    TierTerms internal termsOfTiers;

    // read for operators and signed consents only: how often the account was locked down
    mapping(AccountId account => uint256 epoch) internal epochs;
    // read for limited operators only; the key is a token below the number of the grant [assets]
    mapping(AccountId account => mapping(address operator => mapping(uint256 key => uint256 assets)))
        internal allowances;
    // next counter of signed consents
    mapping(AccountId account => mapping(uint256 namespace => uint256 next)) internal consentCounters;

    // read only when the asset's flag says so
    mapping(address asset => address distributor) internal rewardDistributors;
    // for which asset's holders a token is paid to the vault; zero for none
    mapping(address token => address asset) internal harvestAssets;

    // reuse
    mapping(address sleeve => Sleeve terms) internal sleeves;
    mapping(address sleeve => RecallQueue queue) internal recallQueues;
    mapping(address sleeve => mapping(uint256 number => RecallTicket ticket)) internal recallTickets;
    mapping(AccountId account => mapping(address sleeve => uint256 number)) internal recallTicketOf; // 0 for none

    constructor(address authority) AccessManaged(authority) {}
}
