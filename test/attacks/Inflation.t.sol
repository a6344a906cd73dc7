// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {MockFlashBorrower} from "../../contracts/mocks/MockFlashBorrower.sol";
import {MockYieldVault} from "../../contracts/mocks/MockRates.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {FundDeployment} from "../support/FundDeployment.sol";

/// S01, every way to lift the price of a share in an almost empty pool or fund, whatever the decimals of the cash:
/// ├── a donation
/// ├── flash fees, which are interest for those who are there
/// ├── rounding, in loops of a deposit that buys least and a redemption
/// └── a control: the loop robs shares with a single virtual one
contract InflationAttackTest is FundDeployment {
    ILendingPool private fresh; // DAI, 18 decimals, empty
    ILendingPool private fresh6; // USDC, empty
    MockFlashBorrower private borrower;

    function setUp() public override {
        super.setUp();
        (fresh, fresh6) = (_pool(dai, "fresh", 100e18, 1e27), _pool(usdc, "fresh6", 100e6, 1e21));
        ILendingPool.Terms memory terms = _terms(1e27, 100e18);
        terms.flashFeeBps = 1_00;
        fresh.setTerms(terms);
        fresh6.setTerms(terms);
        borrower = new MockFlashBorrower();
        dai.mint(address(borrower), 1e30);
        usdc.mint(address(borrower), 1e30);
    }

    // ---- a donation ----

    function test_S01_theFirstDepositorCannotInflate_with18Decimals() external {
        _deposits(mallory, fresh, 1);
        dai.mint(address(fresh), 10_000e18);
        _deposits(bob, fresh, 19_999e18);
        assertEq(fresh.maxWithdraw(bob), 19_999e18, "the victim lost nothing");
        assertEq(fresh.maxWithdraw(mallory), 1, "the attacker lost the donation");
    }

    // ---- flash fees ----

    function test_S01_flashFees_costTheAttackerMore() external {
        uint256[2] memory lossOfBob;
        uint256[2] memory lossOfMallory;
        (lossOfBob[0], lossOfMallory[0]) = _robsByFlashFees(fresh, 1e18);
        (lossOfBob[1], lossOfMallory[1]) = _robsByFlashFees(fresh6, 1e6);
        for (uint256 i; i < 2; ++i) {
            assertGt(lossOfBob[i], 0, "the attack bites");
            assertGe(lossOfMallory[i], 500_000 * lossOfBob[i], "at half a million times the cost");
        }
    }

    /// lends, takes 400 loans of the pool's cash at a hundredth, leaves but for one share; the victim's deposit is the
    /// one that rounds worst
    function _robsByFlashFees(
        ILendingPool pool,
        uint256 assets
    ) private returns (uint256 lossOfBob, uint256 lossOfMallory) {
        MockToken token = MockToken(pool.asset());
        uint256 before = token.balanceOf(address(borrower));
        _deposits(mallory, pool, assets);
        for (uint256 i; i < 400; ++i) borrower.borrow(pool, pool.maxFlashLoan(address(token)));
        uint256 shares = pool.balanceOf(mallory);
        vm.prank(mallory);
        uint256 back = pool.redeem(shares - 1, mallory, mallory);
        uint256 stake = _roundingWorst(pool);
        _deposits(bob, pool, stake);
        lossOfBob = stake - pool.maxWithdraw(bob);
        uint256 spent = assets + before - token.balanceOf(address(borrower));
        lossOfMallory = spent - back - pool.maxWithdraw(mallory);
    }

    // ---- rounding ----

    function test_S01_roundingLoops_liftNoPrice() external {
        assertLe(_robsByRounding(fresh), 2, "DAI");
        assertLe(_robsByRounding(fresh6), 2, "USDC");
    }

    function _robsByRounding(ILendingPool pool) private returns (uint256) {
        _deposits(mallory, pool, 1);
        // a fee of a unit: else the price stays at one, and nothing rounds
        borrower.borrow(pool, 1);
        return _loops(pool, 140);
    }

    function testFuzz_S01_anyDeposits_liftNoPrice(uint256[24] memory amounts, uint256 stake) external {
        _deposits(mallory, fresh, 1);
        borrower.borrow(fresh, 1);
        uint256 spent = 2; // the first deposit and the fee
        for (uint256 i; i < amounts.length; ++i) {
            uint256 most = fresh.maxWithdraw(mallory);
            uint256 assets = bound(amounts[i] >> 1, 1, 1e9);
            if (amounts[i] % 2 == 0 && fresh.previewDeposit(assets) != 0) {
                _deposits(mallory, fresh, assets);
                spent += assets;
            } else if (most != 0) {
                assets = bound(assets, 1, most);
                vm.prank(mallory);
                fresh.withdraw(assets, mallory, mallory);
                spent -= assets;
            }
        }
        stake = bound(stake, fresh.previewMint(1), 1e24);
        _deposits(bob, fresh, stake);
        // the fuzzed donation is below 24 units: the price moved by less than 24 millionths
        assertGe(fresh.maxWithdraw(bob) + 2, stake, "the victim lost two units");
        assertLe(fresh.maxWithdraw(mallory), spent, "the attacker gained nothing");
    }

    function test_S01_roundingInTheFund_liftsNoPrice() external {
        stakes(mallory, 1);
        uint256 spent = 1;
        for (uint256 i; i < 100; ++i) {
            uint256 assets = _roundingWorst(fund);
            stakes(mallory, assets);
            spent += assets;
        }
        stakes(erin, 1e6);
        assertGe(fund.convertToAssets(fund.balanceOf(erin)) + 2, 1e6, "the staker lost two units");
        assertLe(fund.convertToAssets(fund.balanceOf(mallory)), spent, "the attacker gained nothing");
    }

    /// what the loops would do to shares with as many decimals as the cash and one virtual share
    function test_S01_theLoopsRob_withOneVirtualShare() external {
        MockYieldVault single = new MockYieldVault(dai, 0);
        _deposits(mallory, single, 1);
        dai.mint(address(single), 1);
        uint256 before = dai.balanceOf(mallory);
        uint256 lossOfBob = _loops(single, 140);
        assertGt(lossOfBob, 1e17, "a third of a deposit of half a token");
        uint256 back = single.maxWithdraw(mallory);
        vm.prank(mallory);
        single.withdraw(back, mallory, mallory);
        uint256 minted = before + 1e24; // what the loops gave
        uint256 lossOfMallory = minted - dai.balanceOf(mallory);
        assertLt(lossOfMallory, 2 * lossOfBob, "for about what the victim lost");
    }

    /// deposits what rounds worst and redeems it, again and again; then the victim comes with what rounds worst
    function _loops(IERC4626 pool, uint256 rounds) private returns (uint256 lossOfBob) {
        MockToken token = MockToken(pool.asset());
        token.mint(mallory, 1e24);
        vm.prank(mallory);
        token.approve(address(pool), ALL);
        for (uint256 i; i < rounds; ++i) {
            uint256 assets = _roundingWorst(pool);
            vm.prank(mallory);
            uint256 shares = pool.deposit(assets, mallory);
            if (pool.previewRedeem(shares) == 0) continue;
            vm.prank(mallory);
            pool.redeem(shares, mallory, mallory);
        }
        uint256 stake = _roundingWorst(pool);
        _deposits(bob, pool, stake);
        lossOfBob = stake - pool.maxWithdraw(bob);
    }

    /// the largest deposit that buys one share, where a share costs more than a unit
    function _roundingWorst(IERC4626 pool) private view returns (uint256) {
        uint256 most = pool.previewMint(2) - 1;
        return most == 0 ? 1 : most;
    }

    function _deposits(address actor, IERC4626 pool, uint256 assets) private {
        MockToken token = MockToken(pool.asset());
        token.mint(actor, assets);
        vm.startPrank(actor);
        token.approve(address(pool), ALL);
        pool.deposit(assets, actor);
        vm.stopPrank();
    }
}
