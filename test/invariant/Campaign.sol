// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";
import {Handler} from "./Handler.sol";
import {Cast} from "./World.sol";

/// What campaigns share: the cast, its first positions, and the sums that must hold after every action.
abstract contract Campaign is Deployment {
    Handler internal handler;
    Cast internal cast;

    function _begin(bool calm) internal {
        cast.vault = vault;
        cast.pools = [usdcPool, daiPool];
        cast.cash = [usdc, dai];
        cast.collaterals = [weth, wbtc, link];
        for (uint256 i; i < 5; ++i) cast.feeds[i] = feedOf[tokens[i]];
        cast.owners = [alice, bob, makeAddr("erin"), makeAddr("frank")];
        cast.lenders = [carol, makeAddr("grace")];
        (cast.keeper, cast.stranger) = (dave, mallory);
        for (uint256 i = 2; i < 4; ++i) _approveAll(cast.owners[i]);
        _approveAll(cast.lenders[1]);
        _fundKeeper();
        handler = new Handler(cast, calm);
        for (uint256 i; i < 4; ++i) {
            deposits(cast.owners[i], weth, 20e18);
            if (i > 0) deposits(cast.owners[i], wbtc, 5e7);
            if (i > 1) deposits(cast.owners[i], link, 1_000e18);
            borrows(cast.owners[i], USDC, 25_000e6 + i * 8_000e6);
            if (i == 3) borrows(cast.owners[i], DAI, 10_000e18);
        }
        targetContract(address(handler));
    }

    /// A1–A5, A9, C9, D: sums
    function _checkSums() internal view {
        for (uint256 c; c < 3; ++c) _checkCollateral(c);
        for (uint256 p; p < 2; ++p) _checkPool(p);
        for (uint256 i; i < 4; ++i) {
            if (vault.accountOf(accountOf(cast.owners[i])).snapshot.collaterals.length != 0) continue;
            assertEq(_rowOf(accountOf(cast.owners[i])).debtValue, 0, "B8: debt without collateral");
        }
    }

    function _checkCollateral(uint256 c) private view {
        uint256 sum;
        for (uint256 i; i < 4; ++i)
            sum += vault.holdingOf(accountOf(cast.owners[i]), address(cast.collaterals[c]));
        (uint256 owed, uint256 held) = vault.reservesOf(address(cast.collaterals[c]));
        assertEq(sum, owed, "A2: the sum of holdings is the total");
        assertGe(held, owed, "A1: custody holds what it owes");
    }

    function _checkPool(uint256 p) private view {
        ILendingPool pool = cast.pools[p];
        ILendingPool.Totals memory totals = pool.totals();
        uint256 shares;
        uint256 debts;
        uint256 count;
        for (uint256 i; i < 4; ++i) {
            (uint256 own, uint256 owed) = vault.debtOf(accountOf(cast.owners[i]), PoolId.wrap(uint8(p)));
            shares += own;
            debts += owed;
            if (own != 0) ++count;
            assertLe(owed, totals.debtAssets + 1, "A5: nobody owes more than all");
        }
        assertEq(shares, totals.debtShares, "A3: the sum of debt shares is the pool's");
        assertGe(debts, totals.debtAssets, "A5: debts are rounded up");
        assertLe(debts, totals.debtAssets + count, "A5: by a unit each");
        uint256 supply = pool.balanceOf(cast.lenders[0]) + pool.balanceOf(cast.lenders[1]);
        assertEq(supply, pool.totalSupply(), "A3: the sum of shares is the supply");
        assertGe(cast.cash[p].balanceOf(address(pool)), totals.cashAssets, "A1: the pool holds its cash");
        assertEq(
            pool.totalAssets() + totals.feeAssets,
            totals.cashAssets + totals.debtAssets,
            "A9: cash and debt are the lenders' and the reserve's"
        );
        for (uint256 l; l < 2; ++l) {
            address lender = cast.lenders[l];
            assertLe(pool.maxWithdraw(lender), totals.cashAssets, "D: no promise without cash");
            assertLe(pool.previewRedeem(pool.maxRedeem(lender)), totals.cashAssets, "D: no promise without cash");
        }
    }

    /// A12: everybody leaves, in order, and everybody is paid
    function _everybodyLeaves() internal {
        vm.warp(block.timestamp + 1);
        for (uint256 i; i < 4; ++i) {
            AccountId account = accountOf(cast.owners[i]);
            for (uint8 p; p < 2; ++p) {
                (uint256 shares, ) = vault.debtOf(account, PoolId.wrap(p));
                if (shares != 0) repays(cast.owners[i], PoolId.wrap(p), ALL);
            }
            for (uint256 c; c < 3; ++c) {
                if (vault.holdingOf(account, address(cast.collaterals[c])) != 0)
                    withdraws(cast.owners[i], cast.collaterals[c], ALL);
            }
        }
        for (uint256 p; p < 2; ++p) {
            for (uint256 l; l < 2; ++l) {
                uint256 shares = cast.pools[p].balanceOf(cast.lenders[l]);
                if (cast.pools[p].previewRedeem(shares) == 0) continue;
                vm.prank(cast.lenders[l]);
                cast.pools[p].redeem(shares, cast.lenders[l], cast.lenders[l]);
            }
            assertEq(cast.pools[p].totals().debtShares, 0, "A12: no debt is left");
        }
        _checkSums();
    }
}
