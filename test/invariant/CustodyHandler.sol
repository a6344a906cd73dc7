// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessActs} from "./AccessActs.sol";
import {CustodyCast} from "./CustodyWatch.sol";
import {ExitActs} from "./ExitActs.sol";
import {Handler} from "./Handler.sol";
import {RewardActs} from "./RewardActs.sol";
import {VenueActs} from "./VenueActs.sol";
import {Cast} from "./World.sol";

/// Everything that the first campaigns do, and everything of custody.
contract CustodyHandler is AccessActs, VenueActs, RewardActs, ExitActs {
    constructor(Cast memory newCast, CustodyCast memory newCustody) Handler(newCast, false) {
        custody = newCustody;
    }
}
