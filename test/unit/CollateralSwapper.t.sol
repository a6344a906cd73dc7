// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ICollateralSwapper} from "../../contracts/interfaces/ICollateralSwapper.sol";
import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {ShortVenue} from "../support/HostileVenues.sol";
import {SwapperStage} from "../support/SwapperStage.sol";
import {Vm} from "../support/Vm.sol";

// swapCollateral
// ├── given the caller does not own the account, or is late: it reverts
// ├── when a swap is malformed, unbounded or brings too little: it reverts
// ├── given a bound on the loss
// │   ├── what goes out has no fresh price: it reverts
// │   ├── more is lost than allowed: it reverts
// │   └── without the bound no price is asked for
// └── else the new collateral is pledged, what is left goes to the owner, and nothing stays
contract CollateralSwapperTest is SwapperStage {
    // ---- the exchange ----

    function test_swapCollateral_curesACall_withoutCash() external {
        _isCalled();
        vm.recordLogs();
        _swaps(_exchange(link, ALL, weth, 65.4e18, 1_00), _all(link, weth, 0.0065e18));
        assertEq(vault.accountOf(account).callState, 0, "cured");
        assertEq(vault.holdingOf(account, address(link)), 0);
        assertEq(vault.holdingOf(account, address(weth)), 65.4e18, "exactly what was asked for");
        // by hand: 132,000 less 0.05 % into sides of 20,000,000: 131,069.4 USD
        assertApproxEqAbs(weth.balanceOf(alice), 0.1347e18, 0.0001e18, "what the swap brought beyond it");
        _holdsNothing();
        _toldLoss();
    }

    function _toldLoss() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        assertEq(last.topics[0], ICollateralSwapper.CollateralSwapped.selector);
        assertEq(last.topics[1], AccountId.unwrap(account), "account");
        assertEq(last.topics[2], bytes32(uint256(uint160(alice))), "owner");
        (uint256 outValue, uint256 inValue) = abi.decode(last.data, (uint256, uint256));
        assertEq(outValue, 132_000e18, "out, at spot");
        assertApproxEqAbs(inValue, 131_069.4e18, 0.1e18, "in, with what went to the owner");
    }

    function test_swapCollateral_ofAPart_throughTwoPools_intoTwo() external {
        ICollateralSwapper.Order memory order = _exchange(link, 4_000e18, weth, 14e18, 1_00);
        order.incoming = new ISubstitution.Amount[](2);
        order.incoming[0] = ISubstitution.Amount(address(weth), 14e18);
        order.incoming[1] = ISubstitution.Amount(address(wbtc), 0.49e8);
        IFlashLiquidator.Swap[] memory swaps = new IFlashLiquidator.Swap[](2);
        swaps[0] = _swap(link, weth, 50_00, 0.0074e18); // half of it
        swaps[1] = _swap(link, wbtc, WHOLE, 0.000245e8);
        swaps[1].path = abi.encodePacked(link, FEE, usdc, FEE, wbtc);
        _swaps(order, swaps);
        assertEq(vault.holdingOf(account, address(link)), 6_000e18);
        assertEq(vault.holdingOf(account, address(weth)), 14e18);
        assertEq(vault.holdingOf(account, address(wbtc)), 0.49e8);
        assertGt(weth.balanceOf(alice), 0.9e18, "the surplus of both");
        assertGt(wbtc.balanceOf(alice), 0, "goes to the owner");
        _holdsNothing();
    }

    /// the collateral that was asked out and not sold, and what a swap brings that is not asked in
    function test_swapCollateral_sendsEverythingLeftToTheOwner() external {
        _aliceOwesNothing();
        IFlashLiquidator.Swap[] memory swaps = new IFlashLiquidator.Swap[](2);
        swaps[0] = IFlashLiquidator.Swap(abi.encodePacked(link, FEE, weth), 0, 4_000e18, 29e18);
        swaps[1] = IFlashLiquidator.Swap(abi.encodePacked(link, FEE, dai), 0, 500e18, 7_400e18);
        _swaps(_exchange(link, 5_000e18, weth, 29e18, 1_00), swaps);
        assertEq(link.balanceOf(alice), 500e18, "not sold");
        assertGt(dai.balanceOf(alice), 7_400e18, "not asked in, and no collateral here");
        _holdsNothing();
    }

    function test_swapCollateral_returnsWhatTheVenueDidNotTake() external {
        ShortVenue half = new ShortVenue(5_000, 10_000);
        weth.mint(address(half), 1_000e18);
        swapper = _swapperAt(address(half));
        _permits(address(swapper), SWAP_RIGHTS);
        _swaps(_exchange(link, 1_000e18, weth, 7e18, 1_00), _all(link, weth, 0.0074e18));
        assertEq(link.balanceOf(alice), 500e18, "half of it was not taken");
        assertEq(weth.balanceOf(alice), 0.4e18);
        _holdsNothing();
    }

    // ---- refused ----

    function test_swapCollateral_revertsWith_CallerNotAccountOwner() external {
        ICollateralSwapper.Order memory order = _exchange(link, ALL, weth, 1, ANY_LOSS);
        IFlashLiquidator.Swap[] memory swaps = _all(link, weth, 1);
        _permits(mallory, 31);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSwapper.CallerNotAccountOwner.selector, account, mallory));
        vm.prank(mallory);
        swapper.swapCollateral(order, swaps);
    }

    function test_swapCollateral_revertsWith_DeadlinePassed() external {
        ICollateralSwapper.Order memory order = _exchange(link, ALL, weth, 1, ANY_LOSS);
        IFlashLiquidator.Swap[] memory swaps = _all(link, weth, 1);
        skip(1);
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidationRun.DeadlinePassed.selector, order.deadline, order.deadline + 1)
        );
        vm.prank(alice);
        swapper.swapCollateral(order, swaps);
    }

    function test_swapCollateral_revertsWith_aMalformedOrUnboundedSwap() external {
        _aliceOwesNothing(); // the vault judges before anything is sold
        ICollateralSwapper.Order memory order = _exchange(link, ALL, weth, 1e18, ANY_LOSS);
        IFlashLiquidator.Swap[] memory swaps = _all(link, weth, 1);
        swaps[0].path = abi.encodePacked(link, weth);
        _refuses(order, swaps, IFlashLiquidator.PathMalformed.selector);
        swaps = _all(link, weth, 0);
        _refuses(order, swaps, IFlashLiquidator.SwapUnbounded.selector);
    }

    function test_swapCollateral_reverts_whenASwapBringsLessThanItsBound() external {
        bytes memory payload = abi.encodeCall(
            swapper.swapCollateral,
            (_exchange(link, ALL, weth, 1, ANY_LOSS), _all(link, weth, 0.0075e18))
        );
        _aliceOwesNothing();
        _failsWith(alice, address(swapper), payload, abi.encodeWithSignature("Error(string)", "Too little received"));
    }

    /// the least to bring is what is pledged
    /// found by the campaign of custody, where it ended in a panic
    function test_swapCollateral_revertsWith_SwapOutputBelowMinimum_forATokenOfItself() external {
        _aliceOwesNothing();
        ICollateralSwapper.Order memory order = _exchange(link, 100e18, link, 90e18, ANY_LOSS);
        _refuses(order, _all(link, link, 0.9e18), IFlashLiquidator.SwapOutputBelowMinimum.selector);
    }

    function test_swapCollateral_revertsWith_InsufficientProceeds() external {
        _refuses(
            _exchange(link, ALL, weth, 75e18, ANY_LOSS),
            _all(link, weth, 1),
            IFlashLiquidator.InsufficientProceeds.selector
        );
    }

    /// the vault judges it as any other exchange
    function test_swapCollateral_revertsWith_whatTheVaultSays() external {
        _refuses(
            _exchange(link, ALL, weth, 10e18, ANY_LOSS),
            _all(link, weth, 1),
            IRiskEngine.InsufficientMargin.selector
        );
    }

    function test_onSubstitution_revertsWith_CallbackUnexpected() external {
        bytes memory data = abi.encode(_all(link, weth, 1));
        vm.expectRevert(abi.encodeWithSelector(IFlashLiquidator.CallbackUnexpected.selector, mallory));
        vm.prank(mallory);
        swapper.onSubstitution(account, _one(weth, 1), _one(link, 1), data);
    }

    // ---- the loss ----

    function test_swapCollateral_revertsWith_SwapLosesValue() external {
        // 150,000 less 0.05 % into sides of 20,000,000: 0.79 % are lost
        ICollateralSwapper.Order memory order = _exchange(link, ALL, weth, 70e18, 78);
        _refuses(order, _all(link, weth, 1), ICollateralSwapper.SwapLosesValue.selector);
        order.maxLossBps = 80;
        _swaps(order, _all(link, weth, 1));
        assertEq(vault.holdingOf(account, address(weth)), 70e18);
    }

    function test_swapCollateral_revertsWith_PriceMissing_forALossThatCannotBeMeasured() external {
        _aliceOwesNothing();
        skip(1 hours + 1);
        ICollateralSwapper.Order memory order = _exchange(link, ALL, weth, 70e18, 99_99);
        IFlashLiquidator.Swap[] memory swaps = _all(link, weth, 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSwapper.PriceMissing.selector, address(link)));
        vm.prank(alice);
        swapper.swapCollateral(order, swaps);
        order.maxLossBps = ANY_LOSS;
        _swaps(order, _all(link, weth, 1));
        assertEq(vault.holdingOf(account, address(weth)), 70e18, "any loss: no price is asked for");
    }

    /// what comes in without a fresh price, or is not listed at all, counts nothing
    function test_swapCollateral_countsNothing_withoutAFreshPrice() external {
        _aliceOwesNothing();
        skip(1 hours + 1);
        moves(link, 15e8);
        ICollateralSwapper.Order memory order = _exchange(link, ALL, weth, 70e18, 99_99);
        _refuses(order, _all(link, weth, 1), ICollateralSwapper.SwapLosesValue.selector);
        moves(weth, 2_000e8);
        order.maxLossBps = 1_00;
        _swaps(order, _all(link, weth, 1));
        assertEq(vault.holdingOf(account, address(weth)), 70e18);
    }

    function test_swapCollateral_countsNothing_ofATokenThatIsNotListed() external {
        _aliceOwesNothing();
        MockToken other = new MockToken("other", "OTHER", 18);
        venue.setFeed(address(other), feedOf[address(usdc)]);
        venue.listPool(address(link), address(other), FEE, DEPTH);
        other.mint(address(venue), 1_000_000e18);
        IFlashLiquidator.Swap[] memory swaps = new IFlashLiquidator.Swap[](2);
        swaps[0] = _swap(link, other, 50_00, 1);
        swaps[1] = _swap(link, weth, WHOLE, 1);
        ICollateralSwapper.Order memory order = _exchange(link, 4_000e18, weth, 14e18, 49_00);
        _refuses(order, swaps, ICollateralSwapper.SwapLosesValue.selector);
        order.maxLossBps = 51_00;
        _swaps(order, swaps);
        assertGt(other.balanceOf(alice), 29_000e18, "the owner has it all the same");
    }

    function _aliceOwesNothing() private {
        repays(alice, USDC, ALL);
    }
}
