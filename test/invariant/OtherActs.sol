// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Acts} from "./Acts.sol";
import {Sight} from "./World.sol";

/// What strangers, lenders and keepers do.
abstract contract OtherActs is Acts {
    // ---- strangers and lenders ----

    function meddle(uint256 owner, uint256 which, uint256 amount) external {
        Sight memory before = _lookBefore();
        AccountId account = _accountOf(owner);
        address asset = address(cast.collaterals[which % 3]);
        PoolId pool = PoolId.wrap(uint8(which % 2));
        amount = _collateralAmount(which % 3, amount);
        cast.collaterals[which % 3].mint(cast.stranger, amount);
        cast.cash[which % 2].mint(cast.stranger, 200e6);
        _does(cast.stranger, abi.encodeCall(cast.vault.withdraw, (account, asset, amount, cast.stranger)));
        _does(cast.stranger, abi.encodeCall(cast.vault.borrow, (account, pool, amount, cast.stranger)));
        _does(cast.stranger, abi.encodeCall(cast.vault.deposit, (account, asset, amount)));
        _does(cast.stranger, abi.encodeCall(cast.vault.repay, (account, pool, 150e6)));
        _judge(before, Actor.STRANGER, 4);
    }

    function donate(uint256 which, uint256 amount) external {
        Sight memory before = _lookBefore();
        uint256 gift = _collateralAmount(which % 3, amount);
        cast.collaterals[which % 3].mint(address(cast.vault), gift);
        given[2 + (which % 3)] += gift;
        cast.cash[which % 2].mint(address(cast.pools[which % 2]), _cashAmount(which % 2, amount));
        _judge(before, Actor.STRANGER, 4);
    }

    /// C14: what nobody is owed leaves, to the unit, and nothing else
    function recover(uint256 which, uint256 amount) external {
        Sight memory before = _lookBefore();
        address asset = address(cast.collaterals[which % 3]);
        if (amount % 4 != 0)
            cast.collaterals[which % 3].mint(address(cast.vault), _collateralAmount(which % 3, amount));
        (uint256 owed, uint256 held) = cast.vault.reservesOf(asset);
        bool success = _does(address(this), abi.encodeCall(cast.vault.recover, (asset, cast.stranger)));
        _promise(success == (held > owed), "C14: a recovery of nothing, or a refused one");
        (uint256 owedNow, uint256 heldNow) = cast.vault.reservesOf(asset);
        given[2 + (which % 3)] = 0;
        _promise(owedNow == owed && heldNow == owed, "C14: a recovery took what is owed, or left what is not");
        _judge(before, Actor.STRANGER, 4);
    }

    function lend(uint256 lender, uint256 which, uint256 amount) external {
        Sight memory before = _lookBefore();
        (lender, which) = (lender % 2, which % 2);
        amount = _cashAmount(which, amount);
        cast.cash[which].mint(cast.lenders[lender], amount);
        vm.prank(cast.lenders[lender]);
        (bool success, bytes memory answer) = address(cast.pools[which]).call(
            abi.encodeCall(cast.pools[which].deposit, (amount, cast.lenders[lender]))
        );
        _refused(success, answer);
        _judge(before, Actor.LENDER, 4);
    }

    function unlend(uint256 lender, uint256 which, uint256 part) external {
        Sight memory before = _lookBefore();
        (lender, which) = (lender % 2, which % 2);
        uint256 most = cast.pools[which].maxRedeem(cast.lenders[lender]);
        uint256 shares = part % 8 == 0 ? most : bound(part, 0, most);
        bool isWorthless = cast.pools[which].previewRedeem(shares) == 0;
        vm.prank(cast.lenders[lender]);
        (bool success, bytes memory answer) = address(cast.pools[which]).call(
            abi.encodeCall(cast.pools[which].redeem, (shares, cast.lenders[lender], cast.lenders[lender]))
        );
        _refused(success, answer);
        _promise(success || isWorthless, "D: maxRedeem could not be redeemed");
        _judge(before, Actor.LENDER, 4);
    }

    // ---- keepers ----

    function issue(uint256 owner) external {
        Sight memory before = _lookBefore();
        owner = _firstWith(before, owner, IVaultLens.AccountStatus.CALLABLE);
        if (_does(cast.keeper, abi.encodeCall(cast.vault.issueMarginCall, (_accountOf(owner))))) ++reached.calls;
        _judge(before, Actor.KEEPER, 4);
    }

    function clear(uint256 owner) external {
        Sight memory before = _lookBefore();
        owner = _firstWith(before, owner, IVaultLens.AccountStatus.PAUSED);
        _does(cast.stranger, abi.encodeCall(cast.vault.clearMarginCall, (_accountOf(owner))));
        _judge(before, Actor.KEEPER, 4);
    }

    function upkeep() external {
        Sight memory before = _lookBefore();
        uint256[] memory ids = new uint256[](5);
        for (uint256 i; i < 5; ++i) ids[i] = i;
        cast.vault.updateSlowAverages(ids);
        _judge(before, Actor.KEEPER, 4);
    }

    function liquidate(uint256 owner, uint256 pair, uint256 most) external {
        Sight memory before = _lookBefore();
        owner = _firstWith(before, owner, IVaultLens.AccountStatus.LIQUIDATABLE);
        pair %= 210;
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        for (uint256 i; i < 2; ++i) {
            legs[i] = ILiquidation.Leg({
                asset: _heldBy(before, owner, pair + i),
                pool: PoolId.wrap(uint8(_owedBy(before, owner, pair + i))),
                maxRepaidAssets: most % 3 == 0
                    ? type(uint256).max
                    : _cashAmount(_owedBy(before, owner, pair + i), most),
                minimumOut: 0
            });
        }
        bytes memory payload = abi.encodeCall(
            cast.vault.liquidate,
            (_accountOf(owner), legs, before.accounts[owner].account.row.liquidations, block.timestamp, cast.keeper, "")
        );
        bool success = _does(cast.keeper, payload);
        if (success) ++reached.liquidations;
        _judge(before, success ? Actor.LIQUIDATOR : Actor.KEEPER, owner);
    }

    /// what the pools know of an insolvent account, and of one that is not any more
    function flagLoss(uint256 owner) external {
        Sight memory before = _lookBefore();
        owner = _firstWith(before, owner, IVaultLens.AccountStatus.INSOLVENT);
        if (_does(cast.stranger, abi.encodeCall(cast.vault.flagLoss, (_accountOf(owner))))) ++reached.flags;
        _judge(before, Actor.KEEPER, 4);
    }

    function writeOff(uint256 owner) external {
        Sight memory before = _lookBefore();
        owner = _firstWith(before, owner, IVaultLens.AccountStatus.INSOLVENT);
        IVaultLens.AccountView memory account = before.accounts[owner].account;
        uint256[] memory most = new uint256[](account.snapshot.debts.length);
        for (uint256 j; j < most.length; ++j) most[j] = type(uint256).max;
        uint256[] memory least = new uint256[](account.snapshot.collaterals.length);
        vm.prank(cast.keeper);
        (bool success, bytes memory answer) = address(cast.vault).call(
            abi.encodeCall(
                cast.vault.writeOff,
                (_accountOf(owner), account.row.liquidations, most, least, block.timestamp, cast.keeper, "")
            )
        );
        _refused(success, answer);
        if (success) _countLosses(before, answer);
        _judge(before, success ? Actor.UNDERTAKER : Actor.KEEPER, owner);
    }

    /// A7: lenders lose exactly what the fee reserve could not bear
    function _countLosses(Sight memory before, bytes memory answer) private {
        ++reached.writeOffs;
        (, IWriteOff.Settled[] memory settled) = abi.decode(answer, (IWriteOff.Taken[], IWriteOff.Settled[]));
        for (uint256 j; j < settled.length; ++j) {
            uint256 p = settled[j].pool.toUint();
            if (settled[j].lossAssets != 0) ++reached.losses;
            uint256 loss = settled[j].lossAssets;
            uint256 present = cast.pools[p].totalAssets();
            uint256 fromLenders = loss > before.totals[p].feeAssets ? loss - before.totals[p].feeAssets : 0;
            uint256 fell = before.lendersAssets[p] > present ? before.lendersAssets[p] - present : 0;
            _promise(fell <= fromLenders + 1, "A7: lenders lost more than the loss");
            _promise(fell + 1e7 >= fromLenders, "A7: lenders lost less than the loss");
        }
    }
}
