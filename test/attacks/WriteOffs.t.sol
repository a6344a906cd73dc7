// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

/// Owners who write themselves off.
contract WriteOffsAttackTest is Deployment {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
    }

    /// LEAVE: an account whose collaterals are each worth less than dust pays nothing, loses nothing and owes nothing
    function test_anOwnerDoesNotKeepSpecksOfAWriteOff() external {
        deposits(alice, weth, 0.0625e18); // 125 USD
        deposits(alice, wbtc, 203_400); // 122 USD
        deposits(alice, link, 9.53e18); // 143 USD
        borrows(alice, USDC, 299e6);
        moves(weth, 1_580e8);
        moves(wbtc, 48_000e8);
        moves(link, 10.4e8);
        uint256 worth = _rowOf(account).collateralValue;
        assertGt(worth, 290e18, "collateral that could pay");
        uint256 before = usdcPool.totalAssets();
        uint256[] memory least = new uint256[](3);
        (least[0], least[1], least[2]) = (ALL, ALL, ALL);
        // pays nothing at all; refused is as good
        if (_paysNothing(least)) {
            withdraws(alice, weth, ALL);
            withdraws(alice, wbtc, ALL);
            withdraws(alice, link, ALL);
        } else {
            writesOff(dave, alice);
        }
        // with the collateral taken lenders lose 7 USD; now they lose all 299
        assertLe(before - usdcPool.totalAssets(), 299e6 - (worth * 100) / 101 / 1e12 + 1e6, "loss of lenders");
    }

    /// seizure paused, price fresh: the owner has the debt cut at each dip, keeps the collateral and pays nothing
    function test_anOwnerDoesNotCutItsDebtWhileSeizureIsPaused() external {
        _alicePledgesAndBorrows();
        vault.pauseAsset(address(weth), false, true);
        uint256 before = usdcPool.totalAssets();
        _dips(1_400e8);
        _dips(1_200e8);
        _dips(1_010e8);
        moves(weth, 2_000e8);
        assertEq(vault.holdingOf(account, address(weth)), 100e18, "nothing was taken");
        repays(alice, USDC, ALL);
        withdraws(alice, weth, ALL); // 200,000 USD for 100,000
        assertGe(usdcPool.totalAssets() + 10e6, before, "lenders of an account that could always pay lose nothing");
    }

    function _dips(int192 answer) private {
        moves(weth, answer);
        _paysNothing(new uint256[](1));
    }

    /// the owner writes its own account off with no cash at all
    function _paysNothing(uint256[] memory least) private returns (bool success) {
        vm.prank(alice);
        (success, ) = address(vault).call(
            abi.encodeCall(vault.writeOff, (account, ALL, new uint256[](1), least, block.timestamp, alice, ""))
        );
    }

    /// the feed falls silent at 2,000 USD; the slow average still remembers a dip: the debt is cut at that price
    function test_anOwnerDoesNotCutItsDebtAtASlowAverage() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_000e8);
        uint256[] memory ids = new uint256[](1);
        ids[0] = 2;
        for (uint256 i; i < 6; ++i) {
            passes(10 minutes);
            vault.updateSlowAverages(ids);
        }
        moves(weth, 2_000e8);
        assertGt(_rowOf(account).coverMaintenance, _rowOf(account).requirement, "healthy at the last answer");
        skip(1 hours + 1);
        moves(usdc, 1e8);
        (, uint256 owed) = vault.debtOf(account, USDC);
        _paysNothing(new uint256[](1));
        (, uint256 left) = vault.debtOf(account, USDC);
        assertEq(left, owed, "nobody paid, nothing was taken: the debt is what it was");
    }
}
