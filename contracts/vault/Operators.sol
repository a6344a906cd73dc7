// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IAuthority} from "../interfaces/IAuthority.sol";
import {AccountId} from "../types/AccountId.sol";
import {OperatorGrant, OperatorGrantLib} from "../types/OperatorGrant.sol";
import {Authority} from "./Authority.sol";

/// Where owners appoint operators and are rid of them.
abstract contract Operators is Authority, IAuthority {
    /// @inheritdoc IAuthority
    function setOperator(AccountId account, address operator, uint256 rights, uint256 expiresAt) external nonReentrant {
        _requireOwner(account);
        _setOperator(account, operator, OperatorTerms(rights, expiresAt, 0, new Allowance[](0)));
    }

    /// @inheritdoc IAuthority
    function setOperatorTerms(AccountId account, address operator, OperatorTerms calldata terms) external nonReentrant {
        _requireOwner(account);
        _setOperator(account, operator, terms);
    }

    function _requireOwner(AccountId account) internal view {
        require(_isOwner(account), IAccountLedger.NotPermitted(account, msg.sender, ALL_RIGHTS));
    }

    /// A new number leaves no allowance of earlier terms, also where nothing else is left of them
    function _setOperator(AccountId account, address operator, OperatorTerms memory terms) internal {
        uint256 number = operators[account][operator].number() + 1;
        if (terms.rights == 0) {
            // nothing is given: nothing bounds it
            terms = OperatorTerms(0, 0, 0, new Allowance[](0));
        } else {
            _requireValid(operator, terms);
        }
        OperatorGrant grant = OperatorGrantLib.toOperatorGrant(
            terms.rights,
            terms.expiresAt,
            epochs[account],
            terms.leastCoverageBps,
            number,
            terms.allowances.length != 0
        );
        operators[account][operator] = grant;
        for (uint256 i; i < terms.allowances.length; ++i) {
            allowances[account][operator][grant.allowanceKey(terms.allowances[i].asset)] = terms.allowances[i].assets;
        }
        emit OperatorSet(account, operator, terms);
    }

    function _requireValid(address operator, OperatorTerms memory terms) private view {
        (uint256 rights, uint256 expiresAt) = (terms.rights, terms.expiresAt);
        require(
            rights <= ALL_RIGHTS && expiresAt > block.timestamp && expiresAt <= type(uint40).max,
            OperatorInvalid(operator, rights, expiresAt)
        );
        uint256 mostBps = OperatorGrantLib.MAX_COVERAGE_BPS;
        require(terms.leastCoverageBps <= mostBps, LeastCoverageTooHigh(operator, terms.leastCoverageBps, mostBps));
        address previous;
        for (uint256 i; i < terms.allowances.length; ++i) {
            address asset = terms.allowances[i].asset;
            require(asset > previous, AllowancesUnsorted(operator, asset, previous));
            previous = asset;
        }
    }

    /// @inheritdoc IAuthority
    function lockdown(AccountId account) external nonReentrant returns (uint256 epoch) {
        _requireOwner(account);
        epoch = ++epochs[account];
        emit LockedDown(account, epoch);
    }

    // ---- views ----

    /// @inheritdoc IAuthority
    function boundsOf(
        AccountId account,
        address operator
    ) external view returns (bool isInForce, uint256 leastCoverageBps, bool isLimited) {
        OperatorGrant grant = operators[account][operator];
        return (_isInForce(account, grant), grant.leastCoverageBps(), grant.isLimited());
    }

    /// @inheritdoc IAuthority
    function allowanceOf(AccountId account, address operator, address asset) external view returns (uint256) {
        return allowances[account][operator][operators[account][operator].allowanceKey(asset)];
    }

    /// @inheritdoc IAuthority
    function epochOf(AccountId account) external view returns (uint256) {
        return epochs[account];
    }
}
