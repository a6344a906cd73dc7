// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "./Deployment.sol";

/// Operators with bounds, and owners who sign. Hashes are written out from EIP-712 by hand;
/// `test/flow/consents.test.ts` compares them with those of ethers.
abstract contract ConsentStage is Deployment {
    /// A consent as it is signed.
    struct Consent {
        AccountId account;
        address operator;
        IAuthority.OperatorTerms terms;
        uint256 epoch;
        uint256 nonce;
        uint256 deadline;
    }

    uint256 internal aliceKey = uint256(keccak256("alice"));
    uint256 internal malloryKey = uint256(keccak256("mallory"));

    // ---- terms ----

    function _noAllowance() internal pure returns (IAuthority.Allowance[] memory) {
        return new IAuthority.Allowance[](0);
    }

    function _allowance(address asset, uint256 assets) internal pure returns (IAuthority.Allowance[] memory list) {
        list = new IAuthority.Allowance[](1);
        list[0] = IAuthority.Allowance(asset, assets);
    }

    /// two, by rising address
    function _allowances(
        IAuthority.Allowance memory one,
        IAuthority.Allowance memory other
    ) internal pure returns (IAuthority.Allowance[] memory list) {
        list = new IAuthority.Allowance[](2);
        (list[0], list[1]) = one.asset < other.asset ? (one, other) : (other, one);
    }

    function _operatorTerms(
        uint256 rights,
        uint256 leastCoverageBps,
        IAuthority.Allowance[] memory list
    ) internal view returns (IAuthority.OperatorTerms memory) {
        return IAuthority.OperatorTerms(rights, block.timestamp + 1 days, leastCoverageBps, list);
    }

    function _appoints(address operator, IAuthority.OperatorTerms memory terms) internal {
        vm.prank(alice);
        vault.setOperatorTerms(accountOf(alice), operator, terms);
    }

    // ---- signatures ----

    /// alice's consent that bob has all rights for a day, with an allowance
    function _consent() internal view returns (Consent memory) {
        return
            Consent({
                account: accountOf(alice),
                operator: bob,
                terms: _operatorTerms(31, 110_00, _allowance(address(weth), 7e18)),
                epoch: 0,
                nonce: 0,
                deadline: block.timestamp + 1 hours
            });
    }

    function _digestOf(Consent memory consent) internal view returns (bytes32) {
        return _digestFor(consent, block.chainid, address(vault));
    }

    function _digestFor(Consent memory consent, uint256 chainId, address verifier) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Surety"),
                keccak256("1"),
                chainId,
                verifier
            )
        );
        bytes32 hash = keccak256(
            abi.encode(
                keccak256(
                    "OperatorConsent(bytes32 account,address operator,OperatorTerms terms,uint256 epoch,uint256 nonce,"
                    "uint256 deadline)Allowance(address asset,uint256 assets)OperatorTerms(uint256 rights,"
                    "uint256 expiresAt,uint256 leastCoverageBps,Allowance[] allowances)"
                ),
                consent.account,
                consent.operator,
                _hashOf(consent.terms),
                consent.epoch,
                consent.nonce,
                consent.deadline
            )
        );
        return keccak256(bytes.concat(hex"1901", domain, hash));
    }

    function _hashOf(IAuthority.OperatorTerms memory terms) private pure returns (bytes32) {
        bytes memory list;
        for (uint256 i; i < terms.allowances.length; ++i) {
            bytes32 hash = keccak256(
                abi.encode(
                    keccak256("Allowance(address asset,uint256 assets)"),
                    terms.allowances[i].asset,
                    terms.allowances[i].assets
                )
            );
            list = bytes.concat(list, hash);
        }
        return
            keccak256(
                abi.encode(
                    keccak256(
                        "OperatorTerms(uint256 rights,uint256 expiresAt,uint256 leastCoverageBps,"
                        "Allowance[] allowances)Allowance(address asset,uint256 assets)"
                    ),
                    terms.rights,
                    terms.expiresAt,
                    terms.leastCoverageBps,
                    keccak256(list)
                )
            );
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return bytes.concat(r, s, bytes1(v));
    }

    /// anyone brings it
    function _brings(Consent memory consent, bytes memory signature) internal {
        vm.prank(dave);
        vault.setOperatorBySig(
            consent.account,
            consent.operator,
            consent.terms,
            consent.nonce,
            consent.deadline,
            signature
        );
    }

    function _rightsOf(address operator) internal view returns (uint256 rights) {
        (rights, ) = vault.operatorOf(accountOf(alice), operator);
    }
}
