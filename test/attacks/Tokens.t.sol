// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {BlocklistToken, FalseToken, FeeToken, RebasingToken, SilentToken} from "../../contracts/mocks/WeirdTokens.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks by tokens that are not what they seem: T01–T08.
contract TokensAttackTest is Deployment {
    PoolId internal constant CASH = PoolId.wrap(2);

    /// T01: a fee that is switched on later is found at the next deposit; without the check the first to leave would
    /// be paid with the tokens of the last (negative control: the balance is short)
    function test_T01_aFeeIsFoundOut() external {
        FeeToken fee = new FeeToken(0);
        _listFor(address(fee), 1e8);
        deposits(alice, MockToken(address(fee)), 100e18);
        fee.setFee(50);
        fee.mint(bob, 100e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.TokenShortfall.selector, fee, 199.5e18, 200e18));
        vm.prank(bob);
        vault.deposit(accountOf(bob), address(fee), 100e18);
    }

    function test_T01_aFeeOnCashIsFoundOut() external {
        FeeToken fee = new FeeToken(0);
        ILendingPool pool = _cash(address(fee));
        deposits(alice, weth, 100e18);
        borrows(alice, CASH, 1_000e18);
        fee.setFee(1_00);
        vm.expectPartialRevert(ILendingPool.CashShortfall.selector);
        vm.prank(alice);
        vault.repay(accountOf(alice), CASH, 500e18);
        fee.mint(carol, 100e18);
        vm.expectPartialRevert(ILendingPool.CashShortfall.selector);
        vm.prank(carol);
        pool.deposit(100e18, carol);
    }

    /// T02: a token that shrinks is refused from then on; nobody can cover the hole by depositing
    function test_T02_aShrinkingTokenIsRefused() external {
        RebasingToken rebasing = new RebasingToken();
        _listFor(address(rebasing), 1e8);
        deposits(alice, MockToken(address(rebasing)), 100e18);
        rebasing.rebase(address(vault), 90e18);
        rebasing.mint(bob, 10e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.TokenShortfall.selector, rebasing, 100e18, 110e18));
        vm.prank(bob);
        vault.deposit(accountOf(bob), address(rebasing), 10e18);
        deposits(alice, weth, 1e18); // others are not touched
    }

    /// T02: what grows belongs to nobody, and hides no later hole from the count
    function test_T02_aGrowingTokenCreditsNobody() external {
        RebasingToken rebasing = new RebasingToken();
        _listFor(address(rebasing), 1e8);
        deposits(alice, MockToken(address(rebasing)), 100e18);
        rebasing.rebase(address(vault), 150e18);
        assertEq(vault.holdingOf(accountOf(alice), address(rebasing)), 100e18);
    }

    /// T03: `false` is a failure
    function test_T03_falseIsAFailure() external {
        FalseToken odd = new FalseToken();
        _listFor(address(odd), 1e8);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, odd));
        vm.prank(alice);
        vault.deposit(accountOf(alice), address(odd), 1);
        deposits(alice, MockToken(address(odd)), 5e18);
        withdraws(alice, MockToken(address(odd)), ALL);
    }

    /// T03: no answer is a success, as collateral and as cash
    function test_T03_silenceIsASuccess() external {
        SilentToken silent = new SilentToken();
        feedOf[address(silent)] = feedOf[address(usdc)];
        _sendProbe(address(silent));
        vault.listAsset(address(silent), _feedConfig(address(feedOf[address(usdc)])), 1e15);
        ILendingPool pool = _pool(MockToken(address(silent)), "silent", 100e6, 1e14);
        vault.setPair(address(weth), CASH, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        silent.mint(carol, 10_000e6);
        vm.startPrank(carol);
        silent.approve(address(pool), ALL);
        pool.deposit(10_000e6, carol);
        vm.stopPrank();
        deposits(alice, weth, 100e18);
        borrows(alice, CASH, 5_000e6);
        silent.mint(bob, 1_000e6);
        vm.startPrank(bob);
        silent.approve(address(vault), ALL);
        vault.deposit(accountOf(bob), address(silent), 1_000e6);
        vault.withdraw(accountOf(bob), address(silent), ALL, bob);
        vm.stopPrank();
        vm.startPrank(alice);
        silent.approve(address(vault), ALL);
        vault.repay(accountOf(alice), CASH, ALL);
        vm.stopPrank();
        vm.prank(carol);
        pool.withdraw(10_000e6, carol, carol);
        assertEq(silent.balanceOf(carol), 10_000e6);
    }

    /// T04: a borrower whom the issuer blocks is liquidated all the same: nothing is ever sent to a borrower
    function test_T04_aBlockedBorrowerIsLiquidated() external {
        BlocklistToken blocking = new BlocklistToken(18);
        _listFor(address(blocking), 2_000e8);
        vault.setPair(address(blocking), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        deposits(alice, MockToken(address(blocking)), 100e18);
        borrows(alice, USDC, 150_000e6);
        blocking.setBlocked(alice, true);
        moves(MockToken(address(blocking)), 1_700e8);
        liquidates(dave, alice, MockToken(address(blocking)), USDC, ALL);
        moves(MockToken(address(blocking)), 500e8);
        writesOff(dave, alice);
    }

    /// T04: a blocked liquidator sends the collateral to somebody who is not
    function test_T04_aBlockedLiquidatorNamesAnotherReceiver() external {
        BlocklistToken blocking = new BlocklistToken(18);
        _listFor(address(blocking), 2_000e8);
        vault.setPair(address(blocking), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        deposits(alice, MockToken(address(blocking)), 100e18);
        borrows(alice, USDC, 150_000e6);
        moves(MockToken(address(blocking)), 1_700e8);
        blocking.setBlocked(dave, true);
        _fundKeeper();
        ILiquidation.Leg[] memory legs = leg(MockToken(address(blocking)), USDC, ALL);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.Blocked.selector, dave));
        vm.prank(dave);
        vault.liquidate(accountOf(alice), legs, 0, block.timestamp, dave, "");
        vm.prank(dave);
        vault.liquidate(accountOf(alice), legs, 0, block.timestamp, bob, "");
        assertGt(blocking.balanceOf(bob), 0);
    }

    /// T05: one token is paused: the other collaterals of the account can be seized
    function test_T05_aPausedTokenDoesNotShieldTheOthers() external {
        BlocklistToken pausing = new BlocklistToken(18);
        _listFor(address(pausing), 100e8);
        vault.setPair(address(pausing), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        deposits(alice, MockToken(address(pausing)), 10e18);
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 160_000e6);
        pausing.setPaused(true);
        moves(weth, 1_780e8);
        liquidates(dave, alice, weth, USDC, ALL);
    }

    /// T06: decimals are pinned at listing: a token or feed that changes them changes no value
    function test_T06_decimalsArePinned() external {
        deposits(alice, weth, 1e18);
        vm.mockCall(address(weth), abi.encodeWithSignature("decimals()"), abi.encode(6));
        vm.mockCall(address(feedOf[address(weth)]), abi.encodeWithSignature("decimals()"), abi.encode(18));
        assertEq(_rowOf(accountOf(alice)).collateralValue, 2_000e18);
    }

    /// T07: shares of our own pool as collateral for cash of that pool: governance may list them, and the loop that it
    /// allows is bounded by the haircut and the cap
    function test_T07_recursiveCollateralIsBounded() external {
        MockToken share = MockToken(address(usdcPool));
        lends(carol, usdcPool, 1e6);
        vm.prank(carol);
        share.transfer(address(vault), 1e6);
        vault.listAsset(address(share), _shareFeed(), 1_000_000e12);
        vault.setPair(address(share), USDC, _pair(200_000, 150_000, 2_000_000e18, 2_00));
        usdc.mint(mallory, 100_000e6);
        vm.startPrank(mallory);
        share.approve(address(vault), ALL);
        uint256 borrowed;
        uint256 brought = 100_000e6;
        for (uint256 i; i < 12; ++i) {
            uint256 shares = usdcPool.deposit(brought, mallory);
            vault.deposit(accountOf(mallory), address(share), shares);
            brought = (brought * 79) / 100;
            if (brought < 100e6) break;
            vault.borrow(accountOf(mallory), USDC, brought, mallory);
            borrowed += brought;
        }
        vm.stopPrank();
        assertLt(borrowed, 400_000e6, "less than 0.8 / 0.2 of what was brought");
        assertEq(usdc.balanceOf(address(usdcPool)), usdcPool.totals().cashAssets, "all cash is there");
    }

    /// T08: alice and carol let vault and pools take all that they have. Nobody else can have it taken: every pull is
    /// from the caller, and vault and pools let nobody take theirs
    function test_T08_allowancesServeTheirGiversAlone() external {
        _alicePledgesAndBorrows();
        usdc.mint(alice, 500_000e6);
        weth.mint(alice, 500e18);
        deposits(mallory, weth, 1e18);
        borrows(mallory, USDC, 1_000e6);
        vm.prank(mallory);
        usdc.transfer(bob, 1_000e6); // and has nothing left
        moves(weth, 1_700e8);
        bytes[] memory toVault = new bytes[](4);
        toVault[0] = abi.encodeCall(vault.deposit, (accountOf(alice), address(weth), 1e18));
        toVault[1] = abi.encodeCall(vault.repay, (accountOf(alice), USDC, 1_000e6));
        toVault[2] = abi.encodeCall(vault.repay, (accountOf(mallory), USDC, ALL));
        toVault[3] = abi.encodeCall(
            vault.liquidate,
            (accountOf(alice), leg(weth, USDC, ALL), ALL, block.timestamp, mallory, "")
        );
        for (uint256 i; i < toVault.length; ++i) _failsFor(mallory, address(vault), toVault[i]);
        bytes[] memory toPool = new bytes[](3);
        toPool[0] = abi.encodeCall(usdcPool.deposit, (1e6, mallory));
        toPool[1] = abi.encodeCall(usdcPool.withdraw, (1e6, mallory, carol));
        toPool[2] = abi.encodeCall(usdcPool.redeem, (1e12, mallory, carol));
        for (uint256 i; i < toPool.length; ++i) _failsFor(mallory, address(usdcPool), toPool[i]);
        assertEq(usdc.balanceOf(alice), 650_000e6, "what alice has");
        assertEq(weth.balanceOf(alice), 500e18, "what alice has");
    }

    /// T08: after everything that moves tokens no allowance of vault or pool is left, to anybody who took part
    function test_T08_noAllowanceIsLeft() external {
        _alicePledgesAndBorrows();
        repays(alice, USDC, 1_000e6);
        moves(weth, 1_690e8);
        liquidates(dave, alice, weth, USDC, ALL);
        moves(weth, 1_000e8);
        writesOff(dave, alice);
        address[5] memory spenders = [alice, carol, dave, address(vault), address(usdcPool)];
        for (uint256 i; i < spenders.length; ++i) {
            for (uint256 k; k < tokens.length; ++k) {
                MockToken token = MockToken(tokens[k]);
                assertEq(token.allowance(address(vault), spenders[i]), 0, "of the vault");
                assertEq(token.allowance(address(usdcPool), spenders[i]), 0, "of the pool");
            }
        }
    }

    // ---- helpers ----

    function _failsFor(address caller, address target, bytes memory payload) private {
        vm.prank(caller);
        (bool success, ) = target.call(payload);
        assertFalse(success, "refused");
    }

    function _listFor(address token, int192 answer) private {
        _list(token, answer, 100_000e18);
        address[3] memory actors = [alice, bob, mallory];
        for (uint256 i; i < actors.length; ++i) _approveAll(actors[i]);
    }

    function _cash(address token) private returns (ILendingPool pool) {
        _listFor(token, 1e8);
        pool = _pool(MockToken(token), "cash", 100e18, 1e26);
        vault.setPair(address(weth), CASH, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        vm.prank(carol);
        IERC20(token).approve(address(pool), ALL);
        lends(carol, pool, 10_000e18);
    }

    /// twelve decimals of shares for six of cash; one share is a dollar
    function _shareFeed() private view returns (IVaultConfigurator.FeedConfig memory) {
        return _feedConfig(address(feedOf[address(usdc)]));
    }
}
