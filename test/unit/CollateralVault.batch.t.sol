// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {FeeToken} from "../../contracts/mocks/WeirdTokens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// batch, depositAndBorrow
/// ├── when there are no steps
/// │   └── it reverts
/// ├── when a step may not be done by the caller
/// │   └── it reverts
/// ├── when the account ends below its initial line
/// │   ├── given it ends no worse in E_I, coverage and NAV, it passes (the gate's second arm)
/// │   ├── given it is under a call and collateral leaves, it reverts with CollateralHeldByCall
/// │   └── else it reverts with InsufficientMargin
/// └── else every step is done; tokens come in before tokens go out, and are all there at the end
contract CollateralVaultBatchTest is Deployment {
    function test_batch_revertsWith_EmptyBatch() external {
        vm.expectRevert(IAccountLedger.EmptyBatch.selector);
        vm.prank(alice);
        vault.batch(accountOf(alice), new IAccountLedger.Step[](0));
    }

    function test_batch_revertsWith_NotPermitted() external {
        _alicePledgesAndBorrows();
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _in(weth, 1e18);
        steps[1] = _out(weth, 1e18, mallory);
        weth.mint(mallory, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, accountOf(alice), mallory, 2));
        vm.prank(mallory);
        vault.batch(accountOf(alice), steps);
    }

    function test_batch_doesEveryKindOfStep() external {
        weth.mint(alice, 100e18);
        dai.mint(alice, 5_000e18);
        deposits(alice, link, 1_000e18);
        borrows(alice, DAI, 5_000e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](4);
        steps[0] = _in(weth, 100e18);
        steps[1] = _borrowed(USDC, 100_000e6, bob);
        steps[2] = _repaid(DAI, ALL);
        steps[3] = _out(link, ALL, alice);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        assertEq(usdc.balanceOf(bob), 100_000e6, "borrowed");
        assertEq(link.balanceOf(alice), 1_000e18, "withdrawn");
        assertEq(dai.balanceOf(alice), 5_000e18, "what was borrowed was repaid, what was minted is left");
        assertEq(vault.holdingOf(accountOf(alice), address(weth)), 100e18, "deposited");
        (uint256 shares, ) = vault.debtOf(accountOf(alice), DAI);
        assertEq(shares, 0, "repaid");
        assertEq(_rowOf(accountOf(alice)).version, 6, "one version for each event");
    }

    /// tokens come in before they go out: the borrowed cash cannot pay for the same batch, a withdrawal can be larger
    /// than what the vault had before
    function test_batch_pullsBeforeItSends() external {
        weth.mint(alice, 10e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _in(weth, 10e18);
        steps[1] = _out(weth, ALL, bob);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        assertEq(weth.balanceOf(bob), 10e18);
    }

    function test_batch_depositsOneAssetTwice() external {
        weth.mint(alice, 3e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _in(weth, 1e18);
        steps[1] = _in(weth, 2e18);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        assertEq(vault.holdingOf(accountOf(alice), address(weth)), 3e18);
    }

    /// a token that takes fees is found out also when what came in goes out again (T01)
    function test_batch_revertsWith_TokenShortfall_atTheEnd() external {
        FeeToken fee = new FeeToken(0);
        _list(address(fee), 1e8, 1e24);
        _approveAll(alice);
        _approveAll(bob);
        deposits(bob, MockToken(address(fee)), 100e18);
        fee.setFee(1_00);
        fee.mint(alice, 100e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _in(fee, 100e18);
        steps[1] = _out(fee, 90e18, alice);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.TokenShortfall.selector, fee, 109e18, 110e18));
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
    }

    function test_batch_revertsWith_InsufficientMargin() external {
        _alicePledgesAndBorrows();
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _repaid(USDC, 1_000e6);
        steps[1] = _out(weth, 10e18, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IRiskEngine.InsufficientMargin.selector, accountOf(alice), 149_000e18, 144_000e18)
        );
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
    }

    /// second arm: 97 WETH · 1,850 · 0.8 < 145,000, and yet no worse than 100 WETH against 150,000
    function test_batch_letsAWeakAccountImprove() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_850e8);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _repaid(USDC, 7_000e6);
        steps[1] = _out(weth, 1e18, alice);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        assertEq(weth.balanceOf(alice), 1e18);
    }

    /// E_I and coverage rise, but value leaves
    function test_batch_revertsWith_InsufficientMargin_whenNavFalls() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_850e8);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _repaid(USDC, 9_249e6);
        steps[1] = _out(weth, 5e18, alice); // worth 9,250
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        steps[0] = _repaid(USDC, 9_250e6);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
    }

    /// NAV stays, coverage and E_I fall: good collateral for bad
    function test_batch_revertsWith_InsufficientMargin_whenCoverageFalls() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_850e8);
        link.mint(alice, 1_850e18);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _in(link, 1_850e18); // 15 WETH in LINK
        steps[1] = _out(weth, 15e18, alice);
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
    }

    function test_batch_revertsWith_CollateralHeldByCall_howeverMuchComesIn() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_750e8);
        vault.issueMarginCall(accountOf(alice));
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = _repaid(USDC, 5_000e6);
        steps[1] = _out(weth, 1e18, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IRiskEngine.CollateralHeldByCall.selector, accountOf(alice), 145_000e18, 138_600e18)
        );
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        steps[0] = _repaid(USDC, 11_400e6); // ends at its initial line: the call is cured and the collateral free
        vm.prank(alice);
        vault.batch(accountOf(alice), steps);
        assertEq(vault.accountOf(accountOf(alice)).callState, 0, "cured");
    }

    /// a collateral without a fresh price counts nothing, so taking it out would look like no change
    function test_batch_revertsWith_AnswerStale_whenStaleCollateralLeavesAWeakAccount() external {
        _alicePledgesAndBorrows();
        deposits(alice, wbtc, 1e8);
        borrows(alice, USDC, 40_000e6); // 190,000 against 209,200
        moves(weth, 2_300e8); // 195,500 at maintenance, 184,000 at initial: enough for maintenance without the WBTC
        uint256 pushedAt = block.timestamp;
        skip(1 hours + 1);
        moves(weth, 2_300e8);
        moves(usdc, 1e8);
        vm.expectRevert(
            abi.encodeWithSelector(IOracleRouter.AnswerStale.selector, wbtc, pushedAt, block.timestamp - 1 hours)
        );
        vm.prank(alice);
        vault.withdraw(accountOf(alice), address(wbtc), ALL, alice);
    }

    function test_depositAndBorrow_doesBoth() external {
        weth.mint(alice, 100e18);
        vm.expectEmit(address(vault));
        emit IAccountLedger.CollateralDeposited(accountOf(alice), address(weth), alice, 100e18, 100e18, 1);
        vm.expectEmit(address(vault));
        emit IAccountLedger.Borrowed(accountOf(alice), DAI, alice, 160_000e18, 160_000e12, 1e12, 2);
        vm.prank(alice);
        vault.depositAndBorrow(accountOf(alice), address(weth), 100e18, DAI, 160_000e18, alice);
        assertEq(dai.balanceOf(alice), 160_000e18);
    }

    function test_depositAndBorrow_revertsWith_InsufficientMargin() external {
        weth.mint(alice, 100e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskEngine.InsufficientMargin.selector,
                accountOf(alice),
                160_000e18 + 1e6,
                160_000e18
            )
        );
        vm.prank(alice);
        vault.depositAndBorrow(accountOf(alice), address(weth), 100e18, DAI, 160_000e18 + 1, alice);
    }

    function test_depositAndBorrow_revertsWith_NotPermitted() external {
        AccountId account = accountOf(alice);
        vm.prank(alice);
        vault.setOperator(account, bob, 1, block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, bob, 4));
        vm.prank(bob);
        vault.depositAndBorrow(account, address(weth), 100e18, DAI, 160_000e18, alice);
    }

    // ---- steps ----

    function _in(MockToken token, uint256 assets) private pure returns (IAccountLedger.Step memory) {
        return IAccountLedger.Step(IAccountLedger.StepKind.DEPOSIT, address(token), USDC, assets, address(0));
    }

    function _out(MockToken token, uint256 assets, address to) private pure returns (IAccountLedger.Step memory) {
        return IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(token), USDC, assets, to);
    }

    function _borrowed(PoolId pool, uint256 assets, address to) private pure returns (IAccountLedger.Step memory) {
        return IAccountLedger.Step(IAccountLedger.StepKind.BORROW, address(0), pool, assets, to);
    }

    function _repaid(PoolId pool, uint256 assets) private pure returns (IAccountLedger.Step memory) {
        return IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), pool, assets, address(0));
    }
}
