// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IHaircutRefresh} from "../../contracts/interfaces/IHaircutRefresh.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockAggregator, MockFeedProxy} from "../../contracts/mocks/MockAggregator.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Bundle} from "../support/Bundle.sol";
import {JumpStage} from "../support/JumpStage.sol";
import {Vm} from "../support/Vm.sol";

/// Attacks on jump windows, and with them
/// ├── X12: a false jump up lends nobody more, not in the block of the round, nor by withdrawal, nor within one
/// │   transaction; nor does one that goes up, is confirmed, and comes back
/// ├── a crash in steps is no shield: half an hour at most, whether steps are jumps or not, seen or not
/// ├── an owner who refreshes late, little by little, or enters phases does not lengthen the wait
/// ├── a speck of a jumped asset protects nobody
/// ├── jumps of two assets against each other: both are undone
/// └── whatever rounds, seen whenever: half an hour after the round, and once in 6 hours in a direction
contract JumpsAttackTest is JumpStage {
    // ---- false jumps up ----

    function test_X12_aFalseJumpUp_lendsNoMore() external {
        deposits(mallory, weth, 100e18);
        borrows(mallory, USDC, 140_000e6); // of 144,000
        goes(weth, 2_500e8);
        _nothingMoreFor(mallory);
        vault.refresh(address(weth), 1);
        _nothingMoreFor(mallory);
        for (uint256 i; i < 2; ++i) {
            skip(10 minutes);
            moves(weth, 2_100e8); // not half of the way
            vault.refresh(address(weth), 1);
            updatesSlow();
            _nothingMoreFor(mallory);
        }
    }

    function _nothingMoreFor(address actor) private {
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(actor);
        vault.borrow(accountOf(actor), USDC, 4_100e6, actor);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(actor);
        vault.borrow(accountOf(actor), DAI, 4_100e18, actor);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(actor);
        vault.withdraw(accountOf(actor), address(weth), 3e18, actor);
    }

    /// the price is looked at, jumps, is refreshed, and looked at again, all in one transaction
    function test_X12_withinOneTransaction() external {
        Bundle bundle = new Bundle();
        AccountId own = toAccountId(address(bundle), 0);
        weth.mint(address(bundle), 100e18);
        vm.startPrank(address(bundle));
        weth.approve(address(vault), ALL);
        vault.deposit(own, address(weth), 100e18);
        vm.stopPrank();
        skip(1 minutes);
        (address[] memory targets, bytes[] memory payloads) = (new address[](5), new bytes[](5));
        for (uint256 i; i < 5; ++i) targets[i] = address(vault);
        payloads[0] = abi.encodeCall(vault.borrow, (own, USDC, 1_000e6, mallory));
        targets[1] = address(feedOf[address(weth)]);
        payloads[1] = abi.encodeCall(MockAggregator.push, (2_500e8, uint64(block.timestamp)));
        payloads[2] = abi.encodeCall(vault.refresh, (address(weth), 1));
        uint256[] memory ids = new uint256[](1);
        ids[0] = 2;
        payloads[3] = abi.encodeCall(vault.refreshPrices, (ids));
        payloads[4] = abi.encodeCall(vault.borrow, (own, USDC, 143_100e6, mallory));
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        bundle.run(targets, payloads);
        payloads[4] = abi.encodeCall(vault.borrow, (own, USDC, 142_900e6, mallory));
        bundle.run(targets, payloads);
    }

    /// a slow average of 1,800 protects against a price of a few minutes; a jump back must not take that away
    function test_aJumpBack_doesNotCarryTheSlowAverageUp() external {
        deposits(mallory, weth, 100e18);
        goesSeen(weth, 2_500e8); // a jump up
        goesSeen(weth, 2_500e8); // confirmed: the slow average is still at 1,800
        isClosed(weth);
        goesSeen(weth, 1_900e8); // a jump down, from 2,500
        goesSeen(weth, 2_500e8); // and back
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), USDC, 160_000e6, mallory);
    }

    /// the same by steps that are no jumps
    function test_aJumpBack_afterSmallSteps_doesNotCarryTheSlowAverageUp() external {
        deposits(mallory, weth, 100e18);
        for (uint256 i; i < 6; ++i) goesSeen(weth, int192(int256(1_870e8 + i * 70e8)));
        goesSeen(weth, 1_900e8); // a jump down, from 2,220
        goesSeen(weth, 2_220e8); // and back
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), USDC, 160_000e6, mallory);
    }

    /// the mirror image: a debt that fell for minutes, jumps up and falls again
    function test_aJumpBack_doesNotCarryTheSlowAverageOfADebtDown() external {
        deposits(mallory, weth, 100e18);
        goesSeen(dai, 0.8e8);
        goesSeen(dai, 0.8e8);
        isClosed(dai);
        goesSeen(dai, 1e8);
        goesSeen(dai, 0.8e8);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(mallory);
        vault.borrow(accountOf(mallory), DAI, 160_000e18, mallory);
    }

    // ---- crashes ----

    /// 6 % every 20 minutes: the second step confirms the first, and no other is one
    function test_aCrashInSteps_isNoShield() external {
        uint256 startedAt = block.timestamp;
        int192 price = 1_800e8;
        uint256 waitedUntil;
        for (uint256 i; i < 8; ++i) {
            skip(20 minutes);
            price = (price * 94) / 100;
            moves(weth, price);
            moves(usdc, 1e8);
            vault.refresh(address(weth), 10);
            IVaultLens.AssetView memory found = assetOf(weth);
            if (found.jumpEndsAt != 0) waitedUntil = found.jumpEndsAt;
            assertEq(found.jumpEndsAt != 0, i == 0, "the first alone");
            if (i == 1) doesNotWait();
        }
        assertLe(waitedUntil, startedAt + 50 minutes, "half an hour after the first step");
    }

    /// 3 % every 10 minutes: no jump at all. Who does not look waits, who does need not
    function test_aSlide_thatNobodySaw() external {
        int192 price = 1_800e8;
        for (uint256 i; i < 3; ++i) {
            skip(10 minutes);
            price = (price * 975) / 1_000;
            moves(weth, price);
        }
        assertGt(vault.accountOf(account).waitsUntil, block.timestamp, "as if it were one jump");
        vault.refresh(address(weth), 10);
        doesNotWait();
    }

    /// the liquidator reads and liquidates in one transaction: nobody comes between
    function test_refreshAndLiquidate_inOneTransaction() external {
        goes(weth, 1_750e8);
        goes(weth, 1_710e8);
        goes(weth, 1_670e8);
        Bundle bundle = new Bundle();
        usdc.mint(address(bundle), 1_000_000e6);
        vm.prank(address(bundle));
        usdc.approve(address(vault), ALL);
        (address[] memory targets, bytes[] memory payloads) = (new address[](2), new bytes[](2));
        (targets[0], targets[1]) = (address(vault), address(vault));
        payloads[0] = abi.encodeCall(vault.refresh, (address(weth), 10));
        payloads[1] = abi.encodeCall(
            vault.liquidate,
            (account, leg(weth, USDC, ALL), 0, block.timestamp, address(bundle), "")
        );
        bundle.run(targets, payloads);
        assertGt(weth.balanceOf(address(bundle)), 0, "liquidated");
    }

    // ---- owners who refresh ----

    /// a round every minute, each refreshed alone: the end stays where it was
    function test_manyTinyRounds_doNotLengthenIt() external {
        uint256 endsAt = goesSeen(weth, 1_690e8);
        for (uint256 i = 1; i < 30; ++i) {
            skip(1 minutes);
            // never half of the way, always uncovered
            moves(weth, int192(int256(1_746e8 + (i % 3) * 1e8)));
            vault.refresh(address(weth), 1);
            assertEq(vault.accountOf(account).waitsUntil, endsAt, "the same end");
        }
        skip(1 minutes);
        moves(weth, 1_690e8);
        doesNotWait();
    }

    function test_aLateRefresh_doesNotOpenAWindow() external {
        uint256 endsAt = goes(weth, 1_690e8);
        vm.warp(endsAt + 1 minutes);
        vm.prank(alice);
        vault.refresh(address(weth), 1);
        assertEq(vault.accountOf(account).waitsUntil, 0);
        // the next fall is in the rest
        goesSeen(weth, 1_640e8);
        doesNotWait();
    }

    /// the owner leaves rounds unread: who reads them all ends the wait
    function test_aPartialRefresh_isFinishedByAnyone() external {
        goes(weth, 1_690e8);
        skip(5 minutes);
        moves(weth, 1_690e8);
        skip(5 minutes);
        moves(weth, 1_685e8);
        vm.prank(alice);
        vault.refresh(address(weth), 1);
        assertGt(vault.accountOf(account).waitsUntil, block.timestamp, "the first alone");
        vault.refresh(address(weth), 1);
        doesNotWait();
    }

    function test_enteringPhases_doesNotLengthenIt() external {
        MockFeedProxy proxy = new MockFeedProxy(feedOf[address(weth)]);
        vault.setFeed(address(weth), _feedConfig(address(proxy)));
        uint256 endsAt = goesSeen(weth, 1_690e8);
        MockAggregator next = new MockAggregator(8);
        proxy.setAggregator(next);
        feedOf[address(weth)] = next;
        skip(5 minutes);
        moves(weth, 1_760e8); // not half of the way
        waitsUntil(endsAt);
        vault.enterPhase(address(weth), address(0), address(weth), (2 << 64) | 1);
        waitsUntil(endsAt);
        vault.refresh(address(weth), 1);
        waitsUntil(endsAt);
        goesSeen(weth, 1_690e8);
        doesNotWait();
    }

    /// nobody entered the phase: its rounds count as unseen, and anyone ends that
    function test_aPhaseNobodyEntered() external {
        MockFeedProxy proxy = new MockFeedProxy(feedOf[address(weth)]);
        vault.setFeed(address(weth), _feedConfig(address(proxy)));
        MockAggregator next = new MockAggregator(8);
        proxy.setAggregator(next);
        feedOf[address(weth)] = next;
        goes(weth, 1_690e8);
        uint256 endsAt = goes(weth, 1_690e8);
        waitsUntil(endsAt);
        vm.expectPartialRevert(IHaircutRefresh.PhaseEnded.selector);
        vault.refresh(address(weth), 5);
        vault.enterPhase(address(weth), address(0), address(weth), (2 << 64) | 1);
        vault.refresh(address(weth), 5);
        doesNotWait();
    }

    // ---- specks ----

    function test_aSpeckOfAJumpedAsset_protectsNobody() external {
        deposits(alice, wbtc, 1);
        goesSeen(weth, 1_730e8);
        goesSeen(weth, 1_690e8); // two steps, none a jump
        isClosed(weth);
        uint256 endsAt = goesSeen(wbtc, 1e5); // nothing is left of it
        assertEq(assetOf(wbtc).jumpEndsAt, endsAt, "jumped");
        doesNotWait();
    }

    function test_aSpeckOfAnAssetThatRose_protectsNobody() external {
        deposits(alice, wbtc, 1);
        goesSeen(weth, 1_730e8);
        goesSeen(weth, 1_690e8);
        goes(wbtc, 900_000e8);
        doesNotWait();
    }

    // ---- against each other ----

    /// uncovered before; WBTC rises far, WETH falls: at the prices before both jumps she was uncovered
    function test_twoJumpsAgainstEachOther_undoneTogether() external {
        deposits(alice, wbtc, 1e8);
        borrows(alice, USDC, 40_000e6); // 190,000
        goesSeen(weth, 1_730e8); // 147,050 + 52,200
        goesSeen(wbtc, 57_600e8); // + 50,112
        goesSeen(weth, 1_670e8); // 141,950 + 50,112
        goesSeen(weth, 1_640e8); // 139,400 + 50,112: uncovered
        isClosed(weth);
        goesSeen(wbtc, 63_000e8);
        goesSeen(weth, 1_520e8); // 129,200 + 54,810
        assertGt(assetOf(weth).jumpEndsAt, 0, "jumped");
        assertGt(assetOf(wbtc).jumpEndsAt, 0, "jumped");
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.waitsUntil, 0, "uncovered at the prices before both");
        assertTrue(found.row.usedWad <= 0.5e18, "not because of its depth");
    }

    /// collateral and debt fall by as much, in one block: covered before and after
    function test_twoJumpsTogether_changeNothing() external {
        skip(1 minutes);
        moves(weth, 900e8);
        moves(usdc, 0.5e8);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.waitsUntil, 0);
        assertTrue(found.row.status == IVaultLens.AccountStatus.HEALTHY);
    }

    // ---- any rounds ----

    /// windows told in a direction are 6 hours apart, and none is open later than half an hour after its round,
    /// whichever rounds come and whoever reads how many of them when
    function testFuzz_waitsAreBounded(uint256[16] memory seeds) external {
        vm.recordLogs();
        uint256 price = 1_800e8;
        for (uint256 i; i < seeds.length; ++i) {
            skip(bound(seeds[i] >> 32, 1, 50 minutes));
            price = (price * bound(seeds[i] & 0xffffffff, 8_000, 12_500)) / 10_000;
            moves(weth, int192(int256(price)));
            uint256 portion = (seeds[i] >> 64) % 4;
            if (portion != 0) vault.refresh(address(weth), portion);
            assertLe(assetOf(weth).jumpEndsAt, block.timestamp + WINDOW_FOR, "from the latest round at most");
        }
        if (vault.measureOf(address(weth)).round != _latestRound(weth)) vault.refresh(address(weth), 100);
        _areApart(vm.getRecordedLogs());
    }

    function _areApart(Vm.Log[] memory logs) private view {
        uint256[2] memory endedAt;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IHaircutRefresh.PriceJumped.selector) continue;
            (uint256 round, uint256 before, uint256 answer, uint256 endsAt) = abi.decode(
                logs[i].data,
                (uint256, uint256, uint256, uint256)
            );
            (, , , uint256 time, ) = feedOf[address(weth)].getRoundData(uint80(round));
            assertEq(endsAt, time + WINDOW_FOR, "half an hour");
            uint256 way = answer > before ? 1 : 0;
            if (endedAt[way] != 0) assertGe(endsAt, endedAt[way] + REST_FOR, "6 hours apart");
            endedAt[way] = endsAt;
        }
    }
}
