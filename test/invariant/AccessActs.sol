// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {ReuseActs} from "./ReuseActs.sol";
import {Sight} from "./World.sol";

/// Operators within their bounds, and without them after a lockdown.
abstract contract AccessActs is ReuseActs {
    uint256 private constant SWAP_RIGHTS = 11; // DEPOSIT, WITHDRAW and SEND

    /// What an operator is bound by, before it acts.
    struct Bounds {
        bool isInForce;
        bool isLimited;
        uint256 rights;
        uint256 leastCoverageBps;
        uint256 leftAssets; // of the token that it acts on
    }

    /// rights of any kind, to take out some of one token, down to a coverage; and the swappers' again
    function appoint(uint256 owner, uint256 rights, uint256 allowance) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        IAuthority.Allowance[] memory list = new IAuthority.Allowance[](allowance % 4 == 0 ? 0 : 1);
        if (list.length != 0) {
            bool isCash = allowance % 4 == 1;
            list[0].asset = isCash ? address(cast.cash[0]) : address(cast.collaterals[0]);
            list[0].assets = isCash ? bound(allowance, 0, 20_000e6) : bound(allowance, 0, 10e18);
        }
        IAuthority.OperatorTerms memory terms = IAuthority.OperatorTerms({
            rights: rights % 32 | (rights % 3 == 0 ? 31 : 0),
            expiresAt: block.timestamp + bound(rights, 1 hours, 3 days),
            leastCoverageBps: (allowance % 3) * 110_00,
            allowances: list
        });
        AccountId account = _accountOf(owner);
        _does(cast.owners[owner], abi.encodeCall(cast.vault.setOperatorTerms, (account, custody.operator, terms)));
        _permitSwappers(owner);
        _judge(before, Actor.OWNER, owner);
    }

    function _permitSwappers(uint256 owner) private {
        for (uint256 s; s < 2; ++s)
            _does(
                cast.owners[owner],
                abi.encodeCall(
                    cast.vault.setOperator,
                    (_accountOf(owner), address(custody.swappers[s]), SWAP_RIGHTS, block.timestamp + 30 days)
                )
            );
    }

    /// C10, C11, C12: what it takes counts, to the unit; it leaves the coverage that it must; nothing without rights
    function operate(uint256 owner, uint256 kind, uint256 amount) external {
        (owner, kind) = (owner % 4, kind % 4);
        address token = kind == 2 ? address(cast.cash[0]) : address(cast.collaterals[0]);
        Bounds memory bounds = _boundsOn(owner, token);
        if (kind == 3) {
            bool isMoved = _setReuse(custody.operator, owner, 0, bound(amount, 0, 100_00));
            _promise(!isMoved || (bounds.isInForce && bounds.rights & 16 != 0), "C12: reuse without a right");
            if (isMoved) ++custodyReached.operated;
            return;
        }
        Sight memory before = _lookBefore();
        amount = kind == 2 ? bound(amount, 1, 15_000e6) : bound(amount, 1, 6e18);
        // one sends to itself
        address receiver = kind == 1 ? custody.operator : cast.owners[owner];
        bytes memory payload =
            kind == 2
                ? abi.encodeCall(cast.vault.borrow, (_accountOf(owner), PoolId.wrap(0), amount, receiver))
                : abi.encodeCall(cast.vault.withdraw, (_accountOf(owner), token, amount, receiver));
        bool success = _does(custody.operator, payload);
        _judge(before, Actor.OWNER, owner);
        if (success) _checkOperated(owner, token, bounds, kind, amount);
        else _promise(_boundsOn(owner, token).leftAssets == bounds.leftAssets, "C10: a refusal cost something");
    }

    function _checkOperated(uint256 owner, address token, Bounds memory bounds, uint256 kind, uint256 amount) private {
        ++custodyReached.operated;
        uint256 needed =
            kind == 2
                ? 4
                : kind == 1
                    ? 10
                    : 2;
        _promise(bounds.isInForce && bounds.rights & needed == needed, "C12: an operator acted without a right");
        if (bounds.isLimited)
            _promise(
                _boundsOn(owner, token).leftAssets + amount == bounds.leftAssets,
                "C10: what an operator took was not counted"
            );
        (uint256 cover, uint256 requirement) = _coverageOf(owner);
        _promise(cover * 1e4 >= requirement * bounds.leastCoverageBps, "C11: an operator left too little coverage");
    }

    function _coverageOf(uint256 owner) private view returns (uint256, uint256) {
        Sight memory sight = _lookBefore();
        return (sight.accounts[owner].account.row.coverMaintenance, sight.accounts[owner].account.row.requirement);
    }

    function _boundsOn(uint256 owner, address token) private view returns (Bounds memory bounds) {
        AccountId account = _accountOf(owner);
        address operator = custody.operator;
        (bounds.isInForce, bounds.leastCoverageBps, bounds.isLimited) = cast.vault.boundsOf(account, operator);
        (bounds.rights, ) = cast.vault.operatorOf(account, operator);
        bounds.leftAssets = cast.vault.allowanceOf(account, operator, token);
    }

    /// C12: nobody but the owner is left
    function lockdown(uint256 owner) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        if (_does(cast.owners[owner], abi.encodeCall(cast.vault.lockdown, (_accountOf(owner))))) {
            ++custodyReached.lockdowns;
            address[3] memory all = [custody.operator, address(custody.swappers[0]), address(custody.swappers[1])];
            for (uint256 i; i < 3; ++i) {
                (uint256 rights, ) = cast.vault.operatorOf(_accountOf(owner), all[i]);
                _promise(rights == 0, "C12: an operator outlived a lockdown");
            }
        }
        _judge(before, Actor.OWNER, owner);
    }
}
