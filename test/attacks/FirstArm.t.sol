// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {AssetStateLib} from "../../contracts/types/AssetState.sol";
import {Deployment} from "../support/Deployment.sol";
import {GateProbe} from "../support/GateProbe.sol";

/// Attacks on the first arm of the gate: an account in whatever state is judged line by line and on a snapshot; what
/// the lines let through the snapshot lets through, and nothing that needs no care is refused by the lines alone.
contract FirstArmAttackTest is Deployment {
    uint256 private constant KINDS = 10;

    GateProbe private probe;
    AccountId private account;
    uint256 private seed;
    uint256 private value; // Σ C at spot [value]
    uint256 private firstId; // of what is held
    uint256 private firstAssets;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        for (uint256 i; i < 3; ++i) _token(string.concat("T", vm.toString(i)), uint8(6 + 6 * i), 3e8, 0);
        bytes memory code = address(new GateProbe(address(manager))).code;
        vm.etch(address(vault), code);
        probe = GateProbe(address(vault));
    }

    /// RISK-14: the same answer in both ways, for one to five collaterals and two debts, calm or not
    function testFuzz_linesAndSnapshot_sayTheSame(uint256 start, uint256 actions) external {
        _judges(start, actions);
    }

    /// a control: each answer comes, with and without care
    function test_everyAnswerComes() external {
        uint256[6] memory found;
        for (uint256 i; i < 200; ++i) {
            uint256 state = vm.snapshotState();
            GateProbe.Verdict memory verdict = _judges(i, i % 2 == 0 ? 1 : i);
            vm.revertToState(state);
            if (verdict.plain) ++found[0];
            if (verdict.plain && verdict.needsCare) ++found[1];
            if (!verdict.plain && verdict.first && verdict.whole) ++found[2];
            if (!verdict.plain && !verdict.first && verdict.whole) ++found[3];
            if (!verdict.whole && !verdict.needsCare) ++found[4];
            if (!verdict.whole && verdict.needsCare) ++found[5];
        }
        assertGt(found[0], 20, "covered, as the lines say");
        assertGt(found[1], 0, "covered before what needs care is read");
        assertGt(found[2], 5, "covered, though something needs care");
        assertEq(found[3], 0, "what takes cannot be no worse");
        assertGt(found[4], 20, "not covered");
        assertGt(found[5], 20, "refused, where something needs care");
    }

    /// judges a state that the number says, with a withdrawal, a borrowing or both
    function _judges(uint256 start, uint256 actions) private returns (GateProbe.Verdict memory verdict) {
        seed = start;
        _holds(_next(4));
        _owes();
        if (_next(3) == 0) probe.setTier(alice, 1 + _next(100_00), 1 + _next(100_00), _next(40 days));
        bool takes = actions & 1 != 0;
        bool adds = actions & 2 != 0 || !takes;
        uint256 taken = takes ? 1 + _next(firstAssets / (1 + _next(100))) : 0;
        uint256 added = adds ? 1 + _next(10_000e6) : 0;
        verdict = probe.judge(account, firstId, taken, (actions >> 8) & 1, added);
        if (verdict.plain) {
            assertTrue(verdict.whole, "let through line by line, and not by the gate");
            assertTrue(verdict.first, "let through line by line, and not by the first arm");
        }
        if (verdict.plain && adds) assertFalse(verdict.needsCare, "a debt on what needs care");
        if (verdict.first && !verdict.needsCare) assertTrue(verdict.plain, "refused line by line without need");
        if (verdict.first && !verdict.needsCare) assertTrue(verdict.whole, "the gate is the first arm");
    }

    // ---- states ----

    function _holds(uint256 calm) private returns (uint256[] memory ids) {
        ids = new uint256[](1 + _next(5));
        // any five of the registry but the cash
        uint256[6] memory all = [uint256(2), 3, 4, 5, 6, 7];
        for (uint256 i; i < ids.length; ++i) {
            uint256 k = i + _next(6 - i);
            (all[i], all[k]) = (all[k], all[i]);
            ids[i] = all[i];
            _holdsOne(ids[i], i, calm);
        }
        uint256 chosen = _next(ids.length);
        firstId = ids[chosen];
        firstAssets = _assets[firstId];
    }

    mapping(uint256 id => uint256 assets) private _assets;

    function _holdsOne(uint256 id, uint256 place, uint256 calm) private {
        MockToken token = MockToken(tokens[id]);
        (, int256 spot, , , ) = feedOf[address(token)].latestRoundData();
        uint256 price = uint256(spot) * 10 ** (28 - token.decimals());
        uint256 worth = 1e18 * (1 + _next(100_000));
        GateProbe.Line memory line;
        line.id = id;
        line.assets = (worth * 1e18) / price + 1;
        _assets[id] = line.assets;
        value += (line.assets * price) / 1e18;
        line.otherAssets = _next(3) == 0 ? (line.assets * _next(100)) / 10 : 0;
        line.maintenancePpm = 1 + _next(400_000);
        line.initialPpm = line.maintenancePpm + _next(500_000);
        line.depthValue = _next(2) == 0 ? 1e9 * 1e18 : worth / 2 + _next(worth * 4);
        if (_next(3) == 0) line.slowAnswer = (uint256(spot) * (50 + _next(100))) / 100;
        // what needs care comes seldom, and late rather than early
        uint256 kind = calm < 2 || _next(place == 0 ? 6 : 3) != 0 ? KINDS : _next(KINDS);
        _disturbs(token, line, kind, uint256(spot));
        probe.setLine(account, line);
    }

    function _disturbs(MockToken token, GateProbe.Line memory line, uint256 kind, uint256 spot) private {
        if (kind == 0) feedOf[address(token)].push(int192(int256(spot)), uint64(block.timestamp - 2 hours));
        if (kind == 1) feedOf[address(token)].push(-1, uint64(block.timestamp));
        if (kind == 2) feedOf[address(token)].push(type(int192).max, uint64(block.timestamp));
        if (kind == 3) line.flags = AssetStateLib.SEIZURE_PAUSED;
        if (kind == 4) line.flags = AssetStateLib.WORTHLESS;
        if (kind == 5) (line.initialPpm, line.maintenancePpm) = (1e6, 1e6);
        if (kind == 6) line.initialPpm = 1e6;
        if (kind == 7) (line.answerBefore, line.answerAfter) = (spot / 2, spot);
        if (kind == 8) (line.answerBefore, line.answerAfter) = (spot * 2, spot);
        if (kind == 9) line.flags = AssetStateLib.DELISTED;
    }

    /// around what the collateral may carry
    function _owes() private {
        uint256 share = _next(2) == 0 ? 1 + _next(15) : 5 + _next(85);
        uint256 split = _next(3);
        uint256 owed = (value * share) / 100;
        if (split != 1) probe.setDebt(account, 0, 1 + (split == 0 ? owed : owed / 2) / 1e12);
        // shares of a cash of 18 decimals stand for a million units each
        if (split != 0) probe.setDebt(account, 1, 1 + (split == 1 ? owed : owed / 2) / 1e6);
        uint256 kind = _next(12);
        if (kind == 0) feedOf[address(usdc)].push(1e8, uint64(block.timestamp - 2 hours));
        if (kind == 1) probe.setJump(1, 0.9e8, 1e8);
        if (kind == 2) probe.setJump(0, 1.1e8, 1e8);
        if (kind == 3) probe.setSlow(1, 1.05e8);
    }

    function _next(uint256 below) private returns (uint256) {
        seed = uint256(keccak256(abi.encode(seed)));
        return below == 0 ? 0 : seed % below;
    }
}
