// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {MockUptimeFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// PRICE-14, on a chain with a sequencer and an hour of grace
/// ├── given it is down, or up for less than the grace time
/// │   ├── issuing, clearing, liquidation and write-off revert, each with the reason
/// │   └── deposits and repayments work, and cure
/// └── given the grace time is over, everything works again
contract OracleRouterSequencerTest is Deployment {
    uint256 private constant GRACE_FOR = 1 hours;

    MockUptimeFeed internal uptime;
    AccountId internal account;

    function setUp() public override {
        super.setUp();
        uptime = new MockUptimeFeed();
        _deployVault(address(uptime), GRACE_FOR);
        for (uint256 i; i < 3; ++i) {
            _sendProbe(tokens[i]);
            vault.listAsset(tokens[i], _feedConfig(address(feedOf[tokens[i]])), i == 2 ? 10_000e18 : 0);
        }
        usdcPool = _pool(usdc, "lend USDC", 100e6, 100_000_000e6);
        vault.setRiskParameters(_rules());
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        address[3] memory actors = [alice, carol, dave];
        for (uint256 i; i < actors.length; ++i) _approveAll(actors[i]);
        lends(carol, usdcPool, 1_000_000e6);
        _alicePledgesAndBorrows();
        account = accountOf(alice);
        _fundKeeper();
    }

    function test_issueMarginCall_waitsForTheSequencer() external {
        moves(weth, 1_750e8);
        _waits(abi.encodeCall(vault.issueMarginCall, (account)));
        assertEq(vault.accountOf(account).callState, 1, "issued");
    }

    function test_clearMarginCall_waitsForTheSequencer() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        moves(weth, 2_000e8);
        _waits(abi.encodeCall(vault.clearMarginCall, (account)));
        assertEq(vault.accountOf(account).callState, 0, "cleared");
    }

    function test_liquidate_waitsForTheSequencer() external {
        moves(weth, 1_700e8);
        _waits(abi.encodeCall(vault.liquidate, (account, leg(weth, USDC, ALL), ALL, ALL, dave, "")));
        assertEq(_rowOf(account).liquidations, 1, "liquidated");
    }

    function test_writeOff_waitsForTheSequencer() external {
        moves(weth, 1_000e8);
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        _waits(abi.encodeCall(vault.writeOff, (account, ALL, most, new uint256[](1), ALL, dave, "")));
        assertEq(_rowOf(account).debtValue, 0, "written off");
    }

    function test_flagLoss_waitsForTheSequencer() external {
        moves(weth, 1_000e8);
        _waits(abi.encodeCall(vault.flagLoss, (account)));
        assertGt(usdcPool.flaggedLoss().lossAssets, 0, "flagged");
    }

    /// CALL-15: nobody can act in an outage, so the cure period starts again when it is over
    function test_theCurePeriod_startsAgainAfterAnOutage() external {
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        uint256 cureFor = deadline - block.timestamp;
        passes(10 minutes);
        uptime.set(1, block.timestamp);
        passes(5 hours);
        assertEq(_rowOf(account).deadline, block.timestamp + cureFor, "it rests");
        uptime.set(0, block.timestamp);
        uint256 upAt = block.timestamp;
        assertEq(_rowOf(account).deadline, upAt + cureFor, "all of it starts again");
        passes(cureFor);
        vm.expectPartialRevert(ILiquidation.CureTimeLeft.selector);
        vm.prank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), ALL, ALL, dave, "");
        passes(1);
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, weth, USDC, ALL);
        uint256 seizedValue = (receipt.seizedAssets * 1_750e18) / 1e18;
        assertLt(seizedValue * 1e4, receipt.repaidAssets * 1e12 * 1_02_00, "the bonus does not count the outage");
    }

    /// an outage before the call changes nothing
    function test_theCurePeriod_isNotTouchedByEarlierOutages() external {
        uptime.set(1, block.timestamp);
        passes(1 hours);
        uptime.set(0, block.timestamp);
        passes(2 hours);
        moves(weth, 1_750e8);
        uint256 deadline = vault.issueMarginCall(account);
        assertEq(_rowOf(account).deadline, deadline);
    }

    function test_aDeposit_cures_whileTheSequencerIsDownAndInGrace() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        uint256 id = vm.snapshotState();
        uptime.set(1, block.timestamp);
        deposits(alice, weth, 10e18); // 192,500 · 0.8 = 154,000
        assertEq(vault.accountOf(account).callState, 0, "cured while it is down");
        vm.revertToState(id);
        uptime.set(0, block.timestamp);
        deposits(alice, weth, 10e18);
        assertEq(vault.accountOf(account).callState, 0, "cured in grace");
    }

    function test_aRepayment_cures_whileTheSequencerIsDownAndInGrace() external {
        moves(weth, 1_750e8);
        vault.issueMarginCall(account);
        uint256 id = vm.snapshotState();
        uptime.set(1, block.timestamp);
        repays(alice, USDC, 10_000e6); // 140,000 = 175,000 · 0.8
        assertEq(vault.accountOf(account).callState, 0, "cured while it is down");
        vm.revertToState(id);
        uptime.set(0, block.timestamp);
        repays(alice, USDC, 10_000e6);
        assertEq(vault.accountOf(account).callState, 0, "cured in grace");
    }

    // ---- helpers ----

    /// `payload` fails while the sequencer is down, at the first and at the last second of its grace, and works then
    function _waits(bytes memory payload) private {
        uint256 downAt = block.timestamp;
        uptime.set(1, downAt);
        _refuses(payload, abi.encodeWithSelector(IOracleRouter.SequencerDown.selector, downAt));
        passes(1 hours);
        _refuses(payload, abi.encodeWithSelector(IOracleRouter.SequencerDown.selector, downAt));
        uint256 upAt = block.timestamp;
        uptime.set(0, upAt);
        bytes memory inGrace = abi.encodeWithSelector(IOracleRouter.SequencerInGrace.selector, upAt, GRACE_FOR);
        _refuses(payload, inGrace);
        passes(GRACE_FOR - 1);
        _refuses(payload, inGrace);
        passes(1);
        vm.prank(dave);
        (bool success, ) = address(vault).call(payload);
        assertTrue(success, "after the grace time");
    }

    function _refuses(bytes memory payload, bytes memory reason) private {
        vm.prank(dave);
        (bool success, bytes memory answer) = address(vault).call(payload);
        assertFalse(success, "refused");
        assertEq(answer, reason, "reason");
    }
}
