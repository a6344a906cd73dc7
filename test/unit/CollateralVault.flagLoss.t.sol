// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

// flagLoss
// ├── given a solvent account that was never flagged: it reverts
// └── given an insolvent account
//     ├── the pools know what a write-off would leave unpaid, by debt
//     ├── a lender who leaves bears his part of it, and who stays loses nothing by it (L10, X20)
//     ├── the same again: it reverts; at other prices: it follows
//     ├── a write-off takes the flag away and books what was flagged
//     └── cured or covered again: anybody takes it away
contract CollateralVaultFlagLossTest is Deployment {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        _alicePledgesAndBorrows();
        account = accountOf(alice);
        _fundKeeper();
    }

    function test_flagLoss_revertsWith_LossUnchanged_whenSolvent() external {
        vm.expectRevert(abi.encodeWithSelector(IWriteOff.LossUnchanged.selector, account));
        vault.flagLoss(account);
    }

    /// LOSS-22
    function test_flagLoss_revertsWith_AnswerStale_whenADebtHasNoPrice() external {
        skip(1 hours + 1);
        moves(weth, 1_010e8);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        vault.flagLoss(account);
    }

    function test_flagLoss_tellsThePools() external {
        deposits(bob, weth, 100e18);
        borrows(bob, USDC, 100_000e6);
        borrows(bob, DAI, 50_000e18);
        moves(weth, 1_010e8); // 101,000 pay 100,000 of 150,000
        vm.expectEmit(address(vault));
        emit IWriteOff.LossFlagged(accountOf(bob), USDC, 0, 33_333_333_334);
        vault.flagLoss(accountOf(bob));
        assertApproxEqAbs(usdcPool.flaggedLoss().lossAssets, 33_333_333_334, 1, "a third of 100,000");
        assertApproxEqAbs(daiPool.flaggedLoss().lossAssets, 16_666.666666666666666667e18, 1e12, "a third of 50,000");
    }

    /// L10, X20: the attack, and what holds
    function test_L10_X20_aLenderDoesNotRunAheadOfAWriteOff() external {
        lends(bob, usdcPool, 10_000_000e6); // as much as carol
        moves(weth, 1_010e8); // 50,000 will be lost
        uint256 shares = usdcPool.balanceOf(bob);
        uint256 id = vm.snapshotState();
        vm.prank(bob);
        uint256 early = usdcPool.redeem(shares, bob, bob);
        assertApproxEqAbs(early, 10_000_000e6, 2e6, "unflagged, he leaves at the old price");
        vm.revertToState(id);

        vault.flagLoss(account);
        vm.prank(bob);
        uint256 late = usdcPool.redeem(shares, bob, bob);
        assertApproxEqAbs(late, 9_975_000e6, 2e6, "flagged, he bears his half");
        writesOff(dave, alice);
        uint256 left = usdcPool.previewRedeem(usdcPool.balanceOf(carol));
        assertApproxEqAbs(left, 9_975_000e6, 2e6, "and carol bears hers, no more");
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "the flag is gone");
    }

    function test_flagLoss_followsPrices() external {
        moves(weth, 1_010e8);
        vault.flagLoss(account);
        uint256 before = usdcPool.flaggedLoss().lossAssets;
        vm.expectRevert(abi.encodeWithSelector(IWriteOff.LossUnchanged.selector, account));
        vault.flagLoss(account);
        moves(weth, 909e8); // 90,900 pay 90,000
        vault.flagLoss(account);
        assertEq(usdcPool.flaggedLoss().lossAssets, before + 10_000e6, "more");
        moves(weth, 2_000e8);
        vm.expectEmit(address(vault));
        emit IWriteOff.LossFlagged(account, USDC, before + 10_000e6, 0);
        vault.flagLoss(account);
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "none when prices are back");
    }

    function test_flagLoss_isTakenAwayAfterACure() external {
        moves(weth, 1_010e8);
        vault.flagLoss(account);
        repays(alice, USDC, ALL);
        assertGt(usdcPool.flaggedLoss().lossAssets, 0, "repaying asks no pool for flags");
        vault.flagLoss(account);
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "anybody takes it away");
    }

    function test_writeOff_booksWhatWasFlagged() external {
        moves(weth, 1_010e8);
        vault.flagLoss(account);
        uint256 flagged = usdcPool.flaggedLoss().lossAssets;
        (, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        assertEq(settled[0].lossAssets, flagged, "the same");
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "gone");
    }

    /// whatever the price, what is flagged is what a write-off in the same block would lose
    function testFuzz_flagLoss_isWhatAWriteOffLoses(uint256 price, uint256 elapsedFor) external {
        passes(bound(elapsedFor, 0, 90 days));
        moves(weth, int192(uint192(bound(price, 2e4, 1_500e8))));
        vault.flagLoss(account);
        uint256 flagged = usdcPool.flaggedLoss().lossAssets;
        (, IWriteOff.Settled[] memory settled) = writesOff(dave, alice);
        assertApproxEqAbs(settled[0].lossAssets, flagged, 1, "rounded apart by a unit");
    }
}
