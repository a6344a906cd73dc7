// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OracleRouter} from "./vault/OracleRouter.sol";
import {Room} from "./vault/Room.sol";
import {Substitution} from "./vault/Substitution.sol";
import {VaultStorage} from "./vault/VaultStorage.sol";

/// The vault: holds the collateral of all accounts and judges them. This is its first room, where account owners come;
/// liquidation, configuration and views are further rooms on the same storage (`ICollateralVault` lists them all).
contract CollateralVault is Substitution, Room {
    constructor(
        address authority,
        address sequencerFeed,
        uint256 sequencerGraceFor,
        address liquidationRoom
    ) VaultStorage(authority) OracleRouter(sequencerFeed, sequencerGraceFor) Room(liquidationRoom) {}
}
