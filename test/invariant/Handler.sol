// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OtherActs} from "./OtherActs.sol";
import {OwnerActs} from "./OwnerActs.sol";
import {Cast, Seen, Sight, World} from "./World.sol";

/// Everything that a campaign may do: owners, others, and nature.
contract Handler is OwnerActs, OtherActs {
    bool private immutable isCalm; // prices do not move
    bool[5] private isStale;

    constructor(Cast memory newCast, bool calm) World(newCast) {
        isCalm = calm;
    }

    /// where prices stand still, time may not either
    function _mayUncover(Seen memory before, Actor actor) internal view virtual override returns (bool) {
        return !isCalm && super._mayUncover(before, actor);
    }

    function move(uint256 which, uint256 bps) external {
        Sight memory before = _lookBefore();
        which =
            isCalm
                ? 0
                : which % 12 < 2
                    ? which % 12
                    : 2 + (which % 3);
        (, int256 answer, , , ) = cast.feeds[which].latestRoundData();
        uint256 price = uint256(answer);
        uint256[5] memory starts = [uint256(1e8), 1e8, 2_000e8, 60_000e8, 15e8];
        uint256 highest = which < 2 ? 1.02e8 : starts[which] * 3;
        uint256 lowest = which < 2 ? 0.98e8 : starts[which] / 3;
        if (isCalm) bps = 10_000;
        else bps = which < 2 ? bound(bps, 99_00, 101_00) : bound(bps, 85_00, 118_00);
        price = (price * bps) / 10_000;
        if (price > highest) price = highest;
        // what has fallen far comes back, so that a campaign does not end on the floor
        if (price < lowest) price = which < 2 ? lowest : starts[which];
        if (price < uint256(answer)) ++reached.priceFalls;
        cast.feeds[which].push(int192(uint192(price)), uint64(block.timestamp));
        _judge(before, Actor.NATURE, 4);
    }

    /// the whole market falls, or comes back
    function crash(uint256 random) external {
        if (isCalm) return;
        Sight memory before = _lookBefore();
        uint256[3] memory starts = [uint256(2_000e8), 60_000e8, 15e8];
        for (uint256 i; i < 3; ++i) {
            (, int256 answer, , , ) = cast.feeds[2 + i].latestRoundData();
            uint256 price = (uint256(answer) * bound(random, 75_00, 99_00)) / 10_000;
            if (price < starts[i] / 4) price = starts[i];
            else ++reached.priceFalls;
            cast.feeds[2 + i].push(int192(uint192(price)), uint64(block.timestamp));
        }
        _judge(before, Actor.NATURE, 4);
    }

    /// one collateral at a time may have a feed that says nothing new
    function silence(uint256 which) external {
        if (isCalm) return;
        uint256 old = 2 + (which % 3);
        for (uint256 i = 2; i < 5; ++i) isStale[i] = i == old && which % 3 == 0;
    }

    function pass(uint256 elapsedFor) external {
        Sight memory before = _lookBefore();
        elapsedFor = elapsedFor % 16 == 0 ? 1 days : bound(elapsedFor, 1, 2 hours);
        skip(isCalm ? elapsedFor % 60 : elapsedFor);
        for (uint256 i; i < 5; ++i) {
            if (isStale[i]) continue;
            (, int256 answer, , , ) = cast.feeds[i].latestRoundData();
            cast.feeds[i].push(int192(answer), uint64(block.timestamp));
        }
        _judge(before, Actor.NATURE, 4);
    }
}
