// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IHaircutRefresh} from "../../contracts/interfaces/IHaircutRefresh.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Deployment} from "./Deployment.sol";
import {Vm} from "./Vm.sol";

/// Measured prices, where alice owes 150,000 USDC on 100 WETH at 1,800 USD: maintenance line 1,765, close-out 1,701,
/// half of the cushion used at 1,622, insolvent at 1,523. A jump of WETH and WBTC is 4.3 % in an hour (50 % a year),
/// one of USDC and DAI 0.9 % (10 % a year).
abstract contract JumpStage is Deployment {
    uint256 internal constant WINDOW_FOR = 30 minutes;
    uint256 internal constant REST_FOR = 6 hours;

    AccountId internal account;

    function setUp() public virtual override {
        super.setUp();
        account = accountOf(alice);
        _alicePledgesAndBorrows();
        _fundKeeper();
        moves(weth, 1_800e8);
        settles();
        settles();
        vault.startMeasure(address(weth), 0.25e18);
        vault.startMeasure(address(wbtc), 0.25e18);
        vault.startMeasure(address(usdc), 0.01e18);
        vault.startMeasure(address(dai), 0.01e18);
    }

    // ---- verbs ----

    /// a round a minute later
    function goes(MockToken token, int192 answer) internal returns (uint256 endsAt) {
        skip(1 minutes);
        moves(token, answer);
        return block.timestamp + WINDOW_FOR;
    }

    /// the same, and everybody saw it
    function goesSeen(MockToken token, int192 answer) internal returns (uint256 endsAt) {
        endsAt = goes(token, answer);
        vault.refresh(address(token), 100);
    }

    /// lets time pass in which all prices stand still, and are seen
    function rests(uint256 elapsedFor) internal {
        passes(elapsedFor);
        seesAll();
    }

    function seesAll() internal {
        MockToken[4] memory measured = [usdc, dai, weth, wbtc];
        for (uint256 i; i < measured.length; ++i) {
            (uint80 latest, , , , ) = feedOf[address(measured[i])].latestRoundData();
            if (vault.measureOf(address(measured[i])).round != latest) vault.refresh(address(measured[i]), 1_000);
        }
    }

    /// at 1,760 alice is called; when the deadline is over, WETH stands at 1,800 again and the call still runs
    function _aliceHasAnExpiredCall() internal returns (uint256 deadline) {
        goesSeen(weth, 1_760e8);
        deadline = vault.issueMarginCall(account);
        goesSeen(weth, 1_800e8);
        rests(deadline - block.timestamp + 1);
    }

    /// a call to the vault that may fail
    function _as(address actor, bytes memory data) internal returns (bool success, bytes memory answer) {
        vm.prank(actor);
        return address(vault).call(data);
    }

    // ---- what is expected ----

    /// dave cannot liquidate alice before that time, and the lens knows
    function waitsUntil(uint256 endsAt) internal {
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.waitsUntil, endsAt, "the lens tells");
        bool isCalled = found.row.status == IVaultLens.AccountStatus.CALLED;
        assertTrue(isCalled || found.row.status == IVaultLens.AccountStatus.CALLABLE, "not liquidatable");
        assertEq(_tryToLiquidate(), abi.encodeWithSelector(_waiting(), account, endsAt), "liquidation waits");
    }

    function _waiting() internal pure returns (bytes4) {
        return ILiquidationRun.JumpUnconfirmed.selector;
    }

    function _tryToLiquidate() internal returns (bytes memory reason) {
        bytes memory data = abi.encodeCall(
            vault.liquidate,
            (account, leg(weth, USDC, ALL), _liquidationsOf(account), block.timestamp, dave, "")
        );
        bool success;
        (success, reason) = _as(dave, data);
        if (success) return "";
    }

    function _tryToWriteOff() internal returns (bytes memory reason) {
        IVaultLens.AccountView memory found = vault.accountOf(account);
        uint256[] memory most = new uint256[](found.snapshot.debts.length);
        for (uint256 j; j < most.length; ++j) most[j] = ALL;
        uint256[] memory least = new uint256[](found.snapshot.collaterals.length);
        bytes memory data = abi.encodeCall(
            vault.writeOff,
            (account, found.row.liquidations, most, least, block.timestamp, dave, "")
        );
        bool success;
        (success, reason) = _as(dave, data);
        if (success) return "";
    }

    function doesNotWait() internal {
        IVaultLens.AccountView memory found = vault.accountOf(account);
        assertEq(found.waitsUntil, 0, "the lens tells");
        assertTrue(found.row.status == IVaultLens.AccountStatus.LIQUIDATABLE, "liquidatable");
        assertEq(_tryToLiquidate(), bytes(""), "liquidation goes through");
    }

    function assetOf(MockToken token) internal view returns (IVaultLens.AssetView memory found) {
        IVaultLens.AssetView[] memory rows = vault.assets();
        for (uint256 i; i < rows.length; ++i) if (rows[i].asset == address(token)) found = rows[i];
        assertEq(found.asset, address(token), "listed");
    }

    /// [USD wad per token of 18 decimals]
    function usd(uint256 answer) internal pure returns (uint256) {
        return answer * 1e10;
    }

    function isOpen(MockToken token, uint256 answerBefore, uint256 endsAt) internal view {
        IVaultLens.AssetView memory found = assetOf(token);
        assertEq(found.jumpEndsAt, endsAt, "window ends");
        uint256 scale = found.price / _latestAnswer(token);
        assertApproxEqAbs(found.priceBeforeJump, answerBefore * scale, 1, "price before");
    }

    function isClosed(MockToken token) internal view {
        IVaultLens.AssetView memory found = assetOf(token);
        assertEq(found.jumpEndsAt + found.priceBeforeJump, 0, "no window");
    }

    function _latestAnswer(MockToken token) internal view returns (uint256) {
        (, int256 answer, , , ) = feedOf[address(token)].latestRoundData();
        return uint256(answer);
    }

    function _latestRound(MockToken token) internal view returns (uint256 round) {
        (round, , , , ) = feedOf[address(token)].latestRoundData();
    }

    // ---- events ----

    /// what refreshes told of jumps since `vm.recordLogs`, in their order
    function _toldOfJumps() internal returns (bytes32 digest, uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            bool isOne =
                topic == IHaircutRefresh.PriceJumped.selector || topic == IHaircutRefresh.JumpConfirmed.selector;
            if (!isOne) continue;
            digest = keccak256(abi.encode(digest, logs[i].topics, logs[i].data));
            ++count;
        }
    }

    /// the slow average, as it counts at openings
    function slowOf(MockToken token) internal view returns (uint256) {
        return assetOf(token).slowPrice;
    }

    function updatesSlow() internal {
        uint256[] memory ids = new uint256[](5);
        for (uint256 i; i < ids.length; ++i) ids[i] = i;
        vault.updateSlowAverages(ids);
    }
}
