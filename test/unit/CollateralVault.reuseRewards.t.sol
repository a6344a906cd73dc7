// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IDelisting} from "../../contracts/interfaces/IDelisting.sol";
import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Reuse beside rewards and delisting.
/// ├── rewards of the plain asset and of the sleeve's shares go by what was held until the move, both ways
/// └── a delisted asset does not go into a sleeve, and nothing goes into a delisted sleeve; what is there comes back
contract CollateralVaultReuseRewardsTest is ReuseStage {
    IRewardsDistributor private distributor;
    MockToken private arb;

    function setUp() public override {
        super.setUp();
        bytes memory arguments = abi.encode(vault, manager);
        distributor = IRewardsDistributor(_deploy("RewardsDistributor.sol:RewardsDistributor", arguments));
        arb = new MockToken("ARB", "ARB", 18);
        vault.setRewards(address(weth), address(distributor));
        vault.setRewards(address(sleeve), address(distributor));
        distributor.addStream(address(weth), address(arb));
        distributor.addStream(address(sleeve), address(arb));
        deposits(alice, weth, 100e18);
        deposits(bob, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        borrows(bob, USDC, 100_000e6);
        reuses(bob, 50_00);
        arb.mint(address(this), 1_400e18);
        arb.approve(address(distributor), ALL);
        distributor.fund(address(weth), address(arb), 700e18);
        distributor.fund(address(sleeve), address(arb), 700e18);
    }

    function test_rewards_goByWhatWasHeldUntilTheMove() external {
        passes(1 days); // plain 100 : 50, reused 0 : 50
        reuses(alice, 50_00);
        passes(1 days); // plain 50 : 50, reused 50 : 50
        reuses(alice, 0);
        passes(1 days); // as on the first day
        assertApproxEq(_claimable(alice, address(weth)), 66.666e18 + 50e18 + 66.666e18);
        assertApproxEq(_claimable(bob, address(weth)), 33.333e18 + 50e18 + 33.333e18);
        assertApproxEq(_claimable(alice, address(sleeve)), 50e18);
        assertApproxEq(_claimable(bob, address(sleeve)), 100e18 + 50e18 + 100e18);
    }

    function test_setReuse_revertsWith_DelistedAsset() external {
        vault.delist(address(weth));
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, address(weth)));
        reuses(alice, 10_00);
    }

    function test_setReuse_revertsWith_DelistedAsset_ofTheSleeve() external {
        vault.delist(address(sleeve));
        vm.expectRevert(abi.encodeWithSelector(IDelisting.DelistedAsset.selector, address(sleeve)));
        reuses(alice, 10_00);
        (uint256 assets, ) = reuses(bob, 0);
        assertEq(assets, 50e18, "back");
    }

    function _claimable(address actor, address asset) private view returns (uint256) {
        return distributor.claimable(accountOf(actor), asset, address(arb));
    }

    function assertApproxEq(uint256 found, uint256 expected) private pure {
        assertGe(found + 1e16, expected, "too little");
        assertLe(found, expected + 1e16, "too much");
    }
}
