// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {MockFlashLender} from "../../contracts/mocks/MockFlashLender.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {HostileSleeve} from "../support/HostileSleeve.sol";
import {SleeveSaleStage} from "../support/SleeveSaleStage.sol";

/// Attacks on a liquidator that redeems shares it took: R06 (a sleeve in mid-run), K06 (the keeper's key is stolen),
/// L15 (sandwich of a redemption).
contract SleeveSalesAttackTest is SleeveSaleStage {
    uint256 internal constant SAVINGS = 1_000_000e6; // profit of earlier runs

    HostileSleeve internal hostile;

    function setUp() public override {
        super.setUp();
        usdc.mint(address(liquidator), SAVINGS);
        weth.mint(address(liquidator), 100e18);
        hostile = new HostileSleeve(weth, link);
        _list(address(hostile), 1_000e8, 100_000e18);
        vault.setPair(address(hostile), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        _approveAll(bob);
        account = accountOf(bob);
        deposits(bob, MockToken(address(hostile)), 100e18);
        borrows(bob, USDC, 75_000e6);
        feedOf[address(hostile)].push(840e8, uint64(block.timestamp));
        // a run keeps shares of earlier ones
        hostile.mint(address(liquidator), 5e18);
    }

    /// R06: in the middle of a redemption a sleeve that is keeper and owner tries every function of the liquidator
    function test_R06_aSleeveInMidRunIsRefused_evenAsTheOwner() external {
        address seller = address(hostile);
        liquidator = _liquidatorAt(address(venue), cold);
        vm.prank(cold);
        liquidator.setKeeper(dave);
        usdc.mint(address(liquidator), SAVINGS);
        vm.prank(cold);
        liquidator.transferOwnership(seller);
        vm.prank(seller);
        liquidator.acceptOwnership();
        bytes[] memory payloads = _everyFunction(seller);
        for (uint256 i; i < payloads.length; ++i) hostile.prepare(payloads[i]);
        _liquidates(dave, _hostileLeg(), _hostileSale());
        assertEq(hostile.reached(), payloads.length, "the sleeve had its chance");
        assertEq(hostile.succeeded(), 0, "and did nothing with it");
        assertGe(usdc.balanceOf(address(liquidator)), SAVINGS, "what was there before");
        _hasNoAllowances(seller);
        _hasNoAllowances(address(vault));
    }

    /// R06: one that pays half, nothing, another asset, or names itself: its bound refuses, whatever it says
    function test_R06_aSleeveThatPaysLessIsRefused() external {
        HostileSleeve.Fashion[4] memory fashions = [
            HostileSleeve.Fashion.HALF,
            HostileSleeve.Fashion.NOTHING,
            HostileSleeve.Fashion.OTHER_ASSET,
            HostileSleeve.Fashion.SHRINKS
        ];
        for (uint256 i; i < fashions.length; ++i) {
            hostile.setFashion(fashions[i]);
            bytes memory payload = abi.encodeCall(liquidator.liquidate, (_order(_hostileLeg()), _hostileSale()));
            bytes4 reason = IFlashLiquidator.RedemptionBelowMinimum.selector;
            // what comes in another asset than the one it named is a gift: the named one is short
            _failsBy(dave, payload, reason);
        }
        _isUnharmed();
    }

    /// R06: what it takes of its own shares it can take anyway; nothing else becomes less
    function test_R06_aSleeveThatBurnsSavedShares_touchesNothingElse() external {
        hostile.setFashion(HostileSleeve.Fashion.TAKES_ALL_SHARES);
        _liquidates(dave, _hostileLeg(), _hostileSale());
        assertEq(hostile.balanceOf(address(liquidator)), 0, "its own token is its own");
        assertEq(weth.balanceOf(address(liquidator)), 100e18);
        assertGe(usdc.balanceOf(address(liquidator)), SAVINGS);
    }

    /// FLASH-3: shares of earlier runs are not redeemed, though the sleeve says that it would
    function test_R06_savedSharesAreNotRedeemed() external {
        _liquidates(dave, _hostileLeg(), _hostileSale());
        assertEq(hostile.balanceOf(address(liquidator)), 5e18, "as before");
        assertEq(weth.balanceOf(address(liquidator)), 100e18, "all that came is sold, and no more");
    }

    /// K06: with the keeper's key and a sleeve of her own, mallory turns nothing that was there into anything
    function test_K06_theKeepersKeyCannotRedeemWhatTheRunDidNotBring() external {
        HostileSleeve own = new HostileSleeve(usdc, link);
        own.setFashion(HostileSleeve.Fashion.NOTHING);
        own.mint(address(liquidator), 1_000e18);
        IFlashLiquidator.Sale memory sale = _hostileSale();
        sale.redemptions = new IFlashLiquidator.Redemption[](3);
        sale.redemptions[0] = _redemption(address(own), ALL, 1);
        sale.redemptions[1] = _hostileSale().redemptions[0];
        // twice: nothing is left for the second
        sale.redemptions[2] = sale.redemptions[1];
        _liquidates(dave, _hostileLeg(), sale);
        assertEq(own.balanceOf(address(liquidator)), 1_000e18, "not called");
        // nor by a loan of the shares of her own sleeve
        MockFlashLender lender = new MockFlashLender(0);
        own.mint(address(lender), 1_000e18);
        feedOf[address(hostile)].push(820e8, uint64(block.timestamp));
        IFlashLiquidator.Loan[] memory loans = new IFlashLiquidator.Loan[](1);
        loans[0] = IFlashLiquidator.Loan(lender, address(own), 1_000e18);
        bytes memory payload = abi.encodeCall(liquidator.liquidateWithFlashLoan, (_order(_hostileLeg()), sale, loans));
        vm.prank(dave);
        (bool success, ) = address(liquidator).call(payload);
        assertFalse(success, "refused");
        assertGe(usdc.balanceOf(address(liquidator)), SAVINGS);
        assertEq(weth.balanceOf(address(liquidator)), 100e18);
    }

    /// L15: somebody empties the sleeve in front: less is redeemed, and the run refuses instead of paying with savings
    function test_L15_aSleeveThatIsEmptiedInFrontIsRefused() external {
        account = accountOf(alice);
        _aliceIsLiquidatableWithShares();
        _sleeveIsDry();
        IFlashLiquidator.Liquidation memory order = _order(leg(MockToken(address(sleeve)), USDC, 20_000e6));
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (order, _sleeveSale(ALL, 0)));
        _failsBy(dave, payload, IFlashLiquidator.InsufficientProceeds.selector);
        _isUnharmed();
    }

    /// L15: a venue that says more, or has less, for one call: a share pays what the bound says, or nothing happens
    function test_L15_aShareThatIsPushedDownInFrontIsRefused() external {
        account = accountOf(alice);
        _aliceIsLiquidatableWithShares();
        _allocates(address(bad));
        bad.loses(1e18); // of 45: two hundredths of the sleeve
        IFlashLiquidator.Liquidation memory order = _order(leg(MockToken(address(sleeve)), USDC, 5_000e6));
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (order, _sleeveSale(ALL, 0)));
        _failsBy(dave, payload, IFlashLiquidator.RedemptionBelowMinimum.selector);
        _isUnharmed();
    }

    // ---- helpers ----

    function _hostileLeg() private view returns (ILiquidation.Leg[] memory) {
        return leg(MockToken(address(hostile)), USDC, 20_000e6);
    }

    /// one WETH, worth 2,000 USD, for a share of 840: a run that pays well
    function _hostileSale() private view returns (IFlashLiquidator.Sale memory sale) {
        sale = _wethSale(2_000e6, 0);
        sale.redemptions = new IFlashLiquidator.Redemption[](1);
        sale.redemptions[0] = IFlashLiquidator.Redemption(IERC4626(address(hostile)), ALL, 1e18, 0.999e18);
    }

    function _isUnharmed() private view {
        assertEq(usdc.balanceOf(address(liquidator)), SAVINGS, "savings");
        assertEq(weth.balanceOf(address(liquidator)), 100e18, "savings");
        assertEq(hostile.balanceOf(address(liquidator)), 5e18, "savings");
    }

    /// five that begin or take, two that call back
    function _everyFunction(address taker) private returns (bytes[] memory payloads) {
        MockFlashLender lender = new MockFlashLender(0);
        usdc.mint(address(lender), SAVINGS);
        IFlashLiquidator.Loan[] memory loans = new IFlashLiquidator.Loan[](1);
        loans[0] = IFlashLiquidator.Loan(lender, address(usdc), 100_000e6);
        (IFlashLiquidator.Liquidation memory order, IFlashLiquidator.Sale memory sale) = (
            _order(_hostileLeg()),
            _hostileSale()
        );
        bytes memory data = abi.encode(sale.redemptions, sale.swaps);
        payloads = new bytes[](7);
        payloads[0] = abi.encodeCall(liquidator.liquidate, (order, sale));
        payloads[1] = abi.encodeCall(liquidator.writeOff, (_writeOffOrder(), sale));
        payloads[2] = abi.encodeCall(liquidator.liquidateWithFlashLoan, (order, sale, loans));
        payloads[3] = abi.encodeCall(liquidator.writeOffWithFlashLoan, (_writeOffOrder(), sale, loans));
        payloads[4] = abi.encodeCall(liquidator.withdraw, (address(usdc), ALL, taker));
        payloads[5] = abi.encodeCall(
            liquidator.onLiquidation,
            (account, new address[](0), new uint256[](0), new PoolId[](0), new uint256[](0), data)
        );
        payloads[6] = abi.encodeCall(liquidator.onFlashLoan, (address(liquidator), address(usdc), 1e6, SAVINGS, ""));
    }
}
