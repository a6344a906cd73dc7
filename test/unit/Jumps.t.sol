// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {TierTerms} from "../../contracts/types/CreditTier.sol";
import {JumpStage} from "../support/JumpStage.sol";

// liquidate, given a jump that nothing confirmed
// ├── given an account that is uncovered solely by it: waits until the end of the window, called or beyond close-out
// │   ├── and after it goes ahead, or at once when the jump is confirmed
// │   ├── also when nobody saw the round: seeing it changes nothing, seeing what confirms it ends the wait
// │   ├── of the debt, of one collateral of several
// │   └── of several assets: until the last of their windows ends
// ├── given more than half of the cushion is used: at once
// └── given it was uncovered before: at once
// writeOff
// ├── given an account that is insolvent solely by it: waits
// └── given it was insolvent before: at once
// what does not wait: a margin call, its deadline, deposits, repayments, cures
contract JumpsTest is JumpStage {
    // ---- solely by the jump ----

    function test_liquidate_anExpiredCall_waits() external {
        _aliceHasAnExpiredCall();
        uint256 endsAt = goesSeen(weth, 1_710e8);
        waitsUntil(endsAt);
        assertTrue(_rowOf(account).status == IVaultLens.AccountStatus.CALLED, "called");
        vm.warp(endsAt - 1);
        waitsUntil(endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    function test_liquidate_beyondCloseOut_waits() external {
        uint256 endsAt = goesSeen(weth, 1_690e8);
        waitsUntil(endsAt);
        assertTrue(_rowOf(account).status == IVaultLens.AccountStatus.CALLABLE, "not called");
        vm.warp(endsAt - 1);
        waitsUntil(endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    function test_liquidate_whenConfirmed() external {
        goesSeen(weth, 1_690e8);
        goesSeen(weth, 1_695e8);
        doesNotWait();
    }

    function test_liquidate_whenItGoesOn() external {
        uint256 endsAt = goesSeen(weth, 1_690e8);
        goes(weth, 1_680e8);
        waitsUntil(endsAt); // nobody saw that it is confirmed
        vault.refresh(address(weth), 1);
        doesNotWait();
    }

    function test_liquidate_notSeen_waitsAsLong() external {
        uint256 endsAt = goes(weth, 1_690e8);
        waitsUntil(endsAt);
        skip(10 minutes);
        vault.refresh(address(weth), 1);
        waitsUntil(endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    function test_liquidate_neverSeen_goesAheadAfterTheTime() external {
        uint256 endsAt = goes(weth, 1_690e8);
        vm.warp(endsAt - 1);
        waitsUntil(endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    /// what nobody saw counts from the latest round; who sees the rounds ends that
    function test_liquidate_confirmedButNotSeen() external {
        goes(weth, 1_690e8);
        skip(20 minutes);
        moves(weth, 1_690e8);
        waitsUntil(block.timestamp + WINDOW_FOR);
        vault.refresh(address(weth), 10);
        doesNotWait();
    }

    function test_liquidate_aJumpOfTheDebt_waits() external {
        uint256 endsAt = goesSeen(usdc, 1.07e8);
        waitsUntil(endsAt);
        isOpen(usdc, 1e8, endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    function test_liquidate_aJumpOfTheDebt_notSeen() external {
        uint256 endsAt = goes(usdc, 1.07e8);
        waitsUntil(endsAt);
        goesSeen(usdc, 1.07e8);
        doesNotWait();
    }

    /// 100 WETH and a WBTC against 190,000: beyond close-out with WBTC at 35,000
    function test_liquidate_oneOfTwoCollaterals_waits() external {
        deposits(alice, wbtc, 1e8);
        borrows(alice, USDC, 40_000e6);
        uint256 endsAt = goesSeen(wbtc, 35_000e8);
        waitsUntil(endsAt);
        goesSeen(wbtc, 47_500e8); // exactly the middle, and she is covered
        assertEq(vault.accountOf(account).waitsUntil, 0);
        goesSeen(wbtc, 35_000e8); // not again within 6 hours
        doesNotWait();
    }

    function test_liquidate_bothCollaterals_waitForTheLater() external {
        deposits(alice, wbtc, 1e8);
        borrows(alice, USDC, 40_000e6);
        goesSeen(wbtc, 45_000e8);
        skip(10 minutes);
        uint256 endsAt = goesSeen(weth, 1_690e8);
        waitsUntil(endsAt);
        vm.warp(endsAt - 1);
        waitsUntil(endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    /// WETH and the debt jumped against her, either alone is not enough
    function test_liquidate_collateralAndDebt() external {
        uint256 endsAt = goesSeen(weth, 1_710e8);
        goesSeen(usdc, 1.02e8);
        endsAt += 1 minutes;
        waitsUntil(endsAt);
        goesSeen(weth, 1_710e8);
        goesSeen(usdc, 1.02e8);
        doesNotWait();
    }

    // ---- at once ----

    function test_liquidate_moreThanHalfUsed_atOnce() external {
        goesSeen(weth, 1_610e8);
        assertGt(uint256(_rowOf(account).usedWad), 0.5e18, "more than half");
        isOpen(weth, 1_800e8, block.timestamp + WINDOW_FOR);
        doesNotWait();
    }

    function test_liquidate_justBelowHalfUsed_waits() external {
        uint256 endsAt = goesSeen(weth, 1_630e8);
        assertGt(uint256(_rowOf(account).usedWad), 0.45e18, "nearly half");
        waitsUntil(endsAt);
    }

    function test_liquidate_uncoveredBefore_atOnce() external {
        goesSeen(weth, 1_760e8);
        goesSeen(weth, 1_670e8);
        isOpen(weth, 1_760e8, block.timestamp + WINDOW_FOR);
        doesNotWait();
    }

    function test_liquidate_uncoveredBefore_notSeen_atOnce() external {
        goesSeen(weth, 1_760e8);
        goes(weth, 1_670e8);
        doesNotWait();
    }

    /// covered all the same: nothing to wait for
    function test_covered_isNotWaiting() external {
        goesSeen(weth, 2_500e8);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.waitsUntil, 0);
        assertTrue(found.row.status == IVaultLens.AccountStatus.HEALTHY);
    }

    /// up and down within the window: covered at the price before, and uncovered by a fall that is no jump of its own
    function test_liquidate_aFallAfterAJumpUp() external {
        uint256 endsAt = goesSeen(weth, 2_200e8);
        goesSeen(weth, 1_690e8);
        // at the price before the jump up, she would be covered
        waitsUntil(endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    // ---- write-off ----

    function test_writeOff_solelyByTheJump_waits() external {
        uint256 endsAt = goesSeen(weth, 1_500e8);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.waitsUntil, endsAt, "the lens tells");
        assertTrue(found.row.status == IVaultLens.AccountStatus.CALLABLE, "callable");
        assertEq(_tryToWriteOff(), abi.encodeWithSelector(_waiting(), account, endsAt), "waits");
        assertEq(bytes4(_tryToLiquidate()), ILiquidation.AccountInsolvent.selector, "nor liquidated");
        vm.warp(endsAt - 1);
        assertEq(_tryToWriteOff(), abi.encodeWithSelector(_waiting(), account, endsAt), "still");
        vm.warp(endsAt);
        assertTrue(_rowOf(account).status == IVaultLens.AccountStatus.INSOLVENT, "insolvent");
        assertEq(_tryToWriteOff(), bytes(""), "written off");
    }

    function test_writeOff_notSeen_waits() external {
        uint256 endsAt = goes(weth, 1_500e8);
        assertEq(_tryToWriteOff(), abi.encodeWithSelector(_waiting(), account, endsAt), "waits");
        goesSeen(weth, 1_500e8);
        assertEq(_tryToWriteOff(), bytes(""), "confirmed");
    }

    /// uncovered before, but solvent
    function test_writeOff_uncoveredBefore_waits() external {
        goesSeen(weth, 1_760e8);
        uint256 endsAt = goesSeen(weth, 1_500e8);
        assertEq(_tryToWriteOff(), abi.encodeWithSelector(_waiting(), account, endsAt), "waits");
    }

    function test_writeOff_insolventBefore_atOnce() external {
        goesSeen(weth, 1_500e8);
        rests(31 minutes);
        uint256 endsAt = goesSeen(usdc, 1.05e8);
        isOpen(usdc, 1e8, endsAt);
        assertEq(vault.accountOf(account).waitsUntil, 0, "the lens tells");
        assertTrue(_rowOf(account).status == IVaultLens.AccountStatus.INSOLVENT, "insolvent");
        assertEq(_tryToWriteOff(), bytes(""), "written off");
    }

    function test_writeOff_solvent_saysSoFirst() external {
        goesSeen(weth, 1_690e8);
        assertEq(bytes4(_tryToWriteOff()), IWriteOff.AccountSolvent.selector);
    }

    // ---- what does not wait ----

    function test_issueMarginCall_inTheWindow() external {
        uint256 endsAt = goesSeen(weth, 1_710e8);
        uint256 deadline = vault.issueMarginCall(account);
        assertGt(deadline, block.timestamp, "issued");
        assertTrue(_rowOf(account).status == IVaultLens.AccountStatus.CALLED, "called");
        assertEq(vault.accountOf(account).waitsUntil, endsAt, "and waits");
    }

    /// the deadline may pass within the window: liquidation still waits for its end
    function test_issueMarginCall_expiresInTheWindow() external {
        uint256 endsAt = goesSeen(weth, 1_640e8);
        uint256 deadline = vault.issueMarginCall(account);
        assertLt(deadline, endsAt, "short");
        vm.warp(deadline + 1);
        waitsUntil(endsAt);
        vm.warp(endsAt);
        doesNotWait();
    }

    /// it ran out for a price that nobody confirmed: that raises no tier before the jump is believed
    function test_issueMarginCall_expiredInTheWindow_isNoDefault() external {
        vault.setTierTerms(TierTerms({stepBps: 10_00, mostBps: 50_00, decayFor: 180 days}));
        uint256 endsAt = goesSeen(weth, 1_640e8);
        uint256 deadline = vault.issueMarginCall(account);
        vm.warp(deadline + 1);
        vm.expectPartialRevert(IMarginCalls.CallRunning.selector);
        vault.issueMarginCall(account);
        vm.warp(endsAt);
        vault.issueMarginCall(account);
        (, , uint256 defaults) = vault.tierOf(alice);
        assertEq(defaults, 1, "believed");
    }

    function test_cure_byDepositInTheWindow() external {
        goesSeen(weth, 1_690e8);
        vault.issueMarginCall(account);
        deposits(alice, weth, 20e18);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.callState, 0, "cured");
        assertEq(found.waitsUntil, 0);
    }

    function test_cure_byRepaymentInTheWindow() external {
        goes(weth, 1_690e8);
        vault.issueMarginCall(account);
        repays(alice, USDC, 30_000e6);
        assertEq(vault.accountOf(account).callState, 0, "cured");
    }

    function test_cure_byThePrice() external {
        goesSeen(weth, 1_690e8);
        vault.issueMarginCall(account);
        goesSeen(weth, 1_900e8);
        vault.clearMarginCall(account);
        assertEq(vault.accountOf(account).callState, 0, "cured");
    }

    /// whatever jumps how far: lens and liquidation agree, and nobody waits longer than half an hour
    function testFuzz_lensAndLiquidationAgree(uint256 price, uint256 cash, uint256 seen, bool isCalled) external {
        if (isCalled) _aliceHasAnExpiredCall();
        goes(weth, int192(int256(bound(price, 1_300e8, 2_500e8))));
        if (seen & 1 == 1) vault.refresh(address(weth), 1);
        goes(usdc, int192(int256(bound(cash, 0.95e8, 1.1e8))));
        if (seen & 2 == 2) vault.refresh(address(usdc), 1);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        IVaultLens.AccountStatus status = found.row.status;
        assertLe(found.waitsUntil, block.timestamp + WINDOW_FOR, "not longer");
        if (found.waitsUntil != 0) assertLt(uint256(status), 3, "called or callable");
        uint256 id = vm.snapshotState();
        bytes memory reason = _tryToLiquidate();
        vm.revertToState(id);
        assertEq(reason.length == 0, status == IVaultLens.AccountStatus.LIQUIDATABLE, "liquidation");
        reason = _tryToWriteOff();
        assertEq(reason.length == 0, status == IVaultLens.AccountStatus.INSOLVENT, "write-off");
    }
}
