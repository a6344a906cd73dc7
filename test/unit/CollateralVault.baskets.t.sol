// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {LiquidationMath} from "../../contracts/libraries/LiquidationMath.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {RiskParameters} from "../../contracts/types/RiskParameters.sol";
import {Deployment} from "../support/Deployment.sol";

// liquidate, given four collaterals with haircuts from 2 % to 60 % and three debts
// ├── whatever legs are chosen: coverage never falls, and what is taken above the debt comes out of the equity
// ├── one pair or another: of those that reach the target none earns more than the one that repays least
// └── the same legs in one call or in up to ten: the calls never pay more in sum
contract CollateralVaultBasketsTest is Deployment {
    uint256 private constant MOST_LEGS = 10;
    PoolId private constant USDT = PoolId.wrap(2);

    AccountId private account;
    MockToken private usdt;
    MockToken private thin; // a haircut of 2 %
    MockToken private thick; // a haircut of 60 %
    MockToken[4] private pledged;
    bool[3] private isOwed; // at the beginning

    /// Where a basket comes from.
    struct Seed {
        uint256[4] dollars; // of each collateral
        uint256[3] shares; // of each debt
        uint256 fall;
        uint256 tilt;
        uint256 place; // of the pair that starts
        uint256[MOST_LEGS] most; // of each leg
    }

    function setUp() public override {
        super.setUp();
        usdt = _token("USDT", 6, 1e8, 0);
        ILendingPool pool = _pool(usdt, "lend USDT", 100e6, 100_000_000e6);
        thin = _token("THIN", 18, 1e8, 100_000_000e18);
        thick = _token("THICK", 8, 50e8, 1_000_000e8);
        PoolId[3] memory pools = [USDC, DAI, USDT];
        for (uint256 i; i < pools.length; ++i) {
            vault.setPair(address(weth), pools[i], _pair(200_000, 150_000, 200_000_000e18, 10_00));
            vault.setPair(address(link), pools[i], _pair(300_000, 220_000, 20_000_000e18, 12_00));
            // 1.012 · (1 − 0.8 · 0.016) is below 1
            vault.setPair(address(thin), pools[i], _pair(25_000, 20_000, 200_000_000e18, 1_00));
            vault.setPair(address(thick), pools[i], _pair(700_000, 600_000, 50_000_000e18, 40_00));
        }
        vault.setDebtFactor(USDT, 1_050_000);
        pledged = [weth, link, thin, thick];
        account = accountOf(bob);
        _approveAll(alice);
        _approveAll(bob);
        _approveAll(carol);
        _approveAll(dave);
        vm.prank(carol);
        usdt.approve(address(pool), ALL);
        lends(carol, pool, 10_000_000e6);
        usdt.mint(dave, 100_000_000e6);
        _fundKeeper();
    }

    function testFuzz_B4_B6_anyLegsOfAnyBasket(Seed memory seed) external {
        if (!_build(seed)) return;
        for (uint256 i; i < MOST_LEGS; ++i) {
            IVaultLens.HealthRow memory before = _rowOf(account);
            (bool success, ) = _acts(_legs(seed, i, 1), false);
            if (!success) continue;
            IVaultLens.HealthRow memory present = _rowOf(account);
            // a closed debt may take the largest haircut of a collateral with it, which only helps
            assertGe(
                present.coverMaintenance * before.requirement,
                before.coverMaintenance * present.requirement,
                "B4: coverage"
            );
            assertTrue(
                int256(present.collateralValue) - int256(present.debtValue) >= -1e12,
                "B6: more than the equity was taken"
            );
        }
    }

    /// found by the test below: what is left of the collateral is too little for the first shape, and the floor of the
    /// second call bound β no more
    function test_X17_theShapeOfALaterCallLiftsNoBound() external {
        Seed memory seed;
        seed.dollars = [uint256(0), 10_736, 0, 18_686];
        seed.dollars[2] = 0x70a0823100000000000000000000000000000000000000000000000000000000;
        seed.shares = [uint256(23_745), 13_563, 14_838];
        (seed.fall, seed.tilt, seed.place) = (6_670, 13_574, 19_662);
        seed.most = [uint256(7_319), 17_416, 15_982, 3_599, 1_684, 16_381, 22_857, 19_405, 2_064, 9_179];
        assertTrue(_paysNoMore(seed, 9), "the basket can be liquidated");
    }

    /// B5, X17: two millionths of a dollar for each leg, as liquidators pay and receive whole units
    function testFuzz_X17_manyCallsPayNoMoreThanOne(Seed memory seed, uint256 count) external {
        _paysNoMore(seed, bound(count, 2, MOST_LEGS));
    }

    /// returns whether the legs can be done
    function _paysNoMore(Seed memory seed, uint256 count) private returns (bool) {
        if (!_build(seed)) return false;
        uint256 id = vm.snapshotState();
        (bool success, int256 whole) = _acts(_legs(seed, 0, count), true);
        if (!success) return false;
        vm.revertToState(id);
        int256 sum;
        for (uint256 i; i < count; ++i) {
            (bool acted, int256 profit) = _acts(_legs(seed, i, 1), true);
            if (acted) sum += profit;
        }
        assertLe(sum, whole + int256(count) * 2e12, "many calls pay more");
        return true;
    }

    /// found by the test below: the narrowest collateral could not be used for the debt of the smallest b, so that
    /// nothing shaped the others to what it earns with another debt
    function test_LIQ9_theNarrowestCollateralWithAnyDebt() external {
        Seed memory seed;
        seed.dollars = [uint256(14_021), 6_129, 0, 19_357];
        seed.dollars[2] = 115792089237316195417293883273301227176546481174193144269979128065981757259774;
        seed.shares = [uint256(14_986), 15_112, 10_250];
        (seed.fall, seed.tilt, seed.place) = (1_630_688_684, 10_779, 14_203);
        assertTrue(_earnsNoMore(seed), "a pair reaches the target");
    }

    /// LIQ-9: unless its own maximum or a cap keeps the pair of the least repayment from its share
    function testFuzz_LIQ9_anotherPairEarnsNoMore(Seed memory seed) external {
        _earnsNoMore(seed);
    }

    /// returns whether a pair reaches the target
    function _earnsNoMore(Seed memory seed) private returns (bool) {
        if (!_build(seed)) return false;
        IVaultLens.HealthRow memory before = _rowOf(account);
        Outcome memory least;
        Outcome memory most;
        for (uint256 i; i < pledged.length; ++i) {
            for (uint8 j; j < 3; ++j) {
                if (seed.dollars[i] == 0 || !isOwed[j]) continue;
                Outcome memory outcome = _reaches(before, i, j);
                if (outcome.repaid == 0) continue;
                if (least.repaid == 0 || outcome.repaid < least.repaid) least = outcome;
                if (outcome.profit > most.profit) most = outcome;
            }
        }
        if (least.repaid == 0 || least.isCapped) return false;
        assertLe(most.profit, least.profit + 4e12 + least.profit / 1e6, "another pair earns more");
        return true;
    }

    /// What one pair alone does.
    struct Outcome {
        uint256 repaid; // [value], 0 when the target is not reached, or more was done than that
        int256 profit; // [value]
        bool isCapped; // by its own maximum or by what the account has
    }

    /// tries one pair, and takes it back
    function _reaches(IVaultLens.HealthRow memory before, uint256 i, uint8 j) private returns (Outcome memory outcome) {
        uint256 id = vm.snapshotState();
        ILiquidation.Leg[] memory legs = new ILiquidation.Leg[](1);
        legs[0] = _leg(pledged[i], PoolId.wrap(j), ALL);
        vm.prank(dave);
        (bool success, bytes memory answer) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, legs, ALL, block.timestamp, dave, ""))
        );
        if (success) {
            ILiquidation.LegReceipt memory receipt = abi.decode(answer, (ILiquidation.LegReceipt[]))[0];
            (outcome.repaid, outcome.profit) = _earned(receipt);
            uint256 ratio = 1e6 + 2 + uint256((outcome.profit * 1e6) / int256(outcome.repaid)) + 50_00;
            outcome.isCapped = ratio >= 1e6 + 50_00 + [uint256(10_00), 12_00, 1_00, 40_00][i] * 100;
            outcome.isCapped = outcome.isCapped || _isCapped(before, receipt, ratio, j == 2 ? 1_050_000 : 1e6);
            // a closed debt makes another account, and dust extends a leg
            bool isLeast = outcome.repaid <= receipt.leastValue + 1e12 && receipt.debtShares != 0;
            if (!isLeast || !_isAtTarget(before)) outcome.repaid = 0;
        }
        vm.revertToState(id);
    }

    function _earned(ILiquidation.LegReceipt memory receipt) private pure returns (uint256 repaid, int256 profit) {
        repaid = (receipt.repaidAssets * receipt.debtPrice) / 1e18;
        profit = int256((receipt.seizedAssets * receipt.collateralPrice) / 1e18);
        profit -= int256(((receipt.repaidAssets + receipt.feeAssets) * receipt.debtPrice) / 1e18);
    }

    /// whether equity or coverage leaves no more than `ratio`, with the whole fee
    function _isCapped(
        IVaultLens.HealthRow memory before,
        ILiquidation.LegReceipt memory receipt,
        uint256 ratio,
        uint256 factor
    ) private pure returns (bool) {
        if (ratio * before.debtValue >= before.collateralValue * 1e6) return true;
        uint256 weight = 1e6 - receipt.haircutPpm;
        return ratio * weight * before.requirement >= before.coverMaintenance * 1e6 * factor;
    }

    /// the target that the liquidation set is forgotten once the account is covered at the initial line
    function _isAtTarget(IVaultLens.HealthRow memory before) private view returns (bool) {
        IVaultLens.HealthRow memory row = _rowOf(account);
        RiskParameters memory rules = vault.riskParameters();
        uint256 target = LiquidationMath.targetBps(
            before.collateralValue + before.requirement - before.coverMaintenance - before.debtValue,
            before.coverMaintenance,
            rules.targetShareBps,
            rules.targetMinBps,
            rules.targetMaxBps
        );
        return row.coverMaintenance * 1e4 + 1e20 >= row.requirement * (1e4 + target);
    }

    // ---- the account ----

    /// returns whether the account can be liquidated
    function _build(Seed memory seed) private returns (bool) {
        uint256 most;
        for (uint256 i; i < pledged.length; ++i) {
            seed.dollars[i] = seed.dollars[i] % 3 == 0 ? 0 : bound(seed.dollars[i], 1_000, 190_000);
            if (i == 3 && most == 0) seed.dollars[i] = bound(seed.dollars[i], 1_000, 190_000);
            if (seed.dollars[i] == 0) continue;
            most = i + 1;
            uint256 price = [uint256(2_000), 15, 1, 50][i];
            deposits(bob, pledged[i], (seed.dollars[i] * 10 ** pledged[i].decimals()) / price);
        }
        uint256[3] memory room;
        uint256 left = 800 * seed.dollars[0] + 700 * seed.dollars[1] + 975 * seed.dollars[2] + 300 * seed.dollars[3];
        left = (left * 995) / 1_000_000;
        for (uint256 j; j < 2; ++j) {
            room[j] = seed.shares[j] % 4 == 0 ? 0 : (left * bound(seed.shares[j], 10, 80)) / 100;
            left -= room[j];
        }
        room[2] = (left * 1_000) / 1_051;
        for (uint256 j; j < 3; ++j) {
            isOwed[j] = room[j] >= 101;
            if (isOwed[j]) borrows(bob, PoolId.wrap(uint8(j)), _cash(j, room[j]));
        }
        uint256 fall = bound(seed.fall, 1_00, 25_00);
        uint256 tilt = bound(seed.tilt, 0, 20_00);
        _fall(weth, 2_000e8, fall);
        _fall(link, 15e8, fall + tilt / 2);
        _fall(thin, 1e8, fall / 20);
        _fall(thick, 50e8, fall + tilt);
        IVaultLens.HealthRow memory row = _rowOf(account);
        if (row.requirement == 0) return false;
        if (row.status == IVaultLens.AccountStatus.CALLABLE) {
            try vault.issueMarginCall(account) {} catch {
                return false;
            }
            passes(2 hours + 1);
        }
        return _rowOf(account).status == IVaultLens.AccountStatus.LIQUIDATABLE;
    }

    function _cash(uint256 pool, uint256 dollars) private pure returns (uint256) {
        return dollars * (pool == 1 ? 1e18 : 1e6);
    }

    function _fall(MockToken token, uint256 price, uint256 bps) private {
        moves(token, int192(uint192((price * (1e4 - bps)) / 1e4)));
    }

    // ---- legs ----

    /// `count` legs from the given one on: pairs that the account has, one after the other
    function _legs(
        Seed memory seed,
        uint256 from,
        uint256 count
    ) private view returns (ILiquidation.Leg[] memory legs) {
        legs = new ILiquidation.Leg[](count);
        uint256 held;
        uint256 owed;
        MockToken[4] memory assets;
        uint8[3] memory pools;
        for (uint256 i; i < pledged.length; ++i) if (seed.dollars[i] != 0) assets[held++] = pledged[i];
        for (uint8 j; j < 3; ++j) if (isOwed[j]) pools[owed++] = j;
        for (uint256 i; i < count; ++i) {
            uint256 pair = seed.place / 7 + (from + i) * (1 + (seed.place % 5));
            uint8 pool = pools[(pair / held) % owed];
            uint256 dollars = seed.most[from + i] % 3 == 0 ? 1e9 : bound(seed.most[from + i], 101, 60_000);
            legs[i] = _leg(assets[pair % held], PoolId.wrap(pool), _cash(pool, dollars));
        }
    }

    /// returns whether it passed, and what the liquidator gained [value]
    function _acts(ILiquidation.Leg[] memory legs, bool isCounted) private returns (bool success, int256 profit) {
        bytes memory answer;
        vm.prank(dave);
        (success, answer) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, legs, ALL, block.timestamp, dave, ""))
        );
        if (!success) {
            _mayFail(bytes4(answer));
            return (false, 0);
        }
        if (!isCounted) return (true, 0);
        ILiquidation.LegReceipt[] memory receipts = abi.decode(answer, (ILiquidation.LegReceipt[]));
        for (uint256 i; i < receipts.length; ++i) {
            profit += int256((receipts[i].seizedAssets * receipts[i].collateralPrice) / 1e18);
            profit -= int256(((receipts[i].repaidAssets + receipts[i].feeAssets) * receipts[i].debtPrice) / 1e18);
        }
    }

    function _mayFail(bytes4 reason) private pure {
        assertTrue(
            reason == ILiquidation.NothingToRepay.selector ||
                reason == ILiquidation.CollateralNotSeizable.selector ||
                reason == ILiquidation.DebtNotOwed.selector ||
                reason == ILiquidation.RepaymentTooSmall.selector ||
                reason == ILiquidation.AccountInsolvent.selector ||
                reason == ILiquidationRun.NotLiquidatable.selector ||
                reason == ILiquidation.NotCalled.selector ||
                reason == ILiquidation.CureTimeLeft.selector,
            "failed for a reason that it must not have"
        );
    }
}
