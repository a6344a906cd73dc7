// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockLiquidator} from "../../contracts/mocks/MockLiquidator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {HookToken} from "../../contracts/mocks/WeirdTokens.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks from within a call: R01 (token hooks into every function), R02 (pool and vault), R03 (views), R04 (the
/// liquidator's callback), R05 (the check at the end of a batch cannot be skipped), C9 (locks are clean afterwards).
contract ReentrancyAttackTest is Deployment {
    HookToken internal hook; // collateral
    HookToken internal cash; // of pool 2
    ILendingPool internal cashPool;
    PoolId internal constant CASH = PoolId.wrap(2);
    AccountId internal own; // an account of the collateral token itself, which is who calls from the hook

    function setUp() public override {
        super.setUp();
        hook = new HookToken(18);
        cash = new HookToken(6);
        _list(address(hook), 1_000e8, 100_000e18);
        _list(address(cash), 1e8, 1e15);
        cashPool = _pool(MockToken(address(cash)), "cash", 100e6, 1e14);
        vault.setPair(address(hook), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        vault.setPair(address(hook), CASH, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        vault.setPair(address(weth), CASH, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        address[4] memory actors = [alice, bob, carol, dave];
        for (uint256 i; i < actors.length; ++i) {
            _approveAll(actors[i]);
            vm.prank(actors[i]);
            cash.approve(address(cashPool), ALL);
        }
        own = toAccountId(address(hook), 0);
        lends(carol, cashPool, 1_000_000e6);
        deposits(alice, MockToken(address(hook)), 1_000e18);
        borrows(alice, CASH, 100_000e6);
    }

    /// R01, R03: from the hook of a collateral in each of its transfers, every function of the vault
    function test_R01_everyFunctionOfTheVaultIsLocked_duringACollateralTransfer() external {
        bytes[] memory payloads = _everyFunction();
        hook.mint(alice, 1_000e18);
        for (uint256 i; i < payloads.length; ++i) {
            hook.setHook(address(vault), payloads[i]);
            vm.prank(alice);
            vault.deposit(accountOf(alice), address(hook), 1e18);
            _wasLocked(hook);
            hook.setHook(address(vault), payloads[i]);
            vm.prank(alice);
            vault.withdraw(accountOf(alice), address(hook), 1e18, alice);
            _wasLocked(hook);
        }
    }

    /// R01, R02: from the hook of a cash token in borrowings and repayments, every function of the vault
    function test_R01_everyFunctionOfTheVaultIsLocked_duringACashTransfer() external {
        bytes[] memory payloads = _everyFunction();
        for (uint256 i; i < payloads.length; ++i) {
            cash.setHook(address(vault), payloads[i]);
            borrows(alice, CASH, 1_000e6);
            _wasLocked(cash);
            cash.setHook(address(vault), payloads[i]);
            vm.prank(alice);
            vault.repay(accountOf(alice), CASH, 1_000e6);
            _wasLocked(cash);
        }
    }

    /// R02: the pool is locked while it sends or receives for its lenders, and while the vault borrows from it
    function test_R02_thePoolIsLocked() external {
        bytes[] memory payloads = new bytes[](5);
        payloads[0] = abi.encodeCall(cashPool.deposit, (1e6, alice));
        payloads[1] = abi.encodeCall(cashPool.mint, (1e12, alice));
        payloads[2] = abi.encodeCall(cashPool.withdraw, (1e6, alice, alice));
        payloads[3] = abi.encodeCall(cashPool.redeem, (1e12, alice, alice));
        payloads[4] = abi.encodeCall(cashPool.setTerms, (_terms(1e14, 1)));
        manager.grantRole(0, address(cash), 0); // so that the lock, and not the authority, has to stop it
        cash.mint(carol, 1_000e6);
        for (uint256 i; i < payloads.length; ++i) {
            cash.setHook(address(cashPool), payloads[i]);
            vm.prank(carol);
            cashPool.deposit(10e6, carol);
            _wasLocked(cash);
            cash.setHook(address(cashPool), payloads[i]);
            vm.prank(carol);
            cashPool.withdraw(5e6, carol, carol);
            _wasLocked(cash);
            cash.setHook(address(cashPool), payloads[i]);
            borrows(alice, CASH, 1_000e6);
            _wasLocked(cash);
        }
    }

    /// R02: from a lender's transfer the vault cannot borrow or repay at that pool
    function test_R02_theVaultCannotUseALockedPool() external {
        hook.mint(address(cash), 100e18);
        vm.startPrank(address(cash));
        hook.approve(address(vault), ALL);
        vault.deposit(toAccountId(address(cash), 0), address(hook), 100e18);
        vm.stopPrank();
        cash.setHook(
            address(vault),
            abi.encodeCall(vault.borrow, (toAccountId(address(cash), 0), CASH, 1_000e6, address(cash)))
        );
        vm.prank(carol);
        cashPool.withdraw(5e6, carol, carol);
        _wasLocked(cash);
    }

    /// R04: the callback of a liquidator finds every function locked; the repayment is pulled all the same
    function test_R04_everyFunctionIsLocked_duringTheCallback() external {
        bytes[] memory payloads = _everyFunction();
        borrows(alice, CASH, 699_000e6);
        feedOf[address(hook)].push(830e8, uint64(block.timestamp));
        uint256 id = vm.snapshotState();
        for (uint256 i; i < payloads.length; ++i) {
            MockLiquidator liquidator = _liquidator();
            liquidator.setCall(address(vault), payloads[i]);
            liquidator.liquidate(accountOf(alice), _legs(), "x");
            assertTrue(liquidator.wasReached(), "reached");
            assertFalse(liquidator.hasSucceeded(), "stopped");
            assertEq(
                bytes4(liquidator.answer()),
                ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
                "by the lock"
            );
            assertGt(hook.balanceOf(address(liquidator)), 0, "paid with what it seized");
            vm.revertToState(id);
        }
    }

    /// R04: a liquidator that does not pay gets nothing
    function test_R04_aLiquidatorThatDoesNotPayGetsNothing() external {
        borrows(alice, CASH, 699_000e6);
        feedOf[address(hook)].push(830e8, uint64(block.timestamp));
        MockLiquidator liquidator = _liquidator();
        liquidator.setSource(address(0));
        vm.expectRevert();
        liquidator.liquidate(accountOf(alice), _legs(), "x");
        assertEq(hook.balanceOf(address(liquidator)), 0);
    }

    /// R04: a lender cannot use the callback to leave at the price of before a write-off, nor take the liquidator's
    /// money
    function test_R04_theLossIsBookedBeforeTheCallback() external {
        feedOf[address(hook)].push(20e8, uint64(block.timestamp));
        MockLiquidator liquidator = _liquidator();
        uint256 before = cashPool.convertToAssets(1e18);
        liquidator.setCall(address(cashPool), abi.encodeCall(cashPool.convertToAssets, (1e18)));
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        liquidator.writeOff(accountOf(alice), most, new uint256[](1), "why");
        assertTrue(liquidator.hasSucceeded(), "the pool answers");
        assertLt(abi.decode(liquidator.answer(), (uint256)), before, "with the loss in it");
        assertEq(abi.decode(liquidator.answer(), (uint256)), cashPool.convertToAssets(1e18), "all of it");
        assertEq(liquidator.received(), "why", "data");
        assertEq(liquidator.assets(0), address(hook), "assets");
        assertEq(liquidator.seizedAssets(0), 1_000e18, "seized");
        assertApproxEqAbs(liquidator.owedAssets(0), 19_801.980199e6, 1, "20,000 / 1.01");
    }

    /// R05: whatever three steps in whatever order, the end is judged: covered initially, or no worse in every respect
    function testFuzz_R05_theEndOfABatchIsJudged(uint256[3] memory kinds, uint256[3] memory amounts) external {
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 150_000e6);
        moves(weth, 1_850e8);
        usdc.mint(bob, 1e12);
        dai.mint(bob, 1e24);
        weth.mint(bob, 100e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](3);
        for (uint256 i; i < 3; ++i) {
            uint256 kind = kinds[i] % 4;
            uint256 amount = bound(amounts[i], 1, kind == 0 || kind == 1 ? 20e18 : 20_000e6);
            PoolId pool = kind > 1 && kinds[i] % 8 > 3 ? DAI : USDC;
            if (kind > 1 && pool.toUint() == 1) amount *= 1e12;
            steps[i] = IAccountLedger.Step(IAccountLedger.StepKind(kind), address(weth), pool, amount, bob);
        }
        IVaultLens.HealthRow memory before = _rowOf(accountOf(bob));
        vm.prank(bob);
        (bool success, ) = address(vault).call(abi.encodeCall(vault.batch, (accountOf(bob), steps)));
        if (!success) return;
        IVaultLens.HealthRow memory present = _rowOf(accountOf(bob));
        if (present.coverInitial >= present.requirement) return;
        assertGe(
            int256(present.collateralValue) - int256(present.debtValue),
            int256(before.collateralValue) - int256(before.debtValue),
            "NAV"
        );
        assertGe(
            present.coverMaintenance * before.requirement,
            before.coverMaintenance * present.requirement,
            "coverage"
        );
        assertGe(
            int256(present.coverInitial) - int256(present.requirement),
            int256(before.coverInitial) - int256(before.requirement),
            "excess"
        );
    }

    // ---- helpers ----

    function _liquidator() private returns (MockLiquidator liquidator) {
        liquidator = new MockLiquidator(vault);
        cash.mint(dave, 10_000_000e6);
        vm.prank(dave);
        cash.approve(address(liquidator), ALL);
        liquidator.setSource(dave);
    }

    function _legs() private view returns (ILiquidation.Leg[] memory) {
        return leg(MockToken(address(hook)), CASH, ALL);
    }

    function _wasLocked(HookToken token) private view {
        assertTrue(token.wasReached(), "the hook was reached");
        assertFalse(token.hasSucceeded(), "and stopped");
        assertEq(bytes4(token.answer()), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "by the lock");
    }

    /// calls that would be in order, were it not for the lock
    function _everyFunction() private view returns (bytes[] memory payloads) {
        AccountId[] memory accounts = new AccountId[](1);
        accounts[0] = own;
        uint256[] memory ids = new uint256[](1);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](1);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), CASH, 1, address(hook));
        payloads = new bytes[](28);
        payloads[0] = abi.encodeCall(vault.deposit, (accountOf(alice), address(hook), 1));
        payloads[1] = abi.encodeCall(vault.withdraw, (own, address(hook), 1, address(hook)));
        payloads[2] = abi.encodeCall(vault.borrow, (own, CASH, 100e6, address(hook)));
        payloads[3] = abi.encodeCall(vault.repay, (accountOf(alice), CASH, 1e6));
        payloads[4] = abi.encodeCall(vault.depositAndBorrow, (own, address(hook), 1e18, CASH, 100e6, address(hook)));
        payloads[5] = abi.encodeCall(vault.batch, (accountOf(alice), steps));
        payloads[6] = abi.encodeCall(vault.setOperator, (own, alice, 31, block.timestamp + 1));
        payloads[7] = abi.encodeCall(vault.issueMarginCall, (accountOf(alice)));
        payloads[8] = abi.encodeCall(vault.clearMarginCall, (accountOf(alice)));
        payloads[9] = abi.encodeCall(
            vault.liquidate,
            (accountOf(alice), _legs(), 0, block.timestamp, address(hook), "")
        );
        payloads[10] = abi.encodeCall(
            vault.writeOff,
            (accountOf(alice), 0, ids, ids, block.timestamp, address(hook), "")
        );
        payloads[11] = abi.encodeCall(vault.updateSlowAverages, (ids));
        payloads[12] = abi.encodeCall(vault.refreshPrices, (ids));
        payloads[13] = abi.encodeCall(vault.healthOf, (accounts));
        payloads[14] = abi.encodeCall(vault.accountOf, (own));
        payloads[15] = abi.encodeCall(vault.holdingOf, (own, address(hook)));
        payloads[16] = abi.encodeCall(vault.debtOf, (accountOf(alice), CASH));
        payloads[17] = abi.encodeCall(vault.reservesOf, (address(hook)));
        IAuthority.OperatorTerms memory terms;
        payloads[18] = abi.encodeCall(vault.setOperatorTerms, (own, alice, terms));
        payloads[19] = abi.encodeCall(vault.setOperatorBySig, (own, alice, terms, 0, block.timestamp, ""));
        payloads[20] = abi.encodeCall(vault.lockdown, (own));
        payloads[21] = abi.encodeCall(vault.voidConsents, (own, 1));
        payloads[22] = abi.encodeCall(vault.permitAndCall, (address(hook), 1, 1, 27, 0, 0, payloads[20]));
        payloads[23] = abi.encodeCall(vault.permitAndCall, (address(weth), 1, 1, 27, 0, 0, payloads[22]));
        payloads[24] = abi.encodeCall(vault.returnDelisted, (own, address(hook)));
        payloads[25] = abi.encodeCall(vault.owed, (address(hook)));
        payloads[26] = abi.encodeCall(vault.held, (address(hook)));
        payloads[27] = abi.encodeCall(vault.reserves, ());
    }
}
