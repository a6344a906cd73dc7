// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// S-6: the target of an episode never rises
/// ├── given a second liquidation, whatever was sold, added or moved between the two
/// │   ├── when the account's own target has risen, the earlier one holds
/// │   └── when it has fallen, the lower one holds from then on
/// └── given the initial line was restored between the two, a new episode has a target of its own
contract CollateralVaultEpisodeTest is Deployment {
    AccountId internal account;

    /// 50 WETH (100,000, haircut 15 %) and 10,000 LINK (150,000, haircut 22 %) against 180,000
    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        deposits(alice, weth, 50e18);
        deposits(alice, link, 10_000e18);
        borrows(alice, USDC, 180_000e6);
        _fundKeeper();
    }

    /// selling the collateral of the small haircut leaves the larger one: alone it would have a higher target
    function test_S6_theEarlierTargetHolds_whenTheMixGetsRiskier() external {
        moves(link, 11e8); // 85,000 + 85,800 = 170,800 < 180,000: 23 % of the cushion used
        _liquidates(true, 60_000e6);
        uint256 target = vault.accountOf(account).episodeTargetBps;
        assertGt(_ownTargetBps(), target, "the account's own target has risen");
        moves(link, 10.2e8);
        _liquidates(false, 10_000e6);
        assertEq(vault.accountOf(account).episodeTargetBps, target, "the earlier one holds");
    }

    function test_S6_theLowerTargetHolds_whenTheMixGetsSafer() external {
        moves(link, 11e8);
        _liquidates(false, 40_000e6);
        uint256 target = vault.accountOf(account).episodeTargetBps;
        assertLt(_ownTargetBps(), target, "the account's own target has fallen");
        moves(link, 10e8);
        moves(weth, 1_900e8);
        _liquidates(true, 1_000e6);
        uint256 lower = vault.accountOf(account).episodeTargetBps;
        assertLt(lower, target, "the lower one holds");
        deposits(alice, link, 500e18); // riskier again
        moves(weth, 1_750e8);
        _liquidates(true, 1_000e6);
        assertEq(vault.accountOf(account).episodeTargetBps, lower, "from then on");
    }

    function test_S6_aNewEpisodeHasATargetOfItsOwn() external {
        moves(link, 11e8);
        _liquidates(true, 60_000e6);
        uint256 target = vault.accountOf(account).episodeTargetBps;
        deposits(alice, link, 10_000e18); // far above the initial line
        assertEq(vault.accountOf(account).episodeTargetBps, 0, "the episode is over");
        moves(link, 5e8);
        _liquidates(true, 5_000e6);
        assertGt(vault.accountOf(account).episodeTargetBps, target, "the next one is judged by what is there");
    }

    /// whatever happens between liquidations, short of the initial line
    function testFuzz_S6_theTargetNeverRises(uint256[5] calldata seeds) external {
        uint256 linkPrice = 11e8;
        moves(link, 11e8);
        _liquidates(seeds[0] % 2 == 0, bound(seeds[1], 500e6, 60_000e6));
        uint256 target = vault.accountOf(account).episodeTargetBps;
        for (uint256 i; i < seeds.length; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(seeds[i])));
            linkPrice = (linkPrice * bound(seed, 95_00, 100_50)) / 100_00;
            moves(link, int192(uint192(linkPrice)));
            moves(weth, int192(uint192(bound(seed >> 32, 1_900e8, 2_020e8))));
            if (seed % 3 == 0) deposits(alice, seed % 2 == 0 ? link : weth, bound(seed >> 64, 1, 10e18));
            _tries(seed % 5 < 3, bound(seed >> 96, 500e6, 60_000e6));
            IVaultLens.AccountView memory found = vault.accountOf(account);
            if (found.episodeTargetBps == 0) target = type(uint256).max;
            else assertLe(found.episodeTargetBps, target, "never rises");
            if (found.episodeTargetBps != 0) target = found.episodeTargetBps;
        }
    }

    // ---- helpers ----

    function _legs(bool isWeth, uint256 most) private view returns (ILiquidation.Leg[] memory) {
        return isWeth ? leg(weth, USDC, most) : leg(link, USDC, most);
    }

    function _liquidates(bool isWeth, uint256 most) private {
        vm.prank(dave);
        vault.liquidate(account, _legs(isWeth, most), ALL, block.timestamp, dave, "");
    }

    function _tries(bool isWeth, uint256 most) private {
        // of the other collateral, when this one is gone
        bool isThere = vault.holdingOf(account, address(isWeth ? weth : link)) != 0;
        ILiquidation.Leg[] memory legs = _legs(isWeth == isThere, most);
        vm.prank(dave);
        (bool success, bytes memory reason) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, legs, ALL, block.timestamp, dave, ""))
        );
        if (success) return;
        uint256 status = uint256(_rowOf(account).status);
        bool isDue = status == uint256(IVaultLens.AccountStatus.LIQUIDATABLE);
        // a pair without room for the least bonus is left alone; the other has it
        assertTrue(!isDue || bytes4(reason) == ILiquidation.NothingToRepay.selector, vm.toString(reason));
    }

    /// 1 + ρ · Q_M / A_M of the account as it is, above one, by hand
    function _ownTargetBps() private view returns (uint256) {
        IVaultLens.HealthRow memory row = _rowOf(account);
        return (60_00 * (row.collateralValue - row.coverMaintenance)) / row.coverMaintenance;
    }
}
