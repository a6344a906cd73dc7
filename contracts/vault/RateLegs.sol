// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IOracleRouter} from "../interfaces/IOracleRouter.sol";
import {IPriceUpkeep} from "../interfaces/IPriceUpkeep.sol";
import {IVaultConfigurator} from "../interfaces/IVaultConfigurator.sol";
import {FeedReader} from "../libraries/FeedReader.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {RateCap} from "../libraries/RateCap.sol";
import {RateLeg, RateLine, RateLineLib, RateSource, RateSourceLib} from "../types/RateLeg.sol";
import {ConfigurationChecks} from "./ConfigurationChecks.sol";
import {OracleRouter} from "./OracleRouter.sol";

/// Sets the exchange-rate legs of prices, and moves the lines above which a rate does not count.
abstract contract RateLegs is OracleRouter, ConfigurationChecks {
    /// Less would cap every real growth and is a unit mistaken; more doubles a rate in 200 days, and no honest one does
    /// [ppm per day].
    uint256 private constant MIN_GROWTH_PPM = 10;
    uint256 private constant MAX_GROWTH_PPM = 5_000;
    /// With fewer a rate would be too coarse a number.
    uint256 private constant MIN_RATE_DECIMALS = 6;

    /// without a provider there is no rate, and nothing may be said of one
    function _setRate(uint256 id, IVaultConfigurator.RateConfig calldata config) internal {
        if (config.provider == address(0)) {
            _requireWithin("growthPpm", config.growthPpm, 0, 0);
            delete rateLegs[id];
            return;
        }
        _requireWithin("growthPpm", config.growthPpm, MIN_GROWTH_PPM, MAX_GROWTH_PPM);
        _requireWithin("rateDecimals", config.decimals, MIN_RATE_DECIMALS, MAX_DECIMALS);
        uint256 shareDecimals;
        if (config.selector == IERC4626.convertToAssets.selector) {
            shareDecimals = _decimalsOf(config.provider);
            uint256 word = FeedReader.answerOf(config.provider, IERC4626.asset.selector, 0);
            uint256 found = _decimalsOf(address(uint160(word)));
            require(
                found == config.decimals,
                IVaultConfigurator.RateDecimalsInvalid(config.provider, config.decimals, found)
            );
        }
        _setRateLeg(
            id,
            RateSourceLib.toRateSource(
                config.provider,
                config.selector,
                shareDecimals,
                config.decimals,
                config.growthPpm
            )
        );
    }

    /// A leg with a line that starts at the rate of now. While the same question is asked as before, only at what
    /// counts of the rate: to set a leg again lifts no cap.
    function _setRateLeg(uint256 id, RateSource source) private {
        address asset = assetOf[id];
        RateLeg memory old = rateLegs[id];
        uint256 rateWad = _rateOf(source);
        require(rateWad != 0, IOracleRouter.RateUnreachable(asset, source.provider()));
        if (source.isSame(old.source)) rateWad = MathLib.min(rateWad, old.line.allowedAt(block.timestamp));
        _requireWithin("rateWad", rateWad, RateCap.LOWEST_RATE, RateCap.HIGHEST_RATE);
        uint256 growthWadPerDay = RateCap.growthDown(rateWad, source.growthPpm());
        RateLine line = RateLineLib.toRateLine(rateWad, rateWad, growthWadPerDay, block.timestamp);
        rateLegs[id] = RateLeg(source, line);
        _emitLine(asset, line);
    }

    /// Lowers a line that is more than a week's growth above the highest rate that counted. A rate that is low at the
    /// moment lowers nothing: else whoever pushes it down for a moment would keep it down.
    function _lookAtRate(uint256 id) internal {
        RateLeg memory leg = rateLegs[id];
        RateLine line = leg.line;
        uint256 allowedWad = line.allowedAt(block.timestamp);
        uint256 highestWad = MathLib.max(line.highestWad(), MathLib.min(_rateOf(leg.source), allowedWad));
        uint256 growthWadPerDay = line.growthWadPerDay();
        uint256 nextWad = RateCap.lineAfter(allowedWad, highestWad, growthWadPerDay);
        // a line that is not lowered stays as it was, so that looking often rounds nothing away
        if (nextWad < allowedWad) line = RateLineLib.toRateLine(nextWad, highestWad, growthWadPerDay, block.timestamp);
        else if (highestWad > line.highestWad()) line = line.withHighest(highestWad);
        else return;
        rateLegs[id].line = line;
        _emitLine(assetOf[id], line);
    }

    function _emitLine(address asset, RateLine line) private {
        emit IPriceUpkeep.RateLineMoved(
            asset,
            line.lineWad(),
            line.highestWad(),
            line.growthWadPerDay(),
            line.movedAt()
        );
    }
}
