// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {TierStage} from "../support/TierStage.sol";

/// The first arm of the gate, which reads no more of an account than it takes (RISK-14)
/// ├── it lets through exactly those that the sums over the whole account let through
/// │   ├── whichever collateral covers, and whatever the tier of the owner
/// │   └── whether something is withdrawn or borrowed
/// ├── given what was read covers, it reads no other feed
/// ├── given nothing is held, or what is held is worthless, it says nothing
/// └── given an owner with a tier, one collateral that covers is not enough
contract FirstArmTest is TierStage {
    /// the second arm lets no account through that takes: E_I falls with what leaves
    function testFuzz_withdraw_asTheWholeAccountSays(uint256[4] memory amounts, uint256 step, uint256 taken) external {
        MockToken token = _basket(amounts, step);
        uint256 held = _holdingOf(token);
        taken = bound(taken, 1, held);
        vm.prank(alice);
        try vault.withdraw(account, address(token), taken, alice) returns (uint256) {
            _assertCovered();
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(IRiskEngine.InsufficientMargin.selector), "the reason");
            // what leaves takes off its value at most
            assertTrue(_excess() < int256((taken * _priceOf(token)) / 1e18 + 2), "refused without need");
        }
    }

    function testFuzz_borrow_asTheWholeAccountSays(uint256[4] memory amounts, uint256 step, uint256 assets) external {
        _basket(amounts, step);
        assets = bound(assets, 1_000e6, 300_000e6);
        int256 excess = _excess();
        vm.prank(alice);
        try vault.borrow(account, USDC, assets, alice) {
            _assertCovered();
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(IRiskEngine.InsufficientMargin.selector), "the reason");
            assertTrue(excess < int256((assets + 2) * 1e12), "refused without need");
        }
    }

    function test_whatIsNotNeeded_isNotRead() external {
        deposits(alice, wbtc, 10e8);
        bytes memory question = abi.encodeWithSignature("latestRoundData()");
        vm.expectCall(address(feedOf[address(wbtc)]), question, 0);
        withdraws(alice, weth, 1e18);
    }

    function test_whoBorrows_isReadWhole() external {
        deposits(alice, wbtc, 10e8);
        bytes memory question = abi.encodeWithSignature("latestRoundData()");
        vm.expectCall(address(feedOf[address(wbtc)]), question, 1);
        borrows(alice, USDC, 100e6);
    }

    /// WETH covers what is owed and the surcharge on its own margin; LINK adds more margin than credit
    function test_withATier_allCollateralCounts() external {
        _raisesTier(100_00);
        vault.setPair(address(link), USDC, _pair(900_000, 220_000, 20_000_000e18, 12_00));
        repays(alice, USDC, ALL);
        borrows(alice, USDC, (_holdingOf(weth) * 1_150) / 1e12);
        deposits(alice, link, 10_000e18);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        withdraws(alice, weth, 1e15);
        setsTiers(0, 0, 0);
        withdraws(alice, weth, 1e15);
    }

    function test_whatIsWorthless_isPassedOver_andStopsABorrowing() external {
        deposits(alice, wbtc, 10e8);
        moves(weth, 1e3); // below what is believed
        vault.setWorthless(address(weth), true);
        withdraws(alice, wbtc, 1e8);
        _assertCovered();
        vm.expectPartialRevert(IOracleRouter.AnswerOutOfBounds.selector);
        borrows(alice, USDC, 1_000e6);
    }

    function test_whoHasNothing_borrowsNothing() external {
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        borrows(bob, USDC, 1_000e6);
    }

    // ---- helpers ----

    /// gives alice some of each collateral and a default in a part of the runs; returns what she will take
    function _basket(uint256[4] memory amounts, uint256 step) private returns (MockToken) {
        step = bound(step, 0, 100_00);
        if (step & 1 != 0) _raisesTier(step);
        deposits(alice, weth, bound(amounts[0], 1, 100e18));
        deposits(alice, wbtc, bound(amounts[1], 1, 10e8));
        deposits(alice, link, bound(amounts[2], 1, 10_000e18));
        return [weth, wbtc, link][amounts[3] % 3];
    }

    /// a default, after which prices and averages are as before
    function _raisesTier(uint256 step) private {
        setsTiers(step, step, 60 days);
        moves(weth, 1_690e8);
        liquidates(dave, alice, weth, USDC, ALL);
        moves(weth, 2_000e8);
        settles();
        assertGt(surchargeOf(alice), 0, "a tier");
    }

    function _assertCovered() private view {
        IVaultLens.AccountView memory whole = vault.accountOf(account);
        assertGe(whole.opening.coverInitial, whole.requiredValue, "let through without cover");
    }

    /// by the lens: E_I of all collateral, less what the tier asks for
    function _excess() private view returns (int256) {
        IVaultLens.AccountView memory whole = vault.accountOf(account);
        return int256(whole.opening.coverInitial) - int256(whole.requiredValue);
    }

    function _holdingOf(MockToken token) private view returns (uint256) {
        return vault.holdingOf(account, address(token));
    }

    function _priceOf(MockToken token) private view returns (uint256) {
        (, int256 answer, , , ) = feedOf[address(token)].latestRoundData();
        return uint256(answer) * 10 ** (28 - token.decimals());
    }
}
