// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {MockLiquidator} from "../../contracts/mocks/MockLiquidator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";
import {PromptLiquidator} from "../support/PromptLiquidator.sol";

/// An owner, or a stranger, tries to make a liquidation or a write-off fail that is due: by what people can do. Each
/// test is one way, and each ends with the liquidation. Ways through tokens, feeds and extremes stand in
/// UnliquidatableWorld.t.sol.
contract UnliquidatableTest is Deployment {
    int192 private constant CALLABLE = 1_750e8; // 148,750 < 150,000, 5 % of the cushion used
    int192 private constant DUE = 1_700e8; // beyond close-out
    int192 private constant HOPELESS = 1_000e8; // insolvent

    AccountId internal account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        _fundKeeper();
    }

    // ---- units and slots ----

    /// one unit of each of seven further collaterals
    function test_unitsOfEveryCollateral_stopNothing() external {
        _opensUnits(7);
        _alicePledgesAndBorrows();
        _isLiquidatedAndWrittenOff();
    }

    /// a unit repaid in front, by the owner or a stranger, against maxima that were exact before it
    function test_aUnitRepaidInFront_stopsNothing() external {
        _alicePledgesAndBorrows();
        moves(weth, DUE);
        (, uint256 owed) = vault.debtOf(account, USDC);
        usdc.mint(mallory, 1);
        vm.prank(mallory);
        vault.repay(account, USDC, 1);
        _liquidates(owed, 0);
        moves(weth, HOPELESS);
        uint256[] memory most = _maxima();
        repays(alice, USDC, 1);
        _writesOff(most, new uint256[](1));
    }

    /// a unit deposited in front; a write-off pays for it, so its maxima need room for a unit
    function test_aUnitDepositedInFront_stopsNothing() external {
        _alicePledgesAndBorrows();
        moves(weth, DUE);
        (, uint256 owed) = vault.debtOf(account, USDC);
        weth.mint(mallory, 1);
        vm.prank(mallory);
        vault.deposit(account, address(weth), 1);
        _liquidates(owed, 0);
        moves(weth, HOPELESS);
        uint256[] memory most = _maxima();
        uint256[] memory least = new uint256[](1);
        least[0] = vault.holdingOf(account, address(weth));
        most[0] += 1;
        deposits(alice, weth, 1);
        _writesOff(most, least);
    }

    /// a large deposit in front passes tight maxima, once: it is taken too, and who sets no maximum is not stopped
    function test_aDepositInFrontOfAWriteOff_isTakenToo() external {
        _alicePledgesAndBorrows();
        moves(weth, HOPELESS);
        uint256[] memory most = _maxima();
        deposits(alice, weth, 10e18);
        _refusesWriteOff(most, IWriteOff.PaymentAboveMaximum.selector);
        most[0] = ALL;
        _writesOff(most, new uint256[](1));
        assertEq(weth.balanceOf(dave), 110e18, "all of it");
    }

    /// a slot opened in front of a write-off makes its lists too short: at most seven times, because a slot cannot be
    /// closed again, and never for who looks in the transaction in which she acts
    function test_slotsOpenedInFrontOfAWriteOff_stopOnlyOldLists() external {
        MockToken[] memory more = _listsMore(7);
        _alicePledgesAndBorrows();
        moves(weth, HOPELESS);
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        uint256 refused;
        for (uint256 i; i < more.length; ++i) {
            uint256[] memory least = new uint256[](i + 1);
            deposits(alice, more[i], 1);
            vm.prank(dave);
            (bool success, ) = address(vault).call(
                abi.encodeCall(vault.writeOff, (account, 0, most, least, block.timestamp, dave, ""))
            );
            if (!success) ++refused;
            vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
            vm.prank(alice);
            vault.withdraw(account, address(more[i]), 1, alice);
        }
        assertEq(refused, 7, "lists of before");
        PromptLiquidator prompt = new PromptLiquidator(vault);
        usdc.mint(address(prompt), 200_000e6);
        prompt.approve(address(usdc));
        prompt.writeOff(account);
        assertEq(_rowOf(account).debtValue, 0, "written off");
    }

    // ---- debts ----

    /// below its line an account gets no further debt, tiny or not; one from before does not shield the other
    function test_aTinySecondDebt_stopsNothing() external {
        _alicePledgesAndBorrows();
        borrows(alice, DAI, 100e18);
        moves(weth, DUE);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.borrow(account, DAI, 100e18, alice);
        _liquidates(ALL, 0);
        moves(weth, HOPELESS);
        writesOff(dave, alice);
    }

    /// known issue 9: while the cash of a debt has no price, its accounts wait; a tiny one is paid by whoever wants to
    /// liquidate the rest, so the harm is bounded by the smallest debt that a pool lends
    function test_aTinyDebtWithoutAPrice_isPaidAway() external {
        _alicePledgesAndBorrows();
        borrows(alice, DAI, 100e18);
        skip(1 hours + 1);
        moves(weth, DUE);
        moves(usdc, 1e8);
        vm.prank(dave);
        (bool success, ) = address(vault).call(
            abi.encodeCall(vault.liquidate, (account, leg(weth, USDC, ALL), ALL, block.timestamp, dave, ""))
        );
        assertFalse(success, "waits for DAI");
        vm.prank(dave);
        assertLt(vault.repay(account, DAI, ALL), 100.01e18, "the price of going on");
        _liquidates(ALL, 0);
    }

    /// debt and collateral stay where they are: not to another pool, not to another account of the same owner
    function test_movingDebtAndCollateralBetweenOwnAccounts_fails() external {
        _alicePledgesAndBorrows();
        AccountId other = toAccountId(alice, 1);
        moves(weth, DUE);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.BORROW, address(0), DAI, 75_000e18, alice);
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), USDC, 75_000e6, address(0));
        vm.startPrank(alice);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.batch(account, steps);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vault.borrow(other, USDC, 75_000e6, alice);
        vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
        vault.withdraw(account, address(weth), 1, alice);
        vm.stopPrank();
        _liquidates(ALL, 0);
    }

    // ---- authority ----

    /// operators appointed, used and dismissed in front: no state of theirs is asked
    function test_operatorGames_stopNothing() external {
        _alicePledgesAndBorrows();
        moves(weth, DUE);
        for (uint256 i; i < 5; ++i) {
            address operator = vm.addr(i + 1);
            vm.prank(alice);
            vault.setOperator(account, operator, 31, block.timestamp + 1 days);
            vm.expectPartialRevert(IRiskEngine.CollateralHeldByCall.selector);
            vm.prank(operator);
            vault.withdraw(account, address(weth), 1e18, operator);
        }
        _liquidates(ALL, 0);
    }

    /// risk taken in front starts a cool-off that ends with its own transaction
    function test_riskTakenInFront_shieldsNoLongerThanItsTransaction() external {
        _alicePledgesAndBorrows();
        borrows(alice, USDC, 1_000e6);
        withdraws(alice, weth, 1e15);
        moves(weth, DUE);
        _liquidates(ALL, 0);
    }

    /// an owner and an operator whose code fails are never called
    function test_ownersWhoseCodeFails_areNeverCalled() external {
        _alicePledgesAndBorrows();
        vm.prank(alice);
        vault.setOperator(account, mallory, 31, block.timestamp + 1 days);
        vm.etch(alice, hex"60006000fd");
        vm.etch(mallory, hex"5b600056"); // runs until its gas is gone
        _isLiquidatedAndWrittenOff();
    }

    // ---- the clock ----

    /// called by oneself, as early as possible: the clock runs from then, does not start again, and stops no close-out
    function test_callingOneselfEarly_gainsNothing() external {
        _alicePledgesAndBorrows();
        moves(weth, CALLABLE);
        vm.prank(alice);
        uint256 deadline = vault.issueMarginCall(account);
        passes(10 minutes);
        vm.expectPartialRevert(IMarginCalls.CallRunning.selector);
        vm.prank(alice);
        vault.issueMarginCall(account);
        uint256 id = vm.snapshotState();
        moves(weth, DUE);
        _liquidates(ALL, 0);
        vm.revertToState(id);
        passes(deadline + 1 - block.timestamp);
        _liquidates(ALL, 0);
    }

    /// topped up to the line whenever the deadline comes: each rest costs what covers the account, and the fall after
    /// it finds the clock where it was
    function test_hoveringAroundTheLine_usesUpTheTime() external {
        _alicePledgesAndBorrows();
        moves(weth, CALLABLE);
        passes(vault.issueMarginCall(account) - block.timestamp);
        uint192 price = 1_750e8;
        uint256 before = vault.holdingOf(account, address(weth));
        for (uint256 i; i < 4; ++i) {
            deposits(alice, weth, 1e18);
            assertEq(vault.accountOf(account).callState, 2, "rests");
            price = (price * 99_10) / 100_00;
            moves(weth, int192(price));
            assertEq(vault.issueMarginCall(account), block.timestamp, "nothing is left");
        }
        assertEq(vault.holdingOf(account, address(weth)) - before, 4e18, "each rest was paid for");
        passes(1);
        _liquidates(ALL, 0);
    }

    // ---- liquidations of one's own ----

    /// a liquidation by the owner in front moves the count: at least the dust value each time, and who expects any
    /// count is not stopped
    function test_selfLiquidationInFront_stopsOnlyWhoNamesACount() external {
        _alicePledgesAndBorrows();
        moves(weth, DUE);
        usdc.mint(alice, 1_000e6);
        vm.startPrank(alice);
        vm.expectPartialRevert(ILiquidation.RepaymentTooSmall.selector);
        vault.liquidate(account, leg(weth, USDC, 99e6), ALL, block.timestamp, alice, "");
        vault.liquidate(account, leg(weth, USDC, 101e6), ALL, block.timestamp, alice, "");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.UnexpectedLiquidations.selector, account, 1, 0));
        vm.prank(dave);
        vault.liquidate(account, leg(weth, USDC, ALL), 0, block.timestamp, dave, "");
        _liquidates(ALL, 0);
    }

    /// a liquidation that is begun and not paid, or whose callback repays and deposits, leaves nothing behind
    function test_aLiquidatorOfTheOwner_holdsNothing() external {
        _alicePledgesAndBorrows();
        moves(weth, DUE);
        MockLiquidator own = new MockLiquidator(vault);
        (bool success, ) = address(own).call(abi.encodeCall(own.liquidate, (account, leg(weth, USDC, ALL), hex"01")));
        assertFalse(success, "does not pay");
        own.setCall(address(vault), abi.encodeCall(vault.repay, (account, USDC, 1)));
        usdc.mint(address(this), 200_000e6);
        usdc.approve(address(own), ALL);
        own.setSource(address(this));
        own.liquidate(account, leg(weth, USDC, 1_000e6), hex"01");
        assertFalse(own.hasSucceeded(), "the callback is locked out");
        _liquidates(ALL, 0);
    }

    // ---- helpers ----

    function _isLiquidatedAndWrittenOff() private {
        moves(weth, DUE);
        _liquidates(ALL, 0);
        moves(weth, HOPELESS);
        writesOff(dave, alice);
        assertEq(_rowOf(account).debtValue, 0, "written off");
    }

    /// by the WETH leg, and much of it
    function _liquidates(uint256 most, uint256 expected) private {
        uint256 count = _liquidationsOf(account);
        vm.prank(dave);
        ILiquidation.LegReceipt memory receipt = vault.liquidate(
            account,
            leg(weth, USDC, most),
            expected == 0 ? ALL : expected,
            block.timestamp,
            dave,
            ""
        )[0];
        assertGt(receipt.repaidAssets, 20_000e6, "repaid");
        assertEq(_liquidationsOf(account), count + 1, "liquidated");
        IVaultLens.HealthRow memory row = _rowOf(account);
        assertGe(row.coverMaintenance, row.requirement, "covered again");
    }

    /// what a write-off would pay now, exactly: Σ C / 1.01 in units of USDC, rounded up
    function _maxima() private view returns (uint256[] memory most) {
        most = new uint256[](1);
        most[0] = (_rowOf(account).collateralValue * 100 + 101e12 - 1) / 101e12;
    }

    function _writesOff(uint256[] memory most, uint256[] memory least) private {
        vm.prank(dave);
        vault.writeOff(account, ALL, most, least, block.timestamp, dave, "");
        assertEq(_rowOf(account).debtValue, 0, "written off");
    }

    function _refusesWriteOff(uint256[] memory most, bytes4 selector) private {
        vm.expectPartialRevert(selector);
        vm.prank(dave);
        vault.writeOff(account, ALL, most, new uint256[](1), block.timestamp, dave, "");
    }

    function _listsMore(uint256 count) private returns (MockToken[] memory more) {
        more = new MockToken[](count);
        (more[0], more[1]) = (wbtc, link);
        for (uint256 i = 2; i < count; ++i) {
            more[i] = _token("MORE", 18, 100e8, 1_000_000e18);
            for (uint8 p; p < 2; ++p)
                vault.setPair(address(more[i]), PoolId.wrap(p), _pair(200_000, 150_000, 200_000_000e18, 10_00));
        }
        _approveAll(alice);
    }

    function _opensUnits(uint256 count) private {
        MockToken[] memory more = _listsMore(count);
        for (uint256 i; i < count; ++i) deposits(alice, more[i], 1);
    }
}
