// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// A room of the vault: what it does not know itself, the next room does, in the vault's own storage. The next room is
/// fixed when the code is deployed; nobody can change it.
abstract contract Room {
    /// @notice No room of the vault knows the function.
    error UnknownFunction(bytes4 selector);

    address internal immutable nextRoom;

    constructor(address next) {
        nextRoom = next;
    }

    fallback() external {
        address next = nextRoom;
        if (next == address(0)) revert UnknownFunction(msg.sig);
        // the proxy of OpenZeppelin with a fixed target, in memory that nobody uses yet: so the compiler may move what
        // does not fit on the stack
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let success := delegatecall(gas(), next, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(success) {
                revert(free, returndatasize())
            }
            return(free, returndatasize())
        }
    }
}
