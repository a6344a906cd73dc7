// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {IConsents} from "../../contracts/interfaces/IConsents.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {ConsentStage} from "../support/ConsentStage.sol";

/// setOperatorBySig
/// ├── when the deadline has passed, the nonce is not the next of its namespace, or the owner did not sign: it reverts
/// ├── when the terms are out of bounds: it reverts, and the nonce is as before
/// └── else it does what the owner would, whoever brings it
/// voidConsents
/// ├── when the caller does not own the account, or the nonce is not ahead: it reverts
/// └── else consents below it are void, with the last counter for ever
contract CollateralVaultSetOperatorBySigTest is ConsentStage {
    AccountId private account;
    uint256 private constant NAMESPACE = 77 << 64;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
    }

    function test_setOperatorBySig_storesAndTells() external {
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        vm.expectEmit(address(vault));
        emit IConsents.ConsentUsed(account, dave, 0);
        vm.expectEmit(address(vault));
        emit IAuthority.OperatorSet(account, bob, consent.terms);
        _brings(consent, signature);
        (uint256 rights, uint256 expiresAt) = vault.operatorOf(account, bob);
        assertEq(rights, 31);
        assertEq(expiresAt, START + 1 days);
        (bool isInForce, uint256 leastCoverageBps, bool isLimited) = vault.boundsOf(account, bob);
        assertTrue(isInForce && isLimited);
        assertEq(leastCoverageBps, 110_00);
        assertEq(vault.allowanceOf(account, bob, address(weth)), 7e18);
        assertEq(vault.nextNonceOf(account, 0), 1);
    }

    /// rights are taken back in the same way
    function test_setOperatorBySig_takesBack() external {
        vm.prank(alice);
        vault.setOperator(account, bob, 31, START + 1 days);
        Consent memory consent = _consent();
        consent.terms = IAuthority.OperatorTerms(0, 0, 0, _noAllowance());
        _brings(consent, _sign(aliceKey, _digestOf(consent)));
        assertEq(_rightsOf(bob), 0);
    }

    function test_setOperatorBySig_revertsWith_ConsentExpired() external {
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        vm.warp(consent.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentExpired.selector, account, consent.deadline));
        _brings(consent, signature);
        vm.warp(consent.deadline);
        _brings(consent, signature); // the last second counts
    }

    function test_setOperatorBySig_revertsWith_ConsentNonceInvalid() external {
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        _brings(consent, signature);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNonceInvalid.selector, account, 0, 1));
        _brings(consent, signature);
        consent.nonce = 2; // out of order
        signature = _sign(aliceKey, _digestOf(consent));
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNonceInvalid.selector, account, 2, 1));
        _brings(consent, signature);
        consent.nonce = NAMESPACE | 1;
        signature = _sign(aliceKey, _digestOf(consent));
        vm.expectRevert(
            abi.encodeWithSelector(IConsents.ConsentNonceInvalid.selector, account, NAMESPACE | 1, NAMESPACE)
        );
        _brings(consent, signature);
    }

    /// namespaces do not wait for each other
    function test_setOperatorBySig_inAnyOrderOfNamespaces() external {
        uint256[4] memory nonces = [NAMESPACE, 0, NAMESPACE | 1, uint256(type(uint192).max) << 64];
        for (uint256 i; i < 4; ++i) {
            Consent memory consent = _consent();
            consent.nonce = nonces[i];
            _brings(consent, _sign(aliceKey, _digestOf(consent)));
        }
        assertEq(vault.nextNonceOf(account, 77), NAMESPACE | 2);
        assertEq(vault.nextNonceOf(account, 0), 1);
        assertEq(vault.nextNonceOf(account, type(uint192).max), (uint256(type(uint192).max) << 64) | 1);
    }

    function test_setOperatorBySig_revertsWith_ConsentNotSigned() external {
        Consent memory consent = _consent();
        _refuses(consent, _sign(malloryKey, _digestOf(consent))); // by another
        _refuses(consent, ""); // by nobody
        _refuses(consent, new bytes(65)); // by the zero address
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        signature[64] = bytes1(uint8(signature[64]) ^ 7);
        _refuses(consent, signature); // unknown v
    }

    /// and nothing is used up
    function test_setOperatorBySig_revertsWith_OperatorInvalid() external {
        Consent memory consent = _consent();
        consent.terms.rights = 32;
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.OperatorInvalid.selector, bob, 32, consent.terms.expiresAt));
        _brings(consent, signature);
        assertEq(vault.nextNonceOf(account, 0), 0);
    }

    // ---- voidConsents ----

    function test_voidConsents_revertsWith_NotPermitted() external {
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 31));
        vm.prank(bob);
        vault.voidConsents(account, 1);
    }

    function test_voidConsents_revertsWith_NonceNotAhead() external {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IConsents.NonceNotAhead.selector, account, NAMESPACE, NAMESPACE));
        vault.voidConsents(account, NAMESPACE);
        vault.voidConsents(account, NAMESPACE | 5);
        vm.expectRevert(
            abi.encodeWithSelector(IConsents.NonceNotAhead.selector, account, NAMESPACE | 4, NAMESPACE | 5)
        );
        vault.voidConsents(account, NAMESPACE | 4);
        vm.stopPrank();
    }

    function test_voidConsents_voidsUpToTheNonce_andTells() external {
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        vm.expectEmit(address(vault));
        emit IConsents.ConsentsVoided(account, 3);
        vm.prank(alice);
        vault.voidConsents(account, 3);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNonceInvalid.selector, account, 0, 3));
        _brings(consent, signature);
        consent.nonce = 3;
        _brings(consent, _sign(aliceKey, _digestOf(consent)));
        // another namespace is as it was
        assertEq(vault.nextNonceOf(account, 77), NAMESPACE);
    }

    function test_voidConsents_withTheLastCounter_isForEver() external {
        uint256 last = NAMESPACE | type(uint64).max;
        vm.prank(alice);
        vault.voidConsents(account, last);
        Consent memory consent = _consent();
        consent.nonce = last;
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNonceInvalid.selector, account, last, last));
        _brings(consent, signature);
    }

    function test_eip712Domain_isThatOfTheVault() external view {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifier,
            bytes32 salt,
            uint256[] memory extensions
        ) = vault.eip712Domain();
        assertEq(uint8(fields), 15);
        assertEq(name, "Surety");
        assertEq(version, "1");
        assertEq(chainId, block.chainid);
        assertEq(verifier, address(vault));
        assertEq(salt, bytes32(0));
        assertEq(extensions.length, 0);
    }

    function _refuses(Consent memory consent, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNotSigned.selector, account, alice, 0));
        _brings(consent, signature);
        assertEq(vault.nextNonceOf(account, 0), 0, "nothing used up");
    }
}
