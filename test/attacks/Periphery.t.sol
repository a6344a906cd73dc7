// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {IERC3156FlashLender} from "@openzeppelin/contracts/interfaces/IERC3156FlashLender.sol";

import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {MockFlashLender} from "../../contracts/mocks/MockFlashLender.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {HookToken} from "../../contracts/mocks/WeirdTokens.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {ReenteringVenue} from "../support/HostileVenues.sol";
import {LiquidatorStage} from "../support/LiquidatorStage.sol";

/// Attacks on a liquidator that needs no cash: A08 (callbacks), R06 (venue and token in mid-run), T08 (allowances),
/// K06 (the keeper's key is stolen), K07 (searchers), L15 (sandwich).
contract PeripheryAttackTest is LiquidatorStage {
    uint256 internal constant SAVINGS = 1_000_000e6; // profit of earlier runs

    function setUp() public override {
        super.setUp();
        _aliceIsLiquidatable();
        usdc.mint(address(liquidator), SAVINGS);
        weth.mint(address(liquidator), 100e18);
    }

    // ---- A08 ----

    /// A08: mallory answers for the vault, or for a lender
    function test_A08_callbacksOfStrangersAreRefused() external {
        bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.CallbackUnexpected.selector, mallory);
        _failsWith(mallory, address(liquidator), _falseCallback(), reason);
        _failsWith(mallory, address(liquidator), _falseLoan(address(liquidator)), reason);
        _isUnharmed();
    }

    /// A08: the vault and a lender call back when nobody began anything, and with other data than what was sent
    function test_A08_callbacksOutsideARunAreRefused() external {
        MockFlashLender lender = new MockFlashLender(0);
        usdc.mint(address(lender), SAVINGS);
        address[2] memory callers = [address(vault), address(lender)];
        for (uint256 i; i < callers.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.CallbackUnexpected.selector, callers[i]);
            _failsWith(callers[i], address(liquidator), _falseCallback(), reason);
            _failsWith(callers[i], address(liquidator), _falseLoan(address(liquidator)), reason);
        }
        // anybody can make a lender send a loan to whomever
        bytes memory loan = abi.encodeCall(
            lender.flashLoan,
            (
                IERC3156FlashBorrower(address(liquidator)),
                address(usdc),
                1e6,
                abi.encode(new IFlashLiquidator.Redemption[](0), new IFlashLiquidator.Swap[](0))
            )
        );
        bytes memory refusal = abi.encodeWithSelector(IFlashLiquidator.CallbackUnexpected.selector, lender);
        _failsWith(mallory, address(lender), loan, refusal);
        _isUnharmed();
    }

    /// A08, R06: in the middle of a swap the venue, which owns the liquidator, tries every one of its functions
    function test_A08_R06_aVenueInMidRunIsRefused_evenAsTheOwner() external {
        ReenteringVenue hostile = new ReenteringVenue();
        usdc.mint(address(hostile), SAVINGS);
        liquidator = _liquidatorAt(address(hostile), address(hostile));
        usdc.mint(address(liquidator), SAVINGS);
        bytes[] memory payloads = _everyFunction(address(hostile));
        for (uint256 i; i < payloads.length; ++i) hostile.prepare(address(liquidator), payloads[i]);
        hostile.run(address(liquidator), payloads[0]);
        for (uint256 i; i < payloads.length; ++i) {
            (, , bool success, bytes memory answer) = hostile.attempts(i);
            assertFalse(success, "refused in mid-run");
            bytes4 expected =
                i < 5 ? IFlashLiquidator.RunInProgress.selector : IFlashLiquidator.CallbackUnexpected.selector;
            assertEq(bytes4(answer), expected);
        }
        assertGe(usdc.balanceOf(address(liquidator)), SAVINGS, "what was there before");
        _hasNoAllowances(address(hostile));
        // nothing of the run stays behind
        hostile.run(address(liquidator), payloads[4]);
        assertEq(usdc.balanceOf(address(liquidator)), 0, "the owner withdraws afterwards");
    }

    /// A08, R06: a collateral whose transfers call somebody, on its way to the liquidator and to the venue
    function test_A08_R06_aTokenInMidRunIsRefused() external {
        HookToken hook = new HookToken(18);
        _list(address(hook), 1_000e8, 100_000e18);
        _stock(address(hook));
        vault.setPair(address(hook), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        _approveAll(bob);
        account = accountOf(bob);
        deposits(bob, MockToken(address(hook)), 100e18);
        borrows(bob, USDC, 75_000e6);
        feedOf[address(hook)].push(840e8, uint64(block.timestamp));
        bytes[] memory payloads = _everyFunction(address(hook));
        for (uint256 i; i < payloads.length; ++i) {
            hook.setHook(address(liquidator), payloads[i]);
            uint256 snapshot = vm.snapshotState();
            IFlashLiquidator.Sale memory sale = _sale(_swap(MockToken(address(hook)), usdc, WHOLE, 830e6), 0);
            _liquidates(dave, leg(MockToken(address(hook)), USDC, ALL), sale);
            assertTrue(hook.wasReached(), "the token had its chance");
            assertFalse(hook.hasSucceeded(), "and did nothing with it");
            assertGe(usdc.balanceOf(address(liquidator)), SAVINGS);
            vm.revertToState(snapshot);
        }
    }

    // ---- T08 ----

    /// T08: after every kind of run, and after one that failed, nobody may pull anything
    function test_T08_noAllowanceOfTheLiquidatorIsLeft() external {
        MockFlashLender lender = new MockFlashLender(0);
        usdc.mint(address(lender), SAVINGS);
        _liquidates(dave, leg(weth, USDC, 20_000e6), _wethSale(1_690e6, 0));
        moves(weth, 1_660e8); // again beyond close-out
        IFlashLiquidator.Liquidation memory order = _order(leg(weth, USDC, 20_000e6));
        IFlashLiquidator.Sale memory sale = _wethSale(1_660e6, 0);
        vm.prank(dave);
        liquidator.liquidateWithFlashLoan(order, sale, _loan(lender));
        moves(weth, 1_630e8);
        sale = _wethSale(1_630e6, SAVINGS);
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (order, sale));
        _failsBy(dave, payload, IFlashLiquidator.ProfitBelowMinimum.selector);
        address[5] memory spenders = [address(vault), address(venue), address(lender), address(usdcPool), dave];
        for (uint256 i; i < spenders.length; ++i) _hasNoAllowances(spenders[i]);
    }

    // ---- K06 ----

    /// K06: with the keeper's key mallory can take no profit, name no other receiver, and give herself no rights
    function test_K06_theKeepersKeyTakesNothing() external {
        bytes[] memory payloads = new bytes[](4);
        payloads[0] = abi.encodeCall(liquidator.withdraw, (address(usdc), ALL, mallory));
        payloads[1] = abi.encodeCall(liquidator.setKeeper, (mallory));
        payloads[2] = abi.encodeCall(liquidator.transferOwnership, (mallory));
        payloads[3] = abi.encodeCall(liquidator.acceptOwnership, ());
        for (uint256 i; i < payloads.length; ++i) {
            vm.prank(dave);
            (bool success, ) = address(liquidator).call(payloads[i]);
            assertFalse(success, "not the keeper's");
        }
        _isUnharmed();
    }

    /// K06: nor can she by runs with bounds of her own, a lender of her own and a token of her own in the path: what
    /// earlier runs left pays for nothing
    function test_K06_theKeepersKeyCannotSpendSavings() external {
        MockToken worthless = _token("MAL", 18, 1e8, 0);
        _stock(address(worthless));
        IFlashLiquidator.Sale memory sale = _sale(_swap(weth, worthless, WHOLE, 1), 0);
        sale.profitToken = address(worthless);
        bytes4 short = IFlashLiquidator.InsufficientProceeds.selector;
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (_order(leg(weth, USDC, ALL)), sale));
        _failsBy(dave, payload, short);
        MockFlashLender own = new MockFlashLender(0);
        usdc.mint(address(own), SAVINGS);
        own.misbehave(false, address(0), 100_000e6, false); // sends nothing, and wants it back
        payload = abi.encodeCall(
            liquidator.liquidateWithFlashLoan,
            (_order(leg(weth, USDC, 50_000e6)), _wethSale(1_690e6, 0), _loan(own))
        );
        _failsBy(dave, payload, IFlashLiquidator.LoanUnexpected.selector);
        own = new MockFlashLender(50_00); // lends, for half of it
        usdc.mint(address(own), SAVINGS);
        payload = abi.encodeCall(
            liquidator.liquidateWithFlashLoan,
            (_order(leg(weth, USDC, 50_000e6)), _wethSale(1_690e6, 0), _loan(own))
        );
        _failsBy(dave, payload, short);
        _isUnharmed();
    }

    // ---- K07, L15 ----

    /// K07: a searcher who copies the transaction, as it is, gets nothing
    function test_K07_aCopiedTransactionIsRefused() external {
        bytes memory payload = abi.encodeCall(
            liquidator.liquidate,
            (_order(leg(weth, USDC, ALL)), _wethSale(1_690e6, 0))
        );
        bytes memory reason = abi.encodeWithSelector(IFlashLiquidator.CallerNotKeeper.selector, mallory);
        _failsWith(mallory, address(liquidator), payload, reason);
        _isUnharmed();
    }

    /// K07, L15: somebody takes the depth out of the venue in front: the minimum output refuses; with a loose one, the
    /// minimum profit does; with none of both, the run's own proceeds still pay the vault, or nothing happens
    function test_K07_L15_aSandwichIsRefused() external {
        venue.listPool(address(weth), address(usdc), FEE, 2_000_000e18); // 100,000 USD now sell 5 % lower
        IFlashLiquidator.Liquidation memory order = _order(leg(weth, USDC, ALL));
        bytes memory payload = abi.encodeCall(liquidator.liquidate, (order, _wethSale(1_690e6, 0)));
        bytes memory reason = abi.encodeWithSignature("Error(string)", "Too little received");
        _failsWith(dave, address(liquidator), payload, reason);
        payload = abi.encodeCall(liquidator.liquidate, (order, _sale(_swap(weth, usdc, WHOLE, 1), 0)));
        _failsBy(dave, payload, IFlashLiquidator.InsufficientProceeds.selector);
        venue.listPool(address(weth), address(usdc), FEE, 8_000_000e18); // 1.3 % lower
        payload = abi.encodeCall(liquidator.liquidate, (order, _sale(_swap(weth, usdc, WHOLE, 1), 1_500e6)));
        _failsBy(dave, payload, IFlashLiquidator.ProfitBelowMinimum.selector);
        _isUnharmed();
    }

    // ---- helpers ----

    function _isUnharmed() private view {
        assertEq(usdc.balanceOf(address(liquidator)), SAVINGS, "savings");
        assertEq(weth.balanceOf(address(liquidator)), 100e18, "savings");
        assertEq(liquidator.owner(), cold);
        assertEq(liquidator.keeper(), dave);
    }

    /// a sale of what is there, for nothing
    function _falseCallback() private view returns (bytes memory) {
        address[] memory assets = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (assets[0], amounts[0]) = (address(weth), 100e18);
        PoolId[] memory pools = new PoolId[](1);
        IFlashLiquidator.Sale memory sale = _sale(_swap(weth, usdc, WHOLE, 1), 0);
        bytes memory data = abi.encode(sale.redemptions, sale.swaps);
        return abi.encodeCall(liquidator.onLiquidation, (account, assets, amounts, pools, amounts, data));
    }

    function _falseLoan(address initiator) private view returns (bytes memory) {
        return abi.encodeCall(liquidator.onFlashLoan, (initiator, address(usdc), 1e6, SAVINGS, ""));
    }

    /// five that begin or take, two that call back
    function _everyFunction(address taker) private returns (bytes[] memory payloads) {
        MockFlashLender lender = new MockFlashLender(0);
        usdc.mint(address(lender), SAVINGS);
        IFlashLiquidator.Liquidation memory order = _order(leg(weth, USDC, 50_000e6));
        IFlashLiquidator.Sale memory sale = _wethSale(1_700e6, 0);
        payloads = new bytes[](7);
        payloads[0] = abi.encodeCall(liquidator.liquidate, (order, sale));
        payloads[1] = abi.encodeCall(liquidator.writeOff, (_writeOffOrder(), sale));
        payloads[2] = abi.encodeCall(liquidator.liquidateWithFlashLoan, (order, sale, _loan(lender)));
        payloads[3] = abi.encodeCall(liquidator.writeOffWithFlashLoan, (_writeOffOrder(), sale, _loan(lender)));
        payloads[4] = abi.encodeCall(liquidator.withdraw, (address(usdc), ALL, taker));
        payloads[5] = _falseCallback();
        payloads[6] = _falseLoan(address(liquidator));
    }

    function _loan(MockFlashLender lender) private view returns (IFlashLiquidator.Loan[] memory loans) {
        loans = new IFlashLiquidator.Loan[](1);
        loans[0] = IFlashLiquidator.Loan(IERC3156FlashLender(address(lender)), address(usdc), 100_000e6);
    }
}
