// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {Room} from "../../contracts/vault/Room.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// setOperator
/// ├── when the caller does not own the account, an unknown right is given, or the expiry has passed or is too far
/// │   └── it reverts
/// ├── when the rights are zero, it takes them back, whatever the expiry
/// └── else it stores and tells them; they are void from the expiry on
contract CollateralVaultSetOperatorTest is Deployment {
    function test_setOperator_revertsWith_NotPermitted() external {
        AccountId account = accountOf(alice);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 31));
        vm.prank(bob);
        vault.setOperator(account, bob, 1, block.timestamp + 1);
    }

    function test_setOperator_revertsWith_NotPermitted_forAnOperatorWithAllRights() external {
        AccountId account = accountOf(alice);
        vm.prank(alice);
        vault.setOperator(account, bob, 31, block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 31));
        vm.prank(bob);
        vault.setOperator(account, mallory, 31, block.timestamp + 1 days);
    }

    function test_setOperator_revertsWith_OperatorInvalid() external {
        _refuses(32, block.timestamp + 1);
        _refuses(ALL, block.timestamp + 1);
        _refuses(1, block.timestamp);
        _refuses(1, uint256(type(uint40).max) + 1);
    }

    function test_setOperator_storesAndTells() external {
        AccountId account = toAccountId(alice, 3);
        vm.expectEmit(address(vault));
        emit IAuthority.OperatorSet(account, bob, _plain(9, START + 1 days));
        vm.prank(alice);
        vault.setOperator(account, bob, 9, START + 1 days);
        (uint256 rights, uint256 expiresAt) = vault.operatorOf(account, bob);
        assertEq(rights, 9);
        assertEq(expiresAt, START + 1 days);
        (rights, ) = vault.operatorOf(accountOf(alice), bob);
        assertEq(rights, 0, "another account of the owner");
    }

    function test_setOperator_takesBack() external {
        AccountId account = accountOf(alice);
        vm.prank(alice);
        vault.setOperator(account, bob, 31, START + 1 days);
        vm.expectEmit(address(vault));
        emit IAuthority.OperatorSet(account, bob, _plain(0, 0));
        vm.prank(alice);
        vault.setOperator(account, bob, 0, 12);
        (uint256 rights, uint256 expiresAt) = vault.operatorOf(account, bob);
        assertEq(rights + expiresAt, 0);
    }

    function test_anUnknownFunction_revertsWith_UnknownFunction() external {
        (bool success, bytes memory answer) = address(vault).call(hex"01020304");
        assertFalse(success);
        assertEq(answer, abi.encodeWithSelector(Room.UnknownFunction.selector, bytes4(0x01020304)));
    }

    function _plain(uint256 rights, uint256 expiresAt) private pure returns (IAuthority.OperatorTerms memory) {
        return IAuthority.OperatorTerms(rights, expiresAt, 0, new IAuthority.Allowance[](0));
    }

    function _refuses(uint256 rights, uint256 expiresAt) private {
        vm.expectRevert(abi.encodeWithSelector(IAuthority.OperatorInvalid.selector, bob, rights, expiresAt));
        vm.prank(alice);
        vault.setOperator(accountOf(alice), bob, rights, expiresAt);
    }
}
