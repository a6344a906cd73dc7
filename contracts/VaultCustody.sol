// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OracleRouter} from "./vault/OracleRouter.sol";
import {Recovery} from "./vault/Recovery.sol";
import {Room} from "./vault/Room.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The room of the vault for what few accounts need: tokens that are owed to nobody. Runs in the storage of
/// `CollateralVault`; used directly it knows no account.
contract VaultCustody is Recovery, OracleRouter, Room {
    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address configurationRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(configurationRoom) {}
}
