// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IMarginCallEvents} from "../../contracts/interfaces/IMarginCalls.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IRiskEngine} from "../../contracts/interfaces/IRiskEngine.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {MockSubstituter} from "../../contracts/mocks/MockSubstituter.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "../support/Deployment.sol";

// substituteBySwap
// ├── given nothing comes in or goes out: it reverts
// ├── given a caller
// │   ├── a stranger, or an operator without SEND: it reverts
// │   ├── an operator with WITHDRAW and SEND, but not DEPOSIT: it reverts when a collateral is opened
// │   └── the owner, or an operator with all three: it gets what goes out, then pays what comes in
// ├── given the callback
// │   ├── it is told account, amounts and data, and holds what went out
// │   ├── it brings nothing, or one unit less: all is undone
// │   └── the caller has no code: it reverts
// ├── given a margin call: it passes by the rule of `substitute`, and cures
// └── given used > γ: it passes only when it ends at the initial line
contract CollateralVaultSubstituteBySwapTest is Deployment {
    AccountId private account;
    MockSubstituter private swapper;

    uint256 private constant DEPOSIT = 1;
    uint256 private constant WITHDRAW = 2;
    uint256 private constant SEND = 8;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        deposits(alice, link, 10_000e18); // 150,000 USD
        borrows(alice, USDC, 104_000e6);
        swapper = new MockSubstituter(vault);
        swapper.setSource(dave, 0);
        weth.mint(dave, 1_000e18);
        vm.prank(dave);
        weth.approve(address(swapper), ALL);
        _permits(DEPOSIT | WITHDRAW | SEND);
    }

    // ---- refused ----

    function test_substituteBySwap_revertsWith_EmptyExchange() external {
        ISubstitution.Amount[] memory none = new ISubstitution.Amount[](0);
        vm.expectRevert(abi.encodeWithSelector(ISubstitution.EmptyExchange.selector, 0, 1));
        swapper.substitute(account, none, _one(link, 1e18), "");
        vm.expectRevert(abi.encodeWithSelector(ISubstitution.EmptyExchange.selector, 1, 0));
        swapper.substitute(account, _one(weth, 1e18), none, "");
    }

    function test_substituteBySwap_revertsWith_NotPermitted() external {
        _permits(0);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, swapper, WITHDRAW));
        swapper.substitute(account, _one(weth, 70e18), _one(link, ALL), "");
    }

    /// an operator never picks the receiver, unless the owner said so
    function test_substituteBySwap_revertsWith_ReceiverNotOwner_withoutSEND() external {
        _permits(DEPOSIT | WITHDRAW);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.ReceiverNotOwner.selector, account, swapper, swapper));
        swapper.substitute(account, _one(weth, 70e18), _one(link, ALL), "");
    }

    function test_substituteBySwap_revertsWith_NotPermitted_whenItOpensASlotWithoutDEPOSIT() external {
        _permits(WITHDRAW | SEND);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, swapper, DEPOSIT));
        swapper.substitute(account, _one(weth, 70e18), _one(link, ALL), "");
        deposits(alice, weth, 1);
        swapper.substitute(account, _one(weth, 70e18), _one(link, ALL), "");
        assertEq(vault.holdingOf(account, address(weth)), 70e18 + 1, "what is held already needs no DEPOSIT");
    }

    /// a person has no callback: the call fails, and nothing was sent
    function test_substituteBySwap_reverts_forACallerWithoutCode() external {
        weth.mint(alice, 70e18);
        vm.prank(alice);
        (bool success, ) = address(vault).call(
            abi.encodeCall(vault.substituteBySwap, (account, _one(weth, 70e18), _one(link, ALL), ""))
        );
        assertFalse(success);
        assertEq(vault.holdingOf(account, address(link)), 10_000e18);
    }

    // ---- the exchange ----

    function test_substituteBySwap_sendsFirst_callsBack_andIsPaid() external {
        vm.expectEmit(address(vault));
        uint256 version = vault.accountOf(account).row.version;
        emit IAccountLedger.CollateralWithdrawn(account, address(link), address(swapper), 10_000e18, 0, version + 1);
        vm.expectEmit(address(vault));
        emit IAccountLedger.CollateralDeposited(account, address(weth), address(swapper), 70e18, 70e18, version + 2);
        swapper.substitute(account, _one(weth, 70e18), _one(link, ALL), "the route");
        assertTrue(swapper.wasReached());
        assertEq(AccountId.unwrap(swapper.account()), AccountId.unwrap(account), "told the account");
        assertEq(swapper.received(), bytes("the route"), "told what it passed");
        (address asset, uint256 assets) = swapper.got(0);
        assertEq(asset, address(link), "told what went out");
        assertEq(assets, 10_000e18, "with its amount, not the sentinel");
        assertEq(swapper.heldAssets(0), 10_000e18, "and had it by then");
        (asset, assets) = swapper.wanted(0);
        assertEq(asset, address(weth), "told what must come in");
        assertEq(assets, 70e18);
        assertEq(vault.holdingOf(account, address(link)), 0);
        assertEq(vault.holdingOf(account, address(weth)), 70e18);
        assertEq(link.balanceOf(address(swapper)), 10_000e18, "to the caller, who is trusted with it");
        assertEq(weth.balanceOf(address(vault)), 70e18, "held");
        assertEq(link.balanceOf(address(vault)), 0);
    }

    function test_substituteBySwap_byTheOwner_whoIsAContract() external {
        AccountId own = toAccountId(address(swapper), 0);
        link.mint(address(swapper), 100e18);
        swapper.run(address(link), abi.encodeCall(link.approve, (address(vault), ALL)));
        swapper.run(address(vault), abi.encodeCall(vault.deposit, (own, address(link), 100e18)));
        swapper.substitute(own, _one(weth, 1), _one(link, ALL), "");
        assertEq(vault.holdingOf(own, address(weth)), 1, "without debt anything goes");
        assertEq(link.balanceOf(address(swapper)), 100e18);
    }

    function test_substituteBySwap_revertsWith_InsufficientBalance_whenItBringsNothing() external {
        swapper.setSource(address(0), 0);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, address(swapper), 0, 70e18)
        );
        swapper.substitute(account, _one(weth, 70e18), _one(link, ALL), "");
        assertEq(link.balanceOf(address(swapper)), 0, "nothing stays with it");
        assertEq(vault.holdingOf(account, address(link)), 10_000e18);
    }

    function test_substituteBySwap_revertsWith_InsufficientBalance_whenItBringsAUnitLess() external {
        swapper.setSource(dave, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, address(swapper), 70e18 - 1, 70e18)
        );
        swapper.substitute(account, _one(weth, 70e18), _one(link, ALL), "");
    }

    // ---- the same rule ----

    function test_substituteBySwap_belowTheInitialLine_revertsWith_ExchangeLosesValue() external {
        _falls(14e8);
        vm.expectPartialRevert(ISubstitution.ExchangeLosesValue.selector);
        swapper.substitute(account, _one(weth, 6.95e18), _one(link, 1_000e18), "");
        swapper.substitute(account, _one(weth, 7.01e18), _one(link, 1_000e18), "");
    }

    function test_substituteBySwap_underACall_cures() external {
        _isCalled();
        uint256 version = vault.accountOf(account).row.version;
        vm.expectEmit(address(vault));
        emit IMarginCallEvents.MarginCallCured(account, version + 3);
        swapper.substitute(account, _one(weth, 55e18), _one(link, 8_000e18), "");
        assertEq(vault.accountOf(account).callState, 0, "healthy");
    }

    function test_X16_substituteBySwap_underACall_revertsWith_WeakerCollateral() external {
        deposits(alice, weth, 1e18);
        _falls(13e8);
        vault.issueMarginCall(account);
        vm.expectRevert(abi.encodeWithSelector(ISubstitution.WeakerCollateral.selector, account, 300_000, 200_000));
        swapper.substitute(account, _one(link, 90_000e18), _one(weth, 1e18), "");
    }

    function test_substituteBySwap_beyondCloseOut_onlyToTheInitialLine() external {
        _falls(12.4e8); // cover 96,720 of 104,000; used 27 %
        vm.expectPartialRevert(IRiskEngine.InsufficientMargin.selector);
        swapper.substitute(account, _one(weth, 10e18), _one(link, 100e18), "");
        swapper.substitute(account, _one(weth, 70e18), _one(link, 10_000e18), "");
        assertEq(vault.accountOf(account).callState, 0, "covered at the initial line");
    }

    function test_substituteBySwap_revertsWith_AnswerStale() external {
        skip(1 hours + 1);
        moves(weth, 2_000e8);
        moves(usdc, 1e8);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        swapper.substitute(account, _one(weth, 100e18), _one(link, 1e18), "");
    }

    /// whatever is asked for: both doors say the same of it
    function testFuzz_substituteBySwap_isJudgedAsSubstitute(
        uint256 inAssets,
        uint256 outAssets,
        uint256 price
    ) external {
        _falls(int192(uint192(bound(price, 11e8, 16e8))));
        inAssets = bound(inAssets, 1, 100e18);
        outAssets = bound(outAssets, 1, 10_000e18);
        weth.mint(alice, inAssets);
        uint256 id = vm.snapshotState();
        vm.prank(alice);
        (bool passes_, bytes memory answer) = address(vault).call(
            abi.encodeCall(vault.substitute, (account, _one(weth, inAssets), _one(link, outAssets)))
        );
        vm.revertToState(id);
        (bool passesToo, bytes memory answerToo) = address(swapper).call(
            abi.encodeCall(swapper.substitute, (account, _one(weth, inAssets), _one(link, outAssets), ""))
        );
        assertEq(passesToo, passes_, "passes");
        assertEq(answerToo, answer, "for the same reason");
    }

    // ---- helpers ----

    function _permits(uint256 rights) private {
        vm.prank(alice);
        vault.setOperator(account, address(swapper), rights, block.timestamp + 1 days);
    }

    function _falls(int192 answer) private {
        moves(link, answer);
        settles();
        moves(link, answer);
    }

    /// LINK at 13.2: cover 102,960 of 104,000, used 3.6 %
    function _isCalled() private {
        moves(link, 13.2e8);
        vault.issueMarginCall(account);
        settles();
        moves(link, 13.2e8);
    }

    function _one(MockToken token, uint256 assets) private pure returns (ISubstitution.Amount[] memory amounts) {
        amounts = new ISubstitution.Amount[](1);
        amounts[0] = ISubstitution.Amount({asset: address(token), assets: assets});
    }
}
