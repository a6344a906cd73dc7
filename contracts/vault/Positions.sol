// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IPositions} from "../interfaces/IPositions.sol";
import {AccountId} from "../types/AccountId.sol";
import {Head} from "../types/Head.sol";
import {VaultStorage} from "./VaultStorage.sol";

/// The book of one account: opened into memory, moved there, judged there, committed once. Storage keeps the state
/// before the action until then, so the gate compares before and after without keeping a list that a later step could
/// clear.
abstract contract Positions is VaultStorage, IPositions {
    /// An account in memory. Collaterals and debts other than the main ones are read when first needed.
    struct Position {
        AccountId account;
        Head head;
        address mainAsset; // zero until known
        uint256 loadedCollaterals; // bits
        uint256 loadedDebts; // bits
        uint256 changedCollaterals; // bits
        uint256 changedDebts; // bits
        // By id; empty until something is put there: most accounts have one collateral and one debt.
        uint256[] holdings; // words of other collaterals: asset above 96 bits of amount
        uint256[] shares; // other debts [debt shares]
        uint256[] indexes; // of pools accrued in this call, 0 when not
        // seen while reading: a price that is not fresh or has jumped, a haircut of 100 %, a pause; never lowered
        bool needsCare;
    }

    function _open(AccountId account) internal view returns (Position memory position) {
        position.account = account;
        position.head = heads[account];
    }

    /// writes what changed
    function _commit(Position memory position) internal {
        heads[position.account] = position.head;
        uint256 bits = position.changedCollaterals;
        for (uint256 id; bits != 0; ++id) {
            if (bits & 1 != 0) otherHoldings[position.account][id] = position.holdings[id];
            bits >>= 1;
        }
        bits = position.changedDebts;
        for (uint256 id; bits != 0; ++id) {
            if (bits & 1 != 0) otherDebts[position.account][id] = position.shares[id];
            bits >>= 1;
        }
    }

    /// amount of collateral `id`, 0 when none is held [assets]
    function _holding(Position memory position, uint256 id) internal view returns (uint256) {
        Head head = position.head;
        if (!_has(head.collateralBits(), id)) return 0;
        if (head.mainCollateralId() == id) return head.mainCollateral();
        return uint96(_holdingWord(position, id));
    }

    /// address of the held collateral `id`
    function _assetAt(Position memory position, uint256 id) internal view returns (address) {
        if (position.head.mainCollateralId() != id) return address(uint160(_holdingWord(position, id) >> 96));
        if (position.mainAsset == address(0)) position.mainAsset = assetOf[id];
        return position.mainAsset;
    }

    /// sets the amount of collateral `id`, opening or closing its slot; `assets` < 2^96 by the caps
    function _setHolding(Position memory position, uint256 id, address asset, uint256 assets) internal pure {
        Head head = position.head;
        uint256 bits = head.collateralBits();
        if (!_has(bits, id)) {
            bits |= 1 << id;
            uint256 count = _count(bits);
            require(count <= MAX_COLLATERALS, TooManyCollaterals(position.account, count, MAX_COLLATERALS));
            bool mainIsFree = head.mainCollateral() == 0;
            head = head.withCollateralBits(bits);
            if (mainIsFree) head = head.withMainCollateralId(id);
        }
        if (assets == 0) head = head.withCollateralBits(bits & ~(uint256(1) << id));
        if (head.mainCollateralId() == id) {
            position.mainAsset = asset;
            head = head.withMainCollateral(assets);
        } else {
            _keepHolding(position, id, assets == 0 ? 0 : (uint256(uint160(asset)) << 96) | assets);
            position.changedCollaterals |= 1 << id;
        }
        position.head = head;
    }

    /// debt to pool `id`, 0 when none is owed [debt shares]
    function _debt(Position memory position, uint256 id) internal view returns (uint256) {
        Head head = position.head;
        if (!_has(head.debtBits(), id)) return 0;
        if (head.mainDebtId() == id) return head.mainDebt();
        if (!_has(position.loadedDebts, id)) _keepShares(position, id, otherDebts[position.account][id]);
        return position.shares[id];
    }

    /// sets the debt to pool `id`, opening or closing its slot; `shares` < 2^72 by the pool's total
    function _setDebt(Position memory position, uint256 id, uint256 shares) internal pure {
        Head head = position.head;
        uint256 bits = head.debtBits();
        if (!_has(bits, id)) {
            bits |= 1 << id;
            uint256 count = _count(bits);
            require(count <= MAX_DEBTS, TooManyDebts(position.account, count, MAX_DEBTS));
            bool mainIsFree = head.mainDebt() == 0;
            head = head.withDebtBits(bits);
            if (mainIsFree) head = head.withMainDebtId(id);
        }
        if (shares == 0) head = head.withDebtBits(bits & ~(uint256(1) << id));
        if (head.mainDebtId() == id) {
            head = head.withMainDebt(shares);
        } else {
            _keepShares(position, id, shares);
            position.changedDebts |= 1 << id;
        }
        position.head = head;
    }

    function _holdingWord(Position memory position, uint256 id) private view returns (uint256) {
        if (!_has(position.loadedCollaterals, id)) _keepHolding(position, id, otherHoldings[position.account][id]);
        return position.holdings[id];
    }

    function _keepHolding(Position memory position, uint256 id, uint256 word) private pure {
        if (position.holdings.length == 0) position.holdings = new uint256[](MAX_ASSETS);
        position.holdings[id] = word;
        position.loadedCollaterals |= 1 << id;
    }

    function _keepShares(Position memory position, uint256 id, uint256 shares) private pure {
        if (position.shares.length == 0) position.shares = new uint256[](MAX_POOLS);
        position.shares[id] = shares;
        position.loadedDebts |= 1 << id;
    }

    /// index of a pool that was accrued in this call
    function _keepIndex(Position memory position, uint256 id, uint256 index) internal pure {
        if (position.indexes.length == 0) position.indexes = new uint256[](MAX_POOLS);
        position.indexes[id] = index;
    }

    /// 0 when the pool was not accrued in this call
    function _indexOf(Position memory position, uint256 id) internal pure returns (uint256) {
        return position.indexes.length == 0 ? 0 : position.indexes[id];
    }

    function _has(uint256 bits, uint256 id) internal pure returns (bool) {
        return (bits >> id) & 1 != 0;
    }

    /// number of bits that are set
    function _count(uint256 bits) internal pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) ++count;
    }
}
