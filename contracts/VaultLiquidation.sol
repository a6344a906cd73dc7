// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Liquidation} from "./vault/Liquidation.sol";
import {OracleRouter} from "./vault/OracleRouter.sol";
import {Room} from "./vault/Room.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The room of the vault where liquidators come. Runs in the storage of `CollateralVault`; used directly it knows no
/// account.
contract VaultLiquidation is Liquidation, Room {
    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address writeOffRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(writeOffRoom) {}
}
