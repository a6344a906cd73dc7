// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {Sums} from "./Sums.sol";
import {Sight} from "./World.sol";

/// What all actions share. No action reverts: what the protocol refuses is counted as refused, and a refusal without a
/// reason, or by a panic, is a broken promise.
abstract contract Acts is Sums {
    /// How often something really happened.
    struct Reached {
        uint256 deposits;
        uint256 withdrawals;
        uint256 borrowings;
        uint256 repayments;
        uint256 batches;
        uint256 substitutions;
        uint256 substitutionsUnderCall;
        uint256 flags;
        uint256 calls;
        uint256 pauses;
        uint256 cures;
        uint256 liquidations;
        uint256 writeOffs;
        uint256 losses;
        uint256 priceFalls;
        uint256 refused;
    }

    /// What a call gets, so that a venue that eats gas cannot eat a campaign.
    uint256 internal constant CALL_GAS = 12_000_000;

    Reached internal reached;
    uint256[4] private restedAt;

    function counts() external view returns (Reached memory) {
        return reached;
    }

    // ---- doing and judging ----

    function _judge(Sight memory before, Actor actor, uint256 subject) internal {
        Sight memory present = _look();
        _compare(before, present, actor, subject);
        string memory broken = _sumsOf(present);
        _promise(bytes(broken).length == 0, broken);
        // the vault keeps prices for a transaction: after what moves the price of a share only the next one sees it
        if (actor == Actor.UNDERTAKER || actor == Actor.RECALLER) _forget();
        else _keep(present);
        for (uint256 i; i < 4; ++i) {
            uint256 old = before.accounts[i].account.callState;
            uint256 now_ = present.accounts[i].account.callState;
            if (old != 2 && now_ == 2) (restedAt[i], reached.pauses) = (block.timestamp, reached.pauses + 1);
            if (old != 0 && now_ == 0) ++reached.cures;
        }
    }

    function _hasRested(IVaultLens.AccountView memory old) internal view override returns (bool) {
        for (uint256 i; i < 4; ++i) {
            if (old.row.account == _accountOf(i)) return block.timestamp - restedAt[i] >= 24 hours;
        }
        return false;
    }

    function _does(address actor, bytes memory payload) internal returns (bool success) {
        bytes memory answer;
        vm.prank(actor);
        (success, answer) = address(cast.vault).call{gas: CALL_GAS}(payload);
        _refused(success, answer);
    }

    /// a refusal has a reason: never a panic, never nothing
    function _refused(bool success, bytes memory answer) internal {
        if (success) return;
        ++reached.refused;
        _promise(answer.length >= 4, "a refusal without a reason");
        _promise(bytes4(answer) != 0x4e487b71, "a panic");
    }

    /// the first account from `start` on in such a state, or that of `start`
    function _firstWith(
        Sight memory sight,
        uint256 start,
        IVaultLens.AccountStatus status
    ) internal pure returns (uint256) {
        for (uint256 i; i < 4; ++i) {
            uint256 owner = ((start % 4) + i) % 4;
            if (sight.accounts[owner].account.row.status == status) return owner;
        }
        return start % 4;
    }

    function _heldBy(Sight memory sight, uint256 owner, uint256 pick) internal view returns (address) {
        uint256 count = cast.assets.length;
        for (uint256 i; i < count; ++i) {
            // cash was listed first: the ids of collaterals begin at 2
            uint256 id = (2 + (pick % count) + i) % count;
            if (sight.accounts[owner].holdings[id] != 0) return cast.assets[id];
        }
        return cast.assets[2];
    }

    function _owedBy(Sight memory sight, uint256 owner, uint256 pick) internal pure returns (uint256) {
        uint256 p = (pick / 3) % 2;
        return sight.accounts[owner].shares[p] != 0 ? p : 1 - p;
    }

    /// up to about 15,000 dollars of collateral
    function _collateralAmount(uint256 which, uint256 amount) internal pure returns (uint256) {
        uint256[3] memory most = [uint256(8e18), 25e6, 1_000e18];
        return bound(amount, 1, most[which]);
    }

    function _cashAmount(uint256 which, uint256 amount) internal pure returns (uint256) {
        return which == 0 ? bound(amount, 1, 60_000e6) : bound(amount, 1, 60_000e18);
    }
}
