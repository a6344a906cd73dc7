// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IRecovery} from "../../contracts/interfaces/IRecovery.sol";
import {GreedyToken} from "../../contracts/mocks/PermitTokens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {FalseToken, HookToken, RebasingToken} from "../../contracts/mocks/WeirdTokens.sol";
import {toAccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks on the recovery of tokens: what accounts own stays, whatever a token does (T01, T02, T03, R01).
contract RecoveryAttackTest is Deployment {
    /// a token that moves more than it is asked to takes nothing that is owed
    function test_T01_aGreedyTokenTakesNothingOwed() external {
        GreedyToken token = new GreedyToken();
        _pledges(token, 5e18);
        token.turn();
        token.mint(address(vault), 1e18);
        vm.expectRevert(abi.encodeWithSelector(IRecovery.OwedTokensTaken.selector, address(token), 5e18 - 1, 5e18));
        vault.recover(address(token), mallory);
    }

    /// a balance that shrank is a loss of the accounts, and leaves nothing to recover; one that grew is owed to nobody
    function test_T02_aShrunkenBalanceIsNotRecovered() external {
        RebasingToken token = new RebasingToken();
        _pledges(token, 5e18);
        token.rebase(address(vault), 4e18);
        vm.expectRevert(abi.encodeWithSelector(IRecovery.NothingToRecover.selector, address(token)));
        vault.recover(address(token), mallory);
        token.rebase(address(vault), 6e18);
        assertEq(vault.recover(address(token), dave), 1e18);
    }

    /// a transfer that says no is none
    function test_T03_aTransferThatSaysNoReverts() external {
        FalseToken token = new FalseToken();
        token.mint(address(vault), 1e18);
        vm.mockCall(address(token), abi.encodeCall(token.transfer, (dave, 1e18)), abi.encode(false));
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token)));
        vault.recover(address(token), dave);
    }

    /// from the hook of the transfer every door is locked, also the same one
    function test_R01_theTransferOfARecoveryIsLocked() external {
        HookToken token = new HookToken(18);
        _pledges(token, 5e18);
        manager.grantRole(0, address(token), 0); // so that the lock, and not the authority, has to stop it
        bytes[] memory payloads = new bytes[](4);
        payloads[0] = abi.encodeCall(vault.recover, (address(token), mallory));
        payloads[1] = abi.encodeCall(vault.deposit, (accountOf(alice), address(token), 1));
        payloads[2] = abi.encodeCall(
            vault.withdraw,
            (toAccountId(address(token), 0), address(token), 1, address(token))
        );
        payloads[3] = abi.encodeCall(vault.permitAndCall, (address(token), 1, 1, 27, 0, 0, payloads[0]));
        for (uint256 i; i < payloads.length; ++i) {
            token.setHook(address(0), "");
            token.mint(address(vault), 1e18);
            token.setHook(address(vault), payloads[i]);
            assertEq(vault.recover(address(token), dave), 1e18);
            assertTrue(token.wasReached() && !token.hasSucceeded());
            assertEq(
                bytes4(token.answer()),
                ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
                "by the lock"
            );
        }
        assertEq(token.balanceOf(address(vault)), 5e18, "what is owed");
    }

    function _pledges(MockToken token, uint256 assets) private {
        _list(address(token), 1_000e8, 100_000e18);
        _approveAll(alice);
        deposits(alice, token, assets);
    }
}
