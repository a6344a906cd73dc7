// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {LiquidatorStage} from "./LiquidatorStage.sol";
import {ReuseStage} from "./ReuseStage.sol";

/// A liquidator without cash beside a sleeve of WETH with venues.
abstract contract SleeveSaleStage is LiquidatorStage, ReuseStage {
    function setUp() public virtual override(LiquidatorStage, ReuseStage) {
        super.setUp();
    }

    /// 100 WETH, half of it in the sleeve, against 100,000 USDC at 1,120 USD for a WETH: 92,960 cover it, which is
    /// beyond close-out
    function _aliceIsLiquidatableWithShares() internal {
        _aliceReuses();
        moves(weth, 1_120e8);
    }

    /// nothing is idle, and the venue pays nothing
    function _sleeveIsDry() internal {
        sleeve.setRules(IVenueAllocator.SleeveRules(0, 0, address(0)));
        sleeve.allocate(address(bad), sleeve.idleAssets());
        bad.setLiquidity(0);
    }

    /// so many assets for one whole share, of at most so many shares
    function _redemption(
        address shares,
        uint256 mostShares,
        uint256 leastForOne
    ) internal view returns (IFlashLiquidator.Redemption memory) {
        uint256 one = 10 ** IERC4626(shares).decimals();
        return IFlashLiquidator.Redemption(IERC4626(shares), mostShares, one, leastForOne);
    }

    /// shares of the sleeve to WETH, and all WETH to USDC at 1 % below 1,120 USD
    function _sleeveSale(
        uint256 mostShares,
        uint256 minimumProfit
    ) internal view returns (IFlashLiquidator.Sale memory sale) {
        sale = _wethSale(1_120e6, minimumProfit);
        sale.redemptions = new IFlashLiquidator.Redemption[](1);
        sale.redemptions[0] = _redemption(address(sleeve), mostShares, 0.999e18);
    }
}
