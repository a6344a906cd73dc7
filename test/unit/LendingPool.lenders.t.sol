// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {FeeToken} from "../../contracts/mocks/WeirdTokens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "../support/Deployment.sol";

/// The ERC-4626 side of a pool
/// ├── when nothing would move, or the token takes a fee, it reverts
/// ├── deposit and mint, up to the cap
/// ├── withdraw and redeem, up to the cash; others need an allowance
/// └── max* and preview* say what can be had, and never promise too much (D)
contract LendingPoolLendersTest is Deployment {
    /// the cap of 100 million is kept to eight digits
    uint256 private constant ROOM = 99_999_999.852544e6 - 10_000_000e6;

    function test_deposit_mintsSharesAndTells() external {
        usdc.mint(bob, 1_000e6);
        vm.expectEmit(address(usdcPool));
        emit IERC4626.Deposit(bob, alice, 1_000e6, 1_000e12);
        vm.prank(bob);
        assertEq(usdcPool.deposit(1_000e6, alice), 1_000e12, "a million shares for a unit");
        assertEq(usdcPool.balanceOf(alice), 1_000e12, "to the receiver");
        assertEq(usdcPool.totalAssets(), 10_001_000e6, "assets");
        assertEq(usdcPool.decimals(), 12, "decimals");
    }

    function test_mint_takesWhatItCosts() external {
        usdc.mint(bob, 1_000e6);
        vm.prank(bob);
        assertEq(usdcPool.mint(1_000e12 - 1, bob), 1_000e6, "rounded up");
        assertEq(usdcPool.balanceOf(bob), 1_000e12 - 1);
    }

    function test_withdraw_burnsSharesAndTells() external {
        vm.expectEmit(address(usdcPool));
        emit IERC4626.Withdraw(carol, bob, carol, 1_000e6, 1_000e12);
        vm.prank(carol);
        assertEq(usdcPool.withdraw(1_000e6, bob, carol), 1_000e12);
        assertEq(usdc.balanceOf(bob), 1_000e6);
    }

    function test_redeem_paysWhatSharesAreWorth() external {
        vm.prank(carol);
        assertEq(usdcPool.redeem(1_000e12 + 999_999, carol, carol), 1_000e6, "rounded down");
        assertEq(usdc.balanceOf(carol), 1_000e6);
    }

    function test_revertsWith_ZeroTransfer() external {
        vm.startPrank(carol);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.ZeroTransfer.selector, 0, 0));
        usdcPool.deposit(0, carol);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.ZeroTransfer.selector, 0, 0));
        usdcPool.mint(0, carol);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.ZeroTransfer.selector, 0, 0));
        usdcPool.withdraw(0, carol, carol);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.ZeroTransfer.selector, 0, 999_999));
        usdcPool.redeem(999_999, carol, carol);
        vm.stopPrank();
    }

    function test_revertsWith_CashShortfall() external {
        FeeToken fee = new FeeToken(0);
        _list(address(fee), 1e8, 0);
        fee.setFee(1_00);
        ILendingPool pool = _pool(MockToken(address(fee)), "fee", 1, 1e26);
        fee.mint(carol, 100e18);
        vm.prank(carol);
        fee.approve(address(pool), ALL);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.CashShortfall.selector, 99e18, 100e18));
        vm.prank(carol);
        pool.deposit(100e18, carol);
    }

    function test_thirdParties_needAnAllowance() external {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, mallory, 0, 1e12));
        vm.prank(mallory);
        usdcPool.withdraw(1e6, mallory, carol);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, mallory, 0, 1e12));
        vm.prank(mallory);
        usdcPool.redeem(1e12, mallory, carol);
        vm.prank(carol);
        usdcPool.approve(mallory, 1e12);
        vm.prank(mallory);
        usdcPool.redeem(1e12, mallory, carol);
    }

    // ---- limits ----

    function test_maxDeposit_isTheRoomUnderTheCap() external {
        assertEq(usdcPool.maxDeposit(bob), ROOM);
        assertEq(usdcPool.maxMint(bob), ROOM * 1e6);
        usdc.mint(bob, 100_000_000e6);
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxDeposit.selector, bob, ROOM + 1, ROOM));
        vm.prank(bob);
        usdcPool.deposit(ROOM + 1, bob);
        vm.expectRevert(
            abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxMint.selector, bob, ROOM * 1e6 + 1, ROOM * 1e6)
        );
        vm.prank(bob);
        usdcPool.mint(ROOM * 1e6 + 1, bob);
        vm.prank(bob);
        usdcPool.mint(ROOM * 1e6, bob);
        assertEq(usdcPool.maxDeposit(bob), 0, "full");
    }

    function test_maxWithdraw_isWhatCanBePaid() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 9_000_000e6);
        assertEq(usdcPool.maxWithdraw(carol), 1_000_000e6, "the cash");
        assertEq(usdcPool.maxRedeem(carol), 1_000_000e12, "the cash in shares");
        vm.expectRevert(
            abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxWithdraw.selector, carol, 1_000_000e6 + 1, 1_000_000e6)
        );
        vm.prank(carol);
        usdcPool.withdraw(1_000_000e6 + 1, carol, carol);
        vm.expectRevert(
            abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxRedeem.selector, carol, 1_000_000e12 + 1, 1_000_000e12)
        );
        vm.prank(carol);
        usdcPool.redeem(1_000_000e12 + 1, carol, carol);
        vm.prank(carol);
        usdcPool.redeem(1_000_000e12, carol, carol);
        assertEq(usdcPool.maxWithdraw(carol), 0, "nothing more");
        assertEq(usdcPool.maxRedeem(mallory), 0, "nobody's");
    }

    function test_donations_changeNothing() external {
        uint256 before = usdcPool.totalAssets();
        usdc.mint(address(usdcPool), 1_000_000e6);
        assertEq(usdcPool.totalAssets(), before);
        assertEq(usdcPool.convertToAssets(1e12), 1e6);
        assertEq(usdcPool.convertToShares(1e6), 1e12);
    }

    // ---- previews, round trips ----

    function testFuzz_previews_areHonest(uint256 elapsedFor, uint256 assets, uint256 shares) external {
        _withInterest(elapsedFor);
        assets = bound(assets, 1, 1_000_000e6);
        shares = bound(shares, 1e6, 1_000_000e12);
        usdc.mint(bob, 10_000_000e6);
        vm.startPrank(bob);
        uint256 preview = usdcPool.previewDeposit(assets);
        assertEq(usdcPool.deposit(assets, bob), preview, "deposit");
        preview = usdcPool.previewMint(shares);
        assertEq(usdcPool.mint(shares, bob), preview, "mint");
        uint256 held = usdcPool.balanceOf(bob);
        preview = usdcPool.previewRedeem(held / 2);
        if (preview != 0) assertEq(usdcPool.redeem(held / 2, bob, bob), preview, "redeem");
        uint256 left = usdcPool.maxWithdraw(bob);
        preview = usdcPool.previewWithdraw(left);
        if (left != 0) assertEq(usdcPool.withdraw(left, bob, bob), preview, "withdraw");
        vm.stopPrank();
    }

    /// the eight round trips: none gains
    function testFuzz_roundTrips_neverGain(uint256 elapsedFor, uint256 amount) external {
        _withInterest(elapsedFor);
        uint256 assets = bound(amount, 2, 1_000_000e6);
        usdc.mint(bob, 10_000_000e6);
        uint256 before = usdc.balanceOf(bob);
        vm.startPrank(bob);
        uint256 shares = usdcPool.deposit(assets, bob);
        assertLe(usdcPool.previewRedeem(shares), assets, "deposit, redeem");
        assertGe(usdcPool.previewWithdraw(assets), shares, "deposit, withdraw");
        usdcPool.redeem(shares, bob, bob);
        assertLe(usdc.balanceOf(bob), before, "went home with no more");
        uint256 cost = usdcPool.mint(assets * 1e6, bob);
        assertLe(usdcPool.previewRedeem(assets * 1e6), cost, "mint, redeem");
        assertGe(usdcPool.previewWithdraw(cost), assets * 1e6, "mint, withdraw");
        uint256 most = usdcPool.maxWithdraw(bob);
        uint256 burnt = usdcPool.withdraw(most, bob, bob);
        assertGe(usdcPool.previewMint(burnt), most, "withdraw, mint");
        assertLe(usdcPool.previewDeposit(most), burnt, "withdraw, deposit");
        assertLe(usdc.balanceOf(bob), before, "went home with no more");
        vm.stopPrank();
    }

    function testFuzz_max_neverRevertsWhenUsed(uint256 elapsedFor, uint256 borrowed) external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, bound(borrowed, 100e6, 10_000_000e6));
        passes(bound(elapsedFor, 0, 30 days));
        uint256 most = usdcPool.maxRedeem(carol);
        vm.startPrank(carol);
        if (usdcPool.previewRedeem(most) != 0) usdcPool.redeem(most, carol, carol);
        most = usdcPool.maxWithdraw(carol);
        if (most != 0) usdcPool.withdraw(most, carol, carol);
        vm.stopPrank();
        most = usdcPool.maxMint(bob);
        usdc.mint(bob, 100_000_000e6);
        vm.prank(bob);
        if (most != 0) usdcPool.mint(most, bob);
    }

    function _withInterest(uint256 elapsedFor) private {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 5_000_000e6);
        passes(bound(elapsedFor, 0, 365 days));
    }

    // ---- an empty pool (A6) ----

    /// A6: when the last share is gone, what stays is at most what the virtual shares were worth, and one unit; and
    /// while there are shares there is something behind them
    function testFuzz_A6_anEmptyPoolIsEmpty(
        uint256 supplied,
        uint256 borrowed,
        uint256 elapsedFor,
        uint256 more
    ) external {
        _leaves(carol);
        assertEq(usdcPool.totalSupply(), 0, "empty");
        assertEq(usdcPool.totalAssets(), 0, "at the start not a unit");
        lends(bob, usdcPool, bound(supplied, 200e6, 50_000_000e6));
        deposits(alice, weth, 50_000e18);
        borrows(alice, USDC, bound(borrowed, 100e6, usdcPool.totalAssets()));
        passes(bound(elapsedFor, 0, 365 days));
        lends(carol, usdcPool, bound(more, 1e6, 1_000_000e6));
        assertGt(usdcPool.totalAssets(), 0, "shares have something behind them");
        repays(alice, USDC, ALL);
        _leaves(bob);
        assertTrue(usdcPool.totalSupply() != 0 && usdcPool.totalAssets() != 0, "one is left, and so are assets");
        uint256 virtualWorth = usdcPool.previewMint(1e6); // rounded up
        _leaves(carol);
        assertEq(usdcPool.totalSupply(), 0, "nobody is left");
        assertLe(usdcPool.totalAssets(), virtualWorth + 1, "and next to nothing");
    }

    /// A6: only a loss leaves shares with nothing behind them; they stay worthless, and who comes then keeps his own
    function test_A6_onlyALossEmptiesAPoolOfShares() external {
        vm.startPrank(carol);
        usdcPool.withdraw(9_850_000e6, carol, carol);
        vm.stopPrank();
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 150_000e6);
        moves(weth, 2e4); // a fiftieth of a cent
        writesOff(dave, alice);
        assertGt(usdcPool.totalSupply(), 0, "shares");
        assertLe(usdcPool.totalAssets(), 0.02e6, "nothing but the price of the collateral");
        lends(bob, usdcPool, 1_000e6);
        assertApproxEqAbs(usdcPool.maxWithdraw(bob), 1_000e6, 0.01e6, "the newcomer keeps what is his");
    }

    /// A6, A7: after a loss of any size all lenders leave, one after the other, with all that there is and no more; the
    /// pool goes on
    function testFuzz_A6_afterALoss_lendersShareWhatIsLeft(uint256 price, uint256 first) external {
        ILendingPool pool = daiPool;
        lends(bob, pool, 3e18);
        vm.prank(carol);
        pool.withdraw(10_000_000e18 - 150_000e18, carol, carol);
        deposits(alice, weth, 100e18);
        borrows(alice, DAI, 150_000e18);
        moves(weth, int192(int256(bound(price, 2e4, 1_400e8))));
        writesOff(dave, alice);
        uint256 left = pool.totalAssets();
        assertLt(left, 141_000e18, "a loss");
        uint256 part = bound(first, 1, pool.balanceOf(carol) - 1);
        vm.startPrank(carol);
        uint256 before = pool.convertToAssets(1e18);
        uint256 paid = pool.previewRedeem(part) == 0 ? 0 : pool.redeem(part, carol, carol);
        assertGe(pool.convertToAssets(1e18), before, "who leaves first takes nothing from the others");
        paid += pool.redeem(pool.balanceOf(carol), carol, carol);
        vm.stopPrank();
        if (pool.previewRedeem(pool.balanceOf(bob)) != 0) {
            uint256 shares = pool.balanceOf(bob);
            vm.prank(bob);
            paid += pool.redeem(shares, bob, bob);
        }
        assertLe(paid, left, "no more than there was");
        assertLe(pool.totalAssets(), left - paid, "and no less is booked");
        lends(bob, pool, 1_000e18);
        assertGe(pool.maxWithdraw(bob), 1_000e18 - 1, "the pool goes on");
    }

    function _leaves(address lender) private {
        uint256 shares = usdcPool.balanceOf(lender);
        vm.prank(lender);
        usdcPool.redeem(shares, lender, lender);
    }
}
