// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ICollateralSwapper} from "../../contracts/interfaces/ICollateralSwapper.sol";
import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {IUniswapV3SwapRouter} from "../../contracts/interfaces/IUniswapV3SwapRouter.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockFlashBorrower} from "../../contracts/mocks/MockFlashBorrower.sol";
import {MockSubstituter} from "../../contracts/mocks/MockSubstituter.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {FeeToken, HookToken} from "../../contracts/mocks/WeirdTokens.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {ReenteringVenue} from "../support/HostileVenues.sol";
import {SwapperStage} from "../support/SwapperStage.sol";

/// Attacks from within a substitution by swap, and on the swapper that serves everybody: R04 (the callback), R03 (views
/// in mid-call), O01 (prices moved inside), T01 (fees), T08 (allowances), A06 and A08 (other people's accounts).
contract SwapAttackTest is SwapperStage {
    MockSubstituter internal caller;
    AccountId internal own; // of the caller

    function setUp() public override {
        super.setUp();
        caller = new MockSubstituter(vault);
        own = toAccountId(address(caller), 0);
        weth.mint(dave, 10_000e18);
        vm.prank(dave);
        weth.approve(address(caller), ALL);
        caller.setSource(dave, 0);
        link.mint(address(caller), 10_000e18);
        caller.run(address(link), abi.encodeCall(link.approve, (address(vault), ALL)));
        caller.run(address(weth), abi.encodeCall(weth.approve, (address(vault), ALL)));
        caller.run(address(vault), abi.encodeCall(vault.deposit, (own, address(link), 10_000e18)));
    }

    // ---- R03, R04 ----

    /// R03, R04: in the callback the ledger has both sides already, so whatever reads or moves it is locked
    function test_R03_R04_everyFunctionIsLocked_duringTheCallback() external {
        bytes[] memory payloads = _everyFunction();
        for (uint256 i; i < payloads.length; ++i) caller.prepare(address(vault), payloads[i]);
        caller.substitute(own, _one(weth, 1e18), _one(link, 1e18), "");
        for (uint256 i; i < payloads.length; ++i) {
            (, , bool success, bytes memory answer) = caller.acts(i);
            assertFalse(success, "stopped");
            assertEq(bytes4(answer), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "by the lock");
        }
    }

    /// R03: what the token says in mid-call is less than the ledger's sum, and nobody can read that sum then
    function test_R03_theVaultIsShortOnlyWhileNobodyCanAsk() external {
        caller.prepare(address(weth), abi.encodeCall(weth.balanceOf, (address(vault))));
        caller.prepare(address(vault), abi.encodeCall(vault.reservesOf, (address(weth))));
        caller.substitute(own, _one(weth, 1e18), _one(link, 1e18), "");
        (, , , bytes memory answer) = caller.acts(0);
        assertEq(abi.decode(answer, (uint256)), 0, "not paid yet");
        (, , bool success, ) = caller.acts(1);
        assertFalse(success);
        (uint256 owed, uint256 held) = vault.reservesOf(address(weth));
        assertEq(held, owed, "afterwards all is there");
    }

    /// R04: lenders come and go at the same price in the middle of it, and a flash loan is only a loan
    function test_R04_thePoolIsOpen_andWorthTheSame_duringTheCallback() external {
        usdc.mint(address(caller), 1_000e6);
        caller.run(address(usdc), abi.encodeCall(usdc.approve, (address(usdcPool), ALL)));
        caller.run(address(usdcPool), abi.encodeCall(usdcPool.deposit, (500e6, address(caller))));
        uint256 price = usdcPool.convertToAssets(1e24);
        MockFlashBorrower borrower = new MockFlashBorrower();
        caller.prepare(address(usdcPool), abi.encodeCall(usdcPool.deposit, (100e6, address(caller))));
        caller.prepare(address(usdcPool), abi.encodeCall(usdcPool.redeem, (1e12, address(caller), address(caller))));
        caller.prepare(address(usdcPool), abi.encodeCall(usdcPool.convertToAssets, (1e24)));
        caller.prepare(
            address(usdcPool),
            abi.encodeCall(usdcPool.flashLoan, (IERC3156FlashBorrower(address(borrower)), address(usdc), 1e6, ""))
        );
        caller.substitute(own, _one(weth, 1e18), _one(link, 1e18), "");
        for (uint256 i; i < 4; ++i) {
            (, , bool success, ) = caller.acts(i);
            assertTrue(success, "the pool has no part in it");
        }
        (, , , bytes memory answer) = caller.acts(2);
        assertEq(abi.decode(answer, (uint256)), price, "the same price");
    }

    /// R04: a collateral whose transfer calls somebody, on its way out
    function test_R04_aTokenInMidExchangeIsLocked() external {
        HookToken hook = new HookToken(18);
        _list(address(hook), 1_000e8, 100_000e18);
        hook.mint(address(caller), 10e18);
        caller.run(address(hook), abi.encodeCall(hook.approve, (address(vault), ALL)));
        caller.run(address(vault), abi.encodeCall(vault.deposit, (own, address(hook), 10e18)));
        bytes memory second = abi.encodeCall(vault.withdraw, (own, address(link), 1, address(caller)));
        hook.setHook(address(vault), second);
        caller.substitute(own, _one(weth, 1e18), _one(MockToken(address(hook)), 1e18), "");
        assertTrue(hook.wasReached() && !hook.hasSucceeded(), "reached and stopped");
        assertEq(bytes4(hook.answer()), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
    }

    // ---- O01 ----

    /// O01: nothing that the callback does to prices counts: the exchange was judged before anything was sent
    function test_O01_aPriceMovedInTheCallbackSavesNothing() external {
        _permits(address(caller), SWAP_RIGHTS);
        _isCalled();
        MockAggregator feed = feedOf[address(weth)];
        caller.prepare(address(feed), abi.encodeCall(feed.push, (4_000e8, uint64(block.timestamp))));
        // at 4,000 a WETH would be worth the 150 LINK, which count 15 each
        vm.expectPartialRevert(ISubstitution.ExchangeLosesValue.selector);
        caller.substitute(account, _one(weth, 1e18), _one(link, 150e18), "");
        assertFalse(caller.wasReached(), "it was not even sent");
    }

    /// O01: nor does a large trade on the venue, whose price nobody reads
    function test_O01_aTradeOnTheVenueChangesNoPrice() external {
        weth.mint(address(caller), 5_000e18);
        caller.run(address(weth), abi.encodeCall(weth.approve, (address(venue), ALL)));
        uint256 before = vault.assets()[2].price;
        caller.prepare(address(venue), _sellsWeth(5_000e18));
        caller.substitute(own, _one(weth, 1e18), _one(link, 1e18), "");
        (, , bool success, ) = caller.acts(0);
        assertTrue(success, "the trade was made");
        assertEq(vault.assets()[2].price, before, "the vault's price is the feed's");
    }

    // ---- T01, and amounts ----

    /// T01: a token that keeps a fee on its way in is found out
    function test_T01_aFeeOnTheWayInIsFoundOut() external {
        FeeToken fee = new FeeToken(0);
        _list(address(fee), 1_000e8, 100_000e18);
        fee.mint(dave, 100e18);
        vm.prank(dave);
        fee.approve(address(caller), ALL);
        caller.prepare(address(fee), abi.encodeCall(fee.setFee, (1)));
        caller.prepare(address(fee), abi.encodeCall(fee.mint, (address(caller), 1e18)));
        vm.expectPartialRevert(IAccountLedger.TokenShortfall.selector);
        caller.substitute(own, _one(MockToken(address(fee)), 10e18), _one(link, 1e18), "");
    }

    /// the same token in and out is a loan of one's own collateral for one call: all of it is back at the end
    function test_theSameTokenInAndOut_leavesTheVaultAsItWas() external {
        _permits(address(caller), SWAP_RIGHTS);
        caller.setSource(address(0), 0); // it pays with what it was sent
        uint256 held = link.balanceOf(address(vault));
        caller.substitute(account, _one(link, 10_000e18), _one(link, 10_000e18), "");
        assertEq(caller.heldAssets(0), 10_000e18, "it had it meanwhile");
        assertEq(link.balanceOf(address(vault)), held);
        assertEq(vault.holdingOf(account, address(link)), 10_000e18);
        // under a call and at a lagging price it is worth less coming in than going out
        _isCalled();
        vm.expectPartialRevert(ISubstitution.ExchangeLosesValue.selector);
        caller.substitute(account, _one(link, 10_000e18), _one(link, 10_000e18), "");
    }

    /// one token named twice is twice its amount, on either side
    function test_oneTokenNamedTwice_countsTwice() external {
        ISubstitution.Amount[] memory twice = new ISubstitution.Amount[](2);
        (twice[0], twice[1]) = (_one(weth, 1e18)[0], _one(weth, 1e18)[0]);
        caller.substitute(own, twice, _one(link, 1e18), "");
        assertEq(vault.holdingOf(own, address(weth)), 2e18);
        assertEq(weth.balanceOf(address(vault)), 2e18, "paid twice");
        (twice[0], twice[1]) = (_one(link, 6_000e18)[0], _one(link, 6_000e18)[0]);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccountLedger.InsufficientCollateral.selector,
                own,
                address(link),
                3_999e18,
                6_000e18
            )
        );
        caller.substitute(own, _one(weth, 1e18), twice, "");
        (twice[0], twice[1]) = (_one(link, ALL)[0], _one(link, ALL)[0]);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.ZeroAssets.selector));
        caller.substitute(own, _one(weth, 1e18), twice, "");
    }

    // ---- A06, A08, T08: the swapper ----

    /// A06: who lets the swapper act lets only himself act through it
    function test_A06_theSwapperServesOwnersOnly() external {
        ICollateralSwapper.Order memory order = _exchange(link, ALL, weth, 1, ANY_LOSS);
        IFlashLiquidator.Swap[] memory swaps = _all(link, weth, 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSwapper.CallerNotAccountOwner.selector, account, mallory));
        vm.prank(mallory);
        swapper.swapCollateral(order, swaps);
        assertEq(vault.holdingOf(account, address(link)), 10_000e18);
    }

    /// A08: the venue in mid-run tries to run the swapper for itself, and to call back
    function test_A08_aVenueInMidRunIsRefused() external {
        ReenteringVenue hostile = new ReenteringVenue();
        weth.mint(address(hostile), 1_000e18);
        swapper = _swapperAt(address(hostile));
        _permits(address(swapper), SWAP_RIGHTS);
        ICollateralSwapper.Order memory order = _exchange(link, 1e18, weth, 1, ANY_LOSS);
        order.account = toAccountId(address(hostile), 0);
        IFlashLiquidator.Swap[] memory swaps = _all(link, weth, 1);
        hostile.prepare(address(swapper), abi.encodeCall(swapper.swapCollateral, (order, swaps)));
        hostile.prepare(
            address(swapper),
            abi.encodeCall(swapper.onSubstitution, (account, _one(weth, 1), _one(link, 1), abi.encode(swaps)))
        );
        hostile.prepare(address(link), abi.encodeCall(link.transferFrom, (address(swapper), address(hostile), 1)));
        _swaps(_exchange(link, ALL, weth, 70e18, 10_00), _all(link, weth, 0.0072e18));
        bytes4[3] memory expected = [
            ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
            IFlashLiquidator.CallbackUnexpected.selector,
            bytes4(keccak256("ERC20InsufficientAllowance(address,uint256,uint256)"))
        ];
        for (uint256 i; i < expected.length; ++i) {
            (, , bool success, bytes memory answer) = hostile.attempts(i);
            assertFalse(success, "refused in mid-run");
            assertEq(bytes4(answer), expected[i]);
        }
        _holdsNothing();
    }

    /// T08: nothing is left to pull, whatever the run was; what a stranger leaves there harms nobody
    function test_T08_nothingIsLeftInTheSwapper() external {
        weth.mint(address(swapper), 3e18);
        _swaps(_exchange(link, 1_000e18, weth, 7.4e18, 1_00), _all(link, weth, 0.0074e18));
        assertGt(weth.balanceOf(alice), 3e18, "the next owner gets it");
        _holdsNothing();
    }

    // ---- helpers ----

    function _sellsWeth(uint256 amountIn) private view returns (bytes memory) {
        return
            abi.encodeCall(
                venue.exactInputSingle,
                (
                    IUniswapV3SwapRouter.ExactInputSingleParams({
                        tokenIn: address(weth),
                        tokenOut: address(usdc),
                        fee: FEE,
                        recipient: address(caller),
                        amountIn: amountIn,
                        amountOutMinimum: 0,
                        sqrtPriceLimitX96: 0
                    })
                )
            );
    }

    /// calls that would be in order, were it not for the lock
    function _everyFunction() private view returns (bytes[] memory payloads) {
        AccountId[] memory accounts = new AccountId[](1);
        accounts[0] = own;
        uint256[] memory ids = new uint256[](1);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](1);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(link), USDC, 1, address(caller));
        payloads = new bytes[](17);
        payloads[0] = abi.encodeCall(vault.deposit, (own, address(link), 1));
        payloads[1] = abi.encodeCall(vault.withdraw, (own, address(link), 1, address(caller)));
        payloads[2] = abi.encodeCall(vault.borrow, (own, USDC, 100e6, address(caller)));
        payloads[3] = abi.encodeCall(vault.repay, (account, USDC, 1e6));
        payloads[4] = abi.encodeCall(vault.depositAndBorrow, (own, address(link), 1, USDC, 100e6, address(caller)));
        payloads[5] = abi.encodeCall(vault.batch, (own, steps));
        payloads[6] = abi.encodeCall(vault.setOperator, (own, mallory, 15, block.timestamp + 1));
        payloads[7] = abi.encodeCall(vault.issueMarginCall, (account));
        payloads[8] = abi.encodeCall(vault.substitute, (own, _one(weth, 1), _one(link, 1)));
        payloads[9] = abi.encodeCall(vault.substituteBySwap, (own, _one(weth, 1), _one(link, 1), ""));
        payloads[10] = abi.encodeCall(
            vault.liquidate,
            (account, leg(link, USDC, ALL), 0, block.timestamp, address(caller), "")
        );
        payloads[11] = abi.encodeCall(vault.updateSlowAverages, (ids));
        payloads[12] = abi.encodeCall(vault.refreshPrices, (ids));
        payloads[13] = abi.encodeCall(vault.healthOf, (accounts));
        payloads[14] = abi.encodeCall(vault.accountOf, (own));
        payloads[15] = abi.encodeCall(vault.holdingOf, (own, address(link)));
        payloads[16] = abi.encodeCall(vault.assets, ());
    }
}
