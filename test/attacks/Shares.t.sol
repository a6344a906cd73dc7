// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks on shares, rounding and empty states: S01, S02, S04, S05, S06, S09; interest: I01, I02, I03.
/// S10 stands in test/unit/VaultConfigurator.assets.t.sol.
contract SharesAttackTest is Deployment {
    ILendingPool internal fresh;

    function setUp() public override {
        super.setUp();
        fresh = _pool(usdc, "fresh", 100e6, 100_000_000e6);
        address[3] memory actors = [mallory, bob, carol];
        for (uint256 i; i < actors.length; ++i) {
            vm.prank(actors[i]);
            usdc.approve(address(fresh), ALL);
        }
    }

    /// a pool answers all its views before it has terms
    function test_aPoolWithoutTerms_answers() external {
        ILendingPool bare = ILendingPool(
            _deploy("LendingPool.sol:LendingPool", abi.encode(usdc, vault, manager, "b", "b"))
        );
        assertEq(bare.totals().yearlyRateWad, 0);
        assertEq(bare.maxDeposit(alice), 0);
        assertEq(bare.maxMint(alice), 0);
    }

    /// S01: deposit a unit, donate, let the victim's shares round to nothing. The donation is not counted, and virtual
    /// shares would make it a gift to nobody
    function test_S01_theFirstDepositorCannotInflate() external {
        usdc.mint(mallory, 10_000e6 + 1);
        vm.startPrank(mallory);
        fresh.deposit(1, mallory);
        usdc.transfer(address(fresh), 10_000e6);
        vm.stopPrank();
        usdc.mint(bob, 19_999e6);
        vm.prank(bob);
        fresh.deposit(19_999e6, bob);
        assertEq(fresh.maxWithdraw(bob), 19_999e6, "the victim lost nothing");
        assertEq(fresh.maxWithdraw(mallory), 1, "the attacker lost the donation");
    }

    /// S02: a donation to a pool with lenders moves no value that anybody borrows or redeems against
    function test_S02_aDonationMovesNoPrice() external {
        uint256 before = usdcPool.convertToAssets(1e18);
        usdc.mint(mallory, 50_000_000e6);
        vm.prank(mallory);
        usdc.transfer(address(usdcPool), 50_000_000e6);
        assertEq(usdcPool.convertToAssets(1e18), before, "share price");
        assertEq(usdcPool.maxWithdraw(carol), 10_000_000e6, "lenders");
        weth.mint(address(vault), 1_000e18);
        deposits(alice, weth, 1e18);
        (uint256 owed, uint256 held) = vault.reservesOf(address(weth));
        assertEq(owed, 1e18, "custody counts what it owes");
        assertEq(held, 1_001e18, "not what it holds");
    }

    /// S04: everybody leaves but for a few shares; the next lender is not robbed
    function test_S04_theLastWithdrawerLeavesNoTrap() external {
        deposits(alice, weth, 1_000e18);
        lends(carol, fresh, 1_000_000e6);
        vault.setPair(address(weth), _third(), _pair(200_000, 150_000, 200_000_000e18, 10_00));
        borrows(alice, _third(), 500_000e6);
        passes(365 days);
        (, uint256 owed) = vault.debtOf(accountOf(alice), _third());
        usdc.mint(alice, owed);
        vm.prank(alice);
        vault.repay(accountOf(alice), _third(), ALL);
        uint256 all = fresh.balanceOf(carol);
        vm.prank(carol);
        fresh.redeem(all - 3, carol, carol);
        usdc.mint(bob, 1_000e6);
        vm.prank(bob);
        fresh.deposit(1_000e6, bob);
        assertGe(fresh.maxWithdraw(bob), 1_000e6 - 1, "the next lender keeps what he brought");
    }

    /// S05: a thousand specks in and out
    function test_S05_repetitionGainsNothing() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 5_000_000e6);
        passes(100 days);
        usdc.mint(mallory, 1_000e6);
        uint256 shares;
        for (uint256 i; i < 1_000; ++i) {
            vm.prank(mallory);
            shares = usdcPool.deposit(1 + (i % 3), mallory);
            if (usdcPool.previewRedeem(shares) == 0) continue;
            vm.prank(mallory);
            usdcPool.redeem(shares, mallory, mallory);
        }
        uint256 left = usdcPool.maxWithdraw(mallory);
        assertLe(usdc.balanceOf(mallory) + left, 1_000e6, "profit");
    }

    /// S05: borrowing and repaying by specks makes the debt no smaller
    function test_S05_repayingBySpecksGainsNothing() external {
        deposits(alice, weth, 1_000e18);
        borrows(alice, DAI, 1_000e18);
        passes(33 days);
        (, uint256 before) = vault.debtOf(accountOf(alice), DAI);
        uint256 paid;
        for (uint256 i; i < 500; ++i) {
            vm.prank(alice);
            vault.repay(accountOf(alice), DAI, 1e6 + 7);
            paid += 1e6 + 7;
        }
        (, uint256 present) = vault.debtOf(accountOf(alice), DAI);
        assertGe(present + paid, before, "owes no less than it should");
    }

    /// S06: debt shares cannot be inflated: a share is always a unit times the index
    function test_S06_debtSharesCannotBeInflated() external {
        deposits(alice, weth, 1_000e18);
        borrows(alice, USDC, 100e6);
        usdc.mint(alice, 1_000e6);
        for (uint256 i; i < 50; ++i) {
            borrows(alice, USDC, 1);
            vm.prank(alice);
            vault.repay(accountOf(alice), USDC, 1);
        }
        ILendingPool.Totals memory totals = usdcPool.totals();
        assertEq(totals.debtShares, 100e6, "shares");
        assertEq(totals.debtAssets, 100e6, "assets");
    }

    /// S09: the largest amounts that the caps allow, at the ends of the bounds, against the largest index
    function test_S09_extremesDoNotOverflow() external {
        ILendingPool.Terms memory terms = _terms(type(uint96).max, 1);
        (terms.baseBps, terms.slopeBelowBps, terms.slopeAboveBps) = (50_00, 100_00, 1000_00);
        daiPool.setTerms(terms);
        vault.setPair(address(weth), DAI, _pair(200_000, 150_000, 1e33, 10_00));
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 1e33, 10_00));
        vault.setSupplyCap(address(weth), 1e27);
        deposits(alice, weth, 1e27);
        moves(weth, 990_000e8);
        lends(carol, daiPool, 4e27);
        borrows(alice, DAI, 4e27);
        vault.accountOf(accountOf(alice));
        skip(100 * 365 days);
        usdcPool.accrueDebt();
        daiPool.accrueDebt();
        moves(weth, 990_000e8);
        moves(dai, 990_000e8);
        moves(usdc, 1e8);
        vault.accountOf(accountOf(alice));
        vault.issueMarginCall(accountOf(alice));
        daiPool.totals();
        daiPool.maxWithdraw(carol);
        daiPool.maxMint(carol);
        dai.mint(dave, type(uint96).max);
        (uint256 shares, ) = vault.debtOf(accountOf(alice), DAI);
        assertGt(shares, 0);
        writesOff(dave, alice);
        (shares, ) = vault.debtOf(accountOf(alice), DAI);
        assertEq(shares, 0, "written off");
        daiPool.maxMint(carol);
    }

    // ---- interest ----

    /// I01: accruing at every block instead of once a month gains the pool less than a ten-thousandth of the interest
    function test_I01_howOftenOneAccruesHardlyMatters() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 5_000_000e6);
        uint256 id = vm.snapshotState();
        skip(30 days);
        uint256 once = usdcPool.totals().debtAssets - 5_000_000e6;
        vm.revertToState(id);
        vm.warp(START);
        for (uint256 i; i < 720; ++i) {
            skip(1 hours);
            usdcPool.accrueDebt();
        }
        uint256 often = usdcPool.totals().debtAssets - 5_000_000e6;
        assertGe(often, once, "rounding is for the lenders");
        assertLe(often - once, once / 1_000, "and small");
    }

    /// I01: borrowing and repaying within a second moves no interest
    function test_I01_aFlashDoesNotMoveTheRate() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 1_000_000e6);
        passes(1 days);
        deposits(bob, weth, 10_000e18);
        uint256 before = usdcPool.debtIndexNow();
        borrows(bob, USDC, 9_000_000e6);
        repays(bob, USDC, ALL);
        assertEq(usdcPool.debtIndexNow(), before);
    }

    /// I02: nothing happens in no time; a hundred years and the year 2106 are survived
    function test_I02_theEdgesOfTime() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 1_000_000e6);
        uint256 before = usdcPool.debtIndexNow();
        usdcPool.accrueDebt();
        assertEq(usdcPool.debtIndexNow(), before, "no time");
        vm.warp(2 ** 32 - 10);
        usdcPool.accrueDebt();
        before = usdcPool.debtIndexNow();
        vm.warp(2 ** 32 + 10);
        usdcPool.accrueDebt();
        // at most 11.5 a year: 20 seconds are less than a part in 100,000
        assertLe(usdcPool.debtIndexNow() - before, before / 100_000, "2^32 seconds are no cliff");
        before = usdcPool.debtIndexNow();
        vm.warp(2 ** 32 + 10 + 100 * 365 days);
        usdcPool.accrueDebt();
        assertGe(usdcPool.debtIndexNow(), before, "never falls");
        (, uint256 owed) = vault.debtOf(accountOf(alice), USDC);
        usdc.mint(alice, owed);
        vm.prank(alice);
        vault.repay(accountOf(alice), USDC, ALL);
    }

    /// I03: a whale that borrows everything pays for it, and lenders get what comes back
    function test_I03_aTrapAtFullUtilisationCosts() external {
        deposits(mallory, weth, 10_000e18);
        borrows(mallory, USDC, 10_000_000e6);
        assertEq(usdcPool.maxWithdraw(carol), 0, "trapped");
        assertEq(usdcPool.totals().yearlyRateWad, 0.65e18, "at 65 % a year");
        passes(30 days);
        (, uint256 owed) = vault.debtOf(accountOf(mallory), USDC);
        assertGe(owed, 10_540_000e6, "5.4 % in a month");
        repays(mallory, USDC, ALL);
        assertGe(usdcPool.maxWithdraw(carol), 10_480_000e6, "the lenders' nine tenths");
    }

    function _third() private pure returns (PoolId) {
        return PoolId.wrap(2);
    }
}
