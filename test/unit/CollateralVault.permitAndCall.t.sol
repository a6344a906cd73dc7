// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {PermitToken, SwallowingToken} from "../../contracts/mocks/PermitTokens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Room} from "../../contracts/vault/Room.sol";
import {Deployment} from "../support/Deployment.sol";

/// permitAndCall
/// ├── when the token is not listed: it reverts
/// ├── when the permit is in order: deposit, depositAndBorrow, repay, batch and substitute need no approval
/// ├── when the permit fails: the allowance decides
/// └── when the call fails: it fails with the reason of the call, unchanged; else it returns what the call returned
contract CollateralVaultPermitAndCallTest is Deployment {
    PermitToken private coin; // collateral
    PermitToken private cash; // of pool 2
    PoolId private constant CASH = PoolId.wrap(2);
    uint256 private constant VALUE = 1_000_000e18;
    uint256 private aliceKey = uint256(keccak256("alice"));
    AccountId private account;

    function setUp() public override {
        super.setUp();
        coin = new PermitToken("coin", 18);
        cash = new PermitToken("cash", 6);
        _list(address(coin), 1_000e8, 100_000e18);
        _list(address(cash), 1e8, 1e15);
        ILendingPool cashPool = _pool(MockToken(address(cash)), "cash", 100e6, 1e14);
        vault.setPair(address(coin), CASH, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        vm.prank(carol);
        cash.approve(address(cashPool), ALL);
        lends(carol, cashPool, 1_000_000e6);
        coin.mint(alice, 1_000e18); // and alice approves nothing of it
        account = accountOf(alice);
    }

    function test_permitAndCall_deposits() external {
        _permits(coin, 10e18, abi.encodeCall(vault.deposit, (account, address(coin), 10e18)));
        assertEq(vault.holdingOf(account, address(coin)), 10e18);
        assertEq(coin.allowance(alice, address(vault)), 0, "nothing is left of the permit");
    }

    function test_permitAndCall_depositsAndBorrows_andRepays() external {
        bytes memory call_ = abi.encodeCall(
            vault.depositAndBorrow,
            (account, address(coin), 10e18, CASH, 1_000e6, alice)
        );
        _permits(coin, 10e18, call_);
        assertEq(cash.balanceOf(alice), 1_000e6);
        bytes memory answer = _permits(cash, 400e6, abi.encodeCall(vault.repay, (account, CASH, 400e6)));
        assertEq(abi.decode(answer, (uint256)), 400e6, "what repay returned");
        (uint256 shares, ) = vault.debtOf(account, CASH);
        assertEq(shares, 600e6);
    }

    function test_permitAndCall_runsABatch_andASubstitution() external {
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.DEPOSIT, address(coin), CASH, 10e18, alice);
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.BORROW, address(0), CASH, 1_000e6, alice);
        _permits(coin, 10e18, abi.encodeCall(vault.batch, (account, steps)));
        assertEq(cash.balanceOf(alice), 1_000e6);
        ISubstitution.Amount[] memory incoming = new ISubstitution.Amount[](1);
        ISubstitution.Amount[] memory outgoing = new ISubstitution.Amount[](1);
        incoming[0] = ISubstitution.Amount(address(coin), 2e18);
        outgoing[0] = ISubstitution.Amount(address(coin), 1e18);
        _permits(coin, 2e18, abi.encodeCall(vault.substitute, (account, incoming, outgoing)));
        assertEq(vault.holdingOf(account, address(coin)), 11e18);
    }

    /// one for the collateral, one for the cash, then the action
    function test_permitAndCall_nests() external {
        _permits(
            coin,
            10e18,
            abi.encodeCall(vault.depositAndBorrow, (account, address(coin), 10e18, CASH, 1_000e6, alice))
        );
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](2);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.DEPOSIT, address(coin), CASH, 5e18, alice);
        steps[1] = IAccountLedger.Step(IAccountLedger.StepKind.REPAY, address(0), CASH, 500e6, alice);
        bytes memory inner = _payload(cash, 500e6, abi.encodeCall(vault.batch, (account, steps)));
        _permits(coin, 5e18, inner);
        assertEq(vault.holdingOf(account, address(coin)), 15e18);
    }

    function test_permitAndCall_revertsWith_AssetNotListed() external {
        PermitToken stranger = new PermitToken("stranger", 18);
        bytes memory payload = _payload(stranger, 1, abi.encodeCall(vault.deposit, (account, address(coin), 1)));
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.AssetNotListed.selector, address(stranger)));
        _sends(payload);
    }

    /// a permit that fails is no failure: the allowance is asked
    function test_permitAndCall_ignoresAPermitThatFails() external {
        bytes memory payload = _payload(coin, 10e18, abi.encodeCall(vault.deposit, (account, address(coin), 10e18)));
        vm.warp(block.timestamp + 3 hours); // the permit has expired
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 10e18)
        );
        _sends(payload);
        vm.prank(alice);
        coin.approve(address(vault), 10e18);
        _sends(payload);
        assertEq(vault.holdingOf(account, address(coin)), 10e18);
    }

    /// T09: who uses the permit before, in front of the call, stops nothing
    function test_T09_aPermitThatWasUsedBefore_stopsNothing() external {
        bytes memory payload = _payload(coin, 10e18, abi.encodeCall(vault.deposit, (account, address(coin), 10e18)));
        uint256 deadline = block.timestamp + 1 hours;
        (uint8 v, bytes32 r, bytes32 s) = _permitOf(aliceKey, coin, 10e18, deadline);
        vm.prank(mallory);
        coin.permit(alice, address(vault), 10e18, deadline, v, r, s);
        _sends(payload);
        assertEq(vault.holdingOf(account, address(coin)), 10e18);
    }

    /// T09: a permit of somebody else is none of the caller, and gives the caller nothing of the signer
    function test_T09_aForeignPermitGivesNothing() external {
        coin.mint(mallory, 10e18);
        uint256 deadline = block.timestamp + 1 hours;
        (uint8 v, bytes32 r, bytes32 s) = _permitOf(aliceKey, coin, 10e18, deadline);
        bytes memory data = abi.encodeCall(vault.deposit, (accountOf(mallory), address(coin), 10e18));
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 10e18)
        );
        vm.prank(mallory);
        vault.permitAndCall(address(coin), 10e18, deadline, v, r, s, data);
    }

    /// neither a token that knows no permit, nor one that swallows it, is taken for one that gave it
    function test_permitAndCall_knowsTokensWithoutPermit() external {
        SwallowingToken swallowing = new SwallowingToken();
        _list(address(swallowing), 1_000e8, 100_000e18);
        swallowing.mint(alice, 10e18);
        bytes memory payload = _raw(
            address(swallowing),
            abi.encodeCall(vault.deposit, (account, address(swallowing), 1e18))
        );
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 1e18)
        );
        _sends(payload);
        vm.prank(alice);
        swallowing.approve(address(vault), 1e18);
        _sends(payload);
        weth.mint(alice, 1e18);
        _sends(_raw(address(weth), abi.encodeCall(vault.deposit, (account, address(weth), 1e18))));
        assertEq(vault.holdingOf(account, address(weth)), 1e18, "approved before, and without permit");
    }

    function test_permitAndCall_failsWithTheReasonOfTheCall() external {
        bytes memory payload = _payload(coin, 1, abi.encodeCall(vault.deposit, (account, address(coin), 0)));
        vm.expectRevert(IAccountLedger.ZeroAssets.selector);
        _sends(payload);
        payload = _payload(coin, 1, "");
        vm.expectRevert(abi.encodeWithSelector(Room.UnknownFunction.selector, bytes4(0)));
        _sends(payload);
        // a batch with a step that is none fails without a reason, and so does this
        payload = _payload(coin, 1, abi.encodePacked(vault.deposit.selector));
        vm.prank(alice);
        (bool success, bytes memory answer) = address(vault).call(payload);
        assertFalse(success);
        assertEq(answer.length, 0, "no reason");
    }

    // ---- helpers ----

    function _permits(PermitToken token, uint256 value, bytes memory data) private returns (bytes memory) {
        return abi.decode(_sends(_payload(token, value, data)), (bytes));
    }

    function _sends(bytes memory payload) private returns (bytes memory answer) {
        bool success;
        vm.prank(alice);
        (success, answer) = address(vault).call(payload);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// a call with the permit of alice for the vault, valid for an hour
    function _payload(PermitToken token, uint256 value, bytes memory data) private view returns (bytes memory) {
        uint256 deadline = block.timestamp + 1 hours;
        (uint8 v, bytes32 r, bytes32 s) = _permitOf(aliceKey, token, value, deadline);
        return abi.encodeCall(vault.permitAndCall, (address(token), value, deadline, v, r, s, data));
    }

    function _permitOf(
        uint256 key,
        PermitToken token,
        uint256 value,
        uint256 deadline
    ) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                alice,
                address(vault),
                value,
                token.nonces(alice),
                deadline
            )
        );
        return vm.sign(key, keccak256(bytes.concat(hex"1901", token.DOMAIN_SEPARATOR(), hash)));
    }

    function _raw(address token, bytes memory data) private view returns (bytes memory) {
        return abi.encodeCall(vault.permitAndCall, (token, VALUE, block.timestamp, 27, 0, 0, data));
    }
}
