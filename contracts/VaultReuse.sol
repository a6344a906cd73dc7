// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Delisting} from "./vault/Delisting.sol";
import {OracleRouter} from "./vault/OracleRouter.sol";
import {Reuse} from "./vault/Reuse.sol";
import {Room} from "./vault/Room.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The room of the vault where collateral goes into sleeves and comes back, and delisted collateral goes home. Runs in
/// the storage of `CollateralVault`; used directly it knows no account.
contract VaultReuse is Reuse, Delisting, Room {
    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address configurationRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(configurationRoom) {}
}
