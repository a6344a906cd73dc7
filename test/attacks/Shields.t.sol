// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {RiskParameters} from "../../contracts/types/RiskParameters.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "../support/Deployment.sol";

/// Due accounts that nobody can liquidate, and flags that nobody can clear.
contract ShieldsAttackTest is Deployment {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        _fundKeeper();
    }

    // ---- throttle ----

    /// LINK has a depth of 200 million against USDC, of 8 million against DAI: what was seized against USDC drains at
    /// the speed of DAI when an account that owes DAI looks
    function test_aDeepMarketDoesNotBlockAShallowOne() external {
        _shallow();
        deposits(mallory, link, 100_000e18);
        borrows(mallory, DAI, 1_025_000e18);
        deposits(bob, link, 600_000e18);
        borrows(bob, USDC, 6_000_000e6);
        moves(link, 12.3e8);
        uint256 id = vm.snapshotState();
        liquidates(dave, mallory, link, DAI, ALL);
        vm.revertToState(id);
        moves(link, 12e8);
        liquidates(dave, bob, link, USDC, ALL);
        moves(link, 12.3e8);
        uint256 hoursWaited;
        while (!_tries(mallory, link, DAI)) {
            passes(1 hours);
            ++hoursWaited;
        }
        assertLe(hoursWaited, 1, "a full level drains in an hour");
    }

    /// two depths of one collateral
    function _shallow() private {
        RiskParameters memory rules = _rules();
        rules.throttleBps = 10_00;
        vault.setRiskParameters(rules);
        vault.setPair(address(link), USDC, _pair(300_000, 220_000, 200_000_000e18, 12_00));
        vault.setPair(address(link), DAI, _pair(300_000, 220_000, 8_000_000e18, 12_00));
    }

    /// limits that the setters allow: half of a window below dust
    function test_aThrottleBelowDustDoesNotBlockForEver() external {
        RiskParameters memory rules = _rules();
        (rules.throttleBps, rules.dustValue) = (1_00, 100_000);
        vault.setRiskParameters(rules);
        deposits(alice, link, 60_000e18);
        borrows(alice, USDC, 615_000e6);
        moves(link, 12.3e8);
        for (uint256 i; i < 48; ++i) passes(1 hours);
        assertTrue(_tries(alice, link, USDC), "two days later");
    }

    // ---- escape into what cannot be taken ----

    /// a due account exchanges all that can be seized for what cannot
    function test_aDueAccountDoesNotEscapeIntoAPausedCollateral() external {
        deposits(alice, weth, 100e18);
        deposits(alice, wbtc, 1e4); // 6 USD open the slot
        borrows(alice, USDC, 150_000e6);
        moves(weth, 1_710e8);
        vault.issueMarginCall(account);
        settles();
        settles();
        vault.pauseAsset(address(wbtc), true, true);
        uint256 id = vm.snapshotState();
        assertTrue(_tries(alice, weth, USDC), "due");
        vm.revertToState(id);
        wbtc.mint(alice, 10e8);
        vm.prank(alice);
        (bool escaped, ) = address(vault).call(
            abi.encodeCall(vault.substitute, (account, _one(wbtc, 2.865e8), _one(weth, ALL)))
        );
        assertFalse(_rowOf(account).coverMaintenance >= _rowOf(account).requirement, "still due");
        assertTrue(_tries(alice, weth, USDC) || _tries(alice, wbtc, USDC), "can be liquidated");
        assertFalse(escaped, "refused");
    }

    /// a healthy owner does the same with a deposit and a withdrawal, while supply and seizure are paused
    function test_anOwnerDoesNotMoveIntoAPausedCollateral() external {
        deposits(alice, wbtc, 1e4);
        _alicePledgesAndBorrows();
        vault.pauseAsset(address(wbtc), true, true);
        deposits(alice, wbtc, 3.2e8); // 192,000 USD
        vm.prank(alice);
        (bool escaped, ) = address(vault).call(abi.encodeCall(vault.withdraw, (account, address(weth), ALL, alice)));
        moves(wbtc, 50_000e8);
        moves(weth, 1_690e8);
        if (escaped) assertTrue(_tries(alice, wbtc, USDC), "beyond close-out and nothing can be taken");
    }

    /// a collateral that governance calls worthless fills the value of an exchange when its feed speaks again
    function test_aWorthlessCollateralIsNoValueOfAnExchange() external {
        deposits(alice, wbtc, 1e4);
        deposits(alice, link, 10_000e18);
        borrows(alice, USDC, 104_000e6);
        moves(link, 13.2e8);
        settles();
        settles();
        vault.issueMarginCall(account);
        skip(1 hours + 1);
        _repeats();
        vault.setWorthless(address(wbtc), true);
        moves(wbtc, 60_000e8);
        uint256 before = _rowOf(account).collateralValue;
        wbtc.mint(alice, 10e8);
        weth.mint(alice, 100e18);
        ISubstitution.Amount[] memory incoming = new ISubstitution.Amount[](2);
        incoming[0] = ISubstitution.Amount({asset: address(weth), assets: 62e18}); // 124,000 of 132,000
        incoming[1] = ISubstitution.Amount({asset: address(wbtc), assets: 0.3e8});
        vm.prank(alice);
        (bool success, ) = address(vault).call(abi.encodeCall(vault.substitute, (account, incoming, _one(link, ALL))));
        assertGe(_rowOf(account).collateralValue + 100e18, before, success ? "value left a called account" : "refused");
    }

    // ---- flags ----

    /// nothing is owed to the pool any more; the feed of another debt is silent
    function test_aFlagOfAPaidDebtCanBeCleared() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 75_000e6);
        borrows(alice, DAI, 75_000e18);
        moves(weth, 1_010e8);
        vault.flagLoss(account);
        repays(alice, USDC, ALL);
        skip(1 hours + 1);
        moves(weth, 1_010e8);
        moves(usdc, 1e8);
        (bool success, ) = address(vault).call(abi.encodeCall(vault.flagLoss, (account)));
        success;
        assertEq(usdcPool.flaggedLoss().lossAssets, 0, "nothing is owed, nothing is flagged");
    }

    // ---- helpers ----

    function _repeats() private {
        MockToken[4] memory others = [usdc, dai, weth, link];
        for (uint256 i; i < others.length; ++i) {
            (, int256 answer, , , ) = feedOf[address(others[i])].latestRoundData();
            moves(others[i], int192(answer));
        }
    }

    function _tries(address target, MockToken token, PoolId pool) private returns (bool success) {
        vm.prank(dave);
        (success, ) = address(vault).call(
            abi.encodeCall(vault.liquidate, (accountOf(target), leg(token, pool, ALL), ALL, block.timestamp, dave, ""))
        );
    }

    function _one(MockToken token, uint256 assets) private pure returns (ISubstitution.Amount[] memory amounts) {
        amounts = new ISubstitution.Amount[](1);
        amounts[0] = ISubstitution.Amount({asset: address(token), assets: assets});
    }
}
