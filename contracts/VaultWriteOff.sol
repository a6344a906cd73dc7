// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OracleRouter} from "./vault/OracleRouter.sol";
import {Room} from "./vault/Room.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";
import {WriteOff} from "./vault/WriteOff.sol";

/// The room of the vault where insolvent accounts end. Runs in the storage of `CollateralVault`; used directly it knows
/// no account.
contract VaultWriteOff is WriteOff, Room {
    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address configurationRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(configurationRoom) {}
}
