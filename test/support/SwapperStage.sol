// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICollateralSwapper} from "../../contracts/interfaces/ICollateralSwapper.sol";
import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {ISubstitutionCallback} from "../../contracts/interfaces/ISubstitutionCallback.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {LiquidatorStage} from "./LiquidatorStage.sol";

/// What the tests of a CollateralSwapper use of it beside its interface.
interface ICallableSwapper is ICollateralSwapper, ISubstitutionCallback {
    function vault() external view returns (address);
    function venue() external view returns (address);
}

/// A swapper on the venue of the stage, which `alice` lets act on her account: 10,000 LINK of 15 USD against 104,000
/// USDC.
abstract contract SwapperStage is LiquidatorStage {
    ICallableSwapper internal swapper;
    uint256 internal constant ANY_LOSS = 100_00;
    uint256 internal constant SWAP_RIGHTS = 11; // DEPOSIT, WITHDRAW and SEND

    function setUp() public virtual override {
        super.setUp();
        swapper = _swapperAt(address(venue));
        _permits(address(swapper), SWAP_RIGHTS);
        deposits(alice, link, 10_000e18);
        borrows(alice, USDC, 104_000e6);
        vm.prank(alice);
        usdc.transfer(dave, 104_000e6); // spent
    }

    function _swapperAt(address market) internal returns (ICallableSwapper) {
        return
            ICallableSwapper(_deploy("periphery/CollateralSwapper.sol:CollateralSwapper", abi.encode(vault, market)));
    }

    function _permits(address operator, uint256 rights) internal {
        vm.prank(alice);
        vault.setOperator(account, operator, rights, block.timestamp + 30 days);
    }

    // ---- what is asked for ----

    function _one(MockToken token, uint256 assets) internal pure returns (ISubstitution.Amount[] memory amounts) {
        amounts = new ISubstitution.Amount[](1);
        amounts[0] = ISubstitution.Amount({asset: address(token), assets: assets});
    }

    function _exchange(
        MockToken tokenOut,
        uint256 outAssets,
        MockToken tokenIn,
        uint256 inAssets,
        uint256 maxLossBps
    ) internal view returns (ICollateralSwapper.Order memory) {
        return
            ICollateralSwapper.Order({
                account: account,
                outgoing: _one(tokenOut, outAssets),
                incoming: _one(tokenIn, inAssets),
                maxLossBps: maxLossBps,
                deadline: block.timestamp
            });
    }

    /// all of one token for another, at no less than so many units for one whole
    function _all(
        MockToken tokenIn,
        MockToken tokenOut,
        uint256 leastForOne
    ) internal view returns (IFlashLiquidator.Swap[] memory swaps) {
        swaps = new IFlashLiquidator.Swap[](1);
        swaps[0] = _swap(tokenIn, tokenOut, WHOLE, leastForOne);
    }

    function _swaps(ICollateralSwapper.Order memory order, IFlashLiquidator.Swap[] memory swaps) internal {
        vm.prank(alice);
        swapper.swapCollateral(order, swaps);
    }

    /// sent by alice: fails with this error, whatever it names
    function _refuses(
        ICollateralSwapper.Order memory order,
        IFlashLiquidator.Swap[] memory swaps,
        bytes4 selector
    ) internal {
        vm.expectPartialRevert(selector);
        vm.prank(alice);
        swapper.swapCollateral(order, swaps);
    }

    // ---- what is looked at ----

    function _holdsNothing() internal view {
        for (uint256 i; i < tokens.length; ++i) {
            assertEq(IERC20(tokens[i]).balanceOf(address(swapper)), 0, "the swapper holds nothing");
            assertEq(IERC20(tokens[i]).allowance(address(swapper), address(vault)), 0, "nor allows it to the vault");
            assertEq(IERC20(tokens[i]).allowance(address(swapper), swapper.venue()), 0, "nor to the venue");
        }
    }

    /// LINK at 13.2: cover 102,960 of 104,000, used 3.6 %; the slow average stays at 15
    function _isCalled() internal {
        moves(link, 13.2e8);
        vault.issueMarginCall(account);
    }
}
