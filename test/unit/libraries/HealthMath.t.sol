// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {HealthMath} from "../../../contracts/libraries/HealthMath.sol";
import {CollateralLine, DebtLine, Health, PriceView, Snapshot} from "../../../contracts/types/Snapshot.sol";
import {TestBase} from "../../support/TestBase.sol";

// sum, given an account
// ├── cover is not above value, and the requirement not below what is owed
// ├── when risk is taken: cover is not above, the requirement not below that of the owner's view
// └── when a collateral is stale: only the protocol counts it
// isCovered ⇔ NAV ≥ Q_M, and an account that is covered is neither beyond close-out nor insolvent
// isBeyondCloseOut: it is used > γ
// coverageAtLeast: it is total, and never contradicts coverageDown
contract HealthMathTest is TestBase {
    using HealthMath for *;

    uint256 private constant PPM = 1e6;

    function testFuzz_sum_isCautious(uint256[3] memory seeds) external pure {
        Snapshot memory snapshot = _snapshot(seeds);
        Health memory health = snapshot.sum(PriceView.PROTOCOL);
        assertLe(health.coverMaintenance, health.collateralValue, "maintenance cover");
        assertLe(health.coverInitial, health.coverMaintenance, "initial cover");
        assertGe(health.requirement, health.debtValue, "requirement");
    }

    function testFuzz_sum_opensAtTheWorsePrice(uint256[3] memory seeds) external pure {
        Snapshot memory snapshot = _snapshot(seeds);
        Health memory opening = snapshot.sum(PriceView.OPENING);
        Health memory owner = snapshot.sum(PriceView.OWNER);
        assertEq(opening.coverMaintenance, 0, "not asked for");
        // each line's share is a quotient of two values that are rounded down: a unit each
        assertLe(opening.coverInitial, owner.coverInitial + 2 * snapshot.collaterals.length, "cover");
        assertGe(opening.requirement, owner.requirement, "requirement");
    }

    function testFuzz_sum_countsStaleForTheProtocolAlone(uint256[3] memory seeds) external pure {
        Snapshot memory snapshot = _snapshot(seeds);
        uint256 protocolValue = snapshot.sum(PriceView.PROTOCOL).collateralValue;
        uint256 staleValue;
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            if (!line.isFresh) staleValue += HealthMath.valueDown(line.assets, line.price);
        }
        assertEq(snapshot.sum(PriceView.OWNER).collateralValue, protocolValue - staleValue);
    }

    function testFuzz_isCovered_isNavAgainstCushion(uint256[3] memory seeds, uint16 closeOut) external pure {
        Health memory health = _snapshot(seeds).sum(PriceView.PROTOCOL);
        assertEq(health.isCovered(), health.nav() >= int256(health.cushion()), "two forms of one equation");
        if (!health.isCovered()) return;
        assertFalse(health.isBeyondCloseOut(bound(closeOut, 0, 1e4)), "close-out");
        assertFalse(health.isInsolvent(100, 50), "insolvent");
    }

    function testFuzz_isBeyondCloseOut_isUsedAboveTheLine(uint256[3] memory seeds, uint16 closeOut) external pure {
        Health memory health = _snapshot(seeds).sum(PriceView.PROTOCOL);
        if (health.isCovered() || health.cushion() == 0) return;
        int256 line = int256(bound(closeOut, 0, 1e4) * 1e14);
        int256 used = health.usedWad();
        bool beyond = health.isBeyondCloseOut(uint256(line) / 1e14);
        // the quotient in `used` is rounded: within a unit of the line the exact comparison decides
        if (used > line + 1) assertTrue(beyond, "beyond");
        if (used < line) assertFalse(beyond, "not beyond");
    }

    function testFuzz_isInsolvent_saysThatTheBonusIsNotThere(uint256[3] memory seeds) external pure {
        Health memory health = _snapshot(seeds).sum(PriceView.PROTOCOL);
        if (health.isCovered() || health.isInsolvent(100, 50)) return;
        assertGe(health.collateralValue * 1e4, health.debtValue * 10_150, "bonus and fee are in the collateral");
    }

    function testFuzz_coverageAtLeast_isTotal(uint256[3] memory left, uint256[3] memory right) external pure {
        Health memory one = _snapshot(left).sum(PriceView.PROTOCOL);
        Health memory other = _snapshot(right).sum(PriceView.PROTOCOL);
        assertTrue(one.coverageAtLeast(one), "reflexive");
        assertTrue(one.coverageAtLeast(other) || other.coverageAtLeast(one), "total");
        if (one.requirement == 0 || other.requirement == 0) return;
        if (one.coverageAtLeast(other)) assertGe(one.coverageDown(), other.coverageDown(), "in agreement");
    }

    function test_coverageDown_withoutDebtIsTheMaximum() external pure {
        Health memory health;
        assertEq(health.coverageDown(), type(uint256).max);
    }

    function test_usedWad_withoutCushion() external pure {
        Health memory health;
        assertEq(health.usedWad(), 0, "nothing owed");
        health.debtValue = 1;
        health.requirement = 1;
        assertEq(health.usedWad(), type(int128).max, "owes more than it has");
    }

    /// up to 8 collaterals and 4 debts, in the range that caps allow, their sums not too far apart
    function _snapshot(uint256[3] memory seeds) private pure returns (Snapshot memory snapshot) {
        snapshot.collaterals = new CollateralLine[](seeds[0] % 9);
        snapshot.debts = new DebtLine[](seeds[1] % 5);
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            uint256 seed = uint256(keccak256(abi.encode(seeds, "collateral", i)));
            line.price = 1 + (uint256(uint64(seed)) % 1e15) * 1e12;
            line.slowPrice = 1 + (line.price * (seed % 200)) / 100;
            line.assets = uint64(seed >> 64);
            line.totalAssets = line.assets + uint64(seed >> 96);
            line.isFresh = (seed >> 160) % 4 != 0;
            line.haircutInitialPpm = uint256(uint32(seed >> 168)) % (PPM + 1);
            line.haircutMaintenancePpm = (line.haircutInitialPpm * uint8(seed >> 200)) / 255;
            line.depthValue = (HealthMath.valueDown(line.assets, line.price) * uint8(seed >> 208)) / 100;
        }
        for (uint256 j; j < snapshot.debts.length; ++j) {
            DebtLine memory line = snapshot.debts[j];
            uint256 seed = uint256(keccak256(abi.encode(seeds, "debt", j)));
            line.price = 1 + (uint256(uint64(seed)) % 1e15) * 1e12;
            line.slowPrice = 1 + (line.price * (seed % 200)) / 100;
            line.assets = uint64(seed >> 64);
            line.isFresh = true;
            line.factorPpm = PPM + (uint256(uint32(seed >> 128)) % 500_001);
        }
    }
}
