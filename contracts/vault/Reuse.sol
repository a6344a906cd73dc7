// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IDelisting} from "../interfaces/IDelisting.sol";
import {IReuse} from "../interfaces/IReuse.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState, AssetStateLib} from "../types/AssetState.sol";
import {RateSource} from "../types/RateLeg.sol";
import {RecallQueue, RecallTicket, Sleeve} from "../types/Sleeve.sol";
import {CollateralLine, Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {LedgerSteps} from "./LedgerSteps.sol";

/// Reuse by consent: plain collateral becomes shares of a sleeve and comes back, within one account.
///
/// 1. A sleeve's share is a collateral as any other: judge and liquidation know no difference, and liquidation hands
/// over shares. Only the way in is its own.
/// 2. Into a sleeve is taking risk: the gate of a withdrawal. Out of it goes only into the account; where that would
/// weaken the account, the owner passes the gate and nobody else does it.
/// 3. Who waits is served in order; once the queue has not been empty for two minutes nobody else is paid at once. So a
/// ticket asked for just before another's move does not stop it.
abstract contract Reuse is LedgerSteps, IReuse {
    using HealthMath for *;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_DEBT_SHARE_BPS = 140_00;
    uint256 private constant MAX_TOLERANCE_BPS = 50_00;
    /// How long nobody waits yet: ten blocks in which to serve and to move, whatever is asked for in between [s].
    uint256 private constant PATIENCE_FOR = 2 minutes;

    /// A sleeve and what an account has in and beside it.
    struct Place {
        address asset;
        address sleeve;
        uint256 assetId;
        uint256 sleeveId;
        uint256 assets; // plain [assets]
        uint256 shares; // in the sleeve [shares]
    }

    /// What a recall brings, and whether cover fell at a line by more than the rounding of a unit.
    struct Recalled {
        uint256 assets; // 0 when the shares are worth less than a unit [assets]
        bool isWeaker;
        uint256 coverBefore; // at the line at which it fell [value]
        uint256 coverAfter;
    }

    // ---- governance ----

    /// @inheritdoc IReuse
    function setSleeve(address asset, address sleeve, SleeveTerms calldata terms) external restricted nonReentrant {
        AssetState state = assetStates[sleeve];
        require(state.isListed(), IAccountLedger.AssetNotListed(sleeve));
        require(assetStates[asset].isListed(), IAccountLedger.AssetNotListed(asset));
        require(IERC4626(sleeve).asset() == asset, SleeveOfAnotherAsset(sleeve, asset));
        uint256 id = state.id();
        uint256 assetId = assetStates[asset].id();
        RateSource source = rateLegs[id].source;
        address feed = feeds[id].feed();
        bool isPriced = source.provider() == sleeve && source.selector() == IERC4626.convertToAssets.selector;
        require(isPriced && feed == feeds[assetId].feed(), SleevePriceInvalid(sleeve, source.provider(), feed));
        // the shares have one rate, their own: that of the asset would be missing
        RateSource ofAsset = rateLegs[assetId].source;
        require(ofAsset.provider() == address(0), SleeveOfRatedAsset(asset, ofAsset.provider()));
        _requireTerm("maxDebtShareBps", terms.maxDebtShareBps, terms.isCapped ? MAX_DEBT_SHARE_BPS : 0);
        _requireTerm("toleranceBps", terms.toleranceBps, terms.isCapped ? MAX_TOLERANCE_BPS : 0);
        (, SleeveTerms memory old) = sleeveOf(sleeve);
        emit SleeveSet(asset, sleeve, old, terms);
        sleeves[sleeve] = Sleeve(asset, uint16(terms.maxDebtShareBps), uint16(terms.toleranceBps), terms.isCapped);
        assetStates[sleeve] = state.withConfig(state.cap(), id, state.flags() | AssetStateLib.SLEEVE);
    }

    function _requireTerm(bytes32 name, uint256 found, uint256 highest) private pure {
        require(found <= highest, ReuseTermOutOfBounds(name, found, 0, highest));
    }

    // ---- the owner ----

    /// @inheritdoc IReuse
    function setReuse(
        AccountId account,
        address sleeve,
        uint256 shareBps
    ) external nonReentrant returns (uint256 assets, uint256 shares) {
        _authorise(account, RIGHT_REUSE);
        _requireTerm("shareBps", shareBps, MathLib.BPS);
        (Position memory position, Place memory place) = _find(account, sleeve);
        _requireNobodyWaitedLong(sleeve);
        uint256 reused = IERC4626(sleeve).convertToAssets(place.shares);
        uint256 target = MathLib.mulDivDown(place.assets + reused, shareBps, MathLib.BPS);
        if (target > reused) {
            assets = target - reused;
            shares = _reuse(position, place, assets);
        } else {
            shares = shareBps == 0 ? place.shares : _partDown(place.shares, reused - target, reused);
            Recalled memory recalled = _recall(position, place, shares);
            assets = recalled.assets;
            require(assets != 0, ReuseUnchanged(account, sleeve));
            _settleRecall(position, place, shares, assets, recalled.isWeaker);
        }
    }

    /// whole · part / of, rounded down; of nothing nothing
    function _partDown(uint256 whole, uint256 part, uint256 of_) private pure returns (uint256) {
        return of_ == 0 ? 0 : MathLib.mulDivDown(whole, part, of_);
    }

    /// into the sleeve: taking risk
    function _reuse(Position memory position, Place memory place, uint256 assets) private returns (uint256 shares) {
        AssetState state = assetStates[place.sleeve];
        AssetState plain = assetStates[place.asset];
        require(!state.isSupplyPaused(), IAccountLedger.SupplyPaused(place.sleeve));
        require(!state.isDelisted(), IDelisting.DelistedAsset(place.sleeve));
        // a sleeve is no way around the haircuts of an asset that is on its way out
        require(!plain.isDelisted(), IDelisting.DelistedAsset(place.asset));
        shares = IERC4626(place.sleeve).previewDeposit(assets);
        require(shares != 0, ReuseUnchanged(position.account, place.sleeve));
        if (position.head.debtBits() != 0) {
            _requireCredit(position, state, place.sleeve);
            _requireFresh(place.sleeveId);
        }
        uint256 total = state.total() + MathLib.min(shares, type(uint96).max);
        require(total <= state.cap(), IAccountLedger.SupplyCapExceeded(place.sleeve, total, state.cap()));
        _checkpointBoth(position.account, place, state, plain);
        assetStates[place.sleeve] = state.withTotal(total);
        assetStates[place.asset] = plain.withTotal(plain.total() - assets);
        // out before in, so that a full account can move all that it holds
        _setHolding(position, place.assetId, place.asset, place.assets - assets);
        _setHolding(position, place.sleeveId, place.sleeve, place.shares + shares);
        position.head = position.head.withNextVersion();
        emit CollateralReused(
            position.account,
            place.sleeve,
            msg.sender,
            assets,
            shares,
            place.assets - assets,
            place.shares + shares,
            position.head.version()
        );
        (uint256 reusedValue, uint256 mostValue) = _reuseOf(position, sleeves[place.sleeve]);
        require(reusedValue <= mostValue, ReuseAboveDebtShare(position.account, place.sleeve, reusedValue, mostValue));
        _close(position, TAKES_COLLATERAL);
        IERC20(place.asset).forceApprove(place.sleeve, assets);
        IERC4626(place.sleeve).deposit(assets, address(this));
        _requireHeld(place.sleeve);
        _requireHeld(place.asset);
    }

    /// what the account has in capped sleeves, and the most that it may have for what it owes [value]
    function _reuseOf(
        Position memory position,
        Sleeve memory terms
    ) private view returns (uint256 reusedValue, uint256 mostValue) {
        if (!terms.isCapped) return (0, type(uint256).max);
        Snapshot memory snapshot = _snapshot(position);
        _requireFreshDebts(snapshot);
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            if (sleeves[line.asset].isCapped) reusedValue += HealthMath.valueDown(line.assets, line.price);
        }
        uint256 debtValue = snapshot.sum(PriceView.OWNER).debtValue;
        mostValue = MathLib.mulDivDown(debtValue, terms.maxDebtShareBps, MathLib.BPS);
    }

    // ---- anyone, within the owner's consent ----

    /// @inheritdoc IReuse
    function trimReuse(AccountId account, address sleeve) external nonReentrant returns (uint256 assets) {
        (Position memory position, Place memory place) = _find(account, sleeve);
        _requireNobodyWaitedLong(sleeve);
        Sleeve memory terms = sleeves[sleeve];
        (uint256 reusedValue, uint256 mostValue) = _reuseOf(position, terms);
        require(
            terms.isCapped && reusedValue * MathLib.BPS > mostValue * (MathLib.BPS + terms.toleranceBps),
            ReuseWithinCap(account, sleeve, reusedValue, mostValue)
        );
        // at the price of the judge, as long as there is one
        _requireFresh(place.sleeveId);
        uint256 excess = MathLib.mulDivUp(reusedValue - mostValue, MathLib.WAD, _priceOf(place.sleeveId).price);
        uint256 shares = MathLib.min(MathLib.min(excess, place.shares), _payableShares(sleeve));
        Recalled memory recalled = _recall(position, place, shares);
        assets = recalled.assets;
        require(assets != 0, SleevePaysNothing(sleeve, 0));
        require(!recalled.isWeaker, RecallWeakens(account, sleeve, recalled.coverBefore, recalled.coverAfter));
        _settleRecall(position, place, shares, assets, false);
    }

    // ---- the queue ----

    /// @inheritdoc IReuse
    function requestRecall(
        AccountId account,
        address sleeve,
        uint256 shares
    ) external nonReentrant returns (uint256 ticket) {
        _authorise(account, RIGHT_REUSE);
        (, Place memory place) = _find(account, sleeve);
        uint256 old = recallTicketOf[account][sleeve];
        delete recallTickets[sleeve][old];
        delete recallTicketOf[account][sleeve];
        if (shares != 0) {
            require(place.shares != 0, ReuseUnchanged(account, sleeve));
            RecallQueue memory queue = recallQueues[sleeve];
            if (queue.served == queue.issued) queue.waitingSinceAt = uint64(block.timestamp);
            ticket = ++queue.issued;
            recallQueues[sleeve] = queue;
            recallTickets[sleeve][ticket] = RecallTicket(account, shares);
            recallTicketOf[account][sleeve] = ticket;
        } else {
            require(old != 0, NoRecallWaiting(sleeve));
        }
        emit RecallRequested(account, sleeve, ticket, shares);
    }

    /// @inheritdoc IReuse
    function serveRecalls(address sleeve, uint256 most) external nonReentrant returns (uint256 done) {
        RecallQueue memory queue = recallQueues[sleeve];
        require(queue.served != queue.issued, NoRecallWaiting(sleeve));
        bool isPaid;
        while (done < most && queue.served + done != queue.issued) {
            (bool isDone, bool isPart) = _serve(sleeve, queue.served + done + 1);
            isPaid = isPaid || isPart;
            if (!isDone) break;
            ++done;
        }
        require(done != 0 || isPaid, SleevePaysNothing(sleeve, queue.served + 1));
    }

    /// one ticket: done when it is paid or void; a part when the sleeve pays no more
    function _serve(address sleeve, uint256 ticket) private returns (bool isDone, bool isPart) {
        RecallTicket memory waiting = recallTickets[sleeve][ticket];
        (Position memory position, Place memory place) = _find(waiting.account, sleeve);
        uint256 wanted = MathLib.min(waiting.shares, place.shares);
        uint256 shares = wanted == 0 ? 0 : _payablePart(sleeve, wanted);
        if (wanted != 0 && shares == 0) return (false, false);
        isDone = shares == wanted;
        bool isVoid = wanted == 0 || !_hasRoom(position, place, shares);
        (AssetState state, AssetState plain) = (assetStates[sleeve], assetStates[place.asset]);
        Recalled memory recalled;
        if (!isVoid) {
            recalled = _recall(position, place, shares);
            isVoid = recalled.assets == 0 || recalled.isWeaker;
            if (isVoid) (assetStates[sleeve], assetStates[place.asset]) = (state, plain);
        }
        // a ticket that cannot be served stops nobody behind it
        isDone = isDone || isVoid;
        if (isDone) {
            recallQueues[sleeve].served = uint96(ticket);
            delete recallTickets[sleeve][ticket];
            if (waiting.shares != 0) delete recallTicketOf[waiting.account][sleeve];
            emit RecallServed(waiting.account, sleeve, ticket, isVoid ? wanted : 0);
        } else if (waiting.shares != type(uint256).max) {
            recallTickets[sleeve][ticket].shares = waiting.shares - shares;
        }
        if (isVoid) return (true, false);
        _settleRecall(position, place, shares, recalled.assets, false);
        isPart = true;
    }

    /// the plain asset finds a slot in the account
    function _hasRoom(Position memory position, Place memory place, uint256 shares) private pure returns (bool) {
        return place.assets != 0 || shares == place.shares || _count(position.head.collateralBits()) < MAX_COLLATERALS;
    }

    function _requireNobodyWaitedLong(address sleeve) private view {
        RecallQueue memory queue = recallQueues[sleeve];
        bool hasWaited = queue.served != queue.issued && block.timestamp >= queue.waitingSinceAt + PATIENCE_FOR;
        require(!hasWaited, RecallsWaiting(sleeve, queue.issued - queue.served));
    }

    /// what the sleeve pays out now, of all that the vault holds [shares]
    function _payableShares(address sleeve) private view returns (uint256) {
        return IERC4626(sleeve).maxRedeem(address(this));
    }

    /// as many shares as the sleeve pays out now; none when that part is worth less than a unit, so that dust in the
    /// sleeve voids no ticket
    function _payablePart(address sleeve, uint256 wanted) private view returns (uint256 shares) {
        shares = MathLib.min(wanted, _payableShares(sleeve));
        if (shares < wanted && IERC4626(sleeve).previewRedeem(shares) == 0) shares = 0;
    }

    // ---- out of a sleeve ----

    /// moves a position in memory, and the totals of both assets
    function _recall(
        Position memory position,
        Place memory place,
        uint256 shares
    ) private returns (Recalled memory recalled) {
        uint256 assets = shares == 0 ? 0 : IERC4626(place.sleeve).previewRedeem(shares);
        if (assets == 0) return recalled;
        recalled.assets = assets;
        bool owes = position.head.debtBits() != 0;
        Health memory old;
        if (owes) old = _ownCover(position);
        AssetState state = assetStates[place.sleeve];
        AssetState plain = assetStates[place.asset];
        uint256 total = plain.total() + MathLib.min(assets, type(uint96).max);
        // what comes back is not held up by the cap, only by the width of the ledger
        require(total <= type(uint96).max, IAccountLedger.SupplyCapExceeded(place.asset, total, plain.cap()));
        _checkpointBoth(position.account, place, state, plain);
        assetStates[place.sleeve] = state.withTotal(state.total() - shares);
        assetStates[place.asset] = plain.withTotal(total);
        _setHolding(position, place.sleeveId, place.sleeve, place.shares - shares);
        _setHolding(position, place.assetId, place.asset, place.assets + assets);
        position.head = position.head.withNextVersion();
        if (owes) _compare(recalled, position, place.assetId, old);
    }

    /// rewards of what was held until now
    function _checkpointBoth(AccountId account, Place memory place, AssetState state, AssetState plain) private {
        if (state.hasRewards()) _checkpoint(account, place.sleeve, place.shares, state.total());
        if (plain.hasRewards()) _checkpoint(account, place.asset, place.assets, plain.total());
    }

    /// at spot, both lines; what could not be taken is no cover
    function _compare(
        Recalled memory recalled,
        Position memory position,
        uint256 assetId,
        Health memory old
    ) private view {
        Health memory present = _ownCover(position);
        uint256 unit = HealthMath.valueUp(1, _priceOf(assetId).price);
        AssetState plain = assetStates[assetOf[assetId]];
        bool isTakeable = !plain.isSeizurePaused() && !plain.isWorthless() && block.timestamp >= seizableAt[assetId];
        bool fellInitially = present.coverInitial + unit < old.coverInitial;
        recalled.isWeaker = !isTakeable || fellInitially || present.coverMaintenance + unit < old.coverMaintenance;
        (recalled.coverBefore, recalled.coverAfter) =
            fellInitially
                ? (old.coverInitial, present.coverInitial)
                : (old.coverMaintenance, isTakeable ? present.coverMaintenance : 0);
    }

    /// by the sizes of the account's own holdings: what others hold moves within a transaction, and would void whose
    /// turn it is
    function _ownCover(Position memory position) private view returns (Health memory) {
        Snapshot memory snapshot = _snapshot(position);
        for (uint256 i; i < snapshot.collaterals.length; ++i) snapshot.collaterals[i].totalAssets = 0;
        return snapshot.sum(PriceView.OWNER);
    }

    /// commits a recall that is in memory, and takes it from the sleeve
    function _settleRecall(
        Position memory position,
        Place memory place,
        uint256 shares,
        uint256 assets,
        bool isRisk
    ) private {
        emit CollateralRecalled(
            position.account,
            place.sleeve,
            msg.sender,
            assets,
            shares,
            place.assets + assets,
            place.shares - shares,
            position.head.version()
        );
        _close(position, isRisk ? TAKES_COLLATERAL : TAKES_NOTHING);
        uint256 received = IERC4626(place.sleeve).redeem(shares, address(this), address(this));
        require(received >= assets, SleevePaidLess(place.sleeve, assets, received));
        _requireHeld(place.asset);
        _requireHeld(place.sleeve);
    }

    // ---- views ----

    /// @inheritdoc IReuse
    function sleeveOf(address sleeve) public view returns (address asset, SleeveTerms memory terms) {
        Sleeve memory found = sleeves[sleeve];
        return (found.asset, SleeveTerms(found.isCapped, found.maxDebtShareBps, found.toleranceBps));
    }

    /// @inheritdoc IReuse
    function recallQueueOf(address sleeve) external view returns (RecallQueue memory) {
        return recallQueues[sleeve];
    }

    /// @inheritdoc IReuse
    function ticketOf(
        AccountId account,
        address sleeve
    ) external view returns (uint256 ticket, RecallTicket memory recallTicket) {
        ticket = recallTicketOf[account][sleeve];
        recallTicket = recallTickets[sleeve][ticket];
    }

    function _find(
        AccountId account,
        address sleeve
    ) private view returns (Position memory position, Place memory place) {
        address asset = sleeves[sleeve].asset;
        require(asset != address(0), NotASleeve(sleeve));
        position = _open(account);
        (place.asset, place.sleeve) = (asset, sleeve);
        (place.assetId, place.sleeveId) = (assetStates[asset].id(), assetStates[sleeve].id());
        (place.assets, place.shares) = (_holding(position, place.assetId), _holding(position, place.sleeveId));
    }
}
