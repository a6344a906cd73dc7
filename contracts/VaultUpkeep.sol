// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HaircutRefresh} from "./vault/HaircutRefresh.sol";
import {OracleRouter} from "./vault/OracleRouter.sol";
import {PriceUpkeep} from "./vault/PriceUpkeep.sol";
import {Room} from "./vault/Room.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The room of the vault where keepers come for prices and haircuts: what anyone may bring up to date. Runs in the
/// storage of `CollateralVault`.
contract VaultUpkeep is PriceUpkeep, HaircutRefresh, Room {
    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address writeOffRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(writeOffRoom) {}
}
