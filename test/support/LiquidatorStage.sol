// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {MockUniswapV3Venue} from "../../contracts/mocks/MockUniswapV3Venue.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "./Deployment.sol";

/// What the tests of a FlashLiquidator use of it beside its interface.
interface IOwnedLiquidator is IFlashLiquidator {
    function owner() external view returns (address);
    function pendingOwner() external view returns (address);
    function transferOwnership(address newOwner) external;
    function acceptOwnership() external;
    function onLiquidation(
        AccountId account,
        address[] calldata assets,
        uint256[] calldata seizedAssets,
        PoolId[] calldata pools,
        uint256[] calldata owedAssets,
        bytes calldata data
    ) external;
    function onFlashLoan(
        address initiator,
        address token,
        uint256 assets,
        uint256 feeAssets,
        bytes calldata data
    ) external returns (bytes32);
}

/// A venue with stock, and a liquidator that `cold` owns and `dave`, who has no cash, runs. Pools are 20,000,000 USD
/// deep on each side at a fee of 0.05 %: 100,000 USD sell 0.55 % below the feeds.
abstract contract LiquidatorStage is Deployment {
    uint24 internal constant FEE = 500;
    uint256 internal constant DEPTH = 20_000_000e18;
    uint256 internal constant WHOLE = 100_00;

    MockUniswapV3Venue internal venue;
    IOwnedLiquidator internal liquidator;
    AccountId internal account;
    address internal cold = makeAddr("cold");

    function setUp() public virtual override {
        super.setUp();
        venue = new MockUniswapV3Venue();
        liquidator = _liquidatorAt(address(venue), cold);
        vm.prank(cold);
        liquidator.setKeeper(dave);
        for (uint256 i; i < tokens.length; ++i) _stock(tokens[i]);
        account = accountOf(alice);
    }

    function _liquidatorAt(address market, address owner) internal returns (IOwnedLiquidator) {
        bytes memory arguments = abi.encode(vault, market, owner);
        return IOwnedLiquidator(_deploy("periphery/FlashLiquidator.sol:FlashLiquidator", arguments));
    }

    function _stock(address token) internal {
        venue.setFeed(token, feedOf[token]);
        MockToken(token).mint(address(venue), 100_000_000 * 10 ** MockToken(token).decimals());
        for (uint256 i; i < tokens.length; ++i) venue.listPool(token, tokens[i], FEE, DEPTH);
    }

    // ---- what is asked for ----

    function _order(ILiquidation.Leg[] memory legs) internal view returns (IFlashLiquidator.Liquidation memory) {
        return IFlashLiquidator.Liquidation(account, legs, ALL, block.timestamp);
    }

    function _writeOffOrder() internal view returns (IFlashLiquidator.WriteOff memory) {
        IVaultLens.AccountView memory found = vault.accountOf(account);
        uint256[] memory most = new uint256[](found.snapshot.debts.length);
        for (uint256 j; j < most.length; ++j) most[j] = ALL;
        uint256[] memory least = new uint256[](found.snapshot.collaterals.length);
        return IFlashLiquidator.WriteOff(account, ALL, most, least, block.timestamp);
    }

    /// a share of what is there for one pool, at no less than so many units of `tokenOut` for one whole `tokenIn`
    function _swap(
        MockToken tokenIn,
        MockToken tokenOut,
        uint256 shareBps,
        uint256 leastForOne
    ) internal view returns (IFlashLiquidator.Swap memory) {
        bytes memory path = abi.encodePacked(tokenIn, FEE, tokenOut);
        return IFlashLiquidator.Swap(path, shareBps, 10 ** tokenIn.decimals(), leastForOne);
    }

    function _sale(
        IFlashLiquidator.Swap memory swap,
        uint256 minimumProfit
    ) internal view returns (IFlashLiquidator.Sale memory sale) {
        sale.swaps = new IFlashLiquidator.Swap[](1);
        sale.swaps[0] = swap;
        (sale.profitToken, sale.minimumProfit) = (address(usdc), minimumProfit);
    }

    /// all WETH for USDC, at 1 % below the price that is given
    function _wethSale(
        uint256 priceAssets,
        uint256 minimumProfit
    ) internal view returns (IFlashLiquidator.Sale memory) {
        return _sale(_swap(weth, usdc, WHOLE, (priceAssets * 99) / 100), minimumProfit);
    }

    // ---- who acts ----

    /// the arguments are made before the prank, which holds for one call
    function _liquidates(
        address caller,
        ILiquidation.Leg[] memory legs,
        IFlashLiquidator.Sale memory sale
    ) internal returns (uint256) {
        IFlashLiquidator.Liquidation memory order = _order(legs);
        vm.prank(caller);
        return liquidator.liquidate(order, sale);
    }

    // ---- what is looked at ----

    /// sent by `caller`: fails with exactly this
    function _failsWith(address caller, address target, bytes memory payload, bytes memory reason) internal {
        vm.prank(caller);
        (bool success, bytes memory answer) = target.call(payload);
        assertFalse(success, "refused");
        assertEq(answer, reason, "the reason");
    }

    /// sent by `caller`: fails with this error, whatever it names
    function _failsBy(address caller, bytes memory payload, bytes4 selector) internal {
        vm.prank(caller);
        (bool success, bytes memory answer) = address(liquidator).call(payload);
        assertFalse(success, "refused");
        assertEq(bytes4(answer), selector);
    }

    function _hasNoAllowances(address spender) internal view {
        for (uint256 i; i < tokens.length; ++i) {
            assertEq(IERC20(tokens[i]).allowance(address(liquidator), spender), 0, "an allowance is left");
        }
    }

    function _cashIn(ILendingPool pool) internal view returns (uint256) {
        return IERC20(pool.asset()).balanceOf(address(pool));
    }

    // ---- accounts ----

    /// 100 WETH against 150,000 USDC at 1,690 USD for a WETH: beyond close-out
    function _aliceIsLiquidatable() internal {
        _alicePledgesAndBorrows();
        moves(weth, 1_690e8);
    }

    /// 50 WETH and 2 WBTC against 90,000 USDC and 60,000 DAI, both collaterals 14 % down: beyond close-out
    function _aliceOwesTwo() internal {
        deposits(alice, weth, 50e18);
        deposits(alice, wbtc, 2e8);
        borrows(alice, USDC, 90_000e6);
        borrows(alice, DAI, 80_000e18);
        moves(weth, 1_710e8);
        moves(wbtc, 51_300e8);
    }
}
