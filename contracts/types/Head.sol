// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// First word of an account, packed so that an account with one collateral and one debt lives in one slot:
/// main collateral 96 [assets] | main debt 72 [shares] | collateral bits 24 | debt bits 8 | main collateral id 5 |
/// main debt id 3 | call state 2 | episode target 12 [bps above 1] | liquidations 12 | version 22.
type Head is uint256;

using HeadLib for Head global;

/// Reads and writes the fields of a `Head`. Writers return the changed word.
/// Widths are kept by the callers: amounts come from SafeCast, ids and states from bounded registries; the two
/// counters wrap on purpose.
library HeadLib {
    uint256 private constant MAIN_DEBT_AT = 96;
    uint256 private constant COLLATERAL_BITS_AT = 168;
    uint256 private constant DEBT_BITS_AT = 192;
    uint256 private constant MAIN_COLLATERAL_ID_AT = 200;
    uint256 private constant MAIN_DEBT_ID_AT = 205;
    uint256 private constant CALL_STATE_AT = 208;
    uint256 private constant TARGET_AT = 210;
    uint256 private constant LIQUIDATIONS_AT = 222;
    uint256 private constant VERSION_AT = 234;

    /// Amount of the main collateral [assets].
    function mainCollateral(Head head) internal pure returns (uint256) {
        return _get(head, 0, 96);
    }

    function withMainCollateral(Head head, uint256 assets) internal pure returns (Head) {
        return _set(head, 0, 96, assets);
    }

    /// Main debt [debt shares].
    function mainDebt(Head head) internal pure returns (uint256) {
        return _get(head, MAIN_DEBT_AT, 72);
    }

    function withMainDebt(Head head, uint256 shares) internal pure returns (Head) {
        return _set(head, MAIN_DEBT_AT, 72, shares);
    }

    /// Bit i is set when the account holds asset i as collateral.
    function collateralBits(Head head) internal pure returns (uint256) {
        return _get(head, COLLATERAL_BITS_AT, 24);
    }

    function withCollateralBits(Head head, uint256 bits) internal pure returns (Head) {
        return _set(head, COLLATERAL_BITS_AT, 24, bits);
    }

    /// Bit j is set when the account owes pool j.
    function debtBits(Head head) internal pure returns (uint256) {
        return _get(head, DEBT_BITS_AT, 8);
    }

    function withDebtBits(Head head, uint256 bits) internal pure returns (Head) {
        return _set(head, DEBT_BITS_AT, 8, bits);
    }

    function mainCollateralId(Head head) internal pure returns (uint256) {
        return _get(head, MAIN_COLLATERAL_ID_AT, 5);
    }

    function withMainCollateralId(Head head, uint256 id) internal pure returns (Head) {
        return _set(head, MAIN_COLLATERAL_ID_AT, 5, id);
    }

    function mainDebtId(Head head) internal pure returns (uint256) {
        return _get(head, MAIN_DEBT_ID_AT, 3);
    }

    function withMainDebtId(Head head, uint256 id) internal pure returns (Head) {
        return _set(head, MAIN_DEBT_ID_AT, 3, id);
    }

    /// Stored state of the margin call: 0 healthy, 1 called, 2 paused.
    function callState(Head head) internal pure returns (uint256) {
        return _get(head, CALL_STATE_AT, 2);
    }

    function withCallState(Head head, uint256 state) internal pure returns (Head) {
        return _set(head, CALL_STATE_AT, 2, state);
    }

    /// Target coverage of the running liquidation episode, above one [bps]; 0 when none runs.
    function episodeTargetBps(Head head) internal pure returns (uint256) {
        return _get(head, TARGET_AT, 12);
    }

    function withEpisodeTargetBps(Head head, uint256 targetBps) internal pure returns (Head) {
        return _set(head, TARGET_AT, 12, targetBps);
    }

    /// How often the account was liquidated, modulo 4,096.
    function liquidations(Head head) internal pure returns (uint256) {
        return _get(head, LIQUIDATIONS_AT, 12);
    }

    function withNextLiquidation(Head head) internal pure returns (Head) {
        return _set(head, LIQUIDATIONS_AT, 12, (liquidations(head) + 1) & 0xfff);
    }

    /// Raised by every event of the account, modulo 4,194,304: a follower that sees a gap has missed an event.
    function version(Head head) internal pure returns (uint256) {
        return _get(head, VERSION_AT, 22);
    }

    function withNextVersion(Head head) internal pure returns (Head) {
        unchecked {
            // safe: the version is the highest field, so its carry leaves the word
            return Head.wrap(Head.unwrap(head) + (1 << VERSION_AT));
        }
    }

    function _get(Head head, uint256 offset, uint256 width) private pure returns (uint256) {
        return (Head.unwrap(head) >> offset) & ((1 << width) - 1);
    }

    function _set(Head head, uint256 offset, uint256 width, uint256 value) private pure returns (Head) {
        uint256 mask = ((1 << width) - 1) << offset;
        return Head.wrap((Head.unwrap(head) & ~mask) | (value << offset));
    }
}
