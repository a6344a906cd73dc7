// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IAuthority} from "../interfaces/IAuthority.sol";
import {AccountId} from "../types/AccountId.sol";
import {OperatorGrant} from "../types/OperatorGrant.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// Who may do what on an account: its owner everything, an operator what the owner gave. The owner is asked first and
/// costs no storage read.
abstract contract Authority is VaultStorage {
    uint256 internal constant RIGHT_DEPOSIT = 1;
    uint256 internal constant RIGHT_WITHDRAW = 2;
    uint256 internal constant RIGHT_BORROW = 4;
    uint256 internal constant RIGHT_SEND = 8;
    uint256 internal constant RIGHT_REUSE = 16;
    uint256 internal constant ALL_RIGHTS = 31;

    /// the rights of the caller on an account
    function _rightsOn(AccountId account) private view returns (uint256) {
        if (_isOwner(account)) return ALL_RIGHTS;
        OperatorGrant grant = operators[account][msg.sender];
        return _isInForce(account, grant) ? grant.rights() : 0;
    }

    function _isOwner(AccountId account) internal view returns (bool) {
        return account.ownerOf() == msg.sender;
    }

    /// neither expired nor voided by a lockdown
    function _isInForce(AccountId account, OperatorGrant grant) internal view returns (bool) {
        return grant.expiresAt() > block.timestamp && grant.epoch() == epochs[account];
    }

    function _authorise(AccountId account, uint256 right) internal view {
        require(_rightsOn(account) & right != 0, IAccountLedger.NotPermitted(account, msg.sender, right));
    }

    /// as above, and a receiver other than the owner needs SEND; says whether the caller is an operator
    function _authoriseTo(AccountId account, uint256 right, address receiver) internal view returns (bool isOperator) {
        address owner = account.ownerOf();
        require(receiver != address(0), IAccountLedger.ZeroReceiver());
        if (msg.sender == owner) return false;
        uint256 rights = _rightsOn(account);
        require(rights & right != 0, IAccountLedger.NotPermitted(account, msg.sender, right));
        require(
            receiver == owner || rights & RIGHT_SEND != 0,
            IAccountLedger.ReceiverNotOwner(account, msg.sender, receiver)
        );
        return true;
    }

    /// what an operator takes out counts against its allowance; the maximum never ends
    function _drawAllowance(AccountId account, address asset, uint256 assets) internal {
        OperatorGrant grant = operators[account][msg.sender];
        if (!grant.isLimited()) return;
        uint256 key = grant.allowanceKey(asset);
        uint256 left = allowances[account][msg.sender][key];
        if (left == type(uint256).max) return;
        require(assets <= left, IAuthority.AllowanceExceeded(account, msg.sender, asset, assets, left));
        left -= assets;
        allowances[account][msg.sender][key] = left;
        emit IAuthority.AllowanceDrawn(account, msg.sender, asset, assets, left);
    }

    /// coverage that an operator who calls leaves at least; 0 for none [bps]
    function _leastCoverageBps(AccountId account) internal view returns (uint256) {
        return operators[account][msg.sender].leastCoverageBps();
    }
}
