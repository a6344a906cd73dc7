// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Health} from "../../contracts/types/Snapshot.sol";
import {Cast, Sight, World} from "./World.sol";
import {Sums} from "./Sums.sol";

/// What a campaign may do. No action reverts: what the protocol refuses is counted as refused, and a refusal for a reason that no
/// interface declares is a broken promise.
contract Handler is Sums {
    /// How often something really happened.
    struct Reached {
        uint256 deposits;
        uint256 withdrawals;
        uint256 borrowings;
        uint256 repayments;
        uint256 batches;
        uint256 calls;
        uint256 pauses;
        uint256 cures;
        uint256 liquidations;
        uint256 writeOffs;
        uint256 losses;
        uint256 priceFalls;
        uint256 refused;
    }

    Reached public reached;
    bool private immutable isCalm; // prices do not move
    bool[5] private isStale;
    uint256[4] private restedAt;

    constructor(Cast memory newCast, bool calm) World(newCast) {
        isCalm = calm;
    }

    function counts() external view returns (Reached memory) {
        return reached;
    }

    // ---- owners ----

    function deposit(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _look();
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
        Sight memory before = _look();
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
        Sight memory before = _look();
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

    function repay(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _look();
        which = _owedBy(before, owner, which);
        amount = amount % 4 == 0 ? type(uint256).max : _cashAmount(which, amount) / 4;
        (, uint256 owed) = cast.vault.debtOf(_accountOf(owner), PoolId.wrap(uint8(which)));
        cast.cash[which].mint(cast.owners[owner], owed);
        bytes memory payload = abi.encodeCall(
            cast.vault.repay,
            (_accountOf(owner), PoolId.wrap(uint8(which)), amount)
        );
        if (_does(cast.owners[owner], payload)) ++reached.repayments;
        _judge(before, Actor.OWNER, owner);
    }

    /// two or three steps of any kind, in any order
    function batch(uint256 owner, uint256 kinds, uint256[3] memory amounts) external {
        owner %= 4;
        Sight memory before = _look();
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2 + (kinds >> 248) % 2);
        for (uint256 i; i < steps.length; ++i) {
            uint256 kind = (kinds >> (8 * i)) & 3;
            uint256 which = (kinds >> (8 * i + 4)) & 7;
            uint256 amount = kind < 2
                ? _collateralAmount(which % 3, amounts[i])
                : _cashAmount(which % 2, amounts[i]);
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
        // not `_does`: what a batch borrows is not yet owed to the pool when its repayments come in, so one that repays more
        // than all owed before is refused by an underflow
        vm.prank(cast.owners[owner]);
        (bool success, ) = address(cast.vault).call(
            abi.encodeCall(cast.vault.batch, (_accountOf(owner), steps))
        );
        if (success) ++reached.batches;
        else ++reached.refused;
        _judge(before, Actor.OWNER, owner);
    }

    // ---- strangers and lenders ----

    function meddle(uint256 owner, uint256 which, uint256 amount) external {
        Sight memory before = _look();
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
        Sight memory before = _look();
        cast.collaterals[which % 3].mint(address(cast.vault), _collateralAmount(which % 3, amount));
        cast.cash[which % 2].mint(address(cast.pools[which % 2]), _cashAmount(which % 2, amount));
        _judge(before, Actor.STRANGER, 4);
    }

    function lend(uint256 lender, uint256 which, uint256 amount) external {
        Sight memory before = _look();
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
        Sight memory before = _look();
        (lender, which) = (lender % 2, which % 2);
        uint256 most = cast.pools[which].maxRedeem(cast.lenders[lender]);
        uint256 shares = part % 8 == 0 ? most : bound(part, 0, most);
        vm.prank(cast.lenders[lender]);
        (bool success, bytes memory answer) = address(cast.pools[which]).call(
            abi.encodeCall(
                cast.pools[which].redeem,
                (shares, cast.lenders[lender], cast.lenders[lender])
            )
        );
        _refused(success, answer);
        _promise(success || shares < 2e6, "D: maxRedeem could not be redeemed");
        _judge(before, Actor.LENDER, 4);
    }

    // ---- keepers ----

    function issue(uint256 owner) external {
        (bool isFound, uint256 due) = _firstWith(owner, IVaultLens.AccountStatus.CALLABLE);
        owner = isFound ? due : owner % 4;
        Sight memory before = _look();
        if (_does(cast.keeper, abi.encodeCall(cast.vault.issueMarginCall, (_accountOf(owner))))) ++reached.calls;
        _judge(before, Actor.KEEPER, 4);
    }

    function clear(uint256 owner) external {
        (bool isFound, uint256 due) = _firstWith(owner, IVaultLens.AccountStatus.PAUSED);
        owner = isFound ? due : owner % 4;
        Sight memory before = _look();
        _does(cast.stranger, abi.encodeCall(cast.vault.clearMarginCall, (_accountOf(owner))));
        _judge(before, Actor.KEEPER, 4);
    }

    function upkeep() external {
        Sight memory before = _look();
        uint256[] memory ids = new uint256[](5);
        for (uint256 i; i < 5; ++i) ids[i] = i;
        cast.vault.updateSlowAverages(ids);
        _judge(before, Actor.KEEPER, 4);
    }

    function liquidate(uint256 owner, uint256 pair, uint256 most) external {
        (bool isFound, uint256 due) = _firstWith(owner, IVaultLens.AccountStatus.LIQUIDATABLE);
        owner = isFound ? due : owner % 4;
        Sight memory before = _look();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](2);
        for (uint256 i; i < 2; ++i) {
            legs[i] = ILiquidation.Leg({
                asset: _heldBy(before, owner, pair + i),
                pool: PoolId.wrap(uint8(_owedBy(before, owner, pair + i))),
                maxRepaidAssets: most % 3 == 0 ? type(uint256).max : _cashAmount(_owedBy(before, owner, pair + i), most),
                minimumOut: 0
            });
        }
        bytes memory payload = abi.encodeCall(
            cast.vault.liquidate,
            (
                _accountOf(owner),
                legs,
                before.accounts[owner].account.row.liquidations,
                block.timestamp,
                cast.keeper,
                ""
            )
        );
        bool success = _does(cast.keeper, payload);
        if (success) ++reached.liquidations;
        _judge(before, success ? Actor.LIQUIDATOR : Actor.KEEPER, owner);
    }

    function writeOff(uint256 owner) external {
        (bool isFound, uint256 due) = _firstWith(owner, IVaultLens.AccountStatus.INSOLVENT);
        owner = isFound ? due : owner % 4;
        Sight memory before = _look();
        IVaultLens.AccountView memory account = before.accounts[owner].account;
        uint256[] memory most = new uint256[](account.snapshot.debts.length);
        for (uint256 j; j < most.length; ++j) most[j] = type(uint256).max;
        uint256[] memory least = new uint256[](account.snapshot.collaterals.length);
        vm.prank(cast.keeper);
        (bool success, bytes memory answer) = address(cast.vault).call(
            abi.encodeCall(
                cast.vault.writeOff,
                (
                    _accountOf(owner),
                    account.row.liquidations,
                    most,
                    least,
                    block.timestamp,
                    cast.keeper,
                    ""
                )
            )
        );
        _refused(success, answer);
        if (success) _countLosses(before, answer);
        _judge(before, success ? Actor.UNDERTAKER : Actor.KEEPER, owner);
    }

    /// A7: lenders lose exactly what the fee reserve could not bear
    function _countLosses(Sight memory before, bytes memory answer) private {
        ++reached.writeOffs;
        (, ILiquidation.Settled[] memory settled) = abi.decode(answer, (ILiquidation.Taken[], ILiquidation.Settled[]));
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

    // ---- nature ----

    function move(uint256 which, uint256 bps) external {
        Sight memory before = _look();
        which = isCalm ? 0 : which % 12 < 2 ? which % 12 : 2 + (which % 3);
        (, int256 answer, , , ) = cast.feeds[which].latestRoundData();
        uint256 price = uint256(answer);
        uint256[5] memory starts = [uint256(1e8), 1e8, 2_000e8, 60_000e8, 15e8];
        uint256 highest = which < 2 ? 1.02e8 : starts[which] * 3;
        uint256 lowest = which < 2 ? 0.98e8 : starts[which] / 3;
        if (isCalm) bps = 10_000;
        else bps = which < 2 ? bound(bps, 99_00, 101_00) : bound(bps, 85_00, 118_00);
        price = (price * bps) / 10_000;
        if (price > highest) price = highest;
        // what has fallen far comes back, so that a campaign does not end on the floor
        if (price < lowest) price = which < 2 ? lowest : starts[which];
        if (price < uint256(answer)) ++reached.priceFalls;
        cast.feeds[which].push(int192(uint192(price)), uint64(block.timestamp));
        _judge(before, Actor.NATURE, 4);
    }

    /// the whole market falls, or comes back
    function crash(uint256 random) external {
        if (isCalm) return;
        Sight memory before = _look();
        uint256[3] memory starts = [uint256(2_000e8), 60_000e8, 15e8];
        for (uint256 i; i < 3; ++i) {
            (, int256 answer, , , ) = cast.feeds[2 + i].latestRoundData();
            uint256 price = (uint256(answer) * bound(random, 75_00, 99_00)) / 10_000;
            if (price < starts[i] / 4) price = starts[i];
            else ++reached.priceFalls;
            cast.feeds[2 + i].push(int192(uint192(price)), uint64(block.timestamp));
        }
        _judge(before, Actor.NATURE, 4);
    }

    /// one collateral at a time may have a feed that says nothing new
    function silence(uint256 which) external {
        if (isCalm) return;
        uint256 old = 2 + (which % 3);
        for (uint256 i = 2; i < 5; ++i) isStale[i] = i == old && which % 3 == 0;
    }

    function pass(uint256 elapsedFor) external {
        Sight memory before = _look();
        elapsedFor = elapsedFor % 16 == 0 ? 1 days : bound(elapsedFor, 1, 2 hours);
        skip(isCalm ? elapsedFor % 60 : elapsedFor);
        for (uint256 i; i < 5; ++i) {
            if (isStale[i]) continue;
            (, int256 answer, , , ) = cast.feeds[i].latestRoundData();
            cast.feeds[i].push(int192(answer), uint64(block.timestamp));
        }
        _judge(before, Actor.NATURE, 4);
    }

    // ---- helpers ----

    function _judge(Sight memory before, Actor actor, uint256 subject) internal {
        Sight memory present = _look();
        _compare(before, present, actor, subject);
        for (uint256 i; i < 4; ++i) {
            uint256 old = before.accounts[i].account.callState;
            uint256 now_ = present.accounts[i].account.callState;
            if (old != 2 && now_ == 2) (restedAt[i], reached.pauses) = (block.timestamp, reached.pauses + 1);
            if (old != 0 && now_ == 0) ++reached.cures;
        }
    }

    function _hasRested(IVaultLens.AccountView memory old) internal view override returns (bool) {
        for (uint256 i; i < 4; ++i) {
            if (old.row.account == _accountOf(i)) return block.timestamp - restedAt[i] >= 24 hours;
        }
        return false;
    }

    function _does(address actor, bytes memory payload) private returns (bool success) {
        bytes memory answer;
        vm.prank(actor);
        (success, answer) = address(cast.vault).call(payload);
        _refused(success, answer);
    }

    /// a refusal has a reason: never a panic, never nothing
    function _refused(bool success, bytes memory answer) private {
        if (success) return;
        ++reached.refused;
        _promise(answer.length >= 4, "a refusal without a reason");
        _promise(bytes4(answer) != 0x4e487b71, "a panic");
    }

    function _firstWith(uint256 start, IVaultLens.AccountStatus status) private view returns (bool, uint256) {
        for (uint256 i; i < 4; ++i) {
            uint256 owner = (start % 4 + i) % 4;
            if (cast.vault.accountOf(_accountOf(owner)).row.status == status) return (true, owner);
        }
        return (false, 0);
    }

    function _heldBy(Sight memory sight, uint256 owner, uint256 pick) private view returns (address) {
        for (uint256 i; i < 3; ++i) {
            uint256 c = (pick % 3 + i) % 3;
            if (sight.accounts[owner].holdings[c] != 0) return address(cast.collaterals[c]);
        }
        return address(cast.collaterals[0]);
    }

    function _owedBy(Sight memory sight, uint256 owner, uint256 pick) private pure returns (uint256) {
        uint256 p = (pick / 3) % 2;
        return sight.accounts[owner].shares[p] != 0 ? p : 1 - p;
    }

    /// up to about 15,000 dollars of collateral
    function _collateralAmount(uint256 which, uint256 amount) private pure returns (uint256) {
        uint256[3] memory most = [uint256(8e18), 25e6, 1_000e18];
        return bound(amount, 1, most[which]);
    }

    function _cashAmount(uint256 which, uint256 amount) private pure returns (uint256) {
        return which == 0 ? bound(amount, 1, 60_000e6) : bound(amount, 1, 60_000e18);
    }
}
