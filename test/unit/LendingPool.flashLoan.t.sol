// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {MockFlashBorrower} from "../../contracts/mocks/MockFlashBorrower.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {FundDeployment} from "../support/FundDeployment.sol";

/// Flash loans of idle cash (ERC-3156), at 5 bps
/// ├── up to the idle cash, in the pool's cash only, back with the fee in the same call
/// ├── given a loan that is out
/// │   ├── lenders, the fund, governance, borrowing and a second loan are locked
/// │   ├── the share price is that of before
/// │   └── its cash repays debts and liquidations of this very pool
/// └── what is not paid back fails, donated or not
contract LendingPoolFlashLoanTest is FundDeployment {
    MockFlashBorrower private borrower;
    AccountId private own;

    function setUp() public override {
        super.setUp();
        borrower = new MockFlashBorrower();
        own = toAccountId(address(borrower), 0);
        usdc.mint(address(borrower), 200_000e6);
        vm.startPrank(address(borrower));
        usdc.approve(address(vault), ALL);
        weth.approve(address(vault), ALL);
        vm.stopPrank();
    }

    function test_flashLoan_lendsAllCash_andTells() external {
        assertEq(usdcPool.maxFlashLoan(address(usdc)), 10_000_000e6);
        assertEq(usdcPool.flashFee(address(usdc), 10_000_000e6), 5_000e6);
        assertEq(usdcPool.flashFee(address(usdc), 1), 1, "rounded up");
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.FlashLent(address(borrower), address(borrower), 10_000_000e6, 5_000e6);
        borrower.borrow(usdcPool, 10_000_000e6);
        assertEq(borrower.heldAssets(), 10_200_000e6, "had it");
        assertEq(usdcPool.totals().cashAssets, 10_005_000e6, "came back with the fee");
        assertEq(usdcPool.totals().feeAssets, 250e6, "a tenth is a fee, half of it is the reserve's");
        assertEq(usdcPool.totals().setAsideAssets, 250e6, "and half of it is the fund's");
        assertEq(usdcPool.totalAssets(), 10_004_500e6, "the rest is the lenders'");
        usdcPool.requireCash();
    }

    function test_flashLoan_withoutFee() external {
        usdcPool.setTerms(_terms(100_000_000e6, 100e6));
        uint256 before = usdcPool.totalAssets();
        borrower.borrow(usdcPool, 10_000_000e6);
        assertEq(usdcPool.totalAssets(), before);
    }

    function test_flashLoan_refusals() external {
        assertEq(usdcPool.maxFlashLoan(address(dai)), 0);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.TokenNotCash.selector, dai));
        usdcPool.flashFee(address(dai), 1);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.TokenNotCash.selector, dai));
        usdcPool.flashLoan(borrower, address(dai), 1, "");
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.InsufficientCash.selector, 10_000_000e6, 10_000_000e6 + 1));
        borrower.borrow(usdcPool, 10_000_000e6 + 1);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.ZeroTransfer.selector, 0, 0));
        borrower.borrow(usdcPool, 0);
        borrower.set(false, false, true);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.FlashLoanRefused.selector, borrower, bytes32(0)));
        borrower.borrow(usdcPool, 1e6);
    }

    function test_flashLoan_revertsWith_ERC20InsufficientAllowance_whenItIsNotPaidBack() external {
        borrower.set(false, true, false);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, usdcPool, 0, 1_000_500_000)
        );
        borrower.borrow(usdcPool, 1_000e6);
    }

    /// a donation is not a repayment
    function test_flashLoan_revertsWith_ERC20InsufficientAllowance_whenItIsDonated() external {
        borrower.set(false, true, false);
        borrower.add(address(usdc), abi.encodeCall(usdc.transfer, (address(usdcPool), 1_001e6)));
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, usdcPool, 0, 1_000_500_000)
        );
        borrower.borrow(usdcPool, 1_000e6);
    }

    // ---- in the callback ----

    function test_flashLoan_locksTheRest() external {
        vm.startPrank(address(borrower));
        usdc.approve(address(usdcPool), ALL);
        usdc.approve(address(fund), ALL);
        vm.stopPrank();
        stakes(address(borrower), 1_000e6);
        deposits(address(borrower), weth, 100e18);
        lends(address(borrower), usdcPool, 1_000e6);
        address to = address(borrower);
        bytes[10] memory payloads = [
            abi.encodeCall(usdcPool.deposit, (1e6, to)),
            abi.encodeCall(usdcPool.mint, (1e12, to)),
            abi.encodeCall(usdcPool.withdraw, (1e6, to, to)),
            abi.encodeCall(usdcPool.redeem, (1e12, to, to)),
            abi.encodeCall(usdcPool.payFund, ()),
            abi.encodeCall(usdcPool.flashLoan, (borrower, address(usdc), 1e6, "")),
            abi.encodeCall(fund.deposit, (1e6, to)),
            abi.encodeCall(fund.redeem, (1, to, to)),
            abi.encodeCall(vault.borrow, (own, USDC, 1_000e6, to)),
            abi.encodeCall(usdcPool.maxFlashLoan, (address(usdc)))
        ];
        for (uint256 i; i < payloads.length; ++i) {
            address target =
                i == 8
                    ? address(vault)
                    : i > 5 && i < 8
                        ? address(fund)
                        : address(usdcPool);
            borrower.add(target, payloads[i]);
        }
        borrower.set(true, false, false);
        borrower.borrow(usdcPool, 5_000_000e6);
        for (uint256 i; i < 9; ++i) {
            assertFalse(borrower.successes(i), "refused");
            assertEq(bytes4(borrower.answers(i)), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        }
        assertEq(abi.decode(borrower.answers(9), (uint256)), 0, "no second loan is promised");
    }

    /// POOL-5: what a view promises can be used, and in the middle of a loan nothing can
    function test_flashLoan_promisesNothingMeanwhile() external {
        bytes[4] memory promises = [
            abi.encodeCall(usdcPool.maxDeposit, (carol)),
            abi.encodeCall(usdcPool.maxMint, (carol)),
            abi.encodeCall(usdcPool.maxWithdraw, (carol)),
            abi.encodeCall(usdcPool.maxRedeem, (carol))
        ];
        for (uint256 i; i < promises.length; ++i) borrower.add(address(usdcPool), promises[i]);
        borrower.borrow(usdcPool, 5_000_000e6);
        for (uint256 i; i < promises.length; ++i) {
            assertEq(abi.decode(borrower.answers(i), (uint256)), 0, "nothing");
            (bool success, bytes memory answer) = address(usdcPool).staticcall(promises[i]);
            assertTrue(success && abi.decode(answer, (uint256)) > 0, "afterwards");
        }
    }

    function test_flashLoan_leavesThePriceAsItWas() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        passes(30 days);
        uint256 assets = usdcPool.convertToAssets(1e18);
        uint256 total = usdcPool.totalAssets();
        uint256 paid = usdcPool.previewRedeem(1e18);
        borrower.add(address(usdcPool), abi.encodeCall(usdcPool.convertToAssets, (1e18)));
        borrower.add(address(usdcPool), abi.encodeCall(usdcPool.totalAssets, ()));
        borrower.add(address(usdcPool), abi.encodeCall(usdcPool.previewRedeem, (1e18)));
        borrower.add(address(usdcPool), abi.encodeCall(usdcPool.accrueDebt, ()));
        borrower.add(address(usdcPool), abi.encodeCall(usdcPool.requireCash, ()));
        borrower.borrow(usdcPool, 5_000_000e6);
        assertEq(abi.decode(borrower.answers(0), (uint256)), assets, "price");
        assertEq(abi.decode(borrower.answers(1), (uint256)), total, "total");
        assertEq(abi.decode(borrower.answers(2), (uint256)), paid, "what leavers get");
    }

    function test_flashLoan_repaysAnOwnDebt() external {
        deposits(address(borrower), weth, 100e18);
        vm.prank(address(borrower));
        vault.borrow(own, USDC, 90_000e6, address(borrower));
        uint256 before = usdcPool.totalAssets();
        borrower.add(address(vault), abi.encodeCall(vault.repay, (own, USDC, ALL)));
        borrower.borrow(usdcPool, 5_000_000e6);
        assertEq(usdcPool.totals().debtShares, 0, "repaid");
        assertGt(usdcPool.totalAssets(), before, "lenders gain");
        usdcPool.requireCash();
    }

    /// what repaid the debt is missing when the loan is due
    function test_flashLoan_cannotRepayTwice() external {
        deposits(address(borrower), weth, 100e18);
        vm.startPrank(address(borrower));
        vault.borrow(own, USDC, 90_000e6, address(borrower));
        usdc.transfer(mallory, usdc.balanceOf(address(borrower)));
        vm.stopPrank();
        borrower.add(address(vault), abi.encodeCall(vault.repay, (own, USDC, ALL)));
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientBalance.selector);
        borrower.borrow(usdcPool, 5_000_000e6);
    }

    function test_flashLoan_liquidates() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_650e8);
        ILiquidation.Leg[] memory legs = leg(weth, USDC, ALL);
        bytes memory payload = abi.encodeCall(
            vault.liquidate,
            (accountOf(alice), legs, 0, block.timestamp, address(borrower), "")
        );
        borrower.add(address(vault), payload);
        borrower.borrow(usdcPool, 9_850_000e6);
        assertGt(weth.balanceOf(address(borrower)), 0, "seized");
        usdcPool.requireCash();
    }

    /// the fund pays while the loan is out
    function test_flashLoan_writesOff() external {
        stakes(erin, 30_000e6);
        _alicePledgesAndBorrows();
        moves(weth, 1_010e8);
        uint256 before = usdcPool.totalAssets();
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        bytes memory payload = abi.encodeCall(
            vault.writeOff,
            (accountOf(alice), 0, most, new uint256[](1), block.timestamp, address(borrower), "")
        );
        borrower.add(address(vault), payload);
        borrower.borrow(usdcPool, 1_000_000e6);
        assertEq(fund.stakedAssets(), 0, "the fund bore its part");
        assertEq(usdcPool.totalAssets(), before - 20_000e6 + 450e6, "lenders the rest, with nine tenths of the fee");
        usdcPool.requireCash();
    }

    function testFuzz_flashLoan_neverCosts(uint256 assets, uint256 feeBps) external {
        ILendingPool.Terms memory terms = _terms(100_000_000e6, 100e6);
        terms.flashFeeBps = bound(feeBps, 0, 1_00);
        usdcPool.setTerms(terms);
        uint256 before = usdcPool.totalAssets();
        borrower.borrow(usdcPool, bound(assets, 1, 10_000_000e6));
        assertGe(usdcPool.totalAssets(), before);
        usdcPool.requireCash();
    }
}
