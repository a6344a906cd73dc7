// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CustodyChecks} from "../support/CustodyChecks.sol";
import {RewardStage} from "../support/RewardStage.sol";

/// Any sequence of deposits, withdrawals, lumps, stops, claims and waiting, beside a model that has no index: it shares
/// out what each minute emits, minute by minute, in fractions of 1e-18.
contract RewardsDistributorModelTest is RewardStage {
    uint256 private constant STEPS = 24;
    uint256 private constant FINE = 1e18;

    /// What the model keeps; amounts in fractions.
    struct Model {
        uint256 leftFine; // unemitted [1e-18 assets]
        uint256 leftFor; // [s]
        bool isStopped;
        uint256 funded; // [assets]
        uint256[3] earnedFine; // [1e-18 assets]
        uint256[3] holdings; // [assets]
        uint256[3] claimed; // [assets]
    }

    Model private model;
    address[3] private actors;

    function setUp() public override {
        super.setUp();
        actors = [alice, bob, mallory];
    }

    /// F1, F2, F6: the index never falls; nobody gets more than his share, nor less but for rounding; all together
    /// never more than arrived
    function testFuzz_rewards_followTheModel(uint256[24] calldata seeds) external {
        uint256 index;
        for (uint256 i; i < STEPS; ++i) {
            _act(seeds[i]);
            uint256[3] memory before = [_earned(0), _earned(1), _earned(2)];
            _wait(seeds[i]);
            uint256 next = streamOf(weth, op).index;
            assertGe(next, index, "F1");
            index = next;
            for (uint256 a; a < 3; ++a) {
                assertGe(_earned(a), before[a], "F6: monotone in time");
                _check(a);
            }
        }
        assertLe(_earned(0) + _earned(1) + _earned(2), model.funded, "F2");
        uint256 claimed = model.claimed[0] + model.claimed[1] + model.claimed[2];
        assertEq(CustodyChecks.ofRewards(distributor, address(op), model.funded, claimed), "");
    }

    /// all is emitted in the end
    function testFuzz_rewards_leaveNothingBehind(uint256[6] calldata seeds) external {
        uint256 funded;
        for (uint256 i; i < seeds.length; ++i) {
            address actor = actors[(seeds[i] >> 8) % 3];
            uint256 held = vault.holdingOf(accountOf(actor), address(weth));
            if (seeds[i] % 3 == 0) deposits(actor, weth, bound(seeds[i] >> 16, 1, 1_000e18));
            if (seeds[i] % 3 == 1 && held != 0) withdraws(actor, weth, bound(seeds[i] >> 16, 1, held));
            if (seeds[i] % 3 == 2) funds(weth, op, bound(seeds[i] >> 16, 1, 1e13));
            skip(bound(seeds[i] >> 32, 1, 3 days));
        }
        funded = streamOf(weth, op).fundedAssets;
        deposits(alice, weth, 1e18); // somebody holds from now on
        skip(91 days);
        uint256 all = claims(alice, weth, op) + claims(bob, weth, op) + claims(mallory, weth, op);
        assertLe(all, funded);
        assertGe(all + 12, funded, "but for rounding");
    }

    function _act(uint256 seed) private {
        uint256 what = seed % 8;
        uint256 a = (seed >> 8) % 3;
        uint256 size = seed >> 16;
        if (what <= 1) {
            uint256 assets = bound(size, 1, 10 ** (1 + (size % 21)));
            deposits(actors[a], weth, assets);
            model.holdings[a] += assets;
        } else if (what == 2 && model.holdings[a] != 0) {
            uint256 assets = bound(size, 1, model.holdings[a]);
            withdraws(actors[a], weth, assets);
            model.holdings[a] -= assets;
        } else if (what == 3 || what == 4) {
            _fund(bound(size, 1, 10 ** (1 + (size % 13))));
        } else if (what == 5) {
            model.claimed[a] += claims(actors[a], weth, op);
        } else if (what == 6 && !model.isStopped) {
            distributor.stopStream(address(weth), address(op));
            model.isStopped = true;
        } else if (what == 7 && model.isStopped) {
            distributor.resumeStream(address(weth), address(op));
            model.isStopped = false;
        }
    }

    function _fund(uint256 assets) private {
        funds(weth, op, assets);
        uint256 added = assets * FINE;
        // the average of the times weighted with the amounts, as anybody would write it
        model.leftFor = (model.leftFine * model.leftFor + added * _longer()) / (model.leftFine + added);
        model.leftFine += added;
        model.funded += assets;
        // to a second, and the contract counts whole tokens: the model goes on with what the contract says
        uint256 found = streamOf(weth, op).leftFor;
        assertApproxEqAbs(found, model.leftFor, 2 + (7 days * 2 * FINE) / model.leftFine, "time");
        model.leftFor = found;
    }

    function _longer() private view returns (uint256) {
        return model.leftFor > PERIOD_FOR ? model.leftFor : PERIOD_FOR;
    }

    /// whole minutes, in the model one after the other
    function _wait(uint256 seed) private {
        uint256 minutes_ = (seed >> 128) % 40;
        if (seed % 16 == 15) minutes_ *= 36; // up to a day
        Model memory m = model;
        uint256 total = m.holdings[0] + m.holdings[1] + m.holdings[2];
        if (total != 0 && !m.isStopped) {
            for (uint256 i; i < minutes_ && m.leftFor != 0; ++i) {
                uint256 ran = m.leftFor < 60 ? m.leftFor : 60;
                uint256 emitted = (m.leftFine * ran) / m.leftFor;
                m.leftFine -= emitted;
                m.leftFor -= ran;
                for (uint256 a; a < 3; ++a) m.earnedFine[a] += (emitted * m.holdings[a]) / total;
            }
            model = m;
        }
        skip(minutes_ * 60);
    }

    /// paid and claimable
    function _earned(uint256 a) private view returns (uint256) {
        return model.claimed[a] + claimable(actors[a], weth, op);
    }

    function _check(uint256 a) private view {
        uint256 expected = model.earnedFine[a] / FINE;
        // each lump and each change of the holding rounds by a unit
        assertApproxEqAbs(_earned(a), expected, STEPS + 2, "share");
    }
}
