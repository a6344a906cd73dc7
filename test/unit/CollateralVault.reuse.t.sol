// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CallState} from "../../contracts/types/MarginCall.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Consent, recall, trim: `setReuse`, `trimReuse`.
contract CollateralVaultReuseTest is ReuseStage {
    function test_sharesComeInByReuseAlone() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        reuses(alice, 50_00);
        withdrawsShares(alice, 10e18);
        vm.startPrank(alice);
        sleeve.approve(address(vault), ALL);
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleeveNotDepositable.selector, address(sleeve)));
        vault.deposit(accountOf(alice), address(sleeve), 10e18);
        ISubstitution.Amount[] memory incoming = new ISubstitution.Amount[](1);
        ISubstitution.Amount[] memory outgoing = new ISubstitution.Amount[](1);
        (incoming[0], outgoing[0]) = (
            ISubstitution.Amount(address(sleeve), 10e18),
            ISubstitution.Amount(address(weth), 1e18)
        );
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleeveNotDepositable.selector, address(sleeve)));
        vault.substitute(accountOf(alice), incoming, outgoing);
        // but she may redeem them herself
        assertEq(sleeve.redeem(10e18, alice, alice), 10e18, "assets");
        vm.stopPrank();
    }

    /// takes shares out as any collateral
    function withdrawsShares(address actor, uint256 shares) private {
        vm.prank(actor);
        vault.withdraw(accountOf(actor), address(sleeve), shares, actor);
    }

    // ---- consent ----

    function test_setReuse_movesAShareOfTheHolding() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        vm.recordLogs();
        (uint256 assets, uint256 shares) = reuses(alice, 50_00);
        assertEq(assets, 50e18, "assets");
        assertEq(shares, 50e18, "shares");
        assertEq(holdingOf(alice, address(weth)), 50e18, "plain");
        assertEq(holdingOf(alice, address(sleeve)), 50e18, "reused");
        assertEq(weth.balanceOf(address(sleeve)), 50e18, "moved");
        assertEq(weth.allowance(address(vault), address(sleeve)), 0, "no allowance is left");
        IVaultLens.HealthRow memory row = _rowOf(accountOf(alice));
        assertEq(row.collateralValue, 200_000e18, "worth the same");
        assertEq(row.coverInitial, 155_000e18, "less cover: 80 % and 75 %");
        _requireBacked();
    }

    function test_setReuse_movesOn_andBack() external {
        _aliceReuses();
        reuses(alice, 70_00);
        assertEq(holdingOf(alice, address(sleeve)), 70e18, "more");
        (uint256 assets, uint256 shares) = reuses(alice, 20_00);
        assertEq(assets, 50e18, "assets back");
        assertEq(shares, 50e18, "shares");
        reuses(alice, 0);
        assertEq(holdingOf(alice, address(sleeve)), 0, "none");
        assertEq(holdingOf(alice, address(weth)), 100e18, "all plain");
        _requireBacked();
    }

    function test_setReuse_yieldIsTheAccounts() external {
        _aliceReuses();
        _allocates(address(good));
        weth.mint(address(good), 0.01e18);
        passes(1 days);
        reuses(alice, 0);
        assertApproxEqAbs(holdingOf(alice, address(weth)), 100.01e18, 100, "with what it earned");
    }

    function test_setReuse_revertsWith_NotPermitted() external {
        _aliceReuses();
        AccountId account = accountOf(alice);
        vm.startPrank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 16));
        vault.setReuse(account, address(sleeve), 0);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 16));
        vault.requestRecall(account, address(sleeve), 1);
        vm.stopPrank();
    }

    function test_setReuse_byAnOperatorWithTheRight() external {
        _aliceReuses();
        AccountId account = accountOf(alice);
        vm.prank(alice);
        vault.setOperator(account, bob, 15, block.timestamp + 1 days);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 16));
        vault.setReuse(account, address(sleeve), 0);
        vm.prank(alice);
        vault.setOperator(account, bob, 16, block.timestamp + 1 days);
        vm.prank(bob);
        vault.setReuse(account, address(sleeve), 0);
        assertEq(holdingOf(alice, address(weth)), 100e18, "back");
    }

    function test_setReuse_revertsWith_NotASleeve() external {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IReuse.NotASleeve.selector, address(weth)));
        vault.setReuse(accountOf(alice), address(weth), 1);
    }

    function test_setReuse_revertsWith_ReuseTermOutOfBounds() external {
        _expectTerm("shareBps", 100_01, 100_00);
        reuses(alice, 100_01);
    }

    function test_setReuse_revertsWith_ReuseUnchanged() external {
        vm.expectRevert(abi.encodeWithSelector(IReuse.ReuseUnchanged.selector, accountOf(alice), address(sleeve)));
        reuses(alice, 50_00);
        _aliceReuses();
        vm.expectRevert(abi.encodeWithSelector(IReuse.ReuseUnchanged.selector, accountOf(alice), address(sleeve)));
        reuses(alice, 50_00);
    }

    function test_setReuse_judgesAsAWithdrawal() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 155_000e6);
        // 100 · 2,000 · (0.8 − x · 0.05) ≥ 155,000 up to a half
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        reuses(alice, 51_00);
        reuses(alice, 50_00);
    }

    function test_setReuse_revertsWith_CollateralHeldByCall_underACall() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 150_000e6);
        moves(weth, 1_750e8);
        vault.issueMarginCall(accountOf(alice));
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        reuses(alice, 10_00);
    }

    function test_setReuse_revertsWith_ReuseAboveDebtShare() external {
        deposits(alice, weth, 100e18);
        vm.expectRevert(
            abi.encodeWithSelector(IReuse.ReuseAboveDebtShare.selector, accountOf(alice), address(sleeve), 20_000e18, 0)
        );
        reuses(alice, 10_00); // who owes nothing reuses nothing
        borrows(alice, USDC, 10_000e6);
        vm.expectRevert(
            abi.encodeWithSelector(
                IReuse.ReuseAboveDebtShare.selector,
                accountOf(alice),
                address(sleeve),
                16_000e18,
                14_000e18
            )
        );
        reuses(alice, 8_00);
        reuses(alice, 7_00);
    }

    function test_setReuse_withoutADebt_whereThereIsNoCap() external {
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(false, 0, 0));
        deposits(alice, weth, 100e18);
        reuses(alice, 100_00);
        assertEq(holdingOf(alice, address(sleeve)), 100e18, "all");
        _allocates(address(good));
        reuses(alice, 40_00);
        assertEq(holdingOf(alice, address(weth)), 60e18, "and back");
        vm.expectPartialRevert(IReuse.ReuseWithinCap.selector);
        vault.trimReuse(accountOf(alice), address(sleeve));
    }

    function test_setReuse_revertsWith_SupplyPaused_andRecallIsNot() external {
        _aliceReuses();
        vault.pauseAsset(address(sleeve), true, false);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.SupplyPaused.selector, address(sleeve)));
        reuses(alice, 60_00);
        reuses(alice, 10_00);
    }

    function test_setReuse_revertsWith_SupplyCapExceeded() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        vault.setSupplyCap(address(sleeve), 40e18);
        vm.expectRevert(
            abi.encodeWithSelector(IAccountLedger.SupplyCapExceeded.selector, address(sleeve), 50e18, 40e18)
        );
        reuses(alice, 50_00);
    }

    function test_setReuse_revertsWith_CollateralWithoutCredit_whenTheSharesCannotBeTaken() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        vault.pauseAsset(address(sleeve), false, true);
        vm.expectRevert(
            abi.encodeWithSelector(IRiskEngine.CollateralWithoutCredit.selector, accountOf(alice), address(sleeve))
        );
        reuses(alice, 50_00);
    }

    function test_setReuse_revertsWith_AnswerStale() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        skip(61 minutes);
        moves(usdc, 1e8);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        reuses(alice, 50_00);
    }

    function test_setReuse_refusedWhileAVenueIsSilent() external {
        _aliceReuses();
        _allocates(address(bad));
        bad.setFashion(HostileYieldVault.Fashion.VIEW_REVERTS);
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 50_000e6);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.VenueSilent.selector, address(bad)));
        reuses(bob, 10_00);
    }

    function test_setReuse_down_beyondWhatIsLiquid() external {
        _aliceReuses();
        _allocates(address(bad));
        bad.setLiquidity(0);
        vm.expectRevert(abi.encodeWithSelector(IVenueAllocator.SleeveIlliquid.selector, 5e18, 50e18));
        reuses(alice, 0);
        reuses(alice, 45_00);
        assertEq(holdingOf(alice, address(weth)), 55e18, "from idle");
    }

    function test_recall_judgesACall_afterwards() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 150_000e6);
        reuses(alice, 50_00);
        // initial lines: 1,935 reused by half, 1,875 plain; maintenance 1,807 and 1,765
        moves(weth, 1_790e8);
        vault.issueMarginCall(accountOf(alice));
        reuses(alice, 0);
        assertEq(uint256(vault.accountOf(accountOf(alice)).callState), CallState.PAUSED, "covered again");
        moves(weth, 1_900e8);
        vault.clearMarginCall(accountOf(alice));
        assertEq(uint256(vault.accountOf(accountOf(alice)).callState), CallState.HEALTHY, "cured");
    }

    // ---- a recall that would weaken ----

    /// shares with smaller haircuts than the plain asset: back is weaker, so the owner passes the gate
    function _strongShares() private {
        vault.setPair(address(weth), USDC, _pair(300_000, 150_000, 200_000_000e18, 10_00));
        vault.setPair(address(sleeve), USDC, _pair(250_000, 190_000, 200_000_000e18, 10_00));
    }

    function test_recall_thatWeakens_isJudged() external {
        _strongShares();
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 140_000e6);
        reuses(alice, 98_00);
        moves(weth, 1_900e8);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        reuses(alice, 0);
        repays(alice, USDC, 20_000e6);
        reuses(alice, 0);
        assertEq(holdingOf(alice, address(weth)), 100e18, "back");
    }

    function test_trimReuse_revertsWith_RecallWeakens() external {
        _strongShares();
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 140_000e6);
        reuses(alice, 98_00);
        repays(alice, USDC, 100_000e6);
        vm.expectPartialRevert(IReuse.RecallWeakens.selector);
        vault.trimReuse(accountOf(alice), address(sleeve));
    }

    /// into what cannot be taken nothing is moved by others, and by the owner only through the gate
    function test_recall_intoAPausedAsset_isJudged() external {
        _aliceReuses();
        repays(alice, USDC, 60_000e6);
        vault.pauseAsset(address(weth), false, true);
        vm.expectPartialRevert(IReuse.RecallWeakens.selector);
        vault.trimReuse(accountOf(alice), address(sleeve));
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        reuses(alice, 0);
    }

    // ---- trim ----

    function test_trimReuse_byAnyone_downToTheCap() external {
        _aliceReuses();
        AccountId account = accountOf(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IReuse.ReuseWithinCap.selector, account, address(sleeve), 100_000e18, 140_000e18)
        );
        vault.trimReuse(account, address(sleeve));
        repays(alice, USDC, 30_000e6);
        // 70,000 · 1.4 = 98,000: above it, within 5 %
        vm.expectPartialRevert(IReuse.ReuseWithinCap.selector);
        vault.trimReuse(account, address(sleeve));
        repays(alice, USDC, 20_000e6);
        vm.prank(mallory);
        uint256 assets = vault.trimReuse(account, address(sleeve));
        assertEq(assets, 15e18, "to 70,000");
        assertEq(holdingOf(alice, address(sleeve)), 35e18, "reused");
        assertEq(holdingOf(alice, address(weth)), 65e18, "plain");
        repays(alice, USDC, ALL);
        vault.trimReuse(account, address(sleeve));
        assertEq(holdingOf(alice, address(sleeve)), 0, "without a debt none");
        _requireBacked();
    }

    function test_trimReuse_asFarAsTheSleevePays() external {
        _aliceReuses();
        _allocates(address(bad));
        bad.setLiquidity(0);
        repays(alice, USDC, 50_000e6);
        assertEq(vault.trimReuse(accountOf(alice), address(sleeve)), 5e18, "what is idle");
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleevePaysNothing.selector, address(sleeve), 0));
        vault.trimReuse(accountOf(alice), address(sleeve));
    }

    // ---- limits of an account ----

    /// an account that is full of collaterals moves all it holds, and nothing less
    function test_setReuse_ofAFullAccount() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        for (uint256 i; i < 7; ++i) {
            MockToken token = _token(string.concat("T", vm.toString(i)), 18, 1e8, 1e24);
            vault.setPair(address(token), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
            vm.prank(alice);
            token.approve(address(vault), ALL);
            deposits(alice, token, 1e18);
        }
        vm.expectPartialRevert(bytes4(keccak256("TooManyCollaterals(bytes32,uint256,uint256)")));
        reuses(alice, 30_00);
        vault.setSleeve(address(weth), address(sleeve), IReuse.SleeveTerms(false, 0, 0));
        reuses(alice, 100_00);
        vm.expectPartialRevert(bytes4(keccak256("TooManyCollaterals(bytes32,uint256,uint256)")));
        reuses(alice, 30_00);
        reuses(alice, 0);
        assertEq(holdingOf(alice, address(weth)), 100e18, "back");
    }

    // ---- fuzz ----

    /// a recall leaves no account worse at either line beyond a unit, whatever was earned or lost
    function testFuzz_recall_neverWeakens(uint256 shareBps, uint256 income, uint256 loss, uint256 backBps) external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        shareBps = bound(shareBps, 1_00, 70_00);
        reuses(alice, shareBps);
        _allocates(address(bad));
        weth.mint(address(bad), bound(income, 0, 0.1e18));
        bad.loses(bound(loss, 0, (shareBps * 1e18) / 200));
        passes(1 hours);
        IVaultLens.HealthRow memory before = _rowOf(accountOf(alice));
        backBps = bound(backBps, 0, shareBps / 4);
        reuses(alice, backBps);
        IVaultLens.HealthRow memory present = _rowOf(accountOf(alice));
        assertGe(present.coverInitial + 2_001, before.coverInitial, "initial");
        assertGe(present.coverMaintenance + 2_001, before.coverMaintenance, "maintenance");
        _requireBacked();
    }
}
