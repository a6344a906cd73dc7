// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountId} from "../../contracts/types/AccountId.sol";
import {AssetState, AssetStateLib} from "../../contracts/types/AssetState.sol";
import {CreditTier} from "../../contracts/types/CreditTier.sol";
import {JumpWindow} from "../../contracts/types/JumpWindow.sol";
import {PairRisk, PairRiskLib} from "../../contracts/types/PairRisk.sol";
import {Health, Snapshot} from "../../contracts/types/Snapshot.sol";
import {RiskEngine} from "../../contracts/vault/RiskEngine.sol";
import {OracleRouter} from "../../contracts/vault/OracleRouter.sol";
import {VaultStorage} from "../../contracts/vault/VaultStorage.sol";

/// Stands in the place of the vault, in its storage, and judges an account line by line and on a snapshot. Writes
/// states that take days to come to.
contract GateProbe is RiskEngine {
    /// What a judgement says.
    struct Verdict {
        bool plain; // line by line
        bool first; // the first arm over a snapshot in which nothing needs care
        bool whole; // all arms
        bool needsCare;
    }

    /// One collateral's state.
    struct Line {
        uint256 id;
        uint256 assets; // held [assets]
        uint256 otherAssets; // held by others
        uint256 flags;
        uint256 initialPpm;
        uint256 maintenancePpm;
        uint256 depthValue;
        uint256 slowAnswer; // 0 as it is
        uint256 answerBefore; // of a jump; 0 for none
        uint256 answerAfter;
    }

    error Judged(bool verdict, bool needsCare);

    constructor(address authority) VaultStorage(authority) OracleRouter(address(0), 0) {}

    function setLine(AccountId account, Line calldata line) external {
        address asset = assetOf[line.id];
        Position memory position = _open(account);
        if (line.assets != 0) _setHolding(position, line.id, asset, line.assets);
        _commit(position);
        AssetState state = assetStates[asset].withTotal(line.assets + line.otherAssets);
        assetStates[asset] = state.withConfig(type(uint96).max, line.id, AssetStateLib.LISTED | line.flags);
        for (uint256 pool; pool < poolCount; ++pool) {
            PairRisk pair = PairRiskLib.toPairRisk(
                line.initialPpm,
                line.maintenancePpm,
                line.initialPpm,
                line.maintenancePpm,
                block.timestamp,
                0
            );
            pairs[line.id][pool] = pair.withMarket(line.depthValue >> pool, 5_00);
        }
        if (line.slowAnswer != 0) feeds[line.id] = feeds[line.id].withSlowAnswer(line.slowAnswer);
        setJump(line.id, line.answerBefore, line.answerAfter);
    }

    function setJump(uint256 id, uint256 answerBefore, uint256 answerAfter) public {
        if (answerBefore == 0) return;
        feeds[id] = feeds[id].withMeasured().withJumped(true);
        jumps[id] = JumpWindow.wrap(0).opened(answerBefore, answerAfter, block.timestamp - 1);
    }

    function setSlow(uint256 id, uint256 answer) external {
        feeds[id] = feeds[id].withSlowAnswer(answer);
    }

    function setDebt(AccountId account, uint256 pool, uint256 shares) external {
        Position memory position = _open(account);
        _setDebt(position, pool, shares);
        _commit(position);
    }

    function setTier(address owner, uint256 surchargeBps, uint256 mostBps, uint256 passedFor) external {
        uint256 raisedAt = block.timestamp - passedFor;
        tiers[owner] = CreditTier.wrap(surchargeBps | (raisedAt << 16) | ((raisedAt + 30 days) << 56));
        termsOfTiers.mostBps = uint16(mostBps);
    }

    /// after so much of a collateral less and so many shares of debt more
    function judge(
        AccountId account,
        uint256 id,
        uint256 takenAssets,
        uint256 pool,
        uint256 addedShares
    ) external returns (Verdict memory verdict) {
        (verdict.plain, ) = _ask(this.judgePlainly, account, id, takenAssets, pool, addedShares);
        (verdict.whole, ) = _ask(this.judgeWholly, account, id, takenAssets, pool, addedShares);
        (verdict.first, verdict.needsCare) = _ask(this.judgeFirst, account, id, takenAssets, pool, addedShares);
    }

    /// each in a call that is undone, so that none leaves prices to the next
    function _ask(
        function(AccountId, uint256, uint256, uint256, uint256) external question,
        AccountId account,
        uint256 id,
        uint256 takenAssets,
        uint256 pool,
        uint256 addedShares
    ) private returns (bool, bool) {
        try question(account, id, takenAssets, pool, addedShares) {} catch (bytes memory answer) {
            if (bytes4(answer) != Judged.selector) return (false, true);
            assembly ("memory-safe") {
                answer := add(answer, 4)
            }
            bytes memory body = new bytes(64);
            assembly ("memory-safe") {
                mcopy(add(body, 0x20), add(answer, 0x20), 64)
            }
            return abi.decode(body, (bool, bool));
        }
        return (false, true);
    }

    function judgePlainly(AccountId account, uint256 id, uint256 taken, uint256 pool, uint256 added) external {
        Position memory position = _moved(account, id, taken, pool, added);
        bool covered = _isPlainlyCovered(position, added != 0);
        revert Judged(covered, position.needsCare);
    }

    function judgeWholly(AccountId account, uint256 id, uint256 taken, uint256 pool, uint256 added) external view {
        Position memory position = _moved(account, id, taken, pool, added);
        _gate(position, _snapshot(position), taken != 0, added != 0);
        revert Judged(true, position.needsCare);
    }

    function judgeFirst(AccountId account, uint256 id, uint256 taken, uint256 pool, uint256 added) external view {
        Position memory position = _moved(account, id, taken, pool, added);
        Snapshot memory snapshot = _snapshot(position);
        Health memory opening = _openingOf(position, snapshot, taken != 0);
        revert Judged(opening.coverInitial >= _requiredValue(account, opening), position.needsCare);
    }

    function _moved(
        AccountId account,
        uint256 id,
        uint256 taken,
        uint256 pool,
        uint256 added
    ) private view returns (Position memory position) {
        position = _open(account);
        if (taken != 0) _setHolding(position, id, assetOf[id], _holding(position, id) - taken);
        if (added != 0) _setDebt(position, pool, _debt(position, pool) + added);
    }
}
