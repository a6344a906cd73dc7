// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {IConsents} from "../../contracts/interfaces/IConsents.sol";
import {HookPermitToken} from "../../contracts/mocks/PermitTokens.sol";
import {HookToken} from "../../contracts/mocks/WeirdTokens.sol";
import {OddWallet, SmartWallet} from "../../contracts/mocks/Wallets.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {ConsentStage} from "../support/ConsentStage.sol";

/// Attacks on consents, operators with bounds and permits: A01 (replay), A02 (coverage of the signed struct), A03
/// (signatures), A04 (contracts that sign), T09 (permits), G06 (delegatecall).
contract ConsentAttackTest is ConsentStage {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    // ---- A01: replay ----

    function test_A01_aConsentCountsOnce() external {
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        _brings(consent, signature);
        vm.prank(alice);
        vault.setOperator(accountOf(alice), bob, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNonceInvalid.selector, consent.account, 0, 1));
        _brings(consent, signature);
        assertEq(_rightsOf(bob), 0, "taken back is taken back");
    }

    function test_A01_aConsentCountsOnOneChainOnly() external {
        Consent memory consent = _consent();
        _isForeign(consent, _sign(aliceKey, _digestFor(consent, block.chainid + 1, address(vault))));
        // the chain is asked when the consent is brought: a fork takes none of before
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        uint256 old = block.chainid;
        vm.chainId(old + 1);
        _isForeign(consent, signature);
        vm.chainId(old);
        _brings(consent, signature);
    }

    /// not of another vault, nor of the room whose code reads it
    function test_A01_aConsentCountsInOneVaultOnly() external {
        Consent memory consent = _consent();
        _isForeign(consent, _sign(aliceKey, _digestFor(consent, block.chainid, address(this))));
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        address first = address(vault);
        _deployVault(address(0), 0);
        assertTrue(address(vault) != first);
        _isForeign(consent, signature);
    }

    /// A04: a contract that signs for one account of its own does not sign for another
    function testFuzz_A01_aConsentCountsForOneAccountOnly(uint96 tag) external {
        vm.assume(tag != 0);
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        consent.account = toAccountId(alice, tag);
        _isForeign(consent, signature);
    }

    // ---- A02: every field is signed ----

    function testFuzz_A02_everyFieldIsSigned(uint256 which, uint256 change) external {
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        change = bound(change, 1, type(uint64).max - 1);
        which %= 8;
        if (which == 0) consent.operator = address(uint160(bob) ^ uint160(change));
        if (which == 1) consent.terms.rights = 31 ^ (change % 31 == 0 ? 1 : change % 31);
        if (which == 2) consent.terms.expiresAt ^= change % 2 ** 30 == 0 ? 1 : change % 2 ** 30;
        if (which == 3) consent.terms.leastCoverageBps ^= (change % 2 ** 24 == 0 ? 1 : change % 2 ** 24);
        if (which == 4) consent.terms.allowances[0].asset = address(uint160(address(weth)) ^ uint160(change));
        if (which == 5) consent.terms.allowances[0].assets ^= change;
        if (which == 6) consent.deadline ^= change % 2 ** 30 == 0 ? 1 : change % 2 ** 30;
        if (which == 7) {
            consent.terms.allowances =
                change % 2 == 0
                    ? _noAllowance()
                    : _allowances(consent.terms.allowances[0], IAuthority.Allowance(address(uint160(change)), change));
        }
        vm.prank(dave);
        (bool success, ) = address(vault).call(_payload(consent, signature));
        assertFalse(success, "refused");
        assertEq(_rightsOf(bob), 0);
    }

    /// the nonce is signed, too: one for namespace 0 opens no other
    function testFuzz_A02_theNonceIsSigned(uint192 namespace) external {
        vm.assume(namespace != 0);
        Consent memory consent = _consent();
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        consent.nonce = uint256(namespace) << 64;
        _isForeign(consent, signature);
    }

    // ---- A03: signatures ----

    function testFuzz_A03_nobodyElseSigns(uint256 key) external {
        key = bound(key, 1, ORDER - 1);
        vm.assume(key != aliceKey);
        Consent memory consent = _consent();
        _isForeign(consent, _sign(key, _digestOf(consent)));
    }

    /// the other s of the same signature, the compact form, too much and too little
    function test_A03_aSignatureHasOneForm() external {
        Consent memory consent = _consent();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey, _digestOf(consent));
        _isForeign(consent, bytes.concat(r, bytes32(ORDER - uint256(s)), bytes1(v == 27 ? 28 : 27)));
        bytes32 compact = bytes32(uint256(s) | (uint256(v - 27) << 255));
        _isForeign(consent, bytes.concat(r, compact));
        _isForeign(consent, bytes.concat(r, s, bytes1(v), hex"00"));
        _isForeign(consent, bytes.concat(r, s));
        _isForeign(consent, bytes.concat(r, s, bytes1(v - 27)));
        _brings(consent, bytes.concat(r, s, bytes1(v)));
    }

    /// a signature from which nobody is recovered does not sign for the zero address
    function test_A03_nobodyIsNoOwner() external {
        Consent memory consent = _consent();
        consent.account = toAccountId(address(0), 0);
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNotSigned.selector, consent.account, address(0), 0));
        _brings(consent, new bytes(65));
    }

    // ---- A04: contracts that sign ----

    function test_A04_aWalletThatSaysNo_isNoSignature() external {
        OddWallet wallet = new OddWallet();
        Consent memory consent = _consent();
        consent.account = toAccountId(address(wallet), 0);
        OddWallet.Manner[5] memory manners = [
            OddWallet.Manner.NO,
            OddWallet.Manner.REVERTS,
            OddWallet.Manner.SHORT,
            OddWallet.Manner.DIRTY,
            OddWallet.Manner.REENTERS // calls nobody, and is refused by nobody
        ];
        for (uint256 i; i < manners.length; ++i) {
            wallet.setManner(manners[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IConsents.ConsentNotSigned.selector, consent.account, address(wallet), 0)
            );
            _brings(consent, "");
        }
        wallet.setManner(OddWallet.Manner.LONG); // one word is read of whatever comes
        _brings(consent, "");
    }

    /// a wallet finds every door locked while it is asked
    function test_A04_aWalletThatIsAsked_cannotReenter() external {
        OddWallet wallet = new OddWallet();
        AccountId account = toAccountId(address(wallet), 0);
        bytes[] memory payloads = new bytes[](5);
        payloads[0] = abi.encodeCall(vault.setOperator, (account, mallory, 31, block.timestamp + 1));
        payloads[1] = abi.encodeCall(vault.lockdown, (account));
        payloads[2] = abi.encodeCall(vault.voidConsents, (account, 99));
        payloads[3] = abi.encodeCall(vault.permitAndCall, (address(weth), 1, 1, 27, 0, 0, ""));
        payloads[4] = abi.encodeCall(vault.withdraw, (account, address(weth), 1, address(wallet)));
        for (uint256 i; i < payloads.length; ++i) {
            wallet.setReentry(
                address(vault),
                payloads[i],
                ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector
            );
            Consent memory consent = _consent();
            consent.account = account;
            consent.nonce = i;
            _brings(consent, ""); // it says yes because the lock refused it
        }
        assertEq(vault.epochOf(account), 0);
    }

    /// a key of the keeper signs for the wallet, for no other wallet of the same keeper, and not for its own account
    function test_A04_aKeySignsForItsOwnWallet() external {
        SmartWallet wallet = new SmartWallet(alice);
        SmartWallet other = new SmartWallet(alice);
        Consent memory consent = _consent();
        consent.account = toAccountId(address(wallet), 0);
        bytes memory signature = _sign(aliceKey, _digestOf(consent));
        consent.account = toAccountId(address(other), 0);
        vm.expectRevert(
            abi.encodeWithSelector(IConsents.ConsentNotSigned.selector, consent.account, address(other), 0)
        );
        _brings(consent, signature);
        consent.account = accountOf(alice);
        _isForeign(consent, signature);
        consent.account = toAccountId(address(wallet), 0);
        _brings(consent, signature);
    }

    // ---- A06: operators with bounds ----

    /// an operator with all rights gives none, not to itself and not in the owner's name
    function test_A06_anOperatorCannotLoosenItsBounds() external {
        AccountId account = accountOf(alice);
        _appoints(mallory, _operatorTerms(31, 200_00, _allowance(address(weth), 1)));
        bytes[] memory payloads = new bytes[](5);
        payloads[0] = abi.encodeCall(vault.setOperator, (account, mallory, 31, block.timestamp + 1));
        payloads[1] = abi.encodeCall(vault.setOperatorTerms, (account, mallory, _operatorTerms(31, 0, _noAllowance())));
        payloads[2] = abi.encodeCall(vault.lockdown, (account));
        payloads[3] = abi.encodeCall(vault.voidConsents, (account, 1));
        payloads[4] = abi.encodeCall(vault.permitAndCall, (address(weth), 1, 1, 27, 0, 0, payloads[1]));
        for (uint256 i; i < payloads.length; ++i) {
            vm.prank(mallory);
            (bool success, bytes memory answer) = address(vault).call(payloads[i]);
            assertFalse(success);
            assertEq(
                answer,
                abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 31),
                "reason"
            );
        }
    }

    /// two operators of one account, or one operator of two accounts, share no allowance
    function test_A06_allowancesDoNotSpread() external {
        _appoints(bob, _operatorTerms(31, 0, _allowance(address(weth), 5)));
        _appoints(mallory, _operatorTerms(31, 0, _allowance(address(link), 5)));
        deposits(alice, weth, 1e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAuthority.AllowanceExceeded.selector,
                accountOf(alice),
                mallory,
                address(weth),
                1,
                0
            )
        );
        vm.prank(mallory);
        vault.withdraw(accountOf(alice), address(weth), 1, mallory);
    }

    // ---- T09, G06: permits ----

    /// a token that is asked for a permit finds every door locked, whoever's account it names
    function test_T09_aTokenCannotReenterFromItsPermit() external {
        HookPermitToken token = _hookPermit();
        AccountId own = toAccountId(address(token), 0);
        bytes[] memory payloads = new bytes[](4);
        payloads[0] = abi.encodeCall(vault.setOperator, (own, mallory, 31, block.timestamp + 1));
        payloads[1] = abi.encodeCall(vault.deposit, (accountOf(alice), address(weth), 1));
        payloads[2] = abi.encodeCall(vault.permitAndCall, (address(token), 1, 1, 27, 0, 0, payloads[0]));
        payloads[3] = abi.encodeCall(vault.lockdown, (own));
        for (uint256 i; i < payloads.length; ++i) {
            token.setHook(address(vault), payloads[i]);
            _permits(alice, token, abi.encodeCall(vault.lockdown, (accountOf(alice))));
            assertTrue(token.wasReached(), "reached");
            assertFalse(token.hasSucceeded(), "stopped");
            assertEq(
                bytes4(token.answer()),
                ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
                "by the lock"
            );
        }
        assertEq(vault.epochOf(accountOf(alice)), 4, "and the call went through");
    }

    /// nobody comes in through it while something else runs: from a transfer, a nested call finds the lock
    function test_T09_permitAndCallIsLocked_duringATransfer() external {
        HookToken hook = new HookToken(18);
        _list(address(hook), 1_000e8, 100_000e18);
        _approveAll(alice);
        hook.mint(alice, 1e18);
        bytes memory inner = abi.encodeCall(vault.lockdown, (toAccountId(address(hook), 0)));
        hook.setHook(address(vault), abi.encodeCall(vault.permitAndCall, (address(weth), 1, 1, 27, 0, 0, inner)));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(hook), 1e18);
        assertTrue(hook.wasReached() && !hook.hasSucceeded());
        assertEq(bytes4(hook.answer()), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "by the lock");
    }

    /// G06: who calls is who called: nothing restricted, nothing of others, in whatever depth
    function testFuzz_G06_permitAndCallGivesNoRight(uint256 which, uint256 depth) external {
        _alicePledgesAndBorrows();
        AccountId account = accountOf(alice);
        bytes[] memory payloads = new bytes[](6);
        bytes[] memory reasons = new bytes[](6);
        bytes memory unauthorised = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory);
        payloads[0] = abi.encodeCall(vault.setSupplyCap, (address(weth), 0));
        payloads[1] = abi.encodeCall(vault.recover, (address(weth), mallory));
        payloads[2] = abi.encodeCall(vault.setBorrowPause, (USDC, true));
        for (uint256 i; i < 3; ++i) reasons[i] = unauthorised;
        payloads[3] = abi.encodeCall(vault.withdraw, (account, address(weth), 1, mallory));
        reasons[3] = abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 2);
        payloads[4] = abi.encodeCall(vault.borrow, (account, USDC, 1e6, mallory));
        reasons[4] = abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 4);
        payloads[5] = abi.encodeCall(vault.setOperator, (account, mallory, 31, block.timestamp + 1));
        reasons[5] = abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, mallory, 31);
        which %= payloads.length;
        bytes memory payload = payloads[which];
        for (uint256 i; i < 1 + (depth % 4); ++i) {
            payload = abi.encodeCall(vault.permitAndCall, (address(weth), ALL, 0, 27, 0, 0, payload));
        }
        vm.prank(mallory);
        (bool success, bytes memory answer) = address(vault).call(payload);
        assertFalse(success);
        assertEq(answer, reasons[which], "refused as without");
    }

    /// who has a role uses it through it as without, and no more
    function test_G06_permitAndCallKeepsRoles() external {
        bytes memory inner = abi.encodeCall(vault.setSupplyCap, (address(weth), 60_000e18));
        vault.permitAndCall(address(weth), 0, 0, 27, 0, 0, inner);
        assertEq(vault.assets()[2].capAssets, 60_000e18);
    }

    /// G06: nothing can be paid, so nothing can be counted twice
    function test_G06_nothingIsPayable() external {
        vm.deal(mallory, 1e18);
        vm.prank(mallory);
        (bool success, ) = address(vault).call{value: 1}(
            abi.encodeCall(
                vault.permitAndCall,
                (address(weth), 0, 0, 27, 0, 0, abi.encodeCall(vault.lockdown, (accountOf(mallory))))
            )
        );
        assertFalse(success);
    }

    // ---- helpers ----

    function _isForeign(Consent memory consent, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IConsents.ConsentNotSigned.selector, consent.account, alice, 0));
        _brings(consent, signature);
    }

    function _payload(Consent memory consent, bytes memory signature) private view returns (bytes memory) {
        return
            abi.encodeCall(
                vault.setOperatorBySig,
                (consent.account, consent.operator, consent.terms, consent.nonce, consent.deadline, signature)
            );
    }

    function _hookPermit() private returns (HookPermitToken token) {
        token = new HookPermitToken();
        _list(address(token), 1_000e8, 100_000e18);
    }

    function _permits(address actor, HookPermitToken token, bytes memory data) private {
        vm.prank(actor);
        vault.permitAndCall(address(token), 1e18, block.timestamp, 27, 0, 0, data);
    }
}
