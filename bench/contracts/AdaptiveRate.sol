// SPDX-License-Identifier: MIT
pragma solidity ^0.8.10;

import {IIrm} from "@morpho-org/morpho-blue/src/interfaces/IIrm.sol";
import {Id, Market, MarketParams} from "@morpho-org/morpho-blue/src/interfaces/IMorpho.sol";
import {MarketParamsLib} from "@morpho-org/morpho-blue/src/libraries/MarketParamsLib.sol";

/// An interest model that does what the one of Morpho's live markets does at each accrual: a rate of the market is
/// read, moved by the exponential of the distance from the target utilisation over the time passed, stored and emitted;
/// the average over that time is charged. Morpho's own model is not on the npm registry.
contract AdaptiveRate is IIrm {
    using MarketParamsLib for MarketParams;

    event RateMoved(Id indexed id, uint256 averagePerSecondWad, uint256 ratePerSecondWad);

    int256 private constant WAD = 1e18;
    int256 private constant TARGET_WAD = 0.9e18;
    int256 private constant STEEPNESS_WAD = 4e18;
    int256 private constant SPEED_PER_SECOND_WAD = 50e18 / int256(365 days);
    int256 private constant FIRST_PER_SECOND_WAD = 0.04e18 / int256(365 days);
    int256 private constant LEAST_PER_SECOND_WAD = 0.001e18 / int256(365 days);
    int256 private constant MOST_PER_SECOND_WAD = 2e18 / int256(365 days);
    int256 private constant LN_2_WAD = 0.693147180559945309e18;

    mapping(Id id => int256 ratePerSecondWad) private rates;

    function borrowRate(MarketParams memory params, Market memory market) external returns (uint256) {
        Id id = params.id();
        (int256 average, int256 end) = _ratesOf(id, market);
        rates[id] = end;
        emit RateMoved(id, uint256(average), uint256(end));
        return uint256(average);
    }

    function borrowRateView(MarketParams memory params, Market memory market) external view returns (uint256) {
        (int256 average, ) = _ratesOf(params.id(), market);
        return uint256(average);
    }

    function _ratesOf(Id id, Market memory market) private view returns (int256 average, int256 end) {
        int256 supplied = int256(uint256(market.totalSupplyAssets));
        int256 used = supplied == 0 ? int256(0) : (int256(uint256(market.totalBorrowAssets)) * WAD) / supplied;
        int256 distance = ((used - TARGET_WAD) * WAD) / (used > TARGET_WAD ? WAD - TARGET_WAD : TARGET_WAD);
        int256 start = rates[id];
        if (start == 0) return (_curve(FIRST_PER_SECOND_WAD, distance), FIRST_PER_SECOND_WAD);
        int256 growth = ((SPEED_PER_SECOND_WAD * distance) / WAD) * int256(block.timestamp - market.lastUpdate);
        end = _moved(start, growth);
        // the trapezoid rule with one point between
        average = _curve((start + end + 2 * _moved(start, growth / 2)) / 4, distance);
    }

    function _curve(int256 rate, int256 distance) private pure returns (int256) {
        int256 slope = distance < 0 ? WAD - (WAD * WAD) / STEEPNESS_WAD : STEEPNESS_WAD - WAD;
        return (((slope * distance) / WAD + WAD) * rate) / WAD;
    }

    function _moved(int256 rate, int256 growth) private pure returns (int256) {
        int256 moved = (rate * _exp(growth)) / WAD;
        if (moved < LEAST_PER_SECOND_WAD) return LEAST_PER_SECOND_WAD;
        return moved > MOST_PER_SECOND_WAD ? MOST_PER_SECOND_WAD : moved;
    }

    /// e^x to the second order about the nearest power of two.
    function _exp(int256 x) private pure returns (int256) {
        // safe: |x| < 1e20, a rate moves by less than e^100 between two visits
        unchecked {
            int256 half = x < 0 ? -LN_2_WAD / 2 : LN_2_WAD / 2;
            int256 powers = (x + half) / LN_2_WAD;
            int256 rest = x - powers * LN_2_WAD;
            int256 near = WAD + rest + (rest * rest) / WAD / 2;
            return powers >= 0 ? near << uint256(powers) : near >> uint256(-powers);
        }
    }
}
