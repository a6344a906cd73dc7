// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CustodyWatch} from "./CustodyWatch.sol";
import {Sight} from "./World.sol";

/// Rewards arrive, are harvested, claimed, and added to collateral.
abstract contract RewardActs is CustodyWatch {
    function fund(uint256 which, uint256 amount) external {
        Sight memory before = _lookBefore();
        (address asset, MockToken token) = _stream(which % 3);
        amount = bound(amount, 1, 1_000e18);
        token.mint(address(this), amount);
        token.approve(address(custody.distributor), amount);
        custody.distributor.fund(asset, address(token), amount);
        funded[address(token)] += amount;
        _judge(before, Actor.STRANGER, 4);
    }

    /// what others paid to the vault, to the unit
    function harvest(uint256 amount) external {
        Sight memory before = _lookBefore();
        MockToken arb = custody.arb;
        if (amount % 4 != 0) arb.mint(address(cast.vault), bound(amount, 1, 1_000e18));
        uint256 found = arb.balanceOf(address(cast.vault));
        bytes memory payload = abi.encodeCall(cast.vault.harvest, (address(cast.collaterals[0]), address(arb)));
        bool success = _does(cast.stranger, payload);
        _promise(success == (found != 0), "REWARD: a harvest of nothing, or a refused one");
        _promise(arb.balanceOf(address(cast.vault)) == 0, "REWARD: a harvest left something");
        if (success)
            (custodyReached.harvests, funded[address(arb)]) = (
                custodyReached.harvests + 1,
                funded[address(arb)] + found
            );
        _judge(before, Actor.STRANGER, 4);
    }

    /// F5: anybody claims for anybody, and all that was due is paid
    function claim(uint256 owner, uint256 which) external {
        (owner, which) = (owner % 4, which % 3);
        Sight memory before = _lookBefore();
        AccountId account = _accountOf(owner);
        (address asset, MockToken token) = _stream(which);
        address[] memory tokens = new address[](1);
        tokens[0] = address(token);
        uint256 had = token.balanceOf(cast.owners[owner]) + cast.vault.holdingOf(account, address(token));
        uint256 held = cast.vault.holdingOf(account, address(token));
        vm.prank(cast.stranger);
        uint256 assets = custody.distributor.claim(account, asset, tokens)[0];
        paid[address(token)] += assets;
        _promise(assets == 0 || assets == before.custody.claimable[owner][which], "F5: not all was paid");
        uint256 has = token.balanceOf(cast.owners[owner]) + cast.vault.holdingOf(account, address(token));
        _promise(has == had + assets, "F5: a claim went elsewhere");
        if (assets != 0) ++custodyReached.claims;
        if (cast.vault.holdingOf(account, address(token)) != held) ++custodyReached.compounded;
        claiming = owner;
        _judge(before, Actor.STRANGER, 4);
        claiming = 4;
        uint256 left = custody.distributor.claimable(account, asset, address(token));
        _promise(left == (assets == 0 ? before.custody.claimable[owner][which] : 0), "F5: a claim left something");
    }

    function setCompounding(uint256 owner, bool compounds) external {
        Sight memory before = _lookBefore();
        vm.prank(cast.owners[owner % 4]);
        custody.distributor.setCompounding(_accountOf(owner), compounds);
        _judge(before, Actor.OWNER, owner % 4);
    }
}
