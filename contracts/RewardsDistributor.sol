// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICollateralVault} from "./interfaces/ICollateralVault.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {MathLib} from "./libraries/MathLib.sol";
import {RewardIndex} from "./libraries/RewardIndex.sol";
import {AccountId} from "./types/AccountId.sol";

/// Rewards of the collateral in one vault.
///
/// 1. A stream emits its lump evenly over time in which somebody holds the asset and the stream is not stopped. What is
///    emitted moves the index; an account earns its holding times the movement. Both round down.
/// 2. The vault tells what an account held before every change. Before the first time an account is at index 0, where
///    the stream began: a stream begins when the vault tells of the asset already.
/// 3. `unassignedAssets` is what was emitted and is in no account's book: nobody earns more than it, whatever the vault
///    says. So Σ accrued + Σ claimed ≤ emitted ≤ funded.
/// 4. `owed` counts all streams of a token together: unemitted, unassigned and accrued. The balance covers it.
/// 5. Once the vault tells another distributor of an asset, the indexes of its streams here stand still.
contract RewardsDistributor is AccessManaged, ReentrancyGuardTransient, IRewardsDistributor {
    using SafeERC20 for IERC20;

    uint256 private constant MAX_STREAMS = 4;
    uint256 private constant FIRST_PERIOD_FOR = 7 days;
    uint256 private constant LOWEST_PERIOD_FOR = 1 days;
    uint256 private constant HIGHEST_PERIOD_FOR = 90 days;
    uint256 private constant FUNDED_MOST = type(uint104).max;

    /// One token for one asset.
    struct Stream {
        uint216 index; // slot 0; times 2^112
        uint40 updatedAt; // until when `ranFor` is counted, while something is left to run [s]
        uint104 lumpAssets; // slot 1; what runs over the span [assets]
        uint32 spanFor; // [s]
        uint32 ranFor; // of the span [s]
        uint32 periodFor; // [s]
        bool isStopped;
        uint104 fundedAssets; // slot 2; [assets]
        uint104 unassignedAssets; // [assets]
        address token; // slot 3
    }

    /// What one account earned from one stream.
    struct Earned {
        uint256 since; // the index until which it is counted
        uint256 assets; // earned and not paid [assets]
    }

    /// @inheritdoc IRewardsDistributor
    address public immutable vault;

    mapping(address asset => Stream[] streams) private streams;
    // 1 above the place in the list, 0 for none
    mapping(address asset => mapping(address token => uint256 number)) private numbers;
    mapping(AccountId account => mapping(address asset => mapping(uint256 place => Earned earned))) private book;
    mapping(address token => uint256 assets) private owed; // [assets]
    /// @inheritdoc IRewardsDistributor
    mapping(AccountId account => bool compounds) public isCompounding;

    constructor(address servedVault, address authority) AccessManaged(authority) {
        vault = servedVault;
    }

    // ---- the vault ----

    /// @inheritdoc IRewardsDistributor
    function checkpoint(AccountId account, address asset, uint256 holdingAssets, uint256 totalAssets) external {
        require(msg.sender == vault, CallerNotTheVault(msg.sender));
        Stream[] storage list = streams[asset];
        uint256 count = list.length;
        for (uint256 place; place < count; ++place) {
            _accrue(list[place], book[account][asset][place], holdingAssets, totalAssets);
        }
    }

    function _accrue(Stream storage stream, Earned storage earned, uint256 holdingAssets, uint256 totalAssets) private {
        _release(stream, totalAssets);
        (uint256 index, uint256 since) = (stream.index, earned.since);
        if (index == since) return;
        earned.since = index;
        uint256 assets = _earnedSince(stream, index, since, holdingAssets);
        if (assets == 0) return;
        // safe: at most what is unassigned; and all that is ever earned is below 2^104
        unchecked {
            stream.unassignedAssets -= uint104(assets);
            earned.assets += assets;
        }
    }

    function _earnedSince(
        Stream storage stream,
        uint256 index,
        uint256 since,
        uint256 holdingAssets
    ) private view returns (uint256) {
        if (holdingAssets == 0) return 0;
        return MathLib.min(RewardIndex.accruedDown(holdingAssets, index, since), stream.unassignedAssets);
    }

    /// emits what the time since the last call asks for
    function _release(Stream storage stream, uint256 totalAssets) private {
        if (stream.ranFor == stream.spanFor || stream.isStopped || stream.updatedAt == block.timestamp) return;
        (uint256 index, uint256 ranFor, uint256 emittedAssets) = _releaseOf(stream, totalAssets);
        stream.updatedAt = uint40(block.timestamp);
        if (emittedAssets != 0) {
            // safe: Σ emitted < 2^104, so the index stays below 2^216
            stream.index = uint216(index);
            stream.unassignedAssets += uint104(emittedAssets);
        }
        // safe: at most the span
        stream.ranFor = uint32(ranFor);
    }

    /// index and time of a stream now, and what was emitted since; no time runs while nobody holds the asset
    function _releaseOf(
        Stream storage stream,
        uint256 totalAssets
    ) private view returns (uint256 index, uint256 ranFor, uint256 emittedAssets) {
        (index, ranFor) = (stream.index, stream.ranFor);
        uint256 spanFor = stream.spanFor;
        if (totalAssets == 0 || stream.isStopped || ranFor == spanFor) return (index, ranFor, 0);
        uint256 lumpAssets = stream.lumpAssets;
        uint256 earlierAssets = RewardIndex.releasedDown(lumpAssets, ranFor, spanFor);
        ranFor = MathLib.min(ranFor + MathLib.zeroFloorSub(block.timestamp, stream.updatedAt), spanFor);
        emittedAssets = RewardIndex.releasedDown(lumpAssets, ranFor, spanFor) - earlierAssets;
        index = RewardIndex.indexAfterDown(index, emittedAssets, totalAssets);
    }

    // ---- everybody ----

    /// @inheritdoc IRewardsDistributor
    function fund(address asset, address token, uint256 assets) external nonReentrant {
        require(assets != 0, ZeroRewards(asset, token));
        Stream storage stream = _streamOf(asset, token);
        _release(stream, _requireServed(asset));
        uint256 roomAssets = FUNDED_MOST - stream.fundedAssets;
        require(assets <= roomAssets, FundingTooLarge(asset, token, assets, roomAssets));
        (uint256 unemittedAssets, uint256 leftFor) = _left(stream);
        leftFor = RewardIndex.spanAfter(unemittedAssets, leftFor, assets, stream.periodFor);
        unemittedAssets += assets;
        _setLump(stream, unemittedAssets, leftFor);
        stream.fundedAssets += uint104(assets);
        owed[token] += assets;
        emit RewardsFunded(asset, token, msg.sender, assets, unemittedAssets, leftFor);
        IERC20(token).safeTransferFrom(msg.sender, address(this), assets);
        _requireHeld(token);
    }

    /// what has not been emitted, and how long it runs
    function _left(Stream storage stream) private view returns (uint256 unemittedAssets, uint256 leftFor) {
        (uint256 lumpAssets, uint256 ranFor, uint256 spanFor) = (stream.lumpAssets, stream.ranFor, stream.spanFor);
        return (lumpAssets - RewardIndex.releasedDown(lumpAssets, ranFor, spanFor), spanFor - ranFor);
    }

    /// safe: a lump is at most what was funded, a span at most the longest period
    function _setLump(Stream storage stream, uint256 lumpAssets, uint256 spanFor) private {
        (stream.lumpAssets, stream.spanFor, stream.ranFor) = (uint104(lumpAssets), uint32(spanFor), 0);
        stream.updatedAt = uint40(block.timestamp);
    }

    /// the balance covers what all streams of the token owe
    function _requireHeld(address token) private view {
        uint256 held = IERC20(token).balanceOf(address(this));
        require(held >= owed[token], RewardShortfall(token, held, owed[token]));
    }

    /// @inheritdoc IRewardsDistributor
    function claim(
        AccountId account,
        address asset,
        address[] calldata tokens
    ) external nonReentrant returns (uint256[] memory claimedAssets) {
        claimedAssets = new uint256[](tokens.length);
        (bool isServed, uint256 totalAssets) = _market(asset);
        // fails in the middle of a call of the vault
        uint256 holdingAssets = ICollateralVault(vault).holdingOf(account, asset);
        for (uint256 i; i < tokens.length; ++i) {
            Stream storage stream = _streamOf(asset, tokens[i]);
            Earned storage earned = _earnedOf(account, asset, tokens[i]);
            if (isServed) _accrue(stream, earned, holdingAssets, totalAssets);
            uint256 dueAssets = earned.assets;
            if (dueAssets == 0) continue;
            try this.payOut(account, asset, tokens[i]) returns (uint256 paidAssets) {
                claimedAssets[i] = paidAssets;
            } catch {
                emit ClaimSkipped(account, asset, tokens[i], dueAssets);
            }
        }
    }

    /// @inheritdoc IRewardsDistributor
    function payOut(AccountId account, address asset, address token) external returns (uint256 assets) {
        require(msg.sender == address(this), CallerNotSelf(msg.sender));
        Earned storage earned = _earnedOf(account, asset, token);
        assets = earned.assets;
        earned.assets = 0;
        owed[token] -= assets;
        // into a slot that the account has: the vault takes no other deposit from a stranger
        bool compounds = isCompounding[account] && ICollateralVault(vault).holdingOf(account, token) != 0;
        address receiver = compounds ? vault : account.ownerOf();
        emit RewardClaimed(account, asset, token, receiver, assets);
        if (compounds) {
            IERC20(token).forceApprove(vault, assets);
            ICollateralVault(vault).deposit(account, token, assets);
        } else {
            IERC20(token).safeTransfer(receiver, assets);
        }
        _requireHeld(token);
    }

    /// @inheritdoc IRewardsDistributor
    function setCompounding(AccountId account, bool compounds) external nonReentrant {
        require(account.ownerOf() == msg.sender, CallerNotAccountOwner(account, msg.sender));
        emit CompoundingSet(account, isCompounding[account], compounds);
        isCompounding[account] = compounds;
    }

    // ---- governance ----

    /// @inheritdoc IRewardsDistributor
    function addStream(address asset, address token) external restricted nonReentrant {
        _requireServed(asset);
        require(token != address(0) && numbers[asset][token] == 0, StreamInvalid(asset, token));
        Stream storage stream = streams[asset].push();
        uint256 number = streams[asset].length;
        require(number <= MAX_STREAMS, TooManyStreams(asset, MAX_STREAMS));
        numbers[asset][token] = number;
        (stream.token, stream.periodFor) = (token, uint32(FIRST_PERIOD_FOR));
        emit StreamAdded(asset, token, FIRST_PERIOD_FOR);
    }

    /// @inheritdoc IRewardsDistributor
    function setPeriod(address asset, address token, uint256 periodFor) external restricted nonReentrant {
        Stream storage stream = _streamOf(asset, token);
        require(
            periodFor >= LOWEST_PERIOD_FOR && periodFor <= HIGHEST_PERIOD_FOR,
            RewardPeriodOutOfBounds(periodFor, LOWEST_PERIOD_FOR, HIGHEST_PERIOD_FOR)
        );
        emit RewardPeriodSet(asset, token, stream.periodFor, periodFor);
        stream.periodFor = uint32(periodFor);
    }

    /// @inheritdoc IRewardsDistributor
    function stopStream(address asset, address token) external restricted nonReentrant {
        Stream storage stream = _streamOf(asset, token);
        (, uint256 totalAssets) = _market(asset);
        _release(stream, totalAssets);
        emit StreamStopSet(asset, token, stream.isStopped, true);
        stream.isStopped = true;
    }

    /// @inheritdoc IRewardsDistributor
    function resumeStream(address asset, address token) external restricted nonReentrant {
        Stream storage stream = _streamOf(asset, token);
        require(stream.isStopped, StreamRunning(asset, token));
        (stream.isStopped, stream.updatedAt) = (false, uint40(block.timestamp));
        emit StreamStopSet(asset, token, true, false);
    }

    /// @inheritdoc IRewardsDistributor
    function returnUnemitted(
        address asset,
        address token,
        address receiver
    ) external restricted nonReentrant returns (uint256 assets) {
        require(receiver != address(0) && receiver != address(this), ReturnReceiverInvalid(receiver));
        Stream storage stream = _streamOf(asset, token);
        require(stream.isStopped, StreamRunning(asset, token));
        (assets, ) = _left(stream);
        require(assets != 0, NothingToReturn(asset, token));
        _setLump(stream, 0, 0);
        // safe: part of what was funded
        stream.fundedAssets -= uint104(assets);
        owed[token] -= assets;
        emit UnemittedReturned(asset, token, receiver, assets);
        IERC20(token).safeTransfer(receiver, assets);
        _requireHeld(token);
    }

    // ---- views ----

    /// @inheritdoc IRewardsDistributor
    function streamsOf(address asset) external view returns (StreamView[] memory rows) {
        (, uint256 totalAssets) = _market(asset);
        rows = new StreamView[](streams[asset].length);
        for (uint256 place; place < rows.length; ++place) {
            Stream storage stream = streams[asset][place];
            StreamView memory row = rows[place];
            (uint256 index, uint256 ranFor, uint256 emittedAssets) = _releaseOf(stream, totalAssets);
            (row.token, row.index) = (stream.token, index);
            (row.periodFor, row.isStopped) = (stream.periodFor, stream.isStopped);
            row.leftFor = stream.spanFor - ranFor;
            row.unemittedAssets =
                stream.lumpAssets - RewardIndex.releasedDown(stream.lumpAssets, ranFor, stream.spanFor);
            (row.fundedAssets, row.unassignedAssets) = (stream.fundedAssets, stream.unassignedAssets + emittedAssets);
        }
    }

    /// @inheritdoc IRewardsDistributor
    function claimable(AccountId account, address asset, address token) external view returns (uint256) {
        Stream storage stream = _streamOf(asset, token);
        Earned storage earned = _earnedOf(account, asset, token);
        (bool isServed, uint256 totalAssets) = _market(asset);
        if (!isServed) return earned.assets;
        (uint256 index, , uint256 emittedAssets) = _releaseOf(stream, totalAssets);
        uint256 holdingAssets = ICollateralVault(vault).holdingOf(account, asset);
        uint256 assets = RewardIndex.accruedDown(holdingAssets, index, earned.since);
        return earned.assets + MathLib.min(assets, stream.unassignedAssets + emittedAssets);
    }

    /// @inheritdoc IRewardsDistributor
    function reservesOf(address token) external view returns (uint256 owedAssets, uint256 heldAssets) {
        return (owed[token], IERC20(token).balanceOf(address(this)));
    }

    // ---- what is asked of the vault and of the lists ----

    /// whether the vault tells this distributor of the asset, and what all accounts hold; 0 when it does not
    function _market(address asset) private view returns (bool isServed, uint256 totalAssets) {
        address servedBy;
        (servedBy, totalAssets) = ICollateralVault(vault).rewardsOf(asset);
        isServed = servedBy == address(this);
        if (!isServed) totalAssets = 0;
    }

    function _requireServed(address asset) private view returns (uint256) {
        (address servedBy, uint256 totalAssets) = ICollateralVault(vault).rewardsOf(asset);
        require(servedBy == address(this), AssetNotServed(asset, servedBy));
        return totalAssets;
    }

    function _streamOf(address asset, address token) private view returns (Stream storage) {
        uint256 number = numbers[asset][token];
        require(number != 0, StreamNotFound(asset, token));
        return streams[asset][number - 1];
    }

    /// of a stream that was found
    function _earnedOf(AccountId account, address asset, address token) private view returns (Earned storage) {
        return book[account][asset][numbers[asset][token] - 1];
    }
}
