// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Vm} from "./Vm.sol";

/// What every Solidity test stands on: the cheat codes, assertions that say what they found, bounded inputs, and the
/// targets of invariant campaigns.
abstract contract TestBase {
    /// The functions of one target that an invariant campaign may call.
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// An assertion did not hold; the reason names what was found.
    error AssertionFailed(string reason);

    // solhint-disable-next-line const-name-snakecase
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address[] private _targetContracts;
    address[] private _excludedContracts;
    address[] private _targetSenders;
    FuzzSelector[] private _targetSelectors;

    // ---- assertions: equal ----

    function assertEq(uint256 found, uint256 expected) internal pure {
        assertEq(found, expected, "");
    }

    function assertEq(uint256 found, uint256 expected, string memory what) internal pure {
        if (found != expected) _fail(what, vm.toString(found), " is not ", vm.toString(expected));
    }

    function assertEq(int256 found, int256 expected) internal pure {
        assertEq(found, expected, "");
    }

    function assertEq(int256 found, int256 expected, string memory what) internal pure {
        if (found != expected) _fail(what, vm.toString(found), " is not ", vm.toString(expected));
    }

    function assertEq(address found, address expected) internal pure {
        assertEq(found, expected, "");
    }

    function assertEq(address found, address expected, string memory what) internal pure {
        if (found != expected) _fail(what, vm.toString(found), " is not ", vm.toString(expected));
    }

    function assertEq(bytes32 found, bytes32 expected) internal pure {
        assertEq(found, expected, "");
    }

    function assertEq(bytes32 found, bytes32 expected, string memory what) internal pure {
        if (found != expected) _fail(what, vm.toString(found), " is not ", vm.toString(expected));
    }

    function assertEq(bool found, bool expected) internal pure {
        assertEq(found, expected, "");
    }

    function assertEq(bool found, bool expected, string memory what) internal pure {
        if (found != expected) _fail(what, vm.toString(found), " is not ", vm.toString(expected));
    }

    function assertEq(bytes memory found, bytes memory expected) internal pure {
        assertEq(found, expected, "");
    }

    function assertEq(bytes memory found, bytes memory expected, string memory what) internal pure {
        if (keccak256(found) != keccak256(expected)) {
            _fail(what, vm.toString(found), " is not ", vm.toString(expected));
        }
    }

    function assertEq(string memory found, string memory expected) internal pure {
        if (keccak256(bytes(found)) != keccak256(bytes(expected))) _fail("", found, " is not ", expected);
    }

    function assertNotEq(uint256 found, uint256 unwanted) internal pure {
        assertNotEq(found, unwanted, "");
    }

    function assertNotEq(uint256 found, uint256 unwanted, string memory what) internal pure {
        if (found == unwanted) _fail(what, vm.toString(found), " is the same as ", vm.toString(unwanted));
    }

    // ---- assertions: order ----

    function assertLt(uint256 found, uint256 bound_) internal pure {
        assertLt(found, bound_, "");
    }

    function assertLt(uint256 found, uint256 bound_, string memory what) internal pure {
        if (found >= bound_) _fail(what, vm.toString(found), " is not below ", vm.toString(bound_));
    }

    function assertLe(uint256 found, uint256 bound_) internal pure {
        assertLe(found, bound_, "");
    }

    function assertLe(uint256 found, uint256 bound_, string memory what) internal pure {
        if (found > bound_) _fail(what, vm.toString(found), " is above ", vm.toString(bound_));
    }

    function assertLe(int256 found, int256 bound_, string memory what) internal pure {
        if (found > bound_) _fail(what, vm.toString(found), " is above ", vm.toString(bound_));
    }

    function assertGt(uint256 found, uint256 bound_) internal pure {
        assertGt(found, bound_, "");
    }

    function assertGt(uint256 found, uint256 bound_, string memory what) internal pure {
        if (found <= bound_) _fail(what, vm.toString(found), " is not above ", vm.toString(bound_));
    }

    function assertGe(uint256 found, uint256 bound_) internal pure {
        assertGe(found, bound_, "");
    }

    function assertGe(uint256 found, uint256 bound_, string memory what) internal pure {
        if (found < bound_) _fail(what, vm.toString(found), " is below ", vm.toString(bound_));
    }

    function assertGe(int256 found, int256 bound_, string memory what) internal pure {
        if (found < bound_) _fail(what, vm.toString(found), " is below ", vm.toString(bound_));
    }

    /// |found − expected| ≤ tolerance
    function assertApproxEqAbs(uint256 found, uint256 expected, uint256 tolerance) internal pure {
        assertApproxEqAbs(found, expected, tolerance, "");
    }

    /// |found − expected| ≤ tolerance
    function assertApproxEqAbs(uint256 found, uint256 expected, uint256 tolerance, string memory what) internal pure {
        uint256 distance = found > expected ? found - expected : expected - found;
        if (distance > tolerance) _fail(what, vm.toString(found), " is too far from ", vm.toString(expected));
    }

    // ---- assertions: conditions ----

    function assertTrue(bool condition) internal pure {
        assertTrue(condition, "");
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) _fail(what, "the condition", " does not ", "hold");
    }

    function assertFalse(bool condition) internal pure {
        assertFalse(condition, "");
    }

    function assertFalse(bool condition, string memory what) internal pure {
        if (condition) _fail(what, "the condition", " should not ", "hold");
    }

    function fail(string memory reason) internal pure {
        revert AssertionFailed(reason);
    }

    function _fail(string memory what, string memory found, string memory relation, string memory other) private pure {
        string memory prefix = bytes(what).length == 0 ? "" : string.concat(what, ": ");
        revert AssertionFailed(string.concat(prefix, found, relation, other));
    }

    // ---- inputs ----

    /// `x` when it is within [min, max], else a number within that depends on `x` alone
    function bound(uint256 x, uint256 min, uint256 max) internal pure returns (uint256) {
        if (min > max) fail("bound: min is above max");
        if (x >= min && x <= max) return x;
        uint256 size = max - min + 1; // 0 only for the whole range, where x was returned
        return min + (x % size);
    }

    /// an address with a name in traces
    function makeAddr(string memory name) internal returns (address addr) {
        addr = vm.addr(uint256(keccak256(bytes(name))));
        vm.label(addr, name);
    }

    /// an address with a name, and its key
    function makeAddrAndKey(string memory name) internal returns (address addr, uint256 privateKey) {
        privateKey = uint256(keccak256(bytes(name)));
        addr = vm.addr(privateKey);
        vm.label(addr, name);
    }

    /// moves the clock, and the block with it
    function skip(uint256 elapsedFor) internal {
        vm.warp(block.timestamp + elapsedFor);
        vm.roll(block.number + 1);
    }

    // ---- invariant campaigns ----

    function targetContract(address target) internal {
        _targetContracts.push(target);
    }

    function targetSelector(address target, bytes4[] memory selectors) internal {
        _targetSelectors.push(FuzzSelector(target, selectors));
    }

    function targetSender(address sender) internal {
        _targetSenders.push(sender);
    }

    function excludeContract(address target) internal {
        _excludedContracts.push(target);
    }

    /// Read by the runner.
    function targetContracts() external view returns (address[] memory) {
        return _targetContracts;
    }

    /// Read by the runner.
    function targetSelectors() external view returns (FuzzSelector[] memory) {
        return _targetSelectors;
    }

    /// Read by the runner.
    function targetSenders() external view returns (address[] memory) {
        return _targetSenders;
    }

    /// Read by the runner.
    function excludeContracts() external view returns (address[] memory) {
        return _excludedContracts;
    }
}
