// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IPositions} from "../../contracts/interfaces/IPositions.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {FeeToken} from "../../contracts/mocks/WeirdTokens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// deposit
/// ├── when the assets are zero, or the asset is not listed
/// │   └── it reverts
/// ├── given the account does not hold the collateral
/// │   ├── when the caller is neither owner nor operator with DEPOSIT
/// │   │   └── it reverts
/// │   ├── given deposits are paused
/// │   │   └── it reverts
/// │   ├── given the account owes and the price is not fresh
/// │   │   └── it reverts with the reason
/// │   └── given the account holds eight others
/// │       └── it reverts
/// ├── when the total would exceed the cap
/// │   └── it reverts
/// ├── when the token brings less than it says
/// │   └── it reverts
/// └── else
///     ├── it takes the tokens from the caller, raises holding and total, tells both
///     └── it takes them from anyone, also while deposits are paused or stale, when the collateral is held
contract CollateralVaultDepositTest is Deployment {
    function test_deposit_revertsWith_ZeroAssets() external {
        vm.expectRevert(IAccountLedger.ZeroAssets.selector);
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(weth), 0);
    }

    function test_deposit_revertsWith_AssetNotListed() external {
        MockToken other = new MockToken("other", "OTHER", 18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, other));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(other), 1);
    }

    function test_deposit_revertsWith_NotPermitted_whenAStrangerOpensASlot() external {
        AccountId account = accountOf(alice);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 1));
        vm.prank(mallory);
        vault.deposit(account, address(weth), 1);
    }

    function test_deposit_opensASlot_byAnOperatorWithDeposit() external {
        vm.prank(alice);
        vault.setOperator(accountOf(alice), bob, 1, block.timestamp + 1);
        weth.mint(bob, 1e18);
        vm.prank(bob);
        vault.deposit(accountOf(alice), address(weth), 1e18);
        assertEq(vault.holdingOf(accountOf(alice), address(weth)), 1e18);
    }

    function test_deposit_revertsWith_NotPermitted_whenTheOperatorExpired() external {
        AccountId account = accountOf(alice);
        vm.prank(alice);
        vault.setOperator(account, bob, 1, block.timestamp + 1);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 1));
        vm.prank(bob);
        vault.deposit(account, address(weth), 1);
    }

    function test_deposit_revertsWith_SupplyPaused_whenItOpensASlot() external {
        vault.setAssetPause(address(weth), true, false);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.SupplyPaused.selector, weth));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(weth), 1);
    }

    function test_deposit_topsUp_byAnyone_whilePaused() external {
        _alicePledgesAndBorrows();
        vault.setAssetPause(address(weth), true, false);
        weth.mint(mallory, 1e18);
        vm.prank(mallory);
        vault.deposit(accountOf(alice), address(weth), 1e18);
        assertEq(vault.holdingOf(accountOf(alice), address(weth)), 101e18);
    }

    /// what comes in at a price that nobody can check would shield a debtor; without debt it shields nothing
    function test_deposit_revertsWith_AnswerStale_whenADebtorTopsUp() external {
        _alicePledgesAndBorrows();
        deposits(bob, weth, 1e18);
        skip(2 hours);
        weth.mint(alice, 1e18);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(weth), 1e18);
        deposits(bob, weth, 1e18);
        assertEq(vault.holdingOf(accountOf(bob), address(weth)), 2e18);
    }

    function test_deposit_revertsWith_AnswerStale_whenADebtorOpensASlot() external {
        _alicePledgesAndBorrows();
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, wbtc, pushedAt, block.timestamp - 1 hours)
        );
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(wbtc), 1);
    }

    /// a debtor opens only what counts for its debts and can be taken
    function test_deposit_revertsWith_CollateralWithoutCredit() external {
        _alicePledgesAndBorrows();
        MockToken other = _token("OTHER", 18, 1e8, 1e24);
        vm.expectRevert(abi.encodeWithSelector(IRiskEngine.CollateralWithoutCredit.selector, accountOf(alice), other));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(other), 1);
        vault.setAssetPause(address(wbtc), false, true);
        vm.expectRevert(abi.encodeWithSelector(IRiskEngine.CollateralWithoutCredit.selector, accountOf(alice), wbtc));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(wbtc), 1);
    }

    function test_deposit_opensASlot_withoutFreshPrice_whenNothingIsOwed() external {
        skip(2 hours);
        deposits(alice, wbtc, 1e8);
        assertEq(vault.holdingOf(accountOf(alice), address(wbtc)), 1e8);
    }

    function test_deposit_revertsWith_TooManyCollaterals() external {
        string[6] memory names = ["A", "B", "C", "D", "E", "F"];
        deposits(alice, weth, 1e18);
        deposits(alice, wbtc, 1e8);
        deposits(alice, link, 1e18);
        MockToken token;
        for (uint256 i; i < names.length; ++i) {
            token = _token(names[i], 18, 1e8, 1e24);
            _approveAll(alice);
            if (i < 5) deposits(alice, token, 1e18);
        }
        token.mint(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IPositions.TooManyCollaterals.selector, accountOf(alice), 9, 8));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(token), 1);
        assertEq(vault.accountOf(accountOf(alice)).snapshot.collaterals.length, 8);
    }

    function test_deposit_revertsWith_SupplyCapExceeded() external {
        deposits(bob, weth, 49_999e18);
        vm.expectRevert(
            abi.encodeWithSelector(IAccountLedger.SupplyCapExceeded.selector, weth, 50_000e18 + 1, 50_000e18)
        );
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(weth), 1e18 + 1);
        deposits(alice, weth, 1e18);
    }

    function test_deposit_revertsWith_SupplyCapExceeded_beyond96Bits() external {
        uint256 assets = uint256(type(uint96).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.SupplyCapExceeded.selector, weth, assets, 50_000e18));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(weth), assets);
    }

    function test_deposit_revertsWith_TokenShortfall() external {
        FeeToken fee = new FeeToken(0);
        _list(address(fee), 1e8, 1e24);
        fee.setFee(1_00);
        _approveAll(alice);
        fee.mint(alice, 100e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.TokenShortfall.selector, fee, 99e18, 100e18));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(fee), 100e18);
    }

    function test_deposit_revertsWith_ERC20InsufficientBalance() external {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, 0, 5));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(weth), 5);
    }

    function test_deposit_movesTokensAndTells() external {
        weth.mint(alice, 3e18);
        AccountId account = toAccountId(alice, 77);
        vm.expectEmit(address(vault));
        emit IAccountLedger.CollateralDeposited(account, address(weth), alice, 1e18, 1e18, 1);
        vm.prank(alice);
        vault.deposit(account, address(weth), 1e18);
        vm.expectEmit(address(vault));
        emit IAccountLedger.CollateralDeposited(account, address(weth), alice, 2e18, 3e18, 2);
        vm.prank(alice);
        vault.deposit(account, address(weth), 2e18);
        assertEq(vault.holdingOf(account, address(weth)), 3e18, "holding");
        assertEq(vault.holdingOf(accountOf(alice), address(weth)), 0, "other tag");
        assertEq(weth.balanceOf(alice), 0, "taken");
        (uint256 owed, uint256 held) = vault.reservesOf(address(weth));
        assertEq(owed, 3e18, "owed");
        assertEq(held, 3e18, "held");
        assertEq(_rowOf(account).version, 2, "version");
    }

    function testFuzz_deposit_keepsHoldingsApart(uint96 first, uint96 second, uint96 third) external {
        uint256[3] memory assets = [bound(first, 1, 10_000e18), bound(second, 1, 1_000e8), bound(third, 1, 1_000e18)];
        deposits(alice, weth, assets[0]);
        deposits(alice, wbtc, assets[1]);
        deposits(bob, weth, assets[2]);
        assertEq(vault.holdingOf(accountOf(alice), address(weth)), assets[0]);
        assertEq(vault.holdingOf(accountOf(alice), address(wbtc)), assets[1]);
        assertEq(vault.holdingOf(accountOf(bob), address(weth)), assets[2]);
        (uint256 owed, ) = vault.reservesOf(address(weth));
        assertEq(owed, assets[0] + assets[2]);
    }
}
