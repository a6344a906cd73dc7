// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Health} from "../../contracts/types/Snapshot.sol";
import {Acts} from "./Acts.sol";
import {Sight} from "./World.sol";

/// What owners do with their accounts.
abstract contract OwnerActs is Acts {
    function deposit(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        (which, amount) = (which % 3, _collateralAmount(which % 3, amount));
        cast.collaterals[which].mint(cast.owners[owner], amount);
        bytes memory payload = abi.encodeCall(
            cast.vault.deposit,
            (_accountOf(owner), address(cast.collaterals[which]), amount)
        );
        if (_does(cast.owners[owner], payload)) ++reached.deposits;
        _judge(before, Actor.OWNER, owner);
    }

    function withdraw(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        which %= 3;
        amount = amount % 8 == 0 ? type(uint256).max : _collateralAmount(which, amount);
        bytes memory payload = abi.encodeCall(
            cast.vault.withdraw,
            (_accountOf(owner), address(cast.collaterals[which]), amount, cast.owners[owner])
        );
        if (_does(cast.owners[owner], payload)) ++reached.withdrawals;
        _judge(before, Actor.OWNER, owner);
    }

    /// often close to the initial line, where the protocol is interesting
    function borrow(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        which %= 2;
        Health memory opening = before.accounts[owner].account.opening;
        if (amount % 4 == 0 || opening.coverInitial <= opening.requirement) amount = _cashAmount(which, amount);
        else {
            amount = ((opening.coverInitial - opening.requirement) * bound(amount, 85, 101)) / 100;
            if (which == 0) amount /= 1e12;
        }
        bytes memory payload = abi.encodeCall(
            cast.vault.borrow,
            (_accountOf(owner), PoolId.wrap(uint8(which)), amount, cast.owners[owner])
        );
        if (_does(cast.owners[owner], payload)) ++reached.borrowings;
        _judge(before, Actor.OWNER, owner);
    }

    /// more collateral, and all that the initial line then allows, but for a little
    function leverage(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        (uint256 collateral, uint256 pool) = (which % 3, (which / 3) % 2);
        amount = _collateralAmount(collateral, amount);
        cast.collaterals[collateral].mint(cast.owners[owner], amount);
        uint256 assets = _almostAll(before.accounts[owner].account.opening, collateral, amount);
        if (pool == 0) assets = assets / 1e12 + 1;
        bytes memory payload = abi.encodeCall(
            cast.vault.depositAndBorrow,
            (
                _accountOf(owner),
                address(cast.collaterals[collateral]),
                amount,
                PoolId.wrap(uint8(pool)),
                assets,
                cast.owners[owner]
            )
        );
        if (_does(cast.owners[owner], payload)) ++reached.borrowings;
        _judge(before, Actor.OWNER, owner);
    }

    function repay(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        which = _owedBy(before, owner, which);
        amount = amount % 8 == 0 ? type(uint256).max : _cashAmount(which, amount) / 8 + 1;
        (, uint256 owed) = cast.vault.debtOf(_accountOf(owner), PoolId.wrap(uint8(which)));
        cast.cash[which].mint(cast.owners[owner], owed);
        bytes memory payload = abi.encodeCall(cast.vault.repay, (_accountOf(owner), PoolId.wrap(uint8(which)), amount));
        if (_does(cast.owners[owner], payload)) ++reached.repayments;
        _judge(before, Actor.OWNER, owner);
    }

    /// two or three steps of any kind, in any order
    function batch(uint256 owner, uint256 kinds, uint256[3] memory amounts) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2 + ((kinds >> 248) % 2));
        for (uint256 i; i < steps.length; ++i) {
            uint256 kind = (kinds >> (8 * i)) & 3;
            uint256 which = (kinds >> (8 * i + 4)) & 7;
            uint256 amount = kind < 2 ? _collateralAmount(which % 3, amounts[i]) : _cashAmount(which % 2, amounts[i]);
            if (kind == 0) cast.collaterals[which % 3].mint(cast.owners[owner], amount);
            if (kind == 3) cast.cash[which % 2].mint(cast.owners[owner], amount);
            steps[i] = IAccountLedger.Step({
                kind: IAccountLedger.StepKind(kind),
                asset: address(cast.collaterals[which % 3]),
                pool: PoolId.wrap(uint8(which % 2)),
                assets: amount,
                receiver: cast.owners[owner]
            });
        }
        if (_does(cast.owners[owner], abi.encodeCall(cast.vault.batch, (_accountOf(owner), steps)))) ++reached.batches;
        _judge(before, Actor.OWNER, owner);
    }

    /// one collateral for another, often of about the same value
    function substitute(uint256 owner, uint256 pair, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        address outgoing = _plainOf(before, owner, pair);
        // under a call only what is stronger comes in
        uint256 incoming = before.accounts[owner].account.callState != 0 ? 1 : (pair / 3) % 3;
        uint256 outAmount = _collateralAmount(_placeOf(outgoing), amount);
        uint256 inAmount =
            pair % 4 == 0
                ? _collateralAmount(incoming, amount / 7)
                : ((_dollars(_placeOf(outgoing), outAmount) * bound(amount, 98, 150)) / 100 / _dollars(incoming, 1e6)) *
                    1e6 +
                    1;
        cast.collaterals[incoming].mint(cast.owners[owner], inAmount);
        ISubstitution.Amount[] memory ins = new ISubstitution.Amount[](1);
        ISubstitution.Amount[] memory outs = new ISubstitution.Amount[](1);
        ins[0] = ISubstitution.Amount({asset: address(cast.collaterals[incoming]), assets: inAmount});
        outs[0] = ISubstitution.Amount({asset: outgoing, assets: outAmount});
        bytes memory payload = abi.encodeCall(cast.vault.substitute, (_accountOf(owner), ins, outs));
        if (_does(cast.owners[owner], payload)) {
            ++reached.substitutions;
            if (before.accounts[owner].account.callState != 0) ++reached.substitutionsUnderCall;
        }
        _judge(before, Actor.OWNER, owner);
    }

    /// a collateral that is no sleeve's share
    function _plainOf(Sight memory sight, uint256 owner, uint256 pick) internal view returns (address) {
        for (uint256 i; i < 3; ++i) {
            uint256 c = ((pick % 3) + i) % 3;
            if (sight.accounts[owner].holdings[2 + c] != 0) return address(cast.collaterals[c]);
        }
        return address(cast.collaterals[0]);
    }

    function _placeOf(address asset) internal view returns (uint256 place) {
        while (address(cast.collaterals[place]) != asset) ++place;
    }

    /// value of an amount at spot, in the feed's eight decimals more
    function _dollars(uint256 which, uint256 amount) internal view returns (uint256) {
        (, int256 answer, , , ) = cast.feeds[2 + which].latestRoundData();
        return amount * uint256(answer) * (which == 1 ? 1e10 : 1);
    }

    /// 97 % of what the initial line allows when `amount` of a collateral has come in, at a credit of 66 % [value]
    function _almostAll(Health memory opening, uint256 collateral, uint256 amount) private view returns (uint256) {
        (, int256 answer, , , ) = cast.feeds[2 + collateral].latestRoundData();
        uint256 value = collateral == 1 ? amount * uint256(answer) * 100 : (amount * uint256(answer)) / 1e8;
        uint256 cover = opening.coverInitial + (value * 66) / 100;
        return cover > opening.requirement ? ((cover - opening.requirement) * 97) / 100 : 1;
    }
}
