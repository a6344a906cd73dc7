// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Interest on posted cash: the lending pool's own shares are the sleeve of its cash.
contract CollateralVaultReuseCashTest is ReuseStage {
    function setUp() public override {
        super.setUp();
        vault.setPair(address(usdc), DAI, _pair(30_000, 20_000, 200_000_000e18, 1_00));
        vault.setSupplyCap(address(usdc), 10_000_000e6);
        _sendShares(usdcPool, usdc, 1);
        vault.listAsset(address(usdcPool), _sleeveConfig(address(usdcPool), usdc), 10_000_000e12);
        vault.setPair(address(usdcPool), DAI, _pair(60_000, 45_000, 200_000_000e18, 3_00));
        vault.setPair(address(usdcPool), USDC, _pair(100_000, 80_000, 200_000_000e18, 3_00));
        vault.setSleeve(address(usdc), address(usdcPool), IReuse.SleeveTerms(false, 0, 0));
    }

    function _posts(address actor, uint256 shareBps) private returns (uint256 assets, uint256 shares) {
        vm.prank(actor);
        return vault.setReuse(accountOf(actor), address(usdcPool), shareBps);
    }

    function test_cashIsLent_staysCover_andComesBackWithInterest() external {
        deposits(alice, usdc, 1_000_000e6);
        borrows(alice, DAI, 500_000e18);
        (uint256 assets, uint256 shares) = _posts(alice, 80_00);
        assertEq(assets, 800_000e6, "lent");
        assertEq(shares, 800_000e12, "shares of twelve decimals");
        assertEq(holdingOf(alice, address(usdcPool)), 800_000e12, "pledged");
        assertEq(_rowOf(accountOf(alice)).coverInitial, 946_000e18, "200 at 97 % and 800 at 94 %");
        // bob borrows what is lent; a month passes
        deposits(bob, weth, 10_000e18);
        borrows(bob, USDC, 8_000_000e6);
        passes(30 days);
        _posts(alice, 0);
        assertGt(holdingOf(alice, address(usdc)), 1_000_000e6, "with interest");
        assertEq(holdingOf(alice, address(usdcPool)), 0, "none is lent");
    }

    function test_cashWaitsInLine_whenThePoolHasNone() external {
        deposits(alice, usdc, 1_000_000e6);
        borrows(alice, DAI, 500_000e18);
        _posts(alice, 100_00);
        deposits(bob, weth, 10_000e18);
        borrows(bob, USDC, 10_900_000e6);
        vm.expectPartialRevert(bytes4(keccak256("ERC4626ExceededMaxRedeem(address,uint256,uint256)")));
        _posts(alice, 0);
        vm.prank(alice);
        vault.requestRecall(accountOf(alice), address(usdcPool), ALL);
        assertEq(vault.serveRecalls(address(usdcPool), 1), 0, "a part");
        assertApproxEqAbs(holdingOf(alice, address(usdc)), 100_000e6, 1, "what there is");
        lends(carol, usdcPool, 2_000_000e6);
        assertEq(vault.serveRecalls(address(usdcPool), 1), 1, "the rest");
        assertApproxEqAbs(holdingOf(alice, address(usdc)), 1_000_000e6, 2, "all");
    }

    /// wrong-way risk: a loss of the pool lowers the shares at once, and nobody leaves at the old price
    function test_aLossOfThePool_lowersTheSharesAtOnce() external {
        deposits(alice, usdc, 1_000_000e6);
        borrows(alice, DAI, 500_000e18);
        _posts(alice, 100_00);
        deposits(bob, weth, 3_000e18);
        borrows(bob, USDC, 4_500_000e6);
        uint256 before = _rowOf(accountOf(alice)).collateralValue;
        moves(weth, 1_000e8);
        writesOff(dave, bob);
        uint256 present = _rowOf(accountOf(alice)).collateralValue;
        assertLt(present, (before * 90) / 100, "lower at once");
        _posts(alice, 0);
        // the rate of a cash of six decimals is exact to a part in a million
        assertLe(holdingOf(alice, address(usdc)), present / 1e12 + present / 1e18 + 1, "and no better outside");
    }

    /// who lends what he borrowed pledges it again; the haircut on the pool's own shares ends the loop
    function test_loopThroughThePool_endsByItsHaircut() external {
        vault.setPair(address(usdc), USDC, _pair(30_000, 20_000, 200_000_000e18, 1_00));
        deposits(alice, weth, 100e18);
        AccountId account = accountOf(alice);
        borrows(alice, USDC, 100_000e6);
        uint256 borrowed = 100_000e6;
        for (uint256 i; i < 20; ++i) {
            uint256 assets =
                (vault.accountOf(account).opening.coverInitial - vault.accountOf(account).requiredValue) / 1e12;
            if (assets < 1_000e6) break;
            borrows(alice, USDC, assets - 1e6);
            borrowed += assets - 1e6;
            vm.prank(alice);
            vault.deposit(account, address(usdc), assets - 1e6);
            // only what the haircut on shares leaves can go in
            try this.postsAll(alice) {} catch {}
        }
        // 160,000 / (1 − 0.98) is the end without the pool
        assertLt(borrowed, 8_000_000e6, "bounded");
        assertGe(_rowOf(account).coverInitial, _rowOf(account).requirement, "and covered");
    }

    function postsAll(address actor) external {
        _posts(actor, 100_00);
    }

    /// shares of a cash of 18 decimals have 18 as well, and go all the way
    function test_cashOf18Decimals_isLent_isSeized_andComesBackWithInterest() external {
        _postsDai();
        deposits(alice, dai, 1_000_000e18);
        borrows(alice, USDC, 800_000e6);
        vm.prank(alice);
        (uint256 assets, uint256 shares) = vault.setReuse(accountOf(alice), address(daiPool), 80_00);
        assertEq(assets, 800_000e18, "lent");
        assertEq(shares, 800_000e18, "as many shares");
        assertEq(_rowOf(accountOf(alice)).coverInitial, 946_000e18, "200 at 97 % and 800 at 94 %");
        // bob borrows what is lent; a month passes
        deposits(bob, weth, 10_000e18);
        borrows(bob, DAI, 8_000_000e18);
        passes(30 days);
        // the debt grows dear: a liquidator gets shares, and redeems them
        moves(usdc, 1.22e8);
        (uint256 before, uint256 spent) = (daiPool.balanceOf(dave), dai.balanceOf(dave));
        liquidates(dave, alice, MockToken(address(daiPool)), USDC, 100_000e6);
        uint256 seized = daiPool.balanceOf(dave) - before;
        assertGt(seized, 0, "shares");
        vm.prank(dave);
        assertGt(daiPool.redeem(seized, dave, dave), seized, "worth more than they cost");
        assertGt(dai.balanceOf(dave), spent, "in cash");
        moves(usdc, 1e8);
        uint256 plain = holdingOf(alice, address(dai));
        uint256 left = holdingOf(alice, address(daiPool));
        vm.prank(alice);
        vault.setReuse(accountOf(alice), address(daiPool), 0);
        assertGt(holdingOf(alice, address(dai)), plain + left, "with interest");
        assertEq(holdingOf(alice, address(daiPool)), 0, "none is lent");
    }

    function _postsDai() private {
        vault.setPair(address(dai), USDC, _pair(30_000, 20_000, 200_000_000e18, 1_00));
        vault.setSupplyCap(address(dai), 10_000_000e18);
        _sendShares(daiPool, dai, 1e12);
        vault.listAsset(address(daiPool), _sleeveConfig(address(daiPool), dai), 10_000_000e18);
        vault.setPair(address(daiPool), USDC, _pair(60_000, 45_000, 200_000_000e18, 3_00));
        vault.setSleeve(address(dai), address(daiPool), IReuse.SleeveTerms(false, 0, 0));
    }
}
