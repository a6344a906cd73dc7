// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ICollateralSwapper} from "../../contracts/interfaces/ICollateralSwapper.sol";
import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {IVenueAllocator} from "../../contracts/interfaces/IVenueAllocator.sol";
import {HealthMath} from "../../contracts/libraries/HealthMath.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {CollateralLine, Health, PriceView, Snapshot} from "../../contracts/types/Snapshot.sol";
import {CustodyChecks} from "../support/CustodyChecks.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {Handler} from "./Handler.sol";
import {CustodySight, Seen, Sight} from "./World.sol";

/// What takes part beside accounts and pools.
struct CustodyCast {
    IVenueAllocator allocator; // the sleeve of WETH
    address[2] sleeves; // the allocator, and a lending pool for its cash
    address[2] plain; // what they take
    address good; // the two venues
    HostileYieldVault bad;
    address treasury; // gets the allocator's fee
    IRewardsDistributor distributor;
    MockToken arb; // a reward that is no collateral; the other is LINK
    ICollateralSwapper[2] swappers; // on a fair venue, and on one that gives the least that it may
    MockToken old; // will be delisted
    address operator;
}

/// A world with reuse, rewards, delisting and operators: how it is looked at, summed up and compared.
abstract contract CustodyWatch is Handler {
    /// How often something really happened.
    struct CustodyReached {
        uint256 consents;
        uint256 recalls;
        uint256 trims;
        uint256 served;
        uint256 parts;
        uint256 allocations;
        uint256 pulls;
        uint256 venueLosses;
        uint256 handedOver;
        uint256 redeemed;
        uint256 swaps;
        uint256 greedySwaps;
        uint256 returned;
        uint256 harvests;
        uint256 claims;
        uint256 compounded;
        uint256 operated;
        uint256 lockdowns;
    }

    // ids of what is listed
    uint256 internal constant WETH = 2;
    uint256 internal constant SLEEVE = 5; // and the next: the shares of the pool
    uint256 internal constant OLD = 7;

    CustodyCast internal custody;
    CustodyReached internal custodyReached;
    /// All that was funded and paid of each reward token [assets].
    mapping(address token => uint256 assets) internal funded;
    mapping(address token => uint256 assets) internal paid;
    /// Whose rewards are being claimed; 4 for nobody's.
    uint256 internal claiming = 4;

    function custodyCounts() external view returns (CustodyReached memory) {
        return custodyReached;
    }

    /// asset and token of a stream
    function _stream(uint256 which) internal view returns (address asset, MockToken token) {
        asset = which == 2 ? address(custody.allocator) : address(cast.collaterals[0]);
        token = which == 1 ? cast.collaterals[2] : custody.arb;
    }

    // ---- looking ----

    function _lookFurther(CustodySight memory sight) internal view override {
        sight.seenAt = block.timestamp;
        sight.sharePrice = custody.allocator.convertToAssets(1e18);
        sight.supplyShares = custody.allocator.totalSupply();
        sight.idleAssets = custody.allocator.idleAssets();
        for (uint256 s; s < 2; ++s) sight.queues[s] = cast.vault.recallQueueOf(custody.sleeves[s]);
        for (uint256 i; i < 4; ++i) {
            AccountId account = _accountOf(i);
            for (uint256 s; s < 2; ++s) (sight.tickets[i][s], ) = cast.vault.ticketOf(account, custody.sleeves[s]);
            for (uint256 k; k < 3; ++k) {
                (address asset, MockToken token) = _stream(k);
                sight.claimable[i][k] = custody.distributor.claimable(account, asset, address(token));
            }
        }
        sight.glidePpm = cast.vault.pairOf(address(custody.old), PoolId.wrap(0)).maintenancePpm;
    }

    // ---- sums ----

    function _checkFurther(Finding memory finding, Sight memory sight) internal view override {
        string memory broken = CustodyChecks.ofSleeve(custody.allocator);
        _holds(finding, bytes(broken).length == 0, broken);
        _holds(
            finding,
            _sharesOf(address(custody.allocator)) == custody.allocator.totalSupply(),
            "E3: the sum of shares is the supply"
        );
        for (uint256 s; s < 2; ++s) _checkQueue(finding, sight, s);
        _checkRewards(finding, sight);
    }

    function _checkQueue(Finding memory finding, Sight memory sight, uint256 s) private view {
        string memory broken = CustodyChecks.ofQueue(cast.vault, custody.plain[s], custody.sleeves[s]);
        _holds(finding, bytes(broken).length == 0, broken);
        for (uint256 i; i < 4; ++i) {
            uint256 ticket = sight.custody.tickets[i][s];
            bool isWaiting = ticket > sight.custody.queues[s].served && ticket <= sight.custody.queues[s].issued;
            _holds(finding, ticket == 0 || isWaiting, "E10: a ticket was passed over");
        }
    }

    function _checkRewards(Finding memory finding, Sight memory sight) private view {
        uint256[3] memory due;
        for (uint256 i; i < 4; ++i) for (uint256 k; k < 3; ++k) due[k] += sight.custody.claimable[i][k];
        for (uint256 k; k < 2; ++k) {
            (, MockToken token) = _stream(k);
            (uint256 owed, ) = custody.distributor.reservesOf(address(token));
            _holds(finding, (k == 0 ? due[0] + due[2] : due[1]) <= owed, "F2: all claims are owed");
            string memory broken = CustodyChecks.ofRewards(
                custody.distributor,
                address(token),
                funded[address(token)],
                paid[address(token)]
            );
            _holds(finding, bytes(broken).length == 0, broken);
        }
    }

    /// shares go to keepers, and to owners who take them out
    function _sharesOf(address shares) internal view override returns (uint256 sum) {
        sum = super._sharesOf(shares);
        for (uint256 i; i < 4; ++i) sum += IERC20(shares).balanceOf(cast.owners[i]);
        sum += IERC20(shares).balanceOf(address(cast.vault));
        sum += IERC20(shares).balanceOf(cast.keeper);
        sum += IERC20(shares).balanceOf(cast.stranger);
        sum += IERC20(shares).balanceOf(custody.treasury);
    }

    // ---- before and after ----

    /// the shares of a pool carry its losses
    function _mayUncover(Seen memory before, Actor actor) internal view virtual override returns (bool) {
        bool lends = before.holdings[SLEEVE + 1] != 0;
        return super._mayUncover(before, actor) || actor == Actor.VENUE || (actor == Actor.UNDERTAKER && lends);
    }

    function _compareFurther(Sight memory before, Sight memory present, Actor actor) internal override {
        CustodySight memory old = before.custody;
        CustodySight memory now_ = present.custody;
        // a venue and the sleeve round by a unit each, the price of a share by one more; a pull out of a venue may cost
        // a hundredth of a percent of what comes (REUSE-17)
        uint256 lost = (_fallOf(old.sharePrice, now_.sharePrice) * old.supplyShares) / 1e18;
        uint256 redeemed = (_fallOf(old.supplyShares, now_.supplyShares) * old.sharePrice) / 1e18;
        uint256 pulled = redeemed + _fallOf(now_.idleAssets, old.idleAssets);
        uint256 most = 10 + old.supplyShares / 1e18 + pulled / 10_000;
        if (lost > most && actor != Actor.NATURE && actor != Actor.VENUE)
            _promise(false, "E5: a sleeve's share fell without a loss");
        for (uint256 s; s < 2; ++s) {
            _promise(now_.queues[s].served >= old.queues[s].served, "E10: the queue went back");
            _promise(now_.queues[s].issued >= old.queues[s].issued, "E10: a ticket was given twice");
        }
        uint256 ticks = now_.seenAt / 216 - old.seenAt / 216;
        _promise(now_.glidePpm <= old.glidePpm + 125 * ticks, "S-23: a delisting jumped");
        if (actor == Actor.VENUE) _compareLosers(before, present);
        if (actor == Actor.LIQUIDATOR || actor == Actor.UNDERTAKER) _countShares(before, present);
        _compareRewards(old, now_);
    }

    /// F3, F6: what is earned grows with time, and changes by nothing else but a claim
    function _compareRewards(CustodySight memory old, CustodySight memory now_) private {
        for (uint256 i; i < 4; ++i) {
            if (i == claiming) continue;
            for (uint256 k; k < 3; ++k) {
                _promise(now_.claimable[i][k] >= old.claimable[i][k], "F6: rewards were lost");
                bool isSame = now_.claimable[i][k] == old.claimable[i][k] || now_.seenAt != old.seenAt;
                _promise(isSame, "F3: rewards came from an action");
            }
        }
    }

    /// V-01: who reuses nothing feels nothing, and who does loses no more than is in the sleeve
    function _compareLosers(Sight memory before, Sight memory present) private {
        for (uint256 i; i < 4; ++i) {
            Seen memory old = before.accounts[i];
            Seen memory now_ = present.accounts[i];
            uint256 fell = _fallOf(old.account.row.collateralValue, now_.account.row.collateralValue);
            _promise(fell <= _valueIn(old, SLEEVE) + 1, "V-01: a venue cost more than was reused");
            _promise(now_.account.row.debtValue == old.account.row.debtValue, "V-01: a venue moved a debt");
            if (old.holdings[SLEEVE] != 0) continue;
            bool isSame =
                now_.account.row.coverInitial == old.account.row.coverInitial &&
                    now_.account.row.coverMaintenance == old.account.row.coverMaintenance &&
                    now_.account.row.collateralValue == old.account.row.collateralValue;
            _promise(isSame, "V-01: a venue touched who did not consent");
        }
    }

    /// E9: what nobody judged weakens nobody; what the owner asked for may, down to the initial line
    function _compareRecalled(Seen memory before, Seen memory present, bool isOwn) internal override {
        for (uint256 id; id < before.holdings.length; ++id) {
            bool isShare = id == SLEEVE || id == SLEEVE + 1;
            (uint256 less, uint256 more) = isShare
                ? (present.holdings[id], before.holdings[id])
                : (before.holdings[id], present.holdings[id]);
            _promise(less <= more, "E9: a recall went the wrong way");
        }
        for (uint256 p; p < 2; ++p) _promise(present.shares[p] == before.shares[p], "E9: a recall moved a debt");
        if (_hasStale(before) || _hasStale(present)) return;
        // a unit of a cash of six decimals is worth 1e12; what others hold of an asset is not in it: what comes back
        // crowds its asset, and initial cover falls by size (RISK-8), as by any deposit
        uint256 fell = _fallOf(_ownCover(before.account.snapshot), _ownCover(present.account.snapshot));
        uint256 fellToo = _fallOf(before.account.row.coverMaintenance, present.account.row.coverMaintenance);
        // who stays carries the fall of a share, which E5 bounds
        uint256 carried = _carriedBy(before, present);
        if (fell <= 2e12 + carried && fellToo <= 2e12 + carried) return;
        bool isJudged = present.account.opening.coverInitial >= present.account.requiredValue;
        string memory by = string.concat(vm.toString(fell), " initially, ", vm.toString(fellToo));
        _promise(isOwn && isJudged, string.concat("E9: a recall weakened an account by ", by));
    }

    /// what the shares that stay lost of their price [value]
    function _carriedBy(Seen memory before, Seen memory present) private pure returns (uint256) {
        uint256 shares = present.holdings[SLEEVE];
        if (shares == 0 || before.holdings[SLEEVE] == 0) return 0;
        uint256 old = (_valueIn(before, SLEEVE) * 1e18) / before.holdings[SLEEVE];
        uint256 now_ = (_valueIn(present, SLEEVE) * 1e18) / shares;
        return (_fallOf(old, now_) * shares) / 1e18 + 1;
    }

    /// A_I by the sizes of the account's own holdings
    function _ownCover(Snapshot memory snapshot) private pure returns (uint256) {
        Health memory health;
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            uint256 total = line.totalAssets;
            line.totalAssets = 0;
            HealthMath.addCollateral(health, line, PriceView.OWNER);
            line.totalAssets = total;
        }
        return health.coverInitial;
    }

    function _countShares(Sight memory before, Sight memory present) private {
        for (uint256 i; i < 4; ++i) {
            if (present.accounts[i].holdings[SLEEVE] < before.accounts[i].holdings[SLEEVE]) ++custodyReached.handedOver;
        }
    }

    function _fallOf(uint256 before, uint256 present) internal pure returns (uint256) {
        return before > present ? before - present : 0;
    }

    /// what an account holds of an asset, at the price of the judge [value]
    function _valueIn(Seen memory seen, uint256 id) internal pure returns (uint256) {
        CollateralLine[] memory lines = seen.account.snapshot.collaterals;
        for (uint256 k; k < lines.length; ++k) if (lines[k].id == id) return (lines[k].assets * lines[k].price) / 1e18;
        return 0;
    }
}
