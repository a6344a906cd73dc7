// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {RecallTicket} from "../../contracts/types/Sleeve.sol";
import {CustodyWatch} from "./CustodyWatch.sol";
import {Seen, Sight} from "./World.sol";

/// Consent and recall, the queue, and shares outside of accounts.
abstract contract ReuseActs is CustodyWatch {
    /// cash as collateral, or more of what will be delisted
    function post(uint256 owner, uint256 which, uint256 amount) external {
        owner %= 4;
        Sight memory before = _lookBefore();
        MockToken token = which % 4 == 0 ? custody.old : cast.cash[0];
        amount = which % 4 == 0 ? bound(amount, 1, 100e18) : bound(amount, 1, 20_000e6);
        token.mint(cast.owners[owner], amount);
        _does(cast.owners[owner], abi.encodeCall(cast.vault.deposit, (_accountOf(owner), address(token), amount)));
        _judge(before, Actor.OWNER, owner);
    }

    /// more or less than now, as it comes
    function reuse(uint256 owner, uint256 which, uint256 shareBps) external {
        shareBps = shareBps % 8 == 0 ? 0 : bound(shareBps, 1, 100_00);
        _setReuse(cast.owners[owner % 4], owner % 4, which % 2, shareBps);
    }

    function _setReuse(address caller, uint256 owner, uint256 s, uint256 shareBps) internal returns (bool success) {
        Sight memory before = _lookBefore();
        AccountId account = _accountOf(owner);
        success = _does(caller, abi.encodeCall(cast.vault.setReuse, (account, custody.sleeves[s], shareBps)));
        uint256 shares = cast.vault.holdingOf(account, custody.sleeves[s]);
        bool isLess = shares < before.accounts[owner].holdings[SLEEVE + s];
        if (success && isLess) ++custodyReached.recalls;
        _judge(before, isLess ? Actor.RECALLER : Actor.OWNER, owner);
        if (!success || isLess) return success;
        ++custodyReached.consents;
        if (s == 1) return success;
        Seen memory seen = _lookBefore().accounts[owner];
        uint256 most = (seen.account.row.debtValue * 140_00) / 1e4;
        _promise(_valueIn(seen, SLEEVE) <= most + 1, "REUSE-5: more was consented to than the cap");
    }

    function trim(uint256 owner) external {
        Sight memory before = _lookBefore();
        owner = _firstAboveCap(before, owner % 4);
        bytes memory payload = abi.encodeCall(cast.vault.trimReuse, (_accountOf(owner), custody.sleeves[0]));
        if (_does(cast.stranger, payload)) ++custodyReached.trims;
        _judge(before, Actor.RECALLER, 4);
    }

    /// the first from `start` on that reuses more than cap and tolerance, or `start`
    function _firstAboveCap(Sight memory sight, uint256 start) private pure returns (uint256) {
        for (uint256 i; i < 4; ++i) {
            Seen memory seen = sight.accounts[(start + i) % 4];
            if (_valueIn(seen, SLEEVE) * 1e4 > seen.account.row.debtValue * 147_00) return (start + i) % 4;
        }
        return start;
    }

    function requestRecall(uint256 owner, uint256 which, uint256 part) external {
        (owner, which) = (owner % 4, which % 2);
        Sight memory before = _lookBefore();
        uint256 held = before.accounts[owner].holdings[SLEEVE + which];
        uint256 shares =
            part % 5 == 0
                ? type(uint256).max
                : part % 7 == 0
                    ? 0
                    : bound(part, 0, held);
        _does(
            cast.owners[owner],
            abi.encodeCall(cast.vault.requestRecall, (_accountOf(owner), custody.sleeves[which], shares))
        );
        _judge(before, Actor.OWNER, owner);
    }

    /// E10: each gets at most what the ticket asks for, and who has none gets nothing
    function serve(uint256 which, uint256 most) external {
        which %= 2;
        Sight memory before = _lookBefore();
        address sleeve = custody.sleeves[which];
        uint256[4] memory asked;
        for (uint256 i; i < 4; ++i) (, asked[i]) = _askedBy(i, sleeve);
        bytes memory payload = abi.encodeCall(cast.vault.serveRecalls, (sleeve, bound(most, 1, 4)));
        bool success = _does(cast.stranger, payload);
        for (uint256 i; i < 4; ++i) {
            uint256 fell = before.accounts[i].holdings[SLEEVE + which] - cast.vault.holdingOf(_accountOf(i), sleeve);
            _promise(fell <= asked[i], "E10: more was recalled than a ticket asks for");
            (uint256 ticket, uint256 left) = _askedBy(i, sleeve);
            bool isSame = ticket == 0 || asked[i] == type(uint256).max || left + fell == asked[i];
            _promise(isSame, "E10: a ticket lost shares");
            if (success && fell != 0) ticket == 0 ? ++custodyReached.served : ++custodyReached.parts;
        }
        _judge(before, Actor.RECALLER, 4);
    }

    function _askedBy(uint256 owner, address sleeve) private view returns (uint256 ticket, uint256 shares) {
        RecallTicket memory found;
        (ticket, found) = cast.vault.ticketOf(_accountOf(owner), sleeve);
        if (ticket != 0) shares = found.shares;
    }

    /// shares leave as any collateral does
    function takeShares(uint256 owner, uint256 which, uint256 part) external {
        (owner, which) = (owner % 4, which % 2);
        Sight memory before = _lookBefore();
        uint256 shares = bound(part, 1, before.accounts[owner].holdings[SLEEVE + which] / 4 + 1);
        _does(
            cast.owners[owner],
            abi.encodeCall(cast.vault.withdraw, (_accountOf(owner), custody.sleeves[which], shares, cast.owners[owner]))
        );
        _judge(before, Actor.OWNER, owner);
    }

    /// who was given shares redeems them, past the queue of the vault; or sends some to the vault
    function redeem(uint256 who, uint256 which, uint256 part) external {
        which %= 2;
        Sight memory before = _lookBefore();
        address holder = who % 5 == 4 ? cast.keeper : cast.owners[who % 5];
        IERC4626 sleeve = IERC4626(custody.sleeves[which]);
        uint256 shares = bound(part, 0, sleeve.balanceOf(holder));
        vm.prank(holder);
        if (part % 8 == 0) {
            given[SLEEVE + which] += shares;
            sleeve.transfer(address(cast.vault), shares);
        } else {
            (bool success, bytes memory answer) = address(sleeve).call{gas: CALL_GAS}(
                abi.encodeCall(sleeve.redeem, (shares, holder, holder))
            );
            _refused(success, answer);
            if (success && shares != 0) ++custodyReached.redeemed;
        }
        _judge(before, Actor.LENDER, 4);
    }
}
