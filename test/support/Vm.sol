// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// The cheat codes of Hardhat's Solidity tests that our tests use.
/// @dev Only what is needed is declared; every declaration is one that Foundry knows by the same name.
// solhint-disable-next-line interface-starts-with-i
interface Vm {
    /// One event as `getRecordedLogs` returns it.
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    // ---- the world ----

    function warp(uint256 newTimestamp) external;

    function roll(uint256 newHeight) external;

    function fee(uint256 newBaseFee) external;

    function chainId(uint256 newChainId) external;

    function deal(address account, uint256 newBalance) external;

    function etch(address target, bytes calldata newRuntimeBytecode) external;

    function store(address target, bytes32 slot, bytes32 value) external;

    function load(address target, bytes32 slot) external view returns (bytes32 value);

    function snapshotState() external returns (uint256 snapshotId);

    function revertToState(uint256 snapshotId) external returns (bool success);

    function getNonce(address account) external view returns (uint64 nonce);

    function getCode(string calldata artifact) external view returns (bytes memory creationCode);

    // ---- the caller ----

    function prank(address sender) external;

    function prank(address sender, address origin) external;

    function startPrank(address sender) external;

    function stopPrank() external;

    // ---- expectations on the next call ----

    function expectRevert() external;

    function expectRevert(bytes4 selector) external;

    function expectRevert(bytes calldata revertData) external;

    function expectPartialRevert(bytes4 selector) external;

    function expectEmit() external;

    function expectEmit(address emitter) external;

    function expectEmit(bool checkTopic1, bool checkTopic2, bool checkTopic3, bool checkData) external;

    function expectEmit(bool checkTopic1, bool checkTopic2, bool checkTopic3, bool checkData, address emitter) external;

    function expectCall(address callee, bytes calldata data) external;

    function expectCall(address callee, bytes calldata data, uint64 count) external;

    function mockCall(address callee, bytes calldata data, bytes calldata returnData) external;

    function mockCallRevert(address callee, bytes calldata data, bytes calldata revertData) external;

    function clearMockedCalls() external;

    // ---- records ----

    function recordLogs() external;

    function getRecordedLogs() external returns (Log[] memory logs);

    function record() external;

    function accesses(address target) external returns (bytes32[] memory readSlots, bytes32[] memory writeSlots);

    function label(address account, string calldata newLabel) external;

    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256 gasUsed);

    // ---- fuzzing ----

    function assume(bool condition) external pure;

    // ---- keys ----

    function addr(uint256 privateKey) external pure returns (address keyAddr);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    // ---- text ----

    function toString(uint256 value) external pure returns (string memory text);

    function toString(int256 value) external pure returns (string memory text);

    function toString(address value) external pure returns (string memory text);

    function toString(bytes calldata value) external pure returns (string memory text);

    function toString(bytes32 value) external pure returns (string memory text);

    function toString(bool value) external pure returns (string memory text);
}
