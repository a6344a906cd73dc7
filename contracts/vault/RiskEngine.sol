// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {DebtShares} from "../libraries/DebtShares.sol";
import {HealthMath} from "../libraries/HealthMath.sol";
import {MathLib} from "../libraries/MathLib.sol";
import {AccountId} from "../types/AccountId.sol";
import {AssetState} from "../types/AssetState.sol";
import {CreditTier, CreditTierLib} from "../types/CreditTier.sol";
import {PoolConfig} from "../types/PoolConfig.sol";
import {CollateralLine, DebtLine, Health, PriceView, Snapshot} from "../types/Snapshot.sol";
import {CallState} from "../types/MarginCall.sol";
import {HaircutSchedule} from "./HaircutSchedule.sol";
import {Jumps} from "./Jumps.sol";
import {Positions} from "./Positions.sol";

/// The judge. Reads an account once into a snapshot; everything it says of the account is computed from that.
abstract contract RiskEngine is Jumps, HaircutSchedule, Positions, IRiskEngine {
    using HealthMath for *;

    /// reads everything that the equation needs
    function _snapshot(Position memory position) internal view returns (Snapshot memory snapshot) {
        uint256 debtBits = position.head.debtBits();
        Price memory price;
        snapshot.debts = new DebtLine[](_count(debtBits));
        uint256 next;
        for (uint256 id; debtBits >> id != 0; ++id) {
            if (!_has(debtBits, id)) continue;
            DebtLine memory line = snapshot.debts[next++];
            _readDebt(position, line, id);
            _readPrice(line.assetId, price);
            _setDebtPrice(position, line, price);
        }
        uint256 collateralBits = position.head.collateralBits();
        snapshot.collaterals = new CollateralLine[](_count(collateralBits));
        next = 0;
        for (uint256 id; collateralBits >> id != 0; ++id) {
            if (!_has(collateralBits, id)) continue;
            CollateralLine memory line = snapshot.collaterals[next++];
            if (!_readCollateral(position, line, id, debtBits)) continue;
            _readPrice(id, price);
            _setCollateralPrice(position, line, price);
        }
    }

    /// everything but the price; returns whether it has one
    function _readCollateral(
        Position memory position,
        CollateralLine memory line,
        uint256 id,
        uint256 debtBits
    ) internal view returns (bool isPriced) {
        line.id = id;
        line.assets = _holding(position, id);
        line.asset = _assetAt(position, id);
        AssetState state = assetStates[line.asset];
        line.totalAssets = state.total();
        isPriced = !state.isWorthless();
        (line.haircutInitialPpm, line.haircutMaintenancePpm, line.depthValue) = _termsOf(id, debtBits);
        if (!isPriced || state.isSeizurePaused() || line.haircutMaintenancePpm == MathLib.PPM)
            position.needsCare = true;
    }

    /// everything but the price
    function _readDebt(Position memory position, DebtLine memory line, uint256 id) internal view {
        PoolConfig config = poolConfigs[id];
        line.id = id;
        line.pool = config.pool();
        line.assetId = config.assetId();
        line.factorPpm = config.factorPpm();
        line.shares = _debt(position, id);
        line.index = _indexOf(position, id);
        if (line.index == 0) line.index = ILendingPool(line.pool).debtIndexNow();
        line.shareUnit = config.shareUnit();
        line.assets = DebtShares.toAssetsUp(line.shares, line.index, line.shareUnit);
    }

    function _setCollateralPrice(
        Position memory position,
        CollateralLine memory line,
        Price memory price
    ) internal pure {
        (line.price, line.slowPrice, line.isFresh) = (price.price, price.slowPrice, price.isFresh);
        if (!price.isFresh || price.hasJumped) position.needsCare = true;
    }

    function _setDebtPrice(Position memory position, DebtLine memory line, Price memory price) internal pure {
        (line.price, line.slowPrice, line.isFresh) = (price.price, price.slowPrice, price.isFresh);
        if (!price.isFresh || price.hasJumped) position.needsCare = true;
    }

    /// the sums at the prices before jumps that nothing confirmed yet, and until when they count; zeros for no jump
    function _beforeJumps(
        Position memory position,
        Snapshot memory snapshot
    ) internal view returns (Health memory health, uint256 endsAt) {
        Snapshot memory earlier;
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            if (!snapshot.collaterals[i].isFresh) continue;
            (uint256 price, uint256 until) = _beforeJump(snapshot.collaterals[i].id, snapshot.collaterals[i].price);
            if (until == 0) continue;
            if (endsAt == 0) earlier = _snapshot(position);
            earlier.collaterals[i].price = price;
            endsAt = MathLib.max(endsAt, until);
        }
        for (uint256 j; j < snapshot.debts.length; ++j) {
            (uint256 price, uint256 until) = _beforeJump(snapshot.debts[j].assetId, snapshot.debts[j].price);
            if (until == 0) continue;
            if (endsAt == 0) earlier = _snapshot(position);
            earlier.debts[j].price = price;
            endsAt = MathLib.max(endsAt, until);
        }
        if (endsAt != 0) health = earlier.sum(PriceView.PROTOCOL);
    }

    /// keeps the prices of a snapshot for the rest of the transaction
    function _cachePrices(Snapshot memory snapshot) internal {
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            _cachePrice(line.id, line.price, line.slowPrice, line.isFresh);
        }
        for (uint256 j; j < snapshot.debts.length; ++j) {
            DebtLine memory line = snapshot.debts[j];
            _cachePrice(line.assetId, line.price, line.slowPrice, line.isFresh);
        }
    }

    /// whether every debt has a fresh price
    function _hasFreshDebts(Snapshot memory snapshot) internal pure returns (bool) {
        for (uint256 j; j < snapshot.debts.length; ++j) if (!snapshot.debts[j].isFresh) return false;
        return true;
    }

    /// fails with the reason when a debt has no fresh price
    function _requireFreshDebts(Snapshot memory snapshot) internal view {
        for (uint256 j; j < snapshot.debts.length; ++j) {
            if (!snapshot.debts[j].isFresh) _requireFresh(snapshot.debts[j].assetId);
        }
    }

    /// The first arm of the gate, line by line, for an account of which nothing needs care: the same sums as over a
    /// snapshot, without making one. Keeps the prices that it reads. Who borrows is read whole; who withdraws only as
    /// far as it takes to be covered, as collateral that is not read would add to it. False says nothing: then the gate
    /// judges on a snapshot, with reasons.
    function _isPlainlyCovered(Position memory position, bool addsDebt) internal returns (bool) {
        _requireSequencer();
        Price memory price;
        Health memory opening;
        uint256 debtBits = position.head.debtBits();
        DebtLine memory debt;
        for (uint256 id; debtBits >> id != 0; ++id) {
            if (!_has(debtBits, id)) continue;
            _readDebt(position, debt, id);
            _readPrice(debt.assetId, price);
            _setDebtPrice(position, debt, price);
            if (position.needsCare) return false;
            _cachePrice(debt.assetId, debt.price, debt.slowPrice, true);
            opening.addDebt(debt, PriceView.OPENING);
        }
        uint256 collateralBits = position.head.collateralBits();
        CollateralLine memory line;
        for (uint256 id; collateralBits >> id != 0; ++id) {
            if (!_has(collateralBits, id)) continue;
            if (!_readCollateral(position, line, id, debtBits)) return false;
            _readPrice(id, price);
            _setCollateralPrice(position, line, price);
            if (position.needsCare) return false;
            _cachePrice(id, line.price, line.slowPrice, true);
            opening.addCollateral(line, PriceView.OPENING);
            if (collateralBits >> id == 1) return _coversTier(position.account, opening);
            // a tier would ask for more with more collateral
            if (!addsDebt && opening.isCoveredInitially() && _surchargeBps(position.account.ownerOf()) == 0)
                return true;
        }
        return false;
    }

    /// whether what is required at the owner's tier is covered; who has enough for the highest is not asked for one
    function _coversTier(AccountId account, Health memory opening) private view returns (bool) {
        return
            opening.coverInitial >= opening.requirement + opening.surchargeUp(CreditTierLib.HIGHEST_BPS) ||
            opening.coverInitial >= _requiredValue(account, opening);
    }

    /// The gate: passes when the account is covered at the initial line of its owner's tier, or no worse in E_I,
    /// coverage and NAV than before. `takesCollateral` says that collateral leaves; then the second arm is closed to an
    /// account that is not healthy. Before and after are compared at the same prices, indexes and totals of assets:
    /// those after the steps, so that E_I is taken at the same crowding.
    function _gate(
        Position memory position,
        Snapshot memory snapshot,
        bool takesCollateral,
        bool addsDebt
    ) internal view {
        _requireSequencer();
        if (position.needsCare) {
            _requireFreshDebts(snapshot);
            if (addsDebt) _requireSound(position.account, snapshot);
        }
        Health memory opening = _openingOf(position, snapshot, takesCollateral);
        uint256 requiredValue = _requiredValue(position.account, opening);
        if (opening.coverInitial >= requiredValue) return;

        Position memory old = _open(position.account);
        Snapshot memory oldSnapshot = _snapshot(old);
        _requireFreshDebts(oldSnapshot);
        Health memory before = oldSnapshot.sum(PriceView.OWNER);
        bool isHealthy = old.head.callState() == CallState.HEALTHY && before.isCovered();
        if (takesCollateral) {
            // a collateral that is not fresh counts 0 before and after: the second arm would not see it leave
            _requireFreshCollaterals(oldSnapshot);
            require(isHealthy, CollateralHeldByCall(position.account, requiredValue, opening.coverInitial));
        }
        Health memory oldOpening = _openingOf(old, oldSnapshot, takesCollateral);
        Health memory present = snapshot.sum(PriceView.OWNER);
        // an account that is not healthy may pay and add, and nothing else: a new debt, even a smaller one, would move
        // its loss to other lenders
        bool improved =
            isHealthy &&
                int256(opening.coverInitial) - int256(opening.requirement) >=
                    int256(oldOpening.coverInitial) - int256(oldOpening.requirement) &&
                present.coverageAtLeast(before) &&
                present.nav() >= before.nav();
        if (improved) return;
        _requireFreshCollaterals(snapshot);
        revert InsufficientMargin(position.account, requiredValue, opening.coverInitial);
    }

    /// While a window is open collateral counts at the lower, debt at the higher of the prices before and after, too.
    /// To be called when the slow prices of the snapshot are kept elsewhere.
    function _countPricesBefore(Snapshot memory snapshot) private view {
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            if (!line.isFresh || !feeds[line.id].hasJumped()) continue;
            (uint256 before, uint256 endsAt) = _beforeJump(line.id, line.price);
            if (endsAt != 0) line.slowPrice = MathLib.min(line.slowPrice, before);
        }
        for (uint256 j; j < snapshot.debts.length; ++j) {
            DebtLine memory line = snapshot.debts[j];
            if (!line.isFresh || !feeds[line.assetId].hasJumped()) continue;
            (uint256 before, ) = _beforeJump(line.assetId, line.price);
            line.slowPrice = MathLib.max(line.slowPrice, before);
        }
    }

    /// the sums at opening prices; where collateral leaves, what could not be taken counts nothing: it would be left
    /// alone with the debt. The snapshot is one that was read from this position, which says whether anything needs
    /// care
    function _openingOf(
        Position memory position,
        Snapshot memory snapshot,
        bool takesCollateral
    ) internal view returns (Health memory opening) {
        Snapshot memory counted = snapshot;
        if (position.needsCare) {
            _countPricesBefore(snapshot);
            if (takesCollateral) counted = _takeable(snapshot);
        }
        counted.sumInto(opening, PriceView.OPENING);
    }

    /// the same without collateral whose seizure is paused
    function _takeable(Snapshot memory snapshot) private view returns (Snapshot memory takeable) {
        takeable.debts = snapshot.debts;
        takeable.collaterals = new CollateralLine[](snapshot.collaterals.length);
        for (uint256 i; i < takeable.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            if (!assetStates[line.asset].isSeizurePaused()) takeable.collaterals[i] = line;
        }
    }

    /// R at opening prices, and what the tier of the owner asks for beyond it
    function _requiredValue(AccountId account, Health memory opening) internal view returns (uint256) {
        return opening.requirement + opening.surchargeUp(_surchargeBps(account.ownerOf()));
    }

    function _surchargeBps(address owner) internal view returns (uint256) {
        CreditTier tier = tiers[owner];
        if (tier.raisedAt() == 0) return 0;
        return tier.surchargeBpsAt(termsOfTiers, block.timestamp);
    }

    /// who borrows holds only collateral that could be judged and taken: else it would hide the account from
    /// liquidation
    function _requireSound(AccountId account, Snapshot memory snapshot) private view {
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            CollateralLine memory line = snapshot.collaterals[i];
            if (!line.isFresh) _requireFresh(line.id);
            bool isTakeable =
                line.isFresh && line.haircutMaintenancePpm < MathLib.PPM && !assetStates[line.asset].isSeizurePaused();
            require(isTakeable, CollateralWithoutCredit(account, line.asset));
        }
    }

    /// an owner who fails the gate because a collateral counts 0 gets the reason of that
    function _requireFreshCollaterals(Snapshot memory snapshot) private view {
        for (uint256 i; i < snapshot.collaterals.length; ++i) {
            if (!snapshot.collaterals[i].isFresh) _requireFresh(snapshot.collaterals[i].id);
        }
    }
}
