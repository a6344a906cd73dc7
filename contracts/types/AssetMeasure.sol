// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CompactFloat} from "../libraries/CompactFloat.sol";

/// How far the rounds of a feed were read, and the variance found, in one slot:
/// variance 40 [compact wad] | observed at 40 [s] | round 80 | answer 88 | id of the asset 8. 0 before it was started.
type AssetMeasure is uint256;

using AssetMeasureLib for AssetMeasure global;

/// Reads and makes an `AssetMeasure`.
library AssetMeasureLib {
    uint256 internal constant VARIANCE_MANTISSA_BITS = 33;

    function isStarted(AssetMeasure word) internal pure returns (bool) {
        return AssetMeasure.unwrap(word) != 0;
    }

    /// Annualised, rounded up [wad].
    function varianceWad(AssetMeasure word) internal pure returns (uint256) {
        return CompactFloat.decode(uint40(AssetMeasure.unwrap(word)), VARIANCE_MANTISSA_BITS);
    }

    /// Time of the last round read [s].
    function observedAt(AssetMeasure word) internal pure returns (uint256) {
        return uint40(AssetMeasure.unwrap(word) >> 40);
    }

    function round(AssetMeasure word) internal pure returns (uint256) {
        return uint80(AssetMeasure.unwrap(word) >> 80);
    }

    function answer(AssetMeasure word) internal pure returns (uint256) {
        return uint88(AssetMeasure.unwrap(word) >> 160);
    }

    /// Id of the asset in the registry, so that a refresh need not look it up.
    function id(AssetMeasure word) internal pure returns (uint256) {
        return AssetMeasure.unwrap(word) >> 248;
    }

    /// `variance` < 2^128, `newObservedAt` < 2^40, `lastRound` < 2^80, `lastAnswer` < 2^88.
    function toAssetMeasure(
        uint256 variance,
        uint256 newObservedAt,
        uint256 lastRound,
        uint256 lastAnswer,
        uint256 assetId
    ) internal pure returns (AssetMeasure) {
        uint256 code = CompactFloat.encodeUp(variance, VARIANCE_MANTISSA_BITS);
        uint256 low = code | (newObservedAt << 40) | (lastRound << 80);
        return AssetMeasure.wrap(low | (lastAnswer << 160) | (assetId << 248));
    }
}
