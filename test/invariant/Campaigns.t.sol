// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Campaign} from "./Campaign.sol";
import {Handler} from "./Handler.sol";
import {Cast, Sight} from "./World.sol";

/// Prices move, crash and fall silent; owners, lenders, strangers and keepers do what they like.
///
/// What Hardhat's runner does: it calls `invariant_` after every action and `afterInvariant` after every sequence; each
/// `invariant_` is a campaign of its own, so all promises are in one. What it does not: it has no call counts, and a
/// handler's counters begin again with every sequence. So that a campaign cannot pass by reaching nothing,
/// `test_aLongCampaign…` plays one long sequence of its own and asks for least counts.
contract StormCampaignTest is Campaign {
    function setUp() public override {
        super.setUp();
        _gather();
        _begin(new Handler(cast, false));
    }

    function invariant_ALL_promisesHold() external view {
        assertEq(handler.violation(), "");
    }

    /// A12
    function afterInvariant() external {
        _everybodyLeaves();
    }

    /// some thousand actions of one sequence reach everything that the promises are about
    function test_aLongCampaignReachesEverything() external {
        for (uint256 i; i < 5_000; ++i) {
            _act(uint256(keccak256(abi.encode("storm", i))));
            assertEq(handler.violation(), "");
        }
        Handler.Reached memory reached = handler.counts();
        assertGe(reached.deposits, 30, "deposits");
        assertGe(reached.withdrawals, 20, "withdrawals");
        assertGe(reached.borrowings, 50, "borrowings");
        assertGe(reached.repayments, 20, "repayments");
        assertGe(reached.batches, 15, "batches");
        assertGe(reached.substitutions, 15, "substitutions");
        assertGe(reached.substitutionsUnderCall, 2, "substitutions under a call");
        assertGe(reached.flags, 5, "flags");
        assertGe(reached.calls, 5, "calls");
        assertGe(reached.pauses, 1, "pauses");
        assertGe(reached.cures, 3, "cures");
        assertGe(reached.liquidations, 5, "liquidations");
        assertGe(reached.writeOffs, 2, "write-offs");
        assertGe(reached.losses, 2, "losses");
        assertGe(reached.priceFalls, 100, "falls");
        _everybodyLeaves();
    }

    // ---- canaries: a harness that is dead does not notice these ----

    function test_canary_aStolenTokenIsNoticed() external {
        vm.prank(address(vault));
        weth.transfer(mallory, 1);
        assertEq(handler.checkSums(), "A1: custody holds what it owes");
    }

    function test_canary_aForgottenDebtIsNoticed() external {
        vm.prank(address(vault));
        usdcPool.settle(0, 1, 0, 0);
        assertEq(handler.checkSums(), "A3: the sum of debt shares is the pool's");
    }

    function test_canary_aLossWithoutAWriteOffIsNoticed() external {
        FaultyHandler faulty = new FaultyHandler(cast);
        assertEq(faulty.violation(), "");
        faulty.lose();
        assertEq(faulty.violation(), "A7: the share price fell without a loss");
    }

    function test_canary_aStolenCollateralIsNoticed() external {
        FaultyHandler faulty = new FaultyHandler(cast);
        faulty.steal();
        assertEq(faulty.violation(), "C1: a stranger lowered collateral");
    }

    function _act(uint256 random) private {
        uint256 kind = random % 35;
        (uint256 a, uint256 b, uint256 c) = (random >> 8, random >> 72, random >> 136);
        a &= type(uint64).max;
        b &= type(uint64).max;
        c &= type(uint96).max;
        if (kind < 1) handler.deposit(a, b, c);
        else if (kind < 3) handler.withdraw(a, b, c);
        else if (kind < 6) handler.borrow(a, b, c);
        else if (kind < 9) handler.leverage(a, b, c);
        else if (kind < 10) handler.repay(a, b, c);
        else if (kind < 12) handler.batch(a, b, [c, c >> 7, c >> 13]);
        else if (kind < 13 && b % 3 != 0) handler.silence(a);
        else if (kind < 13) c % 2 == 0 ? handler.donate(b, c) : handler.recover(b, c);
        else if (kind < 14) handler.lend(a, b, c);
        else if (kind < 15) handler.unlend(a, b, c);
        else if (kind < 18) handler.issue(a);
        else if (kind < 20) handler.clear(a);
        else if (kind < 21) handler.upkeep();
        else if (kind < 24) handler.liquidate(a, b, c);
        else if (kind < 25) handler.writeOff(a);
        else if (kind < 26) handler.meddle(a, b, c);
        else if (kind < 28) handler.move(a, b);
        else if (kind < 30) handler.crash(b);
        else if (kind < 32) handler.pass(c);
        else if (kind < 34) handler.substitute(a, b, c);
        else handler.flagLoss(a);
    }
}

/// Does what the protocol never does.
contract FaultyHandler is Handler {
    constructor(Cast memory newCast) Handler(newCast, false) {}

    /// a loss that nobody told of, in the middle of a lender's action
    function lose() external {
        Sight memory before = _lookBefore();
        vm.prank(address(cast.vault));
        cast.pools[0].settle(0, 0, 0, 1e9);
        _judge(before, Actor.LENDER, 4);
    }

    /// an owner's withdrawal that passes for a stranger's action
    function steal() external {
        Sight memory before = _lookBefore();
        vm.prank(cast.owners[0]);
        cast.vault.withdraw(_accountOf(0), address(cast.collaterals[0]), 1e15, cast.owners[0]);
        _judge(before, Actor.STRANGER, 4);
    }
}

/// Prices stand still and little time passes: nobody who is covered ever becomes uncovered, nobody is liquidated.
contract CalmCampaignTest is Campaign {
    function setUp() public override {
        super.setUp();
        _gather();
        _begin(new Handler(cast, true));
    }

    function invariant_B1_everybodyStaysCovered() external view {
        assertEq(handler.violation(), "");
        Handler.Reached memory reached = handler.counts();
        assertEq(reached.liquidations + reached.writeOffs + reached.calls, 0, "B3: nobody was touched");
    }
}
