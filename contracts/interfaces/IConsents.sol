// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../types/AccountId.sol";
import {IAuthority} from "./IAuthority.sol";

/// @notice What the owner of an account signed instead of sending it (EIP-712, also by a contract: ERC-1271). The
/// domain is "Surety", version "1", chain and vault (ERC-5267: `eip712Domain`). The struct is
/// `OperatorConsent(bytes32 account,address operator,OperatorTerms terms,uint256 epoch,uint256 nonce,
/// uint256 deadline)`
/// `Allowance(address asset,uint256 assets)`
/// `OperatorTerms(uint256 rights,uint256 expiresAt,uint256 leastCoverageBps,Allowance[] allowances)`.
/// @dev A nonce is a namespace of 192 bits above a counter of 64. Consents of one namespace are used in order, those
/// of different ones in any.
interface IConsents {
    /// @notice The consent was to be used before.
    error ConsentExpired(AccountId account, uint256 deadline);
    /// @notice The nonce was used or voided, or others of its namespace come first.
    error ConsentNonceInvalid(AccountId account, uint256 nonce, uint256 nextNonce);
    /// @notice The owner did not sign this: other words, another chain or vault, or before a lockdown.
    error ConsentNotSigned(AccountId account, address owner, uint256 epoch);
    /// @notice Nonces are voided upwards only.
    error NonceNotAhead(AccountId account, uint256 nonce, uint256 nextNonce);

    /// @notice A signed consent was used.
    event ConsentUsed(AccountId indexed account, address caller, uint256 nonce);
    /// @notice The owner voided the consents of a namespace up to a nonce, which is the next.
    event ConsentsVoided(AccountId indexed account, uint256 nonce);

    /// @notice Gives an operator rights, as `setOperatorTerms` of the owner does, by the owner's signature. Anyone
    /// may.
    /// @param account The account; its owner signed.
    /// @param operator The operator.
    /// @param terms As in `setOperatorTerms`.
    /// @param nonce The next of its namespace.
    /// @param deadline Last second at which the consent can be used [unix s]
    /// @param signature 65 bytes of a key, or whatever the owner's contract takes.
    /// @dev Warning: an owner with code is asked by ERC-1271 alone, also an address that delegates to code (EIP-7702).
    function setOperatorBySig(
        AccountId account,
        address operator,
        IAuthority.OperatorTerms calldata terms,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Voids the consents of a namespace whose nonce is below the given one; with a counter of 2^64 − 1 those
    /// of the whole namespace, for ever.
    /// @param account The account; the caller must own it.
    /// @param nonce What comes next; above the present one.
    function voidConsents(AccountId account, uint256 nonce) external;

    /// @notice The nonce that comes next.
    /// @param account The account.
    /// @param namespace Any number of 192 bits.
    /// @return nonce The namespace above the counter.
    function nextNonceOf(AccountId account, uint192 namespace) external view returns (uint256 nonce);

    /// @notice What the domain separator is made of (ERC-5267).
    /// @return fields Which of the following count: the first four.
    /// @return name "Surety"
    /// @return version "1"
    /// @return chainId The present chain.
    /// @return verifyingContract The vault.
    /// @return salt None.
    /// @return extensions None.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );
}
