// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InterestModel} from "./InterestModel.sol";
import {MathLib} from "./MathLib.sol";

/// Debt is kept in shares: assets = shares · unit · index / INDEX_ONE. `unit` is 10^max(0, decimals − 12), so that
/// shares of an 18-decimal asset fit beside the collateral in one word; the rounding it costs is below 1e-12 of a
/// token.
library DebtShares {
    /// shares that owe at least `assets`, rounded up (against the borrower)
    function toSharesUp(uint256 assets, uint256 index, uint256 unit) internal pure returns (uint256) {
        return MathLib.mulDivUp(assets, InterestModel.INDEX_ONE, index * unit);
    }

    /// shares that `assets` pay off, rounded down (against the payer)
    function toSharesDown(uint256 assets, uint256 index, uint256 unit) internal pure returns (uint256) {
        return MathLib.mulDivDown(assets, InterestModel.INDEX_ONE, index * unit);
    }

    /// what `shares` owe, rounded up (against the borrower)
    function toAssetsUp(uint256 shares, uint256 index, uint256 unit) internal pure returns (uint256) {
        return MathLib.mulDivUp(shares, index * unit, InterestModel.INDEX_ONE);
    }

    /// what `shares` are worth to the lenders, rounded down
    function toAssetsDown(uint256 shares, uint256 index, uint256 unit) internal pure returns (uint256) {
        return MathLib.mulDivDown(shares, index * unit, InterestModel.INDEX_ONE);
    }
}
