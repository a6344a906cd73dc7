// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "../support/Deployment.sol";

/// The vault's side of a pool, its interest, its reserve and its terms
/// ├── given the caller is not the vault, or not the authority's, it reverts
/// ├── interest follows the kinked curve, a tenth of it goes to the reserve
/// ├── fees can be collected as far as there is cash and reserve
/// └── terms are bounded, and told old and new
contract LendingPoolBooksTest is Deployment {
    function test_revertsWith_CallerNotVault() external {
        bytes memory reason = abi.encodeWithSelector(ILendingPool.CallerNotVault.selector, mallory);
        vm.startPrank(mallory);
        vm.expectRevert(reason);
        usdcPool.disburseLoan(1, 1, mallory);
        vm.expectRevert(reason);
        usdcPool.repayDebt(1, 1);
        vm.expectRevert(reason);
        usdcPool.settle(1, 1, 0, 0);
        vm.stopPrank();
    }

    function test_revertsWith_AccessManagedUnauthorized() external {
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory);
        vm.startPrank(mallory);
        vm.expectRevert(reason);
        usdcPool.setTerms(_terms(1e15, 1));
        vm.expectRevert(reason);
        usdcPool.collectFees(1, mallory);
        vm.stopPrank();
    }

    function test_constructor_revertsWith_PoolDecimalsAboveMaximum() external {
        MockToken cash = new MockToken("24", "24", 24);
        bytes memory arguments = abi.encode(cash, vault, manager, "pool", "pool");
        bytes memory code = bytes.concat(vm.getCode("contracts/LendingPool.sol:LendingPool"), arguments);
        PoolMaker maker = new PoolMaker();
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.PoolDecimalsAboveMaximum.selector, cash, 24, 18));
        maker.make(code);
    }

    function test_aPool_saysWhatItIs() external view {
        assertEq(usdcPool.vault(), address(vault), "vault");
        assertEq(usdcPool.asset(), address(usdc), "asset");
        assertEq(usdcPool.shareUnitExponent(), 0, "6 decimals: a share is a unit");
        assertEq(daiPool.shareUnitExponent(), 6, "18 decimals: a share is 1e6 units");
        assertEq(usdcPool.debtIndexNow(), 1e12, "index");
        usdcPool.requireCash();
    }

    // ---- interest ----

    /// utilisation 40 %: 1 % + 4 % · 40 / 80 = 3 %; a year: e^0.03 up to the third order
    function test_interest_belowTheKink() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 4_000_000e6);
        ILendingPool.Totals memory totals = usdcPool.totals();
        assertEq(totals.utilisationWad, 0.4e18, "utilisation");
        assertEq(totals.yearlyRateWad, 0.03e18, "rate");
        passes(365 days);
        totals = usdcPool.totals();
        assertEq(totals.index, 1_030_454_500_000, "1 + 0.03 + 0.00045 + 0.0000045");
        assertEq(totals.debtAssets, 4_121_818e6, "debt");
        assertEq(totals.feeAssets, 12_181.8e6, "a tenth");
        assertEq(usdcPool.totalAssets(), 10_000_000e6 + 121_818e6 - 12_181.8e6, "the rest is the lenders'");
        assertEq(totals.accruedAt, block.timestamp, "accrued to now");
    }

    /// utilisation 90 %: 1 % + 4 % + 60 % · 10 / 20 = 35 %
    function test_interest_aboveTheKink() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 9_000_000e6);
        assertEq(usdcPool.totals().yearlyRateWad, 0.35e18);
    }

    function test_accrue_isIdempotentWithinABlock() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        passes(1 days);
        (uint256 index, uint256 minimum, address cashToken) = usdcPool.accrueDebt();
        (uint256 again, , ) = usdcPool.accrueDebt();
        assertEq(index, again, "index");
        assertEq(minimum, 100e6, "minimum");
        assertEq(cashToken, usdcPool.asset(), "cash");
        assertEq(usdcPool.debtIndexNow(), index, "view");
    }

    /// the index stops; repayment does not
    function test_theIndex_stopsAtItsMaximum() external {
        ILendingPool.Terms memory terms = _terms(1e15, 1);
        (terms.baseBps, terms.slopeBelowBps, terms.slopeAboveBps) = (50_00, 100_00, 1000_00);
        usdcPool.setTerms(terms);
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 10_000_000e6);
        skip(40 * 365 days);
        usdcPool.accrueDebt();
        skip(40 * 365 days);
        assertEq(usdcPool.debtIndexNow(), type(uint56).max, "the end");
        repays(alice, USDC, ALL);
        assertEq(usdcPool.totals().debtShares, 0, "repaid");
        skip(365 days);
        assertEq(usdcPool.debtIndexNow(), type(uint56).max, "stays");
        assertEq(usdcPool.totals().utilisationWad, 0, "idle");
    }

    function testFuzz_interest_isSharedExactly(uint256 borrowed, uint256 elapsedFor) external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, bound(borrowed, 100e6, 10_000_000e6));
        passes(bound(elapsedFor, 0, 365 days));
        ILendingPool.Totals memory totals = usdcPool.totals();
        assertEq(usdcPool.totalAssets() + totals.feeAssets, totals.cashAssets + totals.debtAssets, "A9");
    }

    // ---- fees ----

    function test_collectFees_sendsAndTells() external {
        _earnFees();
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.FeesCollected(bob, 1_000e6);
        usdcPool.collectFees(1_000e6, bob);
        assertEq(usdc.balanceOf(bob), 1_000e6, "sent");
        assertEq(usdcPool.totals().feeAssets, 12_181.8e6 - 1_000e6, "left");
    }

    function test_collectFees_changesNothingForLenders() external {
        _earnFees();
        uint256 before = usdcPool.totalAssets();
        usdcPool.collectFees(12_181.8e6, bob);
        assertEq(usdcPool.totalAssets(), before);
    }

    function test_collectFees_revertsWith_InsufficientFeeReserve() external {
        _earnFees();
        vm.expectRevert(
            abi.encodeWithSelector(ILendingPool.InsufficientFeeReserve.selector, 12_181.8e6, 12_181.8e6 + 1)
        );
        usdcPool.collectFees(12_181.8e6 + 1, bob);
    }

    function test_collectFees_revertsWith_InsufficientCash_withoutCash() external {
        _earnFees();
        vm.prank(carol);
        usdcPool.withdraw(6_000_000e6 - 5, carol, carol);
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.InsufficientCash.selector, 5, 6));
        usdcPool.collectFees(6, bob);
    }

    // ---- terms ----

    function test_setTerms_tellsOldAndNew() external {
        ILendingPool.Terms memory old = usdcPool.terms();
        assertEq(old.supplyCapAssets, 99_999_999.852544e6, "kept to eight digits, rounded down");
        assertEq(abi.encode(old), abi.encode(_terms(99_999_999.852544e6, 100e6)), "the rest as it was set");
        ILendingPool.Terms memory terms = _terms(2 ** 40, 200e6);
        vm.expectEmit(address(usdcPool));
        emit ILendingPool.TermsSet(old, terms);
        usdcPool.setTerms(terms);
    }

    function test_setTerms_doesNotReachBack() external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 4_000_000e6);
        passes(365 days);
        ILendingPool.Terms memory terms = _terms(100_000_000e6, 100e6);
        (terms.baseBps, terms.reserveBps) = (50_00, 50_00);
        usdcPool.setTerms(terms);
        assertEq(usdcPool.debtIndexNow(), 1_030_454_500_000, "interest of the old terms");
        assertEq(usdcPool.totals().feeAssets, 12_181.8e6, "reserve of the old terms");
    }

    function test_setTerms_revertsWith_TermOutOfBounds() external {
        ILendingPool.Terms memory terms = _terms(1e15, 1);
        terms.baseBps = 50_01;
        _refuses(terms, "baseBps", 50_01, 0, 50_00);
        terms.baseBps = 0;
        terms.kinkBps = 99;
        _refuses(terms, "kinkBps", 99, 1_00, 99_00);
        terms.kinkBps = 99_01;
        _refuses(terms, "kinkBps", 99_01, 1_00, 99_00);
        terms.kinkBps = 80_00;
        terms.slopeBelowBps = 100_01;
        _refuses(terms, "slopeBelowBps", 100_01, 0, 100_00);
        terms.slopeBelowBps = 0;
        terms.slopeAboveBps = 1000_01;
        _refuses(terms, "slopeAboveBps", 1000_01, 0, 1000_00);
        terms.slopeAboveBps = 0;
        terms.reserveBps = 50_01;
        _refuses(terms, "reserveBps", 50_01, 0, 50_00);
        terms.reserveBps = 0;
        uint256 most = type(uint96).max;
        terms.supplyCapAssets = most + 1;
        _refuses(terms, "supplyCapAssets", most + 1, 0, most);
        terms.supplyCapAssets = 0;
        terms.borrowCapAssets = most + 1;
        _refuses(terms, "borrowCapAssets", most + 1, 0, most);
        terms.borrowCapAssets = 0;
        terms.minimumDebtAssets = most + 1;
        _refuses(terms, "minimumDebtAssets", most + 1, 0, most);
    }

    function _refuses(
        ILendingPool.Terms memory terms,
        bytes32 name,
        uint256 found,
        uint256 lowest,
        uint256 highest
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.TermOutOfBounds.selector, name, found, lowest, highest));
        usdcPool.setTerms(terms);
    }

    function _earnFees() private {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 4_000_000e6);
        passes(365 days);
    }
}

/// Creates a contract, so that the failure of its constructor can be expected.
contract PoolMaker {
    function make(bytes calldata code) external returns (address made) {
        bytes memory creation = code;
        // safe: passes on the reason of a failed creation as it is
        assembly ("memory-safe") {
            made := create(0, add(creation, 0x20), mload(creation))
            if iszero(made) {
                let words := mload(0x40)
                returndatacopy(words, 0, returndatasize())
                revert(words, returndatasize())
            }
        }
    }
}
