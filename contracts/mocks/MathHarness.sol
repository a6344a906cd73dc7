// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CallClock} from "../libraries/CallClock.sol";
import {CompactFloat} from "../libraries/CompactFloat.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {HaircutPath} from "../libraries/HaircutPath.sol";
import {InterestModel} from "../libraries/InterestModel.sol";
import {Jump} from "../libraries/Jump.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {RateCap} from "../libraries/RateCap.sol";
import {RewardIndex} from "../libraries/RewardIndex.sol";
import {SizeBrackets} from "../libraries/SizeBrackets.sol";
import {SlowAverage} from "../libraries/SlowAverage.sol";
import {Throttle} from "../libraries/Throttle.sol";
import {TierPath} from "../libraries/TierPath.sol";
import {Waterfall} from "../libraries/Waterfall.sol";
import {AccountId, toAccountId as accountIdOf} from "../types/AccountId.sol";
import {LevelLib} from "../types/Level.sol";
import {CallBatch} from "./CallBatch.sol";

/// The small libraries with a door: each function as it is, callable from outside.
contract MathHarness is CallBatch {
    // ---- MathLib ----

    function mulDivDown(uint256 x, uint256 y, uint256 d) external pure returns (uint256) {
        return MathLib.mulDivDown(x, y, d);
    }

    function mulDivUp(uint256 x, uint256 y, uint256 d) external pure returns (uint256) {
        return MathLib.mulDivUp(x, y, d);
    }

    function min(uint256 x, uint256 y) external pure returns (uint256) {
        return MathLib.min(x, y);
    }

    function max(uint256 x, uint256 y) external pure returns (uint256) {
        return MathLib.max(x, y);
    }

    function zeroFloorSub(uint256 x, uint256 y) external pure returns (uint256) {
        return MathLib.zeroFloorSub(x, y);
    }

    function clamp(uint256 x, uint256 low, uint256 high) external pure returns (uint256) {
        return MathLib.clamp(x, low, high);
    }

    function productAtLeast(uint256 a, uint256 b, uint256 c, uint256 d) external pure returns (bool) {
        return MathLib.productAtLeast(a, b, c, d);
    }

    // ---- CompactFloat ----

    function encodeDown(uint256 number, uint256 mantissaBits) external pure returns (uint256) {
        return CompactFloat.encodeDown(number, mantissaBits);
    }

    function encodeUp(uint256 number, uint256 mantissaBits) external pure returns (uint256) {
        return CompactFloat.encodeUp(number, mantissaBits);
    }

    function decode(uint256 code, uint256 mantissaBits) external pure returns (uint256) {
        return CompactFloat.decode(code, mantissaBits);
    }

    // ---- SizeBrackets ----

    function creditDown(uint256 value, uint256 depthValue, uint256 haircutPpm) external pure returns (uint256) {
        return SizeBrackets.creditDown(value, depthValue, haircutPpm);
    }

    function shareOfCreditDown(
        uint256 value,
        uint256 totalValue,
        uint256 depthValue,
        uint256 haircutPpm
    ) external pure returns (uint256) {
        return SizeBrackets.shareOfCreditDown(value, totalValue, depthValue, haircutPpm);
    }

    function weightWad(uint256 segment, uint256 haircutPpm) external pure returns (uint256) {
        return SizeBrackets.weightWad(segment, haircutPpm);
    }

    function topSegment(uint256 value, uint256 depthValue) external pure returns (uint256) {
        return SizeBrackets.topSegment(value, depthValue);
    }

    function segmentStart(uint256 segment, uint256 depthValue) external pure returns (uint256) {
        return SizeBrackets.segmentStart(segment, depthValue);
    }

    // ---- HaircutPath ----

    function initialAfter(uint256 ppm, uint256 targetPpm, uint256 ticks) external pure returns (uint256) {
        return HaircutPath.initialAfter(ppm, targetPpm, ticks);
    }

    function maintenanceAfter(uint256 ppm, uint256 targetPpm, uint256 ticks) external pure returns (uint256) {
        return HaircutPath.maintenanceAfter(ppm, targetPpm, ticks);
    }

    function climbed(uint256 ppm, uint256 ticks) external pure returns (uint256) {
        return HaircutPath.climbed(ppm, ticks);
    }

    function ticksBetween(uint256 fromAt, uint256 nowAt) external pure returns (uint256) {
        return HaircutPath.ticksBetween(fromAt, nowAt);
    }

    // ---- SlowAverage ----

    function next(uint256 slow, uint256 spot, uint256 elapsedFor) external pure returns (uint256) {
        return SlowAverage.next(slow, spot, elapsedFor);
    }

    // ---- RewardIndex ----

    function releasedDown(uint256 lumpAssets, uint256 ranFor, uint256 spanFor) external pure returns (uint256) {
        return RewardIndex.releasedDown(lumpAssets, ranFor, spanFor);
    }

    function spanAfter(
        uint256 unemittedAssets,
        uint256 leftFor,
        uint256 lumpAssets,
        uint256 periodFor
    ) external pure returns (uint256) {
        return RewardIndex.spanAfter(unemittedAssets, leftFor, lumpAssets, periodFor);
    }

    function indexAfterDown(uint256 index, uint256 emittedAssets, uint256 totalAssets) external pure returns (uint256) {
        return RewardIndex.indexAfterDown(index, emittedAssets, totalAssets);
    }

    function accruedDown(uint256 holdingAssets, uint256 index, uint256 since) external pure returns (uint256) {
        return RewardIndex.accruedDown(holdingAssets, index, since);
    }

    // ---- RateCap ----

    function toWad(uint256 answer, uint256 decimals) external pure returns (uint256) {
        return RateCap.toWad(answer, decimals);
    }

    function growthDown(uint256 rateWad, uint256 growthPpm) external pure returns (uint256) {
        return RateCap.growthDown(rateWad, growthPpm);
    }

    function allowedDown(uint256 lineWad, uint256 growthWadPerDay, uint256 elapsedFor) external pure returns (uint256) {
        return RateCap.allowedDown(lineWad, growthWadPerDay, elapsedFor);
    }

    function lineAfter(
        uint256 allowedWad,
        uint256 highestWad,
        uint256 growthWadPerDay
    ) external pure returns (uint256) {
        return RateCap.lineAfter(allowedWad, highestWad, growthWadPerDay);
    }

    // ---- InterestModel ----

    function utilisationUp(uint256 cash, uint256 debt) external pure returns (uint256) {
        return InterestModel.utilisationUp(cash, debt);
    }

    function yearlyRateUp(uint256 utilisationWad, InterestModel.Curve calldata curve) external pure returns (uint256) {
        return InterestModel.yearlyRateUp(utilisationWad, curve);
    }

    function indexAfterUp(uint256 index, uint256 yearlyRateWad, uint256 elapsedFor) external pure returns (uint256) {
        return InterestModel.indexAfterUp(index, yearlyRateWad, elapsedFor);
    }

    // ---- DebtShares ----

    function toSharesUp(uint256 assets, uint256 index, uint256 unit) external pure returns (uint256) {
        return DebtShares.toSharesUp(assets, index, unit);
    }

    function toSharesDown(uint256 assets, uint256 index, uint256 unit) external pure returns (uint256) {
        return DebtShares.toSharesDown(assets, index, unit);
    }

    function toAssetsUp(uint256 shares, uint256 index, uint256 unit) external pure returns (uint256) {
        return DebtShares.toAssetsUp(shares, index, unit);
    }

    function toAssetsDown(uint256 shares, uint256 index, uint256 unit) external pure returns (uint256) {
        return DebtShares.toAssetsDown(shares, index, unit);
    }

    // ---- CallClock ----

    function cureFor(
        int256 usedWad,
        uint256 closeOutBps,
        uint256 cureMinFor,
        uint256 cureMaxFor
    ) external pure returns (uint256) {
        return CallClock.cureFor(usedWad, closeOutBps, cureMinFor, cureMaxFor);
    }

    function amountUp(uint256 requirement, uint256 coverInitial, uint256 unitValue) external pure returns (uint256) {
        return CallClock.amountUp(requirement, coverInitial, unitValue);
    }

    function leastAmount(uint256 minimumTransferValue, uint256 debtValue) external pure returns (uint256) {
        return CallClock.leastAmount(minimumTransferValue, debtValue);
    }

    function deadlineAfter(uint256 deadline, uint256 cureTimeFor, uint256 runsSinceAt) external pure returns (uint256) {
        return CallClock.deadlineAfter(deadline, cureTimeFor, runsSinceAt);
    }

    // ---- Throttle ----

    function limitDown(uint256 depthValue, uint256 shareBps, uint256 dustValue) external pure returns (uint256) {
        return Throttle.limitDown(depthValue, shareBps, dustValue);
    }

    function applies(uint256 holdingValue, uint256 depthValue, int256 usedWad) external pure returns (bool) {
        return Throttle.applies(holdingValue, depthValue, usedWad);
    }

    function levelAfter(uint256 levelValue, uint256 limitValue, uint256 elapsedFor) external pure returns (uint256) {
        return Throttle.levelAfter(levelValue, limitValue, elapsedFor);
    }

    function roomDown(
        uint256 levelValue,
        uint256 limitValue,
        uint256 ownLevelValue,
        uint256 ownLimitValue
    ) external pure returns (uint256) {
        return Throttle.roomDown(levelValue, limitValue, ownLevelValue, ownLimitValue);
    }

    function repaidDown(uint256 roomValue, uint256 premiumWad) external pure returns (uint256) {
        return Throttle.repaidDown(roomValue, premiumWad);
    }

    /// a level as it is kept
    function keptUp(uint256 levelValue) external pure returns (uint256) {
        return LevelLib.toLevel(levelValue, 0).value();
    }

    // ---- Waterfall ----

    function bear(uint256 loss, uint256 layer) external pure returns (uint256 borne, uint256 rest) {
        return Waterfall.bear(loss, layer);
    }

    function split(
        uint256 loss,
        uint256 feeAssets,
        uint256 fundAssets
    ) external pure returns (uint256 fromFees, uint256 fromFund, uint256 fromLenders) {
        return Waterfall.split(loss, feeAssets, fundAssets);
    }

    // ---- AccountId ----

    function toAccountId(address owner, uint96 tag) external pure returns (AccountId) {
        return accountIdOf(owner, tag);
    }

    function ownerOf(AccountId account) external pure returns (address) {
        return account.ownerOf();
    }

    function tagOf(AccountId account) external pure returns (uint96) {
        return account.tagOf();
    }

    // ---- TierPath ----

    function surchargeUp(
        uint256 raisedBps,
        uint256 mostBps,
        uint256 elapsedFor,
        uint256 decayFor
    ) external pure returns (uint256) {
        return TierPath.surchargeUp(raisedBps, mostBps, elapsedFor, decayFor);
    }

    function raised(uint256 surchargeBps, uint256 stepBps, uint256 mostBps) external pure returns (uint256) {
        return TierPath.raised(surchargeBps, stepBps, mostBps);
    }

    // ---- Jump ----

    function isJump(int256 returnWad, uint256 varianceWad, uint256 elapsedFor) external pure returns (bool) {
        return Jump.isJump(returnWad, varianceWad, elapsedFor);
    }

    function distanceWad(uint256 left, uint256 right) external pure returns (int256) {
        return Jump.distanceWad(left, right);
    }
}
