// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ICollateralSwapper} from "../../contracts/interfaces/ICollateralSwapper.sol";
import {IFlashLiquidator} from "../../contracts/interfaces/IFlashLiquidator.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {CustodyWatch} from "./CustodyWatch.sol";
import {Sight} from "./World.sol";

/// Collateral that is sold for other collateral, and collateral that is delisted and goes home.
abstract contract ExitActs is CustodyWatch {
    uint24 private constant FEE = 500;

    /// One order, in dollars of eight decimals more.
    struct Deal {
        uint256 outgoing; // places of collaterals
        uint256 incoming;
        uint256 outAssets;
        uint256 leastAssets; // what must come in
        uint256 maxLossBps;
    }

    /// through a fair venue, or one that gives the least that it may
    function swap(uint256 owner, uint256 pair, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        uint256 s = (pair / 9) % 2;
        Deal memory deal;
        deal.outgoing = _placeOf(_plainOf(before, owner, pair));
        // under a call only what is stronger comes in
        deal.incoming = before.accounts[owner].account.callState != 0 ? 1 : (pair / 3) % 3;
        deal.outAssets = _collateralAmount(deal.outgoing, amount) / 2 + 1;
        uint256 dollars = _dollars(deal.outgoing, deal.outAssets) / 100;
        deal.leastAssets = (dollars * bound(amount, 95, 101) * 1e6) / _dollars(deal.incoming, 1e6) + 1;
        deal.maxLossBps = bound(amount >> 8, 0, 6_00);
        bytes memory payload = _orderOf(owner, deal);
        uint256[2] memory had = _walletOf(owner, deal);
        vm.prank(cast.owners[owner]);
        (bool success, bytes memory answer) = address(custody.swappers[s]).call{gas: CALL_GAS}(payload);
        _refused(success, answer);
        _judge(before, Actor.OWNER, owner);
        _checkNothingStays(address(custody.swappers[s]));
        if (!success) return;
        s == 0 ? ++custodyReached.swaps : ++custodyReached.greedySwaps;
        uint256[2] memory has = _walletOf(owner, deal);
        // what came in, pledged or paid out, is worth what went out, less the loss that the owner allows
        uint256 gained = _dollars(deal.incoming, deal.leastAssets + has[1] - had[1]);
        uint256 least = (_dollars(deal.outgoing, deal.outAssets) * (100_00 - deal.maxLossBps)) / 1e4;
        _promise(gained + gained / 1e9 + 1e18 >= least, "SWAP: more was lost than allowed");
    }

    function _orderOf(uint256 owner, Deal memory deal) private view returns (bytes memory) {
        MockToken tokenOut = cast.collaterals[deal.outgoing];
        MockToken tokenIn = cast.collaterals[deal.incoming];
        ICollateralSwapper.Order memory order;
        (order.account, order.deadline) = (_accountOf(owner), block.timestamp);
        order.maxLossBps = deal.maxLossBps;
        (order.outgoing, order.incoming) = (new ISubstitution.Amount[](1), new ISubstitution.Amount[](1));
        order.outgoing[0] = ISubstitution.Amount(address(tokenOut), deal.outAssets);
        order.incoming[0] = ISubstitution.Amount(address(tokenIn), deal.leastAssets);
        IFlashLiquidator.Swap[] memory swaps = new IFlashLiquidator.Swap[](1);
        bytes memory path = abi.encodePacked(tokenOut, FEE, tokenIn);
        swaps[0] = IFlashLiquidator.Swap(path, 0, deal.outAssets, deal.leastAssets);
        return abi.encodeCall(ICollateralSwapper.swapCollateral, (order, swaps));
    }

    function _walletOf(uint256 owner, Deal memory deal) private view returns (uint256[2] memory) {
        address holder = cast.owners[owner];
        return [cast.collaterals[deal.outgoing].balanceOf(holder), cast.collaterals[deal.incoming].balanceOf(holder)];
    }

    function _checkNothingStays(address swapper) private {
        for (uint256 c; c < 3; ++c) {
            MockToken token = cast.collaterals[c];
            _promise(token.balanceOf(swapper) == 0, "SWAP: something stayed with the swapper");
            _promise(token.allowance(swapper, address(cast.vault)) == 0, "SWAP: an allowance stayed");
        }
    }

    /// governance takes the last collateral out of service: its haircut glides
    function delist() external {
        Sight memory before = _lookBefore();
        _does(address(this), abi.encodeCall(cast.vault.delist, (address(custody.old))));
        _judge(before, Actor.KEEPER, 4);
    }

    /// anybody sends it home: all of it, to the owner alone
    function returnDelisted(uint256 owner) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        uint256 held = before.accounts[owner].holdings[OLD];
        uint256 had = custody.old.balanceOf(cast.owners[owner]);
        bytes memory payload = abi.encodeCall(cast.vault.returnDelisted, (_accountOf(owner), address(custody.old)));
        bool success = _does(cast.stranger, payload);
        if (success) {
            ++custodyReached.returned;
            _promise(custody.old.balanceOf(cast.owners[owner]) == had + held, "DELIST: it went elsewhere");
            _promise(before.custody.glidePpm == 1e6, "DELIST: it went while it counted");
        }
        _judge(before, success ? Actor.OWNER : Actor.STRANGER, owner);
    }
}
