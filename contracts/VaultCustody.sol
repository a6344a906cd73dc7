// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Consents} from "./vault/Consents.sol";
import {OracleRouter} from "./vault/OracleRouter.sol";
import {Permits} from "./vault/Permits.sol";
import {Rewards} from "./vault/Rewards.sol";
import {Room} from "./vault/Room.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The room of the vault for what few accounts need: operators and signed consents, permits, rewards, tokens that
/// are owed to nobody. It takes no risk, so it carries no judge. Runs in the storage of `CollateralVault`; used
/// directly it knows no account.
contract VaultCustody is Consents, Permits, Rewards, OracleRouter, Room {
    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address configurationRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(configurationRoom) {}
}
