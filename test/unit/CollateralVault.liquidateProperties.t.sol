// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// What holds of every liquidation of every basket: coverage never falls (B4), the bonus is within its caps (B6) and
/// the equity, no more is repaid than the target needs (B7), something can always be done (B13), and parts never pay
/// more than the whole (B5). Depths are small, so that the size brackets matter.
contract CollateralVaultLiquidatePropertiesTest is Deployment {
    AccountId internal account;

    function setUp() public override {
        super.setUp();
        account = accountOf(bob);
        vault.setSupplyCap(address(weth), 900e18);
        vault.setSupplyCap(address(link), 60_000e18);
        PoolId[2] memory pools = [USDC, DAI];
        for (uint256 i; i < 2; ++i) {
            vault.setPair(address(weth), pools[i], _pair(200_000, 150_000, 1_000_000e18, 10_00));
            vault.setPair(address(link), pools[i], _pair(300_000, 220_000, 500_000e18, 12_00));
        }
        _fundKeeper();
    }

    /// Sizes and prices that make an account liquidatable in most runs.
    struct Basket {
        uint256 wethAssets;
        uint256 wbtcAssets;
        uint256 linkAssets;
        uint256 usdcShare; // of the debt, in percent
        uint256 fall; // of all prices, in bps
        uint256 tilt; // further fall of one of them, in bps
        bool isCalled; // the call has expired, so that any account below its line can be liquidated
        uint256 defaultedFor;
    }

    function testFuzz_B4_B6_B7_oneLegOfAnyBasket(Basket memory basket, uint256 pair, uint256 most) external {
        if (!_build(basket)) return;
        MockToken token = [weth, wbtc, link][pair % 3];
        PoolId pool = pair % 2 == 0 ? USDC : DAI;
        IVaultLens.AccountView memory before = vault.accountOf(account);
        uint256 unit = pool.toUint() == 0 ? 1e6 : 1e18;
        most = bound(most, 100 * unit, 3_000_000 * unit);
        vm.prank(dave);
        (bool success, bytes memory answer) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, leg(token, pool, most), 0, block.timestamp, dave, ""))
        );
        if (!success) return _mayFail(bytes4(answer));
        _check(before, abi.decode(answer, (ILiquidation.LegReceipt[]))[0], token, pool);
    }

    /// B13: while an account is below its line, solvent and due, one of its pairs can always be used
    function testFuzz_B13_somethingCanAlwaysBeDone(Basket memory basket) external {
        if (!_build(basket)) return;
        IVaultLens.AccountView memory found = vault.accountOf(account);
        uint256 successes;
        for (uint256 i; i < found.snapshot.collaterals.length; ++i) {
            for (uint256 j; j < found.snapshot.debts.length; ++j) {
                PoolId pool = PoolId.wrap(uint8(found.snapshot.debts[j].id));
                MockToken token = MockToken(found.snapshot.collaterals[i].asset);
                vm.prank(dave);
                (bool success, bytes memory answer) = address(vault).call(
                    abi.encodeCall(
                        vault.liquidate,
                        (account, leg(token, pool, ALL), successes, block.timestamp, dave, "")
                    )
                );
                if (success) ++successes;
                else _mayFail(bytes4(answer));
            }
        }
        assertGt(successes, 0, "no pair could be used");
    }

    /// B5: what a liquidator gains in parts is no more than what he gains at once
    function testFuzz_B5_partsNeverPayMore(Basket memory basket, uint256 parts) external {
        (basket.linkAssets, basket.wbtcAssets) = (0, 0);
        (basket.isCalled, basket.usdcShare) = (true, 100);
        if (!_build(basket)) return;
        parts = bound(parts, 2, 8);
        uint256 id = vm.snapshotState();
        (bool success, ILiquidation.LegReceipt memory whole) = _liquidate(ALL);
        if (!success) return;
        int256 profit = _profit(whole);
        vm.revertToState(id);
        int256 sum;
        for (uint256 i; i < 4 * parts; ++i) {
            ILiquidation.LegReceipt memory part;
            (success, part) = _liquidate(i + 1 < parts ? whole.repaidAssets / parts : ALL);
            if (!success) break;
            sum += _profit(part);
        }
        // a millionth of a dollar for each part: liquidators pay and receive whole units
        assertLe(sum, profit + int256(parts) * 1e12, "parts pay more");
    }

    // ---- the account ----

    /// returns whether the account can be liquidated
    function _build(Basket memory basket) private returns (bool) {
        basket.wethAssets = bound(basket.wethAssets, 1e17, 800e18);
        basket.wbtcAssets = basket.wbtcAssets % 3 == 0 ? 0 : bound(basket.wbtcAssets, 1e6, 10e8);
        basket.linkAssets = basket.linkAssets % 3 == 0 ? 0 : bound(basket.linkAssets, 1e18, 50_000e18);
        deposits(bob, weth, basket.wethAssets);
        if (basket.wbtcAssets != 0) deposits(bob, wbtc, basket.wbtcAssets);
        if (basket.linkAssets != 0) deposits(bob, link, basket.linkAssets);
        uint256 usdcShare = basket.usdcShare % 3 == 0 ? 100 : bound(basket.usdcShare, 10, 90);
        // what the initial line allows, with the brackets that count once there are debts
        uint256 room = (_initialCover() * 999) / 1_000;
        uint256 first = (room * usdcShare) / 100;
        if (first < 101e18) return false;
        borrows(bob, USDC, first / 1e12);
        if (room - first >= 101e18) borrows(bob, DAI, room - first);
        uint256 fall = bound(basket.fall, 2_00, 21_00);
        uint256 tilt = bound(basket.tilt, 0, 20_00);
        _fall(weth, 2_000e8, fall + tilt / 4);
        _fall(wbtc, 60_000e8, fall);
        _fall(link, 15e8, fall + tilt);
        IVaultLens.AccountStatus status = _rowOf(account).status;
        if (status == IVaultLens.AccountStatus.CALLABLE && basket.isCalled) {
            try vault.issueMarginCall(account) returns (uint256 deadline) {
                passes(deadline - block.timestamp + bound(basket.defaultedFor, 1, 12 hours));
                status = _rowOf(account).status;
            } catch {}
        }
        return status == IVaultLens.AccountStatus.LIQUIDATABLE;
    }

    /// A_I of the holdings by the brackets of this test, rounded down to dollars
    function _initialCover() private view returns (uint256 cover) {
        uint256 wethValue = vault.holdingOf(account, address(weth)) * 2_000;
        cover = (_bracketed(wethValue, 1_000_000e18) * 80) / 100;
        cover += (vault.holdingOf(account, address(wbtc)) * 600e12 * 82) / 100;
        cover += (_bracketed(vault.holdingOf(account, address(link)) * 15, 500_000e18) * 70) / 100;
    }

    /// up to D/4 whole, to D less 5 %, to 2D less 20 %
    function _bracketed(uint256 value, uint256 depth) private pure returns (uint256 credit) {
        uint256[3] memory ends = [depth / 4, depth, depth * 2];
        uint256[3] memory percents = [uint256(100), 95, 80];
        uint256 start;
        for (uint256 i; i < 3 && value > start; ++i) {
            uint256 end = value < ends[i] ? value : ends[i];
            credit += ((end - start) * percents[i]) / 100;
            start = ends[i];
        }
    }

    function _fall(MockToken token, uint256 price, uint256 bps) private {
        moves(token, int192(uint192((price * (1e4 - bps)) / 1e4)));
    }

    // ---- checks ----

    function _mayFail(bytes4 reason) private view {
        // the throttle applies to no account that used more than half of its cushion
        if (reason == ILiquidation.SeizureThrottled.selector)
            return assertLe(vault.accountOf(account).row.usedWad, 0.5e18, "throttled beyond half of the cushion");
        assertTrue(
            reason == ILiquidation.NothingToRepay.selector ||
                reason == ILiquidation.CollateralNotSeizable.selector ||
                reason == ILiquidation.DebtNotOwed.selector ||
                reason == ILiquidation.RepaymentTooSmall.selector ||
                reason == ILiquidationRun.NotLiquidatable.selector ||
                reason == ILiquidation.NotCalled.selector ||
                reason == ILiquidation.CureTimeLeft.selector,
            "failed for a reason that it must not have"
        );
    }

    function _check(
        IVaultLens.AccountView memory before,
        ILiquidation.LegReceipt memory receipt,
        MockToken token,
        PoolId pool
    ) private view {
        IVaultLens.AccountView memory present = vault.accountOf(account);
        if (present.snapshot.debts.length == before.snapshot.debts.length) {
            assertGe(
                present.row.coverMaintenance * before.row.requirement,
                before.row.coverMaintenance * present.row.requirement,
                "B4: coverage"
            );
        }
        uint256 repaidValue = (receipt.repaidAssets * receipt.debtPrice) / 1e18;
        uint256 seizedValue = (receipt.seizedAssets * receipt.collateralPrice) / 1e18;
        uint256 highest = vault.pairOf(address(token), pool).maxBonusBps + 50;
        assertLe(seizedValue * 1e4, repaidValue * (1e4 + highest) + 1e4, "B6: bonus");
        assertGe(
            int256(present.row.collateralValue) - int256(present.row.debtValue),
            int256(0) - 1e12,
            "the bonus ate more than the equity"
        );
        // B7: no more than x*, rounded up to a unit, unless that would leave dust on either side
        if (repaidValue <= receipt.leastValue + 1e12) return;
        uint256 debtLeft = _debtValue(before, pool) - receipt.leastValue;
        uint256 collateralLeft = (receipt.holdingAssets + receipt.seizedAssets) * receipt.collateralPrice;
        collateralLeft = collateralLeft / 1e18 - (receipt.leastValue * seizedValue) / repaidValue;
        assertTrue(debtLeft < 100e18 || collateralLeft < 101e18, "B7: too much");
    }

    function _debtValue(IVaultLens.AccountView memory found, PoolId pool) private pure returns (uint256 value) {
        for (uint256 j; j < found.snapshot.debts.length; ++j) {
            if (found.snapshot.debts[j].id != pool.toUint()) continue;
            value = (found.snapshot.debts[j].assets * found.snapshot.debts[j].price + 1e18 - 1) / 1e18;
        }
    }

    function _liquidate(uint256 most) private returns (bool success, ILiquidation.LegReceipt memory receipt) {
        uint256 expected = _liquidationsOf(account);
        bytes memory answer;
        vm.prank(dave);
        (success, answer) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, leg(weth, USDC, most), expected, block.timestamp, dave, ""))
        );
        if (success) receipt = abi.decode(answer, (ILiquidation.LegReceipt[]))[0];
        else _mayFail(bytes4(answer));
    }

    function _profit(ILiquidation.LegReceipt memory receipt) private pure returns (int256) {
        return
            int256((receipt.seizedAssets * receipt.collateralPrice) / 1e18) -
            int256(((receipt.repaidAssets + receipt.feeAssets) * receipt.debtPrice) / 1e18);
    }
}
