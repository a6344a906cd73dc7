// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {BreakableToken, NoZeroToken, ShortNameToken, WholeBalanceToken} from "../../contracts/mocks/OddTokens.sol";
import {BlocklistToken, FeeToken, RebasingToken} from "../../contracts/mocks/WeirdTokens.sol";
import {Deployment} from "../support/Deployment.sol";

/// The table of tokens in docs/known-issues.md: those that are supported do everything; those that turn bad after they
/// were listed touch nobody's other collateral, and shield none of their holder's. T01 to T06.
contract WeirdTokensAttackTest is Deployment {
    // ---- supported ----

    /// two decimals, from deposit to write-off
    function test_T06_lowDecimals_areSupported() external {
        MockToken token = new MockToken("LOW", "LOW", 2);
        MockAggregator feed = new MockAggregator(8);
        feed.push(100e8, uint64(block.timestamp));
        feedOf[address(token)] = feed;
        tokens.push(address(token));
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        config.highestAnswer = 130e8; // a price has 120 bits
        _sendProbe(address(token));
        vault.listAsset(address(token), config, 1_000_000e2);
        vault.recover(address(token), address(this));
        vault.setPair(address(token), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        _approveAll(alice);
        _livesAWholeLife(token, 1_000e2);
    }

    /// refuses to move nothing: nothing of it is ever moved
    function test_T03_aTokenThatRefusesZero_isSupported() external {
        NoZeroToken token = new NoZeroToken();
        _listPaired(address(token), 100e8);
        _livesAWholeLife(token, 1_000e18);
    }

    /// a name of 32 bytes, no answers, and no change of an allowance that is not zero
    function test_T03_aShortName_isSupported() external {
        ShortNameToken token = new ShortNameToken();
        _listPaired(address(token), 100e8);
        _livesAWholeLife(MockToken(address(token)), 1_000e6);
    }

    /// the largest amount is never passed on to a token: what arrives is what is credited
    function test_T03_aTokenThatReadsTheLargestAmountAsAll_isSupported() external {
        WholeBalanceToken token = new WholeBalanceToken();
        _listPaired(address(token), 100e8);
        token.mint(mallory, 5e18);
        vm.expectPartialRevert(IAccountLedger.SupplyCapExceeded.selector);
        vm.prank(mallory);
        vault.deposit(accountOf(mallory), address(token), ALL);
        deposits(bob, token, 7e18);
        deposits(mallory, token, 5e18);
        vm.prank(mallory);
        assertEq(vault.withdraw(accountOf(mallory), address(token), ALL, mallory), 5e18, "what is credited");
        assertEq(vault.held(address(token)), 7e18, "and not all");
    }

    /// minted for a moment: the cap bounds it, and what backs a debt does not leave to be given back
    function test_T06_aFlashMint_isContained() external {
        MockToken token = _token("FLASH", 18, 1e8, 1_000_000e18);
        vault.setPair(address(token), USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        _approveAll(mallory);
        token.mint(mallory, type(uint112).max);
        vm.expectPartialRevert(IAccountLedger.SupplyCapExceeded.selector);
        vm.prank(mallory);
        vault.deposit(accountOf(mallory), address(token), type(uint112).max);
        vm.startPrank(mallory);
        vault.deposit(accountOf(mallory), address(token), 1_000e18);
        vault.borrow(accountOf(mallory), USDC, 700e6, mallory);
        vm.expectPartialRevert(bytes4(keccak256("InsufficientMargin(bytes32,uint256,uint256)")));
        vault.withdraw(accountOf(mallory), address(token), ALL, mallory);
        vm.stopPrank();
    }

    // ---- refused at listing ----

    function test_T06_manyDecimals_areRefused() external {
        MockToken token = new MockToken("MANY", "MANY", 24);
        MockAggregator feed = new MockAggregator(8);
        feed.push(1e8, uint64(block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.DecimalsAboveMaximum.selector, token, 24, 18));
        vault.listAsset(address(token), _feedConfig(address(feed)), 0);
    }

    // ---- contained: they turn bad later ----

    function test_T01_aLaterFee_isContained() external {
        FeeToken token = new FeeToken(0);
        _aliceAndBobHold(token);
        token.setFee(3_00);
        _isContained();
        // what is still there is still sent, less the fee of the issuer
        withdraws(bob, MockToken(address(token)), 50e18);
        assertEq(token.balanceOf(bob), 48.5e18, "the fee is the issuer's");
        assertEq(vault.held(address(token)), vault.owed(address(token)), "others' stays whole");
    }

    function test_T02_aLaterShrinking_isContained() external {
        RebasingToken token = new RebasingToken();
        _aliceAndBobHold(token);
        token.rebase(address(vault), 50e18);
        assertLt(vault.held(address(token)), vault.owed(address(token)), "seen in the view");
        _isContained();
    }

    function test_T02_aLaterGrowing_isContained() external {
        RebasingToken token = new RebasingToken();
        _aliceAndBobHold(token);
        token.rebase(address(vault), 1_000e18);
        _isContained();
        uint256 extra = vault.held(address(token)) - vault.owed(address(token));
        assertEq(vault.recover(address(token), alice), extra, "what grew is owed to nobody");
        withdraws(bob, MockToken(address(token)), ALL);
    }

    function test_T04_aVaultOnABlocklist_isContained() external {
        BlocklistToken token = new BlocklistToken(18);
        _aliceAndBobHold(token);
        token.setBlocked(address(vault), true);
        _isContained();
    }

    function test_T05_aPause_isContained() external {
        BlocklistToken token = new BlocklistToken(18);
        _aliceAndBobHold(token);
        token.setPaused(true);
        _isContained();
    }

    /// an upgrade after which nothing answers any more
    function test_T06_aBrokenUpgrade_isContained() external {
        BreakableToken token = new BreakableToken();
        _aliceAndBobHold(token);
        token.setBroken(true);
        _isContained();
        assertEq(vault.reserves()[5].heldAssets, 0, "it does not say");
        assertEq(vault.reserves()[2].heldAssets, vault.held(address(weth)), "the others do");
    }

    // ---- helpers ----

    function _listPaired(address token, int192 answer) private {
        _list(token, answer, 100_000 * 10 ** MockToken(token).decimals());
        vault.setPair(token, USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        address[3] memory actors = [alice, bob, mallory];
        for (uint256 i; i < actors.length; ++i) {
            vm.prank(actors[i]);
            // not by the interface: some answer nothing
            (bool success, ) = token.call(abi.encodeCall(IERC20.approve, (address(vault), ALL)));
            assertTrue(success, "approved");
        }
    }

    /// deposit, withdrawal, borrowing, liquidation, write-off: 100,000 USD of it at 100 USD
    function _livesAWholeLife(MockToken token, uint256 assets) private {
        deposits(alice, token, assets);
        withdraws(alice, token, assets / 100);
        deposits(alice, token, assets / 100);
        borrows(alice, USDC, 75_000e6);
        moves(token, 85e8);
        uint256 seized = liquidates(dave, alice, token, USDC, ALL).seizedAssets;
        assertEq(token.balanceOf(dave), seized, "seized");
        moves(token, 30e8);
        writesOff(dave, alice);
        assertEq(token.balanceOf(dave), assets, "all of it");
        assertEq(vault.owed(address(token)), 0, "nothing is owed");
        assertEq(vault.held(address(token)), 0, "nothing is held");
    }

    /// alice holds it beside WETH and owes; bob holds it beside WETH and owes nothing
    function _aliceAndBobHold(MockToken token) private {
        _listPaired(address(token), 100e8);
        address[2] memory owners = [alice, bob];
        for (uint256 i; i < 2; ++i) {
            deposits(owners[i], token, 100e18); // 10,000 USD
            deposits(owners[i], weth, 100e18);
        }
        borrows(alice, USDC, 160_000e6);
    }

    /// bob leaves with his WETH to the unit, carol pledges and leaves, and the WETH of alice is taken
    function _isContained() private {
        withdraws(bob, weth, ALL);
        assertEq(weth.balanceOf(bob), 100e18, "bob's");
        deposits(mallory, weth, 1e18);
        withdraws(mallory, weth, ALL);
        moves(weth, 1_700e8);
        uint256 seized = liquidates(dave, alice, weth, USDC, ALL).seizedAssets;
        assertEq(weth.balanceOf(dave), seized, "taken");
        assertEq(weth.balanceOf(address(vault)), 100e18 - seized, "the rest is alice's");
        assertEq(vault.owed(address(weth)), 100e18 - seized, "to the unit");
    }
}
