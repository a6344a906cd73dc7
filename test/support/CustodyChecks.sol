// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";

/// What is always true of sleeves, queues and rewards, for whoever asks: units, sequences, campaigns. Each answers what
/// is broken, and nothing when all holds.
library CustodyChecks {
    /// E1: idle + Σ worth = total, and what is idle is held
    function ofSleeve(IVenueAllocator sleeve) internal view returns (string memory) {
        IVenueAllocator.VenueView[] memory list = sleeve.venues();
        uint256 total = sleeve.idleAssets();
        if (IERC20(sleeve.asset()).balanceOf(address(sleeve)) < total) return "E1: what is idle is held";
        for (uint256 i; i < list.length; ++i) total += list[i].worthAssets;
        if (sleeve.totalAssets() != total) return "E1: idle and venues are the total";
        return "";
    }

    /// E10: nobody is served who was not given a ticket; and the vault leaves the sleeve no allowance
    function ofQueue(IReuse vault, address asset, address sleeve) internal view returns (string memory) {
        if (vault.recallQueueOf(sleeve).served > vault.recallQueueOf(sleeve).issued) return "E10: served";
        if (IERC20(asset).allowance(address(vault), sleeve) != 0) return "REUSE-23: an allowance is left";
        return "";
    }

    /// F2: what is owed is held, and it is what was funded and not paid
    function ofRewards(
        IRewardsDistributor distributor,
        address token,
        uint256 fundedAssets,
        uint256 paidAssets
    ) internal view returns (string memory) {
        (uint256 owed, uint256 held) = distributor.reservesOf(token);
        if (held < owed) return "F2: rewards that are owed are held";
        if (owed + paidAssets != fundedAssets) return "F2: what was funded is owed or paid";
        return "";
    }
}
