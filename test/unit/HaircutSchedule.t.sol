// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {Deployment} from "../support/Deployment.sol";

/// Haircuts in force
/// ├── of several debts the largest haircuts and the smallest depth count
/// ├── a pair that is not listed has a haircut of 100 %
/// ├── without debts nothing is cut
/// └── size brackets: maintenance by the account's own size, the initial line by everybody's (X06)
contract HaircutScheduleTest is Deployment {
    function test_theLargestHaircutOfTheDebtsCounts() external {
        vault.setPair(address(weth), DAI, _pair(300_000, 250_000, 150_000_000e18, 10_00));
        skip(10 days);
        passes(0);
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 10_000e6);
        IVaultLens.AccountView memory found = vault.accountOf(accountOf(alice));
        assertEq(found.snapshot.collaterals[0].haircutMaintenancePpm, 150_000, "one debt");
        borrows(alice, DAI, 10_000e18);
        found = vault.accountOf(accountOf(alice));
        assertEq(found.snapshot.collaterals[0].haircutInitialPpm, 300_000, "initial");
        assertEq(found.snapshot.collaterals[0].haircutMaintenancePpm, 250_000, "maintenance");
        assertApproxEqAbs(found.snapshot.collaterals[0].depthValue, 150_000_000e18, 1e17, "depth");
        assertEq(found.row.coverMaintenance, 150_000e18, "cover");
    }

    function test_withoutDebtsNothingIsCut() external {
        deposits(alice, weth, 100e18);
        IVaultLens.HealthRow memory row = _rowOf(accountOf(alice));
        assertEq(row.coverInitial, 200_000e18);
        assertEq(row.coverMaintenance, 200_000e18);
        assertEq(row.usedWad, 0);
    }

    /// WETH: depth 20 million USD; 30 million are 5 whole, 15 at 95 %, 10 at 80 %
    function test_largePositionsGetLess() external {
        vault.setSupplyCap(address(weth), 19_999e18);
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 20_000_000e18, 10_00));
        deposits(alice, weth, 15_000e18);
        borrows(alice, USDC, 1_000_000e6);
        assertApproxEqAbs(_rowOf(accountOf(alice)).coverMaintenance, 23_162_500e18, 1e16, "27.25 * 0.85");
        assertApproxEqAbs(_rowOf(accountOf(alice)).coverInitial, 21_800_000e18, 1e16, "27.25 * 0.8");
    }

    /// X06: a hundred small accounts get at the initial line what one large one would
    function test_theInitialLineSeesEverybodysHolding() external {
        vault.setSupplyCap(address(weth), 19_999e18);
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 20_000_000e18, 10_00));
        deposits(alice, weth, 1_000e18);
        borrows(alice, USDC, 100_000e6);
        assertEq(_rowOf(accountOf(alice)).coverInitial, 1_600_000e18, "alone");
        deposits(bob, weth, 14_000e18);
        assertApproxEqAbs(_rowOf(accountOf(alice)).coverInitial, 1_453_333.33e18, 1e18, "her share of 21.8 million");
        assertEq(_rowOf(accountOf(alice)).coverMaintenance, 1_700_000e18, "a stranger cannot move maintenance");
    }

    function testFuzz_creditIsNeverMoreThanValueLessHaircut(uint256 mine, uint256 others) external {
        vault.setSupplyCap(address(weth), 19_999e18);
        vault.setPair(address(weth), USDC, _pair(200_000, 150_000, 20_000_000e18, 10_00));
        deposits(alice, weth, bound(mine, 1e18, 9_000e18));
        deposits(bob, weth, bound(others, 1, 10_000e18));
        borrows(alice, USDC, 100e6);
        IVaultLens.HealthRow memory row = _rowOf(accountOf(alice));
        assertLe(row.coverInitial, (row.collateralValue * 80) / 100, "initial");
        assertLe(row.coverMaintenance, (row.collateralValue * 85) / 100, "maintenance");
        assertLe(row.coverInitial, row.coverMaintenance, "initial is stricter");
    }
}
