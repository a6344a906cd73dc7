// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {AccountId, ownerOf, tagOf, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks on authority: A05, A06, A07; C1; the rooms of the vault.
contract AuthorityAttackTest is Deployment {
    /// A06: rights on one account are no rights on another of the same owner, nor those of another kind
    function test_A06_rightsDoNotSpread() external {
        _alicePledgesAndBorrows();
        AccountId other = toAccountId(alice, 1);
        vm.prank(alice);
        vault.setOperator(other, mallory, 15, block.timestamp + 1 days);
        vm.startPrank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, accountOf(alice), mallory, 4));
        vault.borrow(accountOf(alice), USDC, 1_000e6, mallory);
        vm.stopPrank();
        vm.prank(alice);
        vault.setOperator(accountOf(alice), mallory, 1 + 4, block.timestamp + 1 days);
        vm.startPrank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, accountOf(alice), mallory, 2));
        vault.withdraw(accountOf(alice), address(weth), 1, alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice); // to the owner
        vm.stopPrank();
    }

    /// A06: an owner of an account whose bytes look like another's is not its owner
    function testFuzz_A06_onlyTheOwnerActs(address owner, uint96 tag, address caller) external {
        AccountId account = toAccountId(owner, tag);
        assertEq(ownerOf(account), owner);
        assertTrue(account == toAccountId(owner, tag) && !(account == toAccountId(owner, tag ^ 1)), "identity");
        assertEq(tagOf(account), tag);
        vm.assume(caller != owner);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, caller, 2));
        vm.prank(caller);
        vault.withdraw(account, address(weth), 1, caller);
    }

    /// A07: only pools and collaterals of the registry: numbers, not addresses, name a pool
    function test_A07_foreignPoolsAndAssetsAreUnknown() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_700e8);
        PoolId unknown = PoolId.wrap(7);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.DebtNotOwed.selector, accountOf(alice), unknown));
        vault.liquidate(accountOf(alice), leg(weth, unknown, ALL), 0, block.timestamp, mallory, "");
        ILiquidation.Leg[] memory legs = leg(weth, USDC, ALL);
        legs[0].asset = mallory;
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, accountOf(alice), mallory));
        vault.liquidate(accountOf(alice), legs, 0, block.timestamp, mallory, "");
    }

    /// A05: an owner who becomes a contract, or ceases to be one, is the same owner
    function test_A05_codeAtAnAddressMeansNothing() external {
        deposits(alice, weth, 1e18);
        vm.etch(alice, hex"00");
        withdraws(alice, weth, ALL);
    }

    /// C1: without rights nobody lowers a stranger's collateral or raises his debt, whatever he calls
    function testFuzz_C1_strangersTakeNothing(uint256 which, uint256 amount, address caller) external {
        _alicePledgesAndBorrows();
        vm.assume(caller != alice && caller != address(vault) && caller != address(usdcPool));
        amount = bound(amount, 1, 1_000e18);
        AccountId account = accountOf(alice);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](1);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(weth), USDC, amount, caller);
        bytes[] memory payloads = new bytes[](7);
        payloads[0] = abi.encodeCall(vault.withdraw, (account, address(weth), amount, caller));
        payloads[1] = abi.encodeCall(vault.borrow, (account, USDC, amount, caller));
        payloads[2] = abi.encodeCall(vault.depositAndBorrow, (account, address(weth), 1, USDC, amount, caller));
        payloads[3] = abi.encodeCall(vault.batch, (account, steps));
        payloads[4] = abi.encodeCall(
            vault.liquidate,
            (account, leg(weth, USDC, amount), 0, block.timestamp, caller, "")
        );
        payloads[5] = abi.encodeCall(vault.issueMarginCall, (account));
        payloads[6] = abi.encodeCall(vault.setOperator, (account, caller, 15, block.timestamp + 1));
        vm.prank(caller);
        (bool success, ) = address(vault).call(payloads[which % 7]);
        assertFalse(success, "refused");
        assertEq(vault.holdingOf(account, address(weth)), 100e18, "collateral");
        (uint256 shares, ) = vault.debtOf(account, USDC);
        assertEq(shares, 150_000e6, "debt");
    }

    /// the rooms, called directly, have no accounts and no assets, and obey the same authority
    function test_theRoomsAreEmptyByThemselves() external {
        bytes memory common = abi.encode(address(manager), address(0), uint256(0), address(0));
        address room = _deploy("VaultConfigurator.sol:VaultConfigurator", common);
        IVaultConfigurator configurator = IVaultConfigurator(room);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        configurator.setBorrowPause(USDC, true);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, USDC));
        configurator.setBorrowPause(USDC, true);
        room = _deploy("VaultLiquidation.sol:VaultLiquidation", common);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.NotLiquidatable.selector, accountOf(alice), 0, 0));
        ILiquidation(room).liquidate(accountOf(alice), leg(weth, USDC, 1), 0, block.timestamp, mallory, "");
    }

    /// nobody but the authority moves the authority
    function test_theAuthorityIsNotForTheTaking() external {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        IAccessManaged(address(vault)).setAuthority(mallory);
    }
}
