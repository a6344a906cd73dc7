// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";
import {Handler} from "./Handler.sol";
import {Cast} from "./World.sol";

/// What campaigns share: the cast, its first positions, and the sums that must hold after every action.
abstract contract Campaign is Deployment {
    Handler internal handler;
    Cast internal cast;

    /// who takes part, and what they have at the start; then a handler is made
    function _gather() internal {
        cast.vault = vault;
        cast.pools = [usdcPool, daiPool];
        cast.cash = [usdc, dai];
        cast.collaterals = [weth, wbtc, link];
        cast.assets = tokens;
        for (uint256 i; i < 5; ++i) cast.feeds[i] = feedOf[tokens[i]];
        cast.owners = [alice, bob, makeAddr("erin"), makeAddr("frank")];
        cast.lenders = [carol, makeAddr("grace")];
        (cast.keeper, cast.stranger) = (dave, mallory);
        for (uint256 i = 2; i < 4; ++i) _approveAll(cast.owners[i]);
        _approveAll(cast.lenders[1]);
        _fundKeeper();
        for (uint256 i; i < 4; ++i) {
            deposits(cast.owners[i], weth, 20e18);
            if (i > 0) deposits(cast.owners[i], wbtc, 5e7);
            if (i > 1) deposits(cast.owners[i], link, 1_000e18);
            borrows(cast.owners[i], USDC, 25_000e6 + i * 8_000e6);
            if (i == 3) borrows(cast.owners[i], DAI, 10_000e18);
        }
    }

    function _begin(Handler newHandler) internal {
        handler = newHandler;
        manager.grantRole(0, address(handler), 0); // it also recovers tokens
        targetContract(address(handler));
    }

    function _requireSums() internal view {
        assertEq(handler.checkSums(), "");
    }

    /// A12: everybody leaves, in order, and everybody is paid
    function _everybodyLeaves() internal {
        vm.warp(block.timestamp + 1);
        for (uint256 i; i < 4; ++i) {
            AccountId account = accountOf(cast.owners[i]);
            for (uint8 p; p < 2; ++p) {
                (uint256 shares, ) = vault.debtOf(account, PoolId.wrap(p));
                if (shares != 0) repays(cast.owners[i], PoolId.wrap(p), ALL);
            }
            for (uint256 c; c < 3; ++c) {
                if (vault.holdingOf(account, address(cast.collaterals[c])) != 0)
                    withdraws(cast.owners[i], cast.collaterals[c], ALL);
            }
        }
        for (uint256 p; p < 2; ++p) {
            for (uint256 who; who < 2; ++who) {
                uint256 shares = cast.pools[p].balanceOf(cast.lenders[who]);
                if (cast.pools[p].previewRedeem(shares) == 0) continue;
                vm.prank(cast.lenders[who]);
                cast.pools[p].redeem(shares, cast.lenders[who], cast.lenders[who]);
            }
            assertEq(cast.pools[p].totals().debtShares, 0, "A12: no debt is left");
        }
        _requireSums();
    }
}
