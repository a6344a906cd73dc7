// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "./Deployment.sol";

/// The vault with measured haircuts: WETH and LINK against USDC, WETH by common returns.
abstract contract Measuring is Deployment {
    uint256 internal constant STRESS = 2.25e18; // 150 % a year

    function setUp() public virtual override {
        super.setUp();
        vault.startMeasure(address(weth), STRESS);
        vault.startMeasure(address(link), STRESS);
        vault.startMeasure(address(usdc), 0.01e18);
        // wide bounds, so that what is measured shows
        vault.setPair(address(weth), USDC, _wide(150_000, 80_000, 200_000_000e18));
        vault.setPair(address(link), USDC, _wide(300_000, 200_000, 20_000_000e18));
        vault.setPairModel(address(weth), USDC, _model(true));
        vault.setPairModel(address(link), USDC, _model(false));
    }

    function _wide(
        uint256 initialPpm,
        uint256 maintenancePpm,
        uint256 depthValue
    ) internal pure returns (IVaultConfigurator.PairConfig memory) {
        return
            IVaultConfigurator.PairConfig({
                initialFloorPpm: 40_000,
                initialCapPpm: 900_000,
                maintenanceFloorPpm: 40_000,
                maintenanceCapPpm: 800_000,
                initialTargetPpm: initialPpm,
                maintenanceTargetPpm: maintenancePpm,
                depthValue: depthValue,
                maxBonusBps: 1_50
            });
    }

    function _model(bool isTracked) internal pure returns (IVaultConfigurator.PairModelConfig memory) {
        return
            IVaultConfigurator.PairModelConfig({
                floorVarianceWad: 0.01e18,
                stressVarianceWad: STRESS,
                horizonInitialFor: 5 days,
                horizonMaintenanceFor: 2 days,
                pegPpm: 0,
                maxLagFor: 26 hours,
                highestDepthValue: 400_000_000e18,
                isMeasured: true,
                isTracked: isTracked,
                isPegged: false
            });
    }

    /// an hour later a new round, `bps` away from the one before
    function wanders(MockToken token, int256 answer) internal {
        skip(1 hours);
        moves(token, int192(answer));
    }
}
