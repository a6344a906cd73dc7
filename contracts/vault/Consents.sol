// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IConsents} from "../interfaces/IConsents.sol";
import {AccountId} from "../types/AccountId.sol";
import {Operators} from "./Operators.sol";

/// What owners signed. The domain is built anew from the present chain and the vault's address: this code runs by
/// delegatecall, so nothing of a domain can be fixed when it is deployed.
abstract contract Consents is Operators, IConsents {
    string private constant NAME = "Surety";
    string private constant VERSION = "1";
    bytes1 private constant DOMAIN_FIELDS = hex"0f"; // name, version, chain, contract
    uint256 private constant COUNTER_BITS = 64;

    bytes32 private constant ALLOWANCE_TYPE = keccak256("Allowance(address asset,uint256 assets)");
    bytes32 private constant TERMS_TYPE = keccak256(
        "OperatorTerms(uint256 rights,uint256 expiresAt,uint256 leastCoverageBps,Allowance[] allowances)"
        "Allowance(address asset,uint256 assets)"
    );
    bytes32 private constant CONSENT_TYPE = keccak256(
        "OperatorConsent(bytes32 account,address operator,OperatorTerms terms,uint256 epoch,uint256 nonce,"
        "uint256 deadline)Allowance(address asset,uint256 assets)OperatorTerms(uint256 rights,"
        "uint256 expiresAt,uint256 leastCoverageBps,Allowance[] allowances)"
    );

    /// @inheritdoc IConsents
    function setOperatorBySig(
        AccountId account,
        address operator,
        OperatorTerms calldata terms,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external nonReentrant {
        require(block.timestamp <= deadline, ConsentExpired(account, deadline));
        _useNonce(account, nonce);
        uint256 epoch = epochs[account];
        bytes32 consent = keccak256(
            abi.encode(CONSENT_TYPE, account, operator, _hashTerms(terms), epoch, nonce, deadline)
        );
        _requireSigned(account, epoch, consent, signature);
        _setOperator(account, operator, terms);
    }

    function _useNonce(AccountId account, uint256 nonce) private {
        (uint256 namespace, uint256 counter) = (nonce >> COUNTER_BITS, uint64(nonce));
        uint256 next = consentCounters[account][namespace];
        // the last counter is never used: it voids a namespace
        require(
            counter == next && counter != type(uint64).max,
            ConsentNonceInvalid(account, nonce, _toNonce(namespace, next))
        );
        consentCounters[account][namespace] = next + 1;
        emit ConsentUsed(account, msg.sender, nonce);
    }

    function _hashTerms(OperatorTerms calldata terms) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](terms.allowances.length);
        for (uint256 i; i < hashes.length; ++i) {
            Allowance calldata allowance = terms.allowances[i];
            hashes[i] = keccak256(abi.encode(ALLOWANCE_TYPE, allowance.asset, allowance.assets));
        }
        return
            keccak256(
                abi.encode(
                    TERMS_TYPE,
                    terms.rights,
                    terms.expiresAt,
                    terms.leastCoverageBps,
                    keccak256(abi.encodePacked(hashes))
                )
            );
    }

    /// a contract is asked by a static call of which one word is read
    function _requireSigned(AccountId account, uint256 epoch, bytes32 consent, bytes calldata signature) private view {
        bytes32 domain = MessageHashUtils.toDomainSeparator(
            DOMAIN_FIELDS,
            NAME,
            VERSION,
            block.chainid,
            address(this),
            0
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, consent);
        address owner = account.ownerOf();
        require(
            SignatureChecker.isValidSignatureNowCalldata(owner, digest, signature),
            ConsentNotSigned(account, owner, epoch)
        );
    }

    /// @inheritdoc IConsents
    function voidConsents(AccountId account, uint256 nonce) external nonReentrant {
        _requireOwner(account);
        (uint256 namespace, uint256 counter) = (nonce >> COUNTER_BITS, uint64(nonce));
        uint256 next = consentCounters[account][namespace];
        require(counter > next, NonceNotAhead(account, nonce, _toNonce(namespace, next)));
        consentCounters[account][namespace] = counter;
        emit ConsentsVoided(account, nonce);
    }

    // ---- views ----

    /// @inheritdoc IConsents
    function nextNonceOf(AccountId account, uint192 namespace) external view returns (uint256) {
        return _toNonce(namespace, consentCounters[account][namespace]);
    }

    function _toNonce(uint256 namespace, uint256 counter) private pure returns (uint256) {
        return (namespace << COUNTER_BITS) | counter;
    }

    /// @inheritdoc IConsents
    function eip712Domain()
        external
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return (DOMAIN_FIELDS, NAME, VERSION, block.chainid, address(this), 0, new uint256[](0));
    }
}
